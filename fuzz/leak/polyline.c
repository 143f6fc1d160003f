/* Polylines: cut anywhere they give the same points. */
#include "support.h"

#include <stdlib.h>

#include "leak/polyline.h"

enum { POINTS_MAX = 4096 };

struct points {
    struct polyline_point list[POINTS_MAX];
    size_t count;
};

static bool feed(struct polyline *p, const uint8_t *at, size_t len, size_t base, struct points *into)
{
    struct polyline_point point;
    size_t i = 0;
    bool over;

    while (polyline_next(p, at, len, &i, &point, &over)) {
        point.end += base;
        if (point.end > base + len || point.chars < 2)
            abort();
        if (into->count < POINTS_MAX)
            into->list[into->count++] = point;
    }
    return !over;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct points whole, pieces;
    struct polyline a = { .skip = 0 }, b = { .skip = 0 };
    const size_t cut = size ? data[0] % size : 0;

    whole.count = pieces.count = 0;
    (void)feed(&a, data, size, 0, &whole);
    if (feed(&b, data, cut, 0, &pieces))
        (void)feed(&b, data + cut, size - cut, cut, &pieces);
    if (whole.count != pieces.count)
        abort();
    for (size_t i = 0; i < whole.count; i++)
        if (whole.list[i].latitude != pieces.list[i].latitude || whole.list[i].end != pieces.list[i].end)
            abort();
    return 0;
}
