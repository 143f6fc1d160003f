#ifndef LEASH_MEDIA_PHOTO_FORM_H
#define LEASH_MEDIA_PHOTO_FORM_H

#include "media/photo.h"

/* Forms in which something was told and of which no device's file was there to try leash on, only files made for it by
 * their description.  What a form is, and what was tried: doc/formats.md, "Tried on". */

/* Says so in the note of the media row, each form once; the texts are borrowed until photo_put. */
void photo_untested(struct photo *p, struct text sentence);
/* The tag of a maker's note. */
void photo_untested_tag(struct photo *p, const char *tag, const char *maker);
/* A schema of XMP, by the prefix that the packet gives it, unless it is one of those that real files had. */
void photo_form_of_schema(struct photo *p, struct text prefix);
/* The same for a position, which may be untested in a schema that is not: a drone's home and what its range finder
 * looked at. */
void photo_form_of_place(struct photo *p, struct text prefix, bool camera_or_shown);

/* All that were said, or unknown. */
struct text photo_form_note(const struct photo *p);

#endif
