#ifndef LEASH_REPORT_CSV_H
#define LEASH_REPORT_CSV_H

#include <stdio.h>

#include "fact/case.h"

/* One table of the case as CSV (RFC 4180, UTF-8): a heading with the names of the columns,
 * then a line per row in report order.  Text that a spreadsheet would run as a formula gets
 * an apostrophe in front.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_csv_write(struct fact_case *c, enum fact_kind kind, FILE *out);

/* The same for the answer of a query of leash's own, such as those of report/audit_tables.h. */
__attribute__((warn_unused_result)) int report_csv_query(struct fact_case *c, const char *sql, FILE *out);

#endif
