#ifndef LEASH_PACKET_CAPTURE_H
#define LEASH_PACKET_CAPTURE_H

#include "evidence/reading.h"

/* Packet captures: pcap (either byte order, micro- and nanoseconds, and Kuznetzov's
 * variant with the interface in each record) and pcapng (either byte order, several sections and
 * interfaces), also several files one behind the other, as cat joins them.
 * Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */
bool pcap_recognise(struct bytes whole);
bool pcapng_recognise(struct bytes whole);
bool capture_recognise(struct bytes whole); /* either */

/* Enough of a capture's beginning to recognise it. */
enum { CAPTURE_HEAD_BYTES = 28 };

/* Reads a capture as its bytes come: a mapped file is one window, a pipe or a live source
 * many.  Whatever the windows, the rows are the same.
 *
 * Puts a flow row for each flow, and what the protocols put.  Frames that are not IP (ARP,
 * spanning tree) belong to no flow and are left out; frames that could not be read are counted in
 * a damage row.  Where a record makes no sense, reading goes on at the next place that
 * looks like records again. */
struct capture;

struct capture *capture_new(struct reading *r);

/* Takes in what it can of `window`, which begins behind what was taken before (`origin` says
 * where that is).  Gives how many bytes that were; the others must come again, with more behind
 * them.  `last`: nothing comes behind the window; then all of it is taken. */
size_t capture_feed(struct capture *c, struct bytes window, bool last);

/* A window of this size is always enough to go on: the longest records that are believed, one
 * behind the other.  Where nothing is odd, it is one record and the next header. */
enum { CAPTURE_WINDOW_MAX = 80 << 20 };

/* Writes what is still open, and frees.  TRUNCATED: the capture ends within a record, of which the
 * part that is there was read.  INVALID: nothing could be made of the rest. */
enum parse_status capture_end(struct capture *c);

/* All at once. */
enum parse_status capture_read(struct reading *r, struct bytes whole);

#endif
