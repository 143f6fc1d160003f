/* What becomes of each field in a redacted copy: every field of the vocabulary is decided, once; and the pseudonyms. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/pseudonyms.h"
#include "report/redact.h"
#include "report/redact_fields.h"

static size_t times_in_line(const char *line, const char *field)
{
    size_t times = 0;
    char start[64];

    snprintf(start, sizeof start, "%s:", field);
    for (const char *at = line; (at = strstr(at, start)); at++)
        times += at == line || at[-1] == ' ';
    return times;
}

static void every_field_is_decided(void **state)
{
    (void)state;
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++) {
        const struct fact_table *table = &fact_tables[kind];
        const char *line = redact_line((enum fact_kind)kind);
        size_t words = 1, hidden = 0, said_hidden = 0;
        assert_non_null(line);
        for (size_t i = 0; i < table->field_count; i++) {
            if (times_in_line(line, table->fields[i].name) != 1)
                fail_msg("%s.%s is not decided", table->name, table->fields[i].name);
            hidden += redact_field((enum fact_kind)kind, i) == REDACT_HIDE;
        }
        for (const char *at = line; *at; at++)
            words += *at == ' ';
        for (const char *at = line; (at = strstr(at, ":hide")); at++)
            said_hidden++;
        assert_int_equal(words, table->field_count); /* and names no other */
        assert_int_equal(hidden, said_hidden);       /* a word that is none would hide */
    }
}

static void texts_are_never_numbers_to_keep(void **state)
{
    (void)state;
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        for (size_t i = 0; i < fact_tables[kind].field_count; i++) {
            const struct fact_field *f = &fact_tables[kind].fields[i];
            const enum redact_what what = redact_field((enum fact_kind)kind, i);
            if (f->type == FACT_TYPE_REAL && (strstr(f->name, "longitude") || strstr(f->name, "latitude") ||
                                              strstr(f->name, "bbox")))
                assert_true(what == REDACT_LONGITUDE || what == REDACT_LATITUDE);
            if (f->type == FACT_TYPE_REAL && strstr(f->name, "altitude"))
                assert_int_equal(what, REDACT_HIDE);
        }
}

static void the_grid_is_fixed(void **state)
{
    static const double cases[][2] = { { 45.001, 45.05 }, { 45.0999, 45.05 }, { 45.1, 45.15 }, { -0.001, -0.05 },
                                       { 0, 0.05 }, { -5.25, -5.25 },
                                       { 179.99, 179.95 }, { -180, -179.95 }, { -89.999, -89.95 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(fabs(redact_snap(cases[i][0]) - cases[i][1]) < 1e-12);
        assert_true(fabs(redact_snap(redact_snap(cases[i][0])) - cases[i][1]) < 1e-12);
    }
    assert_true(isnan(redact_snap(NAN)));
}

static void check_replaced(const struct pseudonyms *p, const char *in, bool words_stay, const char *want)
{
    struct buffer b;

    buffer_init(&b, 1 << 16);
    assert_true(pseudonyms_replace(p, &b, text_of(in), words_stay));
    buffer_add_u8(&b, 0);
    assert_string_equal((const char *)b.at, want);
    buffer_done(&b);
}

static void values_are_replaced(void **state)
{
    struct pseudonyms *p = pseudonyms_new();

    (void)state;
    assert_true(text_equal(pseudonyms_add(p, "serial", TEXT("0TESTEXAMPLE0001")), TEXT("serial-1")));
    assert_true(text_equal(pseudonyms_add(p, "serial", TEXT("0testexample0001")), TEXT("serial-1")));
    assert_true(text_equal(pseudonyms_add(p, "serial", TEXT("0TESTEXAMPLE00012")), TEXT("serial-2")));
    assert_true(text_equal(pseudonyms_add(p, "name", TEXT("alice")), TEXT("name-1")));
    assert_true(text_equal(pseudonyms_add(p, "name", TEXT("ab")), TEXT("name-2")));
    assert_true(text_equal(pseudonyms_add(p, "hardware", TEXT("60:60:1F:00:a1:02")), TEXT("hardware-1")));
    assert_true(text_equal(pseudonyms_add(p, "name", TEXT("")), TEXT("")));
    assert_false(text_known(pseudonyms_add(p, "name", TEXT_UNKNOWN)));
    check_replaced(p, "x0TestExample0001y", false, "xserial-1y");
    check_replaced(p, "0TESTEXAMPLE00012", false, "serial-2"); /* the longest */
    check_replaced(p, "Alice, malice and alices", false, "name-1, malice and alices");
    check_replaced(p, "alice", true, "alice");                 /* may be a word of leash's own */
    check_replaced(p, "ab cd", false, "ab cd");
    check_replaced(p, "at 60601f00A102 or 60-60-1f-00-a1-02.", false, "at hardware-1 or hardware-1.");
    check_replaced(p, "", false, "");
    check_replaced(p, "0TESTEXAMPLE000", false, "0TESTEXAMPLE000");
    pseudonyms_free(p);
}

static void many_values_keep_their_own(void **state)
{
    struct pseudonyms *p = pseudonyms_new();
    char value[32], want[32];

    (void)state;
    for (int i = 0; i < 5000; i++) {
        snprintf(value, sizeof value, "COMMONPREFIX%05d", i);
        pseudonyms_add(p, "serial", text_of(value));
    }
    for (int i = 0; i < 5000; i += 7) {
        snprintf(value, sizeof value, "<COMMONPREFIX%05d>", i);
        snprintf(want, sizeof want, "<serial-%d>", i + 1);
        check_replaced(p, value, true, want);
    }
    assert_true(pseudonyms_complete(p));
    pseudonyms_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_decided), cmocka_unit_test(texts_are_never_numbers_to_keep), cmocka_unit_test(the_grid_is_fixed),
        cmocka_unit_test(values_are_replaced), cmocka_unit_test(many_values_keep_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
