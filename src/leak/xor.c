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
    const struct text_index *text;
    struct xor_index_tracks tracks;
    struct xor_votes *votes;
    struct xor_words *words;
    struct entry *entries;
    size_t room;
    uint64_t *maybe;     /* two bits of one word by the hash of each difference, eight times as many as entries have room: most differences have none */
    unsigned maybe_shift;
};

/* As the bytes stand in memory. */
static inline uint32_t difference(const uint8_t *at, size_t key_len)
{
    uint32_t here, behind;
    _Static_assert(WINDOW == sizeof here, "it is one word");

    memcpy(&here, at, WINDOW);
    memcpy(&behind, at + key_len, WINDOW);
    return here ^ behind;
}

static inline uint64_t hash_of(uint32_t d, size_t key_len)
{
    return (d + key_len * UINT32_C(0x85ebca6b)) * UINT64_C(0x9e3779b97f4a7c15);
}

static size_t slot_of(const struct xor_index *x, uint32_t d, size_t key_len)
{
    return (size_t)(hash_of(d, key_len) >> 32) & (x->room - 1);
}

static inline uint64_t maybe_bits(uint64_t hash)
{
    return UINT64_C(1) << (hash >> 20 & 63) | UINT64_C(1) << (hash >> 26 & 63);
}

