#ifndef LEASH_PHASE_SCENE_H
#define LEASH_PHASE_SCENE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/key_map.h"
#include "phase/phase.h"

/* What phases are told from: when the aircraft was in the air, what destinations are for, when
 * devices came up.  See the table in phase/phase.h. */

/* One connection, as the rules need it. */
struct phase_flow {
    int64_t fid, first_utc_ns, last_utc_ns; /* times, or unknown */
    int32_t device;                         /* number in scene.device; KEY_NONE */
    uint8_t classes;                        /* of its destination: bits of enum destination_class */
    bool brings_update;                     /* so much came in as software takes */
    bool fetches_software;                  /* by the name of what it asked for */
    bool sends_more, sends_much;            /* than came in: content, where that is unknown bytes */
};

struct span { int64_t from, to; };

enum { ACTIVATIONS_PER_DEVICE_MAX = 16 };

struct scene_device {
    int64_t first_utc_ns, vendor_utc_ns;   /* its first packet, its first contact with the maker; INT64_MAX: none */
    int64_t joined_utc_ns;                 /* its first DHCP without an address; INT64_MAX: none */
    int64_t capture;                       /* number in captures */
    struct span *activations;              /* ACTIVATIONS_PER_DEVICE_MAX of them, or NULL */
    size_t activation_count;
};

enum destination_class { CLASS_ACTIVATION = 1, CLASS_UPDATE = 2, CLASS_UPLOAD = 4, CLASS_VENDOR = 8 };

struct scene {
    struct arena *arena;
    struct span *flights;                  /* sorted, and no two of them touch */
    size_t flight_count, flight_room;
    bool flights_untimed;                  /* some flight has no times, or was left out at the limit */
    struct key_map hosts;                  /* of destinations with a class */
    uint8_t *host_classes;                 /* bits of enum destination_class */
    struct key_map downloads;              /* ids of flows that fetched software */
    struct key_map captures;
    int64_t *capture_first_utc_ns;
    size_t capture_room;
    struct key_map devices;
    struct scene_device *device;
    size_t device_room;
    struct phase_flow *flows;              /* in the order of the case */
    size_t flow_count, flow_room;
};

void scene_init(struct scene *s);
void scene_done(struct scene *s);

/* Reads flights, destinations and requests, then the flows.  0 or -EIO. */
__attribute__((warn_unused_result)) int scene_read(struct scene *s, sqlite3 *db);

/* What rules ask.  The connection's device, or NULL. */
const struct scene_device *scene_device(const struct scene *s, const struct phase_flow *flow);
/* When the device was seen to start, or unknown. */
int64_t scene_launch(const struct scene *s, const struct scene_device *d);
/* Whether a flight was in the air between the two; the last landing up to a moment, or unknown. */
bool scene_in_flight(const struct scene *s, int64_t first_utc_ns, int64_t last_utc_ns);
int64_t scene_landing(const struct scene *s, int64_t time_utc_ns);

/* a + seconds, without overflow. */
int64_t after_s(int64_t time_utc_ns, int64_t seconds);

#endif
