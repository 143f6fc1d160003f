#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "report/diff_list.h"
#include "report/words.h"

/* The ground on which each case stands, and what follows from it for a comparison. */

enum { APPS_MAX = 40 };

/* One row of one query; a case of another version may lack a column, which leaves things unknown. */
static sqlite3_stmt *first_row(struct fact_case *c, const char *sql, int *error)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL) != SQLITE_OK)
        return NULL;
    const int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        return s;
    if (code != SQLITE_DONE)
        *error = -EIO;
    sqlite3_finalize(s);
    return NULL;
}

static int read_ints(struct fact_case *c, const char *sql, int64_t *const *into, size_t count)
{
    int error = 0;
    sqlite3_stmt *s = first_row(c, sql, &error);

    for (size_t i = 0; i < count; i++)
        *into[i] =
            s && sqlite3_column_type(s, (int)i) != SQLITE_NULL ? sqlite3_column_int64(s, (int)i) : FACT_UNKNOWN_INT;
    sqlite3_finalize(s);
    return error;
}
#define READ_INTS(c, sql, ...) \
    read_ints((c), (sql), (int64_t *const[]){ __VA_ARGS__ }, \
              sizeof((int64_t *const[]){ __VA_ARGS__ }) / sizeof(int64_t *))

static int read_real(struct fact_case *c, const char *sql, double *into)
{
    int error = 0;
    sqlite3_stmt *s = first_row(c, sql, &error);

    *into = s && sqlite3_column_type(s, 0) != SQLITE_NULL ? sqlite3_column_double(s, 0) : FACT_UNKNOWN_REAL;
    sqlite3_finalize(s);
    return error;
}

static int read_coverage(struct diff_case *k)
{
    struct diff_coverage *v = &k->coverage;
    int error = READ_INTS(k->c, "SELECT ifnull(sum(status = 'read'), 0), count(*) FROM evidence", &v->evidence_read,
                          &v->evidence_total);

    if (!error)
        error = READ_INTS(
            k->c,
            "SELECT count(DISTINCT evidence), CAST(total(payload_out) FILTER (WHERE local IS NOT 1) AS INTEGER),"
            " CAST(total(readable_out) FILTER (WHERE local IS NOT 1) AS INTEGER),"
            " CAST(total(opaque_out) FILTER (WHERE local IS NOT 1) AS INTEGER),"
            " CAST(total(missing_out) FILTER (WHERE local IS NOT 1) AS INTEGER) FROM flow",
            &v->captures, &v->payload_out, &v->readable_out, &v->opaque_out, &v->missing_out);
    if (!error) /* without the Z the texts sort as the times do */
        error = read_real(
            k->c,
            "SELECT sum((julianday(b) - julianday(a)) * 86400) FROM (SELECT min(rtrim(first, 'Z')) AS a,"
            " max(rtrim(last, 'Z')) AS b FROM flow WHERE first IS NOT NULL AND last IS NOT NULL GROUP BY evidence)",
            &v->capture_time_s);
    if (!error)
        error = READ_INTS(
            k->c,
            "SELECT (SELECT count(*) FROM flight), (SELECT count(*) FROM media), (SELECT count(*) FROM package),"
            " (SELECT count(*) FROM broadcast)",
            &v->flights, &v->media, &v->packages, &v->broadcasts);
    if (!error)
        error = READ_INTS(k->c, "SELECT count(*) FROM setting", &v->settings);
    if (!error)
        error = read_real(
            k->c, "SELECT json_extract(value, '$.flight_time_s') FROM run WHERE key = 'coverage' AND json_valid(value)",
            &v->flight_time_s);
    if (!error)
        error = read_real(k->c, "SELECT json_extract(value, '$.flight_time_covered_s') FROM run WHERE key = 'coverage'"
                                " AND json_valid(value)", &v->flight_time_covered_s);
    return error;
}

static int read_hidden_code(struct diff_case *k, struct arena *arena)
{
    static const char sql[] =
        "SELECT group_concat(name, ', ') FROM (SELECT DISTINCT ifnull(package, 'a package') AS name FROM package"
                              " WHERE readable IS NOT NULL AND readable <> 'full' ORDER BY fid LIMIT 4)";
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(case_db(k->c), sql, -1, &s, NULL);

    if (code != SQLITE_OK)
        return 0;
    code = sqlite3_step(s);
    if (code == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL)
        k->hidden_code = arena_text(arena, (struct text){ (const char *)sqlite3_column_text(s, 0),
                                                          (size_t)sqlite3_column_bytes(s, 0) });
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? 0 : -EIO;
}

