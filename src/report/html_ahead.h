#ifndef LEASH_REPORT_HTML_AHEAD_H
#define LEASH_REPORT_HTML_AHEAD_H

#include <stdio.h>

#include "fact/case.h"
#include "report/flow_tables.h"

/* What the page takes from the connections and destinations alone, and so can be worked out before the case is judged,
 * and beside that (case_open_beside). */
struct html_ahead {
    char *flows;         /* the JSON of html_flows_write */
    size_t flows_bytes, flows_kept;
    struct flow_tables *tables;
};

/* 0 or a negative errno. */
__attribute__((warn_unused_result)) int html_ahead_read(struct fact_case *c, struct html_ahead **ret);
void html_ahead_free(struct html_ahead *a); /* NULL is fine */

#endif
