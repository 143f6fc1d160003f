#include "flightlog/log_outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/timestamp.h"
#include "flightlog/tlog.h"
#include "protocol/mavlink_frame.h"

/* The logs of the corpus were packed by MAVLink's own generated code. */

#define UTC_NS INT64_C(1715679000000000000) /* 2024-05-14T09:30:00Z */

static void two_vehicles(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, tlog_read, "tlog/two-vehicles-mavlink-2.tlog");
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 2);
    const struct fact_flight *f = flight_of(&o, 0), *other = flight_of(&o, 1);
    assert_text_equal(f->format, "tlog");
    assert_text_equal(f->aircraft_serial, "0102030405060708090a0b0c0d0e0f101112");
    assert_text_equal(f->time_basis, "device_clock");
    assert_int_equal(f->points, 5);
    assert_int_equal(f->start, UTC_NS);
    assert_int_equal(other->points, 1);
    assert_int_equal(count_subject(&o, "aircraft"), 6);
    for (size_t i = 0; i < 5; i++)
        assert_place(position_of(&o, "aircraft", i), 45.5 + (double)(i + 1) / 10000, -5.25);
    assert_place(position_of(&o, "aircraft", 5), 46.5, -6.25);
    assert_int_equal(position_of(&o, "aircraft", 5)->flight, other->head.number);
    /* the station itself, Remote ID's operator, and the person to follow, whom the station tells */
    assert_int_equal(f->operator_points, 3);
    assert_place(position_of(&o, "operator", 0), 45.497, -5.253);
    assert_place(position_of(&o, "operator", 1), 45.4971, -5.2531);
    assert_place(position_of(&o, "operator", 2), 45.4972, -5.2532);
    assert_int_equal(count_subject(&o, "target"), 2); /* one was sent twice */
    assert_place(position_of(&o, "target", 1), 45.52, -5.26);
    assert_place(position_of(&o, "home", 0), 45.4998, -5.2502);
    assert_place(position_of(&o, "home", 1), 45.4999, -5.2501);
    assert_place(position_of(&o, "camera", 0), 45.5004, -5.25);
    assert_true(f->home_latitude_deg == 45.4998);
    outcome_done(&o);
}

/* One message of MAVLink 2 with its time, by the protocol's description: mavlink.io, Packet Serialization. */
static void put_message(struct buffer *b, int64_t utc_us, uint32_t id, const uint8_t *payload, uint8_t len)
{
    const uint8_t head[10] = { 0xfd, len, 0, 0, 0, 1, 1, (uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16) };
    const uint8_t extra = mavlink_message_find(id)->crc_extra;
    uint8_t time[8];
    uint16_t crc = 0xffff;

    for (int i = 0; i < 8; i++)
        time[i] = (uint8_t)(utc_us >> (56 - 8 * i));
    for (size_t i = 1; i < sizeof head + len + 1u; i++) {
        const uint8_t byte = i < sizeof head ? head[i] : i < sizeof head + len ? payload[i - sizeof head] : extra;
        uint8_t x = byte ^ (uint8_t)crc;
        x ^= (uint8_t)(x << 4);
        crc = (uint16_t)(crc >> 8 ^ x << 8 ^ x << 3 ^ x >> 4);
    }
    buffer_add(b, time, sizeof time);
    buffer_add(b, head, sizeof head);
    buffer_add(b, payload, len);
    buffer_add(b, (const uint8_t[]){ (uint8_t)crc, (uint8_t)(crc >> 8) }, 2);
}

/* GPS_RAW_INT (24). */
static void put_receiver(struct buffer *b, int64_t at_s, uint8_t fix, int32_t latitude_e7, int32_t longitude_e7)
{
    uint8_t payload[30] = { 0 };

    for (int i = 0; i < 4; i++) {
        payload[8 + i] = (uint8_t)((uint32_t)latitude_e7 >> 8 * i);
        payload[12 + i] = (uint8_t)((uint32_t)longitude_e7 >> 8 * i);
    }
    payload[28] = fix;
    put_message(b, UTC_NS / 1000 + at_s * 1000000, 24, payload, sizeof payload);
}

static void put_le(uint8_t *into, int32_t value)
{
    for (int i = 0; i < 4; i++)
        into[i] = (uint8_t)((uint32_t)value >> 8 * i);
}

