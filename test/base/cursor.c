#include "support/support.h"

static const uint8_t eight[8] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88 };

static void reads_both_byte_orders(void **state)
{
    struct bytes in = exact_copy(eight, sizeof eight);
    struct cursor c = cursor_over(in);

    (void)state;
    assert_int_equal(cursor_u16be(&c), 0x0102);
    assert_int_equal(cursor_u16le(&c), 0x0403);
    assert_int_equal(cursor_u24be(&c), 0x050607);
    assert_int_equal(cursor_u8(&c), 0x88);
    assert_false(c.failed);
    assert_int_equal(c.rest.origin, 8);
    exact_copy_free(in);
}

static void reads_words_of_all_widths(void **state)
{
    struct bytes in = exact_copy(eight, sizeof eight);
    struct cursor c = cursor_over(in);

    (void)state;
    assert_true(cursor_u64le(&c) == UINT64_C(0x8807060504030201));
    c = cursor_over(in);
    assert_true(cursor_u64be(&c) == UINT64_C(0x0102030405060788));
    c = cursor_over(in);
    assert_true(cursor_u32le(&c) == UINT32_C(0x04030201) && cursor_u32be(&c) == UINT32_C(0x05060788));
    c = cursor_over(bytes_part(in, 1, 7));
    assert_true(cursor_u64le(&c) == 0 && c.failed);
    exact_copy_free(in);
}

/* Every length around those of words, and a difference at every place. */
static void short_and_long_bytes_are_compared_alike(void **state)
{
    enum { LONGEST = 80 };
    uint8_t one[LONGEST], other[LONGEST];

    (void)state;
    for (size_t i = 0; i < LONGEST; i++)
        one[i] = other[i] = (uint8_t)(i * 7);
    for (size_t n = 0; n <= LONGEST; n++) {
        const struct bytes a = exact_copy(one, n), b = exact_copy(other, n);
        assert_true(bytes_same(a.at, b.at, n));
        exact_copy_free(b);
        for (size_t at = 0; at < n; at++) {
            other[at] ^= 0x10;
            const struct bytes differs = exact_copy(other, n);
            assert_false(bytes_same(a.at, differs.at, n));
            exact_copy_free(differs);
            other[at] ^= 0x10;
        }
        exact_copy_free(a);
    }
}

static void zeros_are_counted_to_the_first_other(void **state)
{
    uint8_t room[40];

    (void)state;
    for (size_t len = 0; len <= sizeof room; len++) {
        for (size_t other = 0; other <= len; other++) {
            memset(room, 0, sizeof room);
            if (other < len)
                room[other] = 0x80;
            const struct bytes b = exact_copy(room, len);
            assert_int_equal(bytes_zeros(b), other);
            exact_copy_free(b);
        }
    }
}

static void failure_is_sticky_and_gives_zero(void **state)
{
    struct bytes in = exact_copy(eight, 3);
    struct cursor c = cursor_over(in);

    (void)state;
    assert_int_equal(cursor_u32le(&c), 0);
    assert_true(c.failed);
    assert_int_equal(c.rest.len, 0);
    assert_int_equal(c.rest.origin, 0); /* where reading stopped */
    assert_int_equal(cursor_u8(&c), 0);
    exact_copy_free(in);
}

static void views_carry_their_origin(void **state)
{
    struct bytes in = exact_copy(eight, sizeof eight);
    in.origin = 100;
    struct cursor c = cursor_over(in);

    (void)state;
    cursor_skip(&c, 2);
    struct bytes view = cursor_take(&c, 3);
    assert_int_equal(view.origin, 102);
    assert_int_equal(view.len, 3);
    assert_int_equal(bytes_part(in, 6, UINT64_MAX).len, 2);
    assert_int_equal(bytes_part(in, 9, 1).len, 0);
    assert_int_equal(bytes_part(in, UINT64_MAX, UINT64_MAX).len, 0);
    exact_copy_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_byte_orders),
        cmocka_unit_test(reads_words_of_all_widths),
        cmocka_unit_test(short_and_long_bytes_are_compared_alike),
        cmocka_unit_test(zeros_are_counted_to_the_first_other),
        cmocka_unit_test(failure_is_sticky_and_gives_zero),
        cmocka_unit_test(views_carry_their_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
