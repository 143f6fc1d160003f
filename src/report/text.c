#include "report/text.h"

#include <errno.h>
#include <stdlib.h>

#include "fact/chain.h"
#include "report/summary.h"
#include "report/terminal.h"
#include "report/words.h"

enum {
    WIDTH_DEFAULT = 80, WIDTH_MIN = 50, WIDTH_MAX = 100, /* longer lines are hard to read */
    HEIGHT_DEFAULT = 24, HEIGHT_MIN = 16,
    HEADING_COLUMNS = 17,
    PATHS_COLUMNS = 8,
    LINES_PER_SENTENCE_MAX = 3,
    SAFE_MAX = 1 << 16,
};

enum ink { INK_PLAIN, INK_STRONG, INK_BAD, INK_UNSURE, INK_FAINT };

struct screen {
    FILE *out;
    bool colour;
    size_t width, height;
    size_t sentence_lines_max;
    size_t shown[SUMMARY_PART_COUNT]; /* sentences of each part */
};

static void ink(const struct screen *s, enum ink ink)
{
    static const char *const codes[] = { "\033[0m", "\033[1m", "\033[1;31m", "\033[1;33m", "\033[2m" };

    if (s->colour)
        fputs(codes[ink], s->out);
}

/* The bytes of the first character of a text that is safe already, and its columns: a
 * backslash there is what it is. */
static size_t shown_character(struct text safe, unsigned *accents, size_t *columns)
{
    struct terminal_piece piece;

    terminal_next(safe, accents, &piece);
    *columns = safe.at[0] == '\\' ? 1 : piece.columns;
    return piece.taken;
}

static size_t shown_columns(struct text safe)
{
    unsigned accents = 0;
    size_t sum = 0, columns;

    while (safe.len > 0) {
        const size_t n = shown_character(safe, &accents, &columns);
        sum += columns;
        safe.at += n;
        safe.len -= n;
    }
    return sum;
}

/* The longest beginning of a safe text that takes at most `columns_max` columns. */
static struct text shown_cut(struct text safe, size_t columns_max)
{
    unsigned accents = 0;
    size_t sum = 0, columns, len = 0;

    while (len < safe.len) {
        const size_t n = shown_character((struct text){ safe.at + len, safe.len - len }, &accents, &columns);
        if (sum + columns > columns_max)
            break;
        sum += columns;
        len += n;
    }
    return (struct text){ safe.at, len };
}

/* Breaks a safe text at blanks into lines of at most `width` columns, the last of which
 * takes what is left.  With `out` NULL only counts.  Gives the number of lines. */
static size_t wrap(FILE *out, struct text safe, size_t width, size_t indent, size_t lines_max)
{
    size_t lines = 1, column = 0;

    while (safe.len > 0) {
        const char *blank = memchr(safe.at, ' ', safe.len);
        struct text word = { safe.at, blank ? (size_t)(blank - safe.at) : safe.len };
        const size_t columns = shown_columns(word);
        if (column > 0 && column + 1 + columns > width && lines < lines_max) {
            lines++;
            column = 0;
            if (out)
                fprintf(out, "\n%*s", (int)indent, "");
        } else if (column > 0) {
            column++;
            if (out)
                putc(' ', out);
        }
        if (out)
            fwrite(word.at, 1, word.len, out);
        column += columns;
        safe.at += word.len + (blank != NULL);
        safe.len -= word.len + (blank != NULL);
    }
    return lines;
}

/* A word longer than a line cannot be broken at blanks: it is cut first. */
static void add_words_cut(struct buffer *into, struct text t, size_t width)
{
    const size_t dots = 3;

    while (t.len > 0) {
        const char *blank = memchr(t.at, ' ', t.len);
        const struct text word = { t.at, blank ? (size_t)(blank - t.at) : t.len };
        terminal_safe(into, word, width - dots); /* where the whole is cut, dots come behind it */
        if (blank)
            (void)buffer_add_u8(into, ' ');
        t.at += word.len + (blank != NULL);
        t.len -= word.len + (blank != NULL);
    }
}

