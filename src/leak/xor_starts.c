/* Keys over a path that was written as a first position and steps from it: encoded polylines, zigzag varints, 16 bits
 * behind a pair of 32.  The digits with which numbers of the area begin are known: they give most of the key where the
 * first position stands, the few bytes that stay open are tried, and of the right ones every step that follows is a
 * small one, along the path. */
#include "leak/xor_key.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "leak/index.h"

enum {
    KEY_MAX = 8,             /* a longer one leaves too many of its bytes open */
    DIGITS_MAX = 6, TOPS_MAX = 24,
    DIGITS_KNOWN_MIN = 3,    /* of both numbers: else most keys would do */
    FOLLOWED_MAX = 256,      /* keys of one sample that are laid along the path, which is most of the work */
    STARTS_MAX = 48,         /* bytes of a part in which the first position may begin */
    OPEN_BITS_MAX = 14,      /* of the key, that are tried */
    TRIALS_MAX = 1 << 14,    /* keys of one length: a millisecond; of letters more, which little else looks like */
    TRIALS_OF_LETTERS_MAX = 1 << 17,
    TRACKS_MAX = 64,
    GAPS_SHARE = 6,
    POINTS_MIN = 10, POINTS_MAX = 96, POINTS_GLANCED = 5,
    BYTES_MIN = 40,
};
#define STEP_MAX_M 120.0
#define GAP_MAX_M 600.0      /* one step in GAPS_SHARE */
#define STEP_BITS 1.0        /* what it tells that under another key one in two numbers would be no step */
#define SURE_BITS 16.0       /* beyond all that was free to choose */

/* How numbers are written, digits of so many bits from the low end; all but fixed ones in zigzag. */
struct writing {
    double scale;
    uint8_t digit_bits;
    uint8_t fixed;           /* digits of the first position, where each number has as many, and steps half as many */
    bool escaped;            /* a polyline in a string of JSON: each backslash twice */
};
static const struct writing writings[] = {
    { 1e5, 5, 0, false }, { 1e6, 5, 0, false }, { 1e5, 5, 0, true }, { 1e6, 5, 0, true },
    { 1e7, 7, 0, false }, { 1e6, 7, 0, false },
    { 1e7, 8, 4, false },
};
enum { POLYLINE_FIRST = 63, POLYLINE_MORE = 32, VARINT_MORE = 128 };

/* The numbers of a range that have as many digits: what the last ones are. */
struct tops {
    unsigned digits;         /* of the number */
    unsigned open;           /* of them, lowest first, anything */
    uint32_t low, count;     /* low, low + 1 ... stand in the others */
};
struct numbers {
    size_t count;
    struct tops of[2 * DIGITS_MAX];
};

struct search {
    const struct xor_known *known;
    const struct xor_part *part;
    const uint8_t *at;       /* the part */
    const struct writing *w;
    const struct index_track *track;
    size_t start;
    size_t trials, trials_max, trials_before, followed;
    struct xor_key key;      /* that is being tried */
    uint8_t high[XOR_KEY_MAX]; /* polylines: the two upper bits of each byte of the key */
    struct xor_key best;
    double best_bits, best_like;
};

static uint64_t zigzag(int64_t v) { return v < 0 ? ((uint64_t)-v << 1) - 1 : (uint64_t)v << 1; }

/* As many of the last digits as leave few enough for all of them to be tried. */
static void add_tops(const struct writing *w, unsigned digits, uint64_t from, uint64_t to, struct numbers *n)
{
    struct tops t = { .digits = digits, .open = 1 };

    while (t.open < digits && (to >> w->digit_bits * t.open) - (from >> w->digit_bits * t.open) >= TOPS_MAX)
        t.open++;
    t.low = (uint32_t)(from >> w->digit_bits * t.open);
    t.count = t.open == digits ? 1 : (uint32_t)(to >> w->digit_bits * t.open) - t.low + 1;
    if (n->count < sizeof n->of / sizeof *n->of)
        n->of[n->count++] = t;
}

/* The numbers from `low` to `high` degrees, which have one sign. */
static void add_range(const struct writing *w, double low, double high, struct numbers *n)
{
    const int64_t a = llround(low * w->scale), b = llround(high * w->scale);

    if (w->fixed) {
        add_tops(w, w->fixed, (uint32_t)a, (uint32_t)b, n);
        return;
    }
    const uint64_t from = zigzag(a < 0 ? b : a), to = zigzag(a < 0 ? a : b);
    for (unsigned digits = 1; digits <= DIGITS_MAX; digits++) {
        const uint64_t least = digits == 1 ? 0 : UINT64_C(1) << w->digit_bits * (digits - 1),
            most = (UINT64_C(1) << w->digit_bits * digits) - 1;
        if (from <= most && to >= least)
            add_tops(w, digits, from > least ? from : least, to < most ? to : most, n);
    }
}

