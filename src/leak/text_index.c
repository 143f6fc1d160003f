#include "leak/text_index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/h3.h"
#include "leak/position_groups.h"

enum { SAMPLES = 5 }; /* of a box, along each side */

static void add_beginning(struct text_index *x, const char *text)
{
    mark_triples_add(&x->triples, (const uint8_t *)text, MARK_ANY_BUCKET);
}

static void add_geohash(struct text_index *x, double longitude_deg, double latitude_deg)
{
    static const char alphabet[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    double low[2] = { -180, -90 }, span[2] = { 360, 180 };
    const double value[2] = { longitude_deg, latitude_deg };
    char lower[4] = "", upper[4] = "";

    for (unsigned bit = 0, digit = 0; bit < 15; bit++) {
        span[bit & 1] /= 2;
        const bool high = value[bit & 1] >= low[bit & 1] + span[bit & 1];
        if (high)
            low[bit & 1] += span[bit & 1];
        digit = digit << 1 | high;
        if (bit % 5 == 4) {
            lower[bit / 5] = alphabet[digit & 31];
            upper[bit / 5] = lower[bit / 5] >= 'a' ? (char)(lower[bit / 5] - 32) : lower[bit / 5];
        }
    }
    add_beginning(x, lower);
    add_beginning(x, upper);
}

/* Buckets of triples that have most of their half bytes in common. */
enum { BUCKET_H3 = 6, BUCKET_H3_REVERSED = 7 };

static void add_id_bytes(struct text_index *x, uint64_t id, int bucket, int bucket_reversed)
{
    const uint8_t first[3] = { (uint8_t)(id >> 56), (uint8_t)(id >> 48), (uint8_t)(id >> 40) };
    const uint8_t reversed[3] = { first[2], first[1], first[0] };

    if (!text_index_id_telling(first[1], first[2]))
        return;
    mark_triples_add(&x->triples, first, bucket);
    mark_triples_add(&x->triples, reversed, bucket_reversed);
}

static void add_hex(struct text_index *x, unsigned digits, int bucket)
{
    char text[4];

    snprintf(text, sizeof text, "%03x", digits & 0xfff);
    mark_triples_add(&x->triples, (const uint8_t *)text, bucket);
    snprintf(text, sizeof text, "%03X", digits & 0xfff);
    mark_triples_add(&x->triples, (const uint8_t *)text, bucket);
}

/* The first twelve bits of the leaf's id in hex are some hundred km wide, the first 24 in binary seven. */
static void add_s2(struct text_index *x, double longitude_deg, double latitude_deg)
{
    const uint64_t id = s2_leaf_of(longitude_deg, latitude_deg);

    x->s2_beginnings[id >> 48 >> 6] |= UINT64_C(1) << (id >> 48 & 63);
    add_hex(x, (unsigned)(id >> 52), MARK_ANY_BUCKET);
    add_id_bytes(x, id, MARK_ANY_BUCKET, MARK_ANY_BUCKET);
}

/* Base cell and the first digits, in all resolutions that are fine enough to be of use. */
static void add_h3_parent(void *user, uint64_t id)
{
    enum { RESOLUTION_MIN = 6 };
    struct text_index *x = user;

    for (uint64_t r = RESOLUTION_MIN; r <= H3_RESOLUTION_MAX; r++) {
        const uint64_t child = (id & ~(UINT64_C(15) << 52)) | r << 52;
        add_hex(x, (unsigned)(child >> 48), BUCKET_H3);
        add_id_bytes(x, child, BUCKET_H3, BUCKET_H3_REVERSED);
    }
}

/* One call for each half degree of the globe is enough. */
struct h3_done {
    bool cell[361][721];
};

static void add_h3(struct text_index *x, struct h3_done *done, double longitude_deg, double latitude_deg)
{
    const int row = (int)floor((latitude_deg + 90) * 2), column = (int)floor((longitude_deg + 180) * 2);

    if (row < 0 || row > 360 || column < 0 || column > 720 || done->cell[row][column])
        return;
    done->cell[row][column] = true;
    h3_parents_near(column / 2.0 - 179.75, row / 2.0 - 89.75, add_h3_parent, x);
}

static void add_mgrs(struct text_index *x, double longitude_deg, double latitude_deg)
{
    static const char bands[] = "CDEFGHJKLMNPQRSTUVWX", letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    const int zone = utm_zone(longitude_deg), band = (int)floor((latitude_deg + 80) / 8);
    char text[16];

    if (latitude_deg < -80 || latitude_deg > 84)
        return;
    const char letter = bands[band < 0 ? 0 : band > 19 ? 19 : band];
    snprintf(text, sizeof text, "%02d%c", zone, letter);
    add_beginning(x, text);
    for (size_t i = 0; zone < 10 && letters[i]; i++) {
        snprintf(text, sizeof text, "%d%c%c", zone, letter, letters[i]);
        add_beginning(x, text);
    }
}

/* N39W105.hgt is named by its south-western corner; others by the north-western one. */
static void add_elevation(struct text_index *x, double latitude_deg)
{
    char text[16];

    for (int up = 0; up < 2; up++) {
        const int degrees = (int)floor(latitude_deg) + up;
        if (abs(degrees) > 99)
            continue;
        snprintf(text, sizeof text, "%c%02d", degrees < 0 ? 'S' : 'N', abs(degrees));
        add_beginning(x, text);
        snprintf(text, sizeof text, "%c%02d", degrees < 0 ? 's' : 'n', abs(degrees));
        add_beginning(x, text);
    }
}

static void add_utm(struct text_index *x, const struct geo_box *b, int zone)
{
    struct utm_area a = { .zone = zone, .south = b->south + b->north < 0, .west_m = INFINITY, .east_m = -INFINITY,
                          .south_m = INFINITY, .north_m = -INFINITY };

    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < SAMPLES; j++) {
            struct utm u;
            utm_of(b->west + geo_box_width_deg(b) * i / (SAMPLES - 1),
                   b->south + (b->north - b->south) * j / (SAMPLES - 1),
                   zone, &u);
            if (u.south != a.south)
                u.northing_m += u.south ? -1e7 : 1e7;
            a.west_m = fmin(a.west_m, u.easting_m);
            a.east_m = fmax(a.east_m, u.easting_m);
            a.south_m = fmin(a.south_m, u.northing_m);
            a.north_m = fmax(a.north_m, u.northing_m);
        }
    for (size_t i = 0; i < x->utm_count; i++) {
        struct utm_area *known = &x->utm[i];
        const double grown = fmax(known->east_m, a.east_m) - fmin(known->west_m, a.west_m) +
                             fmax(known->north_m, a.north_m) - fmin(known->south_m, a.south_m);
        if (known->zone == zone && known->south == a.south && (grown < 20000 || x->utm_count == UTM_AREAS_MAX)) {
            known->west_m = fmin(known->west_m, a.west_m);
            known->east_m = fmax(known->east_m, a.east_m);
            known->south_m = fmin(known->south_m, a.south_m);
            known->north_m = fmax(known->north_m, a.north_m);
            return;
        }
    }
    if (x->utm_count < UTM_AREAS_MAX)
        x->utm[x->utm_count++] = a;
}

