#include "report/summary.h"

#include <errno.h>

#include "report/path.h"
#include "report/summary_telling.h"
#include "report/told.h"

enum { NOTES_MAX = 12 };

/* The numbers of one row into variables, unknown when there is no row. */
static void count_into(struct telling *t, const char *sql, int64_t *const *into, size_t count)
{
    sqlite3_stmt *statement = telling_query(t, sql);
    const bool has_row = telling_next(t, statement);

    for (size_t i = 0; i < count; i++)
        *into[i] = has_row ? telling_int(statement, (int)i) : FACT_UNKNOWN_INT;
    sqlite3_finalize(statement);
}
#define COUNT_INTO(t, sql, ...) \
    count_into((t), (sql), (int64_t *const[]){ __VA_ARGS__ }, sizeof((int64_t *const[]){ __VA_ARGS__ }) / sizeof(int64_t *))

/* A flight that several sources tell counts once, by its best track. */
#define ONE_OF_ITS_STORY                                                                                                 \
    "id NOT IN (SELECT s.source FROM story_source s JOIN story t ON t.id = s.story"                                         \
    " WHERE t.best_track IS NOT NULL AND t.best_track IS NOT s.source)"

/* total() and not sum() for values from evidence: sum() of absurd values is an error,
 * total() is exact up to 2^53. */
static void read_counts(struct telling *t)
{
    COUNT_INTO(t, "SELECT count(*), ifnull(sum(local IS NOT 1), 0) FROM flow", &t->flows, &t->flows_outside);
    COUNT_INTO(t, "SELECT count(*) FROM search", &t->searches);
    COUNT_INTO(t, "SELECT count(*) FROM leak", &t->leaks);
    COUNT_INTO(t, "SELECT count(*), ifnull(sum(countries_disagree IS 1), 0), ifnull(sum(party = 'vendor'), 0),"
                  " ifnull(sum(party = 'third'), 0), ifnull(sum(party = 'operator'), 0),"
                  " ifnull(sum(party IS NULL OR party NOT IN ('vendor', 'third', 'operator')), 0)"
                  " FROM destination WHERE party IS NOT 'local'",
               &t->destinations, &t->disagree, &t->by_vendor, &t->by_third, &t->by_operator, &t->by_unknown);
    COUNT_INTO(t, "SELECT ifnull(sum(verdict = 'not_met'), 0), ifnull(sum(verdict = 'met'), 0),"
                  " ifnull(sum(verdict = 'not_shown'), 0), ifnull(sum(verdict = 'attested'), 0),"
                  " ifnull(sum(verdict = 'not_applicable'), 0) FROM precaution WHERE source_confidence IS NOT 'from_memory'",
               &t->not_met, &t->met, &t->not_shown, &t->attested, &t->not_applicable);
    COUNT_INTO(t, "SELECT count(*) FROM finding WHERE severity IS NOT 'info'", &t->findings);
    COUNT_INTO(t, "SELECT ifnull(sum(status = 'partial'), 0), ifnull(sum(status = 'unreadable'), 0),"
                  " ifnull(sum(status = 'skipped'), 0) FROM evidence", &t->partial, &t->unreadable, &t->skipped);
    COUNT_INTO(t, "SELECT (SELECT count(*) FROM flight WHERE " ONE_OF_ITS_STORY "), cast(total(points) AS INTEGER),"
                  " cast(total(operator_points) AS INTEGER), cast(total(encrypted_records) AS INTEGER),"
                  " count(CASE WHEN note LIKE '%" UNTESTED "%' THEN 1 END) FROM flight",
               &t->flights, &t->points, &t->operator_points, &t->encrypted_records, &t->flights_untested);
    COUNT_INTO(t, "SELECT count(*), ifnull(sum(longitude_deg IS NOT NULL), 0), count(CASE WHEN note LIKE '%" UNTESTED "%' THEN 1 END) FROM media",
               &t->media, &t->media_placed, &t->media_untested);
    COUNT_INTO(t, "SELECT count(*) FROM (SELECT serial FROM device WHERE serial IS NOT NULL"
                  " UNION SELECT aircraft_serial FROM flight WHERE aircraft_serial IS NOT NULL"
                  " UNION SELECT value FROM identifier WHERE kind = 'serial')", &t->serials);

    COUNT_INTO(t, "SELECT count(*) FROM package WHERE readable IN ('packed', 'partial')", &t->apps_unread);

    sqlite3_stmt *statement = telling_query(t, "SELECT sum(duration_s) FROM flight WHERE " ONE_OF_ITS_STORY);
    t->airborne_s = telling_next(t, statement) ? telling_real(statement, 0) : FACT_UNKNOWN_REAL;
    sqlite3_finalize(statement);
}

