#include <errno.h>

#include "base/buffer.h"
#include "report/diff_forms.h"
#include "report/diff_list.h"
#include "report/terminal.h"
#include "report/words.h"

enum { WIDTH_DEFAULT = 100, WIDTH_MIN = 60, WIDTH_MAX = 160, SAFE_MAX = 1 << 20 };
enum { NUMBER_COLUMNS = 13, KEY_COLUMNS_MIN = 26, CELL_COLUMNS_MIN = 18, CELL_COLUMNS_GOOD = 34 };

enum ink { INK_PLAIN, INK_STRONG, INK_BAD, INK_UNSURE, INK_FAINT };

struct screen {
    FILE *out;
    bool colour;
    size_t width;
    struct diff *d;
    const struct diff_list *list;
    const struct diff_counts *counts;
    struct arena *arena;          /* of one line */
};

static void ink(const struct screen *s, enum ink ink)
{
    static const char *const codes[] = { "\033[0m", "\033[1m", "\033[1;31m", "\033[1;33m", "\033[2m" };

    if (s->colour)
        fputs(codes[ink], s->out);
}

static void blanks(const struct screen *s, size_t n)
{
    fprintf(s->out, "%*s", (int)n, "");
}

/* Writes a text, made safe; gives the columns it took. */
static size_t put(const struct screen *s, struct text t)
{
    struct buffer safe;

    buffer_init(&safe, SAFE_MAX);
    const size_t columns = terminal_safe(&safe, t, SIZE_MAX);
    fwrite(safe.at ? safe.at : (const uint8_t *)"", 1, safe.len, s->out);
    buffer_done(&safe);
    return columns;
}

/* The same, filled up with blanks; what is longer is followed by one blank. */
static void put_padded(const struct screen *s, struct text t, size_t columns)
{
    const size_t used = put(s, t);

    blanks(s, used < columns ? columns - used : 1);
}

static void put_right(const struct screen *s, struct text t, size_t columns)
{
    const size_t used = terminal_columns(t);

    blanks(s, used < columns ? columns - used : 1);
    (void)put(s, t);
}

static void put_line(const struct screen *s, enum ink colour, struct text t)
{
    ink(s, colour);
    (void)put(s, t);
    ink(s, INK_PLAIN);
    putc('\n', s->out);
}

/* Cells get what they need for two sizes where the keys leave room for it. */
static size_t cell_columns(const struct screen *s)
{
    const size_t left = s->width > 4 + KEY_COLUMNS_MIN ? s->width - 4 - KEY_COLUMNS_MIN : 0;
    const size_t share = left / s->d->case_count;

    return share < CELL_COLUMNS_MIN ? CELL_COLUMNS_MIN : share > CELL_COLUMNS_GOOD ? CELL_COLUMNS_GOOD : share;
}

static size_t key_columns(const struct screen *s)
{
    const size_t cells = 4 + s->d->case_count * cell_columns(s);

    return s->width > cells + KEY_COLUMNS_MIN ? s->width - cells : KEY_COLUMNS_MIN;
}

