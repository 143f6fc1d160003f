#ifndef LEASH_REPORT_STIX_H
#define LEASH_REPORT_STIX_H

#include <stdio.h>

#include "fact/case.h"

/* The case as a STIX 2.1 bundle (OASIS standard of 2021), for threat intelligence platforms:
 *   identity        who audited (the operator of the case, or leash), and the owner of each destination
 *   infrastructure  each destination outside, with purpose, network and countries; related to its owner
 *   domain-name, ipv4-addr, ipv6-addr, autonomous-system, network-traffic, and for each destination observed-data
 *   indicator       what the policy forbids (report/forbidden.h), with a pattern; based on what was observed
 *   note            each finding and each leak, in its own words
 * All of it is marked TLP:AMBER.  Ids are UUIDs of version 5: the same case gives the same bytes.
 * 0, or a negative errno (-EINVAL: the case does not say when it was made). */
__attribute__((warn_unused_result)) int report_stix_write(struct fact_case *c, FILE *out);

#endif
