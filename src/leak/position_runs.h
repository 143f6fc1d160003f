#ifndef LEASH_LEAK_POSITION_RUNS_H
#define LEASH_LEAK_POSITION_RUNS_H

#include "leak/position.h"
#include "leak/thresholds.h"

/* Positions that are not written one by one: steps from the one before, behind a first one
 * that is; and all latitudes in one list, all longitudes in the next.
 *
 *   steps      varints or zigzag varints, a latitude and a longitude in the order of the first pair,
 *              with up to RUN_EXTRA_MAX more numbers (a time, a height) behind each; or 16 bits
 *              each behind a pair of 32 bits, in its byte order
 *   columns    packed fields of Protocol Buffers: tag, length, varints; each the value itself or the step
 *              from the one before
 *
 * What begins like one is followed; its positions are given when RUN_STEPS_MIN of them went
 * on as something that moves does. */
enum { RUN_EXTRA_MAX = 2 };

/* What is being followed in one view. */
struct position_runs;

/* position_scan_binary, and what begins in it or went on from before.  `base`: the offset of at[0] in the
 * view; pieces of one view come in order, and each still has the VARINT_BYTES_MAX * 2 bytes before
 * the `limit` of the one before it.  *runs is NULL at first. */
void position_scan(const struct position_index *x, struct position_runs **runs, const uint8_t *at, size_t len,
                   size_t done, size_t limit, uint64_t base, const struct position_events *events);
void position_runs_free(struct position_runs *runs); /* NULL is fine */

#endif
