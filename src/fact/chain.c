#include "fact/chain.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "fact/chain_row.h"
#include "fact/fact.h"
#include "fact/fact_json.h"

enum {
    MARK_BYTES = 4, MARKS_MAX = 1 << 18, /* 1 MiB a table at most */
    ROW_BYTES_MAX = 1 << 30,             /* as SQLite's own limit */
    LENGTH_BYTES = 8,
};

#define LIST_TABLE "leash_chain"
static const struct text list_column_names[] = {
    TEXT_INIT("table_name"), TEXT_INIT("columns"), TEXT_INIT("rows"), TEXT_INIT("head"),
};
static const struct text_list list_columns = { list_column_names, sizeof list_column_names / sizeof *list_column_names };

/* Tables around those of facts, in the order of the chain. */
static const char *const tables_before[] = { "leash_case", "run" };
static const char *const tables_after[] = { "flight_path", "media_position", "broadcast_position" };

static const char *covered_table(size_t number)
{
    enum { BEFORE = sizeof tables_before / sizeof *tables_before, AFTER = sizeof tables_after / sizeof *tables_after };

    if (number < BEFORE)
        return tables_before[number];
    number -= BEFORE;
    if (number < FACT_CASE_KIND_COUNT)
        return fact_tables[number].name;
    number -= FACT_CASE_KIND_COUNT;
    return number < AFTER ? tables_after[number] : NULL;
}

/* One chain in the making. */
struct chain {
    struct sha256 *hash;
    struct buffer bytes;        /* the last h, the length of the row, the row */
    uint8_t head[SHA256_BYTES];
    int64_t rows;
};

static void chain_init(struct chain *c)
{
    *c = (struct chain){ .hash = sha256_new() };
    buffer_init(&c->bytes, ROW_BYTES_MAX);
}

static void chain_done(struct chain *c)
{
    sha256_free(c->hash);
    buffer_done(&c->bytes);
}

static void hash_bytes(struct chain *c)
{
    sha256_restart(c->hash);
    sha256_add(c->hash, (struct bytes){ .at = c->bytes.at, .len = c->bytes.len });
    sha256_finish(c->hash, c->head);
}

static void chain_begin(struct chain *c, struct text table, struct text_list columns)
{
    buffer_clear(&c->bytes);
    canonical_text(&c->bytes, TEXT("leash-chain/1"));
    canonical_text(&c->bytes, table);
    for (size_t i = 0; i < columns.count; i++)
        canonical_text(&c->bytes, columns.items[i]);
    hash_bytes(c);
    c->rows = 0;
}

static struct buffer *row_begin(struct chain *c)
{
    buffer_clear(&c->bytes);
    buffer_add(&c->bytes, c->head, sizeof c->head);
    buffer_extend(&c->bytes, LENGTH_BYTES);
    return &c->bytes;
}

/* False when the row is larger than can be. */
static bool row_end(struct chain *c)
{
    const uint64_t length = c->bytes.len - SHA256_BYTES - LENGTH_BYTES;

    if (c->bytes.overflowed)
        return false;
    for (int i = 0; i < LENGTH_BYTES; i++)
        c->bytes.at[SHA256_BYTES + i] = (uint8_t)(length >> 8 * (LENGTH_BYTES - 1 - i));
    hash_bytes(c);
    c->rows++;
    return true;
}

static bool is_table(sqlite3 *db, struct text name)
{
    sqlite3_stmt *s = NULL;
    const bool is = sqlite3_prepare_v2(db, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?", -1, &s,
                                       NULL) == SQLITE_OK &&
                    sqlite3_bind_text(s, 1, name.at, (int)name.len, SQLITE_STATIC) == SQLITE_OK &&
                    sqlite3_step(s) == SQLITE_ROW;

    sqlite3_finalize(s);
    return is;
}

