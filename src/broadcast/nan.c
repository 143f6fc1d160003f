#include "broadcast/nan.h"

enum {
    ATTRIBUTE_SERVICE_DESCRIPTOR = 3,
    CONTROL_MATCHING_FILTER = 0x04, CONTROL_RESPONSE_FILTER = 0x08, CONTROL_SERVICE_INFO = 0x10,
    CONTROL_BINDING_BITMAP = 0x40,
};

/* Which optional fields are there is told by the control byte; they come in this order. */
static enum parse_status service_descriptor(struct bytes attribute, struct bytes *content_ret)
{
    static const uint8_t service[6] = { 0x88, 0x69, 0x19, 0x9d, 0x92, 0x09 };
    struct cursor c = cursor_over(attribute);
    const struct bytes id = cursor_take(&c, sizeof service);

    cursor_skip(&c, 2); /* instances */
    const uint8_t control = cursor_u8(&c);
    if (c.failed || !bytes_equal(id, service, sizeof service))
        return PARSE_INVALID;
    if (control & CONTROL_BINDING_BITMAP)
        cursor_skip(&c, 2);
    if (control & CONTROL_MATCHING_FILTER)
        cursor_skip(&c, cursor_u8(&c));
    if (control & CONTROL_RESPONSE_FILTER)
        cursor_skip(&c, cursor_u8(&c));
    if (!(control & CONTROL_SERVICE_INFO))
        return PARSE_INVALID;
    const uint8_t len = cursor_u8(&c);
    if (c.failed || c.rest.len == 0)
        return PARSE_TRUNCATED;
    *content_ret = bytes_part(c.rest, 0, len); /* what there is, where the frame was cut */
    return PARSE_OK;
}

enum parse_status nan_remote_id(struct bytes action_body, struct bytes *content_ret)
{
    /* Public action, vendor specific, Wi-Fi Alliance, NAN. */
    static const uint8_t head[] = { 0x04, 0x09, 0x50, 0x6f, 0x9a, 0x13 };

    if (!bytes_start_with(action_body, head, sizeof head))
        return PARSE_INVALID;
    struct cursor c = cursor_over(bytes_part(action_body, sizeof head, UINT64_MAX));
    while (c.rest.len > 0) {
        const uint8_t id = cursor_u8(&c);
        const uint16_t len = cursor_u16le(&c);
        const struct bytes attribute = bytes_part(c.rest, 0, c.failed ? 0 : len);
        if (id == ATTRIBUTE_SERVICE_DESCRIPTOR && service_descriptor(attribute, content_ret) == PARSE_OK)
            return PARSE_OK;
        cursor_skip(&c, len);
    }
    return PARSE_INVALID;
}
