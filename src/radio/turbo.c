#include "radio/turbo.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    STATES = LANES,
    TAIL = 3,                               /* steps that lead back to state 0 */
    STEPS = TURBO_BITS + TAIL,
    STREAM = TURBO_BITS + 4, STREAMS = 3,   /* 36.212 calls them d0, d1, d2 */
    COLUMNS = 32, ROWS = 45, PLACES = ROWS * COLUMNS, NULLS = PLACES - STREAM,
    FIRST_PLACE = 2 * ROWS,                 /* of the circular buffer, redundancy version 0 */
    INTERLEAVE_1 = 43, INTERLEAVE_2 = 88,
};
#define LIKELIHOOD_MAX 64.0f
#define EXTRINSIC_SCALE 0.75f

/* One constituent decoder's input and output. */
struct half {
    float systematic[STEPS], parity[STEPS];
    float prior[TURBO_BITS], extrinsic[TURBO_BITS];
};

struct turbo {
    bool wide;
    uint16_t interleaved[TURBO_BITS];
    uint16_t place[TURBO_CODED_BITS];       /* of a bit as sent, in the three streams one behind the other */
    float streams[STREAMS * STREAM];
    struct half halves[2];
    lanes forward[STEPS + 1];
};

uint32_t crc24a(const uint8_t *at, size_t len)
{
    uint32_t crc = 0;

    for (size_t i = 0; i < len; i++) {
        crc ^= (uint32_t)at[i] << 16;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x800000 ? (crc << 1 ^ 0x864cfb) & 0xffffff : crc << 1;
    }
    return crc;
}

/* Where the bit stands in its stream that place `k` of a sub-block interleaver holds; negative: nowhere. */
static int stream_position(unsigned stream, unsigned k)
{
    static const uint8_t column_order[COLUMNS] = {
        0, 16, 8, 24, 4, 20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30, 1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31,
    };
    const unsigned column = k / ROWS, row = k % ROWS, place = COLUMNS * row + column_order[column];

    return (int)(stream == 2 ? (place + 1) % PLACES : place) - NULLS;
}

static void match_rate(struct turbo *t)
{
    unsigned at = FIRST_PLACE;

    for (unsigned sent = 0; sent < TURBO_CODED_BITS; at = (at + 1) % (STREAMS * PLACES)) {
        const unsigned stream = at < PLACES ? 0 : 1 + (at - PLACES) % 2, k = at < PLACES ? at : (at - PLACES) / 2;
        const int position = stream_position(stream, k);
        if (position >= 0)
            t->place[sent++] = (uint16_t)(stream * STREAM + (unsigned)position);
    }
}

struct turbo *turbo_new(bool wide)
{
    struct turbo *t = lanes_alloc(sizeof *t);

    t->wide = wide;
    for (uint32_t i = 0; i < TURBO_BITS; i++)
        t->interleaved[i] = (uint16_t)((INTERLEAVE_1 * i + INTERLEAVE_2 * i * i) % TURBO_BITS);
    match_rate(t);
    return t;
}

void turbo_free(struct turbo *t)
{
    free(t);
}

/* State s has d1 in bit 2, d2 in bit 1, d3 in bit 0.  Of an input u: a = u + d2 + d3, parity = a + d1 + d3,
 * next (a, d1, d2).  The two states that lead to s = (a, b, c) are (b, c, 0) and (b, c, 1); with d3 = x:
 * u = a + c + x, parity = a + b + x.  A likelihood counts for 0 and against 1. */
#define SIGN(bit) ((bit) ? -0.5f : 0.5f)
#define INTO(s, x, what) SIGN((what) ? ((s) >> 2 & 1) ^ ((s) & 1) ^ (x) : ((s) >> 2 & 1) ^ ((s) >> 1 & 1) ^ (x))
#define INTO_ALL(x, what) { INTO(0, x, what), INTO(1, x, what), INTO(2, x, what), INTO(3, x, what), \
                            INTO(4, x, what), INTO(5, x, what), INTO(6, x, what), INTO(7, x, what) }
