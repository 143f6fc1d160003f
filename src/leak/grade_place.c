#include "leak/grade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"

static int compare_places(const void *a, const void *b)
{
    const struct place_hit *x = a, *y = b;

    if (x->chain != y->chain)
        return x->chain < y->chain ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->coordinate < y->coordinate ? -1 : x->coordinate > y->coordinate;
}

static double size_m(const struct geo_box *b)
{
    const double middle = (b->south + b->north) / 2;

    return 111194.9 * fmax(geo_box_width_deg(b) * cos(middle * M_PI / 180), b->north - b->south);
}

/* How large an area the requests name together.  A map is asked for at many scales: those of
 * about the finest one say where it is looked at. */
static double revealed_m(const struct place_hit *places, size_t count)
{
    double finest = INFINITY;
    struct geo_box all = { 0 };
    bool any = false;

    for (size_t i = 0; i < count; i++)
        finest = fmin(finest, size_m(&places[i].box));
    for (size_t i = 0; i < count; i++) {
        const struct geo_box *b = &places[i].box;
        if (size_m(b) > 2 * finest)
            continue;
        all = !any ? *b : (struct geo_box){ fmin(all.west, b->west), fmin(all.south, b->south), fmax(all.east, b->east),
                                            fmax(all.north, b->north) };
        any = true;
    }
    /* Boxes on both sides of the date line: no more is said than the size of one. */
    return geo_box_width_deg(&all) > 180 ? finest : size_m(&all);
}

/* Of one chain and kind. */
static void grade_kind(const struct leak_index *index, const struct place_hit *places, size_t count,
                       void (*each)(void *user, const struct finding *finding), void *user)
{
    double bits = 0, sum = 0;

    for (size_t i = 0; i < count; i++) {
        const double gap = i ? (double)(places[i].coordinate - places[i - 1].coordinate) : 1;
        sum = fmax(places[i].bits, sum + places[i].bits - log2(fmax(gap, 1)));
        bits = fmax(bits, sum);
    }
    if (bits < PLACE_BITS)
        return;
    const struct index_track *track = &index->tracks[places[0].track];
    struct finding f = {
        .claim = CLAIM_AREA_REVEALED,
        .what = "place_reference",
        .secret = track->ids ? track->ids[0] : track->id,
        .chain = places[0].chain,
        .last_step = place_kind_name((enum place_kind)places[0].kind),
        .points = (int64_t)count,
        .evidence_bits = bits,
        .datum = datum_name(track->datum),
        .values = { .metres = revealed_m(places, count), .count = (int64_t)count },
        .from_utc_ns = FACT_UNKNOWN_INT,
        .to_utc_ns = FACT_UNKNOWN_INT,
        .first = places[0].where,
        .last = places[count - 1].last,
        .length = places[0].length,
    };
    for (; f.place_count < HIT_PLACES && f.place_count < count; f.place_count++)
        f.places[f.place_count] = &places[f.place_count];
    each(user, &f);
}

void grade_places(const struct leak_index *index, struct flow_hits *hits,
                  void (*each)(void *user, const struct finding *finding), void *user)
{
    if (hits->place_count)
        qsort(hits->places, hits->place_count, sizeof *hits->places, compare_places);
    for (size_t from = 0, to; from < hits->place_count; from = to) {
        const struct place_hit *first = &hits->places[from];
        for (to = from; to < hits->place_count && hits->places[to].chain == first->chain &&
             hits->places[to].kind == first->kind; to++)
            ;
        grade_kind(index, first, to - from, each, user);
    }
}
