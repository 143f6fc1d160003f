#include "story/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/fact_json.h"

enum { LOCAL_TEXT_MAX = 40, DEVICES_MAX = 1 << 17 };

void sources_init(struct sources *s)
{
    *s = (struct sources){ .arena = arena_new(0) };
}

void sources_done(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++)
        timeline_done(&s->at[i].track);
    free(s->at);
    free(s->serials);
    arena_free(s->arena);
}

static struct text borrowed(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

static struct text kept(struct sources *s, sqlite3_stmt *row, int column)
{
    const struct text t = borrowed(row, column);

    return text_known(t) && t.len > 0 ? arena_text(s->arena, t) : TEXT_UNKNOWN;
}

static double real_or_unknown(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? FACT_UNKNOWN_REAL : sqlite3_column_double(row, column);
}

static int64_t time_or_unknown(sqlite3_stmt *row, int column)
{
    int64_t ns;

    return timestamp_parse(borrowed(row, column), &ns) ? ns : FACT_UNKNOWN_INT;
}

/* A time without zone, read as if it were UTC. */
static int64_t local_or_unknown(sqlite3_stmt *row, int column)
{
    const struct text t = borrowed(row, column);
    char text[LOCAL_TEXT_MAX + 1];
    int64_t ns;

    if (!text_known(t) || t.len == 0 || t.len > LOCAL_TEXT_MAX)
        return FACT_UNKNOWN_INT;
    memcpy(text, t.at, t.len);
    text[t.len] = 'Z';
    return timestamp_parse((struct text){ text, t.len + 1 }, &ns) ? ns : FACT_UNKNOWN_INT;
}

struct source *sources_add(struct sources *s)
{
    if (s->count == STORY_SOURCES_MAX) {
        s->left_out++;
        return NULL;
    }
    if (s->count == s->room) {
        s->room = s->room ? 2 * s->room : 64;
        s->at = memory_resize_array(s->at, s->room, sizeof *s->at);
    }
    struct source *one = &s->at[s->count];
    *one = (struct source){ .set = s->count, .with = s->count,
                            .fit = { 0, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL } };
    s->count++;
    return one;
}

/* UTC where it is known, else the clock without zone. */
static void set_times(struct source *one, int64_t from_ns, int64_t to_ns, int64_t local_from_ns, int64_t local_to_ns)
{
    one->local = !fact_known_int(from_ns) && fact_known_int(local_from_ns);
    one->from_ns = one->local ? local_from_ns : from_ns;
    one->to_ns = one->local ? local_to_ns : to_ns;
    one->offset_ns = one->local ? FACT_UNKNOWN_INT : 0;
    if (!fact_known_int(one->to_ns) || (fact_known_int(one->from_ns) && one->to_ns < one->from_ns))
        one->to_ns = one->from_ns;
}

static void take_flight(struct sources *s, sqlite3_stmt *row)
{
    struct source *one = sources_add(s);
    int c = 0;

    if (!one)
        return;
    one->id = kept(s, row, c++);
    one->evidence = kept(s, row, c++);
    one->format = kept(s, row, c++);
    one->serial = kept(s, row, c++);
    one->time_basis = kept(s, row, c++);
    one->alt_ref = kept(s, row, c++);
    one->duration_s = real_or_unknown(row, c++);
    one->points = sqlite3_column_int64(row, c++);
    one->encrypted = sqlite3_column_int64(row, c++);
    one->longitude_deg = real_or_unknown(row, c++);
    one->latitude_deg = real_or_unknown(row, c++);
    one->home_longitude_deg = real_or_unknown(row, c++);
    one->home_latitude_deg = real_or_unknown(row, c++);
    one->west = real_or_unknown(row, c++);
    one->south = real_or_unknown(row, c++);
    one->east = real_or_unknown(row, c++);
    one->north = real_or_unknown(row, c++);
    one->damage = sqlite3_column_int64(row, c++);
    set_times(one, time_or_unknown(row, c), time_or_unknown(row, c + 1), local_or_unknown(row, c + 2),
              local_or_unknown(row, c + 3));
}

static void take_media(struct sources *s, sqlite3_stmt *row)
{
    struct source *one = sources_add(s);
    int c = 0;

    if (!one)
        return;
    one->media = true;
    one->id = kept(s, row, c++);
    one->evidence = kept(s, row, c++);
    one->format = kept(s, row, c++);
    one->time_basis = kept(s, row, c++);
    one->alt_ref = kept(s, row, c++);
    one->points = sqlite3_column_int64(row, c++);
    one->longitude_deg = one->west = one->east = real_or_unknown(row, c++);
    one->latitude_deg = one->south = one->north = real_or_unknown(row, c++);
    const double altitude_m = real_or_unknown(row, c++);
    const struct text serials = kept(s, row, c++), model = kept(s, row, c++);
    if (!fact_json_read_list(serials, s->arena, &one->serials))
        one->serials = (struct text_list){ NULL, 0 };
    one->camera = arena_printf(s->arena, "%.*s %.*s", (int)model.len, model.at ? model.at : "", (int)serials.len,
                               serials.at ? serials.at : "");
    one->duration_s = one->home_longitude_deg = one->home_latitude_deg = FACT_UNKNOWN_REAL;
    set_times(one, time_or_unknown(row, c), FACT_UNKNOWN_INT, local_or_unknown(row, c + 1), FACT_UNKNOWN_INT);
    if (fact_known_int(one->from_ns) && fact_known_real(one->longitude_deg) && fact_known_real(one->latitude_deg)) {
        timeline_init(&one->track, 1);
        timeline_add(&one->track, (struct timeline_sample){ one->from_ns, one->longitude_deg, one->latitude_deg,
                                                            altitude_m });
        timeline_end(&one->track);
        one->track.limit = 0; /* there is no more to read, unless it is a video */
    }
}

static void take_serial(struct sources *s, sqlite3_stmt *row)
{
    if (s->serial_count == DEVICES_MAX)
        return;
    if (s->serial_count == s->serial_room) {
        s->serial_room = s->serial_room ? 2 * s->serial_room : 64;
        s->serials = memory_resize_array(s->serials, s->serial_room, sizeof *s->serials);
    }
    s->serials[s->serial_count].evidence = kept(s, row, 0);
    s->serials[s->serial_count++].serial = kept(s, row, 1);
}

static int each_row(struct sources *s, sqlite3 *db, const char *sql, void (*take)(struct sources *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);

    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(row);
        if (code == SQLITE_ROW)
            take(s, row);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE ? 0 : -EIO;
}

/* Whatever the order in which items were given, sources are told in the order of what they are. */
static int by_id(const void *a, const void *b)
{
    return text_compare(((const struct source *)a)->id, ((const struct source *)b)->id);
}

int sources_read(struct sources *s, sqlite3 *db)
{
    int error = each_row(s, db,
        "SELECT id, f.evidence, format, aircraft_serial, time_basis, alt_ref, duration_s, ifnull(points, 0),"
        " ifnull(encrypted_records, 0), first_longitude_deg, first_latitude_deg, home_longitude_deg, home_latitude_deg,"
        " bbox_west, bbox_south, bbox_east, bbox_north, ifnull(d.n, 0), start, \"end\", start_local, end_local"
        " FROM flight f LEFT JOIN (SELECT evidence, count(*) AS n FROM damage GROUP BY evidence) d ON d.evidence = f.evidence"
        " ORDER BY fid", take_flight);

    if (!error)
        error = each_row(s, db,
            "SELECT id, evidence, format, time_basis, alt_ref, ifnull(timed_points, 0), longitude_deg, latitude_deg, altitude_m,"
            " serials, model, taken, taken_local FROM media ORDER BY fid", take_media);
    if (!error)
        error = each_row(s, db, "SELECT DISTINCT evidence, serial FROM device WHERE serial IS NOT NULL AND evidence IS NOT NULL"
                                " ORDER BY evidence, serial", take_serial);
    if (!error && s->count)
        qsort(s->at, s->count, sizeof *s->at, by_id);
    for (size_t i = 0; i < s->count; i++)
        s->at[i].set = s->at[i].with = i;
    return error;
}

static struct source *find(struct sources *s, struct text id)
{
    const struct source wanted = { .id = id };

    return s->count ? bsearch(&wanted, s->at, s->count, sizeof *s->at, by_id) : NULL;
}

static void take_aircraft(struct sources *s, sqlite3_stmt *row)
{
    struct source *one = find(s, borrowed(row, 0));

    if (!one)
        return;
    one->names_aircraft = true;
    one->serial_of_aircraft = kept(s, row, 1);
}

int sources_read_aircraft(struct sources *s, sqlite3 *db)
{
    return each_row(s, db, "SELECT m.id, min(d.serial) FROM media m JOIN device d ON d.evidence = m.evidence AND d.role = 'aircraft' GROUP BY m.id",
                    take_aircraft);
}

int sources_read_tracks(struct sources *s, sqlite3 *db)
{
    static const char sql[] =
        "SELECT ifnull(flight, media), time, time_local, longitude_deg, latitude_deg, altitude_m FROM position"
        " WHERE subject IN ('aircraft', 'camera') AND (time IS NOT NULL OR time_local IS NOT NULL) ORDER BY fid";
    sqlite3_stmt *row = NULL;
    struct source *one = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);

    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(row);
        if (code != SQLITE_ROW)
            break;
        const struct text id = borrowed(row, 0);
        if (!one || !text_equal(one->id, id)) /* those of one source follow one another */
            one = find(s, id);
        if (!one || one->track.limit == 0)
            continue;
        const int64_t time_ns = one->local ? local_or_unknown(row, 2) : time_or_unknown(row, 1);
        if (fact_known_int(time_ns))
            timeline_add(&one->track, (struct timeline_sample){ time_ns, sqlite3_column_double(row, 3),
                                                                sqlite3_column_double(row, 4),
                                                          real_or_unknown(row, 5) });
    }
    sqlite3_finalize(row);
    for (size_t i = 0; i < s->count; i++)
        timeline_end(&s->at[i].track);
    return code == SQLITE_DONE ? 0 : -EIO;
}

static bool has_serial(const struct sources *s, struct text evidence, struct text serial, bool *ret_any)
{
    size_t low = 0, high = s->serial_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (text_compare(s->serials[middle].evidence, evidence) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < s->serial_count && text_equal(s->serials[low].evidence, evidence); low++) {
        *ret_any = true;
        if (text_equal(s->serials[low].serial, serial))
            return true;
    }
    return false;
}

int sources_share_serial(const struct sources *s, const struct source *log, const struct source *photo)
{
    bool any = text_known(log->serial);

    for (size_t i = 0; i < photo->serials.count; i++)
        if ((text_known(log->serial) && text_equal(log->serial, photo->serials.items[i])) ||
            has_serial(s, log->evidence, photo->serials.items[i], &any))
            return 1;
    return any && photo->serials.count ? 0 : -1;
}
