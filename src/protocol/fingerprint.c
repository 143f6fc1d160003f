#include "protocol/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"

enum {
    TEXT_MAX = 1 << 20,     /* three vectors of 64 KiB as decimals, and to spare */
    PART_HEX = 12,
};

static void add_decimal(struct buffer *to, bool first, uint16_t value)
{
    char digits[TEXT_INT_MAX];

    if (!first)
        buffer_add_u8(to, '-');
    buffer_add(to, digits, text_put_int(digits, value));
}

/* Values separated by '-', GREASE left out. */
static void add_decimals(struct buffer *to, struct bytes list, size_t width)
{
    struct cursor c = cursor_over(list);
    bool first = true;

    while (c.rest.len >= width) {
        const uint16_t value = (uint16_t)cursor_uint_be(&c, width);
        if (width == 2 && tls_grease(value))
            continue;
        add_decimal(to, first, value);
        first = false;
    }
}

struct text ja3_of(const struct tls_client_hello *h, char into[JA3_TEXT_LEN])
{
    struct cursor c = cursor_over(h->extensions);
    struct buffer text;
    struct bytes data;
    uint8_t digest[MD5_BYTES];
    uint16_t type;
    bool first = true;

    buffer_init(&text, TEXT_MAX);
    add_decimal(&text, true, h->legacy_version);
    buffer_add_u8(&text, ',');
    add_decimals(&text, h->cipher_suites, 2);
    buffer_add_u8(&text, ',');
    while (tls_extension_next(&c, &type, &data)) {
        if (tls_grease(type))
            continue;
        add_decimal(&text, first, type);
        first = false;
    }
    buffer_add_u8(&text, ',');
    add_decimals(&text, h->supported_groups, 2);
    buffer_add_u8(&text, ',');
    add_decimals(&text, h->point_formats, 1);

    md5_of((struct bytes){ .at = text.at, .len = text.len }, digest);
    buffer_done(&text);
    hash_hex(digest, MD5_BYTES, into);
    return (struct text){ .at = into, .len = JA3_TEXT_LEN };
}

struct values {
    uint16_t *at;
    size_t count;
};

static struct values values_of(struct bytes list)
{
    struct values v = { .at = memory_alloc_array(list.len / 2, sizeof *v.at) };
    struct cursor c = cursor_over(list);

    while (c.rest.len >= 2) {
        const uint16_t value = cursor_u16be(&c);
        if (!tls_grease(value))
            v.at[v.count++] = value;
    }
    return v;
}

static struct values extension_types(struct bytes extensions)
{
    struct values v = { .at = memory_alloc_array(extensions.len / 4, sizeof *v.at) };
    struct cursor c = cursor_over(extensions);
    struct bytes data;
    uint16_t type;

    while (tls_extension_next(&c, &type, &data))
        if (!tls_grease(type))
            v.at[v.count++] = type;
    return v;
}

static int by_value(const void *a, const void *b)
{
    const uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

    return x < y ? -1 : x > y;
}

/* A hello has a few dozen values: the library's sort, which asks for memory, is for made-up ones. */
static void sort(struct values v)
{
    enum { FEW = 64 };

    if (v.count > FEW) {
        qsort(v.at, v.count, sizeof *v.at, by_value);
        return;
    }
    for (size_t i = 1; i < v.count; i++) {
        const uint16_t value = v.at[i];
        size_t to = i;
        for (; to > 0 && v.at[to - 1] > value; to--)
            v.at[to] = v.at[to - 1];
        v.at[to] = value;
    }
}

static void add_hex_list(struct buffer *to, struct values v)
{
    for (size_t i = 0; i < v.count; i++) {
        const uint8_t two[2] = { (uint8_t)(v.at[i] >> 8), (uint8_t)v.at[i] };
        char hex[4];
        hash_hex(two, 2, hex);
        if (i)
            buffer_add_u8(to, ',');
        buffer_add(to, hex, sizeof hex);
    }
}

