#ifndef LEASH_REPORT_FLOW_TABLES_H
#define LEASH_REPORT_FLOW_TABLES_H

#include "base/json.h"
#include "fact/case.h"

/* The rows of T1 and T2 (report/audit_tables.h), whose queries sort all connections several times: added up in
 * one pass over them, for the page.  The queries say what the rows are, and a test holds the two together. */
struct flow_tables;

/* Goes over the connections and the destinations of the case; holds 150 bytes for each pair of a port and an address
 * that was spoken to while it is there.  0, or -EIO. */
__attribute__((warn_unused_result)) int flow_tables_read(struct fact_case *c, struct flow_tables **ret);
void flow_tables_free(struct flow_tables *t); /* NULL is fine */

/* False where a destination has the name of what is another one's address: such rows are the query's alone. */
bool flow_tables_tell_destinations(const struct flow_tables *t);

/* Writes at most `rows_max` rows, each a list; *ret_left_out is how many more there are.  0, or -EIO. */
__attribute__((warn_unused_result))
int flow_tables_write_destinations(struct flow_tables *t, struct fact_case *c, struct json *j, size_t rows_max,
                                   int64_t *ret_left_out);
__attribute__((warn_unused_result))
int flow_tables_write_modes(struct flow_tables *t, struct fact_case *c, struct json *j, size_t rows_max,
                            int64_t *ret_left_out);

#endif
