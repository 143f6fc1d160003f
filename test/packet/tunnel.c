#include "packet/build.h"

#include <string.h>

#include "packet/tunnel.h"

/* A packet that grows at its front. */
struct packet {
    uint8_t at[4096];
    size_t from;
};

static void start(struct packet *p, const void *at, size_t len)
{
    p->from = sizeof p->at - len;
    memcpy(p->at + p->from, at, len);
}

static size_t length(const struct packet *p)
{
    return sizeof p->at - p->from;
}

static uint8_t *front(struct packet *p, const void *header, size_t len)
{
    assert_true(len <= p->from);
    p->from -= len;
    memcpy(p->at + p->from, header, len);
    return p->at + p->from;
}

static void put16(uint8_t *at, size_t v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

static void ipv4_from(struct packet *p, struct ends e, int protocol)
{
    uint8_t header[20];
    make_ipv4(header, e, protocol, 1, 0, NULL, 0);
    put16(header + 2, 20 + length(p));
    front(p, header, sizeof header);
}

static const struct ends inner = { IP4(10, 9, 0, 2), IP4(203, 0, 113, 9), 40000, 5000 };
static const struct ends outer = { IP4(192, 168, 1, 2), IP4(198, 51, 100, 7), 40001, 40002 };

static void ipv4(struct packet *p, int protocol)
{
    ipv4_from(p, outer, protocol);
}

/* Addresses that begin with these 4 bytes. */
static void ipv6_between(struct packet *p, int next, const char *src, const char *dst)
{
    uint8_t header[40] = { 0x60 };
    put16(header + 4, length(p));
    header[6] = (uint8_t)next;
    header[7] = 64;
    memcpy(header + 8, src, 4);
    header[23] = 2;
    memcpy(header + 24, dst, 4);
    header[39] = 1;
    front(p, header, sizeof header);
}

static void ipv6(struct packet *p, int next)
{
    ipv6_between(p, next, "\x20\x01\x0d\xb8", "\x20\x01\x0d\xb8");
}

static void udp(struct packet *p, unsigned src_port, unsigned dst_port)
{
    uint8_t header[8] = { 0 };
    put16(header, src_port);
    put16(header + 2, dst_port);
    put16(header + 4, 8 + length(p));
    front(p, header, sizeof header);
}

static void ethernet(struct packet *p, unsigned type)
{
    uint8_t header[14] = { 2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2 };
    put16(header + 12, type);
    front(p, header, sizeof header);
}

#define FRONT(p, text) front(p, text, sizeof text - 1)

/* Each wraps an IPv4 packet of `inner`, or one over IPv6, and gives an IPv4 packet. */
static void in_ipip(struct packet *p) { ipv4(p, 4); }
static void in_4in6(struct packet *p) { ipv6(p, 4); }
static void in_4in6_options(struct packet *p) { FRONT(p, "\4\0\1\4\0\0\0\0"); ipv6(p, 60); }
static void in_6in4(struct packet *p) { ipv4(p, 41); }
static void in_gre(struct packet *p) { FRONT(p, "\0\0\x08\0"); ipv4(p, 47); }
static void in_gre_6(struct packet *p) { FRONT(p, "\0\0\x86\xdd"); ipv4(p, 47); }
static void in_gre_checksum(struct packet *p) { FRONT(p, "\x80\0\x08\0" "\x12\x34\0\0"); ipv4(p, 47); }
static void in_gre_key(struct packet *p) { FRONT(p, "\x20\0\x08\0" "keyy"); ipv4(p, 47); }
static void in_gre_all(struct packet *p) { FRONT(p, "\xb0\0\x08\0" "\x12\x34\0\0" "keyy" "\0\0\0\1"); ipv4(p, 47); }
static void in_gre_mpls(struct packet *p) { FRONT(p, "\0\0\x88\x47" "\0\1\1\x40"); ipv4(p, 47); }
static void in_gre_over_6(struct packet *p) { FRONT(p, "\0\0\x08\0"); ipv6(p, 47); }

static void in_gre_bridging(struct packet *p)
{
    ethernet(p, 0x0800);
    FRONT(p, "\0\0\x65\x58");
    ipv4(p, 47);
}

static void in_gre_bridging_vlan(struct packet *p)
{
    FRONT(p, "\0\5\x08\0");
    ethernet(p, 0x8100);
    FRONT(p, "\x20\0\x65\x58" "keyy");
    ipv4(p, 47);
}

/* RFC 2637: key is length and call. */
static void pptp(struct packet *p, const void *flags, size_t optional)
{
    uint8_t header[16] = { 0, 0, 0x88, 0x0b };
    memcpy(header, flags, 2);
    put16(header + 4, length(p));
    front(p, header, 8 + optional);
    ipv4(p, 47);
}

static void in_pptp(struct packet *p) { FRONT(p, "\xff\3\0\x21"); pptp(p, "\x30\x81", 8); }
static void in_pptp_short(struct packet *p) { FRONT(p, "\x21"); pptp(p, "\x30\1", 4); }
static void in_pptp_encrypted(struct packet *p) { FRONT(p, "\xff\3\0\xfd"); pptp(p, "\x30\1", 4); }
static void in_pptp_acknowledgement(struct packet *p) { FRONT(p, "\xff\3\0\x21"); pptp(p, "\x20\x81", 4); }

static void vxlan(struct packet *p, unsigned flags, unsigned src_port, unsigned dst_port)
{
    uint8_t header[8] = { (uint8_t)flags, 0, 0, 0, 0, 4, 87, 0 };
    front(p, header, sizeof header);
    udp(p, src_port, dst_port);
    ipv4(p, 17);
}

static void in_vxlan(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 8, 40001, 4789); }
static void in_vxlan_policy(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 0x88, 40001, 4789); }
static void in_vxlan_invalid(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 0, 40001, 4789); }
static void in_vxlan_gpe(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 12, 40001, 4789); }
static void in_vxlan_arp(struct packet *p) { ethernet(p, 0x0806); vxlan(p, 8, 40001, 4789); }
static void in_vxlan_from(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 8, 4789, 40002); }

