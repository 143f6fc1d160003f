#include "scrub/plan_heif.h"

#include "media/heif_items.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_jpeg.h"
#include "scrub/plan_movie.h"
#include "scrub/plan_xmp.h"

/* ISO/IEC 23008-12, A.2.1: the offset of the TIFF header behind these four bytes. */
static bool plan_exif_item(struct plan *p, struct bytes data)
{
    struct cursor c = cursor_over(data);
    const uint32_t offset = cursor_u32be(&c);

    return !c.failed && plan_exif(p, bytes_part(c.rest, offset, UINT64_MAX), "EXIF") == PARSE_OK;
}

/* The extents as one packet. */
static bool plan_xmp_item(struct plan *p, const struct heif_item *item)
{
    struct piece *pieces = arena_alloc(p->r->arena, item->extent_count, sizeof *pieces);
    struct pieces packet;

    for (uint32_t i = 0; pieces && i < item->extent_count; i++)
        pieces[i].source = item->extents[i].data;
    if (!pieces || !pieces_join(p->r->arena, pieces, item->extent_count, &packet))
        return false;
    plan_xmp(p, packet, "XMP");
    return true;
}

static bool is_coded_picture(uint32_t type)
{
    static const char types[] = "hvc1 hev1 av01 avc1 grid iovl iden jpeg j2k1 tmap unci lhv1 vvc1 mski";
    const char name[5] = { (char)(type >> 24), (char)(type >> 16), (char)(type >> 8), (char)type, 0 };

    return strlen(name) == 4 && strstr(types, name) != NULL;
}

static void plan_item(struct plan *p, const struct heif_item *item)
{
    bool understood = false;

    if (item->type == BOX_TYPE('E', 'x', 'i', 'f') && item->extent_count == 1)
        understood = plan_exif_item(p, item->extents[0].data);
    else if (item->type == BOX_TYPE('m', 'i', 'm', 'e') && bytes_equal(item->content_type, "application/rdf+xml", 19) &&
             item->extent_count > 0)
        understood = plan_xmp_item(p, item);
    else if (item->type == BOX_TYPE('j', 'p', 'e', 'g') && item->extent_count == 1) {
        plan_jpeg_inside(p, item->extents[0].data, "picture in the file");
        understood = true;
    } else {
        understood = is_coded_picture(item->type);
    }
    for (uint32_t i = 0; i < item->extent_count; i++) {
        if (item->extents[i].missing > 0)
            reading_damage(p->r, item->extents[i].data.origin, FACT_UNKNOWN_INT, 1,
                           "an item of the file lies outside it");
        if (!understood)
            (void)plan_unknown(p, item->extents[i].data, 0, "item of unknown kind");
    }
}

/* Colour profiles say who made them, which may be what another file has for a comment (ISO/IEC 14496-12, 12.1.5; ISO/IEC
 * 23008-12, 9.3). */
static void take_profiles(struct plan *p, struct bytes iprp)
{
    struct box_walk containers, w;
    struct box container, box;

    for (box_walk_init(&containers, iprp); box_walk_next(&containers, &container); ) {
        if (container.type != BOX_TYPE('i', 'p', 'c', 'o'))
            continue;
        for (box_walk_init(&w, container.body); box_walk_next(&w, &box); )
            if (box.type == BOX_TYPE('c', 'o', 'l', 'r'))
                plan_known_values(p, bytes_part(box.body, 4, UINT64_MAX), 0, "colour profile");
    }
}

void plan_heif_items(struct plan *p, struct bytes file, struct bytes meta_body)
{
    struct heif_items items;
    struct box_walk w;
    struct box box;

    if (!heif_items_read(p->r->arena, meta_body, file, &items)) {
        plan_left(p, meta_body, "items of the file");
        return;
    }
    if (items.lost > 0)
        reading_damage(p->r, items.lost_at, FACT_UNKNOWN_INT, items.lost, "items of the file could not be read");
    for (uint32_t i = 0; i < items.count; i++) {
        plan_fill(p, items.items[i].name, ' ', SCRUB_NAME, "name of an item");
        plan_item(p, &items.items[i]);
    }
    for (box_walk_init(&w, box_meta_children(meta_body)); box_walk_next(&w, &box); ) {
        if (box.type == BOX_TYPE('f', 'r', 'e', 'e') || box.type == BOX_TYPE('s', 'k', 'i', 'p'))
            plan_fill(p, box.body, 0, SCRUB_SERIAL, "free space");
        if (box.type == BOX_TYPE('i', 'p', 'r', 'p'))
            take_profiles(p, box.body);
    }
}
