#ifndef LEASH_TEST_PACKET_BUILD_H
#define LEASH_TEST_PACKET_BUILD_H

#include "support/support.h"

/* Captures made in memory, frame by frame. */
struct build {
    uint8_t at[1 << 20];
    size_t len;
    int64_t time_us;        /* of the next frame; each frame advances it by 1 ms */
    int snap;               /* bytes captured of each frame; 0: all */
};

struct ends {
    uint32_t src, dst;      /* IPv4, 0x0a000001 is 10.0.0.1 */
    uint16_t src_port, dst_port;
};

#define IP4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

enum { F = 1, S = 2, R = 4, P = 8, A = 16 };

static inline struct ends back(struct ends e)
{
    return (struct ends){ e.dst, e.src, e.dst_port, e.src_port };
}

void build_bytes(struct build *b, const void *at, size_t len);
void build_u8(struct build *b, unsigned v);
void build_u16be(struct build *b, unsigned v);
void build_u32be(struct build *b, uint32_t v);
void build_u16le(struct build *b, unsigned v);
void build_u32le(struct build *b, uint32_t v);

/* A pcap header for Ethernet, little-endian microseconds. */
void build_pcap(struct build *b, uint32_t link_type);
/* One record. */
void build_record(struct build *b, const void *frame, size_t len);

/* An IPv4 packet, without link layer, into `into`; gives its length. */
size_t make_ipv4(uint8_t *into, struct ends e, int protocol, unsigned id, unsigned fragment, const void *payload,
                 size_t len);
size_t make_udp(uint8_t *into, struct ends e, const void *payload, size_t len);
size_t make_tcp(uint8_t *into, struct ends e, uint32_t seq, uint32_t ack, int flags, const void *payload, size_t len);

/* Whole Ethernet frames as records. */
void build_ipv4(struct build *b, struct ends e, int protocol, unsigned id, unsigned fragment, const void *payload,
                size_t len);
void build_udp(struct build *b, struct ends e, const void *payload, size_t len);
void build_tcp(struct build *b, struct ends e, uint32_t seq, uint32_t ack, int flags, const char *payload);
/* The three-way handshake of `e` with these initial numbers. */
void build_handshake(struct build *b, struct ends e, uint32_t seq, uint32_t ack);

/* What the capture's reading left behind. */
struct outcome {
    struct kept_facts facts;
    enum parse_status status;
    char searched[1 << 17];   /* what went to the search: bytes, and "[N]" for gaps, "|" where a view ends */
    size_t searched_len;
};

/* `search`: the raw bytes that left go to outcome->searched. */
void read_build(const struct build *b, const struct reading_options *options, bool search, struct outcome *o);
/* The same as the bytes of a pipe: in pieces whose sizes follow from `seed`. */
void read_build_in_pieces(const struct build *b, unsigned seed, bool search, struct outcome *o);
/* Every row of both, in order, the status, and what was searched. */
void assert_same_outcome(const struct outcome *a, const struct outcome *b);
void outcome_done(struct outcome *o);
const struct fact_flow *outcome_flow(const struct outcome *o, size_t nth); /* by number, from 0 */
bool outcome_has_damage(const struct outcome *o, const char *part_of_statement);

/* The protocols of the tests (table.c): "lines" reads lines after a head "LN ", over TCP
 * and UDP; what it got is in this log. */
extern char lines_log[1 << 16];
extern bool lines_survive_gaps;
void lines_reset(void);

#endif
