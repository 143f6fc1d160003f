#ifndef LEASH_PACKET_CAPTURE_FORMAT_H
#define LEASH_PACKET_CAPTURE_FORMAT_H

#include "base/buffer.h"
#include "packet/capture.h"
#include "packet/tracker.h"

/* Between capture.c and the formats of captures. */

enum {
    CAPTURED_LEN_MAX = 262144,     /* more than libpcap and Wireshark ever write for networks (MAXIMUM_SNAPLEN) */
    CAPTURED_LEN_LIMIT = 16 << 20, /* whatever a file's header says: no block of pcapng is longer in Wireshark */
    LOOK_AHEAD_BYTES = 1 << 20,    /* how far to look for records that contradict an odd one */
};

/* What looking at bytes that may not all be there can say. */
enum look { LOOK_NO, LOOK_YES, LOOK_MORE /* bytes are needed to tell */ };

struct capture_format {
    size_t head_bytes;      /* of the file's header, of which begin() takes the first `head_taken` */
    size_t head_taken;
    bool (*recognise)(struct bytes head);
    /* Makes the state for one file. */
    void *(*begin)(struct bytes head);
    /* As capture_feed; where the header of another file stands, reading ends there and
     * `another` of the capture is set. */
    size_t (*feed)(struct capture *c, void *state, struct bytes window, bool last);
    void (*end)(struct capture *c, void *state);
};

extern const struct capture_format pcap_format, pcapng_format;

struct capture {
    struct reading *reading;
    struct tracker tracker;
    struct buffer behind;                /* the last of what earlier windows held */
    const struct capture_format *format; /* NULL: a file's header comes next */
    void *state;
    bool another;
    int64_t packets;
    uint64_t passed;
    uint64_t lost_places, more_lost_offset, more_lost_bytes; /* `more`: of those without a row of their own */
    enum parse_status status;
};

/* Numbers the frame and takes it in. */
void capture_frame(struct capture *c, struct frame *frame);

/* Where something (`what`) made no sense: so many bytes are lost, of which the first `zeros` are zero. */
struct lost_place {
    const char *what;
    uint64_t offset, bytes, zeros;
    bool goes_on; /* reading does, behind it */
};

/* Tells of it; of the first ones in a row each, of the others in one at the end. */
void capture_lost(struct capture *c, const struct lost_place *l);

/* Whether a capture's header stands there.  MORE only where `last` is false. */
enum look capture_head_at(struct bytes at, bool last);

/* Asks memory for the headers to come, while a frame is worked on: half of the time of a big
 * capture would else be spent waiting for them.  `next` begins with the next record; the
 * third from there is looked for as if all were as long as the last one, `stride` bytes, as most
 * records of a transfer are: a wrong guess costs less than the wait for a right one.  (To gcc
 * this has no effect: it leaves out every call that it does not put in place.) */
__attribute__((always_inline))
static inline void capture_expect(struct bytes next, uint64_t stride)
{
    enum { LINE = 64, NEEDED = 3 * LINE };
    const uint64_t behind = 2 * stride;

    if (next.len >= NEEDED) {
        __builtin_prefetch(next.at);
        __builtin_prefetch(next.at + LINE);
    }
    if (next.len >= NEEDED && next.len - NEEDED >= behind) {
        __builtin_prefetch(next.at + behind);
        __builtin_prefetch(next.at + behind + LINE);
        __builtin_prefetch(next.at + behind + 2 * LINE);
    }
}

#endif
