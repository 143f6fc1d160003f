/* The rule that an earlier prototype tested (R3 of the reference, section 5) wanted 16 points
 * in a row at P[s + j k] for one start and one step, each within 6 m.  Here steps may
 * be uneven and single points may be missing or foreign: hits are aligned to the track by
 * dynamic programming, forwards only; what has to be even or gap-free is then asked of the
 * alignment, and only where the claim needs it. */
#include "leak/sequence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"

enum {
    POINTS_MIN = 16,       /* without times */
    TIMED_MIN = 6,
    CAPTURED_MIN = 12,     /* when the time is only that of the packet */
    SHIFT_MAX_S = 5,
    PART_MIN = 6,          /* of one stretch that counts together with others */
    SKIP_MAX = 3,          /* foreign points in a row */
    HITS_MAX = 4096,
    LINK_HITS_MAX = 2,     /* one foreign or missing point between two that follow one another */
};
#define ON_TRACK_M 6.0
#define ROWS_SPAN_M 30.0   /* shorter stretches are a place, not a track */
#define TURN_SPAN_M 30.0   /* across the main direction */
/* Where gaps cut the sequence into stretches, those that turn count together. */
#define PART_SPAN_M 12.0
#define PARTS_SPAN_M 40.0
#define RMS_ROWS_M 2.8     /* points strewn evenly over what is on the track have 3.5 */
#define RMS_M 2.0          /* what was sent and what was logged come from one receiver; others miss by more */
#define LINK_MAX_M 400.0   /* between two points that follow one another, besides three times their distance */
#define REST_M 3.0         /* standing still */
#define STEP_MIN_M 2.0     /* a point nearer to the one before it shows nothing new */
#define BACK_MAX_M 10.0    /* receivers that stand still wander about, also backwards along the track */
#define SKIP_COST 0.5
/* Between two points the flight may be longer than the straight line by a third of it on
 * short links, by a tenth on long ones; but never by so much that somebody could have turned
 * 7 m earlier or later. */
#define DENSE_MAX_M 30.0
#define DETOUR_MAX_M 13.0
#define COS_TURN_MAX 0.7   /* 45 degrees */
#define TIMED_SHARE 0.7
#define NS INT64_C(1000000000)
#define REGULAR_SHARE 0.8  /* of the distances in bytes that are alike, for counting what is missing by them */

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
    uint32_t first_state, state_count;
};

struct alignment {
    const struct track *track;
    const struct position_hit **hits; /* own list: those that lie apart */
    struct node *nodes;
    struct state *states;
    size_t count;
    double precision_m;
};

static void alignment_done(struct alignment *a)
{
    free(a->hits);
    free(a->nodes);
    free(a->states);
}

/* Only what lies apart from the one kept before it: hovering, and ten fixes a second, are few
 * points of the path. */
static void keep_apart(struct alignment *a, const struct position_hit *const *hits, size_t count)
{
    const double apart = fmax(STEP_MIN_M, a->precision_m);

    a->hits = memory_alloc_array(count, sizeof *a->hits);
    a->nodes = memory_alloc_array(count < HITS_MAX ? count : HITS_MAX, sizeof *a->nodes);
    for (size_t i = 0; i < count && a->count < HITS_MAX; i++) {
        struct node n = { 0 };
        track_map(a->track, hits[i]->longitude_deg, hits[i]->latitude_deg, &n.x_m, &n.y_m);
        if (a->count && hypot(n.x_m - a->nodes[a->count - 1].x_m, n.y_m - a->nodes[a->count - 1].y_m) < apart)
            continue;
        a->nodes[a->count] = n;
        a->hits[a->count++] = hits[i];
    }
}

