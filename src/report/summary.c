#include "report/summary.h"

#include <errno.h>
#include <sqlite3.h>

#include "report/country.h"
#include "report/told.h"
#include "report/words.h"

enum { LEAKS_TOLD_MAX = 6, NEEDS_TOLD_MAX = 3, NOTES_MAX = 12, RECIPIENTS_TOLD_MAX = 2 };

/* What the parts are worked out from, besides the coverage. */
struct telling {
    sqlite3 *db;
    struct arena *arena;
    struct summary *s;
    bool failed;

    int64_t flows, flows_outside, searches, leaks;
    int64_t destinations, disagree, by_vendor, by_third, by_operator, by_unknown;
    int64_t not_met, met, not_shown, attested, not_applicable;
    int64_t findings;
    int64_t partial, unreadable, skipped;
    int64_t flights, points, operator_points, encrypted_records, media, media_placed, serials;
    double airborne_s;
};

static sqlite3_stmt *query(struct telling *t, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (t->failed || sqlite3_prepare_v2(t->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        t->failed = true;
        return NULL;
    }
    return statement;
}

static bool next_row(struct telling *t, sqlite3_stmt *statement)
{
    const int status = statement ? sqlite3_step(statement) : SQLITE_DONE;

    if (status != SQLITE_ROW && status != SQLITE_DONE)
        t->failed = true;
    return status == SQLITE_ROW;
}

static struct text text_at(struct telling *t, sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);

    if (!at)
        return TEXT_UNKNOWN;
    return arena_text(t->arena, (struct text){ at, (size_t)sqlite3_column_bytes(statement, column) });
}

static int64_t int_at(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? FACT_UNKNOWN_INT
                                                                 : sqlite3_column_int64(statement, column);
}

static double real_at(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? FACT_UNKNOWN_REAL
                                                                 : sqlite3_column_double(statement, column);
}

/* The numbers of one row into variables, unknown when there is no row. */
static void count_into(struct telling *t, const char *sql, int64_t *const *into, size_t count)
{
    sqlite3_stmt *statement = query(t, sql);
    const bool has_row = next_row(t, statement);

    for (size_t i = 0; i < count; i++)
        *into[i] = has_row ? int_at(statement, (int)i) : FACT_UNKNOWN_INT;
    sqlite3_finalize(statement);
}
#define COUNT_INTO(t, sql, ...) \
    count_into((t), (sql), (int64_t *const[]){ __VA_ARGS__ }, sizeof((int64_t *const[]){ __VA_ARGS__ }) / sizeof(int64_t *))

/* A flight that several sources tell counts once, by its best track. */
#define ONE_OF_ITS_STORY                                                                                                 \
    "id NOT IN (SELECT s.source FROM story_source s JOIN story t ON t.id = s.story"                                         \
    " WHERE t.best_track IS NOT NULL AND t.best_track IS NOT s.source)"

static void tell(struct summary_list *list, struct text sentence)
{
    if (list->count < SUMMARY_SENTENCES_MAX)
        list->items[list->count++] = sentence;
}

#define SAY(key, ...)   WORDS_SAY(t->arena, key, __VA_ARGS__)
#define COUNT(n)        words_count(t->arena, (n))
#define BYTES(n)        words_bytes(t->arena, (n))
#define PART(part)      (&t->s->parts[SUMMARY_##part])
#define LENGTH(array)   (sizeof(array) / sizeof *(array))

/* "3 not met, 5 met": the counts that are not zero. */
struct share {
    int64_t count;
    enum words_key key;
};

static struct text join_shares(struct telling *t, const struct share *shares, size_t count)
{
    struct text parts[8];
    size_t used = 0;

