/* Binary positions: candidates from the filter, then the exact test, then the partner. */
#include "leak/position_groups.h"

#include <math.h>
#include <string.h>

struct scan {
    const struct position_index *x;
    const uint8_t *at;
    size_t len, done, limit;
    const struct position_events *events;
};

static inline uint64_t load(const uint8_t *at, unsigned width, bool big_endian)
{
    const bool swap = big_endian == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

    if (width == 4) {
        uint32_t v;
        memcpy(&v, at, sizeof v);
        return swap ? __builtin_bswap32(v) : v;
    }
    uint64_t v;
    memcpy(&v, at, sizeof v);
    return swap ? __builtin_bswap64(v) : v;
}

static inline const struct group_range *find_range(const struct group *g, uint64_t v)
{
    if (v - g->lo > g->hi - g->lo)
        return NULL;
    const struct group_range *r = &g->ranges[g->slots[(v - g->lo) >> g->slot_shift]];
    while (r->hi < v) /* the last range ends at g->hi */
        r++;
    return r->lo <= v ? r : NULL;
}

static bool in_part(const struct part *p, double longitude_deg, double latitude_deg, double slack_deg)
{
    return latitude_deg >= p->latitudes.low - slack_deg && latitude_deg <= p->latitudes.high + slack_deg &&
           longitude_deg >= p->longitudes.low - slack_deg && longitude_deg <= p->longitudes.high + slack_deg;
}

/* Where a value and its partner stand. */
struct place {
    size_t start, end;
    uint64_t value;
};

/* Inside of a longer varint: what is left of a negative one is a small number. */
static bool rest_of_varint(const struct scan *s, const struct group *g, size_t start)
{
    return !number_formats[g->kind].width && start > 0 && s->at[start - 1] & 0x80;
}

/* A varint that is too short for a key is found by the other coordinate: beside it, as short ones are everywhere. */
static bool short_beside(const struct place *tested, const struct place *other)
{
    enum { TAG_BYTES = 1 };

    return number_varint_bytes(other->value) < FILTER_KEY_BYTES && other->start <= tested->end + TAG_BYTES &&
           tested->start <= other->end + TAG_BYTES;
}

static bool report_pair(const struct scan *s, const struct group *g, const struct group_range *r,
                        const struct place *tested, const struct place *other)
{
    const size_t first = tested->start < other->start ? tested->start : other->start;
    const size_t end = tested->end > other->end ? tested->end : other->end;

    if (end <= s->done || end > s->limit || other->value - r->others.lo > r->others.width_minus_1)
        return false;
    for (size_t i = 0; i < r->part_count; i++) {
        const uint16_t part = g->range_parts[r->first_part + i];
        /* Of varints both coordinates have groups, for columns. */
        if (!position_part_tested(s->x, g, part) && !short_beside(tested, other))
            continue;
        if (other->value - g->others[part].lo > g->others[part].width_minus_1)
            continue;
        const double tested_deg = number_degrees(g->kind, tested->value),
            other_deg = number_degrees(g->kind, other->value);
        const double longitude = g->longitude ? tested_deg : other_deg,
            latitude = g->longitude ? other_deg : tested_deg;
        /* Zigzag has the signs mixed, and ranges are rounded outwards. */
        if (!in_part(&s->x->parts[part], longitude, latitude, number_precision_deg(g->kind, 180)) ||
            position_any_numbers(g->kind, longitude, latitude) ||
            (fabs(other_deg) < POSITION_NEAR_ZERO_DEG && rest_of_varint(s, g, other->start)) ||
            (fabs(tested_deg) < POSITION_NEAR_ZERO_DEG && rest_of_varint(s, g, tested->start)))
            continue;
        const bool tested_first = tested->start < other->start, latitude_first = tested_first != g->longitude;
        const size_t apart = number_formats[g->kind].width ? end - g->width - first
            : (tested_first ? other->start - tested->end : tested->start - other->end) + 1;
        const struct position_pair pair = {
            .longitude_deg = longitude,
            .latitude_deg = latitude,
            .at = first,
            .length = end - first,
            .encoding = (uint8_t)(g->kind * 2 + g->big_endian),
            .delta = (int8_t)(latitude_first ? (int)apart : -(int)apart),
        };
        s->events->pair(s->events->user, &pair);
        return true;
    }
    return false;
}

