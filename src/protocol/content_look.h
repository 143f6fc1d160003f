#ifndef LEASH_PROTOCOL_CONTENT_LOOK_H
#define LEASH_PROTOCOL_CONTENT_LOOK_H

#include <stdbool.h>

#include "base/cursor.h"

/* Whether content whose form nobody named is one that is recognised by its first bytes: text, or a
 * picture, video or document format. */
enum { CONTENT_LOOK_BYTES = 32 };

/* `first` is at most CONTENT_LOOK_BYTES of it, less only where it is shorter. */
bool content_is_recognised(struct bytes first);

#endif
