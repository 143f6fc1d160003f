#include "flightlog/dji_srt_line.h"

#include <endian.h>
#include <string.h>

#include "base/digits.h"

enum {
    LINE_MAX_BYTES = 16 * 1024,
    COUNTER_MAX = 100000000,
    NOISE_SHARE = 16,        /* a control character among so many */
};

/* "00:00:01,000"; a point instead of the comma is WebVTT's. */
static bool span_time(const uint8_t *at, int64_t *ret_ms)
{
    const unsigned hour = digits_two(at), minute = digits_two(at + 3), second = digits_two(at + 6),
                   hundredths = digits_two(at + 9), thousandth = (unsigned)at[11] - '0';

    if ((hour | minute | second | hundredths) == DIGITS_NONE || thousandth > 9 || at[2] != ':' || at[5] != ':' ||
        (at[8] != ',' && at[8] != '.'))
        return false;
    *ret_ms = ((int64_t)hour * 3600 + minute * 60 + second) * 1000 + hundredths * 10 + thousandth;
    return true;
}

static void classify(struct dji_srt_line *line, size_t controls)
{
    enum { TIME_LENGTH = 12, SECOND_TIME = 17, SPAN_LENGTH = 29 };
    const uint8_t *at = line->at.at;
    const size_t len = line->at.len;

    /* No camera writes control characters, and one alone is a flipped bit in a line that can be read. */
    line->kind = controls > 0 && controls * NOISE_SHARE >= len ? LINE_NOISE : LINE_TEXT;
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

/* How many bytes stand ahead of the first control character. */
static inline size_t plain_prefix(struct bytes b)
{
    typedef uint8_t block __attribute__((vector_size(16)));
    enum { WORD = 8 };
    size_t n = 0;

    for (block at; b.len - n >= sizeof at; n += sizeof at) {
        uint64_t low[2];
        memcpy(&at, b.at + n, sizeof at);
        const block is_low = (block)(at < ' ');
        memcpy(low, &is_low, sizeof low);
        if (low[0] | low[1])
            return n + (size_t)__builtin_ctzll(le64toh(low[0] ? low[0] : low[1])) / 8 + (low[0] ? 0 : WORD);
    }
    while (n < b.len && b.at[n] >= ' ')
        n++;
    return n;
}

/* The length of the first line, and how many control characters are in it that texts do not hold. */
static size_t line_length(struct bytes look, size_t *ret_controls)
{
    size_t n = 0, controls = 0;

    for (;; n++) {
        n += plain_prefix(bytes_part(look, n, UINT64_MAX));
        if (n >= look.len || look.at[n] == '\n')
            break;
        controls += look.at[n] != '\t' && look.at[n] != '\r';
    }
    *ret_controls = controls;
    return n;
}

bool dji_srt_line_next(struct bytes *rest, struct dji_srt_line *line)
{
    size_t controls;

    if (rest->len == 0)
        return false;
    const struct bytes look = bytes_part(*rest, 0, LINE_MAX_BYTES);
    const size_t n = line_length(look, &controls);

    line->at = bytes_part(*rest, 0, n);
    *rest = bytes_part(*rest, n + (n < look.len), UINT64_MAX);
    while (line->at.len > 0 && is_blank(line->at.at[line->at.len - 1]))
        line->at.len--;
    classify(line, controls);
    return true;
}
