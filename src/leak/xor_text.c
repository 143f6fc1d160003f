/* Keys that lie over text: from what each of their bytes is likely to be to the key that makes most pieces of known
 * text. */
#include "leak/xor_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { NEARLY_TEXT = 80, TEXT_SHARE = 90 /* of all bytes, in hundredths */ };

/* How often a byte comes again some lengths of the key behind, in thousandths: text does, with that key.  0: as often
 * as by chance, or nearly always, as in a run of one byte, under which there is nothing to read. */
static unsigned repeats(const struct xor_sample *s, size_t key_len)
{
    enum { LENGTHS = 6, LAG_MIN = 128 };
    const size_t last = key_len * LENGTHS > LAG_MIN ? key_len * LENGTHS : LAG_MIN;
    size_t same = 0, of = 0;

    for (size_t p = 0; p < s->part_count; p++) {
        const uint8_t *at = s->bytes + s->parts[p].start;
        for (size_t lag = key_len; lag <= last && lag + s->parts[p].plain < s->parts[p].len; lag += key_len) {
            const size_t n = s->parts[p].len - lag - s->parts[p].plain;
            same += xor_equals(at + s->parts[p].plain, at + s->parts[p].plain + lag, n);
            of += n;
        }
    }
    enum { TELLING = 20, FILLER = 600 }; /* chance has 4, text 40 and more */
    const unsigned often = of ? (unsigned)(same * 1000 / of) : 0;
    return often >= TELLING && often < FILLER ? often : 0;
}

/* Bytes that come again under the same bytes of the key. */
struct again {
    uint16_t at, part_offset, times;
};
enum { AGAIN_BYTES = 5, AGAIN_MAX = 48, AGAIN_SLOTS = 8192 };

static size_t find_again(const struct xor_sample *s, size_t key_len, struct again *list)
{
    static const uint16_t FREE = UINT16_MAX;
    struct again *slots = memory_alloc_array(AGAIN_SLOTS, sizeof *slots);
    size_t count = 0;

    for (size_t i = 0; i < AGAIN_SLOTS; i++)
        slots[i].at = FREE;
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i + XOR_CRIB_MAX <= s->parts[p].len; i++) {
            const uint8_t *at = s->bytes + s->parts[p].start + i;
            size_t slot = (size_t)hash_mix(at, AGAIN_BYTES, i % key_len) % AGAIN_SLOTS;
            while (slots[slot].at != FREE && (slots[slot].part_offset % key_len != i % key_len ||
                                              memcmp(s->bytes + slots[slot].at, at, AGAIN_BYTES) != 0))
                slot = (slot + 1) % AGAIN_SLOTS;
            if (slots[slot].at == FREE)
                slots[slot] = (struct again){ (uint16_t)(at - s->bytes), (uint16_t)i, 0 };
            slots[slot].times++;
        }
    /* The most often ones. */
    for (size_t i = 0; i < AGAIN_SLOTS; i++) {
        if (slots[i].at == FREE || slots[i].times < 2)
            continue;
        size_t k = count < AGAIN_MAX ? count++ : AGAIN_MAX - 1;
        if (k == AGAIN_MAX - 1 && list[k].times >= slots[i].times && count == AGAIN_MAX && i > 0 && list[k].times)
            continue;
        for (; k > 0 && list[k - 1].times < slots[i].times; k--)
            list[k] = list[k - 1];
        list[k] = slots[i];
    }
    free(slots);
    return count;
}

/* If the crib stands where bytes come again, what stands there gives bytes of the key: of the right one they agree
 * wherever it stands.  Gives how many votes the bytes of the key got that got most. */
static unsigned try_crib(const struct xor_sample *s, const struct xor_crib *crib, const struct again *list,
                         size_t count, size_t key_len,
                         uint16_t votes[XOR_KEY_MAX][256], uint8_t key[XOR_KEY_MAX], bool known[XOR_KEY_MAX])
{
    uint16_t most[XOR_KEY_MAX] = { 0 };
    unsigned sum = 0;

    memset(votes, 0, key_len * sizeof *votes);
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < crib->len; i++) {
            const size_t column = (list[n].part_offset + i) % key_len;
            const uint8_t byte = s->bytes[list[n].at + i] ^ (uint8_t)crib->text[i];
            const uint16_t now = (uint16_t)(votes[column][byte] + (i < AGAIN_BYTES ? list[n].times : 1));
            votes[column][byte] = now;
            if (now <= most[column])
                continue;
            most[column] = now;
            key[column] = byte;
        }
    for (size_t column = 0; column < key_len; column++) {
        known[column] = most[column] > 0;
        sum += most[column];
    }
    return sum;
}