/* Around what goes on behind an IPv6 header. */
static void teredo(struct packet *p, const char *src, const char *dst, int next)
{
    p->from += 20; /* the IPv4 header of the packet */
    ipv6_between(p, next, src, dst);
}

#define TEREDO "\x20\1\0\0"
#define NATIVE "\x20\1\x0d\xb8"
#define LOCAL "\xfe\x80\0\0"

static void to_teredo_server(struct packet *p) { udp(p, 40001, 3544); ipv4(p, 17); }
static void in_teredo(struct packet *p) { teredo(p, TEREDO, NATIVE, 17); to_teredo_server(p); }

static void in_teredo_back(struct packet *p)
{
    teredo(p, NATIVE, TEREDO, 17);
    udp(p, 3544, 40001);
    ipv4(p, 17);
}

static void in_teredo_origin(struct packet *p)
{
    teredo(p, TEREDO, NATIVE, 17);
    FRONT(p, "\0\0" "\x11\x22" "\1\2\3\4");
    to_teredo_server(p);
}

static void in_teredo_authentication(struct packet *p)
{
    teredo(p, TEREDO, NATIVE, 17);
    FRONT(p, "\0\0" "\x11\x22" "\1\2\3\4");
    FRONT(p, "\0\1\2\4" "id" "auth" "noncenon" "\0");
    to_teredo_server(p);
}

static void in_teredo_elsewhere(struct packet *p) { teredo(p, NATIVE, NATIVE, 17); to_teredo_server(p); }
static void in_teredo_bubble(struct packet *p) { teredo(p, TEREDO, TEREDO, 59); to_teredo_server(p); }
static void in_teredo_qualification(struct packet *p) { teredo(p, LOCAL, LOCAL, 58); to_teredo_server(p); }

static void in_teredo_too_long(struct packet *p)
{
    teredo(p, TEREDO, NATIVE, 17);
    p->at[p->from + 5]++;
    to_teredo_server(p);
}

static void gtp_u(struct packet *p, unsigned flags, unsigned message, const void *optional, size_t len)
{
    front(p, optional, len);
    uint8_t header[8] = { (uint8_t)flags, (uint8_t)message, 0, 0, 0, 0, 0, 9 };
    put16(header + 2, length(p));
    front(p, header, sizeof header);
    udp(p, 2152, 2152);
    ipv4(p, 17);
}

static void in_gtp_u(struct packet *p) { gtp_u(p, 0x30, 255, "", 0); }
static void in_gtp_u_from(struct packet *p)
{
    uint8_t header[8] = { 0x30, 255, 0, 0, 0, 0, 0, 9 };
    put16(header + 2, length(p));
    front(p, header, sizeof header);
    udp(p, 2152, 1024);
    ipv4(p, 17);
}
static void in_gtp_u_sequence(struct packet *p) { gtp_u(p, 0x32, 255, "\0\1\0\0", 4); }
static void in_gtp_u_extensions(struct packet *p) { gtp_u(p, 0x34, 255, "\0\0\0\x85" "\1\0\1\xc0" "\2......\0", 16); }
static void in_gtp_u_extension_of_nothing(struct packet *p) { gtp_u(p, 0x34, 255, "\0\0\0\x85" "\0\0\0\0", 8); }
static void in_gtp_u_echo(struct packet *p) { gtp_u(p, 0x30, 1, "", 0); }
static void in_gtp_prime(struct packet *p) { gtp_u(p, 0x20, 255, "", 0); }
static void in_gtp_version_2(struct packet *p) { gtp_u(p, 0x50, 255, "", 0); }
static void in_gtp_u_short(struct packet *p) { gtp_u(p, 0x30, 255, "", 0); p->at[p->from + 28 + 3]--; }

