#include "story/join.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"

enum {
    COARSE_POINTS = 16, FINE_POINTS = 512,
    FITS_EACH_MAX = 32,     /* of one source: many copies of a flight need not all be compared with each other */
    CLOCK_REACH_H = 15,     /* UTC-12 to UTC+14, and a clock that is not quite right */
};

#define COARSE_FAR_M 200.0
#define BOX_MARGIN_DEG 0.01 /* a kilometre */

void joining_init(struct joining *j, struct sources *s)
{
    *j = (struct joining){ .s = s };
}

void joining_done(struct joining *j)
{
    free(j->undecided);
}

size_t story_set(struct sources *s, size_t i)
{
    while (s->at[i].set != i)
        i = s->at[i].set = s->at[s->at[i].set].set;
    return i;
}

void story_join(struct joining *j, size_t to, size_t one, enum story_rule rule, struct timeline_fit fit)
{
    struct sources *s = j->s;
    const size_t a = story_set(s, to), b = story_set(s, one);
    const size_t pair[2] = { to, one };

    for (int i = 0; i < 2; i++)
        if (s->at[pair[i]].rule == RULE_NONE) {
            s->at[pair[i]].rule = rule;
            s->at[pair[i]].with = pair[!i];
            s->at[pair[i]].fit = fit;
        }
    /* The lower number stands for the set, so that the order of joining does not show. */
    s->at[a < b ? b : a].set = a < b ? a : b;
}

void leave_undecided(struct joining *j, size_t a, size_t b, const char *format, ...)
{
    char sentence[512];
    va_list arguments;

    if (j->undecided_count == STORY_UNDECIDED_MAX) {
        j->undecided_left_out++;
        return;
    }
    if (j->undecided_count == j->undecided_room) {
        j->undecided_room = j->undecided_room ? 2 * j->undecided_room : 16;
        j->undecided = memory_resize_array(j->undecided, j->undecided_room, sizeof *j->undecided);
    }
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    j->undecided[j->undecided_count++] = (struct undecided){ a, b, arena_text(j->s->arena, text_of(sentence)) };
}

static bool boxes_are_near(const struct source *a, const struct source *b)
{
    if (!fact_known_real(a->west) || !fact_known_real(b->west))
        return true; /* not known to be far apart */
    const double north_most = fmax(fabs(a->north), fabs(b->north));
    const double margin_east = BOX_MARGIN_DEG / fmax(0.01, cos(fmin(north_most, 89) * M_PI / 180));
    const bool wide = a->east - a->west > 180 || b->east - b->west > 180; /* over the date line */
    return a->south <= b->north + BOX_MARGIN_DEG && b->south <= a->north + BOX_MARGIN_DEG &&
           (wide || (a->west <= b->east + margin_east && b->west <= a->east + margin_east));
}

static bool same_serial(const struct source *a, const struct source *b)
{
    return text_known(a->serial) && text_known(b->serial) && text_equal(a->serial, b->serial);
}

static bool other_serial(const struct source *a, const struct source *b)
{
    return text_known(a->serial) && text_known(b->serial) && !text_equal(a->serial, b->serial);
}

static bool has_path(const struct source *x) { return x->track.count >= 2; }

static double overlap_s(const struct source *a, const struct source *b)
{
    const int64_t from = a->from_ns > b->from_ns ? a->from_ns : b->from_ns,
        to = a->to_ns < b->to_ns ? a->to_ns : b->to_ns;

    return time_between_s(from, to);
}

/* Pairs of logs in UTC whose times meet, in the order of their beginnings. */

struct ordered { int64_t from_ns; size_t nth; };

static int by_beginning(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    if (x->from_ns != y->from_ns)
        return x->from_ns < y->from_ns ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

static bool is_log_in_utc(const struct source *x)
{
    return !x->local && fact_known_int(x->from_ns) && (!x->media || x->points > 1);
}

static void each_pair(struct joining *j, void (*each)(struct joining *, size_t a, size_t b, void *user), void *user)
{
    struct sources *s = j->s;
    struct ordered *order = memory_alloc_array(s->count ? s->count : 1, sizeof *order);
    size_t count = 0, pairs = 0;

    for (size_t i = 0; i < s->count; i++)
        if (is_log_in_utc(&s->at[i]))
            order[count++] = (struct ordered){ s->at[i].from_ns, i };
    qsort(order, count, sizeof *order, by_beginning);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            const struct source *a = &s->at[order[i].nth], *b = &s->at[order[k].nth];
            if (time_between_s(a->to_ns, b->from_ns) > STORY_ENDS_S)
                break;
            if (pairs++ >= STORY_PAIRS_MAX) {
                j->pairs_left_out++;
                break;
            }
            if (boxes_are_near(a, b))
                each(j, order[i].nth, order[k].nth, user);
        }
    free(order);
}

