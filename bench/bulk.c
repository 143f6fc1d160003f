/* Writes captures to measure with, the same ones each time.
 *
 *   bulk [--again|--swapped|--lost|--put|--hidden] FILE [UPLOAD_BYTES]
 *                                          four uploads, 600,000,000 bytes by default; every hundredth segment comes
 *                                          again, or behind the next one, or never; --put: the HTTP upload alone;
 *                                          --hidden: a serial number stands in the HTTP upload, in four forms in turn
 *   bulk --flows N FILE TOTAL_BYTES        N short flows that are all open at once
 *   bulk --telemetry N FILE TOTAL_BYTES    the same, and what they send are lines of JSON with places
 *
 * The uploads follow a fixed recipe (sizes, order and times are part of it, so that
 * every packet can be counted beforehand); the truth goes to the standard output, one
 * line per upload: payload bytes up (each byte once), down, packets, bytes up that are missing; and, with --hidden,
 * how often each form of the number was written.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

enum {
    MSS = 1448, RECORD_MAX = 16401, STEP_US = 12, UPLOADS = 4, FIRST_PORT = 40001, DNS_PORT = 50000, DNS_ID = 4096,
    FIN = 1, SYN = 2, ACK = 16,
};
#define BASE_US INT64_C(1700000000000000)

/* One flow in the making.  The four are merged by time, so each is a machine that gives
 * its next frame; `phase` says what that is. */
struct upload {
    const char *name;
    uint8_t client[4], server[4];
    uint16_t client_port, server_port;
    double share;

    uint64_t random;
    int64_t at_us;
    uint32_t seq[2];               /* next numbers, of client and server */
    int phase;
    uint64_t left;                 /* upload bytes not yet in `pending` */
    uint8_t *pending;              /* bytes to be cut into segments */
    size_t pending_len, pending_at;
    int unacknowledged;            /* segments since the server's last acknowledgement */
    unsigned segments;
    struct {
        uint8_t bytes[MSS];
        size_t len;                /* 0: nothing is held back */
        uint32_t seq;
        bool fresh;                /* just put here: it is written behind what comes next */
    } held;
    uint64_t payload[2], packets, missing;  /* the truth */
};

/* What befalls every hundredth segment of an upload. */
enum { EVERY = 100 };
static enum { NOTHING, AGAIN, SWAPPED, LOST } mishap;

/* "1581BULK00HIDDEN42", as others write it; each between two blanks, so that base64 begins with it. */
static bool hidden;
static struct { const char *name; const char *bytes; size_t len; unsigned written; } hidden_forms[] = {
#define FORM(name, bytes) { name, bytes, sizeof bytes - 1, 0 }
    FORM("plain", " 1581BULK00HIDDEN42 "),
    FORM("base64", " MTU4MUJVTEswMEhJRERFTjQy "),
    FORM("utf16le", " \0" "1\0" "5\0" "8\0" "1\0B\0U\0L\0K\0" "0\0" "0\0H\0I\0D\0D\0E\0N\0" "4\0" "2\0 \0"),
    FORM("hex", " 3135383142554c4b303048494444454e3432 "),
#undef FORM
};
enum { HIDDEN_FORMS = sizeof hidden_forms / sizeof *hidden_forms, HIDDEN_EVERY = 8 /* refills */ };

