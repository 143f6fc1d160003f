#include "scrub/plan_exif.h"

#include <math.h>

#include "scrub/coordinate.h"
#include "scrub/covered.h"
#include "scrub/exif_tags.h"
#include "scrub/plan_jpeg.h"
#include "scrub/plan_maker_note.h"
#include "scrub/plan_xmp.h"

enum { BUDGET_SPARE = 4096, MAKE = 0x010f, DNG_VERSION = 0xc612 };

struct walk {
    struct plan *plan;
    struct tiff_block tiff;
    const char *block_name;
    struct text make;      /* of the camera; stands before the maker note */
    struct tiff_queue pending;
    uint64_t budget_bytes; /* as in media/exif.c: values that overlap without end */
    struct covered covered;
    bool note_gone;        /* the maker's, as a whole */
    uint64_t picture_offset, picture_bytes;
    bool thumbnail;        /* of the directory being planned: the picture is one */
};

static const char *what_of(struct walk *w, const char *name)
{
    const struct text text = arena_printf(w->plan->r->arena, "%s %s%c", w->block_name, name, 0);

    return text_known(text) ? text.at : name;
}

/* Degrees, minutes and ten thousandths of a second: 2 mm. */
static void move_rationals(struct walk *w, const struct tiff_entry *e, const struct tiff_entry *ref, enum axis axis,
                           const char *what)
{
    const bool latitude = axis == AXIS_LATITUDE;
    double part[3] = { 0, 0, 0 }, degrees;
    uint8_t to[24];

    for (uint32_t i = 0; i < 3; i++)
        (void)tiff_real(&w->tiff, e, i, &part[i]);
    degrees = part[0] + part[1] / 60 + part[2] / 3600;
    if (ref->value.len && memchr("SsWw", ref->value.at[0], 4))
        degrees = -degrees;
    if (e->value.len != sizeof to || degrees == 0)
        return;
    degrees = plan_moved_deg(w->plan, axis, degrees);
    const uint64_t units = (uint64_t)llround(fabs(degrees) * 3600 * 1e4);
    const uint32_t rational[6] = { (uint32_t)(units / 36000000), 1, (uint32_t)(units / 600000 % 60), 1,
                                   (uint32_t)(units % 600000), 10000 };
    for (size_t i = 0; i < sizeof to; i++)
        to[i] = (uint8_t)(rational[i / 4] >> 8 * (w->tiff.big_endian ? 3 - i % 4 : i % 4));
    plan_overwrite(w->plan, e->value, to, sizeof to, SCRUB_POSITION, what);
    plan_overwrite(w->plan, ref->value, degrees < 0 ? (latitude ? "S" : "W") : latitude ? "N" : "E", 1, SCRUB_POSITION,
                   what);
}

/* EXIF 3.0, 4.6.6: reference and value of one coordinate are neighbours in the directory's order of tags. */
static const struct { uint16_t ref, value; enum axis axis; } gps_pairs[] = {
    { 1, 2, AXIS_LATITUDE }, { 3, 4, AXIS_LONGITUDE }, { 0x13, 0x14, AXIS_LATITUDE }, { 0x15, 0x16, AXIS_LONGITUDE },
};

static void move_gps(struct walk *w, const struct tiff_directory *d)
{
    for (size_t i = 0; i < sizeof gps_pairs / sizeof *gps_pairs; i++) {
        struct tiff_entry ref = { 0 }, value = { 0 };
        for (uint32_t k = 0; k < d->entry_count; k++) {
            const struct tiff_entry e = tiff_entry_at(&w->tiff, d, k);
            if (!e.outside && e.tag == gps_pairs[i].ref)
                ref = e;
            else if (!e.outside && e.tag == gps_pairs[i].value)
                value = e;
        }
        if (value.value.len)
            move_rationals(w, &value, &ref, gps_pairs[i].axis, what_of(w, "GPS position"));
    }
}

