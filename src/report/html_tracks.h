#ifndef LEASH_REPORT_HTML_TRACKS_H
#define LEASH_REPORT_HTML_TRACKS_H

#include <stdio.h>

#include "fact/case.h"

enum {
    TRACK_POINTS_MAX = 2000,       /* of one track */
    TRACKS_POINTS_TOTAL = 60000,   /* of the page */
    TRACKS_MAX = 3000,
    CAMERA_POINTS_MAX = 5000,
    LEAK_EXTRAS_MAX = 2000,
    STORY_ROWS_MAX = 5000,         /* of each of the three tables */
};

/* What the page draws and the JSON report does not carry, as one JSON object:
 *
 *   {"schema": "leash.tracks/1",
 *    "tracks": [{"flight": ID|null, "subject": TEXT, "points_in_case": N,
 *                "points": [[longitude_deg, latitude_deg, altitude_m|null], ...]}, ...],
 *    "cameras": [{"media": ID|null, "position": [longitude_deg, latitude_deg]}, ...],
 *    "cut": {"tracks": N, "cameras": N}       what was left out
 *    "leaks": {ID: {"at":, "matched_from":, "matched_to":, "told":, "hits": [...]}},
 *    "stories": [...], "story_sources": [...], "story_differences": [...]     rows of the case's tables
 *    "search": {"views":, "bytes_searched":, "bytes_not_decoded":, "candidates":, "expected_false_hits":}}
 *
 * A track keeps its first and last point and, of the others, those where it bends most.
 * 0, or -EIO when the case cannot be read. */
__attribute__((warn_unused_result)) int html_tracks_write(struct fact_case *c, FILE *out);

#endif
