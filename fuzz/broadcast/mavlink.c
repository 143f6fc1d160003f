#include <string.h>

#include "../../test/protocol/fake_conversation.h"
#include "broadcast/mavlink.h"
#include "support.h"

static const struct { uint32_t id; uint8_t extra; } messages[] = {
    { 12900, 114 }, { 12901, 254 }, { 12902, 140 }, { 12903, 249 }, { 12904, 77 }, { 12905, 49 }, { 12915, 94 }, { 0, 50 },
    { 12919, 7 },
    { 24, 24 }, { 33, 104 }, { 148, 178 }, { 242, 104 },
};

static uint16_t crc_add(uint16_t crc, uint8_t byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1);
    return crc;
}

/* Messages, each a byte that picks it, a length and a payload, in frames whose check sequences are
 * right: chance would never find one; over UDP, and the same over TCP.  A pick of 0xff is a datagram as it stands. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fake_conversation fake, stream;
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });

    fake_begin(&fake, &mavlink_protocol, fuzz_sink(size + 1024), false, 14550);
    fake_begin(&stream, &mavlink_protocol, fuzz_sink(size + 1024), true, 5760);
    while (c.rest.len > 0) {
        const uint8_t pick = cursor_u8(&c), length = cursor_u8(&c);
        const struct bytes payload = cursor_take(&c, length < c.rest.len ? length : c.rest.len);
        if (pick == 0xff) {
            fake_datagram(&fake, DIRECTION_OUT, payload);
            fake_stream(&stream, DIRECTION_IN, payload, 7);
            continue;
        }
        uint8_t frame[10 + 255 + 2] = { 0xfd, (uint8_t)payload.len, 0, 0, pick, 1, 1 };
        const size_t which = pick % (sizeof messages / sizeof *messages), end = 10 + payload.len;
        memcpy(frame + 7, &(uint8_t[]){ (uint8_t)messages[which].id, (uint8_t)(messages[which].id >> 8), 0 }, 3);
        if (payload.len)
            memcpy(frame + 10, payload.at, payload.len);
        uint16_t crc = 0xffff;
        for (size_t i = 1; i < end; i++)
            crc = crc_add(crc, frame[i]);
        crc = crc_add(crc, messages[which].extra);
        frame[end] = (uint8_t)crc;
        frame[end + 1] = (uint8_t)(crc >> 8);
        fake_datagram(&fake, DIRECTION_OUT, (struct bytes){ .at = frame, .len = end + 2 });
        fake_stream(&stream, DIRECTION_OUT, (struct bytes){ .at = frame, .len = end + 2 }, pick);
    }
    fake_end(&fake);
    fake_done(&fake);
    fake_end(&stream);
    fake_done(&stream);
    return 0;
}
