/* Keys over records of positions in numbers of eight bytes whose size is a multiple of the key's: each record meets the
 * same bytes, so nothing but the positions tells them.  The first bytes of both coordinates are known, and two of them
 * that meet one byte of the key have to agree; of the others that one is taken, the most significant first, under which
 * the positions keep nearest to the path. */
#include "leak/xor_key.h"

#include <math.h>
#include <string.h>

#include "leak/index.h"

enum {
    WIDTH = 8, TOPS_MAX = 4, TRACKS_MAX = 64,
    AGREE_MIN = 2,           /* bytes of the key that are given twice: what chance does once in 65,536 */
    RECORDS_MIN = 8, RECORDS_MAX = 24,
};

struct ring {
    const struct xor_known *known;
    const struct xor_sample *sample;
    const struct index_track *track;
    size_t record, place;    /* of the first of two coordinates, one behind the other */
    enum number_kind kind;
    bool big_endian, longitude_first;
    uint64_t low[2], high[2];
    unsigned open[2];        /* bytes at the low end that are not known */
    struct xor_key key;
    bool has[XOR_KEY_MAX];
    unsigned agree;
    size_t *tries;           /* left */
};

/* Where byte n, from the high end, of one coordinate stands. */
static size_t byte_place(const struct ring *r, int which, unsigned n)
{
    return r->place + (size_t)which * WIDTH + (r->big_endian ? n : WIDTH - 1 - n);
}

static const struct xor_part *longest_part(const struct xor_sample *s)
{
    const struct xor_part *longest = &s->parts[0];

    for (size_t p = 1; p < s->part_count; p++)
        longest = s->parts[p].len > longest->len ? &s->parts[p] : longest;
    return longest;
}

/* False: what is known of the key does not agree. */
static bool lay(struct ring *r, const uint8_t *at, int which, uint64_t top)
{
    for (unsigned n = 0; n < WIDTH - r->open[which]; n++) {
        const size_t place = byte_place(r, which, n), column = place % r->key.len;
        const uint8_t byte = at[place] ^ (uint8_t)(top >> 8 * (WIDTH - r->open[which] - 1 - n));
        if (r->has[column] && r->key.bytes[column] != byte)
            return false;
        r->agree += r->has[column];
        r->has[column] = true;
        r->key.bytes[column] = byte;
    }
    return true;
}

static uint64_t value_at(const struct ring *r, const uint8_t *part, size_t shift, int which)
{
    uint64_t value = 0;

    for (unsigned n = 0; n < WIDTH; n++) {
        const size_t place = shift + byte_place(r, which, n);
        value = value << 8 | (uint8_t)(part[place] ^ r->key.bytes[place % r->key.len]);
    }
    return value;
}

static struct xor_fit fit_of(const struct ring *r, double *ret_like, size_t *ret_count)
{
    struct position_pair points[RECORDS_MAX];
    size_t count = 0;

    for (size_t p = 0; p < r->sample->part_count; p++) {
        const struct xor_part *part = &r->sample->parts[p];
        for (size_t shift = 0; count < RECORDS_MAX && shift + r->place + 2 * WIDTH <= part->len; shift += r->record) {
            const uint8_t *at = r->sample->bytes + part->start;
            const double first = number_degrees(r->kind, value_at(r, at, shift, 0)),
                second = number_degrees(r->kind, value_at(r, at, shift, 1));
            points[count++] = (struct position_pair){ .longitude_deg = r->longitude_first ? first : second,
                                                      .latitude_deg = r->longitude_first ? second : first };
        }
    }
    *ret_count = count;
    return xor_fit_of_points(r->track, points, count, ret_like);
}

/* The value of one byte of the key under which the positions keep nearest to the path. */
static struct xor_fit try_values(struct ring *r, size_t column)
{
    struct xor_fit best_fit = { .bits = 0 };
    double best = -INFINITY, like;
    uint8_t byte = 0;
    size_t count;

    for (unsigned value = 0; value < 256; value++) {
        r->key.bytes[column] = (uint8_t)value;
        const struct xor_fit fit = fit_of(r, &like, &count);
        if (like <= best)
            continue;
        best_fit = fit;
        best = like;
        byte = (uint8_t)value;
    }
    r->key.bytes[column] = byte;
    r->has[column] = true;
    return best_fit;
}

