#ifndef LEASH_BROADCAST_BROADCAST_H
#define LEASH_BROADCAST_BROADCAST_H

#include "evidence/reading.h"
#include "packet/link.h"

/* Frames of link types that are radio: IEEE 802.11 and Bluetooth LE.  packet/ hands them over
 * and gets back the IP packet of a data frame, where there is one to be read. */
struct broadcasts;

bool broadcast_link_type(uint32_t link_type);

struct broadcasts *broadcasts_new(struct reading *r);
/* Puts a broadcast row for what the frame says of an aircraft.  LINK_IP, and `ret` set: a data
 * frame of a network without protection.  LINK_NOT_IP: all else, also what was counted
 * as unreadable and is told at the end. */
enum link_result broadcasts_frame(struct broadcasts *b, const struct frame *frame, struct link_layer *ret);
/* Puts the networks and devices that were heard and tells what could not be read; frees.
 * NULL is fine. */
void broadcasts_end(struct broadcasts *b);

#endif
