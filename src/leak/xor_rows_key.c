/* From ways of writing under which records follow a path to the key that all of them give, and whether it is sure. */
#include "leak/xor_rows.h"

#include <math.h>
#include <string.h>

enum {
    SEEDS_MAX = 6,
    AGREE_MIN = 3,           /* bytes of the key that are given twice */
    FILLED_MAX = 160,        /* bytes of a message that are counted */
};
#define TELLING_M 0.002      /* bytes that tell less do not show */
#define SURE_BITS 16.0       /* beyond all that was free to choose */

struct row_key {
    struct xor_key key;
    bool has[XOR_KEY_MAX];
    double tells_m[XOR_KEY_MAX];         /* what the least bit of the number's byte is that gave this one */
    unsigned agree;                      /* bytes that were given again */
    const struct solved *of[SOLVED_MAX];
    size_t count;
};

/* Adds what the numbers of one place of the row say; false: it does not agree, and *k is untouched. */
static bool add_solved(struct row_key *k, const struct solved *s)
{
    struct row_key now = *k;

    for (unsigned byte = s->layout.width; byte-- > 0;)
        for (int which = 0; which < 2; which++) {
            const double tells_m = rows_step_m(&s->track->track, s->layout.kind, byte);
            const size_t column = rows_column(&s->layout, which, byte, now.key.len);
            const uint8_t value = (uint8_t)(s->mask[which] >> 8 * byte);
            if (now.has[column] && now.tells_m[column] >= SURE_M && tells_m >= SURE_M) {
                if (now.key.bytes[column] != value)
                    return false;
                now.agree++;
            }
            if (now.has[column] && now.tells_m[column] >= tells_m)
                continue;
            now.has[column] = true;
            now.tells_m[column] = tells_m;
            now.key.bytes[column] = value;
        }
    now.of[now.count++] = s;
    *k = now;
    return true;
}

static bool same_writing(const struct solved *a, const struct solved *b)
{
    return a->key_len == b->key_len && a->track == b->track && a->layout.kind == b->layout.kind &&
        a->layout.gap == b->layout.gap &&
        a->layout.big_endian == b->layout.big_endian && a->layout.longitude_first == b->layout.longitude_first;
}

static bool has_place(const struct row_key *k, uint8_t place)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->of[i]->layout.place == place)
            return true;
    return false;
}

/* Of a length, the key that agrees with the best way of writing, wherever in the row it stands. */
static bool key_as_long(const struct row_search *s, const struct solved *best, size_t key_len, struct row_key *k)
{
    *k = (struct row_key){ .key.len = key_len };
    if (!add_solved(k, best))
        return false;
    /* What is the same in all records is so at all places of the row: that they agree tells nothing. */
    const unsigned agree = k->agree;
    for (size_t i = 0; i < s->solved_count; i++)
        if (same_writing(&s->solved[i], best) && s->solved[i].quality * 2 >= best->quality &&
            !has_place(k, s->solved[i].layout.place))
            (void)add_solved(k, &s->solved[i]);
    k->agree = agree;
    return true;
}

static void masks_of(const struct row_key *k, const struct solved *s, uint64_t mask[2])
{
    for (int which = 0; which < 2; which++) {
        mask[which] = 0;
        for (unsigned byte = s->layout.width; byte-- > 0;)
            mask[which] = mask[which] << 8 | k->key.bytes[rows_column(&s->layout, which, byte, k->key.len)];
    }
}

static double quality_of_key(struct row_search *s, const struct row_key *k)
{
    struct evidence e = { .near = 0 };

    for (size_t i = 0; i < k->count; i++) {
        uint64_t mask[2];
        masks_of(k, k->of[i], mask);
        s->track = k->of[i]->track;
        rows_weigh(s, &k->of[i]->layout, mask, &e);
    }
    return rows_quality(&e);
}

struct row_votes {
    uint16_t of[XOR_KEY_MAX][256], all[XOR_KEY_MAX];
};

/* What each byte of the key would be, were the point of the path sent in the row. */
static void vote_for_point(const struct row_search *s, const struct solved *solved, const struct row_key *k, size_t row,
                           const struct track_point *point, struct row_votes *votes)
{
    const struct layout *l = &solved->layout;
    const double degrees[2] = { point->latitude_deg, point->longitude_deg };

    for (int which = 0; which < 2; which++) {
        const uint8_t *at = s->rows->at[row] + l->place + (which ? (size_t)l->width + l->gap : 0);
        const uint64_t mask = rows_value(at, l->width, l->big_endian) ^
            number_raw(l->kind, degrees[which != l->longitude_first]);
        for (unsigned byte = 0; byte < l->width; byte++) {
            const size_t column = rows_column(&solved->layout, which, byte, k->key.len);
            if (k->tells_m[column] >= SURE_M)
                continue;
            votes->of[column][(uint8_t)(mask >> 8 * byte)]++;
            votes->all[column]++;
        }
    }
}

