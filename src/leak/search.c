#include "leak/search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/findings.h"
#include "leak/hits.h"
#include "leak/view.h"

enum {
    POSITIONS_MAX = 32768,  /* of one flow */
    POSITIONS_SHARE = 512,  /* that each encoding may have all the same: near 0 degrees small numbers look like
                             * positions by the thousand, and must not keep the others out */
    LITERALS_MAX = 512,
    FILES_MAX = 256,
    PLACES_MAX = 4096,
    RECENT_HITS = 8,
    DESTINATION_MAX = 256,
};

struct leak_search {
    struct payload_search operations; /* first: the one is a pointer to the other */
    const struct leak_index *index;
    struct chains *chains;
    struct view_engine engine;
    struct flow_hits **flows;         /* open addressing by flow number */
    size_t flow_count, flow_room;
    size_t hits_bytes;
    uint64_t bytes, views, dropped;
    struct weak_run *weak;            /* WEAK_SLOTS */
};

struct payload_view {
    struct view view; /* first */
    struct leak_search *search;
    struct flow_hits *hits;    /* NULL until something is found */
    int64_t flow;
    char *destination;         /* own copy; NULL: unknown */
    struct sha256 *hash;       /* while what was fed may still be a known file */
    uint64_t fed;
    struct view_where first;
    uint16_t destination_len;
};

/* Flows with hits */

static size_t flow_slot(const struct leak_search *s, int64_t flow)
{
    size_t slot = (size_t)hash_mix(&flow, sizeof flow, 0) & (s->flow_room - 1);

    while (s->flows[slot] && s->flows[slot]->flow != flow)
        slot = (slot + 1) & (s->flow_room - 1);
    return slot;
}

static struct flow_hits *flow_find(const struct leak_search *s, int64_t flow)
{
    return s->flow_room ? s->flows[flow_slot(s, flow)] : NULL;
}

static void flows_grow(struct leak_search *s)
{
    struct flow_hits **old = s->flows;
    const size_t old_room = s->flow_room;

    s->flow_room = old_room ? old_room * 2 : 64;
    s->flows = memory_alloc_array(s->flow_room, sizeof *s->flows);
    for (size_t i = 0; i < old_room; i++)
        if (old[i])
            s->flows[flow_slot(s, old[i]->flow)] = old[i];
    free(old);
}

static bool may_keep(struct leak_search *s, size_t bytes)
{
    if (s->hits_bytes + bytes > s->index->limits.hits_bytes) {
        s->dropped++;
        return false;
    }
    s->hits_bytes += bytes;
    return true;
}

static struct flow_hits *hits_of(struct payload_view *v)
{
    struct leak_search *s = v->search;

    if (v->hits)
        return v->hits;
    v->hits = flow_find(s, v->flow);
    if (v->hits)
        return v->hits;
    if (!may_keep(s, sizeof *v->hits + v->destination_len))
        return NULL;
    if (s->flow_count * 2 >= s->flow_room)
        flows_grow(s);
    struct flow_hits *h = memory_alloc_array(1, sizeof *h);
    h->flow = v->flow;
    if (v->destination) {
        char *copy = memory_alloc(v->destination_len);
        memcpy(copy, v->destination, v->destination_len);
        h->destination = (struct text){ .at = copy, .len = v->destination_len };
    }
    s->flows[flow_slot(s, v->flow)] = h;
    s->flow_count++;
    return v->hits = h;
}

static void flow_free(struct flow_hits *h)
{
    free((void *)(uintptr_t)h->destination.at);
    free(h->positions);
    free(h->literals);
    free(h->files);
    free(h->places);
    free(h->pictures);
    free(h);
}

/* Room for one more; the list grows by doubling, within the memory for hits. */
static void *hit_room(struct leak_search *s, void *list, size_t count, size_t *room, size_t size, size_t max)
{
    if (count < *room)
        return list;
    const size_t more = *room ? *room : 4;
    if (count >= max) {
        s->dropped++;
        return NULL;
    }
    if (!may_keep(s, more * size))
        return NULL;
    *room += more;
    return memory_resize_array(list, *room, size);
}

