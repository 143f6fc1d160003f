#ifndef LEASH_RADIO_SCAN_H
#define LEASH_RADIO_SCAN_H

#include "radio/burst.h"
#include "radio/iq.h"

/* Goes through a recording from its beginning to its end, in blocks, and finds every burst of DroneID. */
struct scan_burst {
    uint64_t first, count;      /* samples of the recording that it covers, as far as they are there */
    double center_hz;           /* from the recording's own centre */
    struct burst burst;
    bool read;                  /* `block` is set: its CRC24A is good */
    uint8_t block[TURBO_BYTES];
};

struct scan_listener {
    void (*burst)(void *user, const struct scan_burst *b);
    void (*passed)(void *user, uint64_t samples);   /* will not be asked for again; may be NULL */
    void *user;
};

struct scan_counts {
    uint64_t hints;             /* places that were looked at closely */
    uint64_t left_out;          /* that were not, because there were too many of them */
    uint64_t read, unreadable;  /* bursts */
};

enum { SCAN_RATE_MIN_HZ = 10000000, SCAN_RATE_MAX_HZ = 400000000 };

/* `rate_hz` within these limits.  `wide`: lanes_wide(), or false for the plain path. */
struct scan_counts scan(const struct iq *recording, double rate_hz, bool wide, const struct scan_listener *listener);

#endif