/* What tracks are needed */

static void need(struct joining *j, size_t a, size_t b, void *user)
{
    size_t *needed = user;

    for (int i = 0; i < 2; i++) {
        struct source *x = &j->s->at[i ? b : a];
        *needed += x->track.limit == 0;
        x->track.limit = STORY_TRACK_SAMPLES_MAX;
    }
}

/* Sources that wait for an offset, and photos, may lie beside any flight of that day and place. */
static void need_beside(struct joining *j, const struct source *one, size_t *needed)
{
    const double reach_s = one->local ? CLOCK_REACH_H * 3600 : STORY_PHOTO_S;
    struct sources *s = j->s;

    for (size_t i = 0; i < s->count; i++) {
        struct source *log = &s->at[i];
        if (!is_log_in_utc(log) || log->track.limit || time_between_s(log->to_ns, one->from_ns) > reach_s ||
            time_between_s(one->to_ns, log->from_ns) > reach_s || !boxes_are_near(one, log))
            continue;
        ++*needed;
        log->track.limit = STORY_TRACK_SAMPLES_MAX;
    }
}

/* Logs that may tell one flight by clocks that differ. */
static void need_other_clocks(struct joining *j, size_t *needed)
{
    struct sources *s = j->s;

    for (size_t i = 0; i < s->count && (i + 1) * s->count < STORY_BESIDE_MAX; i++)
        for (size_t k = i + 1; k < s->count; k++)
            if (wrong_clock_may_be(&s->at[i], &s->at[k]) && boxes_are_near(&s->at[i], &s->at[k]))
                need(j, i, k, needed);
}

bool join_needs_tracks(struct joining *j)
{
    struct sources *s = j->s;
    size_t needed = 0, logs = 0;

    each_pair(j, need, &needed);
    need_other_clocks(j, &needed);
    j->pairs_left_out = 0; /* said by the joining itself */
    for (size_t i = 0; i < s->count; i++)
        logs += is_log_in_utc(&s->at[i]) && s->at[i].track.limit == 0;
    for (size_t i = 0; i < s->count && needed < logs && (i + 1) * logs < STORY_BESIDE_MAX; i++)
        if (fact_known_int(s->at[i].from_ns) && (s->at[i].media || s->at[i].local))
            need_beside(j, &s->at[i], &needed);
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].local && (!s->at[i].media || s->at[i].points > 1)) {
            needed++;
            s->at[i].track.limit = STORY_TRACK_SAMPLES_MAX;
        }
    for (size_t i = 0; i < s->count && s->count > 0 && s->count * logs >= STORY_BESIDE_MAX; i++)
        if (is_log_in_utc(&s->at[i]) && s->at[i].track.limit == 0) { /* too many to ask: all of them */
            needed++;
            s->at[i].track.limit = STORY_TRACK_SAMPLES_MAX;
        }
    size_t limit = needed ? STORY_SAMPLES_MAX / needed : 0;
    limit = limit > STORY_TRACK_SAMPLES_MAX ? STORY_TRACK_SAMPLES_MAX : limit < STORY_TRACK_SAMPLES_MIN
        ? STORY_TRACK_SAMPLES_MIN : limit;
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].track.limit) {
            timeline_done(&s->at[i].track);
            timeline_init(&s->at[i].track, limit);
        }
    return needed > 0;
}

/* Joining logs */

struct fitting { double median_m; size_t a, b; enum story_rule rule; struct timeline_fit fit; };

struct fittings {
    struct fitting *at;
    size_t count, room;
    uint8_t *each;                 /* of each source, FITS_EACH_MAX at most */
};

static void keep_fitting(struct fittings *f, size_t a, size_t b, enum story_rule rule, struct timeline_fit fit)
{
    if (f->count == f->room) {
        f->room = f->room ? 2 * f->room : 64;
        f->at = memory_resize_array(f->at, f->room, sizeof *f->at);
    }
    f->at[f->count++] = (struct fitting){ fit.points ? fit.median_m : 0, a, b, rule, fit };
    for (int i = 0; i < 2; i++)
        if (f->each[i ? b : a] < FITS_EACH_MAX)
            f->each[i ? b : a]++;
}

