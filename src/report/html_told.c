#include "report/html_told.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/json.h"
#include "report/told.h"
#include "report/words.h"

/* Of each list: pages hold no more rows (html.c). */
enum { SENTENCES_MAX = 20000, TEXTS_PER_ARENA = 1000 };

/* Every column whose sentences are leash's own.  Names, paths and values of evidence are in none of them. */
static const char *const sources[] = {
    "SELECT DISTINCT title FROM precaution", "SELECT DISTINCT source FROM precaution", "SELECT DISTINCT reason FROM precaution",
    "SELECT DISTINCT coverage FROM precaution",
    "SELECT DISTINCT n.value FROM precaution p, json_each(p.needs) n WHERE json_valid(p.needs) AND n.type = 'text'",
    "SELECT DISTINCT next_step FROM precaution",
    "SELECT DISTINCT statement FROM finding", "SELECT DISTINCT claim FROM leak",
    "SELECT DISTINCT s.value FROM leak l, json_each(l.decoding) s WHERE json_valid(l.decoding) AND s.type = 'text'",
    "SELECT DISTINCT statement FROM behaviour", "SELECT DISTINCT likelihood FROM behaviour",
    "SELECT DISTINCT note FROM evidence", "SELECT DISTINCT note FROM flight", "SELECT DISTINCT note FROM media",
    "SELECT DISTINCT reason FROM story_source", "SELECT DISTINCT best_reason FROM story", "SELECT DISTINCT statement FROM story_difference",
    "SELECT DISTINCT purpose FROM destination", "SELECT DISTINCT purpose FROM component",
    "SELECT DISTINCT n.value FROM run, json_each(run.value, '$.notes') n WHERE run.key = 'coverage' AND json_valid(run.value) AND n.type = 'text'",
};

static int write_source(struct json *j, sqlite3 *db, const char *sql)
{
    struct arena *arena = arena_new(0);
    sqlite3_stmt *row = NULL;
    int status = SQLITE_ROW;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK) {
        arena_free(arena);
        return -EIO;
    }
    for (size_t n = 0; n < SENTENCES_MAX && (status = sqlite3_step(row)) == SQLITE_ROW; n++) {
        const struct text sentence = { (const char *)sqlite3_column_text(row, 0),
                                       (size_t)sqlite3_column_bytes(row, 0) };
        if (!sentence.at)
            continue;
        const struct text said = told(arena, sentence);
        if (!text_equal(said, sentence)) {
            json_key_text(j, sentence);
            json_text(j, said);
        }
        if (n % TEXTS_PER_ARENA == TEXTS_PER_ARENA - 1) {
            arena_free(arena);
            arena = arena_new(0);
        }
    }
    sqlite3_finalize(row);
    arena_free(arena);
    return status == SQLITE_DONE || status == SQLITE_ROW ? 0 : -EIO;
}

int html_told_write(struct fact_case *c, FILE *out)
{
    struct json j;
    int error = 0;

    json_init(&j, out, false);
    json_object(&j);
    for (size_t i = 0; i < sizeof sources / sizeof *sources && !error && words_language() != WORDS_ENGLISH; i++)
        error = write_source(&j, case_db(c), sources[i]);
    json_object_end(&j);
    return error;
}
