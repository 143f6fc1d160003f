#ifndef LEASH_REPORT_KML_H
#define LEASH_REPORT_KML_H

#include <stdio.h>

#include "fact/case.h"

/* Everything with a place as KML 2.2 (OGC 07-147r2) with Google's track extension: for each flight a folder with the
 * aircraft's path, and those of operator and controller; take-off, operator, photos and targets as points.  A
 * path whose points all have times is a gx:Track; else a line, and what has times a track besides.
 * Heights are absolute where they count from the sea, relative to the ground where they count from the
 * take-off (which a viewer cannot know), and else only written.  It names no file and no host.
 * 0, or a negative errno. */
__attribute__((warn_unused_result))
int report_kml_write(struct fact_case *c, FILE *out);

#endif
