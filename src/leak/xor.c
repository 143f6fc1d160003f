#include "leak/xor_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    WINDOW = 4,          /* bytes of a difference that are looked up; the rest is compared */
    BESIDES_KEY = 6,     /* a value must be so much longer than the key: 48 bits against chance */
    LITERALS_MAX = 4096, /* that are looked for */
};

struct entry {
    uint32_t difference; /* of the value's first bytes at the key's length */
    uint32_t literal;    /* + 1; 0: free */
    uint8_t key_len;
};

struct xor_index {
    const struct secrets *secrets;
    const struct position_index *positions;
    struct xor_votes *votes;
    struct entry *entries;
    size_t room;
};

static uint32_t difference(const uint8_t *at, size_t key_len)
{
    uint32_t d = 0;

    for (size_t i = 0; i < WINDOW; i++)
        d |= (uint32_t)(at[i] ^ at[i + key_len]) << 8 * i;
    return d;
}

static size_t slot_of(const struct xor_index *x, uint32_t d, size_t key_len)
{
    return (size_t)((d + key_len * UINT32_C(0x85ebca6b)) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (x->room - 1);
}

/* Whether enough of the value stays in its difference: of one that repeats at the key's length nothing
 * does, and it would fit every run of bytes that repeat so. */
static bool tells(struct text value, size_t key_len)
{
    size_t left = 0;

    for (size_t i = 0; i + key_len < value.len; i++)
        left += value.at[i] != value.at[i + key_len];
    return left >= BESIDES_KEY;
}

struct xor_index *xor_index_new(const struct secrets *secrets, const struct position_index *positions)
{
    struct xor_index *x = memory_alloc_array(1, sizeof *x);
    const size_t count = secrets->literal_count < LITERALS_MAX ? secrets->literal_count : LITERALS_MAX;

    x->secrets = secrets;
    x->positions = positions;
    x->votes = xor_votes_new(positions);
    x->room = 64;
    while (x->room < count * XOR_KEY_MAX * 2)
        x->room *= 2;
    x->entries = memory_alloc_array(x->room, sizeof *x->entries);
    for (size_t i = 0; i < count; i++) {
        const struct text value = secrets->literals[i].value;
        for (size_t key_len = 1; key_len <= XOR_KEY_MAX && value.len >= key_len + BESIDES_KEY && value.len <= XOR_HEAD_BYTES; key_len++) {
            if (!tells(value, key_len))
                continue;
            const uint32_t d = difference((const uint8_t *)value.at, key_len);
            size_t slot = slot_of(x, d, key_len);
            while (x->entries[slot].literal)
                slot = (slot + 1) & (x->room - 1);
            x->entries[slot] = (struct entry){ d, (uint32_t)i + 1, (uint8_t)key_len };
        }
    }
    return x;
}

void xor_index_free(struct xor_index *x)
{
    if (!x)
        return;
    free(x->votes);
    free(x->entries);
    free(x);
}

static bool printable(uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

enum { NEVER = -24 };

/* How much more often a byte stands in JSON and the like than among all bytes: rough half bits. */
static int commonness(uint8_t c)
{
    static const struct {
        const char *bytes;
        int score;
    } common[] = {
        { "0123456789", 11 }, { " \"etaoinsrldu.", 10 }, { ",:-gcmph", 8 }, { "bfyEWNSTZ_", 6 }, { "vkw{}[]=&/<>\n", 5 },
        { "ABCDFGHIJKLMOPQRUVXYjqxz%+()\r\t;", 2 },
    };

    for (size_t i = 0; c && i < sizeof common / sizeof *common; i++)
        if (strchr(common[i].bytes, c))
            return common[i].score;
    if (c == 0xc2 || c == 0xb0) /* the degree sign, in UTF-8 and alone */
        return 0;
    return printable(c) ? -2 : NEVER;
}

bool xor_is_plain(const uint8_t *at, size_t len)
{
    enum { PLAIN_MEAN = 7 };
    size_t zeros = 0;
    long sum = 0;

    for (size_t i = 0; i < len; i++) {
        zeros += at[i] == 0 && i > 0 && at[i - 1] == 0;
        sum += commonness(at[i]);
    }
    return zeros > 1 + len / 48 || sum >= PLAIN_MEAN * (long)len;
}

uint16_t xor_plain_head(const uint8_t *at, size_t len)
{
    enum { HEAD_MIN = 5, REST_MIN = 16 };
    size_t n = 0;

    while (n < len && printable(at[n]))
        n++;
    return n >= HEAD_MIN && n + REST_MIN <= len ? (uint16_t)n : 0;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
static bool is_key(const struct xor_key *key)
{
    size_t zeros = 0;

    for (size_t i = 0; i < key->len; i++)
        zeros += key->bytes[i] == 0;
    return zeros * 8 <= key->len;
}

/* The whole of the value must fit with one key; at[0] is `place` bytes behind where the key begins. */
static bool value_fits(struct text value, const uint8_t *at, size_t place, struct xor_key *key)
{
    bool fits = true;

    for (size_t k = 0; fits && k < value.len; k++) {
        const uint8_t byte = at[k] ^ (uint8_t)value.at[k];
        if (k < key->len)
            key->bytes[(place + k) % key->len] = byte;
        fits = key->bytes[(place + k) % key->len] == byte;
    }
    return fits && is_key(key);
}

static bool key_by_value_in(const struct xor_index *x, const uint8_t *at, size_t len, struct xor_key *key)
{
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++)
        for (size_t i = 0; i + key_len + WINDOW <= len; i++) {
            const uint32_t d = difference(at + i, key_len);
            for (size_t slot = slot_of(x, d, key_len); x->entries[slot].literal; slot = (slot + 1) & (x->room - 1)) {
                const struct entry *e = &x->entries[slot];
                const struct text value = x->secrets->literals[e->literal - 1].value;
                struct xor_key found = { .len = key_len, .chosen = true };
                if (e->difference != d || e->key_len != key_len || value.len > len - i || !value_fits(value, at + i, i, &found))
                    continue;
                *key = found;
                return true;
            }
        }
    return false;
}

static bool key_by_value(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key)
{
    for (size_t p = 0; p < sample->part_count; p++)
        if (key_by_value_in(x, sample->bytes + sample->parts[p].start, sample->parts[p].len, key))
            return true;
    return false;
}

/* How often a byte comes again some lengths of the key behind, in thousandths: text does, with that key.  0: as often as by chance. */
static unsigned repeats(const struct xor_sample *s, size_t key_len)
{
    enum { LENGTHS = 6, LAG_MIN = 128 };
    const size_t last = key_len * LENGTHS > LAG_MIN ? key_len * LENGTHS : LAG_MIN;
    size_t same = 0, of = 0;

    for (size_t p = 0; p < s->part_count; p++) {
        const uint8_t *at = s->bytes + s->parts[p].start;
        for (size_t lag = key_len; lag <= last && lag + s->parts[p].plain < s->parts[p].len; lag += key_len) {
            for (size_t i = s->parts[p].plain; i + lag < s->parts[p].len; i++)
                same += at[i] == at[i + lag];
            of += s->parts[p].len - lag - s->parts[p].plain;
        }
    }
    enum { TELLING = 20 }; /* chance has 4, text 40 and more */
    const unsigned often = of ? (unsigned)(same * 1000 / of) : 0;
    return often >= TELLING ? often : 0;
}

/* How often each byte meets each byte of the key. */
static void count_columns(const struct xor_sample *s, size_t key_len, uint16_t count[XOR_KEY_MAX][256])
{
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++)
            count[i % key_len][s->bytes[s->parts[p].start + i]]++;
}

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

enum { CANDIDATES = 12 };

struct text_key {
    const struct xor_sample *sample;
    struct xor_key *key;
    int8_t common[256];
    uint8_t kinds[256];
    uint8_t candidates[XOR_KEY_MAX][CANDIDATES]; /* best first, each by itself */
    long scores[XOR_KEY_MAX][CANDIDATES];
};

/* Of each byte of the key the likeliest values, from the bytes that it was used for. */
static void columns_by_themselves(struct text_key *t)
{
    uint16_t count[XOR_KEY_MAX][256] = { { 0 } };

    count_columns(t->sample, t->key->len, count);
    for (size_t column = 0; column < t->key->len; column++) {
        size_t have = 0, there = 0;
        uint8_t seen[256];
        for (unsigned c = 0; c < 256; c++)
            if (count[column][c])
                seen[there++] = (uint8_t)c;
        for (unsigned k = 0; k < 256; k++) {
            long score = 0;
            for (size_t c = 0; c < there; c++)
                score += count[column][seen[c]] * t->common[seen[c] ^ k];
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
    }
}

/* How well what one byte of the key makes goes with what stands around it. */
static long among_neighbours(const struct text_key *t, size_t column, uint8_t value)
{
    const size_t key_len = t->key->len;
    const uint8_t *key = t->key->bytes;
    long score = 0;

    for (size_t p = 0; p < t->sample->part_count; p++) {
        const struct xor_part *part = &t->sample->parts[p];
        const uint8_t *at = t->sample->bytes + part->start;
        size_t i = part->plain + (column + key_len - part->plain % key_len) % key_len;
        for (; i < part->len; i += key_len) {
            const uint8_t kind = t->kinds[at[i] ^ value];
            if (i > part->plain)
                score += follows[t->kinds[at[i - 1] ^ (key_len == 1 ? value : key[(i - 1) % key_len])]][kind];
            if (i + 1 < part->len)
                score += follows[kind][t->kinds[at[i + 1] ^ (key_len == 1 ? value : key[(i + 1) % key_len])]];
        }
    }
    return score;
}

static long columns_together(struct text_key *t)
{
    enum { PASSES = 3 };
    long sum = 0;

    for (int pass = 0; pass < PASSES; pass++) {
        sum = 0;
        for (size_t column = 0; column < t->key->len; column++) {
            long best = -1000000;
            for (size_t i = 0; i < CANDIDATES; i++) {
                const long score = t->scores[column][i] + among_neighbours(t, column, t->candidates[column][i]);
                if (score <= best)
                    continue;
                best = score;
                t->key->bytes[column] = t->candidates[column][i];
            }
            sum += best;
        }
    }
    return sum;
}

/* Gives how much like text all becomes, less what a longer key gains by chance; 0 when there is no key. */
static long key_by_text(const struct xor_sample *s, size_t key_len, struct xor_key *key)
{
    enum { BYTES_MIN = 10, GAIN_OF_A_BYTE = 60 };
    struct text_key t = { .sample = s, .key = key };
    size_t text = 0, all = 0;

    *key = (struct xor_key){ .len = key_len };
    if (s->len / key_len < BYTES_MIN)
        return 0;
    for (unsigned c = 0; c < 256; c++) {
        t.common[c] = (int8_t)commonness((uint8_t)c);
        t.kinds[c] = (uint8_t)kind_of((uint8_t)c);
    }
    columns_by_themselves(&t);
    const long sum = columns_together(&t);
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++) {
            text += t.common[s->bytes[s->parts[p].start + i] ^ key->bytes[i % key_len]] > NEVER;
            all++;
        }
    if (!is_key(key) || text < all - all / 10)
        return 0;
    return sum - GAIN_OF_A_BYTE * (long)key_len;
}

/* Most of the work is to try a length: those are tried after which most bytes come again. */
static void likely_lengths(const struct xor_sample *s, bool likely[XOR_KEY_MAX + 1])
{
    enum { LENGTHS_TRIED = 4 };
    unsigned often[XOR_KEY_MAX + 1];

    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++)
        often[key_len] = repeats(s, key_len);
    for (int n = 0; n < LENGTHS_TRIED; n++) {
        size_t most = 1;
        for (size_t key_len = 2; key_len <= XOR_KEY_MAX; key_len++)
            if (often[key_len] > often[most])
                most = key_len;
        likely[most] |= often[most] > 0;
        often[most] = 0;
    }
}