    for (size_t i = 0; i < count && used < LENGTH(parts); i++)
        if (shares[i].count > 0)
            parts[used++] = words_say(t->arena, shares[i].key, (struct text[]){ COUNT(shares[i].count) }, 1);
    return words_join(t->arena, parts, used, ", ");
}

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
                  " cast(total(operator_points) AS INTEGER), cast(total(encrypted_records) AS INTEGER) FROM flight",
               &t->flights, &t->points, &t->operator_points, &t->encrypted_records);
    COUNT_INTO(t, "SELECT count(*), ifnull(sum(longitude_deg IS NOT NULL), 0) FROM media", &t->media, &t->media_placed);
    COUNT_INTO(t, "SELECT count(*) FROM (SELECT serial FROM device WHERE serial IS NOT NULL"
                  " UNION SELECT aircraft_serial FROM flight WHERE aircraft_serial IS NOT NULL"
                  " UNION SELECT value FROM identifier WHERE kind = 'serial')", &t->serials);

    sqlite3_stmt *statement = query(t, "SELECT sum(duration_s) FROM flight WHERE " ONE_OF_ITS_STORY);
    t->airborne_s = next_row(t, statement) ? real_at(statement, 0) : FACT_UNKNOWN_REAL;
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

    sqlite3_stmt *statement = query(t, "SELECT json_extract(value, '$.flight_time_s'),"
        " json_extract(value, '$.flight_time_covered_s') FROM run WHERE key = 'coverage' AND json_valid(value)");
    if (next_row(t, statement)) {
        v->flight_time_s = real_at(statement, 0);
        v->flight_time_covered_s = real_at(statement, 1);
    }
    sqlite3_finalize(statement);

    v->path_bytes = v->searched = FACT_UNKNOWN_INT;
    COUNT_INTO(t, "SELECT max(CAST(value AS INTEGER)) FROM run WHERE key = 'path_bytes'", &v->path_bytes);
    statement = query(t, "SELECT iif(count(*) > 0, CAST(total(bytes_searched) AS INTEGER), NULL), total(expected_false_hits) FROM search");
    if (next_row(t, statement)) {
        v->searched = int_at(statement, 0);
        v->chance_hits = real_at(statement, 1);
    }
    sqlite3_finalize(statement);

    statement = query(t, "SELECT n.value FROM run, json_each(run.value, '$.notes') AS n"
                         " WHERE run.key = 'coverage' AND json_valid(run.value) LIMIT 13");
    while (v->notes.count < NOTES_MAX && next_row(t, statement))
        tell(&v->notes, told(t->arena, text_at(t, statement, 0)));
    sqlite3_finalize(statement);
}

static enum words_key leak_sentence(struct text what)
{
    static const struct { const char *what; enum words_key key; } sentences[] = {
        { "flight_path", WORDS_LEFT_PATH }, { "position", WORDS_LEFT_POSITION }, { "place_reference", WORDS_LEFT_PLACE },
        { "serial", WORDS_LEFT_SERIAL }, { "identifier", WORDS_LEFT_IDENTIFIER }, { "media", WORDS_LEFT_MEDIA },
        { "log_file", WORDS_LEFT_LOG_FILE },
    };

    for (size_t i = 0; i < LENGTH(sentences); i++)
        if (text_equal(what, text_of(sentences[i].what)))
            return sentences[i].key;
    return WORDS_LEFT_TEXT;
}

static bool mentions(struct text t, struct text part)
{
    return part.len == 0 || (t.len > 0 && memmem(t.at, t.len, part.at, part.len));
}

static struct text without_stop(struct text t)
{
    while (t.len > 0 && t.at[t.len - 1] == '.')
        t.len--;
    return t;
}

static struct text leak_told(struct telling *t, struct text what, struct text destination, struct text claim,
                             int64_t count)
{
    struct text said = claim;

    if (!text_known(claim) || claim.len == 0)
        said = words_say(t->arena, leak_sentence(what), (struct text[]){
                text_known(destination) ? destination : words_plain(WORDS_UNKNOWN_DESTINATION) }, 1);
    else if (text_known(destination) && !mentions(claim, destination))
        said = SAY(LEFT_WITH_DESTINATION, without_stop(claim), destination);
    said = without_stop(said);
    if (count > 1)
        said = SAY(LEFT_MORE, said, COUNT(count - 1));
    /* The claims begin like the middle of a sentence. */
    const char first = said.len && said.at[0] >= 'a' && said.at[0] <= 'z' ? (char)(said.at[0] - 'a' + 'A') : 0;
    if (first)
        return arena_printf(t->arena, "%c%.*s.", first, (int)said.len - 1, said.at + 1);
    return arena_printf(t->arena, "%.*s.", (int)said.len, said.at);
}

