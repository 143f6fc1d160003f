#ifndef LEASH_APP_WORD_SEARCH_H
#define LEASH_APP_WORD_SEARCH_H

#include "base/cursor.h"

/* Looks for some dozens of short words in one pass over bytes, at several gigabytes a second: every second pair of
 * bytes is looked up in a table of 8 KiB, and only where it belongs to a word is that compared. */

struct word {
    const char *text;
    size_t rare;      /* where the three bytes stand by which it is looked for: such as are rare in other text */
};

enum { WORDS_MAX = 64 };

struct word_search {
    const struct word *words;
    size_t count;
    size_t lengths[WORDS_MAX];
    uint16_t pair_of[WORDS_MAX][2]; /* the two of the three bytes */
    uint64_t pairs[1024];   /* one bit for each pair of bytes */
};

/* `words` (at most WORDS_MAX, each of three bytes and more from `rare` on) stays the caller's, for as long as the
 * search is used. */
void word_search_init(struct word_search *s, const struct word *words, size_t count);

/* Calls `found` for every place, nearly in order. */
void word_search_run(const struct word_search *s, struct bytes b, void (*found)(void *user, size_t word, size_t at),
                     void *user);

#endif