static void add_near(struct text_index *x, double longitude_deg, double latitude_deg)
{
    enum { LATITUDES = 180 * NEAR_CELLS_PER_DEGREE, LONGITUDES = 360 * NEAR_CELLS_PER_DEGREE };
    const int row = (int)floor((latitude_deg + 90) * NEAR_CELLS_PER_DEGREE);
    const int column = (int)floor((longitude_deg + 180) * NEAR_CELLS_PER_DEGREE);

    for (int d = -1; d <= 1; d++) {
        if (row + d >= 0 && row + d <= LATITUDES)
            x->latitude_near[row + d] = true;
        x->longitude_near[(column + d + LONGITUDES) % LONGITUDES] = true;
    }
    x->longitude_near[LONGITUDES] |= x->longitude_near[0];
}

/* Rows of whole degrees, or columns, that a box may have, from zero; outside of the globe there are none. */
static int degree_of(double degrees, int most) { return (int)fmax(0, fmin(floor(degrees) + most, 2 * most - 1)); }

static int columns_of(const struct geo_box *b)
{
    return (int)fmin(floor(b->west + geo_box_width_deg(b)) - floor(b->west) + 1, 360);
}

static void add_degrees(struct text_index *x, const struct geo_box *b)
{
    for (int row = degree_of(b->south, 90); row <= degree_of(b->north, 90); row++)
        for (int column = degree_of(b->west, 180), n = columns_of(b); n > 0; n--, column++)
            x->degrees[row][column % 360] = true;
}

