#ifndef LEASH_DESTINATION_DESTINATION_H
#define LEASH_DESTINATION_DESTINATION_H

#include "destination/tables.h"
#include "fact/fact.h"

struct sqlite3;

/* What a run decides about destinations, and where they go. */
struct destination_run {
    /* Takes a finished row, borrowed for the call, with head.id and head.origin.rows set
     * and head.evidence unknown; gives 0 or a negative errno, which ends the run. */
    int (*put)(void *user, const struct fact_destination *row);
    void *user;
    /* The operator's own hosts (policy): suffixes of names, "*." in front is fine. */
    const struct text *operator_suffixes;
    size_t operator_suffix_count;
    int64_t now_utc_ns;               /* for the age of data; unknown: age is not judged */
    const struct note_taker *notes;   /* coverage notes; may be NULL */
};

/* Works the destinations out from the case's rows: one row per host that flows were
 * addressed to, per address where no host is known, and per address for flows that stayed
 * local.  Holds 120 bytes a flow while it runs.  Rows are put in the order of their host or address, local ones last.
 *
 * `db` is case_db() of a case with tables as fact/case.h has them; `flow`, `dns`, `device`
 * and `flight` are read.  0 or a negative errno: -EIO when the database said no (see
 * sqlite3_errmsg), or what `put` gave.
 *
 *   party     local     the flow did not leave the premises, or an unowned name at a local address
 *             operator  a host of the operator's own
 *             vendor    the owner belongs to the group that made a device or flight log of the case;
 *                       when the case names no device, to any drone maker's
 *             third     any other known owner.  A purpose that begins with "operating system:"
 *                       marks what phones do by themselves
 *             unknown   owner not known; a name that only looks like an owner's is not one
 *   owner_group         group of the owner; where the owner is unknown the registrable domain of the
 *                       host, which is good for putting rows together and says nothing else
 *   platform            owner of the next shorter suffix, else of the name that DNS said the host is an
 *                       alias of, else of the network, where that is not the owner itself
 *   operator_country    headquarters of the owner ("CN/US": of an owner with two)
 *   registry_country    of the newest registry database that answers, for the address with most bytes
 *   location_country    of the first location database (--geoip) that answers, for the same address
 *   country_sources     every answer for every address of the row, each once
 *   countries_disagree  not all of those are the same country; unknown when there are none
 *   addresses           most bytes first; at most DESTINATION_ADDRESSES_MAX, a note says when there were more */
__attribute__((warn_unused_result))
int destination_build(struct sqlite3 *db, const struct destination_tables *t, const struct destination_run *run);

enum { DESTINATION_ADDRESSES_MAX = 256, DESTINATION_ORIGIN_ROWS_MAX = 20 };

#endif
