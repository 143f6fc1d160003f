/* A flight as people fly it, sent as programs send it: irregular, with gaps, hovering, rounded,
 * by another receiver, one position a request, beside other positions.  What the recall and
 * controls tests leave out. */
#include "leak/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOWN = 7000, HZ = 5, SENT_MAX = 400, TRIALS = 40 };

static struct track_point flown[FLOWN];
static struct secrets *secrets;
static struct leak_index *index_of_flight;

static double gauss(uint64_t *random)
{
    return sqrt(-2 * log(random_unit(random) + 1e-300)) * cos(2 * M_PI * random_unit(random));
}

/* Legs, curves and hovering over 25 minutes, within about a kilometre. */
static void fly_by_hand(uint64_t *random, struct track_point *into)
{
    const struct track_point start = { sites[SITE_SOUTH].longitude_deg, sites[SITE_SOUTH].latitude_deg, 0 };
    double east = 0, north = 0, heading = 0, speed = 0, turn = 0, wanted = 8;
    int left = 0;

    for (int i = 0; i < FLOWN; i++) {
        if (left-- <= 0) { /* another manoeuvre */
            const double what = random_unit(random);
            left = HZ * (5 + (int)(random_unit(random) * 25));
            wanted = what < 0.2 ? 0 : 4 + random_unit(random) * 9;
            turn = what < 0.5 ? 0 : (random_unit(random) - 0.5) * 0.5;
            if (hypot(east, north) > 500) /* back towards the pilot */
                heading = atan2(-north, -east) + (random_unit(random) - 0.5);
        }
        speed += fmin(fmax(wanted - speed, -0.6), 0.6);
        heading += turn / HZ;
        east += speed * cos(heading) / HZ + gauss(random) * 0.02;
        north += speed * sin(heading) / HZ + gauss(random) * 0.02;
        into[i] = shifted_by(&start, east, north);
        into[i].time_utc_ns = FLIGHT_START_NS + (int64_t)i * 1000000000 / HZ;
    }
}

static int prepare(void **state)
{
    uint64_t random = 31;

    (void)state;
    fly_by_hand(&random, flown);
    secrets = secrets_new();
    for (int i = 0; i < FLOWN; i++)
        secrets_add_point(secrets, TEXT("flight-1"), SUBJECT_AIRCRAFT, flown[i].longitude_deg, flown[i].latitude_deg,
                          flown[i].time_utc_ns);
    index_of_flight = leak_index_new(secrets, NULL);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    leak_index_free(index_of_flight);
    secrets_free(secrets);
    return 0;
}

struct manner {
    const char *name;
    double step_s, jitter, gap_share; /* between positions; up or down by this part; how often 10 to 60 s are missing */
    double noise_m;                   /* of a receiver of its own, wandering slowly */
    int decimals;                     /* text; 0: doubles */
    bool home;                        /* the take-off point in every record */
    bool times;                       /* Unix milliseconds in every record */
    double path_min, track_min;       /* of the trials: "this flight"; that or "along the rows" */
};

static const struct manner manners[] = {
    { "every second",                  1, 0,   0,    0,   7, false, false, 1.0,  1.0 },
    { "every 5 s",                     5, 0,   0,    0,   7, false, false, 1.0,  1.0 },
    { "irregular, 1 s",                1, 0.9, 0,    0,   7, false, false, 1.0,  1.0 },
    { "irregular, 3 s, with gaps",     3, 0.6, 0.05, 0,   7, false, false, 0.85, 1.0 },
    { "as doubles, irregular",         2, 0.9, 0.03, 0,   0, false, false, 0.85, 1.0 },
    { "five decimals",                 2, 0.3, 0.02, 0,   5, false, false, 0.95, 1.0 },
    { "four decimals",                 2, 0.3, 0.02, 0,   4, false, false, 0.5,  0.9 },
    { "another receiver, 1.3 m",       2, 0.3, 0.02, 1.3, 7, false, false, 0.8,  0.95 },
    { "another receiver, 2 m",         2, 0.3, 0.02, 2.0, 7, false, false, 0,    0.8 },
    { "home beside every position",    2, 0.3, 0.02, 0,   7, true,  false, 0.9,  1.0 },
    { "with times",                    4, 0.6, 0.05, 2.0, 6, false, true,  1.0,  1.0 },
};

