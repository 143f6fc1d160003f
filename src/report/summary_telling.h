#ifndef LEASH_REPORT_SUMMARY_TELLING_H
#define LEASH_REPORT_SUMMARY_TELLING_H

#include <sqlite3.h>

#include "report/summary.h"
#include "report/words.h"

/* What the files of the summary share: summary.c counts, summary_parts.c tells the parts in full,
 * summary_answers.c makes one sentence of each for the first screen. */

/* What the parts are worked out from, besides the coverage.  Once `failed`, queries give nothing. */
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
    int64_t flights, flights_untested, points, operator_points, encrypted_records, media, media_placed, media_untested,
        serials, apps_unread;
    double airborne_s;
    /* What tell_left said of a pilot's place told by radio, and of the app with most kits; unknown without one. */
    struct text first_exposure, first_kits;
};

/* NULL when it failed, which all below take; to be finalized by whoever asked. */
sqlite3_stmt *telling_query(struct telling *t, const char *sql);
bool telling_next(struct telling *t, sqlite3_stmt *statement);
/* A column of the row; unknown for NULL.  Texts live in the arena. */
struct text telling_text(struct telling *t, sqlite3_stmt *statement, int column);
int64_t telling_int(sqlite3_stmt *statement, int column);
double telling_real(sqlite3_stmt *statement, int column);

/* Sentences beyond SUMMARY_SENTENCES_MAX are left out. */
void telling_add(struct summary_list *list, struct text sentence);

/* "3 not met, 5 met": the counts that are not zero. */
struct share {
    int64_t count;
    enum words_key key;
};

struct text telling_shares(struct telling *t, const struct share *shares, size_t count);

/* The operator's country, the registry's and the place's are three answers: they are
 * one word only where all that are known agree. */
struct text telling_countries(struct telling *t, sqlite3_stmt *statement, int first_column);

enum { LEAKS_TOLD_MAX = 6, RECIPIENTS_TOLD_MAX = 2 };

/* What tells most about a flight comes first. */
#define LEAK_RANK "CASE what WHEN 'flight_path' THEN 0 WHEN 'media' THEN 1 WHEN 'log_file' THEN 2 WHEN 'position' THEN 3" \
                  " WHEN 'place_reference' THEN 4 WHEN 'serial' THEN 5 ELSE 6 END"

/* Who known data was addressed to, other than yourself: what tells most about a flight first. */
#define LEAK_RECIPIENTS " FROM leak AS l LEFT JOIN destination AS d ON d.host = l.destination" \
                        " WHERE l.destination IS NOT NULL AND d.party IS NOT 'operator' AND d.party IS NOT 'local'"

/* summary_parts.c: the parts, in the order of enum summary_part. */
void tell_left(struct telling *t);
void tell_addressed(struct telling *t);
void tell_unseen(struct telling *t);
void tell_next(struct telling *t);
void tell_kept(struct telling *t);

/* summary_answers.c: once the parts are told. */
void tell_answers(struct telling *t);

#define SAY(key, ...)   WORDS_SAY(t->arena, key, __VA_ARGS__)
#define COUNT(n)        words_count(t->arena, (n))
#define BYTES(n)        words_bytes(t->arena, (n))
#define PART(part)      (&t->s->parts[SUMMARY_##part])
#define LENGTH(array)   (sizeof(array) / sizeof *(array))

#endif
