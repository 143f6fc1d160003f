#ifndef LEASH_MEDIA_MPF_H
#define LEASH_MEDIA_MPF_H

#include "media/photo.h"

/* The multi-picture index in APP2 (CIPA DC-007-2009): where in the file the further
 * pictures lie.  Its first entry is the picture that holds it; drones get that size
 * wrong (8,192 too small on two models), so it is not looked at. */
enum { MPF_PICTURES_MAX = 16 };

struct mpf_picture {
    uint64_t offset, length; /* in the evidence item, not checked against it */
};

/* `index` is what follows "MPF\0"; its origin says where offsets count from.  Appends to the
 * pictures found so far.  What is wrong with the index is a damage row. */
void mpf_read(struct photo *p, struct bytes index, struct mpf_picture pictures[MPF_PICTURES_MAX], size_t *count);

#endif
