#ifndef LEASH_FACT_CHAIN_H
#define LEASH_FACT_CHAIN_H

#include "base/arena.h"
#include "base/hash.h"
#include "fact/fact.h"

struct sqlite3;

/* The hash chain over a case: what makes every later change of a row show.
 *
 * Each table of facts, each layer, `run` and `leash_case` has a chain of its own over its rows in
 * the order of their fid:  h(0) = SHA-256 of the table's name and columns,
 * h(i) = SHA-256(h(i-1), length of row i, row i)  with rows in the canonical form of
 * fact/chain_row.h.  The table leash_chain keeps, for each, the columns, the number of rows, the
 * last h (its head) and marks: the first four bytes of every h(i), or of every second, fourth...
 * when there are very many.  Marks only tell where a chain broke.  The overall head is the chain
 * over leash_chain itself.  doc/case.md has the form to the byte, and tools/verify-chain is
 * the same in Python.
 *
 * Not in the chain, because programs that open a GeoPackage may write there: everything of
 * GeoPackage's own, indexes, and tables and columns that others add. */

/* The chains of tables of facts that nothing is put into any more, worked out before the others have all their rows.
 * A result code of SQLite; *ret on success only. */
struct chain_ahead;
__attribute__((warn_unused_result))
int chain_work_out_ahead(struct sqlite3 *db, const bool kinds[FACT_CASE_KIND_COUNT], struct chain_ahead **ret);
void chain_ahead_free(struct chain_ahead *a); /* NULL is fine */

/* Makes leash_chain over the tables that are there, and an empty leash_report (what reports were
 * written, see case_note_report).  Nothing that the chain covers may be written afterwards.  `ahead`: of this
 * case, or NULL.  A result code of SQLite. */
__attribute__((warn_unused_result)) int chain_write(struct sqlite3 *db, const struct chain_ahead *ahead);

/* The overall head as the case keeps it, 64 hex digits; unknown when there is none. */
struct text chain_head(struct sqlite3 *db, struct arena *arena);

enum chain_fault_kind {
    CHAIN_ROW_CHANGED, CHAIN_ROW_ADDED, CHAIN_ROW_REMOVED,
    CHAIN_TABLE_UNREADABLE, /* it is gone, or a column of it */
    CHAIN_TABLE_UNCOVERED,  /* a table of facts that leash_chain does not list */
    CHAIN_LIST_CHANGED,     /* leash_chain itself */
};

struct chain_fault {
    enum chain_fault_kind kind;
    struct text table;
    int64_t row_first, row_last; /* fid; the first place in this table: one row; one of these; or all, when removed */
    struct text id;              /* of that row, where it can be told */
};

struct chain_result {
    bool present;                /* false: this case has no chain, nothing else is set */
    bool whole;
    int64_t tables, rows;
    char head[SHA256_HEX];       /* worked out anew from the rows */
};

/* Works the chain out anew and calls `fault` for the first place in each table that differs; the
 * texts live for the call.  0 or -EIO. */
__attribute__((warn_unused_result))
int chain_check(struct sqlite3 *db, void (*fault)(void *user, const struct chain_fault *f), void *user,
                struct chain_result *ret);

#endif
