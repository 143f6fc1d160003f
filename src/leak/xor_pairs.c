/* Keys of two and three bytes over records of positions: the three bytes with which one coordinate begins give the
 * whole key, and then the other coordinate has to fit, in one record after the other. */
#include "leak/xor_key.h"

#include <math.h>
#include <string.h>

#include "leak/position_groups.h"

enum {
    WIDTH = 8,              /* numbers of eight bytes only: of shorter ones too little is left to check the key by */
    TOP_BYTES = 3, TOP_SHIFT = 8 * (WIDTH - TOP_BYTES), TOPS_MAX = 4,
    RECORDS_TRIED = 16, RECORDS_MIN = 6,
    PARTS_MAX = 64,         /* areas that are tried: each costs as much as all before */
};
#define STEP_SHARE 0.125    /* from record to record no further than this of the area's size: random places are, in 19 of 20 */
#define STEP_MIN_M 25.0

/* The records of a sample, and the way of writing that is tried. */
struct trial {
    const struct xor_sample *s;
    const struct xor_part *part; /* in which a place is looked for; in the others it is the same */
    size_t record, key_len;
    const struct part *area;
    enum number_kind kind;
    bool big_endian, longitude_first;
    uint64_t lo[2], hi[2];  /* of the first coordinate and of the second */
    uint8_t key[XOR_KEY_MAX];
};

static uint64_t value_in(const struct trial *t, const struct xor_part *part, size_t place)
{
    const uint8_t *bytes = t->s->bytes + part->start;
    uint64_t value = 0;

    for (size_t i = 0; i < WIDTH; i++) {
        const size_t at = place + (t->big_endian ? i : WIDTH - 1 - i);
        value = value << 8 | (uint8_t)(bytes[at] ^ t->key[at % t->key_len]);
    }
    return value;
}

static uint64_t value_at(const struct trial *t, size_t place) { return value_in(t, t->part, place); }

static bool in_range(const struct trial *t, int which, uint64_t value)
{
    return value >= t->lo[which] && value <= t->hi[which];
}

/* The key under which a number at `place` begins so; false: none does. */
static bool key_of_top(struct trial *t, size_t place, uint64_t top)
{
    bool known[XOR_KEY_MAX] = { false };

    for (size_t i = 0; i < TOP_BYTES; i++) {
        const size_t at = place + (t->big_endian ? i : WIDTH - 1 - i), column = at % t->key_len;
        const uint8_t byte = t->s->bytes[t->part->start + at] ^ (uint8_t)(top >> 8 * (TOP_BYTES - 1 - i));
        if (known[column] && t->key[column] != byte)
            return false;
        t->key[column] = byte;
        known[column] = true;
    }
    return in_range(t, 0, value_at(t, place));
}

static double size_m(const struct part *area)
{
    const double narrow = cos(area->latitudes.low * M_PI / 180);

    return 111194.9 * hypot(area->latitudes.high - area->latitudes.low,
                            (area->longitudes.high - area->longitudes.low) * narrow);
}

struct fits {
    double before[2];
    size_t tried, fit, steps, moved;
};

static void try_record(const struct trial *t, uint64_t first, uint64_t second, double step_max_m, struct fits *f)
{
    const double narrow = cos(t->area->latitudes.low * M_PI / 180);

    f->tried++;
    if (!in_range(t, 0, first) || !in_range(t, 1, second))
        return;
    const double now[2] = { number_degrees(t->kind, first), number_degrees(t->kind, second) };
    if (f->fit > 0) {
        const double one = (now[0] - f->before[0]) * (t->longitude_first ? narrow : 1),
            other = (now[1] - f->before[1]) * (t->longitude_first ? 1 : narrow);
        const double step_m = 111194.9 * hypot(one, other);
        f->steps += step_m <= step_max_m;
        f->moved += step_m > 0;
    }
    memcpy(f->before, now, sizeof f->before);
    f->fit++;
}

/* Whether record after record is a position of the area, not far from the one before, and not always the same. */
static bool records_fit(const struct trial *t, size_t first, size_t second)
{
    const double step_max_m = fmax(STEP_MIN_M, STEP_SHARE * size_m(t->area));
    struct fits f = { .tried = 0 };

    for (size_t p = 0; p < t->s->part_count; p++) {
        const struct xor_part *part = &t->s->parts[p];
        for (size_t gone = 0; f.tried < RECORDS_TRIED && second + gone + WIDTH <= part->len; gone += t->record)
            try_record(t, value_in(t, part, first + gone), value_in(t, part, second + gone), step_max_m, &f);
    }
    return f.tried >= RECORDS_MIN && f.fit * 8 >= f.tried * 7 && f.steps * 4 >= (f.tried - 1) * 3 &&
        f.moved * 4 >= f.tried;
}

static bool try_place(struct trial *t, size_t place, struct xor_key *key)
{
    for (uint64_t top = t->lo[0] >> TOP_SHIFT; top <= t->hi[0] >> TOP_SHIFT; top++) {
        if (!key_of_top(t, place, top))
            continue;
        for (size_t second = place + WIDTH; second <= place + POSITION_REACH && second + WIDTH <= t->part->len;
             second++) {
            if (!in_range(t, 1, value_at(t, second)) || !records_fit(t, place, second))
                continue;
            *key = (struct xor_key){ .len = t->key_len };
            memcpy(key->bytes, t->key, t->key_len);
            return true;
        }
    }
    return false;
}

static bool try_writing(struct trial *t, size_t from, struct xor_key *key)
{
    const struct degrees_range *first = t->longitude_first ? &t->area->longitudes : &t->area->latitudes;
    const struct degrees_range *second = t->longitude_first ? &t->area->latitudes : &t->area->longitudes;

    if (!number_interval(t->kind, first->low, first->high, &t->lo[0], &t->hi[0]) ||
        !number_interval(t->kind, second->low, second->high, &t->lo[1], &t->hi[1]) ||
        (t->hi[0] >> TOP_SHIFT) - (t->lo[0] >> TOP_SHIFT) >= TOPS_MAX ||
            (t->hi[1] >> TOP_SHIFT) - (t->lo[1] >> TOP_SHIFT) >= TOPS_MAX)
        return false;
    for (size_t place = from; place < from + t->record && place + WIDTH <= t->part->len; place++)
        if (try_place(t, place, key))
            return true;
    return false;
}

bool xor_short_key_by_positions(const struct position_index *positions, const struct xor_sample *s, size_t record,
                                size_t key_len, struct xor_key *key)
{
    static const enum number_kind kinds[] = { NUMBER_DOUBLE, NUMBER_DOUBLE_RADIANS, NUMBER_INT64_1E9 };
    const struct xor_part *longest = &s->parts[0];

    for (size_t p = 1; p < s->part_count; p++)
        longest = s->parts[p].len > longest->len ? &s->parts[p] : longest;
    if (key_len > TOP_BYTES || record % key_len != 0)
        return false;
    struct trial t = { .s = s, .part = longest, .record = record, .key_len = key_len };
    for (size_t area = 0; area < positions->part_count && area < PARTS_MAX; area++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            for (unsigned way = 0; way < 4; way++) {
                t.area = &positions->parts[area];
                t.kind = kinds[k];
                t.big_endian = way & 1;
                t.longitude_first = way & 2;
                if (try_writing(&t, longest->plain, key))
                    return true;
            }
    return false;
}
