#include "leak/position.h"

#include <string.h>

/* Decimal numbers are found by their point: digit, '.', digit, then read outwards.
 * Four decimals are about 11 m; three, about 110 m, cannot point at a path. */
enum { DECIMALS_MIN = 4, DECIMALS_MAX = 17, WHOLE_DIGITS_MAX = 5, RECENT = 8, LABEL_REACH = 24 };

struct decimal {
    size_t start, end;     /* of sign, digits and suffix letter */
    size_t point;
    double degrees[3];     /* by encoding - POSITION_TEXT_DEGREES */
    uint64_t latitude_areas[3], longitude_areas[3];
    uint8_t decimals, fixed_chars;
    bool used[3][2];       /* already part of a pair in this reading and order */
};

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline uint8_t lower(uint8_t c) { return c | 0x20; }
static inline bool is_letter(uint8_t c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/* N, S, E or W behind the number, also behind one blank, comma or degree sign; else 0. */
static uint8_t hemisphere_behind(const uint8_t *at, size_t len, size_t i)
{
    if (i < len && (at[i] == ' ' || at[i] == ',' || at[i] == 0xb0))
        i++;
    else if (len - i >= 2 && at[i] == 0xc2 && at[i + 1] == 0xb0) /* degree sign in UTF-8 */
        i += 2;
    if (i >= len || (len - i >= 2 && (is_letter(at[i + 1]) || is_digit(at[i + 1]))))
        return 0;
    return at[i] == 'N' || at[i] == 'S' || at[i] == 'E' || at[i] == 'W' ? at[i] : 0;
}

/* A letter right before a number makes it part of a name, but for N39.7392 and W104.9903,
 * the end of %2C, and the end of \n. */
static bool may_stand_before(const uint8_t *at, size_t start)
{
    const uint8_t before = at[start - 1];

    if (before == 'N' || before == 'S' || before == 'E' || before == 'W')
        return start < 2 || !is_letter(at[start - 2]);
    return (start >= 3 && at[start - 3] == '%') || (start >= 2 && at[start - 2] == '\\');
}

static bool decimal_read(const uint8_t *at, size_t len, size_t point, bool from_start, struct decimal *d,
                         double *ret_value, uint8_t *ret_hemisphere)
{
    size_t start = point, end = point + 1;
    double value = 0, unit = 1;

    while (start > 0 && is_digit(at[start - 1]) && point - start <= WHOLE_DIGITS_MAX)
        start--;
    if (point - start > WHOLE_DIGITS_MAX || (start == 0 && !from_start))
        return false;
    while (end < len && is_digit(at[end]) && end - point <= DECIMALS_MAX + 1)
        end++;
    const size_t decimals = end - point - 1;
    if (decimals < DECIMALS_MIN || decimals > DECIMALS_MAX)
        return false;
    if (end < len && at[end] == '.') /* 1.2345.6: a version or an address */
        return false;
    bool negative = false;
    if (start > 0) {
        const uint8_t before = at[start - 1];
        if (before == '.' || before == '_' || (is_letter(before) && !may_stand_before(at, start)))
            return false;
        negative = before == '-' || before == 'S' || before == 'W';
    }
    for (size_t i = start; i < point; i++)
        value = value * 10 + (at[i] - '0');
    uint64_t fraction = 0;
    for (size_t i = point + 1; i < end; i++) {
        fraction = fraction * 10 + (uint64_t)(at[i] - '0');
        unit *= 10;
    }
    value += (double)fraction / unit;
    const uint8_t hemisphere = hemisphere_behind(at, len, end);
    if (hemisphere == 'S' || hemisphere == 'W')
        negative = true;
    *d = (struct decimal){
        .start = start - (start > 0 && at[start - 1] == '-'),
        .end = end,
        .point = point,
        .decimals = (uint8_t)decimals,
        .fixed_chars = (uint8_t)(point - start + 1 + negative),
    };
    *ret_value = negative ? -value : value;
    *ret_hemisphere = hemisphere;
    return true;
}

/* Which areas the number could be a coordinate of, in each of three readings. */
static bool decimal_place(const struct position_index *x, struct decimal *d, size_t whole_digits, double value,
                          uint8_t hemisphere)
{
    const double magnitude = value < 0 ? -value : value;
    uint64_t any = 0;

    if (magnitude <= 180) {
        d->degrees[0] = value;
        d->latitude_areas[0] = position_areas_at_latitude(x, value);
        d->longitude_areas[0] = position_areas_at_longitude(x, value);
    }
    if (hemisphere && whole_digits >= 4) { /* ddmm.mmmm,N  dddmm.mmmm,E */
        const double degrees = (double)(int)(magnitude / 100), minutes = magnitude - degrees * 100;
        d->degrees[1] = value < 0 ? -(degrees + minutes / 60) : degrees + minutes / 60;
        if (minutes < 60 && (hemisphere == 'N' || hemisphere == 'S'))
            d->latitude_areas[1] = position_areas_at_latitude(x, d->degrees[1]);
        else if (minutes < 60)
            d->longitude_areas[1] = position_areas_at_longitude(x, d->degrees[1]);
    }
    if (magnitude < 3.1416 && d->decimals >= 6) {
        d->degrees[2] = value * 57.29577951308232;
        d->latitude_areas[2] = position_areas_at_latitude(x, d->degrees[2]);
        d->longitude_areas[2] = position_areas_at_longitude(x, d->degrees[2]);
    }
    for (int reading = 0; reading < 3; reading++)
        any |= d->latitude_areas[reading] | d->longitude_areas[reading];
    return any != 0;
}

/* "lat", "lon" or "lng" shortly before the number. */
static bool label_before(const uint8_t *at, size_t start, size_t not_before, bool latitude)
{
    size_t from = start > LABEL_REACH ? start - LABEL_REACH : 0;

    if (from < not_before)
        from = not_before;
    for (size_t i = from; i + 3 <= start; i++) {
        const uint8_t a = lower(at[i]), b = lower(at[i + 1]), c = lower(at[i + 2]);
        if (latitude ? a == 'l' && b == 'a' && c == 't'
                     : a == 'l' && ((b == 'o' && c == 'n') || (b == 'n' && c == 'g')))
            return true;
    }
    return false;
}

static void pair_up(const uint8_t *at, const struct decimal *first, const struct decimal *second, int reading,
                    bool latitude_first, const struct position_events *events)
{
    const struct decimal *latitude = latitude_first ? first : second, *longitude = latitude_first ? second : first;
    const struct position_pair pair = {
        .latitude_deg = latitude->degrees[reading],
        .longitude_deg = longitude->degrees[reading],
        .at = first->start,
        .length = second->end - first->start,
        .encoding = (uint8_t)(POSITION_TEXT_DEGREES + reading),
        .delta = latitude_first ? 1 : -1,
        .fixed_chars = (uint8_t)(first->fixed_chars + second->fixed_chars),
        .decimals = first->decimals < second->decimals ? first->decimals : second->decimals,
        .labelled = label_before(at, first->start, 0, latitude_first) &&
                    label_before(at, second->start, first->end, !latitude_first),
    };
    events->pair(events->user, &pair);
}

/* The nearest free number before `d` that completes it, once for each order.  A number is
 * in one pair of each order only: where latitude and longitude could be confused, the pairs
 * of one order are then all right or all wrong.  Without `events` pairs are only marked. */
static void find_partner(const uint8_t *at, struct decimal *recent, size_t count, struct decimal *d,
                         const struct position_events *events)
{
    for (int reading = 0; reading < 3; reading++)
        for (int longitude_first = 0; longitude_first < 2; longitude_first++)
            for (size_t back = 1; back <= count && back < RECENT; back++) {
                struct decimal *r = &recent[(count - back) % RECENT];
                if (r->end + POSITION_TEXT_GAP < d->start)
                    break;
                if (r->used[reading][longitude_first] ||
                    !(longitude_first ? r->longitude_areas[reading] & d->latitude_areas[reading]
                                      : r->latitude_areas[reading] & d->longitude_areas[reading]))
                    continue;
                r->used[reading][longitude_first] = d->used[reading][longitude_first] = true;
                if (events)
                    pair_up(at, r, d, reading, !longitude_first, events);
                break;
            }
}

void position_scan_text(const struct position_index *x, const uint8_t *at, size_t len, size_t done, size_t limit,
                        bool from_start, const struct position_events *events)
{
    enum { BACK = POSITION_TEXT_GAP + DECIMALS_MAX + WHOLE_DIGITS_MAX + 8 };
    struct decimal recent[RECENT];
    size_t count = 0;
    size_t i = done > BACK ? done - BACK : 0;

    while (i < limit) {
        const uint8_t *point = memchr(at + i, '.', limit - i);
        if (!point)
            return;
        const size_t p = (size_t)(point - at);
        i = p + 1;
        /* The fourth decimal is the cheapest test that most full stops fail. */
        if (p == 0 || len - p <= DECIMALS_MIN || !is_digit(at[p - 1]) || !is_digit(at[p + DECIMALS_MIN]) ||
            !is_digit(at[p + 1]))
            continue;
        struct decimal *d = &recent[count % RECENT];
        double value;
        uint8_t hemisphere;
        if (!decimal_read(at, len, p, from_start, d, &value, &hemisphere) ||
            !decimal_place(x, d, p - d->start - (d->start < p && at[d->start] == '-'), value, hemisphere))
            continue;
        find_partner(at, recent, count, d, p >= done ? events : NULL);
        count++;
    }
}
