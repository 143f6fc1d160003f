#include "protocol/http1_body.h"

#include <string.h>

enum {
    CHUNK_LINE_MAX = 4096,      /* with extensions, which nobody uses */
    CHUNK_DIGITS_MAX = 15,      /* an int64_t */
    TRAILER_LINE_MAX = 8192,
    TRAILER_MAX = 64 * 1024,
    RATIO_MAX = 250,            /* flight logs reach 50; what is above is mostly empty */
};
#define INFLATED_MAX (UINT64_C(1) << 30)

static const struct text steps_plain[] = { { "http body", 9 } };
static const struct text steps_gzip[] = { { "http body", 9 }, { "gzip", 4 } };
static const struct text steps_deflate[] = { { "http body", 9 }, { "deflate", 7 } };

static struct payload_view *view_open(struct http1_body *b, struct conversation *c, uint64_t origin)
{
    struct text_list steps = { steps_plain, 1 };

    if (b->direction != DIRECTION_OUT)
        return NULL;
    if (b->coding == CODING_GZIP)
        steps = (struct text_list){ steps_gzip, 2 };
    else if (b->coding == CODING_DEFLATE)
        steps = (struct text_list){ steps_deflate, 2 };
    return conversation_view(c, b->direction, steps, origin);
}

static void view_close(struct http1_body *b, struct conversation *c)
{
    if (b->view)
        c->reading->search->close(b->view);
    b->view = NULL;
}

void http1_body_begin(struct http1_body *b, struct conversation *c, enum direction d, const struct http1_head *h,
                      enum http1_framing framing, uint64_t origin)
{
    *b = (struct http1_body){ .direction = d, .coding = h->coding };
    switch (framing) {
    case FRAMING_NONE:
        b->phase = BODY_DONE;
        break;
    case FRAMING_LENGTH:
        b->phase = h->length > 0 ? BODY_COUNTED : BODY_DONE;
        b->remaining = h->length;
        break;
    case FRAMING_CHUNKED:
        b->phase = BODY_CHUNK_SIZE;
        break;
    case FRAMING_UNTIL_CLOSE:
        b->phase = BODY_OPEN;
        break;
    }
    if (b->phase == BODY_DONE)
        return;
    if (h->request)
        b->hash = sha256_new();
    if (h->coding == CODING_UNKNOWN)
        b->verdict = LOOK_OPAQUE;
    else if (d == DIRECTION_IN)
        b->verdict = LOOK_READABLE;
    if (d == DIRECTION_OUT && (h->coding == CODING_GZIP || h->coding == CODING_DEFLATE)) {
        const struct inflate_limit limit = { .out_bytes_max = INFLATED_MAX, .ratio_max = RATIO_MAX };
        /* "deflate" is zlib by RFC 9110, 8.4.1.2, and raw by old habit */
        b->inflate = inflate_new(h->coding == CODING_GZIP ? INFLATE_GZIP : INFLATE_AUTO, limit);
    }
    b->view = view_open(b, c, origin);
}

static void decide(struct http1_body *b, struct conversation *c)
{
    if (b->verdict != LOOK_UNDECIDED)
        return;
    b->verdict = content_is_recognised((struct bytes){ .at = b->look, .len = b->look_len })
        ? LOOK_READABLE : LOOK_OPAQUE;
    if (b->verdict == LOOK_READABLE)
        conversation_readable(c, b->direction, b->undecided_bytes);
    b->undecided_bytes = 0;
}

/* Content as the sender meant it. */
static void content_plain(struct http1_body *b, struct conversation *c, struct bytes content)
{
    if (b->verdict == LOOK_UNDECIDED) {
        const struct bytes part = bytes_part(content, 0, CONTENT_LOOK_BYTES - b->look_len);
        if (part.len > 0)
            memcpy(b->look + b->look_len, part.at, part.len);
        b->look_len += part.len;
        if (b->look_len == CONTENT_LOOK_BYTES)
            decide(b, c);
    }
    if (b->view && content.len > 0)
        c->reading->search->feed(b->view, content, c->packet, c->at_utc_ns);
}

