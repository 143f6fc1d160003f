#include "evidence/stream.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/decompress.h"
#include "packet/capture.h"

struct stream {
    struct reading *reading;
    enum stream_state state;
    struct buffer head;              /* what came, while it is not known how it is compressed */
    struct decompress *packed;
    enum inflate_status unpacked;
    uint64_t packed_bytes;           /* that came, behind the head included */
    struct buffer window;            /* what the capture's reading has not taken yet */
    uint64_t window_origin;
    struct capture *capture;
    const struct format *format;
};

struct stream *stream_new(struct reading *r)
{
    struct stream *s = memory_alloc_array(1, sizeof *s);

    s->reading = r;
    buffer_init(&s->head, DECOMPRESS_HEAD_BYTES);
    buffer_init(&s->window, CAPTURE_WINDOW_MAX + (1 << 20));
    return s;
}

const struct format *stream_format(const struct stream *s)
{
    return s->format;
}

static void decide(struct stream *s, struct bytes head)
{
    s->state = STREAM_OTHER;
    if (!capture_recognise(head))
        return;
    s->format = format_find(pcap_recognise(head) ? "pcap" : "pcapng");
    s->capture = capture_new(s->reading);
    s->state = STREAM_READING;
}

static void feed_window(struct stream *s, bool last)
{
    const struct bytes window = { .at = s->window.at ? s->window.at : (const uint8_t *)"", .len = s->window.len,
                                  .origin = s->window_origin };

    if (s->state == STREAM_UNDECIDED && (window.len >= CAPTURE_HEAD_BYTES || last))
        decide(s, window);
    if (s->state != STREAM_READING)
        return;
    const size_t taken = capture_feed(s->capture, window, last);
    s->window_origin += taken;
    buffer_consume(&s->window, taken);
}

/* Bytes of the capture itself.  What fits no window any more is behind a hostile record, and passed over. */
static void take_plain(void *user, struct bytes piece)
{
    struct stream *s = user;

    if (s->state == STREAM_OTHER)
        return;
    if (s->state == STREAM_READING && s->window.len == 0) { /* the usual case: most of it need not be copied */
        piece.origin = s->window_origin;
        const size_t taken = capture_feed(s->capture, piece, false);
        s->window_origin += taken;
        piece = bytes_part(piece, taken, UINT64_MAX);
    }
    if (piece.len == 0)
        return;
    if (!buffer_add(&s->window, piece.at, piece.len)) {
        reading_damage(s->reading, s->window_origin, (int64_t)s->window.len, FACT_UNKNOWN_INT,
                       "no record can be made out in so many bytes");
        s->window_origin += s->window.len;
        buffer_clear(&s->window);
    }
    feed_window(s, false);
}

static void take_packed(struct stream *s, struct bytes piece)
{
    if (s->unpacked == INFLATE_OK || s->unpacked == INFLATE_END)
        s->unpacked = decompress_feed(s->packed, piece, take_plain, s);
    s->packed_bytes += piece.len;
}

static void head_known(struct stream *s)
{
    const struct bytes head = { .at = s->head.at, .len = s->head.len };
    const enum decompress_kind kind = decompress_kind_of(head);

    if (kind != DECOMPRESS_NONE) {
        s->packed = decompress_new(kind, (struct inflate_limit){ 0 });
        take_packed(s, head);
    } else if (head.len > 0) {
        take_plain(s, head);
    }
    s->head.limit = 0;
}

enum stream_state stream_add(struct stream *s, struct bytes piece)
{
    if (s->head.limit > 0) {
        const struct bytes begin = bytes_part(piece, 0, DECOMPRESS_HEAD_BYTES - s->head.len);
        buffer_add(&s->head, begin.at, begin.len);
        piece = bytes_part(piece, begin.len, UINT64_MAX);
        if (s->head.len < DECOMPRESS_HEAD_BYTES)
            return s->state;
        head_known(s);
    }
    if (piece.len > 0 && s->packed)
        take_packed(s, piece);
    else if (piece.len > 0)
        take_plain(s, piece);
    /* Damage at its very beginning: what it is cannot be told any more. */
    if (s->state == STREAM_UNDECIDED && s->packed && s->unpacked != INFLATE_OK)
        feed_window(s, true);
    return s->state;
}

static void tell_unpacking(struct stream *s)
{
    const uint64_t unused = decompress_unused(s->packed);
    const char *what = NULL;

    if (s->unpacked == INFLATE_OK)
        what = "the compressed data was cut off; what came before is read";
    else if (s->unpacked == INFLATE_ERROR)
        what = "the compressed data is damaged, or its check value is wrong; what came out is read";
    else if (unused > 0)
        what = "something else stands behind the compressed data";
    if (what)
        reading_damage(s->reading, s->window_origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "%s (%llu bytes of it came)",
                       what,
                       (unsigned long long)s->packed_bytes);
}

enum stream_state stream_last(struct stream *s)
{
    if (s->head.limit > 0)
        head_known(s);
    feed_window(s, true);
    if (s->packed && s->state == STREAM_READING)
        tell_unpacking(s);
    return s->state;
}

enum parse_status stream_end(struct stream *s)
{
    const enum parse_status status = s->capture ? capture_end(s->capture) : PARSE_UNSUPPORTED;

    decompress_free(s->packed);
    buffer_done(&s->head);
    buffer_done(&s->window);
    free(s);
    return status;
}
