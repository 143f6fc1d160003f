#include "protocol/http2_head.h"

#include <nghttp2/nghttp2.h>
#include <stdlib.h>

#include "base/memory.h"

struct http2_decoder {
    nghttp2_hd_inflater *inflater;
    uint32_t table_bytes;
};

struct http2_decoder *http2_decoder_new(void)
{
    enum { TABLE_DEFAULT = 4096 };
    struct http2_decoder *d = memory_alloc(sizeof *d);

    d->table_bytes = TABLE_DEFAULT;
    if (nghttp2_hd_inflate_new(&d->inflater) != 0)
        d->inflater = NULL;
    return d;
}

void http2_decoder_free(struct http2_decoder *d)
{
    if (!d)
        return;
    nghttp2_hd_inflate_del(d->inflater);
    free(d);
}

/* Only ever larger: a sender that was told a smaller size says so itself in its next block. */
void http2_decoder_allow(struct http2_decoder *d, uint32_t table_bytes)
{
    enum { TABLE_MAX = 64 * 1024 };

    if (table_bytes > TABLE_MAX)
        table_bytes = TABLE_MAX;
    if (!d->inflater || table_bytes <= d->table_bytes)
        return;
    if (nghttp2_hd_inflate_change_table_size(d->inflater, table_bytes) == 0)
        d->table_bytes = table_bytes;
}

void http2_head_done(struct http2_head *h)
{
    buffer_done(&h->text);
}

static bool add_line(struct buffer *b, const nghttp2_nv *nv)
{
    return buffer_add(b, nv->name, nv->namelen) && buffer_add(b, ": ", 2) && buffer_add(b, nv->value, nv->valuelen) &&
           buffer_add_u8(b, '\n');
}

/* All lines are there and stay where they are: now views may be taken. */
static void find_values(struct http2_head *h)
{
    const struct { const char *name; struct text *value; } wanted[] = {
        { ":method: ", &h->method }, { ":authority: ", &h->authority }, { ":path: ", &h->path }, { ":status: ", &h->status },
        { "user-agent: ", &h->user_agent }, { "content-type: ", &h->content_type },
        { "content-encoding: ", &h->content_encoding }, { "host: ", &h->authority },
    };
    struct text rest = buffer_text(&h->text);

    while (rest.len > 0) {
        const char *end = memchr(rest.at, '\n', rest.len);
        const struct text line = { rest.at, end ? (size_t)(end - rest.at) : rest.len };
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            const struct text name = text_of(wanted[i].name);
            if (text_starts_with(line, name) && !text_known(*wanted[i].value))
                *wanted[i].value = (struct text){ line.at + name.len, line.len - name.len };
        }
        rest = (struct text){ rest.at + line.len + (end != NULL), rest.len - line.len - (end != NULL) };
    }
}

bool http2_head_read(struct http2_decoder *d, struct bytes block, struct http2_head *ret)
{
    bool done = false;

    *ret = (struct http2_head){ .method = TEXT_UNKNOWN };
    buffer_init(&ret->text, HTTP2_HEAD_MAX);
    while (d->inflater && !done) {
        nghttp2_nv nv;
        int flags = 0;
        const ssize_t n = nghttp2_hd_inflate_hd2(d->inflater, &nv, &flags, block.at, block.len, 1);
        if (n < 0 || (size_t)n > block.len)
            break;
        block = bytes_part(block, (size_t)n, block.len);
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) && !add_line(&ret->text, &nv))
            break;
        done = flags & NGHTTP2_HD_INFLATE_FINAL;
        if (!done && n == 0 && !(flags & NGHTTP2_HD_INFLATE_EMIT))
            break;
    }
    if (!done) {
        http2_head_done(ret);
        return false;
    }
    nghttp2_hd_inflate_end_headers(d->inflater);
    find_values(ret);
    return true;
}

enum http1_coding http2_coding(struct text content_encoding)
{
    if (!text_known(content_encoding) || text_equal(content_encoding, TEXT("identity")))
        return CODING_IDENTITY;
    if (text_equal(content_encoding, TEXT("gzip")))
        return CODING_GZIP;
    return text_equal(content_encoding, TEXT("deflate")) ? CODING_DEFLATE : CODING_UNKNOWN;
}
