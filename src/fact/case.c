#include "fact/case_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "fact/case_file.h"
#include "fact/case_layers.h"
#include "fact/chain.h"

enum { GEOPACKAGE_APPLICATION_ID = 0x47504B47, GEOPACKAGE_VERSION = 10300 };

int case_failed(struct fact_case *c)
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

    buffer_printf(sql, "%s %s (fid INTEGER PRIMARY KEY%s, id TEXT NOT NULL, evidence TEXT, origin TEXT", create,
                  table->name,
                  layer ? " AUTOINCREMENT NOT NULL" : "");
    for (size_t i = 0; i < table->field_count; i++) {
        const bool datetime = layer && table->fields[i].type == FACT_TYPE_TIME;
        buffer_printf(sql, ", \"%s\" %s", table->fields[i].name,
                      datetime ? "DATETIME" : column_type(table->fields[i].type));
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
        rc = case_prepare_insert(c, (enum fact_kind)kind);
    if (rc != SQLITE_OK) {
        const int error = rc == SQLITE_FULL ? -ENOSPC : -EIO;
        case_free(c);
        return error;
    }
    *ret = c;
    return 0;
}

/* Kinds that came without another schema version: a case that is older has none of them.  All other tables must be
 * there, for what is missing must not look like what was not found. */
static const enum fact_kind younger_kinds[] = { FACT_EXPOSURE, FACT_MESSAGE };

/* Their tables stand in memory; the file is not written to. */
static int stand_in_for_younger_tables(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    struct buffer sql;
    int rc = sqlite3_prepare_v2(db, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND lower(name) = ?", -1, &s,
                                NULL);

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
    if (version != CASE_SCHEMA_VERSION || !case_file_has_its_tables(c->db) ||
        stand_in_for_younger_tables(c->db) != SQLITE_OK) {
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
    case_failed(c);
    return rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

int case_write_out(struct fact_case *c)
{
    /* A page that is changed afterwards stays in memory until the end, so that the file stays as it is now. */
    const int rc = sqlite3_exec(c->db, "COMMIT; PRAGMA cache_spill = OFF; BEGIN", NULL, NULL, NULL);
    const int fd = rc == SQLITE_OK ? open(c->part, O_RDONLY | O_CLOEXEC) : -1;

    if (fd >= 0) { /* so that the disk has most of it when the end waits for the disk */
        (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
        close(fd);
    }
    return rc == SQLITE_OK ? 0 : database_error(c, rc);
}

int case_open_beside(const struct fact_case *c, struct fact_case **ret)
{
    struct fact_case *beside = case_new(c->path);

    if (case_file_open_unchanging(c->part, &beside->db) != SQLITE_OK) {
        case_free(beside);
        return -EIO;
    }
    *ret = beside;
    return 0;
}

int case_seal(struct fact_case *c)
{
    return case_seal_with(c, NULL);
}

int case_seal_with(struct fact_case *c, const struct chain_ahead *ahead)
{
    finalize_inserts(c);
    int rc = layers_finish(c->db);
    if (rc == SQLITE_OK)
        rc = chain_write(c->db, ahead);
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
    if (c->json)
        fclose(c->json);
    free(c->json_at);
    free(c);
}
