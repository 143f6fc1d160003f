#include "leak/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What it costs to look at one set more, and to look closer at a candidate, per byte; both
 * measured with AVX2 and rounded. */
#define SET_NS 0.03
#define CANDIDATE_NS 4.0

void filter_unit_add(struct filter_unit *unit, const uint8_t key[FILTER_KEY_BYTES])
{
    for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
        unit->halves[byte][0] |= (uint16_t)(1u << (key[byte] >> 4));
        unit->halves[byte][1] |= (uint16_t)(1u << (key[byte] & 15));
    }
}

/* How often a byte of each kind of evidence falls into a set.  Three models in equal
 * parts: encrypted or compressed bytes (all alike); text (0x20..0x7f alike); records and
 * code (half zeros, some 0xff, the rest alike: bytes that come in runs, which is what a
 * key of zeros would fire on). */
static double share_of(const uint16_t halves[2], int model)
{
    const double high = __builtin_popcount(halves[0]), low = __builtin_popcount(halves[1]);
    const bool zero = halves[0] & 1 && halves[1] & 1, all_ones = halves[0] >> 15 && halves[1] >> 15;

    switch (model) {
    case 0:
        return high * low / 256;
    case 1:
        return __builtin_popcount(halves[0] & 0x00fc) * low / 96;
    default:
        return 0.5 * zero + 0.1 * all_ones + 0.4 * high * low / 256;
    }
}

static double cost_of(const struct filter_unit *u)
{
    double sum = 0;

    for (int model = 0; model < 3; model++) {
        double product = 1;
        for (int byte = 0; byte < FILTER_KEY_BYTES; byte++)
            product *= share_of(u->halves[byte], model);
        sum += product / 3;
    }
    return sum;
}

static struct filter_unit joined(const struct filter_unit *a, const struct filter_unit *b)
{
    struct filter_unit u = *a;

    for (int byte = 0; byte < FILTER_KEY_BYTES; byte++)
        for (int half = 0; half < 2; half++)
            u.halves[byte][half] |= b->halves[byte][half];
    return u;
}

static double growth(const struct filter_unit *a, const struct filter_unit *b)
{
    const struct filter_unit u = joined(a, b);

    return cost_of(&u) - cost_of(a) - cost_of(b);
}

/* Of `units` from `i` on that one whose joining with `i` costs least. */
static size_t best_partner(const struct filter_unit *units, size_t count, size_t i, double *ret_growth)
{
    size_t best = i;

    *ret_growth = INFINITY;
    for (size_t k = 0; k < count; k++) {
        const double g = k == i ? INFINITY : growth(&units[i], &units[k]);
        if (g < *ret_growth) {
            *ret_growth = g;
            best = k;
        }
    }
    return best;
}

struct joining {
    struct filter_unit *units;
    size_t count;
    double *growths;   /* by the unit that it is cheapest to join each with */
    size_t *partners;
};

/* Joins the cheapest two until `most` are left. */
static void join_units(struct joining *j, size_t most)
{
    while (j->count > most) {
        size_t a = 0;
        for (size_t i = 1; i < j->count; i++)
            if (j->growths[i] < j->growths[a])
                a = i;
        const size_t b = j->partners[a], last = --j->count;
        j->units[a] = joined(&j->units[a], &j->units[b]);
        j->units[b] = j->units[last];
        j->growths[b] = j->growths[last];
        j->partners[b] = j->partners[last];
        for (size_t i = 0; i < j->count; i++)
            if (i == a || i == b || j->partners[i] == a || j->partners[i] == b || j->partners[i] == last)
                j->partners[i] = best_partner(j->units, j->count, i, &j->growths[i]);
    }
}

