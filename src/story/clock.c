#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sorted.h"
#include "base/timestamp.h"
#include "story/join.h"

/* Sources whose clock has no zone, and photos: laid over the flights that have UTC. */

#define QUARTER_NS (15 * 60 * NS_PER_S)
enum { ZONE_FIRST = -48, ZONE_LAST = 56 }; /* quarter hours ahead of UTC */
enum { FLIGHTS_COMPARED_MAX = 2000, COVER_MARGIN_S = 60, DENSER = 2 };
enum { POINTS_MAX = 64, RESIDUAL_STEP_S = 2, CAMERA_CLOCK = 80, LOG_CLOCK = 90 /* of 100 points explained */ };

/* Flights in UTC, in the order of their beginnings. */
struct flights {
    struct joining *j;
    struct entry { int64_t from_ns, to_ns, latest_ns; size_t nth; } *at; /* latest: the latest end up to here */
    size_t count;
};

static int by_beginning(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->from_ns != y->from_ns)
        return x->from_ns < y->from_ns ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

/* Whether another source tells the same flight all the way and with far more positions: then a clock is found by that
 * one alone, for the other's own clock may be some seconds off. */
static bool is_covered(struct sources *s, const struct flights *f, size_t one)
{
    const struct source *x = &s->at[one];
    const int64_t margin_ns = COVER_MARGIN_S * NS_PER_S;

    for (size_t i = 0; i < f->count; i++) {
        const struct source *other = &s->at[f->at[i].nth];
        if (f->at[i].nth != one && other->track.count / DENSER >= x->track.count &&
            other->from_ns <= time_add(x->from_ns, margin_ns) &&
            other->to_ns >= time_add(x->to_ns, -margin_ns) && story_set(s, f->at[i].nth) == story_set(s, one))
            return true;
    }
    return false;
}

static void drop_covered(struct sources *s, struct flights *f)
{
    bool *drop = memory_alloc_array(f->count ? f->count : 1, sizeof *drop);
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++)
        drop[i] = is_covered(s, f, f->at[i].nth);
    for (size_t i = 0; i < f->count; i++)
        if (!drop[i])
            f->at[kept++] = f->at[i];
    f->count = kept;
    free(drop);
}

static struct flights flights_in_utc(struct joining *j)
{
    struct sources *s = j->s;
    struct flights f = { j, memory_alloc_array(s->count ? s->count : 1, sizeof *f.at), 0 };

    for (size_t i = 0; i < s->count; i++)
        if (!s->at[i].media && !s->at[i].local && fact_known_int(s->at[i].from_ns))
            f.at[f.count++] = (struct entry){ s->at[i].from_ns, s->at[i].to_ns, 0, i };
    if (f.count <= FLIGHTS_COMPARED_MAX)
        drop_covered(s, &f);
    qsort(f.at, f.count, sizeof *f.at, by_beginning);
    for (size_t i = 0; i < f.count; i++)
        f.at[i].latest_ns = i && f.at[i - 1].latest_ns > f.at[i].to_ns ? f.at[i - 1].latest_ns : f.at[i].to_ns;
    return f;
}

/* One behind the last flight that has begun by then; those before it are walked backwards while latest_ns says
 * that one of them may still be in the air. */
static size_t begun_by(const struct flights *f, int64_t time_ns)
{
    return sorted_until(&f->at->from_ns, f->count, sizeof *f->at, time_ns);
}

static bool any_between(const struct flights *f, int64_t from_ns, int64_t to_ns)
{
    const size_t n = begun_by(f, to_ns);

    return n > 0 && f->at[n - 1].latest_ns >= from_ns;
}

struct nearest { size_t flight; double apart_m; };

/* The flight that was nearest to the place then. */
static struct nearest nearest_flight(const struct flights *f, int64_t time_ns, const struct timeline_sample *place)
{
    struct nearest best = { 0, INFINITY };

    for (size_t i = begun_by(f, time_ns); i > 0 && f->at[i - 1].latest_ns >= time_ns; i--) {
        struct timeline_sample there;
        if (!timeline_at(&f->j->s->at[f->at[i - 1].nth].track, time_ns, &there))
            continue;
        const double apart_m = place_distance_m(there.longitude_deg, there.latitude_deg, place->longitude_deg,
                                                place->latitude_deg);
        if (apart_m < best.apart_m)
            best = (struct nearest){ f->at[i - 1].nth, apart_m };
    }
    return best;
}

