#include "stage.h"

#include "protocol/rtsp.h"

static const char ask[] =
    "ANNOUNCE rtsp://user:pw@cam.example:8554/live/1?x=2 RTSP/1.0\r\nCSeq: 7\r\nUser-Agent: app/1\r\n"
                          "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n";

static void a_request_and_its_answer(void **state)
{
    (void)state;
    for (size_t step = 0; step < 40; step++) {
        stage(&rtsp_protocol, true, 554);
        say(DIRECTION_OUT, bytes_of(ask), step);
        say(DIRECTION_IN, bytes_of("RTSP/1.0 401 Unauthorized\r\nCSeq: 7\r\n\r\n"), step);
        fake_end(&fake);
        const struct fact_request *r = request_row(0);
        assert_text_equal(r->protocol, "rtsp");
        assert_text_equal(r->method, "ANNOUNCE");
        assert_text_equal(r->host, "cam.example");
        assert_text_equal(r->path, "/live/1?x=2");
        assert_text_equal(r->user_agent, "app/1");
        assert_text_equal(r->content_type, "application/sdp");
        assert_int_equal(r->status, 401);
        assert_int_equal(r->body_bytes, 5);
        assert_null(kept_facts_row(&kept, FACT_REQUEST, 1));
        assert_text_equal(fake.c.row.host, "cam.example");
        assert_text_equal(fake.c.row.host_source, "http_host");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask - 1);
        unstage();
    }
}

static void answers_find_their_request_by_number(void **state)
{
    (void)state;
    stage(&rtsp_protocol, true, 554);
    say(DIRECTION_OUT, bytes_of("SETUP rtsp://192.0.2.9/a RTSP/1.0\r\nCSeq: 1\r\n\r\nPLAY rtsp://192.0.2.9/a RTSP/1.0\r\nCSeq: 2\r\n\r\n"), 0);
    say(DIRECTION_IN, bytes_of("RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n"), 0);
    fake_end(&fake);
    assert_text_equal(request_row(0)->method, "PLAY");
    assert_int_equal(request_row(0)->status, 200);
    assert_text_equal(request_row(1)->method, "SETUP");
    assert_false(fact_known_int(request_row(1)->status));
    assert_false(text_known(fake.c.row.host)); /* an address is no name */
    unstage();
}

static void interleaved_media(void **state)
{
    static const struct { const char *transport; uint64_t readable; } rows[] = {
        { "RTP/AVP/TCP;interleaved=0-1", 4 + 5 + 4 }, { "RTP/SAVP/TCP;interleaved=0-1", 4 + 4 },
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char head[200];
        const int n = snprintf(head, sizeof head, "SETUP rtsp://h.example/a RTSP/1.0\r\nCSeq: 1\r\nTransport: %s\r\n\r\n", rows[i].transport);
        stage(&rtsp_protocol, true, 554);
        say(DIRECTION_OUT, bytes_of(head), 0);
        say(DIRECTION_OUT, BYTES("$\0\0\5hello$\1\0\0"), 3);
        fake_end(&fake);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, (uint64_t)n + rows[i].readable);
        unstage();
    }
}

static void a_gap_inside_media_only(void **state)
{
    (void)state;
    stage(&rtsp_protocol, true, 554);
    say(DIRECTION_OUT, bytes_of(ask), 0);
    say(DIRECTION_OUT, BYTES("$\0\1\0"), 0);
    fake_gap(&fake, DIRECTION_OUT, 256);
    say(DIRECTION_OUT, bytes_of("PLAY rtsp://cam.example/b RTSP/1.0\r\nCSeq: 8\r\n\r\n"), 0);
    fake_gap(&fake, DIRECTION_OUT, 1);
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    fake_end(&fake);
    assert_text_equal(request_row(1)->path, "/b");
    unstage();
}

static void told_from_http(void **state)
{
    static const struct { const char *head; enum recognition want; } heads[] = {
        { "OPT", RECOGNISED_MAYBE }, { "OPTIONS * ", RECOGNISED_MAYBE }, { "OPTIONS * RTSP/1.0\r\n", RECOGNISED_YES },
        { "OPTIONS * HTTP/1.1\r\n", RECOGNISED_NO }, { "RTSP/1.0 200", RECOGNISED_YES }, { "RTS", RECOGNISED_MAYBE },
        { "GET / HTTP/1.1\r\n", RECOGNISED_NO }, { "PLAYBACK x RTSP/1.0\r\n", RECOGNISED_NO },
    };
    const struct conversation c = { .from_start = true };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct bytes in = exact_copy(heads[i].head, strlen(heads[i].head));
        assert_int_equal(rtsp_protocol.recognise_stream(&c, DIRECTION_OUT, in), heads[i].want);
        exact_copy_free(in);
    }
}

static void cut_and_flipped(void **state)
{
    (void)state;
    sweep(&rtsp_protocol, true, 554, bytes_of(ask));
}

/* How much a live stream carried, between the messages of its own connection. */
static void media_between_messages(void **state)
{
    static const struct { const char *method; enum direction media; bool granted; } cases[] = {
        { "RECORD", DIRECTION_OUT, true }, { "PLAY", DIRECTION_IN, true }, { "PLAY", DIRECTION_IN, false },
    };
    char request[128];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage(&rtsp_protocol, true, 554);
        snprintf(request, sizeof request, "%s rtsp://cam.example/live RTSP/1.0\r\nCSeq: 3\r\n\r\n", cases[i].method);
        say(DIRECTION_OUT, bytes_of(request), 0);
        say(DIRECTION_IN, bytes_of(cases[i].granted ? "RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n" : "RTSP/1.0 454 No\r\nCSeq: 3\r\n\r\n"), 0);
        for (int times = 0; times < 10; times++) {
            say(cases[i].media, BYTES("$\0\0\5hello"), 2);
            say(!cases[i].media, BYTES("$\1\0\3abc"), 0); /* what the receiver reports */
        }
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
        const struct fact_request *r = request_row(0);
        assert_text_equal(r->method, cases[i].method);
        assert_int_equal(r->status, cases[i].granted ? 200 : 454);
        assert_int_equal(r->body_bytes, cases[i].media == DIRECTION_OUT ? 50 : 0);
        assert_int_equal(r->response_bytes, cases[i].media == DIRECTION_IN && cases[i].granted ? 50 : FACT_UNKNOWN_INT);
        unstage();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_between_messages),
        cmocka_unit_test(a_request_and_its_answer),
        cmocka_unit_test(answers_find_their_request_by_number),
        cmocka_unit_test(interleaved_media),
        cmocka_unit_test(a_gap_inside_media_only),
        cmocka_unit_test(told_from_http),
        cmocka_unit_test(cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