/* The first 12 hex digits of the text's SHA-256; zeros of no text. */
static void hash_part(struct buffer *text, char into[PART_HEX])
{
    uint8_t digest[SHA256_BYTES];

    if (text->len == 0) {
        memset(into, '0', PART_HEX);
        return;
    }
    sha256_of((struct bytes){ .at = text->at, .len = text->len }, digest);
    hash_hex(digest, PART_HEX / 2, into);
}

/* "The highest value", the specification says, and means numbers: of DTLS, which counts backwards, the oldest
 * version. */
static void version_characters(const struct tls_client_hello *h, char into[2])
{
    static const struct { uint16_t version; char text[3]; } known[] = {
        { 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" }, { 0x0301, "10" }, { 0x0300, "s3" }, { 0x0002, "s2" },
        { 0xfeff, "d1" }, { 0xfefd, "d2" }, { 0xfefc, "d3" },
    };
    struct cursor c = cursor_over(h->supported_versions);
    uint16_t highest = 0;

    while (c.rest.len >= 2) {
        const uint16_t version = cursor_u16be(&c);
        if (!tls_grease(version) && version > highest)
            highest = version;
    }
    if (highest == 0)
        highest = h->legacy_version;
    memcpy(into, "00", 2);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].version == highest)
            memcpy(into, known[i].text, 2);
}

static bool letter_or_digit(uint8_t b)
{
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

/* The first and last character of the first ALPN value, or of its hex form. */
static void alpn_characters(const struct tls_client_hello *h, char into[2])
{
    struct cursor c = cursor_over(h->alpn);
    const struct bytes name = cursor_take(&c, cursor_u8(&c));
    char hex[2];

    memcpy(into, "00", 2);
    if (name.len == 0)
        return;
    const uint8_t first = name.at[0], last = name.at[name.len - 1];
    if (letter_or_digit(first) && letter_or_digit(last)) {
        into[0] = (char)first;
        into[1] = (char)last;
        return;
    }
    hash_hex(&first, 1, hex);
    into[0] = hex[0];
    hash_hex(&last, 1, hex);
    into[1] = hex[1];
}

static void count_digits(size_t count, char into[2])
{
    const size_t shown = count > 99 ? 99 : count;

    into[0] = (char)('0' + shown / 10);
    into[1] = (char)('0' + shown % 10);
}

struct text ja4_of(const struct tls_client_hello *h, char transport, char into[JA4_TEXT_LEN])
{
    struct values ciphers = values_of(h->cipher_suites), extensions = extension_types(h->extensions);
    struct values signatures = values_of(h->signature_algorithms);
    struct buffer text;

    into[0] = transport;
    version_characters(h, into + 1);
    into[3] = h->has_server_name ? 'd' : 'i';
    count_digits(ciphers.count, into + 4);
    count_digits(extensions.count, into + 6);
    alpn_characters(h, into + 8);
    into[10] = '_';

    buffer_init(&text, TEXT_MAX);
    sort(ciphers);
    add_hex_list(&text, ciphers);
    hash_part(&text, into + 11);
    into[23] = '_';

    /* Name and ALPN say where the client goes, not what it is. */
    size_t kept = 0;
    for (size_t i = 0; i < extensions.count; i++)
        if (extensions.at[i] != TLS_SERVER_NAME && extensions.at[i] != TLS_ALPN)
            extensions.at[kept++] = extensions.at[i];
    extensions.count = kept;
    sort(extensions);
    buffer_clear(&text);
    add_hex_list(&text, extensions);
    if (signatures.count > 0) {
        buffer_add_u8(&text, '_');
        add_hex_list(&text, signatures);
    }
    hash_part(&text, into + 24);

    buffer_done(&text);
    free(ciphers.at);
    free(extensions.at);
    free(signatures.at);
    return (struct text){ .at = into, .len = JA4_TEXT_LEN };
}