/* What tells most about a flight comes first. */
#define LEAK_RANK "CASE what WHEN 'flight_path' THEN 0 WHEN 'media' THEN 1 WHEN 'log_file' THEN 2 WHEN 'position' THEN 3" \
                  " WHEN 'place_reference' THEN 4 WHEN 'serial' THEN 5 ELSE 6 END"

static void tell_leaks(struct telling *t)
{
    sqlite3_stmt *statement = query(t,
        "SELECT what, destination, claim, count(*), min(fid) FROM leak GROUP BY what, destination, claim_key"
        " ORDER BY " LEAK_RANK ", min(fid)");
    size_t shown = 0, further = 0;

    while (next_row(t, statement)) {
        if (shown < LEAKS_TOLD_MAX) {
            tell(PART(LEFT), leak_told(t, text_at(t, statement, 0), text_at(t, statement, 1),
                                       told(t->arena, text_at(t, statement, 2)), int_at(statement, 3)));
            shown++;
        } else {
            further++;
        }
    }
    if (further)
        tell(PART(LEFT), SAY(LEFT_FURTHER, COUNT((int64_t)further)));
    sqlite3_finalize(statement);
}

/* Where the person was who flies: the carriers that told it most often. */
static void tell_exposures(struct telling *t)
{
    enum { EXPOSURES_TOLD_MAX = 3 };
    sqlite3_stmt *statement = query(t, "SELECT ifnull(uas_id, 'an aircraft'), told, ifnull(told_s, 0.0), replace(carrier, '_', ' ')"
                                       " FROM exposure ORDER BY told DESC, fid");

    for (int i = 0; i < EXPOSURES_TOLD_MAX && next_row(t, statement); i++)
        tell(PART(LEFT), SAY(LEFT_BY_RADIO, text_at(t, statement, 0), COUNT(int_at(statement, 1)),
                             words_duration(t->arena, real_at(statement, 2)), text_at(t, statement, 3)));
    sqlite3_finalize(statement);
}

static void tell_left(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    tell_leaks(t);
    tell_exposures(t);
    if (t->flows == 0) {
        tell(PART(LEFT), words_plain(WORDS_LEFT_NO_TRAFFIC));
        return;
    }
    if (t->flows_outside == 0) {
        tell(PART(LEFT), words_plain(WORDS_LEFT_NO_OUTSIDE));
        return;
    }
    if (t->leaks == 0) {
        if (t->searches == 0)
            tell(PART(LEFT), words_plain(WORDS_LEFT_NOT_SEARCHED));
        else if (v->readable_out == 0)
            tell(PART(LEFT), SAY(LEFT_NOTHING_READABLE, BYTES(v->payload_out)));
        else
            tell(PART(LEFT), SAY(LEFT_SEARCHED, BYTES(v->readable_out), BYTES(v->payload_out)));
    }
    tell(PART(LEFT), SAY(LEFT_VOLUME, BYTES(v->payload_out), COUNT(t->destinations)));
}

/* The operator's country, the registry's and the place's are three answers: they are
 * one word only where all that are known agree. */
static struct text countries_told(struct telling *t, sqlite3_stmt *statement, int first_column)
{
    static const enum words_key keys[] = { WORDS_COUNTRY_OPERATOR, WORDS_COUNTRY_REGISTRY, WORDS_COUNTRY_LOCATION };
    struct text parts[LENGTH(keys)], first = TEXT_UNKNOWN;
    size_t count = 0;
    bool agree = true;

    for (size_t i = 0; i < LENGTH(keys); i++) {
        const struct text country = country_name(text_at(t, statement, first_column + (int)i));
        if (!text_known(country))
            continue;
        agree = agree && (count == 0 || text_equal(country, first));
        first = count ? first : country;
        parts[count++] = words_say(t->arena, keys[i], &country, 1);
    }
    if (count > 1 && agree)
        return first;
    return count ? words_join(t->arena, parts, count, ", ") : words_plain(WORDS_COUNTRY_UNKNOWN);
}

