/* What devices say about themselves on their own network: DHCP, SSDP, multicast DNS, user agents. */
#include "stage.h"

#include "protocol/dhcp.h"
#include "protocol/dns.h"
#include "protocol/ssdp.h"
#include "protocol/user_agent.h"

static void put_dhcp(struct buffer *b, uint8_t op, const char *options, size_t len)
{
    buffer_add(b, (const uint8_t[]){ op, 1, 6, 0 }, 4);
    put_uint(b, 0, 8);
    put_uint(b, 0, 8);
    put_uint(b, 0, 8);
    buffer_add(b, "\2\0\0\xaa\xbb\xcc", 6);
    for (int i = 0; i < 202; i++)
        buffer_add_u8(b, 0);
    put_uint(b, 0x63825363, 4);
    buffer_add(b, options, len);
}

static void dhcp_names_a_client(void **state)
{
    static const char options[] = "\x35\1\1\x0c\6myhost\x3c\x0f" "android-dhcp-12\x37\3\1\3\x77\xff";
    struct buffer b, reply;

    (void)state;
    buffer_init(&b, 1 << 12);
    buffer_init(&reply, 1 << 12);
    put_dhcp(&b, 1, options, sizeof options - 1);
    put_dhcp(&reply, 2, options, sizeof options - 1);
    stage(&dhcp_protocol, false, 67);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    say(DIRECTION_IN, buffer_bytes(&reply), 0); /* what a server says is about itself, if anything */
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), 1);
    assert_text_equal(device_row(0)->mac, "02:00:00:aa:bb:cc");
    assert_text_equal(device_row(0)->name, "myhost");
    assert_text_equal(device_row(0)->role, "phone");
    assert_text_equal(device_row(0)->firmware, "Android 12");
    assert_identifier(0, "dhcp_vendor_class", "android-dhcp-12");
    assert_identifier(1, "dhcp_requested_options", "1,3,119");
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, 2 * b.len);
    unstage();
    sweep(&dhcp_protocol, false, 67, buffer_bytes(&b));
    buffer_done(&b);
    buffer_done(&reply);
}

static void dhcp_names_in_labels(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    put_dhcp(&b, 1, "\x51\x0b\4\0\0\3cam\3lan\xff", 14);
    stage(&dhcp_protocol, false, 67);
    say(DIRECTION_OUT, buffer_bytes(&b), 0);
    assert_text_equal(device_row(0)->name, "cam.lan");
    fake_end(&fake);
    unstage();
    buffer_done(&b);

    stage(&dhcpv6_protocol, false, 547);
    say(DIRECTION_OUT, BYTES("\1abc\0\1\0\x0a\0\3\0\1\2\0\0\1\2\3\0\x27\0\6\0\4host"), 0);
    fake_end(&fake);
    assert_text_equal(device_row(0)->mac, "02:00:00:01:02:03");
    assert_text_equal(device_row(0)->name, "host");
    unstage();
    sweep(&dhcpv6_protocol, false, 547, BYTES("\1abc\0\1\0\x0a\0\3\0\1\2\0\0\1\2\3\0\x27\0\6\0\4host"));
}

static void ssdp_offers_and_looks(void **state)
{
    static const char notify[] =
        "NOTIFY * HTTP/1.1\r\nUSN: uuid:12-34::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
                                 "server: Linux/4.9 UPnP/1.0 UPnP/1.0 HomeBox/7.2\r\n\r\n";

    (void)state;
    stage(&ssdp_protocol, false, 1900);
    fake.c.row.src_mac = TEXT("02:00:00:aa:bb:cc");
    for (int i = 0; i < 3; i++)
        say(DIRECTION_OUT, bytes_of(notify), 0);
    say(DIRECTION_IN, bytes_of("M-SEARCH * HTTP/1.1\r\nUSER-AGENT: app/1 OS/2\r\n\r\n"), 0);
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), 2);
    assert_text_equal(device_row(0)->model, "HomeBox");
    assert_text_equal(device_row(0)->role, "gateway");
    assert_text_equal(device_row(0)->mac, "02:00:00:aa:bb:cc");
    assert_text_equal(device_row(1)->firmware, "app/1 OS/2");
    assert_false(text_known(device_row(1)->mac)); /* of the other end it is not known */
    assert_identifier(0, "uuid", "12-34");
    unstage();
    sweep(&ssdp_protocol, false, 1900, bytes_of(notify));
}

static void mdns_names_its_sender(void **state)
{
    /* rc.local A 192.0.2.1, which is the sender; other.local A 192.0.2.2; _x TXT model=RC-1 fn=Anna's */
    static const char answer[] = "\0\0\x84\0\0\0\0\3\0\0\0\0" "\5other\5local\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2"
                                 "\2rc\xc0\x12\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
                                 "\2_x\xc0\x12\0\x10\0\1\0\0\0\x3c\0\x15\x0amodel=RC-1\x09" "fn=Anna's";

    (void)state;
    stage(&mdns_protocol, false, 5353);
    say(DIRECTION_OUT, (struct bytes){ .at = (const uint8_t *)answer, .len = sizeof answer - 1 }, 0);
    fake_end(&fake);
    assert_text_equal(device_row(0)->name, "rc");
    assert_text_equal(device_row(0)->model, "RC-1");
    unstage();
    sweep(&mdns_protocol, false, 5353, (struct bytes){ .at = (const uint8_t *)answer, .len = sizeof answer - 1 });
}

