#include "broadcast/build.h"

#include <math.h>

#include "broadcast/announce_dji.h"
#include "broadcast/dji_wifi.h"

#define SERIAL "0TESTEXAMPLE0001"

static void put_place(struct made *m, double first_deg, double second_deg)
{
    put_le(m, (uint32_t)(int32_t)lround(first_deg * M_PI / 180 * 1e7), 4);
    put_le(m, (uint32_t)(int32_t)lround(second_deg * M_PI / 180 * 1e7), 4);
}

/* `inserted`: bytes that a spoofer puts before the time. */
static void flight(struct made *m, unsigned version, uint64_t time_ms, size_t inserted)
{
    m->len = 0;
    PUT(m, 0x26, 0x37, 0x12, 0x58, 0x62, 0x13, 0x10, (uint8_t)version);
    put_le(m, 4711, 2);
    put_le(m, 0x1ff7, 2);
    PUT_TEXT(m, SERIAL);
    put_place(m, 9.1, 48.7);
    put_le(m, 120, 2), put_le(m, 305, 2), put_le(m, 250, 2), put_le(m, (uint16_t)-250, 2), put_le(m, 10, 2);
    if (version == 1) {
        put_le(m, 100, 2), put_le(m, 200, 2), put_le(m, (uint16_t)-9000, 2);
        put_place(m, 9.3, 48.9);
    } else {
        put_zeros(m, inserted);
        put_le(m, (uint16_t)-9000, 2);
        put_le(m, time_ms, 8);
        put_place(m, 48.8, 9.2);
        put_place(m, 9.3, 48.9);
    }
    PUT(m, 58, 6);
    put_text_padded(m, "uuid12", 20);
}

static void both_layouts(void **state)
{
    for (unsigned version = 1; version <= 2; version++) {
        struct made m;
        struct dji_wifi w;
        flight(&m, version, 1750000000000, 0);
        assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
        assert_int_equal(w.oddities, 0);
        assert_int_equal(w.version, version);
        assert_int_equal(w.sequence, 4711);
        assert_int_equal(w.state, 0x1ff7);
        assert_text_equal(w.serial, SERIAL);
        assert_true(fabs(w.longitude_deg - 9.1) < 1e-5 && fabs(w.latitude_deg - 48.7) < 1e-5);
        assert_int_equal(w.altitude_raw, 120);
        assert_int_equal(w.height_raw, 305);
        assert_int_equal(w.velocity_north_cm_s, 250);
        assert_int_equal(w.velocity_east_cm_s, -250);
        assert_int_equal(w.velocity_up_cm_s, 10);
        assert_int_equal(w.yaw, -9000);
        assert_true(fabs(w.home_longitude_deg - 9.3) < 1e-5 && fabs(w.home_latitude_deg - 48.9) < 1e-5);
        assert_int_equal(w.product, 58);
        assert_true(bytes_equal(w.uuid, "uuid12", 6));
        if (version == 1) {
            assert_int_equal(w.pitch, 100);
            assert_int_equal(w.roll, 200);
            assert_true(isnan(w.app_longitude_deg));
        } else {
            assert_int_equal(w.time_ms, 1750000000000);
            assert_true(fabs(w.app_longitude_deg - 9.2) < 1e-5 && fabs(w.app_latitude_deg - 48.8) < 1e-5);
        }
        /* The uuid's field may end where the uuid does. */
        m.len -= 14;
        assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
        assert_int_equal(w.oddities, 0);
    }
}

static void misaligned_records_are_not_believed(void **state)
{
    struct made m;
    struct dji_wifi w;

    flight(&m, 2, 1750000000000, 4);
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
    assert_int_equal(w.oddities, DJI_LENGTH_ODD | DJI_TIME_IMPLAUSIBLE | DJI_MISALIGNED);
    assert_true(isnan(w.app_longitude_deg) && isnan(w.home_longitude_deg));
    assert_int_equal(w.velocity_up_cm_s, 10);

    /* Seconds where milliseconds belong: odd, and all in its place. */
    flight(&m, 2, 1750000000, 0);
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
    assert_int_equal(w.oddities, DJI_TIME_IMPLAUSIBLE);
    assert_true(fabs(w.app_longitude_deg - 9.2) < 1e-5);
}

