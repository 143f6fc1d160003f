#ifndef LEASH_FLIGHTLOG_JSON_SAID_H
#define LEASH_FLIGHTLOG_JSON_SAID_H

#include "base/json_read.h"
#include "flightlog/flight_rows.h"

/* What a JSON log says once: the aircraft, its controller, start and units.  GUTMA's flight logging exchange and
 * Parrot's flight data have a path for each. */

enum json_shape { SHAPE_NONE, SHAPE_GUTMA, SHAPE_PARROT };

enum said { SAID_MAKER, SAID_MODEL, SAID_NAME, SAID_SERIAL, SAID_FIRMWARE, SAID_GCS_MAKER, SAID_GCS_MODEL,
            SAID_GCS_SERIAL, SAID_GCS_VERSION,
            SAID_PROJECT, SAID_START, SAID_HEIGHTS, SAID_UNITS, SAID_UUID, SAID_BOOT, SAID_CONTROLLER, SAID_SSID, SAID_COUNT };

struct json_said {
    struct text text[SAID_COUNT];         /* unknown: not said */
    struct bytes at[SAID_COUNT];
};

/* Keeps the event's text when its path, from frame `from` on, is one of these. */
void json_said_keep(struct json_said *all, enum json_shape shape, const struct json_event *e, size_t from,
                    struct arena *arena);

/* Puts the devices and identifiers, and names the app. */
void json_said_put(struct json_said *all, enum json_shape shape, struct flight_rows *rows);

#endif
