#include "scrub/plan_movie.h"

#include "scrub/names.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_jpeg.h"
#include "scrub/plan_vendor.h"
#include "scrub/plan_xmp.h"

enum { KEYS_MAX = 1024 };

/* Types of user data and of items, blanks between them; a9 stands for the copyright sign.  What each is:
 * media/movie_meta.c. */
static const struct {
    enum scrub_kind kind; /* SCRUB_KIND_COUNT: harmless */
    const char *types;
} user_data_kinds[] = {
    { SCRUB_POSITION, "\xa9xyz loci" },
    { SCRUB_TIME, "\xa9" "day purd date" },
    { SCRUB_SERIAL, "LENS CAME MUID GUMI BCID \xa9uid SNum SDLN smrd smta slno cmid" },
    { SCRUB_NAME, "\xa9" "ART \xa9" "aut \xa9wrt \xa9" "com \xa9" "dir \xa9prd \xa9prf \xa9" "cpy \xa9nam \xa9" "cmt \xa9" "des \xa9inf \xa9" "alb "
                  "\xa9grp \xa9lyr \xa9gen \xa9src \xa9url auth perf cprt titl dscp albm aART desc ldes name clfn fsid kywd keyw purl catg apID "
                  "\xa9pub \xa9" "enc" },
    { SCRUB_THUMBNAIL, "covr thmb tnal snal" },
    { SCRUB_KIND_COUNT, "\xa9mak manu \xa9mod \xa9mdl modl \xa9swr FIRM \xa9too \xa9" "fmt \xa9req gnre trkn disk tmpo cpil pgap stik hdvd yrrc rtng "
                        "hinf hnti WLOC LOOP SelO AllF tagc auxi CNFV btec SETT AMBA HMMT \xa9TSC \xa9TSZ \xa9TIM \xa9xsp \xa9ysp \xa9zsp "
                        "\xa9" "fpt \xa9" "fyw \xa9" "frl \xa9gpt \xa9gyw \xa9grl" },
};

static enum scrub_kind kind_of_type(uint32_t type)
{
    const char name[5] = { (char)(type >> 24), (char)(type >> 16), (char)(type >> 8), (char)type, 0 };

    for (size_t i = 0; i < sizeof user_data_kinds / sizeof *user_data_kinds; i++)
        for (const char *at = user_data_kinds[i].types; *at; at += at[4] ? 5 : 4)
            if (memcmp(at, name, 4) == 0)
                return user_data_kinds[i].kind;
    return SCRUB_UNKNOWN;
}

