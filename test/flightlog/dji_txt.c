#include "flightlog/txt_outcome.h"

#include <math.h>

#include "base/text.h"
#include "base/timestamp.h"

/* Made logs of every version.  Real logs exist here of 4, 7, 8 and 14 only: the others
 * show that the published layout is followed, not that devices write it. */
static void every_version_through_12_gives_every_position(void **state)
{
    (void)state;
    for (unsigned version = 1; version <= 12; version++) {
        struct txt_builder t;
        struct outcome o;

        txt_builder_init(&t, version);
        t.line_count = 20;
        txt_moments(&t, 10);
        txt_home(&t, -5.25, 45.5);
        txt_app_gps(&t, -5.2501, 45.4999);
        txt_moments(&t, 10);
        read_builder(&o, &t);

        const struct fact_flight *f = flight_of(&o);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(f->points, 20);
        assert_int_equal(subject_count(&o, "aircraft"), 20);
        assert_int_equal(subject_count(&o, "home"), 1);
        assert_int_equal(subject_count(&o, "operator"), 1);
        assert_int_equal(f->operator_points, 1);
        assert_int_equal(f->encrypted_records, 0);
        assert_near(f->bbox_north, 45.5009, 1e-9);
        assert_near(f->home_latitude_deg, 45.5, 1e-9);
        assert_near(f->last_altitude_m, 19, 1e-9);
        assert_text_equal(f->alt_ref, "takeoff");
        assert_text_equal(f->aircraft_serial, "0TEST00001");
        assert_text_equal(f->app, "Android");
        assert_text_equal(f->app_version, "2.9.1");
        assert_int_equal(f->start, TXT_START_MS * 1000000);
        assert_near(f->duration_s, 60, 1e-9);

        const struct fact_position *third = nth_of(&o, "aircraft", 2);
        assert_near(third->latitude_deg, 45.5002, 1e-9);
        assert_near(third->longitude_deg, -5.25, 1e-9);
        assert_int_equal(third->time, (TXT_START_MS + 200) * 1000000);
        assert_text_equal(third->time_basis, "utc");
        assert_int_equal(third->flight, f->head.number);
        /* The phone's position is followed by the clock of the next moment. */
        assert_int_equal(nth_of(&o, "operator", 0)->time, TXT_START_MS * 1000000);
        assert_near(nth_of(&o, "operator", 0)->longitude_deg, -5.2501, 1e-12);
        outcome_done(&o);
        txt_builder_done(&t);
    }
}

static void encrypted_versions_give_the_summary_and_counts(void **state)
{
    (void)state;
    for (unsigned version = 13; version <= 14; version++)
        for (int unclosed = 0; unclosed < 2; unclosed++) {
            struct txt_builder t;
            struct outcome o;

            txt_builder_init(&t, version);
            t.line_count = 30;
            t.unclosed = unclosed; /* an offset of 0: the records follow the blocks */
            txt_encrypted(&t, 56, 16);
            for (int i = 0; i < 30; i++) {
                txt_encrypted(&t, 1, 4);
                txt_encrypted(&t, 5, 2);
                txt_encrypted(&t, 57, 1);
            }
            read_builder(&o, &t);

            const struct fact_flight *f = flight_of(&o);
            assert_int_equal(o.status, PARSE_OK);
            assert_int_equal(o.reading.damage_count, 0);
            assert_int_equal(f->encrypted_records, 60);
            assert_true(says(f, "path itself is encrypted"));
            assert_true(says(f, "asking the maker"));
            assert_true(says(f, "30 of type 57 (unknown)"));
            assert_text_equal(f->aircraft_serial, "0TEST00001");
            assert_int_equal(f->start, TXT_START_MS * 1000000);
            assert_int_equal(f->end, (TXT_START_MS + 60000) * 1000000);
            assert_int_equal(f->points, 1); /* the start alone */
            assert_near(f->first_latitude_deg, 45.5, 0);
            assert_non_null(identifier_of(&o, "uuid", "00000000-1111-2222-3333-444444444444"));
            outcome_done(&o);
            txt_builder_done(&t);
        }
}

