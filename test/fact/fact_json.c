#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact/fact_json.h"
#include "fact/position_line.h"

static char *row_as_json(enum fact_json_form form, enum fact_kind kind, const void *row)
{
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);
    struct json j;

    assert_non_null(out);
    json_init(&j, out, false);
    fact_json_row(&j, form, kind, row);
    fclose(out);
    return at;
}

static void groups_become_objects_and_arrays(void **state)
{
    struct fact_media media;

    (void)state;
    fact_init(FACT_MEDIA, &media);
    media.head.id = TEXT("media-0123456789ab-1");
    media.format = TEXT("jpeg");
    media.longitude_deg = 0.1;
    media.latitude_deg = -45;
    char *json = row_as_json(FACT_JSON_REPORT, FACT_MEDIA, &media);
    assert_string_equal(json, "{\"id\":\"media-0123456789ab-1\",\"evidence\":null,\"origin\":null,\"format\":\"jpeg\","
                              "\"taken\":null,\"taken_local\":null,\"time_basis\":null,\"position\":[0.1,-45,null],"
                              "\"alt_ref\":null,\"serials\":[],\"model\":null,\"timed_points\":null,\"note\":null}");
    free(json);
}

static void references_take_the_key_of_their_row(void **state)
{
    struct fact_request request;

    (void)state;
    fact_init(FACT_REQUEST, &request);
    request.head.id = TEXT("request-0123456789ab-4");
    request.flow = 12;
    char *json = row_as_json(FACT_JSON_FACTS, FACT_REQUEST, &request);
    assert_non_null(strstr(json, "{\"fact\":\"request\",\"id\":\"request-0123456789ab-4\""));
    assert_non_null(strstr(json, "\"flow\":\"flow-0123456789ab-12\""));
    free(json);
}

static void tls_without_anything_is_null(void **state)
{
    struct fact_flow flow;

    (void)state;
    fact_init(FACT_FLOW, &flow);
    char *json = row_as_json(FACT_JSON_REPORT, FACT_FLOW, &flow);
    assert_non_null(strstr(json, "\"tls\":null,\"quic\":null"));
    assert_null(strstr(json, "src_mac"));
    free(json);
    flow.tls_sni = TEXT("example.org");
    json = row_as_json(FACT_JSON_REPORT, FACT_FLOW, &flow);
    assert_non_null(strstr(json, "\"tls\":{\"version\":null,\"sni\":\"example.org\",\"alpn\":[]"));
    free(json);
}

static void hostile_text_stays_inside_its_string(void **state)
{
    struct fact_evidence e;

    (void)state;
    fact_init(FACT_EVIDENCE, &e);
    e.path = TEXT("</script>\"\\\x01\xe2\x80\xa8\xff");
    char *json = row_as_json(FACT_JSON_REPORT, FACT_EVIDENCE, &e);
    assert_non_null(strstr(json, "\"path\":\"\\u003c/script\\u003e\\\"\\\\\\u0001\\u2028\\ufffd\""));
    free(json);
}

static void lists_and_origins_read_back(void **state)
{
    struct arena *arena = arena_new(0);
    struct text_list list;
    struct fact_origin origin;

    (void)state;
    assert_true(fact_json_read_list(TEXT("[\"a\",\"\\u00e9\\n\\\"\",\"\"]"), arena, &list));
    assert_int_equal(list.count, 3);
    assert_text_equal(list.items[1], "\xc3\xa9\n\"");
    assert_false(fact_json_read_list(TEXT("[\"a\""), arena, &list));
    assert_false(fact_json_read_list(TEXT("[\"a\\"), arena, &list));
    assert_false(fact_json_read_list(TEXT("[\"\\u12"), arena, &list));
    assert_true(fact_json_read_origin(TEXT("{\"offset\":12,\"packets\":[3,4],\"rows\":[\"x\"]}"), arena, &origin));
    assert_int_equal(origin.offset, 12);
    assert_int_equal(origin.packet_last, 4);
    assert_int_equal(origin.length, FACT_UNKNOWN_INT);
    assert_int_equal(origin.rows.count, 1);
    assert_false(fact_json_read_origin(TEXT("{\"offset\":12"), arena, &origin));
    arena_free(arena);
}

