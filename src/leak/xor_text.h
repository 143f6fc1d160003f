#ifndef LEASH_LEAK_XOR_TEXT_H
#define LEASH_LEAK_XOR_TEXT_H

#include "leak/xor_key.h"

/* Inside of the search for keys over text; for xor_plain.c, xor_letters.c and xor_text.c only. */

enum { XOR_NEVER = -24 };
/* How much more often a byte stands in JSON and the like than among all bytes: rough half bits; XOR_NEVER: in no
 * text. */
int xor_commonness(uint8_t c);

enum { CANDIDATES = 12, OF_A_WORD = 14, WORDS_ABOVE_ALL = 4 * OF_A_WORD };

/* A key that is being looked for, of one length. */
struct text_key {
    const struct xor_sample *sample;
    const struct xor_words *words;
    struct xor_key *key;
    int8_t common[256];
    int16_t common_xored[16][256];               /* of low half l: what common has at each place XOR l */
    uint8_t kinds[256];
    int of_a_word;                               /* what four known bytes count */
    uint8_t plain[XOR_SAMPLE_BYTES];             /* as the key makes it now */
    uint8_t candidates[XOR_KEY_MAX][CANDIDATES]; /* best first, each by itself */
    long scores[XOR_KEY_MAX][CANDIDATES];
};

void text_key_prepare(struct text_key *t);
/* What one byte of the key makes of all that it stands over. */
void text_key_decode(struct text_key *t, size_t column);
/* Of each byte of the key the likeliest values, from the bytes that it was used for; the key of the best ones. */
void text_key_by_characters(struct text_key *t);
/* Each byte of the key so that what it makes goes best with what stands around it. */
void text_key_by_neighbours(struct text_key *t);
/* All bytes of the key XORed with one value, so that it makes most like text; gives how much like it that is. */
long text_key_by_all(struct text_key *t);
/* How much like text is what the key makes. */
long text_key_like(const struct text_key *t, uint8_t shift);

#endif
