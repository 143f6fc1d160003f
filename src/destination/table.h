#ifndef LEASH_DESTINATION_TABLE_H
#define LEASH_DESTINATION_TABLE_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* The tables in data/: comma-separated values as RFC 4180 has them, with three rules
 * more, so that one bad line never costs another: a field does not run over the end of
 * its line, lines that begin with '#' are remarks, and all of it is UTF-8 without
 * control characters.  The first line that is no remark names the columns; their order
 * is free, and columns nobody asked for are passed over.  A remark above it may hold the
 * table's date (YYYY-MM-DD).  An operator may replace these files, so they are read with
 * the same care as evidence. */

enum { TABLE_COLUMNS_MAX = 32, TABLE_LINE_MAX = 65536, TABLE_BYTES_MAX = 64 << 20, TABLE_ROWS_MAX = 1 << 20 };

/* Where remarks about data go that belong into the report's coverage.  `text` is only
 * borrowed for the call.  note may be NULL. */
struct note_taker {
    void (*note)(void *user, struct text text);
    void *user;
};

__attribute__((format(printf, 2, 3)))
void note_printf(const struct note_taker *notes, const char *format, ...);

struct table_shape {
    const char *name;              /* for notes: "destinations.csv" */
    const char *const *columns;    /* those wanted; at most TABLE_COLUMNS_MAX */
    size_t column_count;
    /* Takes one line: its fields in the order of `columns`.  They are views of the content
     * or lie in `arena`.  NULL when it is used, else why it is not, as a literal. */
    const char *(*row)(void *user, const struct text *fields);
    void *user;
};

struct table_result {
    size_t rows, broken_lines;
    struct text date;              /* "2026-11-22", a view; or unknown */
};

/* Reads all lines.  Every line that cannot be used is noted with its number (after the
 * first twenty only their count) and the rest goes on.  PARSE_INVALID: a wanted column is
 * missing or nothing but remarks is there, nothing was taken; PARSE_UNSUPPORTED: larger
 * than TABLE_BYTES_MAX.  `ret` is set on PARSE_OK only. */
__attribute__((warn_unused_result))
enum parse_status table_parse(struct bytes content, const struct table_shape *shape, struct arena *arena,
                              const struct note_taker *notes, struct table_result *ret);

/* The content of a file of at most `limit` bytes, in `arena`.  0 or a negative errno
 * (-EFBIG: larger), and `ret` set on success only. */
__attribute__((warn_unused_result))
int table_file(const char *path, size_t limit, struct arena *arena, struct bytes *ret);

#endif
