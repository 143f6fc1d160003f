#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "cli/explain_leak.h"
#include "cli/file_hash.h"
#include "fact/case.h"
#include "fact/fact_json.h"

/* Shows a row, where it came from, and the bytes there.  The bytes are only shown, never
 * parsed: this process has the user's rights. */

enum { SHOWN_BYTES_MAX = 512, NAME_COLUMNS = 22 };

static void put_member(const char *name, struct text value)
{
    printf("  %-*s ", NAME_COLUMNS, name);
    print_safe(value);
    putchar('\n');
}

static bool id_is_well_formed(const char *id)
{
    for (const char *c = id; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-_.", *c)))
            return false;
    return id[0] != '\0';
}

static enum fact_kind kind_of_id(const char *id)
{
    const char *dash = strchr(id, '-');

    return dash ? fact_kind_find((struct text){ .at = id, .len = (size_t)(dash - id) }) : FACT_KIND_COUNT;
}

static void show_hex(const uint8_t *at, size_t len, uint64_t offset)
{
    enum { PER_LINE = 16 };

    for (size_t line = 0; line < len; line += PER_LINE) {
        printf("  %08" PRIx64 " ", offset + line);
        for (size_t i = 0; i < PER_LINE; i++) {
            if (line + i < len)
                printf(" %02x", at[line + i]);
            else
                fputs("   ", stdout);
        }
        fputs("  ", stdout);
        for (size_t i = line; i < len && i < line + PER_LINE; i++)
            putchar(at[i] >= 0x20 && at[i] < 0x7f ? at[i] : '.');
        putchar('\n');
    }
}

struct source {
    char path[4096];
    char sha256[SHA256_HEX + 1];
    bool found;
};

/* Where the evidence of that hash was.  A member of another item is named with it. */
static void find_source(struct fact_case *c, struct text evidence, struct source *source)
{
    sqlite3_stmt *s = NULL;

    source->found = false;
    if (text_known(evidence) &&
        sqlite3_prepare_v2(case_db(c),
                           "SELECT path, sha256 FROM evidence WHERE sha256 = ?1 OR id = ?1 ORDER BY fid LIMIT 1",
                           -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, evidence.at, evidence.len, SQLITE_STATIC, SQLITE_UTF8);
        if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0)) {
            source->found = true;
            snprintf(source->path, sizeof source->path, "%s", (const char *)sqlite3_column_text(s, 0));
            snprintf(source->sha256, sizeof source->sha256, "%s",
                     sqlite3_column_text(s, 1) ? (const char *)sqlite3_column_text(s, 1) : "");
        }
    }
    sqlite3_finalize(s);
}

