#ifndef LEASH_LEAK_FORMS_H
#define LEASH_LEAK_FORMS_H

#include "leak/secrets.h"

/* The ways in which a known value may be written: as it is and without its separators, in
 * UTF-16, base64 or hex, as the bytes that its digits mean, or hidden behind a hash.  What
 * view_decode.h undoes is not written here a second time, but for values too short for it. */
enum { FORM_BYTES_MAX = 96 }; /* longer values are searched by their beginning */

struct form {
    const char *name;     /* last step of leak.decoding: "text", "MD5" ... */
    uint8_t bytes[FORM_BYTES_MAX];
    size_t len;
    bool ignore_case;
    bool digest;          /* not the value itself was sent but its hash */
};

enum forms_wanted {
    FORMS_ALL,
    FORMS_TEXT, /* of sets so large that all forms would not fit into memory: text only */
};

/* Gives every form of the value. */
void forms_of(const struct secret_literal *literal, enum forms_wanted wanted,
              void (*each)(void *user, const struct form *form), void *user);

#endif