/* One cell for each case below its name where all fit, else one line for each case. */
static void put_cells(const struct screen *s, struct text key, const struct text *cells, size_t count)
{
    const size_t key_room = key_columns(s), cell_room = cell_columns(s);
    bool fits = 4 + key_room + count * cell_room <= s->width;

    for (size_t i = 0; i < count; i++)
        fits = fits && terminal_columns(cells[i]) < cell_room;
    const size_t used = put(s, key);
    if (fits && used < key_room)
        blanks(s, key_room - used);
    if (!fits || used >= key_room)
        putc('\n', s->out);
    if (fits && used >= key_room)
        blanks(s, 4 + key_room);
    for (size_t i = 0; fits && i + 1 < count; i++)
        put_padded(s, cells[i], cell_room);
    if (fits) {
        (void)put(s, cells[count - 1]);
        putc('\n', s->out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        blanks(s, 6);
        (void)put(s, s->d->cases[i].name);
        fputs(": ", s->out);
        (void)put(s, cells[i]);
        putc('\n', s->out);
    }
}

/* The brief columns in one cell: "violations", "1.2 MB out, 40 kB in". */
static struct text brief(const struct screen *s, const struct diff_item *item, size_t nth)
{
    struct text parts[DIFF_COLUMNS_MAX];
    size_t used = 0;

    if (!item->values[nth])
        return diff_cell_unseen(s->counts, nth);
    for (size_t i = 0; s->list->columns[i].name; i++) {
        const struct diff_column *c = &s->list->columns[i];
        const struct diff_value *v = &item->values[nth][i];
        if (!c->brief || (!text_known(v->text) && !fact_known_int(v->number)))
            continue;
        const struct text value = diff_value_text(s->arena, s->list, i, v);
        const struct text label = diff_label(s->arena, c->name);
        parts[used++] = c->type == DIFF_TEXT ? value
                        : c->unit ? arena_printf(s->arena, "%.*s %s", (int)value.len, value.at, c->unit)
                        : arena_printf(s->arena, "%.*s: %.*s", (int)label.len, label.at, (int)value.len, value.at);
    }
    return used ? words_join(s->arena, parts, used, ", ") : TEXT("seen");
}

/* What changed and is not in the cells: "owner: A -> B". */
static void put_changes(const struct screen *s, const struct diff_item *item)
{
    for (size_t i = 0; s->list->columns[i].name; i++) {
        const struct diff_column *c = &s->list->columns[i];
        if (!(item->changed & 1u << i) || c->brief || c->told_only)
            continue;
        blanks(s, 6);
        (void)put(s, diff_label(s->arena, c->name));
        fputs(": ", s->out);
        for (size_t k = 0; k < s->d->case_count; k++) {
            if (k > 0)
                fputs(" -> ", s->out);
            (void)put(s, item->values[k] ? diff_value_text(s->arena, s->list, i, &item->values[k][i])
                                         : diff_cell_unseen(s->counts, k));
        }
        putc('\n', s->out);
    }
}

static int put_item(void *user, const struct diff_item *item)
{
    static const struct { char mark; enum ink ink; } marks[] = {
        [DIFF_SAME] = { ' ', INK_PLAIN }, [DIFF_NEW] = { '+', INK_UNSURE }, [DIFF_NOT_SEEN] = { '-', INK_FAINT },
        [DIFF_CHANGED] = { '~', INK_STRONG },
    };
    struct screen *s = user;
    struct text cells[DIFF_CASES_MAX];

    if (item->change == DIFF_SAME)
        return 0;
    arena_reset(s->arena);
    for (size_t k = 0; k < s->d->case_count; k++)
        cells[k] = brief(s, item, k);
    ink(s, marks[item->change].ink);
    fprintf(s->out, "  %c ", marks[item->change].mark);
    put_cells(s, diff_key_text(s->arena, s->list, item), cells, s->d->case_count);
    ink(s, INK_PLAIN);
    put_changes(s, item);
    return 0;
}

/* A device: one line for each case, numbers below each other. */
static int put_matrix_item(void *user, const struct diff_item *item)
{
    struct screen *s = user;

    arena_reset(s->arena);
    fputs("  ", s->out);
    struct text key = diff_key_text(s->arena, s->list, item);
    for (size_t k = 0; k < s->d->case_count; k++)
        if (item->values[k] && text_known(item->values[k][0].text)) {
            const struct text name = item->values[k][0].text;
            key = arena_printf(s->arena, "%.*s (%.*s)", (int)key.len, key.at, (int)name.len, name.at);
            break;
        }
    put_line(s, INK_STRONG, key);
    for (size_t k = 0; k < s->d->case_count; k++) {
        fputs("    ", s->out);
        put_padded(s, s->d->cases[k].name, KEY_COLUMNS_MIN - 4);
        if (!item->values[k])
            put_right(s, diff_cell_unseen(s->counts, k), NUMBER_COLUMNS);
        for (size_t i = 0; item->values[k] && s->list->columns[i].name; i++)
            if (s->list->columns[i].brief)
                put_right(s, diff_value_text(s->arena, s->list, i, &item->values[k][i]), NUMBER_COLUMNS);
        putc('\n', s->out);
    }
    return 0;
}

static void put_list_head(struct screen *s)
{
    const struct diff_list *list = s->list;

    arena_reset(s->arena);
    putc('\n', s->out);
    ink(s, INK_STRONG);
    if (list->matrix) {
        put_padded(s, text_of(list->heading), KEY_COLUMNS_MIN);
        if (terminal_columns(text_of(list->heading)) >= KEY_COLUMNS_MIN) {
            putc('\n', s->out);
            blanks(s, KEY_COLUMNS_MIN);
        }
        for (size_t i = 0; list->columns[i].name; i++)
            if (list->columns[i].brief)
                put_right(s,
                          list->columns[i].unit ? text_of(list->columns[i].unit)
                                                : diff_label(s->arena, list->columns[i].name),
                          NUMBER_COLUMNS);
    } else {
        (void)put(s, text_of(list->heading));
    }
    ink(s, INK_PLAIN);
    if (!list->matrix) {
        fputs(": ", s->out);
        (void)put(s, diff_counts_text(s->arena, s->counts));
    }
    putc('\n', s->out);
    const struct text_list apart = diff_not_compared(s->arena, s->d, list, s->counts);
    for (size_t i = 0; i < apart.count; i++) {
        fputs("    ", s->out);
        put_line(s, INK_UNSURE, apart.items[i]);
    }
}

static int put_list(struct screen *s, const struct diff_list *list)
{
    s->list = list;
    s->counts = diff_counts_of(s->d, list);
    if (s->counts->compared_count == 0)
        return 0; /* nobody has anything to say about it */
    put_list_head(s);
    return diff_walk(s->d, list, list->matrix ? put_matrix_item : put_item, s);
}

static struct text say_coverage(const struct screen *s, const struct diff_case *k, int row)
{
    const struct diff_coverage *v = &k->coverage;
    struct arena *a = s->arena;

    switch (row) {
    case 0: return text_known(k->verdict) ? k->verdict : TEXT("not judged");
    case 1: return WORDS_SAY(a, COVERAGE_PART, words_count(a, v->evidence_read), words_count(a, v->evidence_total));
    case 2: return v->captures > 0 ? words_duration(a, v->capture_time_s) : TEXT("none");
    case 3: return v->flight_time_s > 0 ? WORDS_SAY(a, COVERAGE_PART, words_duration(a, v->flight_time_covered_s),
                                                    words_duration(a, v->flight_time_s)) : TEXT("no flight");
    case 4: return v->captures > 0 ? words_bytes(a, v->payload_out) : TEXT("no evidence");
    case 5: return v->payload_out > 0 ? words_percent(a, (double)v->readable_out, (double)v->payload_out)
                                      : TEXT("no evidence");
    default: return k->apps.count ? words_join(a, k->apps.items, k->apps.count, ", ") : TEXT("none named");
    }
}

static void put_coverage(struct screen *s)
{
    static const char *const rows[] = { "verdict", "evidence read", "captured", "flight time captured", "content sent",
                                        "of it readable", "apps" };
    struct text cells[DIFF_CASES_MAX];

    putc('\n', s->out);
    put_line(s, INK_STRONG, TEXT("What each case rests on"));
    for (size_t k = 0; k < s->d->case_count; k++)
        cells[k] = s->d->cases[k].name;
    fputs("    ", s->out);
    put_cells(s, TEXT(""), cells, s->d->case_count);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_reset(s->arena);
        for (size_t k = 0; k < s->d->case_count; k++)
            cells[k] = say_coverage(s, &s->d->cases[k], (int)i);
        fputs("    ", s->out);
        put_cells(s, text_of(rows[i]), cells, s->d->case_count);
    }
    for (size_t i = 0; i < s->d->notes.count; i++) {
        fputs("  - ", s->out);
        put_line(s, INK_UNSURE, s->d->notes.items[i]);
    }
}

int diff_text_write(struct diff *d, FILE *out, bool colour, int width)
{
    struct screen s = { .out = out, .colour = colour, .d = d, .arena = arena_new(0), .width = WIDTH_DEFAULT };
    int error = 0;

    if (width > 0)
        s.width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : (size_t)width;

    put_line(&s, d->differs ? INK_UNSURE : INK_STRONG,
             d->differs ? TEXT("The cases differ.") : TEXT("No difference was found in what these cases hold."));
    put_coverage(&s);
    for (size_t i = 0; i < diff_list_count && !error; i++)
        error = put_list(&s, &diff_lists[i]);
    if (!error && d->differs) {
        arena_reset(s.arena);
        const struct text first = d->cases[0].name;
        putc('\n', out);
        put_line(&s, INK_FAINT,
                 arena_printf(s.arena,
                              "+ not seen in \"%.*s\"   - seen there, not in all others   ~ seen, and not the same",
                              (int)first.len, first.at));
        put_line(&s, INK_FAINT, TEXT("What was not seen in a case may still have happened where nobody looked."));
    }
    arena_free(s.arena);
    if (error)
        return error;
    errno = EIO;
    return ferror(out) || fflush(out) ? -errno : 0;
}
