/* What an alignment of positions to a track shows: the flight's own way round a turn, or
 * only its rows. */
#include "leak/sequence_chain.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "fact/fact.h"

#define REST_M 3.0         /* where the log has no times, steps may differ by this */
#define COS_TURN_MAX 0.7   /* 45 degrees */
#define COS_CORNER_MAX 0.1 /* 84 degrees */
#define REGULAR_SHARE 0.8  /* of the distances in bytes that are alike, for counting what is missing by them */

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

double sequence_median(double *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, compare_reals);
    return values[(count - 1) / 2];
}

/* Whether most of the values, which sequence_median has sorted, are alike: records of one size. */
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

/* Bytes from the point before; where that stood in another view, only those before this one in its own are known of. */
static double bytes_between(const struct chain_point *before, const struct chain_point *p, bool *ret_same_view)
{
    const uint64_t apart = p->coordinate - before->coordinate;

    *ret_same_view = p->offset - before->offset == apart;
    return (double)(*ret_same_view ? apart : p->offset);
}

/* Less than a right angle from one way to the next. */
static bool turns_less(double ax, double ay, double bx, double by)
{
    return ax * bx + ay * by >= COS_CORNER_MAX * hypot(ax, ay) * hypot(bx, by);
}

/* Whether the way from the second of four points to the third goes round one corner of the flight, and the ways before
 * and behind it lie on both sides of that: whoever turns elsewhere is then seen elsewhere.  Between one row and the
 * next, where nothing is seen of the way across, anybody may have gone further and come back: that turns by two right
 * angles. */
static bool round_a_corner(const struct chain_point *p, double arc_m, double chord_m, double precision_m)
{
    const double in_x = p[1].x_m - p[0].x_m, in_y = p[1].y_m - p[0].y_m, x = p[2].x_m - p[1].x_m,
        y = p[2].y_m - p[1].y_m;
    const double out_x = p[3].x_m - p[2].x_m, out_y = p[3].y_m - p[2].y_m;

    return chord_m <= SEQUENCE_CORNER_MAX_M && arc_m <= M_SQRT2 * chord_m + SEQUENCE_CORNER_SLACK_M + precision_m &&
           turns_less(in_x, in_y, x, y) && turns_less(x, y, out_x, out_y);
}

/* A link follows the flight when the flight goes nearly as straight as the two points lie,
 * or goes round one corner between them, or when it takes the time that its neighbours take.  Somebody on the same rows
 * who turns elsewhere fails at the turn, and only there: partly outside the area, where positions
 * are not even seen.  So how many positions lie between two is also told by the bytes,
 * where these come at equal distances. */
void sequence_judge_links(struct chain_point *chain, size_t count, double precision_m)
{
    size_t gap_count = 0;
    bool timed = true;

    for (size_t i = 0; i < count; i++)
        timed &= fact_known_int(chain[i].time_utc_ns);
    double *steps = memory_alloc_array(count, sizeof *steps), *gaps = memory_alloc_array(count, sizeof *gaps);
    for (size_t i = 1; i < count; i++) {
        const double hits = (double)(chain[i].node - chain[i - 1].node);
        chain[i].step = timed ? (double)(chain[i].time_utc_ns - chain[i - 1].time_utc_ns) / 1e9
                              : chain[i].along_m - chain[i - 1].along_m;
        steps[i - 1] = chain[i].step / hits;
        bool same_view;
        const double bytes = bytes_between(&chain[i - 1], &chain[i], &same_view);
        if (same_view)
            gaps[gap_count++] = bytes / (double)(chain[i].seen - chain[i - 1].seen);
    }
    const double median = sequence_median(steps, count - 1), median_gap = fmax(sequence_median(gaps, gap_count), 1);
    const bool count_by_bytes = gap_count > 0 && regular(gaps, gap_count, 0.25 * median_gap);
    const double slack = 0.15 * median + (timed ? 0.3 : REST_M);
    /* Where the steps are uneven anyway, that one takes its time by chance says nothing. */
    const bool even = regular(steps, count - 1, slack);
    for (size_t i = 1; i < count; i++) {
        bool same_view;
        const double bytes = bytes_between(&chain[i - 1], &chain[i], &same_view);
        const double by_bytes = same_view ? round(bytes / median_gap) : 1 + floor(bytes / median_gap);
        const double nodes = (double)(chain[i].node - chain[i - 1].node),
            seen = (double)(chain[i].seen - chain[i - 1].seen);
        const double hits = nodes + (count_by_bytes ? fmax(by_bytes - seen, 0) : 0);
        const double chord = hypot(chain[i].x_m - chain[i - 1].x_m, chain[i].y_m - chain[i - 1].y_m);
        const double arc = chain[i].along_m - chain[i - 1].along_m;
        const bool near = chord <= SEQUENCE_DENSE_MAX_M;
        const double detour = fmin((near ? 0.3 : 0.1) * chord + 4, SEQUENCE_DETOUR_MAX_M) + precision_m;
        /* Over a long link a point that is foreign or missing may have been the turn, and where it
         * begins with one, somebody may have gone further and come back. */
        const bool straight = arc - chord <= detour &&
            (near ? hits <= SEQUENCE_LINK_HITS_MAX : hits <= 1 && (i < 2 || goes_on(&chain[i - 2])));
        const bool steady = even && fabs(chain[i].step - hits * median) <= slack && hits <= SEQUENCE_LINK_HITS_MAX;
        const bool corner = hits <= 1 && i >= 2 && i + 1 < count &&
            round_a_corner(&chain[i - 2], arc, chord, precision_m);
        chain[i].follows = straight || steady || corner;
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
    if (n >= SEQUENCE_POINTS_MIN && main_m >= SEQUENCE_ROWS_SPAN_M &&
        match.rms_m <= hypot(SEQUENCE_RMS_ROWS_M, 0.6 * precision_m))
        match.grade = SEQUENCE_ROWS;
    if (match.grade == SEQUENCE_ROWS && follows && match.span_m >= SEQUENCE_TURN_SPAN_M &&
        match.rms_m <= hypot(SEQUENCE_RMS_M, 0.6 * precision_m))
        match.grade = SEQUENCE_TURNS;
    return match;
}

struct sequence_match sequence_judge_chain(const struct chain_point *chain, size_t n, double precision_m)
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
        if (to - from >= SEQUENCE_PART_MIN && stretch.span_m >= SEQUENCE_PART_SPAN_M + precision_m) {
            points += to - from;
            span_m += stretch.span_m;
            first = first == n ? from : first;
            last = to - 1;
        }
    }
    if (whole.grade == SEQUENCE_NONE || points < SEQUENCE_PARTS_MIN || span_m < SEQUENCE_PARTS_SPAN_M ||
        whole.rms_m > hypot(SEQUENCE_RMS_M, 0.6 * precision_m) ||
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