static void plain_bodies_in_new_versions_are_read(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 13);
    txt_moments(&t, 5); /* lengths that AES cannot have */
    read_builder(&o, &t);
    assert_int_equal(flight_of(&o)->points, 5);
    outcome_done(&o);
    txt_builder_done(&t);
}

static const struct fact_position *last_aircraft(const struct outcome *o)
{
    const struct fact_position *last = NULL;

    for (size_t i = 0; i < kept_facts_count(&o->facts, FACT_POSITION); i++) {
        const struct fact_position *p = kept_facts_row(&o->facts, FACT_POSITION, i);
        if (text_equal(p->subject, TEXT("aircraft")))
            last = p;
    }
    assert_non_null(last);
    return last;
}

static void what_the_app_said_and_what_it_ran_on(void **state)
{
    static const uint8_t firmware[] = { 3, 0, 1, 8, 90, 9, 1, 0, 2, 3, 4, 0, 11, 1, 0, 0, 0, 0, 99, 0, 7, 7, 7, 7, 3, 0,
                                        9, 9, 9, 9, 6 };
    struct txt_builder t;
    struct outcome o;

    (void)state;
    for (unsigned version = 5; version <= 8; version += 3) {
        txt_builder_init(&t, version);
        txt_moments(&t, 11);
        txt_record(&t, 9, "Home point recorded\0\0", 21);
        txt_record(&t, 24, "Height zone \"120 m\"", 20);
        txt_record(&t, 10, "\0\0\0", 3);
        txt_record(&t, 15, firmware, sizeof firmware);
        read_builder(&o, &t);
        const struct fact_flight *f = flight_of(&o);
        assert_true(says(f, "Messages: 2: \"Home point recorded\" at 1.0 s, \"Height zone"));
        assert_int_equal(kept_facts_count(&o.facts, FACT_MESSAGE), 2); /* the empty one is none */
        const struct fact_message *tip = kept_facts_row(&o.facts, FACT_MESSAGE, 0),
            *grave = kept_facts_row(&o.facts, FACT_MESSAGE, 1);
        const struct fact_position *last = last_aircraft(&o);
        assert_text_equal(tip->text, "Home point recorded");
        assert_text_equal(tip->level, "tip");
        assert_text_equal(grave->text, "Height zone \"120 m\"");
        assert_text_equal(grave->level, "serious_warning");
        assert_int_equal(tip->flight, f->head.number);
        assert_true(tip->since_s == 1.0);
        assert_int_equal(tip->time, last->time); /* of the flight state before it */
        assert_text_equal(tip->time_basis, "derived");
        const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 0);
        assert_text_equal(aircraft->role, "aircraft");
        assert_text_equal(aircraft->firmware, "1.8.90"); /* as first stated */
        for (size_t i = 0; i < kept_facts_count(&o.facts, FACT_DEVICE); i++) {
            const struct fact_device *d = kept_facts_row(&o.facts, FACT_DEVICE, i);
            if (text_equal(d->role, TEXT("camera")))
                assert_text_equal(d->firmware, "2.3.4");
            if (text_equal(d->role, TEXT("battery")) || text_equal(d->role, TEXT("controller")))
                assert_false(text_known(d->firmware));
        }
        outcome_done(&o);
        txt_builder_done(&t);
    }
}

static void devices_and_identifiers(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 8);
    txt_moments(&t, 2);
    txt_recover(&t, 10, "0TEST00001", "0CAMERA002"); /* another camera than the summary's */
    txt_recover(&t, 16, "0TEST00001", "0CAMERA002");
    txt_record(&t, 40, "\x04\x00\x0a" "0BATTERY01", 13);
    read_builder(&o, &t);

    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 5); /* the all-zero battery serial is none */
    const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_text_equal(aircraft->role, "aircraft");
    assert_text_equal(aircraft->vendor, "DJI");
    assert_text_equal(aircraft->model, "Phantom 4 Pro");
    assert_text_equal(aircraft->name, "Test aircraft");
    assert_int_equal(identifier_of(&o, "serial", "0TEST00001")->device, aircraft->head.number);
    assert_non_null(identifier_of(&o, "serial", "0REMOTE001"));
    assert_non_null(identifier_of(&o, "serial", "0CAMERA001"));
    assert_non_null(identifier_of(&o, "serial", "0CAMERA002"));
    assert_non_null(identifier_of(&o, "serial", "0BATTERY01"));
    assert_non_null(identifier_of(&o, "account_digest", "00c0ffee00c0ffee"));
    assert_non_null(identifier_of(&o, "name", "Test aircraft"));
    assert_non_null(identifier_of(&o, "place", "Made-up Road"));
    assert_non_null(identifier_of(&o, "place", "Nowhere"));
    assert_null(identifier_of(&o, "place", "Map Loading"));
    outcome_done(&o);

    /* An Inspire 1 keeps its battery's serial as digits in half bytes, last first. */
    t.product = 1;
    t.battery_serial = "\x11\x12\x13\x14\x10";
    read_builder(&o, &t);
    assert_non_null(identifier_of(&o, "serial", "4321"));
    outcome_done(&o);
    txt_builder_done(&t);
}

