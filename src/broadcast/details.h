#ifndef LEASH_BROADCAST_DETAILS_H
#define LEASH_BROADCAST_DETAILS_H

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"

/* Everything that a broadcast said, as one JSON object in memory of fixed size: written a
 * million times a second, so without streams and without floating point.  What does not
 * fit any more makes the whole unknown (details_text), never half an object. */
enum { DETAILS_BYTES_MAX = 8192 };

struct details {
    char at[DETAILS_BYTES_MAX];
    size_t len;
    bool full, comma;
};

void details_init(struct details *d);           /* opens the object */
struct text details_text(struct details *d);    /* closes it; TEXT_UNKNOWN when it did not fit */

void details_open(struct details *d, const char *name, char bracket);  /* '{' or '['; name NULL within an array */
void details_close(struct details *d, char bracket);                   /* '}' or ']' */

/* Where the value of a member begins, behind comma and name, with room for `room` characters; NULL: it does
 * not fit, and then nothing more is written.  details_ends says where it ended.  In here because the length of the
 * name is known where it is written, and copying names is half of the work. */
static inline char *details_begins(struct details *d, const char *name, size_t room)
{
    enum { COMMA_QUOTES_COLON = 4, CLOSING = 1 };
    const size_t len = name ? strlen(name) : 0;

    if (d->full || room > sizeof d->at || len + COMMA_QUOTES_COLON + room + CLOSING > sizeof d->at - d->len) {
        d->full = true;
        return NULL;
    }
    char *at = d->at + d->len;
    *at = ',';
    at += d->comma;
    d->comma = true;
    if (name) {
        *at++ = '"';
        memcpy(at, name, len);
        memcpy(at + len, "\":", 2);
        at += len + 2;
    }
    return at;
}

static inline void details_ends(struct details *d, const char *end)
{
    d->len = (size_t)(end - d->at);
}

enum { DETAILS_FIXED_MAX = 32 };

/* Write the value alone and give its end.  A text that is no UTF-8 is taken to be ISO 8859-1, byte by byte: which
 * characters were meant is unknown then, but its bytes can be told from it. */
char *details_write_fixed(char *at, int64_t value, unsigned decimals);
char *details_write_evidence(char *at, struct text value);
char *details_write_hex(char *at, struct bytes value);
/* The most that they write. */
size_t details_evidence_room(struct text value);
size_t details_hex_room(struct bytes value);

/* `name` NULL within an array. */
static inline void details_null(struct details *d, const char *name)
{
    char *at = details_begins(d, name, 4);

    if (at)
        details_ends(d, (char *)memcpy(at, "null", 4) + 4);
}

static inline void details_int(struct details *d, const char *name, int64_t value)
{
    char *at = details_begins(d, name, TEXT_INT_MAX);

    if (!at)
        return;
    if (value >= 0 && value <= 9) /* most are */
        *at++ = (char)('0' + value);
    else
        at += text_put_int(at, value);
    details_ends(d, at);
}

/* value / 10^decimals, with that many digits behind the point; decimals 1 to 9. */
static inline void details_fixed(struct details *d, const char *name, int64_t value, unsigned decimals)
{
    char *at = details_begins(d, name, DETAILS_FIXED_MAX);

    if (at)
        details_ends(d, details_write_fixed(at, value, decimals));
}

/* A word of ours; NULL: null. */
static inline void details_word(struct details *d, const char *name, const char *value)
{
    const size_t len = value ? strlen(value) : 0;
    char *at = value ? details_begins(d, name, len + 2) : NULL;

    if (!value)
        details_null(d, name);
    if (!at)
        return;
    *at++ = '"';
    memcpy(at, value, len);
    at[len] = '"';
    details_ends(d, at + len + 1);
}

/* Bytes of the evidence, escaped; null when unknown. */
static inline void details_evidence(struct details *d, const char *name, struct text value)
{
    char *at = text_known(value) ? details_begins(d, name, details_evidence_room(value)) : NULL;

    if (at)
        details_ends(d, details_write_evidence(at, value));
    else if (!text_known(value))
        details_null(d, name);
}

static inline void details_hex(struct details *d, const char *name, struct bytes value)
{
    char *at = details_begins(d, name, details_hex_room(value));

    if (at)
        details_ends(d, details_write_hex(at, value));
}

#endif
