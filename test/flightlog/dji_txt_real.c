#include "flightlog/txt_outcome.h"

#include "base/text.h"
#include "base/timestamp.h"

/* Real logs, against tables that other programs made of them. */

static const char *truth_value(struct bytes truth, const char *key)
{
    char quoted[64];
    const int n = snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = memmem(truth.at, truth.len, quoted, (size_t)n);

    if (!found)
        fail_msg("no %s in the truth", key);
    found += n;
    while (*found == ' ' || *found == '\n' || *found == '[')
        found++;
    return found;
}

static double truth_number(struct bytes truth, const char *key)
{
    return strtod(truth_value(truth, key), NULL);
}

static bool truth_is_text(struct bytes truth, const char *key, struct text got)
{
    const char *want = truth_value(truth, key) + 1;
    const size_t len = (size_t)(strchr(want, '"') - want);

    if (len == 0)
        return !text_known(got) || got.len == 0;
    return text_equal(got, (struct text){ want, len });
}

static const struct fact_device *device_of(const struct outcome *o, const char *role)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_device *d = o->facts.rows[i].row;
        if (o->facts.rows[i].kind == FACT_DEVICE && text_equal(d->role, text_of(role)))
            return d;
    }
    return NULL;
}

static void check_details(const struct outcome *o, struct bytes truth)
{
    const struct fact_flight *f = flight_of(o);
    const struct fact_device *camera = device_of(o, "camera"), *controller = device_of(o, "controller"),
                             *battery = device_of(o, "battery");
    int64_t start;
    const char *at = truth_value(truth, "startTime") + 1;

    assert_true(timestamp_parse((struct text){ at, (size_t)(strchr(at, '"') - at) }, &start));
    assert_int_equal(f->start, start);
    assert_near(f->duration_s, truth_number(truth, "totalTime"), 1e-6);
    assert_true(truth_is_text(truth, "aircraftSn", f->aircraft_serial));
    assert_true(truth_is_text(truth, "aircraftName", device_of(o, "aircraft")->name));
    assert_true(truth_is_text(truth, "cameraSn", camera ? camera->serial : TEXT_UNKNOWN));
    assert_true(truth_is_text(truth, "rcSn", controller->serial));
    if (battery)
        assert_true(truth_is_text(truth, "batterySn", battery->serial));
    assert_true(truth_is_text(truth, "appVersion", f->app_version));
    assert_near(f->first_longitude_deg, truth_number(truth, "longitude"), 1e-9);
    assert_near(f->first_latitude_deg, truth_number(truth, "latitude"), 1e-9);
}

