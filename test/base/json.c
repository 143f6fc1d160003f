#include "support/support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static char *out;
static size_t out_len;

static FILE *open_out(struct json *j, bool pretty)
{
    FILE *f = open_memstream(&out, &out_len);

    assert_non_null(f);
    json_init(j, f, pretty);
    return f;
}

static void close_with(FILE *f, const char *expected, size_t len)
{
    assert_int_equal(fclose(f), 0);
    assert_int_equal(out_len, len);
    assert_memory_equal(out, expected, len);
    free(out);
}

/* What json.h promises of an ASCII character, said character by character. */
static size_t expected_of(unsigned char c, char *into)
{
    switch (c) {
    case '"': case '\\': return (size_t)sprintf(into, "\\%c", c);
    case '\n': return (size_t)sprintf(into, "\\n");
    case '\r': return (size_t)sprintf(into, "\\r");
    case '\t': return (size_t)sprintf(into, "\\t");
    }
    const bool escaped = c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&';
    return (size_t)sprintf(into, escaped ? "\\u%04x" : "%c", c);
}

/* Each character at each place of texts around the length of a block. */
static void every_character_at_every_place(void **state)
{
    for (size_t len = 1; len <= 50; len++) {
        for (unsigned c = 0; c < 0x80; c++) {
            char text[64], expected[200] = "\"";
            size_t n = 1;
            struct json j;
            const size_t place = (c + len) % len;

            for (size_t i = 0; i < len; i++)
                text[i] = i == place ? (char)c : (char)('a' + i % 26);
            for (size_t i = 0; i < len; i++)
                n += expected_of((unsigned char)text[i], expected + n);
            expected[n++] = '"';
            FILE *f = open_out(&j, false);
            json_text(&j, (struct text){ text, len });
            close_with(f, expected, n);
        }
    }
}

static void bytes_that_are_no_utf8(void **state)
{
    static const char expected[] = "\"aaaaaaaaaaaaaaaaaaa\\ufffdb\xc3\xa9\\u202e\"";
    struct json j;
    FILE *f = open_out(&j, false);

    json_text(&j, TEXT("aaaaaaaaaaaaaaaaaaa\xff" "b\xc3\xa9\xe2\x80\xae"));
    close_with(f, expected, sizeof expected - 1);
}

/* Longer than what is held before it goes to the stream. */
static void long_texts(void **state)
{
    enum { LONG = 3 * 8192 + 77 };
    struct json j;
    char *text = malloc(LONG), *expected = malloc(LONG + 2);

    assert_true(text && expected);
    memset(text, 'x', LONG);
    memset(expected, 'x', LONG + 2);
    expected[0] = expected[LONG + 1] = '"';
    for (size_t from = 0; from < 40; from++) {
        FILE *f = open_out(&j, false);
        json_text(&j, (struct text){ text, LONG - from });
        expected[LONG - from + 1] = '"';
        close_with(f, expected, LONG - from + 2);
        expected[LONG - from + 1] = 'x';
    }
    free(text);
    free(expected);
}

static void integers_as_printf_writes_them(void **state)
{
    int64_t value = 1;

    for (int i = 0; i < 20000; i++) {
        static const int64_t edges[] = { 0, 9, 10, 99, 100, 101, 999, 1000, -1, -10, -99, -100, INT64_MAX, INT64_MIN,
                                         INT64_MIN + 1 };
        char expected[32];
        struct json j;

        value = i < (int)(sizeof edges / sizeof *edges) ? edges[i]
              : (int64_t)((uint64_t)value * UINT64_C(6364136223846793005) + 1442695040888963407u) >> (i % 64);
        const int len = snprintf(expected, sizeof expected, "%" PRId64, value);
        FILE *f = open_out(&j, false);
        json_int(&j, value);
        close_with(f, expected, (size_t)len);
    }
}

static void ready_names_as_others(void **state)
{
    static const struct json_name name = JSON_NAME(tls_sni), longest = JSON_NAME(operator_longitude_deg);
    static const char expected[] = "{\"tls_sni\":1,\"sni\":2,\"operator_longitude_deg\":null,\"in\":{\"sni\":null,\"sni\":3}}";
    struct json j;
    FILE *f = open_out(&j, false);

    json_object(&j);
    json_key_ready(&j, &name, 0);
    json_int(&j, 1);
    json_key_ready(&j, &name, 4);
    json_int(&j, 2);
    json_key_null(&j, &longest, 0);
    json_key(&j, "in");
    json_object(&j);
    json_key_null(&j, &name, 4);
    json_key_ready(&j, &name, 4);
    json_int(&j, 3);
    json_object_end(&j);
    json_object_end(&j);
    close_with(f, expected, sizeof expected - 1);
}

/* The fewest of 15 to 17 digits that come back as the same double, as printf writes them. */
static void expect_real(double value)
{
    char expected[64];
    struct json j;

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(expected, sizeof expected, "%.*g", digits, value);
        if (strtod(expected, NULL) == value)
            break;
    }
    FILE *f = open_out(&j, false);
    json_real(&j, value);
    close_with(f, expected, strlen(expected));
}

static void reals_as_printf_writes_them(void **state)
{
    static const double values[] = { 0.5, 1, 123456789.25, 0.0001, 0.00012345678901234567, 74.398536,
                                     45.500000000000007, 1.0 / 3, 100.0 / 3,
                                     0.1 + 0.2, 999999999.99999988, -88.20143444027988, 180, -0.001 };
    uint64_t random = UINT64_C(88172645463325252);

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        expect_real(values[i]);
    for (int power = -13; power < 29; power++) { /* below and above it doubles lie differently close */
        expect_real(nextafter(ldexp(1, power), 0));
        expect_real(ldexp(1, power));
        expect_real(nextafter(ldexp(1, power), INFINITY));
    }
    for (int i = 0; i < 20000; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const double part = (double)(random >> 11) / (double)(UINT64_C(1) << 53);
        expect_real(part * 360 - 180);
        expect_real((part * 2 - 1) * M_PI * 180 / 3);
        expect_real(part / 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_at_every_place),
        cmocka_unit_test(bytes_that_are_no_utf8),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(integers_as_printf_writes_them),
        cmocka_unit_test(reals_as_printf_writes_them),
        cmocka_unit_test(ready_names_as_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
