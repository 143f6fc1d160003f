#include "broadcast/build.h"

#include <zlib.h>

#include "broadcast/nan.h"
#include "broadcast/wifi_frame.h"
#include "broadcast/wifi_header.h"
#include "broadcast/wifi_security.h"

#define SERIAL "1581F0000000000000A1"

static const uint8_t station[6] = { 0x60, 0x60, 0x1f, 0, 0, 1 };

static void management(struct made *m, unsigned subtype)
{
    PUT(m, (uint8_t)(subtype << 4), 0, 0, 0, 255, 255, 255, 255, 255, 255);
    put(m, station, 6), put(m, station, 6);
    PUT(m, 0x10, 0);
}

/* A beacon of a network "net" with Remote ID. */
static void beacon(struct made *m)
{
    management(m, WIFI_BEACON);
    put_zeros(m, 8);
    PUT(m, 100, 0, 0x31, 4);
    PUT(m, 0, 3), PUT_TEXT(m, "net");
    PUT(m, 3, 1, 11);
    PUT(m, 48, 20, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 2, 0, 0);
    PUT(m, 221, 4 + 1 + 3 + 3 * 25, 0xfa, 0x0b, 0xbc, 0x0d, 1, 0xf2, 25, 3);
    put_basic_id(m, 2, 1, SERIAL);
    put_location(m, 2, 487000000, 91000000);
    put_system(m, 2, 488000000, 92000000, 0);
}

static void put_crc(struct made *m, size_t from)
{
    put_le(m, crc32(0, m->at + from, (uInt)(m->len - from)), 4);
}

struct header_case {
    const char *name;
    uint32_t link_type;
    uint8_t bytes[160];
    size_t len;
    size_t crc_behind;           /* bytes of check sequence that follow the frame */
    enum parse_status status;
    int frequency_mhz, signal_dbm;
    bool bad_check;
};

static const struct header_case headers[] = {
    { "none", LINKTYPE_IEEE802_11, { 0 }, 0, 0, PARSE_OK, 0, 0, false },
    { "none, with a check sequence", LINKTYPE_IEEE802_11, { 0 }, 0, 4, PARSE_OK, 0, 0, false },
    { "radiotap, empty", LINKTYPE_RADIOTAP, { 0, 0, 8, 0, 0, 0, 0, 0 }, 8, 0, PARSE_OK, 0, 0, false },
    { "radiotap, aligned fields", LINKTYPE_RADIOTAP,
      { 0, 0, 24, 0, 0x2b, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0, 0x85, 0x09, 0xa0, 0, 0xc4 }, 24, 4, PARSE_OK, 2437, -60, false },
    { "radiotap, no clock", LINKTYPE_RADIOTAP, { 0, 0, 15, 0, 0x2e, 0, 0, 0, 0x00, 0x02, 0x6c, 0x09, 0xa0, 0, 0xb0 }, 15, 0, PARSE_OK,
      2412, -80, false },
    { "radiotap, more words", LINKTYPE_RADIOTAP, { 0, 0, 17, 0, 0x20, 0, 0, 0xa0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0xd8 }, 17, 0, PARSE_OK, 0, -40, false },
    { "radiotap, bad check", LINKTYPE_RADIOTAP, { 0, 0, 9, 0, 2, 0, 0, 0, 0x50 }, 9, 4, PARSE_OK, 0, 0, true },
    { "radiotap, words without end", LINKTYPE_RADIOTAP, { 0, 0, 8, 0, 0, 0, 0, 0x80 }, 8, 0, PARSE_INVALID, 0, 0, false },
    { "radiotap, shorter than itself", LINKTYPE_RADIOTAP, { 0, 0, 7, 0, 0, 0, 0, 0 }, 8, 0, PARSE_INVALID, 0, 0, false },
    { "radiotap, another version", LINKTYPE_RADIOTAP, { 1, 0, 8, 0, 0, 0, 0, 0 }, 8, 0, PARSE_UNSUPPORTED, 0, 0, false },
    { "PPI with 802.11-common", LINKTYPE_PPI,
      { 0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 0x09, 0, 0, 0, 0, 0xc4, 0 }, 32, 4, PARSE_OK, 2437, -60, false },
    { "PPI without fields", LINKTYPE_PPI, { 0, 0, 8, 0, 105, 0, 0, 0 }, 8, 0, PARSE_OK, 0, 0, false },
    { "PPI around Ethernet", LINKTYPE_PPI, { 0, 0, 8, 0, 1, 0, 0, 0 }, 8, 0, PARSE_UNSUPPORTED, 0, 0, false },
    { "prism, little-endian", LINKTYPE_PRISM, { 0x44, 0, 0, 0, 144, 0, 0, 0 }, 144, 0, PARSE_OK, 0, 0, false },
    { "prism, big-endian", LINKTYPE_PRISM, { 0, 0, 0, 0x44, 0, 0, 0, 144 }, 144, 0, PARSE_OK, 0, 0, false },
    { "prism, of nobody", LINKTYPE_PRISM, { 9, 9, 9, 9, 144, 0, 0, 0 }, 144, 0, PARSE_INVALID, 0, 0, false },
    { "AVS under prism's number", LINKTYPE_PRISM, { 0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64 }, 64, 0, PARSE_OK, 0, 0, false },
    { "AVS", LINKTYPE_AVS, { 0x80, 0x21, 0x10, 0x02, 0, 0, 0, 64, [30] = 0x09, [31] = 0x85 }, 64, 0, PARSE_OK, 2437, 0, false },
};