/* One clock: that of a log, or of a camera. */
struct clock {
    struct timeline_sample points[POINTS_MAX];
    size_t count;
    int64_t from_ns, to_ns;        /* of all of its points */
};

/* mean_m counts what is not explained as STORY_CLOCK_M: while an aircraft hovers any offset fits, so that the median
 * alone may take one that is wrong wherever it moved. */
struct explained { size_t points; double median_m, mean_m; int64_t offset_ns; };

static struct explained explain(const struct flights *f, const struct clock *c, int64_t offset_ns)
{
    struct explained e = { 0, INFINITY, INFINITY, offset_ns };
    double apart[POINTS_MAX], sum_m = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct nearest n = nearest_flight(f, time_add(c->points[i].time_ns, offset_ns), &c->points[i]);
        if (n.apart_m <= STORY_CLOCK_M)
            apart[e.points++] = n.apart_m;
        sum_m += n.apart_m <= STORY_CLOCK_M ? n.apart_m : STORY_CLOCK_M;
    }
    if (e.points) {
        qsort(apart, e.points, sizeof *apart, compare_reals);
        e.median_m = apart[e.points / 2];
        e.mean_m = sum_m / (double)c->count;
    }
    return e;
}

static bool is_better(const struct explained *a, const struct explained *than)
{
    return a->points * 10 > than->points * 11 || (a->points * 11 >= than->points * 10 &&
                                                  a->mean_m < 0.8 * than->mean_m - 0.2);
}

/* The best offset of one zone.  A smaller residual wins unless a larger one is clearly better. */
static struct explained explain_in_zone(const struct flights *f, const struct clock *c, int64_t zone_ns)
{
    struct explained best = { 0, INFINITY, INFINITY, -zone_ns };

    for (int64_t away = 0; away <= STORY_CLOCK_RESIDUAL_S; away += RESIDUAL_STEP_S)
        for (int sign = 1; sign >= (away ? -1 : 1); sign -= 2) {
            const struct explained e = explain(f, c, -zone_ns + sign * away * NS_PER_S);
            if (is_better(&e, &best))
                best = e;
        }
    const int64_t middle_ns = best.offset_ns;
    for (int64_t tenth = -10 * RESIDUAL_STEP_S; tenth <= 10 * RESIDUAL_STEP_S && best.points; tenth++) {
        const struct explained e = explain(f, c, middle_ns + tenth * (NS_PER_S / 10));
        if (is_better(&e, &best))
            best = e;
    }
    return best;
}

/* Whole hours first, then half, then quarter hours. */
static int preference(int quarters) { return quarters % 4 == 0 ? 0 : quarters % 2 == 0 ? 1 : 2; }

/* The best offset, and the best in another zone. */
static struct explained find_offset(const struct flights *f, const struct clock *c, struct explained *ret_other)
{
    struct explained best = { 0, INFINITY, INFINITY, 0 };

    *ret_other = best;
    for (int wanted = 0; wanted < 3; wanted++)
        for (int zone = ZONE_FIRST; zone <= ZONE_LAST; zone++) {
            const int64_t margin_ns = STORY_CLOCK_RESIDUAL_S * NS_PER_S, zone_ns = zone * QUARTER_NS;
            if (preference(zone) != wanted || !any_between(f, time_add(c->from_ns, -zone_ns - margin_ns),
                                                           time_add(c->to_ns, margin_ns - zone_ns)))
                continue;
            const struct explained e = explain_in_zone(f, c, zone_ns);
            if (is_better(&e, &best)) {
                *ret_other = best;
                best = e;
            } else if (is_better(&e, ret_other)) {
                *ret_other = e;
            }
        }
    return best;
}

static bool holds(const struct explained *e, const struct clock *c, int of_100)
{
    return e->points * 100 >= c->count * (size_t)of_100 && e->points >= STORY_CLOCK_POINTS &&
        e->median_m <= STORY_PATH_M;
}

/* One offset must explain it, and no other nearly as well. */
static bool settle(struct flights *f, size_t one, const struct clock *c, int of_100, int64_t *ret_offset_ns)
{
    struct explained other, best = find_offset(f, c, &other);

    if (!holds(&best, c, of_100))
        return false;
    if (other.points * 10 >= best.points * 8 && is_rival(best.mean_m, other.mean_m)) {
        leave_undecided(f->j, one, one, "Not joined: its clock has no zone, and flights explain it with an offset of %.0f s as well as with %.0f s. "
                        "The time zone that the camera was set to would decide.", time_between_s(0, best.offset_ns),
                        time_between_s(0, other.offset_ns));
        return false;
    }
    *ret_offset_ns = best.offset_ns;
    return true;
}

