#include "app/word_search.h"

#include <assert.h>

static uint16_t pair_at(const uint8_t *at)
{
    uint16_t pair;

    memcpy(&pair, at, sizeof pair);
    return pair;
}

static uint16_t mark_pair(struct word_search *s, const char *at)
{
    const uint16_t pair = pair_at((const uint8_t *)at);

    s->pairs[pair >> 6] |= UINT64_C(1) << (pair & 63);
    return pair;
}

void word_search_init(struct word_search *s, const struct word *words, size_t count)
{
    *s = (struct word_search){ .words = words, .count = count };
    for (size_t i = 0; i < count && i < WORDS_MAX; i++) {
        s->lengths[i] = strlen(words[i].text);
        assert(words[i].rare + 3 <= s->lengths[i]);
        /* One of the two begins at an even place, wherever the word does. */
        for (size_t second = 0; second < 2; second++)
            s->pair_of[i][second] = mark_pair(s, words[i].text + words[i].rare + second);
    }
}

/* The pair at `at` belongs to a word: which one begins around it? */
static void compare(const struct word_search *s, struct bytes b, size_t at,
                    void (*found)(void *user, size_t word, size_t at), void *user)
{
    const uint16_t pair = pair_at(b.at + at);

    for (size_t i = 0; i < s->count; i++) {
        for (size_t second = 0; second < 2; second++) {
            const size_t before = s->words[i].rare + second;
            if (pair == s->pair_of[i][second] && at >= before && b.len - (at - before) >= s->lengths[i] &&
                memcmp(b.at + at - before, s->words[i].text, s->lengths[i]) == 0)
                found(user, i, at - before);
        }
    }
}

void word_search_run(const struct word_search *s, struct bytes b, void (*found)(void *user, size_t word, size_t at),
                     void *user)
{
    size_t at = 0;

    for (; at + 8 <= b.len; at += 8) { /* four pairs at once: nearly always none of them is of interest */
        uint64_t hit = 0;
        for (size_t k = 0; k < 8; k += 2) {
            const uint16_t pair = pair_at(b.at + at + k);
            hit |= s->pairs[pair >> 6] >> (pair & 63) & 1;
        }
        for (size_t k = 0; hit && k < 8; k += 2) {
            const uint16_t pair = pair_at(b.at + at + k);
            if (s->pairs[pair >> 6] >> (pair & 63) & 1)
                compare(s, b, at + k, found, user);
        }
    }
    for (; at + 2 <= b.len; at += 2)
        compare(s, b, at, found, user);
}
