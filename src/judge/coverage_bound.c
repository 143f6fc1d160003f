#include "judge/coverage_bound.h"

#include <errno.h>
#include <sqlite3.h>

/* One position a second, two numbers of four bytes each: what telemetry needs without any
 * cleverness.  Deltas would need half of it, so the number of copies is no exaggeration. */
enum { POINT_BYTES = 8, DESTINATIONS_TOLD = 5 };

/* Seconds in the air, or points where these are fewer or the seconds are not known. */
static const char path_sql[] =
    "SELECT count(*), total(min(points, ifnull(max(CAST(duration_s AS INTEGER), 1), points))) FROM flight WHERE points > 1";

static const char destination_sql[] =
    "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), total(readable_out), total(opaque_out), total(missing_out)"
    " FROM destination WHERE party IS NOT 'local' GROUP BY 1 HAVING total(opaque_out) + total(missing_out) > 0"
    " ORDER BY total(opaque_out) + total(missing_out) DESC, 1";

/* What the copies are told as: none fits, or how many. */
static struct text copies(double unread_bytes, double path_bytes, struct arena *arena)
{
    const double fit = unread_bytes / path_bytes;

    if (fit < 1)
        return COVERAGE_FILL(arena, "no whole copy of the path fits into it, but {0|percent} of one", fit);
    return COVERAGE_FILL(arena, "the path would fit into it {0|count time}", (double)(int64_t)(fit < 1e15 ? fit : 1e15));
}

static void note_total(struct coverage *v, double flights, double path_bytes, struct arena *arena)
{
    const double unread = (double)v->opaque_out + (double)v->missing_out;
    const struct text known = COVERAGE_FILL(arena, "The path of the {0|count known flight} needs {1|size} at a position a second; of the {2|size} "
                                                   "that could not be read it is not known what they hold: ", flights, path_bytes, unread);
    const struct text fit = copies(unread, path_bytes, arena);

    coverage_note(v, arena, arena_printf(arena, "%.*s%.*s.", (int)known.len, known.at, (int)fit.len, fit.at));
}

static void note_destination(struct coverage *v, sqlite3_stmt *row, double path_bytes, struct arena *arena)
{
    const char *host = (const char *)sqlite3_column_text(row, 0);
    const double readable = sqlite3_column_double(row, 1), opaque = sqlite3_column_double(row, 2), missing = sqlite3_column_double(row, 3);
    const struct text sizes = COVERAGE_FILL(arena, "{0|size} readable, {1|size} opaque, {2|size} missing", readable, opaque, missing);
    const struct text fit = copies(opaque + missing, path_bytes, arena);

    coverage_note(v, arena, arena_printf(arena, "Addressed to %.200s: %.*s; %.*s.", host ? host : "?", (int)sizes.len, sizes.at, (int)fit.len, fit.at));
}

int coverage_bound(sqlite3 *db, struct coverage *v, struct arena *arena)
{
    sqlite3_stmt *s = NULL;
    double flights = 0, path_bytes = 0;
    int code = sqlite3_prepare_v2(db, path_sql, -1, &s, NULL);

    if (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        flights = sqlite3_column_double(s, 0);
        path_bytes = sqlite3_column_double(s, 1) * POINT_BYTES;
    }
    sqlite3_finalize(s);
    if (code != SQLITE_ROW)
        return -EIO;
    v->path_bytes = path_bytes;
    if (path_bytes <= 0 || !v->captures || (v->opaque_out <= 0 && v->missing_out <= 0))
        return 0;
    note_total(v, flights, path_bytes, arena);
    code = sqlite3_prepare_v2(db, destination_sql, -1, &s, NULL);
    for (int told = 0; code == SQLITE_OK && told < DESTINATIONS_TOLD && sqlite3_step(s) == SQLITE_ROW; told++)
        note_destination(v, s, path_bytes, arena);
    sqlite3_finalize(s);
    return code == SQLITE_OK ? 0 : -EIO;
}
