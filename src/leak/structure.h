#ifndef LEASH_LEAK_STRUCTURE_H
#define LEASH_LEAK_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Binary containers whose items stand one behind the other: enough of them to name the
 * container and to know where the byte strings inside begin, which may be compressed by
 * a method without a sign of its own.  Nested items are walked as if they were flat. */
enum structure_kind {
    STRUCTURE_NONE,
    STRUCTURE_PROTOBUF, /* Protocol Buffers' wire format, also behind gRPC's five bytes */
    STRUCTURE_MSGPACK,
    STRUCTURE_CBOR,     /* RFC 8949 */
    STRUCTURE_PLIST,    /* Apple's binary property list */
    STRUCTURE_MULTIPART,
    STRUCTURE_KINDS
};

const char *structure_name(enum structure_kind kind); /* in leak.decoding */

enum { STRUCTURE_SNIFF_BYTES = 192, STRUCTURE_HEADER_MAX = 12 };

/* What a view is, by its first STRUCTURE_SNIFF_BYTES, or by all of it (`whole`).  *first is
 * where its first item stands. */
enum structure_kind structure_of(const uint8_t *at, size_t len, bool whole, size_t *first);

/* Whether a byte string in a protobuf message is a message too; `whole`: at[0, len) is all of it. */
bool structure_nested(const uint8_t *at, size_t len, bool whole);

struct structure_item {
    size_t header;      /* bytes before its content */
    uint64_t content;   /* bytes of a byte string or text, else 0 */
    bool opaque;        /* the content may be anything: look inside */
};
/* The item at at[0, len), len at least STRUCTURE_HEADER_MAX unless the view ends there.
 * False: there is none, the walk is over. */
bool structure_item(enum structure_kind kind, const uint8_t *at, size_t len, struct structure_item *ret);

#endif
