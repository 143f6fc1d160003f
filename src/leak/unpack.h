#ifndef LEASH_LEAK_UNPACK_H
#define LEASH_LEAK_UNPACK_H

#include "base/cursor.h"

/* Decompression in pieces of what was found inside other bytes, by whichever method.
 * Memory: about 50 KiB for the deflate kinds, for zstd and brotli up to 9 MiB (a
 * stream that asks for a larger window is refused as an error). */
enum unpack_kind { UNPACK_GZIP, UNPACK_ZLIB, UNPACK_DEFLATE, UNPACK_ZSTD, UNPACK_BROTLI, UNPACK_KINDS };

const char *unpack_name(enum unpack_kind kind); /* in leak.decoding */

enum unpack_status {
    UNPACK_OK,   /* all was taken, more may follow */
    UNPACK_END,  /* complete; what lies behind it was not taken */
    UNPACK_ERROR /* no such stream, or damaged; what came out before stands */
};

struct unpack;
struct unpack *unpack_new(enum unpack_kind kind);
void unpack_free(struct unpack *u); /* NULL is fine */
/* `out` gets pieces of at most 16 KiB, borrowed for the call; when it gives false no more
 * is decompressed and the status is UNPACK_ERROR.  *ret_unused: bytes at the end of `in`
 * that were not taken. */
__attribute__((warn_unused_result))
enum unpack_status unpack_feed(struct unpack *u, struct bytes in, bool (*out)(void *user, struct bytes piece),
                               void *user,
                               size_t *ret_unused);

/* Whether bytes without a sign of their own are the beginning of a stream of that kind, as
 * far as `b` goes: it decompresses them without a fault, into something.  `b` should be a
 * hundred bytes or more, or all there is (then `whole`, and it must end there). */
bool unpack_fits(enum unpack_kind kind, struct bytes b, bool whole);

#endif
