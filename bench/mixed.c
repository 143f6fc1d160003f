/* Writes a capture of everyday traffic to measure with, the same one each time:
 *
 *   mixed FILE [COPIES]         about 120,000 packets in an hour, 5 copies by default
 *
 * The mixture (sizes, ports, how many names and requests) is that of a collection of 579
 * test captures of other projects, merged; nothing is taken from them.  Each copy
 * begins two hours later and has other addresses (until the eighth, where they come again).  All hosts are below
 * .example. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "frames.h"
#include "hello.h"

enum {
    DNS_NAMES = 1140, DNS_ANSWERED = 780, TLS_FLOWS = 1100, TLS_NAMES = 490, QUIC_FLOWS = 260, QUIC_NAMES = 117,
    HELLOS = 523, QUIC_HELLOS = 40, HTTP_FLOWS = 420, HTTP_REQUESTS = 1090, HTTP_HOSTS = 189, SSH_FLOWS =
        25, TCP_FLOWS = 3960,
    UDP_FLOWS = 2390, ICMP_FLOWS = 150, TUNNELS = 40, PACKETS = 119974, COPIES_MAX = 1000,
    MSS = 1428, OFFLOADED = 2 * MSS, /* as a capture below an interface that cuts segments itself has them */
    FRAME_MAX = 14 + 40 + 32 + OFFLOADED, FIN = 1, SYN = 2, PSH = 8, ACK = 16,
    TCP = 6, UDP = 17,
};
#define BASE_US INT64_C(1700000000000000)
#define HOUR_US INT64_C(3600000000)

struct flow {
    bool v6, timestamps, offloaded;
    uint8_t end[2][16];      /* client, server */
    uint16_t port[2];
    uint32_t seq[2];
    int64_t at_us;
};

/* One copy is made whole, sorted by time, and written. */
struct frame {
    int64_t at_us;
    size_t offset;
    uint32_t len, number;
};
static struct frame *frames;
static uint8_t *content;
static size_t frame_count, frame_room, content_len, content_room;
static uint64_t state = 1;
static int copy_number;
static uint8_t certificate[1024];
static size_t certificate_len;

static unsigned draw(unsigned below)
{
    return (unsigned)((random_next(&state) >> 33) % below);
}

/* Many small numbers and a few large ones; `mean` on average. */
static unsigned draw_count(unsigned mean)
{
    static const uint8_t quarters[16] = { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6, 9, 18 };
    const unsigned n = mean * quarters[draw(16)] / 4;

    return n > 0 ? n : 1;
}

/* Sizes of payload that no protocol explains: `of_32` of 32 have `least` bytes and up to
 * `more` more. */
static size_t draw_size(void)
{
    static const struct { uint16_t of_32, least, more; } sizes[] = {
        { 4, 1, 20 }, { 10, 20, 60 }, { 10, 80, 120 }, { 3, 190, 250 }, { 2, 450, 500 }, { 3, MSS, 1 },
    };
    unsigned luck = draw(32), i = 0;

    while (luck >= sizes[i].of_32)
        luck -= sizes[i++].of_32;
    return sizes[i].least + draw(sizes[i].more);
}

static void keep_frame(int64_t at_us, const uint8_t *frame, size_t len)
{
    if (frame_count == frame_room) {
        frame_room = frame_room ? 2 * frame_room : 1 << 16;
        must((frames = realloc(frames, frame_room * sizeof *frames)) != NULL, "memory");
    }
    if (content_len + len > content_room) {
        content_room = content_room ? 2 * content_room : 1 << 24;
        must((content = realloc(content, content_room)) != NULL, "memory");
    }
    memcpy(content + content_len, frame, len);
    frames[frame_count] = (struct frame){ at_us, content_len, (uint32_t)len, (uint32_t)frame_count };
    frame_count++;
    content_len += len;
}

static uint32_t sum16(const uint8_t *at, size_t len, uint32_t sum)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)at[i] << 8 | at[i + 1];
    return len & 1 ? sum + ((uint32_t)at[len - 1] << 8) : sum;
}

