#include "media/jpeg.h"

#include <stdlib.h>

#include "media/maker_note.h"
#include "media/exif.h"
#include "media/flir.h"
#include "media/gpmf.h"
#include "media/jpeg_kind.h"
#include "media/jpeg_trailer.h"
#include "media/picture_hash.h"
#include "media/mpf.h"
#include "media/photo.h"
#include "media/photo_xmp.h"
#include "media/photoshop.h"

enum { PIECES_MAX = 4096, MARKERS = 256, XMP_GUID_BYTES = 32 };

/* One kind of unread segment. */
struct unread {
    uint64_t offset, length;
    uint32_t count;
};

struct extension {
    struct bytes guid, part;
    uint32_t total, offset;
};

struct reader {
    struct photo photo;
    struct mpf_picture pictures[MPF_PICTURES_MAX];
    size_t picture_count;
    struct unread unread[MARKERS];  /* by marker */
    struct unread thermal;          /* APP3 without a signature */
    struct extension *extensions;   /* PIECES_MAX, made when first needed */
    size_t extension_count;
    struct piece *flir;
    size_t flir_count;
};

static void add_unread(struct unread *u, struct bytes body)
{
    if (u->count++ == 0)
        u->offset = body.origin;
    u->length += body.len;
}

static void read_exif(struct reader *x, struct bytes body)
{
    struct bytes block = bytes_part(body, 6, UINT64_MAX);

    if (exif_read(&x->photo, block, "APP1 EXIF", NULL) != PARSE_OK)
        reading_damage(x->photo.r, body.origin, (int64_t)body.len, FACT_UNKNOWN_INT,
                       "the EXIF segment has no readable TIFF header");
}

static void read_xmp(struct reader *x, struct bytes body)
{
    const uint8_t *nul = memchr(body.at, 0, body.len);
    const size_t head = nul ? (size_t)(nul - body.at) + 1 : body.len;

    photo_read_xmp(&x->photo, pieces_one(bytes_part(body, head, UINT64_MAX)), "APP1 XMP");
}

/* Adobe XMP part 3, 1.1.3.1: 32 characters of GUID, total length, offset of this part. */
static void keep_extension(struct reader *x, struct bytes body)
{
    static const char signature[] = "http://ns.adobe.com/xmp/extension/";
    struct cursor c = cursor_over(bytes_part(body, sizeof signature, UINT64_MAX));
    struct extension e;

    e.guid = cursor_take(&c, XMP_GUID_BYTES);
    e.total = cursor_u32be(&c);
    e.offset = cursor_u32be(&c);
    e.part = c.rest;
    if (!x->extensions)
        x->extensions = arena_alloc(x->photo.r->arena, PIECES_MAX, sizeof *x->extensions);
    if (c.failed || !x->extensions || x->extension_count == PIECES_MAX) {
        photo_unread(&x->photo, body.origin, body.len, "a part of extended XMP");
        return;
    }
    x->extensions[x->extension_count++] = e;
}

static void keep_flir(struct reader *x, struct bytes body)
{
    enum { FLIR_HEAD = 8 }; /* "FLIR\0", 1, number of the piece, number of the last */
    struct bytes part = bytes_part(body, FLIR_HEAD, UINT64_MAX);

    if (!x->flir)
        x->flir = arena_alloc(x->photo.r->arena, PIECES_MAX, sizeof *x->flir);
    if (body.len < FLIR_HEAD || !x->flir || x->flir_count == PIECES_MAX || body.at[6] != (x->flir_count & 0xff)) {
        photo_unread(&x->photo, body.origin, body.len, "a piece of FLIR data out of order");
        return;
    }
    x->flir[x->flir_count++].source = part;
}

static void read_mpf(struct reader *x, struct bytes body)
{
    mpf_read(&x->photo, bytes_part(body, 4, UINT64_MAX), x->pictures, &x->picture_count);
}

