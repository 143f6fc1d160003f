#include "leak/h3.h"

#include <math.h>

/* An icosahedron is laid around the Earth.  On each of its faces lies a grid of hexagons, and the
 * finer grids inside it: each of a seventh of the area, turned by 19.1 degrees there (odd
 * resolutions) and back again.  A cell's digits lead from the middle of its base cell to its own,
 * on the plane of the base cell's face; what comes to lie beyond an edge of that face is
 * folded over the edge, onto the next face.
 *
 * The two tables are facts of the grid, as in github.com/uber/h3 (Apache-2.0), src/h3lib/lib/baseCells.c and
 * faceijk.c; the geometry is worked out here. */

enum { BASE_CELLS = 122, DIGITS = 7, K_AXIS = 1, I_AXIS = 4, IK_AXES = 5, FOLDS_MAX = 5 };

/* Icosahedron face of the base cell, and where on it along the axes i, j and k; pentagons are those at 2, 0, 0. */
static const struct base_cell {
    uint8_t face, i, j, k;
} base_cells[BASE_CELLS] = {
    { 1, 1, 0, 0 }, { 2, 1, 1, 0 }, { 1, 0, 0, 0 }, { 2, 1, 0, 0 }, { 0, 2, 0, 0 }, { 1, 1, 1, 0 }, { 1, 0, 0, 1 },
    { 2, 0, 0, 0 }, { 0, 1, 0, 0 }, { 2, 0, 1, 0 }, { 1, 0, 1, 0 }, { 1, 0, 1, 1 }, { 3, 1, 0, 0 }, { 3, 1, 1, 0 },
    { 11, 2, 0, 0 }, { 4, 1, 0, 0 }, { 0, 0, 0, 0 }, { 6, 0, 1, 0 }, { 0, 0, 0, 1 }, { 2, 0, 1, 1 }, { 7, 0, 0, 1 },
    { 2, 0, 0, 1 }, { 0, 1, 1, 0 }, { 6, 0, 0, 1 }, { 10, 2, 0, 0 }, { 6, 0, 0, 0 }, { 3, 0, 0, 0 }, { 11, 1, 0, 0 },
    { 4, 1, 1, 0 }, { 3, 0, 1, 0 }, { 0, 0, 1, 1 }, { 4, 0, 0, 0 }, { 5, 0, 1, 0 }, { 0, 0, 1, 0 }, { 7, 0, 1, 0 },
    { 11, 1, 1, 0 }, { 7, 0, 0, 0 }, { 10, 1, 0, 0 }, { 12, 2, 0, 0 }, { 6, 1, 0, 1 }, { 7, 1, 0, 1 }, { 4, 0, 0, 1 },
    { 3, 0, 0, 1 }, { 3, 0, 1, 1 }, { 4, 0, 1, 0 }, { 6, 1, 0, 0 }, { 11, 0, 0, 0 }, { 8, 0, 0, 1 }, { 5, 0, 0, 1 },
    { 14, 2, 0, 0 }, { 5, 0, 0, 0 }, { 12, 1, 0, 0 }, { 10, 1, 1, 0 }, { 4, 0, 1, 1 }, { 12, 1, 1, 0 }, { 7, 1, 0, 0 },
    { 11, 0, 1, 0 }, { 10, 0, 0, 0 }, { 13, 2, 0, 0 }, { 10, 0, 0, 1 }, { 11, 0, 0, 1 }, { 9, 0, 1, 0 }, { 8, 0, 1, 0 },
    { 6, 2, 0, 0 }, { 8, 0, 0, 0 }, { 9, 0, 0, 1 }, { 14, 1, 0, 0 }, { 5, 1, 0, 1 }, { 16, 0, 1, 1 }, { 8, 1, 0, 1 },
    { 5, 1, 0, 0 }, { 12, 0, 0, 0 }, { 7, 2, 0, 0 }, { 12, 0, 1, 0 }, { 10, 0, 1, 0 }, { 9, 0, 0, 0 }, { 13, 1, 0, 0 },
    { 16, 0, 0, 1 }, { 15, 0, 1, 1 }, { 15, 0, 1, 0 }, { 16, 0, 1, 0 }, { 14, 1, 1, 0 }, { 13, 1, 1, 0 }, { 5, 2, 0, 0 },
    { 8, 1, 0, 0 }, { 14, 0, 0, 0 }, { 9, 1, 0, 1 }, { 14, 0, 0, 1 }, { 17, 0, 0, 1 }, { 12, 0, 0, 1 }, { 16, 0, 0, 0 },
    { 17, 0, 1, 1 }, { 15, 0, 0, 1 }, { 16, 1, 0, 1 }, { 9, 1, 0, 0 }, { 15, 0, 0, 0 }, { 13, 0, 0, 0 }, { 8, 2, 0, 0 },
    { 13, 0, 1, 0 }, { 17, 1, 0, 1 }, { 19, 0, 1, 0 }, { 14, 0, 1, 0 }, { 19, 0, 1, 1 }, { 17, 0, 1, 0 }, { 13, 0, 0, 1 },
    { 17, 0, 0, 0 }, { 16, 1, 0, 0 }, { 9, 2, 0, 0 }, { 15, 1, 0, 1 }, { 15, 1, 0, 0 }, { 18, 0, 1, 1 }, { 18, 0, 0, 1 },
    { 19, 0, 0, 1 }, { 17, 1, 0, 0 }, { 19, 0, 0, 0 }, { 18, 0, 1, 0 }, { 18, 1, 0, 1 }, { 19, 2, 0, 0 }, { 19, 1, 0, 0 },
    { 18, 0, 0, 0 }, { 19, 1, 0, 1 }, { 18, 1, 0, 0 },
};

