/* The rule that an earlier prototype tested (R3 of the reference, section 5) wanted 16 points
 * in a row at P[s + j k] for one start and one step, each within 6 m.  Here steps may
 * be uneven and single points may be missing or foreign: hits are aligned to the track by
 * dynamic programming, forwards only; what has to be even or gap-free is then asked of the
 * alignment, and only where the claim needs it. */
#include "leak/sequence_chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"

enum { HITS_MAX = 4096 };
#define LINK_MAX_M 400.0   /* between two points that follow one another, besides three times their distance */
#define STEP_MIN_M 2.0     /* a point nearer to the one before it shows nothing new */
#define SLOW_STEP_M 0.2    /* the same, where only the log's own fixes count */
#define BACK_MAX_M 10.0    /* receivers that stand still wander about, also backwards along the track */
#define SKIP_COST 0.5
#define NS INT64_C(1000000000)

double hit_precision_m(const struct position_hit *hit)
{
    double deg;

    if (hit->encoding >= POSITION_CODE_FIRST)
        return hit->cell_m / 2;
    if (hit->encoding >= POSITION_TEXT_DEGREES) {
        deg = 0.5 * pow(10, -(double)hit->decimals);
        if (hit->encoding == POSITION_TEXT_NMEA)
            deg /= 60;
        else if (hit->encoding == POSITION_TEXT_RADIANS)
            deg *= 180 / M_PI;
    } else {
        const enum number_kind kind = (enum number_kind)(hit->encoding / 2);
        deg = fmax(number_precision_deg(kind, hit->latitude_deg),
                   number_precision_deg(kind, hit->longitude_deg) * cos(hit->latitude_deg * M_PI / 180));
    }
    return deg * 111194.9;
}

struct state {
    struct track_place place;
    double score;
    int32_t before;        /* state it follows, or -1 */
};

struct node {
    double x_m, y_m;
    uint32_t seen;
    uint32_t first_state, state_count;
};

struct alignment {
    const struct track *track;
    const struct position_hit **hits; /* own list: those that lie apart */
    struct node *nodes;
    struct state *states;
    size_t count;
    double precision_m;
    double apart_m;                   /* hits nearer to the one before show nothing new */
};

static void alignment_done(struct alignment *a)
{
    free(a->hits);
    free(a->nodes);
    free(a->states);
}

/* Only what lies apart from the one kept before it: hovering, and ten fixes a second, are few
 * points of the path. */
static void keep_apart(struct alignment *a, const struct position_hit *const *hits, const uint32_t *seen, size_t count)
{
    a->hits = memory_alloc_array(count, sizeof *a->hits);
    a->nodes = memory_alloc_array(count < HITS_MAX ? count : HITS_MAX, sizeof *a->nodes);
    for (size_t i = 0; i < count && a->count < HITS_MAX; i++) {
        struct node n = { .seen = seen[i] };
        track_map(a->track, hits[i]->longitude_deg, hits[i]->latitude_deg, &n.x_m, &n.y_m);
        if (a->count && hypot(n.x_m - a->nodes[a->count - 1].x_m, n.y_m - a->nodes[a->count - 1].y_m) < a->apart_m)
            continue;
        a->nodes[a->count] = n;
        a->hits[a->count++] = hits[i];
    }
}

/* The best way to reach state `s` of node `i` from a state of the few nodes before it. */
static void link_back(struct alignment *a, size_t i, struct state *s)
{
    const struct node *n = &a->nodes[i];

    for (size_t back = 1; back <= SEQUENCE_SKIP_MAX + 1 && back <= i; back++) {
        const struct node *m = &a->nodes[i - back];
        const double chord = hypot(n->x_m - m->x_m, n->y_m - m->y_m);
        for (uint32_t q = 0; q < m->state_count; q++) {
            const struct state *before = &a->states[m->first_state + q];
            const double arc = s->place.along_m - before->place.along_m;
            const bool rest = fabs(arc) <= BACK_MAX_M + a->precision_m && chord <= BACK_MAX_M + a->precision_m &&
                              arc < a->apart_m / 2;
            if (!rest && (arc <= 0 || arc > LINK_MAX_M + 3 * chord))
                continue;
            /* Of equal ways the one that goes straight. */
            const double score = before->score + !rest - SKIP_COST * (double)(back - 1) -
                0.1 * fmin(fabs(arc - chord) / (LINK_MAX_M + chord), 1);
            if (score > s->score) {
                s->score = score;
                s->before = (int32_t)(m->first_state + q);
            }
        }
    }
}