static struct upload uploads[UPLOADS] = {
    { .name = "upload-a.example-drone.com", .client = { 192, 168, 50, 10 }, .server = { 203, 0, 113, 10 }, .server_port = 443, .share = 0.4 },
    { .name = "media.example-cloud.cn", .client = { 192, 168, 50, 10 }, .server = { 203, 0, 113, 20 }, .server_port = 443, .share = 0.3 },
    { .name = "log.example-analytics.net", .client = { 192, 168, 50, 11 }, .server = { 198, 51, 100, 7 }, .server_port = 443, .share = 0.2 },
    { .name = "plain.example.org", .client = { 192, 168, 50, 11 }, .server = { 198, 51, 100, 9 }, .server_port = 80, .share = 0.1 },
};
static const uint8_t resolver[4] = { 192, 168, 50, 1 };

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* Ethernet and IPv4 headers; gives where the transport begins. */
static uint8_t *begin_frame(uint8_t *frame, const uint8_t src[4], const uint8_t dst[4], bool from_client, int protocol,
                            size_t transport_len)
{
    uint32_t sum = 0;

    memcpy(frame, from_client ? "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" : "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14);
    uint8_t *ip = frame + 14;
    memset(ip, 0, 20);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(20 + transport_len));
    put16(ip + 6, 0x4000);
    ip[8] = 64;
    ip[9] = (uint8_t)protocol;
    memcpy(ip + 12, src, 4);
    memcpy(ip + 16, dst, 4);
    for (int i = 0; i < 20; i += 2)
        sum += (uint32_t)ip[i] << 8 | ip[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
    put16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
    return ip + 20;
}

static void write_udp(int64_t at_us, const uint8_t src[4], uint16_t src_port, const uint8_t dst[4], uint16_t dst_port,
                      bool from_client, const uint8_t *payload, size_t len)
{
    uint8_t frame[600];
    uint8_t *udp = begin_frame(frame, src, dst, from_client, 17, 8 + len);

    put16(udp, src_port);
    put16(udp + 2, dst_port);
    put16(udp + 4, (unsigned)(8 + len));
    put16(udp + 6, 0);
    memcpy(udp + 8, payload, len);
    capture_record(at_us, frame, 14 + 20 + 8 + len);
}

static void write_tcp(struct upload *u, bool from_client, int flags, const uint8_t *payload, size_t len)
{
    uint8_t frame[14 + 20 + 32 + MSS];
    uint8_t *tcp = begin_frame(frame, from_client ? u->client : u->server, from_client ? u->server : u->client,
                               from_client, 6, 32 + len);

    put16(tcp, from_client ? u->client_port : u->server_port);
    put16(tcp + 2, from_client ? u->server_port : u->client_port);
    put32(tcp + 4, u->seq[!from_client]);
    put32(tcp + 8, flags & ACK ? u->seq[from_client] : 0);
    tcp[12] = 8 << 4;
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, 65535);
    put32(tcp + 16, 0);
    memcpy(tcp + 20, "\1\1\10\12", 4); /* two no-operations and a timestamp */
    put32(tcp + 24, (uint32_t)((u->at_us - BASE_US) / 1000));
    put32(tcp + 28, 0);
    if (len)
        memcpy(tcp + 32, payload, len);
    capture_record(u->at_us, frame, 14 + 20 + 32 + len);
    u->seq[!from_client] += (uint32_t)len + ((flags & (SYN | FIN)) != 0);
    u->payload[!from_client] += len;
    u->packets++;
}

/* Data of the upload, and what befalls it. */
static void write_segment(struct upload *u, const uint8_t *bytes, size_t len)
{
    const bool struck = mishap != NOTHING && ++u->segments % EVERY == 0;

    if (struck && mishap != LOST) {
        memcpy(u->held.bytes, bytes, len);
        u->held.len = len;
        u->held.seq = u->seq[0];
        u->held.fresh = true;
    }
    if (!struck || mishap == AGAIN) {
        write_tcp(u, true, ACK, bytes, len);
    } else {
        u->seq[0] += (uint32_t)len;
        u->missing += mishap == LOST ? len : 0;
    }
}

/* The segment that was held back, as the flow's next frame; false when it is not its time. */
static bool write_held(struct upload *u)
{
    if (u->held.len == 0 || u->held.fresh) {
        u->held.fresh = false;
        return false;
    }
    const uint32_t next = u->seq[0];
    u->seq[0] = u->held.seq;
    write_tcp(u, true, ACK, u->held.bytes, u->held.len);
    u->seq[0] = next;
    if (mishap == AGAIN)
        u->payload[0] -= u->held.len; /* counted already */
    u->held.len = 0;
    return true;
}

static uint8_t *extension(uint8_t *at, unsigned type, size_t len)
{
    put16(at, type);
    put16(at + 2, (unsigned)len);
    return at + 4;
}

