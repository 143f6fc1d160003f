#ifndef LEASH_PROTOCOL_AMF0_H
#define LEASH_PROTOCOL_AMF0_H

#include "base/cursor.h"
#include "base/text.h"

/* Values of AMF 0 (Adobe, "Action Message Format -- AMF 0", section 2), as far as commands of RTMP use them. */

/* The next value when it is a string; false (and the cursor behind it) when it is another. */
bool amf0_string(struct cursor *c, struct text *ret);
/* Passes over one value of any type, at most a few levels deep; a type that is not known sets `failed`. */
void amf0_skip(struct cursor *c);

/* If the next value is an object or an array by names: calls `each` for its string members; passes over it. */
void amf0_object(struct cursor *c, void (*each)(void *user, struct text name, struct text value), void *user);

#endif