static void tell_addressed(struct telling *t)
{
    int64_t shown = 0;

    if (t->flows == 0) {
        tell(PART(ADDRESSED), words_plain(WORDS_TO_NOT_KNOWN));
        return;
    }
    if (t->destinations == 0) {
        tell(PART(ADDRESSED), words_plain(WORDS_TO_NOBODY));
        return;
    }
    const struct share parties[] = {
        { t->by_vendor, WORDS_TO_VENDOR }, { t->by_third, WORDS_TO_THIRD },
        { t->by_operator, WORDS_TO_OPERATOR }, { t->by_unknown, WORDS_TO_PARTY_UNKNOWN },
    };
    tell(PART(ADDRESSED), SAY(TO_PARTIES, COUNT(t->destinations), join_shares(t, parties, LENGTH(parties))));

    /* Those that known data was addressed to come first, then the largest. */
    sqlite3_stmt *statement = query(t,
        "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), owner, bytes_out, operator_country,"
        " registry_country, location_country FROM destination AS d WHERE party IS NOT 'local'"
        " ORDER BY ifnull((SELECT min(" LEAK_RANK ") FROM leak WHERE leak.destination = d.host), 9), bytes_out DESC, host"
        " LIMIT 5");
    while (next_row(t, statement)) {
        const struct text host = text_at(t, statement, 0), owner = text_at(t, statement, 1);
        const struct text bytes = BYTES(int_at(statement, 2)), countries = countries_told(t, statement, 3);
        tell(PART(ADDRESSED), SAY(TO_ONE, host, text_known(owner) ? owner : words_plain(WORDS_TO_OWNER_UNKNOWN), countries,
                                  bytes));
        shown++;
    }
    sqlite3_finalize(statement);
    if (t->destinations > shown)
        tell(PART(ADDRESSED), SAY(TO_MORE, COUNT(t->destinations - shown)));
    if (t->disagree > 0)
        tell(PART(ADDRESSED), SAY(TO_DISAGREE, COUNT(t->disagree)));
}

/* How often the path of the known flights fits into so many bytes. */
static int64_t path_copies(const struct summary_coverage *v, int64_t bytes)
{
    return fact_known_int(v->path_bytes) && v->path_bytes > 0 ? bytes / v->path_bytes : 0;
}

/* What "not found" leaves open: how often the path fits into what was not seen, and what chance makes. */
static void tell_bound(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    if (path_copies(v, v->missing_out) > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_COPIES, COUNT(path_copies(v, v->missing_out))));
    if (fact_known_int(v->searched) && fact_known_real(v->chance_hits))
        tell(PART(UNSEEN), SAY(UNSEEN_SEARCHED, BYTES(v->searched), arena_printf(t->arena, "%.2g", v->chance_hits)));
}

/* Packed apps: that nothing was found in them says nothing. */
static void tell_hidden_code(struct telling *t)
{
    enum { NAMED_MAX = 4 };
    struct text names[NAMED_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = query(t, "SELECT DISTINCT ifnull(package, 'a package') || ifnull(' ' || version, '') FROM package"
                                       " WHERE readable IS NOT NULL AND readable <> 'full' ORDER BY fid LIMIT 4");

    while (count < NAMED_MAX && next_row(t, statement))
        names[count++] = text_at(t, statement, 0);
    sqlite3_finalize(statement);
    if (count > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_HIDDEN_CODE, words_join(t->arena, names, count, ", ")));
}

