#ifndef LEASH_PACKET_UNREAD_H
#define LEASH_PACKET_UNREAD_H

#include "packet/tracker.h"

/* What of a capture was not read, or could not be kept: counted in the tracker as it goes, told in damage rows at the
 * end. */
void unread_count(struct unread *u, const struct frame *frame);
/* The count of frames of a link type that is not read. */
struct unread *unread_link(struct tracker *t, uint32_t link_type);
void unread_tell(const struct tracker *t);

#endif
