#include "report/country.h"
#include "report/summary_telling.h"
#include "report/told.h"

enum { NEEDS_TOLD_MAX = 3 };

/* Not one that only a host's name speaks for. */
#define IS_A_KIT "kind = 'sdk' AND state IS NOT 'host_only'"

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

static void tell_leaks(struct telling *t)
{
    sqlite3_stmt *statement = telling_query(t,
        "SELECT what, destination, claim, count(*), min(fid) FROM leak GROUP BY what, destination, claim_key"
        " ORDER BY " LEAK_RANK ", min(fid)");
    size_t shown = 0, further = 0;

    while (telling_next(t, statement)) {
        if (shown < LEAKS_TOLD_MAX) {
            telling_add(PART(LEFT), leak_told(t, telling_text(t, statement, 0), telling_text(t, statement, 1),
                                       told(t->arena, telling_text(t, statement, 2)), telling_int(statement, 3)));
            shown++;
        } else {
            further++;
        }
    }
    if (further)
        telling_add(PART(LEFT), SAY(LEFT_FURTHER, COUNT((int64_t)further)));
    sqlite3_finalize(statement);
}

/* What was told of one aircraft's pilot, by all carriers: the names of these. */
static struct text carriers_named(struct telling *t, struct text uas_id, struct text source)
{
    enum { CARRIERS_MAX = 8 };
    struct text carriers[CARRIERS_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t,
                                            "SELECT carrier FROM exposure WHERE uas_id IS ?1 AND operator_source IS ?2"
                                       " GROUP BY 1 ORDER BY total(told) DESC, min(fid) LIMIT 8");

    if (statement && text_known(uas_id))
        sqlite3_bind_text(statement, 1, uas_id.at, (int)uas_id.len, SQLITE_STATIC);
    if (statement && text_known(source))
        sqlite3_bind_text(statement, 2, source.at, (int)source.len, SQLITE_STATIC);
    while (count < CARRIERS_MAX && telling_next(t, statement))
        carriers[count++] = words_value(telling_text(t, statement, 0));
    sqlite3_finalize(statement);
    return words_join(t->arena, carriers, count, ", ");
}

/* What is known of the place that was told (story/exposure.c). */
static enum words_key place_told(struct text source)
{
    static const struct { const char *source; enum words_key key; } places[] = {
        { "takeoff", WORDS_RADIO_TAKEOFF }, { "home", WORDS_RADIO_HOME }, { "fixed", WORDS_RADIO_FIXED },
    };

    for (size_t i = 0; i < LENGTH(places); i++)
        if (text_equal(source, text_of(places[i].source)))
            return places[i].key;
    return WORDS_RADIO_OPERATOR;
}

/* Where the person was who flies: what was told most often. */
static void tell_exposures(struct telling *t)
{
    enum { EXPOSURES_TOLD_MAX = 3 };
    sqlite3_stmt *statement = telling_query(t, "SELECT uas_id, operator_source, CAST(total(told) AS INTEGER),"
                                       " (julianday(max(last)) - julianday(min(first))) * 86400.0"
                                       " FROM exposure GROUP BY 1, 2 ORDER BY 3 DESC, min(fid)");

    for (int i = 0; i < EXPOSURES_TOLD_MAX && telling_next(t, statement); i++) {
        const struct text uas_id = telling_text(t, statement, 0), source = telling_text(t, statement, 1);
        const struct text whose = text_known(uas_id)
            ? SAY(RADIO_THE_AIRCRAFT, uas_id) : words_plain(WORDS_RADIO_AN_AIRCRAFT);
        const double within_s = telling_real(statement, 3);
        const int64_t times = telling_int(statement, 2);
        const struct text said = SAY(LEFT_BY_RADIO, words_say(t->arena, place_told(source), &whose, 1), COUNT(times),
                                     within_s > 0 ? SAY(LEFT_BY_RADIO_WITHIN,
                                                        words_duration(t->arena, within_s)) : TEXT(""),
                                     carriers_named(t, uas_id, source));
        telling_add(PART(LEFT), said);
        if (i == 0)
            t->first_exposure = said;
    }
    sqlite3_finalize(statement);
}

/* The kits of one app, the first few by name: those of makers that are listed come first. */
static struct text kits_named(struct telling *t, struct text package, int64_t all)
{
    enum { KITS_TOLD_MAX = 3 };
    struct text kits[KITS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t,
                                            "SELECT name, country FROM component WHERE " IS_A_KIT " AND package IS ?1"
                                       " GROUP BY name ORDER BY min(fcc_class IS NULL), min(fid) LIMIT 3");

