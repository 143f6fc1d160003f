#ifndef LEASH_BASE_UTF_H
#define LEASH_BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* Writes the character in UTF-8; gives how many bytes.  `c` is at most 0x10ffff. */
enum { UTF8_MAX = 4 };
size_t utf8_put(char into[UTF8_MAX], uint32_t c);

/* UTF-16 to UTF-8, as far as there is room (RFC 2781, section 2.2).  Half a surrogate pair becomes U+FFFD, half a
 * unit at the end is left out.  Gives the length. */
size_t utf16_to_utf8(struct bytes from, bool big_endian, char *into, size_t room);

/* How many bytes of UTF-16 the given UTF-8, made by utf16_to_utf8, came from. */
size_t utf16_bytes_of(const char *utf8, size_t len);

#endif
