#include "media/xmp.h"

/* Only the newest binding of a prefix counts: real packets bind each prefix once, and
 * scoping would not change what is found, only what it is called. */
static const struct text rdf_namespace = { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", 43 };

static struct text namespace_of(const struct xmp_scan *s, struct text prefix)
{
    for (size_t i = s->namespace_count; i-- > 0; )
        if (text_equal(s->namespaces[i].prefix, prefix))
            return s->namespaces[i].uri;
    return TEXT_UNKNOWN;
}

static bool is_rdf(const struct xmp_scan *s, struct xml_name name)
{
    const struct text uri = namespace_of(s, name.prefix);

    return text_known(uri) ? text_equal(uri, rdf_namespace) : text_equal(name.prefix, TEXT("rdf"));
}

static bool binds_namespace(struct xml_name name)
{
    return text_equal(name.prefix, TEXT("xmlns")) ||
        (!text_known(name.prefix) && text_equal(name.local, TEXT("xmlns")));
}

static void bind_namespace(struct xmp_scan *s, struct xml_name name, struct bytes uri)
{
    const struct text prefix = text_known(name.prefix) ? name.local : TEXT_UNKNOWN;

    if (!binds_namespace(name) || uri.len > XML_NAME_MAX)
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
    struct xml_reader ahead = s->xml;
    struct xml_token t;

    while (xml_next(&ahead, &t) && t.kind == XML_ATTRIBUTE)
        bind_namespace(s, t.name, t.value);
}

/* The innermost of the first `depth` open elements that is a property: rdf:li, rdf:Seq and their like only arrange
 * values. Gives its depth, 0 when there is none. */
static size_t property_depth(const struct xmp_scan *s, size_t depth)
{
    while (depth > 0 && is_rdf(s, s->xml.open[depth - 1]))
        depth--;
    return depth;
}

static struct xml_name element_at(const struct xmp_scan *s, size_t depth)
{
    return depth > 0 ? s->xml.open[depth - 1] : (struct xml_name){ TEXT_UNKNOWN, TEXT_UNKNOWN };
}

static size_t depth_of(const struct xmp_scan *s)
{
    return s->xml.depth < XML_DEPTH_MAX ? s->xml.depth : XML_DEPTH_MAX;
}

/* The element that text at this depth belongs to. */
static bool current_property(const struct xmp_scan *s, struct xmp_property *p)
{
    const size_t depth = property_depth(s, depth_of(s));

    if (depth == 0)
        return false;
    p->name = element_at(s, depth);
    p->namespace = namespace_of(s, p->name.prefix);
    p->within = element_at(s, property_depth(s, depth - 1));
    return true;
}

static bool attribute_property(struct xmp_scan *s, const struct xml_token *t, struct xmp_property *p)
{
    p->name = t->name;
    p->namespace = namespace_of(s, p->name.prefix);
    p->within = element_at(s, property_depth(s, depth_of(s)));
    p->value = t->value;
    if (binds_namespace(t->name) || text_equal(t->name.prefix, TEXT("xml")) || t->value.len == 0)
        return false;
    if (is_rdf(s, t->name) && (text_equal(t->name.local, TEXT("resource")) || text_equal(t->name.local, TEXT("value"))))
        return current_property(s, p);
    return true;
}

void xmp_scan_init(struct xmp_scan *s, struct bytes packet)
{
    *s = (struct xmp_scan){ .namespace_count = 0 };
    xml_init(&s->xml, packet);
    s->status = s->xml.status;
    s->status_origin = s->xml.status_origin;
}

bool xmp_next(struct xmp_scan *s, struct xmp_property *ret)
{
    struct xml_token t;
    bool found = false;

    while (!found && xml_next(&s->xml, &t)) {
        if (t.kind == XML_OPEN) {
            bind_namespaces_of_tag(s);
        } else if (t.kind == XML_ATTRIBUTE) {
            found = attribute_property(s, &t, ret);
        } else if (t.kind == XML_TEXT) {
            ret->value = t.value;
            found = current_property(s, ret);
        }
    }
    s->status = s->xml.status;
    s->status_origin = s->xml.status_origin;
    return found;
}
