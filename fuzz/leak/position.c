/* Bytes as one view, whole and in two pieces: binary positions and runs of them read nothing
 * beside it, and every kernel gives the same. */
#include "support.h"

#include <stdlib.h>

#include "leak/position_runs.h"

static struct position_index *fixed_index(void)
{
    static const struct geo_box boxes[] = { { -30.26, 42.47, -30.23, 42.50 }, { 179.99, -17, -179.99, -16.9 },
                                            { -0.01, -0.01, 0.01, 0.01 } };
    static struct position_index *index;

    if (!index)
        index = position_index_new(boxes, sizeof boxes / sizeof *boxes);
    return index;
}

struct seen {
    uint64_t pairs, runs, sum;
};

static void pair_seen(void *user, const struct position_pair *pair)
{
    struct seen *s = user;

    if (!(pair->latitude_deg >= -90 && pair->latitude_deg <= 90 && pair->longitude_deg >= -180 &&
          pair->longitude_deg <= 180))
        abort();
    s->pairs++;
    s->sum = s->sum * 31 + pair->at * 7 + pair->encoding + (uint64_t)pair->length;
}

static void run_seen(void *user, const struct position_pair *pair, uint64_t offset)
{
    struct seen *s = user;

    s->runs++;
    s->sum = s->sum * 31 + offset * 7 + pair->encoding;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WHOLE_MAX = 1 << 14 };
    struct position_index *index = fixed_index();
    struct seen first = { 0 };

    if (size > WHOLE_MAX)
        size = WHOLE_MAX;
    for (int kernel = FILTER_PLAIN; kernel < FILTER_COUNT; kernel++) {
        struct seen seen = { 0 };
        const struct position_events events = { .user = &seen, .pair = pair_seen, .run = run_seen };
        struct position_runs *runs = NULL;
        if (!position_index_use(index, (enum filter_kernel)kernel))
            continue;
        position_scan(index, &runs, data, size, 0, size, 0, &events);
        position_runs_free(runs);
        if (kernel == FILTER_PLAIN)
            first = seen;
        else if (first.pairs != seen.pairs || first.runs != seen.runs || first.sum != seen.sum)
            abort();
    }
    /* In two pieces, of which the second begins with what the first one kept. */
    struct seen seen = { 0 };
    const struct position_events events = { .user = &seen, .pair = pair_seen, .run = run_seen };
    struct position_runs *runs = NULL;
    const size_t end = size / 2, limit = end > POSITION_LOOK_AHEAD ? end - POSITION_LOOK_AHEAD : 0;
    const size_t from = limit > POSITION_LOOK_BEHIND ? limit - POSITION_LOOK_BEHIND : 0;
    position_scan(index, &runs, data, end, 0, limit, 0, &events);
    position_scan(index, &runs, data + from, size - from, limit - from, size - from, from, &events);
    position_runs_free(runs);
    if (seen.pairs != first.pairs || seen.runs != first.runs)
        abort();
    return 0;
}