static void tell_unseen(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    if (t->flows == 0)
        tell(PART(UNSEEN), words_plain(WORDS_UNSEEN_NO_TRAFFIC));
    tell_hidden_code(t);
    if (v->opaque_out > 0 && path_copies(v, v->opaque_out) > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_OPAQUE_PATH, BYTES(v->opaque_out), BYTES(v->payload_out),
                               words_percent(t->arena, (double)v->opaque_out, (double)v->payload_out), COUNT(path_copies(v, v->opaque_out))));
    else if (v->opaque_out > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_OPAQUE, BYTES(v->opaque_out), BYTES(v->payload_out),
                               words_percent(t->arena, (double)v->opaque_out, (double)v->payload_out)));
    if (v->missing_out > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_MISSING, BYTES(v->missing_out)));
    tell_bound(t);
    if (t->flows > 0 && v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s) {
        const struct text whole = words_duration(t->arena, v->flight_time_s);
        if (v->flight_time_covered_s > 0)
            tell(PART(UNSEEN), SAY(UNSEEN_FLIGHT, words_duration(t->arena, v->flight_time_covered_s), whole,
                                   words_percent(t->arena, v->flight_time_covered_s, v->flight_time_s)));
        else
            tell(PART(UNSEEN), SAY(UNSEEN_FLIGHT_NONE, whole));
    }
    const struct share states[] = {
        { t->partial, WORDS_UNSEEN_PARTIAL }, { t->unreadable, WORDS_UNSEEN_UNREADABLE },
        { t->skipped, WORDS_UNSEEN_SKIPPED },
    };
    const int64_t not_whole = t->partial + t->unreadable + t->skipped;
    if (not_whole > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_EVIDENCE, COUNT(not_whole), COUNT(v->evidence_total),
                               join_shares(t, states, LENGTH(states))));
    if (t->encrypted_records > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_ENCRYPTED_LOG, COUNT(t->encrypted_records)));
    if (v->evicted > 0)
        tell(PART(UNSEEN), SAY(UNSEEN_EVICTED, COUNT(v->evicted)));
    if (PART(UNSEEN)->count == 0)
        tell(PART(UNSEEN), words_plain(WORDS_UNSEEN_NOTHING));
}

static void tell_most_opaque(struct telling *t)
{
    sqlite3_stmt *statement = query(t,
        "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), opaque_out FROM destination"
        " WHERE party IS NOT 'local' AND opaque_out > 0 ORDER BY opaque_out DESC, host LIMIT 1");

    if (next_row(t, statement))
        tell(PART(NEXT), SAY(NEXT_ASK, text_at(t, statement, 0), BYTES(int_at(statement, 1))));
    sqlite3_finalize(statement);
}

