#include "leak/view_xor.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/view_child.h"

enum {
    SAMPLES_MAX = 64,    /* flows and chains at once; the next one takes the place of another */
    TRIES_AT_ONCE = 4,   /* to find the key of one: with each of the first messages; then when so much more ... */
    GROWTH = 4,          /* ... as a quarter of what there was has come */
    /* A try takes milliseconds, and a capture may have any number of flows that nobody can read. */
    TRIES_FREE = 400, BYTES_PER_TRY = 512 * 1024,
    /* All places of the known paths: a hundred times as long. */
    SEARCHES_FREE = 96, BYTES_PER_SEARCH = 8 << 20,
};

/* Where the parts of a sample came from, so that what is found in them later can be shown. */
struct part_place {
    struct view_where where;
    uint64_t coordinate;
};

struct sample_slot {
    int64_t flow;
    uint16_t chain;
    bool used;
    uint8_t tries;
    uint16_t tried_len;
    struct xor_key key; /* of length 0: not found */
    struct xor_sample sample;
    struct part_place places[XOR_PARTS_MAX];
};

struct xor_samples {
    struct sample_slot slots[SAMPLES_MAX];
};

struct view_xor {
    uint64_t start;            /* offset in the view */
    uint16_t chain;            /* of the view, as it was before it was taken for some container */
    uint8_t *head;             /* while the key is looked for */
    size_t head_len;
    uint64_t decoded;          /* bytes from `start` on */
    struct view *child;
    struct xor_key key;
};

void xor_samples_free(struct xor_samples *s) { free(s); }

static struct sample_slot *slot_of(const struct view *v, uint16_t chain)
{
    struct view_engine *e = v->engine;
    const struct {
        int64_t flow, chain;
    } key = { v->root->flow, chain };

    if (!e->xor_samples)
        e->xor_samples = memory_alloc_array(1, sizeof *e->xor_samples);
    struct sample_slot *slot = &e->xor_samples->slots[hash_mix(&key, sizeof key, 0) % SAMPLES_MAX];
    if (slot->used && slot->flow == key.flow && slot->chain == chain)
        return slot;
    *slot = (struct sample_slot){ .flow = key.flow, .chain = chain, .used = true };
    return slot;
}

static struct view *open_child(struct view *v, uint16_t chain, const struct xor_key *key, uint64_t start)
{
    char step[sizeof CHAIN_XOR + 2 * XOR_KEY_MAX] = CHAIN_XOR;

    if (view_too_deep(v) || v->engine->children_open >= view_children_max(v->engine))
        return NULL;
    hash_hex(key->bytes, key->len, step + strlen(step));
    struct view *child = memory_alloc(sizeof *child);
    view_child_init(child, v, step, start);
    child->chain = child->own_chain = chain_with(v->engine->chains, chain, text_of(step));
    child->xored = true;
    child->key_bytes = key->chosen_bytes;
    return child;
}

static void close_child(struct view *child)
{
    if (child)
        view_child_done(child);
    free(child);
}

/* at[0] is `from` bytes behind where the key begins. */
static void feed_child(struct view *v, struct view *child, const struct xor_key *key, const uint8_t *at, size_t len,
                       uint64_t from)
{
    uint8_t *out = v->engine->decoded + (size_t)v->depth * VIEW_PIECE_BYTES;

    while (len > 0) {
        const size_t n = len < VIEW_PIECE_BYTES ? len : VIEW_PIECE_BYTES;
        if (!view_may_decode(v)) {
            v->engine->not_decoded += len;
            return;
        }
        for (size_t i = 0; i < n; i++)
            out[i] = at[i] ^ key->bytes[(from + i) % key->len];
        view_feed(child, (struct bytes){ .at = out, .len = n }, v->engine->now);
        (void)view_charge(v, n);
        at += n;
        len -= n;
        from += n;
    }
}

static void decode_own(struct view *v, struct view_xor *x, const uint8_t *at, size_t len)
{
    if (!x->child)
        return;
    feed_child(v, x->child, &x->key, at, len, x->decoded);
    x->decoded += len;
}

