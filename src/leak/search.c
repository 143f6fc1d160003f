#include "leak/search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/findings.h"
#include "leak/lane_work.h"

/* More lanes than most machines have cores to spare, because large flows that fall to one lane wait for each other.
 * Flows are never even: each lane may use twice its part of an item's budgets. */
enum { LANES = 8, LANE_SHARE = LANES / 2 };

struct leak_search {
    struct payload_search operations; /* first: the one is a pointer to the other */
    const struct leak_index *index;
    struct lane_work *work;           /* NULL: no thread helps */
    struct lane lanes[LANES];         /* those without an index were not needed yet */
};

/* The interface of struct payload_search */

static struct leak_search *search_of(const struct payload_view *v)
{
    return v->owner;
}

static unsigned lane_of(const struct payload_view *v)
{
    return (unsigned)(v->lane - search_of(v)->lanes);
}

static struct payload_view *search_open(struct payload_search *search, struct reading *r,
                                        const struct payload_source *source)
{
    struct leak_search *s = (struct leak_search *)search;
    struct lane *lane = &s->lanes[hash_mix(&source->flow, sizeof source->flow, 0) % LANES];
    struct text steps[LANE_STEPS_MAX];
    struct text_list decoding = { .items = steps };

    (void)r;
    if (!lane->index)
        lane_init(lane, s->index, LANE_SHARE);
    for (; decoding.count < source->decoding.count && decoding.count < LANE_STEPS_MAX; decoding.count++) {
        struct text step = source->decoding.items[decoding.count];
        step.len = step.len < LANE_STEP_BYTES_MAX ? step.len : LANE_STEP_BYTES_MAX;
        steps[decoding.count] = step;
    }
    struct payload_view *v = lane_view_new(lane, source);
    v->owner = s;
    if (s->work)
        lane_work_begin(s->work, lane_of(v), v, decoding);
    else
        lane_view_begin(v, decoding);
    return v;
}

static void search_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns)
{
    struct leak_search *s = search_of(v);

    if (s->work)
        lane_work_feed(s->work, lane_of(v), v, chunk, packet, at_utc_ns);
    else
        lane_view_feed(v, chunk, packet, at_utc_ns);
}

static void search_gap(struct payload_view *v, uint64_t missing)
{
    struct leak_search *s = search_of(v);

    if (s->work)
        lane_work_gap(s->work, lane_of(v), v, missing);
    else
        lane_view_gap(v, missing);
}

static void search_close(struct payload_view *v)
{
    if (!v)
        return;
    struct leak_search *s = search_of(v);
    if (s->work)
        lane_work_end(s->work, lane_of(v), v);
    else
        lane_view_end(v);
}

struct payload_search *leak_search_new(const struct leak_index *index)
{
    struct leak_search *s = memory_alloc_array(1, sizeof *s);

    s->operations = (struct payload_search){
        .open = search_open, .feed = search_feed, .gap = search_gap, .close = search_close
    };
    s->index = index;
    return &s->operations;
}

void leak_search_share(struct payload_search *search, struct crew *crew, unsigned helpers)
{
    struct leak_search *s = (struct leak_search *)search;

    if (!s->work && helpers && crew_size(crew))
        s->work = lane_work_new(crew, helpers, LANES);
}

static void work_done(struct leak_search *s)
{
    if (s->work)
        lane_work_finish(s->work);
    lane_work_free(s->work);
    s->work = NULL;
}

void leak_search_free(struct payload_search *search)
{
    struct leak_search *s = (struct leak_search *)search;

    if (!s)
        return;
    work_done(s);
    for (size_t i = 0; i < LANES; i++)
        if (s->lanes[i].index)
            lane_done(&s->lanes[i]);
    free(s);
}

/* Rows */

struct found_flow {
    struct flow_hits *hits;
    const struct lane *lane;
};

static int compare_flows(const void *a, const void *b)
{
    const struct found_flow *x = a, *y = b;

    return x->hits->flow < y->hits->flow ? -1 : x->hits->flow > y->hits->flow;
}

/* Of all lanes, by their numbers; to be freed. */
static struct found_flow *sorted_flows(const struct leak_search *s, size_t *ret_count)
{
    size_t count = 0, room = 0;

    for (size_t i = 0; i < LANES; i++)
        room += s->lanes[i].flow_count;
    struct found_flow *sorted = memory_alloc_array(room, sizeof *sorted);
    for (size_t i = 0; i < LANES; i++) {
        const struct lane *lane = &s->lanes[i];
        for (size_t k = 0; k < lane->flow_room; k++)
            if (lane->flows[k])
                sorted[count++] = (struct found_flow){ lane->flows[k], lane };
    }
    if (count)
        qsort(sorted, count, sizeof *sorted, compare_flows);
    *ret_count = count;
    return sorted;
}

/* Gives the number of pairs that are candidates only. */
static uint64_t write_leaks(const struct leak_search *s, struct reading *r)
{
    uint64_t candidates = 0;
    size_t count;
    struct found_flow *flows = sorted_flows(s, &count);

    for (size_t i = 0; i < count; i++) {
        struct finding_list findings = { 0 };
        candidates += grade_flow(s->index, flows[i].hits, findings_add, &findings);
        grade_places(s->index, flows[i].hits, findings_add, &findings);
        findings_write(&findings, s->index, flows[i].lane->chains, flows[i].hits, r);
    }
    free(flows);
    return candidates;
}

static void write_summary(const struct leak_search *s, uint64_t candidates, struct reading *r)
{
    const struct leak_index *index = s->index;
    uint64_t bytes = 0, views = 0, dropped = 0, decoded = 0, not_decoded = 0;
    struct fact_search row;

    for (size_t i = 0; i < LANES; i++) {
        const struct lane *lane = &s->lanes[i];
        bytes += lane->bytes;
        views += lane->views;
        dropped += lane->dropped;
        decoded += lane->engine.decoded_total;
        not_decoded += lane->engine.not_decoded;
    }
    fact_init(FACT_SEARCH, &row);
    row.bytes_searched = (int64_t)bytes;
    row.views = (int64_t)views;
    row.candidates = (int64_t)candidates;
    row.expected_false_hits = position_chance_per_byte(index->positions) * ((double)bytes + (double)decoded);
    row.bytes_not_decoded = (int64_t)not_decoded;
    row.note = arena_printf(r->arena,
        "%zu tracks in %d number encodings and text, %zu spellings of %zu values, %zu files; "
        "%" PRIu64 " bytes came out of decoding; %" PRIu64 " hits could not be kept",
        index->track_count, POSITION_ENCODING_COUNT, index->literal_count, index->secrets->literal_count,
        index->secrets->file_count, decoded, dropped);
    fact_put(r->facts, FACT_SEARCH, &row);
}

void leak_search_item_done(struct payload_search *search, struct reading *r)
{
    struct leak_search *s = (struct leak_search *)search;

    work_done(s);
    const uint64_t candidates = write_leaks(s, r);
    write_summary(s, candidates, r);
    for (size_t i = 0; i < LANES; i++)
        if (s->lanes[i].index)
            lane_forget(&s->lanes[i]);
}