/* One ClientHello in one record (RFC 8446, 4.1.2). */
static size_t client_hello(struct upload *u, uint8_t into[512])
{
    const size_t name_len = strlen(u->name);
    uint8_t *at = into + 5 + 4;

    put16(at, 0x0303);
    random_bytes(&u->random, at + 2, 32);
    at[34] = 32;
    random_bytes(&u->random, at + 35, 32);
    at += 67;
    memcpy(at, "\0\10\x13\1\x13\2\xc0\x2b\xc0\x2f\1\0", 12);
    uint8_t *const extensions = at + 12;
    at = extension(extensions + 2, 0, name_len + 5);
    put16(at, (unsigned)name_len + 3);
    at[2] = 0;
    put16(at + 3, (unsigned)name_len);
    memcpy(at + 5, u->name, name_len);
    at += name_len + 5;
    at = extension(at, 10, 6);
    memcpy(at, "\0\4\0\x1d\0\x17", 6);
    at = extension(at + 6, 11, 2);
    memcpy(at, "\1\0", 2);
    at = extension(at + 2, 13, 10);
    memcpy(at, "\0\10\4\3\10\4\4\1\5\3", 10);
    at = extension(at + 10, 16, 14);
    memcpy(at, "\0\14\2h2\10http/1.1", 14);
    at = extension(at + 14, 43, 5);
    memcpy(at, "\4\3\4\3\3", 5);
    at = extension(at + 5, 45, 2);
    memcpy(at, "\1\1", 2);
    at = extension(at + 2, 51, 38);
    memcpy(at, "\0\x24\0\x1d\0\x20", 6);
    random_bytes(&u->random, at + 6, 32);
    at += 38;
    put16(extensions, (unsigned)(at - extensions - 2));
    const size_t len = (size_t)(at - into);
    memcpy(into, "\x16\3\1", 3);
    put16(into + 3, (unsigned)(len - 5));
    into[5] = 1;
    into[6] = 0;
    put16(into + 7, (unsigned)(len - 9));
    return len;
}

static size_t record(struct upload *u, uint8_t *into, int type, size_t len)
{
    into[0] = (uint8_t)type;
    put16(into + 1, 0x0303);
    put16(into + 3, (unsigned)len);
    random_bytes(&u->random, into + 5, len);
    return len + 5;
}

/* ServerHello, ChangeCipherSpec and 900 bytes that stand for the encrypted rest. */
static size_t server_flight(struct upload *u, uint8_t into[1200])
{
    uint8_t *at = into;

    memcpy(at, "\x16\3\3\0\x7a\2\0\0\x76\3\3", 11);
    random_bytes(&u->random, at + 11, 32);
    at[43] = 32;
    random_bytes(&u->random, at + 44, 32);
    memcpy(at + 76, "\x13\1\0\0\x2e\0\x33\0\x24\0\x1d\0\x20", 13);
    random_bytes(&u->random, at + 89, 32);
    memcpy(at + 121, "\0\x2b\0\2\3\4", 6);
    memcpy(at + 127, "\x14\3\3\0\1\1", 6);
    return 133 + record(u, at + 133, 0x17, 900);
}

static void pend(struct upload *u, size_t len)
{
    u->pending_len = len;
    u->pending_at = 0;
}

/* At a place that moves on by a prime, so that it comes to lie in and across segments. */
static void hide(uint8_t *bytes, size_t n)
{
    static unsigned count;

    if (n < RECORD_MAX || count++ % HIDDEN_EVERY != 0)
        return;
    const unsigned which = count / HIDDEN_EVERY % HIDDEN_FORMS;
    memcpy(bytes + count * 211 % (n - hidden_forms[which].len), hidden_forms[which].bytes, hidden_forms[which].len);
    hidden_forms[which].written++;
}

/* The next stretch of the upload into `pending`; false when all is sent.  The HTTP head
 * does not count against the share, nor do the heads of TLS records. */
static bool refill(struct upload *u)
{
    if (u->left == 0)
        return false;
    const size_t n = u->left < RECORD_MAX ? (size_t)u->left : RECORD_MAX;
    u->left -= n;
    if (u->server_port == 443) {
        pend(u, record(u, u->pending, 0x17, n));
    } else {
        random_bytes(&u->random, u->pending, n);
        if (hidden)
            hide(u->pending, n);
        pend(u, n);
    }
    return true;
}

/* Keeps segments full across records, as a socket does. */
static size_t next_segment(struct upload *u, uint8_t segment[MSS])
{
    size_t len = 0;

    while (len < MSS) {
        if (u->pending_at == u->pending_len && !refill(u))
            break;
        size_t n = u->pending_len - u->pending_at;
        if (n > MSS - len)
            n = MSS - len;
        memcpy(segment + len, u->pending + u->pending_at, n);
        u->pending_at += n;
        len += n;
    }
    return len;
}

enum {
    ASKS_NAME, GETS_NAME, SENDS_SYN, GETS_SYN, SENDS_ACK, SENDS_HELLO, GETS_ACK, GETS_FLIGHT, SENDS_FINISHED,
    UPLOADING, GETS_ANSWER, SENDS_FIN, GETS_FIN, SENDS_LAST, DONE,
};