/* Middle of the face on the unit sphere, and the azimuth of its axis i, radians. */
static const struct {
    double middle[3], azimuth;
} faces[20] = {
    { { 0.2199307791404606, 0.6583691780274996, 0.7198475378926182 }, 5.619958268523939882 },
    { { -0.2139234834501421, 0.1478171829550703, 0.9656017935214205 }, 5.760339081714187279 },
    { { 0.1092625278784797, -0.4811951572873210, 0.8697775121287253 }, 0.780213654393430055 },
    { { 0.7428567301586791, -0.3593941678278028, 0.5648005936517033 }, 0.430469363979999913 },
    { { 0.8112534709140969, 0.3448953237639384, 0.4721387736413930 }, 6.130269123335111400 },
    { { -0.1055498149613921, 0.9794457296411413, 0.1718874610009365 }, 2.692877706530642877 },
    { { -0.8075407579970092, 0.1533552485898818, 0.5695261994882688 }, 2.982963003477243874 },
    { { -0.2846148069787907, -0.8644080972654206, 0.4144792552473539 }, 3.532912002790141181 },
    { { 0.7405621473854482, -0.6673299564565524, -0.0789837646326737 }, 3.494305004259568154 },
    { { 0.8512303986474293, 0.4722343788582681, -0.2289137388687808 }, 3.003214169499538391 },
    { { -0.7405621473854481, 0.6673299564565524, 0.0789837646326737 }, 5.930472956509811562 },
    { { -0.8512303986474292, -0.4722343788582682, 0.2289137388687808 }, 0.138378484090254847 },
    { { 0.1055498149613919, -0.9794457296411413, -0.1718874610009365 }, 0.448714947059150361 },
    { { 0.8075407579970092, -0.1533552485898819, -0.5695261994882688 }, 0.158629650112549365 },
    { { 0.2846148069787908, 0.8644080972654204, -0.4144792552473539 }, 5.891865957979238535 },
    { { -0.7428567301586791, 0.3593941678278027, -0.5648005936517033 }, 2.711123289609793325 },
    { { -0.8112534709140971, -0.3448953237639382, -0.4721387736413930 }, 3.294508837434268316 },
    { { -0.2199307791404607, -0.6583691780274996, -0.7198475378926182 }, 3.804819692245439833 },
    { { 0.2139234834501420, -0.1478171829550704, -0.9656017935214205 }, 3.664438879055192436 },
    { { -0.1092625278784796, 0.4811951572873210, -0.8697775121287253 }, 2.361378999196363184 },
};

#define UNIT_ON_PLANE 0.38196601125010500003 /* of the coarsest grid, on the plane that touches the unit sphere */
#define TURN_RADIANS 0.33347317225183211534  /* asin(sqrt(3 / 28)) */
#define DIHEDRAL_RADIANS 2.41186499736282744 /* between two faces: acos(-sqrt(5) / 3) */
#define EDGE_M 1107712.6                     /* of a cell of resolution 0, on average */

struct vector {
    double v[3];
};

static struct vector sum(struct vector a, double times, struct vector b)
{
    return (struct vector){ { a.v[0] + times * b.v[0], a.v[1] + times * b.v[1], a.v[2] + times * b.v[2] } };
}

static struct vector cross(struct vector a, struct vector b)
{
    return (struct vector){ { a.v[1] * b.v[2] - a.v[2] * b.v[1], a.v[2] * b.v[0] - a.v[0] * b.v[2],
                              a.v[0] * b.v[1] - a.v[1] * b.v[0] } };
}

static double dot(struct vector a, struct vector b) { return a.v[0] * b.v[0] + a.v[1] * b.v[1] + a.v[2] * b.v[2]; }