/* Entries of the GPS directory when it stays: those that are no coordinate.  They become zero and keep their place. */
static void drop_of_gps(struct walk *w, const struct tiff_entry *e)
{
    static const struct { uint16_t tag; enum scrub_kind kind; const char *name; } of_gps[] = {
        { 0x07, SCRUB_TIME, "GPSTimeStamp" }, { 0x1d, SCRUB_TIME, "GPSDateStamp" }, { 0x08, SCRUB_POSITION, "GPSSatellites" },
        { 0x1b, SCRUB_POSITION, "GPSProcessingMethod" }, { 0x1c, SCRUB_POSITION, "GPSAreaInformation" },
    };

    for (size_t i = 0; i < sizeof of_gps / sizeof *of_gps; i++)
        if (of_gps[i].tag == e->tag)
            plan_fill(w->plan, e->value, 0, of_gps[i].kind, what_of(w, of_gps[i].name));
}

static void cover_directory(struct walk *w, const struct tiff_directory *d)
{
    const size_t count_bytes = tiff_count_bytes(&w->tiff);

    covered_add(&w->covered, d->entries.origin - count_bytes - w->tiff.bytes.origin,
                count_bytes + (uint64_t)d->entries.len + tiff_offset_bytes(&w->tiff), false);
}

static void cover_value(struct walk *w, const struct tiff_entry *e)
{
    if (e->value.len > tiff_offset_bytes(&w->tiff))
        covered_add_part(&w->covered, e->value);
}

/* TIFF 6.0, section 22: tables of JPEG without lengths; of codes, how many there are of each length stands before
 * them. */
static void cover_old_tables(struct walk *w, const struct tiff_entry *e)
{
    enum { QUANTIZATION = 0x0207, QUANTIZATION_BYTES = 64, LENGTHS = 16 };
    uint64_t offset;

    for (uint32_t i = 0; i < COVERED_RANGES_MAX && tiff_uint(&w->tiff, e, i, &offset); i++) {
        const struct bytes counts = bytes_part(w->tiff.bytes, offset, LENGTHS);
        uint64_t length = LENGTHS;
        for (size_t k = 0; k < counts.len; k++)
            length += counts.at[k];
        covered_add(&w->covered, offset, e->tag == QUANTIZATION ? QUANTIZATION_BYTES : length, true);
    }
}

static void cover_pictures(struct walk *w, const struct tiff_directory *d)
{
    static const struct { uint16_t offsets, lengths; } pairs[] = { { 0x0111, 0x0117 }, { 0x0144, 0x0145 },
                                                                   { 0x0201, 0x0202 } };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct tiff_entry offsets = { 0 }, lengths = { 0 };
        uint64_t offset, length;
        for (uint32_t k = 0; k < d->entry_count; k++) {
            const struct tiff_entry e = tiff_entry_at(&w->tiff, d, k);
            if (!e.outside && e.tag == pairs[i].offsets)
                offsets = e;
            else if (!e.outside && e.tag == pairs[i].lengths)
                lengths = e;
            else if (!e.outside && i == 0 && e.tag >= 0x0207 && e.tag <= 0x0209)
                cover_old_tables(w, &e);
        }
        for (uint32_t k = 0; k < COVERED_RANGES_MAX && tiff_uint(&w->tiff, &offsets, k, &offset) &&
             tiff_uint(&w->tiff, &lengths, k, &length); k++)
            covered_add(&w->covered, offset, length, true);
    }
}

/* A GPS directory that nothing points at any more: its entries and values become zero. */
static void wipe_gps(struct walk *w, uint64_t offset)
{
    struct tiff_directory d;

    if (tiff_directory_open(&w->tiff, offset, &d) != PARSE_OK) {
        reading_damage(w->plan->r, w->tiff.bytes.origin, FACT_UNKNOWN_INT, 1, "the GPS directory of %s cannot be read",
                       w->block_name);
        return;
    }
    cover_directory(w, &d);
    for (uint32_t i = 0; i < d.entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&w->tiff, &d, i);
        if (e.value.len > tiff_offset_bytes(&w->tiff) && e.value.len <= w->budget_bytes) {
            w->budget_bytes -= e.value.len;
            cover_value(w, &e);
            plan_fill(w->plan, e.value, 0, SCRUB_POSITION, what_of(w, "GPS directory"));
        }
        if (e.outside)
            reading_damage(w->plan->r, d.entries.origin, FACT_UNKNOWN_INT, 1,
                           "a value of the GPS directory of %s lies outside it", w->block_name);
    }
    plan_fill(w->plan, d.entries, 0, SCRUB_POSITION, what_of(w, "GPS directory"));
}