/* "DJI Fly 1.13.0": what a difference between two versions is about. */
static int read_apps(struct diff_case *k, struct arena *arena)
{
    static const char sql[] =
        "SELECT DISTINCT name || ifnull(' ' || version, '') FROM (SELECT app AS name, app_version AS version"
        " FROM flight UNION ALL SELECT package, version FROM package) WHERE name IS NOT NULL ORDER BY 1 LIMIT 40";
    struct text *apps = arena_alloc(arena, APPS_MAX, sizeof *apps);
    sqlite3_stmt *s = NULL;
    size_t count = 0;
    int code;

    if (sqlite3_prepare_v2(case_db(k->c), sql, -1, &s, NULL) != SQLITE_OK)
        return 0;
    while ((code = sqlite3_step(s)) == SQLITE_ROW && count < APPS_MAX)
        apps[count++] = arena_text(
            arena, (struct text){ (const char *)sqlite3_column_text(s, 0), (size_t)sqlite3_column_bytes(s, 0) });
    sqlite3_finalize(s);
    k->apps = (struct text_list){ apps, count };
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -EIO;
}

static struct text file_name(struct text path)
{
    const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;

    return slash ? (struct text){ slash + 1, path.len - (size_t)(slash + 1 - path.at) } : path;
}

static bool is_taken(const struct diff *d, size_t before, struct text name)
{
    for (size_t i = 0; i < before; i++)
        if (text_equal(d->cases[i].name, name))
            return true;
    return false;
}

/* The label, or the file's name; where that is taken, both, and a number in the end. */
static void name_case(struct diff *d, size_t nth)
{
    struct diff_case *k = &d->cases[nth];
    const struct text file = file_name(k->path);

    k->name = k->label.len > 0 ? k->label : file;
    if (is_taken(d, nth, k->name) && k->label.len > 0)
        k->name = arena_printf(d->arena, "%.*s (%.*s)", (int)k->label.len, k->label.at, (int)file.len, file.at);
    for (int n = 2; is_taken(d, nth, k->name); n++) {
        const struct text base = k->label.len > 0 ? k->label : file;
        k->name = arena_printf(d->arena, "%.*s (%d)", (int)base.len, base.at, n);
    }
}

struct noting {
    struct diff *d;
    struct text *items;
    size_t count;
};

static void note(struct noting *n, struct text sentence)
{
    if (n->count < DIFF_NOTES_MAX)
        n->items[n->count++] = sentence;
}

#define SAY(...) arena_printf(n->d->arena, __VA_ARGS__)
#define SHOW(t) (int)(t).len, (t).at ? (t).at : ""

/* One case falls behind another when it has less than nine tenths of what that has. */
static bool much_less(double a, double b)
{
    return a < 0.9 * b;
}

static double or_zero(double v)
{
    return fact_known_real(v) ? v : 0;
}

