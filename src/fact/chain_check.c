#include "fact/chain.h"

#include <errno.h>

#include "fact/chain_row.h"
#include "fact/chain_walk.h"
#include "fact/fact.h"
#include "fact/fact_json.h"

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

/* What leash_chain says about one table, and what was found. */
struct check {
    struct text table, columns, head;
    int64_t rows, mark_every;
    struct bytes marks;
    int64_t first_gap;  /* row number at which the fid is not that number; 0: at none */
    int64_t gap_fid;
    int64_t first_bad;  /* first row with another mark; 0: none */
};

static void note_row(struct check *k, const struct chain *c, int64_t fid)
{
    if (!k->first_gap && fid != c->rows) {
        k->first_gap = c->rows;
        k->gap_fid = fid;
    }
    if (k->first_bad || k->mark_every <= 0 || c->rows % k->mark_every != 0)
        return;
    const struct bytes mark = bytes_part(k->marks, (uint64_t)(c->rows / k->mark_every - 1) * MARK_BYTES, MARK_BYTES);
    if (!bytes_equal(mark, c->head, MARK_BYTES))
        k->first_bad = c->rows;
}

/* Rows count from 1 without a gap when leash has written them: that tells a row that is gone from one that is
 * new, and both from one that was changed. */
static struct chain_fault locate(const struct check *k, int64_t rows_now)
{
    struct chain_fault f = { .kind = CHAIN_ROW_CHANGED, .table = k->table, .id = TEXT_UNKNOWN };
    const int64_t every = k->mark_every > 0 ? k->mark_every : k->rows + 1;
    const int64_t last = rows_now > k->rows ? rows_now : k->rows, marked = rows_now / every * every;

    if (k->first_gap && (!k->first_bad || k->first_gap <= k->first_bad)) {
        f.kind = k->gap_fid > k->first_gap && k->first_gap <= k->rows ? CHAIN_ROW_REMOVED : CHAIN_ROW_ADDED;
        f.row_first = f.row_last = f.kind == CHAIN_ROW_REMOVED ? k->first_gap : k->gap_fid;
    } else if (k->first_bad > k->rows || (!k->first_bad && rows_now > k->rows && every == 1)) {
        f.kind = CHAIN_ROW_ADDED;
        f.row_first = f.row_last = k->rows + 1;
    } else if (!k->first_bad && rows_now < k->rows && every == 1) {
        f.kind = CHAIN_ROW_REMOVED;
        f.row_first = rows_now + 1;
        f.row_last = k->rows;
    } else if (k->first_bad) {
        f.row_first = k->first_bad - every + 1;
        f.row_last = k->first_bad;
    } else if (marked < last) {
        f.row_first = marked + 1;
        f.row_last = last;
    } else {
        f.kind = CHAIN_LIST_CHANGED; /* all rows are as they were, only their head is not */
    }
    return f;
}

static struct text id_of_row(sqlite3 *db, const struct chain_fault *f, struct arena *arena)
{
    struct text id = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;
    char *sql = f->row_first == f->row_last && f->kind != CHAIN_ROW_REMOVED
        ? sqlite3_mprintf("SELECT t.id FROM main.\"%.*w\" AS t WHERE t.fid = %lld", (int)f->table.len, f->table.at,
                          (long long)f->row_first) : NULL;

