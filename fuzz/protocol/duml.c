#include <stdlib.h>
#include <string.h>

#include "conversation.h"
#include "protocol/duml.h"

/* No fuzzer finds a frame whose checks are right: what the input gives as payloads is framed here.  The first byte
 * chooses:
 * 0, 1: the conversation as it is, over TCP and UDP; else frames, each 3 bytes (kind, set, command), a length and the
 * payload. */
static uint16_t check(const uint8_t *at, size_t len, uint16_t crc, uint16_t polynomial)
{
    for (size_t i = 0; i < 8 * len; i++)
        crc = (uint16_t)(crc >> 1 ^ (((crc ^ at[i / 8] >> i % 8) & 1) ? polynomial : 0));
    return crc;
}

static size_t frame(struct cursor *c, uint8_t into[DUML_FRAME_MAX])
{
    const struct bytes command = cursor_take(c, 3);
    const size_t wanted = cursor_u8(c);
    if (c->failed)
        return 0;
    const struct bytes payload = cursor_take(c, wanted < c->rest.len ? wanted : c->rest.len);
    const size_t length = DUML_HEADER + payload.len + DUML_CHECK;

    into[0] = 0x55;
    into[1] = (uint8_t)length;
    into[2] = (uint8_t)(length >> 8 | 1 << 2);
    into[3] = (uint8_t)check(into, 3, 0x77, 0x8c);
    memset(into + 4, 1, 4);
    memcpy(into + 8, command.at, 3);
    if (payload.len)
        memcpy(into + DUML_HEADER, payload.at, payload.len);
    const uint16_t crc = check(into, length - DUML_CHECK, 0x3692, 0x8408);
    into[length - 2] = (uint8_t)crc;
    into[length - 1] = (uint8_t)(crc >> 8);
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fake_conversation fake;
    uint8_t made[DUML_FRAME_MAX];

    if (size == 0)
        return 0;
    if (data[0] < 2) {
        fuzz_conversation(&duml_protocol, data[0] == 0, 9000, data + 1, size - 1);
        return 0;
    }
    struct cursor c = cursor_over((struct bytes){ .at = data + 1, .len = size - 1 });
    fake_begin(&fake, &duml_protocol, fuzz_sink(size + DUML_FRAME_MAX), data[0] & 1, 9000);
    for (size_t length = frame(&c, made); length > 0; length = frame(&c, made)) {
        const struct bytes b = { .at = made, .len = length };
        if (data[0] & 1)
            fake_stream(&fake, DIRECTION_OUT, b, data[0] >> 4);
        else
            fake_datagram(&fake, DIRECTION_OUT, b);
        if (!fake.recognised)
            abort(); /* the frame's checks are right */
    }
    fake_end(&fake);
    fake_done(&fake);
    return 0;
}
