/* Polylines inside views.  They have no child: what they hold are positions. */
#include "leak/view_decoders.h"

static void give_point(struct view *v, const struct polyline_point *p, struct bytes seen, uint64_t end, unsigned start,
                       int precision, bool chained)
{
    static const double scales[2] = { 1e5, 1e6 };
    const struct position_index *positions = v->engine->index->positions;
    const struct position_pair pair = {
        .latitude_deg = p->latitude / scales[precision], .longitude_deg = p->longitude / scales[precision],
        .length = p->chars, .encoding = (uint8_t)(precision ? POSITION_POLYLINE_6 : POSITION_POLYLINE_5), .delta =
            (int8_t)(1 + start),
        .chained = chained, .cell_m = (float)(111194.9 / scales[precision]),
    };

    if (!(position_areas_at_latitude(positions, pair.latitude_deg) & position_areas_at_longitude(positions,
                                                                                                 pair.longitude_deg)))
        return;
    struct view_place place = view_place_at(v, end - p->chars);
    place.seen = seen;
    v->engine->sink.pair(v->engine->sink.user, v->root, &place, &pair, (struct bytes){ 0 });
}

void polyline_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    struct view_decoders *d = v->decoders;

    for (unsigned n = 0; n < POLYLINE_STARTS; n++) {
        struct polyline_point point;
        size_t i = 0;
        bool over = false;
        if (!(d->polylines_open >> n & 1))
            continue;
        while (polyline_next(&d->polylines[n], at, len, &i, &point, &over)) {
            /* The first point says where on Earth it is, the others only how far they are from it. */
            const bool chained = d->polylines[n].points > 1;
            const struct bytes seen = { .at = at + i - (point.chars <= i ? point.chars : 0),
                                        .len = point.chars <= i ? point.chars : 0 };
            give_point(v, &point, seen, offset + i, n, 0, chained);
            give_point(v, &point, seen, offset + i, n, 1, chained);
        }
        if (over) {
            d->polylines_open &= (uint8_t)~(1u << n);
            d->polyline_next = offset + i > d->polyline_next ? offset + i : d->polyline_next;
        }
    }
}

/* Whether a number ends soon enough, of either start: words in small letters are none.  Characters from _ on go on. */
static bool any_number(const uint8_t *at, size_t len)
{
    enum { CHARS_MAX = 7, LAST_END = '^' };

    for (size_t i = 0; i < CHARS_MAX + POLYLINE_STARTS - 1; i++)
        if (i >= len || at[i] <= LAST_END)
            return true;
    return false;
}

void polyline_begin(struct view *v, const uint8_t *at, size_t len, uint64_t offset)
{
    if (!any_number(at, len))
        return;
    struct view_decoders *d = decoders_of(v);
    if (d->polylines_open || offset < d->polyline_next || v->engine->index->track_count == 0)
        return;
    for (unsigned n = 0; n < POLYLINE_STARTS && n < len; n++) {
        d->polylines[n] = (struct polyline){ .skip = (uint8_t)n };
        d->polylines_open |= (uint8_t)(1u << n);
    }
    polyline_more(v, at, len, offset);
}