static void tell_needs(struct telling *t)
{
    struct text needs[NEEDS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = query(t,
        "SELECT n.value FROM precaution AS p, json_each(p.needs) AS n WHERE p.verdict = 'not_shown'"
        " AND p.source_confidence IS NOT 'from_memory'"
        " AND p.needs IS NOT NULL GROUP BY n.value ORDER BY count(*) DESC, min(p.fid) LIMIT 3");

    while (count < NEEDS_TOLD_MAX && next_row(t, statement))
        needs[count++] = without_stop(told(t->arena, text_at(t, statement, 0)));
    sqlite3_finalize(statement);
    if (count > 0)
        tell(PART(NEXT), SAY(NEXT_NEEDS, COUNT(t->not_shown), words_join(t->arena, needs, count, "; ")));
}

/* Who known data was addressed to, other than yourself: what tells most about a flight first. */
#define LEAK_RECIPIENTS " FROM leak AS l LEFT JOIN destination AS d ON d.host = l.destination" \
                        " WHERE l.destination IS NOT NULL AND d.party IS NOT 'operator' AND d.party IS NOT 'local'"

static void tell_block(struct telling *t)
{
    struct text hosts[RECIPIENTS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = query(t, "SELECT l.destination" LEAK_RECIPIENTS " GROUP BY 1 ORDER BY min(" LEAK_RANK "), min(l.fid) LIMIT 2");

    while (count < RECIPIENTS_TOLD_MAX && next_row(t, statement))
        hosts[count++] = text_at(t, statement, 0);
    sqlite3_finalize(statement);
    if (count > 0)
        tell(PART(NEXT), SAY(NEXT_BLOCK, words_join(t->arena, hosts, count, ", ")));
}

/* What to do about the gravest of what is not met, in the words of its rule; where these are not in the
 * language of the report, nothing. */
static void tell_next_step(struct telling *t)
{
    sqlite3_stmt *statement = query(t, "SELECT p.next_step FROM precaution AS p WHERE p.verdict = 'not_met' AND p.next_step IS NOT NULL"
        " AND p.source_confidence IS NOT 'from_memory' ORDER BY ifnull((SELECT min(CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1"
        " WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END) FROM finding AS f WHERE f.rule = p.rule), 5), p.fid LIMIT 1");

    if (next_row(t, statement)) {
        const struct text step = text_at(t, statement, 0), said = told(t->arena, step);
        if (words_language() == WORDS_ENGLISH || !text_equal(step, said))
            tell(PART(NEXT), said);
    }
    sqlite3_finalize(statement);
}

static void tell_next(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    tell_block(t);
    tell_next_step(t);
    if (t->findings > 0)
        tell(PART(NEXT), SAY(NEXT_FINDINGS, COUNT(t->findings)));
    if (t->flows == 0)
        tell(PART(NEXT), words_plain(WORDS_NEXT_CAPTURE));
    else if (v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s)
        tell(PART(NEXT), words_plain(WORDS_NEXT_CAPTURE_FLIGHT));
    tell_most_opaque(t);
    if (t->flows > 0 && t->flights == 0)
        tell(PART(NEXT), words_plain(WORDS_NEXT_ADD_LOG));
    tell_needs(t);
    if (t->partial + t->unreadable > 0)
        tell(PART(NEXT), words_plain(WORDS_NEXT_DAMAGED));
    tell(PART(NEXT), words_plain(WORDS_NEXT_REPEAT));
}

static void tell_kept(struct telling *t)
{
    if (t->flights > 0)
        tell(PART(KEPT), fact_known_real(t->airborne_s)
                             ? SAY(KEPT_FLIGHTS, COUNT(t->flights), COUNT(t->points), words_duration(t->arena, t->airborne_s))
                             : SAY(KEPT_FLIGHTS_UNTIMED, COUNT(t->flights), COUNT(t->points)));
    if (t->operator_points > 0)
        tell(PART(KEPT), SAY(KEPT_OPERATOR, COUNT(t->operator_points)));
    if (t->media > 0)
        tell(PART(KEPT), SAY(KEPT_MEDIA, COUNT(t->media), COUNT(t->media_placed)));
    if (t->serials > 0)
        tell(PART(KEPT), SAY(KEPT_SERIALS, COUNT(t->serials)));
    if (PART(KEPT)->count == 0)
        tell(PART(KEPT), words_plain(WORDS_KEPT_NOTHING));
}

/* What was sent, as a thing, no stronger than its claim (leak/claims.c). */
static enum words_key leak_noun(struct text what, struct text claim_key)
{
    static const struct { const char *claim_key; enum words_key noun; } by_claim[] = {
        { "path_sent", WORDS_SENT_PATH }, { "track_along_rows", WORDS_SENT_TRACK }, { "picture_alike", WORDS_SENT_PICTURE },
        { "identifier_digest_sent", WORDS_SENT_DIGEST }, { "named_value_sent", WORDS_SENT_NAMED }, { "area_revealed", WORDS_SENT_AREA },
    };
    static const struct { const char *what; enum words_key noun; } by_what[] = {
        { "flight_path", WORDS_SENT_TRACK }, { "position", WORDS_SENT_POSITION }, { "place_reference", WORDS_SENT_AREA },
        { "serial", WORDS_SENT_SERIAL }, { "identifier", WORDS_SENT_IDENTIFIER }, { "media", WORDS_SENT_MEDIA },
        { "log_file", WORDS_SENT_LOG },
    };

    for (size_t i = 0; i < LENGTH(by_claim); i++)
        if (text_equal(claim_key, text_of(by_claim[i].claim_key)))
            return by_claim[i].noun;
    for (size_t i = 0; i < LENGTH(by_what); i++)
        if (text_equal(what, text_of(by_what[i].what)))
            return by_what[i].noun;
    return WORDS_SENT_NAMED;
}

static struct text answer_left(struct telling *t)
{
    struct text nouns[LEAKS_TOLD_MAX];
    bool used[WORDS_COUNT] = { false };
    size_t count = 0;

    if (t->leaks == 0)
        return PART(LEFT)->items[0];
    sqlite3_stmt *statement = query(t, "SELECT what, claim_key FROM leak GROUP BY 1, 2 ORDER BY " LEAK_RANK ", min(fid)");
    while (count < LEAKS_TOLD_MAX && next_row(t, statement)) {
        const enum words_key noun = leak_noun(text_at(t, statement, 0), text_at(t, statement, 1));
        if (!used[noun])
            nouns[count++] = words_plain(noun);
        used[noun] = true;
    }
    sqlite3_finalize(statement);
    return SAY(ANSWER_LEFT, words_join(t->arena, nouns, count, ", "));
}

static struct text answer_addressed(struct telling *t)
{
    struct text hosts[RECIPIENTS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = query(t, "SELECT l.destination, d.owner, d.operator_country, d.registry_country, d.location_country,"
        " (SELECT count(DISTINCT destination) FROM leak)" LEAK_RECIPIENTS " GROUP BY 1 ORDER BY min(" LEAK_RANK "), min(l.fid) LIMIT 2");
    int64_t all = 0;

    while (count < RECIPIENTS_TOLD_MAX && next_row(t, statement)) {
        const struct text countries = countries_told(t, statement, 2);
        hosts[count++] = SAY(ANSWER_RECIPIENT, text_at(t, statement, 0), countries);
        all = int_at(statement, 5);
    }
    sqlite3_finalize(statement);
    if (count == 0)
        return PART(ADDRESSED)->items[0];
    const struct text told_hosts = words_join(t->arena, hosts, count, ", ");
    return all > (int64_t)count ? SAY(ANSWER_ADDRESSED_MORE, told_hosts, COUNT(all - (int64_t)count), COUNT(t->destinations))
                                : SAY(ANSWER_ADDRESSED, told_hosts, COUNT(t->destinations));
}

/* What stayed dark, in one sentence. */
static struct text answer_unseen(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;
    const int64_t not_whole = t->partial + t->unreadable + t->skipped, dark = v->opaque_out + (v->missing_out > 0 ? v->missing_out : 0);
    struct text parts[4];
    size_t count = 0;

    if (t->flows == 0)
        parts[count++] = words_plain(WORDS_ANSWER_UNSEEN_TRAFFIC);
    else if (dark > 0)
        parts[count++] = SAY(ANSWER_UNSEEN_CONTENT,
                             words_percent(t->arena, (double)dark, (double)v->payload_out + (double)(v->missing_out > 0 ? v->missing_out : 0)));
    if (t->flows > 0 && v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s)
        parts[count++] = v->flight_time_covered_s > 0
                             ? SAY(ANSWER_UNSEEN_FLIGHT, words_duration(t->arena, v->flight_time_s - v->flight_time_covered_s),
                                   words_duration(t->arena, v->flight_time_s))
                             : SAY(ANSWER_UNSEEN_FLIGHT_ALL, words_duration(t->arena, v->flight_time_s));
    if (not_whole > 0)
        parts[count++] = SAY(ANSWER_UNSEEN_ITEMS, COUNT(not_whole), COUNT(v->evidence_total));
    if (t->encrypted_records > 0 && count < LENGTH(parts))
        parts[count++] = words_plain(WORDS_ANSWER_UNSEEN_LOG);
    return count ? SAY(ANSWER_UNSEEN, words_join(t->arena, parts, count, "; ")) : PART(UNSEEN)->items[0];
}

static void answer(struct telling *t)
{
    t->s->answers[SUMMARY_LEFT] = answer_left(t);
    t->s->answers[SUMMARY_ADDRESSED] = answer_addressed(t);
    t->s->answers[SUMMARY_UNSEEN] = answer_unseen(t);
    t->s->answers[SUMMARY_NEXT] = PART(NEXT)->items[0];
}

static void judge_words(struct telling *t, struct text verdict)
{
    struct summary *s = t->s;
    const int64_t precautions = t->not_met + t->met + t->not_shown + t->attested + t->not_applicable;
    const struct share outcomes[] = {
        { t->not_met, WORDS_COUNT_NOT_MET }, { t->met, WORDS_COUNT_MET }, { t->not_shown, WORDS_COUNT_NOT_SHOWN },
        { t->attested, WORDS_COUNT_ATTESTED }, { t->not_applicable, WORDS_COUNT_NOT_APPLICABLE },
    };

    s->counts = precautions ? SAY(COUNTS, COUNT(precautions), join_shares(t, outcomes, LENGTH(outcomes))) : TEXT_UNKNOWN;
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
    answer(&telling);
    if (telling.failed)
        return -EIO;
    *ret = s;
    return 0;
}