/* The best way to reach state `s` of node `i` from a state of the few nodes before it. */
static void link_back(struct alignment *a, size_t i, struct state *s)
{
    const struct node *n = &a->nodes[i];

    for (size_t back = 1; back <= SKIP_MAX + 1 && back <= i; back++) {
        const struct node *m = &a->nodes[i - back];
        const double chord = hypot(n->x_m - m->x_m, n->y_m - m->y_m);
        for (uint32_t q = 0; q < m->state_count; q++) {
            const struct state *before = &a->states[m->first_state + q];
            const double arc = s->place.along_m - before->place.along_m;
            const bool rest = fabs(arc) <= BACK_MAX_M + a->precision_m && chord <= BACK_MAX_M + a->precision_m &&
                              arc < fmax(STEP_MIN_M, a->precision_m) / 2;
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
        n->state_count = (uint32_t)track_passes(a->track, n->x_m, n->y_m, hypot(ON_TRACK_M, hit_precision_m(a->hits[i])), passes);
        for (uint32_t k = 0; k < n->state_count; k++)
            a->states[states++] = (struct state){ .place = passes[k], .score = 1, .before = -1 };
        for (uint32_t k = 0; k < n->state_count; k++)
            link_back(a, i, &a->states[n->first_state + k]);
    }
}

/* The points of one alignment, in order. */
struct chain_point {
    double x_m, y_m, along_m, distance_m;
    int64_t time_utc_ns;
    uint64_t coordinate;
    uint32_t node;
    double step;    /* from the point before: seconds of flight, or metres where the log has no times */
    bool follows;   /* the way from the point before is the flight's own */
};

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
            .distance_m = place->distance_m, .time_utc_ns = track_time_at(a->track, place), .node = (uint32_t)node,
            .coordinate = a->hits[node]->coordinate,
        };
    }
    return chain;
}

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median_of(double *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, compare_reals);
    return values[(count - 1) / 2];
}

/* Whether most of the values, which median_of has sorted, are alike: records of one size. */
static bool regular(const double *values, size_t count, double slack)
{
    const double median = count ? values[(count - 1) / 2] : 0;
    size_t alike = 0;

    for (size_t i = 0; i < count; i++)
        alike += fabs(values[i] - median) <= slack;
    return (double)alike >= REGULAR_SHARE * (double)count;
}

/* Whether the way from the second to the third point goes on as that from the first to the second. */
static bool goes_on(const struct chain_point *p)
{
    const double ax = p[1].x_m - p[0].x_m, ay = p[1].y_m - p[0].y_m, bx = p[2].x_m - p[1].x_m, by = p[2].y_m - p[1].y_m;

    return ax * bx + ay * by >= COS_TURN_MAX * hypot(ax, ay) * hypot(bx, by);
}

/* A link follows the flight when the flight goes nearly as straight as the two points lie,
 * or when it takes the time that its neighbours take.  Somebody on the same rows who turns
 * elsewhere fails at the turn, and only there: partly outside the area, where positions
 * are not even seen.  So how many positions lie between two is also told by the bytes,
 * where these come at equal distances. */
