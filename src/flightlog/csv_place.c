#include "flightlog/csv_place.h"

#include <math.h>
#include <string.h>

#include "fact/fact.h"

double csv_number(char separator, struct text t)
{
    char with_point[48];
    double value;

    if (separator != ',' && t.len > 0 && t.len < sizeof with_point && memchr(t.at, ',', t.len)) {
        for (size_t i = 0; i < t.len; i++)
            with_point[i] = t.at[i] == ',' ? '.' : t.at[i];
        t.at = with_point;
    }
    return text_to_real(t, &value) ? value : FACT_UNKNOWN_REAL;
}

double csv_coordinate(char separator, struct text t)
{
    double value = csv_number(separator, t);
    char letter = 0;

    if (!isnan(value) || t.len < 2)
        return value;
    if (memchr("NSEWnsew", t.at[0], 8)) {
        letter = t.at[0];
        t.at++;
        t.len--;
    } else if (memchr("NSEWnsew", t.at[t.len - 1], 8)) {
        letter = t.at[--t.len];
    }
    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == ':')) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\xb0' || t.at[t.len - 1] == '\xc2')) /* a degree sign */
        t.len--;
    value = letter ? csv_number(separator, t) : FACT_UNKNOWN_REAL;
    return (letter | 0x20) == 's' || (letter | 0x20) == 'w' ? -fabs(value) : value;
}

bool csv_place_is_scaled(struct text latitude, struct text longitude, const struct flight_point *at)
{
    static const char marks[] = ".,eE";

    for (size_t i = 0; i < sizeof marks - 1; i++)
        if (memchr(latitude.at, marks[i], latitude.len) || memchr(longitude.at, marks[i], longitude.len))
            return false;
    return (fabs(at->latitude_deg) > 90 || fabs(at->longitude_deg) > 180) && fabs(at->latitude_deg) <= 90e7 &&
        fabs(at->longitude_deg) <= 180e7;
}
