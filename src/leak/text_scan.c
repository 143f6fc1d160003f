#include "leak/text_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/number_text.h"
#include "leak/text_columns.h"
#include "leak/text_index.h"

/* How a number is read; pairs are of one reading. */
enum reading {
    READ_DEGREES, READ_NMEA, READ_RADIANS, READ_SEXAGESIMAL, READ_1E5, READ_1E6, READ_1E7, READ_1E8, READ_UTM,
    READ_COARSE, /* degrees of few decimals, only where they are said to be latitude or longitude: a place, no position */
    READ_NEAR, /* degrees around the areas: corners of boxes only */
};

static const uint8_t reading_encoding[] = {
    [READ_DEGREES] = POSITION_TEXT_DEGREES, [READ_NMEA] = POSITION_TEXT_NMEA, [READ_RADIANS] = POSITION_TEXT_RADIANS,
    [READ_SEXAGESIMAL] = POSITION_TEXT_SEXAGESIMAL, [READ_1E5] = POSITION_TEXT_SCALED, [READ_1E6] = POSITION_TEXT_SCALED,
    [READ_1E7] = POSITION_TEXT_SCALED, [READ_1E8] = POSITION_TEXT_SCALED, [READ_UTM] = POSITION_TEXT_UTM,
    [READ_COARSE] = POSITION_TEXT_DEGREES,
};

enum { LABEL_REACH = 24 };

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
        if (!(position_areas_at_latitude(x->positions, latitude) & position_areas_at_longitude(x->positions,
                                                                                               longitude)))
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

    if (first->reading == READ_COARSE) {
        place_of_rounded(s, &pair);
        return;
    }
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
        .start = s->base + n->start, .end = s->base + n->end, .latitude_areas = latitudes, .longitude_areas =
            longitudes,
        .value = value, .reading = (uint8_t)reading, .decimals = n->decimals, .fixed_chars = n->fixed_chars,
    };
    return number;
}

static int column_reading(uint8_t reading)
{
    static const uint8_t readings[COLUMN_READINGS] = { READ_DEGREES, READ_RADIANS, READ_1E5, READ_1E6, READ_1E7,
                                                       READ_1E8 };

    for (int i = 0; i < COLUMN_READINGS; i++)
        if (readings[i] == reading)
            return i;
    return -1;
}

struct column_pair {
    const struct text_scan *s;
    const struct text_number *number;
};

/* Only the number of the second column can be seen. */
static void column_pair_found(void *user, double latitude_deg, double longitude_deg, bool latitude_first,
                              const struct text_column *first)
{
    const struct column_pair *c = user;
    const struct text_number *n = c->number;
    const struct position_pair pair = {
        .latitude_deg = latitude_deg, .longitude_deg = longitude_deg, .at = (size_t)(n->start - c->s->base),
        .length = (size_t)(n->end - n->start), .encoding = reading_encoding[n->reading],
        .delta = latitude_first ? POSITION_COLUMNS : -POSITION_COLUMNS, .fixed_chars = (uint8_t)(n->fixed_chars +
                                                                                                 first->fixed_chars),
        .decimals = n->decimals < first->decimals ? n->decimals : first->decimals,
    };

    c->s->events->pair(c->s->events->user, &pair);
}

static bool only_separators(const struct text_scan *s, uint64_t from, uint64_t to)
{
    enum { SEPARATORS_MAX = 24 };

    if (from < s->base || to < from || to - from > SEPARATORS_MAX)
        return false;
    for (uint64_t i = from - s->base; i < to - s->base; i++)
        if (!s->at[i] || !strchr(" ,;\t\r\n\"", s->at[i]))
            return false;
    return true;
}

static void find_column(const struct text_scan *s)
{
    struct text_state *t = s->state;
    const struct text_number *number = &t->recent[(t->count - 1) % TEXT_RECENT];
    const int reading = column_reading(number->reading);
    struct column_pair user = { s, number };

    if (reading < 0)
        return;
    if (!t->columns)
        t->columns = memory_alloc_array(COLUMN_READINGS, sizeof *t->columns);
    struct text_columns *c = &t->columns[reading];
    text_columns_add(c, number, only_separators(s, c->now.end, number->start), column_pair_found, &user);
}

void text_state_free(struct text_state *state)
{
    if (!state)
        return;
    for (int i = 0; state->columns && i < COLUMN_READINGS; i++)
        text_columns_done(&state->columns[i]);
    free(state->columns);
    free(state);
}