/* What the views find */

static void keep_position(struct leak_search *s, struct flow_hits *h, const struct position_hit *hit)
{
    uint32_t *of_encoding = &h->position_counts[hit->encoding];
    const size_t max = *of_encoding < POSITIONS_SHARE ? SIZE_MAX : POSITIONS_MAX;
    struct position_hit *list = hit_room(s, h->positions, h->position_count, &h->position_room, sizeof *list, max);

    if (!list)
        return;
    h->positions = list;
    ++*of_encoding;
    list[h->position_count] = *hit;
    list[h->position_count].order = (uint32_t)h->position_count;
    h->position_count++;
}

static void pair_found(void *user, struct view *root, const struct view_place *place, const struct position_pair *pair,
                       struct bytes around)
{
    struct leak_search *s = user;
    struct flow_hits *h = hits_of((struct payload_view *)root);

    if (!h)
        return;
    for (size_t i = h->position_count; i > 0 && h->position_count - i < RECENT_HITS; i--) {
        const struct position_hit *last = &h->positions[i - 1];
        if (last->chain != place->chain || last->encoding != pair->encoding || last->delta != pair->delta)
            continue;
        if (last->longitude_deg == pair->longitude_deg && last->latitude_deg == pair->latitude_deg)
            return; /* standing still */
        break;
    }
    struct position_hit hit = {
        .longitude_deg = pair->longitude_deg,
        .latitude_deg = pair->latitude_deg,
        .coordinate = place->coordinate,
        .where = place->where,
        .length = (uint32_t)pair->length,
        .chain = place->chain,
        .encoding = pair->encoding,
        .delta = pair->delta,
        .fixed_chars = pair->fixed_chars,
        .decimals = pair->decimals,
        .labelled = pair->labelled,
        .chained = pair->chained,
        .cell_m = pair->cell_m,
        .key_bytes = place->key_bytes,
        .said_utc_ns = { FACT_UNKNOWN_INT, FACT_UNKNOWN_INT },
        .seen = hit_seen(place->seen),
    };
    struct weak_run *run = NULL;
    const bool weak = position_near_zero(pair) && abs(pair->delta) < POSITION_COLUMNS;
    const enum weak_verdict verdict = weak ? weak_joins(s->weak, h->flow, &hit, &run) : WEAK_KEEP;
    /* Looking for times costs more than all else: not for what stands alone. */
    if (around.at && (!weak || run->count > 1)) {
        stamps_near(s->index, around, pair->at, pair->length, pair->encoding >= POSITION_TEXT_DEGREES, hit.said_utc_ns);
        if (weak)
            memcpy(run->hits[(run->count - 1) % WEAK_JOINED_MIN].said_utc_ns, hit.said_utc_ns, sizeof hit.said_utc_ns);
    }
    for (size_t i = 0; verdict == WEAK_KEEP_ALL && i + 1 < WEAK_JOINED_MIN; i++)
        keep_position(s, h, &run->hits[i]);
    if (verdict == WEAK_DROP)
        return;
    keep_position(s, h, &hit);
}

static void chunk_found(void *user, struct view *root, const struct view_place *place, const struct known_chunk *chunk, uint32_t len)
{
    struct leak_search *s = user;
    struct flow_hits *h = hits_of((struct payload_view *)root);
    struct file_hit *f = NULL;

    if (!h)
        return;
    for (size_t i = 0; i < h->file_count && !f; i++)
        if (h->files[i].file == (uint32_t)chunk->file && h->files[i].chain == place->chain && !h->files[i].whole)
            f = &h->files[i];
    if (!f) {
        struct file_hit *list = hit_room(s, h->files, h->file_count, &h->file_room, sizeof *list, FILES_MAX);
        if (!list)
            return;
        h->files = list;
        f = &list[h->file_count++];
        *f = (struct file_hit){ .file = (uint32_t)chunk->file, .chain = place->chain, .first = place->where, .first_len = len,
                                .first_seen = hit_seen(place->seen) };
    }
    const uint64_t bit = UINT64_C(1) << chunk->nth % 64;
    if (f->seen[chunk->nth / 64] & bit)
        return;
    f->seen[chunk->nth / 64] |= bit;
    f->chunks++;
    f->body_chunks += !chunk->head;
    f->last = place->where;
}

