#include "fact/chain_walk.h"

#include <stdio.h>
#include <string.h>

#include "fact/chain_row.h"
#include "fact/fact.h"

enum { ROW_BYTES_MAX = 1 << 30 /* as SQLite's own limit */, LENGTH_BYTES = 8 };

static const struct text list_column_names[] = {
    TEXT_INIT("table_name"), TEXT_INIT("columns"), TEXT_INIT("rows"), TEXT_INIT("head"),
};
const struct text_list list_columns = { list_column_names, sizeof list_column_names / sizeof *list_column_names };

/* Tables around those of facts, in the order of the chain. */
static const char *const tables_before[] = { "leash_case", "run" };
static const char *const tables_after[] = { "flight_path", "media_position", "broadcast_position" };

const char *covered_table(size_t number)
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

void chain_init(struct chain *c)
{
    *c = (struct chain){ .hash = sha256_new() };
    buffer_init(&c->bytes, ROW_BYTES_MAX);
}

void chain_done(struct chain *c)
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

void chain_begin(struct chain *c, struct text table, struct text_list columns)
{
    buffer_clear(&c->bytes);
    canonical_text(&c->bytes, TEXT("leash-chain/1"));
    canonical_text(&c->bytes, table);
    for (size_t i = 0; i < columns.count; i++)
        canonical_text(&c->bytes, columns.items[i]);
    hash_bytes(c);
    c->rows = 0;
}

struct buffer *row_begin(struct chain *c)
{
    buffer_clear(&c->bytes);
    buffer_add(&c->bytes, c->head, sizeof c->head);
    buffer_extend(&c->bytes, LENGTH_BYTES);
    return &c->bytes;
}

bool row_end(struct chain *c)
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

int prepare_walk(sqlite3 *db, struct text table, struct text_list columns, sqlite3_stmt **ret, int *ret_geometry)
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

void list_begin(struct chain *list)
{
    chain_begin(list, TEXT(LIST_TABLE), list_columns);
}

void add_to_list(struct chain *list, struct text table, struct text columns_as_json, int64_t rows,
                 const char head[SHA256_HEX])
{
    struct buffer *row = row_begin(list);

    canonical_text(row, table);
    canonical_text(row, columns_as_json);
    canonical_int(row, rows);
    canonical_text(row, (struct text){ head, SHA256_HEX });
    row_end(list);
}
