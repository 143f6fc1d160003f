#include "broadcast/build.h"

#include <math.h>

#include "broadcast/announce_ocusync.h"
#include "broadcast/radio.h"
#include "radio/transmitter.h"

/* What becomes of the 176 bytes of a frame. */

#define SERIAL "0TESTEXAMPLE0001"
static const struct ocusync_reception reception = { .at_s = 1.5, .offset_hz = -2.5e6, .frequency_hz = 2412e6,
                                                    .rate_hz = 50e6,
                                                    .snr_db = 12.34, .symbols = 9 };

static struct announcement a;
static struct bytes announced;   /* its texts lie in there */

static void announce(const uint8_t block[TRANSMITTER_BLOCK])
{
    if (announced.len)
        exact_copy_free(announced);
    announced = exact_copy(block, TRANSMITTER_BLOCK);
    announcement_init(&a, ANNOUNCE_DJI_OCUSYNC, CARRIER_OCUSYNC);
    announce_ocusync(&a, announced, &reception);
}

static bool details_have(const char *words)
{
    const struct text t = details_text(&a.details);

    return memmem(t.at, t.len, words, strlen(words)) != NULL;
}

static bool odd(const char *word)
{
    for (size_t i = 0; i < a.anomaly_count; i++)
        if (text_equal(a.anomalies[i], text_of(word)))
            return true;
    return false;
}

static void flight_frame(void **state)
{
    uint8_t block[TRANSMITTER_BLOCK];

    transmitter_flight(block, SERIAL, 4711, 48.7, 9.1, false);
    announce(block);
    assert_text_equal(a.uas_id, SERIAL);
    assert_string_equal(a.id_type, "serial");
    assert_true(fabs(a.longitude_deg - 9.1) < 1e-5 && fabs(a.latitude_deg - 48.7) < 1e-5 && a.altitude_m == 120);
    assert_true(fabs(a.operator_longitude_deg - 9.101) < 1e-5 && fabs(a.operator_latitude_deg - 48.701) < 1e-5);
    assert_string_equal(a.operator_source, "app");
    assert_int_equal(a.sequence, 4711);
    assert_true(fabs(a.speed_m_s - hypot(2.5, 2.5)) < 1e-9);
    assert_text_equal(a.uuid, "uuid12");
    assert_int_equal(a.stated_utc_s, 1750000000);
    assert_int_equal(a.anomaly_count, 0);
    static const char *const said[] = {
        "\"frame\":\"flight\"", "\"version\":2", "\"altitude_raw\":120", "\"height_raw\":305", "\"yaw_deg\":-90.00", "\"product\":58",
        "\"crc16\":\"good\"", "\"recording_s\":1.500000", "\"offset_khz\":-2500", "\"frequency_mhz\":2412.000", "\"snr_db\":12.3",
        "\"symbols\":9", "\"velocity_north_m_s\":2.50",
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!details_have(said[i]))
            fail_msg("%s is missing", said[i]);
}

/* Bursts have no address: the serial number tells who sent them; and recordings seldom a date: what counts is the time
 * since they began. */
static void compared_with_those_before(void **state)
{
    static const struct { unsigned sequence; double latitude_deg, at_s; const char *odd; } frames[] = {
        { 100, 48.7000, 0.0, NULL }, { 101, 48.70001, 0.6, NULL }, { 103, 48.70002, 1.2, NULL },
        { 104, 48.8000, 1.8, "position_jump" },    /* 11 km */
        { 104, 48.80001, 2.4, "sequence_reused" },
        { 90, 48.80002, 3.0, "sequence_falls" },
        { 91, 48.80003, 3.6, NULL }, { 91, 48.80003, 4.2, NULL },
        { 91, 48.80003, 6.0, "sequence_constant" }, /* the same burst again: recorded and sent anew */
    };
    static const char *const words[] = { "position_jump", "sequence_reused", "sequence_falls", "sequence_constant" };
    static const struct reading_options no_options;
    struct reading reading = { .options = &no_options };
    struct radios *radios = radios_new(&reading);
    uint8_t block[TRANSMITTER_BLOCK];

    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        transmitter_flight(block, SERIAL, frames[i].sequence, frames[i].latitude_deg, 9.1, false);
        announce(block);
        a.since_begin_ns = (int64_t)(frames[i].at_s * 1e9);
        radios_check(radios, &a);
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (odd(words[w]) != (frames[i].odd && strcmp(frames[i].odd, words[w]) == 0))
                fail_msg("frame %zu: %s", i, words[w]);
        assert_false(odd("clock_differs")); /* nothing tells the date */
        /* Another drone in between is another one. */
        transmitter_flight(block, "0TESTEXAMPLE0002", (unsigned)i, -10, 100, false);
        announce(block);
        a.since_begin_ns = (int64_t)(frames[i].at_s * 1e9) + 1000;
        radios_check(radios, &a);
        assert_int_equal(a.anomaly_count - odd("speed_disagrees"), 0);
    }
    radios_free(radios);
}

