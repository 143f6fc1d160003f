#ifndef LEASH_BROADCAST_ANNOUNCE_FRENCH_H
#define LEASH_BROADCAST_ANNOUNCE_FRENCH_H

#include "broadcast/announcement.h"

/* Fills in what a French vendor element says; false: it is none, and `a` is as it was. */
bool announce_french(struct announcement *a, struct bytes vendor_element);

#endif
