#include "base/xml_read.h"

#include <string.h>

#include "base/utf.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0;
}

static void advance(struct xml_reader *x, size_t n)
{
    x->rest = bytes_part(x->rest, n, UINT64_MAX);
}

static struct bytes trimmed(struct bytes b)
{
    size_t from = 0, to = b.len;

    while (from < to && is_blank(b.at[from]))
        from++;
    while (to > from && is_blank(b.at[to - 1]))
        to--;
    return bytes_part(b, from, to - from);
}

static void complain(struct xml_reader *x, enum parse_status status)
{
    x->broken++;
    x->broken_origin = x->rest.origin;
    if (x->status != PARSE_OK)
        return;
    x->status = status;
    x->status_origin = x->rest.origin;
}

/* Skips up to and including `end`; to the very end, with a complaint, when it never comes. */
static void skip_past(struct xml_reader *x, const char *end, size_t end_len)
{
    const uint8_t *found = x->rest.len ? memmem(x->rest.at, x->rest.len, end, end_len) : NULL;

    if (!found)
        complain(x, PARSE_TRUNCATED);
    advance(x, found ? (size_t)(found - x->rest.at) + end_len : x->rest.len);
}

/* No real name is longer; names are compared again and again. */
static struct xml_name name_of(struct bytes raw)
{
    raw = bytes_part(raw, 0, XML_NAME_MAX);
    const uint8_t *colon = raw.len ? memchr(raw.at, ':', raw.len) : NULL;
    const size_t before = colon ? (size_t)(colon - raw.at) : 0;

    if (!colon)
        return (struct xml_name){ .prefix = TEXT_UNKNOWN, .local = text_of_bytes(raw) };
    return (struct xml_name){ .prefix = text_of_bytes(bytes_part(raw, 0, before)),
                              .local = text_of_bytes(bytes_part(raw, before + 1, UINT64_MAX)) };
}

/* A name ends at a blank or at one of = / > < or a quote. */
static bool ends_name(uint8_t c)
{
    static const bool ends[256] = { [0] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['='] = true,
                                    ['/'] = true, ['>'] = true, ['<'] = true, ['"'] = true, ['\''] = true };
    return ends[c];
}

static struct bytes take_name(struct xml_reader *x)
{
    size_t n = 0;

    while (n < x->rest.len && !ends_name(x->rest.at[n]))
        n++;
    struct bytes name = bytes_part(x->rest, 0, n);
    advance(x, n);
    return name;
}

static void skip_blanks(struct xml_reader *x)
{
    size_t n = 0;

    while (n < x->rest.len && is_blank(x->rest.at[n]))
        n++;
    advance(x, n);
}

static bool take_char(struct xml_reader *x, uint8_t c)
{
    if (x->rest.len == 0 || x->rest.at[0] != c)
        return false;
    advance(x, 1);
    return true;
}

enum attribute { ATTRIBUTE, TAG_END, TAG_END_EMPTY, TAG_BROKEN };

/* The next name="value" of the tag the reader stands in, or how the tag ends. */
static enum attribute take_attribute(struct xml_reader *x, struct bytes *name, struct bytes *value)
{
    enum { VALUE_USUAL = 1024 };

    skip_blanks(x);
    if (take_char(x, '>'))
        return TAG_END;
    if (take_char(x, '/'))
        return take_char(x, '>') ? TAG_END_EMPTY : TAG_BROKEN;
    *name = take_name(x);
    if (name->len == 0)
        return TAG_BROKEN;
    skip_blanks(x);
    if (!take_char(x, '='))
        return TAG_BROKEN;
    skip_blanks(x);
    const uint8_t quote = x->rest.len > 0 ? x->rest.at[0] : 0;
    if (quote != '"' && quote != '\'')
        return TAG_BROKEN;
    advance(x, 1);
    const uint8_t *end = x->rest.len ? memchr(x->rest.at, quote, x->rest.len) : NULL;
    const uint8_t *tag = !end || end - x->rest.at > VALUE_USUAL ? memchr(x->rest.at, '<', x->rest.len) : NULL;
    if (tag && (!end || tag < end)) { /* no value should have it: its quote is lost */
        advance(x, (size_t)(tag - x->rest.at));
        return TAG_BROKEN;
    }
    if (!end) {
        complain(x, PARSE_TRUNCATED);
        advance(x, x->rest.len);
        return TAG_BROKEN;
    }
    *value = bytes_part(x->rest, 0, (size_t)(end - x->rest.at));
    advance(x, value->len + 1);
    return ATTRIBUTE;
}

static struct xml_name innermost(const struct xml_reader *x)
{
    if (x->depth == 0 || x->depth > XML_DEPTH_MAX)
        return (struct xml_name){ .prefix = TEXT_UNKNOWN, .local = TEXT("") };
    return x->open[x->depth - 1];
}

static bool starts_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
}

