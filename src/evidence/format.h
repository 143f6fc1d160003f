#ifndef LEASH_EVIDENCE_FORMAT_H
#define LEASH_EVIDENCE_FORMAT_H

#include <stddef.h>

#include "evidence/reading.h"

/* When an item is read: stored evidence comes first, because it holds the secrets
 * that transmitted evidence is searched for. */
enum reading_pass { PASS_STORED, PASS_TRANSMITTED };

/* One line per format; the table is in evidence/format.c. */
struct format {
    const char *kind;  /* evidence.kind */
    enum reading_pass pass;
    /* Decides by content alone.  May look anywhere, but must be cheap and must say
     * no to anything that its reader could not at least begin to read. */
    bool (*recognise)(struct bytes whole);
    /* Reads the item and puts its facts.  OK with no damage means all was read.
     * Rows already put stay valid whatever comes back.  NULL: the kind is known by
     * name and not read in this version. */
    enum parse_status (*read)(struct reading *r, struct bytes whole);
};

extern const struct format formats[];
extern const size_t format_count;

/* The first format that recognises the content, or NULL. */
const struct format *format_identify(struct bytes whole);
const struct format *format_find(const char *kind);
/* Of a format that is not read: what to do with it, or NULL. */
const char *format_advice(const struct format *f);

/* For what nobody recognises: the format that its name tells, because its bytes cannot; or NULL. */
const struct format *format_identify_by_name(struct bytes whole, struct text name);

/* Some evidence is described by another file beside it. */
enum { FORMAT_COMPANION_MAX = 32 * 1024 };
/* The path of that file, in `into`; false: none belongs to it. */
bool format_companion(struct text path, char *into, size_t room);

#endif
