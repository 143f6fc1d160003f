#ifndef LEASH_FLIGHTLOG_TRACK_PLACE_H
#define LEASH_FLIGHTLOG_TRACK_PLACE_H

#include "base/xml_read.h"
#include "flightlog/flight_rows.h"

/* What GPX and KML have in common; used by gpx.c and kml.c alone. */

/* Whether the first element of a document is `name`, with any prefix; nothing but XML may stand before it. */
bool track_root_is(struct bytes head, struct text name);

/* "2024-05-01T09:30:00Z", or without a zone; a date alone, and anything else, is no time. */
struct flight_time track_time(struct text t);

/* home | operator | target, by the words people and programs name such points with. */
const char *track_place_subject(struct text name);

/* Puts a single point: into `f`, or as a point of no flight where `f` is NULL.  False: no place on the globe. */
bool track_place_put(struct reading *r, struct flight_rows *f, const char *subject, struct bytes at,
                     struct flight_point point,
                     const char *alt_ref, const struct flight_time *time);

/* Tells a track's name, as the document writes it; nothing when it is unknown. */
void track_note_name(struct flight_rows *f, struct text name);

/* Reports what is no XML since the last call: `told` is how many places were, 0 at first. */
void track_report_broken(struct reading *r, const struct xml_reader *x, uint64_t *told);

/* Reports zeros, which no text has: files that lost a block on their way to the disk have it full of them. */
void track_report_zeros(struct reading *r, struct bytes whole);

/* Reports how the document ended: `inside_point` that its last point is cut off, which began at `point_from`. */
void track_report_end(struct reading *r, const struct xml_reader *x, bool inside_point, uint64_t point_from);

#endif