struct inflated {
    struct http1_body *body;
    struct conversation *c;
};

static void content_inflated(void *user, struct bytes out)
{
    const struct inflated *i = user;

    content_plain(i->body, i->c, out);
}

/* Decompression came to its end or failed with bytes left: they are searched as they are. */
static void decompression_over(struct http1_body *b, struct conversation *c, struct bytes rest)
{
    inflate_free(b->inflate);
    b->inflate = NULL;
    view_close(b, c);
    decide(b, c);
    b->verdict = LOOK_OPAQUE;
    b->coding = CODING_IDENTITY;
    b->view = view_open(b, c, rest.origin);
    content_plain(b, c, rest);
}

static void wire_bytes(struct http1_body *b, struct conversation *c, size_t n)
{
    if (b->verdict == LOOK_READABLE)
        conversation_readable(c, b->direction, n);
    else if (b->verdict == LOOK_UNDECIDED)
        b->undecided_bytes += n;
}

/* Names, comments and extra fields, which hardly any sender has, are not among what is packed (RFC 1952, 2.3.1). */
static void search_gzip_head(const struct http1_body *b, struct conversation *c, struct bytes first)
{
    enum { FLAGS_AT = 3, HAS_FIELDS = 0x1c, HEAD_MAX = 1024 };
    static const struct text step[] = { TEXT_INIT("gzip head") };

    if (first.len > FLAGS_AT && first.at[FLAGS_AT] & HAS_FIELDS)
        conversation_search(c, b->direction, (struct text_list){ step, 1 }, bytes_part(first, 0, HEAD_MAX));
}