static void read_coverage(struct telling *t)
{
    struct summary_coverage *v = &t->s->coverage;
    int64_t evidence_read, evidence_total;

    *v = (struct summary_coverage){ .flight_time_s = FACT_UNKNOWN_REAL, .flight_time_covered_s = FACT_UNKNOWN_REAL };
    COUNT_INTO(t, "WITH j(v) AS (SELECT value FROM run WHERE key = 'coverage' AND json_valid(value))"
                  " SELECT json_extract(v, '$.evidence_read'), json_extract(v, '$.evidence_total'),"
                  " json_extract(v, '$.payload_out'), json_extract(v, '$.readable_out'),"
                  " json_extract(v, '$.opaque_out'), json_extract(v, '$.missing_out'), json_extract(v, '$.evicted') FROM j",
               &v->evidence_read, &v->evidence_total, &v->payload_out, &v->readable_out, &v->opaque_out,
               &v->missing_out, &v->evicted);
    COUNT_INTO(t, "SELECT ifnull(sum(status = 'read'), 0), count(*) FROM evidence", &evidence_read, &evidence_total);
    if (!fact_known_int(v->evidence_total)) {
        v->evidence_read = evidence_read;
        v->evidence_total = evidence_total;
    }
    if (!fact_known_int(v->payload_out))
        COUNT_INTO(t, "SELECT cast(total(payload_out) AS INTEGER), cast(total(readable_out) AS INTEGER), cast(total(opaque_out) AS INTEGER),"
                      " cast(total(missing_out) AS INTEGER) FROM flow WHERE local IS NOT 1",
                   &v->payload_out, &v->readable_out, &v->opaque_out, &v->missing_out);

    sqlite3_stmt *statement = telling_query(t, "SELECT json_extract(value, '$.flight_time_s'),"
        " json_extract(value, '$.flight_time_covered_s') FROM run WHERE key = 'coverage' AND json_valid(value)");
    if (telling_next(t, statement)) {
        v->flight_time_s = telling_real(statement, 0);
        v->flight_time_covered_s = telling_real(statement, 1);
    }
    sqlite3_finalize(statement);

    v->path_bytes = v->searched = FACT_UNKNOWN_INT;
    COUNT_INTO(t, "SELECT max(CAST(value AS INTEGER)) FROM run WHERE key = 'path_bytes'", &v->path_bytes);
    statement = telling_query(t, "SELECT iif(count(*) > 0, CAST(total(bytes_searched) AS INTEGER), NULL), total(expected_false_hits) FROM search");
    if (telling_next(t, statement)) {
        v->searched = telling_int(statement, 0);
        v->chance_hits = telling_real(statement, 1);
    }
    sqlite3_finalize(statement);

    statement = telling_query(t, "SELECT n.value FROM run, json_each(run.value, '$.notes') AS n"
                         " WHERE run.key = 'coverage' AND json_valid(run.value) LIMIT 13");
    while (v->notes.count < NOTES_MAX && telling_next(t, statement))
        telling_add(&v->notes, told(t->arena, telling_text(t, statement, 0)));
    sqlite3_finalize(statement);
}

