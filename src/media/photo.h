#ifndef LEASH_MEDIA_PHOTO_H
#define LEASH_MEDIA_PHOTO_H

#include <stdbool.h>

#include "evidence/reading.h"

/* What one picture or video tells, gathered from all its blocks (EXIF, XMP, maker note, vendor
 * segments, boxes) and written as rows at the end, when it is known which block to believe:
 *
 *   media       one row
 *   position    "camera", one per distinct place stored; "target" for what a range finder
 *               looked at; "home" and "operator" when a block names such a place
 *   device      the camera; the aircraft when a block names it
 *   identifier  every value that names a thing, person or place, once per place in the
 *               file where it stands (a scrubber needs them all)
 *
 * Texts and bytes given to it are borrowed until photo_put. */
enum { PHOTO_IDENTIFIERS_MAX = 512, PHOTO_PLACES_MAX = 16, PHOTO_UNTESTED_MAX = 8 };

struct photo_where {
    uint64_t offset, length;
    struct text_list steps;
};

struct photo_place {
    const char *subject;   /* as in fact_position */
    const char *source;    /* "EXIF", "XMP": for sentences */
    double latitude_deg, longitude_deg, altitude_m; /* altitude may be unknown */
    const char *alt_ref;   /* NULL while the altitude is unknown */
    int rank;              /* the lowest is the photo's own place */
    struct photo_where where;
};

enum photo_device { PHOTO_DEVICE_NONE, PHOTO_DEVICE_CAMERA, PHOTO_DEVICE_AIRCRAFT };

struct photo_identifier {
    const char *kind;
    struct text value;
    enum photo_device device;
    int rank;              /* of several serials of a device, the lowest is in its row */
    struct photo_where where;
};

/* Standard fields are believed before vendor-independent XMP, and that before vendor blobs. */
enum { PHOTO_RANK_EXIF, PHOTO_RANK_XMP, PHOTO_RANK_VENDOR };

/* A time on the picture's own clock, of the exposure or the beginning of the recording. */
struct photo_clock {
    bool known;
    int64_t as_if_utc_ns;  /* the civil time, reckoned as if it were UTC */
    bool zone_known;
    int64_t utc_ns;        /* when zone_known */
};

struct photo {
    struct reading *r;
    const char *format;
    uint64_t item_bytes;
    struct text picture_hash;
    struct text make, model, unique_model;
    struct photo_where camera_where;
    struct text camera_firmware, aircraft_firmware;
    struct text aircraft_model, aircraft_vendor;
    struct photo_where aircraft_where;
    int64_t media;           /* number of the media row, reserved */
    const struct bytes *packed; /* media/photo_packed.h: where all values stand that are read now; NULL: where they are */
    int64_t timed_points;    /* of a video: fixes of its paths; unknown for pictures */
    /* What DJI's AltitudeType says of every "msl" altitude in the file; NULL: nothing. */
    const char *stated_alt_ref;
    struct photo_clock exif_clock, xmp_clock;
    bool exposure_utc_known, gps_utc_known;
    int64_t exposure_utc_ns; /* stated as UTC by the device itself */
    int64_t gps_utc_ns;      /* of the satellite fix */
    struct photo_place places[PHOTO_PLACES_MAX];
    size_t place_count;
    struct photo_identifier *identifiers;
    size_t identifier_count;
    uint64_t identifiers_dropped;
    struct text untested[PHOTO_UNTESTED_MAX]; /* media/photo_form.h */
    size_t untested_count;
};

void photo_init(struct photo *p, struct reading *r, const char *format, uint64_t item_bytes);
/* Writes the rows. */
void photo_put(struct photo *p);

/* `steps` name the way to the value, outermost first; NULL ends them. */
struct photo_where photo_where(struct photo *p, struct bytes value, const char *block, const char *part,
                               struct text name);

void photo_identify(struct photo *p, const struct photo_identifier *identifier);
/* Refuses what lies outside the earth (a damage row) and the point 0, 0, which devices
 * write when they have no fix. */
void photo_locate(struct photo *p, const struct photo_place *place);

/* Bytes of the file that hold something leash does not understand. */
__attribute__((format(printf, 4, 5)))
void photo_unread(struct photo *p, uint64_t offset, uint64_t length, const char *what_format, ...);

/* A firmware version: kept for the device's row when it is the first, and put as an identifier. */
void photo_firmware(struct photo *p, struct bytes value, enum photo_device device, struct photo_where where);

/* The first bytes of a binary number (64 at most) as hexadecimal digits in the arena; empty when all are zero or
 * nothing can be kept. */
struct bytes photo_hex(struct photo *p, struct bytes value);

/* A text as identifier: blanks and NULs at the ends do not count; nothing left is no
 * identifier. */
void photo_name(struct photo *p, const char *kind, struct bytes value, enum photo_device device, int rank,
                struct photo_where where);

/* Dates as EXIF and XMP write them: YYYY:MM:DD or YYYY-MM-DD, a blank or T, HH:MM:SS, an
 * optional fraction and, in XMP, an optional zone.  False leaves `ret` alone. */
bool photo_parse_clock(struct text t, struct photo_clock *ret);

double photo_distance_m(const struct photo_place *a, const struct photo_place *b);

#endif
