#ifndef LEASH_FACT_CASE_INSIDE_H
#define LEASH_FACT_CASE_INSIDE_H

#include <sqlite3.h>

#include "base/buffer.h"
#include "base/timestamp.h"
#include "fact/case.h"

/* What case.c (the file's life) and case_rows.c (what is in it) share; for nobody else. */

enum { PATH_BYTES_MAX = 4096 };

struct fact_case {
    sqlite3 *db;
    sqlite3_stmt *insert[FACT_CASE_KIND_COUNT];
    char path[PATH_BYTES_MAX], part[PATH_BYTES_MAX]; /* part: "" once renamed, or when only read */
    struct arena *arena;       /* of the row being put or read */
    struct buffer geometry;
    FILE *json;                /* what becomes JSON in a column is written here, over what was written before; NULL: */
    char *json_at;             /* nothing was yet */
    size_t json_len;
    struct timestamp_second second; /* of the last time that was put */
    bool sealed;
    char error[256];
};

/* Keeps what the database says is wrong, for case_error.  Gives -EIO. */
int case_failed(struct fact_case *c);

/* Fills c->insert[kind].  A result code of SQLite. */
int case_prepare_insert(struct fact_case *c, enum fact_kind kind);

#endif
