#ifndef LEASH_SCRUB_CHECK_H
#define LEASH_SCRUB_CHECK_H

#include "evidence/format.h"

/* The search of a copy's bytes for what must be gone (leak/residue.h), as a reader process runs it: puts a `leak` row
 * for each value that is still there.  It recognises nothing: the items are given it, and are named by
 * scrub_check_name. */
extern const struct format scrub_check;

/* A large copy is searched in parts, by several readers.  How many of them a copy of that kind (evidence/format.h) and
 * of so many bytes has, at least 1. */
unsigned scrub_check_parts(const char *kind, uint64_t bytes);
/* The name of an item that is part `number` of so many, beginning with `path`. */
struct text scrub_check_name(struct arena *arena, struct text path, unsigned number, unsigned parts);

#endif
