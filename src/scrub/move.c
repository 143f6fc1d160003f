#include "scrub/move.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LATITUDE_MAX_DEG = 60 };

/* [0, 1) */
static double fraction(const unsigned char random[8])
{
    uint64_t bits;

    memcpy(&bits, random, sizeof bits);
    return (double)(bits >> 11) * 0x1p-53;
}

void move_init(struct move *m, double longitude_deg, double latitude_deg, const unsigned char random[16])
{
    /* 20 to 340 degrees east of the old place: whatever the latitude, within 60 degrees that is over a
     * thousand kilometres away. */
    const double east_deg = 20 + 320 * fraction(random + 8);

    m->from_longitude_deg = longitude_deg;
    m->from_latitude_deg = latitude_deg;
    m->to_latitude_deg = 2 * LATITUDE_MAX_DEG * fraction(random) - LATITUDE_MAX_DEG;
    m->to_longitude_deg = remainder(longitude_deg + east_deg, 360);
}

/* Characters before the point, the sign among them. */
static int width(double degrees)
{
    const double size = fabs(degrees);

    return (degrees < 0) + (size >= 100 ? 3 : size >= 10 ? 2 : 1);
}

static bool keeps_width(double from_deg, double to_deg)
{
    enum { LEAST = 2 }; /* else those at a single digit could go nowhere else */

    return width(to_deg) <= LEAST || width(to_deg) <= width(from_deg);
}

bool move_keeps_widths(const struct move *m)
{
    return keeps_width(m->from_longitude_deg, m->to_longitude_deg) &&
        keeps_width(m->from_latitude_deg, m->to_latitude_deg);
}

double move_longitude_deg(const struct move *m, double longitude_deg)
{
    const double radian = acos(-1) / 180;
    /* A degree of longitude is shorter by the cosine of the latitude. */
    const double stretch = cos(m->from_latitude_deg * radian) / cos(m->to_latitude_deg * radian);

    if (!(fabs(longitude_deg) <= 180))
        return longitude_deg;
    return remainder(m->to_longitude_deg + remainder(longitude_deg - m->from_longitude_deg, 360) * stretch, 360);
}

double move_latitude_deg(const struct move *m, double latitude_deg)
{
    if (!(fabs(latitude_deg) <= 90))
        return latitude_deg;
    return fmax(-90, fmin(90, m->to_latitude_deg + (latitude_deg - m->from_latitude_deg)));
}
