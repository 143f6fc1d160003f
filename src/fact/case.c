#include "fact/case.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/case_file.h"
#include "fact/case_layers.h"
#include "fact/chain.h"
#include "fact/fact_json.h"

enum { PATH_BYTES_MAX = 4096, GEOPACKAGE_APPLICATION_ID = 0x47504B47, GEOPACKAGE_VERSION = 10300 };

struct fact_case {
    sqlite3 *db;
    sqlite3_stmt *insert[FACT_CASE_KIND_COUNT];
    char path[PATH_BYTES_MAX], part[PATH_BYTES_MAX]; /* part: "" once renamed, or when only read */
    struct arena *arena;       /* of the row being put or read */
    struct buffer geometry;
    bool sealed;
    char error[256];
};

/* Columns before the fields: fid is given by SQLite. */
enum { COLUMN_ID = 1, COLUMN_EVIDENCE, COLUMN_ORIGIN, COLUMN_FIELDS };

static int failed(struct fact_case *c)
{
    snprintf(c->error, sizeof c->error, "%s", sqlite3_errmsg(c->db));
    return -EIO;
}

const char *case_error(const struct fact_case *c)
{
    return c->error;
}

struct sqlite3 *case_db(struct fact_case *c)
{
    return c->db;
}

static const char *column_type(enum fact_type type)
{
    switch (type) {
    case FACT_TYPE_INT: case FACT_TYPE_BOOL:
        return "INTEGER";
    case FACT_TYPE_REAL:
        return "REAL";
    case FACT_TYPE_TEXT: case FACT_TYPE_LIST: case FACT_TYPE_JSON: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        return "TEXT";
    }
    return "TEXT";
}

/* A layer cannot be STRICT, because SQLite does not know the type POINT there, and its
 * times have the type that GeoPackage knows. */
static void write_table_definition(struct buffer *sql, enum fact_kind kind, const char *create)
{
    const struct fact_table *table = &fact_tables[kind];
    const bool layer = kind == FACT_POSITION;

    buffer_printf(sql, "%s %s (fid INTEGER PRIMARY KEY%s, id TEXT NOT NULL, evidence TEXT, origin TEXT", create, table->name,
                  layer ? " AUTOINCREMENT NOT NULL" : "");
    for (size_t i = 0; i < table->field_count; i++) {
        const bool datetime = layer && table->fields[i].type == FACT_TYPE_TIME;
        buffer_printf(sql, ", \"%s\" %s", table->fields[i].name, datetime ? "DATETIME" : column_type(table->fields[i].type));
    }
    buffer_printf(sql, layer ? ", geom POINT CHECK (typeof(geom) IN ('blob', 'null')));" : ") STRICT;");
}

static int create_tables(struct fact_case *c)
{
    struct buffer sql;
    int rc;

    buffer_init(&sql, 1 << 20);
    buffer_printf(&sql,
        /* The file has no name that counts until it is whole: nothing to roll back to.  Said
         * first, because what writes before it would leave a journal. */
        "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"
        /* 32 MiB: the judge goes over the flows many times, and the usual 2 MiB means reading them again each time. */
        "PRAGMA cache_size = -32768;"
        "BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;"
        "CREATE TABLE leash_case (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL,"
        " made_by TEXT NOT NULL) STRICT; INSERT INTO leash_case VALUES (1, %d, 'leash ' || '%s');"
        "CREATE TABLE run (fid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT) STRICT;",
        GEOPACKAGE_APPLICATION_ID, GEOPACKAGE_VERSION, CASE_SCHEMA_VERSION, LEASH_VERSION);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        write_table_definition(&sql, (enum fact_kind)kind, "CREATE TABLE");
    buffer_add_u8(&sql, 0);
    rc = sqlite3_exec(c->db, (const char *)sql.at, NULL, NULL, NULL);
    buffer_done(&sql);
    return rc == SQLITE_OK ? layers_prepare(c->db) : rc;
}

static int prepare_insert(struct fact_case *c, enum fact_kind kind)
{
    const struct fact_table *table = &fact_tables[kind];
    struct buffer sql;
    int rc;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "INSERT INTO %s (id, evidence, origin", table->name);
    for (size_t i = 0; i < table->field_count; i++)
        buffer_printf(&sql, ", \"%s\"", table->fields[i].name);
    buffer_printf(&sql, "%s) VALUES (?, ?, ?", kind == FACT_POSITION ? ", geom" : "");
    for (size_t i = 0; i < table->field_count + (kind == FACT_POSITION); i++)
        buffer_printf(&sql, ", ?");
    buffer_add(&sql, ")", 2);
    rc = sqlite3_prepare_v3(c->db, (const char *)sql.at, -1, SQLITE_PREPARE_PERSISTENT, &c->insert[kind], NULL);
    buffer_done(&sql);
    return rc;
}