/* Every name with its table's, so that a column that is gone is an error and not a text. */
static int prepare_walk(sqlite3 *db, struct text table, struct text_list columns, sqlite3_stmt **ret, int *ret_geometry)
{
    struct buffer sql;
    int rc = SQLITE_ERROR;

    buffer_init(&sql, 1 << 20);
    *ret_geometry = -1;
    for (size_t i = 0; i < columns.count; i++) {
        const struct text name = columns.items[i];
        char *quoted = sqlite3_mprintf("%s t.\"%.*w\"", i ? "," : "SELECT", (int)name.len, name.at);
        if (quoted)
            buffer_add_text(&sql, text_of(quoted));
        sqlite3_free(quoted);
        if (text_equal(name, TEXT("geom")))
            *ret_geometry = (int)i;
    }
    /* A view could take for ever; a table has its rows. */
    char *from = NULL;
    if (columns.count && is_table(db, table))
        from = sqlite3_mprintf(" FROM main.\"%.*w\" AS t ORDER BY 1", (int)table.len, table.at);
    if (from) {
        buffer_add(&sql, from, strlen(from) + 1);
        rc = sql.overflowed ? SQLITE_TOOBIG : sqlite3_prepare_v2(db, (const char *)sql.at, -1, ret, NULL);
    }
    sqlite3_free(from);
    buffer_done(&sql);
    return rc;
}

/* The columns of a table by its definition; none when it is not there. */
static int read_columns(sqlite3 *db, const char *table, struct arena *arena, struct text_list *ret)
{
    enum { COLUMNS_MAX = 128 };
    struct text names[COLUMNS_MAX];
    sqlite3_stmt *s = NULL;
    size_t count = 0;
    int rc = sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?) ORDER BY cid", -1, &s, NULL);

    if (rc == SQLITE_OK)
        sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC);
    while (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW && count < COLUMNS_MAX)
        names[count++] = arena_text(arena, text_of((const char *)sqlite3_column_text(s, 0)));
    sqlite3_finalize(s);
    *ret = arena_text_list(arena, (struct text_list){ names, count });
    return rc;
}

static struct text columns_json(struct text_list columns, struct arena *arena)
{
    struct buffer b;

    buffer_init(&b, 1 << 20);
    for (size_t i = 0; i < columns.count; i++)
        buffer_printf(&b, "%s\"%.*s\"", i ? "," : "[", (int)columns.items[i].len, columns.items[i].at);
    buffer_add_u8(&b, ']');
    const struct text json = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return json;
}

struct marks {
    struct buffer at;
    int64_t every;
};

/* When they are too many, every second one goes. */
static void thin_out(struct marks *m)
{
    const size_t kept = m->at.len / MARK_BYTES / 2;

    for (size_t i = 0; i < kept; i++)
        memmove(m->at.at + i * MARK_BYTES, m->at.at + (2 * i + 1) * MARK_BYTES, MARK_BYTES);
    m->at.len = kept * MARK_BYTES;
    m->every *= 2;
}

static void add_mark(struct marks *m, const struct chain *c)
{
    if (c->rows % m->every != 0)
        return;
    if (m->at.len == (size_t)MARKS_MAX * MARK_BYTES)
        thin_out(m);
    if (c->rows % m->every == 0)
        buffer_add(&m->at, c->head, MARK_BYTES);
}

static void list_begin(struct chain *list)
{
    chain_begin(list, TEXT(LIST_TABLE), list_columns);
}

/* The row that a table's finished chain has in leash_chain; gives its head in hex. */
static void add_to_list(struct chain *list, struct text table, struct text columns_as_json, const struct chain *c,
                        char head[SHA256_HEX])
{
    struct buffer *row = row_begin(list);

    hash_hex(c->head, sizeof c->head, head);
    canonical_text(row, table);
    canonical_text(row, columns_as_json);
    canonical_int(row, c->rows);
    canonical_text(row, (struct text){ head, SHA256_HEX });
    row_end(list);
}

