#ifndef LEASH_BROADCAST_ANNOUNCE_DJI_H
#define LEASH_BROADCAST_ANNOUNCE_DJI_H

#include "broadcast/announcement.h"

/* Fills in what a DJI vendor element says; false: it is none, and `a` is as it was. */
bool announce_dji(struct announcement *a, struct bytes vendor_element);

/* The same of a record that was read from `record`; without the details. */
struct dji_wifi;
void announce_dji_record(struct announcement *a, const struct dji_wifi *w, struct bytes record);

#endif
