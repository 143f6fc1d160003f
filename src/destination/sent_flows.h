#ifndef LEASH_DESTINATION_SENT_FLOWS_H
#define LEASH_DESTINATION_SENT_FLOWS_H

#include "base/arena.h"
#include "base/key_map.h"
#include "destination/names.h"

struct sqlite3;

/* The flows of a case, put together by whom they were addressed to: see destination.h. */

/* What a flow was for can be told from its protocol when no table knows the name. */
struct recognised { const char *service; int64_t udp_port; const char *purpose; };

enum { SENT_SUM_COUNT = 6 };

/* A flow, as far as it counts here. */
struct sent_flow {
    uint32_t group;                  /* 2 * number of the key, + 1 when it is local */
    int32_t dst, host;               /* numbers of texts, or KEY_NONE; the host of local flows only */
    const struct recognised *service;
    struct text id;                  /* of the first flows of a group */
    int64_t first_utc_ns, last_utc_ns, sums[SENT_SUM_COUNT]; /* or unknown */
};

/* All of them, in the order of the case, and what they are put together by. */
struct sent_flows {
    struct arena *arena;
    struct key_map texts;            /* addresses, hosts, keys */
    int32_t *key_of_host;            /* by number of the host's text: 1 + number of its key, or KEY_NONE; 0: not looked at */
    uint32_t *flows_of_group;
    size_t host_room, group_room;
    struct sent_flow *flows;
    size_t count, room, nowhere;     /* nowhere: how many have neither host nor address, and are not among them */
};

/* Goes over the table `flow`.  0 or -EIO; sent_flows_done in any case. */
__attribute__((warn_unused_result)) int sent_flows_read(struct sent_flows *all, struct sqlite3 *db);
void sent_flows_done(struct sent_flows *all);
/* Their numbers group by group: groups that left first, and within these by key; in a group as they came.  Once only;
 * the caller's to free. */
uint32_t *sent_flows_in_order(struct sent_flows *all);

/* A host that is really an address (an HTTP Host field may be one) names nobody. */
bool names_somebody(struct text host);
/* What puts flows to a host together: its normal form, or itself where it has none; unknown when it names nobody. */
struct text host_key(struct text host, char into[HOST_NAME_MAX_BYTES]);

#endif
