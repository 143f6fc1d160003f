/* Tables and columns, all of them seen in dji_finfo.db (version 4) and FC8885.db (version 12):
 *
 *   gis_info_table     ID, dcf_index, file_name (full path on the camera), uuid, file_type, star, cloud_download ...
 *   mtime_table        dcf_index, mtime (seconds since 1970; in version 12 two hours behind the times in the files' names, and some
 *                      seconds: when a file was written to its end.  A number that begins anew on an emptied card has the
 *                      time of the newest file with it, and older rows stay)
 *   video_info_table   ID, duration (ms) ...; later versions: model_name, gps_status
 *   version_table      version
 *
 * Rows that were deleted may survive in free pages or in a -wal file beside it: these are not looked at. */
#include "flightlog/dji_index.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "flightlog/flight_rows.h"
#include "flightlog/flight_years.h"

enum { LOOK_BYTES = 64 * 1024, COPY_BYTES_MAX = 64 << 20, FILES_MAX = 100000, TEXT_MAX_BYTES = 4096, LOOKS_MAX = 2000,
       STEPS = 1000, STEPS_MAX = 100000 };

/* The number that a file has on its card, and its row. */
struct place {
    int64_t dcf_index, row;
};

struct index {
    struct reading *r;
    struct buffer places;          /* struct place of all files, sorted */
    struct bytes whole;
    sqlite3 *db;
    int64_t steps, files, looked;
    int64_t newest;                /* of the rows of files, the highest number read so far */
    size_t copy_bytes;
};

static bool holds(struct bytes look, const char *word)
{
    return look.len > 0 && memmem(look.at, look.len, word, strlen(word)) != NULL;
}

bool dji_index_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "SQLite format 3\0", 16) && holds(bytes_part(whole, 0, LOOK_BYTES),
                                                                     "gis_info_table");
}

/* Stops what would run without end. */
static int count_steps(void *user)
{
    struct index *x = user;

    return ++x->steps > STEPS_MAX;
}

/* Only reading is allowed, and of the file's own tables. */
static int authorise(void *user, int action, const char *a, const char *b, const char *database, const char *trigger)
{
    (void)user; (void)a; (void)b; (void)database;
    return (action == SQLITE_SELECT || action == SQLITE_READ) && !trigger ? SQLITE_OK : SQLITE_DENY;
}

/* How long the header says that the database is. */
static uint64_t announced_bytes(struct bytes whole)
{
    enum { PAGE_SIZE_OFFSET = 16, PAGES_OFFSET = 28, LARGEST_PAGE = 65536 };
    struct cursor size = cursor_over(bytes_part(whole, PAGE_SIZE_OFFSET, 2)),
        pages = cursor_over(bytes_part(whole, PAGES_OFFSET, 4));
    const uint64_t page_bytes = cursor_u16be(&size);

    return (page_bytes == 1 ? LARGEST_PAGE : page_bytes) * cursor_u32be(&pages);
}

/* What stands behind the database, where its header tells its length for sure (its length was written with the newest
 * change): another index, or bytes that nobody reads. */
static void read_behind_end(struct reading *r, struct bytes whole, uint64_t announced)
{
    enum { CHANGES_OFFSET = 24, LENGTH_VALID_FOR = 92 };
    const struct bytes behind = bytes_part(whole, announced, UINT64_MAX);
    struct cursor changes = cursor_over(bytes_part(whole, CHANGES_OFFSET, 4)),
        valid_for = cursor_over(bytes_part(whole, LENGTH_VALID_FOR, 4));

    if (behind.len == 0 || announced == 0 || cursor_u32be(&changes) != cursor_u32be(&valid_for))
        return;
    if (r->member && dji_index_recognise(behind))
        r->member(r, TEXT("appended-index.db"), behind);
    else
        reading_damage(r, behind.origin, (int64_t)behind.len, FACT_UNKNOWN_INT, "bytes behind the end of the index");
}

