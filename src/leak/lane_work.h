#ifndef LEASH_LEAK_LANE_WORK_H
#define LEASH_LEAK_LANE_WORK_H

#include "base/crew.h"
#include "leak/lane.h"

/* Work of the lanes that several threads share.  The thread that takes the packets apart writes down what each lane is
 * to do, in blocks of 64 KiB with the payload copied in; a block that is full joins the line of its lane, and any
 * thread that is free takes the lane that has waited longest and does its next block.  A lane is done by one thread
 * at a time, in order: which thread that is does not show.  When all blocks are under way (4 MiB) the first thread
 * helps, too, and sleeps only when every lane with work is being worked on. */
struct lane_work;

struct lane_work *lane_work_new(struct crew *crew, unsigned helpers, unsigned lanes);
/* What lane_view_begin, _feed, _gap and _end do, some time later but in this order; `lane` is the lane's number. */
void lane_work_begin(struct lane_work *w, unsigned lane, struct payload_view *v, struct text_list decoding);
void lane_work_feed(struct lane_work *w, unsigned lane, struct payload_view *v, struct bytes chunk, int64_t packet,
                    int64_t at_utc_ns);
void lane_work_gap(struct lane_work *w, unsigned lane, struct payload_view *v, uint64_t missing);
void lane_work_end(struct lane_work *w, unsigned lane, struct payload_view *v);
/* Returns when everything is done, and no thread helps any more. */
void lane_work_finish(struct lane_work *w);
void lane_work_free(struct lane_work *w); /* finished; NULL is fine */

#endif
