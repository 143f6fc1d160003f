#include "report/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "fact/fact.h"

enum { SENTENCE_MAX = 16384 };

static const struct text sentences[WORDS_COUNT][WORDS_LANGUAGE_COUNT] = {
#define W(key, english, spanish) \
    [WORDS_##key] = { [WORDS_ENGLISH] = { english, sizeof(english) - 1 }, \
                      [WORDS_SPANISH] = { spanish, sizeof(spanish) - 1 } },
#include "report/words_table.h"
#include "report/words_page.h"
#include "report/words_fields.h"
#undef W
};

static const char *const key_names[WORDS_COUNT] = {
#define W(key, english, spanish) [WORDS_##key] = #key,
#include "report/words_table.h"
#include "report/words_page.h"
#include "report/words_fields.h"
#undef W
};

static const struct language {
    const char *code;
    const char *between_thousands, *decimal_mark;
} languages[WORDS_LANGUAGE_COUNT] = {
    [WORDS_ENGLISH] = { "en", ",", "." }, [WORDS_SPANISH] = { "es", "\u00a0", "," },
};

/* One report is written at a time, and all of it in one language. */
static enum words_language spoken = WORDS_ENGLISH;

bool words_use_language(struct text code)
{
    for (int i = 0; i < WORDS_LANGUAGE_COUNT; i++)
        if (text_equal(code, text_of(languages[i].code))) {
            spoken = (enum words_language)i;
            return true;
        }
    return false;
}

enum words_language words_language(void)
{
    return spoken;
}

struct text words_language_code(enum words_language language)
{
    return text_of(languages[language].code);
}

struct text words_plain(enum words_key key)
{
    return sentences[key][spoken];
}

struct text words_value(struct text value)
{
    const struct text prefix = TEXT("VALUE_");

    for (int key = 0; key < WORDS_COUNT; key++) {
        const struct text name = text_of(key_names[key]);
        if (text_starts_with(name, prefix) && text_equal((struct text){ name.at + prefix.len, name.len - prefix.len },
                                                         value))
            return words_plain((enum words_key)key);
    }
    return value;
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
        (void)buffer_add_text(b, text_known(argument) ? argument : words_plain(WORDS_UNKNOWN));
        return;
    }
    const struct text choices = { field.at + 2, field.len - 2 };
    const struct text one = text_until(choices, '|');
    const struct text many = { one.at + one.len + 1, choices.len - one.len - 1 };
    (void)buffer_add_text(b, text_equal(argument, TEXT("1")) ? one : many);
}

struct text words_say(struct arena *a, enum words_key key, const struct text *arguments, size_t count)
{
    struct text rest = words_plain(key);
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
    char digits[24], grouped[48];
    const struct text between = text_of(languages[spoken].between_thousands);
    size_t len = 0;

    if (!fact_known_int(n))
        return words_plain(WORDS_UNKNOWN);
    const size_t count = (size_t)snprintf(digits, sizeof digits, "%" PRId64, n < 0 ? -n : n);
    if (n < 0)
        grouped[len++] = '-';
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) {
            memcpy(grouped + len, between.at, between.len);
            len += between.len;
        }
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
        return words_plain(WORDS_UNKNOWN);
    if (bytes < EXACT_BELOW) {
        const struct text count = words_count(a, bytes);
        return arena_printf(a, "%.*s byte%s", (int)count.len, count.at, bytes == 1 ? "" : "s");
    }
    /* 999.5 would be shown as 1000 */
    while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    if (value >= 99.95)
        return arena_printf(a, "%.0f %s", value, units[unit]);
    const int64_t tenths = llround(value * 10);
    return arena_printf(a, "%" PRId64 "%s%" PRId64 " %s", tenths / 10, languages[spoken].decimal_mark, tenths % 10,
                        units[unit]);
}

struct text words_duration(struct arena *a, double seconds)
{
    if (!fact_known_real(seconds) || seconds < 0 || seconds > 1e15)
        return words_plain(WORDS_UNKNOWN);
    const int64_t s = llround(seconds);
    if (s == 0 && seconds > 0)
        return words_plain(WORDS_UNDER_SECOND);
    if (s < 60)
        return arena_printf(a, "%" PRId64 " s", s);
    if (s < 3600)
        return s % 60 ? arena_printf(a, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60)
                      : arena_printf(a, "%" PRId64 " min", s / 60);
    if (s < 172800)
        return s / 60 % 60 ? arena_printf(a, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60)
                           : arena_printf(a, "%" PRId64 " h", s / 3600);
    return WORDS_SAY(a, DAYS, words_count(a, s / 86400));
}

struct text words_number(struct arena *a, double n)
{
    if (!fact_known_real(n) || !(n >= 0 && n < 1e15))
        return words_plain(WORDS_UNKNOWN);
    if (n == 0 || n >= 9.95)
        return words_count(a, llround(n));
    if (n < 0.01)
        return words_plain(WORDS_UNDER_HUNDREDTH);
    const int decimals = n < 0.995 ? 2 : 1;
    const int64_t parts = llround(n * (decimals == 2 ? 100 : 10)), unit = decimals == 2 ? 100 : 10;
    return arena_printf(a, "%" PRId64 "%s%0*" PRId64, parts / unit, languages[spoken].decimal_mark, decimals,
                        parts % unit);
}

struct text words_percent(struct arena *a, double part, double whole)
{
    if (!(whole > 0) || !(part >= 0))
        return words_plain(WORDS_UNKNOWN);
    const double percent = 100 * part / whole;
    if (part > 0 && percent < 1)
        return words_plain(WORDS_UNDER_PERCENT);
    if (part < whole && percent > 99)
        return words_plain(WORDS_OVER_PERCENT);
    return arena_printf(a, "%.0f %%", percent);
}

void words_json(FILE *out)
{
    struct json j;

    json_init(&j, out, false);
    json_object(&j);
    json_member_text(&j, "language", words_language_code(spoken));
    json_key(&j, "words");
    json_object(&j);
    for (int key = 0; key < WORDS_COUNT; key++)
        json_member_text(&j, key_names[key], words_plain((enum words_key)key));
    json_object_end(&j);
    json_object_end(&j);
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
