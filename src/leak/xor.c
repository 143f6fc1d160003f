#include "leak/xor.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    WINDOW = 4,          /* bytes of a difference that are looked up; the rest is compared */
    BESIDES_KEY = 5,     /* a value must be so much longer than the key: 40 bits against chance */
    LITERALS_MAX = 4096, /* that are looked for */
    SUSPECT_MIN = 48,
    LAGS_MAX = 64,
};

struct entry {
    uint32_t difference; /* of the value's first bytes at the key's length */
    uint32_t literal;    /* + 1; 0: free */
    uint8_t key_len;
};

struct xor_index {
    const struct secrets *secrets;
    const struct position_index *positions;
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
    free(x->entries);
    free(x);
}

static bool printable(uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

bool xor_suspect(const uint8_t *at, size_t len)
{
    size_t zeros = 0, text = 0, separators = 0;

    if (len > XOR_SUSPECT_BYTES)
        len = XOR_SUSPECT_BYTES;
    if (len < SUSPECT_MIN)
        return false;
    for (size_t i = 0; i < len; i++) {
        zeros += at[i] == 0;
        text += printable(at[i]);
        separators += at[i] && strchr(" \n\":,=&/<>", at[i]);
    }
    /* Zeros are the commonest byte of plain numbers, and none when they were XORed. */
    if (zeros > 1 + len / 48 || (text > len * 9 / 10 && separators > len / 12))
        return false;
    for (size_t lag = 1; lag <= LAGS_MAX && lag < len / 2; lag++) {
        size_t same = 0;
        for (size_t i = 0; i + lag < len; i++)
            same += at[i] == at[i + lag];
        if (same >= 5 + (len - lag) / 50) /* chance has one in 256 */
            return true;
    }
    return false;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
static bool is_key(const uint8_t *key, size_t key_len)
{
    size_t zeros = 0;

    for (size_t i = 0; i < key_len; i++)
        zeros += key[i] == 0;
    return zeros * 8 <= key_len;
}

/* A known value: the whole of it must fit with one key. */
static size_t key_by_value(const struct xor_index *x, const uint8_t *at, size_t len, uint8_t key[XOR_KEY_MAX])
{
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX && key_len + BESIDES_KEY <= len; key_len++)
        for (size_t i = 0; i + key_len + WINDOW <= len; i++) {
            const uint32_t d = difference(at + i, key_len);
            for (size_t slot = slot_of(x, d, key_len); x->entries[slot].literal; slot = (slot + 1) & (x->room - 1)) {
                const struct entry *e = &x->entries[slot];
                if (e->difference != d || e->key_len != key_len)
                    continue;
                const struct text value = x->secrets->literals[e->literal - 1].value;
                bool fits = value.len <= len - i;
                for (size_t k = 0; fits && k < value.len; k++) {
                    const uint8_t byte = at[i + k] ^ (uint8_t)value.at[k];
                    if (k < key_len)
                        key[(i + k) % key_len] = byte;
                    fits = key[(i + k) % key_len] == byte;
                }
                if (fits && is_key(key, key_len))
                    return key_len;
            }
        }
    return 0;
}

/* How much more often a byte stands in JSON and the like than among all bytes: rough bits. */
static int commonness(uint8_t c)
{
    if ((c >= '0' && c <= '9') || c == ' ' || c == '"' || c == 'e' || c == 't' || c == 'a')
        return 5;
    if (c >= 'a' && c <= 'z')
        return 4;
    if (c == ',' || c == ':' || c == '.' || c == '-')
        return 4;
    if ((c >= 'A' && c <= 'Z') || c == '{' || c == '}' || c == '[' || c == ']' || c == '=' || c == '&' || c == '/' || c == '_')
        return 2;
    if (printable(c))
        return 0;
    return -12;
}

/* How often a byte comes again one key's length behind: text does, with that key. */
static bool repeats(const uint8_t *at, size_t len, size_t key_len)
{
    size_t same = 0;

    for (size_t i = 0; i + key_len < len; i++)
        same += at[i] == at[i + key_len];
    return same * 50 >= len - key_len; /* 2 %: chance has 0.4, text 4 and more */
}

/* Each byte of the key by itself, from the bytes that it was used for. */
static bool key_by_text(const uint8_t *at, size_t len, size_t key_len, uint8_t key[XOR_KEY_MAX])
{
    enum { BYTES_MIN = 12, COLUMN_SEEN = 48 };
    int8_t common[256];
    size_t text = 0;

    if (len / key_len < BYTES_MIN || !repeats(at, len, key_len))
        return false;
    for (unsigned c = 0; c < 256; c++)
        common[c] = (int8_t)commonness((uint8_t)c);
    for (size_t column = 0; column < key_len; column++) {
        long best = -1000000;
        for (unsigned k = 0; k < 256; k++) {
            long score = 0;
            for (size_t i = column; i < len && i < COLUMN_SEEN * key_len; i += key_len)
                score += common[at[i] ^ k];
            if (score > best) {
                best = score;
                key[column] = (uint8_t)k;
            }
        }
    }
    for (size_t i = 0; i < len; i++)
        text += printable(at[i] ^ key[i % key_len]);
    return is_key(key, key_len) && text >= len - len / 50;
}

static void count_pair(void *user, const struct position_pair *pair)
{
    (void)pair;
    ++*(size_t *)user;
}

/* All keys of one byte: the one under which the most positions appear. */
static bool key_by_positions(const struct xor_index *x, const uint8_t *at, size_t len, uint8_t *key)
{
    enum { PAIRS_MIN = 3 };
    uint8_t plain[XOR_HEAD_BYTES];
    size_t best = 0;

    for (unsigned k = 1; k < 256; k++) {
        size_t pairs = 0;
        const struct position_events events = { .user = &pairs, .pair = count_pair };
        for (size_t i = 0; i < len; i++)
            plain[i] = at[i] ^ (uint8_t)k;
        position_scan_binary(x->positions, plain, len, 0, len, &events);
        if (pairs > best) {
            best = pairs;
            *key = (uint8_t)k;
        }
    }
    return best >= PAIRS_MIN;
}

size_t xor_find_key(const struct xor_index *x, const uint8_t *at, size_t len, uint8_t key[XOR_KEY_MAX])
{
    if (len > XOR_HEAD_BYTES)
        len = XOR_HEAD_BYTES;
    const size_t by_value = key_by_value(x, at, len, key);
    if (by_value)
        return by_value;
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++)
        if (key_by_text(at, len, key_len, key))
            return key_len;
    return key_by_positions(x, at, len, key) ? 1 : 0;
}
