#include "packet/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

struct address address_of_ipv4(const uint8_t four[4])
{
    struct address a;

    address_set_ipv4(&a, four);
    return a;
}

bool address_is_ipv4(const struct address *a)
{
    return memcmp(a->at, mapped_prefix, 12) == 0;
}

static size_t put_ipv4(const uint8_t four[4], char *into)
{
    size_t len = 0;

    for (int i = 0; i < 4; i++) {
        unsigned v = four[i];
        const bool three = v >= 100, more = v >= 10;
        if (three) {
            into[len++] = (char)('0' + v / 100);
            v %= 100;
        }
        if (more)
            text_put_pair(into + len, v);
        else
            into[len] = (char)('0' + v);
        len += 1 + more;
        into[len++] = '.';
    }
    return len - 1;
}

static size_t put_hex16(unsigned value, char *into)
{
    size_t len = 0;

    for (int shift = 12; shift >= 0; shift -= 4)
        if (len > 0 || value >> shift || shift == 0)
            into[len++] = "0123456789abcdef"[value >> shift & 15];
    return len;
}

/* The longest run of two or more zero groups, the first of equal ones: RFC 5952, 4.2. */
static int longest_zeros(const unsigned group[8], int *ret_count)
{
    int best = -1, best_count = 1;

    for (int i = 0; i < 8; i++) {
        int count = 0;
        while (i + count < 8 && group[i + count] == 0)
            count++;
        if (count > best_count) {
            best = i;
            best_count = count;
        }
        i += count;
    }
    *ret_count = best < 0 ? 0 : best_count;
    return best;
}

/* As inet_ntop writes it, which prints each group by a format: addresses stand in every row. */
static size_t put_ipv6(const uint8_t a[16], char *into)
{
    unsigned group[8];
    int zeros;
    size_t len = 0;

    for (int i = 0; i < 8; i++)
        group[i] = (unsigned)a[2 * i] << 8 | a[2 * i + 1];
    const int from = longest_zeros(group, &zeros);
    /* ::192.0.2.1 and ::ffff:192.0.2.1 */
    const int groups = from == 0 && (zeros == 6 || (zeros == 5 && group[5] == 0xffff)) ? 6 : 8;
    for (int i = 0; i < groups; i++) {
        if (i == from) {
            into[len++] = ':';
            i += zeros - 1;
            if (i == 7)
                into[len++] = ':';
            continue;
        }
        if (i > 0)
            into[len++] = ':';
        len += put_hex16(group[i], into + len);
    }
    if (groups == 6) {
        into[len++] = ':';
        len += put_ipv4(a + 12, into + len);
    }
    return len;
}

static struct text terminated(char into[ADDRESS_TEXT_MAX], size_t len)
{
    into[len] = '\0';
    return (struct text){ .at = into, .len = len };
}

struct text address_text_ipv4(const uint8_t four[4], char into[ADDRESS_TEXT_MAX])
{
    return terminated(into, put_ipv4(four, into));
}

struct text address_text_ipv6(const uint8_t sixteen[16], char into[ADDRESS_TEXT_MAX])
{
    return terminated(into, put_ipv6(sixteen, into));
}

struct text address_text(const struct address *a, char into[ADDRESS_TEXT_MAX])
{
    return address_is_ipv4(a) ? address_text_ipv4(a->at + 12, into) : address_text_ipv6(a->at, into);
}

bool address_of_text(struct text t, struct address *ret)
{
    char copy[ADDRESS_TEXT_MAX];
    uint8_t four[4];

    if (!text_known(t) || t.len >= sizeof copy)
        return false;
    memcpy(copy, t.at, t.len);
    copy[t.len] = '\0';
    if (inet_pton(AF_INET, copy, four) == 1) {
        *ret = address_of_ipv4(four);
        return true;
    }
    struct address six;
    if (inet_pton(AF_INET6, copy, six.at) != 1)
        return false;
    *ret = six;
    return true;
}

struct text mac_text(const uint8_t mac[6], char into[MAC_TEXT_MAX])
{
    static const char digits[16] = "0123456789abcdef";

    for (int i = 0; i < 6; i++) {
        into[3 * i] = digits[mac[i] >> 4];
        into[3 * i + 1] = digits[mac[i] & 15];
        into[3 * i + 2] = ':';
    }
    into[17] = '\0';
    return (struct text){ .at = into, .len = 17 };
}

static enum address_scope scope_of_ipv4(const uint8_t *a)
{
    if ((a[0] >= 224 && a[0] < 240) || (a[0] == 255 && a[1] == 255 && a[2] == 255 && a[3] == 255))
        return ADDRESS_GROUP;
    if (a[0] == 10 || a[0] == 127 || a[0] == 0 || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
        (a[0] == 192 && a[1] == 168) || (a[0] == 169 && a[1] == 254))
        return ADDRESS_PRIVATE;
    if (a[0] == 100 && (a[1] & 0xc0) == 64)
        return ADDRESS_SHARED;
    return ADDRESS_PUBLIC;
}

enum address_scope address_scope(const struct address *a)
{
    static const uint8_t zeros[15];

    if (address_is_ipv4(a))
        return scope_of_ipv4(a->at + 12);
    if (a->at[0] == 0xff)
        return ADDRESS_GROUP;
    if ((a->at[0] & 0xfe) == 0xfc || (a->at[0] == 0xfe && (a->at[1] & 0xc0) == 0x80))
        return ADDRESS_PRIVATE;
    if (memcmp(a->at, zeros, 15) == 0 && a->at[15] <= 1)
        return ADDRESS_PRIVATE; /* :: and ::1 */
    return ADDRESS_PUBLIC;
}

bool address_in(const struct address *a, const uint8_t prefix[16], unsigned bits)
{
    if (bits > 128)
        return false;
    const unsigned whole = bits / 8, left = bits % 8;
    if (memcmp(a->at, prefix, whole) != 0)
        return false;
    return left == 0 || ((a->at[whole] ^ prefix[whole]) >> (8 - left)) == 0;
}
