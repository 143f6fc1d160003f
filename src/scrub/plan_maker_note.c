#include "scrub/plan_maker_note.h"

#include "media/dji_blocks.h"
#include "media/dng_private.h"
#include "media/maker_walk.h"
#include "scrub/names.h"

static enum scrub_kind kind_of_pair(const struct dji_pair *pair)
{
    switch (pair->meaning) {
    case DJI_KEY_CAMERA_SERIAL: case DJI_KEY_AIRCRAFT_SERIAL: case DJI_KEY_UUID: return SCRUB_SERIAL;
    case DJI_KEY_HARMLESS: return SCRUB_KIND_COUNT;
    case DJI_KEY_UNKNOWN: break;
    }
    const enum scrub_kind told = scrub_kind_of_name(pair->key);
    return told == SCRUB_KIND_COUNT ? SCRUB_UNKNOWN : told;
}

void plan_dji_text(struct plan *p, struct bytes blob, const char *block_name)
{
    struct dji_pair pair;

    while (dji_text_next(&blob, &pair)) {
        if (pair.cut)
            reading_damage(p->r, pair.value.origin, (int64_t)pair.value.len, FACT_UNKNOWN_INT,
                           "DJI's debug text in %s is cut off", block_name);
        const enum scrub_kind kind = kind_of_pair(&pair);
        if (kind == SCRUB_UNKNOWN)
            (void)(text_known(text_of_padded(pair.value)) && plan_unknown(p, pair.value, 0, block_name));
        else if (kind != SCRUB_KIND_COUNT)
            plan_fill(p, pair.value, 0, kind, block_name);
        else
            plan_known_values(p, pair.value, 0, block_name);
    }
    if (text_known(text_of_padded(blob)))
        (void)plan_unknown(p, blob, 0, block_name);
}

bool plan_dji_thermal(struct plan *p, struct bytes body)
{
    struct dji_thermal thermal;

    if (!dji_thermal_find(body, &thermal))
        return false;
    plan_fill(p, thermal.field, 0, SCRUB_SERIAL, "APP4 serial or id of the thermal core");
    return true;
}

static const enum scrub_kind kinds[] = {
    [MAKER_CAMERA_SERIAL] = SCRUB_SERIAL, [MAKER_LENS_SERIAL] = SCRUB_SERIAL, [MAKER_PART_SERIAL] = SCRUB_SERIAL, [MAKER_ID] = SCRUB_SERIAL,
    [MAKER_OWNER] = SCRUB_NAME, [MAKER_PERSON] = SCRUB_NAME, [MAKER_TEXT] = SCRUB_NAME, [MAKER_PLACE] = SCRUB_POSITION,
    [MAKER_TIME] = SCRUB_TIME, [MAKER_FIRMWARE] = SCRUB_KIND_COUNT,
};

/* Not all of it is understood.  What a maker writes for itself is no part of the picture: it goes as a whole, unless it
 * is kept or the picture is developed with its help. */
static bool plan_not_understood(struct plan *p, struct bytes note, const char *what)
{
    return plan_unknown_of_kind(p, note, p->note_needed ? SCRUB_UNKNOWN : SCRUB_NOTE, what);
}

static bool plan_camera(struct plan *p, struct maker_walk *w, const char *what)
{
    struct maker_item item;

    while (maker_walk_next(w, &item)) {
        const struct text name = arena_printf(p->r->arena, "%s %s%c", what, item.name, 0);
        if (kinds[item.meaning] != SCRUB_KIND_COUNT)
            plan_fill(p, item.value, 0, kinds[item.meaning], text_known(name) ? name.at : item.name);
        else
            plan_known_values(p, item.value, 0, text_known(name) ? name.at : item.name);
    }
    const bool gone = (w->outside_count > 0 || w->unknown_count > 0 || maker_walk_unknown_bytes(w) > 0) &&
        plan_not_understood(p, w->note, what);
    if (w->outside_count > 0 && !gone) /* what lies outside is what nothing points at, when the note is gone */
        reading_damage(p->r, w->note.origin, FACT_UNKNOWN_INT, w->outside_count,
                       "values of %s lie outside it or overlap others", what);
    return gone;
}

bool plan_maker_note(struct plan *p, const struct tiff_block *t, struct bytes note, struct text make, const char *what)
{
    struct tiff_directory d;
    struct maker_walk w;
    uint32_t unknown;

    if (note.len == 0)
        return false;
    if (dji_text_begins(note)) {
        plan_dji_text(p, note, what);
        return false;
    }
    if (dji_directory_open(t, note, &d, &unknown) && unknown == 0 && dji_directory_rest(note, &d) == 0)
        return false;
    if (maker_walk_init(&w, p->r->arena, t, note, make, TEXT_UNKNOWN))
        return plan_camera(p, &w, what);
    return plan_not_understood(p, note, what);
}

bool plan_dng_private(struct plan *p, struct bytes value, struct text make, const char *what)
{
    struct dng_private_block block;
    struct cursor c;

    if (!dng_private_open(value, &c))
        return plan_unknown(p, value, 0, what);
    bool gone = false;
    for (struct cursor notes = c; dng_private_next(&notes, &block); )
        gone |= block.is_note && plan_maker_note(p, &block.origin, block.note, make, what);
    if (gone) { /* a block of zeros is no note that a reader could open */
        plan_fill(p, value, 0, plan_drops(p, SCRUB_NOTE) ? SCRUB_NOTE : SCRUB_UNKNOWN, what);
        return true;
    }
    while (dng_private_next(&c, &block))
        if (!block.is_note)
            (void)plan_unknown(p, block.body, 0, what);
    return false;
}
