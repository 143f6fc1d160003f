#include "story/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"

#define METRES_PER_DEGREE 111194.93

enum { COMPARE_MAX = 1024, SHIFT_POINTS = 96, GAP_S = 10, GAP_BINS = 4 };

int64_t time_add(int64_t a_ns, int64_t b_ns)
{
    int64_t sum;

    if (!__builtin_add_overflow(a_ns, b_ns, &sum))
        return sum;
    return b_ns > 0 ? INT64_MAX : INT64_MIN + 1;
}

double time_between_s(int64_t from_ns, int64_t to_ns)
{
    int64_t ns;

    /* The difference first: a double does not hold today's nanoseconds exactly. */
    if (__builtin_sub_overflow(to_ns, from_ns, &ns))
        ns = to_ns > from_ns ? INT64_MAX : INT64_MIN;
    return (double)ns / (double)NS_PER_S;
}

int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double place_distance_m(double longitude_a_deg, double latitude_a_deg, double longitude_b_deg, double latitude_b_deg)
{
    double east = longitude_b_deg - longitude_a_deg;

    if (fabs(east) > 180)
        east = 360 - fabs(east);
    east *= cos((latitude_a_deg + latitude_b_deg) / 2 * M_PI / 180);
    return METRES_PER_DEGREE * hypot(east, latitude_b_deg - latitude_a_deg);
}

void timeline_init(struct timeline *t, size_t limit)
{
    *t = (struct timeline){ .limit = limit, .bin_ns = TIMELINE_BIN_FIRST_MS * (NS_PER_S / 1000) };
}

void timeline_done(struct timeline *t)
{
    free(t->at);
    t->at = NULL;
    t->count = t->room = 0;
}

static int by_time(const void *a, const void *b)
{
    const struct timeline_sample *x = a, *y = b;

    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    if (x->latitude_deg != y->latitude_deg)
        return x->latitude_deg < y->latitude_deg ? -1 : 1;
    return (x->longitude_deg > y->longitude_deg) - (x->longitude_deg < y->longitude_deg);
}

/* Keeps the first sample of each bin, with bins counted from 1970, so that it does not matter where a track begins. */
static void thin(struct timeline *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->count; i++)
        if (kept == 0 || t->at[i].time_ns / t->bin_ns != t->at[kept - 1].time_ns / t->bin_ns)
            t->at[kept++] = t->at[i];
    t->count = kept;
}

/* Room for twice the limit, so that thinning is rare. */
void timeline_add(struct timeline *t, struct timeline_sample s)
{
    if (t->count == 2 * t->limit) {
        qsort(t->at, t->count, sizeof *t->at, by_time);
        for (thin(t); t->count > t->limit && t->bin_ns < INT64_MAX / 2; thin(t))
            t->bin_ns *= 2;
        if (t->count > t->limit)
            t->count = t->limit;
    }
    if (t->count > 0 && t->at[t->count - 1].time_ns / t->bin_ns == s.time_ns / t->bin_ns &&
        s.time_ns >= t->at[t->count - 1].time_ns)
        return;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 16;
        t->at = memory_resize_array(t->at, t->room, sizeof *t->at);
    }
    t->at[t->count++] = s;
}

void timeline_end(struct timeline *t)
{
    if (t->count == 0)
        return;
    qsort(t->at, t->count, sizeof *t->at, by_time);
    for (thin(t); t->count > t->limit && t->bin_ns < INT64_MAX / 2; thin(t))
        t->bin_ns *= 2;
}

int64_t timeline_gap_ns(const struct timeline *t)
{
    const int64_t bins = t->bin_ns < INT64_MAX / GAP_BINS ? GAP_BINS * t->bin_ns : INT64_MAX;

    return bins > GAP_S * NS_PER_S ? bins : GAP_S * NS_PER_S;
}

