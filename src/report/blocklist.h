#ifndef LEASH_REPORT_BLOCKLIST_H
#define LEASH_REPORT_BLOCKLIST_H

#include <stdio.h>

#include "fact/case.h"

/* What the policy forbids (report/forbidden.h) as lists that programs read.  Each entry has the rules that forbid it,
 * the owner and the day when it was last seen as comments; what the form cannot block is said in comments at the end.
 * Text from evidence stands in comments only, on one line and escaped; entries are made of checked characters.
 * The same case gives the same bytes.  All give 0, or a negative errno. */

/* hosts(5): names point to addresses that lead nowhere.  Addresses cannot be blocked. */
__attribute__((warn_unused_result)) int report_hosts_write(struct fact_case *c, FILE *out);
/* A rule file for nft(8): a table of its own that rejects packets to the addresses.  Names cannot be blocked. */
__attribute__((warn_unused_result)) int report_nft_write(struct fact_case *c, FILE *out);
/* A response policy zone for DNS servers (BIND, Unbound, Knot, PowerDNS): names do not exist.  Addresses cannot be
 * blocked. */
__attribute__((warn_unused_result)) int report_rpz_write(struct fact_case *c, FILE *out);

#endif
