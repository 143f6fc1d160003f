/* What the views of a lane find, kept by flow until the item is done. */
#include "leak/lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum {
    POSITIONS_MAX = 32768,  /* of one flow */
    POSITIONS_SHARE = 512,  /* that each encoding may have all the same: near 0 degrees small numbers look like
                             * positions by the thousand, and must not keep the others out */
    LITERALS_MAX = 512,
    PLACES_MAX = 4096,
    RECENT_HITS = 8,
};

static size_t flow_slot(const struct lane *lane, int64_t flow)
{
    size_t slot = (size_t)hash_mix(&flow, sizeof flow, 0) & (lane->flow_room - 1);

    while (lane->flows[slot] && lane->flows[slot]->flow != flow)
        slot = (slot + 1) & (lane->flow_room - 1);
    return slot;
}

struct flow_hits *lane_flow(const struct lane *lane, int64_t flow)
{
    return lane->flow_room ? lane->flows[flow_slot(lane, flow)] : NULL;
}

static void flows_grow(struct lane *lane)
{
    struct flow_hits **old = lane->flows;
    const size_t old_room = lane->flow_room;

    lane->flow_room = old_room ? old_room * 2 : 64;
    lane->flows = memory_alloc_array(lane->flow_room, sizeof *lane->flows);
    for (size_t i = 0; i < old_room; i++)
        if (old[i])
            lane->flows[flow_slot(lane, old[i]->flow)] = old[i];
    free(old);
}

static bool may_keep(struct lane *lane, size_t bytes)
{
    if (lane->hits_bytes + bytes > lane->index->limits.hits_bytes / lane->engine.share) {
        lane->dropped++;
        return false;
    }
    lane->hits_bytes += bytes;
    return true;
}

struct flow_hits *lane_hits_of(struct payload_view *v)
{
    struct lane *lane = v->lane;

