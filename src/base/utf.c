#include "base/utf.h"

size_t utf8_put(char into[UTF8_MAX], uint32_t c)
{
    if (c < 0x80) {
        into[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        into[0] = (char)(0xc0 | c >> 6);
        into[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        into[0] = (char)(0xe0 | c >> 12);
        into[1] = (char)(0x80 | (c >> 6 & 0x3f));
        into[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    into[0] = (char)(0xf0 | c >> 18);
    into[1] = (char)(0x80 | (c >> 12 & 0x3f));
    into[2] = (char)(0x80 | (c >> 6 & 0x3f));
    into[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static uint32_t unit_at(struct bytes from, size_t i, bool big_endian)
{
    const uint8_t a = from.at[i], b = from.at[i + 1];

    return big_endian ? b | (uint32_t)a << 8 : a | (uint32_t)b << 8;
}

size_t utf16_to_utf8(struct bytes from, bool big_endian, char *into, size_t room)
{
    size_t len = 0;

    for (size_t i = 0; i + 2 <= from.len && len + UTF8_MAX <= room; i += 2) {
        uint32_t c = unit_at(from, i, big_endian);
        if (c >= 0xd800 && c < 0xdc00 && i + 4 <= from.len) {
            const uint32_t low = unit_at(from, i + 2, big_endian);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (c >= 0xd800 && c < 0xe000)
            c = 0xfffd;
        len += utf8_put(into + len, c);
    }
    return len;
}

size_t utf16_bytes_of(const char *utf8, size_t len)
{
    size_t bytes = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)utf8[i];
        if (c < 0x80 || c >= 0xc0)
            bytes += c >= 0xf0 ? 4 : 2;
    }
    return bytes;
}