static struct vector unit(struct vector a) { return sum((struct vector){ { 0, 0, 0 } }, 1 / sqrt(dot(a, a)), a); }

/* Its triangle; corners stand against the clock, at 2 along the axes i, j, k. */
struct plane {
    struct vector middle, corners[3];
};

static struct vector on_plane(unsigned face, double x, double y)
{
    const struct vector middle = { { faces[face].middle[0], faces[face].middle[1], faces[face].middle[2] } };
    const struct vector east = unit(cross((struct vector){ { 0, 0, 1 } }, middle)), north = cross(middle, east);
    const double sine = sin(faces[face].azimuth), cosine = cos(faces[face].azimuth);
    /* x along the axis i, y a quarter of a turn against the clock. */
    const double to_north = x * cosine + y * sine, to_east = x * sine - y * cosine;

    return sum(sum(middle, UNIT_ON_PLANE * to_north, north), UNIT_ON_PLANE * to_east, east);
}

static struct plane plane_of(unsigned face)
{
    struct plane p;

    for (int corner = 0; corner < 3; corner++)
        p.corners[corner] = on_plane(face, 2 * cos(corner * 2 * M_PI / 3), 2 * sin(corner * 2 * M_PI / 3));
    p.middle = (struct vector){ { faces[face].middle[0], faces[face].middle[1], faces[face].middle[2] } };
    return p;
}

/* The corner from which the point is furthest, beyond the edge opposite; -1: it lies inside. */
static int beyond(const struct plane *p, struct vector point)
{
    int furthest = -1;
    double least = -1e-9;

    for (int corner = 0; corner < 3; corner++) {
        const struct vector a = p->corners[(corner + 1) % 3], b = p->corners[(corner + 2) % 3];
        const double inside = dot(cross(sum(b, -1, a), sum(point, -1, a)), p->middle);
        if (inside < least) {
            least = inside;
            furthest = corner;
        }
    }
    return furthest;
}

/* Turns the plane round the edge opposite the corner until it is that of the next face. */
static struct vector fold(struct plane *p, int corner, struct vector point)
{
    const struct vector a = p->corners[(corner + 1) % 3], b = p->corners[(corner + 2) % 3];
    const struct vector along = unit(sum(b, -1, a)), out = cross(along, p->middle);
    const struct vector folded = sum(sum((struct vector){ { 0, 0, 0 } }, cos(M_PI - DIHEDRAL_RADIANS), out),
                                     -sin(M_PI - DIHEDRAL_RADIANS), p->middle);
    const double distance = dot(sum(point, -1, a), out), height = dot(sum(p->corners[corner], -1, a), out);
    const struct vector flat = sum(point, -distance, out);
    const struct vector corner_flat = sum(p->corners[corner], -height, out);

    /* The next triangle lies on the other side of the edge, and its corners stand against the clock again. */
    *p = (struct plane){ .corners = { sum(corner_flat, -height, folded), b, a }, .middle = cross(folded, along) };
    return sum(flat, distance, folded);
}

static unsigned digit_of(uint64_t id, unsigned resolution)
{
    return (unsigned)(id >> 3 * (H3_RESOLUTION_MAX - resolution)) & 7;
}

struct way {
    double x, y;
    unsigned leading; /* the first digit that is not zero */
};

/* From the middle of the face to the cell's, on the plane of its base cell. */
static struct way walk(uint64_t id, unsigned resolution, const struct base_cell *base)
{
    static const double SIXTY = M_PI / 3;
    const bool pentagon = base->i == 2;
    struct way way = { .leading = 0 };
    double unit_length = 1;

    for (unsigned r = 1; r <= resolution; r++) {
        const unsigned digit = digit_of(id, r);
        const double i = digit >> 2 & 1, j = digit >> 1 & 1, k = digit & 1, turn = r % 2 ? TURN_RADIANS : 0;
        const double x = i - (j + k) / 2, y = (j - k) * sin(SIXTY);
        unit_length /= sqrt(7);
        way.x += unit_length * (x * cos(turn) - y * sin(turn));
        way.y += unit_length * (x * sin(turn) + y * cos(turn));
        way.leading = way.leading ? way.leading : digit;
    }
    /* Five sixths of the plane are around a pentagon: the axis k is left out. */
    if (pentagon && way.leading == IK_AXES) {
        const double x = way.x;
        way.x = x * cos(SIXTY) + way.y * sin(SIXTY);
        way.y = way.y * cos(SIXTY) - x * sin(SIXTY);
        way.leading = K_AXIS;
    }
    way.x += base->i - (base->j + base->k) / 2.0;
    way.y += (base->j - base->k) * sin(SIXTY);
    return way;
}