/* From a state s: to (u + d2 + d3, d1, d2). */
#define FROM_PARITY(s, u) SIGN((u) ^ ((s) >> 1 & 1) ^ ((s) >> 2 & 1))
#define FROM_ALL(u) { FROM_PARITY(0, u), FROM_PARITY(1, u), FROM_PARITY(2, u), FROM_PARITY(3, u), \
                      FROM_PARITY(4, u), FROM_PARITY(5, u), FROM_PARITY(6, u), FROM_PARITY(7, u) }

LANE_BODY float largest(const lanes *v)
{
    lanes m, turned = __builtin_shufflevector(*v, *v, 4, 5, 6, 7, 0, 1, 2, 3);

    lanes_larger(&m, v, &turned);
    turned = __builtin_shufflevector(m, m, 2, 3, 0, 1, 6, 7, 4, 5);
    lanes_larger(&m, &m, &turned);
    turned = __builtin_shufflevector(m, m, 1, 0, 3, 2, 5, 4, 7, 6);
    lanes_larger(&m, &m, &turned);
    return m[0];
}

static const lanes start = { 0, -1e9f, -1e9f, -1e9f, -1e9f, -1e9f, -1e9f, -1e9f };

/* Max-log-MAP, first forwards: the best way from the beginning to each state at each step. */
LANE_BODY void ahead(struct turbo *t, const struct half *h)
{
    static const lanes input_0 = INTO_ALL(0, 1), input_1 = INTO_ALL(1, 1);
    static const lanes parity_0 = INTO_ALL(0, 0), parity_1 = INTO_ALL(1, 0);
    lanes now = start;

    for (unsigned k = 0; k < STEPS; k++) {
        t->forward[k] = now;
        const float input = h->systematic[k] + (k < TURBO_BITS ? h->prior[k] : 0), parity = h->parity[k];
        const lanes from_0 = __builtin_shufflevector(now, now, 0, 2, 4, 6, 0, 2, 4, 6);
        const lanes from_1 = __builtin_shufflevector(now, now, 1, 3, 5, 7, 1, 3, 5, 7);
        const lanes way_0 = from_0 + input_0 * input + parity_0 * parity;
        const lanes way_1 = from_1 + input_1 * input + parity_1 * parity;
        lanes_larger(&now, &way_0, &way_1);
        if (k % 16 == 15)
            now -= now[0];
    }
}

/* Then backwards, which gives what each bit is by all that is known but itself. */
LANE_BODY void back(struct turbo *t, struct half *h)
{
    static const lanes parity_0 = FROM_ALL(0), parity_1 = FROM_ALL(1);
    lanes now = start;

    for (unsigned k = STEPS; k-- > 0;) {
        const float input = h->systematic[k] + (k < TURBO_BITS ? h->prior[k] : 0), parity = h->parity[k];
        /* State s goes to u + d2 + d3 in bit 2, and s / 2 in the lower bits: with 0 or 1 of the upper one. */
        const lanes to_0 = __builtin_shufflevector(now, now, 0, 4, 5, 1, 2, 6, 7, 3);
        const lanes to_1 = __builtin_shufflevector(now, now, 4, 0, 1, 5, 6, 2, 3, 7);
        const lanes with_0 = to_0 + parity_0 * parity, with_1 = to_1 + parity_1 * parity;
        if (k < TURBO_BITS) {
            const lanes all_0 = t->forward[k] + with_0, all_1 = t->forward[k] + with_1;
            h->extrinsic[k] = EXTRINSIC_SCALE * (largest(&all_0) - largest(&all_1));
        }
        const lanes way_0 = with_0 + 0.5f * input, way_1 = with_1 - 0.5f * input;
        lanes_larger(&now, &way_0, &way_1);
        if (k % 16 == 0)
            now -= now[0];
    }
}

