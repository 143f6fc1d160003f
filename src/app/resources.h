#ifndef LEASH_APP_RESOURCES_H
#define LEASH_APP_RESOURCES_H

#include "app/string_pool.h"

/* A package's resource table (resources.arsc): what a reference such as @7f0a0012 stands for.
 * Source: androidfw's ResourceTypes.h (ResTable_header, _package, _type, _entry). */

enum { RESOURCE_TYPES_MAX = 65536, RESOURCE_STEPS_MAX = 20 };

/* After so many nothing is found any more: a table may be made to be slow.  Of tables as they are, a look-up takes some
 * hundred thousand, and a manifest some hundred of them. */
#define RESOURCE_LOOKS_MAX UINT64_C(250000000)

struct resource_type {
    uint8_t package, type;
    bool sparse, short_offsets, plain;  /* plain: of the default configuration */
    uint32_t count;
    struct bytes offsets, entries;      /* entries: from entriesStart on */
};

struct resource_table {
    struct string_pool strings;
    struct resource_type *types;
    size_t type_count;
    struct bytes protobuf;     /* resources.pb of an app bundle, in place of the rest */
    uint64_t steps;            /* entries, types and 16 bytes of messages that were looked at; see RESOURCE_LOOKS_MAX */
};

struct resource_value {
    uint8_t type;       /* enum value_type */
    uint32_t data;
    struct text text;   /* of a string; else unknown */
};

/* PARSE_INVALID: not a table.  PARSE_TRUNCATED: some of it could not be read, the rest is there.
 * `ret` is set but on PARSE_INVALID. */
__attribute__((warn_unused_result))
enum parse_status resources_parse(struct bytes whole, struct arena *arena, struct resource_table *ret);

/* resources.pb of an app bundle. */
__attribute__((warn_unused_result))
enum parse_status resources_parse_protobuf(struct bytes whole, struct resource_table *ret);

/* What the reference stands for: of the default configuration if it has a value there, else of
 * the first that has.  References are followed for RESOURCE_STEPS_MAX steps. */
bool resources_find(struct resource_table *table, uint32_t id, struct arena *arena, struct resource_value *ret);

#endif