/* Ids are known by so much of their beginning that a box has to be looked at every few km. */
static void add_ids(struct text_index *x, struct h3_done *done, const struct geo_box *b)
{
    enum { PER_DEGREE = 50, STEPS_MAX = 24 };
    const int columns = (int)fmin(ceil(geo_box_width_deg(b) * PER_DEGREE) + 1, STEPS_MAX);
    const int rows = (int)fmin(ceil((b->north - b->south) * PER_DEGREE) + 1, STEPS_MAX);

    for (int i = 0; i <= columns; i++)
        for (int j = 0; j <= rows; j++) {
            double longitude = b->west + geo_box_width_deg(b) * i / columns;
            const double latitude = b->south + (b->north - b->south) * j / rows;
            if (longitude > 180)
                longitude -= 360;
            add_s2(x, longitude, latitude);
            add_h3(x, done, longitude, latitude);
        }
}

/* Labels of numbers that are looked for where those are small. */
static void add_labels(struct text_index *x)
{
    static const char *const labels[] = { "lat", "Lat", "LAT", "lon", "Lon", "LON", "lng", "Lng", "LNG" };

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        add_beginning(x, labels[i]);
}

static void add_box(struct text_index *x, const struct geo_box *b)
{
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < SAMPLES; j++) {
            double longitude = b->west + geo_box_width_deg(b) * i / (SAMPLES - 1);
            const double latitude = b->south + (b->north - b->south) * j / (SAMPLES - 1);
            if (longitude > 180)
                longitude -= 360;
            add_geohash(x, longitude, latitude);
            add_mgrs(x, longitude, latitude);
            add_elevation(x, latitude);
            add_near(x, longitude, latitude);
        }
    add_utm(x, b, utm_zone(b->west));
    if (utm_zone(b->east) != utm_zone(b->west))
        add_utm(x, b, utm_zone(b->east));
}

/* A value of so many nines that it is rounded up is one of the next whole degree. */
static void whole_may_be(struct text_index *x, double low, double high)
{
    const double least = low <= 0 && high >= 0 ? 0 : fmin(fabs(low), fabs(high)), most = fmax(fabs(low), fabs(high));

    for (int whole = (int)fmax(floor(least) - 1, 0); whole <= (int)floor(most); whole++)
        x->whole_may[whole] = true;
}

/* As position_areas_at_latitude, position_areas_at_longitude and what is near the areas find them. */
static void add_wholes(struct text_index *x, const struct position_index *positions)
{
    for (int degrees = -90; degrees < 90; degrees++)
        for (int i = 0; i <= POSITION_CELLS_PER_DEGREE; i++)
            if (positions->latitude_cells[(degrees + 90) * POSITION_CELLS_PER_DEGREE + i])
                whole_may_be(x, degrees, degrees + 1);
    for (int degrees = -180; degrees < 180; degrees++)
        for (int i = 0; i <= POSITION_CELLS_PER_DEGREE; i++)
            if (positions->longitude_cells[(degrees + 180) * POSITION_CELLS_PER_DEGREE + i])
                whole_may_be(x, degrees, degrees + 1);
    for (int row = 0; row <= 180 * NEAR_CELLS_PER_DEGREE; row++)
        if (x->latitude_near[row])
            whole_may_be(x, row / (double)NEAR_CELLS_PER_DEGREE - 90, (row + 1) / (double)NEAR_CELLS_PER_DEGREE - 90);
    for (int column = 0; column <= 360 * NEAR_CELLS_PER_DEGREE; column++)
        if (x->longitude_near[column])
            whole_may_be(x, column / (double)NEAR_CELLS_PER_DEGREE - 180,
                         (column + 1) / (double)NEAR_CELLS_PER_DEGREE - 180);
}

