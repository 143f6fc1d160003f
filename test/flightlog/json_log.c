#include "flightlog/text_log.h"

#include <math.h>
#include <string.h>

#include "flightlog/json_log.h"
#include "flightlog/log_builder.h"

#define READ(o, text) log_read_text(o, json_log_read, "flight-json", text, sizeof text - 1)

/* The names stand behind the rows, as exporters write them. */
static const char gutma[] =
    "{\"exchange\": {\"exchange_type\": \"flight_logging\", \"message\": {\n"
    "\"flight_data\": {\"aircraft\": {\"manufacturer\": \"Maker\", \"model\": \"M1\", \"name\": \"A drone\", \"serial_number\": \"EX-01\", \"firmware_version\": \"2.01b\"},\n"
    "\"gcs\": {\"manufacturer\": \"Maker\", \"model\": \"Ground\", \"version\": \"1.1\"}, \"payload\": [{\"model\": \"Cam\", \"serial_number\": \"C-1\"}], \"project\": \"Test\"},\n"
    "\"flight_logging\": {\"flight_logging_items\": [[0.5, -5.25, 45.5, 100, 0], [1, 0, 0, 0, 0], [1.5, -5.26, 45.6, 101.5, 2], [2, null, null, 0, 0]],\n"
    "\"flight_logging_keys\": [\"timestamp\", \"gps_lon\", \"gps_lat\", \"gps_altitude\", \"speed\"],\n"
    "\"altitude_system\": \"WGS84\", \"logging_start_dtg\": \"2017-05-16T13:19:25.250Z\"}, \"message_type\": \"flight_logging_submission\"}}}\n";

static const char parrot[] =
    "{\"details_headers\": [\"time\", \"battery_level\", \"controller_gps_latitude\", \"controller_gps_longitude\", \"product_gps_available\","
    " \"product_gps_longitude\", \"product_gps_latitude\", \"altitude\"],\n"
    "\"details_data\": [[1000, 90, 45.4, -5.2, true, -5.25, 45.5, 1200], [2000, 90, 45.4, -5.2, true, 500, 500, 0], [3000, 90, 45.41, -5.2, true, -5.26, 45.6, 0]],\n"
    "\"version\": \"1.2\", \"date\": \"2018-11-10T094343-0500\", \"product_name\": \"Anafi\", \"serial_number\": \"PIEXAMPLE\", \"uuid\": \"61E6\","
    " \"controller_model\": \"RC\", \"controller_application\": \"PIEXAMPLE000002764,1.2.0\", \"software_version\": \"1.2.1\"}";

/* Yuneec's DataPilot for the service Skyward: texts for numbers, dates for times, the payload an object, empty
 * texts. */
static void gutma_with_dates(void **state)
{
    static const char text[] =
        "{\"exchange\": {\"exchange_type\": \"flight_logging\", \"message\": {\"flight_data\": {\"aircraft\": {\"serial_number\": \"0TESTEXAMPLE0001\", "
        "\"manufacturer\": \"Yuneec\", \"name\": \"\"}, \"logfile_device_origin\": {\"device_ssid\": \"TEST-NETWORK-1\"}, "
        "\"remote_controller\": {\"serial_number\": \"0RTESTCONTROL01\"}, \"payload\": {\"gimbal\": {\"serial_number\": \"\"}, "
        "\"camera\": {\"serial_number\": \"0CTESTCAMERA01\", \"model\": \"E90\"}}}, \"flight_logging\": {\"flight_logging_items\": [\n"
        "[\"2024-05-14T09:30:00.250Z\", \"-5.250000\", \"45.500000\", \"100.500\"],\n[\"2024-05-14T09:30:00.500\", \"-5.250000\", \"45.500100\", \"101.500\"],\n"
        "[\"soon\", \"-5.250000\", \"45.500200\", \"101.500\"]], "
        "\"flight_logging_keys\": [\"timestamp\", \"aircraft_lon\", \"aircraft_lat\", \"aircraft_altitude\"], \"altitude_system\": \"WGS84\", "
        "\"logging_start_dtg\": \"2024-05-14T09:30:00.000Z\"}}}}";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(log_flight(&o, 0)->points, 3);
    const struct fact_position *p = log_position(&o, "aircraft", 0);
    assert_place(p, -5.25, 45.5);
    assert_true(fabs(p->altitude_m - 100.5) < 1e-9);
    assert_int_equal(p->time, log_time("2024-05-14T09:30:00.250Z"));
    assert_text_equal(p->time_basis, "utc");
    p = log_position(&o, "aircraft", 1); /* without its zone */
    assert_int_equal(p->time, FACT_UNKNOWN_INT);
    assert_text_equal(p->time_local, "2024-05-14T09:30:00.500");
    p = log_position(&o, "aircraft", 2); /* not the time of the row before */
    assert_int_equal(p->time, FACT_UNKNOWN_INT);
    assert_false(text_known(p->time_local));
    assert_true(log_has_identifier(&o, "serial", "0RTESTCONTROL01"));
    assert_true(log_has_identifier(&o, "serial", "0CTESTCAMERA01"));
    assert_true(log_has_identifier(&o, "ssid", "TEST-NETWORK-1"));
    assert_true(log_says(log_flight(&o, 0), "a form that is untested on real files."));
    log_cut_everywhere(json_log_read, json_log_recognise, text, sizeof text - 1);
    log_done(&o);
}