static void vote_in_rows(struct row_search *s, const struct solved *solved, const struct row_key *k,
                         struct row_votes *votes)
{
    enum { AROUND = 8 };
    const struct track *t = &solved->track->track;
    struct position_pair points[ROWS_MAX];
    struct track_place place;
    uint8_t rows[ROWS_MAX];
    uint64_t mask[2];
    double x_m, y_m;
    size_t count;

    masks_of(k, solved, mask);
    (void)rows_points(s, &solved->layout, mask, points, rows, &count);
    for (size_t n = 0; n < count; n++) {
        if (!rows_on_globe(points[n].latitude_deg, points[n].longitude_deg))
            continue;
        track_map(t, points[n].longitude_deg, points[n].latitude_deg, &x_m, &y_m);
        if (!track_nearest(t, x_m, y_m, TRACK_NEAR_M, &place))
            continue;
        for (uint32_t i = place.segment > AROUND ? place.segment - AROUND : 0;
             i < t->count && i <= place.segment + AROUND; i++)
            if (hypot(t->x_m[i] - x_m, t->y_m[i] - y_m) <= TRACK_NEAR_M)
                vote_for_point(s, solved, k, rows[n], &t->points[i], votes);
    }
}

/* Who sends what was logged sends points of the path: of these each byte of the key comes often. */
static void settle_by_points(struct row_search *s, struct row_key *k, bool settled[XOR_KEY_MAX])
{
    enum { VOTES_MIN = 5, CHANCE_TIMES = 4 };
    struct row_votes votes = { .all = { 0 } };

    for (size_t i = 0; i < k->count; i++)
        vote_in_rows(s, k->of[i], k, &votes);
    for (size_t column = 0; column < k->key.len; column++) {
        unsigned most = 0;
        for (unsigned v = 1; v < 256; v++)
            if (votes.of[column][v] > votes.of[column][most])
                most = v;
        const unsigned least = CHANCE_TIMES * votes.all[column] / 256;
        settled[column] = votes.of[column][most] >= VOTES_MIN && votes.of[column][most] > least;
        if (settled[column])
            k->key.bytes[column] = (uint8_t)most;
    }
}

/* Bytes that the first position does not tell for sure: as points of the path have them, or so that all keep nearest
 * to it. */
static void settle(struct row_search *s, struct row_key *k)
{
    bool settled[XOR_KEY_MAX];

    const double gain_min = 0.5;

    settle_by_points(s, k, settled);
    double best = quality_of_key(s, k);

    for (int round = 0; round < 2; round++)
        for (size_t column = 0; column < k->key.len; column++) {
            if (!k->has[column] || settled[column] || k->tells_m[column] >= SURE_M ||
                k->tells_m[column] < TELLING_M)
                continue;
            const uint8_t before = k->key.bytes[column];
            uint8_t value = before;
            for (unsigned v = 1; v < 256; v++) {
                k->key.bytes[column] = before ^ (uint8_t)v;
                const double like = quality_of_key(s, k);
                if (like <= best + gain_min)
                    continue;
                best = like;
                value = k->key.bytes[column];
            }
            k->key.bytes[column] = value;
        }
}

/* Of bytes that no number stands over: what comes most often is a zero. */
static void fill(const struct rows *r, struct row_key *k)
{
    for (size_t column = 0; column < k->key.len; column++) {
        uint16_t seen[256] = { 0 };
        if (k->has[column])
            continue;
        for (size_t n = 0; n < r->count; n++)
            for (size_t i = column; i < r->len[n] && i < (r->period ? r->period : FILLED_MAX); i += k->key.len)
                seen[r->at[n][i]]++;
        for (unsigned v = 0; v < 256; v++)
            if (seen[v] > seen[k->key.bytes[column]])
                k->key.bytes[column] = (uint8_t)v;
    }
}