static void what_is_odd(void **state)
{
    uint8_t block[TRANSMITTER_BLOCK];

    transmitter_flight(block, SERIAL, 1, 48.7, 9.1, true);
    announce(block);
    assert_true(odd("stale_padding") && !odd("crc16_bad"));
    block[89] ^= 1;
    announce(block);
    assert_true(odd("crc16_bad") && details_have("\"crc16\":\"bad\""));
    assert_text_equal(a.uas_id, SERIAL);
    transmitter_flight(block, SERIAL, 1, 0, 0, false);
    for (int i = 23; i < 31; i++)
        block[i] = 0;
    transmitter_seal(block, true);
    announce(block); /* before it knows where it is, and the phone does */
    assert_false(fact_known_real(a.longitude_deg));
    assert_true(fact_known_real(a.operator_longitude_deg));
}

static void licence_and_user_frames(void **state)
{
    uint8_t block[TRANSMITTER_BLOCK] = { 141, 0x11 };

    memcpy(block + 2, SERIAL, 16);
    memcpy(block + 18, "\xcc\xaa\x02", 3);
    transmitter_seal(block, true);
    announce(block);
    assert_text_equal(a.uas_id, SERIAL);
    assert_true(details_have("\"frame\":\"licence\"") && details_have("\"licence_bytes\":\"ccaa02\"") &&
                details_have("\"crc16\":\"good\""));
    assert_false(fact_known_real(a.longitude_deg));
    block[18] = 4, memcpy(block + 19, "ID-7\0\0\0\0\0\0", 10), block[29] = 6, memcpy(block + 30, "survey", 6);
    transmitter_seal(block, true);
    announce(block);
    assert_true(details_have("\"frame\":\"user\"") && details_have("\"identification\":\"ID-7\"") &&
                details_have("\"purpose\":\"survey\""));
}

static void version_1(void **state)
{
    struct made m = { .len = 0 };

    PUT(&m, 76, 0x10, 1);
    put_le(&m, 7, 2), put_le(&m, 0x1ff7, 2);
    PUT_TEXT(&m, SERIAL);
    put_le(&m, 1588250, 4), put_le(&m, 8499753, 4);
    put_le(&m, 120, 2), put_le(&m, 305, 2), put_le(&m, 0, 2), put_le(&m, 0, 2), put_le(&m, 0, 2);
    put_le(&m, 100, 2), put_le(&m, 200, 2), put_le(&m, 300, 2);
    put_le(&m, 1588250, 4), put_le(&m, 8499753, 4);
    PUT(&m, 16, 0);
    put_zeros(&m, TRANSMITTER_BLOCK - m.len);
    transmitter_seal(m.at, true);
    announce(m.at);
    assert_text_equal(a.uas_id, SERIAL);
    assert_string_equal(a.operator_source, "home");
    assert_true(details_have("\"version\":1") && details_have("\"pitch_deg\":1.00") && details_have("\"product\":16"));
    assert_int_equal(a.anomaly_count, 0);
}

/* There, and not to be read: no id, no place, and the first bytes. */
static void what_cannot_be_read(void **state)
{
    static const struct { uint8_t begin[8]; const char *frame, *odd, *first; } table[] = {
        { { 0xaa, 'C', 'R', 'Y', 'P', 1, 2, 3 }, "\"encrypted\"", "payload_encrypted", "aa435259500102030000" },
        { { 0x87, 'I', 'N', 'F', 'P', 1, 2, 3 }, "\"encrypted\"", "payload_encrypted", "87494e465001020300" },
        { { 0x80, 0x10, 'I', 'N', 'F', 'P', 2, 3 }, "\"encrypted\"", "payload_encrypted", "8010494e4650020300" },
        { { 88, 0x12 }, "\"unknown\"", "payload_unknown", "581200" }, { { 88, 0x10, 9 }, "\"unknown\"", "payload_unknown", "581009" },
        { { 0, 0x10, 2 }, "\"unknown\"", "payload_unknown", "001002" }, { { 255, 0x10, 2 }, "\"unknown\"", "payload_unknown", "ff1002" },
        { { 10, 0x10, 2 }, "\"unknown\"", "payload_unknown", "0a1002" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t block[TRANSMITTER_BLOCK] = { 0 };
        memcpy(block, table[i].begin, sizeof table[i].begin);
        transmitter_seal(block, false);
        announce(block);
        assert_false(text_known(a.uas_id));
        assert_false(fact_known_real(a.longitude_deg) || fact_known_real(a.operator_longitude_deg));
        assert_true(details_have(table[i].frame) && details_have(table[i].first) && odd(table[i].odd));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flight_frame), cmocka_unit_test(compared_with_those_before), cmocka_unit_test(what_is_odd), cmocka_unit_test(licence_and_user_frames),
        cmocka_unit_test(version_1), cmocka_unit_test(what_cannot_be_read),
    };

    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    exact_copy_free(announced);
    return failed;
}
