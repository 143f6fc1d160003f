#include "cli/audit_beside.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/memory.h"

struct audit_beside {
    struct crew *crew;
    struct fact_case *c;
    struct judge_help help;
    struct arena *arena;        /* of the coverage */
    struct coverage coverage;
    int coverage_error;
    sem_t measured;
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

    b->coverage_error = judge_measure(b->c, b->arena, &b->coverage);
    sem_post(&b->measured);
    facts_alone(kinds);
    if (html_ahead_read(b->c, &b->page))
        b->page = NULL;
    if (chain_work_out_ahead(case_db(b->c), kinds, &b->chains))
        b->chains = NULL;
}

static int wait_for_coverage(void *user, struct coverage *ret)
{
    struct audit_beside *b = user;

    while (sem_wait(&b->measured) && errno == EINTR)
        ;
    if (!b->coverage_error)
        *ret = b->coverage;
    return b->coverage_error;
}

struct audit_beside *audit_beside_start(const struct fact_case *c)
{
    struct audit_beside *b = memory_alloc_array(1, sizeof *b);

    b->arena = arena_new(0);
    b->help = (struct judge_help){ .coverage = wait_for_coverage, .user = b };
    sem_init(&b->measured, 0, 0);
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
    sem_destroy(&b->measured);
    arena_free(b->arena);
    free(b);
}

const struct judge_help *audit_beside_help(const struct audit_beside *b)
{
    return b ? &b->help : NULL;
}

const struct chain_ahead *audit_beside_chains(const struct audit_beside *b)
{
    return b ? b->chains : NULL;
}

const struct html_ahead *audit_beside_page(const struct audit_beside *b)
{
    return b ? b->page : NULL;
}