static bool take_pointer(struct walk *w, const struct exif_tag *tag, const struct tiff_entry *e)
{
    uint64_t offset;

    switch ((enum exif_handling)tag->handling) {
    case POINTER_EXIF: tiff_follow_all(&w->pending, &w->tiff, e, IN_EXIF); break;
    case POINTER_INTEROP: tiff_follow_all(&w->pending, &w->tiff, e, IN_INTEROP); break;
    case POINTER_SUB: tiff_follow_all(&w->pending, &w->tiff, e, IN_SUB); break;
    case POINTER_GPS:
        if (!plan_drops(w->plan, SCRUB_POSITION) || w->plan->request->shift) {
            tiff_follow_all(&w->pending, &w->tiff, e, IN_GPS);
            break;
        }
        for (uint32_t i = 0; i < TIFF_DIRECTORIES_MAX && tiff_uint(&w->tiff, e, i, &offset); i++)
            wipe_gps(w, offset);
        plan_fill(w->plan, e->value, 0, SCRUB_POSITION, what_of(w, "GPS directory"));
        return true;
    default: break;
    }
    return false;
}

static bool take_picture(struct walk *w, const struct exif_tag *tag, const struct tiff_entry *e)
{
    uint64_t *to = tag->handling == PICTURE_OFFSET ? &w->picture_offset : &w->picture_bytes;

    if (e->count == 1)
        (void)tiff_uint(&w->tiff, e, 0, to);
    w->thumbnail |= tag->kind == SCRUB_THUMBNAIL;
    return tag->kind == SCRUB_THUMBNAIL && plan_drops(w->plan, SCRUB_THUMBNAIL);
}

/* EXIF 3.0, 4.6.5: digits and what stands between them.  A text in such a place may be anything. */
static bool is_time(struct bytes value)
{
    static const char characters[] = "0123456789:+-./ TZ"; /* and the zero at its end */

    for (size_t i = 0; i < value.len; i++)
        if (!memchr(characters, value.at[i], sizeof characters))
            return false;
    return true;
}

static bool take_note(struct walk *w, const struct tiff_entry *e, const char *what)
{
    const bool gone = plan_maker_note(w->plan, &w->tiff, e->value, w->make, what);

    w->note_gone |= gone;
    return gone;
}