static void fixes_that_are_none_are_left_out_and_counted(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 7);
    txt_osd(&t, 0, 0, 1, 1);
    txt_osd(&t, -5.25, 95, 1, 1);
    txt_osd(&t, NAN, 45.5, 1, 1);
    txt_osd(&t, -5.25, 45.5, 1, 1);
    txt_app_gps(&t, 0, 0);
    txt_rc_gps(&t, -5.26, 45.51);  /* near: the assumed scale fits */
    txt_rc_gps(&t, 100, 10);       /* far: it does not */
    txt_rc_gps(&t, 0, 0);
    txt_custom(&t, TXT_START_MS);
    txt_osd(&t, -6.25, 45.5, 1, 2);  /* alone out there: a damaged number */
    txt_custom(&t, TXT_START_MS + 100);
    txt_osd(&t, -5.25, 45.5, 1, 3);
    txt_custom(&t, TXT_START_MS + 200);
    txt_osd(&t, -7.25, 45.5, 1, 4);  /* the next one agrees: a leap, but a real one */
    txt_custom(&t, TXT_START_MS + 300);
    txt_osd(&t, -7.25, 45.5, 1, 5);
    txt_custom(&t, TXT_START_MS + 400);
    read_builder(&o, &t);

    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 4);
    assert_int_equal(nth_of(&o, "aircraft", 2)->time, (TXT_START_MS + 300) * 1000000);
    assert_int_equal(f->operator_points, 0);
    assert_int_equal(subject_count(&o, "controller"), 1);
    assert_true(says(f, "1 aircraft records without a fix (0/0)"));
    assert_true(says(f, "2 aircraft positions outside the globe"));
    assert_true(says(f, "1 controller positions far from the aircraft"));
    assert_true(says(f, "1 times the path leaps"));
    assert_true(says(f, "1 positions that lie more than 2 km"));
    outcome_done(&o);
    txt_builder_done(&t);
}

static void times_without_a_clock_are_derived_or_unknown(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 7);
    txt_osd(&t, -5.25, 45.5, 1, 1000);      /* counter at the start of the log */
    txt_osd(&t, -5.25, 45.5001, 1, 1010);
    txt_custom(&t, TXT_START_MS + 2000);
    txt_osd(&t, -5.25, 45.5002, 1, 1015);
    txt_custom(&t, 17);                     /* no year of any drone */
    txt_osd(&t, -5.25, 45.5003, 1, 1020);
    txt_custom(&t, TXT_START_MS + 86400000000 / 100); /* ten days on, once: damage */
    txt_osd(&t, -5.25, 45.5004, 1, 900);    /* the counter went back */
    read_builder(&o, &t);
    assert_int_equal(nth_of(&o, "aircraft", 0)->time, TXT_START_MS * 1000000);
    assert_text_equal(nth_of(&o, "aircraft", 0)->time_basis, "derived");
    assert_int_equal(nth_of(&o, "aircraft", 1)->time, (TXT_START_MS + 2000) * 1000000);
    assert_text_equal(nth_of(&o, "aircraft", 1)->time_basis, "utc");
    assert_int_equal(nth_of(&o, "aircraft", 2)->time, (TXT_START_MS + 2500) * 1000000);
    assert_int_equal(nth_of(&o, "aircraft", 3)->time, (TXT_START_MS + 3000) * 1000000);
    assert_text_equal(nth_of(&o, "aircraft", 3)->time_basis, "derived");
    assert_int_equal(nth_of(&o, "aircraft", 4)->time, FACT_UNKNOWN_INT);
    assert_true(says(flight_of(&o), "2 clock readings do not fit"));
    outcome_done(&o);
    txt_builder_done(&t);
}