/* Several messages in one, of which each begins with the key anew: behind the first one the key goes on from another of
 * its bytes.  Only where all of the view is at hand, and for it alone. */
static void decode_turned(struct view *v, uint16_t chain, const struct xor_key *key, const uint8_t *at, size_t len,
                          uint64_t start, const struct part_place *place)
{
    enum { BYTES_MIN = 2 * XOR_LEAST_BYTES };

    for (size_t turn = 1; turn < key->len && len >= BYTES_MIN && len < XOR_HEAD_BYTES; turn++) {
        struct xor_key turned = *key;
        for (size_t i = 0; i < key->len; i++)
            turned.bytes[i] = key->bytes[(i + turn) % key->len];
        turned.chosen_bytes = key->chosen_bytes ? 1 : 0; /* which one it is of those that are known: four bits at most */
        struct view *child = open_child(v, chain, &turned, start);
        if (!child)
            return;
        if (place) {
            child->where = place->where;
            child->coordinate = place->coordinate;
        }
        feed_child(v, child, &turned, at, len, 0);
        close_child(child);
    }
}

/* The messages before, as children of where they stood. */
static void decode_before(struct view *v, const struct sample_slot *slot)
{
    for (size_t i = 0; i < slot->sample.part_count; i++) {
        const struct xor_part *part = &slot->sample.parts[i];
        struct view *child = open_child(v, slot->chain, &slot->key, 0);
        if (!child)
            return;
        child->where = slot->places[i].where;
        child->coordinate = slot->places[i].coordinate;
        feed_child(v, child, &slot->key, slot->sample.bytes + part->start, part->len, 0);
        close_child(child);
        decode_turned(v, slot->chain, &slot->key, slot->sample.bytes + part->start, part->len, 0, &slot->places[i]);
    }
}

static void add_part(struct view *v, struct sample_slot *slot, const struct view_xor *x)
{
    struct xor_sample *s = &slot->sample;

    if (s->part_count == XOR_PARTS_MAX || x->head_len > (size_t)XOR_SAMPLE_BYTES - s->len)
        return;
    /* As view_child_init gives them. */
    struct view child;
    view_child_init(&child, v, "XOR", x->start);
    v->engine->children_open--;
    slot->places[s->part_count] = (struct part_place){ child.where, child.coordinate };
    s->parts[s->part_count++] = (struct xor_part){ s->len, (uint16_t)x->head_len,
                                                   xor_plain_head(x->head, x->head_len) };
    memcpy(s->bytes + s->len, x->head, x->head_len);
    s->len = (uint16_t)(s->len + x->head_len);
}

static bool worth_a_try(const struct view_engine *e, const struct sample_slot *slot)
{
    return slot->tries < e->xor_tries_each && slot->sample.len >= XOR_LEAST_BYTES &&
           (slot->tries < TRIES_AT_ONCE ? slot->sample.len > slot->tried_len : slot->sample.len - slot->tried_len >= slot->tried_len / GROWTH);
}

/* In all of an item so many, and more of a larger one. */
static bool may_try(const struct view_engine *e)
{
    return e->xor_tries < TRIES_FREE / e->share + e->root_bytes / BYTES_PER_TRY;
}

/* As xor_find_key, as far as there is time for it in an item. */
static bool find_key(struct view_engine *e, const struct xor_sample *sample, struct xor_key *key)
{
    const size_t all = SEARCHES_FREE / e->share + (size_t)(e->root_bytes / BYTES_PER_SEARCH);
    size_t left = all > e->xor_searches ? all - e->xor_searches : 0;
    const size_t before = left;
    const bool found = xor_find_key(e->index->xors, sample, &left, key);

    e->xor_searches += before - left;
    return found;
}

static void count_not_sought(struct view_engine *e, const struct view_xor *x)
{
    e->not_decoded += x->head_len;
    e->not_followed += x->head_len;
}

