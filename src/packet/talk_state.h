#ifndef LEASH_PACKET_TALK_STATE_H
#define LEASH_PACKET_TALK_STATE_H

#include "packet/hold.h"
#include "packet/talk.h"

/* Between talk.c, which keeps talks within bounds, and conversation.c, which leads them. */

enum { PROTOCOLS_MAX = 64 }; /* bits that say which of them */

enum side_mode {
    MODE_HEAD,    /* no protocol yet: bytes are held and offered */
    MODE_STREAM,  /* the conversation's protocol reads it */
    MODE_OPAQUE,  /* nobody does */
    MODE_ENDED,
};

struct talk_side {
    enum side_mode mode;
    uint64_t refused;  /* bit i: protocols[i] said no to the head */
    struct hold hold;
};

struct talk {
    struct conversation c; /* first: protocols' pointer is ours */
    struct tracker *tracker;
    uint32_t flow, older, newer;
    struct talk_side side[2];
    uint64_t seen[SEEN_COUNT];
    struct payload_view *raw;   /* the view of the raw bytes that left */
    bool raw_tried;
    size_t counted_bytes;       /* of tracker->talk_bytes */
    struct flow_text_room room;
};

static inline struct talk *talk_at(const struct tracker *t, uint32_t i)
{
    return pool_at(&t->talks, i);
}

/* The flow's talk, begun if there is none, now the one used last. */
struct talk *talk_get(struct tracker *t, uint32_t flow);
/* Tells the tracker how much memory the talk takes by now. */
void talk_count_bytes(struct talk *k);
/* Lets the talks used longest ago go until the rest fits; `current` (or 0) stays. */
void talks_make_room(struct tracker *t, uint32_t current);
/* True where the flow's flags can remember the state of both sides; sets them then. */
bool talk_remember(const struct talk *k, struct flow *f);
/* Ends a direction: what is held goes where it belongs. */
void talk_side_end(struct talk *k, enum direction d);

#endif
