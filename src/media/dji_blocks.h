#ifndef LEASH_MEDIA_DJI_BLOCKS_H
#define LEASH_MEDIA_DJI_BLOCKS_H

#include "media/tiff_directory.h"
#include "base/text.h"

/* The blocks that DJI puts into photos, walked for those who read them and for those who scrub them.  Nobody published
 * them: layouts, sources and how sure they are stand in the .c. */

/* What a key of the debug text "[key:value][key:value]..." says that its value is. */
enum dji_key { DJI_KEY_UNKNOWN, DJI_KEY_HARMLESS, DJI_KEY_CAMERA_SERIAL, DJI_KEY_AIRCRAFT_SERIAL, DJI_KEY_UUID };

struct dji_pair {
    enum dji_key meaning;
    struct text key;
    struct bytes value;
    bool cut;              /* it has no end: `value` is the rest of the text */
};

/* Whether these bytes begin such a text. */
bool dji_text_begins(struct bytes blob);
/* The next pair that has a key, from `rest`, which moves on.  False: there is none; what is left is no pair. */
bool dji_text_next(struct bytes *rest, struct dji_pair *ret);

/* A maker note that is a bare directory of DJI's.  False: it is not; `ret` and `note` alone.  `unknown`: how many of
 * its entries are. */
bool dji_directory_open(const struct tiff_block *t, struct bytes note, struct tiff_directory *ret, uint32_t *unknown);
/* Bytes of the note behind that directory that are not zero: real ones have none. */
uint64_t dji_directory_rest(struct bytes note, const struct tiff_directory *d);

/* The thermal parameters of radiometric pictures (APP4). */
struct dji_thermal {
    const char *kind;      /* of identifier: "serial", or "device_id" where it is not sure that it is one */
    const char *name;
    struct bytes field;    /* with its padding */
};
/* False: not of a known kind. */
bool dji_thermal_find(struct bytes body, struct dji_thermal *ret);

#endif