static void judge_links(struct chain_point *chain, size_t count, double precision_m)
{
    bool timed = true;

    for (size_t i = 0; i < count; i++)
        timed &= fact_known_int(chain[i].time_utc_ns);
    double *steps = memory_alloc_array(count, sizeof *steps), *gaps = memory_alloc_array(count, sizeof *gaps);
    for (size_t i = 1; i < count; i++) {
        const double hits = (double)(chain[i].node - chain[i - 1].node);
        chain[i].step = timed ? (double)(chain[i].time_utc_ns - chain[i - 1].time_utc_ns) / 1e9
                              : chain[i].along_m - chain[i - 1].along_m;
        steps[i - 1] = chain[i].step / hits;
        gaps[i - 1] = (double)(chain[i].coordinate - chain[i - 1].coordinate) / hits;
    }
    const double median = median_of(steps, count - 1), median_gap = fmax(median_of(gaps, count - 1), 1);
    const bool count_by_bytes = regular(gaps, count - 1, 0.25 * median_gap);
    const double slack = 0.15 * median + (timed ? 0.3 : REST_M);
    /* Where the steps are uneven anyway, that one takes its time by chance says nothing. */
    const bool even = regular(steps, count - 1, slack);
    for (size_t i = 1; i < count; i++) {
        const double by_bytes = round((double)(chain[i].coordinate - chain[i - 1].coordinate) / median_gap);
        const double nodes = (double)(chain[i].node - chain[i - 1].node);
        const double hits = count_by_bytes ? fmax(nodes, by_bytes) : nodes;
        const double chord = hypot(chain[i].x_m - chain[i - 1].x_m, chain[i].y_m - chain[i - 1].y_m);
        const double arc = chain[i].along_m - chain[i - 1].along_m;
        const bool near = chord <= DENSE_MAX_M;
        const double detour = fmin((near ? 0.3 : 0.1) * chord + 4, DETOUR_MAX_M) + precision_m;
        /* Over a long link a point that is foreign or missing may have been the turn, and where it
         * begins with one, somebody may have gone further and come back. */
        const bool straight = arc - chord <= detour &&
            (near ? hits <= LINK_HITS_MAX : hits <= 1 && (i < 2 || goes_on(&chain[i - 2])));
        const bool steady = even && fabs(chain[i].step - hits * median) <= slack && hits <= LINK_HITS_MAX;
        chain[i].follows = straight || steady;
    }
    free(steps);
    free(gaps);
}

/* How long the points are in their main direction, and how wide across it. */
static void measure_spans(const struct chain_point *p, size_t n, double *ret_main_m, double *ret_cross_m)
{
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
    double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };

    for (size_t i = 0; i < n; i++) {
        mean_x += p[i].x_m / (double)n;
        mean_y += p[i].y_m / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (p[i].x_m - mean_x) * (p[i].x_m - mean_x);
        xy += (p[i].x_m - mean_x) * (p[i].y_m - mean_y);
        yy += (p[i].y_m - mean_y) * (p[i].y_m - mean_y);
    }
    const double angle = 0.5 * atan2(2 * xy, xx - yy);
    for (size_t i = 0; i < n; i++) {
        const double dx = p[i].x_m - mean_x, dy = p[i].y_m - mean_y;
        const double turned[2] = { dx * cos(angle) + dy * sin(angle), dy * cos(angle) - dx * sin(angle) };
        for (int k = 0; k < 2; k++) {
            low[k] = fmin(low[k], turned[k]);
            high[k] = fmax(high[k], turned[k]);
        }
    }
    *ret_main_m = high[0] - low[0];
    *ret_cross_m = high[1] - low[1];
}

/* What a stretch of the chain shows by itself. */
static struct sequence_match judge_stretch(const struct chain_point *p, size_t n, double precision_m, bool follows)
{
    struct sequence_match match = { .grade = SEQUENCE_NONE, .points = n, .from_utc_ns = p[0].time_utc_ns,
                                    .to_utc_ns = p[n - 1].time_utc_ns, .along_m = p[n - 1].along_m - p[0].along_m };
    double squares = 0, main_m;

    for (size_t i = 0; i < n; i++)
        squares += p[i].distance_m * p[i].distance_m;
    match.rms_m = sqrt(squares / (double)n);
    measure_spans(p, n, &main_m, &match.span_m);
    if (n >= POINTS_MIN && main_m >= ROWS_SPAN_M && match.rms_m <= hypot(RMS_ROWS_M, 0.6 * precision_m))
        match.grade = SEQUENCE_ROWS;
    if (match.grade == SEQUENCE_ROWS && follows && match.span_m >= TURN_SPAN_M && match.rms_m <= hypot(RMS_M, 0.6 * precision_m))
        match.grade = SEQUENCE_TURNS;
    return match;
}

/* The whole chain as rows; its best stretch that follows the flight; or several such
 * stretches together, when each goes round a turn. */
