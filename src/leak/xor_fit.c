/* What a key makes of a sample: how well the positions that appear follow a known path. */
#include "leak/xor_key.h"

#include <math.h>
#include <string.h>

#include "leak/cell.h"
#include "leak/index.h"
#include "leak/position_groups.h"
#include "leak/position_runs.h"

enum { WAYS_MAX = 48, ID_BYTES = 8, FINE_ZEROS = 12 /* at the end of the id of a cell of about 10 m */ };
#define STEP_MAX_M 1000.0  /* from one position to the next */
#define ASTRAY_BITS 2.0    /* against the key: a pair in the area that does not go on along the path */

/* The positions of one way of writing. */
struct way {
    uint8_t encoding;
    int8_t delta;
    const struct index_track *track;
    double longitude_deg, latitude_deg, x_m, y_m;
    double bits;
    size_t joined, both;       /* steps; of them those that changed both coordinates */
};

struct looking {
    const struct xor_index_tracks *tracks;
    struct way ways[WAYS_MAX];
    size_t count;
};

static struct way *way_of(struct looking *l, const struct position_pair *pair)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->ways[i].encoding == pair->encoding && l->ways[i].delta == pair->delta)
            return &l->ways[i];
    if (l->count == WAYS_MAX)
        return NULL;
    l->ways[l->count] = (struct way){ .encoding = pair->encoding, .delta = pair->delta };
    return &l->ways[l->count++];
}

/* That one position is near the one before says nothing of the key: bytes that change little do so under any key that
 * is the same for each record.  But who goes on so far from the path in any direction is beside it again, one way or
 * the other, by this share only; or, where it is all over the area, by the share of that. */
static double bits_of_step(const struct track *t, double step_m, double distance_m)
{
    const double beside_m = fmax(distance_m, TRACK_AT_M);
    const double one_way = log2(M_PI * step_m / (4 * beside_m));
    const double anywhere = track_near_bits(t) + log2(TRACK_NEAR_M / beside_m);

    return fmax(fmin(one_way, anywhere), 0);
}

static bool on_path(const struct index_track *t, double longitude_deg, double latitude_deg, double *x_m, double *y_m,
                    double *ret_m)
{
    struct track_place place;

    if (!t->track.path || !geo_box_contains(&t->track.box, longitude_deg, latitude_deg))
        return false;
    track_map(&t->track, longitude_deg, latitude_deg, x_m, y_m);
    if (!track_nearest(&t->track, *x_m, *y_m, TRACK_NEAR_M, &place))
        return false;
    *ret_m = place.distance_m;
    return true;
}

static void go_on(struct way *w, const struct position_pair *pair)
{
    double x_m, y_m, distance_m;

    if (pair->longitude_deg == w->longitude_deg && pair->latitude_deg == w->latitude_deg)
        return;
    if (!on_path(w->track, pair->longitude_deg, pair->latitude_deg, &x_m, &y_m, &distance_m)) {
        w->bits = fmax(w->bits - ASTRAY_BITS, 0);
        return;
    }
    const double step_m = hypot(x_m - w->x_m, y_m - w->y_m);
    if (step_m > STEP_MAX_M) {
        w->bits = fmax(w->bits - ASTRAY_BITS, 0);
    } else {
        w->bits += bits_of_step(&w->track->track, step_m, distance_m);
        w->joined++;
        w->both += pair->longitude_deg != w->longitude_deg && pair->latitude_deg != w->latitude_deg;
    }
    w->longitude_deg = pair->longitude_deg;
    w->latitude_deg = pair->latitude_deg;
    w->x_m = x_m;
    w->y_m = y_m;
}

static void begin(const struct xor_index_tracks *tracks, struct way *w, const struct position_pair *pair)
{
    for (size_t i = 0; i < tracks->count; i++) {
        double distance_m;
        if (!on_path(&tracks->of[i], pair->longitude_deg, pair->latitude_deg, &w->x_m, &w->y_m, &distance_m))
            continue;
        w->track = &tracks->of[i];
        w->longitude_deg = pair->longitude_deg;
        w->latitude_deg = pair->latitude_deg;
        w->bits = position_telling_bits(&w->track->track.box, pair);
        return;
    }
}

static void pair_seen(void *user, const struct position_pair *pair)
{
    struct looking *l = user;
    struct way *w = way_of(l, pair);

    if (w && w->track)
        go_on(w, pair);
    else if (w)
        begin(l->tracks, w, pair);
}

static void run_seen(void *user, const struct position_pair *pair, uint64_t offset)
{
    (void)offset;
    pair_seen(user, pair);
}