/* Where and how pixels are packed: another byte there, and the picture is another one. */
static bool is_of_pixels(uint16_t tag)
{
    static const uint16_t tags[] = { 0x0140, 0x0144, 0x0145, 0x015b, 0x0207, 0x0208, 0x0209 };

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

static const char *bound_tag(struct walk *w, const struct tiff_entry *e)
{
    return arena_printf(w->plan->r->arena, "%s tag 0x%04x%c", w->block_name, e->tag, 0).at;
}

/* What a program or a camera calls itself, or what a colour profile says, may be what another file has for a comment;
 * and a comment may be no more than a date. */
static void take_kept(struct walk *w, const struct tiff_entry *e)
{
    const bool text = e->type == TIFF_ASCII || e->type == TIFF_UTF8;

    if (is_of_pixels(e->tag))
        plan_bound(w->plan, e->value, bound_tag(w, e));
    else
        plan_known_values(w->plan, e->value, text ? ' ' : 0, what_of(w, text ? "text of a tag that names nobody" :
                                                                     "value of a tag that names nobody"));
}

/* True: it must leave the directory. */
static bool take_entry(struct walk *w, const struct tiff_entry *e, enum exif_place place)
{
    const struct exif_tag *tag = place == IN_GPS ? NULL : exif_tag_find(e->tag, place);

    if (place == IN_GPS) {
        drop_of_gps(w, e);
        return false;
    }
    if (e->tag == DNG_VERSION && place == IN_IFD)
        w->plan->note_needed = false;
    if (e->tag == MAKE && (place & IN_PICTURE) && !text_known(w->make))
        w->make = text_of_padded(e->value);
    if (!tag) {
        /* A number is nobody's name; longer values of private tags may be. */
        const bool moved = exif_is_defined(e->tag) && exif_is_words_of_numbers(e);
        if (e->value.len <= tiff_offset_bytes(&w->tiff) || (exif_is_defined(e->tag) && !moved)) {
            take_kept(w, e);
            return false;
        }
        const struct text name = arena_printf(w->plan->r->arena, moved ? "words in tag 0x%04x, which has numbers%c" : "private tag 0x%04x%c", e->tag, 0);
        return plan_unknown(w->plan, e->value, 0, what_of(w, text_known(name) ? name.at : "private tag"));
    }
    switch ((enum exif_handling)tag->handling) {
    case DROP:
        if (tag->kind == SCRUB_TIME && !plan_drops(w->plan, SCRUB_TIME) && !is_time(e->value))
            return plan_unknown(w->plan, e->value, 0, what_of(w, tag->name));
        if (!plan_drops(w->plan, tag->kind))
            take_kept(w, e);
        plan_fill(w->plan, e->value, 0, tag->kind, what_of(w, tag->name));
        return plan_drops(w->plan, tag->kind);
    case XMP_PACKET:
        plan_xmp(w->plan, pieces_one(e->value), what_of(w, "XMP"));
        return false;
    case DNG_PRIVATE:
        return plan_dng_private(w->plan, e->value, w->make, what_of(w, tag->name));
    case MAKER_NOTE:
        return take_note(w, e, what_of(w, tag->name));
    case PICTURE_OFFSET: case PICTURE_BYTES:
        if (tag->kind != SCRUB_THUMBNAIL)
            plan_bound(w->plan, e->value, bound_tag(w, e));
        return take_picture(w, tag, e);
    default:
        return take_pointer(w, tag, e);
    }
}

/* The directory without the entries that are marked: count, the others, the link to the next one, zeros. */
static void close_up(struct walk *w, const struct tiff_directory *d, const bool *dropped)
{
    const size_t count_bytes = tiff_count_bytes(&w->tiff), entry_bytes = tiff_entry_bytes(&w->tiff),
        link_bytes = tiff_offset_bytes(&w->tiff);
    const uint64_t head = d->entries.origin - count_bytes - w->tiff.bytes.origin;
    const struct bytes whole = bytes_part(w->tiff.bytes, head, count_bytes + (uint64_t)d->entries.len + link_bytes);
    uint8_t *to = arena_alloc(w->plan->r->arena, whole.len, 1);
    size_t kept = 0;

    if (!to) {
        reading_damage(w->plan->r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT, "a directory of %s is too large",
                       w->block_name);
        return;
    }
    for (uint32_t i = 0; i < d->entry_count; i++)
        if (!dropped[i])
            memcpy(to + count_bytes + entry_bytes * kept++, d->entries.at + i * entry_bytes, entry_bytes);
    for (size_t i = 0; i < 2; i++) /* no directory has more than some thousand */
        to[w->tiff.big_endian ? count_bytes - 1 - i : i] = (uint8_t)(kept >> 8 * i);
    if (whole.len == count_bytes + d->entries.len + link_bytes)
        memcpy(to + count_bytes + entry_bytes * kept, whole.at + count_bytes + d->entries.len, link_bytes);
    plan_overwrite(w->plan, whole, to, whole.len, SCRUB_STRUCTURE, what_of(w, "directory closed up"));
}

/* A picture that the directory points at: a JPEG may have metadata of its own. */
static void take_directory_picture(struct walk *w)
{
    const struct bytes picture = bytes_part(w->tiff.bytes, w->picture_offset, w->picture_bytes);

    if (w->picture_offset == 0 || picture.len == 0)
        return;
    if (picture.len != w->picture_bytes)
        reading_damage(w->plan->r, picture.origin, FACT_UNKNOWN_INT, 1, "a picture in %s lies outside it",
                       w->block_name);
    if (w->thumbnail && plan_drops(w->plan, SCRUB_THUMBNAIL))
        plan_fill(w->plan, picture, 0, SCRUB_THUMBNAIL, what_of(w, "thumbnail"));
    else if (bytes_start_with(picture, "\xff\xd8\xff", 3))
        plan_jpeg_inside(w->plan, picture, what_of(w, "picture"));
}

static void plan_directory(struct walk *w, uint64_t offset, enum exif_place place)
{
    struct reading *r = w->plan->r;
    struct tiff_directory d;
    bool any = false;

    if (tiff_directory_open(&w->tiff, offset, &d) != PARSE_OK) {
        reading_damage(r, w->tiff.bytes.origin, FACT_UNKNOWN_INT, 1, "a directory of %s loops or lies outside it",
                       w->block_name);
        return;
    }
    bool *dropped = arena_alloc(r->arena, (size_t)d.entry_count + 1, sizeof *dropped);
    if (d.entries_lost || !dropped)
        reading_damage(r, d.entries.origin, FACT_UNKNOWN_INT, (int64_t)(d.entries_lost & INT64_MAX),
                       "a directory of %s is cut off", w->block_name);
    w->picture_offset = w->picture_bytes = 0;
    w->thumbnail = false;
    cover_directory(w, &d);
    if (place & IN_PICTURE)
        cover_pictures(w, &d);
    for (uint32_t i = 0; i < d.entry_count && dropped; i++) {
        const struct tiff_entry e = tiff_entry_at(&w->tiff, &d, i);
        if (e.outside || e.value.len > w->budget_bytes) {
            reading_damage(r, d.entries.origin, FACT_UNKNOWN_INT, 1,
                           "a value of a directory of %s lies outside it, or overlaps others", w->block_name);
            continue;
        }
        w->budget_bytes -= e.value.len;
        cover_value(w, &e);
        dropped[i] = take_entry(w, &e, place);
        any |= dropped[i];
    }
    if (place == IN_GPS && w->plan->request->shift)
        move_gps(w, &d);
    take_directory_picture(w);
    if (any)
        close_up(w, &d, dropped);
    if (place == IN_IFD)
        tiff_follow(&w->pending, d.next, place);
}

enum parse_status plan_exif(struct plan *p, struct bytes block, const char *block_name)
{
    struct walk w = { .plan = p, .block_name = block_name, .budget_bytes = 2 * (uint64_t)block.len + BUDGET_SPARE };
    const enum parse_status status = tiff_block_init(&w.tiff, block);
    int place;

    if (status != PARSE_OK)
        return status;
    covered_init(&w.covered, block);
    covered_add(&w.covered, 0, w.tiff.wide ? 16 : 8, false);
    tiff_follow(&w.pending, w.tiff.first_directory, IN_IFD);
    for (uint64_t offset; tiff_queue_next(&w.pending, &offset, &place); )
        plan_directory(&w, offset, (enum exif_place)place);
    if (w.pending.dropped)
        reading_damage(p->r, block.origin, FACT_UNKNOWN_INT, w.pending.dropped,
                       "%s has more directories than are followed", block_name);
    /* Makers' notes have values outside of them: what nothing points at goes as the note did. */
    covered_plan(&w.covered, p, w.note_gone ? SCRUB_NOTE : SCRUB_UNKNOWN, block_name);
    covered_done(&w.covered);
    return PARSE_OK;
}

enum parse_status plan_tiff(struct reading *r, struct bytes whole)
{
    struct plan p = plan_begin(r);

    p.note_needed = true; /* makers' raw pictures: their notes have curves and colours.  A DNG does without */
    return plan_exif(&p, whole, "TIFF");
}