/* Where each byte of the key begins to be looked for: by the crib that fits best. */
static bool columns_by_crib(struct text_key *t)
{
    struct again list[AGAIN_MAX] = { { 0 } };
    uint16_t votes[XOR_KEY_MAX][256];
    const size_t count = find_again(t->sample, t->key->len, list), key_len = t->key->len;
    unsigned best = 0;

    if (count < 2)
        return false;
    for (size_t i = 0; i < t->words->crib_count && i < XOR_CRIBS_TRIED; i++) {
        uint8_t key[XOR_KEY_MAX];
        bool known[XOR_KEY_MAX];
        const unsigned fits = try_crib(t->sample, &t->words->cribs[i], list, count, key_len, votes, key, known);
        if (fits <= best)
            continue;
        best = fits;
        for (size_t column = 0; column < key_len; column++)
            t->key->bytes[column] = known[column] ? key[column] : t->candidates[column][0];
    }
    for (size_t column = 0; column < key_len; column++)
        text_key_decode(t, column);
    return best > 0;
}

/* In hundredths. */
static unsigned text_share(const struct text_key *t)
{
    const struct xor_sample *s = t->sample;
    size_t text = 0, all = 0;

    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = s->parts[p].plain; i < s->parts[p].len; i++, all++)
            text += t->common[t->plain[s->parts[p].start + i]] > XOR_NEVER;
    return all ? (unsigned)(text * 100 / all) : 0;
}

static void take_key(struct text_key *t, const struct xor_key *key)
{
    *t->key = *key;
    for (size_t column = 0; column < key->len; column++)
        text_key_decode(t, column);
}

/* The key with a crib put to one place; false: it is no other one, or one that would make no text. */
static bool put_crib(const struct text_key *t, const struct xor_crib *crib, const uint8_t *at, size_t place,
                     bool likely[XOR_KEY_MAX][256], struct xor_key *ret)
{
    const size_t key_len = t->key->len;
    bool other = false;

    *ret = *t->key;
    for (size_t i = 0; i < crib->len; i++) {
        const size_t column = (place + i) % key_len;
        const uint8_t byte = at[place + i] ^ (uint8_t)crib->text[i];
        if (i >= key_len ? ret->bytes[column] != byte : !likely[column][byte])
            return false;
        other |= ret->bytes[column] != byte;
        ret->bytes[column] = byte;
    }
    return other;
}

/* Where several bytes of the key are wrong in a way that each of them makes text, as digits of digits, none of them can
 * be set right alone: a crib does it for all that it stands over. */
static long cribs_together(struct text_key *t, long best)
{
    enum { PLACES_MAX = 96, TRIES_MAX = 256 };
    const struct xor_part *part = &t->sample->parts[0];
    const uint8_t *at = t->sample->bytes + part->start;
    bool likely[XOR_KEY_MAX][256] = { { false } };
    int tries = 0;

    for (size_t column = 0; column < t->key->len; column++) {
        likely[column][t->key->bytes[column]] = true;
        for (size_t i = 0; i < CANDIDATES; i++)
            likely[column][t->candidates[column][i]] = true;
    }
    for (size_t place = part->plain; place < part->len && place < (size_t)part->plain + PLACES_MAX; place++)
        for (size_t i = 0; i < t->words->crib_count && i < XOR_CRIBS_TRIED && tries < TRIES_MAX; i++) {
            const struct xor_crib *crib = &t->words->cribs[i];
            const struct xor_key before = *t->key;
            struct xor_key key;
            if (crib->len > part->len - place || !put_crib(t, crib, at, place, likely, &key))
                continue;
            tries++;
            take_key(t, &key);
            const long like = text_key_like(t, 0);
            if (like > best)
                best = like;
            else
                take_key(t, &before);
        }
    return best;
}