void xor_index_tracks_init(struct xor_index_tracks *t, const struct index_track *of, size_t count)
{
    enum { SIDE = 5 };

    *t = (struct xor_index_tracks){ .of = of, .count = count };
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < SIDE * SIDE; k++) {
            const struct geo_box *b = &of[i].track.box;
            const double longitude = b->west + geo_box_width_deg(b) * (k % SIDE) / (SIDE - 1);
            const double latitude = b->south + (b->north - b->south) * (k / SIDE) / (SIDE - 1);
            const uint64_t id = s2_leaf_of(longitude > 180 ? longitude - 360 : longitude, latitude);
            t->s2_beginnings[id >> 48 >> 6] |= UINT64_C(1) << (id >> 48 & 63);
        }
}

static void id_seen(struct looking *l, uint64_t id, size_t at, bool big_endian)
{
    struct cell cell;

    if (!(l->tracks->s2_beginnings[id >> 48 >> 6] >> (id >> 48 & 63) & 1) ||
        (id & ((UINT64_C(2) << FINE_ZEROS) - 1)) == 0 || !s2_cell_read(id, &cell))
        return;
    pair_seen(l, &(struct position_pair){ .longitude_deg = cell.longitude_deg, .latitude_deg = cell.latitude_deg,
                                          .at = at, .length = ID_BYTES,
                                          .encoding = POSITION_S2_ID, .delta = big_endian, .cell_m =
                                              (float)cell.size_m });
}

static void ids_seen(struct looking *l, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i + ID_BYTES <= len; i++) {
        uint64_t id;
        memcpy(&id, at + i, sizeof id);
        id_seen(l, id, i, false);
        id_seen(l, __builtin_bswap64(id), i, true);
    }
}

struct xor_fit xor_fit_of(const struct position_index *positions, const struct xor_index_tracks *tracks,
                          const struct xor_sample *sample,
                          const struct xor_key *key)
{
    enum { BOTH_SHARE = 4 };
    uint8_t plain[XOR_HEAD_BYTES];
    struct looking looking;
    struct xor_fit fit = { .bits = 0 };
    const struct position_events events = { .user = &looking, .pair = pair_seen, .run = run_seen };

    looking.tracks = tracks;
    looking.count = 0;
    for (size_t p = 0; p < sample->part_count; p++) {
        const struct xor_part *part = &sample->parts[p];
        struct position_runs *runs = NULL;
        for (size_t i = 0; i < part->len; i++)
            plain[i] = sample->bytes[part->start + i] ^ key->bytes[i % key->len];
        position_scan(positions, &runs, plain, part->len, 0, part->len, 0, &events);
        position_runs_free(runs);
        ids_seen(&looking, plain, part->len);
    }
    for (size_t i = 0; i < looking.count; i++) {
        const struct way *w = &looking.ways[i];
        /* What counts up runs along one coordinate. */
        if (w->both * BOTH_SHARE < w->joined || w->bits <= fit.bits)
            continue;
        fit = (struct xor_fit){ w->bits, w->joined };
    }
    return fit;
}

static void count_pair(void *user, const struct position_pair *pair)
{
    struct xor_plain *plain = user;

    plain->positions++;
    plain->far_from_zero += !position_near_zero(pair);
}

static void count_run(void *user, const struct position_pair *pair, uint64_t offset)
{
    (void)offset;
    count_pair(user, pair);
}

struct xor_plain xor_plain_positions(const struct position_index *positions, const struct xor_sample *sample)
{
    struct xor_plain count = { 0 };
    const struct position_events events = { .user = &count, .pair = count_pair, .run = count_run };

    for (size_t p = 0; p < sample->part_count; p++) {
        const struct xor_part *part = &sample->parts[p];
        struct position_runs *runs = NULL;
        position_scan(positions, &runs, sample->bytes + part->start, part->len, 0, part->len, 0, &events);
        position_runs_free(runs);
    }
    return count;
}

/* The right key does not only keep beside the path, as far as jumps go, but near it, by small steps. */
static double likeness(const struct way *w, double step_m, double distance_m)
{
    const double nearest_m = 0.05;

    return w->track ? log2(TRACK_NEAR_M / fmax(distance_m, nearest_m)) - log2(1 + step_m) / 2 : 0;
}

struct xor_fit xor_fit_of_points(const struct index_track *track, const struct position_pair *points, size_t count,
                                 double *ret_like)
{
    struct way w = { .track = track };
    double distance_m;

    *ret_like = 0;
    for (size_t i = 0; i < count; i++) {
        const double x_m = w.x_m, y_m = w.y_m;
        double now_x_m, now_y_m;
        if (!on_path(track, points[i].longitude_deg, points[i].latitude_deg, &now_x_m, &now_y_m, &distance_m))
            continue;
        *ret_like += likeness(&w, i > 0 ? hypot(now_x_m - x_m, now_y_m - y_m) : 0, distance_m);
        if (i > 0)
            go_on(&w, &points[i]);
        w.x_m = now_x_m;
        w.y_m = now_y_m;
        w.longitude_deg = points[i].longitude_deg;
        w.latitude_deg = points[i].latitude_deg;
    }
    return (struct xor_fit){ w.bits, w.joined };
}
