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

static inline struct bytes buffer_view(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

#endif
