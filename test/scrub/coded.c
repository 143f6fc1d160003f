/* Where coded pictures stand in a copy: in long scans of a JPEG, but for their ends, and nowhere in other files. */
#include "support/support.h"

#include <string.h>

#include "base/buffer.h"
#include "scrub/coded.h"

enum { SCAN = 700000, SHORT_SCAN = 300000, END = 64 * 1024, FILE_BYTES_MAX = 4 << 20 };

static void add(struct buffer *b, const void *at, size_t n) { assert_true(buffer_add(b, at, n)); }

static void add_scan(struct buffer *b, size_t n)
{
    add(b, "\xff\xda\0\2", 4);
    memset(buffer_extend(b, n), 0x55, n);
}

static bool next_of(struct residue_coded coded, uint64_t at, uint64_t *from, uint64_t *until)
{
    return coded.next(coded.user, at, from, until);
}

static void scans_of_a_jpeg(void **state)
{
    struct buffer b;
    struct coded c;
    uint64_t from = 0, until = 0;

    (void)state;
    buffer_init(&b, FILE_BYTES_MAX);
    add(&b, "\xff\xd8\xff\xfe\0\4ab", 8);
    add_scan(&b, SHORT_SCAN);
    const size_t first = b.len + 4;
    add_scan(&b, SCAN);
    const size_t second = b.len + 4;
    add_scan(&b, SCAN);
    add(&b, "\xff\xd9", 2);
    const struct bytes whole = exact_copy(b.at, b.len);
    struct residue_coded coded = coded_begin(&c, whole);
    assert_true(next_of(coded, 0, &from, &until));
    assert_int_equal(from, first);
    assert_true(until <= first + SCAN + 4 - END && until >= first + SCAN - END);
    assert_true(next_of(coded, until, &from, &until));
    assert_int_equal(from, second);
    assert_false(next_of(coded, until, &from, &until));
    assert_false(next_of(coded, until, &from, &until));
    /* From the middle of the second on. */
    coded = coded_begin(&c, whole);
    assert_true(next_of(coded, second + 1000, &from, &until));
    assert_int_equal(from, second);
    exact_copy_free(whole);
    buffer_done(&b);
}

/* A scan that nothing ends is none: what stands in it may be anything. */
static void a_scan_without_an_end(void **state)
{
    struct buffer b;
    struct coded c;
    uint64_t from, until;

    (void)state;
    buffer_init(&b, FILE_BYTES_MAX);
    add(&b, "\xff\xd8", 2);
    add_scan(&b, SCAN);
    const struct bytes whole = exact_copy(b.at, b.len);
    assert_false(next_of(coded_begin(&c, whole), 0, &from, &until));
    exact_copy_free(whole);
    const struct bytes other = exact_copy(b.at + 1, b.len - 1);
    assert_false(next_of(coded_begin(&c, other), 0, &from, &until));
    exact_copy_free(other);
    assert_false(next_of(coded_begin(&c, (struct bytes){ .at = (const uint8_t *)"" }), 0, &from, &until));
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scans_of_a_jpeg),
        cmocka_unit_test(a_scan_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
