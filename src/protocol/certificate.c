#include "protocol/certificate.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/buffer.h"

/* X.690 tags as they stand in one byte; certificates need no longer ones. */
enum {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_OCTET_STRING = 0x04, DER_OID = 0x06, DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12, DER_PRINTABLE_STRING = 0x13, DER_T61_STRING = 0x14, DER_IA5_STRING = 0x16,
    DER_VISIBLE_STRING = 0x1a, DER_BMP_STRING = 0x1e, DER_SEQUENCE = 0x30, DER_SET = 0x31,
    DER_CONTEXT_0 = 0xa0, DER_CONTEXT_3 = 0xa3, DER_DNS_NAME = 0x82,
};

enum { NAME_TEXT_MAX = 4096, ATTRIBUTES_MAX = 64 };

/* One element: its tag, and its content as a view. */
static uint8_t der_next(struct cursor *c, struct bytes *ret_content)
{
    enum { LONG_FORM = 0x80, LENGTH_BYTES_MAX = 4 };
    const uint8_t tag = cursor_u8(c);
    uint64_t length = cursor_u8(c);

    if (length & LONG_FORM) {
        const size_t width = length & 0x7f;
        if (width == 0 || width > LENGTH_BYTES_MAX) { /* indefinite length is not DER */
            c->failed = true;
            c->rest.len = 0;
        }
        length = c->failed ? 0 : cursor_uint_be(c, width);
    }
    *ret_content = cursor_take(c, (size_t)length);
    return c->failed ? 0 : tag;
}

/* The content of the next element, which must be a `tag`. */
static bool der_enter(struct cursor *c, uint8_t tag, struct cursor *ret_inside)
{
    struct bytes content;

    if (der_next(c, &content) != tag)
        return false;
    *ret_inside = cursor_over(content);
    return true;
}

/* RFC 4514, 3, and the e-mail address, which every tool names so. */
static const struct { const char *oid; size_t oid_len; const char *name; } attribute_names[] = {
    { "\x55\x04\x03", 3, "CN" }, { "\x55\x04\x07", 3, "L" }, { "\x55\x04\x08", 3, "ST" }, { "\x55\x04\x0a", 3, "O" },
    { "\x55\x04\x0b", 3, "OU" }, { "\x55\x04\x06", 3, "C" }, { "\x55\x04\x09", 3, "STREET" },
    { "\x55\x04\x05", 3, "serialNumber" },
    { "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10, "DC" }, { "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10, "UID" },
    { "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9, "emailAddress" },
};

static const char oid_common_name[] = "\x55\x04\x03";
static const char oid_subject_alt_name[] = "\x55\x1d\x11";

static void add_dotted(struct buffer *to, struct bytes oid)
{
    struct cursor c = cursor_over(oid);
    uint64_t arc = 0;
    bool first = true;

    while (c.rest.len > 0) {
        const uint8_t b = cursor_u8(&c);
        arc = arc << 7 | (b & 0x7f);
        if (b & 0x80)
            continue;
        if (first)
            buffer_printf(to, "%u.%llu", arc < 80 ? (unsigned)(arc / 40) : 2u,
                          (unsigned long long)(arc < 80 ? arc % 40 : arc - 80));
        else
            buffer_printf(to, ".%llu", (unsigned long long)arc);
        first = false;
        arc = 0;
    }
}

static void add_utf8(struct buffer *to, uint32_t character)
{
    if (character < 0x80) {
        buffer_add_u8(to, (uint8_t)character);
    } else if (character < 0x800) {
        buffer_add_u8(to, (uint8_t)(0xc0 | character >> 6));
        buffer_add_u8(to, (uint8_t)(0x80 | (character & 0x3f)));
    } else {
        buffer_add_u8(to, (uint8_t)(0xe0 | character >> 12));
        buffer_add_u8(to, (uint8_t)(0x80 | (character >> 6 & 0x3f)));
        buffer_add_u8(to, (uint8_t)(0x80 | (character & 0x3f)));
    }
}

/* RFC 4514, 2.4: what would end or begin a value, and control characters, escaped. */
static void add_escaped(struct buffer *to, struct text value)
{
    for (size_t i = 0; i < value.len; i++) {
        const unsigned char b = (unsigned char)value.at[i];
        const bool at_end = i == 0 || i + 1 == value.len;
        if (b == ',' || b == '+' || b == '"' || b == '\\' || b == '<' || b == '>' || b == ';' ||
            (i == 0 && b == '#') || (at_end && b == ' ')) {
            buffer_add_u8(to, '\\');
            buffer_add_u8(to, b);
        } else if (b < 0x20 || b == 0x7f) {
            buffer_printf(to, "\\%02x", b);
        } else {
            buffer_add_u8(to, b);
        }
    }
}

static void add_value(struct buffer *to, uint8_t tag, struct bytes value)
{
    struct cursor c = cursor_over(value);
    struct buffer utf8;

    switch (tag) {
    case DER_UTF8_STRING: case DER_NUMERIC_STRING: case DER_PRINTABLE_STRING: case DER_IA5_STRING:
    case DER_VISIBLE_STRING: case DER_T61_STRING: /* T.61 is used for Latin-1 and UTF-8 alike: as it is */
        add_escaped(to, text_of_bytes(value));
        break;
    case DER_BMP_STRING:
        buffer_init(&utf8, NAME_TEXT_MAX);
        while (c.rest.len >= 2)
            add_utf8(&utf8, cursor_u16be(&c));
        add_escaped(to, buffer_text(&utf8));
        buffer_done(&utf8);
        break;
    default:
        buffer_add_u8(to, '#');
        for (size_t i = 0; i < value.len && !to->overflowed; i++)
            buffer_printf(to, "%02x", value.at[i]);
    }
}

static bool add_attribute(struct buffer *to, struct cursor *c)
{
    struct cursor inside;
    struct bytes oid, value;

    if (!der_enter(c, DER_SEQUENCE, &inside) || der_next(&inside, &oid) != DER_OID)
        return false;
    const uint8_t tag = der_next(&inside, &value);
    if (inside.failed)
        return false;
    const char *name = NULL;
    for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
        if (bytes_equal(oid, attribute_names[i].oid, attribute_names[i].oid_len))
            name = attribute_names[i].name;
    if (name)
        buffer_add_text(to, text_of(name));
    else
        add_dotted(to, oid);
    buffer_add_u8(to, '=');
    add_value(to, tag, value);
    return true;
}

/* RFC 4514, 2.1: the last relative name first. */
static struct text name_text(struct cursor name, struct arena *arena)
{
    struct cursor sets[ATTRIBUTES_MAX];
    struct buffer text;
    size_t count = 0;

    while (name.rest.len > 0 && count < ATTRIBUTES_MAX && der_enter(&name, DER_SET, &sets[count]))
        count++;
    buffer_init(&text, NAME_TEXT_MAX);
    while (count-- > 0) {
        if (text.len > 0)
            buffer_add_u8(&text, ',');
        for (size_t i = 0; i < ATTRIBUTES_MAX && sets[count].rest.len > 0; i++) {
            if (i > 0)
                buffer_add_u8(&text, '+');
            if (!add_attribute(&text, &sets[count]))
                break;
        }
    }
    struct text copy = arena_text(arena, buffer_text(&text));
    buffer_done(&text);
    return copy;
}

static bool host_like(struct text t)
{
    bool dot = false;

    for (size_t i = 0; i < t.len; i++) {
        const char b = t.at[i];
        dot |= b == '.';
        if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_' ||
              b == '.' || (b == '*' && i == 0)))
            return false;
    }
    return dot && t.len > 3;
}

