#include "judge/query.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "fact/fact.h"
#include "judge/traffic.h"
#include "policy/schema.h"

struct query_engine {
    sqlite3 *db;
    const struct policy *policy;
    struct query_values values;
    double seconds_per_query;
    struct timespec begun;
    bool too_long, interruptible;
    char error[256], refused[128];
    struct traffic *traffic;
    char *tables[QUERY_TABLES_MAX];
    size_t table_count;
    int old_limits[16];
};

/* The connection's limits while foreign SQL may run on it. */
static const struct { int id, value; } limits[] = {
    { SQLITE_LIMIT_LENGTH, QUERY_VALUE_BYTES_MAX },
    { SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 },
    { SQLITE_LIMIT_EXPR_DEPTH, 200 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 200 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200 },
    { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_VDBE_OP, 100000 },
};

/* Of the processor: on a busy machine the clock goes on while the query does not. */
static double seconds_since(const struct timespec *begun)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

static int over_time(void *user)
{
    struct query_engine *q = user;

    /* Interrupting a statement that writes would roll the case's transaction back. */
    if (q->interruptible && seconds_since(&q->begun) > q->seconds_per_query)
        q->too_long = true;
    return q->interruptible && q->too_long;
}

static bool table_allowed(const struct query_engine *q, const char *name)
{
    if (sqlite3_stricmp(name, "json_each") == 0 || sqlite3_stricmp(name, "run") == 0)
        return true;
    for (size_t i = 0; i < FACT_CASE_KIND_COUNT; i++)
        if (sqlite3_stricmp(name, fact_tables[i].name) == 0)
            return true;
    for (size_t i = 0; i < q->table_count; i++)
        if (sqlite3_stricmp(name, q->tables[i]) == 0)
            return true;
    return false;
}

static int refuse(struct query_engine *q, const char *what, const char *name)
{
    snprintf(q->refused, sizeof q->refused, "%s%s%s", what, name ? " " : "", name ? name : "");
    return SQLITE_DENY;
}

static int authorize(void *user, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    struct query_engine *q = user;

    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        /* An empty name stands for a sub-query. */
        return !a || !*a || table_allowed(q, a) ? SQLITE_OK : refuse(q, "it may not read the table", a);
    case SQLITE_FUNCTION:
        return query_function_allowed(b) ? SQLITE_OK : refuse(q, "it may not call the function", b);
    default:
        return refuse(q, "it may only SELECT", NULL);
    }
}

/* The table `policy`: what the policy states, one row per word. */
static bool keep_policy(struct query_engine *q)
{
    sqlite3_stmt *insert = NULL;
    bool good = sqlite3_exec(q->db, "CREATE TEMP TABLE policy(list TEXT, nth INTEGER, field TEXT, value TEXT)", NULL,
                             NULL,
                             NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(q->db, "INSERT INTO temp.policy VALUES(?, ?, ?, ?)", -1, &insert, NULL) == SQLITE_OK;

    q->tables[q->table_count] = memory_alloc(sizeof "policy");
    memcpy(q->tables[q->table_count++], "policy", sizeof "policy");
    for (size_t i = 0; good && i < q->policy->value_count; i++) {
        const struct policy_value *v = &q->policy->values[i];
        sqlite3_bind_text(insert, 1, v->list.at, (int)v->list.len, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 2, v->nth);
        sqlite3_bind_text(insert, 3, v->field.at, (int)v->field.len, SQLITE_STATIC);
        sqlite3_bind_text(insert, 4, v->value.at, (int)v->value.len, SQLITE_STATIC);
        good = sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK;
    }
    sqlite3_finalize(insert);
    return good && sqlite3_exec(q->db, "CREATE INDEX temp.policy_list ON policy(list)", NULL, NULL, NULL) == SQLITE_OK;
}

static bool keep_traffic(struct query_engine *q)
{
    for (size_t i = 0; i < sizeof traffic_tables / sizeof *traffic_tables; i++) {
        const size_t bytes = strlen(traffic_tables[i]) + 1;
        q->tables[q->table_count] = memory_alloc(bytes);
        memcpy(q->tables[q->table_count++], traffic_tables[i], bytes);
    }
    return traffic_keep(q->db, q->policy, &q->traffic) == SQLITE_OK;
}

struct query_engine *query_open(sqlite3 *db, const struct policy *p, const struct query_values *values,
                                double seconds_per_query)
{
    struct query_engine *q = memory_alloc_array(1, sizeof *q);

    *q = (struct query_engine){ .db = db, .policy = p, .values = *values, .seconds_per_query = seconds_per_query };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        q->old_limits[i] = sqlite3_limit(db, limits[i].id, limits[i].value);
    /* Its first use on a connection makes SQLite declare a table, which the authorizer would refuse. */
    sqlite3_exec(db, "SELECT 1 FROM json_each('[]')", NULL, NULL, NULL);
    if (!query_functions_add(db, p) || !keep_policy(q) || !keep_traffic(q))
        snprintf(q->error, sizeof q->error, "%s", sqlite3_errmsg(db));
    return q;
}

void query_set_values(struct query_engine *q, const struct query_values *values)
{
    q->values = *values;
}

static void drop_table(struct query_engine *q, const char *name)
{
    char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS temp.\"%w\"", name);

    sqlite3_exec(q->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
}

void query_close(struct query_engine *q)
{
    if (!q)
        return;
    for (size_t i = 0; i < q->table_count; i++) {
        drop_table(q, q->tables[i]);
        free(q->tables[i]);
    }
    traffic_free(q->traffic);
    query_functions_remove(q->db);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        sqlite3_limit(q->db, limits[i].id, q->old_limits[i]);
    free(q);
}

const char *query_error(const struct query_engine *q)
{
    return q->error;
}

static void guard(struct query_engine *q)
{
    q->refused[0] = 0;
    q->too_long = false;
    q->interruptible = true;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &q->begun);
    sqlite3_set_authorizer(q->db, authorize, q);
    sqlite3_progress_handler(q->db, 5000, over_time, q);
}

