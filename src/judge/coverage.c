#include "judge/coverage.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/fact_json.h"
#include "judge/coverage_bound.h"
#include "judge/coverage_flows.h"
#include "judge/template.h"

/* How packet/tracker.c begins to say so, behind the number. */
#define EVICTION "'% flows were set aside early%'"

/* Steps through the rows of a query with one integer per column. */
static int each_row(sqlite3 *db, const char *sql, void (*each)(void *user, sqlite3_stmt *row), void *user)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

    if (code == SQLITE_OK) {
        while ((code = sqlite3_step(s)) == SQLITE_ROW)
            each(user, s);
    }
    sqlite3_finalize(s);
    return code == SQLITE_DONE ? 0 : -EIO;
}

struct numbers { int64_t *const *into; size_t count; };

static void take_numbers(void *user, sqlite3_stmt *row)
{
    const struct numbers *n = user;

    for (size_t i = 0; i < n->count; i++)
        *n->into[i] = sqlite3_column_int64(row, (int)i);
}

#define NUMBERS(db, sql, ...) each_row(db, sql, take_numbers, &(struct numbers){ \
    (int64_t *const[]){ __VA_ARGS__ }, sizeof((int64_t *const[]){ __VA_ARGS__ }) / sizeof(int64_t *) })

static struct text column_text(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

static void take_real(void *user, sqlite3_stmt *row)
{
    *(double *)user = sqlite3_column_double(row, 0);
}

double coverage_unreadable_share(const struct coverage *v)
{
    const double all = (double)v->payload_out + (double)v->missing_out;

    return all > 0 ? ((double)v->opaque_out + (double)v->missing_out) / all : 0;
}

void coverage_note(struct coverage *v, struct arena *arena, struct text note)
{
    struct text *items = (struct text *)(uintptr_t)v->notes.items;

    if (!items)
        items = arena_alloc(arena, COVERAGE_NOTES_MAX, sizeof *items);
    if (!items || v->notes.count == COVERAGE_NOTES_MAX || !text_known(note))
        return;
    items[v->notes.count] = note;
    v->notes = (struct text_list){ .items = items, .count = v->notes.count + 1 };
}

struct text coverage_fill(const char *template, const double *numbers, size_t count, struct arena *arena)
{
    static const struct text names[COVERAGE_NUMBERS_MAX] = { { "0", 1 }, { "1", 1 }, { "2", 1 }, { "3", 1 } };
    struct template_value values[COVERAGE_NUMBERS_MAX];

    for (size_t i = 0; i < count && i < COVERAGE_NUMBERS_MAX; i++) {
        values[i] = (struct template_value){ .name = names[i], .cell = { .type = QUERY_REAL, .real = numbers[i] } };
        if (numbers[i] >= 0 && numbers[i] < 9e15 && numbers[i] == (double)(int64_t)numbers[i])
            values[i].cell = (struct query_cell){ .type = QUERY_INT, .integer = (int64_t)numbers[i] };
    }
    return template_fill(text_of(template), values, count, arena);
}

#define NOTE(v, arena, template, ...) coverage_note(v, arena, COVERAGE_FILL(arena, template, __VA_ARGS__))

struct noting { struct coverage *v; struct arena *arena; int64_t now_utc_ns; };

static void note_old_data(void *user, sqlite3_stmt *row)
{
    struct noting *n = user;
    const struct text database = column_text(row, 0), date = column_text(row, 1);
    char full[] = "YYYY-MM-DDT00:00:00Z";
    int64_t at;

    if (date.len < 10)
        return;
    memcpy(full, date.at, 10);
    if (!timestamp_parse((struct text){ .at = full, .len = sizeof full - 1 }, &at) ||
        n->now_utc_ns - at < 366 * 24 * 3600 * NS_PER_S)
        return;
    coverage_note(n->v, n->arena,
        arena_printf(n->arena, "The address data \"%.*s\" is of %.*s, more than a year old: owners and "
                               "countries may have changed.",
                     (int)(database.len < 100 ? database.len : 100), database.at ? database.at : "", 10, date.at));
}

static void notes_on_evidence(struct coverage *v, struct arena *arena)
{
    if (v->evidence_partial)
        NOTE(v, arena, "{0|count item} of {1} could be read only in part.", (double)v->evidence_partial,
             (double)v->evidence_total);
    if (v->evidence_unreadable)
        NOTE(v, arena, "{0|count item} of {1} could not be read.", (double)v->evidence_unreadable,
             (double)v->evidence_total);
    if (v->evidence_skipped)
        NOTE(v, arena, "{0|count item} of {1} were left out: no evidence that leash reads.",
             (double)v->evidence_skipped, (double)v->evidence_total);
    if (v->flights_encrypted)
        NOTE(v, arena, "{0} of {1|count flight log} keep their path encrypted: it was not read, and could not "
                       "be searched for.",
             (double)v->flights_encrypted, (double)v->flights);
    if (v->flights_without_utc)
        NOTE(v, arena, "{0|count flight} without known UTC times: no capture can be laid over them.",
             (double)v->flights_without_utc);
    if (!v->captures)
        coverage_note(v, arena, TEXT("No network capture was given: nothing can be said about what was sent."));
}

static void notes_on_traffic(struct coverage *v, struct arena *arena)
{
    const double all = (double)v->payload_out + (double)v->missing_out;

    if (!v->captures)
        return;
    if (v->opaque_out || v->missing_out)
        NOTE(v, arena, "{0|percent} of the {1|size} that left could not be read: {2|size} encrypted or unknown, "
                       "{3|size} not in the capture.",
             coverage_unreadable_share(v), all, (double)v->opaque_out, (double)v->missing_out);
    if (v->flight_time_s > 0)
        NOTE(v, arena, "Captures cover {0|duration} of {1|duration} of flight; a capture counts from its first to its last packet, "
                       "without pauses of more than 5 minutes.",
             v->flight_time_covered_s, v->flight_time_s);
    else
        coverage_note(v, arena, TEXT("No flight times are known: it cannot be told whether the captures cover a "
                                     "flight."));
    if (v->evicted)
        NOTE(v, arena, "{0|count connection} could not be followed to the end, because too many were open at once.",
             (double)v->evicted);
}

static int notes_from_rows(sqlite3 *db, struct coverage *v, struct arena *arena, int64_t now_utc_ns)
{
    struct noting n = { v, arena, now_utc_ns };
    int64_t places = 0, items = 0, bytes = 0, records = 0, device_clock = 0;
    int64_t searched = 0, undecoded = 0, candidates = 0, searches = 0;
    double false_hits = 0;
    int result = NUMBERS(db, "SELECT count(*), count(DISTINCT evidence), ifnull(sum(bytes_lost), 0), "
                             "ifnull(sum(records_lost), 0) "
                             "FROM damage WHERE statement NOT LIKE " EVICTION, &places, &items, &bytes, &records);

    if (!result && places)
        NOTE(v, arena, "Damaged or not understood: {0|count place} in {1|count item}; {2|size} and {3|count "
                       "record} are known to be lost.",
             (double)places, (double)items, (double)bytes, (double)records);
    if (!result)
        result = NUMBERS(db, "SELECT count(*) FROM flight WHERE time_basis = 'device_clock'", &device_clock);
    if (!result && device_clock && v->captures)
        NOTE(v, arena, "Timed by a device's own clock: {0|count flight}; how well it agrees with the clock of the captures "
                       "is not known.",
             (double)device_clock);
    if (!result && v->flows_without_name)
        NOTE(v, arena, "{0|count connection} went to addresses for which the evidence holds no name.",
             (double)v->flows_without_name);
    if (!result)
        result = NUMBERS(db, "SELECT count(*), ifnull(sum(bytes_searched), 0), ifnull(sum(bytes_not_decoded), 0), "
                             "ifnull(sum(candidates), 0) FROM search", &searches, &searched, &undecoded, &candidates);
    if (!result)
        result = each_row(db, "SELECT total(expected_false_hits) FROM search", take_real, &false_hits);
    if (!result && searches)
        NOTE(v, arena, "{0|size} were searched for known values, counted after unpacking; {1|count weak hit} stayed below the "
                       "threshold and do not count; {2|size} could not be unpacked.",
             (double)searched, (double)candidates, (double)undecoded);
    if (!result && searches && false_hits >= 0.01)
        NOTE(v, arena, "By chance alone {0} positions would look like hits; hits so weak stay below the threshold.", false_hits);
    if (!result)
        result = each_row(db, "SELECT DISTINCT json_extract(s.value, '$.database'), json_extract(s.value, '$.date') "
                              "FROM destination d, json_each(d.country_sources) s "
                              "WHERE json_valid(d.country_sources) ORDER BY 1, 2", note_old_data, &n);
    return result;
}

/* What the run itself had to say: data that was missing, readers that ran with less
 * protection.  A JSON list of sentences under "notes". */
static void notes_of_run(struct fact_case *c, struct coverage *v, struct arena *arena)
{
    struct text_list notes;

    if (!fact_json_read_list(case_get(c, "notes", arena), arena, &notes))
        return;
    for (size_t i = 0; i < notes.count; i++)
        coverage_note(v, arena, notes.items[i]);
}

int coverage_measure(struct fact_case *c, int64_t now_utc_ns, struct arena *arena, struct coverage *ret)
{
    sqlite3 *db = case_db(c);
    struct coverage v = { .flows_from_utc_ns = FACT_UNKNOWN_INT, .flows_to_utc_ns = FACT_UNKNOWN_INT };
    int result = NUMBERS(db, "SELECT count(*), ifnull(sum(status = 'read'), 0), ifnull(sum(status = 'partial'), 0), "
                             "ifnull(sum(status = 'unreadable'), 0), ifnull(sum(status = 'skipped'), 0) FROM evidence",
                         &v.evidence_total, &v.evidence_read, &v.evidence_partial, &v.evidence_unreadable,
                         &v.evidence_skipped);

    if (!result)
        result = NUMBERS(db, "SELECT count(*), ifnull(sum(encrypted_records > 0 AND ifnull(points, 0) <= 1), 0), "
                             "ifnull(sum(start IS NULL OR \"end\" IS NULL), 0) FROM flight",
                         &v.flights, &v.flights_encrypted, &v.flights_without_utc);
    if (!result)
        result = NUMBERS(db, "SELECT (SELECT count(*) FROM media), (SELECT count(*) FROM device), "
                             "(SELECT count(*) FROM package), "
                             "(SELECT ifnull(sum(CAST(statement AS INTEGER)), 0) FROM damage "
                             "WHERE statement LIKE " EVICTION ")",
                         &v.media, &v.devices, &v.packages, &v.evicted);
    if (!result)
        result = coverage_measure_flows(db, &v);
    if (!result) {
        notes_on_evidence(&v, arena);
        notes_on_traffic(&v, arena);
        result = notes_from_rows(db, &v, arena, now_utc_ns);
        if (!result)
            result = coverage_bound(db, &v, arena);
        notes_of_run(c, &v, arena);
    }
    if (!result)
        *ret = v;
    return result;
}

static void write_destination(struct json *j, const struct coverage_destination *d)
{
    json_object(j);
    json_member_text(j, "destination", d->host);
    json_member_int(j, "readable_out", d->readable_out);
    json_member_int(j, "opaque_out", d->opaque_out);
    json_member_int(j, "missing_out", d->missing_out);
    json_member_real(j, "path_copies", d->path_copies);
    json_member_real(j, "expected_false_hits", d->chance_hits);
    json_object_end(j);
}

struct text coverage_json(const struct coverage *v, struct arena *arena)
{
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);
    struct json j;

    if (!out)
        abort();
    json_init(&j, out, false);
    json_object(&j);
    json_member_int(&j, "evidence_read", v->evidence_read);
    json_member_int(&j, "evidence_total", v->evidence_total);
    json_member_int(&j, "payload_out", v->payload_out);
    json_member_int(&j, "readable_out", v->readable_out);
    json_member_int(&j, "opaque_out", v->opaque_out);
    json_member_int(&j, "missing_out", v->missing_out);
    json_member_real(&j, "flight_time_s", v->flight_time_s);
    json_member_real(&j, "flight_time_covered_s", v->flight_time_covered_s);
    json_member_int(&j, "evicted", v->evicted);
    json_key(&j, "destinations");
    json_array(&j);
    for (size_t i = 0; i < v->destination_count; i++)
        write_destination(&j, &v->destinations[i]);
    json_array_end(&j);
    json_key(&j, "notes");
    json_array(&j);
    for (size_t i = 0; i < v->notes.count; i++)
        json_text(&j, v->notes.items[i]);
    json_array_end(&j);
    json_object_end(&j);
    fclose(out);
    const struct text result = arena_text(arena, (struct text){ .at = at, .len = len });
    free(at);
    return result;
}

