/* From areas to what the scanner looks for. */
#include "leak/position_groups.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* RFC 1950: deflate with a window of 32 KiB and no dictionary; RFC 1952. */
const struct position_magic_key position_magics[] = {
    { 0x78, 0x01, MAGIC_ZLIB }, { 0x78, 0x5e, MAGIC_ZLIB }, { 0x78, 0x9c, MAGIC_ZLIB }, { 0x78, 0xda, MAGIC_ZLIB },
    { 0x1f, 0x8b, MAGIC_GZIP },
};
const size_t position_magic_count = sizeof position_magics / sizeof *position_magics;

size_t position_split_at_zero(double low, double high, struct degrees_range into[2])
{
    size_t n = 0;

    if (low < -POSITION_CLIP_DEG)
        into[n++] = (struct degrees_range){ low, fmin(high, -POSITION_CLIP_DEG) };
    if (high > POSITION_CLIP_DEG)
        into[n++] = (struct degrees_range){ fmax(low, POSITION_CLIP_DEG), high };
    return n;
}

static size_t split_longitudes(const struct geo_box *b, struct degrees_range into[4])
{
    if (b->west <= b->east)
        return position_split_at_zero(b->west, b->east, into);
    const size_t n = position_split_at_zero(b->west, 180, into);
    return n + position_split_at_zero(-180, b->east, into + n);
}

static void add_parts(struct position_index *x, const struct geo_box *area)
{
    struct degrees_range latitudes[2], longitudes[4];
    const size_t latitude_count = position_split_at_zero(area->south, area->north, latitudes);
    const size_t longitude_count = split_longitudes(area, longitudes);

    for (size_t i = 0; i < latitude_count; i++)
        for (size_t j = 0; j < longitude_count; j++) {
            if (x->part_count == x->part_room) {
                x->part_room = x->part_room ? x->part_room * 2 : 16;
                x->parts = memory_resize_array(x->parts, x->part_room, sizeof *x->parts);
            }
            x->parts[x->part_count++] = (struct part){ .latitudes = latitudes[i], .longitudes = longitudes[j] };
        }
}

static bool part_interval(const struct part *p, enum number_kind kind, bool longitude, uint64_t *lo, uint64_t *hi)
{
    const struct degrees_range *r = longitude ? &p->longitudes : &p->latitudes;

    return number_interval(kind, r->low, r->high, lo, hi);
}

/* The values of one part that are of one group. */
struct entry {
    uint64_t lo, hi;
    uint16_t part;
    uint8_t width, key_at;
};

struct entries {
    struct entry *items;
    size_t count, room;
};

static void add_entry(struct entries *list, struct entry entry)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->items = memory_resize_array(list->items, list->room, sizeof *list->items);
    }
    list->items[list->count++] = entry;
}

/* A varint's key are the last three bytes that say something; values of different length
 * are different groups.  Values of fewer than three bytes are not searched. */
static void add_varint_entries(struct entries *list, uint64_t lo, uint64_t hi, uint16_t part)
{
    if (lo >> 63) {
        const unsigned telling = number_varint_bytes(lo) > number_varint_bytes(hi)
            ? number_varint_bytes(lo) : number_varint_bytes(hi);
        if (telling >= FILTER_KEY_BYTES)
            add_entry(list, (struct entry){ lo, hi, part, VARINT_BYTES_MAX, (uint8_t)(telling - FILTER_KEY_BYTES) });
        return;
    }
    while (lo <= hi) {
        const unsigned length = number_varint_bytes(lo);
        const uint64_t longest = length < 9 ? (UINT64_C(1) << (7 * length)) - 1 : INT64_MAX,
            end = hi < longest ? hi : longest;
        if (length >= FILTER_KEY_BYTES)
            add_entry(list, (struct entry){ lo, end, part, (uint8_t)length, (uint8_t)(length - FILTER_KEY_BYTES) });
        if (end == hi)
            return;
        lo = end + 1;
    }
}

/* Of leading bytes without information one stands in the key: a key of nothing but zeros
 * is everywhere, one zero before bytes that tell something is rarer than the bytes alone. */