    if (sql && sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        id = arena_text(arena, column_text(s, 0));
    sqlite3_finalize(s);
    sqlite3_free(sql);
    return id;
}

/* Walks one table and puts what it finds into the list's chain; false: a fault was told. */
static bool check_table(sqlite3 *db, struct check *k, struct chain *c, struct chain *list, struct arena *arena,
                        void (*fault)(void *, const struct chain_fault *), void *user)
{
    struct text_list columns = { NULL, 0 };
    sqlite3_stmt *s = NULL;
    char head[SHA256_HEX];
    int geometry, rc = SQLITE_ERROR;

    if (fact_json_read_list(k->columns, arena, &columns) && columns.count)
        rc = prepare_walk(db, k->table, columns, &s, &geometry);
    chain_begin(c, k->table, columns);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        canonical_row(row_begin(c), s, (int)columns.count, geometry);
        rc = row_end(c) ? SQLITE_OK : SQLITE_TOOBIG;
        note_row(k, c, sqlite3_column_int64(s, 0));
    }
    sqlite3_finalize(s);
    hash_hex(c->head, sizeof c->head, head);
    add_to_list(list, k->table, k->columns, c->rows, head);
    if (rc == SQLITE_DONE && c->rows == k->rows && text_equal(k->head, (struct text){ head, SHA256_HEX }))
        return true;
    struct chain_fault f = { .kind = CHAIN_TABLE_UNREADABLE, .table = k->table, .id = TEXT_UNKNOWN };
    if (rc == SQLITE_DONE) {
        f = locate(k, c->rows);
        f.id = id_of_row(db, &f, arena);
    }
    fault(user, &f);
    return false;
}

/* Tables of facts that are there and not listed: whoever drops one from the list does not hide it. */
static bool check_list(sqlite3 *db, void (*fault)(void *, const struct chain_fault *), void *user)
{
    sqlite3_stmt *s = NULL;
    bool whole = sqlite3_prepare_v2(db, "SELECT EXISTS (SELECT 1 FROM main.sqlite_master WHERE name = ?1)"
                                    " AND NOT EXISTS (SELECT 1 FROM leash_chain WHERE table_name = ?1)", -1, &s,
                                    NULL) == SQLITE_OK;

    for (size_t i = 0; s && covered_table(i); i++) {
        sqlite3_bind_text(s, 1, covered_table(i), -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0)) {
            fault(user, &(struct chain_fault){ .kind = CHAIN_TABLE_UNCOVERED, .table = text_of(covered_table(i)),
                                               .id = TEXT_UNKNOWN });
            whole = false;
        }
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return whole;
}

int chain_check(sqlite3 *db, void (*fault)(void *user, const struct chain_fault *f), void *user,
                struct chain_result *ret)
{
    struct arena *arena = arena_new(0);
    struct chain_result result = { .whole = true };
    struct chain chain, list;
    sqlite3_stmt *s = NULL;
    int rc = SQLITE_OK;

    const struct text stored = chain_head(db, arena);
    chain_init(&chain);
    chain_init(&list);
    list_begin(&list);
    if (text_known(stored))
        rc = sqlite3_prepare_v2(db, "SELECT table_name, columns, rows, head, mark_every, marks FROM leash_chain"
                                " WHERE table_name <> 'leash_chain' ORDER BY fid", -1, &s, NULL);
    while (s && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        struct check k = { .rows = sqlite3_column_int64(s, 2), .mark_every = sqlite3_column_int64(s, 4) };
        k.table = arena_text(arena, column_text(s, 0));
        k.columns = arena_text(arena, column_text(s, 1));
        k.head = arena_text(arena, column_text(s, 3));
        k.marks.at = sqlite3_column_blob(s, 5); /* stays until the next step */
        k.marks.len = (size_t)sqlite3_column_bytes(s, 5);
        result.whole &= check_table(db, &k, &chain, &list, arena, fault, user);
        result.tables++;
        result.rows += chain.rows;
    }
    sqlite3_finalize(s);
    result.present = text_known(stored);
    if (result.present && rc == SQLITE_DONE) {
        hash_hex(list.head, sizeof list.head, result.head);
        const bool listed = check_list(db, fault, user);
        if (result.whole && listed && !text_equal(stored, (struct text){ result.head, SHA256_HEX })) {
            fault(user, &(struct chain_fault){ .kind = CHAIN_LIST_CHANGED, .table = TEXT(LIST_TABLE),
                                               .id = TEXT_UNKNOWN });
            result.whole = false;
        }
        result.whole &= listed;
    }
    chain_done(&chain);
    chain_done(&list);
    arena_free(arena);
    if (result.present && rc != SQLITE_DONE)
        return -EIO;
    *ret = result;
    return 0;
}
