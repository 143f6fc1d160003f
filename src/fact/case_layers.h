#ifndef LEASH_FACT_CASE_LAYERS_H
#define LEASH_FACT_CASE_LAYERS_H

#include "base/buffer.h"
#include "fact/fact.h"

struct sqlite3;

/* What makes a case a GeoPackage (OGC 12-128r17, version 1.3): its own tables, the layers
 * and their extents.  Used by fact/case.c only.  All give an SQLite result code. */

/* The tables every GeoPackage has, with the reference systems it must name. */
int layers_prepare(struct sqlite3 *db);
/* Makes `position` a layer, and flight_path, media_position and broadcast_position from
 * the rows that are there; lists all tables with their extents. */
int layers_finish(struct sqlite3 *db);

/* GeoPackage geometry blobs (section 2.1.3), WGS-84.  An unknown altitude gives a point
 * without Z: unknown is not zero. */
void geometry_point(struct buffer *to, double longitude_deg, double latitude_deg, double altitude_m);

#endif
