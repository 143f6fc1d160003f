/* Keys over records whose size and the key's have a common factor: each record, or each of a few, meets the same bytes
 * of the key, so nothing stands in them twice that would tell these.  What tells them is the path.  The first record's
 * position is somewhere on it: each place there gives the bytes of the key under both numbers, and of the right ones
 * the positions of all other records lie on the path, too. */
#include "leak/xor_key.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/index.h"

enum {
    ROWS_MIN = 6, ROWS_MAX = 48,
    ROW_MAX = 160,           /* bytes: sixteen records of ten, or what else a key of sixteen meets in one way */
    GAP_MAX = 8,             /* bytes between both numbers */
    PLACES_MAX = 2048,       /* of a path, that are tried */
    TRACKS_MAX = 64,
    TRIALS_MAX = 1 << 21,    /* of a sample, shared out among the tracks: some twenty nanoseconds each */
    FOLLOWED_EACH = 32,      /* of a way of writing, that are laid along the path: some ten microseconds each */
    FOLLOWED_MAX = 2000,
    WAITING_MAX = 1024, WAITING_TRIED = 160,
    SOLVED_MAX = 32, SEEDS_MAX = 8,
    GLANCED = 8,             /* rows that are looked at first */
    TIES_MIN = 2, TIES_MAX = 8,
};
#define PLACES_APART_M 4.0
#define CELL_M 8.0
#define SURE_M 25.0          /* bytes that tell less may be wrong when the first position is beside its place */
#define TELLING_M 0.002      /* bytes that tell less do not show */
#define SURE_BITS 16.0       /* beyond all that was free to choose */
#define METRES_PER_DEG 111194.9

/* What meets the same bytes of the key. */
struct rows {
    const uint8_t *at[ROWS_MAX];
    size_t len[ROWS_MAX];    /* to the end of the part: a number may reach into the next row */
    size_t count;
    size_t period;           /* 0: messages, of which each begins with the key */
    size_t places;           /* at which a number may begin */
};

struct layout {
    enum number_kind kind;
    uint8_t width, gap, place;
    bool big_endian, longitude_first;
};

struct solved {
    struct layout layout;
    uint8_t key_len;         /* 0: any */
    const struct index_track *track;
    uint64_t mask[2];        /* over the first number and over the second, as numbers */
    double quality;          /* of a row */
};

/* Where a path goes, roughly. */
struct near_map {
    double west_m, south_m, cell_m;
    uint32_t columns, rows;
    uint64_t *bits;
};

struct row_search {
    const struct rows *rows;
    const struct xor_index_tracks *tracks;
    size_t trials, trials_max, followed;
    size_t track_number;
    const struct index_track *track;
    struct near_map near;
    size_t place_count;
    double latitudes[PLACES_MAX], longitudes[PLACES_MAX];
    uint64_t raw[2][PLACES_MAX];         /* the same as numbers: latitudes, longitudes */
    uint64_t differences[2][ROWS_MAX];   /* of the first and second number of each row from those of the first row */
    uint64_t at_first[2];
    double byte_m[NUMBER_FIXED_COUNT][8]; /* the least step of each byte of a number, the lowest first */
    struct solved solved[SOLVED_MAX];
    size_t solved_count;
    /* What is looked at later, if at all: ways of writing under keys that no byte of both numbers would tell. */
    struct waiting {
        struct layout layout;
        uint8_t track;
        uint16_t passed;     /* places that the glance lets pass: the fewer, the more it tells */
    } waiting[WAITING_MAX];
    size_t waiting_count;
};

/* Rows */

static void rows_of_period(const struct xor_sample *s, size_t period, struct rows *r)
{
    *r = (struct rows){ .period = period, .places = period };
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = 0; i + period <= s->parts[p].len && r->count < ROWS_MAX; i += period)
            if (i >= s->parts[p].plain) {
                r->at[r->count] = s->bytes + s->parts[p].start + i;
                r->len[r->count++] = s->parts[p].len - i;
            }
}

static void rows_of_messages(const struct xor_sample *s, struct rows *r)
{
    size_t shortest = ROW_MAX;

    *r = (struct rows){ .period = 0 };
    for (size_t p = 0; p < s->part_count && r->count < ROWS_MAX; p++)
        if (s->parts[p].len >= XOR_PART_MIN / 2 && s->parts[p].len <= XOR_RECORD_MAX) {
            r->at[r->count] = s->bytes + s->parts[p].start;
            r->len[r->count++] = s->parts[p].len;
            shortest = s->parts[p].len < shortest ? s->parts[p].len : shortest;
        }
    r->places = shortest;
}

static uint64_t value_at(const uint8_t *at, unsigned width, bool big_endian)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value = value << 8 | at[big_endian ? i : width - 1 - i];
    return value;
}

/* A coordinate may stand at a place: its first byte is mostly the same, as the key's is, and the others are not
 * always.  Near zero the sign, and with it all of the first byte, may change. */
