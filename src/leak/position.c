#include "leak/position.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/memory.h"

/* This close to zero a coordinate is not searched as a binary number: runs of zeros and
 * small counters are everywhere.  About 11 m. */
#define CLIP_DEG 1e-4
/* Binary pairs with a coordinate this close to zero are no evidence on their own. */
#define NEAR_ZERO_DEG 0.1

enum { SUB_BOXES_MAX = 8, MAGIC_PATTERN_GZIP = UINT16_MAX, MAGIC_PATTERN_ZLIB = UINT16_MAX - 1 };

/* One coordinate of one part of an area in one encoding and byte order. */
struct pattern {
    uint64_t lo, width_minus_1;             /* the coordinate that is tested at every offset */
    uint64_t other_lo, other_width_minus_1; /* its partner */
    uint8_t encoding;
    uint8_t skip;            /* leading bytes without information */
    bool longitude_tested;
};

struct position_index {
    struct geo_box *areas;
    size_t area_count;
    struct pattern *patterns;
    size_t pattern_count, pattern_room;
    double chance_per_byte;
    double north, south;             /* of all areas: text needs a quick no */

    /* The first two informative bytes, as a little-endian number of two bytes in memory. */
    uint8_t bitmap[65536 / 8];
    uint32_t key_first[65536 + 1];   /* into key_patterns */
    uint16_t *key_patterns;

    /* The same keys by half bytes, for 32 offsets at once: a set bit per bucket of keys for
     * each value of the high and low half of the first and second byte.  Lets some other
     * keys through, never drops one. */
    uint8_t halves[2][2][16];
    bool vector;
};

const char *position_encoding_name(int encoding)
{
#define BOTH(name) name " little-endian", name " big-endian"
    static const char *const names[POSITION_ENCODING_COUNT] = {
        BOTH("double"), BOTH("float"), BOTH("double radians"), BOTH("float radians"), BOTH("int32 1e7"),
        BOTH("int32 1e6"), BOTH("int32 1e5"), BOTH("int32 radians 1e7"), BOTH("int32 semicircle"), BOTH("int64 1e9"),
        "decimal text", "NMEA text", "decimal text in radians", "degrees and minutes text", "scaled whole numbers text",
        "UTM text", "polyline precision 5", "polyline precision 6", "geohash", "plus code", "MGRS", "S2 token",
        "S2 cell id", "H3", "H3 cell id",
    };
#undef BOTH
    return encoding >= 0 && encoding < POSITION_ENCODING_COUNT ? names[encoding] : "unknown";
}

bool geo_box_contains(const struct geo_box *b, double longitude_deg, double latitude_deg)
{
    if (!(latitude_deg >= b->south && latitude_deg <= b->north))
        return false;
    if (b->west <= b->east)
        return longitude_deg >= b->west && longitude_deg <= b->east;
    return longitude_deg >= b->west || longitude_deg <= b->east;
}

double geo_box_width_deg(const struct geo_box *b)
{
    return b->west <= b->east ? b->east - b->west : b->east - b->west + 360;
}

static bool longitudes_meet(const struct geo_box *a, const struct geo_box *b)
{
    return geo_box_contains(a, b->west, a->south) || geo_box_contains(b, a->west, b->south);
}

static bool boxes_meet(const struct geo_box *a, const struct geo_box *b)
{
    return a->south <= b->north && b->south <= a->north && longitudes_meet(a, b);
}

static struct geo_box boxes_joined(const struct geo_box *a, const struct geo_box *b)
{
    /* Of the two ways around the globe, the shorter. */
    struct geo_box one = { a->west, fmin(a->south, b->south), b->east, fmax(a->north, b->north) };
    struct geo_box two = one;

    two.west = b->west;
    two.east = a->east;
    if (geo_box_contains(a, b->west, a->south) && geo_box_contains(a, b->east, a->south) &&
        geo_box_width_deg(b) <= geo_box_width_deg(a)) {
        one.west = a->west;
        one.east = a->east;
        return one;
    }
    if (geo_box_contains(b, a->west, b->south) && geo_box_contains(b, a->east, b->south)) {
        one.west = b->west;
        one.east = b->east;
        return one;
    }
    return geo_box_width_deg(&one) <= geo_box_width_deg(&two) ? one : two;
}

static double box_size(const struct geo_box *b)
{
    return geo_box_width_deg(b) * (b->north - b->south);
}

