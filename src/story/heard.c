#include "story/heard.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "story/heard_altitude.h"
#include "story/source.h"

/* One aircraft, by its id. */
struct heard {
    struct text id, first_row;     /* the latter: id of its first row in `broadcast` */
    int64_t from_ns, to_ns, frames;
    double takeoff_longitude_deg, takeoff_latitude_deg;   /* as it told last, or unknown */
    struct text takeoff_row;
    struct timeline track;
    struct heard_altitudes altitudes;
};

struct comparing {
    sqlite3 *db;
    const struct story_run *run;
    struct sources flights;
    struct heard *heard;
    size_t count;
    int64_t from_ns, to_ns;        /* of all that was heard */
    size_t told;                   /* rows of the flight that is compared */
    int error;
};

static struct text borrowed(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

static int compare_heard(const void *a, const void *b)
{
    const struct heard *x = a, *y = b;

    return text_compare(x->id, y->id);
}

static struct heard *find(struct comparing *c, struct text id)
{
    const struct heard key = { .id = id };

    return c->count ? bsearch(&key, c->heard, c->count, sizeof *c->heard, compare_heard) : NULL;
}

static void take_id(struct comparing *c, sqlite3_stmt *row)
{
    if (c->count == HEARD_AIRCRAFT_MAX)
        return;
    struct heard *h = &c->heard[c->count++];
    *h = (struct heard){ .id = arena_text(c->flights.arena, borrowed(row, 0)), .from_ns = FACT_UNKNOWN_INT,
                         .to_ns = FACT_UNKNOWN_INT, .takeoff_longitude_deg = FACT_UNKNOWN_REAL };
    timeline_init(&h->track, HEARD_SAMPLES_MAX);
    heard_altitudes_init(&h->altitudes, HEARD_SAMPLES_MAX);
}

/* "takeoff" and "home" are where the flight began; a French beacon tells only that. */
static void take_frame(struct comparing *c, sqlite3_stmt *row)
{
    struct heard *h = find(c, borrowed(row, 0));
    int64_t at_ns;

    if (!h || !timestamp_parse(borrowed(row, 1), &at_ns))
        return;
    if (h->frames++ == 0)
        h->first_row = arena_text(c->flights.arena, borrowed(row, 2));
    h->from_ns = !fact_known_int(h->from_ns) || at_ns < h->from_ns ? at_ns : h->from_ns;
    h->to_ns = !fact_known_int(h->to_ns) || at_ns > h->to_ns ? at_ns : h->to_ns;
    c->from_ns = !fact_known_int(c->from_ns) || at_ns < c->from_ns ? at_ns : c->from_ns;
    c->to_ns = !fact_known_int(c->to_ns) || at_ns > c->to_ns ? at_ns : c->to_ns;
    if (sqlite3_column_type(row, 3) != SQLITE_NULL)
        timeline_add(&h->track, (struct timeline_sample){ at_ns, sqlite3_column_double(row, 3),
                                                          sqlite3_column_double(row, 4),
                                                          FACT_UNKNOWN_REAL });
    if (sqlite3_column_type(row, 5) != SQLITE_NULL) {
        if (!text_known(h->takeoff_row))
            h->takeoff_row = arena_text(c->flights.arena, borrowed(row, 2));
        h->takeoff_longitude_deg = sqlite3_column_double(row, 5);
        h->takeoff_latitude_deg = sqlite3_column_double(row, 6);
    }
}

static void take_altitudes(struct comparing *c, sqlite3_stmt *row)
{
    struct heard *h = find(c, borrowed(row, 0));
    int64_t at_ns;

    if (!h || !timestamp_parse(borrowed(row, 1), &at_ns))
        return;
    heard_altitudes_add(&h->altitudes, row, 4, (struct timeline_sample){ at_ns, sqlite3_column_double(row, 2),
                                                                         sqlite3_column_double(row, 3),
                                                                         FACT_UNKNOWN_REAL });
}

static int each_row(struct comparing *c, const char *sql, void (*take)(struct comparing *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &row, NULL);

    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(row);
        if (code == SQLITE_ROW)
            take(c, row);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE ? 0 : -EIO;
}

static int read_heard(struct comparing *c)
{
    c->heard = memory_alloc_array(HEARD_AIRCRAFT_MAX, sizeof *c->heard);
    c->from_ns = c->to_ns = FACT_UNKNOWN_INT;
    int error = each_row(c, "SELECT DISTINCT uas_id FROM broadcast WHERE uas_id IS NOT NULL AND at IS NOT NULL",
                         take_id);

    if (c->count)
        qsort(c->heard, c->count, sizeof *c->heard, compare_heard);
    if (!error)
        error = each_row(c, "SELECT uas_id, at, id, longitude_deg, latitude_deg,"
                            " CASE WHEN operator_source IN ('takeoff', 'home') THEN operator_longitude_deg END,"
                            " CASE WHEN operator_source IN ('takeoff', 'home') THEN operator_latitude_deg END"
                            " FROM broadcast WHERE uas_id IS NOT NULL AND at IS NOT NULL ORDER BY fid", take_frame);
    for (size_t i = 0; i < c->count; i++)
        timeline_end(&c->heard[i].track);
    return error;
}

/* A second time over the rows, which takes their details apart: only where there is a log. */
static int read_altitudes(struct comparing *c)
{
    const int error = each_row(c, "SELECT uas_id, at, longitude_deg, latitude_deg, " HEARD_ALTITUDE_COLUMNS
                                  " FROM broadcast WHERE uas_id IS NOT NULL AND at IS NOT NULL AND longitude_deg IS NOT NULL"
                                  " AND carrier IS NOT 'ocusync' AND kind IS NOT 'dji_wifi' ORDER BY fid", take_altitudes);

    for (size_t i = 0; i < c->count; i++)
        heard_altitudes_end(&c->heard[i].altitudes);
    return error;
}

static bool can_be_compared(const struct source *f)
{
    return !f->media && !f->local && fact_known_int(f->from_ns) && fact_known_int(f->to_ns);
}

static double overlap_s(const struct source *f, int64_t from_ns, int64_t to_ns)
{
    if (!fact_known_int(from_ns))
        return 0;
    return time_between_s(f->from_ns > from_ns ? f->from_ns : from_ns, f->to_ns < to_ns ? f->to_ns : to_ns);
}

/* Serial numbers are told in capitals or not. */
static bool is_serial_of(const struct comparing *c, const struct source *f, struct text id)
{
    const struct sources *s = &c->flights;

    if (text_known(f->serial) && text_equal_ignoring_case(f->serial, id))
        return true;
    for (size_t i = 0; i < s->serial_count; i++)
        if (text_equal(s->serials[i].evidence, f->evidence) && text_equal_ignoring_case(s->serials[i].serial, id))
            return true;
    return false;
}

__attribute__((format(printf, 7, 8)))
static void tell(struct comparing *c, const struct source *f, struct text broadcast, const char *kind, double amount,
                 const char *unit, const char *format, ...)
{
    struct fact_story_difference row;
    struct text ids[2] = { f->id, broadcast };
    char sentence[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fact_init(FACT_STORY_DIFFERENCE, &row);
    row.head.id = arena_printf(c->flights.arena, "story_difference-%.*s-heard-%zu", (int)f->id.len, f->id.at,
                               ++c->told);
    row.head.origin.rows = (struct text_list){ ids, text_known(broadcast) ? 2 : 1 };
    row.kind = text_of(kind);
    row.source = f->id;
    row.other = broadcast;
    row.amount = amount;
    row.unit = text_of(unit);
    row.statement = text_of(sentence);
    if (!c->error)
        c->error = c->run->put(c->run->user, FACT_STORY_DIFFERENCE, &row);
}

static void own(struct comparing *c, struct text id)
{
    sqlite3_stmt *insert = NULL;

    if (sqlite3_prepare_v2(c->db, "INSERT OR IGNORE INTO own_drone VALUES (lower(?))", -1, &insert, NULL) ||
        sqlite3_bind_text64(insert, 1, id.at, id.len, SQLITE_STATIC, SQLITE_UTF8) ||
            sqlite3_step(insert) != SQLITE_DONE)
        c->error = c->error ? c->error : -EIO;
    sqlite3_finalize(insert);
}

/* Which clock it is that is wrong, nobody can tell. */
static int64_t clock_shift(const struct source *f, const struct heard *h, const struct timeline_fit *as_is)
{
    enum { RANGE_S = 300, GAIN_M = 10 };

    if (as_is->points < 2 || timeline_extent_m(&f->track, f->from_ns, f->to_ns) < HEARD_PATH_EXTENT_M)
        return 0;
    const int64_t shift_ns = timeline_best_shift(&f->track, &h->track, RANGE_S * NS_PER_S);
    const struct timeline_fit moved = timeline_compare(&f->track, &h->track, shift_ns, 1024);
    return moved.points && as_is->median_m - moved.median_m >= GAIN_M &&
        2 * moved.median_m <= as_is->median_m ? shift_ns : 0;
}

/* Rows that lie far beside where the log has the aircraft then. */
static void mark_rows(struct comparing *c, const struct source *f, const struct heard *h, int64_t shift_ns)
{
    sqlite3_stmt *row = NULL, *mark = NULL;
    int64_t *fids = NULL;
    size_t count = 0, room = 0;
    int code = sqlite3_prepare_v2(c->db, "SELECT fid, at, longitude_deg, latitude_deg FROM broadcast"
                                         " WHERE uas_id = ? AND longitude_deg IS NOT NULL AND at IS NOT NULL", -1, &row, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_text64(row, 1, h->id.at, h->id.len, SQLITE_STATIC, SQLITE_UTF8);
    while (code == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
        struct timeline_sample there;
        int64_t at_ns;
        if (!timestamp_parse(borrowed(row, 1), &at_ns) || !timeline_at(&f->track, time_add(at_ns, shift_ns), &there) ||
            place_distance_m(there.longitude_deg, there.latitude_deg, sqlite3_column_double(row, 2),
                             sqlite3_column_double(row, 3)) <= HEARD_BESIDE_M)
            continue;
        if (count == room) {
            room = room ? 2 * room : 64;
            fids = memory_resize_array(fids, room, sizeof *fids);
        }
        fids[count++] = sqlite3_column_int64(row, 0);
    }
    sqlite3_finalize(row);
    if (sqlite3_prepare_v2(c->db, "UPDATE broadcast SET anomalies = json_insert(CASE WHEN json_valid(anomalies) THEN anomalies ELSE '[]' END,"
                                  " '$[#]', 'log_disagrees') WHERE fid = ? AND ifnull(anomalies, '') NOT LIKE '%log_disagrees%'",
                           -1, &mark, NULL))
        code = SQLITE_ERROR;
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        sqlite3_bind_int64(mark, 1, fids[i]);
        code = sqlite3_step(mark) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
        sqlite3_reset(mark);
    }
    sqlite3_finalize(mark);
    free(fids);
    if (code != SQLITE_OK && !c->error)
        c->error = -EIO;
}

static void tell_altitudes(struct comparing *c, const struct source *f, const struct heard *h, int64_t shift_ns)
{
    struct heard_altitude told;

    for (enum heard_level level = 0; level < HEARD_LEVELS; level++)
        if (heard_altitude_compare(&h->altitudes, level, h->id, &f->track, f->alt_ref, shift_ns, &told))
            tell(c, f, h->first_row, told.kind, told.amount_m, "m", "%s", told.sentence);
}

static void tell_path(struct comparing *c, const struct source *f, const struct heard *h, struct timeline_fit fit)
{
    const int64_t shift_ns = clock_shift(f, h, &fit);
    const int id = (int)h->id.len;

    if (llabs(shift_ns) >= HEARD_CLOCK_S * NS_PER_S) {
        tell(c, f, h->first_row, "broadcast_clock", time_between_s(0, shift_ns), "s",
             "The clocks of the flight log and of the radio capture are %.0f s apart: so moved, what was broadcast as %.*s lies on the path.",
             fabs(time_between_s(0, shift_ns)), id, h->id.at);
        fit = timeline_compare(&f->track, &h->track, shift_ns, 1024);
    }
    if (fit.points == 0)
        return;
    const int64_t moved_ns = llabs(shift_ns) >= HEARD_CLOCK_S * NS_PER_S ? shift_ns : 0;
    if (fit.median_m <= HEARD_AGREES_M)
        tell(c, f, h->first_row, "broadcast_agrees", fit.median_m, "m",
             "What was broadcast as %.*s agrees with this log: %.0f m apart (median), 95 of 100 within %.0f m, at %zu moments.",
             id, h->id.at, fit.median_m, fit.far_m, fit.points);
    else
        tell(c, f, h->first_row, "broadcast_position", fit.median_m, "m",
             "The position broadcast as %.*s lies %.0f m (median; 95 of 100 within %.0f m) from where this log has the aircraft, at %zu moments.",
             id, h->id.at, fit.median_m, fit.far_m, fit.points);
    if (fit.far_m > HEARD_BESIDE_M || fit.median_m > HEARD_AGREES_M)
        mark_rows(c, f, h, moved_ns);
    tell_altitudes(c, f, h, moved_ns);
}

static void tell_takeoff(struct comparing *c, const struct source *f, const struct heard *h)
{
    const bool home = fact_known_real(f->home_longitude_deg);
    const double longitude = home ? f->home_longitude_deg : f->longitude_deg,
        latitude = home ? f->home_latitude_deg : f->latitude_deg;

    if (!fact_known_real(h->takeoff_longitude_deg) || !fact_known_real(longitude))
        return;
    const double apart_m = place_distance_m(longitude, latitude, h->takeoff_longitude_deg, h->takeoff_latitude_deg);
    if (apart_m > HEARD_TAKEOFF_M)
        tell(c, f, h->takeoff_row, "broadcast_takeoff", apart_m, "m",
             "The take-off place broadcast as %.*s lies %.0f m from the log's %s.", (int)h->id.len, h->id.at, apart_m,
             home ? "home point" : "first position");
}

/* Whether it is the flight's aircraft. */
static bool compare_pair(struct comparing *c, const struct source *f, const struct heard *h)
{
    const double common_s = overlap_s(f, h->from_ns, h->to_ns);
    const bool named = is_serial_of(c, f, h->id);
    struct timeline_fit fit = { .points = 0 };

    if (common_s < HEARD_OVERLAP_S)
        return false;
    if (f->track.count >= 2 && h->track.count >= 1)
        fit = timeline_compare(&f->track, &h->track, 0, 1024);
    const bool on_path = fit.points >= HEARD_PATH_POINTS && common_s >= HEARD_PATH_S && fit.median_m <= HEARD_PATH_M &&
                         fit.far_m <= HEARD_PATH_FAR_M &&
                         timeline_extent_m(&h->track, f->from_ns, f->to_ns) >= HEARD_PATH_EXTENT_M;
    if (!named && !on_path)
        return false;
    own(c, h->id);
    if (!named && text_known(f->serial))
        tell(c, f, h->first_row, "broadcast_serial", FACT_UNKNOWN_REAL, NULL,
             "What was broadcast as %.*s flew the path of this flight, whose log names another serial number: %.*s.",
             (int)h->id.len, h->id.at, (int)f->serial.len, f->serial.at);
    if (fit.points)
        tell_path(c, f, h, fit);
    tell_takeoff(c, f, h);
    return true;
}

static void compare_all(struct comparing *c)
{
    size_t pairs = 0;

    for (size_t i = 0; i < c->flights.count && !c->error; i++) {
        const struct source *f = &c->flights.at[i];
        bool any = false;
        if (!can_be_compared(f))
            continue;
        c->told = 0;
        for (size_t k = 0; k < c->count && !c->error && pairs < HEARD_PAIRS_MAX; k++) {
            pairs += overlap_s(f, c->heard[k].from_ns, c->heard[k].to_ns) >= HEARD_OVERLAP_S;
            any |= compare_pair(c, f, &c->heard[k]);
        }
        const double covered_s = overlap_s(f, c->from_ns, c->to_ns);
        if (!any && c->count && covered_s >= HEARD_PATH_S)
            tell(c, f, TEXT_UNKNOWN, "broadcast_absent", covered_s, "s",
                 "In %.0f s of this flight others were heard by radio, and this aircraft never: it was out of range, or it did not announce itself.",
                 covered_s);
    }
    if (pairs == HEARD_PAIRS_MAX && c->run->note)
        c->run->note(c->run->user, TEXT("There are more flights and broadcasts than are compared with one another."));
}

int heard_compare(struct sqlite3 *db, const struct story_run *run)
{
    struct comparing c = { .db = db, .run = run };
    bool any = false;

    sources_init(&c.flights);
    int error = sqlite3_exec(db, "CREATE TEMP TABLE own_drone (id TEXT PRIMARY KEY) WITHOUT ROWID", NULL, NULL, NULL)
        ? -EIO : 0;
    if (!error)
        error = read_heard(&c);
    if (!error && c.count)
        error = sources_read(&c.flights, db);
    for (size_t i = 0; i < c.flights.count; i++) {
        struct source *f = &c.flights.at[i];
        if (!can_be_compared(f) || overlap_s(f, c.from_ns, c.to_ns) < HEARD_OVERLAP_S)
            continue;
        timeline_init(&f->track, HEARD_SAMPLES_MAX);
        any = true;
    }
    if (!error && any)
        error = sources_read_tracks(&c.flights, db);
    if (!error && any)
        error = read_altitudes(&c);
    if (!error && any) {
        compare_all(&c);
        error = c.error;
    }
    for (size_t i = 0; i < c.count; i++) {
        timeline_done(&c.heard[i].track);
        heard_altitudes_done(&c.heard[i].altitudes);
    }
    free(c.heard);
    sources_done(&c.flights);
    return error;
}
