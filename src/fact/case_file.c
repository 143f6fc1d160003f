#include "fact/case_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "fact/fact.h"

/* Programs such as QGIS leave a database in the mode of a write-ahead log.  Who reads it then makes two
 * files beside it, which a folder that cannot be written to does not allow.  When there is no log there is
 * nothing in it: the file is all, and may be read as one that nobody changes. */
static bool is_whole_without_log(const char *path)
{
    enum { READ_VERSION_AT = 19, WRITE_AHEAD_LOG = 2 }; /* sqlite.org/fileformat2.html, 1.3 */
    unsigned char header[READ_VERSION_AT + 1];
    char log[4200];
    struct stat st;
    FILE *f = fopen(path, "re");
    const bool wal = f && fread(header, 1, sizeof header, f) == sizeof header &&
                     header[READ_VERSION_AT] == WRITE_AHEAD_LOG;

    if (f)
        fclose(f);
    return wal && snprintf(log, sizeof log, "%s-wal", path) < (int)sizeof log && (stat(log, &st) || st.st_size == 0);
}

static void put_uri(struct buffer *uri, const char *path)
{
    buffer_printf(uri, *path == '/' ? "file://" : "file:");
    for (; *path; path++)
        buffer_printf(uri, strchr("?#%", *path) ? "%%%02x" : "%c", (unsigned char)*path);
    buffer_printf(uri, "?immutable=1");
    buffer_add_u8(uri, 0);
}

static int open_with(const char *path, bool unchanging, sqlite3 **ret)
{
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    struct buffer uri;
    int rc;

    buffer_init(&uri, 1 << 16);
    if (unchanging) {
        put_uri(&uri, path);
        rc = sqlite3_open_v2((const char *)uri.at, ret, flags | SQLITE_OPEN_URI, NULL);
    } else {
        rc = sqlite3_open_v2(path, ret, flags, NULL);
    }
    buffer_done(&uri);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(*ret, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(*ret, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    }
    return rc;
}

int case_file_open(const char *path, sqlite3 **ret)
{
    return open_with(path, is_whole_without_log(path), ret);
}

int case_file_open_unchanging(const char *path, sqlite3 **ret)
{
    return open_with(path, true, ret);
}

bool case_file_has_its_tables(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    bool all = sqlite3_prepare_v2(db, "SELECT 1 FROM main.sqlite_master WHERE type = 'view' AND lower(name) = ?", -1,
                                  &s,
                                  NULL) == SQLITE_OK;

    for (int kind = -1; kind < FACT_CASE_KIND_COUNT && all; kind++) {
        sqlite3_bind_text(s, 1, kind < 0 ? "run" : fact_tables[kind].name, -1, SQLITE_STATIC);
        all = sqlite3_step(s) == SQLITE_DONE;
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return all;
}
