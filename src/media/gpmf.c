#include "media/gpmf.h"

/* key (4 characters), type, size of a structure, count u16 big-endian, data padded to 4.
 * Type 0 nests: its data are again such items, so walking into it is walking on.
 * Sources of the keys: exiftool/exiftool lib/Image/ExifTool/GoPro.pm, and a HERO6 picture. */
static const struct {
    char key[5];
    const char *kind;
    enum photo_device device;
} names[] = {
    { "CASN", "serial", PHOTO_DEVICE_CAMERA },
    { "LINF", "serial", PHOTO_DEVICE_NONE },  /* lens; that it is a serial is a guess from its form */
    { "MUID", "uuid", PHOTO_DEVICE_NONE },
};

static struct bytes as_hex(struct arena *a, struct bytes value)
{
    static const char digit[] = "0123456789abcdef";
    char *to = arena_alloc(a, value.len, 2);
    struct bytes hex = { .at = (const uint8_t *)to, .len = to ? 2 * value.len : 0, .origin = value.origin };

    for (size_t i = 0; i < value.len && to; i++) {
        to[2 * i] = digit[value.at[i] >> 4];
        to[2 * i + 1] = digit[value.at[i] & 15];
    }
    return hex;
}

void gpmf_read(struct photo *p, struct bytes block, const char *block_name)
{
    enum { UUID_BYTES_MAX = 64 };
    struct cursor c = cursor_over(block);

    while (c.rest.len >= 8 && c.rest.at[0] != 0) {
        const struct bytes key = cursor_take(&c, 4);
        const uint8_t type = cursor_u8(&c);
        const uint32_t size = cursor_u8(&c), length = size * cursor_u16be(&c);
        if (type == 0)
            continue;
        struct bytes value = cursor_take(&c, length);
        if (c.failed) {
            reading_damage(p->r, key.origin, FACT_UNKNOWN_INT, 1, "the GoPro block in %s is cut off", block_name);
            return;
        }
        if (length % 4 && c.rest.len > 0)
            cursor_skip(&c, 4 - length % 4 <= c.rest.len ? 4 - length % 4 : c.rest.len);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            if (!bytes_equal(key, names[i].key, 4))
                continue;
            const struct photo_where where = photo_where(p, value, block_name, "GPMF", text_of(names[i].key));
            if (type != 'c')
                value = as_hex(p->r->arena, bytes_part(value, 0, UUID_BYTES_MAX));
            photo_name(p, names[i].kind, value, names[i].device, PHOTO_RANK_VENDOR, where);
        }
    }
}
