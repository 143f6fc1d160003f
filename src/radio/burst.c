#include "radio/burst.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "radio/burst_parts.h"
#include "radio/scrambler.h"

enum {
    OFFSETS = 72,               /* carriers tried to both sides */
    CENTRAL = 4,                /* eights of them are always tried */
    EARLY = 24,                 /* samples, so that the search's transforms begin within the prefix */
    LAGS = 64,                  /* looked at for the peaks of both ZC symbols */
    EARLY_READ = 10,            /* of the transforms that are read: echoes come later, not earlier */
    PREFIX_EDGE = 12,           /* samples at the beginning of a prefix that an echo may spoil */
};
/* Of noise alone the best product of all that is tried stays below 0.04; at -3 dB it is 0.3 with one path. */
#define QUALITY_MIN 0.07f
#define QUALITY_SURE 0.3f
/* ZC 600 sweeps from the highest carrier to the lowest: a carrier is 1024 / 601 samples. */
#define SAMPLES_PER_CARRIER ((double)BURST_POINTS / ZC_LENGTH)

struct sample zc_carrier(unsigned root, int index)
{
    const int n = index < BURST_HALF ? index : index + 1;
    /* The phase repeats every 2 * 601 steps; whole numbers keep it exact. */
    const unsigned steps = (unsigned)((uint64_t)root * (unsigned)n * ((unsigned)n + 1) % (2 * ZC_LENGTH));
    const double angle = -M_PI * steps / ZC_LENGTH;

    return (struct sample){ (float)cos(angle), (float)sin(angle) };
}

struct burst_receiver *burst_receiver_new(bool wide)
{
    static const unsigned roots[2] = { ZC_ROOT_FIRST, ZC_ROOT_SECOND };
    struct burst_receiver *r = lanes_alloc(sizeof *r);

    r->wide = wide;
    r->fft = fft_new(BURST_POINTS, wide);
    r->turbo = turbo_new(wide);
    for (int z = 0; z < 2; z++)
        for (int i = 0; i < BURST_CARRIERS; i++) {
            const struct sample s = zc_carrier(roots[z], i);
            r->zc[z][i] = s.re - I * s.im;
        }
    scrambler_bits(r->scrambler, TURBO_CODED_BITS);
    return r;
}

void burst_receiver_free(struct burst_receiver *r)
{
    if (!r)
        return;
    fft_free(r->fft);
    turbo_free(r->turbo);
    free(r);
}

static unsigned bin_of(int carrier)
{
    return (unsigned)carrier & (BURST_POINTS - 1);
}

/* What the prefixes tell of the frequency, in carriers from -0.5 to 0.5: a prefix is the end of its symbol. */
static float fraction_of(const struct sample *burst)
{
    float re = 0, im = 0;

    for (int symbol = 1; symbol < BURST_SYMBOLS; symbol++) {
        const struct sample *first = burst + burst_symbol_start(symbol) - BURST_PREFIX + PREFIX_EDGE;
        for (int i = 0; i < BURST_PREFIX - 2 * PREFIX_EDGE; i++) {
            const struct sample a = first[i], b = first[i + BURST_POINTS];
            re += b.re * a.re + b.im * a.im;
            im += b.im * a.re - b.re * a.im;
        }
    }
    return re != 0 || im != 0 ? atan2f(im, re) / (2 * (float)M_PI) : 0;
}

struct place {
    float quality, offset;     /* in carriers */
    int start;                 /* of the burst in the window */
};

/* A symbol of eight hypotheses, one in each lane, without the fraction of its offset. */
LANE_BODY void load_lanes(struct lane_complex *x, const struct sample *const from[LANES],
                          const struct lane_complex *turn)
{
    struct lane_complex w = { .re = { 1, 1, 1, 1, 1, 1, 1, 1 } };

    for (int i = 0; i < BURST_POINTS; i++) {
        const lanes re = { from[0][i].re, from[1][i].re, from[2][i].re, from[3][i].re, from[4][i].re, from[5][i].re,
                           from[6][i].re, from[7][i].re };
        const lanes im = { from[0][i].im, from[1][i].im, from[2][i].im, from[3][i].im, from[4][i].im, from[5][i].im,
                           from[6][i].im, from[7][i].im };
        x[i].re = re * w.re - im * w.im;
        x[i].im = re * w.im + im * w.re;
        const lanes next = w.re * turn->re - w.im * turn->im;
        w.im = w.re * turn->im + w.im * turn->re;
        w.re = next;
    }
}