/* A phone that lost 1024 weeks, or whose clock was never set. */
static void clocks_that_cannot_be(void **state)
{
    static const struct { int64_t ms; const char *says; } clocks[] = {
        { INT64_C(1096363800000), "The time of the app's clock, which is not used, is 2004-09-28T09:30:00.700Z, which is not believable: no such log is older "
                                  "than 2010. With 1024 weeks more, by which old GPS receivers are wrong, it would be of 2024-05-14." },
        { INT64_C(86400000), "is 1970-01-02T00:00:00.700Z, which is not believable: no such log is older than 2010." },
        { INT64_C(4102444800000), "is 2100-01-01T00:00:00.700Z, which is not believable: that is yet to come." },
    };

    (void)state;
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct txt_builder t;
        struct outcome o;

        txt_builder_init(&t, 8);
        t.start_ms = clocks[i].ms;
        for (int n = 0; n < 8; n++) {
            txt_osd(&t, -5.25, 45.5 + 0.0001 * n, 1, (unsigned)n);
            txt_custom(&t, clocks[i].ms + 100 * n);
        }
        read_builder(&o, &t);
        assert_int_equal(flight_of(&o)->points, 8);
        assert_int_equal(flight_of(&o)->start, FACT_UNKNOWN_INT);
        assert_int_equal(nth_of(&o, "aircraft", 7)->time, FACT_UNKNOWN_INT);
        assert_true(says(flight_of(&o), clocks[i].says));
        outcome_done(&o);
        txt_builder_done(&t);
    }
}

static void pictures_are_given_away_with_their_places(void **state)
{
    static const uint8_t picture[] = { 0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 1, 0, 0xff, 0xff, 0xd9 };
    static const unsigned versions[] = { 4, 8, 12, 14 };

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct txt_builder t;
        struct outcome o;

        txt_builder_init(&t, versions[i]);
        t.pictures[0] = (struct bytes){ .at = picture, .len = sizeof picture };
        t.pictures[4] = (struct bytes){ .at = picture, .len = sizeof picture };
        txt_moments(&t, 10);
        read_builder(&o, &t);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(o.members, 2);
        assert_int_equal(o.member_bytes, 2 * sizeof picture);
        assert_string_equal(o.last_member, "small-picture-1.jpg");
        assert_int_equal(flight_of(&o)->points, 10);
        assert_int_equal(subject_count(&o, "camera"), 1);
        assert_near(nth_of(&o, "camera", 0)->latitude_deg, 45.5, 1e-9);
        outcome_done(&o);

        {
            /* Cut inside the pictures: the lengths may be lost with the summary, the records are not. */
            struct buffer file = txt_file(&t);
            struct bytes in = exact_copy(file.at, file.len - (versions[i] < 12 ? 400 : 0) - 5);
            read_bytes(&o, in);
            assert_int_equal(o.status, PARSE_TRUNCATED);
            assert_int_equal(o.members, versions[i] < 12 ? 0 : 2); /* the second one in part */
            assert_int_equal(flight_of(&o)->points, 10);
            assert_true(o.reading.damage_count > 0);
            outcome_done(&o);
            exact_copy_free(in);
            buffer_done(&file);
        }
        txt_builder_done(&t);
    }
}

static void a_log_that_was_never_closed_is_read(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 8);
    t.unclosed = true;
    txt_moments(&t, 10);
    txt_recover(&t, 10, "0TEST00009", "0CAMERA009");
    read_builder(&o, &t);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(f->points, 10);
    assert_text_equal(f->aircraft_serial, "0TEST00009");
    assert_int_equal(f->start, TXT_START_MS * 1000000);
    assert_near(f->duration_s, 0.9, 1e-9);
    assert_true(says(f, "summary of the flight is missing"));
    outcome_done(&o);
    txt_builder_done(&t);
}

/* Foreign bytes between records and a damaged length: what stands around them is read,
 * and every byte is accounted for. */
