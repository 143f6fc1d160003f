#include "flightlog/dji_srt_line.h"

#include <string.h>

enum {
    LINE_MAX_BYTES = 16 * 1024,
    COUNTER_MAX = 100000000,
    NOISE_SHARE = 16,        /* a control character among so many */
};

static bool digits(const uint8_t *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    return true;
}

/* "00:00:01,000"; a point instead of the comma is WebVTT's. */
static bool span_time(const uint8_t *at, int64_t *ret_ms)
{
    if (!digits(at, 2) || at[2] != ':' || !digits(at + 3, 2) || at[5] != ':' || !digits(at + 6, 2) ||
        (at[8] != ',' && at[8] != '.') || !digits(at + 9, 3))
        return false;
    const int64_t seconds = ((at[0] - '0') * 10 + at[1] - '0') * 3600 + ((at[3] - '0') * 10 + at[4] - '0') * 60 +
                            (at[6] - '0') * 10 + at[7] - '0';
    *ret_ms = seconds * 1000 + (at[9] - '0') * 100 + (at[10] - '0') * 10 + at[11] - '0';
    return true;
}

/* Control characters: no camera writes them, and one alone is a flipped bit in a line that can be read. */
static bool has_noise(struct bytes line)
{
    uint8_t any = 0;
    size_t found = 0;

    for (size_t i = 0; i < line.len; i++) /* many at once, in what vectors the compiler has */
        any |= (line.at[i] < ' ') & (line.at[i] != '\t') & (line.at[i] != '\r');
    for (size_t i = 0; any && i < line.len; i++)
        found += line.at[i] < ' ' && line.at[i] != '\t' && line.at[i] != '\r';
    return found > 0 && found * NOISE_SHARE >= line.len;
}

static void classify(struct dji_srt_line *line)
{
    enum { TIME_LENGTH = 12, SECOND_TIME = 17, SPAN_LENGTH = 29 };
    const uint8_t *at = line->at.at;
    const size_t len = line->at.len;

    line->kind = has_noise(line->at) ? LINE_NOISE : LINE_TEXT;
    if (len == 0) {
        line->kind = LINE_BLANK;
    } else if (at[0] >= '0' && at[0] <= '9') {
        if (len >= SPAN_LENGTH && memcmp(at + TIME_LENGTH, " --> ", 5) == 0 && span_time(at, &line->from_ms) &&
            span_time(at + SECOND_TIME, &line->to_ms))
            line->kind = LINE_SPAN;
        else if (len <= 9 && text_to_int(text_of_bytes(line->at), 0, COUNTER_MAX, &line->counter))
            line->kind = LINE_COUNTER;
    }
}

static inline bool is_blank(uint8_t c) { return c == '\r' || c == ' ' || c == '\t'; }

bool dji_srt_line_next(struct bytes *rest, struct dji_srt_line *line)
{
    if (rest->len == 0)
        return false;
    const struct bytes look = bytes_part(*rest, 0, LINE_MAX_BYTES);
    const uint8_t *end = memchr(look.at, '\n', look.len);
    const size_t n = end ? (size_t)(end - look.at) : look.len;

    line->at = bytes_part(*rest, 0, n);
    *rest = bytes_part(*rest, n + (end != NULL), UINT64_MAX);
    while (line->at.len > 0 && is_blank(line->at.at[line->at.len - 1]))
        line->at.len--;
    classify(line);
    return true;
}
