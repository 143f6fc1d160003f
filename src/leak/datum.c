/* GCJ-02 and BD-09, the shifted coordinates of Chinese map services.  Nobody published
 * them; the formulas below have been public knowledge since about 2013 and agree with the
 * services to well under a metre.  Source: the reference on leak detection, section 6. */
#include "leak/track.h"

#include <math.h>

#define RADIANS (M_PI / 180)

const char *datum_name(enum datum datum)
{
    static const char *const names[DATUM_COUNT] = { "WGS-84", "GCJ-02", "BD-09" };

    return names[datum];
}

static double waves(double v)
{
    return 20 * sin(6 * M_PI * v) + 20 * sin(2 * M_PI * v);
}

static void to_gcj02(double *longitude_deg, double *latitude_deg)
{
    const double a = 6378245, ee = 0.00669342162296594323; /* Krasovsky 1940 */
    const double x = *longitude_deg - 105, y = *latitude_deg - 35;
    const double third = 2.0 / 3;
    const double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) +
        third * (waves(x) + 20 * sin(M_PI * y) + 40 * sin(M_PI * y / 3) +
                 160 * sin(M_PI * y / 12) + 320 * sin(M_PI * y / 30));
    const double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) +
        third * (waves(x) + 20 * sin(M_PI * x) + 40 * sin(M_PI * x / 3) +
                 150 * sin(M_PI * x / 12) + 300 * sin(M_PI * x / 30));
    const double s = sin(*latitude_deg * RADIANS), m = 1 - ee * s * s;
    const double lat_radius = a * (1 - ee) / (m * sqrt(m)), lon_radius = a / sqrt(m) * cos(*latitude_deg * RADIANS);

    *latitude_deg += north / (RADIANS * lat_radius);
    *longitude_deg += east / (RADIANS * lon_radius);
}

static void gcj02_to_bd09(double *longitude_deg, double *latitude_deg)
{
    const double k = 3000 * RADIANS;
    const double z = hypot(*longitude_deg, *latitude_deg) + 0.00002 * sin(*latitude_deg * k);
    const double angle = atan2(*latitude_deg, *longitude_deg) + 0.000003 * cos(*longitude_deg * k);

    *longitude_deg = z * cos(angle) + 0.0065;
    *latitude_deg = z * sin(angle) + 0.006;
}

bool datum_shift(enum datum datum, double *longitude_deg, double *latitude_deg)
{
    if (datum == DATUM_WGS84)
        return true;
    if (!(*longitude_deg > 72.004 && *longitude_deg < 137.8347 && *latitude_deg > 0.8293 && *latitude_deg < 55.8271))
        return false;
    to_gcj02(longitude_deg, latitude_deg);
    if (datum == DATUM_BD09)
        gcj02_to_bd09(longitude_deg, latitude_deg);
    return true;
}