static void add_metres(struct text_index *x, double low, double high)
{
    double unit = 1e4;

    for (size_t more = 0; more < sizeof x->metres_may / sizeof *x->metres_may; more++, unit *= 10)
        for (int lead = 0; lead < 100; lead++)
            x->metres_may[more][lead] |= low <= (lead + 1) * unit && high >= lead * unit;
}

struct text_index *text_index_new(const struct position_index *positions, const struct geo_box *boxes, size_t count)
{
    /* 99999 is 0.1 degrees in millionths, one in hundred thousandths. */
    static const struct geo_box zero_latitude = { -180, -1, 180, 1 }, zero_longitude = { -1, -90, 1, 90 };
    static const char *const magics[] = { "\x28\xb5\x2f", "PK\x03" }; /* zstd frames, local headers of zip */
    struct text_index *x = memory_alloc_array(1, sizeof *x);

    x->positions = positions;
    x->boxes = boxes;
    x->box_count = count;
    x->kernel = filter_best();
    struct h3_done *done = memory_alloc_array(1, sizeof *done);
    for (size_t i = 0; i < count; i++) {
        add_box(x, &boxes[i]);
        add_degrees(x, &boxes[i]);
        x->near_zero |= geo_box_meets(&boxes[i], &zero_latitude) || geo_box_meets(&boxes[i], &zero_longitude);
        add_ids(x, done, &boxes[i]);
    }
    free(done);
    add_wholes(x, positions);
    for (size_t i = 0; i < x->utm_count; i++) {
        add_metres(x, x->utm[i].west_m, x->utm[i].east_m);
        add_metres(x, x->utm[i].south_m, x->utm[i].north_m);
    }
    if (x->near_zero)
        add_labels(x);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        add_beginning(x, magics[i]);
    mark_triples_done(&x->triples);
    return x;
}

void text_index_free(struct text_index *x) { free(x); }

bool text_index_use(struct text_index *x, enum filter_kernel kernel)
{
    if (!filter_kernels[kernel].works())
        return false;
    x->kernel = kernel;
    return true;
}

bool text_index_may_touch(const struct text_index *x, const struct geo_box *box)
{
    const struct geo_box around = { box->west < -180 ? box->west + 360 : box->west, box->south,
                                    box->east > 180 ? box->east - 360 : box->east, box->north };

    for (int row = degree_of(around.south, 90); row <= degree_of(around.north, 90); row++)
        for (int column = degree_of(around.west, 180), n = columns_of(&around); n > 0; n--, column++)
            if (x->degrees[row][column % 360])
                return true;
    return false;
}

size_t text_index_touched(const struct text_index *x, const struct geo_box *box)
{
    size_t i = 0;

    if (!text_index_may_touch(x, box))
        return x->box_count;
    while (i < x->box_count && !geo_box_meets(box, &x->boxes[i]))
        i++;
    return i;
}

double text_index_share_bits(const struct text_index *x, double width_deg, double height_deg)
{
    double share = 0;

    for (size_t i = 0; i < x->box_count; i++) {
        const struct geo_box *b = &x->boxes[i];
        share += fmin((geo_box_width_deg(b) + width_deg) / 360, 1) * fmin((b->north - b->south + height_deg) / 180, 1);
    }
    return share > 0 ? fmax(-log2(share), 0) : 0;
}
