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
    char held[8192];      /* on its way to the stream; empty between documents */
    size_t held_bytes;
};

/* A name that leash chose, ready to be written: ,"name": with its comma.  Rows have dozens of them, and there are
 * millions of rows.  JSON_NAME(flow) makes one, and does not compile when there is no room. */
enum { JSON_NAME_ROOM = 40 };
struct json_name {
    char text[JSON_NAME_ROOM];
    uint8_t len;
};
#define JSON_NAME(name) { ",\"" #name "\":", sizeof ",\"" #name "\":" - 1 }

void json_init(struct json *j, FILE *out, bool pretty);

void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
/* A name that leash chose, without characters that need escaping. */
void json_key(struct json *j, const char *name);
void json_key_text(struct json *j, struct text name); /* any name */
/* The same as json_key; `skip` leaves out as many characters at the start of the name. */
void json_key_ready(struct json *j, const struct json_name *name, size_t skip);
/* The same with null for its value, as half of the fields of most rows are. */
void json_key_null(struct json *j, const struct json_name *name, size_t skip);

void json_null(struct json *j);
void json_bool(struct json *j, bool value);
void json_int(struct json *j, int64_t value);
/* The shortest decimal that reads back as the same double; null for NaN and infinities. */
void json_real(struct json *j, double value);
void json_text(struct json *j, struct text value); /* null when unknown */
/* A text that leash made of letters, digits and punctuation other than " & < > and backslash: not looked at. */
void json_plain(struct json *j, struct text value);
/* So many characters from the start of `t` need no escape. */
size_t json_plain_length(struct text t);
/* Already JSON.  It is as safe in the result as texts are; that it is well-formed is the caller's business. */
void json_raw(struct json *j, struct text json);

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
