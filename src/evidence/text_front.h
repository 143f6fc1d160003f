#ifndef LEASH_EVIDENCE_TEXT_FRONT_H
#define LEASH_EVIDENCE_TEXT_FRONT_H

#include "evidence/reading.h"

/* What stands before the readers of texts: programs also save them in UTF-16 (with a byte order mark, or without one
 * where they begin in ASCII), and with lines that end with CR alone.  Readers see UTF-8 with LF at the ends of lines;
 * the rows that they put point at the bytes of the item all the same, and name the step.  A byte of UTF-16 that was
 * lost, so that all behind it would be halves of two characters, is told as damage, and the characters behind it are
 * read.
 *
 * Such a text is held in memory, up to TEXT_FRONT_BYTES_MAX bytes of the item; what lies behind them is told as damage.
 * Sources: RFC 2781; XML 1.0, appendix F, for texts without a mark. */
enum { TEXT_FRONT_BYTES_MAX = 256 * 1024 * 1024 };

typedef bool text_recognise_function(struct bytes whole);
typedef enum parse_status text_read_function(struct reading *r, struct bytes whole);

/* Whether `recognise` knows the item as readers of texts see it.  Other items are asked for as they are. */
bool text_front_recognise(struct bytes whole, text_recognise_function *recognise);

/* Reads the item with `read` as readers of texts see it; other items as they are. */
enum parse_status text_front_read(struct reading *r, struct bytes whole, text_read_function *read);

/* Whether the item is UTF-16, which nothing can be changed in without counting by two. */
bool text_front_is_utf16(struct bytes whole);

#endif
