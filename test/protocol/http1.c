#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash.h"
#include "fake_conversation.h"
#include "hello.h"
#include "protocol/http1.h"
#include "protocol/http1_head.h"

static struct fake_conversation fake;
static struct kept_facts kept;

static void start(void)
{
    kept_facts_init(&kept);
    fake_begin(&fake, &http1_protocol, &kept.sink, true, 8080);
}

static void stop(void)
{
    fake_done(&fake);
    kept_facts_done(&kept);
}

static void out_text(const char *s, size_t step)
{
    fake_stream(&fake, DIRECTION_OUT, (struct bytes){ .at = (const uint8_t *)s, .len = strlen(s) }, step);
}

static void in_text(const char *s, size_t step)
{
    fake_stream(&fake, DIRECTION_IN, (struct bytes){ .at = (const uint8_t *)s, .len = strlen(s) }, step);
}

static const struct fact_request *row(size_t nth)
{
    const struct fact_request *r = kept_facts_row(&kept, FACT_REQUEST, nth);

    assert_non_null(r);
    return r;
}

static void assert_view(const char *decoding, const char *want)
{
    struct buffer got;

    buffer_init(&got, 16 << 20);
    fake_view_bytes(&fake, decoding, &got);
    assert_text_equal(buffer_text(&got), want);
    buffer_done(&got);
}

static struct bytes compressed(const char *s, int window_bits)
{
    static uint8_t into[1 << 16];
    z_stream z = { 0 };

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)s;
    z.avail_in = (uInt)strlen(s);
    z.next_out = into;
    z.avail_out = sizeof into;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t made = sizeof into - z.avail_out;
    deflateEnd(&z);
    return (struct bytes){ .at = into, .len = made };
}

static const char post[] =
    "POST /v2/flight?id=7 HTTP/1.1\r\nHost: log.example:8080\r\nUser-Agent: app/1\r\n"
    "Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"lat\":52.520008}";
static const char created[] = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";

static void a_post_and_its_answer(void **state)
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX + 1] = "";

    (void)state;
    sha256_of((struct bytes){ .at = (const uint8_t *)"{\"lat\":52.520008}", .len = 17 }, digest);
    hash_hex(digest, sizeof digest, hex);
    for (size_t step = 0; step < sizeof post; step++) {
        start();
        out_text(post, step);
        in_text(created, step);
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
        assert_int_equal(row(0)->flow, 1);
        assert_text_equal(row(0)->protocol, "http/1.1");
        assert_text_equal(row(0)->method, "POST");
        assert_text_equal(row(0)->host, "log.example");
        assert_text_equal(row(0)->path, "/v2/flight?id=7");
        assert_int_equal(row(0)->status, 201);
        assert_text_equal(row(0)->user_agent, "app/1");
        assert_text_equal(row(0)->content_type, "application/json");
        assert_int_equal(row(0)->body_bytes, 17);
        assert_text_equal(row(0)->body_sha256, hex);
        assert_int_equal(row(0)->response_bytes, 2);
        /* before it is recognised a stream is only held */
        assert_true(row(0)->head.origin.packet_first <= row(0)->head.origin.packet_last);
        if (step == 0)
            assert_int_equal(row(0)->head.origin.packet_first, 1);
        assert_text_equal(fake.c.row.host, "log.example");
        assert_text_equal(fake.c.row.host_source, "http_host");
        assert_view("http body", "{\"lat\":52.520008}");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof post - 1);
        assert_int_equal(fake.ways[DIRECTION_IN].readable, sizeof created - 1);
        stop();
    }
}

