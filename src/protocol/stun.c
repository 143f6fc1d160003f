#include "protocol/stun.h"

enum { MAGIC_COOKIE = 0x2112a442, ATTRIBUTE_HEADER = 4 };
enum attribute { XOR_PEER_ADDRESS = 0x0012, REALM = 0x0014, SOFTWARE = 0x8022 };

/* RFC 8489, 14.2: the address is mixed with the cookie and, for IPv6, the transaction id. */
static void peer_address(struct bytes value, struct bytes cookie_and_id, struct stun_message *ret)
{
    enum { IPV4 = 1, IPV6 = 2 };
    struct cursor c = cursor_over(value);

    cursor_skip(&c, 1);
    const uint8_t family = cursor_u8(&c);
    const uint16_t port = (uint16_t)(cursor_u16be(&c) ^ MAGIC_COOKIE >> 16);
    const size_t width = family == IPV4 ? 4 : family == IPV6 ? 16 : 0;
    const struct bytes address = cursor_take(&c, width);
    if (c.failed || width == 0)
        return;
    for (size_t i = 0; i < width; i++)
        ret->peer_room[i] = address.at[i] ^ cookie_and_id.at[i];
    ret->peer = (struct bytes){ .at = ret->peer_room, .len = width };
    ret->peer_port = port;
}

enum parse_status stun_parse(struct bytes b, struct stun_message *ret)
{
    struct cursor c = cursor_over(b);

    *ret = (struct stun_message){ .realm = TEXT_UNKNOWN, .software = TEXT_UNKNOWN };
    const uint16_t type = cursor_u16be(&c), length = cursor_u16be(&c);
    const struct bytes cookie_and_id = cursor_take(&c, STUN_HEADER - 4);
    if (b.len > 0 && b.at[0] >> 6 != 0)
        return PARSE_INVALID;
    if (c.failed)
        return PARSE_TRUNCATED;
    struct cursor id = cursor_over(cookie_and_id);
    if (cursor_u32be(&id) != MAGIC_COOKIE || length % 4 != 0)
        return PARSE_INVALID;
    /* The class's two bits lie inside the method's (RFC 8489, 5, figure 3). */
    ret->class = (enum stun_class)((type >> 4 & 1) | (type >> 7 & 2));
    ret->method = (uint16_t)((type & 0x000f) | (type >> 1 & 0x0070) | (type >> 2 & 0x0f80));
    ret->length = STUN_HEADER + (size_t)length;
    const bool cut = c.rest.len < length;
    struct cursor walk = cursor_over(bytes_part(c.rest, 0, length));
    while (walk.rest.len >= ATTRIBUTE_HEADER) {
        const uint16_t attribute = cursor_u16be(&walk), bytes = cursor_u16be(&walk);
        const struct bytes value = cursor_take(&walk, bytes);
        if (walk.failed)
            break;
        if (attribute == REALM)
            ret->realm = text_of_bytes(value);
        else if (attribute == SOFTWARE)
            ret->software = text_of_bytes(value);
        else if (attribute == XOR_PEER_ADDRESS)
            peer_address(value, cookie_and_id, ret);
        cursor_skip(&walk, (size_t)(-bytes & 3) < walk.rest.len ? (size_t)(-bytes & 3) : walk.rest.len);
    }
    return cut ? PARSE_TRUNCATED : PARSE_OK;
}

bool turn_channel_data(struct bytes b, struct bytes *ret_content, size_t *ret_length)
{
    enum { FIRST = 0x4000, LAST = 0x4fff };
    struct cursor c = cursor_over(b);
    const uint16_t channel = cursor_u16be(&c), length = cursor_u16be(&c);

    if (c.failed || channel < FIRST || channel > LAST)
        return false;
    *ret_content = bytes_part(c.rest, 0, length);
    *ret_length = TURN_CHANNEL_HEADER + (size_t)length;
    return true;
}
