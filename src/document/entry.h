#ifndef LEASH_DOCUMENT_ENTRY_H
#define LEASH_DOCUMENT_ENTRY_H

#include "base/json_read.h"
#include "evidence/reading.h"

/* One entry of a bill of materials while it is read: memory does not follow the document. */
enum { ENTRY_TEXT_MAX = 512, ENTRIES_MAX = 200000 };

/* A text as long as the room; `cut` when it was longer, and then it is unknown. */
struct entry_text {
    size_t len;
    bool known, cut;
    char at[ENTRY_TEXT_MAX];
};

struct entry {
    struct entry_text name, version, owner, country, kind, locator, id, licence;
    int owner_rank;          /* of what gave the owner; higher is better */
    struct bytes at;         /* the entry's opening bracket */
};

/* The licence, in SPDX's words; two of them without a word between are not known to be "and" or "or". */
void entry_licence_set(struct entry *e, struct text value);
void entry_text_set(struct entry_text *into, struct text value);
struct text entry_text_get(const struct entry_text *from);

struct bill {
    struct reading *reading;
    const char *format;      /* "CycloneDX", "SPDX" */
    struct entry_text version;
    struct entry_text subject;
    size_t entries;
};

/* The setting row. */
void bill_put_subject(struct bill *b, const char *value, struct bytes at);
/* A component row; an entry without a name is damage. */
void bill_put(struct bill *b, const struct entry *e);
/* Damage for a document that was not read to its end. */
void bill_ended(struct bill *b, enum parse_status status, uint64_t origin);

/* Looks for both marks near the start of a JSON object. */
bool json_document_recognise(struct bytes whole, const char *key, const char *value);

#endif
