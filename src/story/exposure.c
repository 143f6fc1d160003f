#include "story/exposure.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "story/timeline.h"

static const struct { const char *word, *says; } sources[] = {
    { "live", "is" }, { "app", "is (the phone or controller)" }, { "takeoff", "took off" }, { "home", "set the home point" },
    { "fixed", "is said to be" },
};
enum { SOURCES = sizeof sources / sizeof *sources };

static const struct { const char *word, *says; } carriers[] = {
    { "wifi_beacon", "Wi-Fi beacons" }, { "wifi_probe_response", "Wi-Fi probe responses" }, { "wifi_nan", "Wi-Fi NAN frames" },
    { "bluetooth_legacy", "Bluetooth 4 advertisements" }, { "bluetooth_extended", "Bluetooth 5 advertisements" },
    { "bluetooth_long_range", "Bluetooth long range advertisements" }, { "ocusync", "OcuSync bursts" },
};

/* What one carrier told of one kind of place. */
struct told {
    int64_t *times;               /* of frames with a place, as they came */
    size_t count, room, left_out;
    uint64_t *places;             /* a set of hashes: slots, 0 free */
    size_t place_count;
    double first_longitude_deg, first_latitude_deg, moved_m;
    double longitude_deg, latitude_deg;
    struct text id;               /* of the first row */
};

struct exposing {
    const struct story_run *run;
    struct arena *arena;          /* of the group that is added up */
    struct text uas_id, kind, carrier;
    int64_t frames;
    struct told told[SOURCES];
    int64_t rows;
    int error;
};

