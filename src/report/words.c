#include "report/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/buffer.h"
#include "fact/fact.h"

enum { SENTENCE_MAX = 16384 };

static const struct text templates[WORDS_COUNT] = {
#define W(key, template) [WORDS_##key] = { template, sizeof(template) - 1 },
    WORDS(W)
#undef W
};

struct text words_plain(enum words_key key)
{
    return templates[key];
}

static struct text text_until(struct text t, char stop)
{
    const char *end = memchr(t.at, stop, t.len);

    return (struct text){ t.at, end ? (size_t)(end - t.at) : t.len };
}

/* `field` is what stands between braces: a digit, or "0#one|many". */
static void add_field(struct buffer *b, struct text field, const struct text *arguments, size_t count)
{
    const size_t nth = (size_t)(field.at[0] - '0');
    const struct text argument = nth < count ? arguments[nth] : TEXT_UNKNOWN;

    if (field.len == 1) {
        (void)buffer_add_text(b, text_known(argument) ? argument : templates[WORDS_UNKNOWN]);
        return;
    }
    const struct text choices = { field.at + 2, field.len - 2 };
    const struct text one = text_until(choices, '|');
    const struct text many = { one.at + one.len + 1, choices.len - one.len - 1 };
    (void)buffer_add_text(b, text_equal(argument, TEXT("1")) ? one : many);
}

struct text words_say(struct arena *a, enum words_key key, const struct text *arguments, size_t count)
{
    struct text rest = templates[key];
    struct buffer b;

    buffer_init(&b, SENTENCE_MAX);
    while (rest.len > 0) {
        const struct text plain = text_until(rest, '{');
        (void)buffer_add_text(&b, plain);
        rest.at += plain.len;
        rest.len -= plain.len;
        if (rest.len == 0)
            break;
        const struct text field = text_until((struct text){ rest.at + 1, rest.len - 1 }, '}');
        add_field(&b, field, arguments, count);
        rest.at += field.len + 2;
        rest.len -= field.len + 2;
    }
    const struct text said = arena_text(a, buffer_text(&b));
    buffer_done(&b);
    return said;
}

struct text words_count(struct arena *a, int64_t n)
{
    char digits[24], grouped[32];
    size_t len = 0;

    if (!fact_known_int(n))
        return templates[WORDS_UNKNOWN];
    const size_t count = (size_t)snprintf(digits, sizeof digits, "%" PRId64, n < 0 ? -n : n);
    if (n < 0)
        grouped[len++] = '-';
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            grouped[len++] = ',';
        grouped[len++] = digits[i];
    }
    return arena_text(a, (struct text){ grouped, len });
}

struct text words_bytes(struct arena *a, int64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
    enum { EXACT_BELOW = 10000 };
    double value = (double)bytes / 1000;
    size_t unit = 0;

    if (!fact_known_int(bytes))
        return templates[WORDS_UNKNOWN];
    if (bytes < EXACT_BELOW) {
        const struct text count = words_count(a, bytes);
        return arena_printf(a, "%.*s byte%s", (int)count.len, count.at, bytes == 1 ? "" : "s");
    }
    /* 999.5 would be shown as 1000 */
    while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    return arena_printf(a, "%.*f %s", value < 99.95 ? 1 : 0, value, units[unit]);
}

struct text words_duration(struct arena *a, double seconds)
{
    if (!fact_known_real(seconds) || seconds < 0 || seconds > 1e15)
        return templates[WORDS_UNKNOWN];
    const int64_t s = llround(seconds);
    if (s == 0 && seconds > 0)
        return TEXT("under 1 s");
    if (s < 60)
        return arena_printf(a, "%" PRId64 " s", s);
    if (s < 3600)
        return s % 60 ? arena_printf(a, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60)
                      : arena_printf(a, "%" PRId64 " min", s / 60);
    if (s < 172800)
        return s / 60 % 60 ? arena_printf(a, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60)
                           : arena_printf(a, "%" PRId64 " h", s / 3600);
    return arena_printf(a, "%" PRId64 " days", s / 86400);
}

struct text words_percent(struct arena *a, double part, double whole)
{
    if (!(whole > 0) || !(part >= 0))
        return templates[WORDS_UNKNOWN];
    const double percent = 100 * part / whole;
    if (part > 0 && percent < 1)
        return TEXT("under 1 %");
    if (part < whole && percent > 99)
        return TEXT("over 99 %");
    return arena_printf(a, "%.0f %%", percent);
}

struct text words_join(struct arena *a, const struct text *parts, size_t count, const char *between)
{
    struct buffer b;

    buffer_init(&b, SENTENCE_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            (void)buffer_add_text(&b, text_of(between));
        (void)buffer_add_text(&b, parts[i]);
    }
    const struct text joined = arena_text(a, buffer_text(&b));
    buffer_done(&b);
    return joined;
}