/* Before anything else uses the connection: the case's own statements are compiled
 * again after this, without the authorizer. */
static void unguard(struct query_engine *q)
{
    sqlite3_set_authorizer(q->db, NULL, NULL);
    sqlite3_progress_handler(q->db, 0, NULL, NULL);
}

static enum query_status complain(struct query_engine *q, int code)
{
    if (q->too_long || code == SQLITE_TOOBIG || code == SQLITE_INTERRUPT) {
        snprintf(q->error, sizeof q->error, "%s",
                 q->too_long ? "it takes too long" : "it makes a value that is too long");
        return QUERY_TOO_LONG;
    }
    snprintf(q->error, sizeof q->error, "%s", q->refused[0] ? q->refused : sqlite3_errmsg(q->db));
    return code == SQLITE_ERROR || code == SQLITE_AUTH || code == SQLITE_RANGE ? QUERY_REFUSED : QUERY_FAILED;
}

static enum query_status refuse_text(struct query_engine *q, const char *message)
{
    snprintf(q->error, sizeof q->error, "%s", message);
    return QUERY_REFUSED;
}

static int bind_named(struct query_engine *q, sqlite3_stmt *s, int at, const char *name)
{
    const struct { const char *name; double value; } numbers[] = {
        { ":flight_time_s", q->values.flight_time_s },
        { ":flight_time_covered_s", q->values.flight_time_covered_s },
    };
    const struct { const char *name; struct text value; } texts[] = {
        { ":stored_evidence", q->policy->stored_evidence },
        { ":label", q->values.label },
    };

    for (size_t i = 0; name && i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(name, numbers[i].name) == 0)
            return sqlite3_bind_double(s, at, numbers[i].value);
    for (size_t i = 0; name && i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(name, texts[i].name) == 0)
            return text_known(texts[i].value) ? sqlite3_bind_text(s, at, texts[i].value.at, (int)texts[i].value.len,
                                                                  SQLITE_STATIC)
                                              : sqlite3_bind_null(s, at);
    const double *limit = name ? schema_limit(q->policy, text_of(name + 1)) : NULL;
    if (limit)
        return sqlite3_bind_double(s, at, *limit);
    if (name && strcmp(name, ":now_ns") == 0)
        return sqlite3_bind_int64(s, at, q->values.now_utc_ns);
    refuse(q, "there is no value called", name ? name : "?");
    return SQLITE_RANGE;
}

/* Under guard.  One statement, nothing behind it but blanks. */
static enum query_status prepare(struct query_engine *q, struct text sql, sqlite3_stmt **ret)
{
    const char *tail = NULL;
    sqlite3_stmt *s = NULL;

    if (sql.len > 64 * 1024)
        return refuse_text(q, "SQL longer than 64 KiB");
    int code = sqlite3_prepare_v3(q->db, sql.at, (int)sql.len, 0, &s, &tail);
    if (code != SQLITE_OK)
        return complain(q, code);
    while (s && tail < sql.at + sql.len && strchr(" \t\r\n;", *tail))
        tail++;
    if (!s || tail < sql.at + sql.len || !sqlite3_stmt_readonly(s) || sqlite3_stmt_isexplain(s)) {
        sqlite3_finalize(s);
        return refuse_text(q, "exactly one SELECT is expected");
    }
    if (sqlite3_column_count(s) > QUERY_COLUMNS_MAX) {
        sqlite3_finalize(s);
        return refuse_text(q, "too many columns");
    }
    for (int i = 1; i <= sqlite3_bind_parameter_count(s) && code == SQLITE_OK; i++)
        code = bind_named(q, s, i, sqlite3_bind_parameter_name(s, i));
    if (code != SQLITE_OK) {
        const enum query_status status = complain(q, code);
        sqlite3_finalize(s);
        return status;
    }
    *ret = s;
    return QUERY_OK;
}