static unsigned folded(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

/* The frame around `len` bytes of transport; gives the frame's length. */
static size_t wrap(const struct flow *f, bool from_client, int protocol, uint8_t *frame, size_t len)
{
    const int from = !from_client;

    memcpy(frame, from_client ? "\2\0\0\0\0\2\2\0\0\0\0\1" : "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
    frame[5] ^= (uint8_t)copy_number;
    frame[11] ^= (uint8_t)copy_number;
    uint8_t *ip = frame + 14;
    if (f->v6) {
        put16(frame + 12, 0x86dd);
        put32(ip, 6u << 28);
        put16(ip + 4, (unsigned)len);
        ip[6] = (uint8_t)protocol;
        ip[7] = 64;
        memcpy(ip + 8, f->end[from], 16);
        memcpy(ip + 24, f->end[!from], 16);
        return 14 + 40 + len;
    }
    put16(frame + 12, 0x0800);
    memset(ip, 0, 20);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(20 + len));
    put16(ip + 6, 0x4000);
    ip[8] = 64;
    ip[9] = (uint8_t)protocol;
    memcpy(ip + 12, f->end[from], 4);
    memcpy(ip + 16, f->end[!from], 4);
    put16(ip + 10, folded(sum16(ip, 20, 0)));
    return 14 + 20 + len;
}

static uint32_t pseudo_sum(const struct flow *f, int protocol, size_t len)
{
    const size_t n = f->v6 ? 16 : 4;
    return sum16(f->end[0], n, sum16(f->end[1], n, (uint32_t)protocol + (uint32_t)len));
}

static void pass_time(struct flow *f)
{
    f->at_us += 200 + draw(20000);
    if (draw(40) == 0)
        f->at_us += draw(2000000);
}

static void send_tcp(struct flow *f, bool from_client, int flags, const void *payload, size_t len)
{
    uint8_t frame[FRAME_MAX];
    uint8_t *tcp = frame + 14 + (f->v6 ? 40 : 20);
    const size_t header = f->timestamps ? 32 : 20;

    memset(tcp, 0, header);
    put16(tcp, f->port[!from_client]);
    put16(tcp + 2, f->port[from_client]);
    put32(tcp + 4, f->seq[!from_client]);
    put32(tcp + 8, flags & ACK ? f->seq[from_client] : 0);
    tcp[12] = (uint8_t)(header / 4 << 4);
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, 65535);
    if (f->timestamps) {
        memcpy(tcp + 20, "\1\1\10\12", 4); /* two no-operations before it */
        put32(tcp + 24, (uint32_t)((f->at_us - BASE_US) / 1000));
    }
    if (len)
        memcpy(tcp + header, payload, len);
    put16(tcp + 16, folded(sum16(tcp, header + len, pseudo_sum(f, TCP, header + len))));
    const size_t whole = wrap(f, from_client, TCP, frame, header + len);
    const unsigned luck = len ? draw(200) : 2;
    keep_frame(f->at_us + (luck == 0 ? 30000 : 0), frame, whole); /* 0: comes after the next */
    if (luck == 1)
        keep_frame(f->at_us + 50000, frame, whole);               /* 1: is sent again */
    f->seq[!from_client] += (uint32_t)len + ((flags & (SYN | FIN)) != 0);
    pass_time(f);
}

static void send_udp(struct flow *f, bool from_client, const void *payload, size_t len)
{
    uint8_t frame[FRAME_MAX];
    uint8_t *udp = frame + 14 + (f->v6 ? 40 : 20);

    put16(udp, f->port[!from_client]);
    put16(udp + 2, f->port[from_client]);
    put16(udp + 4, (unsigned)(8 + len));
    put16(udp + 6, 0);
    memcpy(udp + 8, payload, len);
    const unsigned sum = folded(sum16(udp, 8 + len, pseudo_sum(f, UDP, 8 + len)));
    put16(udp + 6, sum ? sum : 0xffff);
    keep_frame(f->at_us, frame, wrap(f, from_client, UDP, frame, 8 + len));
    pass_time(f);
}

static struct flow flow_begin(unsigned server, unsigned server_port)
{
    struct flow f = { .v6 = draw(20) == 0, .timestamps = draw(2), .offloaded = draw(4) == 0,
                      .port = { (uint16_t)(20000 + draw(40000)), (uint16_t)server_port } };
    const unsigned client = draw(60);

