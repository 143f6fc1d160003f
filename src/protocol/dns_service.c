#include "protocol/dns_service.h"

/* RFC 9460, 14.3.2; dohpath: RFC 9461; ohttp: RFC 9540. */
static const char *const keys[] = {
    "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp",
};
enum { KEY_MANDATORY = 0, KEY_ALPN = 1, KEY_PORT = 3, KEY_IPV4HINT = 4, KEY_IPV6HINT = 6, KEY_DOHPATH = 7,
       KEY_COUNT = sizeof keys / sizeof *keys };

static void add_key(struct buffer *into, uint16_t key)
{
    if (key < KEY_COUNT)
        buffer_add_text(into, text_of(keys[key]));
    else
        buffer_printf(into, "key%u", key);
}

static void add_comma(struct buffer *into, const struct cursor *c)
{
    if (c->rest.len > 0)
        buffer_add_u8(into, ',');
}

static void add_value(struct buffer *into, uint16_t key, struct bytes value)
{
    struct cursor c = cursor_over(value);
    const size_t address_bytes = key == KEY_IPV4HINT ? 4 : 16;

    if (value.len == 0)
        return;
    buffer_add_u8(into, '=');
    if (key == KEY_ALPN) {
        while (c.rest.len > 0 && !c.failed) {
            dns_add_printable(into, cursor_take(&c, cursor_u8(&c)));
            add_comma(into, &c);
        }
    } else if (key == KEY_MANDATORY && value.len % 2 == 0) {
        while (c.rest.len > 0) {
            add_key(into, cursor_u16be(&c));
            add_comma(into, &c);
        }
    } else if (key == KEY_PORT && value.len == 2) {
        buffer_printf(into, "%u", cursor_u16be(&c));
    } else if ((key == KEY_IPV4HINT || key == KEY_IPV6HINT) && value.len % address_bytes == 0) {
        while (c.rest.len > 0) {
            dns_add_address(into, cursor_take(&c, address_bytes));
            add_comma(into, &c);
        }
    } else if (key == KEY_DOHPATH) {
        dns_add_printable(into, value);
    } else { /* among them ech, which RFC 9848 writes so */
        dns_add_base64(into, value);
    }
}

bool dns_add_service(struct buffer *into, struct cursor *c, struct bytes message)
{
    buffer_printf(into, "%u ", cursor_u16be(c));
    if (c->failed || !dns_add_name(into, c, message))
        return false;
    while (c->rest.len > 0) {
        const uint16_t key = cursor_u16be(c);
        const struct bytes value = cursor_take(c, cursor_u16be(c));
        if (c->failed)
            return false;
        buffer_add_u8(into, ' ');
        add_key(into, key);
        add_value(into, key, value);
    }
    return true;
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
            if (key == KEY_IPV4HINT)
                each_address(value, 4, each, user);
            else if (key == KEY_IPV6HINT)
                each_address(value, 16, each, user);
        }
    }
}