static void gutma_by_its_keys(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, gutma);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_text_equal(f->format, "gutma");
    assert_text_equal(f->aircraft_serial, "EX-01");
    assert_int_equal(f->points, 2);
    assert_int_equal(f->start, log_time("2017-05-16T13:19:25.750Z"));
    assert_text_equal(f->alt_ref, "ellipsoid");
    assert_text_equal(f->app_version, "1.1");
    assert_place(log_position(&o, "aircraft", 1), -5.26, 45.6);
    assert_true(fabs(log_position(&o, "aircraft", 1)->altitude_m - 101.5) < 1e-9);
    assert_text_equal(log_position(&o, "aircraft", 1)->time_basis, "derived");
    assert_int_equal(log_position(&o, "aircraft", 0)->head.origin.offset, strstr(gutma, "[0.5") - gutma);
    assert_int_equal(log_position(&o, "aircraft", 0)->head.origin.length, strlen("[0.5, -5.25, 45.5, 100, 0]"));
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 3);
    assert_true(log_has_identifier(&o, "serial", "C-1"));
    assert_true(log_says(f, "1 positions without a fix (0/0) left out."));
    assert_true(log_says(f, "1 rows hold no position."));
    log_done(&o);
}

static void parrot_with_the_operator(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, parrot);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_text_equal(f->format, "parrot-json");
    assert_int_equal(f->points, 2);
    assert_int_equal(f->start, log_time("2018-11-10T14:43:44Z"));
    assert_int_equal(f->operator_points, 2);
    assert_place(log_position(&o, "operator", 0), -5.2, 45.4);
    assert_true(isnan(log_position(&o, "aircraft", 0)->altitude_m));
    assert_true(log_has_identifier(&o, "serial", "PIEXAMPLE000002764"));
    assert_true(log_says(f, "untested on real files"));
    assert_true(log_says(f, "1 positions outside the globe left out."));
    log_done(&o);
}

static void wrapped_once_more(void **state)
{
    static const char text[] = "{\"gutma\": {\"exchange\": {\"message\": {\"flight_logging\": {\"flight_logging_keys\": [\"gps_lat\", \"gps_lon\", \"timestamp\"],"
                               " \"flight_logging_items\": [[45.5, -5.25, 1500000000.25]]}}}}}";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_place(log_position(&o, "aircraft", 0), -5.25, 45.5);
    assert_int_equal(log_position(&o, "aircraft", 0)->time, log_time("2017-07-14T02:40:00.25Z"));
    log_done(&o);
}

static void cut_in_a_row(void **state)
{
    const size_t len = (size_t)(strstr(parrot, "[3000") + 8 - parrot);
    struct log_outcome o;

    (void)state;
    log_read_text(&o, json_log_read, "flight-json", parrot, len);
    assert_int_equal(log_flight(&o, 0)->points, 1);
    assert_int_equal(o.reading.damage_count, 1);
    assert_true(log_says(log_flight(&o, 0), "When it began is not told"));
    log_done(&o);
}

/* Parrot's older form: the document describes rows that follow it in binary. */
static const char pud_head[] =
    "{\"version\": \"1.0\", \"date\": \"2014-11-30T160423+0000\", \"product_name\": \"Bebop\", \"serial_number\": \"PIEXAMPLE2\", \"details_headers\": ["
    "{\"name\": \"time\", \"type\": \"integer\", \"size\": 4}, {\"size\": 4, \"type\": \"integer\", \"name\": \"battery_level\"},"
    "{\"name\": \"controller_gps_longitude\", \"type\": \"double\", \"size\": 8}, {\"name\": \"controller_gps_latitude\", \"type\": \"double\", \"size\": 8},"
    "{\"name\": \"product_gps_available\", \"type\": \"boolean\", \"size\": 1}, {\"name\": \"product_gps_longitude\", \"type\": \"double\", \"size\": 8},"
    "{\"name\": \"product_gps_latitude\", \"type\": \"double\", \"size\": 8}, {\"name\": \"speed_vx\", \"type\": \"float\", \"size\": 4}]}";
