#ifndef LEASH_BROADCAST_ANNOUNCE_REMOTE_ID_H
#define LEASH_BROADCAST_ANNOUNCE_REMOTE_ID_H

#include "broadcast/announcement.h"
#include "broadcast/remote_id.h"

/* Fills in what `content` says: the counter, then a message or a pack.  `room` must live as
 * long as the announcement is used.  False: there is not even one message, and `a` is as it was. */
bool announce_remote_id(struct announcement *a, struct bytes content, struct remote_id *room);

#endif