    if (statement && text_known(package))
        sqlite3_bind_text(statement, 1, package.at, (int)package.len, SQLITE_STATIC);
    while (count < KITS_TOLD_MAX && telling_next(t, statement)) {
        const struct text name = telling_text(t, statement, 0), country = country_name(telling_text(t, statement, 1));
        kits[count++] = text_known(country) ? SAY(ANSWER_RECIPIENT, name, country) : name;
    }
    sqlite3_finalize(statement);
    const struct text named = words_join(t->arena, kits, count, ", ");
    return all > (int64_t)count ? SAY(LEFT_KITS_MORE, named, COUNT(all - (int64_t)count)) : named;
}

/* What apps hold of others: the apps with most of it. */
static void tell_kits(struct telling *t)
{
    enum { APPS_TOLD_MAX = 2 };
    sqlite3_stmt *statement = telling_query(t, "SELECT package, count(DISTINCT name) AS kits FROM component WHERE " IS_A_KIT
                                       " AND name IS NOT NULL GROUP BY 1 ORDER BY kits DESC, min(fid)");
    int64_t apps = 0;

    for (; telling_next(t, statement); apps++) {
        if (apps >= APPS_TOLD_MAX)
            continue;
        const struct text package = telling_text(t, statement, 0);
        const int64_t kits = telling_int(statement, 1);
        const struct text told_kits = SAY(LEFT_KITS, text_known(package) ? package : words_plain(WORDS_UNKNOWN),
                                          COUNT(kits),
                                          kits_named(t, package, kits));
        telling_add(PART(LEFT), told_kits);
        if (apps == 0)
            t->first_kits = told_kits;
    }
    sqlite3_finalize(statement);
    if (apps > APPS_TOLD_MAX)
        telling_add(PART(LEFT), SAY(LEFT_APPS_FURTHER, COUNT(apps - APPS_TOLD_MAX)));
}

static void tell_sent(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    if (t->flows == 0) {
        telling_add(PART(LEFT), words_plain(WORDS_LEFT_NO_TRAFFIC));
        return;
    }
    if (t->flows_outside == 0) {
        telling_add(PART(LEFT), words_plain(WORDS_LEFT_NO_OUTSIDE));
        return;
    }
    if (t->leaks == 0) {
        if (t->searches == 0)
            telling_add(PART(LEFT), words_plain(WORDS_LEFT_NOT_SEARCHED));
        else if (v->readable_out == 0)
            telling_add(PART(LEFT), SAY(LEFT_NOTHING_READABLE, BYTES(v->payload_out)));
        else
            telling_add(PART(LEFT), SAY(LEFT_SEARCHED, BYTES(v->readable_out), BYTES(v->payload_out)));
    }
    telling_add(PART(LEFT), SAY(LEFT_VOLUME, BYTES(v->payload_out), COUNT(t->destinations)));
}

void tell_left(struct telling *t)
{
    tell_leaks(t);
    tell_exposures(t);
    tell_sent(t);
    tell_kits(t);
}

void tell_addressed(struct telling *t)
{
    int64_t shown = 0;

    if (text_known(t->first_exposure))
        telling_add(PART(ADDRESSED), words_plain(WORDS_TO_RADIO_RANGE));
    if (t->flows == 0) {
        telling_add(PART(ADDRESSED), words_plain(WORDS_TO_NOT_KNOWN));
        return;
    }
    if (t->destinations == 0) {
        telling_add(PART(ADDRESSED), words_plain(WORDS_TO_NOBODY));
        return;
    }
    const struct share parties[] = {
        { t->by_vendor, WORDS_TO_VENDOR }, { t->by_third, WORDS_TO_THIRD },
        { t->by_operator, WORDS_TO_OPERATOR }, { t->by_unknown, WORDS_TO_PARTY_UNKNOWN },
    };
    telling_add(PART(ADDRESSED), SAY(TO_PARTIES, COUNT(t->destinations), telling_shares(t, parties, LENGTH(parties))));

    /* Those that known data was addressed to come first, then the largest. */
    sqlite3_stmt *statement = telling_query(t,
        "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), owner, bytes_out, operator_country,"
        " registry_country, location_country FROM destination AS d WHERE party IS NOT 'local'"
        " ORDER BY ifnull((SELECT min(" LEAK_RANK ") FROM leak WHERE leak.destination = d.host), 9), bytes_out DESC, host"
        " LIMIT 5");
    while (telling_next(t, statement)) {
        const struct text host = telling_text(t, statement, 0), owner = telling_text(t, statement, 1);
        const struct text bytes = BYTES(telling_int(statement, 2)), countries = telling_countries(t, statement, 3);
        telling_add(PART(ADDRESSED), SAY(TO_ONE, host, text_known(owner) ? owner : words_plain(WORDS_TO_OWNER_UNKNOWN),
                                         countries,
                                  bytes));
        shown++;
    }
    sqlite3_finalize(statement);
    if (t->destinations > shown)
        telling_add(PART(ADDRESSED), SAY(TO_MORE, COUNT(t->destinations - shown)));
    if (t->disagree > 0)
        telling_add(PART(ADDRESSED), SAY(TO_DISAGREE, COUNT(t->disagree)));
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
        telling_add(PART(UNSEEN), SAY(UNSEEN_COPIES, COUNT(path_copies(v, v->missing_out))));
    if (fact_known_int(v->searched) && fact_known_real(v->chance_hits))
        telling_add(PART(UNSEEN), SAY(UNSEEN_SEARCHED, BYTES(v->searched), words_number(t->arena, v->chance_hits)));
}

