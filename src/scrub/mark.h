#ifndef LEASH_SCRUB_MARK_H
#define LEASH_SCRUB_MARK_H

#include "scrub/edit.h"

/* What --shift leaves inside a copy whose format has a place for a remark, so that it tells that it is altered even
 * where its sidecar is lost:
 *
 *   JPEG              comment segment behind the first marker       PNG    text chunk behind the header
 *   MP4, MOV          comment in user data behind the last box      ULog   information record at the end
 *   DataFlash         message at the end, where the log has such    GPX, KML   comment before the first element
 *
 * TIFF, DNG, HEIF, subtitles, tables, telemetry logs and DJI's records have none that every reader passes over. */
#define SCRUB_MARK "altered copy: the positions were moved"

/* Whether the copy of this plan is to be marked. */
bool plan_marks(const struct plan *p);
/* Puts `bytes` in before `at`, which is a view of no length.  The first edit that changes a length, or one behind all
 * others. */
void plan_mark(struct plan *p, struct bytes at, const void *bytes, size_t n);

#endif
