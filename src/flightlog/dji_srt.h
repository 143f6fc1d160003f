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

/* The same texts as a subtitle track of a video: begun, told cue by cue, ended.  `media` is the number of the video's
 * media row, for the positions.  NULL from begin: no memory. */
struct dji_srt_track;
struct dji_srt_track *dji_srt_track_begin(struct reading *r, int64_t media);
/* `text` is what one sample shows, from `from_ms` to `to_ms` (or unknown).  Lines of other programs are passed over. */
void dji_srt_track_cue(struct dji_srt_track *t, struct bytes text, int64_t from_ms, int64_t to_ms);
/* Puts the flight, read at `whole`.  False when no cue was of such a camera: nothing was put.  `ret` (may be NULL) gets
 * its first place and how many fixes there are. */
struct dji_srt_summary {
    int64_t points;
    double longitude_deg, latitude_deg, altitude_m;
    const char *alt_ref;     /* NULL: altitude unknown */
    int64_t start_local_ns;  /* or unknown */
};
bool dji_srt_track_end(struct dji_srt_track *t, struct bytes whole, struct dji_srt_summary *ret);

#endif
