#ifndef LEASH_SCRUB_PLAN_LOG_H
#define LEASH_SCRUB_PLAN_LOG_H

#include "scrub/edit.h"

/* Flight logs.  What a field is, is told by the log's own schema where it has one, by names of columns, elements and
 * labels (scrub/names.h), or by the table of its messages.  Coordinates become zero or are moved; serial numbers, names
 * and, on request, times become zeros or blanks.  Binary logs keep their length, and check sums are made anew; texts
 * may change theirs.
 *
 * Bytes between records that are none hold what was a record once: they go with the positions, and are damage besides.
 * Known values are blanked wherever text may say anything: messages, comments, parameters. */

enum parse_status plan_ulog(struct reading *r, struct bytes whole);
enum parse_status plan_dataflash(struct reading *r, struct bytes whole);
enum parse_status plan_dataflash_text(struct reading *r, struct bytes whole);
/* UNSUPPORTED when a frame is signed: a change would make the signature false. */
enum parse_status plan_tlog(struct reading *r, struct bytes whole);
enum parse_status plan_srt(struct reading *r, struct bytes whole);
/* One subtitle of a video's text track: its length stays. */
void plan_srt_cue(struct plan *p, struct bytes text);
enum parse_status plan_csv(struct reading *r, struct bytes whole);
/* Numbers become 0, texts blanks.  INVALID where the document is damaged: nothing behind that could be told.
 * UNSUPPORTED for rows in binary (Parrot's older form). */
enum parse_status plan_json(struct reading *r, struct bytes whole);
/* UNSUPPORTED from version 13 on, whose records are encrypted. */
enum parse_status plan_dji_txt(struct reading *r, struct bytes whole);
/* GPX and KML; --shift is told in a comment before the first element. */
enum parse_status plan_track_xml(struct reading *r, struct bytes whole);

#endif
