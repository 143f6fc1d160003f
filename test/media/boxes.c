#include "media/boxes.h"

#include <string.h>

void put_be(struct buffer *b, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        assert_true(buffer_add_u8(b, (uint8_t)(value >> 8 * (width - 1 - i))));
}

size_t box_begin(struct buffer *b, const char *type)
{
    const size_t at = b->len;

    put_be(b, 0, 4);
    assert_true(buffer_add(b, type, 4));
    return at;
}

void box_end(struct buffer *b, size_t begun)
{
    const size_t size = b->len - begun;

    for (size_t i = 0; i < 4; i++)
        b->at[begun + i] = (uint8_t)(size >> 8 * (3 - i));
}

void box_add(struct buffer *b, const char *type, const void *body, size_t len)
{
    const size_t at = box_begin(b, type);

    assert_true(buffer_add(b, body, len));
    box_end(b, at);
}

void movie_header_add(struct buffer *b, uint64_t created_s, uint32_t timescale, uint32_t duration)
{
    static const uint8_t rest[80];
    const size_t at = box_begin(b, "mvhd");

    put_be(b, 0, 4);
    put_be(b, created_s, 4);
    put_be(b, created_s, 4);
    put_be(b, timescale, 4);
    put_be(b, duration, 4);
    assert_true(buffer_add(b, rest, sizeof rest));
    box_end(b, at);
}

static void add_tables(struct buffer *b, const struct track_input *t)
{
    const size_t stbl = box_begin(b, "stbl");
    size_t at = box_begin(b, "stsd");

    put_be(b, 0, 4);
    put_be(b, 1, 4);
    const size_t entry = box_begin(b, t->entry_type);
    put_be(b, 1, 8); /* reserved, data reference 1 */
    assert_true(buffer_add(b, t->entry, t->entry_len));
    box_end(b, entry);
    box_end(b, at);

    at = box_begin(b, "stts");
    put_be(b, 0, 4);
    put_be(b, 1, 4);
    put_be(b, t->samples, 4);
    put_be(b, t->delta, 4);
    box_end(b, at);
    at = box_begin(b, "stsc");
    put_be(b, 0, 4);
    put_be(b, 1, 4);
    put_be(b, 1, 4);
    put_be(b, 1, 4);
    put_be(b, 1, 4);
    box_end(b, at);
    at = box_begin(b, "stsz");
    put_be(b, 0, 8);
    put_be(b, t->samples, 4);
    for (uint32_t i = 0; i < t->samples; i++)
        put_be(b, t->sizes[i], 4);
    box_end(b, at);
    at = box_begin(b, "stco");
    put_be(b, 0, 4);
    put_be(b, t->samples, 4);
    for (uint32_t i = 0; i < t->samples; i++)
        put_be(b, t->offsets[i], 4);
    box_end(b, at);
    box_end(b, stbl);
}

static void add_media(struct buffer *b, const struct track_input *t)
{
    const size_t mdia = box_begin(b, "mdia");
    size_t at = box_begin(b, "mdhd");

    put_be(b, 0, 4);
    put_be(b, t->created_s, 4);
    put_be(b, t->created_s, 4);
    put_be(b, t->timescale, 4);
    put_be(b, (uint64_t)t->delta * t->samples, 4);
    put_be(b, 0x55c40000, 4);
    box_end(b, at);
    at = box_begin(b, "hdlr");
    put_be(b, 0, 8);
    assert_true(buffer_add(b, t->handler, 4));
    put_be(b, 0, 8);
    put_be(b, 0, 4);
    assert_true(buffer_add(b, t->handler_name, strlen(t->handler_name) + 1));
    box_end(b, at);
    at = box_begin(b, "minf");
    add_tables(b, t);
    box_end(b, at);
    box_end(b, mdia);
}

void track_add(struct buffer *b, const struct track_input *t)
{
    static const uint8_t rest[68];
    const size_t trak = box_begin(b, "trak"), tkhd = box_begin(b, "tkhd");

    put_be(b, 7, 4);
    put_be(b, t->created_s, 4);
    put_be(b, t->created_s, 4);
    put_be(b, t->id, 4);
    assert_true(buffer_add(b, rest, sizeof rest));
    box_end(b, tkhd);
    add_media(b, t);
    box_end(b, trak);
}
