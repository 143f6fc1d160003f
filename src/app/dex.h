#ifndef LEASH_APP_DEX_H
#define LEASH_APP_DEX_H

#include "base/cursor.h"
#include "base/text.h"

/* The tables of a DEX file: strings, types, fields, methods, classes.
 * Source: Android's public document "Dalvik executable format"; for version 41 also ART's dex_file.cc: a file may hold
 * several, each with a header that says where it stands, and all offsets count from the beginning of the file. */

struct dex_table {
    struct bytes rows;
    uint32_t count;   /* as many as lie in the file */
};

struct dex {
    struct bytes whole;   /* of a container, all of it: its files share texts and code */
    uint64_t end;         /* where the header of the next file of a container stands, if there is one */
    int version;          /* 35, 37 ... */
    struct dex_table strings, types, fields, methods, classes;
    bool cut;         /* a table does not lie in the file as a whole */
    uint64_t steps;   /* bytes of strings and code that were gone through; see DEX_STEPS_PER_BYTE */
};

/* Tables may point at the same bytes again and again.  A file is gone through so often, then strings are
 * unknown and code is not followed. */
enum { DEX_STEPS_PER_BYTE = 16 };

/* Whether that is so. */
bool dex_exhausted(const struct dex *d);

bool dex_recognise(struct bytes whole);

/* PARSE_INVALID: none.  PARSE_UNSUPPORTED: in the other order of bytes.
 * PARSE_TRUNCATED: some rows are missing; `ret` is set for that and for OK. */
__attribute__((warn_unused_result))
enum parse_status dex_open(struct bytes whole, struct dex *ret);
/* The next file of the same container (version 41 and later); false when there is none or it is cut off. */
__attribute__((warn_unused_result))
bool dex_open_next(struct dex *d);

/* The bytes of a string (MUTF-8, without its NUL); unknown when it does not lie in the file.
 * `ret_offset` may be NULL. */
struct text dex_string(struct dex *d, uint32_t index, uint32_t *ret_offset);
/* A descriptor such as "Lcom/example/Name;". */
struct text dex_type(struct dex *d, uint32_t index);

struct dex_class { uint32_t type, flags, superclass, class_data; };
bool dex_class(struct dex *d, uint32_t index, struct dex_class *ret);

struct dex_method { uint32_t type, name; };  /* of which type, and its name's string */
bool dex_method(struct dex *d, uint32_t index, struct dex_method *ret);
/* The same of a field. */
bool dex_field(struct dex *d, uint32_t index, struct dex_method *ret);

#endif