static void pipelined_requests_keep_their_order(void **state)
{
    static const char requests[] =
        "GET /a HTTP/1.1\nHost: h\n\n" /* LF alone */
        "HEAD /b HTTP/1.1\r\nHost: h\r\n\r\n\r\n"
        "GET /c HTTP/1.0\r\n\r\n"
        "GET /d HTTP/1.1\r\nHost: h\r\n\r\n";
    static const char responses[] =
        "HTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;name=\"v\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" /* to HEAD: no body */
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"
        "HTTP/1.1 200 OK\r\n\r\nuntil the end";
    static const struct { const char *path; int64_t status, response_bytes; } want[] = {
        { "/a", 200, 13 }, { "/b", 200, 0 }, { "/c", 304, 0 }, { "/d", 200, 13 },
    };

    (void)state;
    for (size_t step = 0; step < 120; step++) {
        start();
        out_text(requests, step);
        in_text(responses, step);
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 4);
        for (size_t i = 0; i < 4; i++) {
            assert_text_equal(row(i)->path, want[i].path);
            assert_int_equal(row(i)->status, want[i].status);
            assert_int_equal(row(i)->response_bytes, want[i].response_bytes);
            assert_int_equal(row(i)->body_bytes, 0);
        }
        assert_text_equal(row(2)->protocol, "http/1.0");
        assert_false(text_known(row(2)->host));
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof requests - 1);
        assert_int_equal(fake.ways[DIRECTION_IN].readable, sizeof responses - 1);
        stop();
    }
}

static void compressed_bodies_are_looked_through(void **state)
{
    static const char json[] = "{\"path\":[[52.520008,13.404954],[52.520009,13.404955],[52.520010,13.404956]]}";
    static const struct { const char *coding, *decoding; int window_bits; } rows[] = {
        { "gzip", "http body+gzip", 31 }, { "x-GZIP", "http body+gzip", 31 },
        { "deflate", "http body+deflate", 15 }, { "deflate", "http body+deflate", -15 },
    };
    struct buffer in;

    (void)state;
    buffer_init(&in, 1 << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct bytes body = compressed(json, rows[i].window_bits);
        buffer_clear(&in);
        buffer_printf(&in, "POST / HTTP/1.1\r\nContent-Encoding: %s\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n",
                      rows[i].coding, body.len);
        buffer_add(&in, body.at, body.len);
        put_text(&in, "\r\n0\r\n\r\n");
        for (size_t step = 0; step < 60; step++) {
            start();
            fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&in), step);
            fake_end(&fake);
            assert_view(rows[i].decoding, json);
            assert_int_equal(row(0)->body_bytes, body.len);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, in.len);
            stop();
        }
    }
    buffer_done(&in);
}

static void what_cannot_be_decompressed_is_searched_as_it_is(void **state)
{
    static const char rest[] = "not deflate at all: serial 1581F";
    const struct bytes good = compressed("some text that is long enough to be looked at, and more", 31);
    struct buffer in;

    (void)state;
    buffer_init(&in, 1 << 16);
    buffer_printf(&in, "PUT / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                  good.len + sizeof rest - 1);
    const size_t head_len = in.len;
    buffer_add(&in, good.at, good.len);
    put_text(&in, rest);
    start();
    fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&in), 0);
    fake_end(&fake);
    assert_view("http body+gzip", "some text that is long enough to be looked at, and more");
    assert_view("http body", rest);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, head_len + good.len);
    stop();

    /* a coding that is not known here: searched, and opaque */
    start();
    out_text("PUT / HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello", 3);
    fake_end(&fake);
    assert_view("http body", "hello");
    assert_int_equal(fake.ways[DIRECTION_OUT].readable,
                     strlen("PUT / HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n"));
    stop();
    buffer_done(&in);
}

static void readable_is_told_by_content(void **state)
{
    static const struct { const char *name, *body; size_t len; bool readable; } rows[] = {
        { "text", "lat=52.5&lon=13.4", 17, true },
        { "UTF-8", "Gr\xc3\xb6\xc3\x9f""e", 7, true },
        { "a picture", "\xff\xd8\xff\xe1\x10\0Exif\0", 11, true },
        { "a video", "\0\0\0\x18""ftypisom", 12, true },
        { "noise", "\x8a\x01\xfe\x77\x12\x90\xab\xcd", 8, false },
        { "a text with a NUL", "text\0text", 9, false },
    };
    char head[128];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 0; step < 3; step++) {
            const int head_len = snprintf(head, sizeof head, "POST / HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: %zu\r\n\r\n", rows[i].len);
            start();
            out_text(head, step);
            fake_stream(&fake, DIRECTION_OUT, (struct bytes){ .at = (const uint8_t *)rows[i].body, .len = rows[i].len },
                        step);
            fake_end(&fake);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable,
                             (size_t)head_len + (rows[i].readable ? rows[i].len : 0));
            stop();
        }
    }
}

