#ifndef LEASH_PROTOCOL_HTTP1_BODY_H
#define LEASH_PROTOCOL_HTTP1_BODY_H

#include "base/hash.h"
#include "base/inflate.h"
#include "packet/conversation.h"
#include "protocol/content_look.h"
#include "protocol/http1_head.h"

/* The body of one HTTP/1 message as it streams by, in memory that does not depend on its
 * size: RFC 9112 sections 6 and 7.  Bodies of requests are hashed.  Those that go out
 * are decompressed and fed to the search, and are readable when their first bytes, after
 * decompression, are text or a picture or video format; what they are called does not
 * matter.  Those that come in are readable unless compressed in an unknown way. */

enum http1_framing { FRAMING_NONE, FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_UNTIL_CLOSE };

struct http1_body {
    enum { BODY_DONE, BODY_COUNTED, BODY_CHUNK_SIZE, BODY_CHUNK_DATA, BODY_CHUNK_END, BODY_TRAILER, BODY_OPEN,
           BODY_BROKEN } phase;
    uint64_t remaining;         /* of the body or the chunk */
    uint64_t bytes;             /* of content so far, without chunk framing; lost ones included */
    uint64_t trailer_bytes;
    struct sha256 *hash;        /* NULL when not wanted, or bytes are missing */

    enum direction direction;
    enum http1_coding coding;   /* CODING_IDENTITY after decompression failed */
    struct inflate *inflate;
    struct payload_view *view;
    uint8_t look[CONTENT_LOOK_BYTES];
    size_t look_len;
    enum { LOOK_UNDECIDED, LOOK_READABLE, LOOK_OPAQUE } verdict;
    uint64_t undecided_bytes;   /* on the wire */
};

void http1_body_begin(struct http1_body *b, struct conversation *c, enum direction d, const struct http1_head *h,
                      enum http1_framing framing, uint64_t origin);
/* Gives how many bytes were consumed; fewer than all when the body ended (BODY_DONE),
 * broke (BODY_BROKEN), or more bytes are needed. */
size_t http1_body_take(struct http1_body *b, struct conversation *c, struct bytes data);
/* False when it cannot be told where the body goes on. */
bool http1_body_gap(struct http1_body *b, struct conversation *c, uint64_t missing);
/* The body is over, complete or not: settles what is readable and closes the search.
 * `sha256_hex` gets SHA256_HEX characters if `ret_hashed` becomes true. */
void http1_body_finish(struct http1_body *b, struct conversation *c, char *sha256_hex, bool *ret_hashed);

#endif