static bool may_be_number(const struct rows *r, size_t place, unsigned width, bool big_endian)
{
    const size_t top = place + (big_endian ? 0 : width - 1);
    size_t of = 0, top_changes = 0, changes = 0;

    for (size_t n = 0; n + 1 < r->count; n++) {
        if (place + width > r->len[n] || place + width > r->len[n + 1])
            continue;
        const uint8_t turned = r->at[n][top] ^ r->at[n + 1][top];
        of++;
        top_changes += turned != 0 && turned != 0xff && turned != 0x80;
        changes += memcmp(r->at[n] + place, r->at[n + 1] + place, width) != 0;
    }
    return of + 1 >= ROWS_MIN && top_changes * 8 <= of && changes * 4 >= of;
}

/* The path */

static void mark(struct near_map *m, double x_m, double y_m)
{
    const int64_t column = (int64_t)floor((x_m - m->west_m) / m->cell_m), row = (int64_t)floor((y_m - m->south_m) / m->cell_m);

    for (int64_t r = row - 1; r <= row + 1; r++)
        for (int64_t c = column - 1; c <= column + 1; c++)
            if (r >= 0 && c >= 0 && r < m->rows && c < m->columns) {
                const size_t bit = (size_t)r * m->columns + (size_t)c;
                m->bits[bit >> 6] |= UINT64_C(1) << (bit & 63);
            }
}

static bool is_near(const struct near_map *m, double x_m, double y_m)
{
    const double column = (x_m - m->west_m) / m->cell_m, row = (y_m - m->south_m) / m->cell_m;

    if (!(column >= 0 && row >= 0 && column < m->columns && row < m->rows))
        return false;
    const size_t bit = (size_t)row * m->columns + (size_t)column;
    return m->bits[bit >> 6] >> (bit & 63) & 1;
}

static void make_map(const struct track *t, struct near_map *m)
{
    enum { CELLS_MAX = 1 << 20 };
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;

    for (uint32_t i = 0; i < t->count; i++) {
        west = fmin(west, t->x_m[i]);
        east = fmax(east, t->x_m[i]);
        south = fmin(south, t->y_m[i]);
        north = fmax(north, t->y_m[i]);
    }
    m->cell_m = CELL_M;
    while ((ceil((east - west) / m->cell_m) + 4) * (ceil((north - south) / m->cell_m) + 4) > CELLS_MAX)
        m->cell_m *= 2;
    m->west_m = west - 2 * m->cell_m;
    m->south_m = south - 2 * m->cell_m;
    m->columns = (uint32_t)(ceil((east - west) / m->cell_m) + 4);
    m->rows = (uint32_t)(ceil((north - south) / m->cell_m) + 4);
    m->bits = memory_alloc_array(((size_t)m->columns * m->rows + 63) / 64, sizeof *m->bits);
    for (uint32_t i = 0; i < t->count; i++) {
        const bool line = t->joined[i] && i + 1 < t->count;
        const double length_m = line ? hypot(t->x_m[i + 1] - t->x_m[i], t->y_m[i + 1] - t->y_m[i]) : 0;
        const size_t steps = (size_t)(length_m / m->cell_m) + 1;
        for (size_t k = 0; k < steps; k++) {
            const double share = (double)k / (double)steps;
            mark(m, t->x_m[i] + (line ? share * (t->x_m[i + 1] - t->x_m[i]) : 0),
                 t->y_m[i] + (line ? share * (t->y_m[i + 1] - t->y_m[i]) : 0));
        }
    }
}

static double longitude_between(double from, double to, double share)
{
    double across = to - from;

    across += across > 180 ? -360 : across < -180 ? 360 : 0;
    const double there = from + share * across;
    return there > 180 ? there - 360 : there < -180 ? there + 360 : there;
}

/* Where the first position may be: all along the path, evenly. */
static void make_places(struct row_search *s)
{
    const struct track *t = &s->track->track;
    const double apart_m = fmax(PLACES_APART_M, t->along_m[t->count - 1] / (PLACES_MAX / 2));
    double since_m = INFINITY;

    s->place_count = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        const bool line = t->joined[i] && i + 1 < t->count;
        const double length_m = line ? hypot(t->x_m[i + 1] - t->x_m[i], t->y_m[i + 1] - t->y_m[i]) : 0;
        const size_t between = length_m > apart_m ? (size_t)(length_m / apart_m) : 0;
        if (since_m < apart_m && between == 0) {
            since_m += length_m;
            continue;
        }
        for (size_t k = 0; k <= between && s->place_count < PLACES_MAX; k++) {
            const double share = (double)k / (double)(between + 1);
            const struct track_point *a = &t->points[i], *b = line ? a + 1 : a;
            s->latitudes[s->place_count] = a->latitude_deg + share * (b->latitude_deg - a->latitude_deg);
            s->longitudes[s->place_count++] = longitude_between(a->longitude_deg, b->longitude_deg, share);
        }
        since_m = length_m / (double)(between + 1);
    }
}

/* Trials */

static size_t points_under(const struct row_search *s, const struct layout *l, const uint64_t mask[2],
                           struct position_pair points[ROWS_MAX])
{
    const struct rows *r = s->rows;
    size_t count = 0;