/* Keys by how they end; behind them the words of the name tell. */
static enum scrub_kind kind_of_key(struct text key)
{
    static const struct { const char *ending; enum scrub_kind kind; } keys[] = {
        { "location.ISO6709", SCRUB_POSITION }, { "location.name", SCRUB_POSITION }, { "location.body", SCRUB_POSITION },
        { "location.note", SCRUB_POSITION }, { "location.date", SCRUB_TIME }, { "creationdate", SCRUB_TIME }, { "creation_time", SCRUB_TIME },
        { "location.role", SCRUB_KIND_COUNT }, { "accuracy.horizontal", SCRUB_KIND_COUNT },
        { ".make", SCRUB_KIND_COUNT }, { ".model", SCRUB_KIND_COUNT }, { ".software", SCRUB_KIND_COUNT }, { ".manufacturer", SCRUB_KIND_COUNT },
        { "com.android.version", SCRUB_KIND_COUNT }, { "lens_model", SCRUB_KIND_COUNT }, { "capture.fps", SCRUB_KIND_COUNT },
        { ".full-frame-rate-playback-intent", SCRUB_KIND_COUNT }, { ".live-photo.auto", SCRUB_KIND_COUNT }, { ".live-photo.vitality-score", SCRUB_KIND_COUNT },
        { ".live-photo.vitality-scoring-version", SCRUB_KIND_COUNT },
        { "major_brand", SCRUB_KIND_COUNT }, { "minor_version", SCRUB_KIND_COUNT }, { "compatible_brands", SCRUB_KIND_COUNT }, { "encoder", SCRUB_KIND_COUNT },
        { "camera.identifier", SCRUB_SERIAL }, { "content.identifier", SCRUB_SERIAL }, { "serial-number", SCRUB_SERIAL },
        { ".artist", SCRUB_NAME }, { ".copyright", SCRUB_NAME }, { ".director", SCRUB_NAME }, { ".producer", SCRUB_NAME }, { ".title", SCRUB_NAME },
        { ".comment", SCRUB_NAME }, { ".description", SCRUB_NAME }, { ".information", SCRUB_NAME }, { ".keywords", SCRUB_NAME },
        { ".displayname", SCRUB_NAME }, { ".album", SCRUB_NAME }, { ".publisher", SCRUB_NAME }, { ".year", SCRUB_TIME },
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (text_ends_with(key, text_of(keys[i].ending)))
            return keys[i].kind;
    const enum scrub_kind told = scrub_kind_of_name(key);
    return told == SCRUB_KIND_COUNT ? SCRUB_UNKNOWN : told;
}

static const char *what_of(struct plan *p, const char *in, uint32_t type)
{
    char name[BOX_NAME_BYTES];
    const struct text text = arena_printf(p->r->arena, "%s box \"%s\"%c", in, box_name(type, name), 0);

    return text_known(text) ? text.at : in;
}

void plan_box_free(struct plan *p, const struct box *box, enum scrub_kind kind, const char *what)
{
    const struct bytes type = bytes_part(box->whole, 4, 4);

    if (!plan_drops(p, kind) || type.len < 4)
        return;
    plan_fill(p, box->body, 0, kind, what);
    plan_overwrite(p, type, "free", 4, kind, what);
}

void plan_box_unknown(struct plan *p, const struct box *box, const char *in)
{
    const char *what = what_of(p, in, box->type);
    size_t i = 0;

    while (i < box->body.len && box->body.at[i] == box->body.at[0])
        i++;
    if (i == box->body.len)
        return; /* filler */
    if (plan_drops(p, SCRUB_UNKNOWN))
        plan_box_free(p, box, SCRUB_UNKNOWN, what);
    else
        plan_left(p, box->body, what);
}

/* XMP's own number (XMP part 3, 1.2.7.1); others are unknown. */
void plan_uuid_box(struct plan *p, const struct box *box, const char *in)
{
    if (bytes_start_with(box->body, "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", BOX_UUID_BYTES))
        plan_xmp(p, pieces_one(bytes_part(box->body, BOX_UUID_BYTES, UINT64_MAX)), "XMP");
    else
        plan_box_unknown(p, box, in);
}

static void take_exif_box(struct plan *p, const struct box *box, const char *in)
{
    const uint8_t *head = box->body.len > 10 ? memmem(box->body.at, 10, "Exif\0", 5) : NULL;

    if (plan_exif(p, bytes_part(box->body, head ? (uint64_t)(head - box->body.at) + 6 : 0, UINT64_MAX),
                  "EXIF") != PARSE_OK)
        plan_box_unknown(p, box, in);
}

static void take_user_data(struct plan *p, const struct box *box, const char *in)
{
    switch (box->type) {
    case 0: return; /* QuickTime ends the list with a zero */
    case BOX_TYPE('f', 'r', 'e', 'e'): case BOX_TYPE('s', 'k', 'i', 'p'): plan_fill(p, box->body, 0, SCRUB_SERIAL,
                                                                                    "free space"); return;
    case BOX_TYPE('u', 'u', 'i', 'd'): plan_uuid_box(p, box, in); return;
    case BOX_TYPE('m', 'e', 't', 'a'): plan_movie_meta(p, box->body, in); return;
    case BOX_TYPE('X', 'M', 'P', '_'): plan_xmp(p, pieces_one(box->body), "XMP"); return;
    case BOX_TYPE('E', 'x', 'i', 'f'): take_exif_box(p, box, in); return;
    case BOX_TYPE('G', 'P', 'M', 'F'): plan_gpmf(p, box->body, "GPMF"); return;
    }
    const enum scrub_kind kind = kind_of_type(box->type);
    if (kind == SCRUB_UNKNOWN)
        plan_box_unknown(p, box, in);
    else if (kind == SCRUB_THUMBNAIL && !plan_drops(p, kind) && bytes_start_with(box->body, "\xff\xd8\xff", 3))
        plan_jpeg_inside(p, box->body, "picture of the video");
    else if (kind != SCRUB_KIND_COUNT)
        plan_box_free(p, box, kind, what_of(p, in, box->type));
    else
        plan_known_values(p, box->body, ' ', what_of(p, in, box->type));
}

void plan_user_data(struct plan *p, struct bytes udta, const char *in)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, udta); box_walk_next(&w, &box); ) {
        if ((box.size_wrong || box.missing > 0) && (box.type != 0 || box.size != 0))
            reading_damage(p->r, box.whole.origin, FACT_UNKNOWN_INT, 1, "a box in %s has a false size", in);
        take_user_data(p, &box, in);
    }
}