/* The rest of the key, and whether the positions follow the path under it. */
static bool complete(struct ring *r)
{
    size_t count;
    double like;

    bool laid[XOR_KEY_MAX];

    memcpy(laid, r->has, sizeof laid);
    /* Each by what those before it and, the first time, anything in the others make; then once more. */
    for (int again = 0; again < 2; again++) {
        for (unsigned n = 0; n < WIDTH; n++)
            for (int which = 0; which < 2; which++) {
                const size_t column = byte_place(r, which, n) % r->key.len;
                if (r->has[column])
                    continue;
                /* Most keys that are none are seen by the first byte. */
                if (try_values(r, column).joined < RECORDS_MIN / 2)
                    return false;
            }
        if (again == 0)
            memcpy(r->has, laid, sizeof laid);
    }
    for (size_t column = 0; column < r->key.len; column++)
        if (!r->has[column])
            return false;
    const struct xor_fit fit = fit_of(r, &like, &count);
    return count >= RECORDS_MIN && fit.joined * 4 >= (count - 1) * 3 && like > 0 && xor_is_key(&r->key);
}

/* What of the key is known is mostly zeros: the positions stand there as they are, under no key. */
static bool is_plain(const struct ring *r)
{
    unsigned known = 0, zeros = 0;

    for (size_t column = 0; column < r->key.len; column++) {
        known += r->has[column];
        zeros += r->has[column] && r->key.bytes[column] == 0;
    }
    return zeros * 2 >= known;
}

static bool try_place(struct ring *r, const uint8_t *at)
{
    for (uint64_t first = r->low[0] >> 8 * r->open[0]; first <= r->high[0] >> 8 * r->open[0]; first++)
        for (uint64_t second = r->low[1] >> 8 * r->open[1]; second <= r->high[1] >> 8 * r->open[1]; second++) {
            memset(r->has, 0, sizeof r->has);
            r->agree = 0;
            if (!lay(r, at, 0, first) || !lay(r, at, 1, second) || r->agree < AGREE_MIN || *r->tries == 0 ||
                is_plain(r))
                continue;
            --*r->tries;
            if (complete(r))
                return true;
        }
    return false;
}

/* Degrees of one sign. */
struct range {
    double low, high;
};

/* Of an area that lies across zero or the date line, both halves. */
static size_t ranges_of(double low, double high, struct range into[2])
{
    const double least = 1e-9;

    if (low > high) {
        into[0] = (struct range){ low, 180 };
        into[1] = (struct range){ -180, high };
        return 2;
    }
    if (low >= 0 || high <= 0) {
        into[0] = (struct range){ low, high };
        return 1;
    }
    into[0] = (struct range){ least, high };
    into[1] = (struct range){ low, -least };
    return 2;
}

static bool try_ranges(struct ring *r, const struct range *latitudes, const struct range *longitudes)
{
    const struct xor_part *part = longest_part(r->sample);
    const int latitude = r->longitude_first, longitude = !r->longitude_first;

    if (!number_interval(r->kind, latitudes->low, latitudes->high, &r->low[latitude], &r->high[latitude]) ||
        !number_interval(r->kind, longitudes->low, longitudes->high, &r->low[longitude], &r->high[longitude]))
        return false;
    for (int which = 0; which < 2; which++) {
        r->open[which] = 1;
        while (r->open[which] < WIDTH - 1 &&
               (r->high[which] >> 8 * r->open[which]) - (r->low[which] >> 8 * r->open[which]) >= TOPS_MAX)
            r->open[which]++;
        if ((r->high[which] >> 8 * r->open[which]) - (r->low[which] >> 8 * r->open[which]) >= TOPS_MAX)
            return false;
    }
    for (r->place = part->plain; r->place < part->plain + r->record && r->place + 2 * WIDTH <= part->len; r->place++)
        if (try_place(r, r->sample->bytes + part->start))
            return true;
    return false;
}

static bool try_writing(struct ring *r)
{
    const struct geo_box *box = &r->track->track.box;
    struct range latitudes[2], longitudes[2];
    const size_t lat_count = ranges_of(box->south, box->north, latitudes),
        lon_count = ranges_of(box->west, box->east, longitudes);

    for (size_t i = 0; i < lat_count; i++)
        for (size_t k = 0; k < lon_count; k++)
            if (try_ranges(r, &latitudes[i], &longitudes[k]))
                return true;
    return false;
}

bool xor_ring_key_by_positions(const struct xor_known *known, const struct xor_sample *sample, size_t record,
                               size_t key_len, size_t *tries, struct xor_key *ret)
{
    static const enum number_kind kinds[] = { NUMBER_DOUBLE, NUMBER_DOUBLE_RADIANS, NUMBER_INT64_1E9 };

    for (size_t t = 0; t < known->tracks->count && t < TRACKS_MAX; t++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            for (unsigned way = 0; way < 4; way++) {
                struct ring r = { .known = known, .sample = sample, .track = &known->tracks->of[t], .record = record,
                                  .kind = kinds[k], .big_endian = way & 1, .longitude_first = way & 2,
                                  .key.len = key_len, .tries = tries };
                if (!r.track->track.path || !try_writing(&r))
                    continue;
                *ret = r.key;
                ret->chosen_bytes = (uint8_t)key_len;
                return true;
            }
    return false;
}