static int write_table(sqlite3 *db, sqlite3_stmt *insert, const char *table, struct chain *c, struct chain *list,
                       struct arena *arena)
{
    struct marks marks = { .every = 1 };
    struct text_list columns;
    sqlite3_stmt *s = NULL;
    char head[SHA256_HEX];
    int geometry, rc = read_columns(db, table, arena, &columns);

    if (rc != SQLITE_OK || columns.count == 0)
        return rc;
    buffer_init(&marks.at, (size_t)MARKS_MAX * MARK_BYTES);
    chain_begin(c, text_of(table), columns);
    rc = prepare_walk(db, text_of(table), columns, &s, &geometry);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        canonical_row(row_begin(c), s, (int)columns.count, geometry);
        rc = row_end(c) ? SQLITE_OK : SQLITE_TOOBIG;
        add_mark(&marks, c);
    }
    sqlite3_finalize(s);
    if (rc == SQLITE_DONE) {
        const struct text names = columns_json(columns, arena);
        add_to_list(list, text_of(table), names, c, head);
        sqlite3_bind_text(insert, 1, table, -1, SQLITE_STATIC);
        sqlite3_bind_text64(insert, 2, names.at, names.len, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_int64(insert, 3, c->rows);
        sqlite3_bind_text(insert, 4, head, SHA256_HEX, SQLITE_TRANSIENT);
        sqlite3_bind_int64(insert, 5, marks.every);
        sqlite3_bind_blob64(insert, 6, marks.at.len ? (const void *)marks.at.at : "", marks.at.len, SQLITE_STATIC);
        rc = sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    buffer_done(&marks.at);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int chain_write(sqlite3 *db)
{
    struct arena *arena = arena_new(0);
    struct chain chain, list;
    sqlite3_stmt *insert = NULL;
    char head[SHA256_HEX];
    int rc;

    chain_init(&chain);
    chain_init(&list);
    list_begin(&list);
    rc = sqlite3_exec(db,
        "CREATE TABLE leash_chain (fid INTEGER PRIMARY KEY, table_name TEXT NOT NULL UNIQUE, columns TEXT NOT NULL,"
        " rows INTEGER NOT NULL, head TEXT NOT NULL, mark_every INTEGER, marks BLOB) STRICT;"
        "CREATE TABLE leash_report (fid INTEGER PRIMARY KEY, form TEXT NOT NULL, sha256 TEXT NOT NULL,"
        " bytes INTEGER NOT NULL) STRICT", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "INSERT INTO leash_chain (table_name, columns, rows, head, mark_every, marks)"
                                " VALUES (?,?,?,?,?,?)", -1, &insert, NULL);
    for (size_t i = 0; covered_table(i) && rc == SQLITE_OK; i++)
        rc = write_table(db, insert, covered_table(i), &chain, &list, arena);
    if (rc == SQLITE_OK) {
        const struct text names = columns_json(list_columns, arena);
        hash_hex(list.head, sizeof list.head, head);
        sqlite3_clear_bindings(insert);
        sqlite3_bind_text(insert, 1, LIST_TABLE, -1, SQLITE_STATIC);
        sqlite3_bind_text64(insert, 2, names.at, names.len, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_int64(insert, 3, list.rows);
        sqlite3_bind_text(insert, 4, head, SHA256_HEX, SQLITE_STATIC);
        rc = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
    }
    sqlite3_finalize(insert);
    chain_done(&chain);
    chain_done(&list);
    arena_free(arena);
    return rc;
}

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

struct text chain_head(sqlite3 *db, struct arena *arena)
{
    struct text head = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, "SELECT head FROM leash_chain WHERE table_name = 'leash_chain'", -1, &s, NULL) ==
        SQLITE_OK && sqlite3_step(s) == SQLITE_ROW && sqlite3_column_bytes(s, 0) == SHA256_HEX)
        head = arena_text(arena, column_text(s, 0));
    sqlite3_finalize(s);
    return head;
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
    add_to_list(list, k->table, k->columns, c, head);
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