static void by_serial(struct joining *j, size_t a, size_t b)
{
    const struct source *x = &j->s->at[a], *y = &j->s->at[b];
    const struct timeline_fit fit = has_path(x) && has_path(y) ? timeline_compare(&x->track, &y->track, 0, FINE_POINTS)
                                                            : (struct timeline_fit){ 0, NAN, NAN, NAN };

    if (overlap_s(x, y) < STORY_OVERLAP_S)
        return;
    if (fit.points && fit.median_m > STORY_SAME_SERIAL_M)
        leave_undecided(j, a, b, "Not joined: both name the same aircraft and the same time, and places %.0f m apart. One of the clocks or "
                        "serial numbers is wrong; a third source of that flight would decide.", fit.median_m);
    else
        story_join(j, a, b, RULE_SERIAL, fit);
}

/* The fit with clocks moved as far as the rule allows. */
static struct timeline_fit path_fit(const struct source *x, const struct source *y)
{
    const struct timeline_fit coarse = timeline_compare(&x->track, &y->track, 0, COARSE_POINTS);

    if (coarse.points == 0 || coarse.median_m > COARSE_FAR_M)
        return (struct timeline_fit){ 0, NAN, NAN, NAN };
    return timeline_compare(&x->track, &y->track, timeline_best_shift(&x->track, &y->track,
                                                                      STORY_PATH_CLOCK_S * NS_PER_S), FINE_POINTS);
}

static double common_extent_m(const struct source *x, const struct source *y)
{
    const int64_t from = x->from_ns > y->from_ns ? x->from_ns : y->from_ns,
        to = x->to_ns < y->to_ns ? x->to_ns : y->to_ns;

    return timeline_extent_m(&x->track, from, to);
}

static bool ends_agree(const struct source *x, const struct source *y)
{
    return fabs(time_between_s(x->from_ns, y->from_ns)) <= STORY_ENDS_S &&
        fabs(x->duration_s - y->duration_s) <= STORY_ENDS_S &&
           place_distance_m(x->longitude_deg, x->latitude_deg, y->longitude_deg, y->latitude_deg) <= STORY_ENDS_M;
}

static void compare_logs(struct joining *j, size_t a, size_t b, void *user)
{
    struct fittings *f = user;
    const struct source *x = &j->s->at[a], *y = &j->s->at[b];

    if (same_serial(x, y)) {
        by_serial(j, a, b);
        return;
    }
    if (f->each[a] == FITS_EACH_MAX && f->each[b] == FITS_EACH_MAX)
        return;
    if (!has_path(x) || !has_path(y)) {
        if (!other_serial(x, y) && ends_agree(x, y))
            keep_fitting(f, a, b, RULE_ENDS, (struct timeline_fit){ 0, NAN, NAN, NAN });
        return;
    }
    if (overlap_s(x, y) < STORY_PATH_S)
        return;
    const struct timeline_fit fit = path_fit(x, y);
    if (fit.points < STORY_PATH_POINTS)
        return;
    if (!other_serial(x, y)) {
        if (fit.median_m <= STORY_PATH_M && fit.far_m <= STORY_PATH_FAR_M)
            keep_fitting(f, a, b, RULE_PATH, fit);
    } else if (overlap_s(x, y) >= STORY_TWIN_S && common_extent_m(x, y) >= STORY_TWIN_EXTENT_M &&
               fit.median_m <= STORY_TWIN_M &&
               fit.far_m <= STORY_TWIN_FAR_M) {
        story_join(j, a, b, RULE_TWIN, fit);
    }
}

