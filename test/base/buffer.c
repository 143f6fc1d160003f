#include "support/support.h"

#include "base/buffer.h"

static void grows_and_stops_at_the_limit(void **state)
{
    struct buffer b;

    buffer_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        assert_true(buffer_add_u8(&b, (uint8_t)i));
    assert_int_equal(b.len, 1000);
    assert_false(buffer_add_u8(&b, 0));
    assert_true(b.overflowed);
    assert_int_equal(b.len, 1000); /* what was there stays */
    for (int i = 0; i < 1000; i++)
        assert_int_equal(b.at[i], (uint8_t)i);
    buffer_consume(&b, 999);
    assert_int_equal(b.len, 1);
    assert_int_equal(b.at[0], (uint8_t)999);
    buffer_consume(&b, 5);
    assert_int_equal(b.len, 0);
    buffer_clear(&b);
    assert_false(b.overflowed);
    buffer_done(&b);
    buffer_done(&b);
}

/* NULL means the limit and nothing else: room for nothing is there from the first. */
static void room_for_nothing(void **state)
{
    struct buffer b;

    buffer_init(&b, 4);
    assert_non_null(buffer_extend(&b, 0));
    assert_true(buffer_add(&b, NULL, 0));
    assert_int_equal(b.len, 0);
    assert_true(text_equal(buffer_text(&b), TEXT("")));
    assert_non_null(buffer_extend(&b, 4));
    assert_non_null(buffer_extend(&b, 0));
    assert_false(b.overflowed);
    assert_null(buffer_extend(&b, 1));
    assert_null(buffer_extend(&b, SIZE_MAX));
    assert_true(b.overflowed);
    buffer_done(&b);
}

static void prints_whole_or_not_at_all(void **state)
{
    struct buffer b;

    buffer_init(&b, 8);
    assert_true(buffer_printf(&b, "%d", 1234));
    assert_true(text_equal(buffer_text(&b), TEXT("1234")));
    assert_false(buffer_printf(&b, "%d", 56789));
    assert_true(text_equal(buffer_text(&b), TEXT("1234")));
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_stops_at_the_limit),
        cmocka_unit_test(room_for_nothing),
        cmocka_unit_test(prints_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