static void add_fixed_entry(struct entries *list, enum number_kind kind, bool big_endian, uint64_t lo, uint64_t hi,
                            uint16_t part)
{
    const unsigned width = number_formats[kind].width, most = width - FILTER_KEY_BYTES;
    const unsigned sign = number_sign_bytes(kind, lo, hi), before = sign ? sign - 1 : 0,
        skip = before < most ? before : most;

    add_entry(list, (struct entry){ lo, hi, part, (uint8_t)width, (uint8_t)(big_endian ? skip : most - skip) });
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->width != y->width)
        return x->width < y->width ? -1 : 1;
    if (x->key_at != y->key_at)
        return x->key_at < y->key_at ? -1 : 1;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

/* Cuts overlapping intervals into ranges in which the same parts lie.  `items` are in
 * order of `lo`; those that reach into the range are in `active`. */
static void build_ranges(struct position_index *x, struct group *g, const struct entry *items, size_t count)
{
    uint16_t *active = memory_alloc_array(count, sizeof *active); /* indexes of items */
    size_t active_count = 0, next = 0, room = 0, parts = 0, parts_room = 0;
    uint64_t at = items[0].lo;

    while (next < count || active_count > 0) {
        if (active_count == 0)
            at = items[next].lo;
        while (next < count && items[next].lo <= at)
            active[active_count++] = (uint16_t)next++;
        uint64_t end = next < count ? items[next].lo - 1 : UINT64_MAX;
        for (size_t i = 0; i < active_count; i++)
            end = items[active[i]].hi < end ? items[active[i]].hi : end;
        if (g->range_count == room) {
            room = room ? room * 2 : 4;
            g->ranges = memory_resize_array(g->ranges, room, sizeof *g->ranges);
        }
        if (parts + active_count > parts_room) {
            parts_room = (parts + active_count) * 2;
            g->range_parts = memory_resize_array(g->range_parts, parts_room, sizeof *g->range_parts);
        }
        struct group_range *r = &g->ranges[g->range_count++];
        *r = (struct group_range){ .lo = at, .hi = end, .first_part = (uint32_t)parts };
        size_t kept = 0;
        for (size_t i = 0; i < active_count; i++) {
            g->range_parts[parts++] = items[active[i]].part;
            r->part_count++;
            if (items[active[i]].hi > end)
                active[kept++] = active[i];
        }
        active_count = kept;
        at = end + 1;
    }
    x->bytes += room * sizeof *g->ranges + parts_room * sizeof *g->range_parts;
    free(active);
}

static void fill_slots(struct position_index *x, struct group *g)
{
    size_t r = 0;

    while ((g->hi - g->lo) >> g->slot_shift >= POSITION_SLOTS)
        g->slot_shift++;
    const size_t count = (size_t)((g->hi - g->lo) >> g->slot_shift) + 1;
    g->slots = memory_alloc_array(count, sizeof *g->slots);
    for (size_t i = 0; i < count; i++) {
        while (g->ranges[r].hi < g->lo + ((uint64_t)i << g->slot_shift))
            r++;
        g->slots[i] = (uint16_t)r;
    }
    x->bytes += count * sizeof *g->slots;
}

static void fill_others(struct position_index *x, struct group *g)
{
    g->others = memory_alloc_array(x->part_count, sizeof *g->others);
    for (size_t i = 0; i < x->part_count; i++) {
        uint64_t lo, hi;
        /* No such value: an interval that holds only what cannot be. */
        g->others[i] = (struct interval){ UINT64_MAX, 0 };
        if (part_interval(&x->parts[i], g->kind, !g->longitude, &lo, &hi))
            g->others[i] = (struct interval){ lo, hi - lo };
    }
    x->bytes += x->part_count * sizeof *g->others;
}

/* Of varints both coordinates have groups, for columns: only one of them is what pairs are looked for by, unless the
 * other may be too short for a key. */
