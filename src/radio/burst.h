#ifndef LEASH_RADIO_BURST_H
#define LEASH_RADIO_BURST_H

#include <math.h>

#include "radio/lanes.h"
#include "radio/turbo.h"

/* The OFDM burst of DJI's OcuSync DroneID.  Sources: RUB-SysSec/DroneSecurity:src/helpers.py@9ff8198 (symbols,
 * prefixes, roles), proto17/dji_droneid:matlab/create_zc.m, get_data_carrier_indices.m, quantize_qpsk.m and
 * create_burst.m@7c6ddda; all of it was checked against bursts of a real Mavic Air 2.
 *
 *   15.36 million samples a second, 1024 points, 600 carriers 15 kHz apart on both sides of an empty one
 *   symbol  0            1, 2     3          4      5          6, 7, 8
 *   holds   known bits   data     ZC 600     data   ZC 147     data
 *   prefix  80           72 each, and 80 for symbol 8
 *
 * Older drones leave symbol 0 away.  ZC u is exp(-i pi u n (n + 1) / 601) for n = 0 to 600 on the
 * carriers -300 to 300, without n = 300. */
#define BURST_RATE_HZ 15.36e6
#define BURST_CARRIER_HZ 15e3
enum {
    BURST_POINTS = 1024, BURST_CARRIERS = 600, BURST_HALF = BURST_CARRIERS / 2,
    BURST_SYMBOLS = 9, BURST_PREFIX = 72, BURST_PREFIX_LONG = 80,
    BURST_SYMBOL = BURST_POINTS + BURST_PREFIX,
    BURST_SAMPLES = BURST_SYMBOLS * BURST_SYMBOL + 2 * (BURST_PREFIX_LONG - BURST_PREFIX), /* 9880 */
    BURST_ZC_FIRST = 3, BURST_ZC_SECOND = 5, ZC_LENGTH = 601, ZC_ROOT_FIRST = 600, ZC_ROOT_SECOND = 147,
    BURST_MARGIN = 320,                         /* samples kept before and behind it */
    BURST_WINDOW = BURST_SAMPLES + 2 * BURST_MARGIN,
};

/* Where a symbol's 1024 samples begin, from the beginning of the burst. */
static inline int burst_symbol_start(int symbol)
{
    return BURST_PREFIX_LONG + symbol * BURST_SYMBOL +
        (symbol == BURST_SYMBOLS - 1 ? BURST_PREFIX_LONG - BURST_PREFIX : 0);
}

/* Carriers from the lowest frequency: -300 to -1, then 1 to 300. */
static inline int burst_carrier(int index)
{
    return index < BURST_HALF ? index - BURST_HALF : index - BURST_HALF + 1;
}

/* Of ZC `root` on the carrier of that index. */
struct sample zc_carrier(unsigned root, int index);

struct burst {
    float quality;            /* how much both ZC symbols are what they should be, 0 to 1 */
    float start;              /* of the burst in the window, in samples */
    float offset_hz;          /* its frequency within the window */
    float snr_db;             /* within its 9 MHz, as the channel's estimate has it */
    unsigned symbols;         /* 8 or 9 */
    unsigned iterations;      /* of the turbo decoder */
};

struct burst_receiver;

struct burst_receiver *burst_receiver_new(bool wide);
void burst_receiver_free(struct burst_receiver *r);

/* `window` holds a burst that begins at BURST_MARGIN, give or take 120 samples and a MHz: the one
 * follows from the other, as ZC 600 is a chirp (radio/chirp.h). */
enum burst_result {
    BURST_NONE,      /* the two ZC symbols are not there; nothing is set */
    BURST_UNREADABLE, /* they are, and no block with a good CRC24A can be made of it */
    BURST_READ,
};
enum burst_result burst_receive(struct burst_receiver *r, const struct sample window[BURST_WINDOW],
                                struct burst *ret, uint8_t ret_block[TURBO_BYTES]);

#endif