/* The first sample at or after the time; count when there is none. */
static size_t first_from(const struct timeline *t, int64_t time_ns)
{
    size_t low = 0, high = t->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->at[middle].time_ns < time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool timeline_at(const struct timeline *t, int64_t time_ns, struct timeline_sample *ret)
{
    const size_t next = first_from(t, time_ns);

    if (next == t->count)
        return false;
    const struct timeline_sample *b = &t->at[next];
    if (b->time_ns == time_ns) {
        *ret = *b;
        return true;
    }
    if (next == 0)
        return false;
    const struct timeline_sample *a = b - 1;
    const double whole_s = time_between_s(a->time_ns, b->time_ns);
    if (whole_s * (double)NS_PER_S > (double)timeline_gap_ns(t))
        return false;
    const double part = time_between_s(a->time_ns, time_ns) / whole_s;
    double east = b->longitude_deg - a->longitude_deg;
    if (fabs(east) > 180) /* over the date line */
        east -= copysign(360, east);
    *ret = (struct timeline_sample){ time_ns, a->longitude_deg + part * east,
                                     a->latitude_deg + part * (b->latitude_deg - a->latitude_deg),
                                  a->altitude_m + part * (b->altitude_m - a->altitude_m) };
    return true;
}

/* Which of b's samples are compared: only those that lie in both, so that a short track beside a long one is compared
 * in full; of too many every so-manieth. */
struct compared {
    const struct timeline *a, *b;
    int64_t shift_ns;
    size_t from, all, points;
};

static struct compared compared_of(const struct timeline *a, const struct timeline *b, int64_t shift_ns,
                                   size_t points_max)
{
    struct compared c = { .a = a, .b = b, .shift_ns = shift_ns };

    if (a->count == 0 || b->count == 0)
        return c;
    const int64_t back = time_add(0, shift_ns == INT64_MIN ? INT64_MAX : -shift_ns);
    c.from = first_from(b, time_add(a->at[0].time_ns, back));
    const size_t to = first_from(b, time_add(time_add(a->at[a->count - 1].time_ns, back), 1));
    if (points_max > COMPARE_MAX)
        points_max = COMPARE_MAX;
    c.all = to > c.from ? to - c.from : 0;
    c.points = c.all < points_max ? c.all : points_max;
    return c;
}

/* The nth of them, and where a has the aircraft then. */
static bool compared_pair(const struct compared *c, size_t nth, const struct timeline_sample **of_b,
                          struct timeline_sample *of_a)
{
    *of_b = &c->b->at[c->from + (c->points == c->all ? nth : nth * c->all / c->points)];
    return timeline_at(c->a, time_add((*of_b)->time_ns, c->shift_ns), of_a);
}

struct timeline_fit timeline_compare(const struct timeline *a, const struct timeline *b, int64_t shift_ns,
                                     size_t points_max)
{
    const struct compared c = compared_of(a, b, shift_ns, points_max);
    struct timeline_fit fit = { 0, NAN, NAN, NAN };
    double apart[COMPARE_MAX], higher[COMPARE_MAX];
    size_t heights = 0;

    for (size_t i = 0; i < c.points; i++) {
        const struct timeline_sample *s;
        struct timeline_sample there;
        if (!compared_pair(&c, i, &s, &there))
            continue;
        apart[fit.points++] = place_distance_m(there.longitude_deg, there.latitude_deg, s->longitude_deg,
                                               s->latitude_deg);
        if (!isnan(s->altitude_m) && !isnan(there.altitude_m))
            higher[heights++] = s->altitude_m - there.altitude_m;
    }
    if (fit.points) {
        qsort(apart, fit.points, sizeof *apart, compare_reals);
        fit.median_m = apart[fit.points / 2];
        fit.far_m = apart[fit.points * 95 / 100];
    }
    if (heights) {
        qsort(higher, heights, sizeof *higher, compare_reals);
        fit.higher_m = higher[heights / 2];
    }
    return fit;
}

struct timeline_heights timeline_compare_heights(const struct timeline *a, const struct timeline *b, int64_t shift_ns,
                                                 size_t points_max)
{
    const struct compared c = compared_of(a, b, shift_ns, points_max);
    struct timeline_heights fit = { 0, NAN, NAN, NAN };
    double higher[COMPARE_MAX];

    for (size_t i = 0; i < c.points; i++) {
        const struct timeline_sample *s;
        struct timeline_sample there;
        if (compared_pair(&c, i, &s, &there) && !isnan(s->altitude_m) && !isnan(there.altitude_m))
            higher[fit.points++] = s->altitude_m - there.altitude_m;
    }
    if (fit.points == 0)
        return fit;
    qsort(higher, fit.points, sizeof *higher, compare_reals);
    fit.higher_m = higher[fit.points / 2];
    for (size_t i = 0; i < fit.points; i++)
        higher[i] = fabs(higher[i] - fit.higher_m);
    qsort(higher, fit.points, sizeof *higher, compare_reals);
    fit.half_m = higher[fit.points / 2];
    fit.far_m = higher[fit.points * 95 / 100];
    return fit;
}

/* Shifts are tried outwards from the middle; a later one must be better by a tenth and by 0.2 m. */
static int64_t search_shift(const struct timeline *a, const struct timeline *b, int64_t middle_ns, int64_t range_ns,
                            int64_t step_ns)
{
    const size_t usual = timeline_compare(a, b, middle_ns, SHIFT_POINTS).points;
    int64_t best = middle_ns;
    double best_m = INFINITY;

    for (int64_t away = 0; away <= range_ns; away += step_ns)
        for (int sign = 1; sign >= (away ? -1 : 1); sign -= 2) {
            const struct timeline_fit fit = timeline_compare(a, b, middle_ns + sign * away, SHIFT_POINTS);
            if (fit.points < 3 || 2 * fit.points < usual || !(fit.median_m < 0.9 * best_m - 0.2))
                continue;
            best = middle_ns + sign * away;
            best_m = fit.median_m;
        }
    return best;
}

int64_t timeline_best_shift(const struct timeline *a, const struct timeline *b, int64_t range_ns)
{
    return search_shift(a, b, search_shift(a, b, 0, range_ns, NS_PER_S), NS_PER_S, NS_PER_S / 10);
}

double timeline_extent_m(const struct timeline *t, int64_t from_ns, int64_t to_ns)
{
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;

    for (size_t i = first_from(t, from_ns); i < t->count && t->at[i].time_ns <= to_ns; i++) {
        west = fmin(west, t->at[i].longitude_deg);
        east = fmax(east, t->at[i].longitude_deg);
        south = fmin(south, t->at[i].latitude_deg);
        north = fmax(north, t->at[i].latitude_deg);
    }
    return west <= east ? place_distance_m(west, south, east, north) : 0;
}
