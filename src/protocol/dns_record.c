/* The data of resource records as text.  Forms: RFC 1035 section 3.3 (NS, CNAME, SOA,
 * PTR, MX, TXT), RFC 3596 (AAAA), RFC 2782 (SRV), RFC 6672 (DNAME), RFC 8659 (CAA),
 * RFC 9460 (SVCB, HTTPS), RFC 3597 (all others). */
#include "protocol/dns_message.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

static const struct {
    uint16_t type;
    const char *name;
} type_names[] = {
    { DNS_A, "A" }, { DNS_NS, "NS" }, { DNS_CNAME, "CNAME" }, { DNS_SOA, "SOA" }, { 10, "NULL" }, { 11, "WKS" },
    { DNS_PTR, "PTR" }, { 13, "HINFO" }, { 14, "MINFO" }, { DNS_MX, "MX" }, { DNS_TXT, "TXT" }, { 17, "RP" },
    { 18, "AFSDB" }, { 24, "SIG" }, { 25, "KEY" }, { DNS_AAAA, "AAAA" }, { 29, "LOC" }, { 30, "NXT" },
    { DNS_SRV, "SRV" }, { 35, "NAPTR" }, { 36, "KX" }, { 37, "CERT" }, { 38, "A6" }, { DNS_DNAME, "DNAME" },
    { DNS_OPT, "OPT" }, { 42, "APL" }, { 43, "DS" }, { 44, "SSHFP" }, { 45, "IPSECKEY" }, { DNS_RRSIG, "RRSIG" },
    { 47, "NSEC" }, { 48, "DNSKEY" }, { 49, "DHCID" }, { 50, "NSEC3" }, { 51, "NSEC3PARAM" }, { 52, "TLSA" },
    { 53, "SMIMEA" }, { 55, "HIP" }, { 59, "CDS" }, { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 62, "CSYNC" },
    { 63, "ZONEMD" }, { DNS_SVCB, "SVCB" }, { DNS_HTTPS, "HTTPS" }, { DNS_SPF, "SPF" }, { 104, "NID" },
    { 108, "EUI48" }, { 109, "EUI64" }, { 249, "TKEY" }, { 250, "TSIG" }, { 251, "IXFR" }, { 252, "AXFR" },
    { 253, "MAILB" }, { 254, "MAILA" }, { 255, "ANY" }, { 256, "URI" }, { DNS_CAA, "CAA" }, { 32769, "DLV" },
};

struct text dns_type_text(uint16_t type, char into[DNS_TYPE_TEXT_MAX])
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (type_names[i].type == type)
            return text_of(type_names[i].name);
    const int len = snprintf(into, DNS_TYPE_TEXT_MAX, "TYPE%u", type);
    return (struct text){ .at = into, .len = (size_t)len };
}

/* Texts from records (TXT, CAA) hold any bytes: those that are not printable ASCII
 * become \DDD as in names. */
static void add_printable(struct buffer *into, struct bytes b)
{
    for (size_t i = 0; i < b.len; i++) {
        if (b.at[i] == '\\')
            buffer_add(into, "\\\\", 2);
        else if (b.at[i] >= 0x20 && b.at[i] < 0x7f)
            buffer_add_u8(into, b.at[i]);
        else
            buffer_printf(into, "\\%03u", b.at[i]);
    }
}

static void add_hex(struct buffer *into, struct bytes b)
{
    uint8_t *at = buffer_extend(into, 2 * b.len);

    if (at)
        hash_hex(b.at, b.len, (char *)at);
}

static void add_unknown(struct buffer *into, struct bytes data)
{
    buffer_printf(into, "\\# %zu", data.len);
    if (data.len > 0)
        buffer_add_u8(into, ' ');
    add_hex(into, bytes_part(data, 0, DNS_DATA_HEX_MAX));
    if (data.len > DNS_DATA_HEX_MAX)
        buffer_add_text(into, TEXT("..."));
}

static bool add_name(struct buffer *into, struct cursor *c, struct bytes message)
{
    /* The cursor runs over the record's data; names need one over the message's rest
     * to know their own offset, and must still end inside the data. */
    struct dns_name name;
    char text[DNS_NAME_TEXT_MAX];
    const size_t offset = (size_t)(c->rest.at - message.at);
    struct cursor wide = cursor_over(bytes_part(message, offset, message.len));

    if (dns_name_read(&wide, message, &name) != PARSE_OK)
        return false;
    cursor_skip(c, (message.len - offset) - wide.rest.len);
    if (c->failed)
        return false;
    buffer_add_text(into, dns_name_text(&name, text));
    return true;
}

static bool add_address(struct buffer *into, struct bytes address)
{
    char text[ADDRESS_TEXT_MAX];

    buffer_add_text(into, dns_address_text(address, text));
    return true;
}

static bool add_texts(struct buffer *into, struct bytes data)
{
    struct cursor c = cursor_over(data);

    /* <character-string>s are parts of one text (RFC 7208, 3.3) */
    while (c.rest.len > 0) {
        const struct bytes part = cursor_take(&c, cursor_u8(&c));
        if (c.failed)
            return false;
        add_printable(into, part);
    }
    return true;
}

