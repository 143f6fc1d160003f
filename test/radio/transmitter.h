#ifndef LEASH_TEST_RADIO_TRANSMITTER_H
#define LEASH_TEST_RADIO_TRANSMITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sends bursts of DJI's OcuSync DroneID into an array of samples, for tests and measurements.  Written from 3GPP TS
 * 36.211 and
 * 36.212 and the constants that radio/burst.h names, without anything of the receiver: it
 * works bit by bit and in time, in double precision, and shares no line with src/radio/. */
enum { TRANSMITTER_BLOCK = 176, TRANSMITTER_ECHOES = 3 };

struct transmitter_burst {
    uint8_t block[TRANSMITTER_BLOCK];   /* as sent, with its CRC24A: transmitter_seal */
    bool without_symbol_0;              /* as older drones do */
    double at_s;                        /* when its first symbol begins (or would) */
    double offset_hz;                   /* of its centre from the recording's */
    double amplitude;                   /* 1: a mean power of 1 */
    double clock_ppm;                   /* how much too fast the transmitter's clock runs: carriers and samples */
    double carrier_hz;                  /* which the clock moves, too; 0: it does not */
    double phase;
    struct { double delay_s, gain_re, gain_im; } echoes[TRANSMITTER_ECHOES];  /* besides the direct path */
};

/* Adds the burst to `samples` (I and Q, `count` pairs) at `rate_hz`. */
void transmit(float *samples, size_t count, double rate_hz, const struct transmitter_burst *b);

/* Noise: the same from the same state, which is not 0. */
void transmitter_noise(float *samples, size_t count, double power, uint64_t *state);
double transmitter_uniform(uint64_t *state);   /* 0 to 1 */
/* The noise power a sample that makes this signal-to-noise ratio in the 9 MHz of a burst of amplitude 1. */
double transmitter_noise_power(double snr_db, double rate_hz);

/* Puts the CRC16 behind the bytes that block[0] counts (when `crc16`), and the CRC24A at the end. */
void transmitter_seal(uint8_t block[TRANSMITTER_BLOCK], bool crc16);
/* A flight frame of version 2 that is ours; `stale`: old memory behind it. */
void transmitter_flight(uint8_t block[TRANSMITTER_BLOCK], const char *serial, unsigned sequence, double latitude_deg,
                        double longitude_deg, bool stale);

#endif
