#ifndef LEASH_FACT_CHAIN_WALK_H
#define LEASH_FACT_CHAIN_WALK_H

#include <sqlite3.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/text.h"

/* What chain.c (making it) and chain_check.c (finding what was changed) share; for nobody else. */

enum {
    MARK_BYTES = 4, MARKS_MAX = 1 << 18, /* 1 MiB a table at most */
};

#define LIST_TABLE "leash_chain"
extern const struct text_list list_columns; /* of LIST_TABLE, as far as they are in its chain */

/* The tables that the chain covers, in its order; NULL behind the last. */
const char *covered_table(size_t number);

/* One chain in the making. */
struct chain {
    struct sha256 *hash;
    struct buffer bytes;        /* the last h, the length of the row, the row */
    uint8_t head[SHA256_BYTES];
    int64_t rows;
};

void chain_init(struct chain *c);
void chain_done(struct chain *c);
void chain_begin(struct chain *c, struct text table, struct text_list columns);
/* A row's canonical bytes go into what row_begin gives; row_end is false when it is larger than can be. */
struct buffer *row_begin(struct chain *c);
bool row_end(struct chain *c);

/* The walk over a table's rows.  Every name with its table's, so that a column that is gone is an error and not a text.
 * A result code of SQLite. */
int prepare_walk(sqlite3 *db, struct text table, struct text_list columns, sqlite3_stmt **ret, int *ret_geometry);

void list_begin(struct chain *list);
/* The row in leash_chain of a table whose chain has so many rows and this head, in hex. */
void add_to_list(struct chain *list, struct text table, struct text columns_as_json, int64_t rows,
                 const char head[SHA256_HEX]);

#endif
