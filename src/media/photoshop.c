#include "media/photoshop.h"

#include "media/photo_xmp.h"

/* Record 2, the application record: the data sets that name someone or some place. */
static const struct {
    uint8_t number;
    const char *kind, *name;
} data_sets[] = {
    { 80, "name", "By-line" }, { 85, "name", "By-lineTitle" }, { 90, "place", "City" }, { 92, "place", "Sub-location" },
    { 95, "place", "Province-State" }, { 101, "place", "Country" }, { 110, "name", "Credit" }, { 115, "name", "Source" },
    { 116, "name", "CopyrightNotice" }, { 118, "name", "Contact" }, { 122, "name", "Writer-Editor" },
    { 26, "place", "ContentLocationCode" }, { 27, "place", "ContentLocationName" },
    { 187, "uuid", "UniqueDocumentID" }, { 188, "owner_name", "OwnerID" },
};

static void take_data_set(struct photo *p, uint8_t number, struct bytes value, const char *block_name)
{
    for (size_t i = 0; i < sizeof data_sets / sizeof data_sets[0]; i++)
        if (data_sets[i].number == number)
            photo_name(p, data_sets[i].kind, value, PHOTO_DEVICE_NONE, PHOTO_RANK_XMP,
                       photo_where(p, value, block_name, "IPTC", text_of(data_sets[i].name)));
}

void iptc_read(struct photo *p, struct bytes records, const char *block_name)
{
    struct cursor c = cursor_over(records);

    while (c.rest.len > 0 && c.rest.at[0] == 0x1c) {
        const struct bytes at = c.rest;
        cursor_skip(&c, 1);
        const uint8_t record = cursor_u8(&c), number = cursor_u8(&c);
        uint32_t length = cursor_u16be(&c);
        if (length & 0x8000) /* extended: the low bits say how many bytes the length has */
            length = (length & 0x7fff) <= 4 ? (uint32_t)cursor_uint_be(&c, length & 0x7fff) : UINT32_MAX;
        struct bytes value = cursor_take(&c, length);
        if (c.failed) {
            reading_damage(p->r, at.origin, (int64_t)at.len, FACT_UNKNOWN_INT, "IPTC records in %s are cut off",
                           block_name);
            return;
        }
        if (record == 2)
            take_data_set(p, number, value, block_name);
    }
    for (size_t i = 0; i < c.rest.len; i++)
        if (c.rest.at[i] != 0) {
            photo_unread(p, c.rest.origin, c.rest.len, "bytes behind the IPTC records in %s", block_name);
            return;
        }
}

void photoshop_read(struct photo *p, struct bytes resources, const char *block_name)
{
    struct cursor c = cursor_over(resources);

    while (c.rest.len >= 4 && bytes_start_with(c.rest, "8BIM", 4)) {
        const struct bytes at = c.rest;
        cursor_skip(&c, 4);
        const uint16_t id = cursor_u16be(&c);
        const uint8_t name_bytes = cursor_u8(&c);
        cursor_skip(&c, name_bytes | 1u); /* with its length byte an even number */
        const uint32_t length = cursor_u32be(&c);
        struct bytes body = cursor_take(&c, length);
        if (c.failed) {
            reading_damage(p->r, at.origin, (int64_t)at.len, FACT_UNKNOWN_INT, "Photoshop resources in %s are cut off",
                           block_name);
            return;
        }
        if (length & 1 && c.rest.len > 0)
            cursor_skip(&c, 1);
        if (id == 0x0404)
            iptc_read(p, body, block_name);
        else if (id == 0x0424)
            photo_read_xmp(p, pieces_one(body), block_name);
    }
    if (c.rest.len > 1)
        photo_unread(p, c.rest.origin, c.rest.len, "bytes behind the Photoshop resources in %s", block_name);
}