/* The values of one item: blanks for text, zeros for what else may be there. */
static void take_item(struct plan *p, const struct box *item, enum scrub_kind kind, const char *what)
{
    enum { UTF8 = 1 };
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, item->body); box_walk_next(&w, &box); ) {
        struct cursor c = cursor_over(box.body);
        const uint32_t type = cursor_u32be(&c);
        cursor_skip(&c, 4);
        if (box.type != BOX_TYPE('d', 'a', 't', 'a') || c.failed)
            continue;
        if (kind == SCRUB_UNKNOWN && type != UTF8 && c.rest.len <= 8)
            continue; /* a number names nothing */
        if (kind == SCRUB_UNKNOWN)
            (void)plan_unknown(p, c.rest, type == UTF8 ? ' ' : 0, what);
        else if (kind == SCRUB_KIND_COUNT)
            plan_known_values(p, c.rest, ' ', what);
        else
            plan_fill(p, c.rest, type == UTF8 ? ' ' : 0, kind, what);
    }
}

static const char *key_name(struct plan *p, const char *in, struct text key)
{
    const struct text text = arena_printf(p->r->arena, "%s %.*s%c", in, (int)(key.len < 80 ? key.len : 80),
                                          key.at ? key.at : "", 0);

    return text_known(text) ? text.at : in;
}

/* Items are named by their type, or, where there is a `keys` box, by a number in it (QuickTime File Format,
 * "Metadata"). */
static void take_items(struct plan *p, struct bytes ilst, const struct text *keys, uint32_t key_count, const char *in)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, ilst); box_walk_next(&w, &box); ) {
        const bool by_number = box.type > 0 && box.type <= key_count;
        const enum scrub_kind kind = by_number ? kind_of_key(keys[box.type - 1]) : kind_of_type(box.type);
        if (box.size_wrong || box.missing > 0)
            reading_damage(p->r, box.whole.origin, FACT_UNKNOWN_INT, 1, "an item in %s has a false size", in);
        if (box.type == BOX_TYPE('f', 'r', 'e', 'e'))
            plan_fill(p, box.body, 0, SCRUB_SERIAL, "free space");
        else
            take_item(p, &box, kind, by_number ? key_name(p, in, keys[box.type - 1]) : what_of(p, in, box.type));
    }
}

void plan_movie_meta(struct plan *p, struct bytes meta_body, const char *in)
{
    struct text *keys = NULL;
    uint32_t key_count = 0;
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, box_meta_children(meta_body)); box_walk_next(&w, &box); ) {
        if (box.size_wrong || box.missing > 0)
            reading_damage(p->r, box.whole.origin, FACT_UNKNOWN_INT, 1, "a box in %s has a false size", in);
        if (box.type == BOX_TYPE('k', 'e', 'y', 's')) {
            struct cursor c = cursor_over(bytes_part(box.body, 4, UINT64_MAX));
            const uint32_t promised = cursor_u32be(&c);
            keys = arena_alloc(p->r->arena, KEYS_MAX, sizeof *keys);
            while (keys && key_count < promised && key_count < KEYS_MAX && c.rest.len >= 8) {
                const uint32_t size = cursor_u32be(&c);
                cursor_skip(&c, 4);
                keys[key_count++] = text_of_bytes(cursor_take(&c, size < 8 ? SIZE_MAX : size - 8));
            }
            if (c.failed || key_count < promised)
                reading_damage(p->r, box.whole.origin, FACT_UNKNOWN_INT, 1, "the keys in %s are cut off", in);
        } else if (box.type == BOX_TYPE('i', 'l', 's', 't')) {
            take_items(p, box.body, keys, key_count, in);
        } else if (box.type != BOX_TYPE('h', 'd', 'l', 'r')) {
            take_user_data(p, &box, in);
        }
    }
}

void plan_header_times(struct plan *p, struct bytes body)
{
    struct full_box full;

    if (full_box_open(body, &full))
        plan_fill(p, bytes_part(full.body, 0, full.version == 1 ? 16 : 8), 0, SCRUB_TIME,
                  "times of the movie and its tracks");
}
