#include "media/xmp.h"

/* Only the newest binding of a prefix counts: real packets bind each prefix once, and
 * scoping would not change what is found, only what it is called. */
static const struct text rdf_namespace = { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", 43 };

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0;
}

static void advance(struct xmp_scan *s, size_t n)
{
    s->rest = bytes_part(s->rest, n, UINT64_MAX);
}

static struct bytes trimmed(struct bytes b)
{
    while (b.len > 0 && is_blank(b.at[0]))
        b = bytes_part(b, 1, UINT64_MAX);
    while (b.len > 0 && is_blank(b.at[b.len - 1]))
        b.len--;
    return b;
}

static void complain(struct xmp_scan *s, enum parse_status status)
{
    if (s->status != PARSE_OK)
        return;
    s->status = status;
    s->status_origin = s->rest.origin;
}

/* Skips up to and including `end`; to the very end, with a complaint, when it never comes. */
static void skip_past(struct xmp_scan *s, const char *end, size_t end_len)
{
    const uint8_t *found = s->rest.len ? memmem(s->rest.at, s->rest.len, end, end_len) : NULL;

    if (!found)
        complain(s, PARSE_TRUNCATED);
    advance(s, found ? (size_t)(found - s->rest.at) + end_len : s->rest.len);
}

/* No real name is longer; names are compared again and again. */
enum { NAME_MAX_BYTES = 256 };

static struct xmp_name name_of(struct bytes raw)
{
    raw = bytes_part(raw, 0, NAME_MAX_BYTES);
    const uint8_t *colon = raw.len ? memchr(raw.at, ':', raw.len) : NULL;
    const size_t before = colon ? (size_t)(colon - raw.at) : 0;

    if (!colon)
        return (struct xmp_name){ .prefix = TEXT_UNKNOWN, .local = text_of_bytes(raw) };
    return (struct xmp_name){ .prefix = text_of_bytes(bytes_part(raw, 0, before)),
                              .local = text_of_bytes(bytes_part(raw, before + 1, UINT64_MAX)) };
}

static struct text namespace_of(const struct xmp_scan *s, struct text prefix)
{
    for (size_t i = s->namespace_count; i-- > 0; )
        if (text_equal(s->namespaces[i].prefix, prefix))
            return s->namespaces[i].uri;
    return TEXT_UNKNOWN;
}

static bool is_rdf(const struct xmp_scan *s, struct xmp_name name)
{
    const struct text uri = namespace_of(s, name.prefix);

    return text_known(uri) ? text_equal(uri, rdf_namespace) : text_equal(name.prefix, TEXT("rdf"));
}

/* A name ends at a blank or at one of = / > < or a quote. */
static struct bytes take_name(struct xmp_scan *s)
{
    size_t n = 0;

    while (n < s->rest.len && !is_blank(s->rest.at[n]) && !memchr("=/><\"'", s->rest.at[n], 6))
        n++;
    struct bytes name = bytes_part(s->rest, 0, n);
    advance(s, n);
    return name;
}

static void skip_blanks(struct xmp_scan *s)
{
    size_t n = 0;

    while (n < s->rest.len && is_blank(s->rest.at[n]))
        n++;
    advance(s, n);
}

static bool take_char(struct xmp_scan *s, uint8_t c)
{
    if (s->rest.len == 0 || s->rest.at[0] != c)
        return false;
    advance(s, 1);
    return true;
}

enum attribute { ATTRIBUTE, TAG_END, TAG_END_EMPTY, TAG_BROKEN };

/* The next name="value" of the tag the scan stands in, or how the tag ends. */
static enum attribute take_attribute(struct xmp_scan *s, struct bytes *name, struct bytes *value)
{
    skip_blanks(s);
    if (take_char(s, '>'))
        return TAG_END;
    if (take_char(s, '/')) {
        if (take_char(s, '>'))
            return TAG_END_EMPTY;
        return TAG_BROKEN;
    }
    *name = take_name(s);
    if (name->len == 0)
        return TAG_BROKEN;
    skip_blanks(s);
    if (!take_char(s, '='))
        return TAG_BROKEN;
    skip_blanks(s);
    const uint8_t quote = s->rest.len > 0 ? s->rest.at[0] : 0;
    if (quote != '"' && quote != '\'')
        return TAG_BROKEN;
    advance(s, 1);
    const uint8_t *end = s->rest.len ? memchr(s->rest.at, quote, s->rest.len) : NULL;
    if (!end) {
        complain(s, PARSE_TRUNCATED);
        advance(s, s->rest.len);
        return TAG_BROKEN;
    }
    *value = bytes_part(s->rest, 0, (size_t)(end - s->rest.at));
    advance(s, value->len + 1);
    return ATTRIBUTE;
}

static void bind_namespace(struct xmp_scan *s, struct bytes name, struct bytes uri)
{
    struct text prefix = TEXT_UNKNOWN;

    if (bytes_start_with(name, "xmlns:", 6))
        prefix = text_of_bytes(bytes_part(name, 6, UINT64_MAX));
    else if (!bytes_equal(name, "xmlns", 5))
        return;
    if (name.len > NAME_MAX_BYTES || uri.len > NAME_MAX_BYTES)
        return;
    for (size_t i = 0; i < s->namespace_count; i++)
        if (text_equal(s->namespaces[i].prefix, prefix)) {
            s->namespaces[i].uri = text_of_bytes(uri);
            return;
        }
    if (s->namespace_count == XMP_NAMESPACES_MAX)
        return;
    s->namespaces[s->namespace_count].prefix = prefix;
    s->namespaces[s->namespace_count++].uri = text_of_bytes(uri);
}