/* Numbers and names in messages that few vehicles send; offsets are those of common.xml and cubepilot.xml. */
static void names_in_rare_messages(void **state)
{
    uint8_t battery[87] = { 0 }, flight[28] = { 0 }, video[246] = { 0 }, self[46] = { 0 };
    struct outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    memcpy(battery + 21, "SMART-BAT-00001", 15);
    memcpy(battery + 37, "Maker_Pack", 10);
    memcpy(flight + 16, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
    memcpy(video + 16, "rtsp://10.0.0.9/live", 20);
    memcpy(self + 23, "Survey for A. Test", 18);
    put_receiver(&b, 0, 3, 455000000, -52500000);
    put_message(&b, UTC_NS / 1000, 370, battery, sizeof battery);
    put_message(&b, UTC_NS / 1000, 264, flight, sizeof flight);
    put_message(&b, UTC_NS / 1000, 50002, video, sizeof video);
    put_message(&b, UTC_NS / 1000, 12903, self, sizeof self);
    const struct bytes in = exact_copy(b.at, b.len);
    outcome_of(&o, tlog_read, in);
    assert_int_equal(o.reading.damage_count, 0);
    const struct fact_device *device = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(device->role, "battery");
    assert_text_equal(device->serial, "SMART-BAT-00001");
    assert_text_equal(device->model, "Maker_Pack");
    assert_true(has_identifier(&o, "uuid", "0102030405060708"));
    assert_true(has_identifier(&o, "video_url", "rtsp://10.0.0.9/live"));
    assert_true(has_identifier(&o, "comment", "Survey for A. Test"));
    outcome_done(&o);
    exact_copy_free(in);
    buffer_done(&b);
}

/* Remote ID in one message (ASTM F3411, message pack); `sender`: the aircraft that it was heard from, 0 for one's own. */
static void put_pack(struct buffer *b, uint8_t sender)
{
    uint8_t pack[249] = { 0 }, *at = pack + 24;

    pack[2] = sender;
    pack[22] = 25;
    pack[23] = 4;
    at[0] = 0x02;
    at[1] = 0x12; /* a serial number, of a helicopter or multirotor */
    memcpy(at + 2, "1TESTPACK000000001", 18);
    at[25] = 0x32;
    memcpy(at + 25 + 2, "Roof survey", 11);
    at[50] = 0x42;
    put_le(at + 50 + 2, 454900000);
    put_le(at + 50 + 6, -52600000);
    at[75] = 0x52;
    memcpy(at + 75 + 2, "FRAtestpack0001", 15);
    put_message(b, UTC_NS / 1000, 12915, pack, sizeof pack);
}

static void remote_id_in_a_pack(void **state)
{
    for (uint8_t sender = 0; sender < 2; sender++) {
        struct outcome o;
        struct buffer b;

        (void)state;
        buffer_init(&b, 1 << 16);
        put_receiver(&b, 0, 3, 455000000, -52500000);
        put_pack(&b, sender);
        const struct bytes in = exact_copy(b.at, b.len);
        outcome_of(&o, tlog_read, in);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(flight_of(&o, 0)->operator_points, !sender);
        assert_int_equal(has_identifier(&o, "serial", "1TESTPACK000000001"), !sender);
        assert_int_equal(has_identifier(&o, "operator_id", "FRAtestpack0001"), !sender);
        assert_int_equal(has_identifier(&o, "comment", "Roof survey"), !sender);
        if (!sender)
            assert_place(position_of(&o, "operator", 0), 45.49, -5.26);
        outcome_done(&o);
        exact_copy_free(in);
        buffer_done(&b);
    }
}

/* Places beside which a receiver says that it has no fix are in no path that has others. */
static void places_without_a_fix(void **state)
{
    for (int with = 0; with < 2; with++) {
        struct outcome o;
        struct buffer b;

        (void)state;
        buffer_init(&b, 1 << 16);
        for (int i = 0; i < 4; i++)
            put_receiver(&b, i, 1, 441000000, -63000000);
        for (int i = 20; i < 24; i++)
            put_receiver(&b, i, with ? 3 : 0, 455000000, -52500000);
        const struct bytes in = exact_copy(b.at, b.len);
        outcome_of(&o, tlog_read, in);
        const struct fact_flight *f = flight_of(&o, 0);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(f->points, with ? 4 : 8);
        assert_place(position_of(&o, "aircraft", 0), with ? 45.5 : 44.1, with ? -5.25 : -6.3);
        assert_true(note_says(f, with ? "The path is that of GPS_RAW_INT (4 fixes); not in it are 4 of a receiver without a fix."
                                      : "The path is that of a receiver without a fix (8 fixes)."));
        outcome_done(&o);
        exact_copy_free(in);
        buffer_done(&b);
    }
}

static void names_and_numbers(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, tlog_read, "tlog/two-vehicles-mavlink-2.tlog");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_true(has_identifier(&o, "serial", "0102030405060708090a0b0c0d0e0f101112"));
    assert_true(has_identifier(&o, "serial", "00112233 44556677 8899AABB"));
    assert_true(has_identifier(&o, "serial", "4242"));
    assert_true(has_identifier(&o, "serial", "1TESTSERIAL0000001"));
    assert_true(has_identifier(&o, "serial", "BATTERY-0001"));
    assert_true(has_identifier(&o, "operator_id", "FRAtest00000000"));
    assert_true(has_identifier(&o, "video_url", "rtsp://***@192.168.0.10:8554/main"));
    assert_int_equal(kept_facts_count(&o.facts, FACT_IDENTIFIER), 7);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 3); /* autopilot, camera, battery */
    const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(aircraft->firmware, "4.5.7 0123abcd");
    assert_true(note_says(f, "MAVLink telemetry log, system 1, ArduCopter V4.5.7 (0123abcd)."));
    assert_true(note_says(f, "MAVLink 1: 0 frames; MAVLink 2: 45, of these signed: 1"));
    assert_true(note_says(f,
                          "45 messages of 20 kinds: 8 GLOBAL_POSITION_INT, 6 ATTITUDE, 6 GPS_RAW_INT, 4 STATUSTEXT"));
    assert_true(note_says(f, "2 messages about other aircraft or vessels are not shown."));
    assert_true(note_says(f, "1 positions without a fix (0/0)"));
    assert_true(note_says(f, "GPS time minus these is 0.480 s at first"));
    assert_true(note_says(f, "aaaaaaaaaa and the end\"")); /* a message in two pieces */
    assert_true(note_says(flight_of(&o, 1), "system 7"));
    outcome_done(&o);
}