static void fill(struct filter *f, const struct filter_unit *units, size_t count)
{
    memset(f, 0, sizeof *f);
    f->sets = (int)(count + 7) / 8;
    for (size_t bucket = 0; bucket < count; bucket++)
        for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
            const uint16_t high = units[bucket].halves[byte][0], low = units[bucket].halves[byte][1];
            for (int value = 0; value < 16; value++) {
                f->halves[bucket / 8][byte][0][value] |= (uint8_t)((high >> value & 1u) << bucket % 8);
                f->halves[bucket / 8][byte][1][value] |= (uint8_t)((low >> value & 1u) << bucket % 8);
            }
            for (int value = 0; value < 256; value++)
                f->whole[byte][value] |= (uint64_t)(high >> (value >> 4) & low >> (value & 15) & 1) << bucket;
        }
}

void filter_build(struct filter *f, const struct filter_unit *units, size_t count)
{
    struct joining j = { .units = memory_alloc_array(count, sizeof *units), .count = count,
                         .growths = memory_alloc_array(count, sizeof *j.growths),
                         .partners = memory_alloc_array(count, sizeof *j.partners) };
    double best = INFINITY;

    memset(f, 0, sizeof *f);
    if (count)
        memcpy(j.units, units, count * sizeof *units);
    for (size_t i = 0; i < count; i++)
        j.partners[i] = best_partner(j.units, count, i, &j.growths[i]);
    for (int sets = FILTER_SETS_MAX; sets > 0; sets /= 2) {
        double cost_ns = SET_NS * sets;
        join_units(&j, 8 * (size_t)sets);
        for (size_t i = 0; i < j.count; i++)
            cost_ns += CANDIDATE_NS * cost_of(&j.units[i]);
        if (cost_ns < best) {
            best = cost_ns;
            fill(f, j.units, j.count);
        }
    }
    free(j.units);
    free(j.growths);
    free(j.partners);
}

void filter_add(struct filter *f, const uint8_t key[FILTER_KEY_BYTES], unsigned bucket)
{
    const uint8_t bit = (uint8_t)(1u << bucket % 8);

    if (f->sets <= (int)bucket / 8)
        f->sets = (int)bucket / 8 + 1;
    for (int byte = 0; byte < FILTER_KEY_BYTES; byte++) {
        uint8_t *high = f->halves[bucket / 8][byte][0], *low = f->halves[bucket / 8][byte][1];
        high[key[byte] >> 4] |= bit;
        low[key[byte] & 15] |= bit;
        for (unsigned half = 0; half < 16; half++) { /* the values that this key adds */
            f->whole[byte][half << 4 | (key[byte] & 15)] |= (uint64_t)(high[half] >> bucket % 8 & 1) << bucket;
            f->whole[byte][(key[byte] & 0xf0u) | half] |= (uint64_t)(low[half] >> bucket % 8 & 1) << bucket;
        }
    }
}

double filter_pass_rate(const struct filter *f)
{
    double sum = 0;

    for (int bucket = 0; bucket < 8 * f->sets; bucket++) {
        struct filter_unit u = { 0 };
        for (int byte = 0; byte < FILTER_KEY_BYTES; byte++)
            for (int half = 0; half < 2; half++)
                for (int value = 0; value < 16; value++)
                    if (f->halves[bucket / 8][byte][half][value] >> bucket % 8 & 1)
                        u.halves[byte][half] |= (uint16_t)(1u << value);
        sum += cost_of(&u);
    }
    return fmin(sum, 1);
}

void filter_candidates(const struct filter *f, enum filter_kernel kernel, const uint8_t *at, size_t count,
                       uint64_t *mask)
{
    const size_t words = count / 64, rest = count % 64;

    filter_kernels[kernel].mask(f, at, words, mask);
    if (rest == 0)
        return;
    uint64_t last = 0;
    if (words) { /* some once more cost less than the last ones one by one */
        filter_kernels[kernel].mask(f, at + count - 64, 1, &last);
        mask[words] = last >> (64 - rest);
        return;
    }
    for (size_t k = 0; k < rest; k++)
        last |= (uint64_t)((f->whole[0][at[k]] & f->whole[1][at[k + 1]] & f->whole[2][at[k + 2]]) != 0) << k;
    mask[words] = last;
}
