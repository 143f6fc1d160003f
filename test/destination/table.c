#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "destination/table.h"

static char noted[8192];
static char rows[8192];

static void keep_note(void *user, struct text text)
{
    const size_t len = strlen(noted);

    snprintf(noted + len, sizeof noted - len, "%.*s\n", (int)text.len, text.at);
}

static const struct note_taker keeper = { .note = keep_note };

/* Refuses rows whose first field is "no". */
static const char *keep_row(void *user, const struct text *fields)
{
    const size_t len = strlen(rows);

    if (text_equal(fields[0], TEXT("no")))
        return "it says no";
    snprintf(rows + len, sizeof rows - len, "%.*s|%.*s\n", (int)fields[0].len, fields[0].at,
             (int)fields[1].len, fields[1].at);
    return NULL;
}

static const char *const columns[] = { "a", "b" };
static const struct table_shape shape = { .name = "t.csv", .columns = columns, .column_count = 2, .row = keep_row };

static enum parse_status parse(const char *content, size_t len, struct table_result *result)
{
    struct bytes copy = exact_copy(content, len);
    struct arena *arena = arena_new(0);

    noted[0] = rows[0] = '\0';
    const enum parse_status status = table_parse(copy, &shape, arena, &keeper, result);
    result->date = TEXT_UNKNOWN; /* goes away with the copy */
    arena_free(arena);
    exact_copy_free(copy);
    return status;
}

static void reads_what_rfc_4180_has(void **state)
{
    static const struct { const char *name, *content, *rows, *notes; } cases[] = {
        { "plain", "a,b\n1,2\n", "1|2\n", "" },
        { "CRLF, and no end of the last line", "a,b\r\n1,2\r\n3,4", "1|2\n3|4\n", "" },
        { "columns in another order, one more than asked for", "b,c,a\n1,2,3\n", "3|1\n", "" },
        { "quotes, commas and quotes in them", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"\",\"\"\"\"\n", "x,y|say"
            " \"hi\"\n|\"\n", "" },
        { "remarks and empty lines", "# of 2026-01-02\n\na,b\n# no row\n1,2\n", "1|2\n", "" },
        { "byte order mark", "\xef\xbb\xbf" "a,b\n1,2\n", "1|2\n", "" },
        { "empty fields", "a,b\n,\n", "|\n", "" },
        { "UTF-8", "a,b\n\xc3\xa9,2\n", "\xc3\xa9|2\n", "" },
        { "a quote left open loses its own line only", "a,b\n\"1,2\n3,4\n", "3|4\n",
          "t.csv line 2 is left out: a quote is not closed\n" },
        { "text behind a quote", "a,b\n\"1\"x,2\n3,4\n", "3|4\n", "t.csv line 2 is left out: something follows a"
                                                                  " closing quote\n" },
        { "a quote in a field", "a,b\n1\",2\n3,4\n", "3|4\n", "t.csv line 2 is left out: a quote stands inside a"
                                                              " field\n" },
        { "too few and too many", "a,b\n1\n1,2,3\n3,4\n", "3|4\n",
          "t.csv line 2 is left out: its number of fields is not that of the first line\n"
          "t.csv line 3 is left out: its number of fields is not that of the first line\n" },
        { "not UTF-8", "a,b\n\xff,2\n3,4\n", "3|4\n", "t.csv line 2 is left out: it is not UTF-8\n" },
        { "a control character", "a,b\n1\r1,2\n3,4\n", "3|4\n", "t.csv line 2 is left out: it holds a control"
                                                                " character\n" },
        { "refused by the table", "a,b\nno,2\n3,4\n", "3|4\n", "t.csv line 2 is left out: it says no\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct table_result result;
        print_message("# %s\n", cases[i].name);
        assert_int_equal(parse(cases[i].content, strlen(cases[i].content), &result), PARSE_OK);
        assert_string_equal(rows, cases[i].rows);
        assert_string_equal(noted, cases[i].notes);
    }
}

static void refuses_what_is_no_table(void **state)
{
    struct table_result result = { .rows = 77 };

    assert_int_equal(parse("", 0, &result), PARSE_INVALID);
    assert_int_equal(parse("# only a remark", 15, &result), PARSE_INVALID);
    assert_int_equal(parse("a,c\n1,2\n", 8, &result), PARSE_INVALID);
    assert_string_equal(noted, "t.csv is not used: it has no column \"b\"\n");
    assert_int_equal(result.rows, 77);
}

static void counts_broken_lines_beyond_twenty(void **state)
{
    char content[1024] = "a,b\n";
    struct table_result result;

    for (int i = 0; i < 30; i++)
        strncat(content, "no,1\n", sizeof content - strlen(content) - 1);
    strncat(content, "1,2\n", sizeof content - strlen(content) - 1);
    assert_int_equal(parse(content, strlen(content), &result), PARSE_OK);
    assert_int_equal(result.broken_lines, 30);
    assert_int_equal(result.rows, 1);
    assert_non_null(strstr(noted, "line 21 "));
    assert_null(strstr(noted, "line 22 "));
    assert_non_null(strstr(noted, "t.csv: 30 lines in all are left out"));
}

static void finds_the_date(void **state)
{
    static const char content[] = "# table 2026-11-22; more\na,b\n# 2001-01-01\n";
    struct bytes copy = exact_copy(content, sizeof content - 1);
    struct arena *arena = arena_new(0);
    struct table_result result;

    assert_int_equal(table_parse(copy, &shape, arena, NULL, &result), PARSE_OK);
    assert_text_equal(result.date, "2026-11-22");
    arena_free(arena);
    exact_copy_free(copy);
}

static void bears_every_cut_and_flip(void **state)
{
    static const char good[] = "# 2026-11-22\r\na,b\r\n\"x,\"\"y\",\"2\"\r\n1,\xc3\xa9\n# r\n3,4";
    char flipped[sizeof good];
    struct table_result result;

    for (size_t len = 0; len < sizeof good; len++) {
        enum parse_status status = parse(good, len, &result);
        assert_true(status == PARSE_OK || status == PARSE_INVALID);
    }
    for (size_t bit = 0; bit < 8 * (sizeof good - 1); bit++) {
        memcpy(flipped, good, sizeof good);
        flipped[bit / 8] = (char)(flipped[bit / 8] ^ 1 << bit % 8);
        enum parse_status status = parse(flipped, sizeof good - 1, &result);
        assert_true(status == PARSE_OK || status == PARSE_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_rfc_4180_has),
        cmocka_unit_test(refuses_what_is_no_table),
        cmocka_unit_test(counts_broken_lines_beyond_twenty),
        cmocka_unit_test(finds_the_date),
        cmocka_unit_test(bears_every_cut_and_flip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