static bool any_of(struct text_list evidence, const char *kind)
{
    for (size_t i = 0; i < evidence.count; i++)
        if (text_equal(evidence.items[i], text_of(kind)))
            return true;
    return false;
}

static void sentence_on_captures(const struct coverage *v, struct coverage *parts, struct arena *arena)
{
    if (!v->captures) {
        coverage_note(parts, arena, TEXT("no network capture"));
        return;
    }
    if (v->flight_time_s > 0)
        NOTE(parts, arena, "{0|count network capture}, covering {1|duration} of {2|duration} in the air",
             (double)v->captures, v->flight_time_covered_s, v->flight_time_s);
    else
        NOTE(parts, arena, "{0|count network capture}; when the aircraft flew is not known", (double)v->captures);
    if (v->opaque_out || v->missing_out)
        NOTE(parts, arena, "{0|percent} of the {1|size} that left could not be read", coverage_unreadable_share(v),
             (double)v->payload_out + (double)v->missing_out);
    else
        coverage_note(parts, arena, TEXT("all that left could be read"));
}

struct text coverage_sentence(const struct coverage *v, struct text_list evidence, struct arena *arena)
{
    struct coverage parts = { 0 };
    struct buffer b;

    if (any_of(evidence, "pcap"))
        sentence_on_captures(v, &parts, arena);
    if (any_of(evidence, "flight-log"))
        NOTE(&parts, arena, v->flights_encrypted ? "{0|count flight log}, {1} of them with an encrypted path"
                                                 : "{0|count flight log}",
             (double)v->flights, (double)v->flights_encrypted);
    if (any_of(evidence, "sd-card"))
        NOTE(&parts, arena, "{0|count photo or video file}", (double)v->media);
    if (any_of(evidence, "app-pkg"))
        NOTE(&parts, arena, "{0|count app package}", (double)v->packages);
    if (v->evidence_partial + v->evidence_unreadable > 0)
        NOTE(&parts, arena, "{0|count item} of evidence not read in full",
             (double)(v->evidence_partial + v->evidence_unreadable));
    buffer_init(&b, TEMPLATE_RESULT_MAX);
    for (size_t i = 0; i < parts.notes.count; i++) {
        buffer_printf(&b, "%s", i ? "; " : "");
        buffer_add_text(&b, parts.notes.items[i]);
    }
    const struct text result = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return result;
}
