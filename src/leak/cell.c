#include "leak/cell.h"

#include <math.h>
#include <string.h>

#define METRES_PER_DEGREE 111194.9
#define RADIANS (M_PI / 180)

static uint8_t upper(uint8_t c) { return c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c; }
static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

static int place_in(const char *alphabet, uint8_t c)
{
    const char *at = c ? strchr(alphabet, upper(c)) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

bool geohash_read(const uint8_t *at, size_t len, struct cell *ret)
{
    static const char alphabet[] = "0123456789BCDEFGHJKMNPQRSTUVWXYZ";
    double low[2] = { -180, -90 }, span[2] = { 360, 180 };
    unsigned bit = 0; /* even: longitude */

    if (len < 1 || len > 12)
        return false;
    for (size_t i = 0; i < len; i++) {
        const int value = place_in(alphabet, at[i]);
        if (value < 0)
            return false;
        for (int k = 4; k >= 0; k--, bit++) {
            span[bit & 1] /= 2;
            if (value >> k & 1)
                low[bit & 1] += span[bit & 1];
        }
    }
    *ret = (struct cell){ .longitude_deg = low[0] + span[0] / 2, .latitude_deg = low[1] + span[1] / 2 };
    ret->size_m = METRES_PER_DEGREE * fmax(span[1], span[0] * cos(ret->latitude_deg * RADIANS));
    return true;
}

/* Open Location Code, version 1.0: five pairs of base 20, then single digits of a grid
 * of four columns and five rows. */
bool plus_code_read(const uint8_t *at, size_t len, struct cell *ret)
{
    enum { PLUS_AT = 8, PAIR_DIGITS = 10, DIGITS_MAX = 15 };
    static const char alphabet[] = "23456789CFGHJMPQRVWX";
    double longitude = -180, latitude = -90, width = 400, height = 400;

    if (len < PAIR_DIGITS + 1 || len > DIGITS_MAX + 1 || at[PLUS_AT] != '+')
        return false;
    for (size_t i = 0, digit = 0; i < len; i++) {
        if (i == PLUS_AT)
            continue;
        const int value = place_in(alphabet, at[i]);
        if (value < 0)
            return false;
        if (digit < PAIR_DIGITS && digit % 2 == 0) {
            height /= 20;
            latitude += value * height;
        } else if (digit < PAIR_DIGITS) {
            width /= 20;
            longitude += value * width;
        } else {
            width /= 4;
            height /= 5;
            longitude += value % 4 * width;
            latitude += value / 4 * height;
        }
        digit++;
    }
    if (latitude >= 90 || longitude >= 180)
        return false;
    *ret = (struct cell){ .longitude_deg = longitude + width / 2, .latitude_deg = latitude + height / 2 };
    ret->size_m = METRES_PER_DEGREE * fmax(height, width * cos(ret->latitude_deg * RADIANS));
    return true;
}

/* Where the middle of a leaf's square on a face of the cube lies on the sphere. */
static void s2_degrees(unsigned face, double s, double t, struct cell *ret)
{
    /* The quadratic projection, which makes the cells of a level similar in size. */
    const double u = s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3;
    const double v = t >= 0.5 ? (4 * t * t - 1) / 3 : (1 - 4 * (1 - t) * (1 - t)) / 3;
    const double faces[6][3] = { { 1, u, v }, { -u, 1, v }, { -u, -v, 1 }, { -1, -v, -u }, { v, -1, -u },
                                 { v, u, -1 } };
    const double *p = faces[face];

    ret->latitude_deg = atan2(p[2], hypot(p[0], p[1])) / RADIANS;
    ret->longitude_deg = atan2(p[1], p[0]) / RADIANS;
}

enum { LEVEL_MAX = 30, FACES = 6, SWAP = 1, INVERT = 2 };
/* The Hilbert curve: which quadrant (i * 2 + j) comes at each step, and how the curve lies in it. */
static const uint8_t quadrant[4][4] = { { 0, 1, 3, 2 }, { 0, 2, 3, 1 }, { 3, 2, 0, 1 }, { 3, 1, 0, 2 } };
static const uint8_t turn[4] = { SWAP, 0, 0, INVERT | SWAP };

bool s2_cell_read(uint64_t id, struct cell *ret)
{
    const unsigned face = (unsigned)(id >> 61);
    double i = 0, j = 0, size = 1;

    if (id == 0 || face >= FACES || __builtin_ctzll(id) % 2 != 0 || __builtin_ctzll(id) > 2 * LEVEL_MAX)
        return false;
    const int level = LEVEL_MAX - __builtin_ctzll(id) / 2;
    unsigned lies = face & SWAP;
    for (int k = 0; k < level; k++) {
        const unsigned step = (unsigned)(id >> (59 - 2 * k)) & 3, at = quadrant[lies][step];
        size /= 2;
        i += (at >> 1) * size;
        j += (at & 1) * size;
        lies ^= turn[step];
    }
    s2_degrees(face, i + size / 2, j + size / 2, ret);
    ret->size_m = ldexp(1e7, -level); /* a quarter of the Earth's circumference, on average */
    return true;
}

/* From -1..1 on a face to 0..1, so that cells are similar in size. */
static double s2_square(double u) { return u >= 0 ? sqrt(1 + 3 * u) / 2 : 1 - sqrt(1 - 3 * u) / 2; }

uint64_t s2_leaf_of(double longitude_deg, double latitude_deg)
{
    const double la = latitude_deg * RADIANS, lo = longitude_deg * RADIANS;
    const double p[3] = { cos(la) * cos(lo), cos(la) * sin(lo), sin(la) };
    unsigned axis = fabs(p[0]) >= fabs(p[1]) ? 0 : 1;
    axis = fabs(p[2]) > fabs(p[axis]) ? 2 : axis;
    const unsigned face = axis + (p[axis] < 0 ? 3 : 0);
    const double x = p[0] / p[axis], y = p[1] / p[axis], z = p[2] / p[axis];
    const double uv[6][2] = { { y, z }, { -x, z }, { -x, -y }, { z, y }, { z, -x }, { -y, -x } };
    double s = s2_square(uv[face][0]), t = s2_square(uv[face][1]);
    uint64_t id = face;
    unsigned lies = face & SWAP;

    for (int k = 0; k < LEVEL_MAX; k++) {
        s *= 2;
        t *= 2;
        const unsigned at = (s >= 1 ? 2u : 0u) | (t >= 1 ? 1u : 0u);
        unsigned step = 0;
        while (quadrant[lies][step] != at)
            step++;
        s -= at >> 1;
        t -= at & 1;
        id = id << 2 | step;
        lies ^= turn[step];
    }
    return id << 1 | 1;
}

bool s2_token_read(const uint8_t *at, size_t len, struct cell *ret)
{
    uint64_t id = 0;

    if (len < 1 || len > 16)
        return false;
    for (size_t i = 0; i < len; i++) {
        const int digit = place_in("0123456789ABCDEF", at[i]);
        if (digit < 0)
            return false;
        id |= (uint64_t)digit << (60 - 4 * i);
    }
    return s2_cell_read(id, ret);
}

/* Transverse Mercator by Krueger's series to the third power of the third flattening
 * (better than a millimetre inside a zone), WGS-84. */
#define UTM_SCALE 0.9996
#define UTM_FALSE_EASTING_M 500000.0
#define UTM_FALSE_NORTHING_M 10000000.0
#define FLATTENING (1 / 298.257223563)
#define THIRD_FLATTENING (FLATTENING / (2 - FLATTENING))
#define N1 THIRD_FLATTENING
#define N2 (N1 * N1)
#define N3 (N2 * N1)
#define MERIDIAN_RADIUS_M (6378137.0 / (1 + N1) * (1 + N2 / 4 + N2 * N2 / 64))

int utm_zone(double longitude_deg)
{
    const int zone = (int)floor((longitude_deg + 180) / 6) + 1;

    return zone < 1 ? 1 : zone > 60 ? 60 : zone;
}

void utm_of(double longitude_deg, double latitude_deg, int zone, struct utm *ret)
{
    static const double alpha[3] = { N1 / 2 - 2 * N2 / 3 + 5 * N3 / 16, 13 * N2 / 48 - 3 * N3 / 5, 61 * N3 / 240 };
    const double k = 2 * sqrt(N1) / (1 + N1), sine = sin(latitude_deg * RADIANS);
    const double t = sinh(atanh(sine) - k * atanh(k * sine));
    const double lambda = (longitude_deg - (zone * 6 - 183)) * RADIANS;
    const double xi = atan2(t, cos(lambda)), eta = atanh(sin(lambda) / sqrt(1 + t * t));
    double x = eta, y = xi;

    for (int i = 0; i < 3; i++) {
        x += alpha[i] * cos(2 * (i + 1) * xi) * sinh(2 * (i + 1) * eta);
        y += alpha[i] * sin(2 * (i + 1) * xi) * cosh(2 * (i + 1) * eta);
    }
    *ret = (struct utm){ .zone = zone, .south = latitude_deg < 0,
                         .easting_m = UTM_FALSE_EASTING_M + UTM_SCALE * MERIDIAN_RADIUS_M * x,
                         .northing_m = UTM_SCALE * MERIDIAN_RADIUS_M * y +
                             (latitude_deg < 0 ? UTM_FALSE_NORTHING_M : 0) };
}

void utm_degrees(const struct utm *u, double *longitude_deg, double *latitude_deg)
{
    static const double beta[3] = { N1 / 2 - 2 * N2 / 3 + 37 * N3 / 96, N2 / 48 + N3 / 15, 17 * N3 / 480 };
    static const double delta[3] = { 2 * N1 - 2 * N2 / 3 - 2 * N3, 7 * N2 / 3 - 8 * N3 / 5, 56 * N3 / 15 };
    const double xi = (u->northing_m - (u->south ? UTM_FALSE_NORTHING_M : 0)) / (UTM_SCALE * MERIDIAN_RADIUS_M);
    const double eta = (u->easting_m - UTM_FALSE_EASTING_M) / (UTM_SCALE * MERIDIAN_RADIUS_M);
    double x = xi, y = eta;

    for (int i = 0; i < 3; i++) {
        x -= beta[i] * sin(2 * (i + 1) * xi) * cosh(2 * (i + 1) * eta);
        y -= beta[i] * cos(2 * (i + 1) * xi) * sinh(2 * (i + 1) * eta);
    }
    const double chi = asin(sin(x) / cosh(y));
    double latitude = chi;
    for (int i = 0; i < 3; i++)
        latitude += delta[i] * sin(2 * (i + 1) * chi);
    *latitude_deg = latitude / RADIANS;
    *longitude_deg = u->zone * 6 - 183 + atan2(sinh(y), cos(x)) / RADIANS;
}

/* NGA.STND.0037, chapter 3: the letters of the 100 km squares go round in eight columns
 * a zone, sets of three zones, and twenty rows, which begin at F in even zones. */
bool mgrs_read(const uint8_t *at, size_t len, struct cell *ret)
{
    static const char columns[] = "ABCDEFGHJKLMNPQRSTUVWXYZ", rows[] = "ABCDEFGHJKLMNPQRSTUV",
        bands[] = "CDEFGHJKLMNPQRSTUVWX";
    enum { SQUARE_M = 100000, ROWS = 20 };
    size_t i = 0;
    int zone = 0;

    while (i < len && i < 2 && is_digit(at[i]))
        zone = zone * 10 + at[i++] - '0';
    if (i == 0 || zone < 1 || zone > 60 || len - i < 5)
        return false;
    const int band = place_in(bands, at[i]), column = place_in(columns, at[i + 1]), row = place_in(rows, at[i + 2]);
    const int first_column = (zone - 1) % 3 * 8;
    i += 3;
    const size_t digits = (len - i) / 2;
    if (band < 0 || row < 0 || column < first_column || column >= first_column + 8 || (len - i) % 2 || digits > 5)
        return false;
    double easting = 0, northing = 0, unit = SQUARE_M;
    for (size_t k = 0; k < digits; k++) {
        if (!is_digit(at[i + k]) || !is_digit(at[i + digits + k]))
            return false;
        unit /= 10;
        easting += (at[i + k] - '0') * unit;
        northing += (at[i + digits + k] - '0') * unit;
    }
    struct utm u = { .zone = zone, .south = band < 10,
                     .easting_m = (column - first_column + 1) * (double)SQUARE_M + easting + unit / 2 };
    /* Rows repeat every 2000 km; the one in the band, whose southern edge is known, is meant. */
    struct utm edge;
    const double south_deg = -80 + 8 * band;
    utm_of(zone * 6 - 183, south_deg + (south_deg == 0 ? 1e-9 : 0), zone, &edge);
    if (u.south && !edge.south)
        edge.northing_m = UTM_FALSE_NORTHING_M;
    const double in_cycle = (row + (zone % 2 ? 0 : ROWS - 5)) % ROWS * (double)SQUARE_M;
    u.northing_m = in_cycle + floor(edge.northing_m / (ROWS * SQUARE_M)) * (ROWS * SQUARE_M);
    /* The edge of a zone lies a little further north than its middle. */
    if (u.northing_m < edge.northing_m - SQUARE_M)
        u.northing_m += ROWS * SQUARE_M;
    u.northing_m += northing + unit / 2;
    *ret = (struct cell){ .size_m = unit };
    utm_degrees(&u, &ret->longitude_deg, &ret->latitude_deg);
    return ret->latitude_deg >= -80.5 && ret->latitude_deg <= 84.5;
}
