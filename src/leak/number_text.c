#include "leak/number_text.h"

#include <math.h>

enum { DECIMALS_MIN = 4, DECIMALS_MAX = 21 /* 0.000 and what a double has */, DECIMALS_TELLING = 18, WHOLE_DIGITS_MAX = 5, DIGITS_MAX = 24 };

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline uint8_t lower(uint8_t c) { return c | 0x20; }
static inline bool is_letter(uint8_t c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static inline bool is_hemisphere(uint8_t c) { return c == 'N' || c == 'S' || c == 'E' || c == 'W'; }

/* Bytes of a degree sign at `i`: UTF-8 (also the ordinal sign that is often taken for it),
 * Latin-1; 0: none. */
static size_t degree_sign(const uint8_t *at, size_t len, size_t i)
{
    if (i < len && at[i] == 0xb0)
        return 1;
    return i < len && len - i >= 2 && at[i] == 0xc2 && (at[i + 1] == 0xb0 || at[i + 1] == 0xba) ? 2 : 0;
}

/* N, S, E or W behind the number, also behind one blank, comma or degree sign; else 0. */
static uint8_t hemisphere_behind(const uint8_t *at, size_t len, size_t i)
{
    if (i < len && (at[i] == ' ' || at[i] == ','))
        i++;
    else
        i += degree_sign(at, len, i);
    if (i >= len || (len - i >= 2 && (is_letter(at[i + 1]) || is_digit(at[i + 1]))))
        return 0;
    return is_hemisphere(at[i]) ? at[i] : 0;
}

/* A letter right before a number makes it part of a name, but for N39.7392 and W104.9903,
 * the end of %2C, and the end of \n. */
static bool may_stand_before(const uint8_t *at, size_t start)
{
    const uint8_t before = at[start - 1];

    if (before == '.' || before == '_')
        return false;
    if (!is_letter(before))
        return true;
    if (is_hemisphere(before))
        return start < 2 || !is_letter(at[start - 2]);
    return (start >= 3 && at[start - 3] == '%') || (start >= 2 && at[start - 2] == '\\');
}

/* Sign and hemisphere of a number whose digits are at[start, end). */
static void finish(const uint8_t *at, size_t len, size_t start, size_t end, double magnitude, struct number_text *n)
{
    const uint8_t before = start > 0 ? at[start - 1] : 0;
    bool negative = before == '-' || before == 'S' || before == 'W';

    n->hemisphere = hemisphere_behind(at, len, end);
    negative |= n->hemisphere == 'S' || n->hemisphere == 'W';
    n->start = start - (before == '-');
    n->end = end;
    n->value = negative ? -magnitude : magnitude;
    n->fixed_chars = (uint8_t)(n->fixed_chars + negative);
}

/* e+01 behind the digits; *end moves behind it. */
static int exponent_at(const uint8_t *at, size_t len, size_t *end)
{
    size_t i = *end;
    int value = 0;

    if (i >= len || lower(at[i]) != 'e' || len - i < 2)
        return 0;
    const bool minus = at[i + 1] == '-';
    i += 1 + (at[i + 1] == '-' || at[i + 1] == '+');
    if (i >= len || !is_digit(at[i]))
        return 0;
    for (int digits = 0; i < len && is_digit(at[i]) && digits < 3; digits++)
        value = value * 10 + at[i++] - '0';
    *end = i;
    return minus ? -value : value;
}

bool number_decimal(const uint8_t *at, size_t len, size_t point, bool from_start, struct number_text *ret)
{
    const uint8_t separator = at[point];
    size_t start = point, end = point + 1;
    double value = 0, unit = 1;
    uint64_t fraction = 0;

    while (start > 0 && is_digit(at[start - 1]) && point - start <= WHOLE_DIGITS_MAX)
        start--;
    if (point - start > (separator == ',' ? 3u : WHOLE_DIGITS_MAX) || (start == 0 && !from_start))
        return false;
    while (end < len && is_digit(at[end]) && end - point <= DECIMALS_MAX + 1)
        end++;
    const size_t decimals = end - point - 1;
    if (decimals < DECIMALS_MIN || decimals > DECIMALS_MAX)
        return false;
    if (end < len && at[end] == '.') /* 1.2345.6: a version or an address */
        return false;
    if (start > 0 && !may_stand_before(at, start))
        return false;
    for (size_t i = start; i < point; i++)
        value = value * 10 + (at[i] - '0');
    for (size_t i = point + 1; i < end && i <= point + DECIMALS_TELLING; i++) {
        fraction = fraction * 10 + (uint64_t)(at[i] - '0');
        unit *= 10;
    }
    value += (double)fraction / unit;
    const int exponent = exponent_at(at, len, &end);
    const int left = (int)decimals - exponent;
    if (exponent < -7 || exponent > 5 || left < DECIMALS_MIN)
        return false;
    *ret = (struct number_text){ .whole_digits = (uint8_t)(point - start), .decimals = (uint8_t)left,
                                 .fixed_chars = (uint8_t)(point - start + 1) };
    finish(at, len, start, end, exponent ? value * pow(10, exponent) : value, ret);
    return true;
}

bool number_coarse(const uint8_t *at, size_t len, size_t point, bool from_start, struct number_text *ret)
{
    enum { COARSE_MIN = 2, COARSE_MAX = 3, DEGREES_DIGITS = 3 };
    size_t start = point, end = point + 1;
    double value = 0, unit = 1;

    while (start > 0 && is_digit(at[start - 1]) && point - start <= DEGREES_DIGITS)
        start--;
    if (start == point || point - start > DEGREES_DIGITS || (start == 0 && !from_start) ||
        (start > 0 && !may_stand_before(at, start)))
        return false;
    for (; end < len && is_digit(at[end]) && end - point <= COARSE_MAX + 1; end++)
        unit /= 10;
    const size_t decimals = end - point - 1;
    if (decimals < COARSE_MIN || decimals > COARSE_MAX || (end < len && (at[end] == '.' || lower(at[end]) == 'e')))
        return false;
    for (size_t i = start; i < end; i++)
        value = i == point ? value : value * 10 + (at[i] - '0');
    *ret = (struct number_text){ .whole_digits = (uint8_t)(point - start), .decimals = (uint8_t)decimals,
                                 .fixed_chars = (uint8_t)(point - start + 1) };
    finish(at, len, start, end, value * unit, ret);
    return true;
}

bool number_whole(const uint8_t *at, size_t len, size_t first, bool from_start, struct number_text *ret)
{
    size_t end = first;
    double value = 0, unit = 1;

    if ((first == 0 && !from_start) || (first > 0 && !may_stand_before(at, first)))
        return false;
    while (end < len && is_digit(at[end]) && end - first <= DIGITS_MAX)
        value = value * 10 + (at[end++] - '0');
    *ret = (struct number_text){ .whole_digits = (uint8_t)(end - first), .fixed_chars = (uint8_t)(end - first) };
    if (ret->whole_digits > DIGITS_MAX)
        return false;
    if (end < len && len - end >= 2 && at[end] == '.' && is_digit(at[end + 1])) {
        for (end++; end < len && is_digit(at[end]) && ret->decimals < DECIMALS_MAX; ret->decimals++) {
            unit /= 10;
            value += (at[end++] - '0') * unit;
        }
        ret->fixed_chars++;
    }
    finish(at, len, first, end, value, ret);
    return true;
}

struct walk {
    const uint8_t *at;
    size_t len, i;
};

static bool walk_text(struct walk *w, const char *text)
{
    size_t n = 0;

    while (text[n]) {
        if (w->i + n >= w->len || w->at[w->i + n] != (uint8_t)text[n])
            return false;
        n++;
    }
    w->i += n;
    return true;
}

static void walk_blanks(struct walk *w)
{
    for (int n = 0; n < 3 && w->i < w->len && w->at[w->i] == ' '; n++)
        w->i++;
}

/* A number of up to `whole_max` digits with its fraction; `*decimals` of it. */
static bool walk_number(struct walk *w, unsigned whole_max, double *value, unsigned *whole, unsigned *decimals)
{
    double unit = 1;

    *value = 0;
    *whole = *decimals = 0;
    for (; w->i < w->len && is_digit(w->at[w->i]) && *whole < 10; (*whole)++)
        *value = *value * 10 + (w->at[w->i++] - '0');
    if (*whole == 0)
        return false;
    if (w->len - w->i >= 2 && w->at[w->i] == '.' && is_digit(w->at[w->i + 1]))
        for (w->i++; w->i < w->len && is_digit(w->at[w->i]) && *decimals < 12; (*decimals)++) {
            unit /= 10;
            *value += (w->at[w->i++] - '0') * unit;
        }
    /* 2112/100: a rational, as EXIF tools print it */
    if (*decimals == 0 && w->len - w->i >= 2 && w->at[w->i] == '/' && w->at[w->i + 1] == '1') {
        w->i += 2;
        for (; w->i < w->len && w->at[w->i] == '0' && *decimals < 9; (*decimals)++) {
            *value /= 10;
            w->i++;
        }
        *whole -= *decimals < *whole ? *decimals : *whole - 1;
    }
    return *whole <= whole_max;
}

/* One of the signs behind degrees (0), minutes (1) or seconds (2), with blanks around. */
static bool walk_sign(struct walk *w, int part)
{
    static const char *const signs[3][8] = {
        { "\xc2\xb0", "\xc2\xba", "\xb0", "deg", "d", ":", "," },
        { "'", "\xe2\x80\xb2", "\xe2\x80\x99", "m", ":", "," },
        { "\"", "''", "\xe2\x80\xb3", "\xe2\x80\x9d", "\\\"", "s" },
    };
    const size_t from = w->i;

    walk_blanks(w);
    for (size_t k = 0; k < 8 && signs[part][k]; k++)
        if (walk_text(w, signs[part][k])) {
            walk_blanks(w);
            return true;
        }
    return w->i > from;
}

static uint8_t letter_behind(const uint8_t *at, size_t len, size_t *end)
{
    struct walk w = { at, len, *end };

    walk_blanks(&w);
    if (w.i < len && at[w.i] == ',' && w.i == *end)
        w.i++;
    if (w.i >= len || !is_hemisphere(at[w.i]) || (w.i + 1 < len && is_letter(at[w.i + 1])))
        return 0;
    *end = w.i + 1;
    return at[w.i];
}

static uint8_t letter_before(const uint8_t *at, size_t first)
{
    const size_t back = first >= 2 && at[first - 1] == ' ' ? 2 : 1;

    return first >= back && is_hemisphere(at[first - back]) && (first == back || !is_letter(at[first - back - 1])) ?
           at[first - back] : 0;
}

bool number_sexagesimal(const uint8_t *at, size_t len, size_t first, struct number_text *ret)
{
    struct walk w = { at, len, first };
    double degrees, minutes, seconds = 0;
    unsigned whole, degree_decimals, minute_decimals, second_decimals = 0, minute_digits;
    bool has_seconds = false;

    if (!walk_number(&w, 3, &degrees, &whole, &degree_decimals) || degree_decimals || degrees > 180 ||
        !walk_sign(&w, 0) ||
        !walk_number(&w, 2, &minutes, &minute_digits, &minute_decimals) || minutes >= 60)
        return false;
    size_t end = w.i;
    if (walk_sign(&w, 1)) {
        unsigned digits;
        end = w.i;
        if (minute_decimals == 0 && walk_number(&w, 2, &seconds, &digits, &second_decimals) && seconds < 60) {
            has_seconds = true;
            end = w.i;
            if (walk_sign(&w, 2))
                end = w.i;
        } else {
            seconds = 0;
        }
    }
    while (end > first && at[end - 1] == ' ')
        end--;
    if (!has_seconds && minute_decimals < 2)
        return false;
    *ret = (struct number_text){ .start = first, .whole_digits = (uint8_t)whole,
                                 .decimals = (uint8_t)(has_seconds ? second_decimals + 3 : minute_decimals + 1),
                                 .fixed_chars = (uint8_t)(whole + 2) };
    ret->letter_before = letter_before(at, first);
    ret->hemisphere = letter_behind(at, len, &end);
    if (!ret->hemisphere) {
        ret->hemisphere = ret->letter_before;
        ret->letter_before = 0;
    }
    const bool minus = first > 0 && at[first - 1] == '-';
    const double value = degrees + minutes / 60 + seconds / 3600;
    ret->value = minus || ret->hemisphere == 'S' || ret->hemisphere == 'W' ? -value : value;
    ret->fixed_chars = (uint8_t)(ret->fixed_chars + (ret->hemisphere != 0 || minus));
    ret->start -= minus;
    ret->end = end;
    return true;
}

bool number_compact(const uint8_t *at, size_t len, size_t letter, struct number_text *ret)
{
    size_t point = letter, start;
    double fraction = 0;

    (void)len;
    while (point > 0 && is_digit(at[point - 1]) && letter - point <= DECIMALS_MAX)
        point--;
    start = point;
    if (point > 0 && at[point - 1] == '.') {
        for (size_t i = letter; i > point; i--)
            fraction = (fraction + (at[i - 1] - '0')) / 10;
        for (start = point - 1; start > 0 && is_digit(at[start - 1]) && point - start <= 9; start--)
            ;
        point--;
    } else {
        point = letter;
    }
    const size_t digits = point - start, degree_digits = at[letter] == 'N' || at[letter] == 'S' ? 2 : 3;
    if (digits != degree_digits + 4 || start == 0 || is_letter(at[start - 1]) || at[start - 1] == '.')
        return false;
    double parts[3] = { 0, 0, 0 };
    for (size_t i = 0; i < digits; i++) {
        double *part = &parts[i < degree_digits ? 0 : 1 + (i - degree_digits) / 2];
        *part = *part * 10 + (at[start + i] - '0');
    }
    if (parts[1] >= 60 || parts[2] >= 60)
        return false;
    const double value = parts[0] + parts[1] / 60 + (parts[2] + fraction) / 3600;
    *ret = (struct number_text){ .start = start, .end = letter + 1, .whole_digits = (uint8_t)degree_digits,
                                 .decimals = (uint8_t)(3 + (letter > point ? letter - point - 1 : 0)),
                                 .fixed_chars = (uint8_t)(degree_digits + 1), .hemisphere = at[letter],
                                 .value = at[letter] == 'S' || at[letter] == 'W' ? -value : value };
    return true;
}
