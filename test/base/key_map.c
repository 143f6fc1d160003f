#include "support/support.h"

#include <stdio.h>

#include "base/key_map.h"

static struct text key(size_t n, char into[24])
{
    return (struct text){ into, (size_t)snprintf(into, 24, "key %zu", n) };
}

static void numbers_keys_up_to_its_limit(void **state)
{
    enum { LIMIT = 1000 };
    struct key_map m;
    char into[24];

    key_map_init(&m, LIMIT);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < LIMIT; i++)
            assert_int_equal(key_map_add(&m, key(i, into)), i);
    assert_int_equal(key_map_add(&m, key(LIMIT, into)), KEY_NONE);
    assert_int_equal(m.refused, 1);
    assert_int_equal(m.count, LIMIT);
    for (size_t i = 0; i < LIMIT; i++)
        assert_int_equal(key_map_find(&m, key(i, into)), i);
    assert_int_equal(key_map_find(&m, key(LIMIT, into)), KEY_NONE);
    assert_int_equal(key_map_find(&m, TEXT("")), KEY_NONE);
    key_map_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_keys_up_to_its_limit) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
