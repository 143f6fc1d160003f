#include "report/html_tracks.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "report/track.h"

static const char *const subjects[] = { "aircraft", "home", "operator", "controller", "target" };
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

/* The tracks of the flight being read.  Rows come by evidence item and in the order they
 * were read, so that one flight is open at a time; one that comes again is drawn as a
 * further track. */
struct tracks {
    struct json json;
    struct track *open;          /* one per subject */
    char *flight;                /* its id, "" for positions of no flight, NULL before the first */
    size_t points_each;
    size_t points_left;
    size_t written, left_out;
};

static double rounded(double degrees)
{
    return round(degrees * 1e6) / 1e6; /* 0.1 m, finer than the drawing */
}

static void write_track(struct tracks *s, size_t subject)
{
    struct track *t = &s->open[subject];
    const size_t room = s->points_left < s->points_each ? s->points_left : s->points_each;

    if (t->seen == 0)
        return;
    if (s->written == TRACKS_MAX || room < 2) {
        s->left_out++;
        return;
    }
    track_simplify(t, room);
    s->written++;
    s->points_left -= t->count;
    json_object(&s->json);
    json_member_text(&s->json, "flight", *s->flight ? text_of(s->flight) : TEXT_UNKNOWN);
    json_member_text(&s->json, "subject", text_of(subjects[subject]));
    json_member_int(&s->json, "points_in_case", (int64_t)t->seen);
    json_key(&s->json, "points");
    json_array(&s->json);
    for (size_t i = 0; i < t->count; i++) {
        json_array(&s->json);
        json_real(&s->json, rounded(t->points[i].longitude_deg));
        json_real(&s->json, rounded(t->points[i].latitude_deg));
        json_real(&s->json, round(t->points[i].altitude_m * 10) / 10);
        json_array_end(&s->json);
    }
    json_array_end(&s->json);
    json_object_end(&s->json);
}

static void next_flight(struct tracks *s, const char *flight)
{
    if (s->flight)
        for (size_t i = 0; i < SUBJECTS; i++)
            write_track(s, i);
    free(s->flight);
    s->flight = NULL;
    for (size_t i = 0; i < SUBJECTS; i++)
        track_begin(&s->open[i]);
    if (flight) {
        const size_t size = strlen(flight) + 1;
        s->flight = memcpy(memory_alloc(size), flight, size);
    }
}

static int64_t count_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t count = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

static void add_position(struct tracks *s, sqlite3_stmt *row)
{
    const char *flight = (const char *)sqlite3_column_text(row, 0);
    const char *subject = (const char *)sqlite3_column_text(row, 1);

    flight = flight ? flight : "";
    if (!s->flight || strcmp(s->flight, flight) != 0)
        next_flight(s, flight);
    for (size_t i = 0; subject && i < SUBJECTS; i++)
        if (strcmp(subject, subjects[i]) == 0)
            track_add(&s->open[i], (struct track_point){
                .longitude_deg = sqlite3_column_double(row, 2), .latitude_deg = sqlite3_column_double(row, 3),
                .altitude_m = sqlite3_column_type(row, 4) == SQLITE_NULL ? NAN : sqlite3_column_double(row, 4) });
}

static int write_tracks(struct tracks *s, sqlite3 *db)
{
    static const char sql[] = "SELECT flight, subject, longitude_deg, latitude_deg, altitude_m FROM position"
        " WHERE media IS NULL AND longitude_deg IS NOT NULL AND latitude_deg IS NOT NULL ORDER BY fid";
    const int64_t flights = count_of(db, "SELECT count(*) FROM flight");
    sqlite3_stmt *row = NULL;
    int status;

    if (flights < 0 || sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    s->points_left = TRACKS_POINTS_TOTAL;
    s->points_each = flights > 0 ? TRACKS_POINTS_TOTAL / (size_t)flights : TRACK_POINTS_MAX;
    if (s->points_each > TRACK_POINTS_MAX)
        s->points_each = TRACK_POINTS_MAX;
    if (s->points_each < 20)
        s->points_each = 20;
    s->open = memory_alloc_array(SUBJECTS, sizeof *s->open);

    json_key(&s->json, "tracks");
    json_array(&s->json);
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        add_position(s, row);
    next_flight(s, NULL);
    json_array_end(&s->json);
    sqlite3_finalize(row);
    free(s->open);
    return status == SQLITE_DONE ? 0 : -EIO;
}

static int write_cameras(struct json *j, sqlite3 *db, int64_t *left_out)
{
    static const char sql[] = "SELECT id, longitude_deg, latitude_deg FROM media"
        " WHERE longitude_deg IS NOT NULL AND latitude_deg IS NOT NULL ORDER BY fid";
    sqlite3_stmt *row = NULL;
    int64_t written = 0;
    int status;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    json_key(j, "cameras");
    json_array(j);
    for (*left_out = 0; (status = sqlite3_step(row)) == SQLITE_ROW; ) {
        if (written == CAMERA_POINTS_MAX) {
            ++*left_out;
            continue;
        }
        written++;
        json_object(j);
        json_member_text(j, "media", text_of((const char *)sqlite3_column_text(row, 0)));
        json_key(j, "position");
        json_array(j);
        json_real(j, rounded(sqlite3_column_double(row, 1)));
        json_real(j, rounded(sqlite3_column_double(row, 2)));
        json_array_end(j);
        json_object_end(j);
    }
    json_array_end(j);
    sqlite3_finalize(row);
    return status == SQLITE_DONE ? 0 : -EIO;
}

/* What is not JSON (a case that somebody else made) becomes a JSON string. */
#define JSON_COLUMN(column) "CASE WHEN json_valid(" column ") THEN " column " ELSE json_quote(" column ") END"

static int write_leaks(struct json *j, sqlite3 *db)
{
    static const char sql[] =
        "SELECT id, \"at\", matched_from, matched_to, " JSON_COLUMN("hits") " FROM leak ORDER BY fid LIMIT ?";
    sqlite3_stmt *row = NULL;
    int status;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    sqlite3_bind_int(row, 1, LEAK_EXTRAS_MAX);
    json_key(j, "leaks");
    json_object(j);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        json_key_text(j, text_of((const char *)sqlite3_column_text(row, 0)));
        json_object(j);
        json_member_text(j, "at", text_of((const char *)sqlite3_column_text(row, 1)));
        json_member_text(j, "matched_from", text_of((const char *)sqlite3_column_text(row, 2)));
        json_member_text(j, "matched_to", text_of((const char *)sqlite3_column_text(row, 3)));
        json_key(j, "hits");
        json_raw(j, text_of((const char *)sqlite3_column_text(row, 4)));
        json_object_end(j);
    }
    json_object_end(j);
    sqlite3_finalize(row);
    return status == SQLITE_DONE ? 0 : -EIO;
}

