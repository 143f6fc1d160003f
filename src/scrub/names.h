#ifndef LEASH_SCRUB_NAMES_H
#define LEASH_SCRUB_NAMES_H

#include "scrub/request.h"

/* What a value is, told by the name of its field: properties of XMP, columns of tables, fields of logs that
 * bring their own schema.  Names are compared by their words: "home_lat", "HomeLatitude" and "HOME LAT" are alike.
 *
 * SCRUB_KIND_COUNT: nothing that tells where, who or which one. */
enum scrub_kind scrub_kind_of_name(struct text name);

/* Of autopilots' parameters, whose names have words of their own ("SERIAL1_BAUD" is about a port). */
enum scrub_kind scrub_kind_of_parameter(struct text name);

/* Which coordinate the name is of, when it is of one. */
enum axis { AXIS_NONE, AXIS_LATITUDE, AXIS_LONGITUDE, AXIS_ALTITUDE };
enum axis scrub_axis_of_name(struct text name);

/* What was asked of names before, for formats that write them with each value.  One that begins empty (all zeros) asks
 * `find` of a name at most once for as long as no other one takes its place. */
enum { NAMES_MET = 64 };
struct name_meaning { enum scrub_kind kind; enum axis axis; };
struct names_met {
    struct name_met {
        char name[30];
        uint8_t len;           /* 0: none yet */
        struct name_meaning meaning;
    } slots[NAMES_MET];
};
struct name_meaning scrub_name_met(struct names_met *met, struct text name,
                                   struct name_meaning (*find)(struct text name));

#endif
