#include "support/support.h"

#include <string.h>

#include "base/buffer.h"
#include "base/csv_read.h"

/* Rows as "field|field", one a line; a row that ends with the input gets "(open)", one that is too long "(cut)". */
static void rows_of(struct bytes in, char separator, size_t wanted, struct buffer *ret)
{
    static struct csv_row row;
    struct csv c;

    csv_init(&c, in, separator);
    c.wanted = wanted;
    uint64_t before = c.rest.origin;
    while (csv_next(&c, &row)) {
        assert_true(c.rest.origin > before || c.rest.len == 0); /* it goes on, and so ends */
        assert_in_range(row.at.origin, before, in.origin + in.len);
        before = c.rest.origin;
        for (size_t i = 0; i < row.count; i++)
            buffer_printf(ret, "%s%.*s", i ? "|" : "", (int)row.fields[i].len, row.fields[i].at);
        buffer_printf(ret, "%s%s\n", row.cut ? "(cut)" : "", row.ended ? "" : "(open)");
    }
}

static void expect(const void *input, size_t len, char separator, size_t wanted, const char *want)
{
    const struct bytes in = exact_copy(input, len);
    struct buffer got;

    buffer_init(&got, 1 << 20);
    rows_of(in, separator, wanted, &got);
    buffer_add_u8(&got, '\0');
    assert_string_equal((const char *)got.at, want);
    buffer_done(&got);
    exact_copy_free(in);
}

#define EXPECT(input, separator, want) expect(input, sizeof input - 1, separator, 0, want)

static void rows_and_fields(void **state)
{
    (void)state;
    EXPECT("", ',', "");
    EXPECT("\n", ',', "\n");
    EXPECT("a,b\n1,2\r\n,\n", ',', "a|b\n1|2\n|\n");
    EXPECT("a,b", ',', "a|b(open)\n");
    EXPECT(" a ,\tb\0\n", ',', "a|b\n");
    EXPECT("a;b,c\n", ';', "a|b,c\n");
    EXPECT("\xef\xbb\xbf" "a,b\n", ',', "a|b\n");
}

static void quotes(void **state)
{
    (void)state;
    EXPECT("\"a,b\",c\n", ',', "a,b|c\n");
    EXPECT("\"a\nb\",c\nd\n", ',', "a\nb|c\nd\n");
    EXPECT("\"a \"\"b\"\"\",c\n", ',', "a \"\"b\"\"|c\n"); /* left as it stands */
    EXPECT(" \"a,b\" ,c\n", ',', "a,b|c\n");
    EXPECT("a \"b\", c\n", ',', "a \"b\"|c\n");             /* not at the beginning: a character like others */
    EXPECT("\"a,b\nc,d\n", ',', "\"a|b\nc|d\n");            /* never closed: likewise */
    EXPECT("\"a\"x,b\n", ',', "a|b\n");                     /* what stands behind the closing quote is no one's */
}

static void only_the_wanted_fields(void **state)
{
    (void)state;
    expect("a,b,c\n1,2,3\n", 12, ',', 2, "a|b\n1|2\n");
    expect("a\n1,2,3\n", 8, ',', 2, "a\n1|2\n");
}

static void what_is_too_long_is_cut(void **state)
{
    static struct csv_row row;
    struct buffer b;
    struct csv c;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int i = 0; i < CSV_FIELDS_MAX + 5; i++)
        buffer_add_text(&b, TEXT("1,"));
    buffer_add_text(&b, TEXT("\nx,y\n"));
    csv_init(&c, (struct bytes){ .at = b.at, .len = b.len }, ',');
    assert_true(csv_next(&c, &row));
    assert_int_equal(row.count, CSV_FIELDS_MAX);
    assert_true(row.cut);
    assert_true(csv_next(&c, &row));
    assert_int_equal(row.count, 2);
    assert_false(row.cut);

    b.len = 0;
    for (int i = 0; i < CSV_ROW_MAX + 10; i++)
        buffer_add_u8(&b, 'a');
    buffer_add_text(&b, TEXT("\nx,y\n"));
    csv_init(&c, (struct bytes){ .at = b.at, .len = b.len }, ',');
    assert_true(csv_next(&c, &row));
    assert_true(row.cut);
    assert_int_equal(row.at.len, CSV_ROW_MAX);
    assert_true(csv_next(&c, &row));
    assert_int_equal(row.at.len, 10); /* what was left of it */
    assert_true(csv_next(&c, &row));
    assert_int_equal(row.count, 2);
    buffer_done(&b);
}

static void the_separator_is_guessed(void **state)
{
    static const struct { const char *row; char want; } cases[] = {
        { "a,b,c;d", ',' }, { "a;b;c,d", ';' }, { "a\tb,c\td", '\t' }, { "abc", '\0' }, { "", '\0' },
        { "\"a,b,c,d\";e;f", ';' }, { "a,b;c", ',' },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(csv_guess_separator(text_of(cases[i].row)), cases[i].want);
}

/* No cut tells a row that the whole does not: what differs is only the last. */
static void cut_everywhere(void **state)
{
    static const char whole[] = "time,\"la,t\"\n1,\"4\n5\"\n2,\"un\"\"q\"\n\"open,3\n4,5\n";

    (void)state;
    for (size_t len = 0; len < sizeof whole; len++) {
        const struct bytes in = exact_copy(whole, len);
        struct buffer got;

        buffer_init(&got, 1 << 16);
        rows_of(in, ',', 0, &got);
        assert_true(len == 0 || got.len > 0);
        buffer_done(&got);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_fields),
        cmocka_unit_test(quotes),
        cmocka_unit_test(only_the_wanted_fields),
        cmocka_unit_test(what_is_too_long_is_cut),
        cmocka_unit_test(the_separator_is_guessed),
        cmocka_unit_test(cut_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
