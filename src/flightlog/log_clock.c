#include "flightlog/log_clock.h"

#include <math.h>
#include <string.h>

#include "base/digits.h"
#include "base/timestamp.h"

static inline void skip(struct text *t, size_t n)
{
    t->at += n;
    t->len -= n;
}

static inline bool is_digit(struct text t, size_t i)
{
    return i < t.len && t.at[i] >= '0' && t.at[i] <= '9';
}

static inline bool is_one_of(char c, const char *of)
{
    for (; *of != '\0'; of++)
        if (c == *of)
            return true;
    return false;
}

static inline bool take_char(struct text *t, const char *one_of)
{
    if (t->len == 0 || !is_one_of(t->at[0], one_of))
        return false;
    skip(t, 1);
    return true;
}

/* Digits, `least` to `most` of them. */
static bool take_number(struct text *t, size_t least, size_t most, int *ret)
{
    size_t n = 0;
    int value = 0;

    for (; n < most && is_digit(*t, n); n++)
        value = value * 10 + (t->at[n] - '0');
    if (n < least)
        return false;
    skip(t, n);
    *ret = value;
    return true;
}

/* Eight digits, and nothing that would make them another number. */
static bool is_compact(struct text t)
{
    for (size_t i = 0; i < 8; i++)
        if (!is_digit(t, i))
            return false;
    return t.len == 8 || t.at[8] == ' ' || t.at[8] == 'T';
}

static inline bool is_date_separator(char c) { return c == '-' || c == '.' || c == '/'; }

enum { USUAL_DATE = sizeof((struct log_clock_day *)0)->text };

/* "2024-05-01" as most programs write it, all ten characters of it; what it says stands in the order of the result. */
static bool take_usual_date(struct text *t, int *year, int *month, int *day)
{
    const uint8_t *at = (const uint8_t *)t->at;

    if (t->len < USUAL_DATE || !is_date_separator(t->at[4]) || !is_date_separator(t->at[7]))
        return false;
    const unsigned century = digits_two(at), of_century = digits_two(at + 2), m = digits_two(at + 5),
                   d = digits_two(at + 8);
    if ((century | of_century | m | d) == DIGITS_NONE)
        return false;
    *year = (int)(century * 100 + of_century);
    *month = (int)m;
    *day = (int)d;
    skip(t, USUAL_DATE);
    return true;
}

static bool take_kept_date(struct text *t, const struct log_clock_day *kept, int64_t *ret_ns)
{
    if (!kept->known || t->len < USUAL_DATE || !bytes_same(t->at, kept->text, USUAL_DATE) || is_digit(*t, USUAL_DATE))
        return false;
    *ret_ns = kept->ns;
    skip(t, USUAL_DATE);
    return true;
}

static void keep_date(struct log_clock_day *kept, struct text date, int64_t ns)
{
    if (date.len != USUAL_DATE)
        return;
    memcpy(kept->text, date.at, USUAL_DATE);
    kept->ns = ns;
    kept->known = true;
}

/* Year first, or last: then the day is first with points, and with slashes what the numbers allow. */
static bool take_date(struct text *t, struct log_clock *c, int64_t *ret_ns)
{
    struct text rest = *t;
    int a, b, year;

    if (take_usual_date(&rest, &year, &a, &b)) {
        if (!timestamp_from_civil(year, a, b, 0, 0, 0, ret_ns))
            return false;
    } else if (is_compact(rest) && take_number(&rest, 4, 4, &year) && take_number(&rest, 2, 2, &a) &&
        take_number(&rest, 2, 2, &b)) {
        if (!timestamp_from_civil(year, a, b, 0, 0, 0, ret_ns))
            return false;
    } else if (take_number(&rest, 4, 4, &year)) {
        if (!take_char(&rest, ".-/") || !take_number(&rest, 1, 2, &a) ||
            !take_char(&rest, ".-/") || !take_number(&rest, 1, 2, &b) || !timestamp_from_civil(year, a, b, 0, 0, 0,
                    ret_ns))
            return false;
    } else {
        if (!take_number(&rest, 1, 2, &a) || rest.len == 0)
            return false;
        const char separator = rest.at[0];
        if (!take_char(&rest, "./-") || !take_number(&rest, 1, 2, &b) || rest.len == 0 || rest.at[0] != separator ||
            !take_char(&rest, "./-") || !take_number(&rest, 4, 4, &year))
            return false;
        const bool day_first = separator == '.' || a > 12;
        c->ambiguous = separator != '.' && a <= 12 && b <= 12 && a != b;
        if (!timestamp_from_civil(year, day_first ? b : a, day_first ? a : b, 0, 0, 0, ret_ns))
            return false;
    }
    if (is_digit(rest, 0))
        return false;
    c->has_date = true;
    *t = rest;
    return true;
}

