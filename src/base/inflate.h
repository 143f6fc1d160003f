#ifndef LEASH_BASE_INFLATE_H
#define LEASH_BASE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* A stream that is there as a whole, of kind raw, and is said to unpack to `out_bytes`: false unless it does, to
 * exactly so many; `out` then holds anything.  Bytes behind the stream are passed over.  Three times as fast as in
 * pieces. */
__attribute__((warn_unused_result))
bool inflate_whole(struct bytes in, uint8_t *out, size_t out_bytes);

/* The check value of zip and gzip. */
uint32_t inflate_crc32(struct bytes b);

/* More than this many bytes cannot come out of one (RFC 1951: 258 bytes for two bits). */
enum { INFLATE_RATIO_POSSIBLE = 1032 };

/* Decompression of a deflate stream that comes in pieces, with limits against
 * bombs.  Memory does not depend on the input: about 50 KiB per stream.
 * Formats: RFC 1951 (deflate), RFC 1950 (zlib), RFC 1952 (gzip, also several
 * members one behind the other). */
struct inflate;

enum inflate_kind {
    INFLATE_AUTO, /* told from the first two bytes */
    INFLATE_GZIP,
    INFLATE_ZLIB,
    INFLATE_RAW,
};

enum inflate_status {
    INFLATE_OK,    /* all was taken, more may follow */
    INFLATE_END,   /* the stream is complete; bytes behind it were not taken */
    INFLATE_ERROR, /* not a stream of this kind, or damaged; what came out before stands */
    INFLATE_LIMIT, /* a limit was reached; what came out before stands */
};

struct inflate_limit {
    uint64_t out_bytes_max; /* 0: none */
    uint64_t ratio_max;     /* output per input byte; 0: none.  Only looked at above
                             * INFLATE_RATIO_FROM bytes of output: small runs of zeros are innocent. */
};

enum { INFLATE_RATIO_FROM = 1 << 20 };

/* `out` gets each decompressed piece, at most 16 KiB, only borrowed for the call; its
 * origin is that of the compressed byte at which the piece began. */
typedef void inflate_out(void *user, struct bytes out);

struct inflate *inflate_new(enum inflate_kind kind, struct inflate_limit limit);
void inflate_free(struct inflate *f); /* NULL is fine */

/* Any status but OK is final, with one exception: after END of a gzip stream
 * another member may follow in a later call. */
__attribute__((warn_unused_result))
enum inflate_status inflate_feed(struct inflate *f, struct bytes in, inflate_out *out, void *user);

/* How many bytes at the end of the last feed were not taken. */
size_t inflate_unused(const struct inflate *f);
/* Compressed bytes taken and decompressed bytes given since the start. */
uint64_t inflate_bytes_in(const struct inflate *f);
uint64_t inflate_bytes_out(const struct inflate *f);

#endif
