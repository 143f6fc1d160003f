#ifndef LEASH_BROADCAST_ANNOUNCE_DJI_H
#define LEASH_BROADCAST_ANNOUNCE_DJI_H

#include "broadcast/announcement.h"

/* Fills in what a DJI vendor element says; false: it is none, and `a` is as it was. */
bool announce_dji(struct announcement *a, struct bytes vendor_element);

#endif
