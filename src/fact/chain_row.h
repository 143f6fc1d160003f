#ifndef LEASH_FACT_CHAIN_ROW_H
#define LEASH_FACT_CHAIN_ROW_H

#include "base/buffer.h"

struct sqlite3_stmt;

/* The canonical bytes of one row, the form that doc/case.md documents under "The chain".
 * Each value is a letter and its content, numbers most significant byte first:
 *   N                    NULL
 *   I int64              INTEGER
 *   R IEEE 754 double    REAL
 *   T uint32 bytes       TEXT in UTF-8, with its length in front
 *   B uint32 bytes       BLOB
 *   G srs type n doubles a GeoPackage geometry (points and lines): srs_id, the ISO WKB type and
 *                        the number of coordinates as uint32, then the coordinates.  Programs
 *                        write one geometry in several ways (byte order, envelope); all of them
 *                        have these bytes */
void canonical_null(struct buffer *to);
void canonical_int(struct buffer *to, int64_t value);
void canonical_real(struct buffer *to, double value);
void canonical_text(struct buffer *to, struct text t);
/* A blob: as G when `is_geometry` and it is a point or line that is whole, else as B. */
void canonical_blob(struct buffer *to, struct bytes b, bool is_geometry);

/* The first `columns` columns of the row that `s` stands on; column `geometry` (or -1) holds geometries. */
void canonical_row(struct buffer *to, struct sqlite3_stmt *s, int columns, int geometry);

#endif
