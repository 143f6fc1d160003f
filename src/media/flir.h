#ifndef LEASH_MEDIA_FLIR_H
#define LEASH_MEDIA_FLIR_H

#include "media/photo.h"
#include "media/pieces.h"

/* A FLIR file (FFF) as FLIR and DJI XT cameras put it into APP1 segments, joined: serials
 * of camera, lens and filter, and the position of its GPS record.  Layout in the .c. */
void flir_read(struct photo *p, const struct pieces *fff);

/* Whether a record that is none by its type is laid out as a GPS record with a position. */
bool flir_is_gps(struct bytes record);

#endif
