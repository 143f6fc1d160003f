/* Keys over records whose size and the key's have a common factor: each record, or each of a few, meets the same bytes
 * of the key, so nothing stands in them twice that would tell these.  What tells them is the path.  The first record's
 * position is somewhere on it: each place there gives the bytes of the key under both numbers, and of the right ones
 * the positions of all other records lie on the path, too. */
#include "leak/xor_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    ROW_MAX = 160,           /* bytes: sixteen records of ten, or what else a key of sixteen meets in one way */
    GAP_MAX = 8,             /* bytes between both numbers */
    TRACKS_MAX = 64,
    TRIALS_MAX = 1 << 20,    /* of a sample, shared out among the tracks: some twenty nanoseconds each */
    FOLLOWED_EACH = 32,      /* of a way of writing, that are laid along the path: some ten microseconds each */
    FOLLOWED_MAX = 800,
    WAITING_TRIED = 96,
    GLANCED = 8,             /* rows that are looked at first */
    TIES_MIN = 2, TIES_MAX = 8,
};

/* Rows */

static void rows_of_period(const struct xor_sample *s, size_t period, struct rows *r)
{
    *r = (struct rows){ .period = period, .places = period };
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t i = 0; i + period <= s->parts[p].len && r->count < ROWS_MAX; i += period)
            if (i >= s->parts[p].plain) {
                r->at[r->count] = s->bytes + s->parts[p].start + i;
                r->len[r->count++] = s->parts[p].len - i;
            }
}

static void rows_of_messages(const struct xor_sample *s, struct rows *r)
{
    size_t shortest = ROW_MAX;

    *r = (struct rows){ .period = 0 };
    for (size_t p = 0; p < s->part_count && r->count < ROWS_MAX; p++)
        if (s->parts[p].len >= XOR_PART_MIN / 2 && s->parts[p].len <= XOR_RECORD_MAX) {
            r->at[r->count] = s->bytes + s->parts[p].start;
            r->len[r->count++] = s->parts[p].len;
            shortest = s->parts[p].len < shortest ? s->parts[p].len : shortest;
        }
    r->places = shortest;
}

/* A coordinate may stand at a place: its first byte is mostly the same, as the key's is, and the others are not
 * always.  Near zero the sign, and with it all of the first byte, may change. */
static bool may_be_number(const struct rows *r, size_t place, unsigned width, bool big_endian)
{
    const size_t top = place + (big_endian ? 0 : width - 1);
    size_t of = 0, top_changes = 0, changes = 0;

    for (size_t n = 0; n + 1 < r->count; n++) {
        if (place + width > r->len[n] || place + width > r->len[n + 1])
            continue;
        const uint8_t turned = r->at[n][top] ^ r->at[n + 1][top];
        of++;
        top_changes += turned != 0 && turned != 0xff && turned != 0x80;
        changes += memcmp(r->at[n] + place, r->at[n + 1] + place, width) != 0;
    }
    return of + 1 >= ROWS_MIN && top_changes * 8 <= of && changes * 4 >= of;
}

/* Trials */

/* What counts up, and a height, run along one coordinate. */
static bool both_change(const struct position_pair *points, size_t count)
{
    enum { SHARE = 6 };
    size_t both = 0;

    for (size_t i = 1; i < count; i++)
        both += points[i].latitude_deg != points[i - 1].latitude_deg &&
            points[i].longitude_deg != points[i - 1].longitude_deg;
    return both * SHARE >= count;
}

/* How many of the rows that are looked at first are near the path, if the first one is at a place. */
static bool glance(const struct row_search *s, const struct layout *l, size_t place)
{
    const uint64_t *first = s->raw[l->longitude_first], *second = s->raw[!l->longitude_first];
    size_t missed = 0;

    for (size_t k = 0; k < GLANCED; k++) {
        const size_t n = (k + 1) * (s->rows->count - 1) / GLANCED;
        double x_m, y_m;
        const double a = number_degrees(l->kind, s->differences[0][n] ^ first[place]),
            b = number_degrees(l->kind, s->differences[1][n] ^ second[place]);
        const double latitude = l->longitude_first ? b : a, longitude = l->longitude_first ? a : b;
        if (rows_on_globe(latitude, longitude)) {
            track_map(&s->track->track, longitude, latitude, &x_m, &y_m);
            if (near_map_has(&s->near, x_m, y_m))
                continue;
        }
        if (++missed > 1)
            return false;
    }
    return true;
}