static bool open_element(struct xml_reader *x, struct xml_token *ret)
{
    const uint64_t origin = x->rest.origin;

    advance(x, 1);
    if (x->rest.len > 0 && !starts_name(x->rest.at[0])) {
        complain(x, PARSE_INVALID);
        return false;
    }
    const struct xml_name name = name_of(take_name(x));
    if (x->depth < XML_DEPTH_MAX)
        x->open[x->depth] = name;
    x->depth++;
    x->in_tag = true;
    *ret = (struct xml_token){ .kind = XML_OPEN, .name = innermost(x), .origin = origin };
    return true;
}

static bool close_element(struct xml_reader *x, uint64_t origin, struct xml_token *ret)
{
    if (x->depth == 0) {
        complain(x, PARSE_INVALID);
        return false;
    }
    *ret = (struct xml_token){ .kind = XML_CLOSE, .name = innermost(x), .origin = origin, .end = x->rest.origin };
    x->depth--;
    return true;
}

/* `</name>`, which the reader stands before.  Where it names another element than the one inside which it stands, what
 * is between lost its own end: those are closed one after the other, and the tag stays where it is. */
static bool close_tag(struct xml_reader *x, struct xml_token *ret)
{
    enum { TAG_MAX = XML_NAME_MAX + 16 };
    const uint64_t origin = x->rest.origin;
    const struct bytes look = bytes_part(x->rest, 2, TAG_MAX);
    const uint8_t *end = look.len > 0 ? memchr(look.at, '>', look.len) : NULL;
    const struct bytes inner = bytes_part(look, 0, end ? (uint64_t)(end - look.at) : 0);
    size_t depth = x->depth <= XML_DEPTH_MAX ? x->depth : 0;

    if (!end || (inner.len > 0 && memchr(inner.at, '<', inner.len))) {
        const bool cut = !end && look.len < TAG_MAX;
        complain(x, cut ? PARSE_TRUNCATED : PARSE_INVALID);
        advance(x, cut ? x->rest.len : 2);
        return false;
    }
    const struct xml_name name = name_of(trimmed(inner));
    while (depth > 0 && !text_equal(x->open[depth - 1].local, name.local))
        depth--;
    if (depth > 0 && depth < x->depth) {
        complain(x, PARSE_INVALID);
        return close_element(x, origin, ret);
    }
    if (depth == 0 && x->depth > 0 && x->depth <= XML_DEPTH_MAX) {
        complain(x, PARSE_INVALID);
        advance(x, inner.len + 3);
        return false;
    }
    advance(x, inner.len + 3);
    return close_element(x, origin, ret);
}

/* What is no tag after all: up to its end where that is near, else the element is given up, and its bytes are text. */
static bool leave_tag(struct xml_reader *x, uint64_t origin, struct xml_token *ret)
{
    enum { NEAR = 64 };
    const struct bytes look = bytes_part(x->rest, 0, NEAR);
    const uint8_t *end = look.len > 0 ? memchr(look.at, '>', look.len) : NULL;
    const uint8_t *tag = look.len > 0 ? memchr(look.at, '<', look.len) : NULL;

    x->in_tag = false;
    if (look.len == 0)
        return false; /* cut off: the element stays open */
    if (end && (!tag || tag > end)) {
        advance(x, (size_t)(end - look.at) + 1);
        return false;
    }
    return close_element(x, origin, ret);
}

static bool next_in_tag(struct xml_reader *x, struct xml_token *ret)
{
    const uint64_t origin = x->rest.origin;
    struct bytes name = { 0 }, value = { 0 };

    switch (take_attribute(x, &name, &value)) {
    case TAG_BROKEN:
        complain(x, PARSE_INVALID);
        return leave_tag(x, origin, ret);
    case TAG_END_EMPTY:
        x->in_tag = false;
        return close_element(x, origin, ret);
    case TAG_END:
        x->in_tag = false;
        return false;
    case ATTRIBUTE:
        break;
    }
    *ret = (struct xml_token){ .kind = XML_ATTRIBUTE, .name = name_of(name), .value = trimmed(value) };
    return true;
}

static bool next_text(struct xml_reader *x, struct xml_token *ret)
{
    const uint8_t *tag = memchr(x->rest.at, '<', x->rest.len);
    const struct bytes text = bytes_part(x->rest, 0, tag ? (uint64_t)(tag - x->rest.at) : UINT64_MAX);

    advance(x, text.len);
    *ret = (struct xml_token){ .kind = XML_TEXT, .name = innermost(x), .value = trimmed(text) };
    return ret->value.len > 0;
}

static bool next_cdata(struct xml_reader *x, struct xml_token *ret)
{
    advance(x, 9);
    struct bytes text = x->rest;
    const uint8_t *end = text.len ? memmem(text.at, text.len, "]]>", 3) : NULL;

    skip_past(x, "]]>", 3);
    text.len = end ? (size_t)(end - text.at) : text.len;
    *ret = (struct xml_token){ .kind = XML_TEXT, .name = innermost(x), .value = trimmed(text), .raw = true };
    return ret->value.len > 0;
}

