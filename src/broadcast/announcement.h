#ifndef LEASH_BROADCAST_ANNOUNCEMENT_H
#define LEASH_BROADCAST_ANNOUNCEMENT_H

#include "broadcast/details.h"
#include "broadcast/signature.h"
#include "evidence/reading.h"

/* What one frame said of an aircraft, in whatever format: what all formats have in common.
 * A reader of a format fills it in, checks.c adds what is odd about it, and
 * announcement_put makes the row. */
enum announcement_kind { ANNOUNCE_REMOTE_ID, ANNOUNCE_FRENCH, ANNOUNCE_DJI_WIFI, ANNOUNCE_DJI_OCUSYNC };

enum announcement_carrier {
    CARRIER_WIFI_BEACON, CARRIER_WIFI_PROBE_RESPONSE, CARRIER_WIFI_NAN,
    CARRIER_BLUETOOTH_LEGACY, CARRIER_BLUETOOTH_EXTENDED, CARRIER_BLUETOOTH_LONG_RANGE,
    CARRIER_MAVLINK,   /* on its way to the transmitter */
    CARRIER_OCUSYNC,   /* a burst of its own, in a recording of the band */
};

enum { ANOMALIES_MAX = 32, ID_TEXT_MAX = 64, ANNOUNCE_STEPS_MAX = 4 };

struct announcement {
    enum announcement_kind kind;
    enum announcement_carrier carrier;
    const uint8_t *sender;         /* 6 bytes as they are written, or NULL */
    bool unreliable;               /* received with errors: the row shows what was read, and nothing is taken from it */
    bool sender_is_random;         /* the radio says that its address is made up */
    struct text ssid;              /* of the network that the frame announces, or unknown */

    struct text uas_id;            /* bytes of the evidence, or digits in `id_room` */
    const char *id_type;           /* serial | caa_registration | utm_uuid | specific_session | french | other; NULL */
    const char *id_source;         /* message | sender */
    bool id_is_serial;
    bool new_to_sender;            /* the radio told another id, or none, before */
    char id_room[ID_TEXT_MAX];
    struct text operator_id;

    double longitude_deg, latitude_deg, altitude_m;
    const char *alt_ref;
    double operator_longitude_deg, operator_latitude_deg;
    const char *operator_source;
    double speed_m_s;              /* over ground, as stated; NaN unknown */
    bool has_location;             /* a message about the aircraft's place was there, known or not */
    bool has_system;               /* one about the operator's place */
    bool is_pack;                  /* the frame is all that is said at a time */

    const struct remote_id *remote_id; /* as it was read, or NULL */
    enum signature_verdict verified;   /* of the authentication that it completes */
    struct text uuid;              /* an account's or a device's other id, or unknown */

    int signal_dbm;                /* as received; 0: unknown */
    int sequence;                  /* a counter; -1: none */
    unsigned counter;              /* which of the radio's counters, below COUNTERS */
    unsigned sequence_bits;
    bool sequence_counts_frames;   /* it must change with every frame, not only with the content */
    int timestamp_ds;              /* tenths of a second since the full hour; -1: unknown */
    int64_t stated_utc_s;          /* the aircraft's clock, whole; or FACT_UNKNOWN_INT */
    uint64_t content_hash;         /* of all but counters; 0: none */

    int64_t at_utc_ns;
    int64_t since_begin_ns;        /* of the recording, where that tells no date; or unknown */
    int64_t packet;
    uint64_t offset, length;

    struct text steps[ANNOUNCE_STEPS_MAX]; /* from those bytes to the frame, of what does not lie there as it is */
    size_t step_count;

    struct text anomalies[ANOMALIES_MAX];
    size_t anomaly_count;
    struct details details;
};

/* When it was heard, to compare it with others of the same capture: by its clock, or since it began. */
static inline int64_t heard_ns(const struct announcement *a)
{
    return fact_known_int(a->at_utc_ns) ? a->at_utc_ns : a->since_begin_ns;
}

/* Everything unknown; the details are opened. */
void announcement_init(struct announcement *a, enum announcement_kind kind, enum announcement_carrier carrier);
/* `word` is a literal; said twice it counts once. */
void announcement_odd(struct announcement *a, const char *word);
/* For content_hash; never 0. */
uint64_t announcement_hash(struct bytes content);
void announcement_put(struct announcement *a, struct reading *r);

#endif
