#ifndef LEASH_BROADCAST_NETWORK_H
#define LEASH_BROADCAST_NETWORK_H

#include "broadcast/wifi_security.h"
#include "evidence/reading.h"

/* The Wi-Fi networks that a capture heard: one entry per BSSID and name. */
struct networks;

enum { NETWORKS_MAX = 16 * 1024 };

struct network_heard {
    const uint8_t *bssid;
    struct bytes ssid;            /* empty: not told */
    bool beacon;                  /* else a probe response */
    bool joinable;                /* an access point, an ad hoc network or a mesh; others only announce something */
    enum wifi_security security;
    int frequency_mhz;            /* 0: unknown */
    int64_t at_utc_ns;            /* or unknown */
    int64_t packet;
    uint64_t offset;
};

struct networks *networks_new(void);
void networks_free(struct networks *n);
/* True: it is new. */
bool networks_hear(struct networks *n, const struct network_heard *heard);

/* Puts the rows of those that can be joined, in the order in which they were first heard.  A network that hides
 * its name in beacons and told it to somebody who asked for it gets one row, with the name. */
void networks_put(struct networks *n, struct reading *r);

#endif
