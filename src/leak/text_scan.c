#include "leak/text_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/number_text.h"
#include "leak/text_index.h"

/* How a number is read; pairs are of one reading. */
enum reading {
    READ_DEGREES, READ_NMEA, READ_RADIANS, READ_SEXAGESIMAL, READ_1E5, READ_1E6, READ_1E7, READ_1E8, READ_UTM,
    READ_NEAR, /* degrees around the areas: corners of boxes only */
};

static const uint8_t reading_encoding[] = {
    [READ_DEGREES] = POSITION_TEXT_DEGREES, [READ_NMEA] = POSITION_TEXT_NMEA, [READ_RADIANS] = POSITION_TEXT_RADIANS,
    [READ_SEXAGESIMAL] = POSITION_TEXT_SEXAGESIMAL, [READ_1E5] = POSITION_TEXT_SCALED, [READ_1E6] = POSITION_TEXT_SCALED,
    [READ_1E7] = POSITION_TEXT_SCALED, [READ_1E8] = POSITION_TEXT_SCALED, [READ_UTM] = POSITION_TEXT_UTM,
};

enum { LABEL_REACH = 24, CODE_WORD_MAX = 24 };
#define POINT_CELL_M 200.0 /* larger cells are places, not positions */
#define PLACE_CELL_M 25.0  /* and these are both */

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline uint8_t lower(uint8_t c) { return c | 0x20; }
static inline bool is_word(uint8_t c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

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

/* Metres of a grid become degrees: in the one of the grid's areas that both numbers fit. */
static bool utm_pair(const struct text_index *x, uint64_t areas, struct position_pair *pair)
{
    for (; areas; areas &= areas - 1) {
        const struct utm_area *a = &x->utm[__builtin_ctzll(areas)];
        const struct utm u = { a->zone, a->south, pair->longitude_deg, pair->latitude_deg };
        double longitude, latitude;
        utm_degrees(&u, &longitude, &latitude);
        if (!(position_areas_at_latitude(x->positions, latitude) & position_areas_at_longitude(x->positions, longitude)))
            continue;
        pair->longitude_deg = longitude;
        pair->latitude_deg = latitude;
        pair->cell_m = 1;
        return true;
    }
    return false;
}

static void pair_up(const struct text_scan *s, const struct text_number *first, const struct text_number *second,
                    bool latitude_first)
{
    const struct text_number *latitude = latitude_first ? first : second, *longitude = latitude_first ? second : first;
    const size_t start = (size_t)(first->start - s->base), second_start = (size_t)(second->start - s->base);
    struct position_pair pair = {
        .latitude_deg = latitude->value,
        .longitude_deg = longitude->value,
        .at = start,
        .length = (size_t)(second->end - first->start),
        .encoding = reading_encoding[first->reading],
        .delta = latitude_first ? 1 : -1,
        .fixed_chars = (uint8_t)(first->fixed_chars + second->fixed_chars),
        .decimals = first->decimals < second->decimals ? first->decimals : second->decimals,
        .labelled = label_before(s->at, start, 0, latitude_first) &&
                    label_before(s->at, second_start, (size_t)(first->end - s->base), !latitude_first),
    };

    if (first->reading == READ_UTM && !utm_pair(s->index, latitude->latitude_areas & longitude->longitude_areas, &pair))
        return;
    s->events->pair(s->events->user, &pair);
}

/* The nearest free number before the last one that completes it, once for each order.  A
 * number is in one pair of each order only: where latitude and longitude could be confused,
 * the pairs of one order are then all right or all wrong. */
static void find_partner(const struct text_scan *s)
{
    struct text_state *t = s->state;
    struct text_number *d = &t->recent[(t->count - 1) % TEXT_RECENT];

    for (int longitude_first = 0; longitude_first < 2; longitude_first++)
        for (size_t back = 2; back <= t->count && back <= TEXT_RECENT; back++) {
            struct text_number *r = &t->recent[(t->count - back) % TEXT_RECENT];
            if (r->end + POSITION_TEXT_GAP < d->start)
                break;
            if (r->start < s->base || r->reading != d->reading || r->end > d->start || r->used[longitude_first] ||
                !(longitude_first ? r->longitude_areas & d->latitude_areas : r->latitude_areas & d->longitude_areas))
                continue;
            r->used[longitude_first] = d->used[longitude_first] = true;
            pair_up(s, r, d, !longitude_first);
            break;
        }
}

static struct text_number *add_number(struct text_scan *s, struct text_state **state, const struct number_text *n,
                                      enum reading reading, double value, uint64_t latitudes, uint64_t longitudes)
{
    if (n->hemisphere == 'N' || n->hemisphere == 'S')
        longitudes = 0;
    else if (n->hemisphere)
        latitudes = 0;
    if (!(latitudes | longitudes))
        return NULL;
    if (!*state)
        *state = memory_alloc_array(1, sizeof **state);
    s->state = *state;
    struct text_number *number = &s->state->recent[s->state->count++ % TEXT_RECENT];
    *number = (struct text_number){
        .start = s->base + n->start, .end = s->base + n->end, .latitude_areas = latitudes, .longitude_areas = longitudes,
        .value = value, .reading = (uint8_t)reading, .decimals = n->decimals, .fixed_chars = n->fixed_chars,
    };
    return number;
}

static void add_degrees(struct text_scan *s, struct text_state **state, const struct number_text *n, enum reading reading,
                        double degrees)
{
    if (fabs(degrees) <= 180 &&
        add_number(s, state, n, reading, degrees, position_areas_at_latitude(s->index->positions, degrees),
                   position_areas_at_longitude(s->index->positions, degrees)))
        find_partner(s);
}

static void add_near(struct text_scan *s, struct text_state **state, const struct number_text *n)
{
    const struct text_index *x = s->index;
    const bool latitude = fabs(n->value) <= 90 && x->latitude_near[(int)((n->value + 90) * NEAR_CELLS_PER_DEGREE)];
    const bool longitude = fabs(n->value) <= 180 && x->longitude_near[(int)((n->value + 180) * NEAR_CELLS_PER_DEGREE)];

    if (add_number(s, state, n, READ_NEAR, n->value, latitude, longitude))
        place_of_corners(s);
}

static void decimal(struct text_scan *s, struct text_state **state, size_t point)
{
    struct number_text n;

    if (!number_decimal(s->at, s->len, point, s->from_start, &n))
        return;
    const double magnitude = fabs(n.value);
    add_degrees(s, state, &n, READ_DEGREES, n.value);
    if (n.hemisphere && n.whole_digits >= 4) { /* ddmm.mmmm,N  dddmm.mmmm,E */
        const double degrees = floor(magnitude / 100), minutes = magnitude - degrees * 100;
        if (minutes < 60)
            add_degrees(s, state, &n, READ_NMEA, copysign(degrees + minutes / 60, n.value));
    }
    if (magnitude < 3.1416 && n.decimals >= 6)
        add_degrees(s, state, &n, READ_RADIANS, n.value * (180 / M_PI));
    add_near(s, state, &n);
}

static uint64_t utm_areas(const struct text_index *x, double metres, bool easting)
{
    uint64_t areas = 0;

    for (size_t i = 0; i < x->utm_count; i++) {
        const struct utm_area *a = &x->utm[i];
        if (metres >= (easting ? a->west_m : a->south_m) && metres <= (easting ? a->east_m : a->north_m))
            areas |= UINT64_C(1) << i;
    }
    return areas;
}

static void whole_number(struct text_scan *s, struct text_state **state, size_t first)
{
    static const double scales[] = { 1e5, 1e6, 1e7, 1e8 };
    struct number_text n;

    if (!number_whole(s->at, s->len, first, s->from_start, &n))
        return;
    place_at_digits(s, first);
    for (unsigned k = 0; k < 4 && n.decimals == 0; k++) {
        const unsigned whole = n.whole_digits - (k + 5u);
        struct number_text scaled = n;
        if (n.whole_digits <= k + 5u || whole > 3)
            continue;
        scaled.decimals = (uint8_t)(k + 5);
        scaled.fixed_chars = (uint8_t)(whole + (n.value < 0));
        add_degrees(s, state, &scaled, (enum reading)(READ_1E5 + k), n.value / scales[k]);
    }
    if (n.value > 0 && n.whole_digits <= 8) {
        n.decimals = (uint8_t)(n.decimals + 5);
        if (add_number(s, state, &n, READ_UTM, n.value, utm_areas(s->index, n.value, false), utm_areas(s->index, n.value, true)))
            find_partner(s);
    }
}

static bool known_already(const struct text_state *t, uint64_t start)
{
    for (size_t back = 1; t && back <= t->count && back <= TEXT_RECENT; back++) {
        const struct text_number *n = &t->recent[(t->count - back) % TEXT_RECENT];
        if (n->reading == READ_SEXAGESIMAL && n->start <= start && start < n->end)
            return true;
    }
    return false;
}

static bool sexagesimal_from(struct text_scan *s, struct text_state **state, size_t first, size_t through)
{
    struct number_text n;

    if ((first == 0 && !s->from_start) || (first > 0 && is_word(s->at[first - 1]) && !strchr("NSEW", s->at[first - 1])) ||
        !number_sexagesimal(s->at, s->len, first, &n) || n.end <= through)
        return false;
    if (known_already(*state, s->base + first))
        return true;
    /* "N 42 29.4' W 30 14.7'" and "42 29.4' N 30 14.7' W" look alike in the middle. */
    if (n.letter_before) {
        struct number_text other = n;
        other.hemisphere = n.letter_before;
        other.value = other.hemisphere == 'S' || other.hemisphere == 'W' ? -fabs(n.value) : fabs(n.value);
        add_degrees(s, state, &other, READ_SEXAGESIMAL, other.value);
    }
    add_degrees(s, state, &n, READ_SEXAGESIMAL, n.value);
    return true;
}

/* The degrees stand right before `end`. */
static void sexagesimal_before(struct text_scan *s, struct text_state **state, size_t end)
{
    size_t first = end;

    while (first > 0 && end - first < 4 && is_digit(s->at[first - 1]))
        first--;
    if (first < end && end - first <= 3)
        (void)sexagesimal_from(s, state, first, end);
}

/* N, S, E or W behind a number in parts, or before one. */
static void hemisphere(struct text_scan *s, struct text_state **state, size_t letter)
{
    enum { SPAN = 32 };
    struct number_text n;
    size_t from = letter;

    if (letter > 0 && is_digit(s->at[letter - 1]) && number_compact(s->at, s->len, letter, &n) &&
        !known_already(*state, s->base + n.start)) {
        add_degrees(s, state, &n, READ_SEXAGESIMAL, n.value);
        return;
    }
    for (; from > 0 && letter - from < SPAN; from--) {
        const uint8_t c = s->at[from - 1];
        if (c == '\n' || (is_word(c) && !is_digit(c) && !strchr("degms", c)))
            break;
    }
    for (size_t i = from; i < letter; i++)
        if (is_digit(s->at[i]) && (i == 0 || !is_digit(s->at[i - 1])) && sexagesimal_from(s, state, i, letter))
            return;
    const size_t first = letter + 1 + (letter + 1 < s->len && s->at[letter + 1] == ' ');
    if (first < s->len && is_digit(s->at[first]))
        (void)sexagesimal_from(s, state, first, first);
}

static void code(const struct text_scan *s, const struct cell *cell, int encoding, size_t at, size_t len)
{
    const struct position_pair pair = {
        .longitude_deg = cell->longitude_deg, .latitude_deg = cell->latitude_deg, .at = at, .length = len,
        .encoding = (uint8_t)encoding, .delta = 1, .cell_m = (float)cell->size_m,
    };

    if (cell->size_m <= POINT_CELL_M && (position_areas_at_latitude(s->index->positions, cell->latitude_deg) &
                                         position_areas_at_longitude(s->index->positions, cell->longitude_deg)))
        s->events->pair(s->events->user, &pair);
    if (cell->size_m > PLACE_CELL_M)
        place_of_cell(s, cell, at, len);
}

/* MGRS is written with blanks between its parts or without. */
static void mgrs(const struct text_scan *s, size_t at)
{
    enum { WORD_MAX = 15, LETTERS_END = 5 };
    uint8_t word[WORD_MAX];
    struct cell cell;
    size_t n = 0, i = at;

    for (; i < s->len && n < WORD_MAX; i++) {
        const uint8_t c = s->at[i];
        const bool blank = c == ' ' && n >= 2 && i + 1 < s->len && is_word(s->at[i + 1]);
        if (!blank && !(n < LETTERS_END ? is_word(c) : is_digit(c)))
            break;
        if (!blank)
            word[n++] = c;
    }
    while (i > at && s->at[i - 1] == ' ')
        i--;
    if (i < s->len && is_word(s->at[i]))
        return;
    if (n >= 9 && mgrs_read(word, n, &cell))
        code(s, &cell, POSITION_MGRS, at, i - at);
}

static void known_beginning(struct text_scan *s, size_t at)
{
    enum { GEOHASH_MIN = 5, GEOHASH_MAX = 12, TOKEN_MIN = 5, TOKEN_MAX = 16 };
    const uint8_t *word = s->at + at;
    struct cell cell;
    size_t len = 0, digits = 0;

    if (s->len - at >= 4 && memcmp(word, "\x28\xb5\x2f\xfd", 4) == 0)
        s->events->sign(s->events->user, SIGN_ZSTD, at);
    else if (s->len - at >= 4 && memcmp(word, "PK\x03\x04", 4) == 0)
        s->events->sign(s->events->user, SIGN_ZIP, at);
    if (s->index->box_count == 0 || (at == 0 && !s->from_start) || (at > 0 && is_word(s->at[at - 1])))
        return;
    for (; len < s->len - at && len <= CODE_WORD_MAX && is_word(word[len]); len++)
        digits += is_digit(word[len]);
    if (len > CODE_WORD_MAX || digits == 0 || place_at_elevation_name(s, at, len))
        return;
    if (len >= GEOHASH_MIN && len <= GEOHASH_MAX && geohash_read(word, len, &cell))
        code(s, &cell, POSITION_GEOHASH, at, len);
    if (len >= TOKEN_MIN && len <= TOKEN_MAX && s2_token_read(word, len, &cell))
        code(s, &cell, POSITION_S2_TOKEN, at, len);
    if (is_digit(word[0]))
        mgrs(s, at);
}

static void plus_code(const struct text_scan *s, size_t plus)
{
    enum { BEFORE = 8, BEHIND_MAX = 7 };
    struct cell cell;
    size_t end = plus + 1;

    if (plus < BEFORE || (plus == BEFORE && !s->from_start) || (plus > BEFORE && is_word(s->at[plus - BEFORE - 1])))
        return;
    while (end < s->len && end - plus <= BEHIND_MAX + 1 && is_word(s->at[end]))
        end++;
    if (plus_code_read(s->at + plus - BEFORE, end - plus + BEFORE, &cell))
        code(s, &cell, POSITION_PLUS_CODE, plus - BEFORE, end - plus + BEFORE);
}

static void look(struct text_scan *s, struct text_state **state, const struct marks *m, size_t at)
{
    const uint8_t *p = s->at + at;

    if (mark_is(m, MARK_TRIPLE, at))
        known_beginning(s, at);
    if (mark_is(m, MARK_POLYLINE, at))
        s->events->sign(s->events->user, SIGN_POLYLINE, at);
    if (mark_is(m, MARK_PERCENT, at))
        s->events->sign(s->events->user, SIGN_PERCENT, at);
    if (mark_is(m, MARK_BACKSLASH, at))
        s->events->sign(s->events->user, SIGN_BACKSLASH, at);
    if (s->index->box_count == 0)
        return;
    if (mark_is(m, MARK_POINT, at) || mark_is(m, MARK_COMMA, at))
        decimal(s, state, at);
    if (mark_is(m, MARK_DIGITS, at))
        whole_number(s, state, at);
    if (mark_is(m, MARK_SLASH, at))
        place_at_slash(s, at);
    if (mark_is(m, MARK_EQUALS, at))
        place_at_equals(s, at);
    if (mark_is(m, MARK_DEGREE, at) && at > 0 && (is_digit(p[-1]) || p[-1] == 0xc2))
        sexagesimal_before(s, state, p[-1] == 0xc2 ? at - 1 : at);
    if (mark_is(m, MARK_PARTS, at))
        sexagesimal_before(s, state, at);
    if (mark_is(m, MARK_HEMISPHERE, at))
        hemisphere(s, state, at);
    if (mark_is(m, MARK_PLUS, at))
        plus_code(s, at);
}

void text_scan(const struct text_index *x, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base,
               bool from_start, struct text_state **state, const struct text_events *events)
{
    struct text_scan s = {
        .index = x, .at = at, .len = len, .base = base, .from_start = from_start, .state = *state, .events = events,
    };
    struct marks m;

    marks_begin(&m, at, len, done, &x->triples, x->vector);
    while (marks_next(&m, limit))
        for (uint64_t any = m.any; any; any &= any - 1)
            look(&s, state, &m, m.block + (unsigned)__builtin_ctzll(any));
}
