#include "fact/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/chain_row.h"
#include "fact/chain_walk.h"
#include "fact/fact.h"

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

/* The chain of one table, worked out. */
struct table_chain {
    struct text_list columns;   /* none: the table is not there */
    int64_t rows;
    char head[SHA256_HEX];
    struct marks marks;
};

static void table_chain_done(struct table_chain *t)
{
    buffer_done(&t->marks.at);
}

static int work_out(sqlite3 *db, const char *table, struct chain *c, struct arena *arena, struct table_chain *ret)
{
    sqlite3_stmt *s = NULL;
    int geometry;

    *ret = (struct table_chain){ .marks.every = 1 };
    buffer_init(&ret->marks.at, (size_t)MARKS_MAX * MARK_BYTES);
    int rc = read_columns(db, table, arena, &ret->columns);
    if (rc != SQLITE_OK || ret->columns.count == 0)
        return rc;
    chain_begin(c, text_of(table), ret->columns);
    rc = prepare_walk(db, text_of(table), ret->columns, &s, &geometry);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        canonical_row(row_begin(c), s, (int)ret->columns.count, geometry);
        rc = row_end(c) ? SQLITE_OK : SQLITE_TOOBIG;
        add_mark(&ret->marks, c);
    }
    sqlite3_finalize(s);
    ret->rows = c->rows;
    hash_hex(c->head, sizeof c->head, ret->head);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

struct chain_ahead {
    struct arena *arena;
    struct table_chain tables[FACT_CASE_KIND_COUNT];
};

int chain_work_out_ahead(sqlite3 *db, const bool kinds[FACT_CASE_KIND_COUNT], struct chain_ahead **ret)
{
    struct chain_ahead *a = memory_alloc_array(1, sizeof *a);
    struct chain chain;
    int rc = SQLITE_OK;

    a->arena = arena_new(0);
    chain_init(&chain);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && rc == SQLITE_OK; kind++)
        if (kinds[kind])
            rc = work_out(db, fact_tables[kind].name, &chain, a->arena, &a->tables[kind]);
    chain_done(&chain);
    if (rc != SQLITE_OK) {
        chain_ahead_free(a);
        return rc;
    }
    *ret = a;
    return SQLITE_OK;
}

void chain_ahead_free(struct chain_ahead *a)
{
    if (!a)
        return;
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        table_chain_done(&a->tables[kind]);
    arena_free(a->arena);
    free(a);
}

/* What was worked out ahead; NULL: nothing was. */
static const struct table_chain *ahead_of(const struct chain_ahead *a, const char *table)
{
    for (int kind = 0; a && kind < FACT_CASE_KIND_COUNT; kind++)
        if (a->tables[kind].columns.count && strcmp(fact_tables[kind].name, table) == 0)
            return &a->tables[kind];
    return NULL;
}

static int put_table(sqlite3_stmt *insert, const char *table, const struct table_chain *t, struct chain *list,
                     struct arena *arena)
{
    const struct text names = columns_json(t->columns, arena);

    add_to_list(list, text_of(table), names, t->rows, t->head);
    sqlite3_bind_text(insert, 1, table, -1, SQLITE_STATIC);
    sqlite3_bind_text64(insert, 2, names.at, names.len, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_int64(insert, 3, t->rows);
    sqlite3_bind_text(insert, 4, t->head, SHA256_HEX, SQLITE_TRANSIENT);
    sqlite3_bind_int64(insert, 5, t->marks.every);
    sqlite3_bind_blob64(insert, 6, t->marks.at.len ? (const void *)t->marks.at.at : "", t->marks.at.len, SQLITE_STATIC);
    const int rc = sqlite3_step(insert);
    sqlite3_reset(insert);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int write_table(sqlite3 *db, sqlite3_stmt *insert, const char *table, const struct chain_ahead *ahead,
                       struct chain *c,
                       struct chain *list, struct arena *arena)
{
    const struct table_chain *known = ahead_of(ahead, table);
    struct table_chain t;

    if (known)
        return put_table(insert, table, known, list, arena);
    int rc = work_out(db, table, c, arena, &t);
    if (rc == SQLITE_OK && t.columns.count)
        rc = put_table(insert, table, &t, list, arena);
    table_chain_done(&t);
    return rc;
}

int chain_write(sqlite3 *db, const struct chain_ahead *ahead)
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
        rc = write_table(db, insert, covered_table(i), ahead, &chain, &list, arena);
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

struct text chain_head(sqlite3 *db, struct arena *arena)
{
    struct text head = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, "SELECT head FROM leash_chain WHERE table_name = 'leash_chain'", -1, &s, NULL) ==
        SQLITE_OK && sqlite3_step(s) == SQLITE_ROW && sqlite3_column_bytes(s, 0) == SHA256_HEX)
        head = arena_text(arena, text_of((const char *)sqlite3_column_text(s, 0)));
    sqlite3_finalize(s);
    return head;
}