static void headers_of_every_kind(void **state)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const struct header_case *x = &headers[i];
        struct made m = { .len = 0 };
        struct wifi_header h;
        put(&m, x->bytes, x->len);
        beacon(&m);
        const size_t frame_len = m.len - x->len;
        if (x->crc_behind)
            put_crc(&m, x->len);
        struct bytes in = exact_copy(m.at, m.len);
        const enum parse_status status = wifi_header_parse(x->link_type, in, m.len, &h);
        if (status != x->status)
            fail_msg("%s: status %d", x->name, status);
        if (status == PARSE_OK && (h.frame.len != frame_len || h.frame.at != in.at + x->len ||
                                   h.frequency_mhz != x->frequency_mhz || h.signal_dbm != x->signal_dbm ||
                                   h.bad_check != x->bad_check))
            fail_msg("%s: %zu of %zu bytes, %d MHz, %d dBm, bad %d", x->name, h.frame.len, frame_len, h.frequency_mhz,
                     h.signal_dbm, h.bad_check);
        exact_copy_free(in);
    }
}

static void a_check_sequence_that_was_not_captured(void **state)
{
    struct made m = { .len = 0 };
    struct wifi_header h;

    PUT(&m, 0, 0, 9, 0, 2, 0, 0, 0, 0x10);
    beacon(&m);
    /* Two of its four bytes are there. */
    PUT(&m, 1, 2);
    assert_int_equal(wifi_header_parse(LINKTYPE_RADIOTAP, made_bytes(&m), m.len + 2, &h), PARSE_OK);
    assert_int_equal(h.frame.len, m.len - 9 - 2);
    assert_int_equal(wifi_header_parse(LINKTYPE_RADIOTAP, bytes_part(made_bytes(&m), 0, 60), m.len + 2, &h), PARSE_OK);
    assert_int_equal(h.frame.len, 60 - 9);
}

#define RSN_HEAD 1, 0, 0, 0x0f, 0xac
#define OUI 0, 0x0f, 0xac

struct security_case {
    const char *name;
    bool privacy, has_rsn, has_wpa;
    uint8_t rsn[40];
    size_t len;
    enum wifi_security want;
};

