#ifndef LEASH_PACKET_ADDRESS_H
#define LEASH_PACKET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* An IP address; IPv4 as ::ffff:a.b.c.d. */
struct address {
    uint8_t at[16];
};

enum { ADDRESS_TEXT_MAX = 46, MAC_TEXT_MAX = 18 };

struct address address_of_ipv4(const uint8_t four[4]);
bool address_is_ipv4(const struct address *a);

/* Both write and read an address as two halves: the processor cannot load as a whole, without waiting, what was stored
 * in halves a moment ago, and each packet's addresses are. */
static inline void address_set_ipv4(struct address *a, const uint8_t four[4])
{
    static const uint8_t zero[8], mapped[4] = { 0, 0, 0xff, 0xff };
    uint8_t high[8];

    memcpy(high, mapped, sizeof mapped);
    memcpy(high + 4, four, 4);
    memcpy(a->at, zero, sizeof zero);
    memcpy(a->at + 8, high, sizeof high);
}
static inline void address_copy(struct address *to, const struct address *from)
{
    uint64_t half;

    memcpy(&half, from->at, sizeof half);
    memcpy(to->at, &half, sizeof half);
    memcpy(&half, from->at + 8, sizeof half);
    memcpy(to->at + 8, &half, sizeof half);
}
/* Below zero, zero, above: as memcmp orders them. */
static inline int address_order(const struct address *a, const struct address *b)
{
    uint64_t x[2], y[2];

    memcpy(x, a->at, sizeof x);
    memcpy(y, b->at, sizeof y);
    const int half = x[0] == y[0];
    if (x[half] == y[half])
        return 0;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return __builtin_bswap64(x[half]) > __builtin_bswap64(y[half]) ? 1 : -1;
    return x[half] > y[half] ? 1 : -1;
}

/* Dotted decimal, or IPv6 as RFC 5952 writes it; the result points into `into`. */
struct text address_text(const struct address *a, char into[ADDRESS_TEXT_MAX]);
/* The same of bytes as they stand: a mapped IPv4 address is one of IPv6 here (::ffff:192.0.2.1). */
struct text address_text_ipv4(const uint8_t four[4], char into[ADDRESS_TEXT_MAX]);
struct text address_text_ipv6(const uint8_t sixteen[16], char into[ADDRESS_TEXT_MAX]);
/* Either text form; false leaves `ret` alone. */
__attribute__((warn_unused_result)) bool address_of_text(struct text t, struct address *ret);
/* Lower-case hex with colons. */
struct text mac_text(const uint8_t mac[6], char into[MAC_TEXT_MAX]);

enum address_scope {
    ADDRESS_PUBLIC,
    ADDRESS_SHARED,    /* 100.64.0.0/10, between a carrier and its customers (RFC 6598) */
    ADDRESS_PRIVATE,   /* RFC 1918, RFC 4193, link-local, loopback, unspecified */
    ADDRESS_GROUP,     /* multicast and the limited broadcast */
};
enum address_scope address_scope(const struct address *a);

/* Whether the first `bits` bits are the same. */
bool address_in(const struct address *a, const uint8_t prefix[16], unsigned bits);

#endif
