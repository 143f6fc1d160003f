#include "leak/text_index.h"

#include <string.h>

#include "leak/h3.h"
#include "leak/number_text.h"

/* Codes of cells: geohash, plus codes, MGRS, and the ids of S2 and H3 in hex, in decimal and in binary. */

enum { CODE_WORD_MAX = 24, ID_BYTES = 8 };
#define POINT_CELL_M 40.0 /* larger cells are places, not positions */
#define PLACE_CELL_M 25.0  /* and these are both */

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline bool is_word(uint8_t c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

static void give_cell(const struct text_scan *s, const struct cell *cell, int encoding, double structure_bits,
                      size_t at, size_t len)
{
    const struct position_pair pair = {
        .longitude_deg = cell->longitude_deg, .latitude_deg = cell->latitude_deg, .at = at, .length = len,
        .encoding = (uint8_t)encoding, .delta = 1, .cell_m = (float)cell->size_m,
    };

    if (cell->size_m <= POINT_CELL_M && (position_areas_at_latitude(s->index->positions, cell->latitude_deg) &
                                         position_areas_at_longitude(s->index->positions, cell->longitude_deg)))
        s->events->pair(s->events->user, &pair);
    if (cell->size_m > PLACE_CELL_M)
        place_of_cell(s, cell, structure_bits, at, len);
}

/* MGRS is written with blanks between its parts or without. */
static void mgrs(const struct text_scan *s, size_t at)
{
    enum { WORD_MAX = 15, LETTERS_END = 5 };
    uint8_t word[WORD_MAX];
    struct cell cell;
    size_t n = 0, i = at;

    for (; i < s->len && n < WORD_MAX; i++) {
        const uint8_t c = s->at[i];
        const bool blank = c == ' ' && n >= 2 && i + 1 < s->len && is_word(s->at[i + 1]);
        if (!blank && !(n < LETTERS_END ? is_word(c) : is_digit(c)))
            break;
        if (!blank)
            word[n++] = c;
    }
    while (i > at && s->at[i - 1] == ' ')
        i--;
    if (i < s->len && is_word(s->at[i]))
        return;
    if (n >= 9 && mgrs_read(word, n, &cell))
        give_cell(s, &cell, POSITION_MGRS, 0, at, i - at);
}

/* Of cells of seven levels and more the first 16 bits are those of the leaves inside. */
static bool may_be_s2(const struct text_index *x, uint64_t id)
{
    enum { COARSE_ZEROS = 46 };

    return id && (__builtin_ctzll(id) >= COARSE_ZEROS || x->s2_beginnings[id >> 48 >> 6] >> (id >> 48 & 63) & 1);
}

static void give_id(const struct text_scan *s, uint64_t id, size_t at, size_t len)
{
    struct cell cell;

    if (may_be_s2(s->index, id) && s2_cell_read(id, &cell))
        give_cell(s, &cell, POSITION_S2_ID, 0, at, len);
    if (h3_cell_read(id, &cell))
        give_cell(s, &cell, POSITION_H3_ID, h3_structure_bits(id), at, len);
}

/* A mark stands at the first three bytes of an id from its large end, so at its last three when it is little-endian. */
static void binary_ids(const struct text_scan *s, size_t at)
{
    uint64_t id;

    if (s->len - at >= ID_BYTES && text_index_id_telling(s->at[at + 1], s->at[at + 2])) {
        memcpy(&id, s->at + at, sizeof id);
        give_id(s, __builtin_bswap64(id), at, ID_BYTES);
    }
    if (at >= ID_BYTES - 3 && s->len - at >= 3 && text_index_id_telling(s->at[at + 1], s->at[at])) {
        memcpy(&id, s->at + at + 3 - ID_BYTES, sizeof id);
        give_id(s, id, at + 3 - ID_BYTES, ID_BYTES);
    }
}

/* Whole ids in decimal, those of the upper half also as the negative numbers that some languages make of them. */
void code_of_digits(const struct text_scan *s, const struct number_text *n)
{
    const bool negative = n->value < 0;
    uint64_t id = 0;

    for (size_t i = n->start + negative; i < n->end; i++)
        if (!is_digit(s->at[i]) || __builtin_mul_overflow(id, UINT64_C(10), &id) ||
            __builtin_add_overflow(id, (uint64_t)(s->at[i] - '0'), &id))
            return;
    give_id(s, negative ? -id : id, n->start, n->end - n->start);
}

void code_at_beginning(const struct text_scan *s, size_t at)
{
    enum { GEOHASH_MIN = 5, GEOHASH_MAX = 12, TOKEN_MIN = 5, TOKEN_MAX = 16 };
    enum { LETTERS_MIN = 8 }; /* of a geohash without a figure: what is shorter is a word, unless something names it */
    const uint8_t *word = s->at + at;
    struct cell cell;
    uint64_t id;
    size_t len = 0, digits = 0;

    if (s->len - at >= 4 && memcmp(word, "\x28\xb5\x2f\xfd", 4) == 0)
        s->events->sign(s->events->user, SIGN_ZSTD, at);
    else if (s->len - at >= 4 && memcmp(word, "PK\x03\x04", 4) == 0)
        s->events->sign(s->events->user, SIGN_ZIP, at);
    if (s->index->box_count == 0)
        return;
    binary_ids(s, at);
    if ((at == 0 && !s->from_start) || (at > 0 && is_word(s->at[at - 1])))
        return;
    for (; len < s->len - at && len <= CODE_WORD_MAX && is_word(word[len]); len++)
        digits += is_digit(word[len]);
    const bool letters = digits == 0 && len < LETTERS_MIN;
    if (len > CODE_WORD_MAX || (letters && (len < GEOHASH_MIN || place_label_bits(s, at) == 0)) ||
        place_at_elevation_name(s, at, len))
        return;
    if (len >= GEOHASH_MIN && len <= GEOHASH_MAX && geohash_read(word, len, &cell))
        give_cell(s, &cell, POSITION_GEOHASH, 0, at, len);
    if (len >= TOKEN_MIN && len <= TOKEN_MAX && s2_token_read(word, len, &cell))
        give_cell(s, &cell, POSITION_S2_TOKEN, 0, at, len);
    if (h3_text_read(word, len, &id) && h3_cell_read(id, &cell))
        give_cell(s, &cell, POSITION_H3, h3_structure_bits(id), at, len);
    if (is_digit(word[0]))
        mgrs(s, at);
}

void code_at_plus(const struct text_scan *s, size_t plus)
{
    enum { BEFORE = 8, BEHIND_MAX = 7 };
    struct cell cell;
    size_t end = plus + 1;

    if (plus < BEFORE || (plus == BEFORE && !s->from_start) || (plus > BEFORE && is_word(s->at[plus - BEFORE - 1])))
        return;
    while (end < s->len && end - plus <= BEHIND_MAX + 1 && is_word(s->at[end]))
        end++;
    if (plus_code_read(s->at + plus - BEFORE, end - plus + BEFORE, &cell))
        give_cell(s, &cell, POSITION_PLUS_CODE, 0, plus - BEFORE, end - plus + BEFORE);
}
