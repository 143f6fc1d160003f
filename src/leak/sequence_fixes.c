/* Are the positions the log's own?  Somebody else on the same rows may come as near to the
 * flight's track as it pleases; he does not come to its very fixes, one after the other, to
 * the last digit that is sent, unless they lie where anybody's would: evenly on a straight
 * line.  So a position that falls on a fix counts by how far that fix lies from where its
 * neighbours would have put it. */
#include "leak/sequence_chain.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "fact/fact.h"

/* A point that falls on a fix. */
struct on_fix {
    double x_m, y_m;        /* of the fix */
    double when;            /* seconds, or metres along the track where the log has no times */
    double tolerance_m;
    uint32_t fix;
    int64_t time_utc_ns;
    double along_m;
};

static bool on_a_fix(const struct track *t, const struct chain_point *p, struct on_fix *ret)
{
    enum { FIXES_AROUND = 2 };
    const uint32_t from = p->segment > FIXES_AROUND ? p->segment - FIXES_AROUND : 0;
    const uint32_t to = t->count - p->segment > FIXES_AROUND + 2 ? p->segment + FIXES_AROUND + 2 : t->count;
    double nearest = INFINITY;

    /* A corner of the square in which a rounded position may lie is further off than its side. */
    ret->tolerance_m = SEQUENCE_FIX_M + t->grain_m + M_SQRT2 * p->precision_m;
    for (uint32_t i = from; i < to; i++) {
        const double distance = hypot(p->x_m - t->x_m[i], p->y_m - t->y_m[i]);
        if (distance < nearest) {
            nearest = distance;
            ret->fix = i;
        }
    }
    if (nearest > ret->tolerance_m)
        return false;
    ret->x_m = t->x_m[ret->fix];
    ret->y_m = t->y_m[ret->fix];
    ret->along_m = t->along_m[ret->fix];
    ret->time_utc_ns = t->points[ret->fix].time_utc_ns;
    ret->when = fact_known_int(ret->time_utc_ns)
        ? (double)(ret->time_utc_ns - t->points[0].time_utc_ns) / 1e9 : ret->along_m;
    return true;
}

/* How much it tells that the middle one of three is on its fix. */
static double fix_bits(const struct on_fix *p)
{
    const double whole = p[2].when - p[0].when, part = whole > 0 ? (p[1].when - p[0].when) / whole : 0.5;
    const double x_m = p[0].x_m + part * (p[2].x_m - p[0].x_m), y_m = p[0].y_m + part * (p[2].y_m - p[0].y_m);
    const double surprise_m = hypot(p[1].x_m - x_m, p[1].y_m - y_m);

    return fmin(log2(1 + surprise_m / p[1].tolerance_m), SEQUENCE_FIX_BITS_MAX);
}

bool sequence_own_fixes(const struct track *track, const struct chain_point *chain, size_t count,
                        struct sequence_match *match)
{
    struct on_fix *fixes = memory_alloc_array(count, sizeof *fixes);
    size_t n = 0;
    double bits = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        if (!on_a_fix(track, &chain[i], &fixes[n]) || (n > 0 && fixes[n].fix <= fixes[n - 1].fix))
            continue;
        squares += chain[i].distance_m * chain[i].distance_m;
        n++;
    }
    for (size_t i = 0; i + 2 < n; i++)
        bits += fix_bits(&fixes[i]);
    const bool own = bits >= SEQUENCE_OWN_BITS && (double)n >= SEQUENCE_FIX_SHARE * (double)count;
    if (own)
        *match = (struct sequence_match){
            .grade = SEQUENCE_FIXES, .points = n, .rms_m = sqrt(squares / (double)n), .along_m =
                fixes[n - 1].along_m - fixes[0].along_m,
            .from_utc_ns = fixes[0].time_utc_ns, .to_utc_ns = fixes[n - 1].time_utc_ns,
        };
    free(fixes);
    return own;
}