static void take_points(struct clock *c, const struct timeline *t)
{
    c->count = t->count < POINTS_MAX ? t->count : POINTS_MAX;
    for (size_t i = 0; i < c->count; i++)
        c->points[i] = t->at[i * t->count / c->count];
    c->from_ns = t->count ? t->at[0].time_ns : 0;
    c->to_ns = t->count ? t->at[t->count - 1].time_ns : 0;
}

/* The flight that a log with a known offset belongs to: the nearest all the way. */
static void join_log(struct flights *f, size_t one)
{
    struct sources *s = f->j->s;
    struct source *x = &s->at[one];
    struct timeline_fit best = { 0, NAN, NAN, NAN };
    double other_m = INFINITY;
    size_t to = 0, other = 0;

    for (size_t i = begun_by(f, time_add(x->track.at[x->track.count - 1].time_ns, x->offset_ns));
         i > 0 && f->at[i - 1].latest_ns >= time_add(x->track.at[0].time_ns, x->offset_ns); i--) {
        const size_t nth = f->at[i - 1].nth;
        const struct timeline_fit fit = timeline_compare(&s->at[nth].track, &x->track, x->offset_ns, POINTS_MAX);
        if (fit.points < STORY_CLOCK_POINTS)
            continue;
        if (!(best.median_m <= fit.median_m)) {
            if (best.points && story_set(s, nth) != story_set(s, to))
                other_m = best.median_m, other = to;
            best = fit;
            to = nth;
        } else if (story_set(s, nth) != story_set(s, to) && fit.median_m < other_m) {
            other_m = fit.median_m, other = nth;
        }
    }
    if (best.points && best.median_m <= STORY_PATH_M && !is_rival(best.median_m, other_m))
        story_join(f->j, to, one, RULE_CLOCK, best);
    else if (best.points && best.median_m <= STORY_PATH_M)
        leave_undecided(f->j, one, to, "Not joined: it fits this flight (%.1f m apart) and %.*s (%.1f m) about equally well. A serial number "
                        "of the aircraft would decide.", best.median_m, (int)s->at[other].id.len, s->at[other].id.at, other_m);
    if (x->rule == RULE_NONE)
        x->offset_ns = FACT_UNKNOWN_INT;
}

static void join_local_logs(struct flights *f)
{
    struct sources *s = f->j->s;

    for (size_t i = 0; i < s->count; i++) {
        struct clock c;
        if (!s->at[i].local || s->at[i].track.count < STORY_CLOCK_POINTS || (s->at[i].media && s->at[i].points <= 1))
            continue;
        take_points(&c, &s->at[i].track);
        if (settle(f, i, &c, LOG_CLOCK, &s->at[i].offset_ns))
            join_log(f, i);
    }
}

/* Photos */

struct photo { struct text camera; int64_t time_ns; size_t nth; };

static int by_camera(const void *a, const void *b)
{
    const struct photo *x = a, *y = b;
    const int cameras = text_compare(x->camera, y->camera);

    if (cameras)
        return cameras;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

/* Photos of one camera have one clock. */
static void set_camera_clock(struct flights *f, const struct photo *photos, size_t count)
{
    struct sources *s = f->j->s;
    int64_t offset_ns;
    struct clock c;

    c.count = count < POINTS_MAX ? count : POINTS_MAX;
    c.from_ns = photos[0].time_ns;
    c.to_ns = photos[count - 1].time_ns;
    for (size_t i = 0; i < c.count; i++)
        c.points[i] = s->at[photos[i * count / c.count].nth].track.at[0];
    if (!settle(f, photos[0].nth, &c, CAMERA_CLOCK, &offset_ns))
        return;
    for (size_t i = 0; i < count; i++)
        s->at[photos[i].nth].offset_ns = offset_ns;
}

static void set_camera_clocks(struct flights *f)
{
    struct sources *s = f->j->s;
    struct photo *photos = memory_alloc_array(s->count ? s->count : 1, sizeof *photos);
    size_t count = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].media && s->at[i].local && s->at[i].points <= 1 && s->at[i].track.count == 1)
            photos[count++] = (struct photo){ s->at[i].camera, s->at[i].from_ns, i };
    if (count)
        qsort(photos, count, sizeof *photos, by_camera);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && text_equal(photos[end].camera, photos[i].camera); end++)
            ;
        set_camera_clock(f, &photos[i], end - i);
    }
    free(photos);
}