/* The TIFF picture of Parrot's thermal camera. */
static void read_parrot(struct reader *x, struct bytes body)
{
    if (exif_read(&x->photo, bytes_part(body, 7, UINT64_MAX), "APP1 PARROT", NULL) != PARSE_OK)
        photo_unread(&x->photo, body.origin, body.len, "APP1 PARROT");
}

static void keep_app3(struct reader *x, struct bytes body)
{
    add_unread(&x->thermal, body);
}

static void read_app4(struct reader *x, struct bytes body)
{
    if (!dji_thermal_read(&x->photo, body))
        add_unread(&x->unread[JPEG_APP0 + 4], body);
}

static void read_gopro(struct reader *x, struct bytes body)
{
    gpmf_read(&x->photo, bytes_part(body, 6, UINT64_MAX), "APP6 GoPro");
}

static void read_dji_debug(struct reader *x, struct bytes body)
{
    dji_text_read(&x->photo, bytes_part(body, 8, UINT64_MAX), "APP7 DJI-DBG");
}

static void read_photoshop(struct reader *x, struct bytes body)
{
    photoshop_read(&x->photo, bytes_part(body, 14, UINT64_MAX), "APP13 Photoshop");
}

static void read_comment(struct reader *x, struct bytes body)
{
    photo_name(&x->photo, "comment", body, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
               photo_where(&x->photo, body, "COM", NULL, TEXT_UNKNOWN));
}

static void (*const readers[JPEG_KIND_COUNT])(struct reader *x, struct bytes body) = {
    [JPEG_KIND_EXIF] = read_exif, [JPEG_KIND_XMP] = read_xmp, [JPEG_KIND_XMP_EXTENSION] = keep_extension, [JPEG_KIND_FLIR] = keep_flir,
    [JPEG_KIND_PARROT] = read_parrot, [JPEG_KIND_MPF] = read_mpf, [JPEG_KIND_APP3] = keep_app3, [JPEG_KIND_APP4] = read_app4,
    [JPEG_KIND_GOPRO] = read_gopro, [JPEG_KIND_DJI_DEBUG] = read_dji_debug, [JPEG_KIND_PHOTOSHOP] = read_photoshop,
    [JPEG_KIND_COMMENT] = read_comment,
};

static void read_segment(struct reader *x, const struct jpeg_segment *s)
{
    const enum jpeg_kind kind = jpeg_kind_of(s);

    if (readers[kind])
        readers[kind](x, s->body);
    else if (kind == JPEG_KIND_UNKNOWN && s->body.len > 0)
        add_unread(&x->unread[s->marker], s->body);
}

static int compare_extensions(const void *a, const void *b)
{
    const struct extension *p = a, *q = b;
    const int order = memcmp(p->guid.at, q->guid.at, XMP_GUID_BYTES);

    if (order)
        return order;
    return p->offset < q->offset ? -1 : p->offset > q->offset;
}

/* One extended packet: the parts [from, to) of one GUID, in order of their offset. */
static void read_extension(struct reader *x, size_t from, size_t to)
{
    struct piece *items = arena_alloc(x->photo.r->arena, to - from, sizeof *items);
    const uint32_t total = x->extensions[from].total;
    struct pieces packet;
    uint64_t end = 0, missing = 0;
    size_t count = 0;

    for (size_t i = from; items && i < to; i++) {
        const struct extension *e = &x->extensions[i];
        if (e->offset < end && count > 0)
            continue; /* a part given twice */
        missing += e->offset - end;
        items[count++].source = e->part;
        end = (uint64_t)e->offset + e->part.len;
    }
    missing += end < total ? total - end : 0;
    if (missing)
        reading_damage(x->photo.r, x->extensions[from].part.origin, (int64_t)missing, FACT_UNKNOWN_INT,
                       "extended XMP: %llu of %u bytes are missing", (unsigned long long)missing, total);
    if (items && pieces_join(x->photo.r->arena, items, count, &packet))
        photo_read_xmp(&x->photo, packet, "APP1 extended XMP");
}

