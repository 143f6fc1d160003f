#include "protocol/dhcp.h"

#include <stdio.h>
#include <string.h>

#include "packet/address.h"
#include "protocol/rows.h"

enum {
    PORT_SERVER = 67, PORT_CLIENT = 68, PORT6_CLIENT = 546, PORT6_SERVER = 547,
    BOOTREQUEST = 1, BOOTREPLY = 2, FIXED = 236, COOKIE = 0x63825363,
    CLIENTS_MAX = 64,      /* of one conversation that are told apart; all of a network share 0.0.0.0 */
    OPTIONS_LISTED_MAX = 64,
};
enum option { OPTION_PAD = 0, OPTION_HOST_NAME = 12, OPTION_REQUESTED = 55, OPTION_VENDOR_CLASS = 60, OPTION_FQDN = 81,
              OPTION_END = 255 };

struct client_message {
    const uint8_t *mac;                     /* 6 bytes, or NULL */
    struct text name, vendor_class;
    struct bytes requested;                 /* option numbers, 1 byte each */
};

struct dhcp_state {
    uint64_t told[CLIENTS_MAX];             /* what was told already: a digest of it */
    size_t told_count;
};

static uint64_t digest(uint64_t h, const void *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        h = (h ^ ((const uint8_t *)at)[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* Clients ask again and again; the same words are told once. */
static bool is_news(struct dhcp_state *s, const struct client_message *m)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    h = digest(h, m->mac, m->mac ? 6 : 0);
    h = digest(h, m->name.at, m->name.len);
    h = digest(h, m->vendor_class.at, m->vendor_class.len);
    h = digest(h, m->requested.at, m->requested.len);
    for (size_t i = 0; i < s->told_count; i++)
        if (s->told[i] == h)
            return false;
    if (s->told_count == CLIENTS_MAX)
        return false;
    s->told[s->told_count++] = h;
    return true;
}

static void tell(struct conversation *c, struct bytes at, const struct client_message *m)
{
    struct fact_device row;
    char mac[MAC_TEXT_MAX], list[OPTIONS_LISTED_MAX * 4 + 1];
    size_t len = 0;

    if (!is_news(c->state, m))
        return;
    device_begin(&row, c, at);
    if (m->mac)
        row.mac = mac_text(m->mac, mac);
    row.name = m->name;
    if (text_starts_with(m->vendor_class, TEXT("android-dhcp-"))) {
        row.role = TEXT("phone"); /* or another device with the system of one */
        row.firmware = arena_printf(c->arena, "Android %.*s", (int)(m->vendor_class.len - 13), m->vendor_class.at + 13);
    }
    const int64_t device = conversation_device(c, &row, TEXT_UNKNOWN);
    identifier_put(c, at, "dhcp_vendor_class", m->vendor_class, device);
    for (size_t i = 0; i < m->requested.len && i < OPTIONS_LISTED_MAX; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, i ? ",%u" : "%u", (unsigned)m->requested.at[i]);
    identifier_put(c, at, "dhcp_requested_options", (struct text){ list, len }, device);
}

/* Names are text; some clients end them with a NUL. */
static struct text text_option(struct bytes value)
{
    return text_of_padded(value);
}

/* RFC 4702, 2: flags, two bytes of no use any more, then the name, as text or in labels. */
static struct text fqdn_option(struct bytes value, struct arena *arena)
{
    enum { FLAG_LABELS = 4 };
    struct cursor c = cursor_over(value);
    const uint8_t flags = cursor_u8(&c);
    char name[256];
    size_t len = 0;

    cursor_skip(&c, 2);
    if (c.failed || c.rest.len == 0)
        return TEXT_UNKNOWN;
    if (!(flags & FLAG_LABELS))
        return text_option(c.rest);
    while (c.rest.len > 0) {
        const struct bytes label = cursor_take(&c, cursor_u8(&c));
        if (label.len == 0 || label.len > 63 || len + label.len + 1 > sizeof name)
            break;
        if (len > 0)
            name[len++] = '.';
        memcpy(name + len, label.at, label.len);
        len += label.len;
    }
    return len ? arena_text(arena, (struct text){ name, len }) : TEXT_UNKNOWN;
}

static bool header_read(struct cursor *c, uint8_t *ret_op, struct bytes *ret_hardware)
{
    enum { ETHERNET = 1, HARDWARE_AT = 28, HARDWARE_BYTES = 16, MAC_BYTES = 6 };
    const struct bytes fixed = cursor_take(c, FIXED);
    const uint32_t cookie = cursor_u32be(c);

    if (c->failed || cookie != COOKIE || (fixed.at[0] != BOOTREQUEST && fixed.at[0] != BOOTREPLY) ||
        fixed.at[2] > HARDWARE_BYTES)
        return false;
    *ret_op = fixed.at[0];
    *ret_hardware = fixed.at[1] == ETHERNET && fixed.at[2] == MAC_BYTES ? bytes_part(fixed, HARDWARE_AT, MAC_BYTES)
                                                                        : (struct bytes){ .len = 0 };
    return true;
}

static void dhcp_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    struct client_message m = { .name = TEXT_UNKNOWN, .vendor_class = TEXT_UNKNOWN };
    struct cursor at = cursor_over(datagram);
    struct bytes hardware;
    uint8_t op;

    if (!header_read(&at, &op, &hardware))
        return;
    m.mac = hardware.len ? hardware.at : NULL;
    while (at.rest.len > 0) {
        const uint8_t option = cursor_u8(&at);
        if (option == OPTION_END)
            break;
        if (option == OPTION_PAD)
            continue;
        const struct bytes value = cursor_take(&at, cursor_u8(&at));
        if (at.failed)
            break;
        if (option == OPTION_HOST_NAME && !text_known(m.name))
            m.name = text_option(value);
        else if (option == OPTION_FQDN && !text_known(m.name))
            m.name = fqdn_option(value, c->arena);
        else if (option == OPTION_VENDOR_CLASS)
            m.vendor_class = text_option(value);
        else if (option == OPTION_REQUESTED)
            m.requested = value;
    }
    if (op == BOOTREQUEST)
        tell(c, datagram, &m);
    conversation_readable(c, d, datagram.len);
}

static enum recognition dhcp_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor at = cursor_over(datagram);
    struct bytes hardware;
    uint8_t op;

    (void)d;
    if (!on_port(c, PORT_SERVER) && !on_port(c, PORT_CLIENT))
        return RECOGNISED_NO;
    return header_read(&at, &op, &hardware) ? RECOGNISED_YES : RECOGNISED_NO;
}