static void show_bytes(const struct source *source, int64_t offset, int64_t length)
{
    uint8_t bytes[SHOWN_BYTES_MAX];
    char hex[SHA256_HEX];
    const size_t wanted = fact_known_int(length) && length > 0 &&
        length < SHOWN_BYTES_MAX ? (size_t)length : SHOWN_BYTES_MAX;

    const int error = file_hash(source->path, hex);
    if (error == -ENOENT && strchr(source->path, '!')) {
        puts("  It lies inside another file: take it out of there to see these bytes.");
        return;
    }
    if (error) {
        printf("  The evidence cannot be opened any more: %s.\n", strerror(-error));
        return;
    }
    if (source->sha256[0] && memcmp(hex, source->sha256, SHA256_HEX) != 0) {
        puts("  The file is not the one that was read: its SHA-256 differs.  No bytes are shown.");
        return;
    }
    const int fd = open(source->path, O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd >= 0 ? pread(fd, bytes, wanted, (off_t)offset) : -1;
    if (fd >= 0)
        close(fd);
    if (n <= 0) {
        puts("  There are no bytes at that offset.");
        return;
    }
    show_hex(bytes, (size_t)n, (uint64_t)offset);
    if (fact_known_int(length) && length > n)
        printf("  ... and %" PRId64 " more bytes\n", length - (int64_t)n);
}

static void show_origin(struct fact_case *c, const struct fact_head *head)
{
    const struct fact_origin *o = &head->origin;
    struct source source;

    find_source(c, head->evidence, &source);
    if (source.found) {
        puts("\nEvidence");
        put_member("file", text_of(source.path));
        put_member("sha256", text_of(source.sha256[0] ? source.sha256 : "(not hashed)"));
    }
    if (fact_known_int(o->packet_first))
        printf("  %-*s %" PRId64 " to %" PRId64 " (counted from 1, as Wireshark does)\n", NAME_COLUMNS, "packets",
               o->packet_first, fact_known_int(o->packet_last) ? o->packet_last : o->packet_first);
    if (o->steps.count) {
        printf("  %-*s ", NAME_COLUMNS, "decoding steps");
        for (size_t i = 0; i < o->steps.count; i++) {
            fputs(i ? " > " : "", stdout);
            print_safe(o->steps.items[i]);
        }
        putchar('\n');
    }
    if (source.found && fact_known_int(o->offset)) {
        printf("\nBytes at offset %" PRId64, o->offset);
        if (fact_known_int(o->length))
            printf(", %" PRId64 " long", o->length);
        putchar('\n');
        show_bytes(&source, o->offset, o->length);
    }
    if (o->rows.count) {
        puts("\nWorked out from these rows (explain them in turn)");
        for (size_t i = 0; i < o->rows.count; i++) {
            fputs("  ", stdout);
            print_safe(o->rows.items[i]);
            putchar('\n');
        }
    }
}

struct shown {
    struct fact_case *c;
    enum fact_kind kind;
    const char *id;
    bool any;
};

/* The fields as the JSON report writes them, one a line. */
static void show_fields(struct fact_case *c, enum fact_kind kind, struct text id)
{
    const struct fact_table *table = &fact_tables[kind];
    struct buffer sql;
    sqlite3_stmt *s = NULL;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "SELECT ");
    for (size_t i = 0; i < table->field_count; i++)
        buffer_printf(&sql, "%s\"%s\"", i ? ", " : "", table->fields[i].name);
    buffer_printf(&sql, " FROM %s WHERE id = ?", table->name);
    buffer_add_u8(&sql, 0);
    if (sqlite3_prepare_v2(case_db(c), (const char *)sql.at, -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, id.at, id.len, SQLITE_STATIC, SQLITE_UTF8);
        if (sqlite3_step(s) == SQLITE_ROW)
            for (int i = 0; i < sqlite3_column_count(s); i++)
                if (sqlite3_column_type(s, i) != SQLITE_NULL)
                    put_member(sqlite3_column_name(s, i),
                               (struct text){ .at = (const char *)sqlite3_column_text(s, i),
                                              .len = (size_t)sqlite3_column_bytes(s, i) });
    }
    sqlite3_finalize(s);
    buffer_done(&sql);
}

/* A text of several lines, each behind a margin. */
static void put_lines(struct text t)
{
    for (size_t from = 0, to; from < t.len; from = to + 1) {
        for (to = from; to < t.len && t.at[to] != '\n';)
            to++;
        fputs("    ", stdout);
        print_safe((struct text){ .at = t.at + from, .len = to - from });
        putchar('\n');
    }
}

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

/* "violations, practices-2024.yaml:41: 2 rows", and the SQL. */
static void put_question(sqlite3_stmt *s)
{
    enum { PART, NAME, SQL, PLACE, HOLDS, ROWS };

    fputs("\n  ", stdout);
    print_safe(column_text(s, PART));
    if (sqlite3_column_type(s, NAME) != SQLITE_NULL) {
        putchar(' ');
        print_safe(column_text(s, NAME));
    }
    fputs(", ", stdout);
    print_safe(column_text(s, PLACE));
    if (sqlite3_column_type(s, HOLDS) != SQLITE_NULL)
        fputs(sqlite3_column_int(s, HOLDS) ? ": holds" : ": does not hold", stdout);
    if (sqlite3_column_type(s, ROWS) != SQLITE_NULL)
        printf(": %lld row%s", (long long)sqlite3_column_int64(s, ROWS), sqlite3_column_int64(s, ROWS) == 1 ? "" : "s");
    putchar('\n');
    put_lines(column_text(s, SQL));
}

/* Of a precaution or finding: what was asked of the case, and what came back.  Tables of the
 * catalogue that the SQL reads are shown too; that a name occurs in the SQL is enough. */
