#ifndef LEASH_JUDGE_QUERY_H
#define LEASH_JUDGE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

/* Runs the SQL of a catalogue over a case.  The catalogue may come from elsewhere, so
 * its SQL may do one thing: SELECT from the tables of facts, from the catalogue's own
 * tables, and from json_each, with functions that are on a list.  Clock, chance, files,
 * schema, PRAGMA, ATTACH, recursion and writing are refused when a statement is
 * prepared; time, rows and the length of values are limited when it runs. */
struct query_engine;

enum {
    QUERY_ROWS_MAX = 10000,            /* rows kept of one answer */
    QUERY_TABLE_ROWS_MAX = 4000000,    /* rows of a catalogue's own table */
    QUERY_VALUE_BYTES_MAX = 16 << 20,
    QUERY_TABLES_MAX = 256,
    QUERY_COLUMNS_MAX = 64,
};

/* What SQL finds under :name. */
struct query_values {
    int64_t now_utc_ns;                /* :now_ns */
    struct text label;                 /* :label, of the run; may be unknown */
    double flight_time_s, flight_time_covered_s;
};

enum query_type { QUERY_NULL, QUERY_INT, QUERY_REAL, QUERY_TEXT };

struct query_cell {
    enum query_type type;
    int64_t integer;
    double real;
    struct text text;
};

struct query_answer {
    struct text_list columns;
    const struct query_cell *cells;    /* rows * columns.count, row by row */
    size_t rows;
    bool cut;                          /* there were more than rows_max */
};

enum query_status {
    QUERY_OK,
    QUERY_REFUSED,   /* it is no SQL, names what does not exist, or does what is not allowed */
    QUERY_TOO_LONG,  /* the time limit, or a size limit, was reached */
    QUERY_FAILED,    /* the database failed */
};

/* `p` must outlive the engine.  While it lives the connection's limits are lower and the
 * functions are there; query_close gives everything back. */
struct query_engine *query_open(struct sqlite3 *db, const struct policy *p, const struct query_values *values,
                                double seconds_per_query);
void query_close(struct query_engine *q); /* NULL is fine */
/* Others than it was opened with, from the next statement on. */
void query_set_values(struct query_engine *q, const struct query_values *values);

/* What the last call that was not OK complains about. */
const char *query_error(const struct query_engine *q);

/* Compiles without running; columns live in `arena`. */
__attribute__((warn_unused_result))
enum query_status query_compile(struct query_engine *q, struct text sql, struct arena *arena,
                                struct text_list *columns);

/* *ret is set on QUERY_OK only and lives in `arena`. */
__attribute__((warn_unused_result))
enum query_status query_run(struct query_engine *q, struct text sql, struct arena *arena, struct query_answer *ret);

/* Runs `sql` once and keeps its rows under `name` for the queries that follow, with an
 * index on the column `key` unless that is unknown. */
__attribute__((warn_unused_result))
enum query_status query_keep(struct query_engine *q, struct text name, struct text sql, struct text key);

/* -1 when there is no such column. */
int query_column(const struct query_answer *a, struct text name);
/* NULL when there is no such row or column. */
const struct query_cell *query_cell_at(const struct query_answer *a, size_t row, int column);

/* judge/functions.c: the functions that SQL may call besides SQLite's own harmless ones:
 *
 *   stated(LIST)                 does the policy state it: a key, or "key.member"?
 *   destination_allowed(HOST, OWNER, COUNTRY, ADDRESS, PORT, PHASE)
 *                                an entry of allowed_destinations fits
 *   host_listed(HOST, LIST)      HOST or a name above it is in the list
 *   name_listed(NAME, LIST)      NAME is in the list, whatever the case of its letters
 *   network_listed(ADDRESS, LIST)  a network of the list holds the address
 *   is_private(ADDRESS)  is_group(ADDRESS)
 *   address_in(ADDRESS, NETWORK) NULL unless both are what they should be
 *   same_network(A, B, BITS)     the first BITS of two addresses agree (IPv6: 64)
 *   has_class(PURPOSE, CLASS)    "share/media: photos" has the classes share and media
 *   mail_address(TEXT)           the first mail address in the text, in lower case, or NULL
 *   time_ns(TIME)                RFC 3339 as nanoseconds since 1970, or NULL
 */
bool query_functions_add(struct sqlite3 *db, const struct policy *p);
void query_functions_remove(struct sqlite3 *db);
bool query_function_allowed(const char *name);
/* Do the functions above name only lists that policies can have?  SQLite would tell when the rule
 * runs, which may be never.  False: *bad is the name. */
__attribute__((warn_unused_result)) bool query_lists_known(struct text sql, struct text *bad);

#endif
