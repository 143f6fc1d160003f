#ifndef LEASH_FLIGHTLOG_DJI_SRT_H
#define LEASH_FLIGHTLOG_DJI_SRT_H

#include "evidence/reading.h"

/* Subtitles (.SRT) that DJI cameras of all generations write beside a video: a position, a clock and
 * the camera's settings for each frame or second.  The forms are in dji_srt_cue.c.
 *
 * Puts one `flight` row, an aircraft `position` for every subtitle with a fix, and a `home` position
 * where the subtitles name one.  The clock has no zone: times are `time_local`.  Where two
 * numbers carry no label, which of them is the latitude is proven by the numbers or assumed by the
 * form, and the flight's note says which. */

/* A subtitle among the first says what only such cameras say.  Films' subtitles are not recognised. */
__attribute__((warn_unused_result))
bool dji_srt_recognise(struct bytes whole);

/* INVALID: not one such subtitle; nothing was put.  Subtitles that are cut off, or missing by their own
 * numbers, are damage. */
__attribute__((warn_unused_result))
enum parse_status dji_srt_read(struct reading *r, struct bytes whole);

#endif
