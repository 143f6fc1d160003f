#ifndef LEASH_BASE_JSON_READ_H
#define LEASH_BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"

/* Reads JSON (RFC 8259) from untrusted bytes, one event after the other; no tree is built, so
 * that what stands ahead of damage is not lost and memory does not follow the input.
 * The tokens are yajl's (Debian libyajl2; it does not recurse); depth, path and offsets are kept here.
 * Texts that are not UTF-8 are passed on as they are. */
enum { JSON_DEPTH_MAX = 64, JSON_KEY_MAX = 48 };

enum json_kind {
    JSON_TEXT, JSON_NUMBER, JSON_BOOLEAN, JSON_NULL, JSON_OBJECT, JSON_ARRAY, JSON_OBJECT_END, JSON_ARRAY_END,
};

/* An open object or array. */
struct json_frame {
    bool array;
    bool key_whole;              /* false: longer than JSON_KEY_MAX, and cut */
    uint8_t key_len;             /* of the member being read, of an object */
    char key[JSON_KEY_MAX];
};

struct json_event {
    enum json_kind kind;
    struct text text;            /* TEXT: decoded; NUMBER: as written; until the handler returns */
    bool boolean;
    struct bytes at;             /* where it stands: of an object or array its bracket */
    const struct json_frame *frames; /* those around it, outermost first */
    size_t depth;                /* how many: 0 for the document's own value */
};

/* Gives false to stop. */
typedef bool json_handler(void *user, const struct json_event *event);

/* OK: all of it was read, or the handler stopped.  INVALID, TRUNCATED, UNSUPPORTED (deeper than
 * JSON_DEPTH_MAX): what stands ahead of ret_origin has been handled.  ret_origin may be NULL. */
__attribute__((warn_unused_result))
enum parse_status json_read(struct bytes whole, json_handler *handler, void *user, uint64_t *ret_origin);

/* The key under which an event's value stands in the object around it; TEXT_UNKNOWN in an array. */
struct text json_event_key(const struct json_event *event);
/* Whether the event stands at this path from the frame `from` on: keys, and "[]" for "in an array".
 *   json_event_is(e, 1, "supplier.name"), json_event_is(e, 0, "components[].name") */
bool json_event_is(const struct json_event *event, size_t from, const char *path);

#endif