/* ".97"; ",745,078" is milli- and microseconds. */
static int64_t take_fraction(struct text *t, struct log_clock *c)
{
    static const int64_t units_ns[] = { NS_PER_S,   NS_PER_S / 10, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
    enum { PLACES_MAX = sizeof units_ns / sizeof *units_ns - 1 };
    int64_t value = 0;
    size_t places = 0; /* of value; further ones are too fine */

    c->whole_seconds = true;
    for (int part = 0; part < 2; part++) {
        size_t n = 1;
        if (t->len == 0 || (t->at[0] != ',' && (part > 0 || (t->at[0] != '.' && t->at[0] != ':'))) || !is_digit(*t, 1))
            break;
        c->whole_seconds = false;
        for (; is_digit(*t, n); n++)
            if (places < PLACES_MAX) {
                value = value * 10 + (t->at[n] - '0');
                places++;
            }
        skip(t, n);
        if (n != 4) /* the separator and three digits */
            break;
    }
    return value * units_ns[places];
}

static bool take_noon(struct text *t, int *hour)
{
    struct text rest = *t;

    while (rest.len > 0 && rest.at[0] == ' ')
        skip(&rest, 1);
    if (rest.len < 2 || (rest.at[1] | 0x20) != 'm' || ((rest.at[0] | 0x20) != 'a' && (rest.at[0] | 0x20) != 'p'))
        return true;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + ((rest.at[0] | 0x20) == 'p' ? 12 : 0);
    skip(&rest, 2);
    *t = rest;
    return true;
}

/* "09:30:00", "9:30:00", "093000". */
static bool take_clock_face(struct text *t, int *hour, int *minute, int *second)
{
    enum { LENGTH = 8 };

    if (t->len >= LENGTH && t->at[2] == ':' && t->at[5] == ':') { /* mostly */
        const uint8_t *at = (const uint8_t *)t->at;
        const unsigned h = digits_two(at), m = digits_two(at + 3), s = digits_two(at + 6);
        if ((h | m | s) == DIGITS_NONE)
            return false;
        *hour = (int)h;
        *minute = (int)m;
        *second = (int)s;
        skip(t, LENGTH);
        return true;
    }
    if (!take_number(t, 1, 2, hour))
        return false;
    const bool colons = take_char(t, ":");
    return take_number(t, 2, 2, minute) && (!colons || take_char(t, ":")) && take_number(t, 2, 2, second);
}

static bool take_time(struct text *t, struct log_clock *c, int64_t *ret_ns)
{
    struct text rest = *t;
    int hour, minute, second;

    if (!take_clock_face(&rest, &hour, &minute, &second))
        return false;
    const int64_t fraction_ns = take_fraction(&rest, c);
    if (!take_noon(&rest, &hour) || hour > 23 || minute > 59 || second > 60)
        return false;
    *ret_ns = ((int64_t)hour * 3600 + minute * 60 + second) * NS_PER_S + fraction_ns;
    c->has_time = true;
    *t = rest;
    return true;
}

/* Z, "+02:00", "-0500", " UTC". */
static void take_zone(struct text *t, struct log_clock *c)
{
    struct text rest = *t;
    int hours, minutes = 0;

    if (take_char(&rest, "Zz")) {
        c->zoned = true;
        *t = rest;
        return;
    }
    if (text_starts_with(rest, TEXT(" UTC"))) {
        c->zoned = true;
        skip(t, 4);
        return;
    }
    const bool west = rest.len > 0 && rest.at[0] == '-';
    if (!take_char(&rest, "+-") || !take_number(&rest, 2, 2, &hours) || hours > 23)
        return;
    take_char(&rest, ":");
    if (!take_number(&rest, 2, 2, &minutes) || minutes > 59)
        return;
    c->zoned = true;
    c->ns += (west ? 1 : -1) * ((int64_t)hours * 3600 + minutes * 60) * NS_PER_S;
    *t = rest;
}

/* What a date that was kept says is all that it said: one that is ambiguous is not kept. */
static bool take_date_near(struct log_clock_day *kept, struct text *t, struct log_clock *c, int64_t *ret_ns)
{
    const struct text begin = *t;

    if (take_kept_date(t, kept, ret_ns))
        return c->has_date = true;
    if (!take_date(t, c, ret_ns))
        return false;
    if (!c->ambiguous)
        keep_date(kept, (struct text){ .at = begin.at, .len = begin.len - t->len }, *ret_ns);
    return true;
}

bool log_clock_take(struct text *t, struct log_clock *ret)
{
    struct log_clock_day none = { 0 };

    return log_clock_take_near(&none, t, ret);
}

bool log_clock_take_near(struct log_clock_day *kept, struct text *t, struct log_clock *ret)
{
    struct log_clock c = { 0 };
    struct text rest = *t;
    int64_t day_ns = 0, time_ns = 0;

    if (!is_digit(rest, 0))
        return false;
    if (take_date_near(kept, &rest, &c, &day_ns)) {
        struct text behind = rest;
        if (take_char(&behind, " Tt_")) {
            while (behind.len > 0 && behind.at[0] == ' ')
                skip(&behind, 1);
            if (take_time(&behind, &c, &time_ns))
                rest = behind;
        }
    } else if (!take_time(&rest, &c, &time_ns)) {
        return false;
    }
    c.ns = day_ns + time_ns;
    if (c.has_date && c.has_time)
        take_zone(&rest, &c);
    *t = rest;
    *ret = c;
    return true;
}

bool log_clock_unix(double value, int64_t *ret_ns)
{
    static const struct { double from, to, unit_ns, grain_ns; } scales[] = { /* a double is no finer than that */
        { 1e9, 1e10, 1e9, 1e3 }, { 1e12, 1e13, 1e6, 1e3 }, { 1e15, 1e16, 1e3, 1 }, { 1e18, 9.2e18, 1, 1 },
    };

    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (value >= scales[i].from && value < scales[i].to && value * scales[i].unit_ns < 9.2e18) {
            const double whole = floor(value), grain_ns = scales[i].grain_ns;
            *ret_ns = (int64_t)whole * (int64_t)scales[i].unit_ns +
                      (int64_t)llround((value - whole) * scales[i].unit_ns / grain_ns) * (int64_t)grain_ns;
            return true;
        }
    return false;
}
