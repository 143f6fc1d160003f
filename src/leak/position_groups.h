#ifndef LEASH_LEAK_POSITION_GROUPS_H
#define LEASH_LEAK_POSITION_GROUPS_H

#include "leak/position.h"

/* Inside of a position index; for position*.c only.
 *
 * Areas are cut into parts in which neither coordinate changes its sign.  For each way of
 * storing a coordinate there is a group: the stored values that lie in a part, as ordered
 * ranges, each with the parts it lies in. */

/* This close to zero a coordinate is not searched as a binary number: runs of zeros and
 * small counters are everywhere.  About 11 m. */
#define POSITION_CLIP_DEG 1e-4

struct degrees_range {
    double low, high;
};

/* The parts of a range that lie on one side of zero and not at it. */
size_t position_split_at_zero(double low, double high, struct degrees_range into[2]);

struct part {
    struct degrees_range latitudes, longitudes;
    uint32_t longitude_tested; /* a bit for each kind of varint: of a pair the longitude is tested, and the latitude looked for around it */
};

struct interval {
    uint64_t lo, width_minus_1;
};

struct group_range {
    uint64_t lo, hi;
    uint32_t first_part, part_count; /* in group->range_parts */
    struct interval others;  /* from the least to the greatest that the other coordinate is in any of its parts */
    bool pairs;              /* false: in all of its parts the other coordinate is tested instead */
};

struct group {
    enum number_kind kind;
    bool big_endian, longitude;
    uint8_t width;           /* bytes; of a varint, as many as it is long */
    uint8_t key_at;          /* where in the value the three bytes of its key stand */
    uint8_t key_order;       /* of the two bytes that are looked up: 0: the first two of the key, 1: the last two */
    uint64_t lo, hi;         /* of all ranges */
    struct group_range *ranges;
    size_t range_count;
    uint8_t slot_shift;      /* (value - lo) >> slot_shift is a slot: */
    uint16_t *slots;         /* the range that holds its first value, or the next one */
    uint16_t *range_parts;
    struct interval *others; /* for each part: the other coordinate */
};

enum {
    POSITION_SLOTS = 1024,
    POSITION_CELLS_PER_DEGREE = 8,
    POSITION_LATITUDE_CELLS = 180 * POSITION_CELLS_PER_DEGREE + 1,
    POSITION_LONGITUDE_CELLS = 360 * POSITION_CELLS_PER_DEGREE + 1,
};

enum { POSITION_GROUPS_MAX = 250, POSITION_MAGIC_FIRST = POSITION_GROUPS_MAX };

/* What is looked for: the filter; all keys, by their hash; and exactly, by two of the three bytes. */
struct key_set {
    struct filter filter;
    uint64_t *known;         /* bits, eight or more for each key */
    unsigned known_shift;
    bool crowded;            /* so many keys that the filter lets most bytes through: `pairs` is asked instead */
    uint8_t pairs[65536 / 4]; /* both bitmaps below: two bits for any two bytes */
    /* What may have these two bytes, read as a little-endian number in memory: for each
     * order of key whether anything may, and which groups (or POSITION_MAGIC_FIRST on). */
    struct key_table {
        uint8_t bitmap[65536 / 8];
        uint32_t first[65536 + 1];
        uint8_t *groups;
    } keys[2];
};

static inline bool key_known(const struct key_set *set, const uint8_t at[FILTER_KEY_BYTES])
{
    const uint32_t slot = (at[0] | (uint32_t)at[1] << 8 |
                           (uint32_t)at[2] << 16) * UINT32_C(0x9e3779b1) >> set->known_shift;

    return set->known[slot >> 6] >> (slot & 63) & 1;
}

struct position_index {
    struct geo_box areas[POSITION_AREAS_MAX]; /* for text */
    size_t area_count;
    /* Which areas may hold a latitude or longitude, by its eighth of a degree. */
    uint64_t latitude_cells[POSITION_LATITUDE_CELLS], longitude_cells[POSITION_LONGITUDE_CELLS];
    struct part *parts;
    size_t part_count, part_room;
    struct group groups[POSITION_GROUPS_MAX];
    size_t group_count;
    double chance_per_byte;
    size_t bytes;

    enum filter_kernel kernel;
    struct key_set every;
};

/* The byte strings at which compressed streams begin; the third byte may be anything. */
extern const struct position_magic_key {
    uint8_t first, second;
    enum position_magic magic;
} position_magics[];
extern const size_t position_magic_count;

/* Whether pairs in the part are looked for by the group's coordinate. */
static inline bool position_part_tested(const struct position_index *x, const struct group *g, size_t part)
{
    return number_formats[g->kind].width || (x->parts[part].longitude_tested >> g->kind & 1) == g->longitude;
}

/* At 0 N 0 E any two short varints are a pair of 1e8 or 1e9 a degree, and all of them near one another: such ones
 * are not looked for. */
bool position_any_numbers(enum number_kind kind, double longitude_deg, double latitude_deg);

/* Each key of every group, as it stands in memory; some more than once.  Not those near zero. */
void position_groups_each_key(const struct position_index *x,
                              void (*each)(void *user, const uint8_t key[FILTER_KEY_BYTES]), void *user);

void position_groups_build(struct position_index *x, const struct geo_box *boxes, size_t count);
void position_groups_free(struct position_index *x);

#endif