LANE_WIDE static void load_wide(struct lane_complex *x, const struct sample *const from[LANES],
                                const struct lane_complex *turn)
{
    load_lanes(x, from, turn);
}

static void load_plain(struct lane_complex *x, const struct sample *const from[LANES], const struct lane_complex *turn)
{
    load_lanes(x, from, turn);
}

/* Multiplies with the ZC sequence, moved by each lane's offset; gives the power that was there. */
static void compare(struct burst_receiver *r, int which, const int offset[LANES], float power[LANES])
{
    const struct lane_complex *x = r->lanes[which];
    struct lane_complex *out = r->products[which];

    memset(out, 0, sizeof r->products[which]);
    for (int lane = 0; lane < LANES; lane++) {
        float sum = 0;
        for (int i = 0; i < BURST_CARRIERS; i++) {
            const unsigned from = bin_of(burst_carrier(i) + offset[lane]), to = bin_of(burst_carrier(i));
            const float complex y = x[from].re[lane] + I * x[from].im[lane], z = times(y, r->zc[which][i]);
            out[to].re[lane] = crealf(z);
            out[to].im[lane] = cimagf(z);
            sum += square(y);
        }
        power[lane] = sum;
    }
}

/* Both peaks stand at the same lag only where offset and time fit together, because the offset
 * moves that of ZC 147 by 250.5 samples a carrier. */
static void find_peak(const struct burst_receiver *r, int lane, float power[2][LANES], struct place *best,
                      const struct place *tried)
{
    const float whole = power[0][lane] * power[1][lane] * BURST_CARRIERS * BURST_CARRIERS;

    if (!(whole > 0))
        return;
    for (int lag = 0; lag < LAGS; lag++) {
        float peak = 1;
        for (int which = 0; which < 2; which++) {
            const struct lane_complex *at = &r->products[which][lag];
            peak *= at->re[lane] * at->re[lane] + at->im[lane] * at->im[lane];
        }
        const float quality = sqrtf(peak / whole);
        if (quality > best->quality)
            *best = (struct place){ .quality = quality, .offset = tried->offset, .start = tried->start + lag };
    }
}

/* Eight offsets from `first` on. */
static void try_offsets(struct burst_receiver *r, const struct sample *window, int first, struct place *best)
{
    static const int symbols[2] = { BURST_ZC_FIRST, BURST_ZC_SECOND };
    const struct sample *begin[LANES], *from[LANES];
    struct place tried[LANES];
    struct lane_complex turn;
    float power[2][LANES];
    int offset[LANES];

    for (int lane = 0; lane < LANES; lane++) {
        const int m = first + lane, start = BURST_MARGIN - (int)lrint(m * SAMPLES_PER_CARRIER);
        const float fraction = fraction_of(window + start), angle = -2 * (float)M_PI * fraction / BURST_POINTS;
        tried[lane] = (struct place){ .offset = (float)m + fraction, .start = start - EARLY };
        offset[lane] = m;
        begin[lane] = window + start - EARLY;
        turn.re[lane] = cosf(angle);
        turn.im[lane] = sinf(angle);
    }
    for (int which = 0; which < 2; which++) {
        for (int lane = 0; lane < LANES; lane++)
            from[lane] = begin[lane] + burst_symbol_start(symbols[which]);
        if (r->wide)
            load_wide(r->lanes[which], from, &turn);
        else
            load_plain(r->lanes[which], from, &turn);
        fft_forward(r->fft, r->lanes[which]);
        compare(r, which, offset, power[which]);
        fft_backward(r->fft, r->products[which]);
    }
    for (int lane = 0; lane < LANES; lane++)
        find_peak(r, lane, power, best, &tried[lane]);
}

/* From the middle to both sides, until it is beyond doubt: wrong offsets stay far below. */
static struct place search(struct burst_receiver *r, const struct sample *window)
{
    struct place best = { .quality = 0 };

