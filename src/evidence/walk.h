#ifndef LEASH_EVIDENCE_WALK_H
#define LEASH_EVIDENCE_WALK_H

#include "base/text.h"

/* Walks what the user named: files as they are, folders in byte order of their names.
 * Symbolic links inside folders are not followed; a folder is entered once, however it is
 * reached; what is neither file nor folder is told, not opened. */

enum walk_kind {
    WALK_FILE,
    WALK_SKIPPED,     /* a link, a device, a pipe, a socket, a folder met again: `note` says which */
    WALK_FAILED,      /* cannot be looked at: `note` says why */
};

/* `named`: the user named this very path.  Texts live until the call returns. */
typedef void walk_found(void *user, enum walk_kind kind, struct text path, const char *note, bool named);

/* Gives the number of files found. */
size_t walk(const char *const *paths, size_t path_count, walk_found *found, void *user);

#endif
