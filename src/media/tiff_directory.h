#ifndef LEASH_MEDIA_TIFF_DIRECTORY_H
#define LEASH_MEDIA_TIFF_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* The structure of TIFF 6.0 (section 2), which EXIF, DNG, MPF and some maker notes
 * share: a header, and directories of 12-byte entries that point at each other and
 * at their values by offset.  BigTIFF (libtiff's bigtiff.html) is the same with counts and
 * offsets of 8 bytes and entries of 20.  Nothing here knows what a tag means.
 *
 * Offsets come from the evidence.  A directory is opened at most once (so that loops
 * end), at most TIFF_DIRECTORIES_MAX are opened per block, and a value is either
 * wholly inside the block or not given at all. */
enum { TIFF_DIRECTORIES_MAX = 64, TIFF_ENTRIES_MAX = 4096 };

enum tiff_type {
    TIFF_BYTE = 1, TIFF_ASCII, TIFF_SHORT, TIFF_LONG, TIFF_RATIONAL, TIFF_SBYTE, TIFF_UNDEFINED,
    TIFF_SSHORT, TIFF_SLONG, TIFF_SRATIONAL, TIFF_FLOAT, TIFF_DOUBLE, TIFF_IFD,
    TIFF_LONG8 = 16, TIFF_SLONG8, TIFF_IFD8, /* BigTIFF */
    TIFF_UTF8 = 129, /* EXIF 3.0 */
};

struct tiff_block {
    struct bytes bytes;
    uint64_t base;       /* the offset of its first byte: 0, but for a block that was moved out of another file */
    bool big_endian;
    bool wide;           /* BigTIFF */
    uint64_t first_directory;
    uint64_t opened[TIFF_DIRECTORIES_MAX];
    size_t opened_count;
};

struct tiff_directory {
    struct bytes entries;   /* whole entries only */
    uint32_t entry_count;   /* those present; fewer than promised when cut off */
    uint64_t entries_lost;
    uint64_t next;          /* offset of the next directory, 0 = none or unknown */
};

struct tiff_entry {
    uint16_t tag, type;
    uint64_t count;
    /* The values, empty when `outside` or when there are none. */
    struct bytes value;
    bool outside;           /* the value lies (partly) outside the block, or its type is unknown */
};

/* TRUNCATED, INVALID (not a TIFF header), UNSUPPORTED (a BigTIFF of other offsets than 8 bytes), or OK and `ret`
 * set. */
__attribute__((warn_unused_result))
enum parse_status tiff_block_init(struct tiff_block *ret, struct bytes block);

/* INVALID: opened before, or too many; TRUNCATED: nothing of it lies inside the block.
 * OK with entries_lost > 0: it begins inside and ends outside. */
__attribute__((warn_unused_result))
enum parse_status tiff_directory_open(struct tiff_block *t, uint64_t offset, struct tiff_directory *ret);

/* Bytes of the count before the entries, of an entry, and of the link behind them. */
static inline size_t tiff_count_bytes(const struct tiff_block *t) { return t->wide ? 8 : 2; }
static inline size_t tiff_entry_bytes(const struct tiff_block *t) { return t->wide ? 20 : 12; }
static inline size_t tiff_offset_bytes(const struct tiff_block *t) { return t->wide ? 8 : 4; }

/* `index` < entry_count. */
struct tiff_entry tiff_entry_at(const struct tiff_block *t, const struct tiff_directory *d, uint32_t index);

/* The value numbered `index` as a number.  False, and `ret` alone, when there is none, its type
 * is not numeric, it is below zero (tiff_uint), or it is a fraction with a zero below. */
bool tiff_uint(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, uint64_t *ret);
bool tiff_real(const struct tiff_block *t, const struct tiff_entry *e, uint32_t index, double *ret);

/* Directories that are still to be opened, in the order in which they were pointed at, each with the place in which it
 * stands, a word of the caller's.  All zeros: none. */
struct tiff_queue {
    struct { uint64_t offset; int place; } list[TIFF_DIRECTORIES_MAX];
    size_t count, next;
    uint32_t dropped;    /* more than fit in */
};
/* Offset 0 is none. */
void tiff_follow(struct tiff_queue *q, uint64_t offset, int place);
/* All that a value points at. */
void tiff_follow_all(struct tiff_queue *q, const struct tiff_block *t, const struct tiff_entry *e, int place);
bool tiff_queue_next(struct tiff_queue *q, uint64_t *ret_offset, int *ret_place);

#endif
