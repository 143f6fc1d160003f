#ifndef LEASH_FLIGHTLOG_BLACKBOX_H
#define LEASH_FLIGHTLOG_BLACKBOX_H

#include "evidence/reading.h"

/* Blackbox logs of Betaflight, iNav and Cleanflight (.bbl, .bfl, .txt): header lines, and of the frames behind them GPS
 * and home.  One file may hold several logs, as a flash memory does: each gives a `flight` row, its aircraft
 * `position` rows and home, and the craft's name and the chip's identity.
 *
 * Times count from the controller's start; they become UTC (`derived`) where the header says when the log began. */

__attribute__((warn_unused_result)) bool blackbox_recognise(struct bytes whole);

/* INVALID: no such log.  Frames that are damaged, and bytes that belong to none, are summed up for each log in one
 * damage row. */
__attribute__((warn_unused_result)) enum parse_status blackbox_read(struct reading *r, struct bytes whole);

#endif
