#ifndef LEASH_BASE_JSON_H
#define LEASH_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

/* Writes JSON to a stream, with commas and nesting kept right by the writer.
 * Bytes that are not UTF-8 become U+FFFD; control characters, <, > and & are
 * written as \u escapes, so that the result is also safe inside a script element. */
struct json {
    FILE *out;
    int depth;
    bool pretty;          /* one row of a list per line */
    bool after_key;
    uint64_t has_items;   /* bit per depth */
    char held[2048];      /* on its way to the stream; empty between documents */
    size_t held_bytes;
};

void json_init(struct json *j, FILE *out, bool pretty);

void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
/* A name that leash chose, without characters that need escaping. */
void json_key(struct json *j, const char *name);
void json_key_text(struct json *j, struct text name); /* any name */

void json_null(struct json *j);
void json_bool(struct json *j, bool value);
void json_int(struct json *j, int64_t value);
/* The shortest decimal that reads back as the same double; null for NaN and infinities. */
void json_real(struct json *j, double value);
void json_text(struct json *j, struct text value); /* null when unknown */
void json_raw(struct json *j, struct text json);    /* already JSON, made by leash itself */

static inline void json_member_text(struct json *j, const char *name, struct text value)
{
    json_key(j, name);
    json_text(j, value);
}
static inline void json_member_int(struct json *j, const char *name, int64_t value)
{
    json_key(j, name);
    json_int(j, value);
}
static inline void json_member_real(struct json *j, const char *name, double value)
{
    json_key(j, name);
    json_real(j, value);
}
static inline void json_member_bool(struct json *j, const char *name, bool value)
{
    json_key(j, name);
    json_bool(j, value);
}

#endif