static void align(struct alignment *a)
{
    uint32_t states = 0;

    a->states = memory_alloc_array(a->count * TRACK_PASSES_MAX, sizeof *a->states);
    for (size_t i = 0; i < a->count; i++) {
        struct node *n = &a->nodes[i];
        struct track_place passes[TRACK_PASSES_MAX];
        n->first_state = states;
        n->state_count = (uint32_t)track_passes(a->track, n->x_m, n->y_m,
                                                hypot(SEQUENCE_ON_TRACK_M, hit_precision_m(a->hits[i])), passes);
        for (uint32_t k = 0; k < n->state_count; k++)
            a->states[states++] = (struct state){ .place = passes[k], .score = 1, .before = -1 };
        for (uint32_t k = 0; k < n->state_count; k++)
            link_back(a, i, &a->states[n->first_state + k]);
    }
}

static size_t node_of(const struct alignment *a, uint32_t state)
{
    size_t node = 0, high = a->count;

    while (high - node > 1) {
        const size_t middle = node + (high - node) / 2;
        if (a->nodes[middle].first_state <= state)
            node = middle;
        else
            high = middle;
    }
    return node;
}

static struct chain_point *chain_of(const struct alignment *a, int32_t last, size_t *ret_count)
{
    size_t count = 0;

    for (int32_t s = last; s >= 0; s = a->states[s].before)
        count++;
    struct chain_point *chain = memory_alloc_array(count, sizeof *chain);
    *ret_count = count;
    for (int32_t s = last; s >= 0; s = a->states[s].before) {
        const struct track_place *place = &a->states[s].place;
        const size_t node = node_of(a, (uint32_t)s);
        chain[--count] = (struct chain_point){
            .x_m = a->nodes[node].x_m, .y_m = a->nodes[node].y_m, .along_m = place->along_m,
            .distance_m = place->distance_m, .time_utc_ns = track_time_at(a->track,
                                                                          place), .node = (uint32_t)node, .seen =
                a->nodes[node].seen,
            .coordinate = a->hits[node]->coordinate, .offset = a->hits[node]->offset, .precision_m =
                hit_precision_m(a->hits[node]), .segment = place->segment,
        };
    }
    return chain;
}

