#include "report/summary_telling.h"

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

    if (t->leaks == 0 && t->flows == 0 && text_known(t->first_kits))
        return words_join(t->arena, (struct text[]){ PART(LEFT)->items[0], t->first_kits }, 2, " ");
    if (t->leaks == 0)
        return PART(LEFT)->items[0];
    sqlite3_stmt *statement = telling_query(t, "SELECT what, claim_key FROM leak GROUP BY 1, 2 ORDER BY " LEAK_RANK ", min(fid)");
    while (count < LEAKS_TOLD_MAX && telling_next(t, statement)) {
        const enum words_key noun = leak_noun(telling_text(t, statement, 0), telling_text(t, statement, 1));
        if (!used[noun])
            nouns[count++] = words_plain(noun);
        used[noun] = true;
    }
    sqlite3_finalize(statement);
    const struct text found = SAY(ANSWER_LEFT, words_join(t->arena, nouns, count, ", "));
    return text_known(t->first_exposure) ? words_join(t->arena, (struct text[]){ found, t->first_exposure }, 2,
                                                      " ") : found;
}

static struct text answer_addressed(struct telling *t)
{
    struct text hosts[RECIPIENTS_TOLD_MAX];
    size_t count = 0;
    sqlite3_stmt *statement = telling_query(t, "SELECT l.destination, d.owner, d.operator_country, d.registry_country, d.location_country,"
        " (SELECT count(DISTINCT destination) FROM leak)" LEAK_RECIPIENTS " GROUP BY 1 ORDER BY min(" LEAK_RANK "), min(l.fid) LIMIT 2");
    int64_t all = 0;

    while (count < RECIPIENTS_TOLD_MAX && telling_next(t, statement)) {
        const struct text countries = telling_countries(t, statement, 2);
        hosts[count++] = SAY(ANSWER_RECIPIENT, telling_text(t, statement, 0), countries);
        all = telling_int(statement, 5);
    }
    sqlite3_finalize(statement);
    if (count == 0)
        return PART(ADDRESSED)->items[0];
    const struct text told_hosts = words_join(t->arena, hosts, count, ", ");
    return all > (int64_t)count ? SAY(ANSWER_ADDRESSED_MORE, told_hosts, COUNT(all - (int64_t)count),
                                      COUNT(t->destinations))
                                : SAY(ANSWER_ADDRESSED, told_hosts, COUNT(t->destinations));
}

/* What stayed dark, in one sentence. */
static struct text answer_unseen(struct telling *t)
{
    const struct summary_coverage *v = &t->s->coverage;
    const int64_t not_whole = t->partial + t->unreadable + t->skipped,
        dark = v->opaque_out + (v->missing_out > 0 ? v->missing_out : 0);
    struct text parts[5];
    size_t count = 0;

    if (t->apps_unread > 0)
        parts[count++] = SAY(ANSWER_UNSEEN_CODE, COUNT(t->apps_unread));
    if (t->flows == 0)
        parts[count++] = words_plain(WORDS_ANSWER_UNSEEN_TRAFFIC);
    else if (dark > 0)
        parts[count++] = SAY(ANSWER_UNSEEN_CONTENT,
                             words_percent(t->arena, (double)dark,
                                           (double)v->payload_out + (double)(v->missing_out > 0 ? v->missing_out : 0)));
    if (t->flows > 0 && v->flight_time_s > 0 && v->flight_time_covered_s < v->flight_time_s)
        parts[count++] = v->flight_time_covered_s > 0
                             ? SAY(ANSWER_UNSEEN_FLIGHT,
                                   words_duration(t->arena, v->flight_time_s - v->flight_time_covered_s),
                                   words_duration(t->arena, v->flight_time_s))
                             : SAY(ANSWER_UNSEEN_FLIGHT_ALL, words_duration(t->arena, v->flight_time_s));
    if (not_whole > 0)
        parts[count++] = SAY(ANSWER_UNSEEN_ITEMS, COUNT(not_whole), COUNT(v->evidence_total));
    if (t->encrypted_records > 0 && count < LENGTH(parts))
        parts[count++] = words_plain(WORDS_ANSWER_UNSEEN_LOG);
    return count ? SAY(ANSWER_UNSEEN, words_join(t->arena, parts, count, "; ")) : PART(UNSEEN)->items[0];
}

void tell_answers(struct telling *t)
{
    t->s->answers[SUMMARY_LEFT] = answer_left(t);
    t->s->answers[SUMMARY_ADDRESSED] = answer_addressed(t);
    t->s->answers[SUMMARY_UNSEEN] = answer_unseen(t);
    t->s->answers[SUMMARY_NEXT] = PART(NEXT)->items[0];
}
