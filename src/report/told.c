#include "report/told.h"

#include <string.h>

#include "base/buffer.h"
#include "report/words.h"

enum {
    HOLES_MAX = 10,
    DEPTH_MAX = 6,          /* sentences that follow another, the sentence of a rule in that of another, a phrase, a word */
    SENTENCE_MAX = 16384,
    PIECES_MAX = 64,
};

struct told_row {
    const char *english, *spanish;
    bool counted; /* {0} is a number */
};

static const struct told_row rows[] = {
#define T(english, spanish) { english, spanish, false },
#define N(english, spanish) { english, spanish, true },
#define FOLLOWS(english, spanish)
#include "report/told_table.h"
#undef FOLLOWS
#undef N
#undef T
};

/* Sentences that stand behind another: taken off first, whatever the other one is. */
static const struct told_row following[] = {
#define T(english, spanish)
#define N(english, spanish)
#define FOLLOWS(english, spanish) { english, spanish, false },
#include "report/told_table.h"
#undef FOLLOWS
#undef N
#undef T
};
enum { ROW_COUNT = sizeof rows / sizeof *rows, FOLLOWING_COUNT = sizeof following / sizeof *following };

static bool begins(struct text t, struct text with)
{
    return t.len >= with.len && memcmp(t.at, with.at, with.len) == 0;
}

/* Does the sentence have the form of `pattern`?  Holes take as little as they can, the last one all
 * that is left, and none takes nothing. */
static bool matches(const char *pattern, struct text sentence, struct text holes[HOLES_MAX])
{
    while (*pattern) {
        const size_t plain = strcspn(pattern, "{");
        if (!begins(sentence, (struct text){ pattern, plain }))
            return false;
        pattern += plain;
        sentence.at += plain;
        sentence.len -= plain;
        if (*pattern != '{')
            break;
        const size_t nth = (size_t)(pattern[1] - '0');
        pattern += 3; /* {n} */
        const struct text next = { pattern, strcspn(pattern, "{") };
        const bool last = next.at[next.len] == '\0';
        if (sentence.len < next.len + 1)
            return false;
        const char *found = last ? sentence.at + sentence.len - next.len
                                 : memmem(sentence.at + 1, sentence.len - 1, next.at, next.len);
        if (!found)
            return false;
        holes[nth] = (struct text){ sentence.at, (size_t)(found - sentence.at) };
        sentence.len -= holes[nth].len;
        sentence.at = found;
    }
    return sentence.len == 0;
}

static bool is_number(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!(t.at[i] >= '0' && t.at[i] <= '9') && t.at[i] != '.' && t.at[i] != ',')
            return false;
    return t.len > 0 && t.at[0] >= '0' && t.at[0] <= '9';
}

static bool fits(const struct told_row *row, struct text sentence, struct text holes[HOLES_MAX])
{
    return matches(row->english, sentence, holes) && (!row->counted || is_number(holes[0]));
}

/* "12.3 MB", "4.5 %": a number with its unit has the decimal mark of the language; one without may be a version. */
static bool is_measure(struct text t)
{
    static const char *const units[] = { " %", " kB", " MB", " GB", " TB", " PB", " EB", " m", " km", " s" };
    size_t digits = 0, points = 0;

    while (digits < t.len && ((t.at[digits] >= '0' && t.at[digits] <= '9') ||
                              (t.at[digits] == '.' && digits > 0 && ++points)))
        digits++;
    for (size_t i = 0; i < sizeof units / sizeof *units && digits > 0 && points == 1; i++)
        if (text_equal((struct text){ t.at + digits, t.len - digits }, text_of(units[i])))
            return true;
    return false;
}

static struct text with_comma(struct arena *arena, struct text measure)
{
    const size_t point = (size_t)((const char *)memchr(measure.at, '.', measure.len) - measure.at);

    return arena_printf(arena, "%.*s,%.*s", (int)point, measure.at, (int)(measure.len - point - 1),
                        measure.at + point + 1);
}

static struct text told_at(struct arena *arena, struct text sentence, int depth);

static struct text fill(struct arena *arena, const struct told_row *row, const struct text holes[HOLES_MAX], int depth)
{
    const char *pattern = row->spanish;
    struct buffer b;

    buffer_init(&b, SENTENCE_MAX);
    while (*pattern) {
        const size_t plain = strcspn(pattern, "{");
        (void)buffer_add(&b, pattern, plain);
        pattern += plain;
        if (*pattern != '{')
            break;
        const struct text hole = holes[pattern[1] - '0'];
        const bool decimal = row->counted && pattern[1] == '0' && memchr(hole.at, '.', hole.len);
        (void)buffer_add_text(&b, decimal ? with_comma(arena, hole) : told_at(arena, hole, depth + 1));
        pattern += 3;
    }
    const struct text filled = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return filled;
}