/* Trailing zeros are left out by many programs, so that not every number has the decimals of the others. */
static double median_precision(const struct position_hit *const *hits, size_t count)
{
    double *values = memory_alloc_array(count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = hit_precision_m(hits[i]);
    const double median = sequence_median(values, count);
    free(values);
    return median;
}

/* The best way through all states, or -1. */
static int32_t best_end(const struct alignment *a)
{
    const struct node *end = a->count ? &a->nodes[a->count - 1] : NULL;
    const uint32_t states = end ? end->first_state + end->state_count : 0;
    int32_t best = -1;

    for (uint32_t s = 0; s < states; s++)
        if (best < 0 || a->states[s].score > a->states[best].score)
            best = (int32_t)s;
    return best >= 0 && a->states[best].score >= SEQUENCE_POINTS_MIN - 1 ? best : -1;
}

static struct sequence_match aligned(const struct track *track, const struct position_hit *const *hits,
                                     const uint32_t *seen, size_t count,
                                     double precision_m, double apart_m, bool fixes_only)
{
    struct alignment a = { .track = track, .precision_m = precision_m, .apart_m = apart_m };
    struct sequence_match match = { .grade = SEQUENCE_NONE };

    keep_apart(&a, hits, seen, count);
    align(&a);
    const int32_t end = best_end(&a);
    if (end >= 0) {
        size_t n;
        struct chain_point *chain = chain_of(&a, end, &n);
        if (!fixes_only) {
            sequence_judge_links(chain, n, precision_m);
            match = sequence_judge_chain(chain, n, precision_m);
        }
        if (match.grade < SEQUENCE_TURNS)
            (void)sequence_own_fixes(track, chain, n, &match);
        free(chain);
    }
    alignment_done(&a);
    return match;
}

static struct sequence_match untimed(const struct track *track, const struct position_hit *const *hits,
                                     const uint32_t *seen, size_t count)
{
    const double precision_m = median_precision(hits, count);
    const struct sequence_match match = aligned(track, hits, seen, count, precision_m, fmax(STEP_MIN_M, precision_m),
                                                false);

    /* Slow flight and hovering still show whose fixes they are, where these are written finely enough. */
    if (match.grade >= SEQUENCE_TURNS || precision_m > SLOW_STEP_M / 2)
        return match;
    const struct sequence_match slow = aligned(track, hits, seen, count, precision_m, SLOW_STEP_M, true);
    return slow.grade > match.grade ? slow : match;
}

/* Where a hit's time comes from: written before it, written behind it, or when it was captured. */
enum time_source { TIME_BEFORE, TIME_BEHIND, TIME_CAPTURED };

static int64_t time_of(const struct position_hit *hit, enum time_source source)
{
    return source == TIME_CAPTURED ? hit->where.at_utc_ns : hit->said_utc_ns[source];
}

/* Counts the hits that lie where the aircraft was at their times, all later or earlier by the same `shift_ns`. */
static struct sequence_match timed_with(const struct track *track, const struct position_hit *const *hits, size_t count,
                                        enum time_source source, int64_t shift_ns, double reach_m)
{
    struct sequence_match match = { .grade = SEQUENCE_NONE, .from_utc_ns = INT64_MAX, .to_utc_ns = INT64_MIN };
    double along_low = INFINITY, along_high = -INFINITY, squares = 0;
    size_t with_time = 0;
    int64_t last_said = FACT_UNKNOWN_INT;

    for (size_t i = 0; i < count; i++) {
        const int64_t said = time_of(hits[i], source);
        int64_t flown;
        double x, y, track_x, track_y, along;
        if (!fact_known_int(said) || said == last_said || /* one point for each time said */
            __builtin_add_overflow(said, shift_ns, &flown))
            continue;
        with_time++;
        last_said = said;
        if (!track_at_time(track, flown, &track_x, &track_y, &along))
            continue;
        track_map(track, hits[i]->longitude_deg, hits[i]->latitude_deg, &x, &y);
        const double distance = hypot(x - track_x, y - track_y);
        if (distance > hypot(reach_m, hit_precision_m(hits[i])))
            continue;
        match.points++;
        squares += distance * distance;
        along_low = fmin(along_low, along);
        along_high = fmax(along_high, along);
        match.from_utc_ns = flown < match.from_utc_ns ? flown : match.from_utc_ns;
        match.to_utc_ns = flown > match.to_utc_ns ? flown : match.to_utc_ns;
    }
    const size_t least = source == TIME_CAPTURED ? SEQUENCE_CAPTURED_MIN : SEQUENCE_TIMED_MIN;
    if (match.points >= least && (double)match.points >= SEQUENCE_TIMED_SHARE * (double)with_time &&
        along_high - along_low >= SEQUENCE_ROWS_SPAN_M) {
        match.grade = SEQUENCE_TIMED;
        match.along_m = along_high - along_low;
        match.rms_m = sqrt(squares / (double)match.points);
    }
    return match;
}

/* Written times are in whole seconds as often as not, and the aircraft flies 15 m in one:
 * so far a position may be off.  If that fails, and for the time of capture, all may be off
 * by the same few seconds, which clocks and transmission take; then they have to fit closely. */
static struct sequence_match timed(const struct track *track, const struct position_hit *const *hits, size_t count,
                                   enum time_source source)
{
    struct sequence_match best = { .grade = SEQUENCE_NONE };

    if (source != TIME_CAPTURED)
        best = timed_with(track, hits, count, source, 0, TRACK_NEAR_M);
    for (int half = -2 * SEQUENCE_SHIFT_MAX_S; half <= 2 * SEQUENCE_SHIFT_MAX_S && best.grade == SEQUENCE_NONE;
         half++) {
        const struct sequence_match match = timed_with(track, hits, count, source, half * (NS / 2),
                                                       SEQUENCE_ON_TRACK_M);
        if (match.points > best.points)
            best = match;
    }
    return best;
}

static bool fits_better(const struct sequence_match *a, const struct sequence_match *b)
{
    if (a->grade != SEQUENCE_TIMED || b->grade != SEQUENCE_TIMED)
        return a->grade == SEQUENCE_TIMED;
    return a->points != b->points ? a->points > b->points : a->rms_m < b->rms_m;
}

struct sequence_match sequence_of(const struct track *track, const struct position_hit *const *hits,
                                  const uint32_t *seen, size_t count)
{
    if (!track->path || count < SEQUENCE_TIMED_MIN)
        return (struct sequence_match){ .grade = SEQUENCE_NONE };
    /* In a list of points the time before a pair may be the point's own or that of the one before it. */
    const struct sequence_match before = timed(track, hits, count, TIME_BEFORE),
        behind = timed(track, hits, count, TIME_BEHIND);
    const struct sequence_match said = fits_better(&behind, &before) ? behind : before;
    if (said.grade == SEQUENCE_TIMED)
        return said;
    const struct sequence_match captured = timed(track, hits, count, TIME_CAPTURED);
    return captured.grade == SEQUENCE_TIMED ? captured : untimed(track, hits, seen, count);
}
