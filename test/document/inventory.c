#include "host/outcome.h"

#include <string.h>

#include "document/inventory.h"

static const char list[] =
    "Asset;Serial Number;Make;Model;Country of origin\r\n"
    "1;0TESTUAV001;Example;\"Drone \"\"One\"\"; long\";DE\r\n"
    "2;;Example;without a serial;\r\n"
    "\r\n"
    "3;0TESTUAV003;;Three;\r\n"
    "4;too;few\r\n"
    "5;0TESTUAV005;\"two\nlines\";Five;US\r\n";

static void reads_a_list(void **state)
{
    (void)state;
    assert_true(inventory_recognise((struct bytes){ .at = (const uint8_t *)list, .len = sizeof list - 1 }));
    expect_rows_of(inventory_read, list,
        "setting system inventory_serial=0TESTUAV001 [Example Drone \"One\"; long]\n"
        "setting system inventory_origin=DE [0TESTUAV001]\n"
        "setting system inventory_serial=0TESTUAV003 [Three]\n"
        "damage: a line that does not fit the first one\n"
        "setting system inventory_serial=0TESTUAV005 [two\nlines Five]\n"
        "setting system inventory_origin=US [0TESTUAV005]\n");
}

static void a_line_that_was_cut_is_no_serial(void **state)
{
    (void)state;
    expect_rows_of(inventory_read, "serial,make\nA1,x\nB2,y", "setting system inventory_serial=A1 [x]\n"
        "damage: the last line has no end and may be cut off: it was not read\n");
    expect_rows_of(inventory_read, "serial,make\n\"A1,x\nB2,y\n",
        "damage: the last line has no end and may be cut off: it was not read\n");
    sweep_of(inventory_read, "\xef\xbb\xbfSN\tVendor\nA1\tx\n\"B\"\"2\"\ty\n");
}

static void needs_a_serial_and_a_maker_or_model(void **state)
{
    static const struct { const char *header; bool is; } cases[] = {
        { "serial,make\n", true }, { "Model;S/N\n", true }, { "serial_no\tproduct type\n", true },
        { "serial,owner\n", false }, { "make,model\n", false }, { "serial make\n", false }, { "serial,make", false },
        { "aircraftserial,model\n", false }, { "", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(inventory_recognise(
                             (struct bytes){ .at = (const uint8_t *)cases[i].header, .len = strlen(cases[i].header) }),
                         cases[i].is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_list),
        cmocka_unit_test(a_line_that_was_cut_is_no_serial),
        cmocka_unit_test(needs_a_serial_and_a_maker_or_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