    f.at_us = BASE_US + 2 * copy_number * HOUR_US + (int64_t)(random_next(&state) % (uint64_t)HOUR_US);
    f.seq[0] = (uint32_t)random_next(&state);
    f.seq[1] = (uint32_t)random_next(&state);
    if (f.v6) {
        memcpy(f.end[0], "\x20\1\x0d\xb8\0\1", 6); /* 2001:db8::/32 is for examples (RFC 3849) */
        memcpy(f.end[1], "\x20\1\x0d\xb8\0\2", 6);
        f.end[0][6] = f.end[1][6] = (uint8_t)copy_number;
        put16(f.end[0] + 14, 10 + client);
        put16(f.end[1] + 14, server);
    } else {
        memcpy(f.end[0], (uint8_t[]){ 10, (uint8_t)(16 * copy_number), 0, (uint8_t)(10 + client) }, 4);
        /* 198.18.0.0/15 is for measuring (RFC 2544). */
        memcpy(f.end[1], (uint8_t[]){ 198, (uint8_t)(18 | (copy_number & 1)), (uint8_t)(server >> 8 | copy_number << 5),
                                      (uint8_t)server }, 4);
    }
    return f;
}

static void shake_hands(struct flow *f)
{
    send_tcp(f, true, SYN, NULL, 0);
    send_tcp(f, false, SYN | ACK, NULL, 0);
    send_tcp(f, true, ACK, NULL, 0);
}

static void hang_up(struct flow *f)
{
    send_tcp(f, true, FIN | ACK, NULL, 0);
    send_tcp(f, false, FIN | ACK, NULL, 0);
    send_tcp(f, true, ACK, NULL, 0);
}

/* In segments, with an acknowledgement behind every second. */
static void send_stream(struct flow *f, bool from_client, const uint8_t *at, size_t len)
{
    for (int i = 1; len > 0; i++) {
        const size_t most = f->offloaded ? OFFLOADED : MSS, n = len < most ? len : most;
        send_tcp(f, from_client, n == len ? ACK | PSH : ACK, at, n);
        at += n;
        len -= n;
        if (i % 2 == 0)
            send_tcp(f, !from_client, ACK, NULL, 0);
    }
}

static size_t record(uint8_t *into, int type, const uint8_t *body, size_t len)
{
    into[0] = (uint8_t)type;
    put16(into + 1, 0x0303);
    put16(into + 3, (unsigned)len);
    if (body)
        memmove(into + 5, body, len);
    else
        random_bytes(&state, into + 5, len);
    return len + 5;
}

/* ServerHello, and in TLS 1.2 the certificate; then what is encrypted. */
static size_t server_flight(uint8_t *into, bool tls13)
{
    uint8_t hello[128], *at = hello;

    put32(at, 2u << 24 | (tls13 ? 86 : 44));
    put16(at + 4, 0x0303);
    random_bytes(&state, at + 6, 32);
    at[38] = 0;
    put16(at + 39, tls13 ? 0x1301 : 0xc02b);
    at[41] = 0;
    if (tls13) {
        memcpy(at + 42, "\0\x2e\0\x2b\0\2\3\4\0\x33\0\x24\0\x1d\0\x20", 16);
        random_bytes(&state, at + 58, 32);
    } else {
        memcpy(at + 42, "\0\4\0\x17\0\0", 6);
    }
    size_t len = record(into, 22, hello, tls13 ? 90 : 48);
    if (tls13)
        return len + record(into + len, 23, NULL, 2000 + draw(1500));
    uint8_t message[sizeof certificate + 16];
    put32(message, 11u << 24 | (uint32_t)(certificate_len + 6));
    message[4] = message[7] = 0; /* lengths have three bytes */
    put16(message + 5, (unsigned)(certificate_len + 3));
    put16(message + 8, (unsigned)certificate_len);
    memcpy(message + 10, certificate, certificate_len);
    return len + record(into + len, 22, message, certificate_len + 10);
}

static void host_name(char name[64], const char *what, unsigned number)
{
    static const char *const kinds[] = { "api", "cdn", "media", "telemetry", "login", "img", "static", "push" };
    snprintf(name, 64, "%s%u.%s.%s-cloud.example", kinds[number % 8], number, what, number % 3 ? "drone" : "ads");
}

