#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact/fact_json.h"

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
                              "\"alt_ref\":null,\"serials\":[],\"model\":null,\"timed_points\":null}");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_become_objects_and_arrays),
        cmocka_unit_test(references_take_the_key_of_their_row),
        cmocka_unit_test(tls_without_anything_is_null),
        cmocka_unit_test(hostile_text_stays_inside_its_string),
        cmocka_unit_test(lists_and_origins_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
