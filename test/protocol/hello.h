#ifndef LEASH_TEST_PROTOCOL_HELLO_H
#define LEASH_TEST_PROTOCOL_HELLO_H

#include "build.h"

/* A ClientHello like that of a browser, with GREASE: the one of the example in JA4.md, whose
 * fingerprint is HELLO_JA4, for the name "drone.example".  HELLO_JA3 is the MD5 of
 *   771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,
 *   0-23-65281-10-11-35-16-5-13-18-51-45-43-27-17513-21,29-23-24,0
 * (on one line), worked out outside leash. */
#define HELLO_JA4_TAIL "13d1516h2_8daaf6152771_e5627efa2ab1"
#define HELLO_JA3      "cd08e31494f9531f560d64c695473da9"

static inline void put_list(struct buffer *b, const uint16_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_uint(b, values[i], 2);
}

/* Adds the message with its 4-byte header; `padding` bytes in the padding extension. */
static inline void put_client_hello(struct buffer *b, size_t padding)
{
    static const uint16_t ciphers[] = {
        0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
        0x002f, 0x0035,
    };
    static const uint16_t extensions[] = {
        0x1a1a, 0x0000, 0x0017, 0xff01, 0x000a, 0x000b, 0x0023, 0x0010, 0x0005, 0x000d, 0x0012, 0x0033, 0x002d, 0x002b,
        0x001b, 0x4469, 0xfafa, 0x0015,
    };
    static const uint16_t signatures[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601 };
    static const uint16_t groups[] = { 0x2a2a, 0x001d, 0x0017, 0x0018 };
    static const uint16_t versions[] = { 0x5a5a, 0x0304, 0x0303 };
    size_t inner, list;

    buffer_add_u8(b, 1);
    const size_t message = length_begin(b, 3);
    put_uint(b, 0x0303, 2);
    for (int i = 0; i < 32; i++)
        buffer_add_u8(b, (uint8_t)i);
    inner = length_begin(b, 1);
    put_uint(b, 0x1122334455667788, 8);
    length_end(b, inner, 1);
    inner = length_begin(b, 2);
    put_list(b, ciphers, sizeof ciphers / sizeof *ciphers);
    length_end(b, inner, 2);
    put_uint(b, 0x0100, 2); /* no compression */
    const size_t all = length_begin(b, 2);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        put_uint(b, extensions[i], 2);
        const size_t at = length_begin(b, 2);
        switch (extensions[i]) {
        case 0x0000:
            list = length_begin(b, 2);
            buffer_add_u8(b, 0);
            inner = length_begin(b, 2);
            put_text(b, "drone.example");
            length_end(b, inner, 2);
            length_end(b, list, 2);
            break;
        case 0x0010:
            list = length_begin(b, 2);
            put_text(b, "\x02h2\x08http/1.1");
            length_end(b, list, 2);
            break;
        case 0x000a:
            list = length_begin(b, 2);
            put_list(b, groups, 4);
            length_end(b, list, 2);
            break;
        case 0x000b:
            put_uint(b, 0x0100, 2);
            break;
        case 0x000d:
            list = length_begin(b, 2);
            put_list(b, signatures, 8);
            length_end(b, list, 2);
            break;
        case 0x002b:
            list = length_begin(b, 1);
            put_list(b, versions, 3);
            length_end(b, list, 1);
            break;
        case 0x0015:
            for (size_t k = 0; k < padding; k++)
                buffer_add_u8(b, 0);
            break;
        default:
            break;
        }
        length_end(b, at, 2);
    }
    length_end(b, all, 2);
    length_end(b, message, 3);
}

/* The same in a record of TLS. */
static inline void put_hello_record(struct buffer *b)
{
    put_uint(b, 0x160301, 3);
    const size_t at = length_begin(b, 2);
    put_client_hello(b, 0);
    length_end(b, at, 2);
}

#endif
