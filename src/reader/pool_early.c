#include "reader/pool_early.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "reader/pool_sums.h"
#include "reader/process.h"

static void end(struct reader *reader)
{
    kill(reader->pid, SIGKILL);
    pool_retire(reader);
    free(reader);
}

void pool_early_begin(struct pool *p)
{
    struct worker_options worker = p->options->worker;
    struct item *item = p->sums;

    if (p->error || p->items->early || p->reader_count < 2 || !item || item->state != ITEM_WAITING)
        return;
    worker.search_begin = NULL;
    worker.rules = NULL;
    worker.helpers = 0;
    struct reader *reader = memory_alloc_array(1, sizeof *reader);
    *reader = (struct reader){ .spool = -1, .early = true };
    if ((reader->pid = process_start(&worker, &reader->socket)) < 0) {
        free(reader);
        return;
    }
    /* Should it have died meanwhile, the next run will see that. */
    (void)pool_give_sum(p, reader, item);
    if (reader->item)
        p->items->early = reader;
    else
        end(reader);
}

void pool_early_take(struct pool *p)
{
    struct reader *reader = p->items->early;

    if (!reader)
        return;
    pool_sum_begins(p, reader->item);
    p->readers[0] = *reader;
    p->items->early = NULL;
    free(reader);
}

void pool_early_end(struct item_list *items)
{
    if (items->early)
        end(items->early);
    items->early = NULL;
}