static inline bool may_be_known(const struct xor_index *x, uint32_t d, size_t key_len)
{
    const uint64_t hash = hash_of(d, key_len), bits = maybe_bits(hash);

    return (x->maybe[hash >> x->maybe_shift] & bits) == bits;
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

struct xor_index *xor_index_new(const struct secrets *secrets, const struct position_index *positions,
                                const struct text_index *text,
                                const struct index_track *tracks, size_t track_count)
{
    struct xor_index *x = memory_alloc_array(1, sizeof *x);
    const size_t count = secrets->literal_count < LITERALS_MAX ? secrets->literal_count : LITERALS_MAX;

    x->secrets = secrets;
    x->positions = positions;
    x->text = text;
    xor_index_tracks_init(&x->tracks, tracks, track_count);
    x->votes = xor_votes_new(positions);
    x->words = xor_words_new(positions);
    x->room = 64;
    while (x->room < count * XOR_KEY_MAX * 2)
        x->room *= 2;
    x->entries = memory_alloc_array(x->room, sizeof *x->entries);
    x->maybe = memory_alloc_array(x->room / 8, sizeof *x->maybe);
    x->maybe_shift = 64 + 3 - (unsigned)__builtin_ctzll(x->room);
    for (size_t i = 0; i < count; i++) {
        const struct text value = secrets->literals[i].value;
        for (size_t key_len = 1; key_len <= XOR_KEY_MAX && value.len >= key_len + BESIDES_KEY &&
             value.len <= XOR_HEAD_BYTES; key_len++) {
            if (!tells(value, key_len))
                continue;
            const uint32_t d = difference((const uint8_t *)value.at, key_len);
            size_t slot = slot_of(x, d, key_len);
            while (x->entries[slot].literal)
                slot = (slot + 1) & (x->room - 1);
            x->entries[slot] = (struct entry){ d, (uint32_t)i + 1, (uint8_t)key_len };
            x->maybe[hash_of(d, key_len) >> x->maybe_shift] |= maybe_bits(hash_of(d, key_len));
        }
    }
    return x;
}

void xor_index_free(struct xor_index *x)
{
    if (!x)
        return;
    free(x->votes);
    free(x->words);
    free(x->entries);
    free(x->maybe);
    free(x);
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
    return fits && xor_is_key(key);
}

static bool key_by_value_in(const struct xor_index *x, const uint8_t *at, size_t len, struct xor_key *key)
{
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++)
        for (size_t i = 0; i + key_len + WINDOW <= len; i++) {
            const uint32_t d = difference(at + i, key_len);
            if (!may_be_known(x, d, key_len))
                continue;
            for (size_t slot = slot_of(x, d, key_len); x->entries[slot].literal; slot = (slot + 1) & (x->room - 1)) {
                const struct entry *e = &x->entries[slot];
                const struct text value = x->secrets->literals[e->literal - 1].value;
                struct xor_key found = { .len = key_len, .chosen_bytes = (uint8_t)key_len };
                if (e->difference != d || e->key_len != key_len || value.len > len - i ||
                    !value_fits(value, at + i, i, &found) || memmem(at, len, value.at, value.len))
                    continue; /* what repeats a value as it is shows it under a key as well */
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

/* What is left when the key is taken off. */
static struct xor_sample without(const struct xor_sample *sample, const struct xor_key *key)
{
    struct xor_sample left = *sample;

    for (size_t p = 0; p < left.part_count; p++)
        for (size_t i = 0; i < left.parts[p].len; i++)
            left.bytes[left.parts[p].start + i] ^= key->bytes[i % key->len];
    return left;
}

static void lay_over(struct xor_key *key, const struct xor_key *rest)
{
    for (size_t i = 0; i < key->len; i++)
        key->bytes[i] ^= rest->bytes[i % rest->len];
}

/* What is left of a key by records, or a key as it is, has two or three bytes. */
static bool short_key(const struct xor_index *x, const struct xor_sample *sample, const struct xor_key *records,
                      size_t open, struct xor_key *key)
{
    size_t sizes[2];
    struct xor_key rest;

    if (records && (open < 2 || open > 3))
        return false;
    const struct xor_sample left = records ? without(sample, records) : *sample;
    const size_t count = xor_likely_records(&left, XOR_RECORD_MAX, sizes, sizeof sizes / sizeof *sizes);
    for (size_t i = 0; i < count; i++)
        for (size_t len = records ? open : 2; len <= (records ? open : 3); len++) {
            if (!xor_short_key_by_positions(x->positions, &left, sizes[i], len, &rest))
                continue;
            struct xor_key whole = rest;
            if (records) {
                whole = *records;
                lay_over(&whole, &rest);
            }
            whole.chosen_bytes = (uint8_t)whole.len;
            if (!xor_is_key(&whole))
                continue;
            *key = whole;
            return true;
        }
    return false;
}

static bool one_byte(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key)
{
    struct xor_key one = { .len = 1, .chosen_bytes = 1 };
    uint8_t byte;

    if (!xor_byte_by_positions(x->positions, x->votes, sample, &one, &byte) || !byte)
        return false;
    one.bytes[0] = byte;
    *key = one;
    return true;
}

/* What records leave open is one byte. */
static bool last_byte(const struct xor_index *x, const struct xor_sample *sample, const struct xor_record_key *records,
                      struct xor_key *key)
{
    struct xor_key whole = records->key, one = { .len = 1 };

    if (records->open != 1 || !xor_byte_by_positions(x->positions, x->votes, sample, &records->key, &one.bytes[0]))
        return false;
    lay_over(&whole, &one);
    whole.chosen_bytes = (uint8_t)whole.len;
    if (!xor_is_key(&whole))
        return false;
    *key = whole;
    return true;
}

/* Pairs of numbers in an area can be had of much; those of the right key go on along a path. */
static bool follows_path(const struct xor_index *x, const struct xor_sample *sample, const struct xor_key *key)
{
    enum { JOINED_MIN = 3 };
    const double bits_min = 20; /* small numbers that begin near 0 N 0 E have none but by their steps */

    if (x->tracks.count == 0)
        return true;
    const struct xor_fit fit = xor_fit_of(x->positions, &x->tracks, sample, key);
    return fit.joined >= JOINED_MIN && fit.bits >= bits_min;
}

static bool key_by_positions(const struct xor_index *x, const struct xor_sample *sample,
                             const struct xor_record_keys *records, struct xor_key *key)
{
    for (size_t i = 0; i < records->count; i++)
        if (short_key(x, sample, &records->keys[i].key, records->keys[i].open, key))
            return true;
    if (short_key(x, sample, NULL, 0, key) || one_byte(x, sample, key))
        return true;
    /* A few positions are less to go by: only under the best one. */
    return records->count && last_byte(x, sample, &records->keys[0], key);
}

/* By known pieces, or else by how often characters come. */
static bool key_of_text(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key, long *ret_like)
{
    struct xor_key found;

    if (xor_key_by_crib(x->words, sample, 1, XOR_CRIB_KEY_MAX, &found, ret_like) && xor_is_key(&found)) {
        *key = found;
        return true;
    }
    return xor_key_of_text(x->words, sample, key, ret_like);
}

static bool rest_of_text(const struct xor_index *x, const struct xor_sample *sample, size_t len, struct xor_key *key,
                         long *ret_like)
{
    return xor_key_by_crib(x->words, sample, len, len, key, ret_like) ||
        xor_key_of_text_as_long(x->words, sample, len, key, ret_like);
}

/* Records of text: what is left open is a short key, and more is known of each of its bytes. */
static bool records_of_text(const struct xor_index *x, const struct xor_sample *sample,
                            const struct xor_record_key *records, struct xor_key *key, long *ret_like)
{
    const struct xor_sample left = without(sample, &records->key);
    struct xor_key whole = records->key, rest;

    if (!rest_of_text(x, &left, records->open, &rest, ret_like))
        return false;
    lay_over(&whole, &rest);
    whole.of_text = true;
    whole.chosen_bytes = rest.chosen_bytes;
    if (!xor_is_key(&whole))
        return false;
    *key = whole;
    return true;
}

/* A shorter key, from which that one differs in a byte or two: of those under the last bits of numbers nothing is
 * known. */
static void shorten(const struct xor_index *x, const struct xor_sample *sample, struct xor_key *key)
{
    enum { DIFFER_MAX = 2 };

    for (size_t len = 1; len < key->len; len++) {
        struct xor_key shorter = { .len = len, .chosen_bytes = (uint8_t)len };
        size_t differ = 0;
        if (key->len % len != 0)
            continue;
        for (size_t column = 0; column < len; column++) {
            size_t most = 0;
            for (size_t i = column; i < key->len; i += len) {
                size_t same = 0;
                for (size_t k = column; k < key->len; k += len)
                    same += key->bytes[k] == key->bytes[i];
                if (same <= most)
                    continue;
                most = same;
                shorter.bytes[column] = key->bytes[i];
            }
            differ += key->len / len - most;
        }
        if (differ > DIFFER_MAX || differ * 2 >= key->len - len || !follows_path(x, sample, &shorter))
            continue;
        *key = shorter;
        return;
    }
}

/* Each record meets the same bytes of the key. */
static bool ring_key(const struct xor_known *known, const struct xor_sample *sample, struct xor_key *key)
{
    size_t sizes[2], tries = 4;
    const size_t count = xor_likely_records(sample, XOR_RECORD_MAX, sizes, sizeof sizes / sizeof *sizes);

    for (size_t i = 0; i < count; i++)
        for (size_t len = XOR_RING_MIN; len <= XOR_RING_MAX; len++)
            if (sizes[i] % len == 0 && xor_ring_key_by_positions(known, sample, sizes[i], len, &tries, key))
                return true;
    return false;
}

/* By records that have something the same in each, or several bytes of the key twice. */
static bool key_by_path(const struct xor_index *x, const struct xor_known *known, const struct xor_sample *sample,
                        const struct xor_record_keys *records, bool plain, struct xor_key *key)
{
    if (!plain && ring_key(known, sample, key)) {
        shorten(x, sample, key);
        return true;
    }
    return xor_key_by_columns(known, sample, key) ||
        (key_by_positions(x, sample, records, key) && follows_path(x, sample, key));
}

static bool follows_as_well(const struct xor_index *x, const struct xor_sample *sample, const struct xor_key *key,
                           const struct xor_key *other)
{
    return xor_fit_of(x->positions, &x->tracks, sample, key).bits >=
        xor_fit_of(x->positions, &x->tracks, sample, other).bits;
}

bool xor_find_key(const struct xor_index *x, const struct xor_sample *sample, size_t *searches, struct xor_key *key)
{
    enum { PLAIN_MIN = 4 };
    struct xor_record_keys records;
    struct xor_key found;
    long like = 0, like_of_records;

    const struct xor_known known = { x->positions, &x->tracks };
    /* Where positions stand as they are, no key is to be found that makes others of them, and looking for one along the
     * path would be most of the work. */
    const struct xor_plain as_it_is = xor_plain_positions(x->positions, sample);
    const bool plain = as_it_is.positions >= PLAIN_MIN;
    /* Letters of a polyline are text of a kind, too. */
    if (key_by_value(x, sample, key) || (!plain && xor_key_by_start(&known, sample, true, key)))
        return true;
    bool text = key_of_text(x, sample, key, &like);
    xor_keys_by_records(sample, &records);
    for (size_t i = 0; i < records.count; i++) {
        if (!records_of_text(x, sample, &records.keys[i], &found, &like_of_records) ||
            (text && like_of_records <= like))
            continue;
        text = true;
        like = like_of_records;
        *key = found;
    }
    if (text) {
        xor_mend_key_of_text(&x->tracks, x->text, x->words, sample, key);
        return true;
    }
    struct xor_key of_rows;
    bool exact;
    const bool other = key_by_path(x, &known, sample, &records, plain, &found);
    if (as_it_is.far_from_zero < PLAIN_MIN && xor_key_by_rows(&known, sample, searches, &of_rows, &exact) &&
        (!other || exact || follows_as_well(x, sample, &of_rows, &found))) {
        *key = of_rows;
        return true;
    }
    if (other)
        *key = found;
    return other || (!plain && xor_key_by_start(&known, sample, false, key));
}

bool xor_shows(const struct xor_index *x, const struct xor_key *key, const struct xor_sample *sample)
{
    bool shows = true;

    if (!key->of_text)
        return x->tracks.count == 0 || xor_fit_of(x->positions, &x->tracks, sample, key).joined > 0;
    for (size_t p = 0; p < sample->part_count; p++)
        shows &= xor_key_reads(key, sample->bytes + sample->parts[p].start, sample->parts[p].len);
    return shows;
}
