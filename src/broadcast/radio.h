#ifndef LEASH_BROADCAST_RADIO_H
#define LEASH_BROADCAST_RADIO_H

#include "broadcast/announcement.h"
#include "broadcast/authenticator.h"
#include "packet/link.h"

/* The radios and aircraft heard so far: what an announcement is compared with (checks.c),
 * and the devices of the case at the end. */
enum { RADIOS_MAX = 4096, AIRCRAFT_MAX = 4096, NAMED_MAX = 4096, COPIES = 4096, COUNTERS = 16 };

/* A counter that a radio sends; Remote ID has one for each type of message. */
struct radio_counter {
    int value;                    /* -1: none yet */
    int64_t since_utc_ns, last_utc_ns;
    uint64_t content_hash;
};

struct radio_place {
    double longitude_deg, latitude_deg;
    int64_t at_utc_ns;            /* unknown: no place yet */
};

/* One transmitter on one carrier with one kind of announcement. */
struct radio {
    uint8_t mac[6];
    enum announcement_kind kind;
    enum announcement_carrier carrier;
    char id[ID_TEXT_MAX];
    uint8_t id_len;               /* 0: it never told */
    const char *id_type;
    bool id_is_serial;
    bool operator_told, maker_disagrees, serial_malformed; /* the latter two of its id and address */
    int64_t first_location_utc_ns;
    struct radio_counter counters[COUNTERS];
    int timestamp_ds;
    int64_t timestamp_since_utc_ns;
    struct radio_place last, anchor;
    struct authenticator authenticator;
    int signal_dbm;               /* the same in `signal_frames` frames since `signal_place` */
    int64_t signal_frames;
    struct radio_place signal_place;
    double slowest_m_s, fastest_m_s;  /* stated since the anchor */
};

struct aircraft {
    char id[ID_TEXT_MAX];
    uint8_t id_len;
    const char *id_type;
    bool id_is_serial;
    enum announcement_carrier carrier;
    uint8_t mac[6];               /* of who sent it last */
    bool mac_is_random, has_mac;
    struct radio_place last;
    int64_t last_utc_ns;
    char operator_id[ID_TEXT_MAX], uuid[ID_TEXT_MAX];
    uint8_t operator_id_len, uuid_len;
    const char *maker_by_kind;    /* "DJI" where the format is one maker's own */
    int64_t packet_first, packet_last;
    uint64_t offset;
};

struct radios;

struct radios *radios_new(struct reading *reading);
void radios_free(struct radios *r);

/* Adds to the announcement what is odd about it, the id that its radio told earlier where it has none
 * itself, and remembers it. */
void radios_check(struct radios *r, struct announcement *a);
/* A network's name was heard for the first time: some tell whose device it is. */
void radios_name(struct radios *r, const uint8_t bssid[6], struct text ssid, const struct frame *record);
/* The devices and their identifiers, in the order in which they were first heard. */
void radios_put(struct radios *r, struct reading *reading);

/* Between radio.c and checks.c.  `heard` is NULL while an aircraft is heard for the first time. */
void check_announcement(struct announcement *a, struct radio *radio, const struct aircraft *heard);
/* Serial numbers of ANSI/CTA-2063-A: four characters, a length, and that many. */
bool serial_is_well_formed(struct text serial);

#endif