static void version_1(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, tlog_read, "tlog/mavlink-1.tlog");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(f->points, 5);
    assert_text_equal(f->aircraft_serial, "8877665544332211"); /* the short number, as sent: there is no other in version 1 */
    assert_true(note_says(f, "MAVLink 1: 33 frames; MAVLink 2: 0"));
    assert_int_equal(position_of(&o, "aircraft", 0)->time, UTC_NS + INT64_C(160000000));
    outcome_done(&o);
}

static void times_since_a_start(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, tlog_read, "tlog/times-since-start.tlog");
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(f->points, 5);
    assert_text_equal(f->time_basis, "derived");
    /* GPS said 0.5 s past the minute at the third record, 20 ms after the log's beginning. */
    assert_int_equal(f->start, UTC_NS + INT64_C(480000000));
    assert_true(note_says(f, "Times count from the start of a device; UTC is worked out"));
    outcome_done(&o);
}

/* "45 messages of 20 kinds" */
static int64_t messages_said(const struct fact_flight *f)
{
    static const char what[] = " messages of ";
    const char *at = memmem(f->note.at, f->note.len, what, sizeof what - 1);

    assert_non_null(at);
    while (at > f->note.at && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return strtol(at, NULL, 10);
}

static void damage_is_stepped_over(void **state)
{
    struct outcome o;

    (void)state;
    outcome_of_corpus(&o, tlog_read, "tlog/noise-inside.tlog");
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(flight_of(&o, 0)->points, 5);
    assert_int_equal(o.reading.damage_count, 1); /* with the record that the noise fell into */
    assert_in_range(damage_of(&o, 0)->bytes_lost, 500, 560);
    assert_non_null(memmem(damage_of(&o, 0)->statement.at, damage_of(&o, 0)->statement.len, "0.020 s by its clock",
                           20));
    outcome_done(&o);

    outcome_of_corpus(&o, tlog_read, "tlog/cut-in-a-record.tlog");
    assert_int_equal(o.status, PARSE_TRUNCATED);
    assert_int_equal(damage_of(&o, 0)->records_lost, 1);
    outcome_done(&o);

    /* One bit of a payload: the check tells, and the message is not among those that were read. */
    outcome_of_corpus(&o, tlog_read, "tlog/mavlink-1.tlog");
    const int64_t messages = messages_said(flight_of(&o, 0));
    assert_in_range(messages, 5, 1000);
    outcome_done(&o);
    const struct bytes whole = corpus_bytes("tlog/mavlink-1.tlog");
    for (size_t at = 0; at < whole.len; at += 3) {
        const struct bytes in = exact_copy(whole.at, whole.len);
        ((uint8_t *)(uintptr_t)in.at)[at] ^= 0x10;
        outcome_of(&o, tlog_read, in);
        assert_in_range(flight_of(&o, 0)->points, 4, 5);
        if (note_says(flight_of(&o, 0), "1 messages with a wrong check sequence were not read."))
            assert_int_equal(messages_said(flight_of(&o, 0)), messages - 1);
        outcome_done(&o);
        exact_copy_free(in);
    }
    exact_copy_free(whole);
}

static void logs_put_together(void **state)
{
    const struct bytes one = corpus_bytes("tlog/mavlink-1.tlog");
    uint8_t *twice = malloc(2 * one.len);
    struct outcome o;

    (void)state;
    assert_non_null(twice);
    memcpy(twice, one.at, one.len);
    memcpy(twice + one.len, one.at, one.len);
    twice[one.len + 2] += 1; /* 50 days later; of the first record alone: a damaged time */
    outcome_of(&o, tlog_read, (struct bytes){ .at = twice, .len = 2 * one.len });
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(flight_of(&o, 0)->points, 10);
    assert_true(fabs(flight_of(&o, 0)->duration_s - 0.31) < 0.02);
    outcome_done(&o);
    free(twice);
    exact_copy_free(one);
}

static void cut_everywhere(void **state)
{
    (void)state;
    cut_and_flip(tlog_read, tlog_recognise, "tlog/mavlink-1.tlog");
}

/* Against what pymavlink reads in the same file. */
static void real_log(void **state)
{
    struct outcome o;
    char want[64];

    (void)state;
    const struct bytes in = file_bytes(sample_path("flightlog/vtol.tlog")), truth = truth_bytes("flightlog/vtol.tlog");
    outcome_of(&o, tlog_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 1);
    assert_int_equal(f->points, (int)truth_number(truth, "points", 0));
    snprintf(want, sizeof want, "%d messages of %d kinds", (int)truth_number(truth, "messages", 0),
             (int)truth_number(truth, "types", 0));
    assert_true(note_says(f, want));
    static const char *const kinds[] = { "RAW_IMU", "GPS_RAW_INT", "ATTITUDE", "AHRS3", "HEARTBEAT", "STATUSTEXT",
                                         "PARAM_VALUE",
                                         "AUTOPILOT_VERSION", "MISSION_ITEM_INT", "MISSION_ITEM", "HOME_POSITION" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(want, sizeof want, " %d %s", (int)truth_number(truth, kinds[i], 0), kinds[i]);
        assert_true(note_says(f, want));
    }
    static const char *const ends[] = { "first", "last" };
    for (size_t i = 0; i < 2; i++) {
        const struct fact_position *p = position_of(&o, "aircraft", i ? (size_t)f->points - 1 : 0);
        assert_place(p, truth_number(truth, ends[i], 1), truth_number(truth, ends[i], 2));
        assert_true(fabs((double)p->time / 1e9 - truth_number(truth, ends[i], 0)) < 1e-3);
        assert_true(fabs(p->altitude_m - truth_number(truth, ends[i], 3)) < 1e-9);
    }
    assert_true(fabs(f->bbox_south - truth_number(truth, "bbox", 0)) < 1e-9);
    assert_true(fabs(f->bbox_west - truth_number(truth, "bbox", 1)) < 1e-9);
    assert_true(fabs(f->bbox_north - truth_number(truth, "bbox", 2)) < 1e-9);
    assert_true(fabs(f->bbox_east - truth_number(truth, "bbox", 3)) < 1e-9);
    assert_true(fabs(f->home_latitude_deg - truth_number(truth, "home", 0)) < 1e-9);
    assert_true(fabs(f->home_longitude_deg - truth_number(truth, "home", 1)) < 1e-9);
    assert_true(fabs((double)f->start / 1e9 - truth_number(truth, "t0", 0)) < 1e-3);
    assert_true(fabs((double)f->end / 1e9 - truth_number(truth, "t1", 0)) < 1e-3);
    free((void *)(uintptr_t)truth.at);
    exact_copy_free(in);
    outcome_done(&o);
}

/* One message and 14 bytes that are none; its time counts from a start. */
static void real_stump(void **state)
{
    struct outcome o;

    (void)state;
    const struct bytes in = file_bytes(sample_path("flightlog/capture.mav2.battery_status.tlog"));
    outcome_of(&o, tlog_read, in);
    const struct fact_flight *f = flight_of(&o, 0);
    assert_true(tlog_recognise(in));
    assert_int_equal(f->points, 0);
    assert_int_equal(f->start, FACT_UNKNOWN_INT);
    assert_true(note_says(f, "1 messages of 1 kinds: 1 BATTERY_STATUS."));
    assert_int_equal(damage_of(&o, 0)->bytes_lost, 14);
    exact_copy_free(in);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_vehicles), cmocka_unit_test(places_without_a_fix), cmocka_unit_test(names_in_rare_messages),
        cmocka_unit_test(remote_id_in_a_pack),
        cmocka_unit_test(names_and_numbers),
        cmocka_unit_test(version_1),
        cmocka_unit_test(times_since_a_start),
        cmocka_unit_test(damage_is_stepped_over),
        cmocka_unit_test(logs_put_together),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(real_log),
        cmocka_unit_test(real_stump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