static void join_others(const struct position_index *x, struct group *g, struct group_range *r)
{
    uint64_t least = UINT64_MAX, most = 0;

    for (size_t i = 0; i < r->part_count; i++) {
        const uint16_t part = g->range_parts[r->first_part + i];
        const struct interval *in = &g->others[part];
        if (in->lo == UINT64_MAX) /* no such value */
            continue;
        if (!position_part_tested(x, g, part) && number_varint_bytes(in->lo) >= FILTER_KEY_BYTES)
            continue;
        r->pairs = true;
        least = in->lo < least ? in->lo : least;
        most = in->lo + in->width_minus_1 > most ? in->lo + in->width_minus_1 : most;
    }
    r->others = (struct interval){ least, most >= least ? most - least : 0 };
}

static void add_groups(struct position_index *x, enum number_kind kind, bool big_endian, bool longitude)
{
    struct entries list = { 0 };

    for (size_t i = 0; i < x->part_count; i++) {
        uint64_t lo, hi;
        if (!part_interval(&x->parts[i], kind, longitude, &lo, &hi))
            continue;
        if (number_formats[kind].width)
            add_fixed_entry(&list, kind, big_endian, lo, hi, (uint16_t)i);
        else
            add_varint_entries(&list, lo, hi, (uint16_t)i);
    }
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, compare_entries);
    for (size_t from = 0, to; from < list.count; from = to) {
        const struct entry *e = &list.items[from];
        for (to = from; to < list.count && list.items[to].width == e->width && list.items[to].key_at == e->key_at; to++)
            ;
        if (x->group_count == POSITION_GROUPS_MAX)
            break;
        struct group *g = &x->groups[x->group_count++];
        *g = (struct group){ .kind = kind, .big_endian = big_endian, .longitude = longitude,
                             .width = e->width, .key_at = e->key_at, .key_order = !big_endian };
        build_ranges(x, g, e, to - from);
        g->lo = g->ranges[0].lo;
        g->hi = g->ranges[g->range_count - 1].hi;
        fill_slots(x, g);
        fill_others(x, g);
        for (size_t r = 0; r < g->range_count; r++)
            join_others(x, g, &g->ranges[r]);
    }
    free(list.items);
}

static bool near_zero(const struct degrees_range *r)
{
    return fmin(fabs(r->low), fabs(r->high)) < POSITION_NEAR_ZERO_DEG;
}

static_assert(NUMBER_KIND_COUNT <= 32, "struct part has a bit for each");

/* Of the two coordinates the one is tested that fewer values could be, in all parts together: so there is one group
 * less to look into.  Of varints both have groups; where one is near zero, and as short as any number, the other is
 * tested. */
static void add_kind(struct position_index *x, enum number_kind kind)
{
    double latitude_share = 0, longitude_share = 0, pair_share = 0;
    const unsigned width = number_formats[kind].width;

    for (size_t i = 0; i < x->part_count; i++) {
        uint64_t lo, hi, other_lo, other_hi;
        if (!part_interval(&x->parts[i], kind, false, &lo, &hi) ||
            !part_interval(&x->parts[i], kind, true, &other_lo, &other_hi))
            continue;
        const double latitude = number_share(kind, lo, hi), longitude = number_share(kind, other_lo, other_hi);
        latitude_share += latitude;
        longitude_share += longitude;
        if (!near_zero(&x->parts[i].latitudes) && !near_zero(&x->parts[i].longitudes))
            pair_share += latitude * longitude;
    }
    for (size_t i = 0; i < x->part_count; i++) {
        const struct part *p = &x->parts[i];
        const bool one_short = near_zero(&p->latitudes) != near_zero(&p->longitudes);
        const bool longitude = one_short ? near_zero(&p->latitudes) : longitude_share < latitude_share;
        x->parts[i].longitude_tested |= (uint32_t)longitude << kind;
    }
    for (int big_endian = 0; big_endian < (width ? 2 : 1); big_endian++)
        for (int longitude = 0; longitude < 2; longitude++) {
            const bool tested = !width || (longitude_share < latitude_share) == longitude;
            if (tested)
                add_groups(x, kind, big_endian, longitude);
        }
    x->chance_per_byte += pair_share * (width ? 4 * (POSITION_REACH + 1.0 - width) : 2.0 * POSITION_REACH);
}

