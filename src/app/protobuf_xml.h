#ifndef LEASH_APP_PROTOBUF_XML_H
#define LEASH_APP_PROTOBUF_XML_H

#include "app/axml.h"
#include "app/resources.h"

/* The XML and the values of app bundles: protocol buffers in place of Android's binary chunks.  Used through
 * app/axml.h and app/resources.h.
 * Source: aapt2's Resources.proto (XmlNode, XmlElement, XmlAttribute, Item, Reference, Primitive). */

/* A node with an element that has a name. */
bool protobuf_xml_recognise(struct bytes whole);

void protobuf_xml_open(struct axml *x, struct bytes whole, struct arena *arena);
enum axml_event protobuf_xml_next(struct axml *x);

/* An Item; false when it holds no single value.  Texts are views of `item`. */
bool protobuf_item(struct bytes item, struct resource_value *ret);

/* The value of a resource in a ResourceTable (resources.pb): of the default configuration if it has
 * one there, else of the first that has.  Counts what it looks at. */
bool protobuf_resource_find(struct bytes table, uint32_t id, uint64_t *steps, struct resource_value *ret);

#endif
