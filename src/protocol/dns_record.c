/* The data of resource records as text, each type by its form in dns_type.c. */
#include "protocol/dns_message.h"

#include <string.h>

#include "base/hash.h"
#include "base/timestamp.h"
#include "protocol/dns_service.h"
#include "protocol/dns_type.h"

/* Names of services and their texts are often bytes that cannot be printed: three digits each. */
void dns_add_printable(struct buffer *into, struct bytes b)
{
    while (b.len > 0 && !into->overflowed) {
        size_t plain = text_printable_prefix(text_of_bytes(b));
        const uint8_t *backslash = plain ? memchr(b.at, '\\', plain) : NULL;
        if (backslash)
            plain = (size_t)(backslash - b.at);
        buffer_add(into, b.at, plain);
        b = bytes_part(b, plain, UINT64_MAX);
        if (b.len == 0)
            break;
        const char escape[4] = { '\\', (char)('0' + b.at[0] / 100), (char)('0' + b.at[0] / 10 % 10),
                                 (char)('0' + b.at[0] % 10) };
        buffer_add(into, b.at[0] == '\\' ? "\\\\" : escape, b.at[0] == '\\' ? 2 : sizeof escape);
        b = bytes_part(b, 1, UINT64_MAX);
    }
}

static void add_hex(struct buffer *into, struct bytes b)
{
    const struct bytes shown = bytes_part(b, 0, DNS_DATA_HEX_MAX);
    uint8_t *at = buffer_extend(into, 2 * shown.len);

    if (at)
        hash_hex(shown.at, shown.len, (char *)at);
    if (shown.len < b.len)
        buffer_add_text(into, TEXT("..."));
}

static void add_unknown(struct buffer *into, struct bytes data)
{
    buffer_printf(into, "\\# %zu", data.len);
    if (data.len > 0)
        buffer_add_u8(into, ' ');
    add_hex(into, data);
}

/* RFC 4648, section 4; of long data the first part. */
void dns_add_base64(struct buffer *into, struct bytes b)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { SHOWN_MAX = DNS_DATA_HEX_MAX / 3 * 3 };

    for (size_t at = 0; at < b.len && at < SHOWN_MAX; at += 3) {
        const size_t n = b.len - at < 3 ? b.len - at : 3;
        uint32_t three = (uint32_t)b.at[at] << 16;
        if (n > 1)
            three |= (uint32_t)b.at[at + 1] << 8;
        if (n > 2)
            three |= b.at[at + 2];
        for (size_t i = 0; i < 4; i++)
            buffer_add_u8(into, i <= n ? (uint8_t)digits[three >> (18 - 6 * i) & 63] : '=');
    }
    if (b.len > SHOWN_MAX)
        buffer_add_text(into, TEXT("..."));
}

/* RFC 4648, section 7, without padding, as RFC 5155, 3.3 writes hashed names. */
static void add_base32hex(struct buffer *into, struct bytes b)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < b.len; i++) {
        bits = bits << 8 | b.at[i];
        for (have += 8; have >= 5; have -= 5)
            buffer_add_u8(into, (uint8_t)digits[bits >> (have - 5) & 31]);
    }
    if (have > 0)
        buffer_add_u8(into, (uint8_t)digits[bits << (5 - have) & 31]);
}

bool dns_add_name(struct buffer *into, struct cursor *c, struct bytes message)
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

bool dns_add_address(struct buffer *into, struct bytes address)
{
    char text[ADDRESS_TEXT_MAX];

    if (address.len != 4 && address.len != 16)
        return false;
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
        dns_add_printable(into, part);
    }
    return true;
}

static void add_type(struct buffer *into, uint16_t type)
{
    char text[DNS_TYPE_TEXT_MAX];

    buffer_add_text(into, dns_type_text(type, text));
}

/* The types that are there for a name: RFC 4034, 4.1.2. */
static bool add_type_bitmap(struct buffer *into, struct bytes data)
{
    struct cursor c = cursor_over(data);

    while (c.rest.len > 0) {
        const unsigned window = cursor_u8(&c);
        const struct bytes map = cursor_take(&c, cursor_u8(&c));
        if (c.failed || map.len > 32)
            return false;
        for (unsigned i = 0; i < 8 * map.len; i++)
            if (map.at[i / 8] >> (7 - i % 8) & 1) {
                buffer_add_u8(into, ' ');
                add_type(into, (uint16_t)(window << 8 | i));
            }
    }
    return true;
}

/* RFC 4034, 3.2: YYYYMMDDHHmmSS. */
static void add_date(struct buffer *into, uint32_t utc_s)
{
    char text[TIMESTAMP_TEXT_MAX];
    const struct text t = timestamp_text(utc_s * NS_PER_S, text);

    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] >= '0' && t.at[i] <= '9')
            buffer_add_u8(into, (uint8_t)t.at[i]);
}

static void add_quoted(struct buffer *into, struct bytes b)
{
    buffer_add_u8(into, '"');
    dns_add_printable(into, b);
    buffer_add_u8(into, '"');
}

/* Of IPSECKEY (RFC 4025, 2.5) and AMTRELAY (RFC 8777, 4.2.3). */
static bool add_gateway(struct buffer *into, struct cursor *c, struct bytes message, uint8_t kind)
{
    enum { NONE, IPV4, IPV6, NAME };

    if (kind == NONE)
        return buffer_add_u8(into, '.');
    if (kind == NAME)
        return dns_add_name(into, c, message);
    return kind <= IPV6 && dns_add_address(into, cursor_take(c, kind == IPV4 ? 4 : 16));
}

