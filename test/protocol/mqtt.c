#include "stage.h"

#include "protocol/mqtt.h"

static void put_string(struct buffer *b, const char *s)
{
    put_uint(b, strlen(s), 2);
    put_text(b, s);
}

static void put_packet(struct buffer *b, uint8_t first, const struct buffer *body)
{
    size_t length = body->len;

    buffer_add_u8(b, first);
    do {
        buffer_add_u8(b, (uint8_t)((length & 0x7f) | (length > 0x7f ? 0x80 : 0)));
        length >>= 7;
    } while (length > 0);
    buffer_add(b, body->at, body->len);
}

static void put_connect(struct buffer *b, uint8_t version)
{
    struct buffer body;

    buffer_init(&body, 1 << 12);
    put_string(&body, "MQTT");
    buffer_add_u8(&body, version);
    buffer_add(&body, "\xc6\0\x3c", 3); /* user, password, will */
    if (version == 5)
        buffer_add(&body, "\5\x11\0\0\0\x0a", 6);
    put_string(&body, "drone-4711");
    if (version == 5)
        buffer_add_u8(&body, 0);
    put_string(&body, "state/gone");
    put_string(&body, "bye");
    put_string(&body, "pilot");
    put_string(&body, "secret");
    put_packet(b, 0x10, &body);
    buffer_done(&body);
}

static void put_publish(struct buffer *b, uint8_t version, uint8_t quality, const char *topic, const char *payload,
                        size_t repeat)
{
    struct buffer body;

    buffer_init(&body, 1 << 20);
    put_string(&body, topic);
    if (quality > 0)
        put_uint(&body, 9, 2);
    if (version == 5)
        buffer_add(&body, "\2\1\1", 3);
    while (repeat-- > 0)
        put_text(&body, payload);
    put_packet(b, (uint8_t)(0x30 | quality << 1), &body);
    buffer_done(&body);
}

static struct buffer conversation[6]; /* by version */

static void make(uint8_t version)
{
    struct buffer *b = &conversation[version], body;

    buffer_init(b, 1 << 22);
    put_connect(b, version);
    put_publish(b, version, 0, "up/position", "{\"lat\":52.520008}", 1);
    put_publish(b, version, 1, "up/log", "0123456789", 20000); /* more than is held for a protocol */
    buffer_init(&body, 1 << 12);
    put_uint(&body, 10, 2);
    if (version == 5)
        buffer_add_u8(&body, 0);
    put_string(&body, "down/#");
    buffer_add_u8(&body, 1);
    put_string(&body, "all/+");
    buffer_add_u8(&body, 0);
    put_packet(b, 0x82, &body);
    buffer_done(&body);
    buffer_init(&body, 1 << 12);
    put_uint(&body, 11, 2);
    if (version == 5)
        buffer_add_u8(&body, 0);
    put_string(&body, "down/#");
    put_string(&body, "drone/4711/state");
    put_packet(b, 0xa2, &body);
    buffer_done(&body);
}

static void what_a_client_tells(void **state)
{
    static const size_t steps[] = { 0, 1, 2, 3, 7, 50, 1448 };
    struct buffer got;

    (void)state;
    buffer_init(&got, 1 << 22);
    for (uint8_t version = 4; version <= 5; version++) {
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            stage(&mqtt_protocol, true, 8000);
            say(DIRECTION_OUT, buffer_bytes(&conversation[version]), steps[i]);
            say(DIRECTION_IN, BYTES("\x20\2\0\0\x30\x09\0\6down/xgo"), 1);
            fake_end(&fake);
            assert_identifier(0, "mqtt_client_id", "drone-4711");
            assert_identifier(1, "mqtt_user_name", "pilot");
            assert_text_equal(request_row(0)->method, "CONNECT");
            assert_text_equal(request_row(0)->path, "state/gone");
            assert_text_equal(request_row(1)->method, "PUBLISH");
            assert_text_equal(request_row(1)->path, "up/position");
            assert_int_equal(request_row(1)->body_bytes, 17);
            assert_text_equal(request_row(2)->path, "up/log");
            assert_int_equal(request_row(2)->body_bytes, 200000);
            assert_text_equal(request_row(3)->method, "SUBSCRIBE");
            assert_text_equal(request_row(3)->path, "down/#");
            assert_text_equal(request_row(4)->path, "all/+");
            assert_text_equal(request_row(5)->method, "UNSUBSCRIBE");
            assert_text_equal(request_row(5)->path, "down/#");
            assert_text_equal(request_row(6)->path, "drone/4711/state");
            assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 7); /* what the broker hands on is not the client's */
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, conversation[version].len);
            fake_view_bytes(&fake, "mqtt publish", &got);
            assert_int_equal(got.len, 17 + 200000);
            assert_memory_equal(got.at, "{\"lat\":52.520008}0123", 21);
            unstage();
        }
    }
    buffer_done(&got);
}