static struct text common_name(struct cursor name)
{
    struct text found = TEXT_UNKNOWN;
    struct cursor set, attribute;
    struct bytes oid, value;

    while (name.rest.len > 0 && der_enter(&name, DER_SET, &set))
        if (der_enter(&set, DER_SEQUENCE, &attribute) && der_next(&attribute, &oid) == DER_OID &&
            bytes_equal(oid, oid_common_name, 3) && der_next(&attribute, &value) != 0 && host_like(text_of_bytes(value)))
            found = text_of_bytes(value);
    return found;
}

/* RFC 5280, 4.2.1.6 */
static struct text alt_name(struct cursor extensions)
{
    struct text found = TEXT_UNKNOWN;
    struct cursor extension, names;
    struct bytes oid, content;

    while (extensions.rest.len > 0 && der_enter(&extensions, DER_SEQUENCE, &extension)) {
        if (der_next(&extension, &oid) != DER_OID || !bytes_equal(oid, oid_subject_alt_name, 3))
            continue;
        uint8_t tag = der_next(&extension, &content);
        if (tag == DER_BOOLEAN) /* critical */
            tag = der_next(&extension, &content);
        struct cursor value = cursor_over(content);
        if (tag != DER_OCTET_STRING || !der_enter(&value, DER_SEQUENCE, &names))
            continue;
        while (names.rest.len > 0) {
            tag = der_next(&names, &content);
            const struct text name = text_of_bytes(content);
            if (tag != DER_DNS_NAME || !host_like(name))
                continue;
            if (name.at[0] != '*')
                return name;
            if (!text_known(found))
                found = name;
        }
    }
    return found;
}

enum parse_status certificate_parse(struct bytes der, struct arena *arena, struct certificate *ret)
{
    struct cursor c = cursor_over(der), certificate = { .failed = false }, body, issuer, subject, optional, extensions;
    struct bytes content;

    if (!der_enter(&c, DER_SEQUENCE, &certificate) || !der_enter(&certificate, DER_SEQUENCE, &body))
        return c.failed || certificate.failed ? PARSE_TRUNCATED : PARSE_INVALID;
    uint8_t tag = der_next(&body, &content);
    if (tag == DER_CONTEXT_0) /* version */
        tag = der_next(&body, &content);
    if (tag != DER_INTEGER || der_next(&body, &content) != DER_SEQUENCE || /* serial number, algorithm */
        !der_enter(&body, DER_SEQUENCE, &issuer) || der_next(&body, &content) != DER_SEQUENCE || /* validity */
        !der_enter(&body, DER_SEQUENCE, &subject))
        return body.failed ? PARSE_TRUNCATED : PARSE_INVALID;

    ret->issuer = name_text(issuer, arena);
    ret->subject = name_text(subject, arena);
    ret->host = TEXT_UNKNOWN;
    (void)der_next(&body, &content); /* public key */
    while (body.rest.len > 0 && !text_known(ret->host)) {
        tag = der_next(&body, &content);
        optional = cursor_over(content);
        if (tag == DER_CONTEXT_3 && der_enter(&optional, DER_SEQUENCE, &extensions))
            ret->host = alt_name(extensions);
    }
    if (!text_known(ret->host))
        ret->host = common_name(subject);
    ret->host = arena_text(arena, ret->host);
    return PARSE_OK;
}
