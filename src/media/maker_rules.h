#ifndef LEASH_MEDIA_MAKER_RULES_H
#define LEASH_MEDIA_MAKER_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "media/maker_walk.h"

/* The tables of media/maker_walk.c: how makers' notes begin, and which of their tags are known. */

/* How a value is written. */
enum maker_form {
    AS_TEXT, AS_NUMBER, AS_HEX, AS_VERSION /* bytes with points between */, AS_COMPLEMENT /* the same, inverted */,
    AS_HEX_VERSION /* 0x1100 is 1.100 */, NOT_TOLD,
};
enum { UNTESTED = 0x80 };          /* with one of these: no real file had it, see media/photo_form.h */

/* In which of the maker's directories. */
enum maker_place { MAIN, EQUIPMENT, OTHER };

struct maker_rule {
    uint16_t tag;
    uint8_t place, meaning, form;
    uint16_t at, length;           /* part of the value; 0: to its end */
    const char *name;              /* NULL ends them */
};

struct maker_directory {
    uint16_t tag;                  /* 0 ends them */
    uint8_t place;
};

/* What offsets count from. */
enum maker_base {
    BASE_TIFF, BASE_NOTE, BASE_HEADER /* a TIFF header of the note's own, `directory` bytes into it */,
    BASE_POINTER                   /* the note; where the directory is stands in 4 little-endian bytes there */
};

struct maker {
    const char *head;
    uint8_t head_bytes;
    const char *make;              /* how EXIF's make begins; NULL: whatever it is */
    uint8_t base, directory;
    const struct maker_rule *rules;
    const char *name;
    const struct maker_directory *directories; /* further ones, or NULL */
    uint8_t number_digits;         /* of a number that is told; 0: as many as it has */
};

/* In this order: heads before makes.  The byte order of a note is the one in which its directory makes sense. */
enum { MAKER_COUNT = 25 };
extern const struct maker makers[MAKER_COUNT];

#endif