/* Joins what overlaps; then, while there are too many, the pair whose joint box grows least. */
static void join_areas(struct position_index *x)
{
    for (;;) {
        size_t best_i = 0, best_j = 0;
        double best_growth = INFINITY;
        for (size_t i = 0; i < x->area_count; i++)
            for (size_t j = i + 1; j < x->area_count; j++) {
                const struct geo_box joined = boxes_joined(&x->areas[i], &x->areas[j]);
                const double growth = boxes_meet(&x->areas[i], &x->areas[j]) ? -1 :
                    box_size(&joined) - box_size(&x->areas[i]) - box_size(&x->areas[j]);
                if (growth < best_growth) {
                    best_growth = growth;
                    best_i = i;
                    best_j = j;
                }
            }
        if (x->area_count < 2 || (best_growth >= 0 && x->area_count <= POSITION_AREAS_MAX))
            return;
        x->areas[best_i] = boxes_joined(&x->areas[best_i], &x->areas[best_j]);
        x->areas[best_j] = x->areas[--x->area_count];
    }
}

struct range {
    double low, high;
};

/* The parts of a range that lie on one side of zero and not at it. */
static size_t split_at_zero(double low, double high, struct range into[2])
{
    size_t n = 0;

    if (low < -CLIP_DEG)
        into[n++] = (struct range){ low, fmin(high, -CLIP_DEG) };
    if (high > CLIP_DEG)
        into[n++] = (struct range){ fmax(low, CLIP_DEG), high };
    return n;
}

static size_t split_longitudes(const struct geo_box *b, struct range into[4])
{
    if (b->west <= b->east)
        return split_at_zero(b->west, b->east, into);
    const size_t n = split_at_zero(b->west, 180, into);
    return n + split_at_zero(-180, b->east, into + n);
}

/* The share of all stored values that lie in the interval. */
static double share(enum number_kind kind, uint64_t lo, uint64_t hi)
{
    return ((double)(hi - lo) + 1) / ldexp(1, 8 * number_formats[kind].width);
}

static void add_pattern(struct position_index *x, enum number_kind kind, bool big_endian,
                        const struct range *latitudes, const struct range *longitudes)
{
    uint64_t lat_lo, lat_hi, lon_lo, lon_hi;

    if (!number_interval(kind, latitudes->low, latitudes->high, &lat_lo, &lat_hi) ||
        !number_interval(kind, longitudes->low, longitudes->high, &lon_lo, &lon_hi) ||
        x->pattern_count >= MAGIC_PATTERN_ZLIB)
        return;
    const double lat_share = share(kind, lat_lo, lat_hi), lon_share = share(kind, lon_lo, lon_hi);
    const bool longitude_tested = lon_share < lat_share;
    const uint64_t lo = longitude_tested ? lon_lo : lat_lo, hi = longitude_tested ? lon_hi : lat_hi;
    if (x->pattern_count == x->pattern_room) {
        x->pattern_room = x->pattern_room ? x->pattern_room * 2 : 64;
        x->patterns = memory_resize_array(x->patterns, x->pattern_room, sizeof *x->patterns);
    }
    x->patterns[x->pattern_count++] = (struct pattern){
        .lo = lo,
        .width_minus_1 = hi - lo,
        .other_lo = longitude_tested ? lat_lo : lon_lo,
        .other_width_minus_1 = longitude_tested ? lat_hi - lat_lo : lon_hi - lon_lo,
        .encoding = (uint8_t)(kind * 2 + big_endian),
        .skip = (uint8_t)number_sign_bytes(kind, lo, hi),
        .longitude_tested = longitude_tested,
    };
    x->chance_per_byte += lat_share * lon_share * 2 * (POSITION_REACH + 1 - number_formats[kind].width);
}

static void add_area(struct position_index *x, const struct geo_box *area)
{
    struct range latitudes[2], longitudes[4];
    const size_t latitude_count = split_at_zero(area->south, area->north, latitudes);
    const size_t longitude_count = split_longitudes(area, longitudes);

    for (size_t i = 0; i < latitude_count; i++)
        for (size_t j = 0; j < longitude_count; j++)
            for (int kind = 0; kind < NUMBER_KIND_COUNT; kind++)
                for (int big_endian = 0; big_endian < 2; big_endian++)
                    add_pattern(x, (enum number_kind)kind, big_endian, &latitudes[i], &longitudes[j]);
}

static unsigned key_shift(const struct pattern *p)
{
    return 8u * (number_formats[p->encoding / 2].width - 2u - p->skip);
}

/* The two bytes as they stand in memory, read as a little-endian number. */
static uint16_t memory_key(const struct pattern *p, uint64_t key)
{
    const uint16_t k = (uint16_t)key;

    return p->encoding & 1 ? (uint16_t)(k << 8 | k >> 8) : k;
}

