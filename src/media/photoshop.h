#ifndef LEASH_MEDIA_PHOTOSHOP_H
#define LEASH_MEDIA_PHOTOSHOP_H

#include "media/photo.h"

/* Photoshop image resources (Adobe Photoshop File Formats, "Image Resource Blocks"):
 * "8BIM", id u16, padded Pascal name, length u32, data padded to even.  Of interest are
 * IPTC records (0x0404) and XMP (0x0424); the others arrange pixels. */
void photoshop_read(struct photo *p, struct bytes resources, const char *block_name);

/* IPTC-IIM 4.2: data sets of 0x1c, record, number, length u16.  Names of people and
 * places become identifiers. */
void iptc_read(struct photo *p, struct bytes records, const char *block_name);

#endif