static bool column_names(sqlite3_stmt *s, struct arena *arena, struct text_list *ret)
{
    const size_t count = (size_t)sqlite3_column_count(s);
    struct text *names = arena_alloc(arena, count + 1, sizeof *names);

    if (!names)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(s, (int)i);
        names[i] = arena_text(arena, text_of(name ? name : ""));
        if (!text_known(names[i]))
            return false;
    }
    *ret = (struct text_list){ .items = names, .count = count };
    return true;
}

static enum query_status too_large(struct query_engine *q)
{
    snprintf(q->error, sizeof q->error, "its answer is too large");
    return QUERY_TOO_LONG;
}

enum query_status query_compile(struct query_engine *q, struct text sql, struct arena *arena, struct text_list *columns)
{
    sqlite3_stmt *s = NULL;

    guard(q);
    enum query_status status = prepare(q, sql, &s);
    if (status == QUERY_OK && !column_names(s, arena, columns))
        status = too_large(q);
    sqlite3_finalize(s);
    unguard(q);
    return status;
}

static bool take_cell(sqlite3_stmt *s, int column, struct arena *arena, struct query_cell *cell)
{
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_INTEGER:
        *cell = (struct query_cell){ .type = QUERY_INT, .integer = sqlite3_column_int64(s, column) };
        return true;
    case SQLITE_FLOAT:
        *cell = (struct query_cell){ .type = QUERY_REAL, .real = sqlite3_column_double(s, column) };
        return true;
    case SQLITE_NULL:
        *cell = (struct query_cell){ .type = QUERY_NULL };
        return true;
    default: {
        const char *at = (const char *)sqlite3_column_text(s, column);
        const struct text t = { .at = at ? at : "", .len = (size_t)sqlite3_column_bytes(s, column) };
        *cell = (struct query_cell){ .type = QUERY_TEXT, .text = arena_text(arena, t) };
        return text_known(cell->text);
    }
    }
}

static enum query_status collect(struct query_engine *q, sqlite3_stmt *s, struct arena *arena, struct query_answer *ret)
{
    struct query_answer a = { .rows = 0 };
    struct buffer cells;
    enum query_status status = QUERY_OK;
    int code;

    if (!column_names(s, arena, &a.columns))
        return too_large(q);
    buffer_init(&cells, (size_t)QUERY_ROWS_MAX * QUERY_COLUMNS_MAX * sizeof(struct query_cell));
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        if (a.rows == QUERY_ROWS_MAX) {
            a.cut = true;
            break;
        }
        for (size_t i = 0; i < a.columns.count && status == QUERY_OK; i++) {
            struct query_cell cell;
            if (!take_cell(s, (int)i, arena, &cell) || !buffer_add(&cells, &cell, sizeof cell))
                status = too_large(q);
        }
        if (status != QUERY_OK)
            break;
        a.rows++;
    }
    if (status == QUERY_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        status = complain(q, code);
    if (status == QUERY_OK) {
        struct query_cell *copy = arena_alloc(arena, cells.len / sizeof *copy + 1, sizeof *copy);
        if (!copy) {
            status = too_large(q);
        } else {
            if (cells.len)
                memcpy(copy, cells.at, cells.len);
            a.cells = copy;
            *ret = a;
        }
    }
    buffer_done(&cells);
    return status;
}

enum query_status query_run(struct query_engine *q, struct text sql, struct arena *arena, struct query_answer *ret)
{
    sqlite3_stmt *s = NULL;

    guard(q);
    enum query_status status = prepare(q, sql, &s);
    if (status == QUERY_OK)
        status = collect(q, s, arena, ret);
    sqlite3_finalize(s);
    unguard(q);
    return status;
}

static bool name_good(struct text name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!(name.at[i] == '_' || (name.at[i] >= 'a' && name.at[i] <= 'z') ||
            (i && name.at[i] >= '0' && name.at[i] <= '9')))
            return false;
    return name.len > 0 && name.len <= 40 && !text_starts_with(name, TEXT("sqlite"));
}

