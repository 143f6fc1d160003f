/* What must not become a finding: chance, and other people's flights. */
#include "leak/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 200, POINTS = 50 };

static struct secrets *secrets;
static struct leak_index *index_of_flight;
static struct track_point *flown;

static int prepare(void **state)
{
    (void)state;
    flown = calloc(survey.points, sizeof *flown);
    fly(&sites[SITE_ATLANTIC], &survey, flown);
    secrets = secrets_with_flight(&sites[SITE_ATLANTIC]);
    index_of_flight = leak_index_new(secrets, NULL);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    leak_index_free(index_of_flight);
    secrets_free(secrets);
    free(flown);
    return 0;
}

/* A corner of the survey's box and its size in metres. */
static const struct track_point corner = { -30.2531, 42.4876, 0 };
#define WIDTH_M 1100.0
#define HEIGHT_M 1200.0

static void random_points(uint64_t *random, struct track_point *into)
{
    for (int i = 0; i < POINTS; i++)
        into[i] = shifted_by(&corner, random_unit(random) * WIDTH_M, random_unit(random) * HEIGHT_M);
}

static void random_walk(uint64_t *random, struct track_point *into)
{
    double east = random_unit(random) * WIDTH_M, north = random_unit(random) * HEIGHT_M,
        heading = random_unit(random) * 7;
    const double step = 1.2 + random_unit(random) * 30;

    for (int i = 0; i < POINTS; i++) {
        into[i] = shifted_by(&corner, east, north);
        heading += random_unit(random) - 0.5;
        east += step * cos(heading);
        north += step * sin(heading);
        /* Turned back, not clamped: the border of the box is part of the path. */
        if (east < 0 || east > WIDTH_M)
            heading = M_PI - heading;
        if (north < 0 || north > HEIGHT_M)
            heading = -heading;
    }
}

static void diagonal(uint64_t *random, struct track_point *into)
{
    const double angle = 0.2 + random_unit(random), step = 5 + random_unit(random) * 15;
    const double east = random_unit(random) * 200, north = random_unit(random) * 200;

    for (int i = 0; i < POINTS; i++)
        into[i] = shifted_by(&corner, east + i * step * cos(angle), north + i * step * sin(angle));
}

static void fixed_point(uint64_t *random, struct track_point *into)
{
    const double east = random_unit(random) * WIDTH_M, north = random_unit(random) * HEIGHT_M;

    /* Receivers wander by a metre or two. */
    for (int i = 0; i < POINTS; i++)
        into[i] = shifted_by(&corner, east + random_unit(random) * 2, north + random_unit(random) * 2);
}

static void sample(uint64_t *random, const struct flight_plan *plan, struct track_point *into)
{
    struct track_point *points = calloc(plan->points, sizeof *points);
    const size_t step = 1 + random_next(random) % 60, start = random_next(random) % (plan->points - POINTS * step);

    assert_non_null(points);
    fly(&sites[SITE_ATLANTIC], plan, points);
    for (size_t i = 0; i < POINTS; i++)
        into[i] = points[start + i * step];
    free(points);
}

static void survey_next_door(uint64_t *random, struct track_point *into)
{
    const struct flight_plan plan = { 400, 0, 1100, 70, 8000, 12, 10 };

    sample(random, &plan, into);
}

static void straight_along_rows(uint64_t *random, struct track_point *into)
{
    const double north = random_unit(random) * HEIGHT_M, step = 1.2 * (double)(1 + random_next(random) % 18);

    for (int i = 0; i < POINTS; i++)
        into[i] = shifted_by(&corner, i * step, north);
}

static void other_survey(uint64_t *random, struct track_point *into)
{
    const struct flight_plan plan = {
        (random_unit(random) - 0.5) * 800, (random_unit(random) - 0.5) * 400, 1100, 30 +
            random_unit(random) * 60, 8000, 12, 10
    };

    sample(random, &plan, into);
}

/* The hard one: a colleague on the very same rows, who only turns elsewhere. */
static void same_rows(uint64_t *random, struct track_point *into)
{
    const struct flight_plan plan = { 40 + random_unit(random) * 300, 0, 1100, 60, 8000, 12, 10 };

    sample(random, &plan, into);
}

