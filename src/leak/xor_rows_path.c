/* The path that records may lie along: where it goes, and how well positions follow it. */
#include "leak/xor_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PLACES_APART_M 4.0
#define CELL_M 8.0
#define METRES_PER_DEG 111194.9

static void mark(struct near_map *m, double x_m, double y_m)
{
    const int64_t column = (int64_t)floor((x_m - m->west_m) / m->cell_m),
                  row = (int64_t)floor((y_m - m->south_m) / m->cell_m);

    for (int64_t r = row - 1; r <= row + 1; r++)
        for (int64_t c = column - 1; c <= column + 1; c++)
            if (r >= 0 && c >= 0 && r < m->rows && c < m->columns) {
                const size_t bit = (size_t)r * m->columns + (size_t)c;
                m->bits[bit >> 6] |= UINT64_C(1) << (bit & 63);
            }
}

bool near_map_has(const struct near_map *m, double x_m, double y_m)
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

double rows_step_m(const struct track *t, enum number_kind kind, unsigned byte)
{
    const double here = t->points[0].latitude_deg,
        other = number_degrees(kind, number_raw(kind, here) ^ UINT64_C(1) << 8 * byte);

    return fabs(other - here) < 180 ? fabs(other - here) * METRES_PER_DEG : INFINITY;
}

void rows_begin_track(struct row_search *s, size_t number)
{
    s->track = &s->tracks->of[number];
    if (s->near.bits && s->track_number == number)
        return;
    free(s->near.bits);
    s->track_number = number;
    make_map(&s->track->track, &s->near);
    make_places(s);
    for (enum number_kind kind = 0; kind < NUMBER_FIXED_COUNT; kind++)
        for (unsigned byte = 0; byte < number_formats[kind].width; byte++)
            s->byte_m[kind][byte] = rows_step_m(&s->track->track, kind, byte);
}

void rows_begin_kind(struct row_search *s, enum number_kind kind)
{
    for (size_t i = 0; i < s->place_count; i++) {
        s->raw[0][i] = number_raw(kind, s->latitudes[i]);
        s->raw[1][i] = number_raw(kind, s->longitudes[i]);
    }
}

/* Positions */

uint64_t rows_value(const uint8_t *at, unsigned width, bool big_endian)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value = value << 8 | at[big_endian ? i : width - 1 - i];
    return value;
}

size_t rows_column(const struct layout *l, int which, unsigned byte, size_t key_len)
{
    const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);

    return (place + (l->big_endian ? l->width - 1u - byte : byte)) % key_len;
}

bool rows_length_fits(const struct rows *r, size_t key_len)
{
    return key_len <= XOR_KEY_MAX && (r->period == 0 || r->period % key_len == 0);
}

bool rows_on_globe(double latitude_deg, double longitude_deg)
{
    return fabs(latitude_deg) <= 90 && fabs(longitude_deg) <= 180; /* false for what is no number */
}

bool rows_points(const struct row_search *s, const struct layout *l, const uint64_t mask[2],
                 struct position_pair points[ROWS_MAX], uint8_t rows[ROWS_MAX], size_t *ret_count)
{
    const struct rows *r = s->rows;
    bool all = true;
    size_t count = 0;

    for (size_t n = 0; n < r->count; n++) {
        const size_t second = (size_t)l->place + l->width + l->gap;
        if (second + l->width > r->len[n])
            continue;
        const double a = number_degrees(l->kind, rows_value(r->at[n] + l->place, l->width, l->big_endian) ^ mask[0]),
            b = number_degrees(l->kind, rows_value(r->at[n] + second, l->width, l->big_endian) ^ mask[1]);
        rows[count] = (uint8_t)n;
        points[count] = (struct position_pair){ .latitude_deg = l->longitude_first ? b : a,
                                                .longitude_deg = l->longitude_first ? a : b };
        all &= rows_on_globe(points[count].latitude_deg, points[count].longitude_deg);
        count++;
    }
    *ret_count = count;
    return all;
}

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

double rows_quality(const struct evidence *e)
{
    const double of_a_radian = 4;

    return e->near + e->bits - of_a_radian * e->turned;
}

void rows_weigh(const struct row_search *s, const struct layout *l, const uint64_t mask[2], struct evidence *e)
{
    struct position_pair points[ROWS_MAX];
    uint8_t rows[ROWS_MAX];
    size_t count;

    if (rows_points(s, l, mask, points, rows, &count))
        weigh(&s->track->track, points, count, e);
}