/* Of an area that lies across zero or the date line. */
static void add_numbers(const struct writing *w, double low, double high, struct numbers *n)
{
    n->count = 0;
    if (low > high) {
        add_range(w, low, 180, n);
        add_range(w, -180, high, n);
    } else if (low < 0 && high > 0) {
        add_range(w, low, -1 / w->scale, n);
        add_range(w, 0, high, n);
    } else {
        add_range(w, low, high, n);
    }
}

/* Digit n of a number, as it is written. */
static uint8_t written(const struct writing *w, uint32_t top, const struct tops *t, unsigned n)
{
    const uint8_t digit = (uint8_t)(top >> w->digit_bits * (n - t->open) & ((1u << w->digit_bits) - 1));
    const bool more = !w->fixed && n + 1 < t->digits;

    if (w->digit_bits == 5)
        return (uint8_t)(POLYLINE_FIRST + (digit | (more ? POLYLINE_MORE : 0)));
    return (uint8_t)(digit | (more ? VARINT_MORE : 0));
}

/* Lays the known digits of a number at `place`; false: they do not agree with what is known of the key, which may be
 * changed all the same. */
static bool lay_number(struct search *s, size_t place, uint32_t top, const struct tops *t, bool known[XOR_KEY_MAX])
{
    const size_t len = s->key.len;

    for (unsigned n = t->open; n < t->digits; n++) {
        const size_t column = (place + n) % len;
        const uint8_t byte = s->at[place + n] ^ written(s->w, top, t, n);
        if (known[column] ? s->key.bytes[column] != byte : s->w->digit_bits == 5 && (byte ^ s->high[column]) >> 6)
            return false;
        s->key.bytes[column] = byte;
        known[column] = true;
    }
    return true;
}

/* Reading on under the key. */
struct walk {
    const struct search *s;
    size_t i, column;
};

