#ifndef LEASH_MEDIA_EXIF_GPS_H
#define LEASH_MEDIA_EXIF_GPS_H

#include "media/photo.h"
#include "media/tiff_directory.h"

/* The GPS directory (EXIF 3.0, section 4.6.6), taken entry by entry, understood as a
 * whole at the end.  A latitude or longitude without its hemisphere is no position. */
struct exif_gps {
    double latitude_deg, longitude_deg, altitude_m;    /* as they stand, without sign */
    char latitude_ref, longitude_ref;                  /* N S, E W, 0 = none */
    int altitude_ref;                                  /* 0 to 3; what a file without it means is 0 */
    double destination_latitude_deg, destination_longitude_deg;
    char destination_latitude_ref, destination_longitude_ref;
    double time_s;                                     /* of the day, UTC */
    struct text date, datum;
    struct bytes latitude_at, longitude_at, destination_at, area;
};

void exif_gps_init(struct exif_gps *gps);
void exif_gps_take(struct exif_gps *gps, const struct tiff_block *t, const struct tiff_entry *e);
void exif_gps_finish(const struct exif_gps *gps, struct photo *p, const char *block_name);

/* A text of EXIF's type "undefined": 8 bytes name its character code (EXIF 3.0, UserComment). */
void exif_comment(struct photo *p, const char *kind, struct bytes value, struct photo_where where);

#endif