static const struct security_case securities[] = {
    { "nothing", false, false, false, { 0 }, 0, WIFI_OPEN },
    { "privacy alone", true, false, false, { 0 }, 0, WIFI_WEP },
    { "WPA", true, false, true, { 0 }, 0, WIFI_WPA },
    { "version alone: defaults", true, true, false, { 1, 0 }, 2, WIFI_WPA2 },
    { "PSK", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WPA2 },
    { "PSK beside WPA", true, true, true, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WPA },
    { "TKIP", true, true, false, { RSN_HEAD, 2, 1, 0, OUI, 2, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WPA2_TKIP },
    { "CCMP with TKIP for the group", true, true, false, { RSN_HEAD, 2, 1, 0, OUI, 4, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WPA2_TKIP },
    { "the group's cipher for all", true, true, false, { RSN_HEAD, 2, 1, 0, OUI, 0, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WPA2_TKIP },
    { "WEP for the group", true, true, false, { RSN_HEAD, 5, 1, 0, OUI, 4, 1, 0, OUI, 2, 0, 0 }, 20, WIFI_WEP },
    { "SAE", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 8, 0xc0, 0 }, 20, WIFI_WPA3 },
    { "SAE and PSK", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 2, 0, OUI, 8, OUI, 2, 0x80, 0 }, 24, WIFI_WPA2 },
    { "SAE with GCMP-256", true, true, false, { RSN_HEAD, 9, 1, 0, OUI, 9, 1, 0, OUI, 24, 0xc0, 0 }, 20, WIFI_WPA3 },
    { "802.1X", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 1, 0, 0 }, 20, WIFI_WPA2 },
    { "802.1X-SHA256", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 5, 0, 0 }, 20, WIFI_WPA2 },
    { "802.1X-SHA256, frames protected", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 5, 0xc0, 0 }, 20, WIFI_WPA3 },
    { "192 bits", true, true, false, { RSN_HEAD, 9, 1, 0, OUI, 9, 1, 0, OUI, 12, 0xc0, 0 }, 20, WIFI_WPA3 },
    { "OWE", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, OUI, 18, 0xc0, 0 }, 20, WIFI_OPEN },
    { "a vendor's own", true, true, false, { RSN_HEAD, 4, 1, 0, OUI, 4, 1, 0, 1, 2, 3, 4, 0, 0 }, 20, WIFI_SECURITY_UNKNOWN },
    { "version 2", true, true, false, { 2, 0 }, 2, WIFI_SECURITY_UNKNOWN },
    { "cut in a suite", true, true, false, { RSN_HEAD, 4, 1, 0, OUI }, 11, WIFI_SECURITY_UNKNOWN },
    { "more suites than there are", true, true, false, { RSN_HEAD, 4, 60, 0, OUI, 4 }, 12, WIFI_SECURITY_UNKNOWN },
    { "empty", true, true, false, { 0 }, 0, WIFI_SECURITY_UNKNOWN },
};

static void protection_by_the_weakest_that_is_accepted(void **state)
{
    static const uint8_t wpa[] = { 1, 0 };

    for (size_t i = 0; i < sizeof securities / sizeof *securities; i++) {
        const struct security_case *x = &securities[i];
        struct bytes rsn = exact_copy(x->rsn, x->len);
        const enum wifi_security got =
            wifi_security_of(x->privacy, x->has_rsn ? rsn : (struct bytes){ .at = NULL },
                             x->has_wpa ? (struct bytes){ .at = wpa, .len = 2 } : (struct bytes){ .at = NULL });
        if (got != x->want)
            fail_msg("%s: %s", x->name, wifi_security_names[got]);
        exact_copy_free(rsn);
    }
}

static void data(struct made *m, unsigned subtype, unsigned flags, bool a_msdu)
{
    PUT(m, (uint8_t)(subtype << 4 | 8), (uint8_t)flags, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 0x20, 0);
    if ((flags & 3) == 3)
        PUT(m, 4, 4, 4, 4, 4, 4);
    if (subtype & 8)
        PUT(m, a_msdu ? 0x80 : 0, 0);
    if (a_msdu)
        PUT(m, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 0, 28);
    PUT(m, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45, 0, 0, 20, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 203, 0, 113, 9);
}

