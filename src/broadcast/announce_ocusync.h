#ifndef LEASH_BROADCAST_ANNOUNCE_OCUSYNC_H
#define LEASH_BROADCAST_ANNOUNCE_OCUSYNC_H

#include "broadcast/announcement.h"

/* How a burst of DJI's OcuSync DroneID was received. */
struct ocusync_reception {
    double at_s;              /* since the recording's beginning */
    double offset_hz;         /* of its centre from the recording's */
    double frequency_hz;      /* of its centre; NaN: unknown */
    double rate_hz;           /* of the recording, as it was read */
    double snr_db;            /* within its 9 MHz */
    unsigned symbols;         /* 8 or 9 */
};

/* Fills in what a burst's block of 176 bytes says, whose CRC24A is good.  Of a kind that is not known, or encrypted as
 * newer drones do it, that it is there and its first bytes. */
void announce_ocusync(struct announcement *a, struct bytes block, const struct ocusync_reception *reception);

#endif
