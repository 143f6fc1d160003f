#include "report/diff.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "report/diff_list.h"

const char *diff_change_name(enum diff_change change)
{
    static const char *const names[] = { "same", "new", "not_seen", "changed" };
    return names[change];
}

const char *diff_compared_name(enum diff_compared c)
{
    static const char *const names[] = { "yes", "no_evidence", "not_kept" };
    return names[c];
}

/* The rows of one case, one at a time. */
struct source {
    sqlite3_stmt *rows;       /* NULL: not compared */
    bool has_row;
};

struct walk {
    const struct diff *d;
    const struct diff_list *list;
    size_t key_count, column_count;
    struct source sources[DIFF_CASES_MAX];
    struct arena *arena;      /* of one item */
};

static struct text key_at(const struct source *s, size_t nth)
{
    const char *at = (const char *)sqlite3_column_text(s->rows, (int)nth);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(s->rows, (int)nth) } : TEXT("");
}

/* As SQLite's ORDER BY has them. */
static int compare_keys(const struct walk *w, const struct source *a, const struct source *b)
{
    int order = 0;

    for (size_t i = 0; i < w->key_count && order == 0; i++)
        order = text_compare(key_at(a, i), key_at(b, i));
    return order;
}

static bool step(struct source *s)
{
    const int code = sqlite3_step(s->rows);

    s->has_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* A table or column that a case lacks is no failure: it was made by another version. */
static bool is_missing(sqlite3 *db)
{
    const char *why = sqlite3_errmsg(db);

    return strncmp(why, "no such table", 13) == 0 || strncmp(why, "no such column", 14) == 0;
}

/* Without the table, lists that need it are not kept by the case. */
static int prepare(const struct diff_case *k)
{
    sqlite3 *db = case_db(k->c);

    return sqlite3_exec(db, diff_flow_sql, NULL, NULL, NULL) == SQLITE_OK || is_missing(db) ? 0 : -EIO;
}

/* Whether a case can be compared in this list.  0 or -EIO. */
static int look(const struct diff_case *k, const struct diff_list *list, enum diff_compared *ret)
{
    sqlite3 *db = case_db(k->c);
    sqlite3_stmt *s = NULL;

    *ret = DIFF_NOT_HELD;
    if (sqlite3_prepare_v2(db, list->sql, -1, &s, NULL) != SQLITE_OK)
        return is_missing(db) ? 0 : -EIO;
    sqlite3_finalize(s);
    if (sqlite3_prepare_v2(db, list->evidence, -1, &s, NULL) != SQLITE_OK)
        return is_missing(db) ? 0 : -EIO;
    const int code = sqlite3_step(s);
    *ret = code == SQLITE_ROW && sqlite3_column_int(s, 0) ? DIFF_COMPARED : DIFF_NO_EVIDENCE;
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? 0 : -EIO;
}

static int open_source(struct walk *w, size_t nth)
{
    struct source *s = &w->sources[nth];

    if (sqlite3_prepare_v2(case_db(w->d->cases[nth].c), w->list->sql, -1, &s->rows, NULL) != SQLITE_OK)
        return -EIO;
    return step(s) ? 0 : -EIO;
}

static const struct diff_value *take_values(const struct walk *w, const struct source *s)
{
    struct diff_value *values = arena_alloc(w->arena, w->column_count + 1, sizeof *values);

    for (size_t i = 0; values && i < w->column_count; i++) {
        const int column = (int)(w->key_count + i);
        values[i] = (struct diff_value){ .text = TEXT_UNKNOWN, .number = FACT_UNKNOWN_INT };
        if (sqlite3_column_type(s->rows, column) == SQLITE_NULL)
            continue;
        if (w->list->columns[i].type == DIFF_TEXT) {
            const char *at = (const char *)sqlite3_column_text(s->rows, column);
            values[i].text =
                arena_text(w->arena, (struct text){ at ? at : "", (size_t)sqlite3_column_bytes(s->rows, column) });
        } else {
            values[i].number = sqlite3_column_int64(s->rows, column);
        }
    }
    return values;
}

static bool same_value(const struct diff_value *a, const struct diff_value *b)
{
    return a->number == b->number && text_known(a->text) == text_known(b->text) && text_equal(a->text, b->text);
}

static void compare_values(const struct walk *w, struct diff_item *item)
{
    const struct diff_value *first = NULL;

    for (size_t k = 0; k < w->d->case_count; k++) {
        if (!item->values[k])
            continue;
        for (size_t i = 0; first && i < w->column_count; i++)
            if (!same_value(&first[i], &item->values[k][i]))
                item->changed |= 1u << i;
        if (!first)
            first = item->values[k];
    }
}

static enum diff_change judge(const struct walk *w, const struct diff_item *item, const struct diff_counts *counts)
{
    bool first = true, in_first = false, everywhere = true;
    unsigned compared = 0;

    for (size_t k = 0; k < w->d->case_count; k++) {
        if (counts->compared[k] != DIFF_COMPARED)
            continue;
        if (first)
            in_first = item->seen[k];
        first = false;
        everywhere = everywhere && item->seen[k];
    }
    if (!in_first)
        return DIFF_NEW;
    if (!everywhere)
        return DIFF_NOT_SEEN;
    for (size_t i = 0; i < w->column_count; i++)
        compared |= w->list->columns[i].told_only ? 0 : 1u << i;
    return item->changed & compared ? DIFF_CHANGED : DIFF_SAME;
}

/* The item with the smallest key that is left, and every source past it.  False at the end. */
static bool next_item(struct walk *w, const struct diff_counts *counts, struct diff_item *item, int *error)
{
    const struct source *least = NULL;

    for (size_t k = 0; k < w->d->case_count; k++) {
        const struct source *s = &w->sources[k];
        if (s->has_row && (!least || compare_keys(w, s, least) < 0))
            least = s;
    }
    if (!least)
        return false;
    arena_reset(w->arena);
    *item = (struct diff_item){ .changed = 0 };
    for (size_t i = 0; i < w->key_count; i++)
        item->keys[i] = arena_text(w->arena, key_at(least, i));
    for (size_t k = 0; k < w->d->case_count; k++) {
        struct source *s = &w->sources[k];
        bool same = s->has_row;
        for (size_t i = 0; i < w->key_count && same; i++)
            same = text_equal(key_at(s, i), item->keys[i]);
        if (!same)
            continue;
        item->seen[k] = true;
        item->values[k] = take_values(w, s);
        if (!step(s))
            *error = -EIO;
    }
    compare_values(w, item);
    item->change = judge(w, item, counts);
    return !*error;
}

const struct diff_counts *diff_counts_of(const struct diff *d, const struct diff_list *list)
{
    return &d->counts[list - diff_lists];
}

/* *bad: the case that could not be read, where one is to blame. */
static int walk(struct diff *d, const struct diff_list *list, int (*each)(void *user, const struct diff_item *item),
                void *user, size_t *bad)
{
    struct walk w = { .d = d, .list = list, .key_count = diff_key_count(list), .column_count = diff_column_count(list),
                      .arena = arena_new(0) };
    const struct diff_counts *counts = diff_counts_of(d, list);
    struct diff_item item;
    int error = 0, answer = 0;

    for (size_t k = 0; k < d->case_count && !error; k++)
        if (counts->compared[k] == DIFF_COMPARED && (error = open_source(&w, k)))
            *bad = k;
    while (!error && answer == 0 && (counts->compared_count > 1 || list->matrix) &&
           next_item(&w, counts, &item, &error))
        answer = each(user, &item);
    for (size_t k = 0; k < d->case_count; k++)
        sqlite3_finalize(w.sources[k].rows);
    arena_free(w.arena);
    return error ? error : answer;
}

int diff_walk(struct diff *d, const struct diff_list *list, int (*each)(void *user, const struct diff_item *item),
              void *user)
{
    size_t bad;

    return walk(d, list, each, user, &bad);
}

static int count_item(void *user, const struct diff_item *item)
{
    ((struct diff_counts *)user)->by_change[item->change]++;
    return 0;
}

int diff_count(struct diff *d, size_t *ret_bad)
{
    assert(diff_list_count <= DIFF_LISTS_MAX);

    for (*ret_bad = 0; *ret_bad < d->case_count; ++*ret_bad)
        if (prepare(&d->cases[*ret_bad]))
            return -EIO;
    for (size_t i = 0; i < diff_list_count && i < DIFF_LISTS_MAX; i++) {
        struct diff_counts *counts = &d->counts[i];
        int error = 0;
        *counts = (struct diff_counts){ .compared_count = 0 };
        for (size_t k = 0; k < d->case_count && !error; k++) {
            error = look(&d->cases[k], &diff_lists[i], &counts->compared[k]);
            counts->compared_count += counts->compared[k] == DIFF_COMPARED;
            *ret_bad = k;
        }
        if (!error && !diff_lists[i].matrix)
            error = walk(d, &diff_lists[i], count_item, counts, ret_bad);
        if (error)
            return error;
        d->differs = d->differs || counts->by_change[DIFF_NEW] || counts->by_change[DIFF_NOT_SEEN] ||
                     counts->by_change[DIFF_CHANGED] ||
                     (!diff_lists[i].matrix && counts->compared_count > 0 && counts->compared_count < d->case_count);
    }
    return 0;
}