static struct text borrowed(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

static void add_place(struct told *t, double longitude_deg, double latitude_deg)
{
    enum { SLOTS = 2 * EXPOSURE_PLACES_MAX };
    const double place[2] = { longitude_deg, latitude_deg };
    const uint64_t hash = hash_mix(place, sizeof place, 1) | 1;

    if (t->count == 0) {
        t->first_longitude_deg = longitude_deg;
        t->first_latitude_deg = latitude_deg;
        t->moved_m = 0;
        t->places = memory_alloc_array(SLOTS, sizeof *t->places);
    }
    t->longitude_deg = longitude_deg;
    t->latitude_deg = latitude_deg;
    t->moved_m = fmax(t->moved_m, place_distance_m(t->first_longitude_deg, t->first_latitude_deg, longitude_deg,
                                                   latitude_deg));
    size_t slot = hash % SLOTS;
    while (t->places[slot] && t->places[slot] != hash)
        slot = (slot + 1) % SLOTS;
    if (!t->places[slot] && t->place_count < EXPOSURE_PLACES_MAX) {
        t->places[slot] = hash;
        t->place_count++;
    }
}

static void add_time(struct told *t, int64_t at_ns)
{
    if (t->count == EXPOSURE_TIMES_MAX) {
        t->left_out++;
        return;
    }
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 64;
        t->times = memory_resize_array(t->times, t->room, sizeof *t->times);
    }
    t->times[t->count++] = at_ns;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Fills first, last, told_s and interval_s, of the frames whose time is known. */
static void measure(struct told *t, struct fact_exposure *row)
{
    size_t known = 0;

    for (size_t i = 0; i < t->count; i++)
        if (fact_known_int(t->times[i]))
            t->times[known++] = t->times[i];
    if (known == 0)
        return;
    qsort(t->times, known, sizeof *t->times, compare_times);
    row->first = t->times[0];
    row->last = t->times[known - 1];
    row->told_s = 0;
    if (known < 2)
        return;
    double *steps = memory_alloc_array(known - 1, sizeof *steps);
    for (size_t i = 1; i < known; i++) {
        steps[i - 1] = time_between_s(t->times[i - 1], t->times[i]);
        row->told_s += steps[i - 1] <= EXPOSURE_PAUSE_S ? steps[i - 1] : 0;
    }
    qsort(steps, known - 1, sizeof *steps, compare_reals);
    row->interval_s = steps[(known - 1) / 2];
    free(steps);
}

/* The step of the format's numbers, along a meridian. */
static double resolution_m(struct text kind)
{
    const double degree_m = 111195, radian_m = 6371008.8;

    if (text_equal(kind, TEXT("remote_id")))
        return 1e-7 * degree_m;
    if (text_equal(kind, TEXT("french")))
        return 1e-5 * degree_m;
    return 1e-7 * radian_m;
}

static struct text sentence(struct exposing *x, const struct fact_exposure *row, size_t source)
{
    struct arena *a = x->arena;
    const char *by = "Radio frames";
    struct text often = TEXT(""), moved = TEXT("");

    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
        if (text_equal(row->carrier, text_of(carriers[i].word)))
            by = carriers[i].says;
    if (fact_known_real(row->interval_s))
        often = arena_printf(a, " within %.0f min %02.0f s, mostly every %.1f s", floor(row->told_s / 60),
                             fmod(floor(row->told_s), 60),
                             row->interval_s);
    if (row->places > 1)
        moved = arena_printf(a, "; %lld different places, up to %.0f m apart", (long long)row->places, row->moved_m);
    return arena_printf(a, "%s of %.*s told everybody in range where the person flying %s, %lld %s%.*s, in steps of %.2f m%.*s.",
                        by, text_known(row->uas_id) ? (int)row->uas_id.len : 11, text_known(row->uas_id) ? row->uas_id.at : "an aircraft",
                        sources[source].says, (long long)row->told, row->told == 1 ? "time" : "times", (int)often.len, often.at,
                        row->resolution_m, (int)moved.len, moved.at);
}

static void put_told(struct exposing *x, size_t source)
{
    struct told *t = &x->told[source];
    struct fact_exposure row;
    struct text ids[1] = { t->id };

    fact_init(FACT_EXPOSURE, &row);
    row.head.id = arena_printf(x->arena, "exposure-%lld", (long long)++x->rows);
    row.head.origin.rows = (struct text_list){ ids, 1 };
    row.uas_id = x->uas_id;
    row.kind = x->kind;
    row.carrier = x->carrier;
    row.operator_source = text_of(sources[source].word);
    row.frames = x->frames;
    row.told = (int64_t)(t->count + t->left_out);
    row.places = (int64_t)t->place_count;
    row.moved_m = t->moved_m;
    row.resolution_m = resolution_m(x->kind);
    row.longitude_deg = t->longitude_deg;
    row.latitude_deg = t->latitude_deg;
    measure(t, &row);
    row.statement = sentence(x, &row, source);
    if (!x->error)
        x->error = x->run->put(x->run->user, FACT_EXPOSURE, &row);
}

static void end_group(struct exposing *x)
{
    for (size_t i = 0; i < SOURCES; i++) {
        if (x->told[i].count)
            put_told(x, i);
        free(x->told[i].times);
        free(x->told[i].places);
        x->told[i] = (struct told){ .count = 0 };
    }
    x->frames = 0;
    arena_reset(x->arena);
}

static bool is_other(const struct exposing *x, sqlite3_stmt *row)
{
    return x->frames == 0 || text_compare(x->uas_id, borrowed(row, 0)) != 0 ||
        text_compare(x->kind, borrowed(row, 1)) != 0 ||
           text_compare(x->carrier, borrowed(row, 2)) != 0;
}

static struct text kept(struct exposing *x, sqlite3_stmt *row, int column)
{
    const struct text t = borrowed(row, column);

    return text_known(t) ? arena_text(x->arena, t) : t;
}

static void take(struct exposing *x, sqlite3_stmt *row)
{
    if (is_other(x, row)) {
        end_group(x);
        x->uas_id = kept(x, row, 0);
        x->kind = kept(x, row, 1);
        x->carrier = kept(x, row, 2);
    }
    x->frames++;
    if (sqlite3_column_type(row, 5) == SQLITE_NULL)
        return;
    const struct text said = borrowed(row, 3);
    int64_t at_ns;
    for (size_t i = 0; i < SOURCES; i++) {
        struct told *t = &x->told[i];
        if (!text_known(said) ? strcmp(sources[i].word, "fixed") != 0 : !text_equal(said, text_of(sources[i].word)))
            continue;
        if (t->count == 0)
            t->id = kept(x, row, 7);
        add_place(t, sqlite3_column_double(row, 5), sqlite3_column_double(row, 6));
        add_time(t, timestamp_parse(borrowed(row, 4), &at_ns) ? at_ns : FACT_UNKNOWN_INT);
    }
}

int exposures_tell(struct sqlite3 *db, const struct story_run *run)
{
    /* Nobody hears what goes over the wire to the transmitter. */
    static const char sql[] =
        "SELECT uas_id, kind, carrier, operator_source, at, operator_longitude_deg, operator_latitude_deg, id"
        " FROM broadcast WHERE carrier IS NOT 'mavlink' AND ifnull(anomalies, '') NOT LIKE '%\"bystander\"%' ORDER BY uas_id, kind, carrier, fid";
    struct exposing x = { .run = run, .arena = arena_new(0) };
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);

    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(row);
        if (code == SQLITE_ROW)
            take(&x, row);
    }
    end_group(&x);
    sqlite3_finalize(row);
    arena_free(x.arena);
    return x.error ? x.error : code == SQLITE_DONE ? 0 : -EIO;
}