    for (size_t n = 0; n < r->count; n++) {
        const size_t second = (size_t)l->place + l->width + l->gap;
        if (second + l->width > r->len[n])
            continue;
        const double a = number_degrees(l->kind, value_at(r->at[n] + l->place, l->width, l->big_endian) ^ mask[0]),
            b = number_degrees(l->kind, value_at(r->at[n] + second, l->width, l->big_endian) ^ mask[1]);
        points[count++] = (struct position_pair){ .latitude_deg = l->longitude_first ? b : a,
                                                  .longitude_deg = l->longitude_first ? a : b };
    }
    return count;
}

static bool on_globe(double latitude_deg, double longitude_deg)
{
    return fabs(latitude_deg) <= 90 && fabs(longitude_deg) <= 180; /* false for what is no number */
}

/* How many of the rows that are looked at first are near the path, if the first one is at a place. */
static bool glance(const struct row_search *s, const struct layout *l, size_t place)
{
    const uint64_t *first = s->raw[l->longitude_first], *second = s->raw[!l->longitude_first];
    size_t missed = 0;

    for (size_t k = 0; k < GLANCED; k++) {
        const size_t n = (k + 1) * (s->rows->count - 1) / GLANCED;
        double x_m, y_m;
        const double a = number_degrees(l->kind, s->differences[0][n] ^ first[place]),
            b = number_degrees(l->kind, s->differences[1][n] ^ second[place]);
        const double latitude = l->longitude_first ? b : a, longitude = l->longitude_first ? a : b;
        if (on_globe(latitude, longitude)) {
            track_map(&s->track->track, longitude, latitude, &x_m, &y_m);
            if (is_near(&s->near, x_m, y_m))
                continue;
        }
        if (++missed > 1)
            return false;
    }
    return true;
}

/* What counts up, and a height, run along one coordinate. */
static bool both_change(const struct position_pair *points, size_t count)
{
    enum { SHARE = 6 };
    size_t both = 0;

    for (size_t i = 1; i < count; i++)
        both += points[i].latitude_deg != points[i - 1].latitude_deg &&
            points[i].longitude_deg != points[i - 1].longitude_deg;
    return both * SHARE >= count;
}

static bool points_on_globe(const struct row_search *s, const struct layout *l, const uint64_t mask[2],
                            struct position_pair points[ROWS_MAX], size_t *ret_count)
{
    *ret_count = points_under(s, l, mask, points);
    for (size_t i = 0; i < *ret_count; i++)
        if (!on_globe(points[i].latitude_deg, points[i].longitude_deg))
            return false;
    return true;
}

/* How well positions follow the path, and how unlikely it is that others do. */
struct evidence {
    double near;             /* how near they lie: of each the bits that tell its distance from TRACK_NEAR_M */
    double bits;             /* of the steps */
    double turned;           /* radians, in all steps long enough to have a direction */
    size_t steps;            /* of these */
    size_t joined, of;
};

/* A step beside the path, of what goes on in any direction. */
static void weigh_step(struct evidence *e, const double before[2], const double now[2], double distance_m,
                       double *heading)
{
    const double beside_m = 1, most = 4, telling_m = 2;
    const double x_m = now[0] - before[0], y_m = now[1] - before[1], step_m = hypot(x_m, y_m);

    e->bits += fmax(0, fmin(most, log2(M_PI * step_m / (4 * fmax(distance_m, beside_m)))));
    if (step_m < telling_m)
        return;
    const double to = atan2(y_m, x_m);
    e->turned += isnan(*heading) ? 0 : fabs(remainder(to - *heading, 2 * M_PI));
    e->steps++;
    *heading = to;
}

static void weigh(const struct track *t, const struct position_pair *points, size_t count, struct evidence *e)
{
    const double step_max_m = 600, nearest_m = 0.05;
    double before[2] = { 0, 0 }, heading = NAN;
    size_t joined = 0;

    for (size_t i = 0; i < count; i++) {
        struct track_place place;
        double now[2];
        track_map(t, points[i].longitude_deg, points[i].latitude_deg, &now[0], &now[1]);
        if (!track_nearest(t, now[0], now[1], TRACK_NEAR_M, &place) ||
            (joined > 0 && hypot(now[0] - before[0], now[1] - before[1]) > step_max_m))
            continue;
        if (joined++ > 0)
            weigh_step(e, before, now, place.distance_m, &heading);
        e->near += log2(TRACK_NEAR_M / fmax(place.distance_m, nearest_m));
        memcpy(before, now, sizeof before);
    }
    e->joined += joined;
    e->of += count;
}

/* To compare ways of writing and keys by: what is no path under a key turns about all the time. */
static double quality(const struct evidence *e)
{
    const double of_a_radian = 4;

    return e->near + e->bits - of_a_radian * e->turned;
}

static void weigh_under(const struct row_search *s, const struct layout *l, const uint64_t mask[2], struct evidence *e)
{
    struct position_pair points[ROWS_MAX];
    size_t count;

    if (points_on_globe(s, l, mask, points, &count))
        weigh(&s->track->track, points, count, e);
}

static void keep(struct row_search *s, const struct solved *solved)
{
    size_t i = s->solved_count < SOLVED_MAX ? s->solved_count++ : SOLVED_MAX - 1;

    if (i == SOLVED_MAX - 1 && s->solved_count == SOLVED_MAX && s->solved[i].track && s->solved[i].quality >= solved->quality)
        return;
    for (; i > 0 && s->solved[i - 1].quality < solved->quality; i--)
        s->solved[i] = s->solved[i - 1];
    s->solved[i] = *solved;
}

