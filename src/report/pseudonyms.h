#ifndef LEASH_REPORT_PSEUDONYMS_H
#define LEASH_REPORT_PSEUDONYMS_H

#include "base/buffer.h"
#include "base/text.h"

/* Values that a copy must not tell, each with what stands for it: "serial-1".  The same value, whatever the case of its
 * letters, has the same pseudonym; numbers count up in the order in which values are told, for each word. */
struct pseudonyms;

struct pseudonyms *pseudonyms_new(void);
void pseudonyms_free(struct pseudonyms *p); /* NULL is fine */

/* Tells a value; gives its pseudonym, which lives as long as `p`.  Unknown and empty texts stay as they are.
 * Hardware addresses are known with colons, hyphens, or neither. */
struct text pseudonyms_add(struct pseudonyms *p, const char *word, struct text value);
/* Another text that stands for a value that was told: the name of a file without its folders. */
void pseudonyms_add_alias(struct pseudonyms *p, struct text pseudonym, struct text value);
/* The pseudonym of a value that was told, or unknown. */
struct text pseudonyms_find(const struct pseudonyms *p, struct text value);
/* False when there were more values than are kept (a million). */
bool pseudonyms_complete(const struct pseudonyms *p);

/* Appends the text with each known value in it replaced: the longest at each place, whatever the case of letters;
 * values of fewer than eight characters only where no letter or digit is beside them, those of fewer than four not at
 * all. `words_stay`: in a text of leash's own words a value made of lower-case letters and "_" alone is one of them.
 * False when the buffer is full. */
__attribute__((warn_unused_result))
bool pseudonyms_replace(const struct pseudonyms *p, struct buffer *into, struct text t, bool words_stay);

/* Each value that was told. */
void pseudonyms_each(const struct pseudonyms *p, void (*each)(void *user, struct text value, struct text pseudonym),
                     void *user);

#endif