static void a_gap_inside_a_payload(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    put_connect(&b, 4);
    put_publish(&b, 4, 0, "t", "x", 1000);
    stage(&mqtt_protocol, true, 1883);
    say(DIRECTION_OUT, bytes_part(buffer_bytes(&b), 0, b.len - 500), 0);
    fake_gap(&fake, DIRECTION_OUT, 500);
    say(DIRECTION_OUT, BYTES("\x30\5\0\1ugo\xc0\0"), 0);
    fake_gap(&fake, DIRECTION_OUT, 1);
    assert_true(fake.ways[DIRECTION_OUT].opaque);
    fake_end(&fake);
    assert_text_equal(request_row(2)->path, "u");
    unstage();
    buffer_done(&b);
}

static void told_by_connect(void **state)
{
    static const struct { int64_t port; bool start; const char *at; size_t len; enum recognition want; } heads[] = {
        { 9000, true, "\x10\x20\0\4MQTT\4", 9, RECOGNISED_YES }, { 9000, true, "\x10\x20\0\6MQIsdp\3", 11, RECOGNISED_YES },
        { 9000, true, "\x10\x20\0\4MQTT\6", 9, RECOGNISED_NO }, { 9000, true, "\x10\x20\0\4MQ", 6, RECOGNISED_MAYBE },
        { 9000, true, "\x20\2\0\0", 4, RECOGNISED_NO }, { 1883, false, "\xc0\0\xd0\0", 4, RECOGNISED_YES },
        { 1883, false, "\xc1\0", 2, RECOGNISED_NO }, { 9000, false, "\xc0\0\xd0\0", 4, RECOGNISED_NO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct conversation c = { .from_start = heads[i].start, .client = DIRECTION_OUT };
        fact_init(FACT_FLOW, &c.row);
        c.row.dst_port = heads[i].port;
        struct bytes in = exact_copy(heads[i].at, heads[i].len);
        assert_int_equal(mqtt_protocol.recognise_stream(&c, DIRECTION_OUT, in), heads[i].want);
        exact_copy_free(in);
    }
}

static void cut_and_flipped(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_connect(&b, 5);
    put_publish(&b, 5, 1, "up/position", "{\"lat\":52.520008}", 1);
    sweep(&mqtt_protocol, true, 1883, buffer_bytes(&b));
    buffer_done(&b);
}

/* MQTT 5, 3.3.2.3.4: a topic is said once with a number, then the number stands for it. */
static void topics_by_their_alias(void **state)
{
    static const struct { const char *topic, *properties; size_t len; const char *path; } cases[] = {
        { "up/a", "\3\x23\0\7", 4, "up/a" },
        { "", "\3\x23\0\7", 4, "up/a" },
        { "up/b", "\x0a\1\1\x26\0\1k\0\1v\x23", 11, "up/b" },      /* cut inside the properties */
        { "up/b", "\x0d\x26\0\1k\0\1v\x23\0\7\2\0\0\0", 14, "up/b" }, /* cut behind the alias: none */
        { "", "\3\x23\0\7", 4, "up/a" },
        { "up/c", "\x0f\x26\0\1k\0\1v\x23\0\7\2\0\0\0\1", 16, "up/c" },
        { "", "\3\x23\0\7", 4, "up/c" },                             /* said anew */
        { "", "\3\x23\0\x08", 4, "" },                              /* never said */
    };
    struct buffer b, body;

    (void)state;
    buffer_init(&b, 1 << 16);
    buffer_init(&body, 1 << 12);
    put_connect(&b, 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&body);
        put_string(&body, cases[i].topic);
        buffer_add(&body, cases[i].properties, cases[i].len);
        put_text(&body, "x");
        put_packet(&b, 0x30, &body);
    }
    stage(&mqtt_protocol, true, 1883);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    fake_end(&fake);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text_equal(request_row(1 + i)->path, cases[i].path);
    unstage();
    buffer_done(&b);
    buffer_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_by_their_alias),
        cmocka_unit_test(what_a_client_tells),
        cmocka_unit_test(a_gap_inside_a_payload),
        cmocka_unit_test(told_by_connect),
        cmocka_unit_test(cut_and_flipped),
    };
    make(4);
    make(5);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_done(&conversation[4]);
    buffer_done(&conversation[5]);
    return failed;
}