static int nearest_first(const void *a, const void *b)
{
    const struct fitting *x = a, *y = b;

    if (x->median_m != y->median_m)
        return x->median_m < y->median_m ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Two aircraft that a source without serial number fits: the nearest of each. */
struct choice { size_t best_set, best, other; double best_m, other_m; };

enum { NONE = -1 };

static void weigh(struct sources *s, struct choice *c, size_t aircraft, double median_m)
{
    const size_t set = story_set(s, aircraft);

    if (c->best == (size_t)NONE) {
        c->best_set = set;
        c->best = aircraft;
        c->best_m = median_m;
    } else if (set != c->best_set && c->other == (size_t)NONE) {
        c->other = aircraft;
        c->other_m = median_m;
    }
}

/* Nearest first.  A source that fits two aircraft about equally well goes to neither, and nothing goes through it. */
static void join_fitting(struct joining *j, struct fittings *f)
{
    struct sources *s = j->s;
    struct choice *choices = memory_alloc_array(s->count ? s->count : 1, sizeof *choices);
    bool *torn = memory_alloc_array(s->count ? s->count : 1, sizeof *torn);

    for (size_t i = 0; i < s->count; i++)
        choices[i].best = choices[i].other = (size_t)NONE;
    if (f->count)
        qsort(f->at, f->count, sizeof *f->at, nearest_first);
    for (size_t i = 0; i < f->count; i++)
        for (int k = 0; k < 2; k++) {
            const size_t one = k ? f->at[i].b : f->at[i].a, aircraft = k ? f->at[i].a : f->at[i].b;
            if (!text_known(s->at[one].serial) && text_known(s->at[aircraft].serial))
                weigh(s, &choices[one], aircraft, f->at[i].median_m);
        }
    for (size_t i = 0; i < s->count; i++) {
        const struct choice *c = &choices[i];
        torn[i] = c->other != (size_t)NONE && is_rival(c->best_m, c->other_m);
        if (torn[i])
            leave_undecided(j, i, c->best, "Not joined: it fits this flight (%.1f m apart) and %.*s (%.1f m) about equally well. A serial "
                            "number of the aircraft would decide.", c->best_m, (int)s->at[c->other].id.len, s->at[c->other].id.at, c->other_m);
    }
    /* From here on the sets of two aircraft never become one. */
    for (size_t i = 0; i < s->count; i++)
        choices[i].best = text_known(s->at[i].serial) ? story_set(s, i) : (size_t)NONE;
    for (size_t i = 0; i < s->count; i++)
        if (choices[i].best != (size_t)NONE)
            choices[choices[i].best].best = choices[i].best;
    for (size_t i = 0; i < f->count; i++) {
        const struct fitting *x = &f->at[i];
        const size_t a = story_set(s, x->a), b = story_set(s, x->b);
        if (torn[x->a] || torn[x->b])
            continue;
        const size_t of_a = choices[a].best, of_b = choices[b].best;
        if (a != b && of_a != (size_t)NONE && of_b != (size_t)NONE)
            continue;
        story_join(j, x->a, x->b, x->rule, x->fit);
        choices[story_set(s, x->a)].best = of_a != (size_t)NONE ? of_a : of_b;
    }
    free(torn);
    free(choices);
}

/* A video and the flight that a track of it tells lie in one item. */

struct of_item { struct text evidence; size_t nth; };

static int by_evidence(const void *a, const void *b)
{
    const struct of_item *x = a, *y = b;
    const int items = text_compare(x->evidence, y->evidence);

    return items ? items : (x->nth > y->nth) - (x->nth < y->nth);
}

void join_files(struct joining *j)
{
    struct sources *s = j->s;
    struct of_item *items = memory_alloc_array(s->count ? s->count : 1, sizeof *items);
    size_t count = 0;

    for (size_t i = 0; i < s->count; i++)
        if (text_known(s->at[i].evidence) && (!s->at[i].media || s->at[i].points > 0))
            items[count++] = (struct of_item){ s->at[i].evidence, i };
    if (count)
        qsort(items, count, sizeof *items, by_evidence);
    for (size_t i = 0, end; i < count; i = end) {
        size_t video = (size_t)NONE;
        for (end = i; end < count && text_equal(items[end].evidence, items[i].evidence); end++)
            if (s->at[items[end].nth].media)
                video = items[end].nth;
        for (size_t k = i; video != (size_t)NONE && k < end; k++)
            if (!s->at[items[k].nth].media) {
                story_join(j, items[k].nth, video, RULE_FILE, (struct timeline_fit){ 0, NAN, NAN, NAN });
                if (s->at[video].local && s->at[items[k].nth].local)
                    s->at[video].offset_ns = s->at[items[k].nth].offset_ns; /* one clock */
            }
    }
    free(items);
}

void join_logs(struct joining *j)
{
    struct fittings f = { .each = memory_alloc_array(j->s->count ? j->s->count : 1, 1) };

    each_pair(j, compare_logs, &f);
    join_fitting(j, &f);
    free(f.each);
    free(f.at);
}