/* An attribute may use a prefix that is bound behind it in the same tag. */
static void bind_namespaces_of_tag(struct xmp_scan *s)
{
    const struct bytes begin = s->rest;
    const enum parse_status status = s->status;
    struct bytes name, value;

    while (take_attribute(s, &name, &value) == ATTRIBUTE)
        bind_namespace(s, name, value);
    s->rest = begin;
    s->status = status;
}

static void open_element(struct xmp_scan *s)
{
    struct bytes name = take_name(s);

    if (s->depth < XMP_DEPTH_MAX)
        s->open[s->depth] = name_of(name);
    s->depth++;
    s->in_tag = true;
    bind_namespaces_of_tag(s);
}

static void close_element(struct xmp_scan *s)
{
    if (s->depth > 0)
        s->depth--;
    else
        complain(s, PARSE_INVALID);
}

static void markup(struct xmp_scan *s)
{
    if (bytes_start_with(s->rest, "<!--", 4)) {
        advance(s, 4);
        skip_past(s, "-->", 3);
    } else if (bytes_start_with(s->rest, "<?", 2)) {
        skip_past(s, "?>", 2);
    } else if (bytes_start_with(s->rest, "<!", 2)) {
        skip_past(s, ">", 1);
    } else if (bytes_start_with(s->rest, "</", 2)) {
        skip_past(s, ">", 1);
        close_element(s);
    } else {
        advance(s, 1);
        open_element(s);
    }
}

/* The element that text at this depth belongs to: rdf:li, rdf:Seq and their like only
 * arrange values. */
static bool current_property(const struct xmp_scan *s, struct xmp_property *p)
{
    size_t i = s->depth < XMP_DEPTH_MAX ? s->depth : XMP_DEPTH_MAX;

    while (i > 0 && is_rdf(s, s->open[i - 1]))
        i--;
    if (i == 0)
        return false;
    p->name = s->open[i - 1];
    p->namespace = namespace_of(s, p->name.prefix);
    return true;
}

static bool attribute_property(struct xmp_scan *s, struct xmp_property *p)
{
    struct bytes name = { 0 }, value = { 0 };

    switch (take_attribute(s, &name, &value)) {
    case TAG_BROKEN:
        complain(s, PARSE_INVALID);
        skip_past(s, ">", 1);
        s->in_tag = false;
        return false;
    case TAG_END_EMPTY:
        close_element(s);
        s->in_tag = false;
        return false;
    case TAG_END:
        s->in_tag = false;
        return false;
    case ATTRIBUTE:
        break;
    }
    p->name = name_of(name);
    p->namespace = namespace_of(s, p->name.prefix);
    p->value = trimmed(value);
    if (bytes_start_with(name, "xmlns", 5) || text_equal(p->name.prefix, TEXT("xml")) || p->value.len == 0)
        return false;
    if (is_rdf(s, p->name) && (text_equal(p->name.local, TEXT("resource")) || text_equal(p->name.local, TEXT("value"))))
        return current_property(s, p);
    return true;
}

static bool text_property(struct xmp_scan *s, struct xmp_property *p)
{
    const uint8_t *tag = memchr(s->rest.at, '<', s->rest.len);
    struct bytes text = bytes_part(s->rest, 0, tag ? (uint64_t)(tag - s->rest.at) : UINT64_MAX);

    advance(s, text.len);
    p->value = trimmed(text);
    return p->value.len > 0 && current_property(s, p);
}

static bool cdata_property(struct xmp_scan *s, struct xmp_property *p)
{
    advance(s, 9);
    struct bytes text = s->rest;
    const uint8_t *end = text.len ? memmem(text.at, text.len, "]]>", 3) : NULL;

    skip_past(s, "]]>", 3);
    text.len = end ? (size_t)(end - text.at) : text.len;
    p->value = trimmed(text);
    return p->value.len > 0 && current_property(s, p);
}

void xmp_scan_init(struct xmp_scan *s, struct bytes packet)
{
    *s = (struct xmp_scan){ .rest = packet };
    if (bytes_start_with(packet, "\xff\xfe", 2) || bytes_start_with(packet, "\xfe\xff", 2) ||
        bytes_start_with(packet, "<\0", 2) || bytes_start_with(packet, "\0<", 2) ||
        bytes_start_with(packet, "\0\0", 2)) {
        complain(s, PARSE_UNSUPPORTED);
        s->rest.len = 0;
    }
}

bool xmp_next(struct xmp_scan *s, struct xmp_property *ret)
{
    while (s->rest.len > 0) {
        bool found = false;
        if (s->in_tag)
            found = attribute_property(s, ret);
        else if (s->rest.at[0] != '<')
            found = text_property(s, ret);
        else if (bytes_start_with(s->rest, "<![CDATA[", 9))
            found = cdata_property(s, ret);
        else
            markup(s);
        if (found)
            return true;
    }
    if (s->depth > 0 || s->in_tag)
        complain(s, PARSE_TRUNCATED);
    return false;
}

static size_t utf8_write(uint32_t c, char *to)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
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

struct text xmp_text(struct arena *a, struct bytes value)
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
            len += utf8_write(c, to + len);
            i += (size_t)(end - tail.at) + 2;
        } else {
            to[len++] = (char)value.at[i++];
        }
    }
    return (struct text){ .at = to, .len = len };
}
