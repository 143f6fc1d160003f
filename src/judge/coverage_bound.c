#include "judge/coverage_bound.h"

#include <errno.h>
#include <sqlite3.h>

#include "fact/fact.h"

/* One position a second, two numbers of four bytes each: what telemetry needs without any
 * cleverness.  Deltas would need half of it, so the number of copies is no exaggeration. */
enum { POINT_BYTES = 8, DESTINATIONS_TOLD = 5, DESTINATIONS_MAX = 1000 };

/* Seconds in the air, or points where these are fewer or the seconds are not known. */
#define OF_FLIGHTS "count(*) AS flights, total(min(points, ifnull(max(CAST(duration_s AS INTEGER), 1), points))) AS positions"

static const char path_sql[] =
    "SELECT total(flights), total(positions) FROM (SELECT " OF_FLIGHTS " FROM flight WHERE points > 1 UNION ALL"
    " SELECT json_extract(n.value, '$.flights'), json_extract(n.value, '$.positions') FROM run, json_each(run.value) AS n"
    " WHERE run.key = 'flights_named' AND json_valid(run.value)"
    " AND json_extract(n.value, '$.evidence') NOT IN (SELECT ifnull(sha256, id) FROM evidence))";

static const char named_sql[] =
    "SELECT json_group_array(json_object('evidence', evidence, 'flights', flights, 'positions', CAST(positions AS INTEGER)))"
    " FROM (SELECT evidence, " OF_FLIGHTS " FROM flight WHERE points > 1 GROUP BY 1 ORDER BY 1)";

static const char destination_sql[] =
    "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), total(readable_out), total(opaque_out), total(missing_out)"
    " FROM destination WHERE party IS NOT 'local' GROUP BY 1 HAVING total(readable_out) + total(opaque_out) + total(missing_out) > 0"
    " ORDER BY total(opaque_out) + total(missing_out) DESC, total(readable_out) DESC, 1";

/* Weak hits that chance makes of a byte that was searched: the same for every destination. */
static const char chance_sql[] =
    "SELECT total(expected_false_hits) / sum(bytes_searched) FROM search HAVING sum(bytes_searched) > 0";

/* What the copies are told as: none fits, or how many. */
static struct text copies(double unread_bytes, double path_bytes, struct arena *arena)
{
    const double fit = unread_bytes / path_bytes;

    if (fit < 1)
        return COVERAGE_FILL(arena, "no whole copy of the path fits into it, but {0|percent} of one", fit);
    return COVERAGE_FILL(arena, "the path would fit into it {0|count time}",
                         (double)(int64_t)(fit < 1e15 ? fit : 1e15));
}

static void note_total(struct coverage *v, double flights, double path_bytes, struct arena *arena)
{
    const double unread = (double)v->opaque_out + (double)v->missing_out;
    const struct text known = COVERAGE_FILL(arena, "The path of the {0|count known flight} needs {1|size} at a position a second; of the {2|size} "
                                                   "that could not be read it is not known what they hold: ", flights, path_bytes, unread);
    const struct text fit = copies(unread, path_bytes, arena);

    coverage_note(v, arena, arena_printf(arena, "%.*s%.*s.", (int)known.len, known.at, (int)fit.len, fit.at));
}

static double unread(const struct coverage_destination *d) { return (double)d->opaque_out + (double)d->missing_out; }

static void note_destination(struct coverage *v, const struct coverage_destination *d, double path_bytes,
                             struct arena *arena)
{
    const struct text sizes = COVERAGE_FILL(arena, "{0|size} readable, {1|size} opaque, {2|size} missing",
                                            (double)d->readable_out,
                                            (double)d->opaque_out, (double)d->missing_out);
    const struct text fit = copies(unread(d), path_bytes, arena);

    coverage_note(v, arena, arena_printf(arena, "Addressed to %.*s: %.*s; %.*s.",
                                         (int)(d->host.len < 200 ? d->host.len : 200), d->host.at,
                                         (int)sizes.len, sizes.at, (int)fit.len, fit.at));
}

static int first_real(sqlite3 *db, const char *sql, double *ret)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW)
        *ret = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -EIO;
}

static int read_destinations(sqlite3 *db, struct coverage *v, struct arena *arena)
{
    struct coverage_destination *list = arena_alloc(arena, DESTINATIONS_MAX, sizeof *list);
    double chance = FACT_UNKNOWN_REAL;
    sqlite3_stmt *s = NULL;
    size_t count = 0;

    if (first_real(db, chance_sql, &chance))
        return -EIO;
    int code = sqlite3_prepare_v2(db, destination_sql, -1, &s, NULL);
    while (code == SQLITE_OK && count < DESTINATIONS_MAX && sqlite3_step(s) == SQLITE_ROW) {
        const char *host = (const char *)sqlite3_column_text(s, 0);
        struct coverage_destination *d = &list[count++];
        *d = (struct coverage_destination){
            .host = arena_text(arena, text_of(host ? host : "?")),
            .readable_out = (int64_t)sqlite3_column_double(s, 1), .opaque_out = (int64_t)sqlite3_column_double(s, 2),
            .missing_out = (int64_t)sqlite3_column_double(s, 3), .path_copies = FACT_UNKNOWN_REAL, .chance_hits =
                FACT_UNKNOWN_REAL,
        };
        if (v->path_bytes > 0)
            d->path_copies = unread(d) / v->path_bytes;
        if (fact_known_real(chance))
            d->chance_hits = chance * (double)d->readable_out;
    }
    sqlite3_finalize(s);
    v->destinations = list;
    v->destination_count = count;
    return code == SQLITE_OK ? 0 : -EIO;
}

int coverage_bound(sqlite3 *db, struct coverage *v, struct arena *arena)
{
    sqlite3_stmt *s = NULL;
    double flights = 0;
    int code = sqlite3_prepare_v2(db, path_sql, -1, &s, NULL);

    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        flights = sqlite3_column_double(s, 0);
        v->path_bytes = sqlite3_column_double(s, 1) * POINT_BYTES;
    }
    sqlite3_finalize(s);
    if (code != SQLITE_ROW || read_destinations(db, v, arena))
        return -EIO;
    if (v->path_bytes <= 0 || !v->captures || (v->opaque_out <= 0 && v->missing_out <= 0))
        return 0;
    note_total(v, flights, v->path_bytes, arena);
    for (size_t i = 0; i < v->destination_count && i < DESTINATIONS_TOLD && unread(&v->destinations[i]) > 0; i++)
        note_destination(v, &v->destinations[i], v->path_bytes, arena);
    return 0;
}

int coverage_flights_named(sqlite3 *flights, struct fact_case *c, struct arena *arena)
{
    sqlite3_stmt *s = NULL;
    struct text list = TEXT_UNKNOWN;
    int code = sqlite3_prepare_v2(flights, named_sql, -1, &s, NULL);

    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW)
        list = arena_text(arena, (struct text){ (const char *)sqlite3_column_text(s, 0),
                                                (size_t)sqlite3_column_bytes(s, 0) });
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? case_set(c, "flights_named", list) : -EIO;
}