/* SQL of our own: a temporary table with the columns of `from`, and the INSERT for it. */
static bool make_table(struct query_engine *q, const char *name, sqlite3_stmt *from, sqlite3_stmt **insert)
{
    struct buffer create, put;
    bool good;

    buffer_init(&create, 64 * 1024);
    buffer_init(&put, 64 * 1024);
    buffer_printf(&create, "CREATE TEMP TABLE \"%s\"(", name);
    buffer_printf(&put, "INSERT INTO temp.\"%s\" VALUES(", name);
    for (int i = 0; i < sqlite3_column_count(from); i++) {
        char *column = sqlite3_mprintf("%s\"%w\"", i ? "," : "", sqlite3_column_name(from, i));
        buffer_printf(&create, "%s", column ? column : "");
        buffer_printf(&put, "%s?", i ? "," : "");
        sqlite3_free(column);
    }
    buffer_printf(&create, ")");
    buffer_printf(&put, ")");
    good = buffer_add_u8(&create, 0) && buffer_add_u8(&put, 0) &&
           sqlite3_exec(q->db, (const char *)create.at, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(q->db, (const char *)put.at, -1, insert, NULL) == SQLITE_OK;
    buffer_done(&create);
    buffer_done(&put);
    return good;
}

static bool make_index(struct query_engine *q, const char *name, struct text key)
{
    char *sql = sqlite3_mprintf("CREATE INDEX temp.\"%w_key\" ON \"%w\"(\"%.*s\")", name, name, (int)key.len, key.at);
    const bool good = sql && sqlite3_exec(q->db, sql, NULL, NULL, NULL) == SQLITE_OK;

    sqlite3_free(sql);
    return good;
}

/* SQLite would take a quoted name that is no column for a text and index that. */
static bool has_column(sqlite3_stmt *s, struct text name)
{
    for (int i = 0; i < sqlite3_column_count(s); i++)
        if (text_equal(text_of(sqlite3_column_name(s, i)), name))
            return true;
    return false;
}

static enum query_status copy_rows(struct query_engine *q, sqlite3_stmt *from, sqlite3_stmt *insert)
{
    size_t rows = 0;
    int code;

    while ((q->interruptible = true, code = sqlite3_step(from)) == SQLITE_ROW) {
        q->interruptible = false;
        if (++rows > QUERY_TABLE_ROWS_MAX)
            return too_large(q);
        for (int i = 0; i < sqlite3_column_count(from); i++)
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(from, i));
        code = sqlite3_step(insert);
        if (code != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK)
            return complain(q, code);
    }
    return code == SQLITE_DONE ? QUERY_OK : complain(q, code);
}

/* The SELECT is compiled under guard and runs without the authorizer, which would stand
 * in the way of our INSERT.  Should SQLite compile it again because a table was added,
 * the names in it still mean what they meant: the new table's name was in use by nothing
 * that the SELECT could read. */
enum query_status query_keep(struct query_engine *q, struct text name, struct text sql, struct text key)
{
    sqlite3_stmt *from = NULL, *insert = NULL;

    if (!name_good(name) || (text_known(key) && !name_good(key)))
        return refuse_text(q, "a table's name and key are small letters, digits and _");
    if (q->table_count == QUERY_TABLES_MAX)
        return refuse_text(q, "too many tables");
    char *own_name = memory_alloc(name.len + 1);
    memcpy(own_name, name.at, name.len);
    own_name[name.len] = 0;
    if (table_allowed(q, own_name) || strcmp(own_name, "leash_case") == 0) {
        free(own_name);
        return refuse_text(q, "there is a table of that name already");
    }
    guard(q);
    enum query_status status = prepare(q, sql, &from);
    sqlite3_set_authorizer(q->db, NULL, NULL);
    q->interruptible = false;
    if (status == QUERY_OK && text_known(key) && !has_column(from, key))
        status = refuse_text(q, "its key is no column of it");
    if (status == QUERY_OK) {
        q->tables[q->table_count++] = own_name;
        own_name = NULL;
        const char *kept = q->tables[q->table_count - 1];
        if (!make_table(q, kept, from, &insert))
            status = complain(q, SQLITE_ERROR);
        else
            status = copy_rows(q, from, insert);
        /* Sorting all keys once costs less than finding a place for each. */
        if (status == QUERY_OK && text_known(key) && !make_index(q, kept, key))
            status = complain(q, SQLITE_ERROR);
    }
    sqlite3_finalize(from);
    sqlite3_finalize(insert);
    unguard(q);
    free(own_name);
    return status;
}

int query_column(const struct query_answer *a, struct text name)
{
    for (size_t i = 0; i < a->columns.count; i++)
        if (text_equal(a->columns.items[i], name))
            return (int)i;
    return -1;
}

const struct query_cell *query_cell_at(const struct query_answer *a, size_t row, int column)
{
    if (column < 0 || row >= a->rows)
        return NULL;
    return &a->cells[row * a->columns.count + (size_t)column];
}