static struct sequence_match judge_chain(const struct chain_point *chain, size_t n, double precision_m)
{
    const struct sequence_match whole = judge_stretch(chain, n, precision_m, false);
    struct sequence_match best = whole;
    size_t points = 0, first = n, last = 0;
    double span_m = 0;

    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && chain[to].follows; to++)
            ;
        const struct sequence_match stretch = judge_stretch(chain + from, to - from, precision_m, true);
        if (stretch.grade > best.grade || (stretch.grade == best.grade && stretch.points > best.points))
            best = stretch;
        if (to - from >= PART_MIN && stretch.span_m >= PART_SPAN_M + precision_m) {
            points += to - from;
            span_m += stretch.span_m;
            first = first == n ? from : first;
            last = to - 1;
        }
    }
    if (points < POINTS_MIN || span_m < PARTS_SPAN_M || whole.rms_m > hypot(RMS_M, 0.6 * precision_m) ||
        (best.grade == SEQUENCE_TURNS && best.points >= points))
        return best;
    best = whole;
    best.grade = SEQUENCE_TURNS;
    best.points = points;
    best.span_m = span_m;
    best.from_utc_ns = chain[first].time_utc_ns;
    best.to_utc_ns = chain[last].time_utc_ns;
    best.along_m = chain[last].along_m - chain[first].along_m;
    return best;
}

/* Trailing zeros are left out by many programs, so that not every number has the decimals of the others. */
static double median_precision(const struct position_hit *const *hits, size_t count)
{
    double *values = memory_alloc_array(count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = hit_precision_m(hits[i]);
    const double median = median_of(values, count);
    free(values);
    return median;
}

static struct sequence_match untimed(const struct track *track, const struct position_hit *const *hits, size_t count)
{
    struct alignment a = { .track = track, .precision_m = median_precision(hits, count) };
    struct sequence_match match = { .grade = SEQUENCE_NONE };
    int32_t best = -1;

    keep_apart(&a, hits, count);
    align(&a);
    const struct node *end = a.count ? &a.nodes[a.count - 1] : NULL;
    const uint32_t states = end ? end->first_state + end->state_count : 0;
    for (uint32_t s = 0; s < states; s++)
        if (best < 0 || a.states[s].score > a.states[best].score)
            best = (int32_t)s;
    if (best >= 0 && a.states[best].score >= POINTS_MIN - 1) {
        size_t n;
        struct chain_point *chain = chain_of(&a, best, &n);
        judge_links(chain, n, a.precision_m);
        match = judge_chain(chain, n, a.precision_m);
        free(chain);
    }
    alignment_done(&a);
    return match;
}

/* Where a hit's time comes from: written before it, written behind it, or when it was captured. */
enum time_source { TIME_BEFORE, TIME_BEHIND, TIME_CAPTURED, TIME_SOURCES };

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
    const size_t least = source == TIME_CAPTURED ? CAPTURED_MIN : TIMED_MIN;
    if (match.points >= least && (double)match.points >= TIMED_SHARE * (double)with_time && along_high - along_low >= ROWS_SPAN_M) {
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
    for (int half = -2 * SHIFT_MAX_S; half <= 2 * SHIFT_MAX_S && best.grade == SEQUENCE_NONE; half++) {
        const struct sequence_match match = timed_with(track, hits, count, source, half * (NS / 2), ON_TRACK_M);
        if (match.points > best.points)
            best = match;
    }
    return best;
}

struct sequence_match sequence_of(const struct track *track, const struct position_hit *const *hits, size_t count)
{
    if (!track->path || count < TIMED_MIN)
        return (struct sequence_match){ .grade = SEQUENCE_NONE };
    for (int source = 0; source < TIME_SOURCES; source++) {
        const struct sequence_match match = timed(track, hits, count, (enum time_source)source);
        if (match.grade == SEQUENCE_TIMED)
            return match;
    }
    return untimed(track, hits, count);
}
