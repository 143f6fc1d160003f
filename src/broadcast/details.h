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

/* A name or a word of ours, with its length, which the compiler knows. */
struct details_name {
    const char *at;
    size_t len;
};

void details_put_int(struct details *d, struct details_name name, int64_t value);
void details_put_fixed(struct details *d, struct details_name name, int64_t value, unsigned decimals);
void details_put_evidence(struct details *d, struct details_name name, struct text value);
void details_put_hex(struct details *d, struct details_name name, struct bytes value);
void details_put_word(struct details *d, struct details_name name, const char *value);
void details_put_literal(struct details *d, struct details_name name, struct details_name literal);

static inline struct details_name details_name(const char *name)
{
    return (struct details_name){ name, name ? strlen(name) : 0 };
}

/* `name` NULL within an array. */
static inline void details_int(struct details *d, const char *name, int64_t value)
{
    details_put_int(d, details_name(name), value);
}
/* value / 10^decimals, with that many digits behind the point; decimals 1 to 9. */
static inline void details_fixed(struct details *d, const char *name, int64_t value, unsigned decimals)
{
    details_put_fixed(d, details_name(name), value, decimals);
}
/* Bytes of the evidence, escaped; null when unknown. */
static inline void details_evidence(struct details *d, const char *name, struct text value)
{
    details_put_evidence(d, details_name(name), value);
}
static inline void details_hex(struct details *d, const char *name, struct bytes value)
{
    details_put_hex(d, details_name(name), value);
}
/* A word of ours; NULL: null. */
static inline void details_word(struct details *d, const char *name, const char *value)
{
    details_put_word(d, details_name(name), value);
}
static inline void details_null(struct details *d, const char *name)
{
    details_put_literal(d, details_name(name), details_name("null"));
}

#endif
