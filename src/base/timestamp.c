#include "base/timestamp.h"

#include <stdio.h>

#include "base/digits.h"

enum { SECONDS_PER_DAY = 86400 };

/* Days since 1970-01-01 of the proleptic Gregorian calendar, and back: the year is
 * counted from March, so that the leap day comes last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t shifted_month = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

/* Every flow, position and name query has a time: printf would be most of the work of writing them. */
static size_t put_digits(char *into, size_t at, int64_t value, int digits)
{
    int i = digits;

    for (; i >= 2; i -= 2, value /= 100)
        text_put_pair(into + at + (size_t)i - 2, (unsigned)(value % 100));
    if (i == 1)
        into[at] = (char)('0' + value % 10);
    return at + (size_t)digits;
}

static struct text write_text(int64_t time_utc_ns, int digits, char *into)
{
    int64_t seconds = time_utc_ns / NS_PER_S, ns = time_utc_ns % NS_PER_S;
    int year, month, day;
    size_t len;

    if (ns < 0) {
        ns += NS_PER_S;
        seconds--;
    }
    int64_t days = seconds / SECONDS_PER_DAY, of_day = seconds % SECONDS_PER_DAY;
    if (of_day < 0) {
        of_day += SECONDS_PER_DAY;
        days--;
    }
    civil_from_days(days, &year, &month, &day);
    if (digits < 0)
        digits = ns == 0 ? 0 : ns % 1000000 == 0 ? 3 : ns % 1000 == 0 ? 6 : 9;

    len = put_digits(into, 0, year, 4); /* 64 bits of nanoseconds reach from 1677 to 2262 */
    const int parts[] = { month, day, (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60) };
    for (int i = 0; i < 5; i++) {
        into[len++] = "--T::"[i];
        len = put_digits(into, len, parts[i], 2);
    }
    if (digits > 0) {
        for (int i = digits; i < 9; i++)
            ns /= 10;
        into[len++] = '.';
        len = put_digits(into, len, ns, digits);
    }
    into[len++] = 'Z';
    into[len] = '\0';
    return (struct text){ .at = into, .len = len };
}

struct text timestamp_text(int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX])
{
    return write_text(time_utc_ns, -1, into);
}

struct text timestamp_text_ms(int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX])
{
    return write_text(time_utc_ns, 3, into);
}

/* The point and three, six or nine digits of the nanoseconds of a second; gives how many characters.  Some of those
 * behind them are written to, too. */
static inline size_t put_fraction(char into[1 + 3 + DIGITS_EIGHT], uint32_t ns)
{
    enum { THREE = 3, IN_FRONT = DIGITS_EIGHT - THREE };
    const uint32_t ms = ns / 1000000, below = ns % 1000000;

    into[0] = '.';
    digits_put(into + 1, digits_of_eight(ms), IN_FRONT);
    if (below == 0)
        return 1 + THREE;
    digits_put(into + 1 + THREE, digits_of_eight(below), DIGITS_EIGHT - 2 * THREE);
    return below % 1000 == 0 ? 1 + 2 * THREE : 1 + 3 * THREE;
}

struct text timestamp_text_near(struct timestamp_second *kept, int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX])
{
    enum { SECOND_LENGTH = sizeof "YYYY-MM-DDTHH:MM:SS" - 1 };
    int64_t second = time_utc_ns / NS_PER_S, ns = time_utc_ns % NS_PER_S;
    size_t len = SECOND_LENGTH;
    char whole[TIMESTAMP_TEXT_MAX];

    if (ns < 0) {
        ns += NS_PER_S;
        second--;
    }
    if (kept->known && second == kept->second + 1 && kept->text[SECOND_LENGTH - 1] < '9') {
        kept->text[SECOND_LENGTH - 1]++;
        kept->second = second;
    } else if (!kept->known || second != kept->second) {
        timestamp_text(time_utc_ns, whole);
        memcpy(kept->text, whole, SECOND_LENGTH);
        kept->second = second;
        kept->known = true;
    }
    memcpy(into, kept->text, SECOND_LENGTH);
    if (ns > 0)
        len += put_fraction(into + len, (uint32_t)ns);
    into[len++] = 'Z';
    into[len] = '\0';
    return (struct text){ .at = into, .len = len };
}

static bool leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool timestamp_from_civil(int year, int month, int day, int hour, int minute, int second, int64_t *ret_utc_ns)
{
    static const int days_in_month[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month[month - 1] + (month == 2 && leap_year(year)))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    *ret_utc_ns = (days_from_civil(year, month, day) * SECONDS_PER_DAY +
                   hour * 3600 + minute * 60 + second) * NS_PER_S;
    return true;
}

static bool take_digits(struct text *t, size_t n, int *ret)
{
    int64_t value;

    if (t->len < n || !text_to_int((struct text){ t->at, n }, 0, 9999, &value) || t->at[0] == '+' || t->at[0] == '-')
        return false;
    *ret = (int)value;
    t->at += n;
    t->len -= n;
    return true;
}

static bool take_char(struct text *t, char a, char b)
{
    if (t->len == 0 || (t->at[0] != a && t->at[0] != b))
        return false;
    t->at++;
    t->len--;
    return true;
}

bool timestamp_parse(struct text t, int64_t *ret_utc_ns)
{
    int year, month, day, hour, minute, second, offset_hour = 0, offset_minute = 0;
    int64_t base, ns = 0, unit = NS_PER_S / 10;
    bool west = false;

    if (!take_digits(&t, 4, &year) || !take_char(&t, '-', '-') || !take_digits(&t, 2, &month) ||
        !take_char(&t, '-', '-') || !take_digits(&t, 2, &day) || t.len == 0)
        return false;
    if (!take_char(&t, 'T', 't') && !take_char(&t, ' ', '_'))
        return false;
    if (!take_digits(&t, 2, &hour) || !take_char(&t, ':', ':') || !take_digits(&t, 2, &minute) ||
        !take_char(&t, ':', ':') || !take_digits(&t, 2, &second))
        return false;
    if (take_char(&t, '.', ',')) {
        if (t.len == 0 || t.at[0] < '0' || t.at[0] > '9')
            return false;
        for (; t.len > 0 && t.at[0] >= '0' && t.at[0] <= '9'; t.at++, t.len--) {
            ns += (t.at[0] - '0') * unit;
            unit /= 10;
        }
    }
    if (!take_char(&t, 'Z', 'z')) {
        if (t.len == 0)
            return false;
        west = t.at[0] == '-';
        if (!take_char(&t, '+', '-') || !take_digits(&t, 2, &offset_hour) || !take_char(&t, ':', ':') ||
            !take_digits(&t, 2, &offset_minute))
            return false;
    }
    if (t.len != 0 || offset_hour > 23 || offset_minute > 59 ||
        !timestamp_from_civil(year, month, day, hour, minute, second, &base))
        return false;
    const int64_t offset_ns = (offset_hour * 3600 + offset_minute * 60) * NS_PER_S;
    *ret_utc_ns = base + ns + (west ? offset_ns : -offset_ns);
    return true;
}