/* Some take another key for each message: this one's is then looked for in it alone. */
static void key_of_its_own(struct view *v, struct sample_slot *slot, const struct view_xor *x)
{
    struct xor_sample alone = { .len = (uint16_t)x->head_len, .part_count = 1,
                                .parts = { { 0, (uint16_t)x->head_len, xor_plain_head(x->head, x->head_len) } } };
    struct xor_key key;

    memcpy(alone.bytes, x->head, x->head_len);
    if (slot->key.len && xor_shows(v->engine->index->xors, &slot->key, &alone))
        return;
    if (slot->tries >= v->engine->xor_tries_each || !may_try(v->engine)) {
        count_not_sought(v->engine, x);
        return;
    }
    v->engine->xor_tries++;
    slot->tries++;
    if (find_key(v->engine, &alone, &key))
        slot->key = key;
}

/* The beginnings of messages: of several in one view the key is another one behind the first. */
static bool find_by_beginnings(struct view_engine *e, const struct xor_sample *sample, struct xor_key *key)
{
    enum { MESSAGES = 4 };
    struct xor_sample first = *sample;
    bool shorter = false;

    for (size_t p = 0; p < first.part_count; p++) {
        struct xor_part *part = &first.parts[p];
        if (part->len >= XOR_HEAD_BYTES || part->len < MESSAGES * XOR_LEAST_BYTES)
            continue;
        part->len /= MESSAGES;
        part->plain = part->plain < part->len ? part->plain : 0;
        shorter = true;
    }
    return shorter && find_key(e, &first, key);
}

/* All is gathered that will be of this view. */
static void decide(struct view *v, struct view_xor *x)
{
    struct sample_slot *slot = slot_of(v, x->chain);
    const size_t before = slot->sample.part_count, plain = xor_plain_head(x->head, x->head_len);

    if (!slot->key.len && !xor_plain_inside(x->head + plain, x->head_len - plain)) {
        add_part(v, slot, x);
        if (worth_a_try(v->engine, slot) && !may_try(v->engine)) {
            count_not_sought(v->engine, x);
        } else if (worth_a_try(v->engine, slot)) {
            v->engine->xor_tries++;
            slot->tries++;
            slot->tried_len = slot->sample.len;
            if (!find_key(v->engine, &slot->sample, &slot->key))
                (void)find_by_beginnings(v->engine, &slot->sample, &slot->key);
        }
        if (slot->key.len) {
            slot->sample.part_count = (uint8_t)before;
            decode_before(v, slot);
        }
    }
    if (slot->key.len && x->head_len >= XOR_LEAST_BYTES)
        key_of_its_own(v, slot, x);
    if (slot->key.len) {
        x->key = slot->key;
        x->child = open_child(v, x->chain, &x->key, x->start);
        decode_own(v, x, x->head, x->head_len);
        decode_turned(v, x->chain, &x->key, x->head, x->head_len, x->start, NULL);
    }
    free(x->head);
    x->head = NULL;
}

void view_xor_begin(struct view *v, struct view_xor **x, const uint8_t *at, size_t len, uint64_t start)
{
    if (view_too_deep(v) || v->xored || xor_is_plain(at, len < XOR_LOOK_BYTES ? len : XOR_LOOK_BYTES))
        return;
    *x = memory_alloc_array(1, sizeof **x);
    (*x)->start = start;
    (*x)->chain = v->chain;
    (*x)->head = memory_alloc(XOR_HEAD_BYTES);
    view_xor_more(v, *x, at, len);
}

void view_xor_more(struct view *v, struct view_xor *x, const uint8_t *at, size_t len)
{
    if (!x)
        return;
    if (x->head) {
        const size_t n = len < XOR_HEAD_BYTES - x->head_len ? len : XOR_HEAD_BYTES - x->head_len;
        memcpy(x->head + x->head_len, at, n);
        x->head_len += n;
        if (x->head_len < XOR_HEAD_BYTES)
            return;
        decide(v, x);
        at += n;
        len -= n;
    }
    decode_own(v, x, at, len);
}

void view_xor_stop(struct view_xor *x)
{
    if (!x)
        return;
    free(x->head);
    x->head = NULL;
}

void view_xor_end(struct view *v, struct view_xor **x)
{
    if (!*x)
        return;
    if ((*x)->head)
        decide(v, *x);
    close_child((*x)->child);
    free(*x);
    *x = NULL;
}
