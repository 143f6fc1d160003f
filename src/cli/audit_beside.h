#ifndef LEASH_CLI_AUDIT_BESIDE_H
#define LEASH_CLI_AUDIT_BESIDE_H

#include "fact/case.h"
#include "fact/chain.h"
#include "judge/judge.h"
#include "report/html_ahead.h"

/* What needs only the facts, done by a thread of its own on the written-out case (case_open_beside) while another
 * judges them: the coverage, for which that one waits, the chains of their tables, and parts of the page.  Without it
 * everything is made all the same, and the same. */
struct audit_beside;

/* NULL where there can be no thread.  The case is one that case_write_out wrote just now. */
struct audit_beside *audit_beside_start(const struct fact_case *c);
/* Waits until it is done; before anything is written out again.  NULL is fine. */
void audit_beside_join(struct audit_beside *b);
void audit_beside_free(struct audit_beside *b); /* joins first; NULL is fine */

/* For judge_case_with, before the join; NULL for NULL. */
const struct judge_help *audit_beside_help(const struct audit_beside *b);
/* After the join; NULL: they are still to be worked out. */
const struct chain_ahead *audit_beside_chains(const struct audit_beside *b);
const struct html_ahead *audit_beside_page(const struct audit_beside *b);

#endif
