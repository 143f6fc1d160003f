#include "media/tiff.h"

#include "media/exif.h"
#include "media/tiff_directory.h"

bool tiff_recognise(struct bytes whole)
{
    struct tiff_directory d;
    struct tiff_block t;

    return tiff_block_init(&t, whole) == PARSE_OK && tiff_directory_open(&t, t.first_directory, &d) == PARSE_OK &&
        d.entry_count > 0;
}

enum parse_status tiff_read(struct reading *r, struct bytes whole)
{
    struct photo *p = arena_alloc(r->arena, 1, sizeof *p);
    bool is_dng = false;

    if (!p)
        return PARSE_INVALID;
    photo_init(p, r, "tiff", whole.len);
    const enum parse_status status = exif_read(p, whole, "TIFF", &is_dng);
    if (status != PARSE_OK)
        return status;
    if (is_dng)
        p->format = "dng";
    photo_put(p);
    if (r->passed)
        r->passed(r, whole.len);
    return PARSE_OK;
}
