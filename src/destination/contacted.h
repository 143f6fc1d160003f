#ifndef LEASH_DESTINATION_CONTACTED_H
#define LEASH_DESTINATION_CONTACTED_H

#include "base/text.h"

struct sqlite3;

/* Apps name hosts; captures of the same case tell which of them were really contacted. */
struct contacted_run {
    /* The name of the kit (component row) that a host belongs to, or unknown.  May be NULL. */
    struct text (*kit_of_host)(void *user, struct text host);
    void *user;
};

/* In a case that is being written (case_db) sets component.state to seen_in_traffic
 *
 *   of a host that a package names, when packets went to just this name or address, and
 *   of a kit in a package, when packets went to a host that the kit is known by.
 *
 * The words "a connection to HOST was seen" become the last step of its origin and the flow one of its rows; what
 * spoke for it before stays.  Packets count whose sender may be the phone: not those of a device that is known
 * to be an aircraft, camera, battery or gateway, and not those that stayed local.  Which app on the phone
 * sent them is not known, and not said.  `flow` and `device` are read.
 *
 * 0, or -EIO when the database said no (sqlite3_errmsg). */
__attribute__((warn_unused_result))
int components_mark_contacted(struct sqlite3 *db, const struct contacted_run *run);

#endif
