#ifndef LEASH_RADIO_CHIRP_H
#define LEASH_RADIO_CHIRP_H

#include "radio/lanes.h"

/* Finds the first ZC symbol of a burst anywhere in a wide recording.
 *
 * In time ZC 600 (= -1) of 601 is a chirp: it falls through all 600 carriers, 9 MHz, within 66.7 microseconds. A
 * stretch of the recording times the opposite chirp turns it into a tone, whose frequency is that of the burst plus
 * slope times where in the stretch the symbol begins. So one transform looks for every frequency and every time at
 * once, with the gain of the whole stretch (20 dB and more); all else in it, transmissions of others included, is
 * spread out. Which of the pairs of time and frequency it is follows from where the tone begins and ends. */
#define CHIRP_SLOPE_HZ_S (15e3 * 15.36e6 * 601 / 1024)   /* a carrier every 1024 / 601 samples at 15.36 MHz */

struct chirp_search;

/* `rate_hz`: 10 to 400 million. */
struct chirp_search *chirp_search_new(double rate_hz, bool wide);
void chirp_search_free(struct chirp_search *s);

/* How many samples chirp_find looks at, and how many chirp_locate may need before and behind a stretch. */
size_t chirp_block(const struct chirp_search *s);
size_t chirp_around(const struct chirp_search *s);

struct chirp_hint {
    size_t stretch;       /* where its stretch begins in the samples */
    float tone;           /* cycles a sample, 0 to 1 */
    float ratio;          /* of the tone's power to that of what is around it */
};
enum { CHIRP_HINTS_MAX = 64 };

/* The tones that stand out of `samples` (chirp_block of them), in the order of time; at most CHIRP_HINTS_MAX. */
size_t chirp_find(struct chirp_search *s, const struct sample *samples, struct chirp_hint hints[CHIRP_HINTS_MAX]);

struct chirp_place {
    double start;         /* of the symbol, in samples from the stretch's beginning; may be negative */
    double center_hz;     /* of the burst, from the recording's own */
};

/* `stretch` has chirp_around samples before and behind it. */
struct chirp_place chirp_locate(struct chirp_search *s, const struct sample *stretch, const struct chirp_hint *hint);

#endif
