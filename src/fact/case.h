#ifndef LEASH_FACT_CASE_H
#define LEASH_FACT_CASE_H

#include <stdbool.h>

#include "base/hash.h"
#include "fact/fact.h"

/* The case file: one SQLite database that is a valid OGC GeoPackage 1.3.  doc/case.md
 * documents it for others; in short, made from the table of fields in fact/fact.h:
 *
 *   one STRICT table per kind, named as the kind ("flow", "dns", "finding" ...):
 *     fid INTEGER PRIMARY KEY    in report order: by evidence item, then as read
 *     id TEXT                    KIND-xxxxxxxxxxxx-N: 12 hex digits of the item's SHA-256, N from 1
 *     evidence TEXT              SHA-256 of the item; NULL for rows without one
 *     origin TEXT                JSON {"offset":,"length":,"packets":[first,last],"steps":[],"rows":[]}
 *     one column per field: TEXT and TIME (RFC 3339) and JSON and LIST (JSON array) as TEXT,
 *     INT and BOOL as INTEGER, REAL as REAL, REF as TEXT (id of the row); unknown is NULL
 *   `position` is a layer (POINTZ) besides: a `geom` blob next to the same columns
 *   further layers: flight_path (LINESTRINGZ), media_position, broadcast_position (POINTZ)
 *   leash_case(id=1, schema_version, made_by);  run(fid, key, value): what case_set keeps
 *   leash_chain, leash_report: see fact/chain.h
 *
 * A case is written to PATH.part and renamed when it is whole, so that a killed or
 * failed run leaves no half case. */
struct fact_case;
struct sqlite3;

enum { CASE_SCHEMA_VERSION = 1 };

/* All give 0 or a negative errno (-EEXIST: a case is there and `replace` is false; -EIO: the
 * database said no, see case_error), and set `ret` on success only. */
__attribute__((warn_unused_result)) int case_create(const char *path, bool replace, struct fact_case **ret);
__attribute__((warn_unused_result)) int case_open(const char *path, struct fact_case **ret); /* read-only; -EINVAL: not a case */
/* Writes out all that was put, so that case_open_beside can read it, and goes on. */
__attribute__((warn_unused_result)) int case_write_out(struct fact_case *c);
/* The case as case_write_out left it, read-only, for another thread: what is put meanwhile is not in it.  To be closed
 * before case_write_out comes again, or case_finish. */
__attribute__((warn_unused_result)) int case_open_beside(const struct fact_case *c, struct fact_case **ret);
/* Layers, indexes, extents, and the chain over all rows (fact/chain.h).  Nothing can be put or set any more;
 * the case can be read, and reports made of it, before it has its name. */
__attribute__((warn_unused_result)) int case_seal(struct fact_case *c);
/* The same with chains that were worked out ahead; NULL: none. */
struct chain_ahead;
__attribute__((warn_unused_result)) int case_seal_with(struct fact_case *c, const struct chain_ahead *ahead);
/* Keeps that a report of this form ("html", "json") was written with these bytes; between seal and finish. */
__attribute__((warn_unused_result))
int case_note_report(struct fact_case *c, const char *form, const char sha256[SHA256_HEX], int64_t bytes);
/* Seals unless that is done; commit, fsync, rename into place. */
__attribute__((warn_unused_result)) int case_finish(struct fact_case *c);
/* Closes; a case that was created and not finished leaves no file.  NULL is fine. */
void case_free(struct fact_case *c);
const char *case_error(const struct fact_case *c);

/* For queries.  During case_create..case_finish rows already put are visible. */
struct sqlite3 *case_db(struct fact_case *c);

/* Adds a row.  `evidence_key` is the SHA-256 hex of its item (row.head.evidence may differ
 * without hashing); ids of the row and of its REF fields are made from it and the numbers.
 * Derived rows pass head.id themselves and an unknown key. */
__attribute__((warn_unused_result))
int case_put(struct fact_case *c, enum fact_kind kind, const void *row, struct text evidence_key);

/* Calls `each` for every row of the kind in report order, with head.id and head.evidence
 * set; REF fields hold the N of the id.  `where` is SQL behind WHERE, or NULL.  Texts live
 * until the call returns.  Stops when `each` gives non-zero and gives that. */
int case_each(struct fact_case *c, enum fact_kind kind, const char *where,
              int (*each)(void *user, const void *row), void *user);

/* How many rows of the kind there are; 0 also when the case cannot be read. */
size_t case_rows(struct fact_case *c, enum fact_kind kind);

/* Things about the run: "started", "command", "policy", "label", "operator", "verdict"; JSON for
 * "data_versions", "profiles", "coverage". */
__attribute__((warn_unused_result)) int case_set(struct fact_case *c, const char *key, struct text value);
struct text case_get(struct fact_case *c, const char *key, struct arena *arena); /* unknown when not set */

/* The id a row gets: "flow-9f86d081884c-12".  Copied into `arena`. */
struct text case_row_id(enum fact_kind kind, struct text evidence_key, int64_t number, struct arena *arena);

#endif