static void note_less_capture(struct noting *n)
{
    const struct diff_case *most = &n->d->cases[0];

    for (size_t i = 1; i < n->d->case_count; i++)
        if (or_zero(n->d->cases[i].coverage.capture_time_s) > or_zero(most->coverage.capture_time_s))
            most = &n->d->cases[i];
    const double longest = or_zero(most->coverage.capture_time_s);
    for (size_t i = 0; i < n->d->case_count; i++) {
        const struct diff_case *k = &n->d->cases[i];
        if (k->coverage.captures == 0 && most->coverage.captures > 0)
            note(n, SAY("\"%.*s\" holds no capture: nothing can be said about what was sent in it.", SHOW(k->name)));
        else if (much_less(or_zero(k->coverage.capture_time_s), longest)) {
            const struct text less = words_duration(n->d->arena, k->coverage.capture_time_s);
            const struct text more = words_duration(n->d->arena, longest);
            note(n, SAY("The captures of \"%.*s\" last %.*s, those of \"%.*s\" %.*s: what was not seen in \"%.*s\" may "
                        "not have been recorded.",
                        SHOW(k->name), SHOW(less), SHOW(most->name), SHOW(more), SHOW(k->name)));
        }
    }
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void note_flights_and_content(struct noting *n)
{
    double most_covered = 0, most_readable = 0;

    for (size_t i = 0; i < n->d->case_count; i++) {
        const struct diff_coverage *v = &n->d->cases[i].coverage;
        const double covered = share(or_zero(v->flight_time_covered_s), or_zero(v->flight_time_s));
        const double readable = share((double)v->readable_out, (double)v->payload_out);
        most_covered = covered > most_covered ? covered : most_covered;
        most_readable = readable > most_readable ? readable : most_readable;
    }
    for (size_t i = 0; i < n->d->case_count; i++) {
        const struct diff_case *k = &n->d->cases[i];
        const struct diff_coverage *v = &k->coverage;
        if (most_covered > 0 &&
            much_less(share(or_zero(v->flight_time_covered_s), or_zero(v->flight_time_s)), most_covered))
            note(n, SAY("In \"%.*s\" less of the flight time is covered by captures: what flying causes may not have "
                        "been recorded.",
                        SHOW(k->name)));
        if (v->captures > 0 && v->payload_out > 0 &&
            much_less(share((double)v->readable_out, (double)v->payload_out), most_readable))
            note(n, SAY("In \"%.*s\" less of the content could be read: known data that was not found there may be in "
                        "what could not.",
                        SHOW(k->name)));
        if (v->missing_out > 0) {
            const struct text bytes = words_bytes(n->d->arena, v->missing_out);
            note(n,
                 SAY("%.*s of what was sent are missing from the captures of \"%.*s\".", SHOW(bytes), SHOW(k->name)));
        }
        if (v->evidence_read < v->evidence_total)
            note(n, SAY("Not all evidence of \"%.*s\" could be read in full.", SHOW(k->name)));
        if (text_known(k->hidden_code))
            note(n, SAY("The code of %.*s in \"%.*s\" is hidden or could not be read, all of it or a part: trackers and other components that are not seen there may be in it.",
                        SHOW(k->hidden_code), SHOW(k->name)));
    }
}

/* Owners, countries and verdicts also change with what leash knows and by which rules it judges. */
static void note_versions(struct noting *n)
{
    static const struct { size_t member; const char *sentence; } members[] = {
        { offsetof(struct diff_case, tool_version),
          "The cases were made by different versions of leash: what one can read, the other may not." },
        { offsetof(struct diff_case, data_versions),
          "The cases were made with different data on owners and countries: these may differ for that reason alone." },
        { offsetof(struct diff_case, policy),
          "The cases were judged by different policies: verdicts may differ for that reason alone." },
        { offsetof(struct diff_case, profiles),
          "The cases were judged by different collections of precautions: verdicts may differ for that reason alone." },
    };

    for (size_t m = 0; m < sizeof members / sizeof *members; m++)
        for (size_t i = 1; i < n->d->case_count; i++) {
            const struct text *a = (const struct text *)((const char *)&n->d->cases[0] + members[m].member);
            const struct text *b = (const struct text *)((const char *)&n->d->cases[i] + members[m].member);
            if (!text_equal(*a, *b)) {
                note(n, text_of(members[m].sentence));
                break;
            }
        }
}

int diff_open(struct diff *d, struct fact_case *const *cases, const struct text *paths, size_t count,
              struct arena *arena, size_t *ret_bad)
{
    *d = (struct diff){ .arena = arena, .case_count = count };
    for (size_t i = 0; i < count; i++) {
        struct diff_case *k = &d->cases[i];
        *k = (struct diff_case){
            .c = cases[i],
            .path = paths[i],
            .label = case_get(cases[i], "label", arena),
            .started = case_get(cases[i], "started", arena),
            .tool_version = case_get(cases[i], "tool_version", arena),
            .verdict = case_get(cases[i], "verdict", arena),
            .policy = case_get(cases[i], "policy", arena),
            .profiles = case_get(cases[i], "profiles", arena),
            .data_versions = case_get(cases[i], "data_versions", arena),
        };
        name_case(d, i);
        int error = read_coverage(k);
        if (!error)
            error = read_apps(k, arena);
        if (!error)
            error = read_hidden_code(k, arena);
        if (error) {
            *ret_bad = i;
            return error;
        }
    }
    struct noting n = { .d = d, .items = arena_alloc(arena, DIFF_NOTES_MAX, sizeof(struct text)) };
    note_less_capture(&n);
    note_flights_and_content(&n);
    note_versions(&n);
    d->notes = (struct text_list){ n.items, n.count };
    return diff_count(d, ret_bad);
}