static void keep(struct row_search *s, const struct solved *solved)
{
    size_t i = s->solved_count < SOLVED_MAX ? s->solved_count++ : SOLVED_MAX - 1;

    if (i == SOLVED_MAX - 1 && s->solved_count == SOLVED_MAX && s->solved[i].track &&
        s->solved[i].quality >= solved->quality)
        return;
    for (; i > 0 && s->solved[i - 1].quality < solved->quality; i--)
        s->solved[i] = s->solved[i - 1];
    s->solved[i] = *solved;
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* From row to row a number mostly changes by what an aircraft flies; or not at all. */
static bool steps_fit(const struct row_search *s, enum number_kind kind, const uint64_t differences[ROWS_MAX])
{
    const double most_m = 250;
    int bits[ROWS_MAX];

    for (size_t n = 1; n < s->rows->count; n++) {
        const uint64_t turned = differences[n] ^ differences[n - 1];
        bits[n - 1] = turned ? 64 - __builtin_clzll(turned) : 0;
    }
    qsort(bits, s->rows->count - 1, sizeof *bits, compare_ints);
    return ldexp(s->byte_m[kind][0], bits[(s->rows->count - 1) / 2] - 1) <= most_m;
}

/* Whether what the rows say goes some way, wherever it begins: what does not is on the path anywhere. */
static bool moves_about(struct row_search *s, const struct layout *l)
{
    const double least_m = 40, most_m = 20000;
    const size_t place = s->place_count / 2;
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    struct position_pair points[ROWS_MAX];
    uint8_t rows[ROWS_MAX];
    double x_m, y_m, low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
    size_t count;

    if (!rows_points(s, l, mask, points, rows, &count) || !both_change(points, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        track_map(&s->track->track, points[i].longitude_deg, points[i].latitude_deg, &x_m, &y_m);
        low[0] = fmin(low[0], x_m);
        high[0] = fmax(high[0], x_m);
        low[1] = fmin(low[1], y_m);
        high[1] = fmax(high[1], y_m);
    }
    const double across_m = hypot(high[0] - low[0], high[1] - low[1]);
    return across_m >= least_m && across_m <= most_m;
}

/* Whether the first position is better here than at the best place so far. */
static bool follow(struct row_search *s, const struct layout *l, size_t place, struct solved *best)
{
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    struct evidence e = { .near = 0 };

    s->followed++;
    rows_weigh(s, l, mask, &e);
    if (e.of < ROWS_MIN || e.joined * 4 < e.of * 3 || e.steps * 4 < e.of ||
        rows_quality(&e) <= best->quality * (double)e.of)
        return false;
    best->quality = rows_quality(&e) / (double)e.of;
    memcpy(best->mask, mask, sizeof mask);
    return true;
}

/* Makes ready what is asked of each place; false: no position can be so written there. */
static bool begin_layout(struct row_search *s, const struct layout *l, size_t anchor)
{
    const struct rows *r = s->rows;

    for (int which = 0; which < 2; which++) {
        const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);
        if (place + l->width > r->len[anchor])
            return false;
        s->at_first[which] = rows_value(r->at[anchor] + place, l->width, l->big_endian);
    }
    for (size_t n = 0; n < r->count; n++)
        for (int which = 0; which < 2; which++) {
            const size_t place = l->place + (which ? (size_t)l->width + l->gap : 0);
            const bool there = place + l->width <= r->len[n];
            const uint64_t value = there ? rows_value(r->at[n] + place, l->width, l->big_endian) : s->at_first[which];
            s->differences[which][n] = value ^ s->at_first[which];
        }
    return steps_fit(s, l->kind, s->differences[0]) && steps_fit(s, l->kind, s->differences[1]) && moves_about(s, l);
}

/* The best of the places that may be the first one. */
static void follow_places(struct row_search *s, const struct layout *l, const uint16_t *passed, size_t count,
                          uint8_t key_len)
{
    const size_t apart = count / FOLLOWED_EACH + 1;
    struct solved best = { .layout = *l, .track = s->track, .key_len = key_len };
    size_t best_place = 0;

    /* Some of many, and then what lies around the best of them. */
    for (size_t i = 0; i < count; i += apart)
        if (follow(s, l, passed[i], &best))
            best_place = i;
    for (size_t i = best_place > apart ? best_place - apart : 0; apart > 1 && i < count && i < best_place + apart; i++)
        (void)follow(s, l, passed[i], &best);
    if (best.quality > 0)
        keep(s, &best);
}

/* Bytes of both numbers, each of which tells the track's area, under one byte of the key. */
struct ties {
    size_t count;
    struct {
        uint8_t which[2], shift[2];
    } of[TIES_MAX];
};

static void find_ties(const struct row_search *s, const struct layout *l, size_t key_len, struct ties *t)
{
    t->count = 0;
    for (unsigned a = 0; a < 2u * l->width; a++)
        for (unsigned b = a + 1; b < 2u * l->width && t->count < TIES_MAX; b++) {
            const unsigned which[2] = { a / l->width, b / l->width }, byte[2] = { a % l->width, b % l->width };
            if (s->byte_m[l->kind][byte[0]] < SURE_M || s->byte_m[l->kind][byte[1]] < SURE_M ||
                rows_column(l, (int)which[0], byte[0], key_len) != rows_column(l, (int)which[1], byte[1], key_len))
                continue;
            for (int k = 0; k < 2; k++) {
                t->of[t->count].which[k] = (uint8_t)which[k];
                t->of[t->count].shift[k] = (uint8_t)(8 * byte[k]);
            }
            t->count++;
        }
}

static bool ties_hold(const struct row_search *s, const struct layout *l, const struct ties *t, size_t place)
{
    const uint64_t mask[2] = { s->at_first[0] ^ s->raw[l->longitude_first][place],
                               s->at_first[1] ^ s->raw[!l->longitude_first][place] };
    bool hold = true;

    for (size_t i = 0; i < t->count && hold; i++)
        hold = (uint8_t)(mask[t->of[i].which[0]] >> t->of[i].shift[0]) ==
            (uint8_t)(mask[t->of[i].which[1]] >> t->of[i].shift[1]);
    return hold;
}

/* Keys that both numbers tell twice; true: there are others, too. */
static bool try_tied(struct row_search *s, const struct layout *l)
{
    uint16_t passed[PLACES_MAX];
    bool others = false;

    for (size_t key_len = 1; key_len <= XOR_KEY_MAX; key_len++) {
        struct ties ties;
        size_t count = 0;
        if (!rows_length_fits(s->rows, key_len))
            continue;
        find_ties(s, l, key_len, &ties);
        others |= ties.count < TIES_MIN;
        for (size_t place = 0; ties.count >= TIES_MIN && place < s->place_count; place++)
            if (ties_hold(s, l, &ties, place) && glance(s, l, place))
                passed[count++] = (uint16_t)place;
        if (count)
            follow_places(s, l, passed, count, (uint8_t)key_len);
    }
    return others;
}

/* What is told twice at once, by two of the rows: one may lie beside the path so that none of its places will do; the
 * rest has to wait. */
static void try_layout(struct row_search *s, const struct layout *l)
{
    bool waits = false;
    size_t count = 0;

    for (int second = 1; second >= 0; second--) {
        if (!begin_layout(s, l, second ? s->rows->count / 2 : 0))
            return;
        waits = try_tied(s, l);
    }
    for (size_t place = 0; waits && place < s->place_count && s->trials < s->trials_max; place++) {
        s->trials++;
        count += glance(s, l, place);
    }
    if (count && s->waiting_count < WAITING_MAX)
        s->waiting[s->waiting_count++] = (struct waiting){ *l, (uint8_t)s->track_number, (uint16_t)count };
}

static int compare_passed(const void *a, const void *b)
{
    return ((const struct waiting *)a)->passed - ((const struct waiting *)b)->passed;
}

static int compare_track(const void *a, const void *b)
{
    const struct waiting *one = a, *other = b;

    return one->track != other->track ? one->track - other->track : (int)one->layout.kind - (int)other->layout.kind;
}

static void try_waiting(struct row_search *s)
{
    const size_t count_tried = s->waiting_count < WAITING_TRIED ? s->waiting_count : WAITING_TRIED;

    s->followed = 0;
    qsort(s->waiting, s->waiting_count, sizeof *s->waiting, compare_passed);
    qsort(s->waiting, count_tried, sizeof *s->waiting, compare_track);
    for (size_t i = 0; i < count_tried && s->followed < FOLLOWED_MAX; i++) {
        const struct layout *l = &s->waiting[i].layout;
        uint16_t passed[PLACES_MAX];
        size_t count = 0;
        rows_begin_track(s, s->waiting[i].track);
        rows_begin_kind(s, l->kind);
        for (int second = 1; second >= 0; second--) {
            count = 0;
            if (!begin_layout(s, l, second ? s->rows->count / 2 : 0))
                break;
            for (size_t place = 0; place < s->place_count; place++)
                if (glance(s, l, place))
                    passed[count++] = (uint16_t)place;
            follow_places(s, l, passed, count, 0);
        }
    }
}

static void try_places(struct row_search *s, enum number_kind kind, bool big_endian, bool longitude_first)
{
    const unsigned width = number_formats[kind].width;

    for (size_t place = 0; place < s->rows->places; place++) {
        if (!may_be_number(s->rows, place, width, big_endian))
            continue;
        for (unsigned gap = 0; gap <= GAP_MAX && place + 2 * width + gap <= s->rows->places + width; gap++)
            if (may_be_number(s->rows, place + width + gap, width, big_endian))
                try_layout(s, &(struct layout){ kind, (uint8_t)width, (uint8_t)gap, (uint8_t)place, big_endian,
                                                longitude_first });
    }
}

static void try_track(struct row_search *s, size_t number)
{
    rows_begin_track(s, number);
    for (enum number_kind kind = 0; kind < NUMBER_FIXED_COUNT; kind++) {
        rows_begin_kind(s, kind);
        for (unsigned way = 0; way < 4; way++)
            try_places(s, kind, way & 1, way & 2);
    }
}

static bool key_of_rows(const struct xor_known *known, const struct rows *r, struct xor_key *key, bool *ret_exact)
{
    struct row_search *s = memory_alloc_array(1, sizeof *s);
    const size_t tracks = known->tracks->count < TRACKS_MAX ? known->tracks->count : TRACKS_MAX;

    s->rows = r;
    s->tracks = known->tracks;
    for (size_t t = 0; t < tracks; t++) {
        s->trials_max = TRIALS_MAX / tracks * (t + 1);
        if (known->tracks->of[t].track.path && known->tracks->of[t].track.count > 1)
            try_track(s, t);
    }
    bool sure = rows_best_key(s, key, ret_exact);
    if (!*ret_exact && s->waiting_count) {
        try_waiting(s);
        sure = rows_best_key(s, key, ret_exact) || sure; /* what is not sure does not take away what was */
    }
    free(s->near.bits);
    free(s);
    return sure;
}

bool xor_key_by_rows(const struct xor_known *known, const struct xor_sample *sample, size_t *searches,
                     struct xor_key *key, bool *ret_exact)
{
    size_t periods[2];
    struct rows rows;
    const size_t count = xor_likely_records(sample, ROW_MAX, periods, sizeof periods / sizeof *periods);

    for (size_t i = 0; i < count; i++) {
        rows_of_period(sample, periods[i], &rows);
        if (rows.count < ROWS_MIN || *searches == 0)
            continue;
        --*searches;
        if (key_of_rows(known, &rows, key, ret_exact))
            return true;
    }
    if (count > 0)
        return false;
    rows_of_messages(sample, &rows);
    if (rows.count < ROWS_MIN || *searches == 0)
        return false;
    --*searches;
    return key_of_rows(known, &rows, key, ret_exact);
}
