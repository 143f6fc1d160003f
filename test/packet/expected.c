#include "support/support.h"

#include <string.h>

#include "packet/expected.h"
#include "protocol/ftp_data.h"

static void connections_are_told_once(void **state)
{
    struct expected e = { .count = 0 };
    struct address server, other;
    struct flow f = { .port = { 40000, 51201 } };

    (void)state;
    assert_true(address_of_text(TEXT("203.0.113.5"), &server));
    assert_true(address_of_text(TEXT("2001:db8::1"), &other));
    f.end[0] = other;
    f.end[1] = server;
    assert_null(expected_take(&e, &f));
    expected_add(&e, &server, 51202, &ftp_data_protocol);
    expected_add(&e, &other, 51201, &ftp_data_protocol);
    assert_null(expected_take(&e, &f)); /* another port; another address */
    expected_add(&e, &server, 51201, &ftp_data_protocol);
    assert_ptr_equal(expected_take(&e, &f), &ftp_data_protocol);
    assert_null(expected_take(&e, &f));
    /* either end may be the one that is called; the oldest give way */
    expected_add(&e, &other, 40000, &ftp_data_protocol);
    assert_ptr_equal(expected_take(&e, &f), &ftp_data_protocol);
    expected_add(&e, &server, 51201, &ftp_data_protocol);
    for (uint16_t i = 0; i < EXPECTED_MAX; i++)
        expected_add(&e, &other, (uint16_t)(1000 + i), &ftp_data_protocol);
    assert_null(expected_take(&e, &f));
    assert_int_equal(e.count, EXPECTED_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(connections_are_told_once) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
