#ifndef LEASH_MEDIA_XMP_H
#define LEASH_MEDIA_XMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/xml_read.h"

/* Reads an XMP packet (ISO 16684-1: RDF in XML) as a flat run of properties.  A
 * property's value may stand as an attribute, as element text, as rdf:resource or as
 * the items of an rdf:Seq/Bag/Alt; all come out alike, one at a time.  Prefixes
 * are free: a property carries both its prefix and the namespace bound to it.
 *
 * What base/xml_read.h says of malformed XML holds here too.
 *
 *   struct xmp_scan s;
 *   struct xmp_property p;
 *   for (xmp_scan_init(&s, packet); xmp_next(&s, &p); )
 *       ...
 *   s.status: OK, INVALID (something was skipped at s.status_origin), TRUNCATED,
 *   UNSUPPORTED (UTF-16 or UTF-32). */
enum { XMP_NAMESPACES_MAX = 48 };

struct xmp_property {
    struct xml_name name;
    struct text namespace;  /* unknown when the prefix was never bound */
    struct xml_name within; /* the property whose structure it is a field of, or the element around all of them */
    struct bytes value;     /* as it stands, entities not replaced (xml_text does), blanks at both ends left out */
};

struct xmp_scan {
    struct xml_reader xml;
    struct { struct text prefix, uri; } namespaces[XMP_NAMESPACES_MAX];
    size_t namespace_count;
    enum parse_status status;
    uint64_t status_origin;
};

void xmp_scan_init(struct xmp_scan *s, struct bytes packet);
bool xmp_next(struct xmp_scan *s, struct xmp_property *ret);

#endif
