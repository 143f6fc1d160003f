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

void movie_begin(struct movie_input *m, const char *brand)
{
    memset(m, 0, sizeof *m);
    buffer_init(&m->file, 1 << 20);
    const size_t ftyp = box_begin(&m->file, "ftyp");
    assert_true(buffer_add(&m->file, brand, 4));
    put_be(&m->file, 0, 4);
    assert_true(buffer_add(&m->file, brand, 4));
    box_end(&m->file, ftyp);
    m->mdat = box_begin(&m->file, "mdat");
}

void movie_sample_add(struct movie_input *m, const void *data, size_t len)
{
    assert_true(m->samples < SAMPLES_MAX);
    m->offsets[m->samples] = (uint32_t)m->file.len;
    m->sizes[m->samples++] = (uint32_t)len;
    assert_true(buffer_add(&m->file, data, len));
}

void movie_moov_begin(struct movie_input *m, uint64_t created_s)
{
    box_end(&m->file, m->mdat);
    m->moov = box_begin(&m->file, "moov");
    movie_header_add(&m->file, created_s, 1000, 1000 * m->samples);
}

void movie_track_add(struct movie_input *m, const char *handler, const char *name, const char *entry_type,
                     uint32_t delta)
{
    const struct track_input t = { .id = 1, .handler = handler, .handler_name = name, .entry_type = entry_type,
                                   .timescale = 1000, .delta = delta, .offsets = m->offsets, .sizes = m->sizes,
                                   .samples = m->samples };

    track_add(&m->file, &t);
}

void movie_end(struct movie_input *m)
{
    box_end(&m->file, m->moov);
}

void gpmf_add(struct buffer *b, const char *key, char type, uint8_t size, uint16_t count, const void *data)
{
    const size_t len = (size_t)size * count;

    assert_true(buffer_add(b, key, 4));
    put_be(b, (uint8_t)type, 1);
    put_be(b, size, 1);
    put_be(b, count, 2);
    assert_true(buffer_add(b, data, len));
    put_be(b, 0, (4 - len % 4) % 4);
}

void gpmf_nest(struct buffer *b, const char *key, const struct buffer *inside)
{
    gpmf_add(b, key, 0, 4, (uint16_t)(inside->len / 4), inside->at);
}

static void varint(struct buffer *b, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        put_be(b, (value & 0x7f) | 0x80, 1);
    put_be(b, value, 1);
}

void protobuf_varint(struct buffer *b, uint32_t number, uint64_t value)
{
    varint(b, (uint64_t)number << 3);
    varint(b, value);
}

void protobuf_bytes(struct buffer *b, uint32_t number, const void *data, size_t len)
{
    varint(b, (uint64_t)number << 3 | 2);
    varint(b, len);
    assert_true(buffer_add(b, data, len));
}

void protobuf_text(struct buffer *b, uint32_t number, const char *text)
{
    protobuf_bytes(b, number, text, strlen(text));
}

static void little_endian(struct buffer *b, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        put_be(b, bits >> 8 * i & 0xff, 1);
}

void protobuf_f64(struct buffer *b, uint32_t number, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    varint(b, (uint64_t)number << 3 | 1);
    little_endian(b, bits, 8);
}

void protobuf_f32(struct buffer *b, uint32_t number, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    varint(b, (uint64_t)number << 3 | 5);
    little_endian(b, bits, 4);
}

void protobuf_nest(struct buffer *b, uint32_t number, struct buffer *inside)
{
    protobuf_bytes(b, number, inside->at, inside->len);
    buffer_clear(inside);
}
