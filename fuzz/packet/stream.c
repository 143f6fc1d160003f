#include "base/buffer.h"
#include "fact/wire.h"
#include "packet/capture.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* How many pieces; their sizes, a byte each; then a capture.  Read in these pieces it gives the
 * rows that it gives as a whole. */
enum { ROWS_BYTES_MAX = 16 << 20 };

struct rows {
    struct fact_sink sink; /* first */
    struct buffer at;
    size_t left_out;
};

static void put(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct rows *rows = (struct rows *)sink;

    if (!wire_encode(&rows->at, kind, row, number))
        rows->left_out++; /* at the limit, which is the same for both */
}

/* Each window in a copy of its exact size: what was handed over before may not be looked at any more. */
static enum parse_status feed_pieces(struct reading *r, struct bytes whole, struct bytes sizes)
{
    struct capture *c = capture_new(r);
    size_t from = 0, to = 0;

    for (size_t i = 0; i <= sizes.len; i++) {
        const bool last = i == sizes.len;
        const size_t size = last ? whole.len : sizes.at[i] < 128 ? sizes.at[i] : (size_t)(sizes.at[i] - 127) * 64;
        to = size < whole.len - to ? to + size : whole.len;
        struct bytes window = { .at = malloc(to - from), .len = to - from, .origin = from };
        if (window.len)
            memcpy((uint8_t *)window.at, whole.at + from, window.len);
        const size_t taken = capture_feed(c, window, last);
        if (taken > window.len || (last && taken != window.len))
            abort();
        free((uint8_t *)window.at);
        from += taken;
    }
    return capture_end(c);
}

static enum parse_status read_one_way(struct bytes whole, const struct bytes *sizes, struct rows *rows)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = &rows->sink, .arena = arena_new(64u << 20), .options = &no_options };

    *rows = (struct rows){ .sink = { .put = put } };
    buffer_init(&rows->at, ROWS_BYTES_MAX);
    const enum parse_status status = sizes ? feed_pieces(&r, whole, *sizes) : capture_read(&r, whole);
    arena_free(r.arena);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    const struct bytes sizes = cursor_take(&c, cursor_u8(&c));
    struct rows as_whole, in_pieces;

    if (c.failed)
        return 0;
    const struct bytes whole = { .at = c.rest.at, .len = c.rest.len };
    const enum parse_status status = read_one_way(whole, NULL, &as_whole);
    if (read_one_way(whole, &sizes, &in_pieces) != status)
        abort();
    if (as_whole.left_out != in_pieces.left_out || as_whole.at.len != in_pieces.at.len ||
        (as_whole.at.len && memcmp(as_whole.at.at, in_pieces.at.at, as_whole.at.len) != 0))
        abort();
    buffer_done(&as_whole.at);
    buffer_done(&in_pieces.at);
    return 0;
}