/* From what each byte of the key is likely to be by itself, and from what a known piece of text would make of it; then
 * so that most known pieces appear. */
static long best_columns(struct text_key *t)
{
    text_key_by_characters(t);
    /* What is not text at all is mostly seen here, and the rest is most of the work. */
    if (text_share(t) < NEARLY_TEXT)
        return 0;
    text_key_by_neighbours(t);
    long best = text_key_by_all(t);
    struct xor_key found = *t->key;
    if (columns_by_crib(t)) {
        text_key_by_neighbours(t);
        const long by_crib = text_key_by_all(t);
        if (by_crib > best) {
            best = by_crib;
            found = *t->key;
        }
    }
    take_key(t, &found);
    if (text_share(t) < TEXT_SHARE)
        return best;
    best = cribs_together(t, best);
    found = *t->key;
    t->of_a_word = WORDS_ABOVE_ALL;
    text_key_by_neighbours(t);
    const long by_words = text_key_by_all(t);
    if (by_words >= best)
        return by_words;
    take_key(t, &found);
    return best;
}

/* How much like text each byte becomes, in thousandths, less what a longer key gains by chance: the more, the fewer
 * bytes it has been tried on. */
static long like_of(const struct xor_sample *s, long sum, size_t key_len)
{
    enum { GAIN_OF_A_BYTE = 1000, THOUSANDTHS = 1000 };
    size_t all = 0;

    for (size_t p = 0; p < s->part_count; p++)
        all += s->parts[p].len - s->parts[p].plain;
    return all ? (sum - GAIN_OF_A_BYTE * (long)key_len) * THOUSANDTHS / (long)all : 0;
}

/* False: there is no key of that length, or too little to tell. */
static bool key_by_text(const struct xor_words *words, const struct xor_sample *s, size_t key_len, struct xor_key *key,
                        long *ret_like)
{
    enum { BYTES_MIN = 10 };
    struct text_key t = { .sample = s, .key = key, .words = words };

    *key = (struct xor_key){ .len = key_len };
    if (s->len / key_len < BYTES_MIN)
        return false;
    text_key_prepare(&t);
    *ret_like = like_of(s, best_columns(&t), key_len);
    return xor_is_key(key) && text_share(&t) >= TEXT_SHARE && *ret_like > 0;
}

bool xor_key_reads_text(const struct xor_words *words, const struct xor_sample *s, const struct xor_key *key,
                        long *ret_like)
{
    struct xor_key same = *key;
    struct text_key t = { .sample = s, .key = &same, .words = words };

    text_key_prepare(&t);
    for (size_t column = 0; column < key->len; column++)
        text_key_decode(&t, column);
    if (text_share(&t) < TEXT_SHARE)
        return false;
    *ret_like = like_of(s, text_key_like(&t, 0), key->len);
    return *ret_like > 0;
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

/* Text leaves each byte of the key some eight values, digits above all: among these that was taken which fits the known
 * areas. */
void xor_key_is_of_text(struct xor_key *key)
{
    enum { LEFT_OPEN_BITS = 3 };

    key->of_text = true;
    key->chosen_bytes = (uint8_t)((LEFT_OPEN_BITS * key->len + 7) / 8);
}

bool xor_key_of_text_as_long(const struct xor_words *words, const struct xor_sample *s, size_t key_len,
                             struct xor_key *key, long *ret_like)
{
    struct xor_key found;

    if (!key_by_text(words, s, key_len, &found, ret_like))
        return false;
    xor_key_is_of_text(&found);
    *key = found;
    return true;
}

bool xor_key_of_text(const struct xor_words *words, const struct xor_sample *s, struct xor_key *key, long *ret_like)
{
    enum { BETTER_SHARE = 4 };
    bool likely[XOR_KEY_MAX + 1] = { false };
    long best = 0;

    likely_lengths(s, likely);
    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
        struct xor_key found;
        long like;
        /* Records that repeat at its length make text of a longer key too. */
        if (!likely[key_len] || !key_by_text(words, s, key_len, &found, &like) || like <= best + best / BETTER_SHARE)
            continue;
        best = like;
        *key = found;
        xor_key_is_of_text(key);
    }
    *ret_like = best;
    return best > 0;
}