static bool add_soa(struct buffer *into, struct cursor *c, struct bytes message)
{
    if (!add_name(into, c, message))
        return false;
    buffer_add_u8(into, ' ');
    if (!add_name(into, c, message))
        return false;
    for (int i = 0; i < 5; i++)
        buffer_printf(into, " %u", cursor_u32be(c));
    return !c->failed && c->rest.len == 0;
}

/* RFC 9460, 14.3.2 */
static const char *const service_keys[] = { "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint" };
enum { SERVICE_KEY_ALPN = 1, SERVICE_KEY_PORT = 3, SERVICE_KEY_IPV4HINT = 4, SERVICE_KEY_IPV6HINT = 6 };

static void add_service_value(struct buffer *into, uint16_t key, struct bytes value)
{
    struct cursor c = cursor_over(value);
    const size_t address_bytes = key == SERVICE_KEY_IPV4HINT ? 4 : 16;

    if (value.len == 0)
        return;
    buffer_add_u8(into, '=');
    if (key == SERVICE_KEY_ALPN) {
        while (c.rest.len > 0 && !c.failed) {
            add_printable(into, cursor_take(&c, cursor_u8(&c)));
            if (c.rest.len > 0)
                buffer_add_u8(into, ',');
        }
    } else if (key == SERVICE_KEY_PORT && value.len == 2) {
        buffer_printf(into, "%u", cursor_u16be(&c));
    } else if ((key == SERVICE_KEY_IPV4HINT || key == SERVICE_KEY_IPV6HINT) && value.len % address_bytes == 0) {
        while (c.rest.len > 0) {
            add_address(into, cursor_take(&c, address_bytes));
            if (c.rest.len > 0)
                buffer_add_u8(into, ',');
        }
    } else {
        add_hex(into, bytes_part(value, 0, DNS_DATA_HEX_MAX));
    }
}

static bool add_service(struct buffer *into, struct cursor *c, struct bytes message)
{
    buffer_printf(into, "%u ", cursor_u16be(c));
    if (c->failed || !add_name(into, c, message))
        return false;
    while (c->rest.len > 0) {
        const uint16_t key = cursor_u16be(c);
        const struct bytes value = cursor_take(c, cursor_u16be(c));
        if (c->failed)
            return false;
        if (key < sizeof service_keys / sizeof *service_keys)
            buffer_printf(into, " %s", service_keys[key]);
        else
            buffer_printf(into, " key%u", key);
        add_service_value(into, key, value);
    }
    return true;
}

/* False when the data is not what its type says. */
static bool add_known(struct buffer *into, const struct dns_record *record, struct bytes message)
{
    struct cursor c = cursor_over(record->data);

    switch (record->type) {
    case DNS_A:
        return record->data.len == 4 && add_address(into, record->data);
    case DNS_AAAA:
        return record->data.len == 16 && add_address(into, record->data);
    case DNS_NS: case DNS_CNAME: case DNS_PTR: case DNS_DNAME:
        return add_name(into, &c, message);
    case DNS_MX:
        buffer_printf(into, "%u ", cursor_u16be(&c));
        return !c.failed && add_name(into, &c, message);
    case DNS_SRV:
        for (int i = 0; i < 3; i++)
            buffer_printf(into, "%u ", cursor_u16be(&c));
        return !c.failed && add_name(into, &c, message);
    case DNS_TXT: case DNS_SPF:
        return add_texts(into, record->data);
    case DNS_SOA:
        return add_soa(into, &c, message);
    case DNS_SVCB: case DNS_HTTPS:
        return add_service(into, &c, message);
    case DNS_CAA: {
        buffer_printf(into, "%u ", cursor_u8(&c));
        add_printable(into, cursor_take(&c, cursor_u8(&c)));
        buffer_add_u8(into, ' ');
        add_printable(into, c.rest);
        return !c.failed;
    }
    default:
        return false;
    }
}

bool dns_data_text(const struct dns_record *record, struct bytes message, struct buffer *into)
{
    const size_t before = into->len;

    if (!add_known(into, record, message)) {
        into->len = before;
        add_unknown(into, record->data);
    }
    return !into->overflowed;
}

static void each_address(struct bytes list, size_t address_bytes, void (*each)(void *user, struct bytes address),
                         void *user)
{
    for (size_t at = 0; at + address_bytes <= list.len; at += address_bytes)
        each(user, bytes_part(list, at, address_bytes));
}

void dns_addresses(const struct dns_record *record, struct bytes message,
                   void (*each)(void *user, struct bytes address), void *user)
{
    struct cursor c = cursor_over(record->data);

    if (record->type == DNS_A && record->data.len == 4) {
        each(user, record->data);
    } else if (record->type == DNS_AAAA && record->data.len == 16) {
        each(user, record->data);
    } else if (record->type == DNS_HTTPS || record->type == DNS_SVCB) {
        struct dns_name target;
        cursor_skip(&c, 2);
        /* RFC 9460, 2.2: the target's name is never compressed */
        if (c.failed || dns_name_read(&c, c.rest, &target) != PARSE_OK)
            return;
        while (c.rest.len > 0) {
            const uint16_t key = cursor_u16be(&c);
            const struct bytes value = cursor_take(&c, cursor_u16be(&c));
            if (c.failed)
                return;
            if (key == SERVICE_KEY_IPV4HINT)
                each_address(value, 4, each, user);
            else if (key == SERVICE_KEY_IPV6HINT)
                each_address(value, 16, each, user);
        }
    }
}
