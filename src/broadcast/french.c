#include "broadcast/french.h"

enum { ID_LEN = 30, SERIAL_MAX = 255, DEGREE = 100000 };

/* 0: a text. */
static const struct { uint8_t min, max; bool is_text, is_signed; } shape[FRENCH_ITEMS] = {
    [FRENCH_VERSION] = { 1, 1, false, false }, [FRENCH_ID] = { ID_LEN, ID_LEN, true, false },
    [FRENCH_SERIAL] = { 1, SERIAL_MAX, true, false },
    [FRENCH_LATITUDE] = { 4, 4, false, true }, [FRENCH_LONGITUDE] = { 4, 4, false, true },
    [FRENCH_ALTITUDE] = { 2, 2, false, true }, [FRENCH_HEIGHT] = { 2, 2, false, true },
    [FRENCH_TAKEOFF_LATITUDE] = { 4, 4, false, true }, [FRENCH_TAKEOFF_LONGITUDE] = { 4, 4, false, true },
    [FRENCH_SPEED] = { 1, 1, false, false }, [FRENCH_HEADING] = { 2, 2, false, false },
};

static int32_t number(struct bytes value, bool is_signed)
{
    struct cursor c = cursor_over(value);
    const uint32_t raw = (uint32_t)cursor_uint_be(&c, value.len);

    return !is_signed ? (int32_t)raw : value.len == 2 ? (int16_t)raw : (int32_t)raw;
}

static void item(uint8_t type, struct bytes value, struct french *f)
{
    if (type == 0 || type >= FRENCH_ITEMS) {
        f->oddities |= FRENCH_UNKNOWN_ITEM;
    } else if (value.len < shape[type].min || value.len > shape[type].max) {
        f->oddities |= FRENCH_LENGTH;
    } else if (f->there >> type & 1) {
        f->oddities |= FRENCH_REPEATED;
    } else {
        f->there |= 1u << type;
        if (type == FRENCH_ID)
            f->id = text_of_padded(value);
        else if (type == FRENCH_SERIAL)
            f->serial = text_of_padded(value);
        else
            f->value[type] = number(value, shape[type].is_signed);
    }
}

static void check_range(struct french *f, enum french_item latitude, enum french_item longitude)
{
    if (french_has(f, latitude) && french_has(f, longitude) && (f->value[latitude] || f->value[longitude]) &&
        !french_place(f, latitude, longitude))
        f->oddities |= FRENCH_RANGE;
}

enum parse_status french_parse(struct bytes body, struct french *ret)
{
    static const uint8_t head[] = { 0x6a, 0x5c, 0x35, 0x01 };
    struct french f = { .id = TEXT_UNKNOWN, .serial = TEXT_UNKNOWN };

    if (!bytes_start_with(body, head, sizeof head))
        return PARSE_INVALID;
    struct cursor c = cursor_over(bytes_part(body, sizeof head, UINT64_MAX));
    while (c.rest.len > 0) {
        const uint8_t type = cursor_u8(&c), len = cursor_u8(&c);
        const struct bytes value = cursor_take(&c, len);
        if (c.failed)
            f.oddities |= FRENCH_CUT;
        else
            item(type, value, &f);
    }
    check_range(&f, FRENCH_LATITUDE, FRENCH_LONGITUDE);
    check_range(&f, FRENCH_TAKEOFF_LATITUDE, FRENCH_TAKEOFF_LONGITUDE);
    *ret = f;
    return PARSE_OK;
}

bool french_place(const struct french *f, enum french_item latitude, enum french_item longitude)
{
    return french_has(f, latitude) && french_has(f, longitude) && (f->value[latitude] || f->value[longitude]) &&
           f->value[latitude] >= -90 * DEGREE && f->value[latitude] <= 90 * DEGREE &&
           f->value[longitude] >= -180 * DEGREE && f->value[longitude] <= 180 * DEGREE;
}