/* What one step of a byte of a latitude is, byte 0 being the lowest. */
static double step_m(const struct track *t, enum number_kind kind, unsigned byte)
{
    const double here = t->points[0].latitude_deg,
        other = number_degrees(kind, number_raw(kind, here) ^ UINT64_C(1) << 8 * byte);

    return fabs(other - here) < 180 ? fabs(other - here) * METRES_PER_DEG : INFINITY;
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* From row to row a number mostly changes by what an aircraft flies; or not at all. */
static bool steps_fit(const struct row_search *s, enum number_kind kind, const uint64_t differences[ROWS_MAX])
{
    const double most_m = 250;
    int bits[ROWS_MAX];

    for (size_t n = 1; n < s->rows->count; n++) {
        const uint64_t turned = differences[n] ^ differences[n - 1];
        bits[n - 1] = turned ? 64 - __builtin_clzll(turned) : 0;
    }
    qsort(bits, s->rows->count - 1, sizeof *bits, compare_ints);
    return ldexp(s->byte_m[kind][0], bits[(s->rows->count - 1) / 2] - 1) <= most_m;
}

/* Whether what the rows say goes some way, wherever it begins: what does not is on the path anywhere. */
static bool moves_about(struct row_search *s, const struct layout *l)
{
    const double least_m = 40, most_m = 20000;
    const size_t place = s->place_count / 2;
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    struct position_pair points[ROWS_MAX];
    double x_m, y_m, low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    size_t count;

    if (!points_on_globe(s, l, mask, points, &count) || !both_change(points, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        track_map(&s->track->track, points[i].longitude_deg, points[i].latitude_deg, &x_m, &y_m);
        low[0] = fmin(low[0], x_m);
        high[0] = fmax(high[0], x_m);
        low[1] = fmin(low[1], y_m);
        high[1] = fmax(high[1], y_m);
    }
    const double across_m = hypot(high[0] - low[0], high[1] - low[1]);
    return across_m >= least_m && across_m <= most_m;
}

/* Whether the first position is better here than at the best place so far. */
static bool follow(struct row_search *s, const struct layout *l, size_t place, struct solved *best)
{
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    struct evidence e = { .near = 0 };

    s->followed++;
    weigh_under(s, l, mask, &e);
    if (e.of < ROWS_MIN || e.joined * 4 < e.of * 3 || e.steps * 4 < e.of || quality(&e) <= best->quality * (double)e.of)
        return false;
    best->quality = quality(&e) / (double)e.of;
    memcpy(best->mask, mask, sizeof mask);
    return true;
}

/* Makes ready what is asked of each place; false: no position can be so written there. */
static bool begin_layout(struct row_search *s, const struct layout *l, size_t anchor)
{
    const struct rows *r = s->rows;

    for (int which = 0; which < 2; which++) {
        const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);
        if (place + l->width > r->len[anchor])
            return false;
        s->at_first[which] = value_at(r->at[anchor] + place, l->width, l->big_endian);
    }
    for (size_t n = 0; n < r->count; n++)
        for (int which = 0; which < 2; which++) {
            const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);
            const bool there = place + l->width <= r->len[n];
            const uint64_t value = there ? value_at(r->at[n] + place, l->width, l->big_endian) : s->at_first[which];
            s->differences[which][n] = value ^ s->at_first[which];
        }
    return steps_fit(s, l->kind, s->differences[0]) && steps_fit(s, l->kind, s->differences[1]) && moves_about(s, l);
}

/* The best of the places that may be the first one. */
static void follow_places(struct row_search *s, const struct layout *l, const uint16_t *passed, size_t count,
                          uint8_t key_len)
{
    const size_t apart = count / FOLLOWED_EACH + 1;
    struct solved best = { .layout = *l, .track = s->track, .key_len = key_len };
    size_t best_place = 0;

    /* Some of many, and then what lies around the best of them. */
    for (size_t i = 0; i < count; i += apart)
        if (follow(s, l, passed[i], &best))
            best_place = i;
    for (size_t i = best_place > apart ? best_place - apart : 0; apart > 1 && i < count && i < best_place + apart; i++)
        (void)follow(s, l, passed[i], &best);
    if (best.quality > 0)
        keep(s, &best);
}

/* Bytes of both numbers, each of which tells the track's area, under one byte of the key. */
struct ties {
    size_t count;
    struct {
        uint8_t which[2], shift[2];
    } of[TIES_MAX];
};

static size_t column_of(const struct layout *l, int which, unsigned byte, size_t key_len)
{
    const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);

    return (place + (l->big_endian ? l->width - 1u - byte : byte)) % key_len;
}