static void forms_of_the_target(void **state)
{
    static const struct { const char *request, *host, *path; } rows[] = {
        { "GET http://other.example:81/p?q HTTP/1.1\r\nHost: proxy\r\n\r\n", "other.example", "/p?q" },
        { "GET http://other.example HTTP/1.1\r\n\r\n", "other.example", "/" },
        { "OPTIONS * HTTP/1.1\r\nHost: h.example\r\n\r\n", "h.example", "*" },
        { "GET /with blank HTTP/1.1\r\nHost: h\r\n\r\n", "h", "/with blank" },
        { "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n", "2001:db8::1", "/" },
        { "GET / HTTP/1.1\r\nhOST:\r\n  folded.example\r\nX: y\r\n\r\n", "folded.example", "/" },
        { "GET /weather?id=7 HTTP/1.0.8\r\nHost: h\r\n\r\n", "h", "/weather?id=7" },
        { "GET / HTTP/1.1\r\nno colon here\r\nHost: h\r\n\r\n", "h", "/" },
        { "CONNECT far.example:443 HTTP/1.1\r\nHost: proxy\r\n\r\n", "far.example", "far.example:443" },
        { "CONNECT far.example:25 / HTTP/1.0\r\n\r\n", "far.example", "far.example:25" },
        { "GET /old\r\n", NULL, "/old" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        start();
        out_text(rows[i].request, 0);
        fake_end(&fake);
        if (rows[i].host)
            assert_text_equal(row(0)->host, rows[i].host);
        else
            assert_text_equal(row(0)->protocol, "http/0.9");
        assert_text_equal(row(0)->path, rows[i].path);
        assert_false(fact_known_int(row(0)->status));
        stop();
    }
}

static void tunnels_are_looked_into(void **state)
{
    struct buffer record;

    (void)state;
    buffer_init(&record, 1 << 16);
    put_hello_record(&record);
    for (int early = 0; early < 2; early++) {
        for (size_t step = 0; step < 60; step++) {
            start();
            out_text("CONNECT far.example:443 HTTP/1.1\r\n\r\n", step);
            if (early)
                fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&record), step);
            in_text("HTTP/1.1 200 Connection established\r\n\r\n", step);
            if (!early)
                fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&record), step);
            fake_stream(&fake, DIRECTION_OUT, (struct bytes){ .at = (const uint8_t *)"\x17\3\3\0\2xy", .len = 7 },
                        step);
            fake_end(&fake);
            assert_text_equal(fake.c.row.tls_sni, "drone.example");
            assert_text_equal(fake.c.row.tls_ja4, "t" HELLO_JA4_TAIL);
            assert_text_equal(fake.c.row.host, "far.example"); /* http_host is trusted more */
            assert_int_equal(row(0)->status, 200);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable,
                             strlen("CONNECT far.example:443 HTTP/1.1\r\n\r\n") + record.len);
            stop();
        }
    }
    /* refused: HTTP goes on */
    start();
    out_text("CONNECT far.example:443 HTTP/1.1\r\n\r\n", 0);
    in_text("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", 0);
    out_text("GET /next HTTP/1.1\r\n\r\n", 0);
    fake_end(&fake);
    assert_int_equal(row(0)->status, 407);
    assert_text_equal(row(1)->path, "/next");
    stop();
    /* something else in the tunnel: searched as it is */
    start();
    out_text("CONNECT far.example:22 HTTP/1.1\r\n\r\n", 0);
    in_text("HTTP/1.1 200 OK\r\n\r\n", 0);
    out_text("SSH-2.0-x\r\n", 1);
    fake_end(&fake);
    assert_view("http connect", "SSH-2.0-x\r\n");
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, strlen("CONNECT far.example:22 HTTP/1.1\r\n\r\n"));
    stop();
    buffer_done(&record);
}

/* A proxy behind a proxy; thousands of them are somebody's joke, and end at INNER_DEPTH_MAX. */
static void tunnels_within_tunnels(void **state)
{
    (void)state;
    for (int depth = 1; depth <= 2000; depth += depth < 10 ? 1 : 1990) {
        size_t connects = 0;
        start();
        for (int i = 0; i < depth; i++) {
            out_text("CONNECT far.example:80 HTTP/1.1\r\n\r\n", 0);
            in_text("HTTP/1.1 200 OK\r\n\r\n", 0);
        }
        out_text("GET /end HTTP/1.1\r\n\r\n", 0);
        in_text("HTTP/1.1 204 No\r\n\r\n", 0);
        fake_end(&fake);
        for (size_t i = 0; i < kept_facts_count(&kept, FACT_REQUEST); i++)
            connects += text_equal(row(i)->method, TEXT("CONNECT"));
        const size_t want = depth <= 4 ? (size_t)depth : 5;
        assert_int_equal(connects, want);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), depth <= 4 ? want + 1 : want);
        stop();
    }
}

