#ifndef LEASH_FLIGHTLOG_TRACK_XML_H
#define LEASH_FLIGHTLOG_TRACK_XML_H

#include "evidence/reading.h"

/* Tracks in XML: GPX 1.0 and 1.1 (topografix.com/GPX/1/1/gpx.xsd), KML 2.2 and 2.3 with Google's track extension
 * (OGC 12-007r2; developers.google.com/kml/documentation/kmlreference).  A KMZ is a zip with a KML inside.
 *
 * Each <trk>, and each KML line, track or run of timed points, is one `flight` row with its aircraft `position` rows.
 * Way and route points are `target` positions; points that are named take-off or home `home`, pilot or operator
 * `operator` positions.  Neither format says what moved along a track, nor what heights count from in GPX.
 * A link in the file is never followed: its address is told in a note. */

__attribute__((warn_unused_result)) bool gpx_recognise(struct bytes whole);
__attribute__((warn_unused_result)) bool kml_recognise(struct bytes whole);

/* INVALID: no such document; nothing was put. */
__attribute__((warn_unused_result)) enum parse_status gpx_read(struct reading *r, struct bytes whole);
__attribute__((warn_unused_result)) enum parse_status kml_read(struct reading *r, struct bytes whole);

#endif
