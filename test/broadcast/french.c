#include "broadcast/build.h"

#include "broadcast/announce_french.h"
#include "broadcast/french.h"

#define ID "ABC123000000000000000000000042"

static void put_be(struct made *m, uint32_t value, size_t width)
{
    for (size_t i = width; i-- > 0; )
        PUT(m, (uint8_t)(value >> 8 * i));
}

static void beacon(struct made *m)
{
    m->len = 0;
    PUT(m, 0x6a, 0x5c, 0x35, 0x01, 1, 1, 1, 2, 30);
    PUT_TEXT(m, ID);
    PUT(m, 4, 4), put_be(m, 4885837, 4), PUT(m, 5, 4), put_be(m, (uint32_t)-229448, 4);
    PUT(m, 6, 2), put_be(m, 135, 2), PUT(m, 7, 2), put_be(m, (uint16_t)-6, 2);
    PUT(m, 8, 4), put_be(m, 4885800, 4), PUT(m, 9, 4), put_be(m, (uint32_t)-229400, 4);
    PUT(m, 10, 1, 200, 11, 2), put_be(m, 271, 2);
}

static void every_item(void **state)
{
    struct made m;
    struct french f;

    beacon(&m);
    assert_int_equal(french_parse(made_bytes(&m), &f), PARSE_OK);
    assert_int_equal(f.oddities, 0);
    assert_text_equal(f.id, ID);
    assert_false(text_known(f.serial));
    assert_int_equal(f.value[FRENCH_LATITUDE], 4885837);
    assert_int_equal(f.value[FRENCH_LONGITUDE], -229448);
    assert_int_equal(f.value[FRENCH_ALTITUDE], 135);
    assert_int_equal(f.value[FRENCH_HEIGHT], -6);
    assert_int_equal(f.value[FRENCH_TAKEOFF_LATITUDE], 4885800);
    assert_int_equal(f.value[FRENCH_TAKEOFF_LONGITUDE], -229400);
    assert_int_equal(f.value[FRENCH_SPEED], 200);
    assert_int_equal(f.value[FRENCH_HEADING], 271);
}

static void items_that_are_not_as_they_should_be(void **state)
{
    struct made m = { .len = 0 };
    struct french f;

    PUT(&m, 0x6a, 0x5c, 0x35, 0x01);
    PUT(&m, 4, 3, 1, 2, 3);          /* a coordinate of three bytes */
    PUT(&m, 77, 2, 1, 2);            /* no such item */
    PUT(&m, 1, 1, 1, 1, 1, 2);       /* twice: the first counts */
    PUT(&m, 8, 4, 0x7f, 0, 0, 0, 9, 4, 0, 0, 0, 1);
    PUT(&m, 3, 200, 'A');            /* reaches past the end */
    assert_int_equal(french_parse(made_bytes(&m), &f), PARSE_OK);
    assert_int_equal(f.oddities, FRENCH_LENGTH | FRENCH_UNKNOWN_ITEM | FRENCH_REPEATED | FRENCH_RANGE | FRENCH_CUT);
    assert_false(french_has(&f, FRENCH_LATITUDE));
    assert_false(french_place(&f, FRENCH_TAKEOFF_LATITUDE, FRENCH_TAKEOFF_LONGITUDE));
    assert_int_equal(f.value[FRENCH_VERSION], 1);

    PUT(&m, 0);
    m.at[3] = 2;
    assert_int_equal(french_parse(made_bytes(&m), &f), PARSE_INVALID);
}

static void cut_everywhere(void **state)
{
    static struct announcement a;
    struct made m;

    beacon(&m);
    for (size_t len = 0; len < m.len; len++) {
        struct bytes in = exact_copy(m.at, len);
        struct french f;
        assert_int_equal(french_parse(in, &f), len < 4 ? PARSE_INVALID : PARSE_OK);
        announcement_init(&a, ANNOUNCE_FRENCH, CARRIER_WIFI_BEACON);
        assert_int_equal(announce_french(&a, in), len >= 4);
        if (len >= 4)
            assert_int_equal(fact_known_real(a.operator_longitude_deg), len >= m.len - 7);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item),
        cmocka_unit_test(items_that_are_not_as_they_should_be),
        cmocka_unit_test(cut_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