static bool id_is_whole(uint64_t id, unsigned resolution)
{
    const unsigned mode = (unsigned)(id >> 59), base = (unsigned)(id >> 45) & 127;
    bool leading = false;

    if (mode != 1 || (id >> 56 & 7) != 0 || base >= BASE_CELLS)
        return false;
    for (unsigned r = 1; r <= H3_RESOLUTION_MAX; r++) {
        const unsigned digit = digit_of(id, r);
        if ((digit == DIGITS) != (r > resolution) || (base_cells[base].i == 2 && !leading && digit == K_AXIS))
            return false;
        leading |= digit != 0;
    }
    return true;
}

bool h3_cell_read(uint64_t id, struct cell *ret)
{
    const unsigned resolution = (unsigned)(id >> 52) & 15;
    int corner;

    if (!id_is_whole(id, resolution))
        return false;
    const struct base_cell *base = &base_cells[id >> 45 & 127];
    struct way way = walk(id, resolution, base);
    struct plane plane = plane_of(base->face);
    struct vector point = on_plane(base->face, way.x, way.y);
    for (int folds = 0; folds < FOLDS_MAX && (corner = beyond(&plane, point)) >= 0; folds++) {
        /* Beyond the edge from k to i, around a pentagon: the part that is left out lies between. */
        if (folds == 0 && base->i == 2 && way.leading == I_AXIS && corner == 1) {
            const double x = way.x - 2, y = way.y;
            point = on_plane(base->face, 2 + x * cos(M_PI / 3) + y * sin(M_PI / 3),
                             y * cos(M_PI / 3) - x * sin(M_PI / 3));
        }
        point = fold(&plane, corner, point);
    }
    point = unit(point);
    *ret = (struct cell){ .longitude_deg = atan2(point.v[1], point.v[0]) * 180 / M_PI,
                          .latitude_deg = asin(fmax(-1, fmin(1, point.v[2]))) * 180 / M_PI,
                          .size_m = 2 * EDGE_M / pow(7, resolution / 2.0) };
    return true;
}

double h3_structure_bits(uint64_t id)
{
    return 8 + 3.0 * (double)(H3_RESOLUTION_MAX - (id >> 52 & 15));
}

bool h3_text_read(const uint8_t *at, size_t len, uint64_t *ret_id)
{
    enum { HEX_DIGITS = 15 };
    uint64_t id = 0;

    if (len != HEX_DIGITS && len != HEX_DIGITS + 1)
        return false;
    for (size_t i = 0; i < len; i++) {
        const uint8_t c = at[i], low = c | 0x20;
        if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'f'))
            return false;
        id = id << 4 | (unsigned)(c <= '9' ? c - '0' : low - 'a' + 10);
    }
    *ret_id = id;
    return true;
}

static double degrees_between(const struct cell *c, double longitude_deg, double latitude_deg)
{
    const double a = c->latitude_deg * M_PI / 180, b = latitude_deg * M_PI / 180,
        l = (c->longitude_deg - longitude_deg) * M_PI / 180;

    return acos(fmax(-1, fmin(1, sin(a) * sin(b) + cos(a) * cos(b) * cos(l)))) * 180 / M_PI;
}

void h3_parents_near(double longitude_deg, double latitude_deg, void (*each)(void *user, uint64_t id), void *user)
{
    /* Somewhat more than from the middle of the largest cell to what is furthest away in it. */
    static const double REACH_DEG[3] = { 16, 6.5, 2.8 };
    const uint64_t none = (UINT64_C(1) << 45) - 1, mode = UINT64_C(1) << 59;
    struct cell cell;

    for (uint64_t base = 0; base < BASE_CELLS; base++) {
        const uint64_t id = mode | base << 45 | none;
        if (!h3_cell_read(id, &cell) || degrees_between(&cell, longitude_deg, latitude_deg) > REACH_DEG[0])
            continue;
        for (uint64_t a = 0; a < DIGITS; a++) {
            const uint64_t child = (id & ~(UINT64_C(7) << 42)) | UINT64_C(1) << 52 | a << 42;
            if (!h3_cell_read(child, &cell) || degrees_between(&cell, longitude_deg, latitude_deg) > REACH_DEG[1])
                continue;
            for (uint64_t b = 0; b < DIGITS; b++) {
                const uint64_t grandchild = (child & ~(UINT64_C(7) << 39) & ~(UINT64_C(15) << 52)) | UINT64_C(2) << 52 |
                    b << 39;
                if (h3_cell_read(grandchild, &cell) &&
                    degrees_between(&cell, longitude_deg, latitude_deg) <= REACH_DEG[2])
                    each(user, grandchild);
            }
        }
    }
}
