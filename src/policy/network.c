#include "policy/network.h"

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

static bool in_any(const char *const *networks, const struct network *address)
{
    for (; *networks; networks++) {
        struct network n;
        if (network_parse(text_of(*networks), &n) && network_holds(&n, address))
            return true;
    }
    return false;
}

bool network_is_private(const struct network *address)
{
    /* RFC 1918, 6598, 3927, 5735 (loopback); RFC 4193, 4291 */
    static const char *const networks[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
        "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1", NULL };

    return in_any(networks, address);
}

bool network_is_group(const struct network *address)
{
    static const char *const networks[] = { "224.0.0.0/4", "255.255.255.255", "ff00::/8", NULL };

    return in_any(networks, address);
}
