/* What is plain: text, small numbers, pictures; and how likely a byte is to stand in text. */
#include "leak/xor_text.h"

#include <string.h>

static bool printable(uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

/* How much more often a byte stands in JSON and the like than among all bytes: rough half bits. */
int xor_commonness(uint8_t c)
{
    static const int8_t common[128] = {
        XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, 2, 5, XOR_NEVER, XOR_NEVER, 2, XOR_NEVER, XOR_NEVER,
        XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER, XOR_NEVER,
        /* space ! " # $ % & ' ( ) * + , - . / */
        10, -2, 10, -2, -2, 2, 5, -2, 2, 2, -2, 2, 8, 8, 10, 5,
        /* 0 to 9 : ; < = > ? */
        11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 8, 2, 5, 5, 5, -2,
        /* @ A to O */
        -2, 2, 2, 2, 2, 6, 2, 2, 2, 2, 2, 2, 2, 2, 6, 2,
        /* P to Z [ \ ] ^ _ */
        2, 2, 2, 6, 6, 2, 2, 6, 2, 2, 6, 5, -2, 5, -2, 6,
        /* ` a to o */
        -2, 10, 6, 8, 10, 10, 6, 8, 8, 10, 2, 5, 10, 8, 10, 10,
        /* p to z { | } ~ */
        8, 2, 10, 10, 10, 10, 5, 5, 2, 6, 2, 5, -2, 5, -2, XOR_NEVER,
    };

    if (c < sizeof common)
        return common[c];
    return c == 0xc2 || c == 0xb0 ? 0 : XOR_NEVER; /* the degree sign, in UTF-8 and alone */
}

/* JPEG, PNG, TIFF either way, and boxes of MP4 and HEIF. */
static bool begins_as_picture(const uint8_t *at, size_t len)
{
    static const struct {
        uint8_t offset, len;
        char bytes[8];
    } marks[] = { { 0, 3, "\xff\xd8\xff" }, { 0, 8, "\x89PNG\r\n\x1a\n" }, { 0, 4, "II*" }, { 0, 4, "MM\0*" },
                  { 4, 4, "ftyp" } };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= (size_t)marks[i].offset + marks[i].len &&
            memcmp(at + marks[i].offset, marks[i].bytes, marks[i].len) == 0)
            return true;
    return false;
}

bool xor_is_plain(const uint8_t *at, size_t len)
{
    enum { PLAIN_MEAN = 7 };
    size_t zeros = 0;
    long sum = 0;

    if (begins_as_picture(at, len))
        return true;
    for (size_t i = 0; i < len; i++) {
        zeros += at[i] == 0 && i > 0 && at[i - 1] == 0;
        sum += xor_commonness(at[i]);
    }
    return zeros > 1 + len / 48 || sum >= PLAIN_MEAN * (long)len;
}

bool xor_plain_inside(const uint8_t *at, size_t len)
{
    for (size_t i = 0; i + XOR_LOOK_BYTES <= len; i += XOR_LOOK_BYTES / 2)
        if (xor_is_plain(at + i, XOR_LOOK_BYTES))
            return true;
    return false;
}

uint16_t xor_plain_head(const uint8_t *at, size_t len)
{
    enum { HEAD_MIN = 5, REST_MIN = 16 };
    size_t n = 0;

    while (n < len && printable(at[n]))
        n++;
    return n >= HEAD_MIN && n + REST_MIN <= len ? (uint16_t)n : 0;
}

/* Bytes of a key that are zero leave what they meet as it is.  Most of them zero is no key, but
 * plain bytes with a little noise; one in eight may be. */
bool xor_is_key(const struct xor_key *key)
{
    size_t zeros = 0;

    for (size_t i = 0; i < key->len; i++)
        zeros += key->bytes[i] == 0;
    return zeros * 8 <= key->len;
}

bool xor_key_reads(const struct xor_key *key, const uint8_t *at, size_t len)
{
    const size_t plain = xor_plain_head(at, len);
    size_t text = 0;

    for (size_t i = plain; i < len; i++)
        text += xor_commonness(at[i] ^ key->bytes[i % key->len]) > XOR_NEVER;
    return text * 8 >= (len - plain) * 7;
}