/* Of the packages whose code could be read so far ("packed", "partial"): their names, the first few; empty when there
 * are none. */
static struct text packages_read(struct telling *t, const char *how_far)
{
    enum { NAMED_MAX = 4 };
    struct text names[NAMED_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t, "SELECT DISTINCT ifnull(package, 'a package') || ifnull(' ' || version, '') FROM package"
                                       " WHERE readable = ?1 ORDER BY fid LIMIT 4");

    if (statement)
        sqlite3_bind_text(statement, 1, how_far, -1, SQLITE_STATIC);
    while (count < NAMED_MAX && telling_next(t, statement))
        names[count++] = telling_text(t, statement, 0);
    sqlite3_finalize(statement);
    return count > 0 ? words_join(t->arena, names, count, ", ") : TEXT("");
}

/* That nothing was found in code that could not be read says nothing. */
static void tell_unread_code(struct telling *t)
{
    const struct text packed = packages_read(t, "packed"), partial = packages_read(t, "partial");

    if (packed.len > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_HIDDEN_CODE, packed));
    if (partial.len > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_UNREAD_CODE, partial));
}

void tell_unseen(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    tell_unread_code(t); /* first: that there is no traffic stands above it already */
    if (t->flows == 0)
        telling_add(PART(UNSEEN), words_plain(WORDS_UNSEEN_NO_TRAFFIC));
    if (v->opaque_out > 0 && path_copies(v, v->opaque_out) > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_OPAQUE_PATH, BYTES(v->opaque_out), BYTES(v->payload_out),
                               words_percent(t->arena, (double)v->opaque_out,
                                             (double)v->payload_out), COUNT(path_copies(v, v->opaque_out))));
    else if (v->opaque_out > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_OPAQUE, BYTES(v->opaque_out), BYTES(v->payload_out),
                               words_percent(t->arena, (double)v->opaque_out, (double)v->payload_out)));
    if (v->missing_out > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_MISSING, BYTES(v->missing_out)));
    tell_bound(t);
    if (t->flows > 0 && v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s) {
        const struct text whole = words_duration(t->arena, v->flight_time_s);
        if (v->flight_time_covered_s > 0)
            telling_add(PART(UNSEEN), SAY(UNSEEN_FLIGHT, words_duration(t->arena, v->flight_time_covered_s), whole,
                                   words_percent(t->arena, v->flight_time_covered_s, v->flight_time_s)));
        else
            telling_add(PART(UNSEEN), SAY(UNSEEN_FLIGHT_NONE, whole));
    }
    const struct share states[] = {
        { t->partial, WORDS_UNSEEN_PARTIAL }, { t->unreadable, WORDS_UNSEEN_UNREADABLE },
        { t->skipped, WORDS_UNSEEN_SKIPPED },
    };
    const int64_t not_whole = t->partial + t->unreadable + t->skipped;
    if (not_whole > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_EVIDENCE, COUNT(not_whole), COUNT(v->evidence_total),
                               telling_shares(t, states, LENGTH(states))));
    if (t->encrypted_records > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_ENCRYPTED_LOG, COUNT(t->encrypted_records)));
    if (v->evicted > 0)
        telling_add(PART(UNSEEN), SAY(UNSEEN_EVICTED, COUNT(v->evicted)));
    if (PART(UNSEEN)->count == 0)
        telling_add(PART(UNSEEN), words_plain(WORDS_UNSEEN_NOTHING));
}

static void tell_most_opaque(struct telling *t)
{
    sqlite3_stmt *statement = telling_query(t,
        "SELECT ifnull(host, ifnull(json_extract(addresses, '$[0]'), '?')), opaque_out FROM destination"
        " WHERE party IS NOT 'local' AND opaque_out > 0 ORDER BY opaque_out DESC, host LIMIT 1");

    if (telling_next(t, statement))
        telling_add(PART(NEXT), SAY(NEXT_ASK, telling_text(t, statement, 0), BYTES(telling_int(statement, 1))));
    sqlite3_finalize(statement);
}