    if (v->hits)
        return v->hits;
    v->hits = lane_flow(lane, v->flow);
    if (v->hits)
        return v->hits;
    if (!may_keep(lane, sizeof *v->hits + v->destination_len))
        return NULL;
    if (lane->flow_count * 2 >= lane->flow_room)
        flows_grow(lane);
    struct flow_hits *h = memory_alloc_array(1, sizeof *h);
    h->flow = v->flow;
    if (v->destination) {
        char *copy = memory_alloc(v->destination_len);
        memcpy(copy, v->destination, v->destination_len);
        h->destination = (struct text){ .at = copy, .len = v->destination_len };
    }
    lane->flows[flow_slot(lane, v->flow)] = h;
    lane->flow_count++;
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

void lane_forget_flows(struct lane *lane)
{
    for (size_t i = 0; i < lane->flow_room; i++)
        if (lane->flows[i])
            flow_free(lane->flows[i]);
    free(lane->flows);
    free(lane->weak);
    lane->flows = NULL;
    lane->weak = NULL;
    lane->flow_count = lane->flow_room = 0;
    lane->hits_bytes = 0;
}

void *lane_hit_room(struct lane *lane, void *list, size_t count, size_t *room, size_t size, size_t max)
{
    if (count < *room)
        return list;
    const size_t more = *room ? *room : 4;
    if (count >= max) {
        lane->dropped++;
        return NULL;
    }
    if (!may_keep(lane, more * size))
        return NULL;
    *room += more;
    return memory_resize_array(list, *room, size);
}

/* What the views find */

static void keep_position(struct lane *lane, struct flow_hits *h, const struct position_hit *hit)
{
    uint32_t *of_encoding = &h->position_counts[hit->encoding];
    const size_t max = *of_encoding < POSITIONS_SHARE ? SIZE_MAX : POSITIONS_MAX;
    struct position_hit *list = lane_hit_room(lane, h->positions, h->position_count, &h->position_room, sizeof *list,
                                              max);

    if (!list)
        return;
    h->positions = list;
    ++*of_encoding;
    list[h->position_count] = *hit;
    list[h->position_count].order = (uint32_t)h->position_count;
    h->position_count++;
}

static struct weak_run *weak_of(struct lane *lane)
{
    if (!lane->weak)
        lane->weak = memory_alloc_array(WEAK_SLOTS, sizeof *lane->weak);
    return lane->weak;
}

static void pair_found(void *user, struct view *root, const struct view_place *place, const struct position_pair *pair,
                       struct bytes around)
{
    struct lane *lane = user;
    struct flow_hits *h = lane_hits_of((struct payload_view *)root);

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
        .offset = place->offset,
        .where = place->where,
        .length = (uint32_t)pair->length,
        .chain = place->chain,
        .family = chain_family(lane->chains, place->chain),
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
    const enum weak_verdict verdict = weak ? weak_joins(weak_of(lane), h->flow, &hit, &run) : WEAK_KEEP;
    /* Looking for times costs more than all else: not for what stands alone. */
    if (around.at && (!weak || run->count > 1)) {
        const bool text = pair->encoding >= POSITION_TEXT_DEGREES;
        stamps_near(lane->index, around, pair->at, pair->length, text, hit.said_utc_ns);
        if (weak)
            memcpy(run->hits[(run->count - 1) % WEAK_JOINED_MIN].said_utc_ns, hit.said_utc_ns, sizeof hit.said_utc_ns);
    }
    for (size_t i = 0; verdict == WEAK_KEEP_ALL && i + 1 < WEAK_JOINED_MIN; i++)
        keep_position(lane, h, &run->hits[i]);
    if (verdict == WEAK_DROP)
        return;
    keep_position(lane, h, &hit);
}

static void chunk_found(void *user, struct view *root, const struct view_place *place, const struct known_chunk *chunk,
                        uint32_t len)
{
    struct lane *lane = user;
    struct flow_hits *h = lane_hits_of((struct payload_view *)root);
    struct file_hit *f = NULL;

    if (!h)
        return;
    for (size_t i = 0; i < h->file_count && !f; i++)
        if (h->files[i].file == (uint32_t)chunk->file && h->files[i].chain == place->chain && !h->files[i].whole)
            f = &h->files[i];
    if (!f) {
        struct file_hit *list = lane_hit_room(lane, h->files, h->file_count, &h->file_room, sizeof *list,
                                              LANE_FILES_MAX);
        if (!list)
            return;
        h->files = list;
        f = &list[h->file_count++];
        *f = (struct file_hit){ .file = (uint32_t)chunk->file, .chain = place->chain, .first = place->where,
                                .first_len = len, .first_seen = hit_seen(place->seen) };
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
static void place_in_picture(struct lane *lane, struct view *root, const struct view_place *place, struct bytes jpeg)
{
    struct position_pair pair = { .encoding = POSITION_TEXT_SEXAGESIMAL, .delta = 1, .fixed_chars = 8, .decimals = 7,
                                  .labelled = true };
    struct view_place inside = *place;
    bool near_by = false;

    if (!picture_taken_at(jpeg, &pair.longitude_deg, &pair.latitude_deg))
        return;
    for (size_t i = 0; i < lane->index->track_count && !near_by; i++)
        near_by = geo_box_contains(&lane->index->tracks[i].track.box, pair.longitude_deg, pair.latitude_deg);
    if (!near_by)
        return;
    inside.chain = chain_with(lane->chains, chain_with(lane->chains, place->chain, TEXT("jpeg")), TEXT("EXIF"));
    pair_found(lane, root, &inside, &pair, (struct bytes){ 0 });
}

static void picture_found(void *user, struct view *root, const struct view_place *place, struct bytes jpeg)
{
    struct lane *lane = user;
    const struct secrets *secrets = lane->index->secrets;
    struct picture_hit hit = { .chain = place->chain, .distance = PICTURE_ALIKE_MAX + 1, .where = place->where };
    struct picture_hash hash;

    if (lane->index->track_count)
        place_in_picture(lane, root, place, jpeg);
    if (secrets->picture_count == 0 || !picture_hash_of(jpeg, &hash))
        return;
    for (size_t i = 0; i < secrets->picture_count; i++) {
        const unsigned distance = picture_hash_distance(hash, secrets->pictures[i].hash);
        if (distance < hit.distance) {
            hit.distance = (uint8_t)distance;
            hit.picture = (uint32_t)i;
        }
    }
    struct flow_hits *h = hit.distance <= PICTURE_ALIKE_MAX ? lane_hits_of((struct payload_view *)root) : NULL;
    struct picture_hit *list = h ? lane_hit_room(lane, h->pictures, h->picture_count, &h->picture_room, sizeof *list,
                                                 LANE_FILES_MAX) : NULL;
    if (!list)
        return;
    h->pictures = list;
    list[h->picture_count++] = hit;
}

static void literal_found(void *user, struct view *root, const struct view_place *place, uint32_t id)
{
    struct lane *lane = user;
    struct flow_hits *h = lane_hits_of((struct payload_view *)root);

    if (!h)
        return;
    for (size_t i = 0; i < h->literal_count; i++) {
        struct literal_hit *l = &h->literals[i];
        const struct index_literal *known = &lane->index->literals[l->literal];
        /* One row for all spellings of a form. */
        if (l->chain == place->chain && known->secret == lane->index->literals[id].secret &&
            known->digest == lane->index->literals[id].digest &&
            text_equal(text_of(known->form), text_of(lane->index->literals[id].form))) {
            if (l->count < HIT_PLACES)
                l->places[l->count] = place->where;
            l->count++;
            l->last = place->where;
            return;
        }
    }
    struct literal_hit *list = lane_hit_room(lane, h->literals, h->literal_count, &h->literal_room, sizeof *list,
                                        LITERALS_MAX);
    if (!list)
        return;
    h->literals = list;
    list[h->literal_count++] = (struct literal_hit){
        .literal = id, .chain = place->chain, .key_bytes = place->key_bytes,
        .outer = chain_before(lane->chains, place->chain), .step = chain_last_step(lane->chains, place->chain),
        .count = 1, .places = { place->where }, .last = place->where,
    };
}

static void place_found(void *user, struct view *root, const struct view_place *place,
                        const struct place_reference *reference)
{
    struct lane *lane = user;
    struct flow_hits *h = lane_hits_of((struct payload_view *)root);

    if (!h)
        return;
    for (size_t i = 0; i < h->place_count; i++) {
        struct place_hit *p = &h->places[i];
        if (p->kind == reference->kind && p->chain == place->chain &&
            memcmp(&p->box, &reference->box, sizeof p->box) == 0) {
            p->count++;
            p->last = place->where;
            return;
        }
    }
    struct place_hit *list = lane_hit_room(lane, h->places, h->place_count, &h->place_room, sizeof *list, PLACES_MAX);
    if (!list)
        return;
    h->places = list;
    list[h->place_count++] = (struct place_hit){
        .box = reference->box, .bits = reference->bits, .coordinate = place->coordinate, .count = 1,
        .length = (uint32_t)reference->length, .track = (uint32_t)reference->box_number, .chain = place->chain,
        .kind = (uint8_t)reference->kind, .where = place->where, .last = place->where, .seen = hit_seen(place->seen),
    };
}

struct view_sink lane_sink(struct lane *lane)
{
    return (struct view_sink){ .user = lane, .pair = pair_found, .literal = literal_found, .chunk = chunk_found,
                               .place = place_found, .picture = picture_found };
}