/* Writes (or with out NULL counts) a text as safe lines; cut with "..." at `lines_max`. */
static size_t put_wrapped(FILE *out, struct text t, size_t width, size_t indent, size_t lines_max)
{
    struct buffer safe, cut;
    struct text shown;

    buffer_init(&safe, SAFE_MAX);
    buffer_init(&cut, SAFE_MAX);
    add_words_cut(&safe, t, width);
    shown = buffer_text(&safe);
    if (wrap(NULL, shown, width, 0, SIZE_MAX) > lines_max) {
        /* Half a word per line may be lost at the line ends. */
        size_t columns = width * lines_max;
        do {
            buffer_clear(&cut);
            (void)buffer_add_text(&cut, shown_cut(shown, columns > 3 ? columns - 3 : 0));
            (void)buffer_add_text(&cut, TEXT("..."));
            columns -= columns > 4 ? 4 : columns;
        } while (columns > 0 && wrap(NULL, buffer_text(&cut), width, 0, SIZE_MAX) > lines_max);
        shown = buffer_text(&cut);
    }
    const size_t lines = wrap(out, shown, width, indent, lines_max);
    buffer_done(&safe);
    buffer_done(&cut);
    return lines;
}

static size_t body_columns(const struct screen *s)
{
    return s->width - HEADING_COLUMNS - 2; /* "- " */
}

static size_t sentence_lines(const struct screen *s, struct text sentence)
{
    return put_wrapped(NULL, sentence, body_columns(s), 0, s->sentence_lines_max);
}

static size_t part_lines(const struct screen *s, const struct summary_list *part, size_t shown)
{
    size_t lines = 0;

    for (size_t i = 0; i < shown; i++)
        lines += sentence_lines(s, part->items[i]);
    return lines;
}

static size_t hidden(const struct screen *s, const struct summary *summary)
{
    size_t count = 0;

    for (int i = 0; i < SUMMARY_PART_COUNT; i++)
        count += summary->parts[i].count - s->shown[i];
    return count;
}

static size_t all_lines(const struct screen *s, const struct summary *summary)
{
    size_t lines = hidden(s, summary) > 0; /* the line that counts them */

    for (int i = 0; i < SUMMARY_PART_COUNT; i++)
        lines += part_lines(s, &summary->parts[i], s->shown[i]);
    return lines;
}

/* How many sentences of each part have room: one of each, then one more of each in turn. */
static void choose(struct screen *s, const struct summary *summary, size_t room)
{
    for (s->sentence_lines_max = LINES_PER_SENTENCE_MAX; ; s->sentence_lines_max--) {
        for (int i = 0; i < SUMMARY_PART_COUNT; i++)
            s->shown[i] = summary->parts[i].count > 0;
        if (all_lines(s, summary) <= room || s->sentence_lines_max == 1)
            break;
        s->shown[SUMMARY_KEPT] = 0;
        if (all_lines(s, summary) <= room)
            break;
    }
    for (bool more = true; more; ) {
        more = false;
        for (int i = 0; i < SUMMARY_PART_COUNT; i++) {
            if (s->shown[i] == summary->parts[i].count || (i == SUMMARY_KEPT && s->shown[i] == 0))
                continue;
            s->shown[i]++;
            if (all_lines(s, summary) <= room)
                more = true;
            else
                s->shown[i]--;
        }
    }
}

/* A word of ours in a column of its own: padded by what it takes on the screen, not by bytes. */
static void put_name(const struct screen *s, FILE *out, struct text name, size_t columns)
{
    const size_t taken = shown_columns(name);

    ink(s, INK_STRONG);
    fwrite(name.at, 1, name.len, out);
    ink(s, INK_PLAIN);
    fprintf(out, "%*s", (int)(taken < columns ? columns - taken : 1), "");
}

static void put_part(const struct screen *s, enum summary_part which, const struct summary_list *part)
{
    const struct text heading = summary_heading(which);
    const size_t shown = s->shown[which];

    for (size_t i = 0; i < shown; i++) {
        put_name(s, s->out, i == 0 ? heading : TEXT(""), HEADING_COLUMNS);
        fputs("- ", s->out);
        put_wrapped(s->out, part->items[i], body_columns(s), HEADING_COLUMNS + 2, s->sentence_lines_max);
        putc('\n', s->out);
    }
}

static void put_hidden(const struct screen *s, struct arena *arena, const struct summary *summary)
{
    const size_t count = hidden(s, summary);

    if (count == 0)
        return;
    const struct text rest = WORDS_SAY(arena, TEXT_MORE_IN_REPORT, words_count(arena, (int64_t)count));
    ink(s, INK_FAINT);
    fprintf(s->out, "%*s", HEADING_COLUMNS + 2, "");
    put_wrapped(s->out, rest, body_columns(s), 0, 1);
    putc('\n', s->out);
    ink(s, INK_PLAIN);
}