static void count_key(struct position_index *x, uint16_t key)
{
    const uint8_t first = (uint8_t)key, second = (uint8_t)(key >> 8), bucket = (uint8_t)(1u << (first >> 5));

    x->bitmap[key >> 3] |= (uint8_t)(1u << (key & 7));
    x->key_first[key + 1]++;
    x->halves[0][0][first >> 4] |= bucket;
    x->halves[0][1][first & 15] |= bucket;
    x->halves[1][0][second >> 4] |= bucket;
    x->halves[1][1][second & 15] |= bucket;
}

static const uint16_t zlib_keys[] = { 0x0178, 0x5e78, 0x9c78, 0xda78 }; /* RFC 1950: deflate, window 32 KiB, no dictionary */
static const uint16_t gzip_key = 0x8b1f;

static void build_keys(struct position_index *x)
{
    uint32_t *next = memory_alloc_array(65536, sizeof *next);

    for (size_t i = 0; i < x->pattern_count; i++) {
        const struct pattern *p = &x->patterns[i];
        for (uint64_t key = p->lo >> key_shift(p); key <= (p->lo + p->width_minus_1) >> key_shift(p); key++)
            count_key(x, memory_key(p, key));
    }
    for (size_t i = 0; i < sizeof zlib_keys / sizeof *zlib_keys; i++)
        count_key(x, zlib_keys[i]);
    count_key(x, gzip_key);

    for (size_t key = 0; key < 65536; key++) {
        x->key_first[key + 1] += x->key_first[key];
        next[key] = x->key_first[key];
    }
    x->key_patterns = memory_alloc_array(x->key_first[65536], sizeof *x->key_patterns);
    for (size_t i = 0; i < x->pattern_count; i++) {
        const struct pattern *p = &x->patterns[i];
        for (uint64_t key = p->lo >> key_shift(p); key <= (p->lo + p->width_minus_1) >> key_shift(p); key++)
            x->key_patterns[next[memory_key(p, key)]++] = (uint16_t)i;
    }
    for (size_t i = 0; i < sizeof zlib_keys / sizeof *zlib_keys; i++)
        x->key_patterns[next[zlib_keys[i]]++] = MAGIC_PATTERN_ZLIB;
    x->key_patterns[next[gzip_key]++] = MAGIC_PATTERN_GZIP;
    free(next);
}

struct position_index *position_index_new(const struct geo_box *boxes, size_t count)
{
    struct position_index *x = memory_alloc_array(1, sizeof *x);

    x->areas = memory_alloc_array(count, sizeof *x->areas);
    if (count)
        memcpy(x->areas, boxes, count * sizeof *boxes);
    x->area_count = count;
    join_areas(x);
    x->south = INFINITY;
    x->north = -INFINITY;
    for (size_t i = 0; i < x->area_count; i++) {
        add_area(x, &x->areas[i]);
        x->south = fmin(x->south, x->areas[i].south);
        x->north = fmax(x->north, x->areas[i].north);
    }
    build_keys(x);
#if defined(__x86_64__)
    x->vector = __builtin_cpu_supports("avx2");
#endif
    return x;
}

void position_index_scalar_only(struct position_index *x)
{
    x->vector = false;
}

void position_index_free(struct position_index *x)
{
    if (!x)
        return;
    free(x->areas);
    free(x->patterns);
    free(x->key_patterns);
    free(x);
}

