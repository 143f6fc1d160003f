#include "protocol/mavlink_frame.h"

#include <string.h>

#include "base/crc16.h"

enum { HEAD_1 = 6, HEAD_2 = 10, CHECK = 2, SIGNED = 1, SIGNATURE = 13, CRC_START = 0xffff };

const struct mavlink_message *mavlink_message_find(uint32_t id)
{
    enum { SMALL_IDS = 512 };
    static const struct mavlink_message *small[SMALL_IDS];
    size_t low = 0, high = mavlink_message_count;

    if (!small[0])
        for (size_t i = 0; i < mavlink_message_count; i++)
            if (mavlink_messages[i].id < SMALL_IDS)
                small[mavlink_messages[i].id] = &mavlink_messages[i];
    if (id < SMALL_IDS)
        return small[id];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (mavlink_messages[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < mavlink_message_count && mavlink_messages[low].id == id ? &mavlink_messages[low] : NULL;
}

bool mavlink_frame_read(struct bytes from, struct mavlink_frame *ret)
{
    const uint8_t *p = from.at;

    if (from.len < MAVLINK_FRAME_MIN || (p[0] != MAVLINK_MAGIC_1 && p[0] != MAVLINK_MAGIC_2))
        return false;
    const bool second = p[0] == MAVLINK_MAGIC_2;
    const size_t head = second ? HEAD_2 : HEAD_1;
    const bool is_signed = second && p[2] & SIGNED;
    const size_t len = head + p[1] + CHECK + (is_signed ? SIGNATURE : 0);
    if (len > from.len)
        return false;
    struct cursor c = cursor_over(bytes_part(from, second ? 4 : 2, UINT64_MAX));
    struct mavlink_frame f = { .version = second ? 2 : 1, .is_signed = is_signed };
    f.sequence = cursor_u8(&c);
    f.system = cursor_u8(&c);
    f.component = cursor_u8(&c);
    f.id = (uint32_t)cursor_uint_le(&c, second ? 3 : 1);
    f.payload = cursor_take(&c, p[1]);
    const uint16_t check = cursor_u16le(&c);
    f.whole = bytes_part(from, 0, len);
    f.message = mavlink_message_find(f.id);
    const bool understood = !second || !(p[2] & ~SIGNED); /* any other incompatible flag changes what follows */
    f.good = f.message && understood && crc16_add_byte(crc16_add(CRC_START, p + 1, head - 1 + p[1]),
                                                       f.message->crc_extra) == check;
    *ret = f;
    return true;
}

void mavlink_payload_of(const struct mavlink_frame *f, struct mavlink_payload *ret)
{
    memcpy(ret->at, f->payload.at, f->payload.len);
    memset(ret->at + f->payload.len, 0, sizeof ret->at - f->payload.len);
}
