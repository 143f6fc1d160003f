/* Which pairs near zero are worth keeping. */
#include "leak/hits.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

static bool same_kind(const struct weak_run *run, int64_t flow, const struct position_hit *hit)
{
    const struct position_hit *first = &run->hits[0];

    return run->count && run->flow == flow && first->family == hit->family && first->encoding == hit->encoding &&
        first->delta == hit->delta;
}

static bool goes_on(const struct position_hit *last, const struct position_hit *hit)
{
    double east_deg = fabs(hit->longitude_deg - last->longitude_deg);

    if (east_deg > 180)
        east_deg = 360 - east_deg;
    const double metres = 111194.9 * hypot(hit->latitude_deg - last->latitude_deg,
                                           east_deg * cos(hit->latitude_deg * M_PI / 180));
    const uint64_t gap = hit->coordinate > last->coordinate
        ? hit->coordinate - last->coordinate : last->coordinate - hit->coordinate;
    return gap <= WEAK_GAP_MAX && metres <= WEAK_STEP_MAX_M;
}

enum weak_verdict weak_joins(struct weak_run table[WEAK_SLOTS], int64_t flow, const struct position_hit *hit,
                             struct weak_run **ret)
{
    const struct {
        int64_t flow;
        uint16_t family;
        uint8_t encoding;
        int8_t delta;
        uint32_t unused;
    } key = { flow, hit->family, hit->encoding, hit->delta, 0 };
    struct weak_run *run = &table[hash_mix(&key, sizeof key, 0) % WEAK_SLOTS];

    *ret = run;
    if (same_kind(run, flow, hit)) {
        const struct position_hit *last = &run->hits[(run->count - 1) % WEAK_JOINED_MIN];
        if (last->longitude_deg == hit->longitude_deg && last->latitude_deg == hit->latitude_deg)
            return WEAK_DROP;
        if (goes_on(last, hit)) {
            run->hits[run->count % WEAK_JOINED_MIN] = *hit;
            run->count++;
            run->astray = 0;
            /* Never again 0, which is none. */
            if (run->count == UINT32_MAX)
                run->count = WEAK_JOINED_MIN * 2;
            return run->count < WEAK_JOINED_MIN ? WEAK_DROP : run->count == WEAK_JOINED_MIN ? WEAK_KEEP_ALL : WEAK_KEEP;
        }
        if (run->count >= WEAK_JOINED_MIN && run->astray++ < WEAK_ASTRAY_MAX)
            return WEAK_DROP;
    }
    run->flow = flow;
    run->count = 1;
    run->astray = 0;
    run->hits[0] = *hit;
    return WEAK_DROP;
}
