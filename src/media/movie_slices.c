#include "media/movie_slices.h"

/* The record of the decoder says how long lengths are, in the two lowest bits of a byte: avcC its fifth, hvcC its
 * 22nd. */
static bool length_bytes_of(struct movie_slices *s)
{
    enum { FIELDS_BYTES = 78 }; /* of a visual sample entry, before its boxes */
    static const struct {
        uint32_t entry, record;
        uint8_t at;
    } kinds[] = {
        { BOX_TYPE('a', 'v', 'c', '1'), BOX_TYPE('a', 'v', 'c', 'C'), 4 },
        { BOX_TYPE('a', 'v', 'c', '3'), BOX_TYPE('a', 'v', 'c', 'C'), 4 },
        { BOX_TYPE('h', 'v', 'c', '1'), BOX_TYPE('h', 'v', 'c', 'C'), 21 },
        { BOX_TYPE('h', 'e', 'v', '1'), BOX_TYPE('h', 'v', 'c', 'C'), 21 },
    };
    struct box record;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].entry != s->track.entry_type)
            continue;
        if (!box_find(bytes_part(s->track.entry, FIELDS_BYTES, UINT64_MAX), kinds[i].record, &record) ||
            record.body.len <= kinds[i].at)
            return false;
        s->length_bytes = (uint8_t)((record.body.at[kinds[i].at] & 3) + 1);
        s->hevc = kinds[i].record == BOX_TYPE('h', 'v', 'c', 'C');
        return true;
    }
    return false;
}

bool movie_slices_begin(struct movie_slices *s, struct bytes file)
{
    struct box_walk w;
    struct box moov, box;

    *s = (struct movie_slices){ 0 };
    if (!box_find(file, BOX_TYPE('m', 'o', 'o', 'v'), &moov))
        return false;
    for (box_walk_init(&w, moov.body); box_walk_next(&w, &box); )
        if (box.type == BOX_TYPE('t', 'r', 'a', 'k') && movie_track_open(box.body, NULL, &s->track) == PARSE_OK &&
            s->track.handler == BOX_TYPE('v', 'i', 'd', 'e') && s->track.entry_count == 1 && length_bytes_of(s)) {
            movie_samples_init(&s->samples, &s->track, file);
            return true;
        }
    return false;
}

/* The next unit of rest[0]; empty: what is there is none. */
static struct bytes next_unit(const struct movie_slices *s, struct bytes *rest)
{
    struct cursor c = cursor_over(*rest);
    uint32_t length = 0;

    for (unsigned i = 0; i < s->length_bytes; i++)
        length = length << 8 | cursor_u8(&c);
    const struct bytes unit = cursor_take(&c, length);
    *rest = c.rest;
    return c.failed ? bytes_part(c.rest, 0, 0) : unit;
}

static bool is_made_of_units(const struct movie_slices *s, struct bytes sample)
{
    while (sample.len > 0)
        if (next_unit(s, &sample).len == 0)
            return false;
    return true;
}

static bool is_slice(const struct movie_slices *s, struct bytes unit)
{
    enum { AVC_LAST = 5, HEVC_LAST = 9, HEVC_KEY_FIRST = 16, HEVC_KEY_LAST = 21 };
    const unsigned avc = unit.at[0] & 31, hevc = unit.at[0] >> 1 & 63;

    if (unit.at[0] >> 7)
        return false;
    return s->hevc ? hevc <= HEVC_LAST || (hevc >= HEVC_KEY_FIRST && hevc <= HEVC_KEY_LAST)
                   : avc >= 1 && avc <= AVC_LAST;
}

static bool next_sample(struct movie_slices *s, uint64_t at)
{
    struct movie_sample sample;

    while (movie_samples_next(&s->samples, &sample)) {
        if (sample.offset < s->behind)
            return false;
        if (sample.data.len < sample.size || sample.offset + sample.size <= at || !is_made_of_units(s, sample.data))
            continue;
        s->rest = sample.data;
        return true;
    }
    return false;
}

bool movie_slices_next(struct movie_slices *s, uint64_t at, uint64_t bytes_min, struct bytes *ret)
{
    do
        while (s->rest.len > 0) {
            const struct bytes unit = next_unit(s, &s->rest);
            if (unit.len < bytes_min || unit.origin + unit.len <= at || !is_slice(s, unit))
                continue;
            s->behind = unit.origin + unit.len;
            *ret = unit;
            return true;
        }
    while (next_sample(s, at));
    return false;
}