/* Which sources tell one flight.  The page puts the three lists together. */
static int write_stories(struct json *j, sqlite3 *db)
{
    static const struct { const char *name, *sql; } lists[] = {
        { "stories", "SELECT json_object('id', id, 'start', start, 'end', \"end\", 'best_track', best_track, 'best_reason', best_reason)"
                     " FROM story ORDER BY fid LIMIT ?" },
        { "story_sources", "SELECT json_object('story', story, 'source', source, 'reason', reason, 'time_basis', time_basis, 'alt_ref', alt_ref,"
                           " 'clock_offset_s', clock_offset_s, 'distance_m', distance_m) FROM story_source ORDER BY fid LIMIT ?" },
        { "story_differences", "SELECT json_object('story', story, 'kind', kind, 'source', source, 'other', other, 'statement', statement)"
                               " FROM story_difference ORDER BY fid LIMIT ?" },
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        sqlite3_stmt *row = NULL;
        int status;
        if (sqlite3_prepare_v2(db, lists[i].sql, -1, &row, NULL) != SQLITE_OK)
            return -EIO;
        sqlite3_bind_int(row, 1, STORY_ROWS_MAX);
        json_key(j, lists[i].name);
        json_array(j);
        while ((status = sqlite3_step(row)) == SQLITE_ROW)
            json_raw(j, text_of((const char *)sqlite3_column_text(row, 0)));
        json_array_end(j);
        sqlite3_finalize(row);
        if (status != SQLITE_DONE)
            return -EIO;
    }
    return 0;
}

static int write_search(struct json *j, sqlite3 *db)
{
    static const char *const names[] = { "searches", "views", "bytes_searched", "bytes_not_decoded", "candidates" };
    static const char sql[] = "SELECT count(*), cast(total(views) AS INTEGER), cast(total(bytes_searched) AS INTEGER), cast(total(bytes_not_decoded) AS INTEGER), cast(total(candidates) AS INTEGER),"
                              " total(expected_false_hits) FROM search";
    sqlite3_stmt *row = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    const int status = sqlite3_step(row);
    json_key(j, "search");
    json_object(j);
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        json_key(j, names[i]);
        if (sqlite3_column_type(row, i) == SQLITE_NULL)
            json_null(j);
        else
            json_int(j, sqlite3_column_int64(row, i));
    }
    json_member_real(j, "expected_false_hits",
                     sqlite3_column_type(row, 5) == SQLITE_NULL ? NAN : sqlite3_column_double(row, 5));
    json_object_end(j);
    sqlite3_finalize(row);
    return status == SQLITE_ROW ? 0 : -EIO;
}

int html_tracks_write(struct fact_case *c, FILE *out)
{
    sqlite3 *db = case_db(c);
    struct tracks tracks = { 0 };
    int64_t cameras_left_out = 0;

    json_init(&tracks.json, out, false);
    json_object(&tracks.json);
    json_member_text(&tracks.json, "schema", TEXT("leash.tracks/1"));
    int error = write_tracks(&tracks, db);
    if (!error)
        error = write_cameras(&tracks.json, db, &cameras_left_out);
    if (!error)
        error = write_leaks(&tracks.json, db);
    if (!error)
        error = write_stories(&tracks.json, db);
    if (!error)
        error = write_search(&tracks.json, db);
    if (error)
        return error;
    json_key(&tracks.json, "cut");
    json_object(&tracks.json);
    json_member_int(&tracks.json, "tracks", (int64_t)tracks.left_out);
    json_member_int(&tracks.json, "cameras", cameras_left_out);
    json_object_end(&tracks.json);
    json_object_end(&tracks.json);
    return 0;
}