static inline uint64_t load(const uint8_t *at, unsigned width, bool big_endian)
{
    if (width == 4) {
        uint32_t v;
        memcpy(&v, at, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return big_endian ? v : __builtin_bswap32(v);
#else
        return big_endian ? __builtin_bswap32(v) : v;
#endif
    }
    uint64_t v;
    memcpy(&v, at, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return big_endian ? v : __builtin_bswap64(v);
#else
    return big_endian ? __builtin_bswap64(v) : v;
#endif
}

struct scan {
    const uint8_t *at;
    size_t len, done, limit;
    const struct position_events *events;
};

static inline void pair_at(const struct scan *s, const struct pattern *p, size_t tested, size_t other)
{
    const enum number_kind kind = (enum number_kind)(p->encoding / 2);
    const unsigned width = number_formats[kind].width;
    const bool big_endian = p->encoding & 1;
    const size_t first = tested < other ? tested : other, end = (tested < other ? other : tested) + width;
    const uint64_t other_raw = load(s->at + other, width, big_endian);

    if (other_raw - p->other_lo > p->other_width_minus_1 || end <= s->done || end > s->limit)
        return;
    const double tested_deg = number_degrees(kind, load(s->at + tested, width, big_endian));
    const double other_deg = number_degrees(kind, other_raw);
    const ptrdiff_t delta = (ptrdiff_t)other - (ptrdiff_t)tested;
    const struct position_pair pair = {
        .longitude_deg = p->longitude_tested ? tested_deg : other_deg,
        .latitude_deg = p->longitude_tested ? other_deg : tested_deg,
        .at = first,
        .length = end - first,
        .encoding = p->encoding,
        .delta = (int8_t)(p->longitude_tested ? -delta : delta),
    };
    s->events->pair(s->events->user, &pair);
}

/* The key of pattern `p` stands at `i`: is the whole value in range, and its partner near? */
static void try_pattern(const struct scan *s, const struct pattern *p, size_t i)
{
    const unsigned width = number_formats[p->encoding / 2].width;
    const bool big_endian = p->encoding & 1;
    const size_t before = big_endian ? p->skip : width - 2u - p->skip;

    if (i < before || s->len - (i - before) < width)
        return;
    const size_t tested = i - before;
    if (load(s->at + tested, width, big_endian) - p->lo > p->width_minus_1)
        return;
    for (size_t reach = width; reach <= POSITION_REACH; reach++) {
        if (s->len - tested >= reach + width)
            pair_at(s, p, tested, tested + reach);
        if (tested >= reach)
            pair_at(s, p, tested, tested - reach);
    }
}

static void candidate(const struct position_index *x, const struct scan *s, size_t i, unsigned key)
{
    for (uint32_t k = x->key_first[key]; k < x->key_first[key + 1]; k++) {
        const uint16_t n = x->key_patterns[k];
        if (n < MAGIC_PATTERN_ZLIB)
            try_pattern(s, &x->patterns[n], i);
        else if (i >= s->done && s->events->magic)
            s->events->magic(s->events->user, i, n == MAGIC_PATTERN_GZIP ? MAGIC_GZIP : MAGIC_ZLIB);
    }
}

#if defined(__x86_64__)
/* Offsets from `i` in steps of 32 while they fit; gives the first that was not looked at. */
__attribute__((target("avx2")))
static size_t scan_vector(const struct position_index *x, const struct scan *s, size_t i, size_t end)
{
    const __m256i low_half = _mm256_set1_epi8(15);
    __m256i tables[2][2];

    for (int byte = 0; byte < 2; byte++)
        for (int half = 0; half < 2; half++)
            tables[byte][half] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)x->halves[byte][half]));
    for (; end - i >= 32 && s->len - i >= 33; i += 32) {
        __m256i buckets = _mm256_set1_epi8(-1);
        for (int byte = 0; byte < 2; byte++) {
            const __m256i data = _mm256_loadu_si256((const __m256i *)(s->at + i + byte));
            const __m256i high = _mm256_and_si256(_mm256_srli_epi16(data, 4), low_half);
            const __m256i low = _mm256_and_si256(data, low_half);
            buckets = _mm256_and_si256(buckets, _mm256_and_si256(_mm256_shuffle_epi8(tables[byte][0], high),
                                                                 _mm256_shuffle_epi8(tables[byte][1], low)));
        }
        uint32_t found = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(buckets, _mm256_setzero_si256()));
        while (found) {
            const size_t k = i + (unsigned)__builtin_ctz(found);
            const unsigned key = s->at[k] | (unsigned)s->at[k + 1] << 8;
            found &= found - 1;
            if (x->bitmap[key >> 3] >> (key & 7) & 1)
                candidate(x, s, k, key);
        }
    }
    return i;
}
#endif

