#include "leak/hits.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "fact/fact.h"

enum { REACH_BINARY = 48, REACH_TEXT = 96 };
#define SLACK_NS (5 * NS_PER_S) /* clocks that are told to agree may differ by this */

static bool plausible(const struct leak_index *index, int64_t time_utc_ns)
{
    return time_utc_ns >= index->time_from_utc_ns - SLACK_NS && time_utc_ns <= index->time_to_utc_ns + SLACK_NS;
}

static int64_t scaled(const struct leak_index *index, uint64_t value, int64_t unit_ns)
{
    int64_t time;

    if (value > INT64_MAX || __builtin_mul_overflow((int64_t)value, unit_ns, &time) || !plausible(index, time))
        return FACT_UNKNOWN_INT;
    return time;
}

static int64_t binary_stamp(const struct leak_index *index, const uint8_t *at, size_t len)
{
    struct cursor le = cursor_over((struct bytes){ .at = at, .len = len }), be = le;
    int64_t time = FACT_UNKNOWN_INT;

    if (len >= 8) {
        const uint64_t values[2] = { cursor_u64le(&le), cursor_uint_be(&be, 8) };
        for (int i = 0; i < 2; i++) {
            if (!fact_known_int(time))
                time = scaled(index, values[i], NS_PER_S / 1000);
            if (!fact_known_int(time))
                time = scaled(index, values[i], NS_PER_S / 1000000);
            double seconds;
            memcpy(&seconds, &values[i], sizeof seconds);
            if (!fact_known_int(time) && seconds > 1e9 && seconds < 4e9 && plausible(index, (int64_t)(seconds * 1e9)))
                time = (int64_t)(seconds * 1e9);
        }
        le = be = cursor_over((struct bytes){ .at = at, .len = len });
    }
    if (!fact_known_int(time) && len >= 4) {
        time = scaled(index, cursor_u32le(&le), NS_PER_S);
        if (!fact_known_int(time))
            time = scaled(index, cursor_u32be(&be), NS_PER_S);
    }
    return time;
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

static int digits2(const uint8_t *at)
{
    return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

/* 2031-05-17T10:15:30, with fraction and offset or none. */
static int64_t rfc3339_stamp(const struct leak_index *index, const uint8_t *at, size_t len)
{
    enum { SECONDS_END = 19 };
    int64_t time;

    if (len < SECONDS_END || at[4] != '-' || at[7] != '-' || at[13] != ':' || at[16] != ':')
        return FACT_UNKNOWN_INT;
    const int century = digits2(at), year = digits2(at + 2), month = digits2(at + 5), day = digits2(at + 8);
    const int hour = digits2(at + 11), minute = digits2(at + 14), second = digits2(at + 17);
    if (century < 0 || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0 ||
        !timestamp_from_civil(century * 100 + year, month, day, hour, minute, second, &time))
        return FACT_UNKNOWN_INT;
    size_t i = SECONDS_END;
    if (i < len && at[i] == '.') {
        int64_t unit = NS_PER_S;
        for (i++; i < len && is_digit(at[i]); i++)
            if ((unit /= 10) > 0)
                time += unit * (at[i] - '0');
    }
    if (len - i >= 6 && (at[i] == '+' || at[i] == '-') && at[i + 3] == ':') {
        const int hours = digits2(at + i + 1), minutes = digits2(at + i + 4);
        if (hours >= 0 && minutes >= 0)
            time += (at[i] == '-' ? 1 : -1) * (hours * 60 + minutes) * 60 * NS_PER_S;
    }
    return plausible(index, time) ? time : FACT_UNKNOWN_INT;
}

static int64_t text_stamp(const struct leak_index *index, const uint8_t *at, size_t len)
{
    uint64_t value = 0;
    size_t n = 0;

    while (n < len && n < 20 && is_digit(at[n])) {
        value = value * 10 + (uint64_t)(at[n] - '0');
        n++;
    }
    if (n == 10)
        return scaled(index, value, NS_PER_S);
    if (n == 13)
        return scaled(index, value, NS_PER_S / 1000);
    if (n == 16)
        return scaled(index, value, NS_PER_S / 1000000);
    return n == 4 ? rfc3339_stamp(index, at, len) : FACT_UNKNOWN_INT;
}

void stamps_near(const struct leak_index *index, struct bytes around, size_t at, size_t length, bool text,
                 int64_t said_utc_ns[2])
{
    const size_t reach = text ? REACH_TEXT : REACH_BINARY, end = at + length;
    const size_t from = at > reach ? at - reach : 0, to = around.len - end > reach ? end + reach : around.len;

    said_utc_ns[0] = said_utc_ns[1] = FACT_UNKNOWN_INT;
    if (!fact_known_int(index->time_from_utc_ns))
        return;
    for (size_t i = from; i < to; i++) {
        const bool behind = i >= end;
        int64_t time;
        if (behind && fact_known_int(said_utc_ns[1]))
            return;
        if (text) {
            if (!is_digit(around.at[i]) || (i > 0 && is_digit(around.at[i - 1])))
                continue;
            time = text_stamp(index, around.at + i, around.len - i);
        } else {
            time = binary_stamp(index, around.at + i, around.len - i);
        }
        if (fact_known_int(time))
            said_utc_ns[behind] = time; /* before the pair the last one is the nearest */
    }
}
