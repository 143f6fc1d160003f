#ifndef LEASH_PROTOCOL_HTTP2_HEAD_H
#define LEASH_PROTOCOL_HTTP2_HEAD_H

#include "base/buffer.h"
#include "protocol/http1_head.h"

/* A header block of HTTP/2, decompressed.  Fields stand in `text` as "name: value" lines. */
struct http2_head {
    struct buffer text;
    /* Where in it the values are; unknown (NULL) when absent.  Valid until the buffer grows no more. */
    struct text method, authority, path, status, user_agent, content_type, content_encoding;
};

enum { HTTP2_HEAD_MAX = 256 * 1024 /* decompressed; a block of 64 KiB could unfold to thousands of times that */ };

struct http2_decoder; /* one per direction */

struct http2_decoder *http2_decoder_new(void);
void http2_decoder_free(struct http2_decoder *d); /* NULL is fine */
/* The other side allows a table of this size (SETTINGS_HEADER_TABLE_SIZE). */
void http2_decoder_allow(struct http2_decoder *d, uint32_t table_bytes);

/* Decompresses a whole block.  False: it is damaged, or too long; nothing later can be decompressed
 * either.  `ret` is then as http2_head_done leaves it; else the caller ends it with http2_head_done. */
__attribute__((warn_unused_result))
bool http2_head_read(struct http2_decoder *d, struct bytes block, struct http2_head *ret);
void http2_head_done(struct http2_head *h);

enum http1_coding http2_coding(struct text content_encoding);

#endif