static void reading_goes_on_behind_damage(void **state)
{
    (void)state;
    for (unsigned version = 4; version <= 8; version += 4) {
        struct txt_builder t;
        struct outcome o;
        uint8_t junk[100];

        for (size_t i = 0; i < sizeof junk; i++)
            junk[i] = (uint8_t)(i * 37 + 11);
        txt_builder_init(&t, version);
        txt_moments(&t, 20);
        buffer_add(&t.records, junk, sizeof junk);
        txt_moments(&t, 20);
        const size_t at = t.records.len;
        txt_moments(&t, 20);
        t.records.at[at + 1] ^= 0x40; /* the length of one record */
        read_builder(&o, &t);
        const struct fact_flight *f = flight_of(&o);
        assert_int_equal(f->points, 59);
        assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 2);
        const struct fact_damage *first = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
        assert_int_equal(first->bytes_lost, sizeof junk);
        assert_non_null(memmem(first->statement.at, first->statement.len, "by the others' length; reading goes on",
                               38));
        const struct fact_damage *second = kept_facts_row(&o.facts, FACT_DAMAGE, 1);
        assert_int_equal(second->bytes_lost, version >= 7 ? 55 : 53);
        assert_int_equal(second->head.origin.offset, at + (version < 6 ? 12 : 100));
        outcome_done(&o);
        txt_builder_done(&t);
    }
}

static void logs_behind_the_first_are_given_away(void **state)
{
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 7);
    txt_moments(&t, 10);
    struct buffer one = txt_file(&t), both;
    buffer_init(&both, 1 << 20);
    for (int i = 0; i < 3; i++)
        buffer_add(&both, one.at, one.len);
    struct bytes in = exact_copy(both.at, both.len);
    read_bytes(&o, in);
    assert_int_equal(o.members, 2);
    assert_int_equal(o.member_bytes, 2 * one.len);
    assert_string_equal(o.last_member, "appended-flight-record-2.txt");
    assert_int_equal(flight_of(&o)->points, 10);
    outcome_done(&o);
    exact_copy_free(in);
    buffer_done(&one);
    buffer_done(&both);
    txt_builder_done(&t);
}

static void what_is_no_log_is_not_recognised(void **state)
{
    struct outcome o;
    uint8_t zeros[512] = { 0 }, black[512];

    (void)state;
    for (size_t i = 0; i < sizeof black; i += 4)
        memcpy(black + i, "\x01\x01\x01\xff", 4); /* dark RGBA frames like records */
    black[8] = 8;
    black[10] = 8;
    const struct { const void *at; size_t len; } inputs[] = {
        { "", 0 }, { "DJI", 3 }, { zeros, sizeof zeros }, { black, sizeof black },
        { "PK\3\4\x14\0\0\0\x08\0\x08\0", 12 },
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct bytes in = exact_copy(inputs[i].at, inputs[i].len);
        assert_false(dji_txt_recognise(in));
        exact_copy_free(in);
    }
    struct bytes none = exact_copy("", 0);
    read_bytes(&o, none);
    assert_int_equal(o.status, PARSE_INVALID);
    assert_int_equal(o.facts.count, 0);
    outcome_done(&o);
    exact_copy_free(none);
}

static void cut_everywhere(void **state)
{
    static const unsigned versions[] = { 4, 8, 12, 14 };

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct txt_builder t;

        txt_builder_init(&t, versions[i]);
        txt_moments(&t, 6);
        txt_home(&t, -5.25, 45.5);
        txt_app_gps(&t, -5.25, 45.5);
        txt_recover(&t, 10, "0TEST00001", "0CAMERA002");
        struct buffer file = txt_file(&t);
        int64_t before = 0;
        for (size_t len = 0; len < file.len; len++) {
            struct bytes in = exact_copy(file.at, len);
            struct outcome o;
            const bool known = dji_txt_recognise(in);

            read_bytes(&o, in);
            if (versions[i] != 12) /* which has nothing at its end that could be missed */
                assert_int_not_equal(o.status, PARSE_OK);
            if (o.status == PARSE_INVALID) {
                assert_int_equal(o.facts.count, 0);
                assert_false(known);
            } else {
                const int64_t points = flight_of(&o)->points;
                /* More bytes never give fewer points, but for the start that stands in for none. */
                assert_true(points >= before || before == 1);
                before = points;
            }
            outcome_done(&o);
            exact_copy_free(in);
        }
        buffer_done(&file);
        txt_builder_done(&t);
    }
}