static void find_ties(const struct row_search *s, const struct layout *l, size_t key_len, struct ties *t)
{
    t->count = 0;
    for (unsigned a = 0; a < 2u * l->width; a++)
        for (unsigned b = a + 1; b < 2u * l->width && t->count < TIES_MAX; b++) {
            const unsigned which[2] = { a / l->width, b / l->width }, byte[2] = { a % l->width, b % l->width };
            if (s->byte_m[l->kind][byte[0]] < SURE_M || s->byte_m[l->kind][byte[1]] < SURE_M ||
                column_of(l, (int)which[0], byte[0], key_len) != column_of(l, (int)which[1], byte[1], key_len))
                continue;
            for (int k = 0; k < 2; k++) {
                t->of[t->count].which[k] = (uint8_t)which[k];
                t->of[t->count].shift[k] = (uint8_t)(8 * byte[k]);
            }
            t->count++;
        }
}

static bool ties_hold(const struct row_search *s, const struct layout *l, const struct ties *t, size_t place)
{
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    bool hold = true;

    for (size_t i = 0; i < t->count && hold; i++)
        hold = (uint8_t)(mask[t->of[i].which[0]] >> t->of[i].shift[0]) ==
            (uint8_t)(mask[t->of[i].which[1]] >> t->of[i].shift[1]);
    return hold;
}

static bool length_fits(const struct rows *r, size_t key_len)
{
    return key_len <= XOR_KEY_MAX && (r->period == 0 || r->period % key_len == 0);
}

/* Keys that both numbers tell twice; true: there are others, too. */
static bool try_tied(struct row_search *s, const struct layout *l)
{
    uint16_t passed[PLACES_MAX];
    bool others = false;

    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
        struct ties ties;
        size_t count = 0;
        if (!length_fits(s->rows, key_len))
            continue;
        find_ties(s, l, key_len, &ties);
        others |= ties.count < TIES_MIN;
        for (size_t place = 0; ties.count >= TIES_MIN && place < s->place_count; place++)
            if (ties_hold(s, l, &ties, place) && glance(s, l, place))
                passed[count++] = (uint16_t)place;
        if (count)
            follow_places(s, l, passed, count, (uint8_t)key_len);
    }
    return others;
}

/* What is told twice at once, by two of the rows: one may lie beside the path so that none of its places will do; the
 * rest has to wait. */
static void try_layout(struct row_search *s, const struct layout *l)
{
    bool waits = false;
    size_t count = 0;

    for (int second = 1; second >= 0; second--) {
        if (!begin_layout(s, l, second ? s->rows->count / 2 : 0))
            return;
        waits = try_tied(s, l);
    }
    for (size_t place = 0; waits && place < s->place_count && s->trials < s->trials_max; place++) {
        s->trials++;
        count += glance(s, l, place);
    }
    if (count && s->waiting_count < WAITING_MAX)
        s->waiting[s->waiting_count++] = (struct waiting){ *l, (uint8_t)s->track_number, (uint16_t)count };
}

static int compare_passed(const void *a, const void *b)
{
    return ((const struct waiting *)a)->passed - ((const struct waiting *)b)->passed;
}

static int compare_track(const void *a, const void *b)
{
    const struct waiting *one = a, *other = b;

    return one->track != other->track ? one->track - other->track : (int)one->layout.kind - (int)other->layout.kind;
}

static void begin_track(struct row_search *s, size_t number);
static void begin_kind(struct row_search *s, enum number_kind kind);

static void try_waiting(struct row_search *s)
{
    const size_t count_tried = s->waiting_count < WAITING_TRIED ? s->waiting_count : WAITING_TRIED;

    s->followed = 0;
    qsort(s->waiting, s->waiting_count, sizeof *s->waiting, compare_passed);
    qsort(s->waiting, count_tried, sizeof *s->waiting, compare_track);
    for (size_t i = 0; i < count_tried && s->followed < FOLLOWED_MAX; i++) {
        const struct layout *l = &s->waiting[i].layout;
        uint16_t passed[PLACES_MAX];
        size_t count = 0;
        begin_track(s, s->waiting[i].track);
        begin_kind(s, l->kind);
        for (int second = 1; second >= 0; second--) {
            count = 0;
            if (!begin_layout(s, l, second ? s->rows->count / 2 : 0))
                break;
            for (size_t place = 0; place < s->place_count; place++)
                if (glance(s, l, place))
                    passed[count++] = (uint16_t)place;
            follow_places(s, l, passed, count, 0);
        }
    }
}

static void try_places(struct row_search *s, enum number_kind kind, bool big_endian, bool longitude_first)
{
    const unsigned width = number_formats[kind].width;

    for (size_t place = 0; place < s->rows->places; place++) {
        if (!may_be_number(s->rows, place, width, big_endian))
            continue;
        for (unsigned gap = 0; gap <= GAP_MAX && place + 2 * width + gap <= s->rows->places + width; gap++)
            if (may_be_number(s->rows, place + width + gap, width, big_endian))
                try_layout(s, &(struct layout){ kind, (uint8_t)width, (uint8_t)gap, (uint8_t)place, big_endian,
                                                longitude_first });
    }
}

static void begin_track(struct row_search *s, size_t number)
{
    if (s->near.bits && s->track_number == number)
        return;
    free(s->near.bits);
    s->track_number = number;
    s->track = &s->tracks->of[number];
    make_map(&s->track->track, &s->near);
    make_places(s);
    for (enum number_kind kind = 0; kind < NUMBER_FIXED_COUNT; kind++)
        for (unsigned byte = 0; byte < number_formats[kind].width; byte++)
            s->byte_m[kind][byte] = step_m(&s->track->track, kind, byte);
}

