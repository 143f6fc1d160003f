/* What each byte of a key over text is likely to be: by how often characters come, and what they stand beside. */
#include "leak/xor_text.h"

#include <string.h>

/* How well one byte follows another in text: digits follow digits, letters letters. */
enum kind_of_byte { DIGIT, LETTER, SPACE, MARK, ODD, KINDS };

static enum kind_of_byte kind_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return DIGIT;
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return LETTER;
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
        return SPACE;
    return c && strchr("\":,.-_{}[]=&/<>", c) ? MARK : ODD;
}

static const int8_t follows[KINDS][KINDS] = {
    [DIGIT] = { [DIGIT] = 6, [LETTER] = -6, [SPACE] = 0, [MARK] = 2, [ODD] = -6 },
    [LETTER] = { [DIGIT] = -5, [LETTER] = 5, [SPACE] = 0, [MARK] = 2, [ODD] = -6 },
    [SPACE] = { [DIGIT] = 2, [LETTER] = 2, [SPACE] = 2, [MARK] = 2, [ODD] = -6 },
    [MARK] = { [DIGIT] = 3, [LETTER] = 3, [SPACE] = 1, [MARK] = 2, [ODD] = -6 },
    [ODD] = { [DIGIT] = -6, [LETTER] = -6, [SPACE] = -6, [MARK] = -6, [ODD] = -2 },
};

void text_key_decode(struct text_key *t, size_t column)
{
    const struct xor_sample *s = t->sample;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].start + column; i < (size_t)s->parts[p].start + s->parts[p].len; i += t->key->len)
            t->plain[i] = s->bytes[i] ^ t->key->bytes[column];
}

/* How often each byte meets each byte of the key. */
static void count_columns(const struct text_key *t, uint16_t count[XOR_KEY_MAX][256])
{
    const struct xor_sample *s = t->sample;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++)
            count[i % t->key->len][s->bytes[s->parts[p].start + i]]++;
}

/* To the sum of each byte of the key what a byte is worth that stands there so often: sixteen in a row. */
static inline void add_commonness(const struct text_key *t, uint8_t byte, int16_t count, int32_t sums[256])
{
    const int16_t *low = t->common_xored[byte & 15];

    for (unsigned high = 0; high < 256; high += 16)
        for (unsigned k = 0; k < 16; k++)
            sums[high + k] += count * low[(high ^ (byte & 0xf0u)) + k];
}

/* Of each byte of the key the likeliest values, from the bytes that it was used for. */
void text_key_by_characters(struct text_key *t)
{
    uint16_t count[XOR_KEY_MAX][256] = { { 0 } };

    count_columns(t, count);
    for (size_t column = 0; column < t->key->len; column++) {
        size_t have = 0, there = 0;
        uint8_t seen[256];
        for (unsigned c = 0; c < 256; c++)
            if (count[column][c])
                seen[there++] = (uint8_t)c;
        int32_t sums[256] = { 0 };
        for (size_t c = 0; c < there; c++)
            add_commonness(t, seen[c], count[column][seen[c]], sums);
        for (unsigned k = 0; k < 256; k++) {
            const long score = sums[k];
            if (have == CANDIDATES && score <= t->scores[column][have - 1])
                continue;
            size_t i = have < CANDIDATES ? have++ : have - 1;
            for (; i > 0 && t->scores[column][i - 1] < score; i--) {
                t->scores[column][i] = t->scores[column][i - 1];
                t->candidates[column][i] = t->candidates[column][i - 1];
            }
            t->scores[column][i] = score;
            t->candidates[column][i] = (uint8_t)k;
        }
        t->key->bytes[column] = t->candidates[column][0];
        text_key_decode(t, column);
    }
}

enum { BEFORE = 3, AROUND = 7 };

/* How well `at[3]` goes with what stands around it. */
static inline long among_seven(const struct text_key *t, const uint8_t at[AROUND])
{
    const uint8_t kind = t->kinds[at[3]];
    int known = 0;

    for (size_t i = 0; i < 4; i++)
        known += xor_words_know(t->words, at[i], at[i + 1], at[i + 2], at[i + 3]);
    return follows[t->kinds[at[2]]][kind] + follows[kind][t->kinds[at[4]]] + t->of_a_word * known;
}

