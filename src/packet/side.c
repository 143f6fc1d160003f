#include "packet/side.h"

#include <string.h>

enum { DHCP_SERVER_PORT = 67, DHCP_CLIENT_PORT = 68, BOOTREPLY = 2 };

/* How surely an end is the device's; the higher rank is `src`. */
enum rank { RANK_GROUP, RANK_PUBLIC, RANK_SHARED, RANK_PRIVATE, RANK_GIVEN };

void sides_init(struct sides *s, const struct reading_options *options)
{
    s->options = options;
    s->dhcp_client_count = 0;
}

static bool is_dhcp_client(const struct sides *s, const struct address *a)
{
    for (int i = 0; i < s->dhcp_client_count; i++)
        if (memcmp(&s->dhcp_clients[i], a, sizeof *a) == 0)
            return true;
    return false;
}

static void learn_client(struct sides *s, const struct address *a)
{
    static const uint8_t zeros[4];

    if (memcmp(a->at + 12, zeros, 4) != 0 && address_scope(a) != ADDRESS_GROUP &&
        s->dhcp_client_count < DHCP_CLIENTS_MAX && !is_dhcp_client(s, a))
        s->dhcp_clients[s->dhcp_client_count++] = *a;
}

void sides_see_dhcp(struct sides *s, const struct address *src, uint16_t src_port, uint16_t dst_port,
                    struct bytes datagram)
{
    struct cursor c = cursor_over(datagram);

    if (!address_is_ipv4(src))
        return;
    if (src_port == DHCP_CLIENT_PORT && dst_port == DHCP_SERVER_PORT) {
        learn_client(s, src); /* renewing: it has its address already */
        return;
    }
    if (src_port != DHCP_SERVER_PORT || dst_port != DHCP_CLIENT_PORT)
        return;
    const uint8_t op = cursor_u8(&c);
    cursor_skip(&c, 15);
    const struct bytes yiaddr = cursor_take(&c, 4);
    if (c.failed || op != BOOTREPLY)
        return;
    const struct address given = address_of_ipv4(yiaddr.at);
    learn_client(s, &given);
}

static bool is_given(const struct sides *s, const struct address *a, const uint8_t *mac)
{
    for (size_t i = 0; i < s->options->local_prefix_count; i++)
        if (address_in(a, s->options->local_prefixes[i].address, s->options->local_prefixes[i].length_bits))
            return true;
    for (size_t i = 0; mac && i < s->options->local_mac_count; i++)
        if (memcmp(s->options->local_macs[i], mac, 6) == 0)
            return true;
    return false;
}

static enum rank rank(const struct sides *s, const struct address *a, const uint8_t *mac)
{
    if (is_given(s, a, mac))
        return RANK_GIVEN;
    switch (address_scope(a)) {
    case ADDRESS_PUBLIC:
        return RANK_PUBLIC;
    case ADDRESS_SHARED:
        return RANK_SHARED;
    case ADDRESS_PRIVATE:
        /* A private address behind a group's hardware address is a subnet's broadcast. */
        return mac && (mac[0] & 1) ? RANK_GROUP : RANK_PRIVATE;
    case ADDRESS_GROUP:
        break;
    }
    return RANK_GROUP;
}

static bool is_server_port(uint16_t port)
{
    return port == 443 || port == 80 || port == 53 || port == 853 || port == 8883 || port == 1883 || port == 123 ||
           port == 22 || port == 21 || port == 25 || port == 8080;
}

static bool sender_opened(const struct first_packet *p)
{
    if (p->opening != OPENING_UNKNOWN)
        return p->opening == OPENING_BY_SENDER;
    return !(is_server_port(p->src_port) && !is_server_port(p->dst_port));
}

struct orientation sides_orient(const struct sides *s, const struct first_packet *p)
{
    const enum rank src = rank(s, &p->src, p->src_mac), dst = rank(s, &p->dst, p->dst_mac);
    const bool src_dhcp = is_dhcp_client(s, &p->src), dst_dhcp = is_dhcp_client(s, &p->dst);
    struct orientation o = { .sender_is_client = sender_opened(p) };

    if (src != dst)
        o.sender_is_out = src > dst;
    else if (src_dhcp != dst_dhcp)
        o.sender_is_out = src_dhcp;
    else
        o.sender_is_out = o.sender_is_client;
    o.local = src != RANK_PUBLIC && src != RANK_SHARED && dst != RANK_PUBLIC && dst != RANK_SHARED;
    return o;
}
