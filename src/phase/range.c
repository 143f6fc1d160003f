#include "phase/range.h"

#include <string.h>

#include "base/timestamp.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "2026-11-22T10:04:00" and nothing that says where. */
static bool lacks_zone(struct text t)
{
    enum { LEAST = 19 };
    int64_t ignored;
    char with_zone[64];

    if (t.len < LEAST || t.len + 1 >= sizeof with_zone || !is_digit(t.at[t.len - 1]))
        return false;
    memcpy(with_zone, t.at, t.len);
    with_zone[t.len] = 'Z';
    return timestamp_parse((struct text){ with_zone, t.len + 1 }, &ignored);
}

static const char *parse_time(struct text t, int64_t *ret)
{
    if (timestamp_parse(t, ret))
        return NULL;
    if (lacks_zone(t))
        return "a time has no zone, so that it could be any of 24: end it with Z for UTC, or with the offset of "
               "its zone, as in 2026-11-22T10:04:00-05:00";
    return "a time is not one of RFC 3339, such as 2026-11-22T10:04:00Z";
}

/* Names end up in tables and in rules: plain text of one line. */
static bool is_plain(struct text name)
{
    for (size_t n; name.len > 0; name.at += n, name.len -= n) {
        n = text_utf8_length(name);
        if (n == 0 || (unsigned char)name.at[0] < ' ' || name.at[0] == 0x7f)
            return false;
    }
    return true;
}

const char *phase_range_parse(const char *argument, struct phase_range *ret)
{
    const char *equals = strchr(argument, '=');
    const char *between = equals ? strstr(equals + 1, "..") : NULL;
    struct phase_range range;

    if (!equals || equals == argument || !between)
        return "it takes NAME=FROM..TO";
    range.name = (struct text){ argument, (size_t)(equals - argument) };
    if (range.name.len > PHASE_NAME_BYTES_MAX || !is_plain(range.name))
        return "the name is too long, or no plain text of one line";
    const char *wrong = parse_time((struct text){ equals + 1, (size_t)(between - equals) - 1 }, &range.from_utc_ns);
    if (!wrong)
        wrong = parse_time(text_of(between + 2), &range.to_utc_ns);
    if (wrong)
        return wrong;
    if (range.to_utc_ns <= range.from_utc_ns)
        return "it ends before it begins";
    *ret = range;
    return NULL;
}
