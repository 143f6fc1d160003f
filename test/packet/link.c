#include "packet/build.h"

#include <string.h>

#include "packet/link.h"
#include "packet/link_rare.h"

#define IP "\x45ip packet"
#define IP6 "\x60ip packet"
#define MACS "\2\0\0\0\0\2" "\2\0\0\0\0\1"

#define SNAP(type) "\xaa\xaa\3\0\0\0" type

/* Apple's header of 108 bytes: length, 1 for a packet, link type, interface and more. */
#define ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define TAP(link_type) "\x6c\0\0\0" "\1\0\0\0" link_type ZEROS_24 ZEROS_24 ZEROS_24 ZEROS_24

struct link_case {
    const char *name;
    uint32_t link_type;
    const char *frame;
    size_t len;
    enum link_result result;
    size_t ip_at;
    bool src_mac;
};

#define FRAME(text) text, sizeof(text) - 1

static const struct link_case cases[] = {
    { "ethernet", 1, FRAME(MACS "\x08\0" IP), LINK_IP, 14, true },
    { "ethernet, IPv6", 1, FRAME(MACS "\x86\xdd" IP6), LINK_IP, 14, true },
    { "ARP", 1, FRAME(MACS "\x08\x06" IP), LINK_NOT_IP, 0, false },
    { "VLAN", 1, FRAME(MACS "\x81\0\0\x05\x08\0" IP), LINK_IP, 18, true },
    { "QinQ", 1, FRAME(MACS "\x88\xa8\0\x05\x81\0\0\x06\x86\xdd" IP6), LINK_IP, 22, true },
    { "QinQ by makers' numbers", 1, FRAME(MACS "\x92\0\0\x05\x93\0\0\x06\x91\0\0\x07\x08\0" IP), LINK_IP, 26, true },
    { "VLAN cut", 1, FRAME(MACS "\x81\0\0"), LINK_CUT, 0, false },
    { "tags without end", 1, FRAME(MACS "\x81\0\0\0\x81\0\0\0\x81\0\0\0\x81\0\0\0\x81\0\0\0\x81\0\0\0\x81\0\0\0\x81\0\0\0"
      "\x81\0\0\0\x81\0\0\0\x08\0" IP), LINK_NOT_IP, 0, false },
    { "802.3 with SNAP", 1, FRAME(MACS "\0\x20\xaa\xaa\3\0\0\0\x08\0" IP), LINK_IP, 22, true },
    { "802.3 spanning tree", 1, FRAME(MACS "\0\x26\x42\x42\3\0\0\0\0\0"), LINK_NOT_IP, 0, false },
    { "MPLS, two labels", 1, FRAME(MACS "\x88\x47\0\0\x10\x40\0\0\x21\x40" IP), LINK_IP, 22, true },
    { "PPPoE", 1, FRAME(MACS "\x88\x64\x11\0\0\1\0\x20\0\x21" IP), LINK_IP, 22, true },
    { "PPPoE, LCP", 1, FRAME(MACS "\x88\x64\x11\0\0\1\0\x20\xc0\x21" IP), LINK_NOT_IP, 0, false },
    { "empty", 1, FRAME(""), LINK_CUT, 0, false },
    { "ethernet header only", 1, FRAME(MACS "\x08\0"), LINK_CUT, 0, false },
    { "not the version the type says", 1, FRAME(MACS "\x08\0\x15xxxxxxxx"), LINK_NOT_IP, 0, false },
    { "Linux cooked", 113, FRAME("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0" IP), LINK_IP, 16, true },
    { "Linux cooked, no address", 113, FRAME("\0\4\3\4\0\0\0\0\0\0\0\0\0\0\x08\0" IP), LINK_IP, 16, false },
    { "Linux cooked with VLAN", 113, FRAME("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x81\0\0\1\x08\0" IP), LINK_IP, 20, true },
    { "Linux cooked 2", 276, FRAME("\x86\xdd\0\0\0\0\0\2\0\1\0\6\2\0\0\0\0\1\0\0" IP6), LINK_IP, 20, true },
    { "raw", 101, FRAME(IP), LINK_IP, 0, false },
    { "raw, 12", 12, FRAME(IP6), LINK_IP, 0, false },
    { "raw, 14", 14, FRAME(IP), LINK_IP, 0, false },
    { "raw, 228", 228, FRAME(IP), LINK_IP, 0, false },
    { "raw, 229", 229, FRAME(IP6), LINK_IP, 0, false },
    { "loopback, little-endian", 0, FRAME("\2\0\0\0" IP), LINK_IP, 4, false },
    { "loopback, big-endian", 0, FRAME("\0\0\0\2" IP), LINK_IP, 4, false },
    { "loopback, macOS IPv6", 0, FRAME("\x1e\0\0\0" IP6), LINK_IP, 4, false },
    { "loopback of OpenBSD, FreeBSD IPv6", 108, FRAME("\0\0\0\x1c" IP6), LINK_IP, 4, false },
    { "loopback, not IP", 0, FRAME("\7\0\0\0xxxx"), LINK_NOT_IP, 0, false },
    { "loopback that is a serial line", 0, FRAME("\x0f\0\x08\0" IP), LINK_IP, 4, false },
    { "loopback that is PPP", 0, FRAME("\xff\3\0\x21" IP), LINK_IP, 4, false },
    { "PPP", 9, FRAME("\xff\3\0\x21" IP), LINK_IP, 4, false },
    { "PPP, short", 9, FRAME("\x57" IP6), LINK_IP, 1, false },
    { "PPP with labels", 9, FRAME("\xff\3\2\x81\0\0\x21\x40" IP), LINK_IP, 8, false },
    { "PPP, encrypted", 9, FRAME("\xff\3\0\xfd" IP), LINK_OPAQUE, 0, false },
    { "PPP, LCP", 9, FRAME("\xff\3\xc0\x21" IP), LINK_NOT_IP, 0, false },
    { "PPP in HDLC", 50, FRAME("\xff\3\0\x21" IP), LINK_IP, 4, false },
    { "Cisco HDLC by PPP's number", 50, FRAME("\x0f\0\x08\0" IP), LINK_IP, 4, false },
    { "Cisco HDLC", 104, FRAME("\x8f\0\x86\xdd" IP6), LINK_IP, 4, false },
    { "Cisco HDLC, not its address", 104, FRAME("\xff\3\x86\xdd" IP6), LINK_NOT_IP, 0, false },
    { "Cisco HDLC with a direction", 205, FRAME("\1\x0f\0\x08\0" IP), LINK_IP, 5, false },
    { "PPPoE by itself", 51, FRAME("\x11\0\0\1\0\x0c\0\x21" IP), LINK_IP, 8, false },
    { "PPPoE discovery", 51, FRAME("\x11\x09\0\1\0\x0c\0\x21" IP), LINK_NOT_IP, 0, false },
    { "pppd", 166, FRAME("\0\xff\3\0\x21" IP), LINK_IP, 5, false },
    { "PPP with a direction", 204, FRAME("\1\xff\3\0\x57" IP6), LINK_IP, 5, false },
    { "pflog, 61 bytes and padding", 117, FRAME("\x3d\2\0\0" ZEROS_24 ZEROS_24 "\0\0\0\0\0\0\0\0\1\0\0\0" IP), LINK_IP, 64, false },
    { "pflog, IPv6", 117, FRAME("\x44\x1c\0\0" ZEROS_24 ZEROS_24 "\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0" IP6), LINK_IP, 68, false },
    { "pflog without a header", 117, FRAME("\2\2\0\0" IP), LINK_NOT_IP, 0, false },
    { "pflog cut", 117, FRAME("\x3d\2\0\0" ZEROS_24), LINK_CUT, 0, false },
    { "enc", 109, FRAME("\2\0\0\0" "\0\0\0\1" "\0\0\0\2" IP), LINK_IP, 12, false },
    { "enc cut", 109, FRAME("\2\0\0\0" "\0\0\0\1"), LINK_CUT, 0, false },
    { "netfilter's log", 239, FRAME("\2\0\0\0" "\x08\0\1\0\x08\0\1\0" "\x0e\0\x09\0" IP), LINK_IP, 16, false },
    { "netfilter's log, big-endian", 239, FRAME("\2\0\0\0" "\0\x08\0\1\x08\0\1\0" "\0\x0e\0\x09" IP), LINK_IP, 16, false },
    { "netfilter's log without a packet", 239, FRAME("\2\0\0\0" "\x08\0\1\0\x08\0\1\0"), LINK_NOT_IP, 0, false },
    { "Apple's packet tap", 258, FRAME(TAP("\x0c\0\0\0") IP), LINK_IP, 108, false },
    { "Apple's packet tap, Ethernet", 258, FRAME(TAP("\1\0\0\0") MACS "\x08\0" IP), LINK_IP, 122, true },
    { "Apple's packet tap by its old number", 149, FRAME(TAP("\1\0\0\0") MACS "\x08\0" IP), LINK_IP, 122, true },
    { "something else by that number", 149, FRAME("\x6c\0\0\0\2\0\0\0" IP), LINK_TYPE_UNKNOWN, 0, false },
    { "Apple's packet tap in itself without end", 258, FRAME(TAP("\2\1\0\0") TAP("\2\1\0\0") TAP("\2\1\0\0") TAP("\2\1\0\0")
      TAP("\x0c\0\0\0") IP), LINK_NOT_IP, 0, false },
    { "pseudowire with a control word", 1, FRAME(MACS "\x88\x47\0\0\x11\x40" "\0\0\0\7" MACS "\x08\0" IP), LINK_IP, 36, true },
    { "pseudowire without one", 1, FRAME(MACS "\x88\x47\0\0\x11\x40" MACS "\x08\0" IP), LINK_IP, 32, true },
    { "pseudowire's own channel", 1, FRAME(MACS "\x88\x47\0\0\x11\x40" "\x10\0\0\x21" IP), LINK_NOT_IP, 0, false },
    { "backbone", 1, FRAME(MACS "\x88\xe7\0\0\0\5" MACS "\x81\0\0\5\x08\0" IP), LINK_IP, 36, true },
    { "backbones without end", 1, FRAME(MACS "\x88\xe7\0\0\0\5" MACS "\x88\xe7\0\0\0\5" MACS "\x88\xe7\0\0\0\5" MACS
      "\x88\xe7\0\0\0\5" MACS "\x88\xe7\0\0\0\5" MACS "\x08\0" IP), LINK_NOT_IP, 0, false },
    { "old QinQ", 1, FRAME(MACS "\x91\0\0\5\x81\0\0\6\x08\0" IP), LINK_IP, 22, true },
    { "MACsec", 1, FRAME(MACS "\x88\xe5\x2c\0\0\0\0\1" IP), LINK_OPAQUE, 0, false },
    { "Arista's time, 64 bits", 1, FRAME(MACS "\xd2\x8b\0\1\0\x10" "12345678" "\x81\0\0\5\x08\0" IP), LINK_IP, 32, true },
    { "Arista's time, 48 bits", 1, FRAME(MACS "\xd2\x8b\0\1\1\x21" "123456" "\x08\0" IP), LINK_IP, 26, true },
    { "Arista's, another subtype", 1, FRAME(MACS "\xd2\x8b\0\2\0\x10" "12345678" "\x08\0" IP), LINK_NOT_IP, 0, false },
    { "Arista's time, cut", 1, FRAME(MACS "\xd2\x8b\0\1\0\x10" "1234"), LINK_CUT, 0, false },
    { "VN-Tag", 1, FRAME(MACS "\x89\x26\x80\1\0\2\x81\0\0\5\x08\0" IP), LINK_IP, 24, true },
    { "E-tag", 1, FRAME(MACS "\x89\x3f\0\1\0\2\0\0\x08\0" IP), LINK_IP, 22, true },
    { "redundancy tag", 1, FRAME(MACS "\x89\x2f\x10\x20\0\7\x86\xdd" IP6), LINK_IP, 20, true },
    { "security group", 1, FRAME(MACS "\x89\x09\1\1\0\1\0\4\x08\0" IP), LINK_IP, 22, true },
    { "FabricPath", 1, FRAME("\2\2\2\2\2\2\2\2\2\2\2\2\x89\3\x04\x20" MACS "\x08\0" IP), LINK_IP, 30, true },
    { "TRILL with options", 1, FRAME("\2\2\2\2\2\2\2\2\2\2\2\2\x22\xf3\0\x41\0\1\0\2optn" MACS "\x08\0" IP), LINK_IP, 38, true },
    { "service header with Ethernet", 1, FRAME("\2\2\2\2\2\2\2\2\2\2\2\2\x89\x4f\x0f\xc6\1\3\0\0\1\xff" "................" MACS "\x08\0" IP), LINK_IP, 52, true },
    { "service header with IPv4", 1, FRAME(MACS "\x89\x4f\x0f\xc2\2\1\0\0\1\xff" IP), LINK_IP, 22, true },
    { "service header shorter than its own", 1, FRAME(MACS "\x89\x4f\x0f\xc1\2\1\0\0\1\xff" IP), LINK_NOT_IP, 0, false },
    { "FDDI", 10, FRAME("\x57" MACS SNAP("\x08\0") IP), LINK_IP, 21, false },
    { "FDDI, a token", 10, FRAME("\x80" MACS SNAP("\x08\0") IP), LINK_NOT_IP, 0, false },
    { "token ring", 6, FRAME("\x10\x40" MACS SNAP("\x86\xdd") IP6), LINK_IP, 22, false },
    { "token ring with a route", 6, FRAME("\x10\x40" "\2\0\0\0\0\2" "\x82\0\0\0\0\1" "\6\x30\0\1\0\2" SNAP("\x08\0") IP), LINK_IP, 28, false },
    { "token ring, its own management", 6, FRAME("\x10\0" MACS SNAP("\x08\0") IP), LINK_NOT_IP, 0, false },
    { "frame relay", 107, FRAME("\x18\x41\3\xcc" IP), LINK_IP, 4, false },
    { "frame relay, four bytes of address", 107, FRAME("\x18\x40\x40\x41\3\x8e" IP6), LINK_IP, 6, false },
    { "frame relay with SNAP", 107, FRAME("\x18\x41\3\0\x80\0\0\0\x08\0" IP), LINK_IP, 10, false },
    { "frame relay with Ethernet", 107, FRAME("\x18\x41\3\0\x80\0\x80\xc2\0\7" MACS "\x08\0" IP), LINK_IP, 24, true },
    { "frame relay as Cisco has it", 107, FRAME("\x18\x41\x08\0" IP), LINK_IP, 4, false },
    { "frame relay, its own management", 107, FRAME("\0\1\3\x08\0\x75\x51"), LINK_NOT_IP, 0, false },
    { "ATM", 100, FRAME(SNAP("\x08\0") IP), LINK_IP, 8, false },
    { "ATM by NLPID", 100, FRAME("\xfe\xfe\3\xcc" IP), LINK_IP, 4, false },
    { "ATM with Ethernet", 100, FRAME("\xaa\xaa\3\0\x80\xc2\0\7\0\0" MACS "\x08\0" IP), LINK_IP, 24, true },
    { "ATM of Sun", 123, FRAME("\x82\0\0\x20" SNAP("\x08\0") IP), LINK_IP, 12, false },
    { "ATM of Sun, LAN emulation", 123, FRAME("\1\0\0\x20\0\5" MACS "\x08\0" IP), LINK_IP, 20, true },
    { "ATM of Sun, signalling", 123, FRAME("\6\0\0\5xxxxxxxx"), LINK_NOT_IP, 0, false },
    { "SLIP", 8, FRAME("\1\x40" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0" IP), LINK_IP, 16, false },
    { "SLIP cut", 8, FRAME("\1\x40\0\0"), LINK_CUT, 0, false },
    { "IP of Solaris", 226, FRAME(ZEROS_24 IP6), LINK_IP, 24, false },
    { "InfiniBand", 242, FRAME(ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0" IP), LINK_IP, 44, false },
    { "Hilscher", 240, FRAME("\0\0\0\0" MACS "\x08\0" IP), LINK_IP, 18, true },
    { "Hilscher with a preamble", 241, FRAME("\0\0\0\0\x55\x55\x55\x55\x55\x55\x55\xd5" MACS "\x08\0" IP), LINK_IP, 26, true },
    { "Broadcom's switch tag", 281, FRAME(MACS "\0\0\0\5\x08\0" IP), LINK_IP, 18, true },
    { "Broadcom's switch tag in front", 282, FRAME("\0\0\0\5" MACS "\x08\0" IP), LINK_IP, 18, true },
    { "Marvell's switch tag", 284, FRAME(MACS "\xc0\x08\0\1\x86\xdd" IP6), LINK_IP, 18, true },
    { "Marvell's switch tag with a type", 285, FRAME(MACS "\xda\xda\0\0\xc0\x08\0\1\x08\0" IP), LINK_IP, 22, true },
    { "Marvell's switch tag cut", 284, FRAME(MACS "\xc0\x08"), LINK_CUT, 0, false },
    { "802.11", 105, FRAME(MACS), LINK_TYPE_UNKNOWN, 0, false },
    { "user-defined", 150, FRAME("U"), LINK_TYPE_UNKNOWN, 0, false },
};

/* The short way for the usual frame gives what the long way gives, or leaves it to that. */
static void assert_plain_agrees(const char *name, uint32_t link_type, struct bytes in)
{
    struct link_layer link, plain;

    if (!link_plain(link_type, &in, &plain))
        return;
    if (link_parse(link_type, in, &link) != LINK_IP || link.ip.at != plain.ip.at || link.ip.len != plain.ip.len ||
        link.ip.origin != plain.ip.origin || link.src_mac != plain.src_mac || link.dst_mac != plain.dst_mac)
        fail_msg("%s: the two ways differ", name);
}

static void finds_the_packet(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes in = exact_copy(cases[i].frame, cases[i].len);
        struct link_layer link = { .ip = { .at = NULL } };
        in.origin = 100;
        const enum link_result result = link_parse(cases[i].link_type, in, &link);
        if (result != cases[i].result)
            fail_msg("%s: %d", cases[i].name, result);
        if (result == LINK_IP) {
            if (link.ip.origin != 100 + cases[i].ip_at || link.ip.len != cases[i].len - cases[i].ip_at)
                fail_msg("%s: at %d", cases[i].name, (int)link.ip.origin);
            if ((link.src_mac != NULL) != cases[i].src_mac ||
                (link.src_mac && memcmp(link.src_mac, "\2\0\0\0\0\1", 6) != 0))
                fail_msg("%s: hardware address", cases[i].name);
        }
        assert_plain_agrees(cases[i].name, cases[i].link_type, in);
        exact_copy_free(in);
    }
}

static void goes_the_short_way(void **state)
{
    struct bytes in = exact_copy(cases[0].frame, cases[0].len);
    struct link_layer link;

    assert_true(link_plain(LINKTYPE_ETHERNET, &in, &link));
    assert_false(link_plain(LINKTYPE_USER0, &in, &link));
    exact_copy_free(in);
}

static void cut_at_every_length(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t len = 0; len < cases[i].len; len++) {
            struct bytes in = exact_copy(cases[i].frame, len);
            struct link_layer link;
            const enum link_result result = link_parse(cases[i].link_type, in, &link);
            if (result == LINK_IP)
                assert_int_equal(link.ip.len, len - cases[i].ip_at);
            assert_plain_agrees(cases[i].name, cases[i].link_type, in);
            exact_copy_free(in);
        }
    }
}

/* Labels with an Ethernet frame behind them, or behind their control word: both are tried, and both go on the same way,
 * through PPPoE and PPP.  What is in what has an end, or forty of these are 2^40 ways. */
static void links_in_links_have_an_end(void **state)
{
    static const char level[] = MACS "\x88\x64\x11\0\0\1\xff\xff" "\2\x81" "\0\0\x11\x40" "\0\0\0\0" /* the control word */
                                "\2\0\0\0\0\2" "\2\0\x81\0\0\1" "\x88\x64\x11\0\0\1\xff\xff" "\2\x81" "\0\0\x11\x40";
    enum { FIRST = 14 + 6 + 2 + 4, LEVELS = 40, FURTHER = sizeof level - 1 - FIRST };
    uint8_t frame[FIRST + LEVELS * FURTHER];
    struct link_layer link;

    memcpy(frame, level, FIRST);
    for (size_t i = 0; i < LEVELS; i++)
        memcpy(frame + FIRST + i * FURTHER, level + FIRST, FURTHER);
    assert_int_equal(link_parse(LINKTYPE_ETHERNET, (struct bytes){ .at = frame, .len = sizeof frame }, &link),
                     LINK_NOT_IP);
}

/* A name is for what is not read; what is read needs none. */
static void names_what_is_not_read(void **state)
{
    static const uint8_t zeros[64];
    struct link_layer link;

    for (uint32_t type = 0; type < 400; type++)
        if (link_type_name(type))
            assert_int_equal(link_parse(type, (struct bytes){ .at = zeros, .len = sizeof zeros }, &link),
                             LINK_TYPE_UNKNOWN);
    assert_string_equal(link_type_name(220), "USB");
    assert_null(link_type_name(1));
    assert_null(link_type_name(150));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_packet),
        cmocka_unit_test(goes_the_short_way),
        cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(links_in_links_have_an_end),
        cmocka_unit_test(names_what_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