/* RFC 2817; what an upgrade leads to is looked at, whatever it calls itself. */
static void behind_an_upgrade_tls_is_read(void **state)
{
    static const char *const names[] = { "TLS/1.0, HTTP/1.1", "tcp" };
    static const char ask[] = "OPTIONS * HTTP/1.1\r\nHost: far.example\r\nUpgrade: x\r\n\r\n";
    struct buffer record;

    (void)state;
    buffer_init(&record, 1 << 16);
    put_hello_record(&record);
    for (size_t i = 0; i < 2; i++) {
        for (size_t step = 0; step < 60; step++) {
            char answer[100];
            snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: %s\r\n\r\n", names[i]);
            start();
            out_text(ask, step);
            in_text(answer, step);
            fake_stream(&fake, DIRECTION_OUT, buffer_bytes(&record), step);
            fake_end(&fake);
            assert_text_equal(fake.c.row.tls_sni, "drone.example");
            assert_text_equal(fake.c.row.host, "far.example");
            assert_int_equal(row(0)->status, 101);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, strlen(ask) + record.len);
            stop();
        }
    }
    buffer_done(&record);
}

static void after_an_upgrade_to_something_else_all_is_opaque(void **state)
{
    (void)state;
    start();
    out_text("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", 0);
    in_text("HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x02hi", 0);
    out_text("\x81\x82mask..", 0);
    fake_end(&fake);
    assert_int_equal(row(0)->status, 101);
    assert_view("http upgrade", "\x81\x82mask..");
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, strlen("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"));
    assert_int_equal(fake.ways[DIRECTION_IN].readable, strlen("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    stop();
}

static void nonsense_is_searched_as_it_is(void **state)
{
    static const char *const rows[] = {
        "GET / HTTP/1.1\r\n\r\n\x16\x03\x01 something else entirely\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab something",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc something",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nnot a chunk",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nsomething",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer got[2];
        for (size_t step = 0; step < 2; step++) {
            buffer_init(&got[step], 1 << 16);
            start();
            out_text(rows[i], step);
            fake_end(&fake);
            assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
            fake_view_bytes(&fake, "raw", &got[step]);
            assert_true(got[step].len > 0);
            assert_true(text_ends_with(text_of(rows[i]), buffer_text(&got[step])));
            stop();
        }
        assert_true(text_equal(buffer_text(&got[0]), buffer_text(&got[1])));
        buffer_done(&got[0]);
        buffer_done(&got[1]);
    }
}

static void gaps(void **state)
{
    (void)state;
    /* inside a body: counted, not hashed, and the next request is found */
    start();
    out_text("PUT /x HTTP/1.1\r\nContent-Length: 1000\r\n\r\nbegin of the body", 0);
    fake_gap(&fake, DIRECTION_OUT, 1000 - 17 - 3);
    out_text("endGET /y HTTP/1.1\r\n\r\n", 0);
    fake_end(&fake);
    assert_int_equal(row(0)->body_bytes, 1000);
    assert_false(text_known(row(0)->body_sha256));
    assert_text_equal(row(1)->path, "/y");
    assert_view("http body", "begin of the bodyend");
    stop();

    /* whole messages lost: no status is guessed for those around the gap */
    start();
    out_text("GET /a HTTP/1.1\r\n\r\n", 0);
    fake_gap(&fake, DIRECTION_OUT, 500);
    out_text("GET /c HTTP/1.1\r\n\r\n", 0);
    in_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0);
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 2);
    assert_false(fact_known_int(row(0)->status));
    assert_false(fact_known_int(row(1)->status));
    stop();
}

