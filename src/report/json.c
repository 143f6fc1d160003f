#include "report/json.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/json.h"
#include "fact/fact_json.h"

struct rows {
    struct json *json;
    enum fact_kind kind;
    const struct report_cut *cut; /* NULL: all rows */
    uint64_t began;               /* what had been written before */
    size_t written;
};

enum { LIST_IS_FULL = 1 };

static int write_row(void *user, const void *row)
{
    struct rows *rows = user;

    if (rows->cut && *rows->cut->written - rows->began > rows->cut->bytes_max)
        return LIST_IS_FULL;
    rows->written++;
    fact_json_row(rows->json, FACT_JSON_REPORT, rows->kind, row);
    return 0;
}

static void member_of_run(struct json *j, struct fact_case *c, struct arena *arena, const char *name, const char *key)
{
    json_member_text(j, name, case_get(c, key, arena));
}

/* What the run kept as JSON, or `otherwise`. */
static void json_member_of_run(struct json *j, struct fact_case *c, struct arena *arena, const char *key,
                               const char *otherwise)
{
    const struct text value = case_get(c, key, arena);
    sqlite3_stmt *s = NULL;
    bool valid = false;

    /* A case may come from anybody. */
    if (text_known(value) && sqlite3_prepare_v2(case_db(c), "SELECT json_valid(?1)", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, value.at, value.len, SQLITE_STATIC, SQLITE_UTF8);
        valid = sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0);
    }
    sqlite3_finalize(s);
    json_key(j, key);
    json_raw(j, valid ? value : text_of(otherwise));
}

static void write_tool(struct json *j, struct fact_case *c, struct arena *arena)
{
    json_key(j, "tool");
    json_object(j);
    member_of_run(j, c, arena, "version", "tool_version");
    json_member_of_run(j, c, arena, "data_versions", "{}");
    member_of_run(j, c, arena, "command", "command");
    member_of_run(j, c, arena, "started", "started");
    member_of_run(j, c, arena, "policy", "policy");
    json_member_of_run(j, c, arena, "profiles", "[]");
    member_of_run(j, c, arena, "label", "label");
    json_object_end(j);
}

/* What the findings rest on: of each the first few rows, which is what the page shows, of the gravest first. */
#define CITED                                                                                                            \
    "SELECT * FROM (SELECT j.value FROM finding AS f, json_each(iif(json_valid(f.facts), f.facts, '[]')) AS j WHERE j.key < 5" \
    " ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, f.fid LIMIT 1000)"

enum { WHERE_MAX = 640 };

/* Which rows stay: SQL for case_each, or NULL where all of them do.  Told by fid alone: then only those rows are
 * read. */
static const char *kept_rows(struct fact_case *c, enum fact_kind kind, size_t rows_max, char into[WHERE_MAX])
{
    if (rows_max == 0 || case_rows(c, kind) <= rows_max)
        return NULL;
    snprintf(into, WHERE_MAX, "fid IN (SELECT * FROM (SELECT fid FROM %s ORDER BY %sfid LIMIT %zu)"
             " UNION SELECT fid FROM %s WHERE id IN (%s" CITED "))", fact_tables[kind].name,
             kind == FACT_FLOW ? "payload_out DESC, " : "", rows_max, fact_tables[kind].name,
             kind == FACT_FLOW ? "SELECT flow FROM leak UNION ALL " : "");
    return into;
}

static int write_report(struct fact_case *c, FILE *out, bool pretty, struct report_cut *cut)
{
    struct arena *arena = arena_new(0);
    char where[WHERE_MAX];
    struct json j;
    int error = 0;

    json_init(&j, out, pretty);
    json_object(&j);
    json_member_text(&j, "schema", TEXT("leash.report/1"));
    write_tool(&j, c, arena);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && !error; kind++) {
        struct rows rows = { .json = &j, .kind = (enum fact_kind)kind, .cut = cut, .began = cut ? *cut->written : 0 };
        const size_t rows_max = !cut ? 0 : kind == FACT_FLOW ? cut->flows_max : cut->rows_max;
        if (fact_tables[kind].list[0] == '\0')
            continue;
        json_key(&j, fact_tables[kind].list);
        json_array(&j);
        error = case_each(c, rows.kind, kept_rows(c, rows.kind, rows_max, where), write_row, &rows);
        error = error == LIST_IS_FULL ? 0 : error;
        if (cut)
            cut->kept[kind] = rows.written;
        json_array_end(&j);
    }
    json_member_of_run(&j, c, arena, "coverage", "null");
    member_of_run(&j, c, arena, "verdict", "verdict");
    json_object_end(&j);
    putc('\n', out);
    arena_free(arena);
    if (!error && (fflush(out) || ferror(out)))
        error = -EIO;
    return error;
}

int report_json_write(struct fact_case *c, FILE *out, bool pretty)
{
    return write_report(c, out, pretty, NULL);
}

int report_json_write_cut(struct fact_case *c, FILE *out, struct report_cut *cut)
{
    return write_report(c, out, false, cut);
}
