#ifndef LEASH_REPORT_STIX_ID_H
#define LEASH_REPORT_STIX_ID_H

#include "base/buffer.h"
#include "base/text.h"

/* Identifiers of STIX 2.1 objects (section 2.9): TYPE--UUID, with UUIDs of version 5 (RFC 4122), so that the same thing
 * has the same id each time. */
enum { STIX_ID_MAX = 64 };
struct stix_id { char text[STIX_ID_MAX]; };

/* Of a cyber-observable object: its type and the canonical JSON (RFC 8785) of the properties that contribute to its
 * id. */
struct stix_id stix_observable_id(const char *type, const struct buffer *canonical);
/* Of any other object: from the case (the head of its chain) and a key that is the object's own within it. */
struct stix_id stix_object_id(const char *type, struct text head, struct text key);

/* The same for those whose one property is a value. */
struct stix_id stix_value_id(const char *type, struct text value);

/* A string as RFC 8785 wants it. */
void stix_put_canonical(struct buffer *b, struct text t);

#endif