/* The place in a picture's EXIF, as if it had been written in text beside the words for it. */
static void place_in_picture(struct leak_search *s, struct view *root, const struct view_place *place, struct bytes jpeg)
{
    struct position_pair pair = { .encoding = POSITION_TEXT_SEXAGESIMAL, .delta = 1, .fixed_chars = 8, .decimals = 7, .labelled = true };
    struct view_place inside = *place;
    bool near_by = false;

    if (!picture_taken_at(jpeg, &pair.longitude_deg, &pair.latitude_deg))
        return;
    for (size_t i = 0; i < s->index->track_count && !near_by; i++)
        near_by = geo_box_contains(&s->index->tracks[i].track.box, pair.longitude_deg, pair.latitude_deg);
    if (!near_by)
        return;
    inside.chain = chain_with(s->chains, chain_with(s->chains, place->chain, TEXT("jpeg")), TEXT("EXIF"));
    pair_found(s, root, &inside, &pair, (struct bytes){ 0 });
}

static void picture_found(void *user, struct view *root, const struct view_place *place, struct bytes jpeg)
{
    struct leak_search *s = user;
    const struct secrets *secrets = s->index->secrets;
    struct picture_hit hit = { .chain = place->chain, .distance = PICTURE_ALIKE_MAX + 1, .where = place->where };
    struct picture_hash hash;

    if (s->index->track_count)
        place_in_picture(s, root, place, jpeg);
    if (secrets->picture_count == 0 || !picture_hash_of(jpeg, &hash))
        return;
    for (size_t i = 0; i < secrets->picture_count; i++) {
        const unsigned distance = picture_hash_distance(hash, secrets->pictures[i].hash);
        if (distance < hit.distance) {
            hit.distance = (uint8_t)distance;
            hit.picture = (uint32_t)i;
        }
    }
    struct flow_hits *h = hit.distance <= PICTURE_ALIKE_MAX ? hits_of((struct payload_view *)root) : NULL;
    struct picture_hit *list = h ? hit_room(s, h->pictures, h->picture_count, &h->picture_room, sizeof *list, FILES_MAX) : NULL;
    if (!list)
        return;
    h->pictures = list;
    list[h->picture_count++] = hit;
}

static void literal_found(void *user, struct view *root, const struct view_place *place, uint32_t id)
{
    struct leak_search *s = user;
    struct flow_hits *h = hits_of((struct payload_view *)root);

    if (!h)
        return;
    for (size_t i = 0; i < h->literal_count; i++) {
        struct literal_hit *l = &h->literals[i];
        const struct index_literal *known = &s->index->literals[l->literal];
        /* One row for all spellings of a form. */
        if (l->chain == place->chain && known->secret == s->index->literals[id].secret &&
            known->digest == s->index->literals[id].digest &&
            text_equal(text_of(known->form), text_of(s->index->literals[id].form))) {
            if (l->count < HIT_PLACES)
                l->places[l->count] = place->where;
            l->count++;
            l->last = place->where;
            return;
        }
    }
    struct literal_hit *list = hit_room(s, h->literals, h->literal_count, &h->literal_room, sizeof *list,
                                        LITERALS_MAX);
    if (!list)
        return;
    h->literals = list;
    list[h->literal_count++] = (struct literal_hit){
        .literal = id, .chain = place->chain, .key_bytes = place->key_bytes,
        .outer = chain_before(s->chains, place->chain), .step = chain_last_step(s->chains, place->chain), .count = 1,
        .places = { place->where }, .last = place->where,
    };
}

