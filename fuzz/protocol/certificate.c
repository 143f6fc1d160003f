#include <stdlib.h>

#include "conversation.h"
#include "protocol/certificate.h"
#include "protocol/tls.h"

/* The input as a certificate, and as the first and second of the chain that a server shows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { SIZE_MAX_HERE = 8000, ARENA_BYTES = 1 << 20 };
    static const uint8_t hello[] = { 22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3 }, behind_random[] = { 0, 0xc0, 0x2b, 0 };
    static struct fake_conversation fake;
    const struct bytes der = { .at = data, .len = size };
    struct certificate certificate;
    struct buffer flight;

    if (size > SIZE_MAX_HERE)
        return 0;
    struct arena *arena = arena_new(ARENA_BYTES);
    if (certificate_parse(der, arena, &certificate) == PARSE_OK && certificate.whole.len > size)
        abort();
    arena_free(arena);

    const size_t list = 2 * (3 + size), message = 3 + list, record = 4 + message;
    buffer_init(&flight, 1 << 16);
    buffer_add(&flight, hello, sizeof hello);
    for (int i = 0; i < 32; i++)
        buffer_add_u8(&flight, 7);
    buffer_add(&flight, behind_random, sizeof behind_random);
    const uint8_t head[] = { 22, 3, 3, (uint8_t)(record >> 8), (uint8_t)record, 11, 0, (uint8_t)(message >> 8),
                             (uint8_t)message,
                             0, (uint8_t)(list >> 8), (uint8_t)list };
    buffer_add(&flight, head, sizeof head);
    for (int i = 0; i < 2; i++) {
        const uint8_t length[] = { 0, (uint8_t)(size >> 8), (uint8_t)size };
        buffer_add(&flight, length, sizeof length);
        buffer_add(&flight, data, size);
    }
    fake_begin(&fake, &tls_protocol, fuzz_sink(flight.len), true, 443);
    fake_stream(&fake, DIRECTION_IN, (struct bytes){ .at = flight.at, .len = flight.len }, 0);
    if (fake.ways[DIRECTION_IN].readable != flight.len)
        abort(); /* the chain must have been reached */
    fake_end(&fake);
    fake_done(&fake);
    buffer_done(&flight);
    return 0;
}
