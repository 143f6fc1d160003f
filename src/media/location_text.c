#include "media/location_text.h"

#include "fact/fact.h"

/* A sign, digits, and a fraction; `ret_whole` is how many digits stand before the point. */
static bool take_signed(struct text *t, double *ret, size_t *ret_whole)
{
    size_t n = 1;

    if (t->len < 2 || (t->at[0] != '+' && t->at[0] != '-'))
        return false;
    while (n < t->len && t->at[n] >= '0' && t->at[n] <= '9')
        n++;
    *ret_whole = n - 1;
    if (n < t->len && (t->at[n] == '.' || t->at[n] == ',')) {
        n++;
        while (n < t->len && t->at[n] >= '0' && t->at[n] <= '9')
            n++;
    }
    if (*ret_whole == 0 || !text_to_real((struct text){ t->at + 1, n - 1 }, ret))
        return false;
    if (t->at[0] == '-')
        *ret = -*ret;
    t->at += n;
    t->len -= n;
    return true;
}

/* `digits` of whole degrees when the number is in degrees; two or four more are minutes and seconds. */
static bool as_degrees(double value, size_t whole, size_t digits, double *ret)
{
    const double magnitude = value < 0 ? -value : value;
    double degrees = magnitude, minutes = 0, seconds = 0;

    if (whole == digits + 2) {
        degrees = (double)(int)(magnitude / 100);
        minutes = magnitude - 100 * degrees;
    } else if (whole == digits + 4) {
        degrees = (double)(int)(magnitude / 10000);
        minutes = (double)(int)(magnitude / 100 - 100 * degrees);
        seconds = magnitude - 10000 * degrees - 100 * minutes;
    } else if (whole > digits) {
        return false;
    }
    if (minutes >= 60 || seconds >= 60)
        return false;
    degrees += minutes / 60 + seconds / 3600;
    *ret = value < 0 ? -degrees : degrees;
    return true;
}

bool location_text_parse(struct text t, struct location_text *ret)
{
    struct location_text l = { .altitude_m = FACT_UNKNOWN_REAL };
    double latitude, longitude;
    size_t whole;

    if (!take_signed(&t, &latitude, &whole) || !as_degrees(latitude, whole, 2, &l.latitude_deg) ||
        !take_signed(&t, &longitude, &whole) || !as_degrees(longitude, whole, 3, &l.longitude_deg))
        return false;
    if (t.len > 0 && (t.at[0] == '+' || t.at[0] == '-') && !take_signed(&t, &l.altitude_m, &whole))
        return false;
    l.above_ellipsoid = text_starts_with(t, TEXT("CRSWGS_84"));
    *ret = l;
    return true;
}
