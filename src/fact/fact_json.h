#ifndef LEASH_FACT_FACT_JSON_H
#define LEASH_FACT_FACT_JSON_H

#include "base/json.h"
#include "fact/fact.h"

enum fact_json_form {
    FACT_JSON_REPORT, /* the contract's members; fields of group "-" are left out */
    FACT_JSON_FACTS,  /* "fact": KIND first, and every field */
};

/* Writes the row as one object: id, evidence, origin, then its fields.  REF fields become
 * ids with the evidence key of the row's own id, so head.id must be set for them. */
void fact_json_row(struct json *j, enum fact_json_form form, enum fact_kind kind, const void *row);

/* The origin alone: {"offset":,"length":,"packets":[first,last],"steps":[],"rows":[]},
 * members that are not known left out; null when nothing is known. */
void fact_json_origin(struct json *j, const struct fact_origin *origin);

/* The 12 hex digits in an id, or unknown. */
struct text fact_id_key(struct text id);

/* A JSON array of strings as leash writes them; texts are put into `arena`. */
__attribute__((warn_unused_result))
bool fact_json_read_list(struct text json, struct arena *arena, struct text_list *ret);
/* The inverse of fact_json_origin. */
__attribute__((warn_unused_result))
bool fact_json_read_origin(struct text json, struct arena *arena, struct fact_origin *ret);

#endif