static void place_found(void *user, struct view *root, const struct view_place *place, const struct place_reference *reference)
{
    struct leak_search *s = user;
    struct flow_hits *h = hits_of((struct payload_view *)root);

    if (!h)
        return;
    for (size_t i = 0; i < h->place_count; i++) {
        struct place_hit *p = &h->places[i];
        if (p->kind == reference->kind && p->chain == place->chain && memcmp(&p->box, &reference->box, sizeof p->box) == 0) {
            p->count++;
            p->last = place->where;
            return;
        }
    }
    struct place_hit *list = hit_room(s, h->places, h->place_count, &h->place_room, sizeof *list, PLACES_MAX);
    if (!list)
        return;
    h->places = list;
    list[h->place_count++] = (struct place_hit){
        .box = reference->box, .bits = reference->bits, .coordinate = place->coordinate, .count = 1,
        .length = (uint32_t)reference->length, .track = (uint32_t)reference->box_number, .chain = place->chain,
        .kind = (uint8_t)reference->kind, .where = place->where, .last = place->where, .seen = hit_seen(place->seen),
    };
}

/* The interface of struct payload_search */

static struct payload_view *search_open(struct payload_search *search, struct reading *r,
                                        const struct payload_source *source)
{
    struct leak_search *s = (struct leak_search *)search;
    struct payload_view *v = memory_alloc_array(1, sizeof *v);
    const struct flow_hits *h = flow_find(s, source->flow);

    (void)r;
    v->search = s;
    v->flow = source->flow;
    v->first = (struct view_where){ source->offset, source->packet_first, source->at_utc_ns };
    if (text_known(source->destination)) {
        const size_t len = source->destination.len;
        v->destination_len = (uint16_t)(len < DESTINATION_MAX ? len : DESTINATION_MAX);
        v->destination = memory_alloc(v->destination_len);
        if (v->destination_len)
            memcpy(v->destination, source->destination.at, v->destination_len);
    }
    view_init(&v->view, &s->engine, source->flow, chain_of_list(s->chains, source->decoding), h ? h->coordinate_next : 0);
    /* Only a body can be a file as a whole; a raw stream has a protocol around it. */
    if (s->index->largest_file && source->decoding.count)
        v->hash = sha256_new();
    return v;
}

static void hash_drop(struct payload_view *v)
{
    sha256_free(v->hash);
    v->hash = NULL;
}

static void search_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    struct leak_search *s = v->search;

    if (chunk.len == 0)
        return;
    if (v->fed == 0)
        s->views++;
    s->bytes += chunk.len;
    v->fed += chunk.len;
    if (v->hash && v->fed > s->index->largest_file)
        hash_drop(v);
    if (v->hash)
        sha256_add(v->hash, chunk);
    view_feed(&v->view, chunk, (struct view_where){ (int64_t)chunk.origin, packet, at_utc_ns });
}

static void search_gap(struct payload_view *v, uint64_t missing)
{
    hash_drop(v);
    view_gap(&v->view, missing);
}

static void whole_file(struct payload_view *v)
{
    struct leak_search *s = v->search;
    const struct secrets *secrets = s->index->secrets;
    uint8_t digest[SHA256_BYTES];

    sha256_finish(v->hash, digest);
    for (size_t i = 0; i < secrets->file_count; i++) {
        struct flow_hits *h;
        if (secrets->files[i].bytes != v->fed || memcmp(secrets->files[i].sha256, digest, SHA256_BYTES) != 0 ||
            !(h = hits_of(v)))
            continue;
        struct file_hit *list = hit_room(s, h->files, h->file_count, &h->file_room, sizeof *list, FILES_MAX);
        if (!list)
            return;
        h->files = list;
        list[h->file_count++] = (struct file_hit){
            .file = (uint32_t)i, .chain = v->view.chain, .whole = true, .first = v->first, .last = v->first,
        };
    }
}

static void search_close(struct payload_view *v)
{
    if (!v)
        return;
    view_done(&v->view);
    if (v->hash && v->fed)
        whole_file(v);
    hash_drop(v);
    struct flow_hits *h = v->hits ? v->hits : flow_find(v->search, v->flow);
    if (h && view_coordinate_end(&v->view) > h->coordinate_next)
        h->coordinate_next = view_coordinate_end(&v->view);
    free(v->destination);
    free(v);
}