    for (int k = 0; k <= 2 * OFFSETS / LANES && (k < CENTRAL || best.quality < QUALITY_SURE); k++)
        try_offsets(r, window, (k % 2 ? -1 : 1) * (k + 1) / 2 * LANES, &best);
    return best;
}

static void move(struct burst_receiver *r, const struct sample *window, float offset)
{
    const double complex turn = cexp(-I * (2 * M_PI * (double)offset / BURST_POINTS));
    double complex w = 1;

    for (int i = 0; i < BURST_WINDOW; i++, w *= turn) {
        const float complex v = (float complex)w;
        r->moved[i] = (window[i].re * crealf(v) - window[i].im * cimagf(v)) +
                      I * (window[i].re * cimagf(v) + window[i].im * crealf(v));
    }
}

/* Transforms all symbols: 1 to 8 in the lanes, then 0. */
static void take_symbols(struct burst_receiver *r, int start)
{
    for (int turn = 0; turn < 2; turn++) {
        const int count = turn == 0 ? LANES : 1, first = turn == 0 ? 1 : 0;
        for (int lane = 0; lane < count; lane++) {
            const float complex *from = r->moved + start - EARLY_READ + burst_symbol_start(first + lane);
            for (int i = 0; i < BURST_POINTS; i++) {
                r->lanes[0][i].re[lane] = crealf(from[i]);
                r->lanes[0][i].im[lane] = cimagf(from[i]);
            }
        }
        fft_forward(r->fft, r->lanes[0]);
        for (int i = 0; i < BURST_CARRIERS; i++) {
            const int carrier = burst_carrier(i);
            const struct lane_complex *x = &r->lanes[0][bin_of(carrier)];
            const float complex back = cexpf(I * (2 * (float)M_PI * (float)(carrier * EARLY_READ) / BURST_POINTS));
            for (int lane = 0; lane < count; lane++)
                r->symbols[first + lane][i] = (x->re[lane] + I * x->im[lane]) * back;
        }
    }
}

/* Symbol 0 carries the scrambler's own bits.  What it shares with them, of what could be. */
static bool has_symbol_0(const struct burst_receiver *r)
{
    float complex sum = 0, last = 0;
    float power = 0;

    for (int i = 0; i < BURST_CARRIERS; i++) {
        const float sign_re = r->scrambler[2 * i] ? -1 : 1, sign_im = r->scrambler[2 * i + 1] ? -1 : 1;
        const float complex z = r->symbols[0][i] * (sign_re - I * sign_im);
        sum += z * conjf(last); /* from carrier to carrier, so that the channel does not matter */
        power += square(z);
        last = z;
    }
    return power > 0 && cabsf(sum) > 0.2f * power;
}

enum burst_result burst_receive(struct burst_receiver *r, const struct sample window[BURST_WINDOW],
                                struct burst *ret, uint8_t ret_block[TURBO_BYTES])
{
    memcpy(r->clean, window, sizeof r->clean);
    burst_remove_tones(r, r->clean);
    window = r->clean;
    const struct place place = search(r, window);

    if (place.quality < QUALITY_MIN)
        return BURST_NONE;
    int start = place.start;
    start = start < EARLY_READ ? EARLY_READ : start > 2 * BURST_MARGIN ? 2 * BURST_MARGIN : start;
    /* At the right place the prefixes tell the fraction better. */
    const float whole = roundf(place.offset), fraction = fraction_of(window + start);
    float offset = whole + fraction;
    if (offset - place.offset > 0.5f)
        offset -= 1;
    else if (offset - place.offset < -0.5f)
        offset += 1;
    move(r, window, offset);
    take_symbols(r, start);
    const float snr = burst_equalize(r);
    *ret = (struct burst){
        .quality = place.quality, .start = (float)start, .offset_hz = offset * (float)BURST_CARRIER_HZ,
        .snr_db = snr > 0 ? 10 * log10f(snr) : -INFINITY, .symbols = has_symbol_0(r) ? 9 : 8,
    };
    return turbo_decode(r->turbo, r->likelihoods, ret_block, &ret->iterations) ? BURST_READ : BURST_UNREADABLE;
}
