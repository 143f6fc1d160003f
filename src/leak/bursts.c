#include "leak/bursts.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sorted.h"
#include "base/timestamp.h"
#include "leak/claims.h"
#include "leak/secrets.h"

enum { FILES_MAX = 65536, MORE_BYTES = 8 * 1024 };
#define MORE_SHARE 0.005
#define LARGEST_UPLOAD (UINT64_C(16) << 30)

struct stored_file {
    int64_t bytes, made_utc_ns; /* or unknown */
    struct text id, what;
};

struct burst_search {
    sqlite3 *db;
    struct arena *arena;
    struct stored_file *files; /* by size */
    size_t count;
    double share;              /* of the logarithms of sizes that fit a file */
};

static struct text column_text(sqlite3_stmt *row, int column, struct arena *arena)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? arena_text(arena, text_of(at)) : TEXT_UNKNOWN;
}

static int64_t column_time(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);
    int64_t time = FACT_UNKNOWN_INT;

    if (at)
        (void)timestamp_parse(text_of(at), &time);
    return time;
}

static int compare_sizes(const void *a, const void *b)
{
    const struct stored_file *x = a, *y = b;

    return x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

static double most_bytes(const struct stored_file *f)
{
    return (double)f->bytes * (1 + MORE_SHARE) + MORE_BYTES;
}

static int read_files(struct burst_search *b)
{
    sqlite3_stmt *s = NULL;
    size_t room = 0;
    int code = sqlite3_prepare_v2(b->db, "SELECT e.id, e.kind, e.bytes, max(m.taken) FROM evidence e LEFT JOIN media m ON m.evidence = e.sha256"
                                         " WHERE e.bytes >= ? AND e.kind IS NOT NULL GROUP BY e.fid ORDER BY e.fid", -1, &s, NULL);

    if (code == SQLITE_OK) {
        sqlite3_bind_int64(s, 1, BURST_FILE_BYTES_MIN);
        while ((code = sqlite3_step(s)) == SQLITE_ROW && b->count < FILES_MAX) {
            const char *what = secret_file_what((const char *)sqlite3_column_text(s, 1));
            if (!what)
                continue;
            if (b->count == room) {
                room = room ? room * 2 : 64;
                b->files = memory_resize_array(b->files, room, sizeof *b->files);
            }
            b->files[b->count++] = (struct stored_file){ sqlite3_column_int64(s, 2), column_time(s, 3),
                                                         column_text(s, 0, b->arena), text_of(what) };
        }
    }
    sqlite3_finalize(s);
    if (b->count)
        qsort(b->files, b->count, sizeof *b->files, compare_sizes);
    return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : -EIO;
}

/* The ranges of the files, joined where they overlap, on the scale of logarithms. */
static void measure_share(struct burst_search *b)
{
    double covered = 0, to = 0;

    for (size_t i = 0; i < b->count; i++) {
        const double from = fmax(log((double)b->files[i].bytes), to);
        to = fmax(to, log(most_bytes(&b->files[i])));
        covered += fmax(0, to - from);
    }
    b->share = fmin(1, covered / log((double)LARGEST_UPLOAD / BURST_FILE_BYTES_MIN));
}

/* The largest file that fits, which leaves least unexplained; NULL: none. */
static const struct stored_file *fitting(const struct burst_search *b, int64_t bytes, int64_t last_utc_ns)
{
    const size_t until = b->count ? sorted_until(&b->files->bytes, b->count, sizeof *b->files, bytes) : 0;

    for (size_t i = until; i-- > 0 && most_bytes(&b->files[i]) >= (double)bytes;)
        if (!fact_known_int(b->files[i].made_utc_ns) || !fact_known_int(last_utc_ns) ||
            b->files[i].made_utc_ns <= last_utc_ns)
            return &b->files[i];
    return NULL;
}

/* Every connection that is large enough and encrypted: `each` gets those that fit, and may stop it. */
static int each_fit(struct burst_search *b, int64_t *ret_uploads,
                    int (*each)(void *user, sqlite3_stmt *flow, const struct stored_file *file), void *user)
{
    sqlite3_stmt *s = NULL;
    int result = 0, code = sqlite3_prepare_v2(b->db,
        "SELECT opaque_out, last, id, ifnull(host, dst), evidence FROM flow WHERE opaque_out >= ? AND local IS NOT 1 ORDER BY fid", -1, &s, NULL);

    *ret_uploads = 0;
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(s, 1, BURST_FILE_BYTES_MIN);
        while (!result && (code = sqlite3_step(s)) == SQLITE_ROW) {
            const struct stored_file *file = fitting(b, sqlite3_column_int64(s, 0), column_time(s, 1));
            ++*ret_uploads;
            if (file)
                result = each(user, s, file);
        }
    }
    sqlite3_finalize(s);
    return result ? result : code == SQLITE_DONE || code == SQLITE_ROW ? 0 : -EIO;
}

