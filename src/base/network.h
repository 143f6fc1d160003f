#ifndef LEASH_BASE_NETWORK_H
#define LEASH_BASE_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Addresses and prefixes as policies write them and rules compare them. */
struct network {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
    int length_bits;     /* 0..128; IPv4 prefixes count from bit 96 */
};

/* "192.0.2.1", "2001:db8::1"; a zone ("%eth0") is left out.  False leaves *ret alone. */
__attribute__((warn_unused_result)) bool network_address(struct text t, struct network *ret);
/* An address, or ADDRESS/LENGTH with no bits set behind the length. */
__attribute__((warn_unused_result)) bool network_parse(struct text t, struct network *ret);

bool network_holds(const struct network *n, const struct network *address);
/* Private, shared, link-local or unique-local: not routed on the internet. */
bool network_is_private(const struct network *address);
/* Multicast or broadcast. */
bool network_is_group(const struct network *address);

/* A host name of lower-case letters, digits, hyphens, underscores and dots, of lengths that the DNS allows, whose last
 * label is no number: what can stand in zone files, patterns and lists as it is. */
bool network_name_is_plain(struct text name);

/* A host name that the public DNS does not have: one of the local network.  A name without a dot is one, too; a dot
 * at the end does not count, nor the case of letters. */
bool network_name_is_local(struct text name);

#endif
