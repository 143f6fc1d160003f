#include "report/csv.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/buffer.h"
#include "report/path.h"
#include "report/terminal.h"

static bool needs_quotes(const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (at[i] == ',' || at[i] == '"' || at[i] == '\n' || at[i] == '\r')
            return true;
    return len > 0 && (at[0] == ' ' || at[len - 1] == ' ');
}

/* Spreadsheets take text that begins like this for a formula, which evidence could abuse; also with the wide forms of
 * the signs (U+FF1D, U+FF0B, U+FF0D, U+FF20), which some take for the narrow ones. */
static bool looks_like_formula(const char *at, size_t len)
{
    static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };

    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (len >= 3 && memcmp(at, wide[i], 3) == 0)
            return true;
    return len > 0 && memchr("=+-@\t\r\n", at[0], 7) != NULL;
}

/* One character; what steers a terminal or deceives the eye as an escape (report/terminal.h).  Gives its length. */
static size_t put_character(FILE *out, struct text t)
{
    struct terminal_piece piece;
    unsigned accents = 0;

    if (t.at[0] == '\n' || t.at[0] == '\r' || t.at[0] == '\t' || t.at[0] == '\\') {
        putc(t.at[0], out);
        return 1;
    }
    terminal_next(t, &accents, &piece);
    fwrite(piece.at, 1, piece.len, out);
    return piece.taken;
}

static void put_text(FILE *out, const char *at, size_t len)
{
    const bool formula = looks_like_formula(at, len), quotes = needs_quotes(at, len);

    if (quotes)
        putc('"', out);
    if (formula)
        putc('\'', out);
    for (size_t i = 0; i < len;) {
        if (at[i] == '"')
            putc('"', out);
        i += put_character(out, (struct text){ .at = at + i, .len = len - i });
    }
    if (quotes)
        putc('"', out);
}

static void put_column(FILE *out, sqlite3_stmt *s, int column)
{
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL:
        break;
    case SQLITE_INTEGER: case SQLITE_FLOAT: /* numbers are leash's own: a minus sign is one */
        fwrite(sqlite3_column_text(s, column), 1, (size_t)sqlite3_column_bytes(s, column), out);
        break;
    default:
        put_text(out, (const char *)sqlite3_column_text(s, column), (size_t)sqlite3_column_bytes(s, column));
    }
}

static void put_number(FILE *out, sqlite3_stmt *s, int column)
{
    if (sqlite3_column_type(s, column) == SQLITE_FLOAT)
        fprintf(out, "%.17g", sqlite3_column_double(s, column)); /* SQLite's own text has 15 digits */
    else
        put_column(out, s, column);
}

static int prepare_table(struct fact_case *c, enum fact_kind kind, sqlite3_stmt **ret)
{
    const struct fact_table *table = &fact_tables[kind];
    struct buffer sql;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "SELECT id, evidence, origin");
    for (size_t i = 0; i < table->field_count; i++)
        buffer_printf(&sql, ", \"%s\"", table->fields[i].name);
    if (kind == FACT_POSITION) /* it goes on alone, without the note of its flight */
        buffer_add_text(&sql, TEXT(", " TRIED_ON("flight") " AS tried_on"));
    buffer_printf(&sql, " FROM %s ORDER BY fid", table->name);
    buffer_add_u8(&sql, 0);
    const int rc = sqlite3_prepare_v2(case_db(c), (const char *)sql.at, -1, ret, NULL);
    buffer_done(&sql);
    return rc == SQLITE_OK ? 0 : -EIO;
}

static int write_rows(sqlite3_stmt *s, int error, FILE *out)
{
    int rc = SQLITE_DONE;

    if (!error) {
        const int columns = sqlite3_column_count(s);
        for (int i = 0; i < columns; i++)
            fprintf(out, "%s%s", i ? "," : "", sqlite3_column_name(s, i));
        fputs("\r\n", out);
        while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
            for (int i = 0; i < columns; i++) {
                if (i)
                    putc(',', out);
                put_number(out, s, i);
            }
            fputs("\r\n", out);
        }
        error = rc == SQLITE_DONE ? 0 : -EIO;
    }
    sqlite3_finalize(s);
    return error ? error : ferror(out) ? -EIO : 0;
}

int report_csv_write(struct fact_case *c, enum fact_kind kind, FILE *out)
{
    sqlite3_stmt *s = NULL;
    const int error = prepare_table(c, kind, &s);

    return write_rows(s, error, out);
}

int report_csv_query(struct fact_case *c, const char *sql, FILE *out)
{
    sqlite3_stmt *s = NULL;
    const int rc = sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL);

    return write_rows(s, rc == SQLITE_OK ? 0 : -EIO, out);
}
