#include "media/maker_note.h"

#include "media/dji_blocks.h"
#include "media/maker_walk.h"
#include "media/photo_form.h"

static bool is_printable(struct text t)
{
    return t.len > 0 && text_printable_prefix(t) == t.len;
}

static void take_pair(struct photo *p, const struct dji_pair *pair, const char *block_name)
{
    const struct photo_where where = photo_where(p, pair->value, block_name, "DJI text", pair->key);

    switch (pair->meaning) {
    case DJI_KEY_CAMERA_SERIAL: photo_name(p, "serial", pair->value, PHOTO_DEVICE_CAMERA, PHOTO_RANK_VENDOR,
                                           where); break;
    case DJI_KEY_AIRCRAFT_SERIAL: photo_name(p, "serial", pair->value, PHOTO_DEVICE_AIRCRAFT, PHOTO_RANK_VENDOR,
                                             where); break;
    case DJI_KEY_UUID: photo_name(p, "uuid", pair->value, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR, where); break;
    case DJI_KEY_HARMLESS: break;
    case DJI_KEY_UNKNOWN:
        if (text_known(text_of_padded(pair->value)))
            photo_unread(p, pair->value.origin, pair->value.len, "key \"%.*s\" of DJI's debug text in %s",
                         is_printable(pair->key) &&
                             pair->key.len < 64 ? (int)pair->key.len : 0, pair->key.at, block_name);
    }
}

void dji_text_read(struct photo *p, struct bytes blob, const char *block_name)
{
    struct dji_pair pair;

    while (dji_text_next(&blob, &pair)) {
        if (pair.cut)
            reading_damage(p->r, pair.value.origin, (int64_t)pair.value.len, FACT_UNKNOWN_INT,
                           "DJI's debug text in %s is cut off",
                           block_name);
        take_pair(p, &pair, block_name);
    }
    if (text_known(text_of_padded(blob)))
        photo_unread(p, blob.origin, blob.len, "bytes behind DJI's debug text in %s", block_name);
}

/* What an item of a camera's note becomes. */
static const struct { const char *kind; enum photo_device device; } meanings[] = {
    [MAKER_CAMERA_SERIAL] = { "serial", PHOTO_DEVICE_CAMERA }, [MAKER_LENS_SERIAL] = { "serial", PHOTO_DEVICE_NONE },
    [MAKER_PART_SERIAL] = { "serial", PHOTO_DEVICE_NONE }, [MAKER_ID] = { "uuid", PHOTO_DEVICE_NONE },
    [MAKER_OWNER] = { "owner_name", PHOTO_DEVICE_NONE }, [MAKER_PERSON] = { "name", PHOTO_DEVICE_NONE },
    [MAKER_TEXT] = { "comment", PHOTO_DEVICE_NONE }, [MAKER_PLACE] = { "place", PHOTO_DEVICE_NONE },
    [MAKER_FIRMWARE] = { "firmware", PHOTO_DEVICE_CAMERA }, [MAKER_TIME] = { NULL, PHOTO_DEVICE_NONE },
};

static void take_item(struct photo *p, const struct maker_item *item, const char *maker, const char *block_name)
{
    const struct photo_where where = photo_where(p, item->value, block_name, "maker note", text_of(item->name));
    const struct bytes shown = { (const uint8_t *)item->text.at, item->text.len, item->value.origin };

    if (item->meaning == MAKER_PLACE && !text_known(item->text) && text_known(text_of_padded(item->value)))
        photo_unread(p, item->value.origin, item->value.len, "%s of the maker note in %s", item->name, block_name);
    if (!text_known(item->text) || !meanings[item->meaning].kind)
        return;
    if (item->untested)
        photo_untested_tag(p, item->name, maker);
    if (item->meaning == MAKER_FIRMWARE)
        photo_firmware(p, shown, PHOTO_DEVICE_CAMERA, where);
    else
        photo_name(p, meanings[item->meaning].kind, shown, meanings[item->meaning].device, PHOTO_RANK_VENDOR, where);
}

static void take_camera(struct photo *p, struct maker_walk *w, const char *block_name)
{
    struct maker_item item;

    while (maker_walk_next(w, &item))
        take_item(p, &item, maker_walk_maker(w), block_name);
    const uint64_t unknown = maker_walk_unknown_bytes(w);
    if (w->outside_count > 0)
        reading_damage(p->r, w->note.origin, FACT_UNKNOWN_INT, w->outside_count,
                       "%u values of %s's maker note in %s lie outside it or overlap others", w->outside_count, maker_walk_maker(w), block_name);
    if (w->unknown_count > 0 || unknown > 0)
        reading_damage(p->r, w->note.origin, (int64_t)unknown, w->unknown_count,
                       "%u values of %s's maker note in %s are not understood, %llu of its %zu bytes", w->unknown_count, maker_walk_maker(w),
                       block_name, (unsigned long long)unknown, w->note.len);
}

void maker_note_read(struct photo *p, const struct tiff_block *t, struct bytes note, const char *block_name)
{
    struct tiff_directory d;
    struct maker_walk w;
    uint32_t unknown;

    if (note.len == 0 || (note.at[0] == 0 && memcmp(note.at, note.at + 1, note.len - 1) == 0))
        return; /* blanked: nothing is said */
    if (dji_text_begins(note)) {
        dji_text_read(p, note, block_name);
    } else if (dji_directory_open(t, note, &d, &unknown)) {
        if (unknown)
            reading_damage(p->r, d.entries.origin, FACT_UNKNOWN_INT, unknown,
                           "%u of %u tags of the DJI maker note in %s are not known", unknown, d.entry_count, block_name);
        else if (dji_directory_rest(note, &d) > 0)
            photo_unread(p, note.origin, dji_directory_rest(note, &d), "bytes behind the DJI maker note in %s",
                         block_name);
    } else if (maker_walk_init(&w, p->r->arena, t, note, p->make, p->model)) {
        take_camera(p, &w, block_name);
    } else {
        const int make_len = p->make.len < 64 && is_printable(p->make) ? (int)p->make.len : 0;
        photo_unread(p, note.origin, note.len, "maker note in %s%s%.*s", block_name, make_len ? " by " : "", make_len,
                     make_len ? p->make.at : "");
    }
}

bool dji_thermal_read(struct photo *p, struct bytes body)
{
    struct dji_thermal thermal;

    if (!dji_thermal_find(body, &thermal))
        return false;
    const struct text text = text_of_padded(thermal.field);
    thermal.field.len = text.len;
    if (is_printable(text))
        photo_name(p, thermal.kind, thermal.field, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                   photo_where(p, thermal.field, "APP4 DJI thermal", NULL, text_of(thermal.name)));
    return true;
}
