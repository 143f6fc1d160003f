#include "story/story.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "story/difference.h"
#include "story/join.h"
#include "story/photo_flight.h"

static const struct { const char *name, *reason; } rules[RULE_COUNT] = {
    [RULE_NONE] = { NULL, NULL },
    [RULE_SERIAL] = { "serial", "the same serial number, and times that overlap" },
    [RULE_PATH] = { "path", "at the same times at the same places" },
    [RULE_TWIN] = { "twin", "other serial numbers, and at the same times at the same places within a few metres: no two aircraft fly so" },
    [RULE_ENDS] = { "ends", "it begins at the same time and place and lasts equally long; one of the two has no path that can be read" },
    [RULE_CLOCK] = { "clock", "its clock has no zone; one offset lays all of it on the path" },
    [RULE_PHOTO] = { "photo", "it was taken during the flight, where the aircraft was then" },
    [RULE_FILE] = { "file", "a video and the path that a track of it tells" },
    [RULE_SERIES] = { "series", "photos of one camera, taken one after the other, which no log tells" },
};

/* One source of a story, in the order in which they are told. */
struct member { size_t set; size_t nth; };

struct writing {
    struct sources *s;
    const struct story_run *run;
    sqlite3 *db;
    sqlite3_stmt *add_note;
    struct text story;             /* id of the one being written */
    const struct source *best, *other;
    size_t told;                   /* differences of `other` */
    int error;
};

static void put(struct writing *w, enum fact_kind kind, const void *row)
{
    if (!w->error)
        w->error = w->run->put(w->run->user, kind, row);
}

static struct text id_of(struct writing *w, const char *kind, struct text id)
{
    return arena_printf(w->s->arena, "%s-%.*s", kind, (int)id.len, id.at);
}

/* "flight-0123456789ab-1" without its kind. */
static struct text key_of(struct text id)
{
    size_t start = 0;

    while (start < id.len && id.at[start] != '-')
        start++;
    return start < id.len ? (struct text){ id.at + start + 1, id.len - start - 1 } : id;
}

static void put_difference(struct writing *w, const struct source *one, const struct source *other, struct text story,
                           const char *kind,
                           double amount, const char *unit, struct text statement)
{
    struct fact_story_difference row;
    struct text ids[2] = { one->id, other->id };

    fact_init(FACT_STORY_DIFFERENCE, &row);
    row.head.id = arena_printf(w->s->arena, "story_difference-%.*s-%zu", (int)one->id.len, one->id.at, ++w->told);
    row.head.origin.rows = (struct text_list){ ids, one == other ? 1 : 2 };
    row.story = story;
    row.kind = text_of(kind);
    row.source = one->id;
    row.other = one == other ? TEXT_UNKNOWN : other->id;
    row.amount = amount;
    row.unit = unit ? text_of(unit) : TEXT_UNKNOWN;
    row.statement = statement;
    put(w, FACT_STORY_DIFFERENCE, &row);
}

static void tell(void *user, const char *kind, double amount, const char *unit, struct text statement)
{
    struct writing *w = user;

    put_difference(w, w->other, w->best, w->story, kind, amount, unit, statement);
}

static void put_source(struct writing *w, const struct source *x)
{
    const struct source *with = &w->s->at[x->with];
    struct fact_story_source row;
    struct text ids[2] = { x->id, with->id };

    fact_init(FACT_STORY_SOURCE, &row);
    row.head.id = id_of(w, "story_source", x->id);
    row.head.origin.rows = (struct text_list){ ids, 2 };
    row.story = w->story;
    row.source = x->id;
    row.rule = text_of(rules[x->rule].name);
    row.joined_with = with->id;
    row.reason = text_of(rules[x->rule].reason);
    row.start = source_utc_ns(x, x->from_ns);
    row.end = source_utc_ns(x, x->to_ns);
    row.time_basis = x->time_basis;
    row.clock_offset_s = x->local && fact_known_int(x->offset_ns) ? time_between_s(0, x->offset_ns) : FACT_UNKNOWN_REAL;
    row.alt_ref = x->alt_ref;
    if (x->fit.points) {
        row.points_compared = (int64_t)x->fit.points;
        row.distance_m = x->fit.median_m;
        row.distance_95_m = x->fit.far_m;
    }
    put(w, FACT_STORY_SOURCE, &row);
}

