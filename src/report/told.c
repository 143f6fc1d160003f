#include "report/told.h"

#include <string.h>

#include "base/buffer.h"
#include "report/words.h"

enum {
    HOLES_MAX = 10,
    DEPTH_MAX = 3,          /* a sentence, a phrase in it, a word in that */
    SENTENCE_MAX = 16384,
};

static const struct told_row {
    const char *english, *spanish;
} rows[] = {
#define T(english, spanish) { english, spanish },
#include "report/told_table.h"
#undef T
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

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

static struct text told_at(struct arena *arena, struct text sentence, int depth);

static struct text fill(struct arena *arena, const char *pattern, const struct text holes[HOLES_MAX], int depth)
{
    struct buffer b;

    buffer_init(&b, SENTENCE_MAX);
    while (*pattern) {
        const size_t plain = strcspn(pattern, "{");
        (void)buffer_add(&b, pattern, plain);
        pattern += plain;
        if (*pattern != '{')
            break;
        (void)buffer_add_text(&b, told_at(arena, holes[pattern[1] - '0'], depth + 1));
        pattern += 3;
    }
    const struct text filled = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return filled;
}

static struct text told_at(struct arena *arena, struct text sentence, int depth)
{
    struct text holes[HOLES_MAX] = { 0 };

    if (depth == DEPTH_MAX || sentence.len == 0 || sentence.len > SENTENCE_MAX / 2)
        return sentence;
    /* The very words go before any form that would fit, too. */
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (text_equal(sentence, text_of(rows[i].english)))
            return text_of(rows[i].spanish);
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (matches(rows[i].english, sentence, holes))
            return fill(arena, rows[i].spanish, holes, depth);
    return sentence;
}

struct text told(struct arena *arena, struct text sentence)
{
    if (words_language() == WORDS_ENGLISH || !text_known(sentence))
        return sentence;
    return told_at(arena, sentence, 0);
}
