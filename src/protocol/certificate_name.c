#include "protocol/certificate_name.h"

#include "base/buffer.h"

enum { NAME_TEXT_MAX = 4096, ATTRIBUTES_MAX = 64 };

/* RFC 4514, 3, and the e-mail address, which every tool names so. */
static const struct { const char *oid; size_t oid_len; const char *name; } attribute_names[] = {
    { "\x55\x04\x03", 3, "CN" }, { "\x55\x04\x07", 3, "L" }, { "\x55\x04\x08", 3, "ST" }, { "\x55\x04\x0a", 3, "O" },
    { "\x55\x04\x0b", 3, "OU" }, { "\x55\x04\x06", 3, "C" }, { "\x55\x04\x09", 3, "STREET" },
    { "\x55\x04\x05", 3, "serialNumber" },
    { "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10, "DC" }, { "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10, "UID" },
    { "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9, "emailAddress" },
};

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
static bool needs_escape(unsigned char b, bool first, bool last)
{
    return b < 0x20 || b == 0x7f || b == ',' || b == '+' || b == '"' || b == '\\' || b == '<' || b == '>' || b == ';' ||
           (first && b == '#') || ((first || last) && b == ' ');
}

static void add_escaped(struct buffer *to, struct text value)
{
    size_t plain = 0; /* from where on nothing needed it */

    for (size_t i = 0; i < value.len; i++) {
        const unsigned char b = (unsigned char)value.at[i];
        if (!needs_escape(b, i == 0, i + 1 == value.len))
            continue;
        buffer_add(to, value.at + plain, i - plain);
        plain = i + 1;
        if (b < 0x20 || b == 0x7f) {
            buffer_printf(to, "\\%02x", b);
        } else {
            buffer_add_u8(to, '\\');
            buffer_add_u8(to, b);
        }
    }
    buffer_add(to, value.at + plain, value.len - plain);
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

struct text certificate_name_text(struct cursor name, struct arena *arena)
{
    struct cursor sets[ATTRIBUTES_MAX];
    struct buffer text;
    size_t count = 0;

    /* RFC 4514, 2.1: the last relative name first. */
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