/* Title, verdict and counts; with out NULL only counts lines. */
static size_t put_head(const struct screen *s, const struct summary *summary, FILE *out)
{
    static const enum ink tones[] = { [SUMMARY_BAD] = INK_BAD, [SUMMARY_UNSURE] = INK_UNSURE,
                                      [SUMMARY_NONE_FOUND] = INK_STRONG };
    size_t lines = 1;

    if (out)
        ink(s, tones[summary->tone]);
    lines += put_wrapped(out, summary->headline, s->width, 0, 2);
    if (out) {
        ink(s, INK_PLAIN);
        putc('\n', out);
    }
    if (text_known(summary->counts)) {
        lines += put_wrapped(out, summary->counts, s->width, 0, 2);
        if (out)
            putc('\n', out);
    }
    if (text_known(summary->label)) {
        lines += 1;
        if (out) {
            put_wrapped(out, summary->label, s->width, 0, 1);
            putc('\n', out);
        }
    }
    if (out)
        putc('\n', out);
    return lines;
}

/* The head is long: its beginning tells cases apart. */
static struct text head_shown(struct fact_case *c, struct arena *arena)
{
    enum { HEAD_SHOWN = 16 };
    const struct text head = chain_head(case_db(c), arena);

    return text_known(head) ? WORDS_SAY(arena, TEXT_CHAIN_HEAD, (struct text){ head.at, HEAD_SHOWN }) : TEXT_UNKNOWN;
}

static size_t put_paths(const struct screen *s, const struct text_style *style, struct fact_case *c,
                        struct arena *arena, FILE *out)
{
    const struct { enum words_key name; struct text path; } paths[] = {
        { WORDS_TEXT_REPORT, style->report_path }, { WORDS_TEXT_CASE, style->case_path },
        { WORDS_TEXT_JSON, style->json_path }, { WORDS_TEXT_OPERATOR, case_get(c, "operator", arena) },
        { WORDS_TEXT_CHAIN, head_shown(c, arena) },
    };
    size_t lines = 0;

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!text_known(paths[i].path))
            continue;
        if (out) {
            const struct text name = words_plain(paths[i].name);
            if (lines == 0)
                putc('\n', out);
            put_name(s, out, name, PATHS_COLUMNS);
            put_wrapped(out, paths[i].path, s->width - PATHS_COLUMNS, PATHS_COLUMNS, 1);
            putc('\n', out);
        }
        lines++;
    }
    return lines ? lines + 1 : 0;
}

static size_t clamp(int value, int when_zero, size_t min, size_t max)
{
    const size_t v = value > 0 ? (size_t)value : (size_t)when_zero;

    return v < min ? min : v > max ? max : v;
}

int report_text_write(struct fact_case *c, FILE *out, const struct text_style *style)
{
    struct arena *arena = arena_new(0);
    struct summary summary;
    int error = summary_read(c, arena, &summary);

    if (!error)
        error = report_text_write_summary(c, &summary, out, style);
    arena_free(arena);
    return error;
}

int report_text_write_summary(struct fact_case *c, const struct summary *summary, FILE *out,
                              const struct text_style *style)
{
    struct arena *arena = arena_new(0);
    struct screen s = {
        .out = out, .colour = style->colour,
        .width = clamp(style->width, WIDTH_DEFAULT, WIDTH_MIN, WIDTH_MAX),
        .height = clamp(style->height, HEIGHT_DEFAULT, HEIGHT_MIN, 1000) - 1,
    };
    const size_t fixed = put_head(&s, summary, NULL) + put_paths(&s, style, c, arena, NULL);

    choose(&s, summary, s.height > fixed ? s.height - fixed : 0);
    put_head(&s, summary, out);
    for (int i = 0; i < SUMMARY_PART_COUNT; i++)
        put_part(&s, (enum summary_part)i, &summary->parts[i]);
    put_hidden(&s, arena, summary);
    put_paths(&s, style, c, arena, out);
    arena_free(arena);
    errno = EIO;
    return ferror(out) || fflush(out) ? -errno : 0;
}
