#ifndef LEASH_MEDIA_JPEG_WALK_H
#define LEASH_MEDIA_JPEG_WALK_H

#include <stdbool.h>

#include "base/cursor.h"
#include "evidence/reading.h"

/* The structure of JPEG (ITU-T T.81, annex B): one picture, segment by segment, over all
 * its scans, to its end-of-image marker.  Entropy-coded data are only searched for the
 * next marker.
 *
 * A marker counts when it can be one: inside a scan and behind damage, a segment must
 * lie in the file and be followed by another marker. */
enum jpeg_marker {
    JPEG_TEM = 0x01, JPEG_SOF0 = 0xc0, JPEG_DHT = 0xc4, JPEG_JPG = 0xc8, JPEG_DAC = 0xcc, JPEG_SOF15 = 0xcf,
    JPEG_RST0 = 0xd0, JPEG_RST7 = 0xd7, JPEG_SOI = 0xd8, JPEG_EOI = 0xd9, JPEG_SOS = 0xda, JPEG_DQT = 0xdb,
    JPEG_DNL = 0xdc, JPEG_DRI = 0xdd, JPEG_DHP = 0xde, JPEG_EXP = 0xdf, JPEG_APP0 = 0xe0, JPEG_APP15 = 0xef,
    JPEG_COM = 0xfe,
};

struct jpeg_segment {
    uint8_t marker;
    struct bytes body;      /* behind the length; empty for markers that stand alone */
    uint64_t missing;       /* bytes of the body that lie behind the end of the input */
    struct bytes skipped;   /* bytes before the marker that belong to nothing */
    bool length_wrong;      /* its length said 0 or 1; the body is taken as empty */
};

struct jpeg_walk {
    struct bytes rest;
    bool in_scan;
    bool ended;             /* the end-of-image marker was passed; rest is what follows */
    struct reading *reading; /* set by whoever reads an item: scans are gone through with its `once`; NULL is fine */
};

/* INVALID when it does not begin with FF D8. */
__attribute__((warn_unused_result))
enum parse_status jpeg_walk_init(struct jpeg_walk *w, struct bytes picture);
/* False at the end of the image or, without one, of the input; bytes that belong to
 * nothing at such an end are in ret->skipped. */
bool jpeg_walk_next(struct jpeg_walk *w, struct jpeg_segment *ret);

/* The bytes from FF D8 to its end-of-image marker; 0 when there is no such picture.  `reading` as in the walk. */
uint64_t jpeg_length(struct bytes picture, struct reading *reading);

#endif