/* The same with every way of sampling that recall asks for: uneven steps, gaps, another receiver. */
static void same_rows_unevenly(uint64_t *random, struct track_point *into)
{
    const struct flight_plan plan = { 40 + random_unit(random) * 300, 0, 1100, 60, 8000, 12, 10 };
    const double step = 3 + random_unit(random) * 40, noise = random_unit(random) * 2;
    struct track_point *points = calloc(plan.points, sizeof *points);
    double at = random_unit(random) * 2000;

    assert_non_null(points);
    fly(&sites[SITE_ATLANTIC], &plan, points);
    for (size_t i = 0; i < POINTS; i++) {
        into[i] = shifted_by(&points[(size_t)at], (random_unit(random) - 0.5) * 2 * noise,
                             (random_unit(random) - 0.5) * 2 * noise);
        at += step * (0.4 + 1.2 * random_unit(random)) + (random_unit(random) < 0.05 ? 100 : 0);
        at = fmin(at, (double)plan.points - 1);
    }
    free(points);
}

/* Right angles, a street every 60 m as the rows are, and the receiver of a phone. */
static void car(uint64_t *random, struct track_point *into)
{
    double east = floor(random_unit(random) * 18) * 60, north = floor(random_unit(random) * 20) * 60, left = 60,
        wander = 0;
    const double speed = 6 + random_unit(random) * 9, grid_east = random_unit(random) * 60,
        grid_north = random_unit(random) * 60;
    int heading = (int)(random_next(random) % 4);

    for (int i = 0; i < POINTS; i++) {
        for (double go = speed; go > 0;) {
            const double part = fmin(go, left);
            east += part * (heading == 0) - part * (heading == 2);
            north += part * (heading == 1) - part * (heading == 3);
            go -= part;
            left -= part;
            if (left <= 0) {
                left = 60;
                heading = (heading + (random_unit(random) < 0.4 ? random_next(random) & 1 ? 1 : 3 : 0)) % 4;
            }
        }
        wander = 0.9 * wander + (random_unit(random) - 0.5);
        into[i] = shifted_by(&corner, grid_east + east + wander, grid_north + north - wander);
    }
}

struct control {
    const char *name;
    void (*make)(uint64_t *random, struct track_point *into);
    bool rows_allowed; /* "a track along the rows" is true of it */
};

static const struct control controls[] = {
    { "random points", random_points, false },
    { "random walk", random_walk, false },
    { "diagonal line", diagonal, false },
    { "fixed point", fixed_point, false },
    { "survey 400 m away, rows 70 m apart", survey_next_door, true },
    { "straight line along the rows", straight_along_rows, true },
    { "other survey, random offset and spacing", other_survey, true },
    { "same rows, other turns", same_rows, true },
    { "same rows, unevenly", same_rows_unevenly, true },
    { "car on streets as far apart as the rows", car, true },
};

static void one_control(const struct control *c, bool as_text)
{
    uint64_t random = 990017; /* thresholds were chosen with other seeds */
    int path = 0, rows = 0;

    for (int trial = 0; trial < TRIALS; trial++) {
        struct track_point points[POINTS];
        struct buffer b;
        struct found f;
        buffer_init(&b, 1 << 16);
        c->make(&random, points);
        for (int i = 0; i < POINTS; i++) {
            if (as_text) {
                buffer_printf(&b, "[%.7f,%.7f],", points[i].latitude_deg, points[i].longitude_deg);
            } else {
                put_number(&b, NUMBER_DOUBLE, false, points[i].latitude_deg);
                put_number(&b, NUMBER_DOUBLE, false, points[i].longitude_deg);
                buffer_add(&b, "record__", 8);
            }
        }
        find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 1400, (struct text_list){ NULL, 0 }, &f);
        path += leak_with(&f, "path_sent") != NULL;
        rows += leak_with(&f, "track_along_rows") != NULL;
        found_done(&f);
        buffer_done(&b);
    }
    print_message("# %s as %s: %d of %d \"this flight\", %d along the rows\n", c->name, as_text ? "text" : "doubles",
                  path, TRIALS, rows);
    assert_int_equal(path, 0);
    if (!c->rows_allowed)
        assert_int_equal(rows, 0);
}

static void other_tracks_are_not_this_flight(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        for (int as_text = 0; as_text < 2; as_text++)
            one_control(&controls[i], as_text);
}

