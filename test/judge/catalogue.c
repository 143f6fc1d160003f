#include "judge/support_case.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A catalogue of one rule.  Line numbers below are those of this text. */
#define RULE(applies, violations, statement, more) \
    "rules:\n" \
    "  - id: X-1\n" \
    "    title: t\n    source: s\n    section: s\n    source_confidence: seen\n    kind: practice\n" \
    "    profiles: [dhs-cisa]\n    evidence: [pcap]\n    severity: low\n" \
    applies \
    "    violations: " violations "\n" \
    "    statement: " statement "\n" \
    "    met: m\n    not_met: n\n    not_shown: o\n    next_step: p\n" more

#define GOOD RULE("", "SELECT 1 AS fact, 2 AS destination", "s", "")

static int judge_with(struct trial *t, const char *catalogue)
{
    char directory[128], path[160];

    snprintf(directory, sizeof directory, "%s/precautions", t->directory);
    snprintf(path, sizeof path, "%s/own.yaml", directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    if (catalogue) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs(catalogue, f);
        fclose(f);
    }
    const int result = trial_judge(t, "version: 1\nprofiles: [dhs-cisa]\n", t->directory);
    unlink(path);
    rmdir(directory);
    return result;
}

static void what_is_not_in_order_is_refused_with_its_place(void **state)
{
    static const struct { const char *catalogue; int line; const char *message; } cases[] = {
        { "rules: 7\n", 1, "must be a list" },
        { "ruels: []\n", 1, "unknown key \"ruels\"" },
        { RULE("", "SELECT 1 AS fact, 2 AS destination", "s", "    colour: red\n"), 17, "unknown key \"colour\"" },
        { RULE("", "SELECT 1 AS fact", "s", ""), 11, "no column \"destination\"" },
        { RULE("", "SELECT 1 AS fact, 2 AS destination FROM flows", "s", ""), 11, "no such table: flows" },
        { RULE("", "SELECT speed AS fact, 2 AS destination FROM flow", "s", ""), 11, "no such column: speed" },
        { RULE("", "DELETE FROM flow", "s", ""), 11, "may only SELECT" },
        { RULE("", "SELECT 1 AS fact, 2 AS destination", "\"{bytes} left\"", ""), 12, "\"{bytes}\"" },
        { RULE("", "SELECT 1 AS fact, 2 AS destination", "s", "    met: again\n"), 17, "\"met\" is there twice" },
        { RULE("    applies: SELECT 1 AS x\n    applies_need: n\n", "SELECT 1 AS fact, 2 AS destination", "s", ""), 11, "no column \"applies\"" },
        { RULE("    applies: SELECT 'yes' AS applies\n", "SELECT 1 AS fact, 2 AS destination", "s", ""), 2, "go together" },
        { RULE("", "SELECT 1 AS fact, 2 AS destination", "s", "    demands: [no-such]\n"), 17, "no demand called \"no-such\"" },
        { "tables:\n  - name: flow\n    sql: SELECT 1 AS a\n" GOOD, 3, "already" },
        { "tables:\n  - name: a\n    key: b\n    sql: SELECT 1 AS a\n" GOOD, 4, "key is no column" },
        { "demands:\n  - { name: a, sql: SELECT 1 AS b, need: n }\n" GOOD, 2, "no column \"ok\"" },
        { "observations:\n  - { id: a b, severity: low, violations: SELECT 1, statement: s }\n" GOOD, 2, "letters, digits and -" },
        { "observations:\n  - { id: a, severity: lowest, violations: SELECT 1, statement: s }\n" GOOD, 2, "expected one of: info" },
        { "observations: &a\n  - *a\n", 1, "anchors" },
        { "rules: [\n", 0, "not YAML" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trial t;
        trial_begin(&t, QUIET_CAPTURE, NULL);
        const int result = judge_with(&t, cases[i].catalogue);
        const struct policy_error *e = &t.result.error;
        if (result != -EINVAL || !strstr(e->message, cases[i].message) || (cases[i].line && e->line != cases[i].line))
            fail_msg("case %zu: %d, %s:%d:%d: %s", i, result, e->file, e->line, e->column, e->message);
        assert_non_null(strstr(e->file, "own.yaml"));
        assert_string_equal(trial_value(&t, "SELECT (SELECT count(*) FROM precaution) + (SELECT count(*) FROM finding)"), "0");
        trial_end(&t);
    }
}

static void a_catalogue_of_ones_own_is_judged(void **state)
{
    struct trial t;

    trial_begin(&t, QUIET_CAPTURE, NULL);
    assert_int_equal(judge_with(&t, RULE("", "SELECT id AS fact, host AS destination, payload_out AS bytes FROM flow",
                                         "\"{bytes|size} to {destination}\"", "")), 0);
    assert_string_equal(trial_value(&t, "SELECT statement FROM finding WHERE id = 'finding-x-1-1'"),
                        "100 bytes to time.example");
    assert_string_equal(t.result.verdict, "violations");
    trial_end(&t);
}

static void a_folder_without_a_catalogue_is_an_error(void **state)
{
    struct trial t;

    trial_begin(&t, QUIET_CAPTURE, NULL);
    assert_int_equal(judge_with(&t, NULL), -ENOENT);
    trial_end(&t);
    trial_begin(&t, QUIET_CAPTURE, NULL);
    assert_int_equal(trial_judge(&t, POLICY_HEAD, "/nonexistent"), -ENOENT);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_in_order_is_refused_with_its_place),
        cmocka_unit_test(a_catalogue_of_ones_own_is_judged),
        cmocka_unit_test(a_folder_without_a_catalogue_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
