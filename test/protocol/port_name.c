#include "support/support.h"

#include "protocol/port_name.h"

static void ports_have_names(void **state)
{
    static const struct { int64_t port; const char *name; } cases[] = {
        { 7, "echo" }, { 80, "http" }, { 443, "https" }, { 5060, "sip" }, { 5683, "coap" }, { 14550, "mavlink" },
        { 51820, "wireguard" }, { 0, NULL }, { -1, NULL }, { INT64_MIN, NULL }, { 444, NULL }, { 65535, NULL }, { 65536 + 80, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct text name = port_name(cases[i].port);
        assert_int_equal(text_known(name), cases[i].name != NULL);
        if (cases[i].name)
            assert_text_equal(name, cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(ports_have_names) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