/* Positions that are points of the path to the last digit. */
static bool is_exact(const struct track *t, enum number_kind kind, const struct position_pair *point)
{
    enum { AROUND = 8 };
    const double slack_deg = number_precision_deg(kind, point->longitude_deg) * 1.5 + 1e-9;
    struct track_place place;
    double x_m, y_m;

    track_map(t, point->longitude_deg, point->latitude_deg, &x_m, &y_m);
    if (!track_nearest(t, x_m, y_m, TRACK_AT_M, &place))
        return false;
    for (uint32_t i = place.segment > AROUND ? place.segment - AROUND : 0; i < t->count && i <= place.segment + AROUND;
         i++)
        if (fabs(t->points[i].latitude_deg - point->latitude_deg) <= slack_deg &&
            fabs(t->points[i].longitude_deg - point->longitude_deg) <= slack_deg)
            return true;
    return false;
}

static size_t exact_points(struct row_search *s, const struct row_key *k)
{
    size_t exact = 0;

    for (size_t i = 0; i < k->count; i++) {
        struct position_pair points[ROWS_MAX];
        uint8_t rows[ROWS_MAX];
        uint64_t mask[2];
        size_t count;
        masks_of(k, k->of[i], mask);
        if (!rows_points(s, &k->of[i]->layout, mask, points, rows, &count))
            continue;
        for (size_t n = 0; n < count; n++)
            exact += is_exact(&k->of[i]->track->track, k->of[i]->layout.kind, &points[n]);
    }
    return exact;
}

/* Finer than what a receiver tells from one moment to the next: that all digits are those of the log is no accident. */
static bool is_fine(enum number_kind kind)
{
    const double fine_deg = 2e-7;

    return number_precision_deg(kind, 180) <= fine_deg;
}

/* Whether it can be no accident.  What is no path turns about under any key; what has the points of the path to the
 * last digit is it; else the numbers must give three bytes of the key twice, and the path turn. */
static bool is_sure(struct row_search *s, const struct row_key *k)
{
    const double turned_min = M_PI / 3, turns_a_step = 0.7, near_min = 3.5, agree_bits = 8;
    struct evidence e = { .bits = agree_bits * k->agree };

    for (size_t i = 0; i < k->count; i++) {
        uint64_t mask[2];
        masks_of(k, k->of[i], mask);
        s->track = k->of[i]->track;
        rows_weigh(s, &k->of[i]->layout, mask, &e);
    }
    if (e.of < ROWS_MIN || e.joined * 8 < e.of * 7 || !xor_is_key(&k->key))
        return false;
    if (is_fine(k->of[0]->layout.kind) && exact_points(s, k) * 4 >= e.of * 3)
        return e.turned <= 2 * turns_a_step * (double)e.steps;
    return k->agree >= AGREE_MIN && e.turned >= turned_min && e.turned <= turns_a_step * (double)e.steps &&
        e.near >= near_min * (double)e.of && e.bits >= log2((double)s->followed + 1) + SURE_BITS;
}

static bool is_exact_key(struct row_search *s, const struct row_key *k)
{
    size_t of = 0;

    for (size_t i = 0; i < k->count; i++)
        of += s->rows->count;
    return is_fine(k->of[0]->layout.kind) && exact_points(s, k) * 2 >= of;
}

/* Of all lengths and ways of writing the one under which the positions keep nearest to the path, for the bytes that
 * the key has. */
static bool best_key(struct row_search *s, struct row_key *best)
{
    const double bits_a_byte = 8, bits_of_exact = 4;
    double most = 0;

    for (size_t i = 0; i < s->solved_count && i < SEEDS_MAX; i++)
        for (size_t len = 1; len <= XOR_KEY_MAX; len++) {
            bool settled[XOR_KEY_MAX];
            struct row_key now;
            const struct solved *seed = &s->solved[i];
            if (!rows_length_fits(s->rows, len) || (seed->key_len && seed->key_len != len) ||
                !key_as_long(s, seed, len, &now))
                continue;
            settle_by_points(s, &now, settled);
            const double alone = quality_of_key(s, &now);
            if (alone <= 0)
                continue;
            const double like = alone + bits_of_exact * (double)exact_points(s, &now) +
                bits_a_byte * ((double)now.agree - (double)len);
            if (like <= most)
                continue;
            most = like;
            *best = now;
        }
    return most > 0;
}

bool rows_best_key(struct row_search *s, struct xor_key *key, bool *ret_exact)
{
    struct row_key best;

    *ret_exact = false;
    if (!best_key(s, &best))
        return false;
    *ret_exact = is_exact_key(s, &best);
    /* The rest is most of the work, and cannot make it sure. */
    if (!*ret_exact && best.agree < AGREE_MIN)
        return false;
    settle(s, &best);
    fill(s->rows, &best);
    if (!is_sure(s, &best))
        return false;
    *key = best.key;
    key->chosen_bytes = (uint8_t)key->len;
    return true;
}

