#include "leak/plant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct site sites[SITE_COUNT] = {
    [SITE_ATLANTIC] = { "north and west", -30.2531, 42.4876 },
    [SITE_SOUTH] = { "south and east", 81.3312, -38.7145 },
    [SITE_EQUATOR_GREENWICH] = { "across equator and Greenwich", -0.0061, -0.0052 },
    [SITE_DATE_LINE] = { "across the date line", 179.9942, -47.2218 },
};

const struct flight_plan survey = { 0, 0, 1100, 60, 20000, 12, 10 };

struct track_point shifted_by(const struct track_point *p, double east_m, double north_m)
{
    struct track_point q = *p;

    q.latitude_deg += north_m / 111194.9;
    q.longitude_deg += east_m / (111194.9 * cos(p->latitude_deg * M_PI / 180));
    if (q.longitude_deg > 180)
        q.longitude_deg -= 360;
    return q;
}

void fly(const struct site *site, const struct flight_plan *plan, struct track_point *into)
{
    const struct track_point corner = { site->longitude_deg, site->latitude_deg, 0 };
    const double step_m = plan->speed_m_s / plan->hz, lap_m = 2 * (plan->row_m + plan->spacing_m);

    for (size_t i = 0; i < plan->points; i++) {
        const double along = (double)i * step_m, laps = floor(along / lap_m), rest = along - laps * lap_m;
        double east, north = laps * 2 * plan->spacing_m;
        if (rest < plan->row_m) {
            east = rest;
        } else if (rest < plan->row_m + plan->spacing_m) {
            east = plan->row_m;
            north += rest - plan->row_m;
        } else if (rest < 2 * plan->row_m + plan->spacing_m) {
            east = 2 * plan->row_m + plan->spacing_m - rest;
            north += plan->spacing_m;
        } else {
            east = 0;
            north += rest - 2 * plan->row_m;
        }
        into[i] = shifted_by(&corner, plan->offset_east_m + east, plan->offset_north_m + north);
        into[i].time_utc_ns = FLIGHT_START_NS + (int64_t)((double)i * 1e9 / plan->hz);
    }
}

uint64_t random_next(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

void random_fill(uint64_t *state, uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)random_next(state);
}

struct secrets *secrets_with_flight(const struct site *site)
{
    struct secrets *s = secrets_new();
    struct track_point *points = calloc(survey.points, sizeof *points);

    assert_non_null(points);
    fly(site, &survey, points);
    for (size_t i = 0; i < survey.points; i++)
        secrets_add_point(s, TEXT("flight-1"), SUBJECT_AIRCRAFT, points[i].longitude_deg, points[i].latitude_deg,
                          points[i].time_utc_ns);
    free(points);
    return s;
}

void find(const struct leak_index *index, struct bytes b, size_t chunk, struct text_list decoding, struct found *found)
{
    struct payload_search *search = leak_search_new(index);
    const struct payload_source source = {
        .flow = 7, .destination = TEXT("collector.example"), .decoding = decoding,
        .packet_first = 1, .offset = 0, .at_utc_ns = FLIGHT_START_NS,
    };
    int64_t packet = 1;

    kept_facts_init(&found->facts);
    found->reading = reading_for_test(&found->facts);
    struct payload_view *view = search->open(search, &found->reading, &source);
    for (uint64_t at = 0; at < b.len; at += chunk)
        search->feed(view, bytes_part(b, at, chunk), packet++, FLIGHT_START_NS);
    search->close(view);
    leak_search_item_done(search, &found->reading);
    leak_search_free(search);
}

void found_done(struct found *f)
{
    reading_for_test_done(&f->reading);
    kept_facts_done(&f->facts);
}

size_t leak_count(const struct found *f)
{
    return kept_facts_count(&f->facts, FACT_LEAK);
}

const struct fact_leak *leak_row(const struct found *f, size_t nth)
{
    return kept_facts_row(&f->facts, FACT_LEAK, nth);
}

const struct fact_search *search_row(const struct found *f)
{
    return kept_facts_row(&f->facts, FACT_SEARCH, 0);
}

const struct fact_leak *leak_with(const struct found *f, const char *claim_key)
{
    for (size_t i = 0; i < leak_count(f); i++)
        if (text_equal(leak_row(f, i)->claim_key, text_of(claim_key)))
            return leak_row(f, i);
    return NULL;
}

void put_number(struct buffer *b, enum number_kind kind, bool big_endian, double degrees)
{
    const unsigned width = number_formats[kind].width;
    const uint64_t raw = number_raw(kind, degrees);

    if (width == 0) { /* a varint */
        uint64_t rest = raw;
        for (; rest >= 0x80; rest >>= 7)
            buffer_add_u8(b, (uint8_t)(rest | 0x80));
        buffer_add_u8(b, (uint8_t)rest);
    }
    for (unsigned i = 0; i < width; i++)
        buffer_add_u8(b, (uint8_t)(raw >> 8 * (big_endian ? width - 1 - i : i)));
}
