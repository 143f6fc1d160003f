#ifndef LEASH_LEAK_LITERALS_H
#define LEASH_LEAK_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leak/filter.h"

/* Finds many byte strings at once: from ten to some million of them, in memory that
 * grows by about 100 bytes for each, and built in about a microsecond for each.
 *
 * Only every fourth or eighth offset of the data is looked at.  For that, each string is
 * known by four windows of 3, 5 or 8 bytes or by eight of 8 (as its length allows) that
 * begin at offsets in a row: wherever it stands, one of them begins where it is looked.
 * Windows of letters and digits, of other printed characters and of other bytes are looked up each in
 * a table of their own, and those of strings that are letters and digits to their ends in one more, which is
 * only asked where so many of these stand in a row: three bits in a 64-bit word of it say whether a window may
 * be known; what passes is compared in full.  Of a string's windows those are taken that fewest others share. */

enum { LITERAL_MIN = 6, LITERAL_MAX = 255 };

struct literals;

struct literals *literals_new(void);
void literals_free(struct literals *l); /* NULL is fine */
/* Takes a copy; the string's number is the count of those added before.  False, and not
 * added, when it is shorter than LITERAL_MIN or longer than LITERAL_MAX. */
bool literals_add(struct literals *l, const uint8_t *at, size_t len, bool ignore_case);
/* To be called once, when all are added. */
void literals_build(struct literals *l);
/* Then the processor chooses the kernel; for tests another one.  False: not on this one.  All find the same. */
bool literals_use(struct literals *l, enum filter_kernel kernel);

size_t literals_count(const struct literals *l);
size_t literals_memory_bytes(const struct literals *l);

/* Calls `found` once for every place in at[0, len) where one stands whole; `end` is the
 * offset behind it.  Ends come in no order, but those of one place and string are given once. */
void literals_scan(const struct literals *l, const uint8_t *at, size_t len,
                   void (*found)(void *user, uint32_t number, size_t end), void *user);

#endif
