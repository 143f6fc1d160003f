#include "scrub/plan_jpeg.h"

#include <stdlib.h>

#include "media/flir.h"
#include "media/jpeg_kind.h"
#include "scrub/mark.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_jpeg_trailer.h"
#include "scrub/plan_maker_note.h"
#include "scrub/plan_vendor.h"
#include "scrub/plan_xmp.h"

enum { PIECES_MAX = 4096, DEPTH_MAX = 3, XMP_GUID_BYTES = 32, SEGMENT_HEAD = 4 };

struct part {
    struct bytes guid, bytes;
    uint32_t offset;
};

struct picture {
    struct plan *plan;
    struct part *extensions;   /* of extended XMP */
    struct piece *flir;
    size_t extension_count, flir_count;
    struct bytes mpf, mpf_segment;
    uint64_t app3_bytes;       /* without a signature */
    struct bytes app3_first;
    bool dji, inside;
};

/* The whole segment, marker and length included. */
static struct bytes segment_of(struct bytes body)
{
    return (struct bytes){ .at = body.at - SEGMENT_HEAD, .len = body.len + SEGMENT_HEAD,
                           .origin = body.origin - SEGMENT_HEAD };
}

void plan_drop_segment(struct plan *p, struct bytes segment, enum scrub_kind kind, const char *what)
{
    uint8_t head[12] = { 0xff, 0xe8, 0, 0, 'P', 'A', 'D', 'D', 'I', 'N', 'G', 0 };

    if (segment.len < sizeof head) {
        plan_fill(p, segment, 0xff, kind, what);
        return;
    }
    memcpy(head + 2, segment.at + 2, 2);
    plan_overwrite_and_fill(p, segment, head, sizeof head, 0, kind, what);
}

static void drop_unknown(struct plan *p, struct bytes segment, const char *what)
{
    if (plan_drops(p, SCRUB_UNKNOWN))
        plan_drop_segment(p, segment, SCRUB_UNKNOWN, what);
    else
        plan_left(p, segment, what);
}

static void take_exif(struct picture *x, struct bytes body)
{
    const struct bytes block = bytes_part(body, 6, UINT64_MAX);

    x->dji |= block.len > 3 && memmem(block.at, block.len < 512 ? block.len : 512, "DJI", 3) != NULL;
    if (plan_exif(x->plan, block, "EXIF") == PARSE_OK)
        return;
    reading_damage(x->plan->r, body.origin, (int64_t)body.len, FACT_UNKNOWN_INT,
                   "the EXIF segment has no readable TIFF header");
    plan_drop_segment(x->plan, segment_of(body), SCRUB_POSITION, "unreadable EXIF segment");
}

static void take_xmp(struct picture *x, struct bytes body)
{
    const uint8_t *nul = memchr(body.at, 0, body.len);

    plan_xmp(x->plan, pieces_one(bytes_part(body, nul ? (uint64_t)(nul - body.at) + 1 : body.len, UINT64_MAX)), "XMP");
}

/* Adobe XMP part 3, 1.1.3.1. */
static void keep_extension(struct picture *x, struct bytes body)
{
    static const char signature[] = "http://ns.adobe.com/xmp/extension/";
    struct cursor c = cursor_over(bytes_part(body, sizeof signature, UINT64_MAX));
    struct part e;

    e.guid = cursor_take(&c, XMP_GUID_BYTES);
    cursor_skip(&c, 4);
    e.offset = cursor_u32be(&c);
    e.bytes = c.rest;
    if (!x->extensions)
        x->extensions = arena_alloc(x->plan->r->arena, PIECES_MAX, sizeof *x->extensions);
    if (c.failed || !x->extensions || x->extension_count == PIECES_MAX)
        drop_unknown(x->plan, segment_of(body), "a part of extended XMP");
    else
        x->extensions[x->extension_count++] = e;
}

static void keep_flir(struct picture *x, struct bytes body)
{
    enum { FLIR_HEAD = 8 };

    if (!x->flir)
        x->flir = arena_alloc(x->plan->r->arena, PIECES_MAX, sizeof *x->flir);
    if (body.len < FLIR_HEAD || !x->flir || x->flir_count == PIECES_MAX || body.at[6] != (x->flir_count & 0xff))
        drop_unknown(x->plan, segment_of(body), "a piece of FLIR data out of order");
    else
        x->flir[x->flir_count++].source = bytes_part(body, FLIR_HEAD, UINT64_MAX);
}

static void take_parrot(struct picture *x, struct bytes body)
{
    if (plan_exif(x->plan, bytes_part(body, 7, UINT64_MAX), "PARROT") != PARSE_OK)
        drop_unknown(x->plan, segment_of(body), "APP1 PARROT");
}

