#include "support/support.h"

#include <string.h>

#include "fake_conversation.h"
#include "hello.h"
#include "protocol/socks.h"

static struct fake_conversation fake;
static struct kept_facts kept;

static void turn(enum direction d, const void *at, size_t len, size_t step)
{
    fake_stream(&fake, d, (struct bytes){ .at = at, .len = len }, step);
}

static const struct {
    const char *name;
    struct { enum direction d; const char *at; size_t len; } turns[6];
    const char *host;
} rows[] = {
    { "4, to an address", { { DIRECTION_OUT, "\4\1\1\xbb\xcb\0\x71\5user\0", 13 }, { DIRECTION_IN, "\0\x5a\0\0\0\0\0\0", 8 } },
      "drone.example" },
    { "4a, to a name", { { DIRECTION_OUT, "\4\1\1\xbb\0\0\0\1\0far.example\0", 21 }, { DIRECTION_IN, "\0\x5a\0\0\0\0\0\0", 8 } },
      "drone.example" },
    { "5, no password", { { DIRECTION_OUT, "\5\2\0\2", 4 }, { DIRECTION_IN, "\5\0", 2 },
      { DIRECTION_OUT, "\5\1\0\3\x0b" "far.example\1\xbb", 18 }, { DIRECTION_IN, "\5\0\0\1\0\0\0\0\0\0", 10 } }, "drone.example" },
    { "5, password", { { DIRECTION_OUT, "\5\1\2", 3 }, { DIRECTION_IN, "\5\2", 2 }, { DIRECTION_OUT, "\1\1u\2pw", 6 },
      { DIRECTION_IN, "\1\0", 2 }, { DIRECTION_OUT, "\5\1\0\1\xcb\0\x71\5\1\xbb", 10 },
      { DIRECTION_IN, "\5\0\0\1\0\0\0\0\0\0", 10 } }, "drone.example" },
};

static void tls_behind_every_version(void **state)
{
    struct buffer record;

    (void)state;
    buffer_init(&record, 1 << 16);
    put_hello_record(&record);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 0; step < 30; step++) {
            size_t before = 0;
            kept_facts_init(&kept);
            fake_begin(&fake, &socks_protocol, &kept.sink, true, 1080);
            for (size_t t = 0; t < 6 && rows[i].turns[t].at; t++) {
                turn(rows[i].turns[t].d, rows[i].turns[t].at, rows[i].turns[t].len, step);
                before += rows[i].turns[t].d == DIRECTION_OUT ? rows[i].turns[t].len : 0;
            }
            fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&record), step);
            fake_end(&fake);
            assert_text_equal(fake.c.row.tls_sni, "drone.example");
            assert_text_equal(fake.c.row.tls_ja4, "t" HELLO_JA4_TAIL);
            assert_text_equal(fake.c.row.host, rows[i].host);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, before + record.len);
            fake_done(&fake);
            kept_facts_done(&kept);
        }
    }
    buffer_done(&record);
}

static void http_behind_every_version(void **state)
{
    static const char request[] = "GET /x HTTP/1.1\r\nHost: far.example\r\n\r\n",
        answer[] = "HTTP/1.1 204 No Content\r\n\r\n";

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 0; step < 30; step++) {
            kept_facts_init(&kept);
            fake_begin(&fake, &socks_protocol, &kept.sink, true, 1080);
            for (size_t t = 0; t < 6 && rows[i].turns[t].at; t++)
                turn(rows[i].turns[t].d, rows[i].turns[t].at, rows[i].turns[t].len, step);
            turn(DIRECTION_OUT, request, sizeof request - 1, step);
            turn(DIRECTION_IN, answer, sizeof answer - 1, step);
            fake_end(&fake);
            assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
            const struct fact_request *r = kept_facts_row(&kept, FACT_REQUEST, 0);
            assert_text_equal(r->host, "far.example");
            assert_text_equal(r->path, "/x");
            assert_int_equal(r->status, 204);
            assert_text_equal(fake.c.row.host, "far.example");
            fake_done(&fake);
            kept_facts_done(&kept);
        }
    }
}

static void what_is_no_tls_is_searched_as_it_is(void **state)
{
    struct buffer got;

    (void)state;
    buffer_init(&got, 1 << 16);
    kept_facts_init(&kept);
    fake_begin(&fake, &socks_protocol, &kept.sink, true, 1080);
    turn(DIRECTION_OUT, "\4\1\0\x50\0\0\0\1\0far.example\0", 21, 0);
    turn(DIRECTION_IN, "\0\x5a\0\0\0\0\0\0", 8, 0);
    turn(DIRECTION_OUT, "serial 1581F", 12, 1);
    fake_end(&fake);
    fake_view_bytes(&fake, "socks", &got);
    assert_text_equal(buffer_text(&got), "serial 1581F");
    fake_view_bytes(&fake, "socks request", &got);
    assert_int_equal(got.len, 21);
    assert_text_equal(fake.c.row.host, "far.example");
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, 21);
    fake_done(&fake);
    kept_facts_done(&kept);
    buffer_done(&got);
}

static void told_by_its_first_message(void **state)
{
    static const struct { const char *at; size_t len; enum recognition want; } heads[] = {
        { "\5", 1, RECOGNISED_MAYBE }, { "\5\1\0", 3, RECOGNISED_YES }, { "\5\1\0x", 4, RECOGNISED_NO },
        { "\5\0", 2, RECOGNISED_NO }, { "\5\2\0\x20", 4, RECOGNISED_NO }, { "\4\2", 2, RECOGNISED_NO },
        { "\4\1\0\x50\1\2\3\4\0", 9, RECOGNISED_YES }, { "\4\1\0\x50\0\0\0\4\0", 9, RECOGNISED_MAYBE },
        { "GET / HTTP", 10, RECOGNISED_NO },
    };
    struct conversation c = { .from_start = true, .client = DIRECTION_OUT };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct bytes in = exact_copy(heads[i].at, heads[i].len);
        assert_int_equal(socks_protocol.recognise_stream(&c, DIRECTION_OUT, in), heads[i].want);
        assert_int_equal(socks_protocol.recognise_stream(&c, DIRECTION_IN, in), RECOGNISED_NO);
        exact_copy_free(in);
    }
}

static void cut_and_flipped(void **state)
{
    static const char all[] = "\5\1\2\1\1u\2pw\5\1\0\3\x0b" "far.example\1\xbb something";

    (void)state;
    for (size_t bit = 0; bit < sizeof all * 8; bit++) {
        for (int flip = 0; flip < 2; flip++) {
            char bad[sizeof all];
            memcpy(bad, all, sizeof all);
            bad[bit / 8] = (char)(bad[bit / 8] ^ flip << bit % 8);
            kept_facts_init(&kept);
            fake_begin(&fake, &socks_protocol, &kept.sink, true, 1080);
            fake.recognised = true;
            turn(DIRECTION_OUT, bad, flip ? sizeof bad : bit / 8, 5);
            turn(DIRECTION_IN, "\5\2\1\0\5\0\0\1\0\0\0\0\0\0", 14, 3);
            fake_end(&fake);
            fake_done(&fake);
            kept_facts_done(&kept);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_behind_every_version),
        cmocka_unit_test(http_behind_every_version),
        cmocka_unit_test(what_is_no_tls_is_searched_as_it_is),
        cmocka_unit_test(told_by_its_first_message),
        cmocka_unit_test(cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