static void content(struct http1_body *b, struct conversation *c, struct bytes piece)
{
    b->bytes += piece.len;
    if (b->hash)
        sha256_add(b->hash, piece);
    if (!b->inflate) {
        content_plain(b, c, piece);
        wire_bytes(b, c, piece.len);
        return;
    }
    if (b->coding == CODING_GZIP && b->bytes == piece.len)
        search_gzip_head(b, c, piece);
    struct inflated to = { b, c };
    const enum inflate_status status = inflate_feed(b->inflate, piece, content_inflated, &to);
    const size_t unused = inflate_unused(b->inflate);
    wire_bytes(b, c, piece.len - unused);
    if (status == INFLATE_ERROR || status == INFLATE_LIMIT || unused > 0)
        decompression_over(b, c, bytes_part(piece, piece.len - unused, unused));
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* The next line with its end, 0 while it is not whole; broken when it is longer than it may be. */
static size_t line_length(struct http1_body *b, struct bytes data, size_t max)
{
    const uint8_t *lf = data.len ? memchr(data.at, '\n', data.len < max ? data.len : max) : NULL;

    /* What cannot become a right line need not be waited for. */
    if (b->phase == BODY_CHUNK_END && data.at[0] != '\r' && data.at[0] != '\n')
        b->phase = BODY_BROKEN;
    else if (b->phase == BODY_CHUNK_SIZE && hex_value(data.at[0]) < 0)
        b->phase = BODY_BROKEN;
    if (b->phase == BODY_BROKEN)
        return 0;
    if (!lf && data.len >= max)
        b->phase = BODY_BROKEN;
    return lf ? (size_t)(lf - data.at) + 1 : 0;
}

/* RFC 9112, 7.1: hex digits, then maybe ";name=value". */
static bool chunk_size(struct bytes line, uint64_t *ret)
{
    uint64_t size = 0;
    size_t at = 0, digits = 0;

    while (at < line.len && line.at[at] == '0') /* some write many */
        at++;
    const bool zero = at > 0;
    for (; at < line.len && hex_value(line.at[at]) >= 0; at++, digits++)
        size = size << 4 | (uint64_t)hex_value(line.at[at]);
    if ((digits == 0 && !zero) || digits > CHUNK_DIGITS_MAX)
        return false;
    if (at < line.len && !memchr(" \t\r\n;", line.at[at], 5))
        return false;
    *ret = size;
    return true;
}

/* What may stand behind the size of a chunk, and fields behind the last one, are content as any. */
static void search_line(const struct http1_body *b, struct conversation *c, struct bytes line)
{
    static const struct text chunk[] = { TEXT_INIT("http chunk") }, trailer[] = { TEXT_INIT("http trailer") };

    if (b->phase == BODY_TRAILER)
        conversation_search(c, b->direction, (struct text_list){ trailer, 1 }, line);
    else if (memchr(line.at, ';', line.len))
        conversation_search(c, b->direction, (struct text_list){ chunk, 1 }, line);
}

static size_t take_line(struct http1_body *b, struct conversation *c, struct bytes data)
{
    const bool trailer = b->phase == BODY_TRAILER;
    const size_t len = line_length(b, data, trailer ? TRAILER_LINE_MAX : CHUNK_LINE_MAX);
    const bool empty = len == 1 || (len == 2 && data.at[0] == '\r');

    if (len == 0)
        return 0;
    search_line(b, c, bytes_part(data, 0, len));
    if (b->phase == BODY_CHUNK_END) {
        b->phase = empty ? BODY_CHUNK_SIZE : BODY_BROKEN;
    } else if (b->phase == BODY_CHUNK_SIZE) {
        if (!chunk_size(bytes_part(data, 0, len), &b->remaining))
            b->phase = BODY_BROKEN;
        else
            b->phase = b->remaining > 0 ? BODY_CHUNK_DATA : BODY_TRAILER;
    } else {
        b->trailer_bytes += len;
        if (empty)
            b->phase = BODY_DONE;
        else if (b->trailer_bytes > TRAILER_MAX)
            b->phase = BODY_BROKEN;
    }
    if (b->phase == BODY_BROKEN)
        return 0;
    wire_bytes(b, c, len);
    return len;
}

size_t http1_body_take(struct http1_body *b, struct conversation *c, struct bytes data)
{
    size_t consumed = 0;

    while (consumed < data.len && b->phase != BODY_DONE && b->phase != BODY_BROKEN) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (b->phase == BODY_CHUNK_SIZE || b->phase == BODY_CHUNK_END || b->phase == BODY_TRAILER) {
            const size_t n = take_line(b, c, rest);
            if (n == 0)
                break;
            consumed += n;
            continue;
        }
        const struct bytes piece = b->phase == BODY_OPEN ? rest : bytes_part(rest, 0, b->remaining);
        content(b, c, piece);
        consumed += piece.len;
        if (b->phase == BODY_OPEN)
            continue;
        b->remaining -= piece.len;
        if (b->remaining == 0)
            b->phase = b->phase == BODY_CHUNK_DATA ? BODY_CHUNK_END : BODY_DONE;
    }
    return consumed;
}

bool http1_body_gap(struct http1_body *b, struct conversation *c, uint64_t missing)
{
    const bool counted = b->phase == BODY_COUNTED || b->phase == BODY_CHUNK_DATA;

    if (b->phase != BODY_OPEN && !(counted && missing <= b->remaining))
        return false;
    b->bytes += missing;
    sha256_free(b->hash);
    b->hash = NULL;
    if (b->inflate) { /* nothing behind the gap can be decompressed */
        decompression_over(b, c, (struct bytes){ .at = b->look, .len = 0 });
    } else {
        decide(b, c);
        if (b->view)
            c->reading->search->gap(b->view, missing);
    }
    if (counted) {
        b->remaining -= missing;
        if (b->remaining == 0)
            b->phase = b->phase == BODY_CHUNK_DATA ? BODY_CHUNK_END : BODY_DONE;
    }
    return true;
}

void http1_body_finish(struct http1_body *b, struct conversation *c, char *sha256_hex, bool *ret_hashed)
{
    uint8_t digest[SHA256_BYTES];

    decide(b, c);
    view_close(b, c);
    inflate_free(b->inflate);
    b->inflate = NULL;
    *ret_hashed = b->hash && b->phase == BODY_DONE;
    if (*ret_hashed) {
        sha256_finish(b->hash, digest);
        hash_hex(digest, sizeof digest, sha256_hex);
    }
    sha256_free(b->hash);
    b->hash = NULL;
    b->phase = BODY_DONE;
}
