/* Keys over records of one size, by what the bytes of the key differ in: a byte that is the same in each record, XORed
 * with that of the next record, is two bytes of the key XORed.  So round the key, as far as the sizes of the record and
 * of the key let one come. */
#include "leak/xor_key.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
    RECORD_MIN = 3, RECORD_MAX = 96,
    GLANCE_BYTES = 384,    /* of a sample: enough to tell that there are no records, as in most that nobody can read */
    LOOK_BYTES = 1280,     /* enough to tell the sizes */
    SHIFT_BYTES = 640,     /* and enough to tell the best one of 256 keys */
    SIZES_TRIED = 4,
};
#define GAIN_MIN 12.0      /* bytes that are explained, above what chance explains */
#define GAIN_SHARE 0.2     /* of all */
#define GLANCE_SHARE 0.12
/* Of positions along the path, beyond what the key and the trials cost: one false key in a thousand samples that look
 * like records; and no claim, which pays for the key again. */
#define BITS_MIN 10.0
#define TRIAL_BITS 10.0    /* sizes, ways of writing; and the places of the sample besides */

/* For each byte of the key: how often what it differs in from the one `record` bytes on was seen. */
struct votes {
    uint16_t all[XOR_KEY_MAX], most[XOR_KEY_MAX]; /* of[most common] */
    uint16_t of[XOR_KEY_MAX][256];                /* as many of these as the key has bytes */
};

struct sizes {
    size_t record, key_len;
    double gain;
};

static void count_votes(const struct xor_sample *s, size_t record, size_t key_len, size_t most, struct votes *v)
{
    size_t left = most;

    memset(v, 0, offsetof(struct votes, of) + key_len * sizeof v->of[0]);
    for (size_t p = 0; p < s->part_count && left > 0; p++) {
        const struct xor_part *part = &s->parts[p];
        const uint8_t *at = s->bytes + part->start;
        size_t column = part->plain % key_len;
        for (size_t i = part->plain; i + record < part->len && left > 0; i++, left--) {
            const uint16_t now = ++v->of[column][at[i] ^ at[i + record]];
            v->most[column] = now > v->most[column] ? now : v->most[column];
            v->all[column]++;
            column = column + 1 == key_len ? 0 : column + 1;
        }
    }
}

static unsigned most_of(const struct votes *v, size_t column, uint8_t *ret)
{
    unsigned most = 0;

    for (unsigned i = 1; i < 256; i++)
        most = v->of[column][i] > v->of[column][most] ? i : most;
    *ret = (uint8_t)most;
    return v->of[column][most];
}

static double by_chance(double all) { return 1 + all / 256 + sqrt(all) / 4; }

static double beyond_chance(double most, double all) { return fmax(most - by_chance(all), 0); }

/* How many bytes are explained beyond those that chance explains. */
static double gain_of(const struct votes *v, size_t record, size_t key_len, size_t *ret_all)
{
    double gain = 0;

    *ret_all = 0;
    for (size_t column = 0; column < key_len; column++) {
        const double all = v->all[column];
        /* Where a record is as long as keys are, the next one meets the same byte. */
        const double most = record % key_len == 0 ? v->of[column][0] : v->most[column];
        gain += beyond_chance(most, all);
        *ret_all += v->all[column];
    }
    return gain;
}

/* What the bytes of a sample's first records differ in, for one size of records: the same for keys of all lengths. */
struct glance {
    uint8_t differ[GLANCE_BYTES];
    struct { uint16_t at, phase, len; } runs[XOR_PARTS_MAX]; /* phase: where in the key the first one stands, before it is cut to its length */
    size_t run_count, len;
};

static void glance_at(const struct xor_sample *s, size_t record, struct glance *ret)
{
    ret->run_count = ret->len = 0;
    for (size_t p = 0; p < s->part_count; p++) {
        const struct xor_part *part = &s->parts[p];
        const size_t room = GLANCE_BYTES - ret->len, behind = part->plain + record,
            there = part->len > behind ? part->len - behind : 0;
        const size_t len = there < room ? there : room;
        if (len == 0)
            continue;
        const uint8_t *at = s->bytes + part->start + part->plain;
        for (size_t i = 0; i < len; i++)
            ret->differ[ret->len + i] = at[i] ^ at[i + record];
        ret->runs[ret->run_count].at = (uint16_t)ret->len;
        ret->runs[ret->run_count].phase = part->plain;
        ret->runs[ret->run_count++].len = (uint16_t)len;
        ret->len += len;
    }
}

