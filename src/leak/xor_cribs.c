/* Keys by pieces of text that are likely to stand there. */
#include "leak/xor_key.h"

#include <string.h>

enum { CANDIDATES_MAX = 64, BETTER_SHARE = 8 };

struct candidates {
    struct xor_key keys[CANDIDATES_MAX];
    size_t count;
};

static void add_candidate(struct candidates *c, const struct xor_key *key)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->keys[i].len == key->len && memcmp(c->keys[i].bytes, key->bytes, key->len) == 0)
            return;
    if (c->count < CANDIDATES_MAX)
        c->keys[c->count++] = *key;
}

/* at[0] is `place` bytes behind where the key begins. */
static bool crib_fits(const struct xor_crib *crib, const uint8_t *at, size_t place, struct xor_key *key)
{
    for (size_t i = 0; i < crib->len; i++) {
        const uint8_t byte = at[i] ^ (uint8_t)crib->text[i];
        if (i < key->len)
            key->bytes[(place + i) % key->len] = byte;
        else if (key->bytes[(place + i) % key->len] != byte)
            return false;
    }
    return true;
}

static void look_up(const struct xor_words *w, const struct xor_part *part, const uint8_t *at, size_t place,
                    size_t key_len, struct candidates *c)
{
    const uint32_t difference = xor_crib_difference(at + place, key_len),
        bit = xor_crib_hash(difference, key_len) >> (32 - XOR_CRIB_MAYBE_BITS);

    if (!(w->maybe[bit >> 6] >> (bit & 63) & 1))
        return;
    for (size_t slot = xor_crib_slot(difference, key_len); w->entries[slot].crib; slot = (slot + 1) % XOR_CRIB_SLOTS) {
        const struct xor_crib_entry *e = &w->entries[slot];
        const struct xor_crib *crib = &w->cribs[e->crib - 1];
        struct xor_key key = { .len = key_len };
        if (e->difference == difference && e->key_len == key_len && crib->len <= part->len - place &&
            crib_fits(crib, at + place, place, &key))
            add_candidate(c, &key);
    }
}

bool xor_key_by_crib(const struct xor_words *words, const struct xor_sample *s, size_t shortest, size_t longest,
                     struct xor_key *key, long *ret_like)
{
    struct candidates candidates = { .count = 0 };
    bool found = false;

    for (size_t key_len = shortest; key_len <= longest && key_len <= XOR_CRIB_KEY_MAX; key_len++)
        for (size_t p = 0; p < s->part_count; p++) {
            const struct xor_part *part = &s->parts[p];
            for (size_t place = part->plain; place + key_len + XOR_CRIB_DIFFERENCES <= part->len; place++)
                look_up(words, part, s->bytes + part->start, place, key_len, &candidates);
        }
    for (size_t i = 0; i < candidates.count; i++) {
        long like;
        /* Shorter ones come first; what a longer one gains by chance is little. */
        const bool longer = found && candidates.keys[i].len > key->len;
        if (!xor_key_reads_text(words, s, &candidates.keys[i], &like) ||
            (found && like <= *ret_like + (longer ? *ret_like / BETTER_SHARE : 0)))
            continue;
        *ret_like = like;
        *key = candidates.keys[i];
        found = true;
    }
    if (found)
        xor_key_is_of_text(key);
    return found;
}
