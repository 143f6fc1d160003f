#ifndef LEASH_LEAK_LANE_H
#define LEASH_LEAK_LANE_H

#include "evidence/reading.h"
#include "leak/hits.h"

struct leak_search;

/* A lane of the search (leak/search.h): the flows that fall to it, their views, what was found in them, and budgets of
 * its own.  Lanes share nothing but the index, which does not change: what one gives depends only on what it was fed,
 * never on which thread did it or what the others had come to. */
struct lane {
    const struct leak_index *index;
    struct chains *chains;
    struct view_engine engine;
    struct flow_hits **flows;         /* open addressing by flow number */
    size_t flow_count, flow_room;
    size_t hits_bytes;
    uint64_t bytes, views, dropped;
    struct weak_run *weak;            /* WEAK_SLOTS; NULL until one is needed */
};

/* A root view and whose it is. */
struct payload_view {
    struct view view;          /* first */
    struct lane *lane;
    struct leak_search *owner; /* search.c's */
    struct flow_hits *hits;    /* NULL until something is found */
    int64_t flow;
    char *destination;         /* own copy; NULL: unknown */
    struct sha256 *hash;       /* while what was fed may still be a known file */
    uint64_t fed;
    struct view_where first;
    uint16_t destination_len;
};

enum { LANE_STEPS_MAX = 16, LANE_STEP_BYTES_MAX = 64 }; /* of a view's decoding */

/* `share`: how many times less than a whole item's its budgets are. */
void lane_init(struct lane *lane, const struct leak_index *index, unsigned share);
void lane_done(struct lane *lane);
/* Another evidence item begins. */
void lane_forget(struct lane *lane);

/* As in struct payload_search.  A view is made before and without the lane, which then begins it. */
struct payload_view *lane_view_new(struct lane *lane, const struct payload_source *source);
void lane_view_begin(struct payload_view *v, struct text_list decoding); /* at most LANE_STEPS_MAX steps */
void lane_view_feed(struct payload_view *v, struct bytes chunk, int64_t packet, int64_t at_utc_ns);
void lane_view_gap(struct payload_view *v, uint64_t missing);
void lane_view_end(struct payload_view *v); /* frees it */

/* For lane.c alone: what was found (lane_hits.c). */

enum { LANE_FILES_MAX = 256 };

struct view_sink lane_sink(struct lane *lane);
/* NULL: nothing was found in the flow. */
struct flow_hits *lane_flow(const struct lane *lane, int64_t flow);
/* The same, made when there are none; NULL: there is no memory for more. */
struct flow_hits *lane_hits_of(struct payload_view *v);
/* Room for one more; the list grows by doubling, within the memory for hits. */
void *lane_hit_room(struct lane *lane, void *list, size_t count, size_t *room, size_t size, size_t max);
void lane_forget_flows(struct lane *lane);

#endif