static const char KEY[] = "0123456789ab";

/* Both ways of writing it give the same line; `fast` is whether the short way takes it. */
static void assert_same_line(struct position_line *l, struct fact_position *p, bool fast)
{
    char line[POSITION_LINE_MAX], id[64];
    const size_t len = position_line_put(l, p, KEY, line);

    assert_int_equal(len > 0, fast);
    if (!fast)
        return;
    snprintf(id, sizeof id, "position-%s-%lld", KEY, (long long)p->head.number);
    p->head.id = text_of(id);
    char *json = row_as_json(FACT_JSON_FACTS, FACT_POSITION, p);
    assert_int_equal(len, strlen(json) + 1);
    assert_memory_equal(line, json, len - 1);
    assert_int_equal(line[len - 1], '\n');
    free(json);
    p->head.id = TEXT_UNKNOWN;
}

static void a_position_is_one_line_however_it_is_written(void **state)
{
    static const struct text steps[2] = { TEXT_INIT("DJI record unmasking (XOR)"), TEXT_INIT("AES") };
    static const int64_t times[] = { 0, -1, 1715679000000000000, 1715679000100000000, 1715679000100200000,
                                     1715679000100200300,
                                     1715679059999999999, -1000000, FACT_UNKNOWN_INT, 1715679060000000000 };
    struct position_line l;
    struct fact_position p;

    (void)state;
    position_line_init(&l);
    fact_init(FACT_POSITION, &p);
    p.head.number = 1;
    assert_same_line(&l, &p, false); /* without an offset */
    p.head.origin = fact_origin_at(0, 55);
    assert_same_line(&l, &p, true);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        p.head.number = (int64_t)i * 1000000007 + 1;
        p.head.origin.offset = (int64_t)i << 30;
        p.time = times[i];
        p.longitude_deg = -180 + (double)i / 3;
        p.latitude_deg = (double)i / 1e7;
        p.altitude_m = i % 3 ? (double)i * -12.5 : FACT_UNKNOWN_REAL;
        assert_same_line(&l, &p, true);
        p.flight = i % 4 ? 12 : FACT_UNKNOWN_INT;
        p.media = i % 5 ? FACT_UNKNOWN_INT : 3;
        p.subject = i % 2 ? TEXT("aircraft") : TEXT("operator");
        p.time_basis = i % 3 ? TEXT("utc") : TEXT_UNKNOWN;
        p.alt_ref = i % 3 ? TEXT("takeoff") : TEXT_UNKNOWN;
        p.time_local = i % 2 ? TEXT("2024-05-14T09:30:00.100") : TEXT("");
        p.head.origin.steps = (struct text_list){ steps, i % 2 };
        p.roll_deg = i % 3 ? -0.0 : FACT_UNKNOWN_REAL;
        p.yaw_deg = i % 3 == 2 ? INFINITY : FACT_UNKNOWN_REAL;
        p.head.evidence = i % 2
            ? TEXT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef") : TEXT_UNKNOWN;
        assert_same_line(&l, &p, true);
        assert_same_line(&l, &p, true);
    }
    p.subject = TEXT("<b>");
    assert_same_line(&l, &p, false);
    p.subject = TEXT("aircraft");
    assert_same_line(&l, &p, true);
    p.time_local = TEXT("\x1b[2J");
    assert_same_line(&l, &p, false);
    p.time_local = TEXT_UNKNOWN;
    p.head.origin.steps = (struct text_list){ steps, 2 };
    assert_same_line(&l, &p, false);
    p.head.origin.steps = (struct text_list){ NULL, 0 };
    p.head.origin.packet_first = 7;
    assert_same_line(&l, &p, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_become_objects_and_arrays),
        cmocka_unit_test(references_take_the_key_of_their_row),
        cmocka_unit_test(tls_without_anything_is_null),
        cmocka_unit_test(hostile_text_stays_inside_its_string),
        cmocka_unit_test(lists_and_origins_read_back),
        cmocka_unit_test(a_position_is_one_line_however_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