static void who_sends_to_whom(void **state)
{
    static const struct { unsigned subtype, flags; uint8_t src, dst; bool has_bssid; } cases[] = {
        { 0, 0, 2, 1, true }, { 8, 1, 2, 3, true }, { 8, 2, 3, 1, true }, { 0, 3, 4, 3, false }, { 8, 3, 4, 3, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made m = { .len = 0 };
        struct wifi_frame f;
        data(&m, cases[i].subtype, cases[i].flags, false);
        assert_int_equal(wifi_frame_parse(made_bytes(&m), false, &f), PARSE_OK);
        assert_int_equal(f.src[0], cases[i].src);
        assert_int_equal(f.dst[0], cases[i].dst);
        assert_int_equal(f.bssid != NULL, cases[i].has_bssid);
        assert_int_equal(f.body.len, 28);
        for (size_t len = 0; len < m.len - 28; len++) {
            struct bytes in = exact_copy(m.at, len);
            assert_int_equal(wifi_frame_parse(in, false, &f), PARSE_TRUNCATED);
            exact_copy_free(in);
        }
    }
    struct made m = { .len = 0 };
    struct wifi_frame f;
    struct wifi_subframe packet;
    data(&m, 8, 1, true);
    assert_int_equal(wifi_frame_parse(made_bytes(&m), false, &f), PARSE_OK);
    assert_true(f.a_msdu);
    assert_int_equal(wifi_a_msdu_first(f.body, &packet), PARSE_OK);
    assert_int_equal(packet.llc.len, 28);
    assert_int_equal(packet.src[0], 6);
    assert_false(packet.more);
    put_zeros(&m, 2); /* filling of the last */
    PUT(&m, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 0, 28);
    assert_int_equal(wifi_frame_parse(made_bytes(&m), false, &f), PARSE_OK);
    assert_int_equal(wifi_a_msdu_first(f.body, &packet), PARSE_OK);
    assert_true(packet.more);
    /* Filled up to four bytes behind a header of 26. */
    m.len = 0;
    data(&m, 8, 1, false);
    memmove(m.at + 28, m.at + 26, m.len - 26);
    m.len += 2;
    assert_int_equal(wifi_frame_parse(made_bytes(&m), true, &f), PARSE_OK);
    assert_int_equal(f.body.at[0], 0xaa);
    assert_int_equal(f.body.len, 28);
}

static void nan_frames(void **state)
{
    static const uint8_t head[] = { 4, 9, 0x50, 0x6f, 0x9a, 0x13 };
    static const uint8_t service[] = { 0x88, 0x69, 0x19, 0x9d, 0x92, 0x09, 1, 0 };
    struct bytes content;

    for (unsigned control = 0; control < 0x80; control += 4) {
        struct made a = { .len = 0 }, m = { .len = 0 };
        put(&a, service, sizeof service);
        PUT(&a, (uint8_t)control);
        if (control & 0x40)
            PUT(&a, 1, 2);
        if (control & 0x04)
            PUT(&a, 2, 9, 9);
        if (control & 0x08)
            PUT(&a, 0);
        if (control & 0x10)
            PUT(&a, 4, 7, 0xf2, 25, 0);
        put(&m, head, sizeof head);
        PUT(&m, 0, 2, 0, 1, 1, 3, (uint8_t)a.len, 0);
        put(&m, a.at, a.len);
        PUT(&m, 14, 4, 0, 1, 0, 2, 7);
        const enum parse_status status = nan_remote_id(made_bytes(&m), &content);
        assert_int_equal(status, control & 0x10 ? PARSE_OK : PARSE_INVALID);
        if (status == PARSE_OK)
            assert_true(bytes_equal(content, "\x07\xf2\x19", 4));
        for (size_t len = 0; len < m.len; len++) {
            struct bytes in = exact_copy(m.at, len);
            if (nan_remote_id(in, &content) == PARSE_OK)
                assert_true(content.at >= in.at && content.at + content.len <= in.at + in.len);
            exact_copy_free(in);
        }
    }
}

static void a_beacon_whole_cut_and_flipped(void **state)
{
    struct made m = { .len = 0 };
    struct heard h;

    PUT(&m, 0, 0, 8, 0, 0, 0, 0, 0);
    beacon(&m);
    heard_init(&h);
    hear(&h, LINKTYPE_RADIOTAP, made_bytes(&m));
    heard_end(&h);
    const struct fact_broadcast *b = heard_broadcast(&h, 0);
    assert_text_equal(b->uas_id, SERIAL);
    assert_text_equal(b->operator_source, "live");
    const struct fact_network *n = kept_facts_row(&h.facts, FACT_NETWORK, 0);
    assert_text_equal(n->ssid, "net");
    assert_text_equal(n->security, "wpa2");
    assert_text_equal(n->vendor, "DJI");
    assert_int_equal(n->frequency_mhz, 2462);
    heard_done(&h);

    for (size_t len = 0; len < m.len; len++) {
        heard_init(&h);
        hear(&h, LINKTYPE_RADIOTAP, (struct bytes){ .at = m.at, .len = len });
        heard_end(&h);
        /* An element that is cut is not there: no row is made of its beginning. */
        assert_int_equal(kept_facts_count(&h.facts, FACT_BROADCAST), 0);
        n = kept_facts_row(&h.facts, FACT_NETWORK, 0);
        if (n && text_equal(n->ssid, TEXT("net")))
            assert_false(text_equal(n->security, TEXT("open")));
        heard_done(&h);
    }
    heard_init(&h);
    for (size_t bit = 0; bit < 8 * m.len; bit++) {
        m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        hear(&h, LINKTYPE_RADIOTAP, made_bytes(&m));
        m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    heard_end(&h);
    heard_done(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_every_kind),
        cmocka_unit_test(a_check_sequence_that_was_not_captured),
        cmocka_unit_test(protection_by_the_weakest_that_is_accepted),
        cmocka_unit_test(who_sends_to_whom),
        cmocka_unit_test(nan_frames),
        cmocka_unit_test(a_beacon_whole_cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