/* <!DOCTYPE name [ ... ]>: what stands in the brackets is not looked at. */
static void skip_declaration(struct xml_reader *x)
{
    const uint8_t *end = memchr(x->rest.at, '>', x->rest.len);

    if (end && memchr(x->rest.at, '[', (size_t)(end - x->rest.at)))
        skip_past(x, "]", 1);
    skip_past(x, ">", 1);
}

static bool instruction_ends(struct bytes b)
{
    enum { INSTRUCTION_MAX = 4096 };
    const struct bytes look = bytes_part(b, 0, INSTRUCTION_MAX);

    return memmem(look.at, look.len, "?>", 2) != NULL;
}

/* A tag, or something that is skipped: comment, instruction, declaration. */
static bool next_markup(struct xml_reader *x, struct xml_token *ret)
{
    const uint8_t second = x->rest.len > 1 ? x->rest.at[1] : 0;

    if (second == '/')
        return close_tag(x, ret);
    if (x->depth > 0 && ((second == '?' && !instruction_ends(x->rest)) ||
                         (second == '!' && !bytes_start_with(x->rest, "<!--", 4) &&
                                           !bytes_start_with(x->rest, "<![CDATA[", 9)))) {
        complain(x, PARSE_INVALID); /* declarations stand ahead of the document, so this is damage */
        advance(x, 2);
        return false;
    }
    if (second == '?') {
        skip_past(x, "?>", 2);
        return false;
    }
    if (second != '!')
        return open_element(x, ret);
    if (bytes_start_with(x->rest, "<![CDATA[", 9))
        return next_cdata(x, ret);
    if (bytes_start_with(x->rest, "<!--", 4)) {
        advance(x, 4);
        skip_past(x, "-->", 3);
    } else {
        skip_declaration(x);
    }
    return false;
}

void xml_init(struct xml_reader *x, struct bytes whole)
{
    *x = (struct xml_reader){ .rest = whole };
    if (bytes_start_with(whole, "\xff\xfe", 2) || bytes_start_with(whole, "\xfe\xff", 2) ||
        bytes_start_with(whole, "<\0", 2) || bytes_start_with(whole, "\0<", 2) ||
        bytes_start_with(whole, "\0\0", 2)) {
        complain(x, PARSE_UNSUPPORTED);
        x->rest.len = 0;
    }
    if (bytes_start_with(whole, "\xef\xbb\xbf", 3))
        advance(x, 3);
}

bool xml_next(struct xml_reader *x, struct xml_token *ret)
{
    while (x->rest.len > 0) {
        if (x->in_tag ? next_in_tag(x, ret) : x->rest.at[0] != '<' ? next_text(x, ret) : next_markup(x, ret))
            return true;
    }
    if (x->depth > 0 || x->in_tag)
        complain(x, PARSE_TRUNCATED);
    return false;
}

/* `inner` is what stands between & and ;.  False for what is no known reference. */
static bool entity(struct text inner, uint32_t *ret)
{
    static const struct { char name[5], c; } named[] = {
        { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' },
    };
    uint32_t c = 0;

    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (text_equal(inner, text_of(named[i].name))) {
            *ret = (uint32_t)named[i].c;
            return true;
        }
    if (inner.len < 2 || inner.at[0] != '#')
        return false;
    const bool hex = inner.at[1] == 'x';
    if (hex && inner.len == 2)
        return false;
    for (size_t i = hex ? 2 : 1; i < inner.len; i++) {
        const char d = inner.at[i];
        uint32_t digit;
        if (d >= '0' && d <= '9')
            digit = (uint32_t)(d - '0');
        else if (hex && (d | 0x20) >= 'a' && (d | 0x20) <= 'f')
            digit = (uint32_t)((d | 0x20) - 'a') + 10;
        else
            return false;
        c = c * (hex ? 16 : 10) + digit;
        if (c > 0x10ffff)
            return false;
    }
    if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
        return false;
    *ret = c;
    return true;
}

struct text xml_text(struct arena *a, struct bytes value)
{
    enum { REFERENCE_MAX = 10 };

    if (value.len == 0 || !memchr(value.at, '&', value.len))
        return text_of_bytes(value);
    char *to = arena_alloc(a, value.len, 1); /* a reference is never shorter than its character */
    if (!to)
        return TEXT_UNKNOWN;
    size_t len = 0;
    for (size_t i = 0; i < value.len; ) {
        struct bytes tail = bytes_part(value, i + 1, REFERENCE_MAX);
        const uint8_t *end = value.at[i] == '&' && tail.len ? memchr(tail.at, ';', tail.len) : NULL;
        uint32_t c;
        if (end && entity((struct text){ (const char *)tail.at, (size_t)(end - tail.at) }, &c)) {
            len += utf8_put(to + len, c);
            i += (size_t)(end - tail.at) + 2;
        } else {
            to[len++] = (char)value.at[i++];
        }
    }
    return (struct text){ .at = to, .len = len };
}