static void keep_mpf(struct picture *x, struct bytes body)
{
    x->mpf = bytes_part(body, 4, UINT64_MAX);
    x->mpf_segment = segment_of(body);
}

static void keep_app3(struct picture *x, struct bytes body)
{
    if (x->app3_bytes == 0)
        x->app3_first = body;
    x->app3_bytes += body.len;
}

static void take_app4(struct picture *x, struct bytes body)
{
    if (!plan_dji_thermal(x->plan, body))
        drop_unknown(x->plan, segment_of(body), "APP4 segment of unknown kind");
}

static void take_gopro(struct picture *x, struct bytes body)
{
    plan_gpmf(x->plan, bytes_part(body, 6, UINT64_MAX), "APP6 GoPro");
}

static void take_dji_debug(struct picture *x, struct bytes body)
{
    plan_dji_text(x->plan, bytes_part(body, 8, UINT64_MAX), "APP7 DJI-DBG");
}

/* Captions, keywords, cities and digests of them: nothing that shows the picture needs it. */
static void take_photoshop(struct picture *x, struct bytes body)
{
    plan_drop_segment(x->plan, segment_of(body), SCRUB_NAME, "APP13 Photoshop");
    if (!plan_drops(x->plan, SCRUB_NAME))
        plan_drop_segment(x->plan, segment_of(body), SCRUB_POSITION, "APP13 Photoshop");
}

static void take_comment(struct picture *x, struct bytes body)
{
    plan_drop_segment(x->plan, segment_of(body), SCRUB_NAME, "comment");
}

/* Nothing reads it, so anything may stand there. */
static void take_padding(struct picture *x, struct bytes body)
{
    enum { SIGNATURE = 8 };

    plan_fill(x->plan, bytes_part(body, SIGNATURE, UINT64_MAX), 0, SCRUB_SERIAL, "filler");
}

/* Behind its signature: a colour profile says who made it, which may be what another file has for a comment. */
static void take_plain(struct picture *x, struct bytes body)
{
    const uint8_t *nul = body.len ? memchr(body.at, 0, body.len) : NULL;

    if (nul)
        plan_known_values(x->plan, bytes_part(body, (uint64_t)(nul - body.at) + 1, UINT64_MAX), 0,
                          "segment that names nobody");
}

static void (*const planners[JPEG_KIND_COUNT])(struct picture *x, struct bytes body) = {
    [JPEG_KIND_EXIF] = take_exif, [JPEG_KIND_XMP] = take_xmp, [JPEG_KIND_XMP_EXTENSION] = keep_extension, [JPEG_KIND_FLIR] = keep_flir,
    [JPEG_KIND_PARROT] = take_parrot, [JPEG_KIND_MPF] = keep_mpf, [JPEG_KIND_APP3] = keep_app3, [JPEG_KIND_APP4] = take_app4,
    [JPEG_KIND_GOPRO] = take_gopro, [JPEG_KIND_DJI_DEBUG] = take_dji_debug, [JPEG_KIND_PHOTOSHOP] = take_photoshop,
    [JPEG_KIND_COMMENT] = take_comment, [JPEG_KIND_PADDING] = take_padding,
};

static void take_segment(struct picture *x, const struct jpeg_segment *s)
{
    const enum jpeg_kind kind = jpeg_kind_of(s);

    if (planners[kind])
        planners[kind](x, s->body);
    else if (kind == JPEG_KIND_PLAIN && s->marker >= JPEG_APP0 && s->marker <= JPEG_APP15)
        take_plain(x, s->body);
    else if (kind == JPEG_KIND_UNKNOWN && s->marker >= JPEG_SOF0 && s->marker <= JPEG_EXP && s->marker != JPEG_JPG)
        plan_left(x->plan, s->body, "table of the picture that is not as long as it may be"); /* without it, there would be no picture */
    else if (kind == JPEG_KIND_UNKNOWN && s->body.len > 0)
        drop_unknown(x->plan, segment_of(s->body), s->marker >= JPEG_APP0 && s->marker <= JPEG_APP15 ?
                           "APP segment of unknown kind" : "segment with a reserved marker");
}

static void say_damage(struct picture *x, const struct jpeg_segment *s)
{
    struct reading *r = x->plan->r;

    if (s->skipped.len > 0) {
        reading_damage(r, s->skipped.origin, (int64_t)s->skipped.len, FACT_UNKNOWN_INT,
                       "%zu bytes between two segments belong to none",
                       s->skipped.len);
        (void)plan_unknown(x->plan, s->skipped, 0xff, "bytes between two segments");
    }
    if (s->length_wrong)
        reading_damage(r, s->body.origin, FACT_UNKNOWN_INT, 1, "segment %02X has an impossible length", s->marker);
    if (s->missing > 0)
        reading_damage(r, s->body.origin, (int64_t)s->missing, FACT_UNKNOWN_INT, "segment %02X is cut off", s->marker);
}

