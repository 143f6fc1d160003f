#include "report/geojson.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>

#include "base/json.h"
#include "base/timestamp.h"
#include "report/path.h"

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

static void put_position(struct json *j, sqlite3_stmt *s, int first_column)
{
    json_array(j);
    json_real(j, sqlite3_column_double(s, first_column));
    json_real(j, sqlite3_column_double(s, first_column + 1));
    if (sqlite3_column_type(s, first_column + 2) != SQLITE_NULL)
        json_real(j, sqlite3_column_double(s, first_column + 2));
    json_array_end(j);
}

static void begin_feature(struct json *j, const char *geometry)
{
    json_object(j);
    json_member_text(j, "type", TEXT("Feature"));
    json_key(j, "geometry");
    json_object(j);
    json_member_text(j, "type", text_of(geometry));
    json_key(j, "coordinates");
}

/* Columns from `first` become properties, under their names.  end_feature must follow. */
static void put_properties(struct json *j, sqlite3_stmt *s, int first)
{
    json_object_end(j);
    json_key(j, "properties");
    json_object(j);
    for (int i = first; i < sqlite3_column_count(s); i++) {
        json_key(j, sqlite3_column_name(s, i));
        if (sqlite3_column_type(s, i) == SQLITE_INTEGER)
            json_int(j, sqlite3_column_int64(s, i));
        else if (sqlite3_column_type(s, i) == SQLITE_FLOAT)
            json_real(j, sqlite3_column_double(s, i));
        else
            json_text(j, column_text(s, i));
    }
}

static void end_feature(struct json *j)
{
    json_object_end(j);
    json_object_end(j);
}

/* Whether the way from one longitude to the next is shorter across the date line.  Lines end there (RFC 7946, 3.1.9):
 * maps would draw them around the world. */
static bool crosses_date_line(double from_deg, double to_deg)
{
    return fabs(to_deg - from_deg) > 180;
}

struct line_size { int points, parts; };

static struct line_size size_of_line(sqlite3_stmt *points)
{
    struct line_size size = { 0, 0 };
    double before_deg = 0;

    while (sqlite3_step(points) == SQLITE_ROW) {
        const double longitude_deg = sqlite3_column_double(points, 0);
        size.parts += size.points == 0 || crosses_date_line(before_deg, longitude_deg);
        size.points++;
        before_deg = longitude_deg;
    }
    sqlite3_reset(points);
    return size;
}

struct line_point {
    double longitude_deg, latitude_deg, altitude_m; /* altitude NaN: unknown */
    char time[TIMESTAMP_TEXT_MAX];                  /* empty: unknown */
};

static struct line_point line_point_of(sqlite3_stmt *points)
{
    struct line_point p = { sqlite3_column_double(points, 0), sqlite3_column_double(points, 1), NAN, "" };
    const struct text time = column_text(points, 3);

    if (sqlite3_column_type(points, 2) != SQLITE_NULL)
        p.altitude_m = sqlite3_column_double(points, 2);
    if (time.len < sizeof p.time)
        snprintf(p.time, sizeof p.time, "%.*s", (int)time.len, time.len ? time.at : "");
    return p;
}

static void put_place(struct json *j, const struct line_point *p)
{
    json_array(j);
    json_real(j, p->longitude_deg);
    json_real(j, p->latitude_deg);
    if (!isnan(p->altitude_m))
        json_real(j, p->altitude_m);
    json_array_end(j);
}

static void put_time(struct json *j, const struct line_point *p)
{
    json_text(j, p->time[0] ? text_of(p->time) : TEXT_UNKNOWN);
}

/* What `put` makes of each point, in a list of its own for each part where there are several.  A part of one point has
 * it twice, because a line needs two. */
static void put_line(struct json *j, sqlite3_stmt *points, bool parts,
                     void (*put)(struct json *j, const struct line_point *p))
{
    struct line_point before = { 0 };
    int in_part = 0;

    json_array(j);
    while (sqlite3_step(points) == SQLITE_ROW) {
        const struct line_point now = line_point_of(points);
        if (parts && in_part > 0 && crosses_date_line(before.longitude_deg, now.longitude_deg)) {
            if (in_part == 1)
                put(j, &before);
            json_array_end(j);
            in_part = 0;
        }
        if (parts && in_part == 0)
            json_array(j);
        put(j, &now);
        in_part++;
        before = now;
    }
    if (parts && in_part == 1)
        put(j, &before);
    if (parts)
        json_array_end(j);
    json_array_end(j);
    sqlite3_reset(points);
}

/* One for each point of the line, null where it is unknown; the name is the one that map programs know. */
static void put_times(struct json *j, sqlite3_stmt *points, bool parts)
{
    json_key(j, "coordTimes");
    put_line(j, points, parts, put_time);
}

static int put_flights(struct json *j, sqlite3 *db)
{
    sqlite3_stmt *flights = NULL, *points = NULL;
    int rc;

    if ((rc = sqlite3_prepare_v2(db, "SELECT id AS flight, 'flight_path' AS subject, format, aircraft_serial, start, "
                                 "\"end\","
                                 " time_basis, start_local, points, alt_ref, evidence, " TRIED_ON("id") " AS tried_on FROM flight ORDER BY fid", -1,
                                     &flights, NULL)) == SQLITE_OK &&
        (rc = sqlite3_prepare_v2(db, "SELECT longitude_deg, latitude_deg, altitude_m, time FROM position WHERE flight "
                                 "= ?"
                                 " AND subject = 'aircraft' ORDER BY fid", -1, &points, NULL)) == SQLITE_OK) {
        while ((rc = sqlite3_step(flights)) == SQLITE_ROW) {
            sqlite3_bind_value(points, 1, sqlite3_column_value(flights, 0));
            const struct line_size size = size_of_line(points);
            const bool parts = size.parts > 1;
            if (size.points < 2)
                continue; /* no line; a single point is among the positions below */
            begin_feature(j, parts ? "MultiLineString" : "LineString");
            put_line(j, points, parts, put_place);
            put_properties(j, flights, 0);
            put_times(j, points, parts);
            end_feature(j);
        }
    }
    sqlite3_finalize(flights);
    sqlite3_finalize(points);
    return rc == SQLITE_DONE ? 0 : -EIO;
}

static const char points_sql[] =
    "SELECT longitude_deg, latitude_deg, altitude_m, subject, time, time_basis, alt_ref, flight, media, id, evidence,"
    " " TRIED_ON("flight") " AS tried_on"
    " FROM position WHERE subject != 'aircraft' OR flight IS NULL"
    " OR flight IN (SELECT id FROM flight WHERE points = 1) ORDER BY fid";

static int put_points(struct json *j, sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, points_sql, -1, &s, NULL);

    if (rc == SQLITE_OK) {
        while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
            begin_feature(j, "Point");
            put_position(j, s, 0);
            put_properties(j, s, 3);
            end_feature(j);
        }
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? 0 : -EIO;
}

int report_geojson_write(struct fact_case *c, FILE *out)
{
    struct json j;

    json_init(&j, out, true);
    json_object(&j);
    json_member_text(&j, "type", TEXT("FeatureCollection"));
    json_key(&j, "features");
    json_array(&j);
    int error = put_flights(&j, case_db(c));
    if (!error)
        error = put_points(&j, case_db(c));
    json_array_end(&j);
    json_object_end(&j);
    putc('\n', out);
    return error ? error : ferror(out) ? -EIO : 0;
}