enum { PUD_ROW = 4 + 4 + 8 + 8 + 1 + 8 + 8 + 4, PUD_ROWS = 12 };

/* Rows of one second each, of which some are replaced. */
static size_t put_rows(char *to, size_t room, int damaged_row, const char *damage, int missing)
{
    int len = snprintf(to, room, "{\"exchange\":{\"exchange_type\":\"flight_logging\",\"message\":{\"flight_logging\":{\"logging_start_dtg\":"
                       "\"2017-05-16T13:00:00Z\",\"flight_logging_keys\":[\"timestamp\",\"gps_lon\",\"gps_lat\"],\"flight_logging_items\":[");

    for (int i = 0; i < 40; i++) {
        if (i == damaged_row)
            len += snprintf(to + len, room - (size_t)len, "%s", damage);
        if (i < damaged_row || i >= damaged_row + missing)
            len += snprintf(to + len, room - (size_t)len, "[%d,-5.%02d,45.5]%s", i, i, i < 39 ? "," : "]}}}}");
    }
    return (size_t)len;
}

/* Behind what is no JSON, or opens a row within a row, rows are read on; what is missing is told in seconds. */
static void rows_behind_damage(void **state)
{
    static const struct { const char *damage; int missing; size_t points; bool seconds; } cases[] = {
        { "", 0, 40, false },
        { "[20,-5.2\x01\x02\xff{{\"", 1, 39, true },       /* noise */
        { "[20,-5.2,[4", 2, 38, true },                       /* a row begins within a row */
        { "[20,-5.20,45.5],]]]},", 3, 38, true },             /* the list ends */
        { "[20,-5.20],", 1, 39, true },                       /* a value is missing */
        { "", 6, 34, false },                                 /* whole rows are: only the times show it */
    };
    char text[4096];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t len = put_rows(text, sizeof text, 20, cases[i].damage, cases[i].missing);
        struct log_outcome o;
        bool seconds = false;
        log_read_text(&o, json_log_read, "flight-json", text, len);
        assert_int_equal(log_count(&o, "aircraft"), cases[i].points);
        assert_place(log_position(&o, "aircraft", cases[i].points - 1), -5.39, 45.5);
        for (int64_t n = 0; n < o.reading.damage_count; n++)
            seconds |= memmem(log_damage(&o, (size_t)n)->statement.at, log_damage(&o, (size_t)n)->statement.len,
                              " s pass", 7) != NULL;
        assert_int_equal(seconds, cases[i].seconds);
        assert_int_equal(o.reading.damage_count > 0, *cases[i].damage != '\0');
        assert_int_equal(log_says(log_flight(&o, 0), "about 6 positions would stand"), cases[i].missing == 6);
        log_done(&o);
    }
}

/* The names of the columns stand ahead of the rows, and damage ahead of both. */
static void names_behind_damage(void **state)
{
    char text[4096];
    struct log_outcome o;

    (void)state;
    const size_t len = put_rows(text, sizeof text, 99, "", 0);
    memcpy(strstr(text, "2017-05"), "20\"7-05", 7);
    log_read_text(&o, json_log_read, "flight-json", text, len);
    assert_int_equal(log_count(&o, "aircraft"), 40);
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
}

static void put_pud_row(struct buffer *b, uint32_t ms, double longitude, double latitude)
{
    put_u32(b, ms);
    put_u32(b, 90);
    put_f64(b, -5.2);
    put_f64(b, 45.4);
    buffer_add_u8(b, 1);
    put_f64(b, longitude);
    put_f64(b, latitude);
    put_f32(b, 1.5f);
}

static struct buffer pud_file(void)
{
    struct buffer b;

    buffer_init(&b, 1 << 16);
    buffer_add(&b, pud_head, sizeof pud_head); /* its NUL, too */
    for (unsigned i = 0; i < PUD_ROWS; i++)
        put_pud_row(&b, 500 + 33 * i, -5.25, i == 1 ? 500 : 45.5 + 0.001 * i);
    return b;
}