/* Writes the flow's next frame. */
static void step(struct upload *u)
{
    const int number = (int)(u - uploads);
    const bool tls = u->server_port == 443;
    uint8_t bytes[1500];

    switch (u->phase++) {
    case ASKS_NAME:
        write_udp(u->at_us, u->client, (uint16_t)(DNS_PORT + number), resolver, 53, true, bytes,
                  dns_message(bytes, DNS_ID + number, u->name, 0, NULL));
        break;
    case GETS_NAME:
        write_udp(u->at_us, resolver, 53, u->client, (uint16_t)(DNS_PORT + number), false, bytes,
                  dns_message(bytes, DNS_ID + number, u->name, 1, (const uint8_t (*)[4])&u->server));
        break;
    case SENDS_SYN:
        write_tcp(u, true, SYN, NULL, 0);
        break;
    case GETS_SYN:
        write_tcp(u, false, SYN | ACK, NULL, 0);
        break;
    case SENDS_ACK:
        write_tcp(u, true, ACK, NULL, 0);
        if (!tls) {
            const int n = snprintf((char *)bytes, sizeof bytes, "PUT /upload/DJI_0001.MP4 HTTP/1.1\r\nHost: %s\r\n"
                                   "User-Agent: corpus/1\r\nContent-Type: video/mp4\r\nContent-Length: %" PRIu64 "\r\n\r\n",
                                   u->name, u->left);
            memcpy(u->pending, bytes, (size_t)n);
            pend(u, (size_t)n);
            u->phase = UPLOADING;
        }
        break;
    case SENDS_HELLO:
        write_tcp(u, true, ACK, bytes, client_hello(u, bytes));
        break;
    case GETS_ACK:
        write_tcp(u, false, ACK, NULL, 0);
        break;
    case GETS_FLIGHT:
        write_tcp(u, false, ACK, bytes, server_flight(u, bytes));
        break;
    case SENDS_FINISHED: {
        memcpy(bytes, "\x14\3\3\0\1\1", 6);
        write_tcp(u, true, ACK, bytes, 6 + record(u, bytes + 6, 0x17, 53));
        break;
    }
    case UPLOADING:
        u->phase = UPLOADING;
        if (write_held(u))
            break;
        if (u->unacknowledged == 2) {
            write_tcp(u, false, ACK, NULL, 0);
            u->unacknowledged = 0;
        } else {
            write_segment(u, bytes, next_segment(u, bytes));
            u->unacknowledged++;
        }
        if (u->left == 0 && u->pending_at == u->pending_len && u->unacknowledged < 2 && u->held.len == 0)
            u->phase = tls ? SENDS_FIN : GETS_ANSWER;
        break;
    case GETS_ANSWER: {
        static const char answer[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
        write_tcp(u, false, ACK, (const uint8_t *)answer, sizeof answer - 1);
        break;
    }
    case SENDS_FIN:
        write_tcp(u, true, FIN | ACK, NULL, 0);
        break;
    case GETS_FIN:
        write_tcp(u, false, FIN | ACK, NULL, 0);
        break;
    case SENDS_LAST:
        write_tcp(u, true, ACK, NULL, 0);
        break;
    }
    u->at_us += STEP_US;
}

static void write_uploads(uint64_t total, bool put_only)
{
    for (int i = 0; i < UPLOADS; i++) {
        struct upload *u = &uploads[i];
        u->random = (uint64_t)(100 + i) * UINT64_C(0x9e3779b97f4a7c15);
        u->at_us = BASE_US + 500 * i;
        u->client_port = (uint16_t)(FIRST_PORT + i);
        u->left = put_only ? total : (uint64_t)((double)total * u->share + 0.5);
        u->phase = put_only && u->server_port != 80 ? DONE : ASKS_NAME;
        u->seq[0] = (uint32_t)random_next(&u->random);
        u->seq[1] = (uint32_t)random_next(&u->random);
        u->pending = malloc(RECORD_MAX + 5);
        if (!u->pending)
            fail("malloc");
    }
    for (;;) {
        struct upload *next = NULL;
        for (int i = 0; i < UPLOADS; i++)
            if (uploads[i].phase < DONE && (!next || uploads[i].at_us < next->at_us))
                next = &uploads[i];
        if (!next)
            break;
        step(next);
    }
    for (int i = 0; i < UPLOADS; i++) {
        const struct upload *u = &uploads[i];
        printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", u->name, u->payload[0], u->payload[1],
               u->packets, u->missing);
        free(uploads[i].pending);
    }
    for (int i = 0; hidden && i < HIDDEN_FORMS; i++)
        printf("hidden %s %u\n", hidden_forms[i].name, hidden_forms[i].written);
}