/* How much of a pattern is words of its own: of several that fit, the one with most says best what was meant. */
static size_t own_words(const char *pattern)
{
    size_t len = 0;

    for (; *pattern; pattern++)
        if (*pattern == '{')
            pattern += 2; /* {n} */
        else
            len++;
    return len;
}

static bool ends(struct text t, struct text with)
{
    return t.len > with.len && memcmp(t.at + t.len - with.len, with.at, with.len) == 0;
}

/* Where `between` stands outside of quotes: what stands in quotes is evidence, and whole.  NULL: nowhere. */
static const char *find_between(struct text t, struct text between)
{
    bool quoted = false;

    for (size_t i = 0; i + between.len <= t.len; i++) {
        quoted ^= t.at[i] == '"';
        if (!quoted && memcmp(t.at + i, between.at, between.len) == 0)
            return t.at + i;
    }
    return NULL;
}

/* "A. B.", "a; b", "a, b": piece by piece, when every one can be told, and else not at all.  `keeps` bytes of what
 * stands between two belong to the first. */
static struct text told_pieces(struct arena *arena, struct text sentence, struct text between, size_t keeps, int depth)
{
    struct text pieces[PIECES_MAX], rest = sentence;
    size_t count = 0;

    while (rest.len > 0) {
        const char *found = find_between(rest, between);
        if (count == PIECES_MAX || (!found && count == 0))
            return sentence;
        const struct text piece = { rest.at, found ? (size_t)(found - rest.at) + keeps : rest.len };
        pieces[count] = told_at(arena, piece, depth + 1);
        if (text_equal(pieces[count++], piece))
            return sentence;
        const size_t taken = piece.len + (found ? between.len - keeps : 0);
        rest.at += taken;
        rest.len -= taken;
    }
    struct buffer b;
    buffer_init(&b, SENTENCE_MAX);
    for (size_t i = 0; i < count; i++) {
        (void)buffer_add(&b, between.at + keeps, i ? between.len - keeps : 0);
        (void)buffer_add_text(&b, pieces[i]);
    }
    const struct text whole = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return whole;
}

/* Lists and several sentences in a row. */
static struct text told_list(struct arena *arena, struct text sentence, int depth)
{
    static const struct { struct text between; size_t keeps; } lists[] = {
        { { ". ", 2 }, 1 }, { { "; ", 2 }, 0 }, { { ", ", 2 }, 0 },
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct text said = told_pieces(arena, sentence, lists[i].between, lists[i].keeps, depth);
        if (!text_equal(said, sentence))
            return said;
    }
    return sentence;
}

/* A phrase that ends as a sentence. */
static struct text told_phrase(struct arena *arena, struct text sentence, int depth)
{
    if (!ends(sentence, TEXT(".")))
        return sentence;
    const struct text bare = { sentence.at, sentence.len - 1 }, said = told_at(arena, bare, depth + 1);
    return text_equal(said, bare) ? sentence : arena_printf(arena, "%.*s.", (int)said.len, said.at);
}

static struct text told_at(struct arena *arena, struct text sentence, int depth)
{
    struct text holes[HOLES_MAX] = { 0 };
    const struct told_row *best = NULL;

    if (depth == DEPTH_MAX || sentence.len == 0 || sentence.len > SENTENCE_MAX / 2)
        return sentence;
    if (is_measure(sentence))
        return with_comma(arena, sentence);
    /* The very words go before any form that would fit, too. */
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (text_equal(sentence, text_of(rows[i].english)))
            return text_of(rows[i].spanish);
    for (size_t i = 0; i < FOLLOWING_COUNT; i++)
        if (matches(following[i].english, sentence, holes))
            return fill(arena, &following[i], holes, depth);
    const struct text list = told_list(arena, sentence, depth);
    if (!text_equal(list, sentence))
        return list;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (fits(&rows[i], sentence, holes) && (!best || own_words(rows[i].english) > own_words(best->english)))
            best = &rows[i];
    if (!best || !matches(best->english, sentence, holes))
        return told_phrase(arena, sentence, depth);
    return fill(arena, best, holes, depth);
}

struct text told(struct arena *arena, struct text sentence)
{
    if (words_language() == WORDS_ENGLISH || !text_known(sentence))
        return sentence;
    return told_at(arena, sentence, 0);
}