/* How well what one byte of the key makes goes with what stands around it. */
static long among_neighbours(const struct text_key *t, size_t column, uint8_t value)
{
    const size_t key_len = t->key->len;
    const uint8_t change = t->key->bytes[column] ^ value;
    long score = 0;

    for (size_t p = 0; p < t->sample->part_count; p++) {
        const struct xor_part *part = &t->sample->parts[p];
        const uint8_t *plain = t->plain + part->start;
        size_t i = part->plain + (column + key_len - part->plain % key_len) % key_len;
        for (; i < part->len; i += key_len) {
            uint8_t around[AROUND];
            for (size_t k = 0; k < AROUND; k++) {
                const size_t at = i + k - BEFORE; /* wraps before the beginning */
                around[k] = at >= part->plain && at < part->len ? plain[at] ^ (at % key_len == column ? change : 0) : 0;
            }
            score += among_seven(t, around);
        }
    }
    return score;
}

static long alone(const struct text_key *t, size_t column, uint8_t value)
{
    const struct xor_sample *s = t->sample;
    long score = 0;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = column; i < s->parts[p].len; i += t->key->len)
            if (i >= s->parts[p].plain)
                score += t->common[s->bytes[s->parts[p].start + i] ^ value];
    return score;
}

void text_key_by_neighbours(struct text_key *t)
{
    enum { PASSES = 3 };
    bool changed = true;

    for (int pass = 0; pass < PASSES && changed; pass++) {
        changed = false;
        for (size_t column = 0; column < t->key->len; column++) {
            const uint8_t before = t->key->bytes[column];
            uint8_t value = before;
            long best = alone(t, column, before) + among_neighbours(t, column, before);
            for (size_t i = 0; i < CANDIDATES; i++) {
                const long score = t->scores[column][i] + among_neighbours(t, column, t->candidates[column][i]);
                if (score <= best)
                    continue;
                best = score;
                value = t->candidates[column][i];
            }
            if (value == before)
                continue;
            changed = true;
            t->key->bytes[column] = value;
            text_key_decode(t, column);
        }
    }
}

long text_key_like(const struct text_key *t, uint8_t shift)
{
    long score = 0;

    for (size_t p = 0; p < t->sample->part_count; p++) {
        const struct xor_part *part = &t->sample->parts[p];
        const uint8_t *at = t->plain + part->start;
        uint8_t a = 0, b = 0, c = 0;
        for (size_t i = part->plain; i < part->len; i++) {
            const uint8_t d = at[i] ^ shift;
            score += t->common[d] + 2 * follows[t->kinds[c]][t->kinds[d]] +
                WORDS_ABOVE_ALL * xor_words_know(t->words, a, b, c, d);
            a = b;
            b = c;
            c = d;
        }
    }
    return score;
}

/* Digits XORed with a small number are digits again: each byte of the key by itself, but not all of them together, is
 * then as good. */
long text_key_by_all(struct text_key *t)
{
    uint16_t count[256] = { 0 };
    long best = text_key_like(t, 0);
    uint8_t by = 0;
    size_t all = 0;

    for (size_t p = 0; p < t->sample->part_count; p++)
        for (size_t i = t->sample->parts[p].plain; i < t->sample->parts[p].len; i++, all++)
            count[t->plain[t->sample->parts[p].start + i]]++;
    for (unsigned shift = 1; shift < 256; shift++) {
        size_t odd = 0;
        for (unsigned c = 0; c < 256; c++)
            odd += t->common[c ^ shift] == XOR_NEVER ? count[c] : 0;
        const long score = odd * 10 > all ? best : text_key_like(t, (uint8_t)shift);
        if (score <= best)
            continue;
        best = score;
        by = (uint8_t)shift;
    }
    for (size_t column = 0; by && column < t->key->len; column++) {
        t->key->bytes[column] ^= by;
        text_key_decode(t, column);
    }
    return best;
}

void text_key_prepare(struct text_key *t)
{
    t->of_a_word = OF_A_WORD;
    for (unsigned c = 0; c < 256; c++) {
        t->common[c] = (int8_t)xor_commonness((uint8_t)c);
        t->kinds[c] = (uint8_t)kind_of((uint8_t)c);
    }
    for (unsigned low = 0; low < 16; low++)
        for (unsigned c = 0; c < 256; c++)
            t->common_xored[low][c] = t->common[c ^ low];
}
