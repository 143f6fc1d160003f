#ifndef LEASH_SCRUB_PLAN_XMP_H
#define LEASH_SCRUB_PLAN_XMP_H

#include "media/pieces.h"
#include "scrub/edit.h"

/* XMP keeps its length: what must go becomes blanks, the whole attribute or element where it stands alone, else its
 * value.  A packet that cannot be read as XML to its end, or is in UTF-16, becomes blanks as a whole when anything is
 * to go.
 *
 * What a property is, is told by its namespace and name (media/xmp.h); of the namespaces that are known,
 * properties without a rule are harmless, of those of makers and of unknown ones they are unknown. */
void plan_xmp(struct plan *p, struct pieces packet, const char *block_name);

#endif
