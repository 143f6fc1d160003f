#include "media/gpmf.h"

#include <math.h>

enum { HEADER_BYTES = 8, ALIGNMENT = 4 };

bool gpmf_next(struct cursor *c, struct gpmf_item *ret)
{
    if (c->rest.len < HEADER_BYTES || c->rest.at[0] == 0)
        return false;
    *ret = (struct gpmf_item){ .key = cursor_u32be(c) };
    ret->type = (char)cursor_u8(c);
    ret->size = cursor_u8(c);
    ret->count = cursor_u16be(c);
    const uint32_t length = (uint32_t)ret->size * ret->count;
    ret->data = bytes_part(c->rest, 0, length);
    ret->cut = ret->data.len < length;
    const size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    cursor_skip(c, padded < c->rest.len ? padded : c->rest.len);
    return true;
}

static size_t type_bytes(char type)
{
    switch (type) {
    case 'b': case 'B': case 'c': return 1;
    case 's': case 'S': return 2;
    case 'l': case 'L': case 'f': case 'F': case 'q': return 4;
    case 'd': case 'j': case 'J': case 'Q': return 8;
    case 'G': case 'U': return 16;
    default: return 0;
    }
}

struct gpmf_types gpmf_types_of(const struct gpmf_item *item)
{
    const size_t width = type_bytes(item->type);
    struct gpmf_types types = { .count = 0 };

    if (width == 0)
        return types;
    types.count = item->size / width < GPMF_ELEMENTS_MAX ? (uint8_t)(item->size / width) : GPMF_ELEMENTS_MAX;
    memset(types.of, item->type, types.count);
    return types;
}

bool gpmf_types_read(const struct gpmf_item *item, struct gpmf_types *ret)
{
    struct cursor c = cursor_over(item->data);
    struct gpmf_types types = { .count = 0 };

    while (c.rest.len > 0 && c.rest.at[0] != 0) {
        const char type = (char)cursor_u8(&c);
        size_t times = 1;
        if (c.rest.len > 0 && c.rest.at[0] == '[') {
            times = 0;
            cursor_skip(&c, 1);
            for (uint8_t digit; (digit = cursor_u8(&c)) >= '0' && digit <= '9' && times < GPMF_ELEMENTS_MAX; )
                times = 10 * times + digit - '0';
        }
        if (type_bytes(type) == 0 || times > (size_t)(GPMF_ELEMENTS_MAX - types.count))
            return false;
        memset(types.of + types.count, type, times);
        types.count = (uint8_t)(types.count + times);
    }
    *ret = types;
    return types.count > 0;
}

static double real_at(char type, struct cursor *c)
{
    switch (type) {
    case 'b': return (int8_t)cursor_u8(c);
    case 'B': return cursor_u8(c);
    case 's': return (int16_t)cursor_u16be(c);
    case 'S': return cursor_u16be(c);
    case 'l': return (int32_t)cursor_u32be(c);
    case 'L': return cursor_u32be(c);
    case 'q': return (int32_t)cursor_u32be(c) / 65536.0;
    case 'j': return (double)(int64_t)cursor_u64be(c);
    case 'J': return (double)cursor_u64be(c);
    case 'Q': return (double)(int64_t)cursor_u64be(c) / 4294967296.0;
    case 'f': {
        const uint32_t bits = cursor_u32be(c);
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value;
    }
    case 'd': {
        const uint64_t bits = cursor_u64be(c);
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    default: return (double)NAN;
    }
}

bool gpmf_number(const struct gpmf_item *item, const struct gpmf_types *types, uint32_t row, uint32_t index,
                 double *ret)
{
    size_t before = 0;

    if (index >= types->count || row >= item->count)
        return false;
    for (uint32_t i = 0; i < index; i++)
        before += type_bytes(types->of[i]);
    struct cursor c = cursor_over(bytes_part(bytes_part(item->data, (uint64_t)row * item->size, item->size), before,
                                             type_bytes(types->of[index])));
    const double value = real_at(types->of[index], &c);
    if (c.failed || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

bool gpmf_take_name(struct photo *p, const struct gpmf_item *item, const char *block_name)
{
    /* Sources of the keys: exiftool/exiftool lib/Image/ExifTool/GoPro.pm, and a HERO6 picture. */
    static const struct { uint32_t key; const char *name, *kind; enum photo_device device; } names[] = {
        { GPMF_KEY('C', 'A', 'S', 'N'), "CASN", "serial", PHOTO_DEVICE_CAMERA },
        { GPMF_KEY('L', 'I', 'N', 'F'), "LINF", "serial", PHOTO_DEVICE_NONE }, /* lens; that it is a serial is a guess */
        { GPMF_KEY('M', 'U', 'I', 'D'), "MUID", "uuid", PHOTO_DEVICE_NONE },
    };
    static const uint32_t model = GPMF_KEY('M', 'I', 'N', 'F'), firmware = GPMF_KEY('F', 'M', 'W', 'R');
    struct bytes value = item->data;

    if (item->key == firmware || item->key == model) {
        const struct photo_where where = photo_where(p, value, block_name, "GPMF", text_of(item->key == model ? "MINF" :
                                                                                        "FMWR"));
        if (item->key == firmware) {
            photo_firmware(p, value, PHOTO_DEVICE_CAMERA, where);
        } else if (!text_known(p->model)) {
            p->model = text_of_padded(value);
            p->camera_where = where;
            if (!text_known(p->make))
                p->make = TEXT("GoPro");
        }
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (item->key != names[i].key)
            continue;
        const struct photo_where where = photo_where(p, value, block_name, "GPMF", text_of(names[i].name));
        if (item->type != 'c')
            value = photo_hex(p, value);
        photo_name(p, names[i].kind, value, names[i].device, PHOTO_RANK_VENDOR, where);
        return true;
    }
    return false;
}

void gpmf_read(struct photo *p, struct bytes block, const char *block_name)
{
    struct cursor c = cursor_over(block);
    struct gpmf_item item;

    while (true) {
        const struct cursor before = c;
        if (!gpmf_next(&c, &item))
            return;
        if (item.type == 0) {
            /* Its data are such items again: walking into them is walking on. */
            c = before;
            cursor_skip(&c, HEADER_BYTES);
            continue;
        }
        if (item.cut) {
            reading_damage(p->r, before.rest.origin, FACT_UNKNOWN_INT, 1, "the GoPro block in %s is cut off",
                           block_name);
            return;
        }
        (void)gpmf_take_name(p, &item, block_name);
    }
}