static bool next_byte(struct walk *k, uint8_t *ret)
{
    if (k->i >= k->s->part->len)
        return false;
    *ret = k->s->at[k->i++] ^ k->s->key.bytes[k->column];
    k->column = k->column + 1 == k->s->key.len ? 0 : k->column + 1;
    return true;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A digit of a polyline, which may be percent-encoded; false: none. */
static bool next_character(struct walk *k, unsigned *ret)
{
    uint8_t c, high, low;

    if (!next_byte(k, &c) || (c == '\\' && k->s->w->escaped && !next_byte(k, &c)))
        return false;
    if (c == '%') {
        if (!next_byte(k, &high) || !next_byte(k, &low) || hex_digit(high) < 0 || hex_digit(low) < 0)
            return false;
        c = (uint8_t)(hex_digit(high) << 4 | hex_digit(low));
    }
    *ret = (unsigned)c - POLYLINE_FIRST;
    return c >= POLYLINE_FIRST && c < POLYLINE_FIRST + 2 * POLYLINE_MORE;
}

static bool next_number(struct walk *k, unsigned fixed, int64_t *ret)
{
    const struct writing *w = k->s->w;
    uint64_t z = 0;
    uint8_t byte;

    for (unsigned n = 0; n < fixed; n++) {
        if (!next_byte(k, &byte))
            return false;
        z |= (uint64_t)byte << 8 * n;
    }
    if (fixed) {
        *ret = fixed == 2 ? (int16_t)z : (int32_t)z;
        return true;
    }
    for (unsigned n = 0; n < DIGITS_MAX; n++) {
        const unsigned more = w->digit_bits == 5 ? POLYLINE_MORE : VARINT_MORE;
        unsigned digit;
        if (w->digit_bits == 5) {
            if (!next_character(k, &digit))
                return false;
        } else {
            if (!next_byte(k, &byte))
                return false;
            digit = byte;
        }
        z |= (uint64_t)(digit & (more - 1)) << w->digit_bits * n;
        if (!(digit & more)) {
            *ret = z & 1 ? -(int64_t)(z >> 1) - 1 : (int64_t)(z >> 1);
            return true;
        }
    }
    return false;
}

/* What a key makes of the part; gives how many points, all of them small steps apart. */
static size_t walk_along(const struct search *s, struct position_pair *into, size_t most)
{
    struct walk k = { s, s->start, s->start % s->key.len };
    const double unit_m = 111194.9 / s->w->scale, narrow = s->track->track.metres_per_lon_deg / 111194.9;
    int64_t now[2] = { 0, 0 }, step[2];
    size_t count = 0, gaps = 0;

    while (count < most) {
        const unsigned fixed = count ? s->w->fixed / 2 : s->w->fixed;
        if (!next_number(&k, fixed, &step[0]) || !next_number(&k, fixed, &step[1]))
            break;
        const double north_m = (double)step[0] * unit_m, east_m = (double)step[1] * unit_m * narrow;
        const double square = count ? north_m * north_m + east_m * east_m : 0;
        if (square > GAP_MAX_M * GAP_MAX_M ||
            (square > STEP_MAX_M * STEP_MAX_M && ++gaps * GAPS_SHARE > count + GAPS_SHARE))
            break;
        now[0] += step[0];
        now[1] += step[1];
        into[count++] = (struct position_pair){ .latitude_deg = (double)now[0] / s->w->scale,
                                                .longitude_deg = (double)now[1] / s->w->scale, .length = k.i };
    }
    return count;
}

static void try_key(struct search *s)
{
    struct position_pair points[POINTS_MAX];
    const struct geo_box *box = &s->track->track.box;

    s->trials++;
    if (!xor_is_key(&s->key) || walk_along(s, points, POINTS_GLANCED) < POINTS_GLANCED)
        return;
    if (!geo_box_contains(box, points[0].longitude_deg, points[0].latitude_deg) ||
        !geo_box_contains(box, points[POINTS_GLANCED - 1].longitude_deg, points[POINTS_GLANCED - 1].latitude_deg))
        return;
    const size_t count = walk_along(s, points, POINTS_MAX);
    if (count < POINTS_MIN || s->followed >= FOLLOWED_MAX)
        return;
    s->followed++;
    double like;
    const struct xor_fit fit = xor_fit_of_points(s->track, points, count, &like);
    if (fit.joined * 4 < count * 3 || like <= s->best_like)
        return;
    s->best_like = like;
    s->best_bits = fit.bits + STEP_BITS * (double)fit.joined;
    s->best = s->key;
}

/* All values of the bytes that the known digits leave open.  They stand under lower digits, whose upper bits are
 * known. */
static void try_open(struct search *s, const bool known[XOR_KEY_MAX])
{
    size_t open[XOR_KEY_MAX], count = 0;
    const unsigned bits = s->w->digit_bits == 5 ? 6 : s->w->digit_bits;

    for (size_t column = 0; column < s->key.len; column++)
        if (!known[column])
            open[count++] = column;
    if (count * bits > OPEN_BITS_MAX)
        return;
    const size_t len = s->key.len, first = s->start % len;
    for (uint32_t tried = 0; tried < 1u << count * bits && s->trials < s->trials_max; tried++) {
        for (size_t i = 0; i < count; i++) {
            const uint8_t value = (uint8_t)(tried >> i * bits & ((1u << bits) - 1));
            const size_t ahead = (open[i] + len - first) % len;
            s->key.bytes[open[i]] = bits == 6 ? s->high[open[i]] | value :
                bits == 7 ? s->at[s->start + ahead] ^ (VARINT_MORE | value) : value;
        }
        try_key(s);
    }
}

static void try_start(struct search *s, const struct tops *first, const struct tops *second)
{
    bool known[2][XOR_KEY_MAX] = { { false } };
    const size_t place = s->start + first->digits;

    if (place + second->digits + BYTES_MIN / 2 > s->part->len ||
        first->digits - first->open + second->digits - second->open < DIGITS_KNOWN_MIN)
        return;
    for (uint32_t one = 0; one < first->count; one++) {
        memset(known[0], 0, sizeof known[0]);
        if (!lay_number(s, s->start, first->low + one, first, known[0]))
            continue;
        const struct xor_key before = s->key;
        for (uint32_t other = 0; other < second->count && s->trials < s->trials_max; other++) {
            s->key = before;
            memcpy(known[1], known[0], sizeof known[1]);
            if (lay_number(s, place, second->low + other, second, known[1]))
                try_open(s, known[1]);
        }
    }
}

static void try_track(struct search *s)
{
    const struct geo_box *box = &s->track->track.box;
    struct numbers latitudes, longitudes;

    add_numbers(s->w, box->south, box->north, &latitudes);
    add_numbers(s->w, box->west, box->east, &longitudes);
    for (size_t i = 0; i < latitudes.count; i++)
        for (size_t k = 0; k < longitudes.count; k++)
            try_start(s, &latitudes.of[i], &longitudes.of[k]);
}

/* Lengths */

/* The two upper bits of each byte of the key, and how many bytes they are right for, if all under it are the letters
 * of a polyline. */
static size_t upper_bits(const struct search *s, size_t len, uint8_t high[XOR_KEY_MAX])
{
    size_t right = 0;

    for (size_t column = 0; column < len; column++) {
        size_t seen[4] = { 0 }, most = 0;
        for (size_t i = column; i < s->part->len; i += len)
            seen[s->at[i] >> 6]++;
        for (size_t i = 1; i < 4; i++)
            most = seen[i] > seen[most] ? i : most;
        high[column] = (uint8_t)((most ^ 1) << 6);
        right += seen[most];
    }
    return right;
}

/* Which lengths of the key let nearly as many bytes be letters of a polyline as any does, and most of them. */
static void lengths_of_letters(const struct search *s, bool likely[KEY_MAX + 1])
{
    const double share_min = 0.72, nearly = 0.04;
    size_t right[KEY_MAX + 1], most = 0;
    uint8_t high[XOR_KEY_MAX];

    for (size_t len = 1; len <= KEY_MAX; len++) {
        right[len] = upper_bits(s, len, high);
        most = right[len] > most ? right[len] : most;
    }
    for (size_t len = 1; len <= KEY_MAX; len++)
        likely[len] = (double)right[len] >= share_min * s->part->len &&
            (double)right[len] >= (double)most - nearly * s->part->len;
}

/* By how many times its spread chance is exceeded by what comes again at some multiple of a length. */
static double comes_again(const struct search *s, size_t len)
{
    enum { LAG_MAX = 48 };
    double most = 0;

    for (size_t lag = len; lag <= LAG_MAX && lag < s->part->len; lag += len) {
        const double chance = (double)(s->part->len - lag) / 256;
        const double more = (double)xor_equals(s->at, s->at + lag, s->part->len - lag) - chance;
        most = fmax(most, more / sqrt(chance));
    }
    return most;
}

/* Whether a byte may be one of a polyline: that begins behind something else. */
static bool is_letter(const struct search *s, size_t i)
{
    return (s->at[i] ^ s->high[i % s->key.len]) >> 6 == 1;
}

static void try_length(struct search *s, bool letters, size_t len)
{
    s->key = (struct xor_key){ .len = len };
    if (letters)
        (void)upper_bits(s, len, s->high);
    s->trials_before += s->trials;
    s->trials = 0;
    s->trials_max = letters ? TRIALS_OF_LETTERS_MAX : TRIALS_MAX;
    for (s->start = 0; s->start < STARTS_MAX && s->trials < s->trials_max; s->start++) {
        if (letters && s->start > 0 && is_letter(s, s->start - 1))
            continue;
        for (size_t t = 0; t < s->known->tracks->count && t < TRACKS_MAX; t++)
            for (size_t w = 0; w < sizeof writings / sizeof *writings; w++) {
                s->w = &writings[w];
                s->track = &s->known->tracks->of[t];
                if ((s->w->digit_bits == 5) == letters && s->track->track.path)
                    try_track(s);
            }
    }
}

static bool is_sure(const struct search *s)
{
    return s->best.len && s->best_bits >= log2((double)(s->trials_before + s->trials) + 1) + SURE_BITS;
}

bool xor_key_by_start(const struct xor_known *known, const struct xor_sample *sample, bool letters, struct xor_key *ret)
{
    const double again_min = 6;
    const struct xor_part *longest = &sample->parts[0];

    for (size_t p = 1; p < sample->part_count; p++)
        longest = sample->parts[p].len > longest->len ? &sample->parts[p] : longest;
    struct search s = { .known = known, .part = longest, .at = sample->bytes + longest->start,
                        .best_like = -INFINITY };
    if (longest->len < BYTES_MIN || known->tracks->count == 0)
        return false;
    bool likely[KEY_MAX + 1];
    if (letters)
        lengths_of_letters(&s, likely);
    for (size_t len = 1; len <= KEY_MAX && !is_sure(&s); len++)
        if (letters ? likely[len] : comes_again(&s, len) >= again_min)
            try_length(&s, letters, len);
    if (!is_sure(&s))
        return false;
    *ret = s.best;
    ret->chosen_bytes = (uint8_t)ret->len;
    return true;
}