/* How often each byte of the key saw its commonest difference, and how often none; gives what gain_of gives. */
static double glance_gain(const struct glance *g, size_t record, size_t key_len, uint16_t most[XOR_KEY_MAX],
                          uint16_t all[XOR_KEY_MAX])
{
    double gain = 0;

    for (size_t column = 0; column < key_len; column++) {
        uint16_t seen[256] = { 0 };
        unsigned commonest = 0, count = 0;
        for (size_t r = 0; r < g->run_count; r++) {
            const uint8_t *differ = g->differ + g->runs[r].at;
            for (size_t i = (column + key_len - g->runs[r].phase % key_len) % key_len; i < g->runs[r].len; i += key_len,
                 count++) {
                const unsigned now = ++seen[differ[i]];
                commonest = now > commonest ? now : commonest;
            }
        }
        most[column] = (uint16_t)commonest;
        all[column] = (uint16_t)count;
        gain += beyond_chance(record % key_len == 0 ? seen[0] : commonest, count);
    }
    return gain;
}

/* No more than this can a key explain that goes into one of `longer` bytes: its columns are several of those. */
static double glance_bound(size_t key_len, size_t longer, const uint16_t most[XOR_KEY_MAX],
                           const uint16_t all[XOR_KEY_MAX])
{
    double bound = 0;

    for (size_t column = 0; column < key_len; column++) {
        unsigned commonest = 0, count = 0;
        for (size_t i = column; i < longer; i += key_len) {
            commonest += most[i];
            count += all[i];
        }
        bound += beyond_chance(commonest, count);
    }
    return bound;
}

/* sums[n]: how often the n commonest differences were seen, wherever. */
static void commonest_sums(const struct glance *g, uint16_t sums[XOR_KEY_MAX + 1])
{
    uint16_t seen[256] = { 0 };
    uint16_t having = 1;

    memset(sums, 0, (XOR_KEY_MAX + 1) * sizeof *sums);
    for (size_t i = 0; i < g->len; i++)
        seen[g->differ[i]]++;
    for (uint16_t times = 1; having > 0; times++) {
        having = 0;
        for (size_t i = 0; i < 256; i++)
            having = (uint16_t)(having + (seen[i] >= times));
        for (size_t n = 1; n <= XOR_KEY_MAX; n++)
            sums[n] = (uint16_t)(sums[n] + (having < n ? having : n));
    }
}

/* No more than this can a key of that length explain, in whichever order the differences stand: each of its bytes one
 * of the commonest. */
static double glance_most(const struct glance *g, size_t key_len, const uint16_t sums[XOR_KEY_MAX + 1])
{
    size_t least = 0;
    double most = 0;

    for (size_t r = 0; r < g->run_count; r++)
        least += g->runs[r].len / key_len;
    for (size_t n = 1; n <= key_len; n++)
        most = fmax(most, sums[n] - (double)n * by_chance((double)least));
    return most;
}

/* For each length of a key whether a glance shows records of this size: a length is counted only where neither the
 * differences as a whole nor a longer key that it goes into rule it out. */
static void glance_over(const struct xor_sample *s, size_t record, bool shown[XOR_KEY_MAX + 1])
{
    uint16_t most[XOR_KEY_MAX + 1][XOR_KEY_MAX], all[XOR_KEY_MAX + 1][XOR_KEY_MAX], sums[XOR_KEY_MAX + 1];
    bool counted[XOR_KEY_MAX + 1] = { false };
    struct glance g;

    glance_at(s, record, &g);
    commonest_sums(&g, sums);
    const double least = GLANCE_SHARE * (double)g.len;
    for (size_t key_len = XOR_KEY_MAX; key_len > 0; key_len--) {
        const size_t longer = XOR_KEY_MAX / key_len * key_len;
        shown[key_len] = false;
        if (g.len == 0 || glance_most(&g, key_len, sums) < least ||
            (counted[longer] && glance_bound(key_len, longer, most[longer], all[longer]) < least))
            continue;
        counted[key_len] = true;
        shown[key_len] = glance_gain(&g, record, key_len, most[key_len], all[key_len]) >= least;
    }
}