static void parrots_rows_behind_the_document(void **state)
{
    struct buffer b = pud_file();
    struct log_outcome o;

    (void)state;
    log_read_text(&o, json_log_read, "flight-json", (const char *)b.at, b.len);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.reading.damage_count, 0);
    assert_text_equal(f->format, "parrot-pud");
    assert_text_equal(f->aircraft_serial, "PIEXAMPLE2");
    assert_int_equal(f->points, PUD_ROWS - 1);
    assert_int_equal(f->operator_points, 1);
    assert_int_equal(log_position(&o, "aircraft", 1)->time, log_time("2014-11-30T16:04:23.566Z"));
    assert_place(log_position(&o, "aircraft", 1), -5.25, 45.502);
    assert_int_equal(log_position(&o, "aircraft", 1)->head.origin.offset, sizeof pud_head + 2 * PUD_ROW);
    assert_int_equal(log_position(&o, "aircraft", 1)->head.origin.length, PUD_ROW);
    log_done(&o);
    buffer_done(&b);
}

static void parrots_rows_and_damage(void **state)
{
    struct buffer b = pud_file(), noisy;
    struct log_outcome o;

    (void)state;
    /* bytes missing within a row: all others are read */
    buffer_init(&noisy, 1 << 16);
    buffer_add(&noisy, b.at, sizeof pud_head + 3 * PUD_ROW + 10);
    buffer_add(&noisy, b.at + sizeof pud_head + 3 * PUD_ROW + 17, b.len - sizeof pud_head - 3 * PUD_ROW - 17);
    log_read_text(&o, json_log_read, "flight-json", (const char *)noisy.at, noisy.len);
    assert_int_equal(log_flight(&o, 0)->points, PUD_ROWS - 2);
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
    /* a clock that is wrong in one row */
    b.at[sizeof pud_head + 5 * PUD_ROW + 3] ^= 0x20;
    log_read_text(&o, json_log_read, "flight-json", (const char *)b.at, b.len);
    assert_int_equal(log_flight(&o, 0)->points, PUD_ROWS - 2);
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
    /* cut within its last row */
    log_read_text(&o, json_log_read, "flight-json", (const char *)b.at, b.len - 5);
    assert_int_equal(log_flight(&o, 0)->points, PUD_ROWS - 3);
    assert_int_equal(o.reading.damage_count, 2);
    log_done(&o);
    /* a type that nobody described */
    char *type = memmem(b.at, b.len, "float", 5);
    memcpy(type, "fluid", 5);
    log_read_text(&o, json_log_read, "flight-json", (const char *)b.at, b.len);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
    buffer_done(&noisy);
    buffer_done(&b);
}

static void other_documents_are_none(void **state)
{
    static const char *const texts[] = { "{}", "", "[]", "{\"exchange\": 1}", "{\"exchange\": {\"exchange_type\": \"weather\"}}", "{\"bomFormat\": \"CycloneDX\"}",
                                         "{\"details\": {\"details_data\": []}}", "\"details_headers\"", "details_headers" };

    (void)state;
    log_take_none(json_log_read, json_log_recognise, texts, sizeof texts / sizeof *texts);
}

static void cut_everywhere(void **state)
{
    (void)state;
    log_cut_everywhere(json_log_read, json_log_recognise, gutma, sizeof gutma - 1);
    log_cut_everywhere(json_log_read, json_log_recognise, parrot, sizeof parrot - 1);
    struct buffer b = pud_file();
    log_cut_everywhere(json_log_read, json_log_recognise, (const char *)b.at, b.len);
    buffer_done(&b);
}

/* The published example, with what its own text says. */
static void real_example(void **state)
{
    struct log_outcome o;

    (void)state;
    struct bytes in = log_read_sample(&o, json_log_read, "flight-json", "GUTMA_flight_log_example_v1.json");
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(f->points, 3);
    assert_place(log_position(&o, "aircraft", 0), 6.5431337999999997, 46.687659199999999);
    assert_place(log_position(&o, "aircraft", 2), 6.5429424000000003, 46.6879116);
    assert_int_equal(f->start, log_time("2017-05-16T13:19:25.750Z"));
    assert_int_equal(f->end, log_time("2017-05-16T13:19:26.750Z"));
    assert_true(log_has_identifier(&o, "serial", "EB-99-01807"));
    assert_true(log_has_identifier(&o, "serial", "2352342141"));
    log_done(&o);
    exact_copy_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gutma_by_its_keys),
        cmocka_unit_test(gutma_with_dates),
        cmocka_unit_test(parrot_with_the_operator),
        cmocka_unit_test(wrapped_once_more),
        cmocka_unit_test(cut_in_a_row),
        cmocka_unit_test(rows_behind_damage),
        cmocka_unit_test(names_behind_damage),
        cmocka_unit_test(parrots_rows_behind_the_document),
        cmocka_unit_test(parrots_rows_and_damage),
        cmocka_unit_test(other_documents_are_none),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(real_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
