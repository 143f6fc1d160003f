#ifndef LEASH_REPORT_TOLD_H
#define LEASH_REPORT_TOLD_H

#include "base/arena.h"
#include "base/text.h"

/* A sentence that the case recorded, in English, in the language of the report (words.h), by
 * told_table.h.  A sentence that the table does not have, and every one while the language is English, is
 * given back as it is: never half a translation.  What stands in a sentence (names from evidence
 * too) is kept; `arena` holds what is new. */
struct text told(struct arena *arena, struct text sentence);

#endif