/* One flipped bit costs one record, or the summary, and never the rest. */
static void flip_every_bit(void **state)
{
    struct txt_builder t;

    (void)state;
    txt_builder_init(&t, 8);
    txt_moments(&t, 12);
    txt_app_gps(&t, -5.25, 45.5);
    struct buffer file = txt_file(&t);
    for (size_t bit = 8 * 100; bit < 8 * file.len; bit += 3) {
        struct bytes in = exact_copy(file.at, file.len);
        struct outcome o;

        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(dji_txt_recognise(in));
        read_bytes(&o, in);
        const struct fact_flight *f = flight_of(&o);
        assert_in_range(f->points, 11, 12);
        if (bit > 8 * 200 && f->points > 0) /* behind two good fixes none can be sent astray */
            assert_true(f->bbox_north - f->bbox_south < 0.1 && f->bbox_east - f->bbox_west < 0.1);
        outcome_done(&o);
        exact_copy_free(in);
    }
    for (size_t bit = 0; bit < 8 * 100; bit++) { /* the prefix: anything, without harm */
        struct bytes in = exact_copy(file.at, file.len);
        struct outcome o;

        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        read_bytes(&o, in);
        outcome_done(&o);
        exact_copy_free(in);
    }
    buffer_done(&file);
    txt_builder_done(&t);
}

/* What examples/flight.py made, against its own table of the same flight. */
static void generated_logs_agree_with_their_table(void **state)
{
    static const unsigned versions[] = { 1, 4, 6, 7, 8, 12 };
    struct bytes table = file_bytes(source_path("test/flightlog/three-seconds.csv"));
    char *text = calloc(table.len + 1, 1);

    (void)state;
    assert_non_null(text);
    memcpy(text, table.at, table.len);
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char name[128];
        struct outcome o;
        size_t row = 0;

        snprintf(name, sizeof name, "test/corpus/flightlog/dji_txt/version-%u-three-seconds.txt", versions[i]);
        struct bytes in = file_bytes(source_path(name));
        assert_true(dji_txt_recognise(in));
        read_bytes(&o, in);
        assert_int_equal(o.status, PARSE_OK);
        for (char *line = strchr(text, '\n') + 1; *line; line = strchr(line, '\n') + 1, row++) {
            const struct fact_position *p = nth_of(&o, "aircraft", row);
            char *end;
            int64_t time;
            assert_non_null(p);
            assert_true(timestamp_parse((struct text){ line, 24 }, &time));
            assert_int_equal(p->time, time);
            assert_near(p->latitude_deg, strtod(line + 25, &end), 1e-9);
            assert_near(p->longitude_deg, strtod(end + 1, &end), 1e-9);
            assert_near(p->altitude_m, strtod(end + 1, NULL), 0.051);
        }
        assert_int_equal(row, flight_of(&o)->points);
        outcome_done(&o);
        exact_copy_free(in);
    }
    free(text);
    exact_copy_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_through_12_gives_every_position),
        cmocka_unit_test(encrypted_versions_give_the_summary_and_counts),
        cmocka_unit_test(plain_bodies_in_new_versions_are_read),
        cmocka_unit_test(what_the_app_said_and_what_it_ran_on),
        cmocka_unit_test(devices_and_identifiers),
        cmocka_unit_test(fixes_that_are_none_are_left_out_and_counted),
        cmocka_unit_test(times_without_a_clock_are_derived_or_unknown),
        cmocka_unit_test(clocks_that_cannot_be),
        cmocka_unit_test(pictures_are_given_away_with_their_places),
        cmocka_unit_test(a_log_that_was_never_closed_is_read),
        cmocka_unit_test(reading_goes_on_behind_damage),
        cmocka_unit_test(logs_behind_the_first_are_given_away),
        cmocka_unit_test(what_is_no_log_is_not_recognised),
        cmocka_unit_test(generated_logs_agree_with_their_table),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(flip_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