/* The likeliest sizes first.  A key twice as long, or records of two, explain no more. */
static size_t likely_sizes(const struct xor_sample *s, struct sizes into[SIZES_TRIED])
{
    struct votes v;
    size_t count = 0;

    for (size_t record = RECORD_MIN; record <= RECORD_MAX; record++) {
        bool shown[XOR_KEY_MAX + 1];
        glance_over(s, record, shown);
        for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
            size_t all;
            if (!shown[key_len])
                continue;
            count_votes(s, record, key_len, LOOK_BYTES, &v);
            const double gain = gain_of(&v, record, key_len, &all);
            if (gain < GAIN_MIN || gain < GAIN_SHARE * (double)all ||
                (count == SIZES_TRIED && gain <= into[count - 1].gain))
                continue;
            bool known = false;
            for (size_t i = 0; i < count; i++)
                known |= into[i].gain >= gain && record % into[i].record == 0 && key_len % into[i].key_len == 0;
            if (known)
                continue;
            size_t i = count < SIZES_TRIED ? count++ : count - 1;
            for (; i > 0 && into[i - 1].gain < gain; i--)
                into[i] = into[i - 1];
            into[i] = (struct sizes){ record, key_len, gain };
        }
    }
    return count;
}

/* As many bytes of the key as the greatest common factor of both sizes are taken for 0; the others follow.  Round a
 * ring of bytes there is one difference more than is needed: the least sure one is left out. */
static void key_of_votes(const struct votes *v, const struct sizes *sizes, struct xor_key *key)
{
    const size_t rings = xor_common_factor(sizes->record, sizes->key_len), ring = sizes->key_len / rings;

    *key = (struct xor_key){ .len = sizes->key_len };
    for (size_t first = 0; first < rings; first++) {
        size_t column = first, weakest = first;
        double least = 2;
        uint8_t difference;
        for (size_t i = 0; i < ring; i++, column = (column + sizes->record) % key->len) {
            const double share = most_of(v, column, &difference) / fmax(v->all[column], 1);
            if (share >= least)
                continue;
            least = share;
            weakest = column;
        }
        column = (weakest + sizes->record) % key->len;
        key->bytes[column] = 0;
        for (size_t i = 1; i < ring; i++) {
            const size_t next = (column + sizes->record) % key->len;
            (void)most_of(v, column, &difference);
            key->bytes[next] = key->bytes[column] ^ difference;
            column = next;
        }
    }
}

static void shift_all(struct xor_key *key, uint8_t by)
{
    for (size_t i = 0; i < key->len; i++)
        key->bytes[i] ^= by;
}

/* The first parts of a sample, some `most` bytes. */
static struct xor_sample beginning(const struct xor_sample *s, size_t most)
{
    struct xor_sample few = *s;
    size_t len = 0, p = 0;

    for (; p < few.part_count && len < most; p++) {
        const size_t left = most - len;
        few.parts[p].len = few.parts[p].len < left ? few.parts[p].len : (uint16_t)left;
        len += few.parts[p].len;
    }
    few.part_count = (uint8_t)p;
    return few;
}

/* One byte is open: all of its values. */
static struct xor_fit best_shift(const struct xor_known *known, const struct xor_sample *s, struct xor_key *key)
{
    const struct xor_sample few = beginning(s, SHIFT_BYTES);
    const struct xor_key from = *key;
    struct xor_fit best = { .bits = 0 };

    for (unsigned shift = 0; shift < 256; shift++) {
        struct xor_key tried = from;
        shift_all(&tried, (uint8_t)shift);
        const struct xor_fit fit = xor_fit_of(known->positions, known->tracks, &few, &tried);
        if (fit.bits <= best.bits)
            continue;
        best = fit;
        *key = tried;
    }
    return best.bits > 0 ? xor_fit_of(known->positions, known->tracks, s, key) : best;
}

bool xor_key_by_columns(const struct xor_known *known, const struct xor_sample *s, struct xor_key *ret)
{
    struct sizes sizes[SIZES_TRIED];
    struct votes v;
    double best = 0;
    const size_t count = known->tracks->count ? likely_sizes(s, sizes) : 0;

    for (size_t i = 0; i < count; i++) {
        struct xor_key key;
        const size_t open = xor_common_factor(sizes[i].record, sizes[i].key_len);
        count_votes(s, sizes[i].record, sizes[i].key_len, s->len, &v);
        key_of_votes(&v, &sizes[i], &key);
        if (open != 1)
            continue;
        const struct xor_fit fit = best_shift(known, s, &key);
        const double bits = fit.bits - 8.0 - TRIAL_BITS - log2(s->len);
        if (bits < BITS_MIN || bits <= best || !xor_is_key(&key))
            continue;
        best = bits;
        *ret = key;
        ret->chosen_bytes = (uint8_t)key.len;
    }
    return best > 0;
}