LANE_WIDE static void half_wide(struct turbo *t, struct half *h) { ahead(t, h); back(t, h); }
static void half_plain(struct turbo *t, struct half *h) { ahead(t, h); back(t, h); }

static void half_decode(struct turbo *t, struct half *h)
{
    if (t->wide)
        half_wide(t, h);
    else
        half_plain(t, h);
}

/* The likelihoods of every copy of a bit add up. */
static void combine(struct turbo *t, const float *likelihoods)
{
    float *s = t->streams;

    memset(t->streams, 0, sizeof t->streams);
    for (unsigned i = 0; i < TURBO_CODED_BITS; i++)
        s[t->place[i]] += likelihoods[i];
    for (unsigned i = 0; i < STREAMS * STREAM; i++)
        s[i] = s[i] > LIKELIHOOD_MAX ? LIKELIHOOD_MAX : s[i] < -LIKELIHOOD_MAX
            ? -LIKELIHOOD_MAX : s[i] == s[i] ? s[i] : 0;
}

static void split(struct turbo *t)
{
    const float *d0 = t->streams, *d1 = d0 + STREAM, *d2 = d1 + STREAM;
    enum { K = TURBO_BITS };
    const float tails[2][2][TAIL] = { /* systematic and parity of each encoder: 36.212, 5.1.3.2.2 */
        { { d0[K], d2[K], d1[K + 1] }, { d1[K], d0[K + 1], d2[K + 1] } },
        { { d0[K + 2], d2[K + 2], d1[K + 3] }, { d1[K + 2], d0[K + 3], d2[K + 3] } },
    };

    memset(t->halves[0].prior, 0, sizeof t->halves[0].prior);
    for (unsigned i = 0; i < K; i++) {
        t->halves[0].systematic[i] = d0[i];
        t->halves[1].systematic[i] = d0[t->interleaved[i]];
    }
    memcpy(t->halves[0].parity, d1, K * sizeof *d1);
    memcpy(t->halves[1].parity, d2, K * sizeof *d2);
    for (unsigned i = 0; i < 2; i++) {
        memcpy(t->halves[i].systematic + K, tails[i][0], sizeof tails[i][0]);
        memcpy(t->halves[i].parity + K, tails[i][1], sizeof tails[i][1]);
    }
}

static bool take(const float *decisions, uint8_t ret[TURBO_BYTES])
{
    uint8_t block[TURBO_BYTES] = { 0 }, any = 0;

    for (unsigned i = 0; i < TURBO_BITS; i++)
        block[i / 8] |= (uint8_t)((decisions[i] < 0) << (7 - i % 8));
    for (unsigned i = 0; i < TURBO_BYTES; i++)
        any |= block[i];
    if (!any || crc24a(block, sizeof block) != 0)
        return false;
    memcpy(ret, block, sizeof block);
    return true;
}

bool turbo_decode(struct turbo *t, const float likelihoods[TURBO_CODED_BITS], uint8_t ret[TURBO_BYTES],
                  unsigned *ret_iterations)
{
    struct half *first = &t->halves[0], *second = &t->halves[1];
    float decisions[TURBO_BITS];

    combine(t, likelihoods);
    *ret_iterations = 0;
    if (take(t->streams, ret))
        return true;
    split(t);
    for (unsigned n = 1; n <= TURBO_ITERATIONS_MAX; n++) {
        half_decode(t, first);
        for (unsigned i = 0; i < TURBO_BITS; i++)
            second->prior[i] = first->extrinsic[t->interleaved[i]];
        half_decode(t, second);
        for (unsigned i = 0; i < TURBO_BITS; i++)
            first->prior[t->interleaved[i]] = second->extrinsic[i];
        for (unsigned i = 0; i < TURBO_BITS; i++)
            decisions[i] = first->systematic[i] + first->extrinsic[i] + first->prior[i];
        *ret_iterations = n;
        if (take(decisions, ret))
            return true;
    }
    return false;
}