/* How far from the flight's path the photo was taken; NaN when the path does not tell.  Just before the first and
 * after the last position these count. */
static double apart_m(const struct source *log, const struct source *photo, int64_t time_ns)
{
    struct timeline_sample there;

    if (log->track.count < 2 || photo->track.count != 1)
        return NAN;
    const struct timeline_sample *first = &log->track.at[0], *last = &log->track.at[log->track.count - 1];
    if (time_ns < first->time_ns)
        there = *first;
    else if (time_ns > last->time_ns)
        there = *last;
    else if (!timeline_at(&log->track, time_ns, &there))
        return NAN;
    return place_distance_m(there.longitude_deg, there.latitude_deg, photo->track.at[0].longitude_deg,
                            photo->track.at[0].latitude_deg);
}

struct candidate { size_t flight; double apart_m; enum story_rule rule; };

/* Whether the photo was taken on this flight; rule NONE when not. */
static struct candidate photo_on(const struct sources *s, size_t flight, const struct source *photo, int64_t time_ns)
{
    const struct source *log = &s->at[flight];
    const int shared = sources_share_serial(s, log, photo);
    struct candidate c = { flight, apart_m(log, photo, time_ns), RULE_NONE };

    if (shared == 1)
        c.rule = RULE_SERIAL;
    else if (c.apart_m <= (shared == 0 ? STORY_PHOTO_OTHER_SERIAL_M : STORY_PHOTO_M))
        c.rule = RULE_PHOTO;
    return c;
}

static void join_photo(struct flights *f, size_t one)
{
    struct sources *s = f->j->s;
    const struct source *photo = &s->at[one];
    const int64_t time_ns = source_utc_ns(photo, photo->from_ns), margin_ns = STORY_PHOTO_S * NS_PER_S;
    struct candidate best = { 0, NAN, RULE_NONE }, other = best;

    for (size_t i = begun_by(f, time_add(time_ns, margin_ns)); i > 0 &&
         f->at[i - 1].latest_ns >= time_add(time_ns, -margin_ns); i--) {
        if (f->at[i - 1].to_ns < time_add(time_ns, -margin_ns))
            continue;
        const struct candidate c = photo_on(s, f->at[i - 1].nth, photo, time_ns);
        const bool better = c.rule != RULE_NONE &&
            (best.rule == RULE_NONE || (c.rule == RULE_SERIAL && best.rule != RULE_SERIAL) ||
             (c.rule == best.rule && !(c.apart_m >= best.apart_m)));
        if (better) {
            if (best.rule != RULE_NONE && story_set(s, best.flight) != story_set(s, c.flight))
                other = best;
            best = c;
        } else if (c.rule != RULE_NONE && story_set(s, c.flight) != story_set(s, best.flight) &&
                   !(c.apart_m >= other.apart_m)) {
            other = c;
        }
    }
    if (best.rule == RULE_NONE)
        return;
    if (other.rule == best.rule && story_set(s, other.flight) != story_set(s, best.flight) &&
        !(other.apart_m > STORY_RIVAL_FACTOR * best.apart_m + STORY_RIVAL_M)) {
        leave_undecided(f->j, one, best.flight, "Not joined: the photo fits this flight and %.*s about equally well. A serial number in it that "
                        "one of the logs names would decide.", (int)s->at[other.flight].id.len, s->at[other.flight].id.at);
        return;
    }
    story_join(f->j, best.flight, one, photo->local ? RULE_CLOCK : best.rule,
         (struct timeline_fit){ isnan(best.apart_m) ? 0 : 1, best.apart_m, best.apart_m, NAN });
}

void join_clocks_and_photos(struct joining *j)
{
    struct flights f = flights_in_utc(j);

    join_local_logs(&f);
    set_camera_clocks(&f);
    for (size_t i = 0; i < j->s->count; i++) {
        const struct source *x = &j->s->at[i];
        if (x->media && x->points <= 1 && fact_known_int(source_utc_ns(x, x->from_ns)))
            join_photo(&f, i);
    }
    free(f.at);
}