static void tls_flow(unsigned number)
{
    static uint8_t bytes[1 << 16];
    const bool tls13 = number % 3 != 0;
    struct flow f = flow_begin(number % TLS_NAMES, 443);
    char name[64];

    host_name(name, "tls", number % TLS_NAMES);
    shake_hands(&f);
    uint8_t hello[CLIENT_HELLO_MAX];
    const size_t n = client_hello(&state, hello, name, number % HELLOS, false);
    send_stream(&f, true, bytes, record(bytes, 22, hello, n));
    send_stream(&f, false, bytes, server_flight(bytes, tls13));
    send_tcp(&f, true, ACK, NULL, 0);
    memcpy(bytes, "\x14\3\3\0\1\1", 6);
    send_stream(&f, true, bytes, 6 + record(bytes + 6, 23, NULL, 53));
    for (unsigned i = draw_count(4); i > 0; i--) {
        send_stream(&f, true, bytes, record(bytes, 23, NULL, 60 + draw(600)));
        send_stream(&f, false, bytes, record(bytes, 23, NULL, draw(4) ? 100 + draw(1200) : 2000 + draw(10000)));
    }
    hang_up(&f);
}

static void quic_flow(unsigned number)
{
    struct flow f = flow_begin(500 + number % QUIC_NAMES, 443);
    uint8_t packet[1400];
    char name[64];

    host_name(name, "quic", number % QUIC_NAMES);
    quic_initial(&state, packet, name, number % QUIC_HELLOS);
    send_udp(&f, true, packet, 1200);
    for (unsigned i = draw_count(36); i > 0; i--) {
        const size_t len = draw(4) ? 30 + draw(60) : 1200;
        random_bytes(&state, packet, len);
        packet[0] = (uint8_t)(0x40 | (packet[0] & 0x3f)); /* short header */
        send_udp(&f, draw(2), packet, len);
    }
}

static void dns_flow(unsigned number)
{
    struct flow f = flow_begin(700 + number % 3, 53);
    uint8_t message[DNS_MESSAGE_MAX], addresses[3][4];
    char name[64];
    const int answers = number < DNS_ANSWERED ? 1 + (int)(number % 3) : 0;

    if (number < TLS_NAMES)
        host_name(name, "tls", number);
    else if (number < TLS_NAMES + QUIC_NAMES)
        host_name(name, "quic", number - TLS_NAMES);
    else
        host_name(name, "web", number - TLS_NAMES - QUIC_NAMES);
    for (int i = 0; i < answers; i++)
        memcpy(addresses[i], (uint8_t[]){ 198, 18, (uint8_t)(number >> 8), (uint8_t)(number + 70 * (unsigned)i) }, 4);
    send_udp(&f, true, message, dns_message(message, (int)draw(65536), name, 0, NULL));
    const size_t len = dns_message(message, (int)draw(65536), name, answers, (const uint8_t (*)[4])addresses);
    if (!answers)
        message[3] |= 3; /* no such name */
    send_udp(&f, false, message, len);
}

static size_t compressed(const char *text, size_t len, uint8_t *into, size_t room)
{
    z_stream z = { .next_in = (uint8_t *)(uintptr_t)text, .avail_in = (uInt)len, .next_out = into,
                   .avail_out = (uInt)room };

    must(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK &&
         deflate(&z, Z_FINISH) == Z_STREAM_END, "gzip");
    deflateEnd(&z);
    return z.total_out;
}

static size_t json_text(char *into, size_t room, unsigned rows)
{
    size_t n = (size_t)snprintf(into, room, "[");

    for (unsigned i = 0; i < rows && n + 120 < room; i++)
        n += (size_t)snprintf(into + n, room - n, "%s{\"event\":%u,\"session\":\"%016" PRIx64 "\",\"battery\":%u}",
                              i ? "," : "", i,
                              random_next(&state), draw(100));
    return n + (size_t)snprintf(into + n, room - n, "]");
}

