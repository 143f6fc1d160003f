#include "media/heif.h"

#include "media/exif.h"
#include "media/heif_items.h"
#include "media/movie_meta.h"
#include "media/photo_packed.h"
#include "media/photo_xmp.h"

enum { JOINED_MAX = 16 << 20 };

/* The bytes of an item: a view when it lies in one piece, else a copy with the way back. */
static bool item_bytes(struct movie *m, const struct heif_item *item, struct pieces *ret)
{
    struct arena *a = m->photo.r->arena;
    uint64_t missing = 0, total = 0;

    for (uint32_t i = 0; i < item->extent_count; i++) {
        missing += item->extents[i].missing;
        total += item->extents[i].data.len;
    }
    if (missing > 0)
        reading_damage(m->photo.r, item->extents[0].data.origin, (int64_t)(missing & INT64_MAX), 1,
                       "%llu bytes of item %u lie outside the file", (unsigned long long)missing, item->id);
    if (item->extent_count == 1)
        *ret = pieces_one(item->extents[0].data);
    if (item->extent_count <= 1)
        return item->extent_count == 1;
    struct piece *pieces = total <= JOINED_MAX ? arena_alloc(a, item->extent_count, sizeof *pieces) : NULL;
    for (uint32_t i = 0; pieces && i < item->extent_count; i++)
        pieces[i].source = item->extents[i].data;
    return pieces && pieces_join(a, pieces, item->extent_count, ret);
}

/* A length in front says where the TIFF block begins (ISO/IEC 23008-12, A.2.1). */
static bool read_exif(struct movie *m, struct pieces item)
{
    struct cursor c = cursor_over(item.text);
    const uint32_t skip = cursor_u32be(&c);
    const struct bytes block = bytes_part(c.rest, skip, UINT64_MAX);
    struct photo_packed packed;

    if (c.failed)
        return false;
    if (item.items)
        photo_packed_begin(&packed, &m->photo, item.items[0].source);
    const enum parse_status status = exif_read(&m->photo, block, "HEIF EXIF", NULL);
    if (item.items)
        photo_packed_end(&packed);
    return status == PARSE_OK;
}

/* Coded pictures and how they are put together (HEIF; AVIF; tiles, overlays, gain maps). */
static bool is_picture(uint32_t type)
{
    static const char types[][5] = { "hvc1", "hvc2", "hvt1", "lhv1", "av01", "avc1", "vvc1", "j2k1", "evc1", "unci",
                                     "mski",
                                     "grid", "iden", "iovl", "tmap" };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (BOX_TYPE(types[i][0], types[i][1], types[i][2], types[i][3]) == type)
            return true;
    return false;
}

static bool read_item(struct movie *m, const struct heif_item *item, struct pieces bytes)
{
    switch (item->type) {
    case BOX_TYPE('E', 'x', 'i', 'f'):
        return read_exif(m, bytes);
    case BOX_TYPE('m', 'i', 'm', 'e'):
        if (!bytes_equal(item->content_type, "application/rdf+xml", 19))
            return movie_picture(m, bytes.text, "item");
        photo_read_xmp(&m->photo, bytes, "HEIF XMP");
        return true;
    case BOX_TYPE('j', 'p', 'e', 'g'):
        return movie_picture(m, bytes.text, item->thumbnail_of ? "thumbnail" : "picture");
    default:
        return false;
    }
}

void heif_read(struct movie *m, struct bytes meta)
{
    struct reading *r = m->photo.r;
    struct heif_items h;
    char name[BOX_NAME_BYTES];

    if (!heif_items_read(r->arena, meta, m->file, &h)) {
        reading_damage(r, meta.origin, (int64_t)meta.len, FACT_UNKNOWN_INT, "the meta box lists no items");
        return;
    }
    uint64_t budget = 2 * (uint64_t)m->file.len;
    for (uint32_t i = 0; i < h.count; i++) {
        const struct heif_item *item = &h.items[i];
        struct pieces bytes = { 0 };
        if (is_picture(item->type) || (item->type == 0 && item->extent_count == 0))
            continue;
        const bool there = !item->encrypted && !item->elsewhere && item_bytes(m, item, &bytes) &&
            bytes.text.len <= budget;
        budget -= there ? bytes.text.len : 0;
        if (!there || !read_item(m, item, bytes))
            photo_unread(&m->photo, item->extent_count ? item->extents[0].data.origin : meta.origin, bytes.text.len,
                         "item %u of type %s%s", item->id, box_name(item->type, name), item->encrypted ? ", which is encrypted" : "");
    }
    if (h.lost > 0)
        reading_damage(r, h.lost_at, FACT_UNKNOWN_INT, h.lost, "%u items or places of items could not be read", h.lost);
}