static void what_is_not_djis(void **state)
{
    static const uint8_t ouis[][4] = { { 0x60, 0x60, 0x1f, 1 }, { 0x48, 0x1c, 0xb9, 1 }, { 0x34, 0xd2, 0x62, 1 },
                                       { 0x26, 0x6f, 0x48, 0 }, { 0x00, 0x50, 0xf2, 0 } };
    struct made m;
    struct dji_wifi w;

    for (size_t i = 0; i < sizeof ouis / sizeof *ouis; i++) {
        flight(&m, 2, 0, 0);
        memcpy(m.at, ouis[i], 3);
        assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), ouis[i][3] ? PARSE_OK : PARSE_INVALID);
        if (ouis[i][3])
            assert_int_equal(w.oddities, DJI_OUI_OTHER);
    }
    flight(&m, 3, 0, 0);
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_UNSUPPORTED);
    flight(&m, 2, 0, 0);
    m.at[5] = 0x14;
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_INVALID);
    flight(&m, 2, 0, 0);
    m.at[6] = 0x12;
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_UNSUPPORTED);
}

static void places_that_are_none(void **state)
{
    struct made m;
    struct dji_wifi w;

    flight(&m, 2, 0, 0);
    memset(m.at + 7 + 21, 0, 8); /* no satellites yet; the phone may know its place already */
    memset(m.at + 7 + 57, 0x7f, 8);
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
    assert_true(isnan(w.longitude_deg) && isnan(w.home_longitude_deg) && !isnan(w.app_longitude_deg));
    assert_int_equal(w.oddities, DJI_POSITION_RANGE);
}

static void purpose(void **state)
{
    struct made m = { .len = 0 };
    struct dji_wifi w;

    PUT(&m, 0x26, 0x37, 0x12, 0x58, 0x62, 0x13, 0x11);
    PUT_TEXT(&m, SERIAL);
    PUT(&m, 4);
    put_text_padded(&m, "ours", 10);
    PUT(&m, 100); /* more than there is */
    PUT_TEXT(&m, "roof survey");
    assert_int_equal(dji_wifi_parse(made_bytes(&m), &w), PARSE_OK);
    assert_int_equal(w.oddities, 0);
    assert_text_equal(w.identification, "ours");
    assert_text_equal(w.purpose, "roof survey");
}

static void cut_everywhere(void **state)
{
    for (unsigned version = 1; version <= 2; version++) {
        struct made m;
        flight(&m, version, 1750000000000, 0);
        const size_t tail = m.len - 20;
        for (size_t len = 0; len < m.len; len++) {
            static struct announcement a;
            struct dji_wifi w;
            struct bytes in = exact_copy(m.at, len);
            const enum parse_status status = dji_wifi_parse(in, &w);
            assert_int_equal(status, len < 7 ? PARSE_INVALID : len < 7 + 21 ? PARSE_TRUNCATED : PARSE_OK);
            if (status == PARSE_OK) {
                assert_int_equal(w.has_motion, len >= 7 + 39);
                assert_int_equal(w.has_tail, len >= tail);
                assert_int_equal(!!(w.oddities & DJI_CUT), len < tail);
            }
            announcement_init(&a, ANNOUNCE_DJI_WIFI, CARRIER_WIFI_BEACON);
            assert_int_equal(announce_dji(&a, in), status == PARSE_OK);
            exact_copy_free(in);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_layouts),
        cmocka_unit_test(misaligned_records_are_not_believed),
        cmocka_unit_test(what_is_not_djis),
        cmocka_unit_test(places_that_are_none),
        cmocka_unit_test(purpose),
        cmocka_unit_test(cut_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
