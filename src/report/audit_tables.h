#ifndef LEASH_REPORT_AUDIT_TABLES_H
#define LEASH_REPORT_AUDIT_TABLES_H

#include <stdio.h>

#include "fact/case.h"

/* The nine tables that published audits of drones print, T1 to T9, each one query over the
 * case that runs in any SQLite: doc/case.md has the same queries for those who check them. */
struct audit_table {
    const char *name;    /* "T1" */
    const char *file;    /* "T1-destinations": of its CSV */
    const char *title;
    const char *without; /* the one line that stands where there are no rows */
    const char *sql;
};

enum { AUDIT_TABLE_COUNT = 9 };
extern const struct audit_table audit_tables[AUDIT_TABLE_COUNT];

/* For the page: {"T1": {"title":, "without":, "columns": [...], "rows": [[...], ...], "left_out": N}, ...},
 * each with at most `rows_max` rows.  `flows`: what has the rows of T1 and T2; NULL: it is made.  0 or -EIO. */
struct flow_tables;
__attribute__((warn_unused_result))
int audit_tables_json(struct fact_case *c, FILE *out, struct flow_tables *flows, size_t rows_max);

#endif
