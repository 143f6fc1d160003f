#include "leak/lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { DESTINATION_MAX = 256 };

void lane_init(struct lane *lane, const struct leak_index *index, unsigned share)
{
    *lane = (struct lane){ .index = index, .chains = chains_new() };
    view_engine_init(&lane->engine, index, lane->chains, lane_sink(lane));
    lane->engine.share = share;
    if (share > 1)
        lane->engine.pictures.bytes_max = PICTURE_BYTES_MAX; /* one of the largest, or several */
}

void lane_forget(struct lane *lane)
{
    lane_forget_flows(lane);
    lane->bytes = lane->views = lane->dropped = 0;
    lane->engine.decoded_total = lane->engine.not_decoded = lane->engine.not_followed = lane->engine.root_bytes =
        lane->engine.xor_tries = lane->engine.xor_searches = 0;
    view_engine_forget(&lane->engine);
    /* Rows are ordered by chain numbers, which must not depend on items read before. */
    chains_free(lane->chains);
    lane->chains = lane->engine.chains = chains_new();
}

void lane_done(struct lane *lane)
{
    lane_forget_flows(lane);
    view_engine_done(&lane->engine);
    chains_free(lane->chains);
}

struct payload_view *lane_view_new(struct lane *lane, const struct payload_source *source)
{
    struct payload_view *v = memory_alloc_array(1, sizeof *v);

    v->lane = lane;
    v->flow = source->flow;
    v->first = (struct view_where){ source->offset, source->packet_first, source->at_utc_ns };
    if (text_known(source->destination)) {
        const size_t len = source->destination.len;
        v->destination_len = (uint16_t)(len < DESTINATION_MAX ? len : DESTINATION_MAX);
        v->destination = memory_alloc(v->destination_len);
        if (v->destination_len)
            memcpy(v->destination, source->destination.at, v->destination_len);
    }
    return v;
}

void lane_view_begin(struct payload_view *v, struct text_list decoding)
{
    struct lane *lane = v->lane;
    const struct flow_hits *h = lane_flow(lane, v->flow);

    view_init(&v->view, &lane->engine, v->flow, chain_of_list(lane->chains, decoding), h ? h->coordinate_next : 0);
    /* Only a body can be a file as a whole; a raw stream has a protocol around it. */
    if (lane->index->largest_file && decoding.count)
        v->hash = sha256_new();
}

static void hash_drop(struct payload_view *v)
{
    sha256_free(v->hash);
    v->hash = NULL;
}

void lane_view_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    struct lane *lane = v->lane;

    if (chunk.len == 0)
        return;
    if (v->fed == 0)
        lane->views++;
    lane->bytes += chunk.len;
    v->fed += chunk.len;
    if (v->hash && v->fed > lane->index->largest_file)
        hash_drop(v);
    if (v->hash)
        sha256_add(v->hash, chunk);
    view_feed(&v->view, chunk, (struct view_where){ (int64_t)chunk.origin, packet, at_utc_ns });
}

void lane_view_gap(struct payload_view *v, uint64_t missing)
{
    hash_drop(v);
    view_gap(&v->view, missing);
}

static void whole_file(struct payload_view *v)
{
    struct lane *lane = v->lane;
    const struct secrets *secrets = lane->index->secrets;
    uint8_t digest[SHA256_BYTES];

    sha256_finish(v->hash, digest);
    for (size_t i = 0; i < secrets->file_count; i++) {
        struct flow_hits *h;
        if (secrets->files[i].bytes != v->fed || memcmp(secrets->files[i].sha256, digest, SHA256_BYTES) != 0 ||
            !(h = lane_hits_of(v)))
            continue;
        struct file_hit *list = lane_hit_room(lane, h->files, h->file_count, &h->file_room, sizeof *list,
                                              LANE_FILES_MAX);
        if (!list)
            return;
        h->files = list;
        list[h->file_count++] = (struct file_hit){
            .file = (uint32_t)i, .chain = v->view.chain, .whole = true, .first = v->first, .last = v->first,
        };
    }
}

void lane_view_end(struct payload_view *v)
{
    view_done(&v->view);
    if (v->hash && v->fed)
        whole_file(v);
    hash_drop(v);
    struct flow_hits *h = v->hits ? v->hits : lane_flow(v->lane, v->flow);
    if (h && view_coordinate_end(&v->view) > h->coordinate_next)
        h->coordinate_next = view_coordinate_end(&v->view);
    free(v->destination);
    free(v);
}
