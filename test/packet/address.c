#include "support/support.h"

#include <arpa/inet.h>

#include "packet/address.h"

/* The C library writes them by other means. */
static void same_as(const struct address *a)
{
    char ours[ADDRESS_TEXT_MAX], expected[INET6_ADDRSTRLEN];
    struct address back;

    if (address_is_ipv4(a))
        assert_non_null(inet_ntop(AF_INET, a->at + 12, expected, sizeof expected));
    else
        assert_non_null(inet_ntop(AF_INET6, a->at, expected, sizeof expected));
    const struct text text = address_text(a, ours);
    assert_string_equal(ours, expected);
    assert_int_equal(text.len, strlen(expected));
    assert_true(address_of_text(text, &back));
    assert_memory_equal(&back, a, sizeof back);
    assert_non_null(inet_ntop(AF_INET6, a->at, expected, sizeof expected));
    assert_int_equal(address_text_ipv6(a->at, ours).len, strlen(expected));
    assert_string_equal(ours, expected);
}

/* Every pattern of groups that are zero, and three kinds of others. */
static void every_pattern_of_zeros(void **state)
{
    static const uint16_t groups[] = { 1, 0xab, 0x20f0, 0xffff };

    for (unsigned pattern = 0; pattern < 256; pattern++) {
        for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++) {
            struct address a;
            for (unsigned i = 0; i < 8; i++) {
                const uint16_t group = pattern >> i & 1 ? groups[(g + i) % 4] : 0;
                a.at[2 * i] = (uint8_t)(group >> 8);
                a.at[2 * i + 1] = (uint8_t)group;
            }
            same_as(&a);
        }
    }
}

static void every_byte_of_ipv4(void **state)
{
    for (unsigned v = 0; v < 256; v++) {
        const uint8_t four[4] = { (uint8_t)v, (uint8_t)(255 - v), (uint8_t)(v * 7), (uint8_t)(v / 3) };
        const struct address a = address_of_ipv4(four);
        same_as(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pattern_of_zeros),
        cmocka_unit_test(every_byte_of_ipv4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
