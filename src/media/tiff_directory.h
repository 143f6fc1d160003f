#ifndef LEASH_MEDIA_TIFF_DIRECTORY_H
#define LEASH_MEDIA_TIFF_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* The structure of TIFF 6.0 (section 2), which EXIF, DNG, MPF and some maker notes
 * share: a header, and directories of 12-byte entries that point at each other and
 * at their values by offset.  Nothing here knows what a tag means.
 *
 * Offsets come from the evidence.  A directory is opened at most once (so that loops
 * end), at most TIFF_DIRECTORIES_MAX are opened per block, and a value is either
 * wholly inside the block or not given at all. */
enum { TIFF_DIRECTORIES_MAX = 64, TIFF_ENTRIES_MAX = 4096 };

enum tiff_type {
    TIFF_BYTE = 1, TIFF_ASCII, TIFF_SHORT, TIFF_LONG, TIFF_RATIONAL, TIFF_SBYTE, TIFF_UNDEFINED,
    TIFF_SSHORT, TIFF_SLONG, TIFF_SRATIONAL, TIFF_FLOAT, TIFF_DOUBLE, TIFF_IFD,
    TIFF_UTF8 = 129, /* EXIF 3.0 */
};

struct tiff_block {
    struct bytes bytes;  /* offsets count from its first byte */
    bool big_endian;
    uint32_t first_directory;
    uint32_t opened[TIFF_DIRECTORIES_MAX];
    size_t opened_count;
};

struct tiff_directory {
    struct bytes entries;   /* whole entries only */
    uint32_t entry_count;   /* those present; fewer than promised when cut off */
    uint32_t entries_lost;
    uint32_t next;          /* offset of the next directory, 0 = none or unknown */
};

struct tiff_entry {
    uint16_t tag, type;
    uint32_t count;
    /* The values, empty when `outside` or when there are none. */
    struct bytes value;
    bool outside;           /* the value lies (partly) outside the block, or its type is unknown */
};

/* TRUNCATED, INVALID (not a TIFF header), UNSUPPORTED (BigTIFF), or OK and `ret` set. */
__attribute__((warn_unused_result))
enum parse_status tiff_block_init(struct tiff_block *ret, struct bytes block);

/* INVALID: opened before, or too many; TRUNCATED: nothing of it lies inside the block.
 * OK with entries_lost > 0: it begins inside and ends outside. */
__attribute__((warn_unused_result))
enum parse_status tiff_directory_open(struct tiff_block *t, uint32_t offset, struct tiff_directory *ret);

/* `index` < entry_count. */
struct tiff_entry tiff_entry_at(const struct tiff_block *t, const struct tiff_directory *d, uint32_t index);

/* The value numbered `index` as a number.  False, and `ret` alone, when there is none, its type
 * is not numeric, or it is a fraction with a zero below. */
bool tiff_uint(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, uint32_t *ret);
bool tiff_real(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, double *ret);

#endif