/* Whether there is a path to be seen in it: enough places, and not all in a line. */
static bool telling(const struct track_point *p, size_t count)
{
    size_t places = 0, last = 0;
    double west = 180, east = -180, south = 90, north = -90;

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || hypot((p[i].latitude_deg - p[last].latitude_deg) * 111195,
                            (p[i].longitude_deg - p[last].longitude_deg) * 86800) >= 6) {
            places++;
            last = i;
        }
        west = fmin(west, p[i].longitude_deg);
        east = fmax(east, p[i].longitude_deg);
        south = fmin(south, p[i].latitude_deg);
        north = fmax(north, p[i].latitude_deg);
    }
    return places >= 20 && (east - west) * 86800 > 60 && (north - south) * 111195 > 60;
}

static size_t sample(uint64_t *random, const struct manner *m, struct track_point *into)
{
    const double seconds = fmax(120, 60 * m->step_s), from = random_unit(random) * (FLOWN / HZ - seconds);
    double noise_e = 0, noise_n = 0;
    size_t count = 0;

    for (double at = from; at < from + seconds && count < SENT_MAX;) {
        const struct track_point *p = &flown[(int)(at * HZ)];
        noise_e = 0.9 * noise_e + m->noise_m * 0.43589 * gauss(random);
        noise_n = 0.9 * noise_n + m->noise_m * 0.43589 * gauss(random);
        into[count] = shifted_by(p, noise_e, noise_n);
        into[count++].time_utc_ns = p->time_utc_ns;
        at += m->step_s * (1 + m->jitter * (2 * random_unit(random) - 1));
        if (random_unit(random) < m->gap_share)
            at += 10 + 50 * random_unit(random);
    }
    return count;
}

static void put_record(struct buffer *b, uint64_t *random, const struct manner *m, const struct track_point *p)
{
    if (m->decimals == 0) {
        buffer_add(b, "record__", 3 + random_next(random) % 5);
        put_number(b, NUMBER_DOUBLE, false, p->latitude_deg);
        put_number(b, NUMBER_DOUBLE, false, p->longitude_deg);
        return;
    }
    buffer_printf(b, "{\"n\":%d", (int)(random_next(random) % 1000));
    if (m->times)
        buffer_printf(b, ",\"t\":%lld", (long long)(p->time_utc_ns / 1000000));
    buffer_printf(b, ",\"lat\":%.*f,\"lon\":%.*f", m->decimals, p->latitude_deg, m->decimals, p->longitude_deg);
    if (m->home)
        buffer_printf(b, ",\"home\":{\"lat\":%.7f,\"lon\":%.7f}", flown[0].latitude_deg, flown[0].longitude_deg);
    buffer_printf(b, "}\n");
}

static void found_in_every_manner(void **state)
{
    uint64_t random = 77;
    int too_few = 0;

    (void)state;
    for (size_t k = 0; k < sizeof manners / sizeof *manners; k++) {
        const struct manner *m = &manners[k];
        int path = 0, track = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            struct track_point sent[SENT_MAX];
            struct buffer b;
            struct found f;
            size_t count = 0;
            while (!telling(sent, count))
                count = sample(&random, m, sent);
            buffer_init(&b, 1 << 20);
            for (size_t i = 0; i < count; i++)
                put_record(&b, &random, m, &sent[i]);
            find(index_of_flight, (struct bytes){ .at = b.at, .len = b.len }, 1 + random_next(&random) % 1400,
                 (struct text_list){ NULL, 0 }, &f);
            path += leak_with(&f, "path_sent") != NULL;
            track += leak_with(&f, "path_sent") || leak_with(&f, "track_along_rows");
            found_done(&f);
            buffer_done(&b);
        }
        print_message("# %s: %d of %d \"this flight\", %d that or \"along the rows\"\n", m->name, path, TRIALS, track);
        too_few += path < m->path_min * TRIALS || track < m->track_min * TRIALS;
    }
    assert_int_equal(too_few, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_in_every_manner),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
