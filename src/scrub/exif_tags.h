#ifndef LEASH_SCRUB_EXIF_TAGS_H
#define LEASH_SCRUB_EXIF_TAGS_H

#include "media/tiff_directory.h"
#include "scrub/request.h"

/* What is known about the tags of TIFF and EXIF: which of them tell something, and what the others hold by definition.
 * The same number may mean something else in another directory. */
enum exif_place { IN_IFD = 1, IN_SUB = 2, IN_EXIF = 4, IN_GPS = 8, IN_INTEROP = 16, IN_PICTURE = IN_IFD | IN_SUB,
                  ANYWHERE = 31 };

/* What is done with an entry besides dropping it for its kind. */
enum exif_handling {
    DROP, POINTER_EXIF, POINTER_GPS, POINTER_INTEROP, POINTER_SUB, XMP_PACKET, MAKER_NOTE, DNG_PRIVATE, PICTURE_OFFSET,
    PICTURE_BYTES,
};

struct exif_tag {
    uint16_t tag;
    uint8_t places, handling, kind; /* enum exif_place, enum exif_handling, enum scrub_kind */
    const char *name;
};

/* NULL: it names no thing, person or place, or nobody knows it. */
const struct exif_tag *exif_tag_find(uint16_t number, enum exif_place place);
/* Whether a standard says what it is. */
bool exif_is_defined(uint16_t tag);
/* A text, or bytes, where by definition numbers are, or other bytes: one that was moved. */
bool exif_is_words_of_numbers(const struct tiff_entry *e);

#endif