static bool key_of_text(const struct xor_sample *s, struct xor_key *key)
{
    enum { BETTER_SHARE = 7 };
    bool likely[XOR_KEY_MAX + 1] = { false };
    long best = 0;

    likely_lengths(s, likely);
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
        struct xor_key found;
        if (!likely[key_len])
            continue;
        const long like_text = key_by_text(s, key_len, &found);
        /* Records that repeat at its length make text of a longer key too. */
        if (like_text <= best + best / BETTER_SHARE)
            continue;
        best = like_text;
        *key = found;
    }
    return best > 0;
}

static bool key_by_positions(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key)
{
    struct xor_key one = { .len = 1, .chosen = true }, found;
    uint8_t byte;

    if (xor_byte_by_positions(x->positions, x->votes, sample, &one, &byte) && byte) {
        one.bytes[0] = byte;
        *key = one;
        return true;
    }
    if (!xor_key_by_records(sample, &found) || !xor_byte_by_positions(x->positions, x->votes, sample, &found, &byte))
        return false;
    for (size_t i = 0; i < found.len; i++)
        found.bytes[i] ^= byte;
    found.chosen = true;
    if (!is_key(&found))
        return false;
    *key = found;
    return true;
}

bool xor_find_key(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key)
{
    if (key_by_value(x, sample, key))
        return true;
    if (key_of_text(sample, key))
        return true;
    return key_by_positions(x, sample, key);
}