static void judge_words(struct telling *t, struct text verdict)
{
    struct summary *s = t->s;
    const int64_t precautions = t->not_met + t->met + t->not_shown + t->attested + t->not_applicable;
    const struct share outcomes[] = {
        { t->not_met, WORDS_COUNT_NOT_MET }, { t->met, WORDS_COUNT_MET }, { t->not_shown, WORDS_COUNT_NOT_SHOWN },
        { t->attested, WORDS_COUNT_ATTESTED }, { t->not_applicable, WORDS_COUNT_NOT_APPLICABLE },
    };

    s->counts = precautions ? SAY(COUNTS, COUNT(precautions),
                                  telling_shares(t, outcomes, LENGTH(outcomes))) : TEXT_UNKNOWN;
    s->tone = SUMMARY_UNSURE;
    if (text_equal(verdict, TEXT("violations"))) {
        s->tone = SUMMARY_BAD;
        s->pill = words_plain(WORDS_PILL_VIOLATIONS);
        if (t->leaks > 0)
            s->headline = t->not_met > 0 ? SAY(VERDICT_LEFT, COUNT(t->not_met))
                                         : words_plain(WORDS_VERDICT_LEFT_ONLY);
        else
            s->headline = t->not_met > 0 ? SAY(VERDICT_NOT_MET, COUNT(t->not_met))
                                         : words_plain(WORDS_VERDICT_FINDINGS);
    } else if (text_equal(verdict, TEXT("no_violation_found")) && t->leaks == 0 && t->not_shown > 0 &&
               t->met + t->attested == 0) {
        s->pill = words_plain(WORDS_PILL_NOTHING_DECIDED);
        s->headline = words_plain(WORDS_VERDICT_NOTHING_DECIDED);
    } else if (text_equal(verdict, TEXT("no_violation_found"))) {
        s->tone = SUMMARY_NONE_FOUND;
        s->pill = words_plain(WORDS_PILL_NONE_FOUND);
        s->headline = words_plain(t->leaks > 0 ? WORDS_VERDICT_LEFT_ONLY : WORDS_VERDICT_NONE_FOUND);
    } else if (text_equal(verdict, TEXT("incomplete"))) {
        s->pill = words_plain(WORDS_PILL_INCOMPLETE);
        s->headline = words_plain(t->leaks > 0 ? WORDS_VERDICT_LEFT_ONLY : WORDS_VERDICT_INCOMPLETE);
    } else {
        s->pill = words_plain(WORDS_PILL_NOT_JUDGED);
        s->headline = words_plain(WORDS_VERDICT_NOT_JUDGED);
    }
}

struct text summary_heading(enum summary_part part)
{
    static const enum words_key headings[SUMMARY_PART_COUNT] = {
        [SUMMARY_LEFT] = WORDS_HEAD_LEFT, [SUMMARY_ADDRESSED] = WORDS_HEAD_ADDRESSED,
        [SUMMARY_UNSEEN] = WORDS_HEAD_UNSEEN, [SUMMARY_NEXT] = WORDS_HEAD_NEXT, [SUMMARY_KEPT] = WORDS_HEAD_KEPT,
    };

    return words_plain(headings[part]);
}

struct text summary_question(enum summary_part part)
{
    static const enum words_key questions[SUMMARY_ANSWER_COUNT] = {
        [SUMMARY_LEFT] = WORDS_ASK_LEFT, [SUMMARY_ADDRESSED] = WORDS_ASK_ADDRESSED, [SUMMARY_UNSEEN] = WORDS_ASK_UNSEEN,
        [SUMMARY_NEXT] = WORDS_ASK_NEXT,
    };

    return words_plain(questions[part]);
}

int summary_read(struct fact_case *c, struct arena *arena, struct summary *ret)
{
    struct summary s = { .label = case_get(c, "label", arena), .started = case_get(c, "started", arena) };
    struct telling telling = { .db = case_db(c), .arena = arena, .s = &s };

    read_counts(&telling);
    read_coverage(&telling);
    s.has_traffic = telling.flows > 0;
    judge_words(&telling, case_get(c, "verdict", arena));
    tell_left(&telling);
    tell_addressed(&telling);
    tell_unseen(&telling);
    tell_next(&telling);
    tell_kept(&telling);
    tell_answers(&telling);
    if (telling.failed)
        return -EIO;
    *ret = s;
    return 0;
}