/* The three bytes as they stand in memory, from the value whose key they are. */
static void memory_key(const struct group *g, uint64_t key, uint8_t into[FILTER_KEY_BYTES])
{
    for (int i = 0; i < FILTER_KEY_BYTES; i++) {
        const int shift = g->big_endian ? 8 * (FILTER_KEY_BYTES - 1 - i) : 8 * i;
        into[i] = (uint8_t)(key >> shift);
    }
}

/* Three groups of seven bits with the bits that say whether more follow. */
static void varint_key(const struct group *g, uint64_t key, uint8_t into[FILTER_KEY_BYTES])
{
    for (int i = 0; i < FILTER_KEY_BYTES; i++) {
        const bool last = g->key_at + i + 1 == g->width;
        into[i] = (uint8_t)((key >> (7 * i) & 0x7f) | (last ? 0 : 0x80));
    }
}

static unsigned key_shift(const struct group *g)
{
    if (number_formats[g->kind].width == 0)
        return 7u * g->key_at;
    return 8u * (g->big_endian ? g->width - FILTER_KEY_BYTES - g->key_at : g->key_at);
}

struct key_walk {
    struct position_index *x;
    struct key_set *set;
    struct filter_unit *units;
    size_t unit_count, key_count;
    uint32_t *next[2];  /* second round: where the next group of a key goes */
};

enum { UNITS_PER_GROUP = 4 };

static void note_key(struct key_walk *w, unsigned order, const uint8_t two[2], uint8_t group)
{
    struct key_table *t = &w->set->keys[order];
    const unsigned key = two[0] | (unsigned)two[1] << 8;

    if (!w->next[order]) {
        t->bitmap[key >> 3] |= (uint8_t)(1u << (key & 7));
        t->first[key + 1]++;
    } else {
        t->groups[w->next[order][key]++] = group;
    }
}

static void key_in_memory(const struct group *g, uint64_t value, uint8_t into[FILTER_KEY_BYTES])
{
    if (number_formats[g->kind].width)
        memory_key(g, value & 0xffffff, into);
    else
        varint_key(g, value & 0x1fffff, into);
}

void position_groups_each_key(const struct position_index *x,
                              void (*each)(void *user, const uint8_t key[FILTER_KEY_BYTES]), void *user)
{
    uint8_t key[FILTER_KEY_BYTES];

    for (size_t n = 0; n < x->group_count; n++) {
        const struct group *g = &x->groups[n];
        for (size_t r = 0; r < g->range_count; r++) {
            if (fabs(number_degrees(g->kind, g->ranges[r].lo)) < POSITION_NEAR_ZERO_DEG)
                continue;
            for (uint64_t k = g->ranges[r].lo >> key_shift(g); k <= g->ranges[r].hi >> key_shift(g); k++) {
                key_in_memory(g, k, key);
                each(user, key);
            }
        }
    }
}

static void know_key(struct key_walk *w, const uint8_t key[FILTER_KEY_BYTES])
{
    const uint32_t slot = (key[0] | (uint32_t)key[1] << 8 |
                           (uint32_t)key[2] << 16) * UINT32_C(0x9e3779b1) >> w->set->known_shift;

    w->set->known[slot >> 6] |= UINT64_C(1) << (slot & 63);
}

/* Every key of the group, once for each pair of bytes that is looked up. */
static void walk_group(struct key_walk *w, size_t n)
{
    const struct group *g = &w->x->groups[n];
    uint8_t seen[65536 / 8] = { 0 }, key[FILTER_KEY_BYTES];

    for (size_t r = 0; r < g->range_count; r++)
        for (uint64_t k = g->ranges[r].lo >> key_shift(g); k <= g->ranges[r].hi >> key_shift(g); k++) {
            key_in_memory(g, k, key);
            const uint8_t *two = key + g->key_order;
            const unsigned two_bytes = two[0] | (unsigned)two[1] << 8;
            if (w->units)
                filter_unit_add(&w->units[n * UNITS_PER_GROUP + (g->big_endian ? key[0] : key[2]) % UNITS_PER_GROUP],
                                key);
            else
                know_key(w, key);
            w->key_count++;
            if (!(seen[two_bytes >> 3] >> (two_bytes & 7) & 1))
                note_key(w, g->key_order, two, (uint8_t)n);
            seen[two_bytes >> 3] |= (uint8_t)(1u << (two_bytes & 7));
        }
}