static void add_note(struct writing *w, const struct source *x, const struct source *best, size_t logs, size_t media)
{
    const struct text who = arena_printf(w->s->arena, "One flight, told by %zu %s and %zu %s (%.*s)", logs,
                                         logs == 1 ? "log" : "logs",
                                         media, media == 1 ? "picture" : "pictures", (int)w->story.len, w->story.at);
    const struct text note = x == best
        ? arena_printf(w->s->arena, "%.*s: this is the best track.", (int)who.len, who.at)
        : arena_printf(w->s->arena, "%.*s: the best track is %.*s.", (int)who.len, who.at, (int)best->id.len,
                       best->id.at);

    if (x->media || x->photos || w->error) /* what was rebuilt from photos says so already */
        return;
    sqlite3_bind_text64(w->add_note, 1, note.at, note.len, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(w->add_note, 2, x->id.at, x->id.len, SQLITE_STATIC, SQLITE_UTF8);
    if (sqlite3_step(w->add_note) != SQLITE_DONE)
        w->error = -EIO;
    sqlite3_reset(w->add_note);
}

/* The best log, and the second; NULL where there is none. */
static void choose(struct sources *s, const struct member *m, size_t count, double longest_s,
                   const struct source **ret_best,
                   const struct source **ret_second)
{
    const struct source *best = NULL, *second = NULL;
    enum criterion by;

    for (size_t i = 0; i < count; i++) {
        const struct source *x = &s->at[m[i].nth];
        if (x->media)
            continue;
        if (!best || compare_tracks(x, best, longest_s, &by) < 0) {
            second = best;
            best = x;
        } else if (!second || compare_tracks(x, second, longest_s, &by) < 0) {
            second = x;
        }
    }
    *ret_best = best;
    *ret_second = second;
}

static void put_story(struct writing *w, const struct member *m, size_t count)
{
    struct sources *s = w->s;
    struct fact_story row;
    double longest_s = 0;
    size_t logs = 0;

    fact_init(FACT_STORY, &row);
    struct text *ids = memory_alloc_array(count, sizeof *ids);
    for (size_t i = 0; i < count; i++) {
        const struct source *x = &s->at[m[i].nth];
        const int64_t from_ns = source_utc_ns(x, x->from_ns), to_ns = source_utc_ns(x, x->to_ns);
        ids[i] = x->id;
        logs += !x->media;
        if (!text_known(row.aircraft_serial))
            row.aircraft_serial = x->serial;
        if (x->media || !fact_known_int(from_ns))
            continue;
        longest_s = fmax(longest_s, time_between_s(x->from_ns, x->to_ns));
        row.start = !fact_known_int(row.start) || from_ns < row.start ? from_ns : row.start;
        row.end = !fact_known_int(row.end) || to_ns > row.end ? to_ns : row.end;
    }
    const struct source *best, *second;
    choose(s, m, count, longest_s, &best, &second);
    if (best) {
        w->best = best;
        w->story = row.head.id = id_of(w, "story", key_of(ids[0]));
        row.head.origin.rows = row.sources = (struct text_list){ ids, count };
        row.best_track = best->id;
        row.aircraft_serial = text_known(best->serial) ? best->serial : row.aircraft_serial;
        row.best_reason = best_reason(best, second && second->track.count >= 2 ? second : NULL, longest_s, s->arena);
        row.time_basis = best->time_basis;
        row.alt_ref = best->alt_ref;
        put(w, FACT_STORY, &row);
        for (size_t i = 0; i < count; i++) {
            w->other = &s->at[m[i].nth];
            w->told = 0;
            put_source(w, w->other);
            if (w->other != best)
                differences_tell(s, best, w->other, tell, w);
            add_note(w, w->other, best, logs, count - logs);
        }
    }
    free(ids);
}

static int by_set(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

/* A video and its own path, and nothing else: one source. */
static bool one_item(const struct sources *s, const struct member *m, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!text_equal(s->at[m[i].nth].evidence, s->at[m[0].nth].evidence))
            return false;
    return true;
}

static void put_stories(struct writing *w)
{
    struct sources *s = w->s;
    struct member *m = memory_alloc_array(s->count ? s->count : 1, sizeof *m);

    for (size_t i = 0; i < s->count; i++)
        m[i] = (struct member){ story_set(s, i), i };
    qsort(m, s->count, sizeof *m, by_set);
    for (size_t i = 0, end; i < s->count && !w->error; i = end) {
        for (end = i + 1; end < s->count && m[end].set == m[i].set; end++)
            ;
        if (end - i > 1 && !one_item(s, &m[i], end - i))
            put_story(w, &m[i], end - i);
    }
    free(m);
}

static void put_undecided(struct writing *w, const struct joining *j)
{
    for (size_t i = 0; i < j->undecided_count; i++) {
        const struct undecided *u = &j->undecided[i];
        w->told = 1000 + i; /* beside the differences that the source has in its story */
        put_difference(w, &w->s->at[u->a], &w->s->at[u->b], TEXT_UNKNOWN, "undecided", FACT_UNKNOWN_REAL, NULL,
                       u->statement);
    }
}

static void note_limits(const struct joining *j, const struct story_run *run)
{
    if (run->note && (j->s->left_out || j->pairs_left_out || j->undecided_left_out))
        run->note(run->user, TEXT("There are more flights and pictures than are compared with one another: some that tell the same flight may "
                                  "stand apart."));
}

static int write(struct joining *j, sqlite3 *db, const struct story_run *run)
{
    struct writing w = { .s = j->s, .run = run, .db = db };

    if (sqlite3_prepare_v2(db, "UPDATE flight SET note = ifnull(note || ' ', '') || ?1 WHERE id = ?2", -1, &w.add_note,
                           NULL))
        return -EIO;
    put_stories(&w);
    put_undecided(&w, j);
    note_limits(j, run);
    sqlite3_finalize(w.add_note);
    return w.error;
}

int story_tell(struct sqlite3 *db, const struct story_run *run)
{
    struct sources s;
    struct joining j;

    sources_init(&s);
    joining_init(&j, &s);
    int error = sources_read(&s, db);
    if (!error && join_needs_tracks(&j))
        error = sources_read_tracks(&s, db);
    if (!error) {
        join_logs(&j);
        join_clocks_and_photos(&j);
        find_wrong_clocks(&j);
        join_files(&j);
        error = photo_flights_join(&j, db);
    }
    if (!error)
        error = photo_flights_put(&j, db, run);
    if (!error)
        error = write(&j, db, run);
    joining_done(&j);
    sources_done(&s);
    return error;
}