/* The same points with times of another day do not become this flight by their times. */
static void other_times_do_not_agree(void **state)
{
    struct buffer b;
    struct found f;

    (void)state;
    buffer_init(&b, 1 << 16);
    for (int i = 0; i < POINTS; i++) {
        /* one straight row, in reverse order, with times from inside the flight */
        const struct track_point *p = &flown[(POINTS - i) * 9];
        buffer_printf(&b, "{\"t\":%lld,\"lat\":%.6f,\"lon\":%.6f},",
                      (long long)(FLIGHT_START_NS / 1000000000 + 900 + i),
                      p->latitude_deg, p->longitude_deg);
    }
    find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 700, (struct text_list){ NULL, 0 }, &f);
    assert_null(leak_with(&f, "path_sent"));
    found_done(&f);
    buffer_done(&b);
}

static void chance_is_no_finding(void **state)
{
    enum { BYTES = 24 << 20 };
    uint64_t random = 12345;
    uint8_t *at = malloc(BYTES);
    struct found f;

    (void)state;
    assert_non_null(at);
    for (size_t i = 0; i < BYTES; i += 8) {
        const uint64_t word = random_next(&random);
        memcpy(at + i, &word, 8);
    }
    find(index_of_flight, (struct bytes){ .at = at, .len = BYTES }, 1 << 16, (struct text_list){ NULL, 0 }, &f);
    assert_int_equal(leak_count(&f), 0);
    const struct fact_search *row = search_row(&f);
    assert_int_equal(row->bytes_searched, BYTES);
    print_message("# %d bytes of chance: %d candidates, %.2f expected\n", BYTES, (int)row->candidates,
                  row->expected_false_hits);
    assert_true(row->candidates <= 12 + 4 * row->expected_false_hits);
    found_done(&f);
    free(at);
}

/* One pair never is a finding, three in neighbouring records are, three strewn over a
 * megabyte each are not. */
static void pairs_add_up(void **state)
{
    static const struct {
        int pairs;
        size_t apart;
        enum number_kind kind;
        bool finding;
    } cases[] = {
        { 1, 40, NUMBER_DOUBLE, false }, { 2, 40, NUMBER_DOUBLE, true }, { 1, 40, NUMBER_INT32_1E7, false },
        { 2, 40, NUMBER_INT32_1E7, false }, { 4, 40, NUMBER_INT32_1E7, true }, { 4, 1 << 22, NUMBER_INT32_1E7, false },
        { 2, 1 << 19, NUMBER_DOUBLE, true }, { 1, 40, NUMBER_FLOAT, false },
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct buffer b;
        struct found f;
        buffer_init(&b, 64 << 20);
        for (int i = 0; i < cases[c].pairs; i++) {
            /* inside the area, between two rows */
            const struct track_point p = shifted_by(&corner, 100 + 37.77 * i, 30);
            memset(buffer_extend(&b, cases[c].apart), '.', cases[c].apart);
            put_number(&b, cases[c].kind, true, p.latitude_deg);
            put_number(&b, cases[c].kind, true, p.longitude_deg);
        }
        find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 65536, (struct text_list){ NULL, 0 }, &f);
        if ((leak_count(&f) > 0) != cases[c].finding)
            fail_msg("%d pairs of %s, %zu bytes apart", cases[c].pairs, number_formats[cases[c].kind].name,
                     cases[c].apart);
        if (leak_count(&f)) {
            assert_text_equal(leak_row(&f, 0)->claim_key, "positions_in_area");
            assert_true(leak_row(&f, 0)->evidence_bits >= 70);
        } else {
            assert_int_equal(search_row(&f)->candidates, cases[c].pairs);
        }
        found_done(&f);
        buffer_done(&b);
    }
}

/* A constant in every record is one pair, however often it comes. */
static void repetition_is_no_evidence(void **state)
{
    const struct track_point p = shifted_by(&corner, 333, 30);
    struct buffer b;
    struct found f;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int i = 0; i < 500; i++) {
        buffer_printf(&b, "record %d.", i);
        put_number(&b, NUMBER_INT32_1E7, false, p.latitude_deg);
        put_number(&b, NUMBER_INT32_1E7, false, p.longitude_deg);
    }
    find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 1000, (struct text_list){ NULL, 0 }, &f);
    assert_int_equal(leak_count(&f), 0);
    /* One for each arrangement: the longitude behind, in the next record, in the one before. */
    assert_in_range(search_row(&f)->candidates, 1, 7);
    found_done(&f);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_tracks_are_not_this_flight),
        cmocka_unit_test(other_times_do_not_agree),
        cmocka_unit_test(chance_is_no_finding),
        cmocka_unit_test(pairs_add_up),
        cmocka_unit_test(repetition_is_no_evidence),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