/* Reads a sample; its truth is in `truth` (NUL-terminated), freed by the caller. */
static void read_sample(struct outcome *o, const char *name, struct bytes *truth)
{
    char below[256];

    snprintf(below, sizeof below, "flightlog/%s", name);
    struct bytes in = file_bytes(sample_path(below));
    assert_true(dji_txt_recognise(in));
    read_bytes(o, in);
    exact_copy_free(in);

    snprintf(below, sizeof below, "flightlog/%s.truth.json", name);
    struct bytes json = file_bytes(sample_path(below));
    char *text = calloc(json.len + 1, 1);
    assert_non_null(text);
    memcpy(text, json.at, json.len);
    *truth = (struct bytes){ .at = (const uint8_t *)text, .len = json.len };
    exact_copy_free(json);
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

/* Every row of the table is one aircraft position, in order. */
static void check_path(const struct outcome *o, const char *csv)
{
    char below[256];
    size_t row = 0, at = 0;

    snprintf(below, sizeof below, "flightlog/%s", csv);
    struct bytes file = file_bytes(sample_path(below));
    char *text = calloc(file.len + 1, 1);
    assert_non_null(text);
    memcpy(text, file.at, file.len);
    assert_memory_equal(text, "latitude,longitude,", 19);
    for (const char *line = next_line(text); *line; line = next_line(line), row++) {
        char *end;
        const double latitude = strtod(line, &end), longitude = strtod(end + 1, NULL);
        const struct fact_position *p;

        do {
            assert_true(at < o->facts.count);
            p = o->facts.rows[at].row;
        } while (o->facts.rows[at++].kind != FACT_POSITION || !text_equal(p->subject, TEXT("aircraft")));
        assert_near(p->latitude_deg, latitude, 1e-9);
        assert_near(p->longitude_deg, longitude, 1e-9);
        assert_text_equal(p->time_basis, "utc");
    }
    assert_int_equal(row, flight_of(o)->points);
    free(text);
    exact_copy_free(file);
}

static void outcome_and_truth_done(struct outcome *o, struct bytes truth)
{
    free((void *)(uintptr_t)truth.at);
    outcome_done(o);
}

static void real_version_4(void **state)
{
    struct outcome o;
    struct bytes truth;

    (void)state;
    read_sample(&o, "DJIFlightRecord_2015-12-29_[19-05-48].txt", &truth);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    check_details(&o, truth);
    assert_int_equal(f->points, (int)truth_number(truth, "OSD")); /* the peer drops the last frame */
    assert_int_equal(f->points, (int)truth_number(truth, "recordLineCount"));
    assert_int_equal(subject_count(&o, "home"), (int)truth_number(truth, "Home"));
    assert_int_equal(o.members, (int)truth_number(truth, "JPEG"));
    assert_near(f->bbox_south, truth_number(truth, "bbox"), 1e-9);
    assert_near(f->home_latitude_deg, truth_number(truth, "home"), 1e-9);
    assert_int_equal(f->operator_points, 0);
    assert_true(says(f, "872 of type 1 (flight state)") && says(f, "174 of type 6") && says(f, "87 of type 11"));
    outcome_and_truth_done(&o, truth);
}

static void real_version_7(void **state)
{
    struct outcome o;
    struct bytes truth;

    (void)state;
    read_sample(&o, "DJIFlightRecord_2016-09-15_[13-51-18].txt", &truth);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    check_details(&o, truth);
    check_path(&o, "2016-09-15_13-51-19_Standard.csv");
    assert_int_equal(flight_of(&o)->points, (int)truth_number(truth, "rows"));
    assert_int_equal(flight_of(&o)->operator_points, (int)truth_number(truth, "AppGPS"));
    assert_int_equal(o.members, (int)truth_number(truth, "JPEG"));
    assert_non_null(identifier_of(&o, "place", "Connecticut"));
    outcome_and_truth_done(&o, truth);
}

static void real_version_8(void **state)
{
    struct outcome o;
    struct bytes truth;

    (void)state;
    read_sample(&o, "DJIFlightRecord_2016-09-26_[14-27-11].txt", &truth);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    check_details(&o, truth);
    check_path(&o, "2016-09-26_14-27-12_Standard.csv");
    assert_int_equal(flight_of(&o)->points, (int)truth_number(truth, "rows"));
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 4); /* records and summary name the same ones */
    outcome_and_truth_done(&o, truth);
}

static void check_version_14(const char *name, unsigned members)
{
    struct outcome o;
    struct bytes truth;

    read_sample(&o, name, &truth);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    check_details(&o, truth);
    assert_true(f->encrypted_records > 0);
    assert_true(says(f, "path itself is encrypted"));
    assert_int_equal(o.members, members);
    outcome_and_truth_done(&o, truth);
}

static void real_version_14_mini(void **state)
{
    (void)state;
    check_version_14("DJIFlightRecord_2021-09-05_[19-23-47].txt", 8);
}

static void real_version_14_matrice(void **state)
{
    (void)state;
    check_version_14("DJIFlightRecord_2023-10-12_[17-14-49].txt", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_version_4),
        cmocka_unit_test(real_version_7),
        cmocka_unit_test(real_version_8),
        cmocka_unit_test(real_version_14_mini),
        cmocka_unit_test(real_version_14_matrice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
