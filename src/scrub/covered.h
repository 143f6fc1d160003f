#ifndef LEASH_SCRUB_COVERED_H
#define LEASH_SCRUB_COVERED_H

#include "scrub/edit.h"

/* Which bytes of a block something in it points at.  A program that changes a TIFF file in place writes anew what it
 * changes and leaves the old directories and values where they were: no reader comes to them any more, and whoever
 * opens the file with a hex editor does. */
enum { COVERED_RANGES_MAX = 1 << 20 };

struct covered_range {
    uint64_t from, until; /* in the block */
    bool picture;         /* else directories and values */
};

struct covered {
    struct bytes block;
    struct covered_range *list;
    size_t count, room;
    bool full;            /* more ranges than are kept */
};

void covered_init(struct covered *c, struct bytes block);
void covered_done(struct covered *c);

/* What of the range lies outside the block does not count. */
void covered_add(struct covered *c, uint64_t from, uint64_t length, bool picture);
/* `part` is a part of the block. */
void covered_add_part(struct covered *c, struct bytes part);

/* At the end: what nothing points at is of `kind` (SCRUB_UNKNOWN: not understood), unless it is blank or too short to
 * say anything; and pictures that are said to lie where something else is are damage. */
void covered_plan(struct covered *c, struct plan *p, enum scrub_kind kind, const char *block_name);

#endif
