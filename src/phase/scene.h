#ifndef LEASH_PHASE_SCENE_H
#define LEASH_PHASE_SCENE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/key_map.h"
#include "phase/phase.h"

/* What phases are told from: when the aircraft was in the air, what destinations are for, when
 * devices came up.  See the table in phase/phase.h. */

/* One connection, as the rules need it.  Texts live as long as the call. */
struct phase_flow {
    struct text id, evidence, src, src_mac, host, dst;
    int64_t first_utc_ns, last_utc_ns;     /* or unknown */
    int64_t bytes_in;                      /* or unknown */
    int64_t content_out, content_in;       /* payload, where unknown bytes; or unknown */
    bool asks_for_address;                 /* DHCP of somebody who has no address yet */
};

/* The columns of `flow` that make one, in the order of phase_flow_of's arguments. */
#define PHASE_FLOW_COLUMNS "id, evidence, src, src_mac, host, dst, first, last, bytes_in, " \
    "ifnull(payload_out, bytes_out), ifnull(payload_in, bytes_in), src_port = 68 AND dst_port = 67 AND src = '0.0.0.0'"
enum { PHASE_FLOW_COLUMN_COUNT = 12 };

struct phase_flow phase_flow_of(sqlite3_value **columns);

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
};

void scene_init(struct scene *s);
void scene_done(struct scene *s);

/* Reads flights, destinations and requests, then the flows.  0 or -EIO. */
__attribute__((warn_unused_result)) int scene_read(struct scene *s, sqlite3 *db);

/* What rules ask.  Classes of the flow's destination; whether it fetched software; its device, or NULL. */
unsigned scene_classes(const struct scene *s, const struct phase_flow *flow);
bool scene_downloads(const struct scene *s, const struct phase_flow *flow);
const struct scene_device *scene_device(const struct scene *s, const struct phase_flow *flow);
/* When the device was seen to start, or unknown. */
int64_t scene_launch(const struct scene *s, const struct scene_device *d);
/* Whether a flight was in the air between the two; the last landing up to a moment, or unknown. */
bool scene_in_flight(const struct scene *s, int64_t first_utc_ns, int64_t last_utc_ns);
int64_t scene_landing(const struct scene *s, int64_t time_utc_ns);

/* a + seconds, without overflow. */
int64_t after_s(int64_t time_utc_ns, int64_t seconds);

#endif
