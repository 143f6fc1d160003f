#ifndef LEASH_BASE_REAL_TEXT_H
#define LEASH_BASE_REAL_TEXT_H

#include <stddef.h>

/* Doubles as decimals.  There are millions of coordinates, and printf would be most of the work of writing them. */

enum { REAL_TEXT_MAX = 64 };

/* The shortest decimal that reads back as the same double, with an exponent where printf's %g has one; gives how many
 * characters, without a NUL.  All of `into` may be written to.  `value` is finite. */
size_t real_text_put(char into[REAL_TEXT_MAX], double value);

#endif
