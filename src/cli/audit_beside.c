#include "cli/audit_beside.h"

#include <stdlib.h>

#include "base/crew.h"
#include "base/memory.h"

struct audit_beside {
    struct crew *crew;
    struct fact_case *c;
    struct chain_ahead *chains;
    struct html_ahead *page;
};

/* All kinds but those that judging puts. */
static void facts_alone(bool kinds[FACT_CASE_KIND_COUNT])
{
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        kinds[kind] = kind != FACT_FINDING && kind != FACT_PRECAUTION && kind != FACT_RULE;
}

/* What cannot be done here, whoever needs it will try again and say why not. */
static void work(void *user)
{
    struct audit_beside *b = user;
    bool kinds[FACT_CASE_KIND_COUNT];

    facts_alone(kinds);
    if (html_ahead_read(b->c, &b->page))
        b->page = NULL;
    if (chain_work_out_ahead(case_db(b->c), kinds, &b->chains))
        b->chains = NULL;
}

struct audit_beside *audit_beside_start(const struct fact_case *c)
{
    struct audit_beside *b = memory_alloc_array(1, sizeof *b);

    if (!(b->crew = crew_new(1)) || case_open_beside(c, &b->c)) {
        audit_beside_free(b);
        return NULL;
    }
    crew_start(b->crew, 1, work, b);
    return b;
}

void audit_beside_join(struct audit_beside *b)
{
    if (!b || !b->c)
        return;
    crew_finish(b->crew);
    case_free(b->c);
    b->c = NULL;
}

void audit_beside_free(struct audit_beside *b)
{
    if (!b)
        return;
    audit_beside_join(b);
    crew_free(b->crew);
    chain_ahead_free(b->chains);
    html_ahead_free(b->page);
    free(b);
}

const struct chain_ahead *audit_beside_chains(const struct audit_beside *b)
{
    return b ? b->chains : NULL;
}

const struct html_ahead *audit_beside_page(const struct audit_beside *b)
{
    return b ? b->page : NULL;
}