static void read_joined(struct reader *x)
{
    struct pieces fff;

    if (x->extension_count > 0)
        qsort(x->extensions, x->extension_count, sizeof *x->extensions, compare_extensions);
    for (size_t from = 0, to; from < x->extension_count; from = to) {
        for (to = from + 1; to < x->extension_count; to++)
            if (memcmp(x->extensions[to].guid.at, x->extensions[from].guid.at, XMP_GUID_BYTES) != 0)
                break;
        read_extension(x, from, to);
    }
    if (x->flir_count > 0 && pieces_join(x->photo.r->arena, x->flir, x->flir_count, &fff))
        flir_read(&x->photo, &fff);
}

static void say_unread(struct reader *x)
{
    if (x->thermal.count > 0 && !(text_starts_with(x->photo.make, TEXT("DJI")) &&
                                  jpeg_is_thermal_frame(x->thermal.length)))
        x->unread[JPEG_APP0 + 3] = x->thermal;
    for (size_t marker = 0; marker < MARKERS; marker++) {
        const struct unread *u = &x->unread[marker];
        if (u->count == 0)
            continue;
        if (marker >= JPEG_APP0 && marker <= JPEG_APP15)
            photo_unread(&x->photo, u->offset, u->length, "%u APP%zu segment%s of unknown kind", u->count,
                         marker - JPEG_APP0, u->count > 1 ? "s" : "");
        else
            photo_unread(&x->photo, u->offset, u->length, "%u segment%s with the reserved marker %02zX", u->count,
                         u->count > 1 ? "s" : "", marker);
    }
}

static void say_damage(struct reading *r, const struct jpeg_segment *s)
{
    if (s->skipped.len > 0)
        reading_damage(r, s->skipped.origin, (int64_t)s->skipped.len, FACT_UNKNOWN_INT,
                       "%zu bytes between two segments belong to none", s->skipped.len);
    if (s->length_wrong)
        reading_damage(r, s->body.origin, FACT_UNKNOWN_INT, 1, "segment %02X has an impossible length", s->marker);
    if (s->missing > 0)
        reading_damage(r, s->body.origin, (int64_t)s->missing, FACT_UNKNOWN_INT,
                       "segment %02X is cut off: %llu bytes are missing", s->marker, (unsigned long long)s->missing);
}

bool jpeg_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "\xff\xd8\xff", 3) && whole.len > 3 &&
           (whole.at[3] == 0xff || whole.at[3] == JPEG_COM || (whole.at[3] >= JPEG_SOF0 && whole.at[3] <= JPEG_APP15));
}

static struct text hash_picture(struct reading *r, struct bytes whole)
{
    char hex[PICTURE_HASH_HEX];
    struct picture_hash hash;

    if (!picture_hash_of(whole, &hash))
        return TEXT_UNKNOWN;
    picture_hash_write(hash, hex);
    return arena_text(r->arena, (struct text){ hex, sizeof hex });
}

enum parse_status jpeg_read(struct reading *r, struct bytes whole)
{
    struct reader *x = arena_alloc(r->arena, 1, sizeof *x);
    struct jpeg_segment segment;
    struct jpeg_walk w;

    if (!x || jpeg_walk_init(&w, whole) != PARSE_OK)
        return PARSE_INVALID;
    w.reading = r;
    photo_init(&x->photo, r, "jpeg", whole.len);
    while (jpeg_walk_next(&w, &segment)) {
        say_damage(r, &segment);
        read_segment(x, &segment);
    }
    say_damage(r, &segment);
    read_joined(x);
    if (w.ended)
        jpeg_trailer_read(&x->photo, whole, w.rest, x->pictures, x->picture_count);
    else
        reading_damage(r, whole.origin + whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the picture has no end: the file was cut off");
    say_unread(x);
    if (r->options->picture_hashes)
        x->photo.picture_hash = hash_picture(r, whole);
    photo_put(&x->photo);
    if (r->passed)
        r->passed(r, whole.len);
    return w.ended ? PARSE_OK : PARSE_TRUNCATED;
}