static struct fact_case *case_new(const char *path)
{
    struct fact_case *c = memory_alloc_array(1, sizeof *c);

    /* SQLite's count of its memory takes a lock at each allocation, and nobody asks for it.  Once
     * SQLite is in use this changes nothing. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    snprintf(c->path, sizeof c->path, "%s", path);
    c->arena = arena_new(0);
    buffer_init(&c->geometry, 256);
    return c;
}

int case_create(const char *path, bool replace, struct fact_case **ret)
{
    if (strlen(path) > PATH_BYTES_MAX - sizeof ".part")
        return -ENAMETOOLONG;
    if (!replace && access(path, F_OK) == 0)
        return -EEXIST;

    struct fact_case *c = case_new(path);
    snprintf(c->part, sizeof c->part, "%.*s.part", (int)(sizeof c->part - sizeof ".part"), path);
    /* What an earlier, killed run left.  The case holds home addresses: nobody else reads it. */
    unlink(c->part);
    const int fd = open(c->part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        const int error = -errno;
        c->part[0] = '\0';
        case_free(c);
        return error;
    }
    close(fd);

    int rc = sqlite3_open_v2(c->part, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = create_tables(c);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && rc == SQLITE_OK; kind++)
        rc = prepare_insert(c, (enum fact_kind)kind);
    if (rc != SQLITE_OK) {
        const int error = rc == SQLITE_FULL ? -ENOSPC : -EIO;
        case_free(c);
        return error;
    }
    *ret = c;
    return 0;
}

/* Kinds that came without another schema version: a case that is older has none of them.  All other tables must be there,
 * for what is missing must not look like what was not found. */
static const enum fact_kind younger_kinds[] = { FACT_EXPOSURE };

