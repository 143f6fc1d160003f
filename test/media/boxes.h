#ifndef LEASH_TEST_MEDIA_BOXES_H
#define LEASH_TEST_MEDIA_BOXES_H

#include "support/support.h"

#include "base/buffer.h"

/* Makes boxes, and movies of them, well-formed unless a test spoils them afterwards. */

/* Opens a box; box_end sets its size.  Boxes may stand in boxes. */
size_t box_begin(struct buffer *b, const char *type);
void box_end(struct buffer *b, size_t begun);
void box_add(struct buffer *b, const char *type, const void *body, size_t len);
void put_be(struct buffer *b, uint64_t value, size_t width);

/* A track with one chunk for each sample, whose bytes lie in the file already. */
struct track_input {
    uint32_t id;
    const char *handler, *handler_name;
    const char *entry_type;
    const void *entry;              /* behind the eight bytes that every description has */
    size_t entry_len;
    uint32_t timescale, delta;      /* of every sample */
    uint64_t created_s;
    const uint32_t *offsets, *sizes;
    uint32_t samples;
};
void track_add(struct buffer *b, const struct track_input *t);
/* `mvhd`. */
void movie_header_add(struct buffer *b, uint64_t created_s, uint32_t timescale, uint32_t duration);

/* A file of ftyp, mdat and moov, with samples that land in mdat. */
enum { SAMPLES_MAX = 16 };
struct movie_input {
    struct buffer file;
    size_t mdat, moov;
    uint32_t offsets[SAMPLES_MAX], sizes[SAMPLES_MAX], samples;
};
void movie_begin(struct movie_input *m, const char *brand);
void movie_sample_add(struct movie_input *m, const void *data, size_t len);
/* Closes mdat, opens moov with `mvhd`. */
void movie_moov_begin(struct movie_input *m, uint64_t created_s);
/* A track of all samples that were added. */
void movie_track_add(struct movie_input *m, const char *handler, const char *name, const char *entry_type,
                     uint32_t delta);
void movie_end(struct movie_input *m);

/* GPMF: `count` structures of `size` bytes; nested items are added to a buffer first. */
void gpmf_add(struct buffer *b, const char *key, char type, uint8_t size, uint16_t count, const void *data);
void gpmf_nest(struct buffer *b, const char *key, const struct buffer *inside);

/* Protocol buffers. */
void protobuf_varint(struct buffer *b, uint32_t number, uint64_t value);
void protobuf_bytes(struct buffer *b, uint32_t number, const void *data, size_t len);
void protobuf_text(struct buffer *b, uint32_t number, const char *text);
void protobuf_f64(struct buffer *b, uint32_t number, double value);
void protobuf_f32(struct buffer *b, uint32_t number, float value);
/* A message in a message, which is emptied. */
void protobuf_nest(struct buffer *b, uint32_t number, struct buffer *inside);

static inline struct bytes buffer_view(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

#endif
