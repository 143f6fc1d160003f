#ifndef LEASH_PACKET_CAPTURE_H
#define LEASH_PACKET_CAPTURE_H

#include "evidence/reading.h"
#include "packet/tracker.h"

/* Packet captures: pcap (either byte order, micro- and nanoseconds, and Kuznetzov's
 * variant with the interface in each record) and pcapng (either byte order, several sections and
 * interfaces).  Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */
bool pcap_recognise(struct bytes whole);
bool pcapng_recognise(struct bytes whole);
bool capture_recognise(struct bytes whole); /* either */

/* Puts a flow row for each flow, and what the protocols put.  Frames that are not IP (ARP,
 * spanning tree) belong to no flow and are left out; frames that could not be read are counted in
 * a damage row.  Where a record makes no sense, reading goes on at the next place that
 * looks like records again.  TRUNCATED: the capture ends within a record, of which the
 * part that is there was read.  INVALID: nothing could be made of the rest. */
enum parse_status capture_read(struct reading *r, struct bytes whole);

/* Between capture.c and the two formats. */
struct capture {
    struct reading *reading;
    struct tracker tracker;
    int64_t packets;
    uint64_t passed;
};

/* Numbers the frame and takes it in. */
void capture_frame(struct capture *c, struct frame *frame);
enum parse_status pcap_read(struct capture *c, struct bytes whole);
enum parse_status pcapng_read(struct capture *c, struct bytes whole);

/* Asks memory for the headers at `next`, while the frame before them is worked on: half
 * of the time of a big capture would else be spent waiting for them. */
static inline void capture_expect(struct bytes next)
{
    if (next.len >= 128) {
        __builtin_prefetch(next.at);
        __builtin_prefetch(next.at + 64);
    }
}

/* More than libpcap and Wireshark ever write for networks (their MAXIMUM_SNAPLEN). */
enum { CAPTURED_LEN_MAX = 262144 };

#endif
