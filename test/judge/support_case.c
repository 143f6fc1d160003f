#include "judge/support_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void trial_begin(struct trial *t, const char *rows_sql, const char *label)
{
    char *message = NULL;

    *t = (struct trial){ .directory = "/tmp/leash-test-judge-XXXXXX" };
    assert_non_null(mkdtemp(t->directory));
    snprintf(t->path, sizeof t->path, "%s/case.gpkg", t->directory);
    assert_int_equal(case_create(t->path, false, &t->c), 0);
    assert_int_equal(case_set(t->c, "started", TEXT("2026-03-10T00:00:00Z")), 0);
    if (label)
        assert_int_equal(case_set(t->c, "label", text_of(label)), 0);
    if (sqlite3_exec(case_db(t->c), rows_sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s in %s", message, rows_sql);
}

struct policy *policy_for_test(const char *yaml)
{
    struct policy *p = NULL;
    struct policy_error error;

    if (policy_parse(TEXT("test"), text_of(yaml), &p, &error))
        fail_msg("policy %d:%d: %s", error.line, error.column, error.message);
    return p;
}

int trial_judge(struct trial *t, const char *policy_yaml, const char *data_dir)
{
    struct policy *p = policy_for_test(policy_yaml);
    const int result = judge_case(t->c, p, data_dir ? data_dir : getenv("LEASH_DATA"), p->fail_on, &t->result);

    policy_free(p);
    return result;
}

void trial_end(struct trial *t)
{
    case_free(t->c);
    unlink(t->path);
    rmdir(t->directory);
}

const char *trial_value(struct trial *t, const char *sql_format, ...)
{
    static char value[8192];
    sqlite3_stmt *s = NULL;
    va_list arguments;

    va_start(arguments, sql_format);
    char *sql = sqlite3_vmprintf(sql_format, arguments);
    va_end(arguments);
    if (sqlite3_prepare_v2(case_db(t->c), sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(case_db(t->c)));
    value[0] = 0;
    if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
        snprintf(value, sizeof value, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    sqlite3_free(sql);
    return value;
}
