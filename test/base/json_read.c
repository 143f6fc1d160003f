#include "support/support.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json_read.h"

struct seen {
    struct buffer text;
    size_t stop_after;
};

static bool note(void *user, const struct json_event *e)
{
    static const char *const kinds[] = { "text", "number", "boolean", "null", "{", "[", "}", "]" };
    struct seen *s = user;
    const struct text key = json_event_key(e);

    buffer_printf(&s->text, "%zu %.*s%s%s", e->depth, (int)key.len, key.len ? key.at : "", text_known(key) ? "=" : "",
                  kinds[e->kind]);
    if (e->kind == JSON_TEXT || e->kind == JSON_NUMBER)
        buffer_printf(&s->text, ":%.*s", (int)e->text.len, e->text.at);
    if (e->kind == JSON_BOOLEAN)
        buffer_printf(&s->text, ":%d", e->boolean);
    buffer_printf(&s->text, "@%u ", (unsigned)e->at.origin);
    return s->stop_after == 0 || --s->stop_after > 0;
}

static enum parse_status read_into(struct seen *s, const void *input, size_t len, uint64_t *ret_origin)
{
    const struct bytes copy = exact_copy(input, len);
    const enum parse_status status = json_read(copy, note, s, ret_origin);

    buffer_add_u8(&s->text, '\0');
    exact_copy_free(copy);
    return status;
}

static void expect(const char *input, enum parse_status want, const char *events)
{
    struct seen s = { .stop_after = 0 };

    buffer_init(&s.text, 1 << 20);
    assert_int_equal(read_into(&s, input, strlen(input), NULL), want);
    assert_string_equal((const char *)s.text.at, events);
    buffer_done(&s.text);
}

static void gives_every_value_with_its_key_and_place(void **state)
{
    (void)state;
    expect("{\"a\": [1, -2.5e3, true, null], \"b\\n\": \"x\\u0041\", \"\": false}", PARSE_OK,
           "0 {@0 1 a=[@6 2 number:1@7 2 number:-2.5e3@10 2 boolean:1@18 2 null@24 1 a=]@28 "
           "1 b\n=text:xA@46 1 =boolean:0@53 0 }@58 ");
    expect("\xef\xbb\xbf\"top\"", PARSE_OK, "0 text:top@4 ");
    expect("[\"\xff\"]", PARSE_OK, "0 [@0 1 text:\xff@2 0 ]@4 "); /* as it is */
}

static void says_how_it_ended(void **state)
{
    (void)state;
    expect("", PARSE_TRUNCATED, "");
    expect("[1,", PARSE_TRUNCATED, "0 [@0 1 number:1@1 ");
    expect("[1 2]", PARSE_INVALID, "0 [@0 1 number:1@1 ");
    expect("[\"\\x\"]", PARSE_INVALID, "0 [@0 ");
    expect("[\"a\nb\"]", PARSE_INVALID, "0 [@0 ");
    expect("{} x", PARSE_INVALID, "0 {@0 0 }@1 ");
}

static void depth_has_a_limit_and_no_recursion(void **state)
{
    char deep[200001];
    struct seen s = { .stop_after = 0 };
    uint64_t origin;

    (void)state;
    memset(deep, '[', sizeof deep);
    buffer_init(&s.text, 1 << 20);
    assert_int_equal(read_into(&s, deep, sizeof deep, &origin), PARSE_UNSUPPORTED);
    assert_int_equal(origin, JSON_DEPTH_MAX + 1);
    buffer_done(&s.text);
}

static bool find(void *user, const struct json_event *e)
{
    size_t *found = user;

    *found += json_event_is(e, 0, "a.b[]c") + 10u * json_event_is(e, 0, "a") +
              100u * (e->depth > 1 && json_event_is(e, 1, "b[]c"));
    assert_false(json_event_is(e, 0, "a.b[]"  "cc") || json_event_is(e, 0, ""));
    return true;
}

static void paths(void **state)
{
    static const char input[] = "{\"a\":{\"b\":[{\"c\":1,\"d\":2}]},\"a.b[]c\":3}";
    size_t found = 0;

    (void)state;
    assert_int_equal(
        json_read((struct bytes){ .at = (const uint8_t *)input, .len = sizeof input - 1 }, find, &found, NULL),
        PARSE_OK);
    assert_int_equal(found, 1 + 10 * 2 + 100); /* "a" opens and closes */
}

static void the_handler_may_stop(void **state)
{
    struct seen s = { .stop_after = 2 };

    (void)state;
    buffer_init(&s.text, 1 << 20);
    assert_int_equal(read_into(&s, "[1,2,3", 6, NULL), PARSE_OK);
    assert_string_equal((const char *)s.text.at, "0 [@0 1 number:1@1 ");
    buffer_done(&s.text);
}

static void every_cut_is_truncated(void **state)
{
    static const char input[] = "{\"a\": [1, {\"b\": \"\\ud83d\\ude00\"}, true, null], \"c\": \"x\"}";

    (void)state;
    for (size_t n = 0; n < sizeof input - 1; n++) {
        struct seen s = { .stop_after = 0 };
        buffer_init(&s.text, 1 << 20);
        assert_int_equal(read_into(&s, input, n, NULL), PARSE_TRUNCATED);
        buffer_done(&s.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_value_with_its_key_and_place),
        cmocka_unit_test(says_how_it_ended),
        cmocka_unit_test(depth_has_a_limit_and_no_recursion),
        cmocka_unit_test(paths),
        cmocka_unit_test(the_handler_may_stop),
        cmocka_unit_test(every_cut_is_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