/* Their tables stand in memory; the file is not written to. */
static int stand_in_for_younger_tables(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    struct buffer sql;
    int rc = sqlite3_prepare_v2(db, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND lower(name) = ?", -1, &s, NULL);

    buffer_init(&sql, 1 << 20);
    buffer_printf(&sql, "PRAGMA temp_store = MEMORY;");
    for (size_t i = 0; i < sizeof younger_kinds / sizeof *younger_kinds && rc == SQLITE_OK; i++) {
        sqlite3_bind_text(s, 1, fact_tables[younger_kinds[i]].name, -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_DONE)
            write_table_definition(&sql, younger_kinds[i], "CREATE TEMP TABLE");
        rc = sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    buffer_add_u8(&sql, 0);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, (const char *)sql.at, NULL, NULL, NULL);
    buffer_done(&sql);
    return rc;
}

int case_open(const char *path, struct fact_case **ret)
{
    sqlite3_stmt *s = NULL;
    int version = 0;

    if (strlen(path) >= PATH_BYTES_MAX)
        return -ENAMETOOLONG;
    if (access(path, R_OK))
        return -errno;
    struct fact_case *c = case_new(path);
    if (case_file_open(path, &c->db) == SQLITE_OK &&
        sqlite3_prepare_v2(c->db, "SELECT schema_version FROM leash_case WHERE id = 1", -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW)
        version = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    if (version != CASE_SCHEMA_VERSION || !case_file_has_its_tables(c->db) || stand_in_for_younger_tables(c->db) != SQLITE_OK) {
        case_free(c);
        return -EINVAL;
    }
    *ret = c;
    return 0;
}

static int sync_and_rename(struct fact_case *c)
{
    const int fd = open(c->part, O_RDONLY | O_CLOEXEC);
    int error = 0;

    if (fd < 0 || fsync(fd) || rename(c->part, c->path))
        error = -errno;
    if (fd >= 0)
        close(fd);
    if (!error)
        c->part[0] = '\0';
    return error;
}

static void finalize_inserts(struct fact_case *c)
{
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++) {
        sqlite3_finalize(c->insert[kind]);
        c->insert[kind] = NULL;
    }
}

static int database_error(struct fact_case *c, int rc)
{
    failed(c);
    return rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

int case_seal(struct fact_case *c)
{
    finalize_inserts(c);
    int rc = layers_finish(c->db);
    if (rc == SQLITE_OK)
        rc = chain_write(c->db);
    c->sealed = rc == SQLITE_OK;
    return rc == SQLITE_OK ? 0 : database_error(c, rc);
}

int case_note_report(struct fact_case *c, const char *form, const char sha256[SHA256_HEX], int64_t bytes)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(c->db, "INSERT INTO leash_report (form, sha256, bytes) VALUES (?, ?, ?)", -1, &s, NULL);

    if (rc == SQLITE_OK) {
        sqlite3_bind_text(s, 1, form, -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 2, sha256, SHA256_HEX, SQLITE_STATIC);
        sqlite3_bind_int64(s, 3, bytes);
        rc = sqlite3_step(s) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(c->db);
    }
    const int error = rc == SQLITE_OK ? 0 : database_error(c, rc);
    sqlite3_finalize(s);
    return error;
}

int case_finish(struct fact_case *c)
{
    const int error = c->sealed ? 0 : case_seal(c);
    if (error)
        return error;
    const int rc = sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return database_error(c, rc);
    /* Let go of the exclusive lock, which ends with the first read outside that mode. */
    sqlite3_exec(c->db, "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM leash_case", NULL, NULL, NULL);
    return sync_and_rename(c);
}

void case_free(struct fact_case *c)
{
    if (!c)
        return;
    finalize_inserts(c);
    sqlite3_close_v2(c->db);
    if (c->part[0])
        unlink(c->part);
    arena_free(c->arena);
    buffer_done(&c->geometry);
    free(c);
}

struct text case_row_id(enum fact_kind kind, struct text evidence_key, int64_t number, struct arena *arena)
{
    enum { KEY_DIGITS = 12, KIND_MAX = 32 };
    const struct text parts[] = { text_of(fact_tables[kind].name), evidence_key };
    char id[KIND_MAX + 1 + KEY_DIGITS + 1 + TEXT_INT_MAX];
    size_t len = 0;

    for (int i = 0; i < 2; i++) {
        const size_t n = parts[i].len < (i ? KEY_DIGITS : KIND_MAX) ? parts[i].len : (i ? KEY_DIGITS : KIND_MAX);
        if (n)
            memcpy(id + len, parts[i].at, n);
        len += n;
        id[len++] = '-';
    }
    len += text_put_int(id + len, number);
    return arena_text(arena, (struct text){ .at = id, .len = len });
}

static int bind_text(sqlite3_stmt *s, int column, struct text t)
{
    if (!text_known(t))
        return sqlite3_bind_null(s, column);
    return sqlite3_bind_text64(s, column, t.at, t.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Evidence may hold any bytes, the case holds UTF-8 only: what is not becomes U+FFFD, as in JSON. */
static struct text utf8_of(struct text t, struct arena *arena)
{
    size_t bad = 0, good;

    for (struct text rest = t; rest.len > 0; rest.at += good, rest.len -= good) {
        const size_t n = text_utf8_length(rest);
        bad += n == 0 || rest.at[0] == '\0';
        good = n ? n : 1;
    }
    if (bad == 0)
        return t;
    char *to = arena_alloc(arena, t.len + 2 * bad + 1, 1);
    size_t len = 0;
    if (!to)
        return TEXT_UNKNOWN;
    for (struct text rest = t; rest.len > 0; rest.at += good, rest.len -= good) {
        const size_t n = text_utf8_length(rest);
        good = n ? n : 1;
        if (n == 0 || rest.at[0] == '\0') { /* a NUL would end the text for many readers of SQLite files */
            memcpy(to + len, "\xef\xbf\xbd", 3);
            len += 3;
        } else {
            memcpy(to + len, rest.at, n);
            len += n;
        }
    }
    return (struct text){ .at = to, .len = len };
}

/* JSON as text in a column, through the one JSON writer. */
static int bind_json(sqlite3_stmt *s, int column, void (*write)(struct json *, const void *), const void *what)
{
    char *at = NULL;
    size_t len = 0;
    struct json j;
    FILE *out = open_memstream(&at, &len);

    if (!out)
        return SQLITE_NOMEM;
    json_init(&j, out, false);
    write(&j, what);
    if (fclose(out)) {
        free(at);
        return SQLITE_NOMEM;
    }
    return sqlite3_bind_text64(s, column, at, len, free, SQLITE_UTF8);
}

static void write_list(struct json *j, const void *what)
{
    const struct text_list *list = what;

    json_array(j);
    for (size_t i = 0; i < list->count; i++)
        json_text(j, list->items[i]);
    json_array_end(j);
}

static void write_origin(struct json *j, const void *what)
{
    fact_json_origin(j, what);
}

static int bind_origin(sqlite3_stmt *s, const struct fact_origin *o)
{
    char text[160];
    int len;

    if (o->steps.count || o->rows.count)
        return bind_json(s, COLUMN_ORIGIN, write_origin, o);
    /* The usual shapes, without a stream: most rows are positions and flows. */
    if (!fact_known_int(o->offset))
        return fact_known_int(o->packet_first) ? bind_json(s, COLUMN_ORIGIN, write_origin, o)
                                               : sqlite3_bind_null(s, COLUMN_ORIGIN);
    len = snprintf(text, sizeof text, "{\"offset\":%" PRId64, o->offset);
    if (fact_known_int(o->length))
        len += snprintf(text + len, sizeof text - (size_t)len, ",\"length\":%" PRId64, o->length);
    if (fact_known_int(o->packet_first))
        len += snprintf(text + len, sizeof text - (size_t)len, ",\"packets\":[%" PRId64 ",%" PRId64 "]",
                        o->packet_first, fact_known_int(o->packet_last) ? o->packet_last : o->packet_first);
    len += snprintf(text + len, sizeof text - (size_t)len, "}");
    return sqlite3_bind_text(s, COLUMN_ORIGIN, text, len, SQLITE_TRANSIENT);
}

static int bind_field(struct fact_case *c, sqlite3_stmt *s, int column, enum fact_kind kind,
                      const struct fact_field *field, const void *at, struct text evidence_key)
{
    char text[TIMESTAMP_TEXT_MAX];

    switch (field->type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        return bind_text(s, column, utf8_of(*(const struct text *)at, c->arena));
    case FACT_TYPE_LIST: {
        const struct text_list *list = at;
        return list->items ? bind_json(s, column, write_list, list) : sqlite3_bind_null(s, column);
    }
    case FACT_TYPE_REAL: {
        const double v = *(const double *)at;
        return fact_known_real(v) ? sqlite3_bind_double(s, column, v) : sqlite3_bind_null(s, column);
    }
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        break;
    }
    const int64_t v = *(const int64_t *)at;
    if (!fact_known_int(v))
        return sqlite3_bind_null(s, column);
    if (field->type == FACT_TYPE_TIME)
        return bind_text(s, column, kind == FACT_POSITION ? timestamp_text_ms(v, text) : timestamp_text(v, text));
    if (field->type == FACT_TYPE_REF)
        return bind_text(s, column, case_row_id(fact_ref_kind(field), evidence_key, v, c->arena));
    return sqlite3_bind_int64(s, column, v);
}

int case_put(struct fact_case *c, enum fact_kind kind, const void *row, struct text evidence_key)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_head *head = row;
    int rc;

    if (kind >= FACT_CASE_KIND_COUNT) /* no reader puts such rows here, unless its input has taken it over */
        return 0;
    sqlite3_stmt *s = c->insert[kind];
    arena_reset(c->arena);
    rc = bind_text(s, COLUMN_ID, text_known(head->id) ? head->id
                                                      : case_row_id(kind, evidence_key, head->number, c->arena));
    if (rc == SQLITE_OK)
        rc = bind_text(s, COLUMN_EVIDENCE, text_known(head->evidence) ? head->evidence : evidence_key);
    if (rc == SQLITE_OK)
        rc = bind_origin(s, &head->origin);
    for (size_t i = 0; i < table->field_count && rc == SQLITE_OK; i++)
        rc = bind_field(c, s, COLUMN_FIELDS + (int)i, kind, &table->fields[i],
                        (const char *)row + table->fields[i].offset, evidence_key);
    if (rc == SQLITE_OK && kind == FACT_POSITION) {
        const struct fact_position *p = row;
        buffer_clear(&c->geometry);
        geometry_point(&c->geometry, p->longitude_deg, p->latitude_deg, p->altitude_m);
        rc = sqlite3_bind_blob64(s, COLUMN_FIELDS + (int)table->field_count, c->geometry.at, c->geometry.len, SQLITE_STATIC);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(c->db);
    if (rc != SQLITE_OK)
        failed(c);
    sqlite3_reset(s);
    return rc == SQLITE_OK ? 0 : rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

static struct text column_text(sqlite3_stmt *s, int column, struct arena *arena)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    if (!at)
        return TEXT_UNKNOWN;
    return arena_text(arena, (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) });
}

static int64_t reference_number(struct text id)
{
    int64_t number;
    size_t start = id.len;

    while (start > 0 && id.at[start - 1] != '-')
        start--;
    if (!text_known(id) || !text_to_int((struct text){ id.at + start, id.len - start }, 1, INT64_MAX, &number))
        return FACT_UNKNOWN_INT;
    return number;
}

static void read_field(sqlite3_stmt *s, int column, enum fact_type type, void *at, struct arena *arena)
{
    if (sqlite3_column_type(s, column) == SQLITE_NULL)
        return; /* fact_init made it unknown */
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        *(struct text *)at = column_text(s, column, arena);
        break;
    case FACT_TYPE_LIST:
        if (!fact_json_read_list(column_text(s, column, arena), arena, at))
            *(struct text_list *)at = (struct text_list){ NULL, 0 };
        break;
    case FACT_TYPE_INT: case FACT_TYPE_BOOL:
        *(int64_t *)at = sqlite3_column_int64(s, column);
        break;
    case FACT_TYPE_TIME:
        if (!timestamp_parse(column_text(s, column, arena), at))
            *(int64_t *)at = FACT_UNKNOWN_INT;
        break;
    case FACT_TYPE_REF:
        *(int64_t *)at = reference_number(column_text(s, column, arena));
        break;
    case FACT_TYPE_REAL:
        *(double *)at = sqlite3_column_double(s, column);
        break;
    }
}

static void read_row(sqlite3_stmt *s, enum fact_kind kind, void *row, struct arena *arena)
{
    const struct fact_table *table = &fact_tables[kind];
    struct fact_head *head = row;

    fact_init(kind, row);
    head->id = column_text(s, COLUMN_ID - 1, arena);
    head->evidence = column_text(s, COLUMN_EVIDENCE - 1, arena);
    head->number = reference_number(head->id);
    if (!fact_json_read_origin(column_text(s, COLUMN_ORIGIN - 1, arena), arena, &head->origin))
        head->origin = FACT_ORIGIN_UNKNOWN;
    for (size_t i = 0; i < table->field_count; i++)
        read_field(s, COLUMN_FIELDS - 1 + (int)i, table->fields[i].type, (char *)row + table->fields[i].offset, arena);
}

int case_each(struct fact_case *c, enum fact_kind kind, const char *where,
              int (*each)(void *user, const void *row), void *user)
{
    const struct fact_table *table = &fact_tables[kind];
    struct arena *arena = arena_new(0);
    struct buffer sql;
    sqlite3_stmt *s = NULL;
    int rc, answer = 0;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "SELECT id, evidence, origin");
    for (size_t i = 0; i < table->field_count; i++) /* a case may come from anybody: JSON that is none would break what it is put into */
        if (table->fields[i].type == FACT_TYPE_JSON)
            buffer_printf(&sql, ", CASE WHEN json_valid(\"%s\") THEN \"%s\" END", table->fields[i].name, table->fields[i].name);
        else
            buffer_printf(&sql, ", \"%s\"", table->fields[i].name);
    buffer_printf(&sql, " FROM %s%s%s ORDER BY fid", table->name, where ? " WHERE " : "", where ? where : "");
    buffer_add_u8(&sql, 0);
    rc = sqlite3_prepare_v2(c->db, (const char *)sql.at, -1, &s, NULL);
    buffer_done(&sql);
    if (rc == SQLITE_OK) {
        void *row = memory_alloc(table->row_bytes);
        while (answer == 0 && (rc = sqlite3_step(s)) == SQLITE_ROW) {
            arena_reset(arena);
            read_row(s, kind, row, arena);
            answer = each(user, row);
        }
        free(row);
    }
    if (answer == 0 && rc != SQLITE_DONE && rc != SQLITE_OK)
        answer = failed(c);
    sqlite3_finalize(s);
    arena_free(arena);
    return answer;
}

size_t case_rows(struct fact_case *c, enum fact_kind kind)
{
    sqlite3_stmt *s = NULL;
    char sql[128];
    size_t rows = 0;

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", fact_tables[kind].name);
    if (sqlite3_prepare_v2(c->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        rows = (size_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return rows;
}

int case_set(struct fact_case *c, const char *key, struct text value)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(c->db, "INSERT INTO run (key, value) VALUES (?, ?)"
                                " ON CONFLICT (key) DO UPDATE SET value = excluded.value", -1, &s, NULL);
    if (rc == SQLITE_OK) {
        arena_reset(c->arena);
        sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
        bind_text(s, 2, utf8_of(value, c->arena));
        rc = sqlite3_step(s);
    }
    if (rc != SQLITE_DONE)
        failed(c);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? 0 : rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

struct text case_get(struct fact_case *c, const char *key, struct arena *arena)
{
    struct text value = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(c->db, "SELECT value FROM run WHERE key = ?", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_ROW)
            value = column_text(s, 0, arena);
    }
    sqlite3_finalize(s);
    return value;
}