void position_scan_binary(const struct position_index *x, const uint8_t *at, size_t len, size_t done, size_t limit,
                          const struct position_events *events)
{
    /* A pair that ends behind `done` has its tested number not further back than this. */
    enum { BACK = POSITION_REACH + 8 };
    const struct scan s = { .at = at, .len = len, .done = done, .limit = limit, .events = events };
    size_t i = done > BACK ? done - BACK : 0;

    const size_t end = len < 2 ? 0 : limit < len - 1 ? limit : len - 1;

#if defined(__x86_64__)
    if (x->vector && i < end)
        i = scan_vector(x, &s, i, end);
#endif
    /* Eight offsets from one load of eight bytes and one more. */
    for (; i < end && end - i >= 8 && len - i >= 9; i += 8) {
        uint64_t w;
        memcpy(&w, at + i, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        w = __builtin_bswap64(w);
#endif
        unsigned found = 0;
        for (unsigned k = 0; k < 7; k++) {
            const unsigned key = (unsigned)(w >> (8 * k)) & 0xffff;
            found |= (unsigned)(x->bitmap[key >> 3] >> (key & 7) & 1) << k;
        }
        const unsigned last = (unsigned)(w >> 56) | (unsigned)at[i + 8] << 8;
        found |= (unsigned)(x->bitmap[last >> 3] >> (last & 7) & 1) << 7;
        while (found) {
            const unsigned k = (unsigned)__builtin_ctz(found);
            found &= found - 1;
            candidate(x, &s, i + k, at[i + k] | (unsigned)at[i + k + 1] << 8);
        }
    }
    for (; i < end; i++) {
        const unsigned key = at[i] | (unsigned)at[i + 1] << 8;
        if (x->bitmap[key >> 3] >> (key & 7) & 1)
            candidate(x, &s, i, key);
    }
}

static double coordinate_bits(enum number_kind kind, double low, double high, double value)
{
    struct range parts[2];
    const size_t n = split_at_zero(low, high, parts);

    for (size_t i = 0; i < n; i++) {
        uint64_t lo, hi;
        if ((parts[i].low < 0) != (value < 0) || !number_interval(kind, parts[i].low, parts[i].high, &lo, &hi))
            continue;
        double bits = -log2(share(kind, lo, hi));
        if (!number_formats[kind].floating)
            bits -= 8.0 * number_sign_bytes(kind, lo, hi);
        return fmax(bits, 0);
    }
    return 0;
}

/* Text is not random bytes: a character that had to be there counts as one symbol of
 * a 64-letter alphabet, a fraction by its share of a degree.  A label counts its three
 * letters less the places and cases in which it is accepted. */
static double text_bits(const struct geo_box *box, const struct position_pair *pair)
{
    enum { CHARACTER_BITS = 6, LABEL_BITS = 17 };
    const double width = fmin(geo_box_width_deg(box), 1), height = fmin(box->north - box->south, 1);

    return CHARACTER_BITS * pair->fixed_chars - log2(width) - log2(height) + (pair->labelled ? 2 * LABEL_BITS : 0);
}

/* The code of a cell has no more to tell than that the cell is one of those that touch the
 * box, of all on the globe. */
static double cell_bits(const struct geo_box *box, const struct position_pair *pair)
{
    const double side_deg = pair->cell_m / 111194.9, narrow = fmax(cos(pair->latitude_deg * M_PI / 180), 0.01);
    const double width = geo_box_width_deg(box) + side_deg / narrow, height = box->north - box->south + side_deg;

    return fmax(-log2(width / 360) - log2(height / 180), 0);
}

double position_pair_bits(const struct geo_box *box, const struct position_pair *pair)
{
    if (pair->chained)
        return 0;
    if (pair->encoding >= POSITION_CODE_FIRST)
        return cell_bits(box, pair);
    if (pair->encoding >= POSITION_TEXT_DEGREES)
        return text_bits(box, pair);
    if (position_near_zero(pair))
        return 0;
    const enum number_kind kind = (enum number_kind)(pair->encoding / 2);
    /* Across the date line the part on the pair's own side, which is less than the whole: add both. */
    double longitude_bits;
    if (box->west <= box->east) {
        longitude_bits = coordinate_bits(kind, box->west, box->east, pair->longitude_deg);
    } else {
        const double share_of_both = exp2(-coordinate_bits(kind, box->west, 180, 1)) +
                                     exp2(-coordinate_bits(kind, -180, box->east, -1));
        longitude_bits = fmax(-log2(share_of_both), 0);
    }
    return coordinate_bits(kind, box->south, box->north, pair->latitude_deg) + longitude_bits;
}

double position_chance_per_byte(const struct position_index *x)
{
    return x->chance_per_byte;
}

bool position_near_zero(const struct position_pair *pair)
{
    return pair->encoding < POSITION_TEXT_DEGREES &&
           (fabs(pair->latitude_deg) < NEAR_ZERO_DEG || fabs(pair->longitude_deg) < NEAR_ZERO_DEG);
}

uint64_t position_areas_at_latitude(const struct position_index *x, double latitude_deg)
{
    uint64_t areas = 0;

    if (!(latitude_deg >= x->south && latitude_deg <= x->north))
        return 0;
    for (size_t i = 0; i < x->area_count; i++)
        if (latitude_deg >= x->areas[i].south && latitude_deg <= x->areas[i].north)
            areas |= UINT64_C(1) << i;
    return areas;
}

uint64_t position_areas_at_longitude(const struct position_index *x, double longitude_deg)
{
    uint64_t areas = 0;

    for (size_t i = 0; i < x->area_count; i++)
        if (geo_box_contains(&x->areas[i], longitude_deg, x->areas[i].south))
            areas |= UINT64_C(1) << i;
    return areas;
}
