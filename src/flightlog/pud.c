#include "flightlog/pud.h"

#include <math.h>

#include "fact/fact.h"

enum { STEP_MS_MAX = 20000, GAP_MS_MAX = 600000, STEPS_MAX = 8, STEP_SLACK_MS = 200 };

enum pud_type pud_type_of(struct text name)
{
    static const struct { struct text name; enum pud_type type; } types[] = {
        { TEXT_INIT("integer"), PUD_INTEGER }, { TEXT_INIT("boolean"), PUD_BOOLEAN },
        { TEXT_INIT("float"), PUD_FLOAT }, { TEXT_INIT("double"), PUD_DOUBLE },
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_equal(name, types[i].name))
            return types[i].type;
    return PUD_UNKNOWN;
}

static bool is_readable(const struct pud_column *c)
{
    switch (c->type) {
    case PUD_INTEGER: return c->bytes == 1 || c->bytes == 2 || c->bytes == 4 || c->bytes == 8;
    case PUD_BOOLEAN: return c->bytes == 1;
    case PUD_FLOAT:   return c->bytes == 4;
    case PUD_DOUBLE:  return c->bytes == 8;
    case PUD_UNKNOWN: break;
    }
    return false;
}

size_t pud_row_bytes(const struct pud *p)
{
    size_t total = 0;

    for (size_t i = 0; i < p->count; i++) {
        if (!is_readable(&p->columns[i]))
            return 0;
        total += (size_t)p->columns[i].bytes;
    }
    return total;
}

static double value_of(const struct pud_column *column, struct cursor *c)
{
    if (column->type == PUD_DOUBLE)
        return cursor_f64le(c);
    if (column->type == PUD_FLOAT)
        return (double)cursor_f32le(c);
    switch (column->bytes) {
    case 1:  return (int8_t)cursor_u8(c);
    case 2:  return cursor_i16le(c);
    case 4:  return cursor_i32le(c);
    default: return (double)cursor_i64le(c);
    }
}

void pud_row_read(const struct pud *p, struct bytes row, double *into)
{
    struct cursor c = cursor_over(row);

    for (size_t i = 0; i < p->count; i++)
        into[i] = value_of(&p->columns[i], &c);
}

static double clock_of(const struct pud *p, struct bytes row)
{
    struct cursor c = cursor_over(row);

    for (int i = 0; i < p->time; i++)
        cursor_skip(&c, (size_t)p->columns[i].bytes);
    return value_of(&p->columns[p->time], &c);
}

/* A clock that went back is believed where three rows go on from it: what follows is of another log. */
static bool begins_anew(const struct pud *p, struct bytes at, size_t row_bytes, double ms, double step_max)
{
    for (size_t k = 1; k <= 3; k++) {
        const struct bytes later = bytes_part(at, k * row_bytes, UINT64_MAX);
        const double later_ms = later.len < row_bytes ? FACT_UNKNOWN_REAL : clock_of(p, later);
        if (!(later_ms > ms && later_ms - ms < step_max)) /* NaN fails */
            return false;
        ms = later_ms;
    }
    return true;
}

/* Whether a row stands at `at`: its clock goes on from the one before, and one of the two rows behind it goes on from
 * there, where there are any: bytes that are missing inside a row show in all that follow, a wrong clock in one.  Only
 * a clock goes on; what else stands in its place may look like a time, but stays the same from row to
 * row, or leaps by more than rows are apart. */
static bool is_row(const struct pud *p, struct bytes at, size_t row_bytes, double last_ms, double step_ms)
{
    const double ms = clock_of(p, at), step_max = isfinite(step_ms) &&
        step_ms > 0 ? STEPS_MAX * step_ms + STEP_SLACK_MS : STEP_MS_MAX;

    if (!(ms >= 0) || (isfinite(last_ms) && ms >= last_ms + GAP_MS_MAX))
        return false;
    if (isfinite(last_ms) && ms <= last_ms)
        return begins_anew(p, at, row_bytes, ms, step_max);
    for (size_t k = 1; k <= 2; k++) {
        const struct bytes later = bytes_part(at, k * row_bytes, UINT64_MAX);
        if (later.len < row_bytes)
            return true;
        const double later_ms = clock_of(p, later);
        if (later_ms > ms && later_ms - ms < (double)k * step_max)
            return true;
    }
    return false;
}

size_t pud_lost(const struct pud *p, struct bytes rest, double last_ms, double step_ms)
{
    const size_t row_bytes = pud_row_bytes(p);

    if (p->time < 0 || row_bytes == 0)
        return 0;
    for (size_t n = 0; n + row_bytes <= rest.len; n++)
        if (is_row(p, bytes_part(rest, n, UINT64_MAX), row_bytes, last_ms, step_ms))
            return n;
    return rest.len;
}