static void more_pending_than_are_kept(void **state)
{
    char text[64];

    (void)state;
    start();
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "GET /%d HTTP/1.1\r\n\r\n", i);
        out_text(text, 0);
    }
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "HTTP/1.1 %d x\r\nContent-Length: 0\r\n\r\n", 200 + i % 4);
        in_text(text, 0);
    }
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1000);
    for (size_t i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "/%zu", i);
        assert_text_equal(row(i)->path, text);
        assert_true(!fact_known_int(row(i)->status) || row(i)->status == (int64_t)(200 + i % 4));
    }
    assert_true(fact_known_int(row(999)->status));
    stop();
}

static void a_device_that_serves_is_searched_too(void **state)
{
    (void)state;
    start();
    in_text("GET /log HTTP/1.1\r\nHost: drone.local\r\n\r\n", 0);
    out_text("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nserial", 0);
    fake_end(&fake);
    assert_view("http body", "serial");
    assert_text_equal(row(0)->host, "drone.local");
    assert_false(text_known(fake.c.row.host)); /* that is the name of our own side */
    stop();
}

static void cut_anywhere_keeps_what_is_there(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof post; len++) {
        char cut[sizeof post];
        memcpy(cut, post, len);
        cut[len] = '\0';
        start();
        out_text(cut, 0);
        fake_end(&fake);
        /* from the first whole line on there is a row */
        if (len >= strlen("POST /v2/flight?id=7 HTTP/1.1\r\n")) {
            assert_text_equal(row(0)->path, "/v2/flight?id=7");
            if (len < sizeof post - 1)
                assert_false(text_known(row(0)->body_sha256));
        }
        stop();
    }
    for (size_t bit = 0; bit < (sizeof post - 1) * 8; bit++) {
        char bad[sizeof post];
        memcpy(bad, post, sizeof post);
        bad[bit / 8] = (char)(bad[bit / 8] ^ 1 << bit % 8);
        start();
        fake_stream(&fake, DIRECTION_OUT, (struct bytes){ .at = (const uint8_t *)bad, .len = sizeof post - 1 }, 50);
        in_text(created, 0);
        fake_end(&fake);
        stop();
    }
}

static void told_by_the_first_line(void **state)
{
    static const struct { const char *text; enum http1_look look; } rows[] = {
        { "", HTTP1_MAYBE }, { "HTT", HTTP1_MAYBE }, { "HTTP/1.1 200", HTTP1_RESPONSE }, { "HTTP/1.1 2x0", HTTP1_NO },
        { "HTTP/2.0 200 OK\r\n", HTTP1_NO }, { "GET", HTTP1_MAYBE }, { "GET /", HTTP1_MAYBE },
        { "GET / HTTP/1.1\r", HTTP1_MAYBE }, { "GET / HTTP/1.1\r\n", HTTP1_REQUEST }, { "GET / HTTP/1.1\n", HTTP1_REQUEST },
        { "OPTIONS rtsp://h/ RTSP/1.0\r\n", HTTP1_NO }, { "PRI * HTTP/2.0\r\n", HTTP1_NO }, { "EHLO host\r\n", HTTP1_NO },
        { "SSH-2.0-OpenSSH\r\n", HTTP1_NO }, { "\x16\x03\x01", HTTP1_NO }, { "GET \x01", HTTP1_NO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes in = exact_copy(rows[i].text, strlen(rows[i].text));
        assert_int_equal(http1_look_at(in), rows[i].look);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_and_its_answer),
        cmocka_unit_test(pipelined_requests_keep_their_order),
        cmocka_unit_test(compressed_bodies_are_looked_through),
        cmocka_unit_test(what_cannot_be_decompressed_is_searched_as_it_is),
        cmocka_unit_test(readable_is_told_by_content),
        cmocka_unit_test(forms_of_the_target),
        cmocka_unit_test(tunnels_are_looked_into),
        cmocka_unit_test(tunnels_within_tunnels),
        cmocka_unit_test(behind_an_upgrade_tls_is_read),
        cmocka_unit_test(after_an_upgrade_to_something_else_all_is_opaque),
        cmocka_unit_test(nonsense_is_searched_as_it_is),
        cmocka_unit_test(gaps),
        cmocka_unit_test(more_pending_than_are_kept),
        cmocka_unit_test(a_device_that_serves_is_searched_too),
        cmocka_unit_test(cut_anywhere_keeps_what_is_there),
        cmocka_unit_test(told_by_the_first_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
