#include "protocol/dns_message.h"

#include <string.h>

enum { LABEL_KIND = 0xc0, LABEL_POINTER = 0xc0, LABEL_PLAIN = 0 };

enum parse_status dns_name_read(struct cursor *c, struct bytes message, struct dns_name *ret)
{
    struct cursor at = *c;                /* where reading is now, maybe behind a pointer */
    /* Where the label sequence being read began: a pointer must lead before it. */
    uint64_t sequence_offset = message.len - c->rest.len;
    int pointers = 0;
    struct dns_name name = { .len = 0 };

    for (;;) {
        const uint8_t length = cursor_u8(&at);
        if (at.failed)
            return PARSE_TRUNCATED;
        if ((length & LABEL_KIND) == LABEL_POINTER) {
            const uint64_t offset = (uint64_t)(length & 0x3f) << 8 | cursor_u8(&at);
            if (at.failed)
                return PARSE_TRUNCATED;
            if (pointers == 0)
                *c = at;
            if (offset >= sequence_offset || ++pointers > DNS_POINTERS_MAX)
                return PARSE_INVALID;
            sequence_offset = offset;
            at = cursor_over(bytes_part(message, offset, message.len));
        } else if ((length & LABEL_KIND) != LABEL_PLAIN) {
            return PARSE_INVALID; /* 0x40 and 0x80: never in use (RFC 6891, 5) */
        } else {
            const struct bytes label = cursor_take(&at, length);
            if (at.failed)
                return PARSE_TRUNCATED;
            /* one more byte is needed for the root, unless this is it */
            if (name.len + 1u + length + (length > 0) > DNS_NAME_MAX)
                return PARSE_INVALID;
            name.wire[name.len++] = length;
            if (length > 0)
                memcpy(name.wire + name.len, label.at, length);
            name.len = (uint8_t)(name.len + length);
            if (length == 0)
                break;
        }
    }
    if (pointers == 0)
        *c = at;
    *ret = name;
    return PARSE_OK;
}

struct text dns_name_text(const struct dns_name *name, char into[DNS_NAME_TEXT_MAX])
{
    size_t len = 0;

    for (size_t at = 0; at < name->len && name->wire[at] != 0; ) {
        const size_t end = at + 1 + name->wire[at];
        if (at > 0)
            into[len++] = '.';
        for (at++; at < end; at++) {
            const uint8_t b = name->wire[at];
            if (b == '.' || b == '\\') {
                into[len++] = '\\';
                into[len++] = (char)b;
            } else if (b > 0x20 && b < 0x7f) {
                into[len++] = (char)b;
            } else {
                into[len++] = '\\';
                into[len++] = (char)('0' + b / 100);
                into[len++] = (char)('0' + b / 10 % 10);
                into[len++] = (char)('0' + b % 10);
            }
        }
    }
    if (len == 0)
        into[len++] = '.';
    return (struct text){ .at = into, .len = len };
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
    /* Length bytes are at most 63 and so never letters. */
    return text_equal_ignoring_case((struct text){ (const char *)a->wire, a->len },
                                    (struct text){ (const char *)b->wire, b->len });
}

enum parse_status dns_header_read(struct cursor *c, struct bytes whole, struct dns_message *ret)
{
    struct dns_message m = { .whole = whole };

    *c = cursor_over(whole);
    m.id = cursor_u16be(c);
    const uint16_t flags = cursor_u16be(c);
    m.response = flags >> 15;
    m.opcode = flags >> 11 & 15;
    m.truncated = flags >> 9 & 1;
    m.response_code = flags & 15;
    m.question_count = cursor_u16be(c);
    m.answer_count = cursor_u16be(c);
    m.authority_count = cursor_u16be(c);
    m.additional_count = cursor_u16be(c);
    if (c->failed)
        return PARSE_TRUNCATED;
    *ret = m;
    return PARSE_OK;
}

enum parse_status dns_question_read(struct cursor *c, struct bytes message, struct dns_question *ret)
{
    struct dns_question q;
    const enum parse_status status = dns_name_read(c, message, &q.name);

    if (status != PARSE_OK)
        return status;
    q.type = cursor_u16be(c);
    q.class = cursor_u16be(c);
    if (c->failed)
        return PARSE_TRUNCATED;
    *ret = q;
    return PARSE_OK;
}

enum parse_status dns_record_read(struct cursor *c, struct bytes message, struct dns_record *ret)
{
    struct dns_record r;
    const enum parse_status status = dns_name_read(c, message, &r.owner);

    if (status != PARSE_OK)
        return status;
    r.type = cursor_u16be(c);
    r.class = cursor_u16be(c);
    r.ttl_s = cursor_u32be(c);
    r.data = cursor_take(c, cursor_u16be(c));
    if (c->failed)
        return PARSE_TRUNCATED;
    *ret = r;
    return PARSE_OK;
}

struct text dns_address_text(struct bytes address, char into[ADDRESS_TEXT_MAX])
{
    return address.len == 16 ? address_text_ipv6(address.at, into) : address_text_ipv4(address.at, into);
}
