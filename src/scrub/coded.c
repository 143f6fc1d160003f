#include "scrub/coded.h"

#include "media/movie.h"

static bool next_scan(struct coded *c, uint64_t at, uint64_t *ret_from, uint64_t *ret_until)
{
    enum { SCAN_MIN = 512 * 1024, END_BYTES = 64 * 1024 };

    for (bool any = true; any; ) {
        const bool is_scan = c->segment.marker == JPEG_SOS;
        const uint64_t from = c->walk.rest.origin - c->whole.origin;
        any = jpeg_walk_next(&c->walk, &c->segment);
        const uint64_t until = c->segment.body.origin - c->whole.origin; /* of what is behind the next marker */
        if (!any || !is_scan || until - from < SCAN_MIN || until - END_BYTES <= at)
            continue;
        *ret_from = from;
        *ret_until = until - END_BYTES;
        return true;
    }
    return false;
}

static bool next_slice(struct coded *c, uint64_t at, uint64_t *ret_from, uint64_t *ret_until)
{
    enum { SLICE_MIN = 16 * 1024, END_BYTES = 4 * 1024 };
    struct bytes slice;

    if (!movie_slices_next(&c->slices, at + END_BYTES, SLICE_MIN, &slice))
        return false;
    *ret_from = slice.origin - c->whole.origin;
    *ret_until = *ret_from + slice.len - END_BYTES;
    return true;
}

static bool next(void *user, uint64_t at, uint64_t *ret_from, uint64_t *ret_until)
{
    struct coded *c = user;

    return c->next && c->next(c, at, ret_from, ret_until);
}

struct residue_coded coded_begin(struct coded *c, struct bytes whole)
{
    *c = (struct coded){ .whole = whole };
    if (jpeg_walk_init(&c->walk, whole) == PARSE_OK && jpeg_walk_next(&c->walk, &c->segment))
        c->next = next_scan;
    else if (movie_recognise(whole) && movie_slices_begin(&c->slices, whole))
        c->next = next_slice;
    return (struct residue_coded){ .next = next, .user = c };
}
