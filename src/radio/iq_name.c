#include "radio/iq_name.h"

#include <math.h>
#include <stdlib.h>

static const struct { struct text ending; enum iq_type type; } endings[] = {
    { TEXT_INIT("fc32"), IQ_F32 }, { TEXT_INIT("cf32"), IQ_F32 }, { TEXT_INIT("cfile"), IQ_F32 }, { TEXT_INIT("f32"), IQ_F32 },
    { TEXT_INIT("complex"), IQ_F32 }, { TEXT_INIT("fc64"), IQ_F64 }, { TEXT_INIT("cf64"), IQ_F64 },
    { TEXT_INIT("sc16"), IQ_I16 }, { TEXT_INIT("cs16"), IQ_I16 }, { TEXT_INIT("ci16"), IQ_I16 }, { TEXT_INIT("s16"), IQ_I16 },
    { TEXT_INIT("complex16s"), IQ_I8 }, { TEXT_INIT("sc8"), IQ_I8 }, { TEXT_INIT("cs8"), IQ_I8 }, { TEXT_INIT("ci8"), IQ_I8 },
    { TEXT_INIT("s8"), IQ_I8 }, { TEXT_INIT("cu8"), IQ_U8 }, { TEXT_INIT("uc8"), IQ_U8 }, { TEXT_INIT("cu16"), IQ_U16 },
    { TEXT_INIT("cs32"), IQ_I32 }, { TEXT_INIT("sc32"), IQ_I32 },
};

static struct text file_name(struct text path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/' || path.at[i - 1] == '!')
            return (struct text){ .at = path.at + i, .len = path.len - i };
    return path;
}

enum iq_type iq_type_of_name(struct text name)
{
    const struct text file = text_known(name) ? file_name(name) : TEXT("");
    size_t dot = file.len;

    while (dot > 0 && file.at[dot - 1] != '.')
        dot--;
    if (dot == 0)
        return IQ_UNKNOWN;
    const struct text ending = { .at = file.at + dot, .len = file.len - dot };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_equal_ignoring_case(ending, endings[i].ending))
            return endings[i].type;
    return IQ_UNKNOWN;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* What stands behind a number. */
static double unit_of(struct text rest)
{
    static const struct { struct text word; double times; } units[] = {
        { TEXT_INIT("msps"), 1e6 }, { TEXT_INIT("ms/s"), 1e6 }, { TEXT_INIT("msa"), 1e6 }, { TEXT_INIT("mss"), 1e6 },
        { TEXT_INIT("ksps"), 1e3 }, { TEXT_INIT("ks/s"), 1e3 }, { TEXT_INIT("sps"), 1 }, { TEXT_INIT("e6"), 1e6 },
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (rest.len >= units[i].word.len &&
            text_equal_ignoring_case((struct text){ .at = rest.at, .len = units[i].word.len }, units[i].word))
            return units[i].times;
    return 0;
}

double iq_rate_of_name(struct text name)
{
    const struct text file = text_known(name) ? file_name(name) : TEXT("");

    for (size_t i = 0; i < file.len; i++) {
        if (!is_digit(file.at[i]) || (i > 0 && (is_digit(file.at[i - 1]) || file.at[i - 1] == '.')))
            continue;
        double value = 0, place = 0;
        size_t end = i;
        for (; end < file.len && (is_digit(file.at[end]) || (file.at[end] == '.' && place == 0)); end++) {
            if (file.at[end] == '.') {
                place = 1;
                continue;
            }
            value = value * 10 + (file.at[end] - '0');
            place *= 10;
        }
        if (place > 1)
            value /= place;
        if (end < file.len && (file.at[end] == '_' || file.at[end] == '-' || file.at[end] == ' '))
            end++;
        const double rate = value * unit_of((struct text){ .at = file.at + end, .len = file.len - end });
        if (rate >= 1e6 && rate <= 1e9)
            return rate;
    }
    return 0;
}

enum { PLACES = 16, AT_ONE = 512 };

struct looks {
    size_t numbers, odd;        /* all; those that are no number, or too large or small */
    size_t zeros;
    double power[2];
    size_t falls[2];            /* how often the value went down: about as often as up */
};

static struct looks look(const struct iq *q)
{
    struct looks l = { 0 };
    struct sample samples[AT_ONE];
    const uint64_t all = iq_count(q);

    for (unsigned k = 0; k < PLACES; k++) {
        const size_t count = all < AT_ONE ? (size_t)all : AT_ONE;
        l.odd += iq_take(q, (all - count) / (PLACES - 1) * k, count, samples);
        l.numbers += 2 * count;
        for (size_t i = 0; i < count; i++) {
            const float parts[2] = { samples[i].re, samples[i].im };
            for (int p = 0; p < 2; p++) {
                const float size = fabsf(parts[p]);
                l.zeros += size == 0;
                l.odd += size > 1e6f || (size > 0 && size < 1e-12f);
                l.power[p] += (double)size * (double)size;
            }
            if (i > 0) {
                l.falls[0] += samples[i].re < samples[i - 1].re;
                l.falls[1] += samples[i].im < samples[i - 1].im;
            }
        }
    }
    return l;
}

bool iq_looks_like_f32(struct bytes content)
{
    enum { LEAST_BYTES = 64 * 1024 };
    const struct iq q = { .samples = content, .type = IQ_F32 };

    if (content.len < LEAST_BYTES || content.len % 4 != 0)
        return false;
    const struct looks l = look(&q);
    const size_t steps = l.numbers / 2;
    if (l.odd > 0 || l.zeros > l.numbers / 4)
        return false;
    for (int p = 0; p < 2; p++)
        if (l.falls[p] < steps / 5 || l.falls[p] > steps * 4 / 5 || !(l.power[p] > 0) ||
            l.power[p] > 4 * l.power[1 - p])
            return false;
    return true;
}

bool iq_may_be(struct bytes content, enum iq_type type)
{
    const struct iq q = { .samples = content, .type = type };

    if (iq_count(&q) == 0)
        return false;
    const struct looks l = look(&q);
    return l.odd <= l.numbers / 8;
}