/* RFC 1071, over `len` bytes and what is to be added. */
static unsigned internet_sum(const uint8_t *at, size_t len, unsigned more)
{
    unsigned sum = more;

    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? at[i] : (unsigned)at[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static void set_ipv4_sum(struct packet *p)
{
    put16(p->at + p->from + 10, 0);
    put16(p->at + p->from + 10, ~internet_sum(p->at + p->from, 20, 0) & 0xffff);
}

/* Of UDP in IPv6 (RFC 8200, 8.1). */
static void set_udp_sum(struct packet *p)
{
    uint8_t *at = p->at + p->from;
    const size_t behind = length(p) - 40;

    put16(at + 40 + 6, 0);
    put16(at + 40 + 6, ~internet_sum(at + 8, 32 + behind, (unsigned)behind + 17) & 0xffff);
}

static void in_udp(struct packet *p, unsigned port) { udp(p, 40001, port); ipv4(p, 17); }
static void in_any_udp(struct packet *p) { udp(p, 40001, 5555); ipv4(p, 17); }
static void in_bare_4(struct packet *p) { set_ipv4_sum(p); in_any_udp(p); }
static void in_bare_4_wrong_sum(struct packet *p) { set_ipv4_sum(p); p->at[p->from + 11] ^= 1; in_any_udp(p); }
static void in_bare_4_and_more(struct packet *p)
{
    set_ipv4_sum(p);
    memmove(p->at + p->from - 1, p->at + p->from, length(p));
    p->from--;
    in_any_udp(p);
}
static void in_bare_6(struct packet *p) { set_udp_sum(p); in_any_udp(p); }
static void in_bare_gre(struct packet *p) { set_ipv4_sum(p); FRONT(p, "\0\0\x08\0"); in_any_udp(p); }
static void in_bare_gre_key(struct packet *p) { set_ipv4_sum(p); FRONT(p, "\x30\0\x08\0" "\0\0\0\7" "\0\0\0\1"); in_any_udp(p); }
static void in_bare_gre_6(struct packet *p) { set_udp_sum(p); FRONT(p, "\0\0\x86\xdd"); in_any_udp(p); }
static void in_bare_gre_other_type(struct packet *p) { set_ipv4_sum(p); FRONT(p, "\0\0\x86\xdd"); in_any_udp(p); }
static void in_bare_gre_routed(struct packet *p) { set_ipv4_sum(p); FRONT(p, "\x40\0\x08\0"); in_any_udp(p); }
static void in_bare_gre_wrong_sum(struct packet *p)
{
    set_ipv4_sum(p);
    p->at[p->from + 11] ^= 1;
    FRONT(p, "\0\0\x08\0");
    in_any_udp(p);
}
static void in_bare_6_wrong_sum(struct packet *p) { set_udp_sum(p); p->at[p->from + 47] ^= 1; in_any_udp(p); }
static void in_teredo_peer(struct packet *p) { teredo(p, TEREDO, NATIVE, 17); in_any_udp(p); }
static void in_teredo_peer_bubble(struct packet *p) { teredo(p, TEREDO, TEREDO, 59); in_any_udp(p); }
static void in_gre_udp(struct packet *p) { FRONT(p, "\x20\0\x08\0" "keyy"); in_udp(p, 4754); }
static void in_gue(struct packet *p) { FRONT(p, "\0\4\0\0"); in_udp(p, 6080); }
static void in_gue_options(struct packet *p) { FRONT(p, "\1\4\0\x20" "optn"); in_udp(p, 6080); }
static void in_gue_gre(struct packet *p) { FRONT(p, "\0\x2f\0\0" "\0\0\x08\0"); in_udp(p, 6080); }
static void in_gue_control(struct packet *p) { FRONT(p, "\x20\4\0\0"); in_udp(p, 6080); }
static void in_gue_1(struct packet *p) { set_ipv4_sum(p); in_udp(p, 6080); }
static void in_lisp(struct packet *p) { FRONT(p, "\x80" "nnn" "\0\0\0\1"); in_udp(p, 4341); }
static void in_lisp_short(struct packet *p) { p->at[p->from + 3]--; in_lisp(p); }
static void in_capwap(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\0\x10\2\0" "\0\0\0\0"); in_udp(p, 5247); }

#define SNAP_IPV4 "\xaa\xaa\3\0\0\0\x08\0"
/* Behind the frame control: time, receiver, transmitter, a third address, number. */
#define WIFI_HEADER "\0\0" "\2\0\0\0\x09\3" "\2\0\0\0\x09\2" "\2\0\0\0\x09\1" "\0\0"
static void capwap_wifi(struct packet *p, const char *frame_control)
{
    FRONT(p, WIFI_HEADER SNAP_IPV4);
    front(p, frame_control, 2);
    FRONT(p, "\0\x20\3\x20" "\0\0\0\0" "\4info\0\0\0"); /* 802.11 and its information */
    in_udp(p, 5247);
}
static void in_capwap_wifi(struct packet *p) { capwap_wifi(p, "\x08\1"); }
static void in_capwap_wifi_swapped(struct packet *p) { capwap_wifi(p, "\1\x08"); }
static void in_capwap_wifi_protected(struct packet *p) { capwap_wifi(p, "\x08\x41"); }
static void in_capwap_dtls(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\1\x10\2\0" "\0\0\0\0"); in_udp(p,
                                                                                                              5247); }
static void in_capwap_fragment(struct packet *p) { ethernet(p,
                                                            0x0800); FRONT(p,
                                                                           "\0\x10\2\x80" "\0\0\0\0"); in_udp(p,
                                                                                                              5247); }
#define ZEROS_16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
static void in_ayiya(struct packet *p) { FRONT(p, "\x41\x52\x11\x29" "time" ZEROS_16 ZEROS_16 "sign"); in_udp(p,
                                                                                                              5072); }
static void in_ayiya_nothing(struct packet *p) { FRONT(p, "\x41\x52\x10\x29" "time" ZEROS_16 ZEROS_16 "sign"); in_udp(p, 5072); }

static void in_gre_version_2(struct packet *p) { FRONT(p, "\0\2\x08\0"); ipv4(p, 47); }
static void in_gre_routing(struct packet *p) { FRONT(p, "\x40\0\x08\0" "\0\0\0\0"); ipv4(p, 47); }
static void in_gre_keepalive(struct packet *p) { FRONT(p, "\0\0\0\0"); ipv4(p, 47); }
static void in_gre_unknown(struct packet *p) { FRONT(p, "\0\0\x99\x99"); ipv4(p, 47); }
static void in_gre_routed(struct packet *p)
{
    FRONT(p, "\x40\0\x08\0" "\0\0\0\0" "\x08\0\0\4" "\x0a\0\0\1" "\0\0\0\0");
    ipv4(p, 47);
}
static void in_erspan_1(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\0\0\x88\xbe"); ipv4(p, 47); }
static void in_erspan_2(struct packet *p)
{
    ethernet(p, 0x0800);
    FRONT(p, "\x10\0\x88\xbe" "\0\0\0\1" "\x10\5\0\1" "\0\0\0\1");
    ipv4(p, 47);
}
static void in_erspan_3(struct packet *p)
{
    ethernet(p, 0x0800);
    FRONT(p, "\x10\0\x22\xeb" "\0\0\0\1" "\x20\5\0\1" "time" "\0\0" "\0\1" "platform");
    ipv4(p, 47);
}
static void in_erspan_3_ip(struct packet *p)
{
    FRONT(p, "\x10\0\x22\xeb" "\0\0\0\1" "\x20\5\0\1" "time" "\0\0" "\x08\0");
    ipv4(p, 47);
}
static void in_erspan_of_another_version(struct packet *p)
{
    ethernet(p, 0x0800);
    FRONT(p, "\x10\0\x88\xbe" "\0\0\0\1" "\x30\5\0\1" "\0\0\0\1");
    ipv4(p, 47);
}
static void in_geneve(struct packet *p)
{
    ethernet(p, 0x0800);
    FRONT(p, "\2\0\x65\x58" "\0\0\7\0" "\1\2\3\1" "data");
    in_udp(p, 6081);
}
static void in_geneve_ip(struct packet *p) { FRONT(p, "\0\0\x08\0" "\0\0\7\0"); in_udp(p, 6081); }
static void in_geneve_control(struct packet *p) { FRONT(p, "\0\x80\x08\0" "\0\0\7\0"); in_udp(p, 6081); }
static void in_gpe_ip(struct packet *p) { FRONT(p, "\x0c\0\0\1" "\0\4\x57\0"); in_udp(p, 4790); }
static void in_gpe_ethernet(struct packet *p) { ethernet(p, 0x0800); FRONT(p,
                                                                           "\x0c\0\0\3" "\0\4\x57\0"); in_udp(p,
                                                                                                              4790); }
static void in_gpe_on_vxlan(struct packet *p) { ethernet(p, 0x0800); FRONT(p,
                                                                           "\x0c\0\0\3" "\0\4\x57\0"); in_udp(p,
                                                                                                              4789); }
static void in_gpe_6(struct packet *p) { FRONT(p, "\x0c\0\0\2" "\0\4\x57\0"); in_udp(p, 4790); }
static void in_gpe_unknown(struct packet *p) { FRONT(p, "\x0c\0\0\4" "\0\4\x57\0"); in_udp(p, 4790); }
static void in_linux_vxlan(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 8, 40001, 8472); }
static void in_linux_vxlan_odd(struct packet *p) { ethernet(p, 0x0800); vxlan(p, 0x88, 40001, 8472); }
static void in_vxlan_reserved(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\xff\1\xd1\xf2" "\0\0\x0b\1"); in_udp(p, 4789); }
static void in_l2tp(struct packet *p) { FRONT(p, "\0\2" "\0\1\0\2" "\xff\3\0\x21"); in_udp(p, 1701); }
static void in_l2tp_all(struct packet *p)
{
    FRONT(p, "\x4a\2" "\0\x14" "\0\1\0\2" "\0\0\0\0" "\0\2" ".." "\x21");
    in_udp(p, 1701);
}
static void in_l2tp_control(struct packet *p) { FRONT(p, "\xc8\2" "\0\x0c" "\0\1\0\2" "\0\0\0\0"); in_udp(p, 1701); }
static void in_mpls_udp(struct packet *p) { FRONT(p, "\0\1\1\x40"); in_udp(p, 6635); }
static void in_mpls_ip(struct packet *p) { FRONT(p, "\0\1\0\x40" "\0\1\1\x40"); ipv4(p, 137); }
static void in_etherip(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\x30\0"); ipv4(p, 97); }
static void in_tzsp(struct packet *p) { ethernet(p, 0x0800); FRONT(p,
                                                                   "\1\0\0\1" "\0" "\x0a\1\x55" "\1"); in_udp(p,
                                                                                                              37008); }
static void in_tzsp_endless(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\1\0\0\1" "\0\0\0\0"); in_udp(p,
                                                                                                             37008); }
static void in_tzsp_keepalive(struct packet *p) { ethernet(p, 0x0800); FRONT(p, "\1\4\0\1" "\1"); in_udp(p, 37008); }
static void in_41_but_4(struct packet *p) { ipv4(p, 41); }
static void in_4_but_6(struct packet *p) { ipv4(p, 4); }
static void in_esp(struct packet *p) { FRONT(p, "\0\0\0\1" "\0\0\0\1"); ipv4(p, 50); }
static void in_wireguard(struct packet *p) { FRONT(p, "\4\0\0\0" "\0\0\0\1"); udp(p, 51820, 51820); ipv4(p, 17); }
static void in_broken_inside(struct packet *p) { p->at[p->from] = 0x44; ipv4(p, 4); }

struct tunnel_case {
    const char *name;
    void (*wrap)(struct packet *);
    bool over_ipv6;     /* the content is an IPv6 packet */
    bool opened;
};

/* Opened only when all is there: a sum of all of it tells. */
static bool is_summed(const struct tunnel_case *x)
{
    return x->wrap == in_bare_6 || x->wrap == in_bare_gre_6;
}

static const struct tunnel_case cases[] = {
    { "IPv4 in IPv4", in_ipip, false, true },
    { "IPv4 in IPv6", in_4in6, false, true },
    { "IPv4 in IPv6, with a tunnel limit (RFC 2473)", in_4in6_options, false, true },
    { "IPv6 in IPv4", in_6in4, true, true },
    { "GRE", in_gre, false, true },
    { "GRE with IPv6", in_gre_6, true, true },
    { "GRE over IPv6", in_gre_over_6, false, true },
    { "GRE with checksum", in_gre_checksum, false, true },
    { "GRE with key", in_gre_key, false, true },
    { "GRE with checksum, key and sequence number", in_gre_all, false, true },
    { "GRE with MPLS", in_gre_mpls, false, true },
    { "GRE with Ethernet", in_gre_bridging, false, true },
    { "GRE with Ethernet and a VLAN tag", in_gre_bridging_vlan, false, true },
    { "GRE version 2", in_gre_version_2, false, false },
    { "GRE with source routes", in_gre_routing, false, false },
    { "GRE with source routes and their end", in_gre_routed, false, true },
    { "ERSPAN I", in_erspan_1, false, true },
    { "ERSPAN II", in_erspan_2, false, true },
    { "ERSPAN III with a subheader", in_erspan_3, false, true },
    { "ERSPAN III with IP", in_erspan_3_ip, false, true },
    { "ERSPAN of another version", in_erspan_of_another_version, false, false },
    { "Geneve with options", in_geneve, false, true },
    { "Geneve with IPv4", in_geneve_ip, false, true },
    { "Geneve, control", in_geneve_control, false, false },
    { "VXLAN-GPE with IPv4, on its port", in_gpe_ip, false, true },
    { "VXLAN-GPE with Ethernet", in_gpe_ethernet, false, true },
    { "VXLAN-GPE with Ethernet, on VXLAN's port", in_gpe_on_vxlan, false, true },
    { "VXLAN-GPE with IPv6", in_gpe_6, true, true },
    { "VXLAN-GPE with something else", in_gpe_unknown, false, false },
    { "VXLAN on Linux's port", in_linux_vxlan, false, true },
    { "Linux's port, other flags", in_linux_vxlan_odd, false, false },
    { "L2TP", in_l2tp, false, true },
    { "L2TP with all options", in_l2tp_all, false, true },
    { "L2TP, control", in_l2tp_control, false, false },
    { "MPLS in UDP", in_mpls_udp, false, true },
    { "MPLS in IP, two labels", in_mpls_ip, false, true },
    { "EtherIP", in_etherip, false, true },
    { "TZSP", in_tzsp, false, true },
    { "TZSP without an end", in_tzsp_endless, false, false },
    { "TZSP, keepalive", in_tzsp_keepalive, false, false },
    { "GRE keepalive", in_gre_keepalive, false, false },
    { "GRE with a type that is not read", in_gre_unknown, false, false },
    { "PPTP", in_pptp, false, true },
    { "PPTP with a short PPP header", in_pptp_short, false, true },
    { "PPTP, encrypted", in_pptp_encrypted, false, false },
    { "PPTP, only an acknowledgement", in_pptp_acknowledgement, false, false },
    { "VXLAN", in_vxlan, false, true },
    { "VXLAN with a group policy", in_vxlan_policy, false, true },
    { "VXLAN without an identifier", in_vxlan_invalid, false, false },
    { "VXLAN with the flag of GPE and nothing named", in_vxlan_gpe, false, true },
    { "VXLAN with all that is reserved set", in_vxlan_reserved, false, true },
    { "VXLAN with ARP", in_vxlan_arp, false, false },
    { "from VXLAN's port", in_vxlan_from, false, false },
    { "Teredo", in_teredo, false, true },
    { "Teredo from the server", in_teredo_back, false, true },
    { "Teredo with an origin", in_teredo_origin, false, true },
    { "Teredo with authentication and an origin", in_teredo_authentication, false, true },
    { "Teredo's port, other addresses", in_teredo_elsewhere, false, false },
    { "Teredo bubble", in_teredo_bubble, false, false },
    { "Teredo qualification", in_teredo_qualification, false, false },
    { "Teredo's port, more IPv6 than fits", in_teredo_too_long, false, false },
    { "GTP-U", in_gtp_u, false, true },
    { "GTP-U with IPv6", in_gtp_u, true, true },
    { "GTP-U to another port", in_gtp_u_from, false, true },
    { "GTP-U with a sequence number", in_gtp_u_sequence, false, true },
    { "GTP-U with two extensions", in_gtp_u_extensions, false, true },
    { "GTP-U with an extension without length", in_gtp_u_extension_of_nothing, false, false },
    { "GTP-U echo", in_gtp_u_echo, false, false },
    { "GTP'", in_gtp_prime, false, false },
    { "GTP version 2", in_gtp_version_2, false, false },
    { "GTP-U whose length is another", in_gtp_u_short, false, false },
    { "IPv4 under the number of IPv6", in_41_but_4, false, false },
    { "IPv6 under the number of IPv4", in_4_but_6, true, false },
    { "ESP", in_esp, false, false },
    { "WireGuard", in_wireguard, false, false },
    { "broken inside", in_broken_inside, false, false },
    { "an IPv4 packet and nothing else", in_bare_4, false, true },
    { "an IPv4 packet with a wrong sum", in_bare_4_wrong_sum, false, false },
    { "an IPv4 packet and something behind it", in_bare_4_and_more, false, false },
    { "an IPv6 packet and nothing else", in_bare_6, true, true },
    { "an IPv6 packet with a wrong sum", in_bare_6_wrong_sum, true, false },
    { "GRE and an IPv4 packet", in_bare_gre, false, true },
    { "GRE with key and number, and an IPv4 packet", in_bare_gre_key, false, true },
    { "GRE and an IPv6 packet", in_bare_gre_6, true, true },
    { "GRE that names the other version", in_bare_gre_other_type, false, false },
    { "GRE with source routes, on any port", in_bare_gre_routed, false, false },
    { "GRE and an IPv4 packet with a wrong sum", in_bare_gre_wrong_sum, false, false },
    { "Teredo between clients", in_teredo_peer, false, true },
    { "Teredo bubble between clients", in_teredo_peer_bubble, false, false },
    { "GRE in UDP", in_gre_udp, false, true },
    { "GUE", in_gue, false, true },
    { "GUE with options", in_gue_options, false, true },
    { "GUE with GRE", in_gue_gre, false, true },
    { "GUE, control", in_gue_control, false, false },
    { "GUE version 1", in_gue_1, false, true },
    { "LISP", in_lisp, false, true },
    { "LISP whose packet has another length", in_lisp_short, false, false },
    { "CAPWAP with Ethernet", in_capwap, false, true },
    { "CAPWAP with 802.11", in_capwap_wifi, false, true },
    { "CAPWAP with 802.11, bytes swapped", in_capwap_wifi_swapped, false, true },
    { "CAPWAP with 802.11, encrypted", in_capwap_wifi_protected, false, false },
    { "CAPWAP in DTLS", in_capwap_dtls, false, false },
    { "CAPWAP, a fragment", in_capwap_fragment, false, false },
    { "AYIYA", in_ayiya, true, true },
    { "AYIYA without a packet", in_ayiya_nothing, true, false },
};
enum { CASES = sizeof cases / sizeof *cases };

static const char content[] = "what the drone sends";
enum { CONTENT = sizeof content - 1 };

static struct build b;
static struct outcome o;

static void make_inner(struct packet *p, bool over_ipv6)
{
    start(p, content, CONTENT);
    udp(p, inner.src_port, inner.dst_port);
    if (over_ipv6)
        ipv6(p, 17);
    else
        ipv4_from(p, inner, 17);
}

static void make_case(struct packet *p, const struct tunnel_case *x)
{
    make_inner(p, x->over_ipv6);
    x->wrap(p);
}

enum { LINKTYPE_RAW = 101 };

static void read_packet(const uint8_t *at, size_t len, int snap)
{
    build_pcap(&b, LINKTYPE_RAW);
    b.snap = snap;
    build_record(&b, at, len);
    read_build(&b, NULL, true, &o);
}

static void tunnels_are_opened(void **state)
{
    struct packet p;

    for (size_t i = 0; i < CASES; i++) {
        make_case(&p, &cases[i]);
        read_packet(p.at + p.from, length(&p), 0);
        const struct fact_flow *f = outcome_flow(&o, 0);
        const bool opened = text_equal(f->proto, TEXT("udp")) &&
                            (f->src_port == inner.dst_port || f->dst_port == inner.dst_port);
        if (opened != cases[i].opened)
            fail_msg("%s: %s", cases[i].name, opened ? "opened" : "not opened");
        assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
        assert_int_equal(f->packets_out + f->packets_in, 1);
        assert_int_equal(f->bytes_out + f->bytes_in, length(&p));
        if (opened && strcmp(o.searched, "what the drone sends[0]|") != 0 && f->packets_out)
            fail_msg("%s: %s", cases[i].name, o.searched);
        if (opened)
            assert_int_equal(f->payload_out + f->payload_in, CONTENT);
        outcome_done(&o);
    }
}

/* Whatever the capture cut: the frame counts once, and content is there or missing. */
static void cut_anywhere(void **state)
{
    struct packet p;

    for (size_t i = 0; i < CASES; i++) {
        make_case(&p, &cases[i]);
        const int len = (int)length(&p);
        for (int snap = 1; snap < len; snap++) {
            read_packet(p.at + p.from, (size_t)len, snap);
            const struct fact_flow *f = kept_facts_row(&o.facts, FACT_FLOW, 0);
            const int there = snap - (len - CONTENT);
            if (f)
                assert_int_equal(f->bytes_out + f->bytes_in, len);
            if (cases[i].opened && !is_summed(&cases[i]) && there >= 0 && f && f->packets_out &&
                (f->dst_port != inner.dst_port || f->payload_out != there || f->missing_out != CONTENT - there))
                fail_msg("%s cut at %d: port %d, payload %d, missing %d", cases[i].name, snap, (int)f->dst_port,
                         (int)f->payload_out, (int)f->missing_out);
            assert_true(f || outcome_has_damage(&o, "broken or cut headers"));
            outcome_done(&o);
        }
    }
}

static void with_bits_flipped(void **state)
{
    struct packet p;

    for (size_t i = 0; i < CASES; i++) {
        make_case(&p, &cases[i]);
        uint8_t *at = p.at + p.from;
        for (size_t bit = 0; bit < 8 * (length(&p) - CONTENT); bit++) {
            at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            read_packet(at, length(&p), 0);
            at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            const struct fact_flow *f = kept_facts_row(&o.facts, FACT_FLOW, 0);
            if (f ? (size_t)(f->bytes_out + f->bytes_in) != length(&p) : bit / 8 >= 20)
                fail_msg("%s, bit %zu: %s", cases[i].name, bit, f ? "other bytes" : "no flow");
            outcome_done(&o);
        }
    }
}

/* Straight at the parser, with content of exactly the size that it is told. */
static void content_cut_anywhere(void **state)
{
    struct packet p;
    struct tunnel_inside inside;

    for (size_t i = 0; i < CASES; i++) {
        make_case(&p, &cases[i]);
        const uint8_t *at = p.at + p.from;
        const bool v6 = at[0] >> 4 == 6;
        size_t header_len = v6 ? 40 : 20;
        const uint8_t protocol = v6 && at[6] == 60 ? at[40] : v6 ? at[6] : at[9];
        if (v6 && at[6] == 60)
            header_len += 8;
        unsigned src_port = 0, dst_port = 0;
        if (protocol == IP_UDP) {
            src_port = (unsigned)at[header_len] << 8 | at[header_len + 1];
            dst_port = (unsigned)at[header_len + 2] << 8 | at[header_len + 3];
            header_len += 8;
        }
        const struct bytes all = { .at = at + header_len, .len = length(&p) - header_len };
        const struct tunnel *tunnel = tunnel_find(protocol, (uint16_t)src_port, (uint16_t)dst_port);
        if (!tunnel && protocol == IP_UDP)
            tunnel = tunnel_find_bare(all, all.len);
        if (!tunnel) {
            assert_false(cases[i].opened);
            continue;
        }
        for (size_t cut = 0; cut <= all.len; cut++) {
            struct bytes part = exact_copy(all.at, cut);
            if (tunnel_open(tunnel, part, all.len, &inside)) {
                assert_true(cases[i].opened);
                assert_true(inside.ip.payload.len <= inside.ip.payload_len);
                assert_int_equal(inside.ip.payload_len, 8 + CONTENT);
            } else {
                assert_true(cut < all.len - CONTENT || !cases[i].opened || (is_summed(&cases[i]) && cut < all.len));
            }
            exact_copy_free(part);
        }
    }
}

static void hardware_addresses_are_those_inside(void **state)
{
    struct packet p;

    make_inner(&p, false);
    in_vxlan(&p);
    ethernet(&p, 0x0800);
    p.at[p.from + 11] = 0x77;
    build_pcap(&b, 1);
    build_record(&b, p.at + p.from, length(&p));
    read_build(&b, NULL, false, &o);
    assert_text_equal(outcome_flow(&o, 0)->src_mac, "02:00:00:00:09:02");
    outcome_done(&o);

    make_inner(&p, false);
    in_gre(&p);
    ethernet(&p, 0x0800);
    p.at[p.from + 11] = 0x77;
    build_pcap(&b, 1);
    build_record(&b, p.at + p.from, length(&p));
    read_build(&b, NULL, false, &o);
    assert_text_equal(outcome_flow(&o, 0)->src_mac, "02:00:00:00:09:77");
    outcome_done(&o);
}

/* Private addresses at both ends, but the tunnel goes out: whoever is at its far end has it. */
static void what_leaves_in_a_tunnel_is_not_local(void **state)
{
    const uint32_t one = IP4(10, 9, 0, 2), other = IP4(10, 8, 0, 9), here = IP4(192, 168, 1, 2),
        near = IP4(192, 168, 1, 7), server = IP4(203, 0, 113, 9), far = IP4(198, 51, 100, 7);
    const struct { uint32_t inside, from, to; bool local, out; const char *dst, *tunnel_to, *dst_inside; } tunnel[] = {
        { other, here, far, false, true, "198.51.100.7", "198.51.100.7", "10.8.0.9" },
        { other, far, here, false, false, "198.51.100.7", "198.51.100.7", "10.9.0.2" },
        { other, here, near, true, true, "10.8.0.9", NULL, NULL },
        { server, here, far, false, true, "203.0.113.9", "198.51.100.7", NULL },
        { server, here, near, false, true, "203.0.113.9", NULL, NULL },
    };
    struct packet p;

    for (size_t i = 0; i < sizeof tunnel / sizeof *tunnel; i++) {
        start(&p, content, CONTENT);
        udp(&p, 40000, 5000);
        ipv4_from(&p, (struct ends){ one, tunnel[i].inside, 40000, 5000 }, 17);
        ipv4_from(&p, (struct ends){ tunnel[i].from, tunnel[i].to, 0, 0 }, 4);
        read_packet(p.at + p.from, length(&p), 0);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_int_equal(f->local, tunnel[i].local);
        assert_int_equal(f->packets_out, tunnel[i].out);
        assert_text_equal(f->dst, tunnel[i].dst);
        assert_text_equal(f->tunnel_to, tunnel[i].tunnel_to ? tunnel[i].tunnel_to : "");
        assert_int_equal(text_known(f->dst_inside), tunnel[i].dst_inside != NULL);
        if (tunnel[i].dst_inside)
            assert_text_equal(f->dst_inside, tunnel[i].dst_inside);
        outcome_done(&o);
    }
}

static void nesting_ends(void **state)
{
    struct packet p;

    for (int deep = 1; deep <= 100; deep++) {
        make_inner(&p, false);
        for (int i = 0; i < deep; i++)
            ipv4_from(&p, (struct ends){ outer.src, outer.dst + (uint32_t)i, 0, 0 }, 4);
        read_packet(p.at + p.from, length(&p), 0);
        const struct fact_flow *f = outcome_flow(&o, 0);
        assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
        if (deep <= TUNNEL_DEPTH_MAX)
            assert_int_equal(f->dst_port, inner.dst_port);
        else
            assert_text_equal(f->proto, "other");
        assert_int_equal(f->bytes_out, length(&p));
        outcome_done(&o);
    }
}

enum { PIECE = 24, LONG = 120 };

static void long_text(uint8_t *at)
{
    for (int i = 0; i < LONG; i++)
        at[i] = (uint8_t)('a' + i / 8);
}

/* The `n`th piece of the UDP datagram inside, in VXLAN. */
static size_t inner_piece(struct packet *p, const uint8_t *datagram, size_t len, size_t n)
{
    uint8_t packet[200];
    const size_t from = n * PIECE, here = len - from < PIECE ? len - from : PIECE;

    start(p, packet, make_ipv4(packet, inner, 17, 5, (unsigned)(from / 8) | (from + here < len ? 0x2000 : 0),
                               datagram + from, here));
    ethernet(p, 0x0800);
    FRONT(p, "\x08\0\0\0\0\4\x57\0");
    udp(p, 40001, 4789);
    return here;
}

static void check_whole(size_t frames, size_t bytes)
{
    uint8_t text[LONG + 5] = { 0 };
    const struct fact_flow *f = outcome_flow(&o, 0);

    long_text(text);
    memcpy(text + LONG, "[0]|", 4);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLOW), 1);
    assert_int_equal(kept_facts_count(&o.facts, FACT_DAMAGE), 0);
    assert_string_equal(o.searched, (const char *)text);
    assert_int_equal(f->dst_port, inner.dst_port);
    assert_int_equal(f->packets_out, frames);
    assert_int_equal(f->bytes_out, bytes);
}

static void fragments_inside(void **state)
{
    uint8_t text[LONG], datagram[LONG + 8];
    struct packet p;
    size_t frames = 0, bytes = 0;

    long_text(text);
    const size_t len = make_udp(datagram, inner, text, LONG);
    build_pcap(&b, LINKTYPE_RAW);
    for (size_t n = (len + PIECE - 1) / PIECE; n-- > 0; frames++) {
        inner_piece(&p, datagram, len, n);
        ipv4(&p, 17);
        build_record(&b, p.at + p.from, length(&p));
        bytes += length(&p);
    }
    read_build(&b, NULL, true, &o);
    check_whole(frames, bytes);
    outcome_done(&o);
}

/* The packets of the tunnel are split too, the second half sent first. */
static void fragments_inside_fragments(void **state)
{
    uint8_t text[LONG], datagram[LONG + 8], packet[200];
    struct packet p;
    size_t frames = 0, bytes = 0;

    long_text(text);
    const size_t len = make_udp(datagram, inner, text, LONG);
    build_pcap(&b, 1);
    for (size_t n = 0; n * PIECE < len; n++) {
        inner_piece(&p, datagram, len, n);
        const uint8_t *at = p.at + p.from;
        for (int half = 1; half >= 0; half--, frames++) {
            struct packet whole;
            start(&whole, packet, make_ipv4(packet, outer, 17, (unsigned)n, half ? 4 : 0x2000, at + (half ? 32 : 0),
                                            half ? length(&p) - 32 : 32));
            ethernet(&whole, 0x0800);
            build_record(&b, whole.at + whole.from, length(&whole));
            bytes += length(&whole);
        }
    }
    read_build(&b, NULL, true, &o);
    check_whole(frames, bytes);
    assert_text_equal(outcome_flow(&o, 0)->src_mac, "02:00:00:00:09:02");
    outcome_done(&o);
}

/* Tunnels that never come together, each around a piece that never does: all are given up. */
static void pieces_of_pieces_are_given_up(void **state)
{
    uint8_t datagram[LONG + 8] = { 0 }, packet[200];
    struct packet p;
    size_t bytes = 0;

    for (int end = 0; end < 2; end++) {
        build_pcap(&b, LINKTYPE_RAW);
        bytes = 0;
        for (unsigned i = 0; i < 500; i++) {
            uint8_t inside[200];
            start(&p, inside, make_ipv4(inside, inner, 17, i, 0x2000, datagram, PIECE));
            ethernet(&p, 0x0800);
            FRONT(&p, "\x08\0\0\0\0\4\x57\0");
            udp(&p, 40001, 4789);
            const size_t len = make_ipv4(packet, outer, 17, i, 0x2000, p.at + p.from, length(&p) - (end ? 2 : 0));
            build_record(&b, packet, len);
            bytes += len;
            if (i % 100 == 99)
                b.time_us += 61 * INT64_C(1000000);
        }
        read_build(&b, NULL, false, &o);
        const struct fact_flow *f;
        size_t sum = 0;
        for (size_t i = 0; (f = kept_facts_row(&o.facts, FACT_FLOW, i)) != NULL; i++)
            sum += (size_t)(f->bytes_out + f->bytes_in);
        assert_int_equal(sum, bytes);
        assert_true(outcome_has_damage(&o, "in all, fragments of 1000"));
        outcome_done(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tunnels_are_opened),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(with_bits_flipped),
        cmocka_unit_test(content_cut_anywhere),
        cmocka_unit_test(hardware_addresses_are_those_inside),
        cmocka_unit_test(what_leaves_in_a_tunnel_is_not_local),
        cmocka_unit_test(nesting_ends),
        cmocka_unit_test(fragments_inside),
        cmocka_unit_test(fragments_inside_fragments),
        cmocka_unit_test(pieces_of_pieces_are_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