static void begin_kind(struct row_search *s, enum number_kind kind)
{
    for (size_t i = 0; i < s->place_count; i++) {
        s->raw[0][i] = number_raw(kind, s->latitudes[i]);
        s->raw[1][i] = number_raw(kind, s->longitudes[i]);
    }
}

static void try_track(struct row_search *s, size_t number)
{
    begin_track(s, number);
    for (enum number_kind kind = 0; kind < NUMBER_FIXED_COUNT; kind++) {
        begin_kind(s, kind);
        for (unsigned way = 0; way < 4; way++)
            try_places(s, kind, way & 1, way & 2);
    }
}

/* The key */

struct row_key {
    struct xor_key key;
    bool has[XOR_KEY_MAX];
    double tells_m[XOR_KEY_MAX];         /* what the least bit of the number's byte is that gave this one */
    unsigned agree;                      /* bytes that were given again */
    const struct solved *of[SOLVED_MAX];
    size_t count;
};

/* Adds what the numbers of one place of the row say; false: it does not agree, and *k is untouched. */
static bool add_solved(struct row_key *k, const struct solved *s)
{
    struct row_key now = *k;

    for (unsigned byte = s->layout.width; byte-- > 0;)
        for (int which = 0; which < 2; which++) {
            const double tells_m = step_m(&s->track->track, s->layout.kind, byte);
            const size_t column = column_of(&s->layout, which, byte, now.key.len);
            const uint8_t value = (uint8_t)(s->mask[which] >> 8 * byte);
            if (now.has[column] && now.tells_m[column] >= SURE_M && tells_m >= SURE_M) {
                if (now.key.bytes[column] != value)
                    return false;
                now.agree++;
            }
            if (now.has[column] && now.tells_m[column] >= tells_m)
                continue;
            now.has[column] = true;
            now.tells_m[column] = tells_m;
            now.key.bytes[column] = value;
        }
    now.of[now.count++] = s;
    *k = now;
    return true;
}

static bool same_writing(const struct solved *a, const struct solved *b)
{
    return a->key_len == b->key_len && a->track == b->track && a->layout.kind == b->layout.kind && a->layout.gap == b->layout.gap &&
        a->layout.big_endian == b->layout.big_endian && a->layout.longitude_first == b->layout.longitude_first;
}

/* Of a length, the key that agrees with the best way of writing, wherever in the row it stands. */
static bool key_as_long(const struct row_search *s, const struct solved *best, size_t key_len, struct row_key *k)
{
    *k = (struct row_key){ .key.len = key_len };
    if (!add_solved(k, best))
        return false;
    /* What is the same in all records is so at all places of the row: that they agree tells nothing. */
    const unsigned agree = k->agree;
    for (size_t i = 0; i < s->solved_count; i++)
        if (&s->solved[i] != best && same_writing(&s->solved[i], best) && s->solved[i].quality * 2 >= best->quality)
            (void)add_solved(k, &s->solved[i]);
    k->agree = agree;
    return true;
}

static void masks_of(const struct row_key *k, const struct solved *s, uint64_t mask[2])
{
    for (int which = 0; which < 2; which++) {
        mask[which] = 0;
        for (unsigned byte = s->layout.width; byte-- > 0;)
            mask[which] = mask[which] << 8 | k->key.bytes[column_of(&s->layout, which, byte, k->key.len)];
    }
}

static double quality_of_key(struct row_search *s, const struct row_key *k)
{
    struct evidence e = { .near = 0 };

    for (size_t i = 0; i < k->count; i++) {
        uint64_t mask[2];
        masks_of(k, k->of[i], mask);
        s->track = k->of[i]->track;
        weigh_under(s, &k->of[i]->layout, mask, &e);
    }
    return quality(&e);
}

struct row_votes {
    uint16_t of[XOR_KEY_MAX][256], all[XOR_KEY_MAX];
};

/* What each byte of the key would be, were the point of the path sent in the row. */
static void vote_for_point(const struct row_search *s, const struct solved *solved, const struct row_key *k, size_t row,
                           const struct track_point *point, struct row_votes *votes)
{
    const struct layout *l = &solved->layout;
    const double degrees[2] = { point->latitude_deg, point->longitude_deg };

    for (int which = 0; which < 2; which++) {
        const uint8_t *at = s->rows->at[row] + l->place + (which ? (size_t)l->width + l->gap : 0);
        const uint64_t mask = value_at(at, l->width, l->big_endian) ^
            number_raw(l->kind, degrees[which != l->longitude_first]);
        for (unsigned byte = 0; byte < l->width; byte++) {
            const size_t column = column_of(&solved->layout, which, byte, k->key.len);
            if (k->tells_m[column] >= SURE_M)
                continue;
            votes->of[column][(uint8_t)(mask >> 8 * byte)]++;
            votes->all[column]++;
        }
    }
}

static void vote_in_rows(struct row_search *s, const struct solved *solved, const struct row_key *k,
                         struct row_votes *votes)
{
    enum { AROUND = 8 };
    const struct track *t = &solved->track->track;
    struct position_pair points[ROWS_MAX];
    struct track_place place;
    uint64_t mask[2];
    double x_m, y_m;