static void add_degrees(struct text_scan *s, struct text_state **state, const struct number_text *n,
                        enum reading reading,
                        double degrees)
{
    if (fabs(degrees) <= 180 &&
        add_number(s, state, n, reading, degrees, position_areas_at_latitude(s->index->positions, degrees),
                   position_areas_at_longitude(s->index->positions, degrees))) {
        find_partner(s);
        find_column(s);
    }
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

static void coarse(struct text_scan *s, struct text_state **state, size_t point)
{
    const struct text_index *x = s->index;
    struct number_text n;

    if (!number_coarse(s->at, s->len, point, s->from_start, &n) || fabs(n.value) > 180)
        return;
    const bool latitude = fabs(n.value) <= 90 && x->latitude_near[(int)((n.value + 90) * NEAR_CELLS_PER_DEGREE)] &&
                          label_before(s->at, n.start, 0, true);
    const bool longitude = x->longitude_near[(int)((n.value + 180) * NEAR_CELLS_PER_DEGREE)] &&
        label_before(s->at, n.start, 0, false);
    if ((latitude || longitude) && add_number(s, state, &n, READ_COARSE, n.value, latitude, longitude))
        find_partner(s);
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
    if (n.whole_digits >= CODE_DIGITS_MIN)
        code_of_digits(s, &n);
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
        if (add_number(s, state, &n, READ_UTM, n.value, utm_areas(s->index, n.value, false),
                       utm_areas(s->index, n.value, true)))
            find_partner(s);
    }
}