struct payload_search *leak_search_new(const struct leak_index *index)
{
    struct leak_search *s = memory_alloc_array(1, sizeof *s);

    s->operations = (struct payload_search){
        .open = search_open, .feed = search_feed, .gap = search_gap, .close = search_close
    };
    s->index = index;
    s->chains = chains_new();
    s->weak = memory_alloc_array(WEAK_SLOTS, sizeof *s->weak);
    view_engine_init(&s->engine, index, s->chains,
                     (struct view_sink){ .user = s, .pair = pair_found, .literal = literal_found, .chunk = chunk_found,
                                         .place = place_found, .picture = picture_found });
    return &s->operations;
}

static void forget(struct leak_search *s)
{
    for (size_t i = 0; i < s->flow_room; i++)
        if (s->flows[i])
            flow_free(s->flows[i]);
    free(s->flows);
    s->flows = NULL;
    s->flow_count = s->flow_room = 0;
    s->hits_bytes = 0;
    for (size_t i = 0; i < WEAK_SLOTS; i++)
        s->weak[i].count = 0;
    s->bytes = s->views = s->dropped = 0;
    s->engine.decoded_total = s->engine.not_decoded = s->engine.root_bytes = s->engine.xor_tries = 0;
    view_engine_forget(&s->engine);
    /* Rows are ordered by chain numbers, which must not depend on items read before. */
    chains_free(s->chains);
    s->chains = s->engine.chains = chains_new();
}

void leak_search_free(struct payload_search *search)
{
    struct leak_search *s = (struct leak_search *)search;

    if (!s)
        return;
    forget(s);
    view_engine_done(&s->engine);
    chains_free(s->chains);
    free(s->weak);
    free(s);
}

/* Rows */

static int compare_flows(const void *a, const void *b)
{
    const struct flow_hits *x = *(struct flow_hits *const *)a, *y = *(struct flow_hits *const *)b;

    return x->flow < y->flow ? -1 : x->flow > y->flow;
}

void leak_search_item_done(struct payload_search *search, struct reading *r)
{
    struct leak_search *s = (struct leak_search *)search;
    uint64_t candidates = 0;
    size_t count = 0;

    if (s->views == 0) {
        forget(s);
        return;
    }
    struct flow_hits **sorted = memory_alloc_array(s->flow_count, sizeof *sorted);
    for (size_t i = 0; i < s->flow_room; i++)
        if (s->flows[i])
            sorted[count++] = s->flows[i];
    if (count)
        qsort(sorted, count, sizeof *sorted, compare_flows);
    for (size_t i = 0; i < count; i++) {
        struct finding_list findings = { 0 };
        candidates += grade_flow(s->index, sorted[i], findings_add, &findings);
        grade_places(s->index, sorted[i], findings_add, &findings);
        findings_write(&findings, s->index, s->chains, sorted[i], r);
    }
    free(sorted);

    const struct leak_index *index = s->index;
    struct fact_search row;
    fact_init(FACT_SEARCH, &row);
    row.bytes_searched = (int64_t)s->bytes;
    row.views = (int64_t)s->views;
    row.candidates = (int64_t)candidates;
    row.expected_false_hits = position_chance_per_byte(index->positions) *
        ((double)s->bytes + (double)s->engine.decoded_total);
    row.bytes_not_decoded = (int64_t)s->engine.not_decoded;
    row.note = arena_printf(r->arena,
        "%zu tracks in %d number encodings and text, %zu spellings of %zu values, %zu files; "
        "%" PRIu64 " bytes came out of decoding; %" PRIu64 " hits could not be kept",
        index->track_count, POSITION_ENCODING_COUNT, index->literal_count, index->secrets->literal_count,
        index->secrets->file_count, s->engine.decoded_total, s->dropped);
    fact_put(r->facts, FACT_SEARCH, &row);
    forget(s);
}