static void http_exchange(struct flow *f, const char *host, unsigned number)
{
    static char text[1 << 15];
    static uint8_t bytes[1 << 16];
    const bool post = number % 3 == 0, gzip = number % 4 == 1;
    size_t body = post ? json_text(text, sizeof text, draw_count(5)) : 0;

    int n = snprintf((char *)bytes, sizeof bytes,
                     "%s /v%u/item/%u?page=%u HTTP/1.1\r\nHost: %s\r\nUser-Agent: mixed/%u\r\nAccept: */*\r\n",
                     post ? "POST" : "GET", number % 5, number, draw(100), host, number % 7);
    if (post)
        n += snprintf((char *)bytes + n, sizeof bytes - (size_t)n,
                      "Content-Type: application/json\r\nContent-Length: %zu\r\n", body);
    memcpy(bytes + n, "\r\n", 2);
    memcpy(bytes + n + 2, text, body);
    send_stream(f, true, bytes, (size_t)n + 2 + body);

    body = json_text(text, sizeof text, draw_count(98));
    uint8_t packed[1 << 15];
    const size_t len = gzip ? compressed(text, body, packed, sizeof packed) : body;
    n = snprintf((char *)bytes, sizeof bytes, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s",
                 gzip ? "Content-Encoding: gzip\r\n" : "");
    if (number % 5 == 2)
        n += snprintf((char *)bytes + n, sizeof bytes - (size_t)n, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", len);
    else
        n += snprintf((char *)bytes + n, sizeof bytes - (size_t)n, "Content-Length: %zu\r\n\r\n", len);
    memcpy(bytes + n, gzip ? (const void *)packed : text, len);
    n += (int)len;
    if (number % 5 == 2) {
        memcpy(bytes + n, "\r\n0\r\n\r\n", 7);
        n += 7;
    }
    send_stream(f, false, bytes, (size_t)n);
}

static void http_flow(unsigned number)
{
    struct flow f = flow_begin(800 + number % HTTP_HOSTS, 80);
    char host[64];

    host_name(host, "web", number % HTTP_HOSTS);
    shake_hands(&f);
    for (unsigned i = number; i < HTTP_REQUESTS; i += HTTP_FLOWS)
        http_exchange(&f, host, i);
    hang_up(&f);
}

static void ssh_flow(unsigned number)
{
    struct flow f = flow_begin(1000 + number, 22);
    uint8_t bytes[MSS];

    shake_hands(&f);
    send_tcp(&f, false, ACK | PSH, "SSH-2.0-OpenSSH_9.2\r\n", 21);
    send_tcp(&f, true, ACK | PSH, "SSH-2.0-OpenSSH_9.2\r\n", 21);
    for (unsigned i = 80 + draw(120); i > 0; i--) {
        const size_t len = 36 + 16 * draw(10);
        random_bytes(&state, bytes, len);
        send_tcp(&f, i % 2, ACK | PSH, bytes, len);
    }
    hang_up(&f);
}

static void other_tcp_flow(unsigned number)
{
    struct flow f = flow_begin(1100 + number % 700, 1024 + (number * 37) % 40000);
    uint8_t bytes[MSS];

    if (number % 100 < 77) /* the others were open before the capture began */
        shake_hands(&f);
    for (unsigned i = draw_count(6); i > 0; i--) {
        const size_t len = draw(6) ? draw_size() : 0;
        random_bytes(&state, bytes, len);
        send_tcp(&f, draw(2), len ? ACK | PSH : ACK, bytes, len);
    }
    if (number % 3)
        hang_up(&f);
}

static void other_udp_flow(unsigned number)
{
    static const uint16_t ports[] = { 123, 3478, 5004, 8800, 14550, 1900, 9000, 27015 };
    struct flow f = flow_begin(1800 + number % 200, number % 2 ? ports[number / 2 % 8] : 1024 + (number * 41) % 40000);
    uint8_t bytes[MSS];

    for (unsigned i = draw_count(10); i > 0; i--) {
        const size_t len = f.port[1] == 123 ? 48 : draw_size();
        random_bytes(&state, bytes, len);
        send_udp(&f, draw(2), bytes, len);
    }
}

static void icmp_flow(void)
{
    uint8_t frame[200];
    struct flow f = flow_begin(draw(900), 0);
    uint8_t *icmp = frame + 14 + (f.v6 ? 40 : 20);

    for (unsigned i = draw_count(10); i > 0; i--) {
        const bool asks = i % 2;
        memset(icmp, 0, 64);
        icmp[0] = f.v6 ? (asks ? 128 : 129) : (asks ? 8 : 0);
        put16(icmp + 6, i / 2);
        random_bytes(&state, icmp + 8, 56);
        put16(icmp + 2, folded(sum16(icmp, 64, f.v6 ? pseudo_sum(&f, 58, 64) : 0)));
        keep_frame(f.at_us, frame, wrap(&f, asks, f.v6 ? 58 : 1, frame, 64));
        pass_time(&f);
    }
}

static void arp_frame(void)
{
    const struct flow f = flow_begin(0, 0);
    uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0,
                          0, 0, 1 };

    memcpy(frame + 28, f.end[0], 4);
    memcpy(frame + 38, f.end[0], 3);
    frame[41] = 1;
    keep_frame(f.at_us, frame, sizeof frame);
}