/* Near zero, whole numbers are too short to be looked at wherever they stand: "latE6":-312. */
static void labelled_small(struct text_scan *s, struct text_state **state, size_t label)
{
    enum { REACH = 20, SMALL_DIGITS_MAX = 5 };
    static const double scales[] = { 1e5, 1e6, 1e7 };
    const uint8_t a = lower(s->at[label]), b = lower(s->at[label + 1]), c = lower(s->at[label + 2]);
    struct number_text n;
    size_t i = label + 3;

    if (a != 'l' || !((b == 'a' && c == 't') || (b == 'o' && c == 'n') || (b == 'n' && c == 'g')))
        return;
    /* Digits that belong to the label's word are none of the number's. */
    while (i < s->len && i < label + REACH && (is_word(s->at[i]) || s->at[i] == '_'))
        i++;
    while (i < s->len && i < label + REACH && strchr("\": =>[(", s->at[i]) && s->at[i])
        i++;
    i += i < s->len && s->at[i] == '-';
    if (i >= s->len || !is_digit(s->at[i]) || !number_whole(s->at, s->len, i, s->from_start, &n) || n.decimals ||
        n.whole_digits > SMALL_DIGITS_MAX || n.value == 0 || (n.end < s->len && s->at[n.end] == '.'))
        return;
    for (unsigned k = 0; k < 3; k++) {
        n.decimals = (uint8_t)(k + 5);
        n.fixed_chars = n.value < 0;
        if (add_number(s, state, &n, (enum reading)(READ_1E5 + k), n.value / scales[k],
                       b == 'a' ? position_areas_at_latitude(s->index->positions, n.value / scales[k]) : 0,
                       b == 'a' ? 0 : position_areas_at_longitude(s->index->positions, n.value / scales[k])))
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

    if ((first == 0 && !s->from_start) || (first > 0 && is_word(s->at[first - 1]) &&
                                           !strchr("NSEW", s->at[first - 1])) ||
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

/* Most numbers are nowhere near: their first digits tell, before they are read.  Only what neither number_decimal nor
 * what is made of its number could use is passed over. */
static bool decimal_may_be(const struct text_scan *s, const struct marks *m, size_t point)
{
    enum { DEGREES_DIGITS = 3, RADIANS_WHOLE_MAX = 3, RADIANS_DECIMALS_MIN = 6 };
    const unsigned before = marks_digits_before(m, point), behind = marks_digits_from(m, point + 1);
    const size_t end = point + 1 + behind;
    const uint8_t *p = s->at + point;

    if (before > DEGREES_DIGITS || (end < s->len && lower(s->at[end]) == 'e'))
        return true;
    const unsigned whole = (before > 0 ? p[-1] - (unsigned)'0' : 0) + (before > 1 ? 10 * (p[-2] - (unsigned)'0') : 0) +
        (before > 2 ? 100 * (p[-3] - (unsigned)'0') : 0);
    return s->index->whole_may[whole] || (whole <= RADIANS_WHOLE_MAX && behind >= RADIANS_DECIMALS_MIN);
}

/* The same of whole numbers: degrees in 1e5 to 1e8, metres, and ids. */
static bool whole_number_may_be(const struct text_scan *s, size_t first, unsigned digits)
{
    enum { METRES_DIGITS_MAX = 8, SCALE_LEAST = 5, SCALE_MOST = 8, DEGREES_DIGITS = 3 };
    unsigned lead = 0;

    if (digits >= CODE_DIGITS_MIN)
        return true;
    for (unsigned whole = 1; whole <= DEGREES_DIGITS; whole++) {
        lead = lead * 10 + (s->at[first + whole - 1] - (unsigned)'0');
        if (whole == 2 && digits <= METRES_DIGITS_MAX && s->index->metres_may[digits - METRES_DIGITS_MIN][lead])
            return true;
        if (digits >= whole + SCALE_LEAST && digits <= whole + SCALE_MOST && s->index->whole_may[lead])
            return true;
    }
    return false;
}

/* Of eight digits: those of quadkeys. */
static inline bool eight_below_four(const uint8_t *at)
{
    _Static_assert(QUADKEY_LEVELS_MIN >= 8, "they are there");
    uint64_t eight;

    memcpy(&eight, at, sizeof eight);
    return !(eight & UINT64_C(0x0c0c0c0c0c0c0c0c));
}

static void look_at_digits(struct text_scan *s, struct text_state **state, const struct marks *m, size_t at)
{
    const unsigned digits = marks_digits_from(m, at);

    if (digits >= QUADKEY_LEVELS_MIN && eight_below_four(s->at + at))
        place_at_digits(s, at);
    if (whole_number_may_be(s, at, digits))
        whole_number(s, state, at);
}

/* What the codes of places and what is encoded begins with. */
static void look_at_signs(struct text_scan *s, struct text_state **state, const struct marks *m, uint64_t bit,
                          size_t at)
{
    if (marks_here(m, MARK_TRIPLE) & bit) {
        code_at_beginning(s, at);
        if (s->index->near_zero && s->len - at >= 3)
            labelled_small(s, state, at);
    }
    if (marks_here(m, MARK_POLYLINE) & bit)
        s->events->sign(s->events->user, SIGN_POLYLINE, at);
    if (marks_here(m, MARK_PERCENT) & bit)
        s->events->sign(s->events->user, SIGN_PERCENT, at);
    if (marks_here(m, MARK_BACKSLASH) & bit)
        s->events->sign(s->events->user, SIGN_BACKSLASH, at);
}

/* All but decimals and digits, which are the most. */
static void look_at_others(struct text_scan *s, struct text_state **state, const struct marks *m, uint64_t bit,
                           size_t at)
{
    const uint8_t *p = s->at + at;

    if (marks_here(m, MARK_SLASH) & bit)
        place_at_slash(s, at);
    if (marks_here(m, MARK_EQUALS) & bit)
        place_at_equals(s, at);
    if (marks_here(m, MARK_DEGREE) & bit && at > 0 && (is_digit(p[-1]) || p[-1] == 0xc2))
        sexagesimal_before(s, state, p[-1] == 0xc2 ? at - 1 : at);
    if (marks_here(m, MARK_PARTS) & bit)
        sexagesimal_before(s, state, at);
    if (marks_here(m, MARK_HEMISPHERE) & bit)
        hemisphere(s, state, at);
    if (marks_here(m, MARK_PLUS) & bit)
        code_at_plus(s, at);
}

/* The marks of a block, by where they stand. */
static void look(struct text_scan *s, struct text_state **state, const struct marks *m)
{
    const uint64_t points = marks_here(m, MARK_POINT) | marks_here(m, MARK_COMMA),
        coarse_points = marks_here(m, MARK_COARSE), digits = marks_here(m, MARK_DIGITS);
    const uint64_t signs = marks_here(m, MARK_TRIPLE) | marks_here(m, MARK_POLYLINE) | marks_here(m, MARK_PERCENT) |
        marks_here(m, MARK_BACKSLASH);
    const uint64_t wanted = s->index->box_count ? m->any : m->any & signs;

    for (uint64_t any = wanted; any; any &= any - 1) {
        const uint64_t bit = any & -any;
        const size_t at = m->block + (unsigned)__builtin_ctzll(any);
        if (signs & bit)
            look_at_signs(s, state, m, bit, at);
        if (s->index->box_count == 0)
            continue;
        if (points & bit && decimal_may_be(s, m, at))
            decimal(s, state, at);
        if (coarse_points & bit && decimal_may_be(s, m, at))
            coarse(s, state, at);
        if (digits & bit)
            look_at_digits(s, state, m, at);
        if (bit & ~(points | coarse_points | digits))
            look_at_others(s, state, m, bit, at);
    }
}

void text_scan(const struct text_index *x, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base,
               bool from_start, struct text_state **state, const struct text_events *events)
{
    struct text_scan s = {
        .index = x, .at = at, .len = len, .base = base, .from_start = from_start, .state = *state, .events = events,
    };
    struct marks m;

    marks_begin(&m, at, len, done, limit, &x->triples, x->kernel);
    while (marks_next(&m))
        look(&s, state, &m);
}