static int compare_parts(const void *a, const void *b)
{
    const struct part *p = a, *q = b;
    const int order = memcmp(p->guid.at, q->guid.at, XMP_GUID_BYTES);

    return order ? order : p->offset < q->offset ? -1 : p->offset > q->offset;
}

static void take_extensions(struct picture *x)
{
    struct piece *items = x->extension_count ? arena_alloc(x->plan->r->arena, x->extension_count, sizeof *items) : NULL;
    struct pieces packet;

    if (!items)
        return;
    qsort(x->extensions, x->extension_count, sizeof *x->extensions, compare_parts);
    for (size_t from = 0, to; from < x->extension_count; from = to) {
        uint64_t end = 0;
        size_t count = 0;
        for (to = from; to < x->extension_count &&
             memcmp(x->extensions[to].guid.at, x->extensions[from].guid.at, XMP_GUID_BYTES) == 0; to++) {
            const struct part *e = &x->extensions[to];
            if (count > 0 && e->offset < end) /* given twice: once is read, so the other goes */
                plan_fill(x->plan, e->bytes, ' ', SCRUB_POSITION, "a part of extended XMP given twice");
            else
                items[count++].source = e->bytes;
            end = (uint64_t)e->offset + e->bytes.len;
        }
        if (pieces_join(x->plan->r->arena, items, count, &packet))
            plan_xmp(x->plan, packet, "extended XMP");
        else
            reading_damage(x->plan->r, x->extensions[from].bytes.origin, FACT_UNKNOWN_INT, 1,
                           "extended XMP is too large");
    }
}

static void plan_picture(struct picture *x, struct bytes whole, struct bytes *ret_trailer, bool *ret_ended)
{
    struct jpeg_segment segment;
    struct pieces fff;
    struct jpeg_walk w;

    *ret_ended = false;
    if (jpeg_walk_init(&w, whole) != PARSE_OK)
        return;
    while (jpeg_walk_next(&w, &segment)) {
        say_damage(x, &segment);
        take_segment(x, &segment);
    }
    say_damage(x, &segment);
    take_extensions(x);
    if (x->flir_count > 0 && pieces_join(x->plan->r->arena, x->flir, x->flir_count, &fff))
        plan_flir(x->plan, &fff);
    if (x->app3_bytes > 0 && !(x->dji && jpeg_is_thermal_frame(x->app3_bytes)))
        plan_left(x->plan, x->app3_first, "APP3 segments of unknown kind");
    *ret_trailer = w.rest;
    *ret_ended = w.ended;
}

void plan_jpeg_inside(struct plan *p, struct bytes picture, const char *what)
{
    struct picture *x = arena_alloc(p->r->arena, 1, sizeof *x);
    struct bytes trailer;
    bool ended;

    if (p->depth >= DEPTH_MAX || !x) {
        plan_left(p, picture, what);
        return;
    }
    p->depth++;
    *x = (struct picture){ .plan = p, .inside = true };
    plan_picture(x, picture, &trailer, &ended);
    p->depth--;
    if (!ended)
        reading_damage(p->r, picture.origin, FACT_UNKNOWN_INT, 1, "a picture inside (%s) has no end", what);
    else
        for (size_t i = 0; i < trailer.len; i++)
            if (trailer.at[i] != trailer.at[0]) {
                (void)plan_unknown(p, trailer, 0, "bytes behind a picture inside");
                break;
            }
}

enum parse_status plan_jpeg(struct reading *r, struct bytes whole)
{
    static const char mark[] = "\xff\xfe\0\x28" SCRUB_MARK;
    _Static_assert(sizeof mark - 1 == 2 + 0x28, "the length of the comment counts itself");
    struct plan p = plan_begin(r);
    struct picture *x = arena_alloc(r->arena, 1, sizeof *x);
    struct bytes trailer;
    bool ended;

    if (!x || !bytes_start_with(whole, "\xff\xd8", 2))
        return PARSE_INVALID;
    *x = (struct picture){ .plan = &p };
    if (plan_marks(&p))
        plan_mark(&p, bytes_part(whole, 2, 0), mark, sizeof mark - 1);
    plan_picture(x, whole, &trailer, &ended);
    if (!ended) {
        reading_damage(r, whole.origin + whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the picture has no end: the file was cut off");
        return PARSE_TRUNCATED;
    }
    plan_jpeg_trailer(&p, whole, trailer, x->mpf, x->mpf_segment);
    return PARSE_OK;
}