/* GRE (RFC 2784) around IPv4 around UDP. */
static void tunnel_flow(void)
{
    uint8_t frame[600], inner[600];
    struct flow f = flow_begin(2000, 0), inside = flow_begin(2001, 5000);

    f.v6 = inside.v6 = false;
    memcpy(f.end[0], (uint8_t[]){ 10, (uint8_t)(16 * copy_number), 0, 2 }, 4);
    memcpy(f.end[1], (uint8_t[]){ 198, 18, 9, (uint8_t)copy_number }, 4);
    memcpy(inside.end[0], (uint8_t[]){ 10, 9, 0, 2 }, 4);
    memcpy(inside.end[1], (uint8_t[]){ 10, 9, 0, 3 }, 4);
    for (unsigned i = draw_count(25); i > 0; i--) {
        const size_t len = 20 + draw(300);
        uint8_t *udp = inner + 14 + 20;
        put16(udp, inside.port[0]);
        put16(udp + 2, inside.port[1]);
        put16(udp + 4, (unsigned)(8 + len));
        put16(udp + 6, 0);
        random_bytes(&state, udp + 8, len);
        const size_t whole = wrap(&inside, true, UDP, inner, 8 + len);
        memcpy(frame + 14 + 20, "\0\0\x08\0", 4);
        memcpy(frame + 14 + 20 + 4, inner + 14, whole - 14);
        keep_frame(f.at_us, frame, wrap(&f, true, 47, frame, whole - 14 + 4));
        pass_time(&f);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct frame *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void write_copy(void)
{
    state = 1; /* every copy has the same shape */
    frame_count = content_len = 0;
    for (unsigned i = 0; i < DNS_NAMES; i++)
        dns_flow(i);
    for (unsigned i = 0; i < TLS_FLOWS; i++)
        tls_flow(i);
    for (unsigned i = 0; i < QUIC_FLOWS; i++)
        quic_flow(i);
    for (unsigned i = 0; i < HTTP_FLOWS; i++)
        http_flow(i);
    for (unsigned i = 0; i < SSH_FLOWS; i++)
        ssh_flow(i);
    for (unsigned i = 0; i < TCP_FLOWS; i++)
        other_tcp_flow(i);
    for (unsigned i = 0; i < UDP_FLOWS; i++)
        other_udp_flow(i);
    for (unsigned i = 0; i < ICMP_FLOWS; i++)
        icmp_flow();
    for (unsigned i = 0; i < TUNNELS; i++)
        tunnel_flow();
    must(frame_count < PACKETS, "to stay below the number of packets");
    while (frame_count < PACKETS)
        arp_frame();
    qsort(frames, frame_count, sizeof *frames, by_time);
    for (size_t i = 0; i < frame_count; i++)
        capture_record(frames[i].at_us, content + frames[i].offset, frames[i].len);
}

int main(int argc, char **argv)
{
    const int copies = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 5;

    if (argc < 2 || argc > 3 || argv[1][0] == '-' || copies < 1 || copies > COPIES_MAX) {
        fputs("usage: mixed FILE [COPIES]    (1 to 1000)\n", stderr);
        return 2;
    }
    certificate_len = make_certificate(&state, certificate, sizeof certificate);
    capture_begin(argv[1]);
    for (copy_number = 0; copy_number < copies; copy_number++)
        write_copy();
    capture_end();
    free(frames);
    free(content);
    return 0;
}