static void llmnr_names_its_sender(void **state)
{
    static const char answer[] = "\x12\x34\x80\0\0\1\0\1\0\0\0\0\6tablet\0\0\1\0\1"
                                 "\xc0\x0c\0\1\0\1\0\0\0\x1e\0\4\xc0\0\2\1";

    (void)state;
    stage(&llmnr_protocol, false, 5355);
    say(DIRECTION_OUT, BYTES(answer), 0);
    assert_text_equal(device_row(0)->name, "tablet");
    fake_end(&fake);
    unstage();
    sweep(&llmnr_protocol, false, 5355, BYTES(answer));
}

/* Made with the encoding of RFC 1001, 14.1: two letters for each byte, blanks up to 15, then the kind. */
static void put_registration(struct buffer *b, uint16_t flags, const char *name, uint8_t kind, uint16_t name_flags)
{
    put_uint(b, 0x1234, 2);
    put_uint(b, flags, 2);
    put_uint(b, 0x0001000000000001, 8);
    buffer_add_u8(b, 32);
    for (size_t i = 0; i < 16; i++) {
        const uint8_t c = i == 15 ? kind : i < strlen(name) ? (uint8_t)name[i] : ' ';
        buffer_add_u8(b, (uint8_t)('A' + (c >> 4)));
        buffer_add_u8(b, (uint8_t)('A' + (c & 15)));
    }
    buffer_add_u8(b, 0);
    put_uint(b, 0x00200001, 4);         /* NB, IN */
    put_uint(b, 0xc00c00200001, 6);
    put_uint(b, 300000, 4);
    put_uint(b, 6, 2);
    put_uint(b, name_flags, 2);
    put_uint(b, 0xc0000201, 4);
}

static void nbns_registers_names(void **state)
{
    static const struct { uint16_t flags; const char *name; uint8_t kind; uint16_t name_flags; const char *device; } cases[] = {
        { 0x2910, "GROUND-STATION", 0x00, 0x0000, "GROUND-STATION" },
        { 0x4110, "TABLET", 0x20, 0x6000, "TABLET" },   /* a refresh */
        { 0x2910, "WORKGROUP", 0x00, 0x8000, NULL },    /* of a group */
        { 0x2910, "TABLET", 0x03, 0x0000, NULL },       /* for messages: may be a person's name */
        { 0x0110, "TABLET", 0x00, 0x0000, NULL },       /* a query */
        { 0xad80, "TABLET", 0x00, 0x0000, NULL },       /* an answer */
    };
    struct buffer b;

    (void)state;
    buffer_init(&b, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&b);
        put_registration(&b, cases[i].flags, cases[i].name, cases[i].kind, cases[i].name_flags);
        stage(&nbns_protocol, false, 137);
        say(DIRECTION_OUT, buffer_bytes(&b), 0);
        assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), cases[i].device != NULL);
        if (cases[i].device)
            assert_text_equal(device_row(0)->name, cases[i].device);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, b.len);
        fake_end(&fake);
        unstage();
    }
    buffer_clear(&b);
    put_registration(&b, 0x2910, "TABLET", 0, 0);
    sweep(&nbns_protocol, false, 137, buffer_bytes(&b));
    buffer_done(&b);
}

static void user_agents(void **state)
{
    static const struct { const char *agent, *role, *vendor, *model, *firmware; } agents[] = {
        { "Dalvik/2.1.0 (Linux; U; Android 9; MI 8 Build/PKQ1.180729.001)", "phone", NULL, "MI 8", "Android 9" },
        { "Mozilla/5.0 (Linux; Android 12; SM-G991B) AppleWebKit/537.36", "phone", NULL, "SM-G991B", "Android 12" },
        { "Mozilla/5.0 (Linux; U; Android 10; en-us; Redmi Note 9 MIUI/V12.0) x", "phone", NULL, "Redmi Note 9", "Android 10" },
        { "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36", "phone", NULL, NULL, "Android 10" },
        { "Mozilla/5.0 (Linux; Android 8.0.0; SM-T580 (2016) Build/R16NW; wv)", "phone", NULL, "SM-T580 (2016)", "Android 8.0.0" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 15_1 like Mac OS X) AppleWebKit", "phone", "Apple", "iPhone", "iOS 15.1" },
        { "Fly/1.4 (iPad8,1; iOS 14.4.2; Scale/2.00)", "other", "Apple", "iPad8,1", "iOS 14.4.2" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", NULL, NULL, NULL, NULL },
        { "curl/7.88", NULL, NULL, NULL, NULL }, { "app (Android", NULL, NULL, NULL, NULL }, { "(", NULL, NULL, NULL, NULL },
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        const size_t len = strlen(agents[i].agent);
        for (size_t cut = 0; cut <= len; cut++) {
            struct bytes in = exact_copy(agents[i].agent, cut);
            struct fact_device d;
            fact_init(FACT_DEVICE, &d);
            const bool told = user_agent_device(text_of_bytes(in), arena, &d);
            if (cut == len) {
                assert_int_equal(told, agents[i].role != NULL);
                assert_true(text_equal(d.role, text_of(agents[i].role)));
                assert_true(text_equal(d.vendor, text_of(agents[i].vendor)));
                assert_true(text_equal(d.model, text_of(agents[i].model)));
                assert_true(text_equal(d.firmware, text_of(agents[i].firmware)));
            }
            exact_copy_free(in);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dhcp_names_a_client),
        cmocka_unit_test(dhcp_names_in_labels),
        cmocka_unit_test(ssdp_offers_and_looks),
        cmocka_unit_test(mdns_names_its_sender),
        cmocka_unit_test(llmnr_names_its_sender),
        cmocka_unit_test(nbns_registers_names),
        cmocka_unit_test(user_agents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