/* Places between 40 and 50 degrees north, 8 and 18 east; the last line is cut. */
static void telemetry(uint64_t *random, uint64_t time_ms, uint8_t *into, size_t len)
{
    for (size_t at = 0; at < len;) {
        char line[160];
        const int n = snprintf(line, sizeof line, "{\"time\":%" PRIu64 ",\"lat\":%.7f,\"lon\":%.7f,\"alt\":%.1f,\"speed\":%.2f,\"mode\":\"P-GPS\"}\n",
                               time_ms, 40 + (double)(random_next(random) % 100000000) / 1e7, 8 +
                                   (double)(random_next(random) % 100000000) / 1e7,
                               (double)(random_next(random) % 1200) / 10, (double)(random_next(random) % 1500) / 100);
        const size_t part = (size_t)n < len - at ? (size_t)n : len - at;
        memcpy(into + at, line, part);
        at += part;
    }
}

/* Each flow sends a SYN in the first round and data in all later ones, so that every one
 * is open until the end. */
static void write_flows(uint64_t count, uint64_t total_bytes, bool text)
{
    enum { HEADERS = 14 + 20 + 32 + 16 };
    const uint64_t per_flow = total_bytes / count;
    const uint64_t rounds = 1 + (per_flow + MSS + HEADERS - 1) / (MSS + HEADERS);
    const uint64_t with_syn = per_flow > HEADERS ? per_flow - HEADERS : 0;
    const uint64_t in_round = rounds > 1 ? with_syn / (rounds - 1) : 0;
    const size_t len = in_round > HEADERS + 1 ? (size_t)(in_round - HEADERS) : 1;
    static uint8_t payload[MSS];
    uint64_t random = 1;

    random_bytes(&random, payload, sizeof payload);
    for (uint64_t round = 0; round < rounds; round++) {
        for (uint64_t i = 0; i < count; i++) {
            struct upload u = {
                .client = { 10, (uint8_t)(i / 60000 >> 8), (uint8_t)(i / 60000), 2 },
                .server = { 203, 0, 113, (uint8_t)(1 + i % 7) },
                .client_port = (uint16_t)(1024 + i % 60000), .server_port = 8443,
                .at_us = BASE_US + (int64_t)(round * count + i) * 10,
                .seq = { round == 0 ? (uint32_t)i : (uint32_t)(i + 1 + (round - 1) * len), 7 },
            };
            if (text && round > 0)
                telemetry(&random, (uint64_t)u.at_us / 1000, payload, len);
            write_tcp(&u, true, round == 0 ? SYN : ACK, payload, round == 0 ? 0 : len);
        }
    }
    printf("flows %" PRIu64 " packets %" PRIu64 " payload %" PRIu64 "\n", count, count * rounds,
           count * (rounds - 1) * len);
}

int main(int argc, char **argv)
{
    static const char *const mishaps[] = { [AGAIN] = "--again", [SWAPPED] = "--swapped", [LOST] = "--lost" };
    const bool text = argc == 5 && strcmp(argv[1], "--telemetry") == 0;
    const bool flows = text || (argc == 5 && strcmp(argv[1], "--flows") == 0);
    bool put = false;
    int at = 1;

    for (int i = AGAIN; i <= LOST && argc > 2; i++)
        if (strcmp(argv[1], mishaps[i]) == 0)
            mishap = i;
    if (argc > 2 && !flows) {
        put = strcmp(argv[1], "--put") == 0;
        hidden = strcmp(argv[1], "--hidden") == 0;
        at += put || hidden || mishap != NOTHING;
    }
    if (!flows && (argc <= at || argc > at + 2 || argv[at][0] == '-')) {
        fprintf(stderr, "usage: bulk [--again|--swapped|--lost|--put|--hidden] FILE [UPLOAD_BYTES]\n       bulk --flows|--telemetry N FILE TOTAL_BYTES\n");
        return 2;
    }
    capture_begin(argv[flows ? 3 : at]);
    if (flows)
        write_flows(strtoull(argv[2], NULL, 10), strtoull(argv[4], NULL, 10), text);
    else
        write_uploads(argc == at + 2 ? strtoull(argv[at + 1], NULL, 10) : 600000000, put);
    capture_end();
    return 0;
}