/* Whether any of the `count` values that begin at and behind `at` lies in the interval. */
static bool any_in(const uint8_t *at, size_t count, unsigned width, bool big_endian, struct interval in)
{
    unsigned any = 0;

    if (width == 4) {
        const uint32_t lo = (uint32_t)in.lo, most = (uint32_t)in.width_minus_1;
        if (big_endian)
            for (size_t k = 0; k < count; k++)
                any |= (uint32_t)load(at + k, 4, true) - lo <= most;
        else
            for (size_t k = 0; k < count; k++)
                any |= (uint32_t)load(at + k, 4, false) - lo <= most;
    } else {
        for (size_t k = 0; k < count; k++)
            any |= load(at + k, 8, big_endian) - in.lo <= in.width_minus_1;
    }
    return any;
}

/* Most values have no partner in any of the parts' intervals taken together. */
static bool any_partner(const struct group *g, const struct group_range *r, const uint8_t *at, size_t count)
{
    if (!any_in(at, count, g->width, g->big_endian, r->others))
        return false;
    for (size_t k = 0; k < count && r->part_count > 1; k++) {
        const uint64_t value = load(at + k, g->width, g->big_endian);
        if (value - r->others.lo > r->others.width_minus_1)
            continue;
        for (size_t i = 0; i < r->part_count; i++) {
            const struct interval *in = &g->others[g->range_parts[r->first_part + i]];
            if (value - in->lo <= in->width_minus_1)
                return true;
        }
    }
    return r->part_count == 1;
}

static void partners_of(const struct scan *s, const struct group *g, const struct group_range *r,
                        const struct place *tested)
{
    const unsigned width = g->width;
    /* Starts before: [low, tested - width]; behind: [tested + width, high). */
    const size_t t = tested->start, low = t > POSITION_REACH ? t - POSITION_REACH : 0;
    const size_t before = t >= low + width ? t - width - low + 1 : 0;
    const size_t ends = s->len - width + 1, high = t + POSITION_REACH + 1 < ends ? t + POSITION_REACH + 1 : ends;
    const size_t behind = high > t + width ? high - t - width : 0;

    if (!any_partner(g, r, s->at + low, before) && !any_partner(g, r, s->at + t + width, behind))
        return;
    for (size_t reach = width; reach <= POSITION_REACH; reach++)
        for (int side = 0; side < 2; side++) {
            if (side == 0 ? t + reach >= high : t < low + reach)
                continue;
            const size_t o = side == 0 ? t + reach : t - reach;
            const struct place other = { o, o + width, load(s->at + o, width, g->big_endian) };
            report_pair(s, g, r, tested, &other);
        }
}

static void value_found(const struct scan *s, const struct group *g, size_t at)
{
    const struct position_value value = { .kind = g->kind, .longitude = g->longitude, .at = at };

    if (s->events->value && at >= s->done && at < s->limit)
        s->events->value(s->events->user, &value);
}

static void try_fixed(const struct scan *s, const struct group *g, size_t i)
{
    const size_t t = i - g->key_at;

    if (i < g->key_at || s->len - t < g->width)
        return;
    const struct place tested = { t, t + g->width, load(s->at + t, g->width, g->big_endian) };
    const struct group_range *r = find_range(g, tested.value);
    if (!r)
        return;
    partners_of(s, g, r, &tested);
}

static void try_varint(const struct scan *s, const struct group *g, size_t i)
{
    const size_t t = i - g->key_at;
    struct place tested = { .start = t };

    if (i < g->key_at || s->len - t < g->width || number_varint_read(s->at + t, s->len - t, &tested.value) != g->width)
        return;
    const struct group_range *r = find_range(g, tested.value);
    if (!r)
        return;
    tested.end = t + g->width;
    value_found(s, g, t);
    if (!r->pairs)
        return;
    const size_t low = t > POSITION_REACH ? t - POSITION_REACH : 0;
    for (size_t o = low; o < tested.end + POSITION_REACH && o < s->len; o++) {
        struct place other = { .start = o };
        if (o >= t && o < tested.end)
            continue;
        const unsigned length = number_varint_read(s->at + o, s->len - o, &other.value);
        other.end = o + length;
        if (length > 0 && (o >= tested.end || other.end <= t))
            report_pair(s, g, r, &tested, &other);
    }
}