static void show_rule(struct fact_case *c, const char *id)
{
    static const char *const questions[] = {
        "SELECT r.part, r.name, ifnull(r.text, s.text), r.place, r.holds, r.rows FROM rule r"
        " LEFT JOIN rule s ON s.rule IS NULL AND s.part = r.part AND s.name = r.name"
        " WHERE r.rule = (SELECT rule FROM precaution WHERE id = ?1 UNION ALL SELECT rule FROM finding WHERE id = ?1)"
        " ORDER BY r.fid",
        "WITH asked(rule) AS (SELECT rule FROM precaution WHERE id = ?1 UNION ALL SELECT rule FROM finding WHERE id = ?1),"
        " used(name, text) AS (SELECT t.name, t.text FROM rule t WHERE t.rule IS NULL AND t.part = 'table' AND EXISTS ("
        "  SELECT 1 FROM rule r LEFT JOIN rule d ON d.rule IS NULL AND d.part = 'demand' AND d.name = r.name"
        "  WHERE r.rule = (SELECT rule FROM asked)"
        "  AND ' ' || replace(replace(ifnull(r.text, d.text), ',', ' '), char(10), ' ') || ' ' GLOB '*[ (]' || t.name || '[ );]*')"
        " UNION SELECT t.name, t.text FROM used u JOIN rule t ON t.rule IS NULL AND t.part = 'table' AND t.name <> u.name"
        "  AND ' ' || replace(replace(u.text, ',', ' '), char(10), ' ') || ' ' GLOB '*[ (]' || t.name || '[ );]*')"
        " SELECT t.part, t.name, t.text, t.place, t.holds, t.rows FROM rule t WHERE t.rule IS NULL AND t.part = 'table'"
        " AND t.name IN (SELECT name FROM used) ORDER BY t.fid",
    };
    static const char *const heads[] = { "\nThe rule: what was asked of the case", "\nTables that the questions read" };

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        sqlite3_stmt *s = NULL;
        bool any = false;
        if (sqlite3_prepare_v2(case_db(c), questions[i], -1, &s, NULL) == SQLITE_OK) {
            sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
            for (; sqlite3_step(s) == SQLITE_ROW; any = true) {
                if (!any)
                    puts(heads[i]);
                put_question(s);
            }
        }
        sqlite3_finalize(s);
    }
}

static int show_row(void *user, const void *row)
{
    struct shown *shown = user;
    const struct fact_head *head = row;

    shown->any = true;
    print_safe(head->id);
    putchar('\n');
    show_fields(shown->c, shown->kind, head->id);
    show_origin(shown->c, head);
    if (shown->kind == FACT_LEAK)
        explain_leak(shown->c, shown->id);
    return 0;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = { { "help", no_argument, NULL, OPTION_HELP }, { 0 } };
    struct shown shown = { 0 };
    char where[256];
    int option;

    while ((option = next_option(&command_explain, argc, argv, options)) != -1)
        return option == OPTION_HELP ? print_help(&command_explain) : EXIT_USAGE;
    if (argc - optind != 2)
        return usage_error(&command_explain, "a case and the id of a row are needed");
    const char *id = argv[optind + 1];
    shown.kind = id_is_well_formed(id) ? kind_of_id(id) : FACT_KIND_COUNT;
    if (shown.kind >= FACT_CASE_KIND_COUNT || strlen(id) > 200)
        return usage_error(&command_explain,
                           "'%s' is not an id of a row; ids stand in every report, such as flow-0123456789ab-1", id);
    int error = case_open(argv[optind], &shown.c);
    if (error)
        return usage_error(&command_explain, "cannot open %s as a case: %s", argv[optind], strerror(-error));
    shown.id = id;
    snprintf(where, sizeof where, "id = '%s'", id);
    error = case_each(shown.c, shown.kind, where, show_row, &shown);
    if (!error && (shown.kind == FACT_PRECAUTION || shown.kind == FACT_FINDING))
        show_rule(shown.c, id);
    case_free(shown.c);
    if (error || fflush(stdout))
        return run_error("the case cannot be read");
    return shown.any ? EXIT_OK : usage_error(&command_explain, "the case has no row %s", id);
}

const struct command command_explain = {
    .name = "explain",
    .summary = "show the bytes behind any row of a case",
    .usage = "CASE ID",
    .help =
        "Prints the row, the evidence it was read from with its hash, the decoding steps, and the\n"
        "bytes at its offset, or the rows it was worked out from.  For a leak also its first hits, with\n"
        "the bytes there as they were when decoded; for positions that were sent also\n"
        "the nearest known ones.  For a precaution or a finding also the rule: the queries that were asked of the case, and what they gave.\n\n"
        "  -h, --help    show this help\n\n"
        "Exit status: 0 shown, 2 usage, no case or no such row, 4 leash itself failed.\n",
    .run = run,
};
