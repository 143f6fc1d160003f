#ifndef LEASH_BROADCAST_DETAILS_H
#define LEASH_BROADCAST_DETAILS_H

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

/* `name` NULL within an array. */
void details_int(struct details *d, const char *name, int64_t value);
/* value / 10^decimals, with that many digits behind the point; decimals 1 to 9. */
void details_fixed(struct details *d, const char *name, int64_t value, unsigned decimals);
void details_word(struct details *d, const char *name, const char *value);     /* ours; NULL: null */
void details_evidence(struct details *d, const char *name, struct text value); /* bytes of the evidence, escaped */
void details_hex(struct details *d, const char *name, struct bytes value);
void details_bool(struct details *d, const char *name, bool value);
void details_null(struct details *d, const char *name);

#endif