    masks_of(k, solved, mask);
    const size_t count = points_under(s, &solved->layout, mask, points);
    for (size_t n = 0; n < count; n++) {
        if (!on_globe(points[n].latitude_deg, points[n].longitude_deg))
            continue;
        track_map(t, points[n].longitude_deg, points[n].latitude_deg, &x_m, &y_m);
        if (!track_nearest(t, x_m, y_m, TRACK_NEAR_M, &place))
            continue;
        for (uint32_t i = place.segment > AROUND ? place.segment - AROUND : 0;
             i < t->count && i <= place.segment + AROUND; i++)
            if (hypot(t->x_m[i] - x_m, t->y_m[i] - y_m) <= TRACK_NEAR_M)
                vote_for_point(s, solved, k, n, &t->points[i], votes);
    }
}

/* Who sends what was logged sends points of the path: of these each byte of the key comes often. */
static void settle_by_points(struct row_search *s, struct row_key *k, bool settled[XOR_KEY_MAX])
{
    enum { VOTES_MIN = 5, CHANCE_TIMES = 4 };
    struct row_votes votes = { .all = { 0 } };

    for (size_t i = 0; i < k->count; i++)
        vote_in_rows(s, k->of[i], k, &votes);
    for (size_t column = 0; column < k->key.len; column++) {
        unsigned most = 0;
        for (unsigned v = 1; v < 256; v++)
            if (votes.of[column][v] > votes.of[column][most])
                most = v;
        const unsigned least = CHANCE_TIMES * votes.all[column] / 256;
        settled[column] = votes.of[column][most] >= VOTES_MIN && votes.of[column][most] > least;
        if (settled[column])
            k->key.bytes[column] = (uint8_t)most;
    }
}

/* Bytes that the first position does not tell for sure: as points of the path have them, or so that all keep nearest
 * to it. */
static void settle(struct row_search *s, struct row_key *k)
{
    bool settled[XOR_KEY_MAX];

    settle_by_points(s, k, settled);
    const double gain_min = 0.5;
    double best = quality_of_key(s, k);

    for (int round = 0; round < 2; round++)
        for (size_t column = 0; column < k->key.len; column++) {
            if (!k->has[column] || settled[column] || k->tells_m[column] >= SURE_M ||
                k->tells_m[column] < TELLING_M)
                continue;
            const uint8_t before = k->key.bytes[column];
            uint8_t value = before;
            for (unsigned v = 1; v < 256; v++) {
                k->key.bytes[column] = before ^ (uint8_t)v;
                const double like = quality_of_key(s, k);
                if (like <= best + gain_min)
                    continue;
                best = like;
                value = k->key.bytes[column];
            }
            k->key.bytes[column] = value;
        }
}

/* Of bytes that no number stands over: what comes most often is a zero. */
static void fill(const struct rows *r, struct row_key *k)
{
    for (size_t column = 0; column < k->key.len; column++) {
        uint16_t seen[256] = { 0 };
        if (k->has[column])
            continue;
        for (size_t n = 0; n < r->count; n++)
            for (size_t i = column; i < r->len[n] && i < (r->period ? r->period : ROW_MAX); i += k->key.len)
                seen[r->at[n][i]]++;
        for (unsigned v = 0; v < 256; v++)
            if (seen[v] > seen[k->key.bytes[column]])
                k->key.bytes[column] = (uint8_t)v;
    }
}

/* Positions that are points of the path to the last digit. */
static bool is_exact(const struct track *t, enum number_kind kind, const struct position_pair *point)
{
    enum { AROUND = 8 };
    const double slack_deg = number_precision_deg(kind, point->longitude_deg) * 1.5 + 1e-9;
    struct track_place place;
    double x_m, y_m;

    track_map(t, point->longitude_deg, point->latitude_deg, &x_m, &y_m);
    if (!track_nearest(t, x_m, y_m, TRACK_AT_M, &place))
        return false;
    for (uint32_t i = place.segment > AROUND ? place.segment - AROUND : 0; i < t->count && i <= place.segment + AROUND;
         i++)
        if (fabs(t->points[i].latitude_deg - point->latitude_deg) <= slack_deg &&
            fabs(t->points[i].longitude_deg - point->longitude_deg) <= slack_deg)
            return true;
    return false;
}

static size_t exact_points(struct row_search *s, const struct row_key *k)
{
    size_t exact = 0;

    for (size_t i = 0; i < k->count; i++) {
        struct position_pair points[ROWS_MAX];
        uint64_t mask[2];
        size_t count;
        masks_of(k, k->of[i], mask);
        if (!points_on_globe(s, &k->of[i]->layout, mask, points, &count))
            continue;
        for (size_t n = 0; n < count; n++)
            exact += is_exact(&k->of[i]->track->track, k->of[i]->layout.kind, &points[n]);
    }
    return exact;
}