static void try_key(const struct scan *s, const struct key_table *t, size_t i, unsigned key)
{
    for (uint32_t k = t->first[key]; k < t->first[key + 1]; k++) {
        const uint8_t n = t->groups[k];
        if (n >= POSITION_MAGIC_FIRST) {
            if (i >= s->done && i < s->limit && s->events->magic)
                s->events->magic(s->events->user, i, (enum position_magic)(n - POSITION_MAGIC_FIRST));
        } else if (number_formats[s->x->groups[n].kind].width) {
            try_fixed(s, &s->x->groups[n], i);
        } else {
            try_varint(s, &s->x->groups[n], i);
        }
    }
}

enum { BLOCK = 4096 };

/* As the filter gives them, by looking up any two bytes. */
static void candidates_by_pairs(const struct key_set *set, const uint8_t *at, size_t count, uint64_t *mask)
{
    for (size_t w = 0; w * 64 < count; w++, at += 64) {
        const size_t n = count - w * 64 < 64 ? count - w * 64 : 64;
        uint64_t first = 0, last = 0;
        unsigned key = at[0];
        for (size_t k = 0; k < n; k++) {
            key |= (unsigned)at[k + 1] << 8;
            const uint64_t either = set->pairs[key >> 2] >> (2 * (key & 3));
            first |= (either & 1) << k;
            last |= (either >> 1 & 1) << k;
            key >>= 8;
        }
        key |= (unsigned)at[n + 1] << 8;
        const uint64_t beyond = set->pairs[key >> 2] >> (2 * (key & 3)) >> 1 & 1;
        mask[w] = first | last >> 1 | beyond << (n - 1);
    }
}

/* The offsets of set bits where a whole key is known.  How many there are is not to be foreseen: nothing depends on it
 * that the processor would have to guess. */
static size_t known_candidates(const struct key_set *set, const uint8_t *at, const uint64_t *mask, size_t words,
                               uint16_t offsets[BLOCK])
{
    size_t n = 0;

    for (size_t w = 0; w < words; w++)
        for (uint64_t found = mask[w]; found; found &= found - 1) {
            const size_t i = w * 64 + (unsigned)__builtin_ctzll(found);
            offsets[n] = (uint16_t)i;
            n += key_known(set, at + i);
        }
    return n;
}

static void try_candidates(const struct scan *s, const struct key_set *set, size_t from, const uint16_t *offsets,
                           size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const size_t i = from + offsets[k];
        const uint8_t *at = s->at + i;
        const unsigned first = at[0] | (unsigned)at[1] << 8, last = at[1] | (unsigned)at[2] << 8;
        if (set->keys[0].bitmap[first >> 3] >> (first & 7) & 1)
            try_key(s, &set->keys[0], i, first);
        if (set->keys[1].bitmap[last >> 3] >> (last & 7) & 1)
            try_key(s, &set->keys[1], i, last);
    }
}

void position_scan_binary(const struct position_index *x, const uint8_t *at, size_t len, size_t done, size_t limit,
                          const struct position_events *events)
{
    /* A pair that ends behind `done` has the key of its tested number not further back than this. */
    enum { BACK = POSITION_REACH + 2 * VARINT_BYTES_MAX };
    const struct scan s = { .x = x, .at = at, .len = len, .done = done, .limit = limit, .events = events };
    const size_t last = len < FILTER_KEY_BYTES ? 0 : len - FILTER_KEY_BYTES + 1;
    uint64_t mask[BLOCK / 64];
    uint16_t offsets[BLOCK];

    /* Keys stand inside their numbers, so beyond `limit` only numbers end that are given later;
     * but one that began before it may have its key there. */
    const size_t end = last < limit + VARINT_BYTES_MAX ? last : limit + VARINT_BYTES_MAX;
    for (size_t from = done > BACK ? done - BACK : 0; from < end; from += BLOCK) {
        const size_t count = end - from < BLOCK ? end - from : BLOCK;
        if (x->every.crowded)
            candidates_by_pairs(&x->every, at + from, count, mask);
        else
            filter_candidates(&x->every.filter, x->kernel, at + from, count, mask);
        const size_t n = known_candidates(&x->every, at + from, mask, (count + 63) / 64, offsets);
        try_candidates(&s, &x->every, from, offsets, n);
    }
}
