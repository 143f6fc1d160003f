#ifndef LEASH_MEDIA_XMP_H
#define LEASH_MEDIA_XMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* Reads an XMP packet (ISO 16684-1: RDF in XML) as a flat run of properties.  A
 * property's value may stand as an attribute, as element text, as rdf:resource or as
 * the items of an rdf:Seq/Bag/Alt; all come out alike, one at a time.  Prefixes
 * are free: a property carries both its prefix and the namespace bound to it.
 *
 * It is a scanner, not a validator: no DTD, no external entities, no entity
 * expansion (so nothing can blow up), and what is malformed is skipped to the next
 * tag and remembered in `status`.
 *
 *   struct xmp_scan s;
 *   struct xmp_property p;
 *   for (xmp_scan_init(&s, packet); xmp_next(&s, &p); )
 *       ...
 *   s.status: OK, INVALID (something was skipped at s.status_origin), TRUNCATED,
 *   UNSUPPORTED (UTF-16 or UTF-32). */
enum { XMP_DEPTH_MAX = 32, XMP_NAMESPACES_MAX = 48 };

struct xmp_name {
    struct text prefix;     /* unknown when there is none */
    struct text local;
};

struct xmp_property {
    struct xmp_name name;
    struct text namespace;  /* unknown when the prefix was never bound */
    struct bytes value;     /* as it stands, entities not replaced, blanks at both ends left out */
};

struct xmp_scan {
    struct bytes rest;
    struct xmp_name open[XMP_DEPTH_MAX]; /* open elements, outermost first */
    size_t depth;                        /* may go beyond XMP_DEPTH_MAX; those deeper have no name */
    struct { struct text prefix, uri; } namespaces[XMP_NAMESPACES_MAX];
    size_t namespace_count;
    bool in_tag;
    enum parse_status status;
    uint64_t status_origin;
};

void xmp_scan_init(struct xmp_scan *s, struct bytes packet);
bool xmp_next(struct xmp_scan *s, struct xmp_property *ret);

/* The value with the five named entities and character references replaced; unknown
 * entities stay as they are.  A view where nothing needs replacing, else in the arena. */
struct text xmp_text(struct arena *a, struct bytes value);

#endif