/* RFC 3123, 4: parts of addresses, with the zeros at their end left out. */
static bool add_prefixes(struct buffer *into, struct bytes data)
{
    enum { IPV4 = 1, IPV6 = 2, NEGATION = 0x80 };
    struct cursor c = cursor_over(data);

    while (c.rest.len > 0) {
        uint8_t address[16] = { 0 };
        const uint16_t family = cursor_u16be(&c);
        const uint8_t prefix = cursor_u8(&c), length = cursor_u8(&c);
        const struct bytes part = cursor_take(&c, length & ~NEGATION & 0xff);
        const size_t whole = family == IPV4 ? 4 : 16;
        if (c.failed || (family != IPV4 && family != IPV6) || part.len > whole || prefix > 8 * whole)
            return false;
        if (part.len > 0)
            memcpy(address, part.at, part.len);
        buffer_printf(into, "%s%s%u:", part.at == data.at + 4 ? "" : " ", length & NEGATION ? "!" : "", family);
        dns_add_address(into, (struct bytes){ .at = address, .len = whole });
        buffer_printf(into, "/%u", prefix);
    }
    return true;
}

/* RFC 8005, 5: the names of rendezvous servers stand behind tag and key. */
static bool add_host_identity(struct buffer *into, struct cursor *c, struct bytes message)
{
    const size_t tag_len = cursor_u8(c);

    buffer_printf(into, "%u ", cursor_u8(c));
    const size_t key_len = cursor_u16be(c);
    add_hex(into, cursor_take(c, tag_len));
    buffer_add_u8(into, ' ');
    dns_add_base64(into, cursor_take(c, key_len));
    while (!c->failed && c->rest.len > 0) {
        buffer_add_u8(into, ' ');
        if (!dns_add_name(into, c, message))
            return false;
    }
    return !c->failed;
}

/* One letter of a form; false when the data is not so.  `kind` is that of a gateway, from its letter on. */
static bool add_part(struct buffer *into, struct cursor *c, struct bytes message, char part, uint8_t *kind)
{
    const struct bytes rest = c->rest;

    switch (part) {
    case DNS_FORM_U8:      buffer_printf(into, "%u", cursor_u8(c));                       break;
    case DNS_FORM_U16:     buffer_printf(into, "%u", cursor_u16be(c));                    break;
    case DNS_FORM_U32:     buffer_printf(into, "%u", cursor_u32be(c));                    break;
    case DNS_FORM_TYPE:    add_type(into, cursor_u16be(c));                               break;
    case DNS_FORM_DATE:    add_date(into, cursor_u32be(c));                               break;
    case DNS_FORM_STRING:  add_quoted(into, cursor_take(c, cursor_u8(c)));                break;
    case DNS_FORM_BASE32:  add_base32hex(into, cursor_take(c, cursor_u8(c)));             break;
    case DNS_FORM_IPV4:    return dns_add_address(into, cursor_take(c, 4));
    case DNS_FORM_IPV6:    return dns_add_address(into, cursor_take(c, 16));
    case DNS_FORM_NAME:    return dns_add_name(into, c, message);
    case DNS_FORM_KIND:    buffer_printf(into, "%u", *kind = cursor_u8(c));               break;
    case DNS_FORM_RELAY_KIND: /* RFC 8777, 4.2.2 */
        *kind = cursor_u8(c);
        buffer_printf(into, "%u %u", *kind >> 7, *kind & 0x7fu);
        *kind &= 0x7f;
        break;
    case DNS_FORM_GATEWAY: return add_gateway(into, c, message, *kind);
    case DNS_FORM_HOST_IDENTITY: return add_host_identity(into, c, message);
    case DNS_FORM_SERVICE: return dns_add_service(into, c, message);
    case DNS_FORM_SALT: {
        const struct bytes salt = cursor_take(c, cursor_u8(c));
        if (salt.len == 0)
            buffer_add_u8(into, '-');
        add_hex(into, salt);
        break;
    }
    case DNS_FORM_WORD: /* of a property: RFC 8659, 4.1 */
        dns_add_printable(into, cursor_take(c, cursor_u8(c)));
        break;
    default: /* all others go to the end */
        cursor_skip(c, rest.len);
        switch (part) {
        case DNS_FORM_HEX:      add_hex(into, rest);               return true;
        case DNS_FORM_BASE64:   dns_add_base64(into, rest);        return true;
        case DNS_FORM_QUOTED:   add_quoted(into, rest);            return true;
        case DNS_FORM_PLAIN:    dns_add_printable(into, rest);     return true;
        case DNS_FORM_TEXTS:    return add_texts(into, rest);
        case DNS_FORM_BITMAP:   return add_type_bitmap(into, rest);
        case DNS_FORM_PREFIXES: return add_prefixes(into, rest);
        default:                return false;
        }
    }
    return !c->failed;
}

/* False when the data is not what its type says. */
static bool add_known(struct buffer *into, const struct dns_record *record, struct bytes message)
{
    const char *form = dns_type_form(record->type);
    struct cursor c = cursor_over(record->data);
    uint8_t kind = 0;

    if (!form)
        return false;
    for (const char *part = form; *part; part++) {
        if (part > form && *part != DNS_FORM_BITMAP) /* which puts its own blanks */
            buffer_add_u8(into, ' ');
        if (!add_part(into, &c, message, *part, &kind))
            return false;
    }
    return c.rest.len == 0;
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
