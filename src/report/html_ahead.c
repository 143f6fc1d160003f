#include "report/html_ahead.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/html_flows.h"

int html_ahead_read(struct fact_case *c, struct html_ahead **ret)
{
    struct html_ahead *a = memory_alloc_array(1, sizeof *a);
    FILE *out = open_memstream(&a->flows, &a->flows_bytes);
    int error = out ? html_flows_write(c, out, &a->flows_kept) : -ENOMEM;

    if (out && fclose(out) && !error)
        error = -ENOMEM;
    if (!error)
        error = flow_tables_read(c, &a->tables);
    if (error) {
        html_ahead_free(a);
        return error;
    }
    *ret = a;
    return 0;
}

void html_ahead_free(struct html_ahead *a)
{
    if (!a)
        return;
    flow_tables_free(a->tables);
    free(a->flows);
    free(a);
}
