#include "scrub/plan_jpeg_trailer.h"

#include "media/jpeg_walk.h"
#include "scrub/plan_jpeg.h"

enum { MEMBERS_MAX = 32 };

/* A picture that says how the first one is to be brightened: ISO 21496-1, or Adobe's and Google's gain map in XMP. */
static bool is_gain_map(struct bytes picture)
{
    enum { LOOK_BYTES = 128 * 1024 };
    const struct bytes head = bytes_part(picture, 0, LOOK_BYTES);

    return head.len && (memmem(head.at, head.len, "urn:iso:std:iso:ts:21496:-1", 27) ||
                        memmem(head.at, head.len, "hdr-gain-map/1.0/", 17));
}

static bool holds_gain_map(struct bytes trailer)
{
    struct bytes rest = trailer;

    for (unsigned i = 0; i < MEMBERS_MAX && rest.len; i++) {
        const uint8_t *at = memmem(rest.at, rest.len, "\xff\xd8\xff", 3);
        if (!at)
            return false;
        rest = bytes_part(rest, (uint64_t)(at - rest.at), UINT64_MAX);
        const uint64_t length = jpeg_length(rest, NULL);
        if (is_gain_map(bytes_part(rest, 0, length ? length : rest.len)))
            return true;
        rest = bytes_part(rest, length ? length : 3, UINT64_MAX);
    }
    return false;
}

static bool is_filler(struct bytes b)
{
    return b.len == 0 || memcmp(b.at, b.at + 1, b.len - 1) == 0;
}

/* Everything stays where it is: pictures are scrubbed, the rest is unknown. */
static void keep(struct plan *p, struct bytes rest)
{
    for (unsigned i = 0; i < MEMBERS_MAX && rest.len; i++) {
        const uint8_t *at = memmem(rest.at, rest.len, "\xff\xd8\xff", 3);
        const struct bytes before = bytes_part(rest, 0, at ? (uint64_t)(at - rest.at) : rest.len);
        if (!is_filler(before))
            (void)plan_unknown(p, before, 0, "data behind the picture");
        rest = bytes_part(rest, before.len, UINT64_MAX);
        if (!at)
            return;
        const uint64_t length = jpeg_length(rest, NULL);
        const struct bytes picture = bytes_part(rest, 0, length ? length : rest.len);
        plan_jpeg_inside(p, picture, "second picture");
        rest = bytes_part(rest, picture.len, UINT64_MAX);
    }
    if (!is_filler(rest))
        (void)plan_unknown(p, rest, 0, "data behind the picture");
}

void plan_jpeg_trailer(struct plan *p, struct bytes whole, struct bytes trailer, struct bytes mpf,
                       struct bytes mpf_segment)
{
    if (!plan_drops(p, SCRUB_PREVIEW) || holds_gain_map(trailer)) {
        keep(p, trailer);
        return;
    }
    if (mpf.len)
        plan_drop_segment(p, mpf_segment, SCRUB_PREVIEW, "index of further pictures (MPF)");
    plan_remove(p, trailer, SCRUB_PREVIEW, "all behind the first picture");
}