static bool open_copy(struct index *x, unsigned char *copy)
{
    memcpy(copy, x->whole.at, x->whole.len);
    memset(copy + x->whole.len, 0, x->copy_bytes - x->whole.len);
    if (x->whole.len > 19)
        copy[18] = copy[19] = 1; /* a copy in memory has no write-ahead log */
    if (sqlite3_open_v2(":memory:", &x->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_deserialize(x->db, "main", copy, (sqlite3_int64)x->copy_bytes, (sqlite3_int64)x->copy_bytes,
                            SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
        return false;
    sqlite3_db_config(x->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(x->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(x->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(x->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(x->db, SQLITE_LIMIT_LENGTH, 16 << 20);
    sqlite3_limit(x->db, SQLITE_LIMIT_COLUMN, 200);
    sqlite3_progress_handler(x->db, STEPS, count_steps, x);
    sqlite3_set_authorizer(x->db, authorise, x);
    return true;
}

static struct text column(sqlite3_stmt *s, int number)
{
    const char *at = (const char *)sqlite3_column_text(s, number);
    const int len = sqlite3_column_bytes(s, number);

    return at && len > 0 ? (struct text){ .at = at, .len = (size_t)(len < TEXT_MAX_BYTES ? len : TEXT_MAX_BYTES) } :
        TEXT_UNKNOWN;
}

/* Where a text stands in the file, as far as it stands there in one piece. */
static struct fact_origin origin_of(struct index *x, struct text t)
{
    const uint8_t *at = t.len > 0 && x->looked++ < LOOKS_MAX ? memmem(x->whole.at, x->whole.len, t.at, t.len) : NULL;

    return at ? fact_origin_at(x->whole.origin + (uint64_t)(at - x->whole.at), t.len) :
        fact_origin_at(x->whole.origin, x->whole.len);
}

enum answer { TABLE_READ, TABLE_BROKEN, TABLE_ABSENT };

static void take_place(struct index *x, sqlite3_stmt *s)
{
    const struct place place = { sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1) };

    buffer_add(&x->places, &place, sizeof place);
}

/* The query's rows.  A table that cannot be read to its end is damage. */
static enum answer each(struct index *x, const char *sql, void (*take)(struct index *x, sqlite3_stmt *s))
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(x->db, sql, -1, &s, NULL);
    const bool there = rc == SQLITE_OK;

    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(s);
        if (rc == SQLITE_ROW)
            take(x, s);
    }
    if (rc != SQLITE_DONE && there && take != take_place) /* which is read again for its files */
        reading_damage(x->r, x->whole.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "a table of the index cannot be read to its end: %s",
                       x->steps > STEPS_MAX ? "it takes too many steps" : sqlite3_errmsg(x->db));
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? TABLE_READ : there ? TABLE_BROKEN : TABLE_ABSENT;
}

static int by_place(const void *a, const void *b)
{
    const struct place *one = a, *other = b;

    if (one->dcf_index != other->dcf_index)
        return one->dcf_index < other->dcf_index ? -1 : 1;
    return one->row < other->row ? -1 : one->row > other->row;
}

/* Whether no later file has the number: a time that is kept by number is that of the last one. */
static bool has_its_time(const struct index *x, int64_t dcf_index, int64_t row)
{
    const struct place *places = (const void *)x->places.at;
    size_t low = 0, high = x->places.len / sizeof *places;

    while (low < high) { /* the first one behind all with that number */
        const size_t middle = low + (high - low) / 2;
        if (places[middle].dcf_index <= dcf_index)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && places[low - 1].dcf_index == dcf_index && places[low - 1].row == row;
}

static void take_file(struct index *x, sqlite3_stmt *s)
{
    const struct text path = column(s, 0);
    struct fact_origin origin;
    char local[FLIGHT_LOCAL_MAX];

    const int64_t row = sqlite3_column_int64(s, 3);
    x->newest = row > x->newest ? row : x->newest;
    if (!text_known(path) || ++x->files > FILES_MAX)
        return;
    origin = origin_of(x, path);
    const int64_t mtime_s = sqlite3_column_type(s, 2) == SQLITE_INTEGER ? sqlite3_column_int64(s, 2) : 0;
    if (mtime_s > 0 && mtime_s < FLIGHT_YEARS_TO_NS / NS_PER_S && flight_years_hold(mtime_s * NS_PER_S) &&
        has_its_time(x, sqlite3_column_int64(s, 4), row)) { /* told as a step, because an identifier has no time */
        const struct text at = flight_local_text(mtime_s * NS_PER_S, local);
        const struct text step = arena_printf(x->r->arena, "written to its end %.*s by a clock of unknown zone",
                                              (int)at.len, at.at);
        struct text *steps = arena_alloc(x->r->arena, 1, sizeof *steps);
        if (steps && text_known(step)) {
            *steps = step;
            origin.steps = (struct text_list){ .items = steps, .count = 1 };
        }
    }
    flight_identifier_put(x->r->facts, "media_file", path, FACT_UNKNOWN_INT, origin);
    /* Version 4 has numbers that look like times: they would be found in anything that was sent. */
    if (sqlite3_column_type(s, 1) == SQLITE_TEXT)
        flight_identifier_put(x->r->facts, "media_uuid", column(s, 1), FACT_UNKNOWN_INT, origin_of(x, column(s, 1)));
}

static void take_model(struct index *x, sqlite3_stmt *s)
{
    struct fact_device device;

    if (!text_known(column(s, 0)))
        return;
    fact_init(FACT_DEVICE, &device);
    device.head.origin = origin_of(x, column(s, 0));
    device.role = TEXT("camera");
    device.vendor = TEXT("DJI");
    device.model = column(s, 0);
    fact_put(x->r->facts, FACT_DEVICE, &device);
}

static void take_other(struct index *x, sqlite3_stmt *s)
{
    const struct text path = column(s, 0);

    if (text_known(path) && ++x->files <= FILES_MAX)
        flight_identifier_put(x->r->facts, "media_file", path, FACT_UNKNOWN_INT, origin_of(x, path));
}

/* The files behind the newest that was read, without their times, whose table may be what is broken: forwards, or from
 * the end. */
static enum answer read_behind(struct index *x, const char *order)
{
    char sql[160];

    snprintf(sql, sizeof sql, "SELECT file_name, uuid, NULL, rowid, NULL FROM gis_info_table WHERE rowid > %" PRId64 " ORDER BY rowid %s", x->newest, order);
    return each(x, sql, take_file);
}

/* The files, with their times where the version has them. */
static enum answer read_files(struct index *x)
{
    (void)each(x, "SELECT dcf_index, rowid FROM gis_info_table", take_place);
    if (x->places.len > 0)
        qsort(x->places.at, x->places.len / sizeof(struct place), sizeof(struct place), by_place);
    enum answer answer = each(x, "SELECT g.file_name, g.uuid, (SELECT m.mtime FROM mtime_table AS m WHERE "
                              "m.dcf_index = g.dcf_index LIMIT 1), g.rowid, g.dcf_index"
                              " FROM gis_info_table AS g ORDER BY g.rowid", take_file);

    if (answer == TABLE_ABSENT)
        answer = each(x, "SELECT file_name, uuid, NULL, rowid, NULL FROM gis_info_table ORDER BY rowid", take_file);
    if (answer == TABLE_BROKEN && read_behind(x, "ASC") == TABLE_BROKEN)
        (void)read_behind(x, "DESC");
    if (answer == TABLE_BROKEN)
        reading_damage(x->r, x->whole.origin, FACT_UNKNOWN_INT, x->newest > x->files ? x->newest - x->files : 0,
                       "rows of files are numbered up to %" PRId64
                       ", and %" PRId64 " were read: the others were deleted before, or lie in what is damaged", x->newest, x->files);
    return answer;
}

enum parse_status dji_index_read(struct reading *r, struct bytes whole)
{
    const uint64_t announced = announced_bytes(whole);
    struct index x = { .r = r, .whole = whole };

    buffer_init(&x.places, FILES_MAX * sizeof(struct place));
    /* One that was cut off is filled up with zeros, so that what is there can be read. */
    x.copy_bytes = announced > whole.len && announced <= COPY_BYTES_MAX ? (size_t)announced : whole.len;

    if (!dji_index_recognise(whole))
        return PARSE_INVALID;
    if (whole.len > COPY_BYTES_MAX) {
        reading_damage(r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "an index larger than %d MiB was not read", COPY_BYTES_MAX >> 20);
        return PARSE_UNSUPPORTED;
    }
    if (x.copy_bytes > whole.len)
        reading_damage(r, whole.origin + whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the index is cut off: %zu bytes of its %zu are missing",
                       x.copy_bytes - whole.len, x.copy_bytes);
    unsigned char *copy = memory_alloc(x.copy_bytes);
    bool read = open_copy(&x, copy);
    if (read) {
        const enum answer answer = read_files(&x);
        each(&x, "SELECT DISTINCT model_name FROM video_info_table WHERE model_name <> '' LIMIT 16", take_model);
        each(&x, "SELECT name FROM non_dcf_table ORDER BY rowid", take_other);
        read = answer == TABLE_READ || x.files > 0;
    }
    if (x.files > FILES_MAX)
        reading_damage(r, whole.origin, FACT_UNKNOWN_INT, x.files - FILES_MAX,
                       "more than %d files: the rest was not kept", FILES_MAX);
    sqlite3_close(x.db);
    free(copy);
    buffer_done(&x.places);
    read_behind_end(r, whole, announced);
    return read ? PARSE_OK : PARSE_INVALID;
}
