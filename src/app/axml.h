#ifndef LEASH_APP_AXML_H
#define LEASH_APP_AXML_H

#include "app/string_pool.h"

/* Android's binary XML, and that of app bundles (app/protobuf_xml.h), pulled element by element.  Attributes are told
 * by the resource id of their name, as Android does it: the text may be empty or false.
 * Source: androidfw's ResourceTypes.h (ResXMLTree_node, ResXMLTree_attrExt, ResXMLTree_attribute). */

enum axml_event { AXML_START, AXML_END, AXML_TEXT, AXML_DONE };

enum { AXML_DEPTH_MAX = 256, AXML_ATTRIBUTES_MAX = 256 };

struct axml_attribute {
    uint32_t resource_id;   /* of the name; 0: none */
    struct text name;
    uint8_t type;           /* enum value_type */
    uint32_t data;
    struct text text;       /* the string, when type is VALUE_STRING or there is a raw value; else unknown */
};

struct axml {
    struct cursor c;
    bool protobuf;
    struct bytes open[AXML_DEPTH_MAX]; /* of each open element what is behind the last child; protocol buffers only */
    struct string_pool pool;
    struct bytes resource_ids;
    struct arena *arena;
    int depth;              /* elements open now, the one just started included */
    size_t odd_chunks;      /* of no known type or with a false size: passed over */
    bool begun;             /* there was an element */
    bool broken;            /* some of it could not be read */
    struct text characters; /* of AXML_TEXT */
    /* of the element last started */
    struct text element;
    struct axml_attribute attributes[AXML_ATTRIBUTES_MAX];
    size_t attribute_count;
};

bool axml_recognise(struct bytes whole);

/* PARSE_INVALID when it is none.  `x` is used with axml_next. */
__attribute__((warn_unused_result))
enum parse_status axml_open(struct axml *x, struct bytes whole, struct arena *arena);
enum axml_event axml_next(struct axml *x);

/* The attribute with that resource id, or, where it has none, that name; NULL. */
const struct axml_attribute *axml_attribute(const struct axml *x, uint32_t resource_id, struct text name);

#endif