static void walk_magics(struct key_walk *w)
{
    for (size_t i = 0; i < position_magic_count; i++) {
        const uint8_t two[2] = { position_magics[i].first, position_magics[i].second };
        note_key(w, 0, two, (uint8_t)(POSITION_MAGIC_FIRST + position_magics[i].magic));
        for (unsigned third = 0; third < 256; third++) {
            const uint8_t key[FILTER_KEY_BYTES] = { two[0], two[1], (uint8_t)third };
            if (w->units)
                filter_unit_add(&w->units[w->x->group_count * UNITS_PER_GROUP + position_magics[i].magic], key);
            else
                know_key(w, key);
            w->key_count++;
        }
    }
}

static size_t without_empty(struct filter_unit *units, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        if (units[i].halves[0][0])
            units[n++] = units[i];
    return n;
}

static void walk_all(struct key_walk *w)
{
    for (size_t i = 0; i < w->x->group_count; i++)
        walk_group(w, i);
    walk_magics(w);
}

static void make_room_for_keys(struct position_index *x, struct key_set *set, size_t count)
{
    enum { BITS_EACH = 8, LEAST = 12, MOST = 22 };
    unsigned bits = LEAST;

    while (bits < MOST && (size_t)1 << bits < count * BITS_EACH)
        bits++;
    set->known_shift = 32 - bits;
    set->known = memory_alloc_array((size_t)1 << bits >> 6, sizeof *set->known);
    x->bytes += (size_t)1 << bits >> 3;
}

/* Where the filter lets that much through, it costs more than to look up any two bytes. */
static void ask_pairs(struct key_set *set)
{
    const double most = 0.2;

    for (unsigned key = 0; key < 65536; key++)
        for (unsigned order = 0; order < 2; order++)
            set->pairs[key >> 2] |= (uint8_t)((set->keys[order].bitmap[key >> 3] >> (key & 7) & 1) << (2 * (key & 3) +
                                                                                                       order));
    set->crowded = filter_pass_rate(&set->filter) > most;
}

static void build_keys(struct position_index *x, struct key_set *set)
{
    struct key_walk w = { .x = x, .set = set };
    const size_t room = (x->group_count + 1) * UNITS_PER_GROUP;

    w.units = memory_alloc_array(room, sizeof *w.units);
    walk_all(&w);
    filter_build(&set->filter, w.units, without_empty(w.units, room));
    free(w.units);
    w.units = NULL;
    make_room_for_keys(x, set, w.key_count);
    for (int order = 0; order < 2; order++) {
        struct key_table *t = &set->keys[order];
        w.next[order] = memory_alloc_array(65536, sizeof **w.next);
        for (size_t key = 0; key < 65536; key++) {
            t->first[key + 1] += t->first[key];
            w.next[order][key] = t->first[key];
        }
        t->groups = memory_alloc_array(t->first[65536], sizeof *t->groups);
        x->bytes += t->first[65536];
    }
    walk_all(&w);
    ask_pairs(set);
    free(w.next[0]);
    free(w.next[1]);
}

void position_groups_build(struct position_index *x, const struct geo_box *boxes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_parts(x, &boxes[i]);
    for (int kind = 0; kind < NUMBER_KIND_COUNT && x->part_count; kind++)
        add_kind(x, (enum number_kind)kind);
    build_keys(x, &x->every);
    x->bytes += sizeof *x + x->part_room * sizeof *x->parts;
}

void position_groups_free(struct position_index *x)
{
    for (size_t i = 0; i < x->group_count; i++) {
        free(x->groups[i].ranges);
        free(x->groups[i].range_parts);
        free(x->groups[i].slots);
        free(x->groups[i].others);
    }
    for (int order = 0; order < 2; order++)
        free(x->every.keys[order].groups);
    free(x->every.known);
    free(x->parts);
}
