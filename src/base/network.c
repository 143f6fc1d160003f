#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

bool network_address(struct text t, struct network *ret)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    char text[INET6_ADDRSTRLEN];
    struct network n = { .length_bits = 128 };
    const char *zone = t.len ? memchr(t.at, '%', t.len) : NULL;

    if (zone)
        t.len = (size_t)(zone - t.at);
    if (t.len == 0 || t.len >= sizeof text)
        return false;
    memcpy(text, t.at, t.len);
    text[t.len] = 0;
    if (inet_pton(AF_INET, text, n.address + 12) == 1)
        memcpy(n.address, mapped, sizeof mapped);
    else if (inet_pton(AF_INET6, text, n.address) != 1)
        return false;
    *ret = n;
    return true;
}

static bool bit(const struct network *n, int at)
{
    return n->address[at / 8] >> (7 - at % 8) & 1;
}

bool network_parse(struct text t, struct network *ret)
{
    const char *slash = t.len ? memchr(t.at, '/', t.len) : NULL;
    struct network n;
    int64_t length;

    if (!slash)
        return network_address(t, ret);
    const size_t before = (size_t)(slash - t.at);
    const bool v6 = memchr(t.at, ':', before);
    if (!network_address((struct text){ .at = t.at, .len = before }, &n) ||
        !text_to_int((struct text){ .at = slash + 1, .len = t.len - before - 1 }, 0, v6 ? 128 : 32, &length))
        return false;
    n.length_bits = (int)length + (v6 ? 0 : 96);
    for (int i = n.length_bits; i < 128; i++)
        if (bit(&n, i))
            return false;
    *ret = n;
    return true;
}

bool network_holds(const struct network *n, const struct network *address)
{
    const int whole = n->length_bits / 8, rest = n->length_bits % 8;

    if (memcmp(n->address, address->address, (size_t)whole))
        return false;
    return !rest || (n->address[whole] ^ address->address[whole]) >> (8 - rest) == 0;
}

struct prefix { uint8_t bytes[16]; int bits; };

/* One look-up per packet-sized row: no text is parsed here. */
static bool in_any(const struct prefix *prefixes, size_t count, const struct network *address)
{
    for (size_t i = 0; i < count; i++) {
        struct network n = { .length_bits = prefixes[i].bits };
        memcpy(n.address, prefixes[i].bytes, sizeof n.address);
        if (network_holds(&n, address))
            return true;
    }
    return false;
}

#define V4(a, b, bits) { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b }, 96 + (bits) }
#define V6(a, b, bits) { { a, b }, bits }

bool network_is_private(const struct network *address)
{
    /* RFC 1918, 6598, 3927, 1122 (loopback); RFC 4193, 4291 */
    static const struct prefix prefixes[] = {
        V4(10, 0, 8), V4(172, 16, 12), V4(192, 168, 16), V4(100, 64, 10), V4(169, 254, 16), V4(127, 0, 8),
        V6(0xfc, 0, 7), V6(0xfe, 0x80, 10), { { [15] = 1 }, 128 },
    };

    return in_any(prefixes, sizeof prefixes / sizeof prefixes[0], address);
}

bool network_is_group(const struct network *address)
{
    static const struct prefix prefixes[] = { V4(224, 0, 4), V6(0xff, 0, 8),
        { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 128 } };

    return in_any(prefixes, sizeof prefixes / sizeof prefixes[0], address);
}

bool network_name_is_local(struct text name)
{
    /* RFC 6761, 6762, 8375, 9476, ICANN's "internal", and what home routers use. */
    static const char *const endings[] = { ".local", ".localhost", ".internal", ".home.arpa", ".lan", ".home", ".alt",
                                           ".localdomain" };

    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    if (name.len == 0 || !memchr(name.at, '.', name.len))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const struct text ending = text_of(endings[i]);
        if (name.len > ending.len &&
            text_equal_ignoring_case((struct text){ .at = name.at + name.len - ending.len, .len = ending.len }, ending))
            return true;
    }
    return false;
}

/* RFC 1035, 2.3.4: 63 characters a label, 253 in all as text. */
enum { NAME_MAX_CHARS = 253, LABEL_MAX_CHARS = 63 };

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool network_name_is_plain(struct text t)
{
    size_t label = 0;
    bool number = true; /* of the last label: RFC 3696 knows no such top level, and programs take it for an address */

    if (t.len == 0 || t.len > NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '.' ? label == 0 : !is_name_character(t.at[i]))
            return false;
        label = t.at[i] == '.' ? 0 : label + 1;
        number = label == 0 || (number && t.at[i] >= '0' && t.at[i] <= '9');
        if (label > LABEL_MAX_CHARS)
            return false;
    }
    return label > 0 && !number;
}
