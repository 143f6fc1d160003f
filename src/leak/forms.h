#ifndef LEASH_LEAK_FORMS_H
#define LEASH_LEAK_FORMS_H

#include "leak/secrets.h"

/* The ways in which a known value may be written: as it is, percent-encoded, in
 * UTF-16, base64 or hex, or hidden behind a hash. */
enum { FORM_BYTES_MAX = 96 }; /* longer values are searched by their beginning */

struct form {
    const char *name;     /* last step of leak.decoding: "text", "MD5" ... */
    uint8_t bytes[FORM_BYTES_MAX];
    size_t len;
    bool ignore_case;
    bool digest;          /* not the value itself was sent but its hash */
};

/* Gives every form of the value, without repetitions of one another. */
void forms_of(const struct secret_literal *literal, void (*each)(void *user, const struct form *form), void *user);

#endif
