#include "report/path.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>

/* Of a flight that was rebuilt from photos the camera's places are the path. */
#define ON_A_PATH "(subject IN ('aircraft', 'operator', 'controller') AND flight IS NOT NULL" \
    " OR subject = 'camera' AND flight IN (SELECT id FROM flight WHERE format = 'photos'))"

static const char *text(sqlite3_stmt *s, int column)
{
    return (const char *)sqlite3_column_text(s, column);
}

static double real(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(s, column);
}

static int finish(sqlite3_stmt *s, int rc, int answer)
{
    sqlite3_finalize(s);
    return answer ? answer : rc == SQLITE_DONE ? 0 : -EIO;
}

int paths_each(struct fact_case *c, path_taker *take, void *user)
{
    static const char sql[] =
        "SELECT p.flight, p.subject, f.format, f.aircraft_serial, f.evidence, p.n, p.timed, p.alt_ref, f.start_local, " TRIED_ON("f.id")
        " FROM (SELECT flight, subject, count(*) AS n, count(time) AS timed, min(fid) AS first,"
        "  CASE WHEN min(alt_ref) = max(alt_ref) THEN min(alt_ref) END AS alt_ref"
        "  FROM position WHERE " ON_A_PATH " GROUP BY flight, subject HAVING count(*) > 1) AS p"
        " JOIN flight AS f ON f.id = p.flight ORDER BY f.fid, p.first";
    sqlite3_stmt *s = NULL;
    int answer = 0, rc = sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL);

    if (rc == SQLITE_OK) {
        while (!answer && (rc = sqlite3_step(s)) == SQLITE_ROW) {
            const struct path path = {
                .flight = text(s, 0), .subject = text(s, 1), .format = text(s, 2), .serial = text(s, 3),
                    .evidence = text(s, 4),
                .points = sqlite3_column_int64(s, 5), .timed = sqlite3_column_int64(s, 6), .alt_ref = text(s, 7),
                    .start_local = text(s, 8), .tried_on = text(s, 9),
            };
            answer = take(user, &path);
        }
    }
    return finish(s, rc, answer);
}

static int each_point(sqlite3_stmt *s, int rc, point_taker *take, void *user)
{
    const bool single = s && sqlite3_column_count(s) > 5;
    int answer = 0;

    if (rc == SQLITE_OK) {
        while (!answer && (rc = sqlite3_step(s)) == SQLITE_ROW) {
            struct path_point p = { .longitude_deg = real(s, 0), .latitude_deg = real(s, 1), .altitude_m = real(s, 2),
                                    .time = text(s, 3),
                                    .alt_ref = text(s, 4) };
            if (single) {
                p.subject = text(s, 5);
                p.flight = text(s, 6);
                p.media = text(s, 7);
                p.id = text(s, 8);
                p.evidence = text(s, 9);
                p.time_local = text(s, 10);
                p.tried_on = text(s, 11);
            }
            answer = take(user, &p);
        }
    }
    return finish(s, rc, answer);
}

int path_points(struct fact_case *c, const struct path *path, bool timed_only, point_taker *take, void *user)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(case_db(c), "SELECT longitude_deg, latitude_deg, altitude_m, time, alt_ref FROM "
                                "position"
                                " WHERE flight = ?1 AND subject = ?2 AND (time IS NOT NULL OR NOT ?3) ORDER BY fid",
                                    -1, &s, NULL);

    if (rc == SQLITE_OK && ((rc = sqlite3_bind_text(s, 1, path->flight, -1, SQLITE_STATIC)) != SQLITE_OK ||
                            (rc = sqlite3_bind_text(s, 2, path->subject, -1, SQLITE_STATIC)) != SQLITE_OK))
        return finish(s, rc, 0);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int(s, 3, timed_only);
    return each_point(s, rc, take, user);
}

int single_points(struct fact_case *c, point_taker *take, void *user)
{
    static const char sql[] =
        "SELECT longitude_deg, latitude_deg, altitude_m, time, alt_ref, subject, flight, media, id, evidence, "
            "time_local, " TRIED_ON("flight") " FROM position"
        " WHERE NOT (" ON_A_PATH ") OR fid IN (SELECT min(fid) FROM position WHERE " ON_A_PATH
        "  GROUP BY flight, subject HAVING count(*) = 1) ORDER BY fid";
    sqlite3_stmt *s = NULL;
    const int rc = sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL);

    return each_point(s, rc, take, user);
}
