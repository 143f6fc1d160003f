#include "radio/transmitter.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 1408, CODED = 7200, CARRIERS = 600, FINE = 8192, SYMBOLS = 9 };
/* 8192 points of a symbol are eight of each of its samples. */
#define FINE_RATE_HZ (8 * 15.36e6)

double transmitter_uniform(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

void transmitter_noise(float *samples, size_t count, double power, uint64_t *state)
{
    for (size_t i = 0; i < count; i++) {
        const double size = sqrt(-power * log(1 - transmitter_uniform(state))),
            angle = 2 * M_PI * transmitter_uniform(state);
        samples[2 * i] += (float)(size * cos(angle));
        samples[2 * i + 1] += (float)(size * sin(angle));
    }
}

double transmitter_noise_power(double snr_db, double rate_hz)
{
    return pow(10, -snr_db / 10) * rate_hz / (CARRIERS * 15e3);
}

void transmitter_seal(uint8_t block[TRANSMITTER_BLOCK], bool crc16)
{
    uint32_t crc = 0x3692;

    if (crc16) {
        for (int i = 0; i <= block[0]; i++) {
            crc ^= block[i];
            for (int k = 0; k < 8; k++)
                crc = crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1;
        }
        block[block[0] + 1] = (uint8_t)crc;
        block[block[0] + 2] = (uint8_t)(crc >> 8);
    }
    crc = 0; /* as a division, bit after bit */
    for (int i = 0; i < 173 * 8 + 24; i++) {
        const unsigned bit = i < 173 * 8 ? block[i / 8] >> (7 - i % 8) & 1 : 0;
        crc = crc << 1 | bit;
        if (crc & 0x1000000)
            crc ^= 0x1864cfb;
    }
    block[173] = (uint8_t)(crc >> 16);
    block[174] = (uint8_t)(crc >> 8);
    block[175] = (uint8_t)crc;
}

static uint8_t *put(uint8_t *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *at++ = (uint8_t)(value >> 8 * i);
    return at;
}

static uint64_t radians(double degrees)
{
    return (uint64_t)llround(degrees * M_PI / 180 * 1e7);
}

void transmitter_flight(uint8_t block[TRANSMITTER_BLOCK], const char *serial, unsigned sequence, double latitude_deg,
                        double longitude_deg, bool stale)
{
    memset(block, 0, TRANSMITTER_BLOCK);
    for (int i = 91; stale && i < 173; i++)
        block[i] = (uint8_t)(i * 37);
    block[0] = 88, block[1] = 0x10, block[2] = 2;
    put(block + 3, sequence, 2);
    put(block + 5, 0x1ff7, 2);
    memcpy(block + 7, serial, strlen(serial));
    put(block + 23, radians(longitude_deg), 4), put(block + 27, radians(latitude_deg), 4);
    put(block + 31, 120, 2), put(block + 33, 305, 2);
    put(block + 35, 250, 2), put(block + 37, (uint16_t)-250, 2), put(block + 39, 10, 2);
    put(block + 41, (uint16_t)-9000, 2);
    put(block + 43, UINT64_C(1750000000000), 8);
    put(block + 51, radians(latitude_deg + 0.001), 4), put(block + 55, radians(longitude_deg + 0.001), 4);
    put(block + 59, radians(longitude_deg + 0.002), 4), put(block + 63, radians(latitude_deg + 0.002), 4);
    block[67] = 58, block[68] = 6;
    memcpy(block + 69, "uuid12", 6);
    transmitter_seal(block, true);
}

/* 36.212, 5.1.3.2.1: one constituent encoder as its shift register.  Gives parity, and the tail's two rows. */
static void encode(const uint8_t *in, uint8_t *parity, uint8_t tail_x[3], uint8_t tail_z[3])
{
    uint8_t d[3] = { 0 };

    for (int i = 0; i < BITS + 3; i++) {
        const uint8_t u = i < BITS ? in[i] : d[1] ^ d[2], a = u ^ d[1] ^ d[2], z = a ^ d[0] ^ d[2];
        if (i < BITS) {
            parity[i] = z;
        } else {
            tail_x[i - BITS] = u;
            tail_z[i - BITS] = z;
        }
        d[2] = d[1], d[1] = d[0], d[0] = a;
    }
}

enum { NUL = 2, ROWS = 45, COLUMNS = 32, MATRIX = ROWS * COLUMNS };

/* 36.212, 5.1.4.1.1, as a matrix that is written by rows and read by columns. */
static void interleave(const uint8_t *stream, bool third, uint8_t *out)
{
    uint8_t matrix[ROWS][COLUMNS];
    int k = 0;

    for (int i = 0; i < MATRIX; i++)
        matrix[i / COLUMNS][i % COLUMNS] = i < MATRIX - (BITS + 4) ? NUL : stream[i - (MATRIX - (BITS + 4))];
    for (int j = 0; j < COLUMNS; j++) {
        int column = 0;
        for (int bit = 0; bit < 5; bit++) /* the order is that of the reversed bits */
            column |= (j >> bit & 1) << (4 - bit);
        for (int row = 0; row < ROWS; row++, k++) {
            const int at = (row * COLUMNS + column + (third ? 1 : 0)) % MATRIX;
            out[k] = matrix[at / COLUMNS][at % COLUMNS];
        }
    }
}

static void code(const uint8_t *block, uint8_t *sent)
{
    uint8_t bits[BITS], mixed[BITS], d[3][BITS + 4], v[3][MATRIX], w[3 * MATRIX], x[3], z[3], x2[3], z2[3];

    for (int i = 0; i < BITS; i++)
        bits[i] = block[i / 8] >> (7 - i % 8) & 1;
    for (long i = 0; i < BITS; i++)
        mixed[i] = bits[(43 * i + 88 * i * i) % BITS];
    memcpy(d[0], bits, BITS);
    encode(bits, d[1], x, z);
    encode(mixed, d[2], x2, z2);
    const uint8_t tails[3][4] = { { x[0], z[1], x2[0], z2[1] }, { z[0], x[2], z2[0], x2[2] },
                                  { x[1], z[2], x2[1], z2[2] } };
    for (int s = 0; s < 3; s++) {
        memcpy(d[s] + BITS, tails[s], 4);
        interleave(d[s], s == 2, v[s]);
    }
    for (int k = 0; k < MATRIX; k++) {
        w[k] = v[0][k];
        w[MATRIX + 2 * k] = v[1][k];
        w[MATRIX + 2 * k + 1] = v[2][k];
    }
    for (int n = 0, k = 2 * ROWS; n < CODED; k = (k + 1) % (3 * MATRIX))
        if (w[k] != NUL)
            sent[n++] = w[k];
}

/* 36.211, 7.2, with the whole sequences written out. */
static void gold(uint8_t *c, int count)
{
    static uint8_t x1[1600 + CODED + 31], x2[1600 + CODED + 31];

    for (int i = 0; i < 31; i++) {
        x1[i] = i == 0;
        x2[i] = 0x12345678u >> i & 1;
    }
    for (int n = 0; n < 1600 + count; n++) {
        x1[n + 31] = x1[n + 3] ^ x1[n];
        x2[n + 31] = x2[n + 3] ^ x2[n + 2] ^ x2[n + 1] ^ x2[n];
    }
    for (int n = 0; n < count; n++)
        c[n] = x1[n + 1600] ^ x2[n + 1600];
}

static void backward(double complex *x, int n, int step, double complex *out)
{
    if (n == 1) {
        out[0] = x[0];
        return;
    }
    backward(x, n / 2, step * 2, out);
    backward(x + step, n / 2, step * 2, out + n / 2);
    for (int k = 0; k < n / 2; k++) {
        const double complex a = out[k], b = out[k + n / 2] * cexp(2 * M_PI * I * k / n);
        out[k] = a + b;
        out[k + n / 2] = a - b;
    }
}

/* One symbol of 600 values, in time, with a mean power of 1. */
static void symbol(const double complex *values, double complex *fine)
{
    static double complex bins[FINE];

    memset(bins, 0, sizeof bins);
    for (int i = 0; i < CARRIERS; i++)
        bins[i < 300 ? FINE - 300 + i : i - 299] = values[i] / sqrt(CARRIERS);
    backward(bins, FINE, 1, fine);
}

static void make_symbols(const struct transmitter_burst *b, double complex (*fine)[FINE])
{
    static const int data[6] = { 1, 2, 4, 6, 7, 8 };
    uint8_t sent[CODED], c[CODED];
    double complex values[CARRIERS];

    code(b->block, sent);
    gold(c, CODED);
    for (int s = 0; s < SYMBOLS; s++) {
        int which = 0;
        while (which < 6 && data[which] != s)
            which++;
        for (int i = 0; i < CARRIERS; i++) {
            const int n = i < 300 ? i : i + 1, k = (which < 6 ? which : 0) * 2 * CARRIERS + 2 * i;
            const int b0 = which < 6 ? sent[k] ^ c[k] : c[k], b1 = which < 6 ? sent[k + 1] ^ c[k + 1] : c[k + 1];
            values[i] = s == 3 || s == 5 ? cexp(-I * M_PI * fmod((double)(s == 3 ? 600 : 147) * n * (n + 1),
                                                                 1202) / 601)
                                         : ((b0 ? -1 : 1) + I * (b1 ? -1 : 1)) / M_SQRT2;
        }
        symbol(values, fine[s]);
    }
}

/* The burst at a moment; cubic between the fine points. */
static double complex at(double complex (*fine)[FINE], bool without_first, double t_s)
{
    static const int prefixes[SYMBOLS] = { 80, 72, 72, 72, 72, 72, 72, 72, 80 };
    double x = t_s * FINE_RATE_HZ;

    if (x < 0)
        return 0;
    for (int s = 0; s < SYMBOLS; s++) {
        const double prefix = prefixes[s] * 8.0;
        if (x >= prefix + FINE) {
            x -= prefix + FINE;
            continue;
        }
        if (s == 0 && without_first)
            return 0;
        const double p = x - prefix + FINE, f = p - floor(p);
        const int i = (int)floor(p);
        const double complex *v = fine[s];
        const double complex y0 = v[(i - 1) % FINE], y1 = v[i % FINE], y2 = v[(i + 1) % FINE], y3 = v[(i + 2) % FINE];
        return y1 + f / 2 * (y2 - y0 + f * (2 * y0 - 5 * y1 + 4 * y2 - y3 + f * (3 * (y1 - y2) + y3 - y0)));
    }
    return 0;
}

void transmit(float *samples, size_t count, double rate_hz, const struct transmitter_burst *b)
{
    double complex (*fine)[FINE] = malloc(SYMBOLS * sizeof *fine);
    const double faster = 1 + b->clock_ppm * 1e-6, offset_hz = b->offset_hz + b->carrier_hz * b->clock_ppm * 1e-6;
    const double first = floor(b->at_s * rate_hz), last = first + 0.7e-3 * rate_hz;

    if (!fine)
        abort();
    make_symbols(b, fine);
    for (double n = first < 0 ? 0 : first; n < last && n < (double)count; n++) {
        const double t = n / rate_hz - b->at_s;
        double complex y = at(fine, b->without_symbol_0, t * faster);
        for (int e = 0; e < TRANSMITTER_ECHOES; e++)
            if (b->echoes[e].gain_re != 0 || b->echoes[e].gain_im != 0)
                y += (b->echoes[e].gain_re + I * b->echoes[e].gain_im) *
                     at(fine, b->without_symbol_0, (t - b->echoes[e].delay_s) * faster);
        y *= b->amplitude * cexp(I * (2 * M_PI * fmod(offset_hz * n / rate_hz, 1) + b->phase));
        samples[2 * (size_t)n] += (float)creal(y);
        samples[2 * (size_t)n + 1] += (float)cimag(y);
    }
    free(fine);
}