/* RFC 8415, 11: identifiers by which servers know a client; two of the kinds hold its hardware address. */
static const uint8_t *mac_of_duid(struct bytes duid)
{
    enum { LINK_TIME = 1, LINK = 3, ETHERNET = 1, MAC_BYTES = 6 };
    struct cursor c = cursor_over(duid);
    const uint16_t kind = cursor_u16be(&c), hardware = cursor_u16be(&c);

    if (kind == LINK_TIME)
        cursor_skip(&c, 4);
    if (c.failed || (kind != LINK_TIME && kind != LINK) || hardware != ETHERNET || c.rest.len != MAC_BYTES)
        return NULL;
    return c.rest.at;
}

static bool header6_read(struct cursor *c, uint8_t *ret_type)
{
    enum { TYPE_MAX = 13, RELAY_FORWARD = 12 };

    *ret_type = cursor_u8(c);
    cursor_skip(c, *ret_type >= RELAY_FORWARD ? 33 : 3);
    return !c->failed && *ret_type >= 1 && *ret_type <= TYPE_MAX;
}

static void dhcpv6_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    enum { CLIENT_ID = 1, OPTION_REQUEST = 6, VENDOR_CLASS = 16, CLIENT_FQDN = 39, ADVERTISE = 2, REPLY = 7,
           RECONFIGURE = 10,
           RELAY_FORWARD = 12 };
    struct client_message m = { .name = TEXT_UNKNOWN, .vendor_class = TEXT_UNKNOWN };
    struct cursor at = cursor_over(datagram);
    uint8_t type;

    if (!header6_read(&at, &type))
        return;
    while (at.rest.len >= 4) {
        const uint16_t option = cursor_u16be(&at);
        const struct bytes value = cursor_take(&at, cursor_u16be(&at));
        if (at.failed)
            break;
        struct cursor v = cursor_over(value);
        if (option == CLIENT_ID) {
            m.mac = mac_of_duid(value);
        } else if (option == VENDOR_CLASS) {
            cursor_skip(&v, 4); /* enterprise number */
            m.vendor_class = text_option(cursor_take(&v, cursor_u16be(&v)));
        } else if (option == CLIENT_FQDN && value.len > 1) {
            uint8_t labels[256] = { 4 }; /* as option 81 would have it */
            const struct bytes name = bytes_part(value, 1, sizeof labels - 3);
            memcpy(labels + 3, name.at, name.len);
            m.name = fqdn_option((struct bytes){ .at = labels, .len = 3 + name.len }, c->arena);
        }
    }
    if (type < RELAY_FORWARD && type != ADVERTISE && type != REPLY && type != RECONFIGURE)
        tell(c, datagram, &m);
    conversation_readable(c, d, datagram.len);
}

static enum recognition dhcpv6_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    struct cursor at = cursor_over(datagram);
    uint8_t type;

    (void)d;
    if (!on_port(c, PORT6_CLIENT) && !on_port(c, PORT6_SERVER))
        return RECOGNISED_NO;
    return header6_read(&at, &type) ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct protocol dhcp_protocol = {
    .service = "dhcp", .state_bytes = sizeof(struct dhcp_state), .recognise_datagram = dhcp_recognise, .datagram =
        dhcp_datagram,
};
const struct protocol dhcpv6_protocol = {
    .service = "dhcpv6", .state_bytes = sizeof(struct dhcp_state),
    .recognise_datagram = dhcpv6_recognise, .datagram = dhcpv6_datagram,
};
