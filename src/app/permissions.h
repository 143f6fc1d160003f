#ifndef LEASH_APP_PERMISSIONS_H
#define LEASH_APP_PERMISSIONS_H

#include "app/manifest.h"

/* What Android's permissions open, by the platform's public documentation. */

/* A class first: "location: precise place"; unknown for permissions that open nothing of interest
 * or are not known. */
struct text permission_purpose(struct text name);

/* Permissions the platform grants because of others or of an old target SDK, not declared:
 * READ_EXTERNAL_STORAGE with WRITE_EXTERNAL_STORAGE; both and READ_PHONE_STATE below target 4;
 * READ_CALL_LOG and WRITE_CALL_LOG with the same of contacts below target 16.  Texts are literals. */
struct text_list permissions_implied(const struct manifest *m, struct arena *arena);

#endif