static int count_fit(void *user, sqlite3_stmt *flow, const struct stored_file *file)
{
    (void)flow;
    (void)file;
    ++*(int64_t *)user;
    return 0;
}

struct burst_writer {
    struct burst_search *search;
    struct text likelihood;
    int64_t rows;
    int (*put)(void *user, const struct fact_behaviour *row);
    void *user;
};

static int write_fit(void *user, sqlite3_stmt *flow, const struct stored_file *file)
{
    struct burst_writer *w = user;
    struct arena *arena = w->search->arena;
    const bool media = text_equal(file->what, TEXT("media"));
    struct text *rows = arena_alloc(arena, 2, sizeof *rows);
    struct fact_behaviour row;

    if (w->rows++ >= BURST_ROWS_MAX || !rows)
        return 0;
    const struct claim_values values = { .label = media ? TEXT("photo or video") : TEXT("flight log"),
                                         .destination = column_text(flow, 3, arena),
                                         .percent = FACT_UNKNOWN_REAL, .metres = FACT_UNKNOWN_REAL };
    const struct text sentence = claim_sentence(CLAIM_BURST_LIKE_FILE, &values, arena);
    fact_init(FACT_BEHAVIOUR, &row);
    rows[0] = column_text(flow, 2, arena);
    rows[1] = file->id;
    row.head.id = arena_printf(arena, "behaviour-burst-%" PRId64, w->rows);
    row.kind = TEXT("burst_like_file");
    row.statement = arena_printf(arena, "%.*s Its size, %" PRId64 " bytes, is that of the file, %" PRId64 ", and what encryption adds.",
                                 (int)sentence.len, sentence.at, (int64_t)sqlite3_column_int64(flow, 0), file->bytes);
    row.likelihood = w->likelihood;
    row.head.evidence = column_text(flow, 4, arena);
    row.head.origin.rows = (struct text_list){ rows, 2 };
    return w->put(w->user, &row);
}

int bursts_find(sqlite3 *db, struct arena *arena, int (*put)(void *user, const struct fact_behaviour *row), void *user)
{
    struct burst_search b = { .db = db, .arena = arena };
    int64_t uploads = 0, fits = 0;
    int result = read_files(&b);

    if (!result && b.count) {
        measure_share(&b);
        result = each_fit(&b, &uploads, count_fit, &fits);
    }
    const double chance = b.share * (double)uploads;
    if (!result && fits > 0 && (double)fits >= BURST_MORE_THAN_CHANCE * chance) {
        struct burst_writer w = { .search = &b, .put = put, .user = user };
        w.likelihood = arena_printf(arena, "%" PRId64 " of %" PRId64 " large encrypted connections fit the size of one of %zu stored files; "
                                           "chance alone would make %.2g such fits", fits, uploads, b.count, chance);
        result = each_fit(&b, &uploads, write_fit, &w);
    }
    free(b.files);
    return result;
}