/* Another flight, elsewhere, of the same shape: which one it was cannot be told. */
static bool fits_another(const struct row_search *s, const struct solved *best)
{
    const double nearly = 0.75;
    const struct geo_box *box = &best->track->track.box;

    for (size_t i = 0; i < s->solved_count; i++) {
        const struct track *t = &s->solved[i].track->track;
        if (s->solved[i].quality >= nearly * best->quality &&
            !geo_box_contains(box, t->points[0].longitude_deg, t->points[0].latitude_deg) &&
            !geo_box_contains(&t->box, best->track->track.points[0].longitude_deg,
                              best->track->track.points[0].latitude_deg))
            return true;
    }
    return false;
}

/* Whether it can be no accident.  What is no path wanders about under any key; what has the points of the path to the
 * last digit is it; else the area must be told by more than one byte, or the steps tell enough, and a turn. */
static bool is_sure(struct row_search *s, const struct row_key *k)
{
    enum { AGREE_MIN = 3 };
    const double turned_min = M_PI / 3, turns_a_step = 0.7, near_min = 3.5, steps_bits_min = 70, agree_bits = 8;
    const size_t exact = exact_points(s, k);
    struct evidence e = { .bits = 0 };

    for (size_t i = 0; i < k->count; i++) {
        struct position_pair points[ROWS_MAX];
        uint64_t mask[2];
        size_t count;
        masks_of(k, k->of[i], mask);
        s->track = k->of[i]->track;
        if (points_on_globe(s, &k->of[i]->layout, mask, points, &count))
            weigh(&s->track->track, points, count, &e);
    }
    if (e.of < ROWS_MIN || e.joined * 8 < e.of * 7 || !xor_is_key(&k->key))
        return false;
    if (exact * 4 >= e.of * 3)
        return e.turned <= 2 * turns_a_step * (double)e.steps;
    if (e.turned < turned_min || e.turned > turns_a_step * (double)e.steps || e.near < near_min * (double)e.of)
        return false;
    return k->agree >= AGREE_MIN ? e.bits + agree_bits * k->agree >= log2((double)s->followed + 1) + SURE_BITS :
        e.bits >= steps_bits_min && !fits_another(s, k->of[0]);
}

static bool is_exact_key(struct row_search *s, const struct row_key *k)
{
    size_t of = 0;

    for (size_t i = 0; i < k->count; i++)
        of += s->rows->count;
    return exact_points(s, k) * 2 >= of;
}

/* Of all lengths and ways of writing the one under which the positions keep nearest to the path, for the bytes that
 * the key has. */
static bool best_key(struct row_search *s, struct row_key *best)
{
    const double bits_a_byte = 8, bits_of_exact = 4;
    double most = 0;

    for (size_t i = 0; i < s->solved_count && i < SEEDS_MAX; i++)
        for (size_t len = 1; len <= XOR_KEY_MAX; len++) {
            bool settled[XOR_KEY_MAX];
            struct row_key now;
            const struct solved *seed = &s->solved[i];
            if (!length_fits(s->rows, len) || (seed->key_len && seed->key_len != len) ||
                !key_as_long(s, seed, len, &now))
                continue;
            settle_by_points(s, &now, settled);
            const double alone = quality_of_key(s, &now);
            if (alone <= 0)
                continue;
            const double like = alone + bits_of_exact * (double)exact_points(s, &now) +
                bits_a_byte * ((double)now.agree - (double)len);
            if (like <= most)
                continue;
            most = like;
            *best = now;
        }
    return most > 0;
}

static bool take_best(struct row_search *s, struct xor_key *key, bool *ret_exact)
{
    struct row_key best;

    *ret_exact = false;
    if (!best_key(s, &best))
        return false;
    *ret_exact = is_exact_key(s, &best);
    settle(s, &best);
    fill(s->rows, &best);
    if (!is_sure(s, &best))
        return false;
    *key = best.key;
    key->chosen_bytes = (uint8_t)key->len;
    return true;
}

static bool key_of_rows(const struct xor_known *known, const struct rows *r, struct xor_key *key, bool *ret_exact)
{
    struct row_search *s = memory_alloc_array(1, sizeof *s);
    const size_t tracks = known->tracks->count < TRACKS_MAX ? known->tracks->count : TRACKS_MAX;

    s->rows = r;
    s->tracks = known->tracks;
    for (size_t t = 0; t < tracks; t++) {
        s->trials_max = TRIALS_MAX / tracks * (t + 1);
        if (known->tracks->of[t].track.path && known->tracks->of[t].track.count > 1)
            try_track(s, t);
    }
    bool sure = take_best(s, key, ret_exact);
    if (!*ret_exact && s->waiting_count) {
        try_waiting(s);
        sure = take_best(s, key, ret_exact);
    }
    free(s->near.bits);
    free(s);
    return sure;
}

bool xor_key_by_rows(const struct xor_known *known, const struct xor_sample *sample, struct xor_key *key,
                     bool *ret_exact)
{
    size_t periods[2];
    struct rows rows;
    const size_t count = xor_likely_records(sample, ROW_MAX, periods, sizeof periods / sizeof *periods);

    for (size_t i = 0; i < count; i++) {
        rows_of_period(sample, periods[i], &rows);
        if (rows.count >= ROWS_MIN && key_of_rows(known, &rows, key, ret_exact))
            return true;
    }
    if (count > 0)
        return false;
    rows_of_messages(sample, &rows);
    return rows.count >= ROWS_MIN && key_of_rows(known, &rows, key, ret_exact);
}