static void tell_needs(struct telling *t)
{
    struct text needs[NEEDS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t,
        "SELECT n.value FROM precaution AS p, json_each(p.needs) AS n WHERE p.verdict = 'not_shown'"
        " AND p.source_confidence IS NOT 'from_memory'"
        " AND p.needs IS NOT NULL GROUP BY n.value ORDER BY count(*) DESC, min(p.fid) LIMIT 3");

    while (count < NEEDS_TOLD_MAX && telling_next(t, statement))
        needs[count++] = without_stop(told(t->arena, telling_text(t, statement, 0)));
    sqlite3_finalize(statement);
    if (count > 0)
        telling_add(PART(NEXT), SAY(NEXT_NEEDS, COUNT(t->not_shown), words_join(t->arena, needs, count, "; ")));
}

static void tell_block(struct telling *t)
{
    struct text hosts[RECIPIENTS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t, "SELECT l.destination" LEAK_RECIPIENTS " GROUP BY 1 ORDER BY min(" LEAK_RANK "), min(l.fid) LIMIT 2");

    while (count < RECIPIENTS_TOLD_MAX && telling_next(t, statement))
        hosts[count++] = telling_text(t, statement, 0);
    sqlite3_finalize(statement);
    if (count > 0)
        telling_add(PART(NEXT), SAY(NEXT_BLOCK, words_join(t->arena, hosts, count, ", ")));
}

/* What to do about the gravest of what is not met, in the words of its rule; where these are not in the
 * language of the report, nothing. */
static void tell_next_step(struct telling *t)
{
    sqlite3_stmt *statement = telling_query(t, "SELECT p.next_step FROM precaution AS p WHERE p.verdict = 'not_met' AND p.next_step IS NOT NULL"
        " AND p.source_confidence IS NOT 'from_memory' ORDER BY ifnull((SELECT min(CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1"
        " WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END) FROM finding AS f WHERE f.rule = p.rule), 5), p.fid LIMIT 1");

    if (telling_next(t, statement)) {
        const struct text step = telling_text(t, statement, 0), said = told(t->arena, step);
        if (words_language() == WORDS_ENGLISH || !text_equal(step, said))
            telling_add(PART(NEXT), said);
    }
    sqlite3_finalize(statement);
}

void tell_next(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;

    tell_block(t);
    tell_next_step(t);
    if (t->flows == 0 && t->not_met == 0)
        telling_add(PART(NEXT), words_plain(WORDS_NEXT_CAPTURE));
    if (t->findings > 0)
        telling_add(PART(NEXT), SAY(NEXT_FINDINGS, COUNT(t->findings)));
    if (t->flows == 0 && t->not_met > 0)
        telling_add(PART(NEXT), words_plain(WORDS_NEXT_CAPTURE));
    if (t->flows > 0 && v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s)
        telling_add(PART(NEXT), words_plain(WORDS_NEXT_CAPTURE_FLIGHT));
    tell_most_opaque(t);
    if (t->flows > 0 && t->flights == 0 && !(v->path_bytes > 0))
        telling_add(PART(NEXT), words_plain(WORDS_NEXT_ADD_LOG));
    tell_needs(t);
    if (t->partial + t->unreadable > 0)
        telling_add(PART(NEXT), words_plain(WORDS_NEXT_DAMAGED));
    telling_add(PART(NEXT), words_plain(WORDS_NEXT_REPEAT));
}

void tell_kept(struct telling *t)
{
    if (t->flights > 0)
        telling_add(PART(KEPT), fact_known_real(t->airborne_s)
                             ? SAY(KEPT_FLIGHTS, COUNT(t->flights), COUNT(t->points),
                                   words_duration(t->arena, t->airborne_s))
                             : SAY(KEPT_FLIGHTS_UNTIMED, COUNT(t->flights), COUNT(t->points)));
    if (t->flights_untested > 0)
        telling_add(PART(KEPT), SAY(KEPT_UNTESTED, COUNT(t->flights_untested)));
    if (t->operator_points > 0)
        telling_add(PART(KEPT), SAY(KEPT_OPERATOR, COUNT(t->operator_points)));
    if (t->media > 0)
        telling_add(PART(KEPT), SAY(KEPT_MEDIA, COUNT(t->media), COUNT(t->media_placed)));
    if (t->media_untested > 0)
        telling_add(PART(KEPT), SAY(KEPT_MEDIA_UNTESTED, COUNT(t->media_untested)));
    if (t->serials > 0)
        telling_add(PART(KEPT), SAY(KEPT_SERIALS, COUNT(t->serials)));
    if (PART(KEPT)->count == 0)
        telling_add(PART(KEPT), words_plain(WORDS_KEPT_NOTHING));
}
