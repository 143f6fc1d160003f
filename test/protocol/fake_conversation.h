#ifndef LEASH_TEST_FAKE_CONVERSATION_H
#define LEASH_TEST_FAKE_CONVERSATION_H

#include "base/buffer.h"
#include "packet/conversation.h"

/* Stands in for packet/ where a protocol is tested or fuzzed alone: one conversation
 * that keeps what the protocol says, and hands it bytes in pieces of any size.
 *
 * It defines the conversation_* functions itself.  The core library defines them too;
 * a program that links both gets these, because an archive's member is only taken for
 * names that are still missing, and protocols call nothing else of packet/. */

enum { FAKE_NAMES_MAX = 64, FAKE_VIEWS_MAX = 64, FAKE_EXPECTED_MAX = 8 };

struct fake_view {
    char decoding[64];       /* steps joined with '+', "raw" if none */
    struct buffer bytes;
    uint64_t missing;
    bool closed;
};

struct fake_name {
    struct text client, address, name;
    int64_t ttl_s;
};

struct fake_way {
    struct buffer held;      /* not consumed yet */
    uint64_t held_origin, readable, taken;
    bool opaque;
};

struct fake_conversation {
    struct conversation c;   /* first */
    struct reading reading;
    uint64_t seen[SEEN_COUNT];
    struct payload_search search;
    const struct protocol *protocol;
    bool recognised;
    struct fake_way ways[2];
    struct fake_name names[FAKE_NAMES_MAX];
    size_t name_count;
    struct { struct text address; int64_t port; const struct protocol *protocol; } expected[FAKE_EXPECTED_MAX];
    size_t expected_count;
    struct fake_view views[FAKE_VIEWS_MAX];
    size_t view_count;
};

/* A conversation 192.0.2.1:40000 -> 198.51.100.1:PORT begun by the side under test.
 * Rows go to `facts`; content is searched. */
void fake_begin(struct fake_conversation *f, const struct protocol *p, struct fact_sink *facts, bool over_tcp,
                int64_t port);
/* Bytes of a stream, handed over in pieces of `step` (0: all at once), each in a copy of
 * its exact size.  Their origin goes on from `origin`. */
void fake_stream(struct fake_conversation *f, enum direction d, struct bytes data, size_t step);
void fake_gap(struct fake_conversation *f, enum direction d, uint64_t missing);
void fake_datagram(struct fake_conversation *f, enum direction d, struct bytes data);
/* Ends both streams and the conversation; what it said stays until fake_done. */
void fake_end(struct fake_conversation *f);
void fake_done(struct fake_conversation *f);

/* All views of that decoding, one behind the other, into `into`. */
void fake_view_bytes(const struct fake_conversation *f, const char *decoding, struct buffer *into);

#endif
