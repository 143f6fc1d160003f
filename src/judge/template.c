#include "judge/template.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/timestamp.h"

struct hole {
    struct text whole, name, form, argument;
};

/* Takes the text up to the next hole, and the hole.  False at the end or when it is not
 * closed; `rest` is then what is left. */
static bool next_hole(struct text *rest, struct text *before, struct hole *hole)
{
    const char *open = rest->len ? memchr(rest->at, '{', rest->len) : NULL;
    const char *close = open ? memchr(open, '}', rest->len - (size_t)(open - rest->at)) : NULL;

    if (!close)
        return false;
    *before = (struct text){ .at = rest->at, .len = (size_t)(open - rest->at) };
    struct text inner = { .at = open + 1, .len = (size_t)(close - open - 1) };
    *hole = (struct hole){ .whole = inner, .name = inner, .form = TEXT(""), .argument = TEXT("") };
    const char *bar = inner.len ? memchr(inner.at, '|', inner.len) : NULL;
    if (bar) {
        hole->name.len = (size_t)(bar - inner.at);
        hole->form = (struct text){ .at = bar + 1, .len = inner.len - hole->name.len - 1 };
        const char *blank = hole->form.len ? memchr(hole->form.at, ' ', hole->form.len) : NULL;
        if (blank) {
            hole->argument = (struct text){ .at = blank + 1,
                                           .len = hole->form.len - (size_t)(blank + 1 - hole->form.at) };
            hole->form.len = (size_t)(blank - hole->form.at);
        }
    }
    rest->len -= (size_t)(close + 1 - rest->at);
    rest->at = close + 1;
    return true;
}

static void add_text(struct buffer *b, struct text t)
{
    size_t len = 0;

    if (t.len <= TEMPLATE_TEXT_MAX) {
        buffer_add_text(b, t);
        return;
    }
    /* Not in the middle of a character. */
    while (len < TEMPLATE_TEXT_MAX) {
        const size_t n = text_utf8_length((struct text){ .at = t.at + len, .len = t.len - len });
        if (len + (n ? n : 1) > TEMPLATE_TEXT_MAX)
            break;
        len += n ? n : 1;
    }
    buffer_add_text(b, (struct text){ .at = t.at, .len = len });
    buffer_printf(b, "...");
}

static double number_of(const struct query_cell *cell)
{
    return cell->type == QUERY_INT ? (double)cell->integer : cell->type == QUERY_REAL ? cell->real : NAN;
}

static void add_size(struct buffer *b, const struct query_cell *cell)
{
    const char *const units[] = { "kB", "MB", "GB", "TB" };
    double bytes = number_of(cell);
    int unit = -1;

    if (isnan(bytes)) {
        buffer_printf(b, "an unknown number of bytes");
        return;
    }
    if (bytes == 1) {
        buffer_printf(b, "1 byte");
        return;
    }
    while (bytes >= 999.5 && unit < 3) {
        bytes /= 1000;
        unit++;
    }
    if (unit < 0)
        buffer_printf(b, "%.0f bytes", bytes);
    else
        buffer_printf(b, bytes < 9.95 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void add_percent(struct buffer *b, const struct query_cell *cell)
{
    const double percent = number_of(cell) * 100;

    if (isnan(percent))
        buffer_printf(b, "an unknown share");
    else if (percent > 0 && percent < 0.1)
        buffer_printf(b, "under 0.1 %%");
    else if (percent > 99 && percent < 100)
        buffer_printf(b, "%.1f %%", percent > 99.9 ? 99.9 : percent);
    else
        buffer_printf(b, percent < 9.95 && percent != floor(percent) ? "%.1f %%" : "%.0f %%", percent);
}

static void add_duration(struct buffer *b, const struct query_cell *cell)
{
    const double seconds = number_of(cell);

    if (isnan(seconds) || seconds < 0 || seconds > 1e12) {
        buffer_printf(b, "an unknown time");
        return;
    }
    const int64_t s = (int64_t)(seconds + 0.5);
    if (s < 60)
        buffer_printf(b, "%" PRId64 " s", s);
    else if (s < 3600)
        buffer_printf(b, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
    else
        buffer_printf(b, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60);
}

static void add_day(struct buffer *b, const struct query_cell *cell)
{
    char into[TIMESTAMP_TEXT_MAX];
    int64_t ns;

    if (cell->type == QUERY_INT)
        ns = cell->integer;
    else if (cell->type != QUERY_TEXT || !timestamp_parse(cell->text, &ns)) {
        buffer_printf(b, "an unknown day");
        return;
    }
    struct text t = timestamp_text(ns, into);
    if (t.len > 10)
        t.len = 10;
    buffer_add_text(b, t);
}

static void add_plain(struct buffer *b, const struct query_cell *cell)
{
    switch (cell->type) {
    case QUERY_NULL: buffer_printf(b, "unknown"); break;
    case QUERY_INT:  buffer_printf(b, "%" PRId64, cell->integer); break;
    case QUERY_REAL: buffer_printf(b, "%.6g", cell->real); break;
    case QUERY_TEXT: add_text(b, cell->text); break;
    }
}

/* "entry" makes "entries". */
static void add_noun(struct buffer *b, struct text noun, bool one)
{
    const bool y = noun.len > 1 && noun.at[noun.len - 1] == 'y' && !strchr("aeiou", noun.at[noun.len - 2]);

    buffer_printf(b, " %.*s%s", (int)(noun.len - (!one && y)), noun.at, one ? "" : y ? "ies" : "s");
}

static void add_hole(struct buffer *b, const struct hole *hole, const struct query_cell *cell)
{
    if (text_equal(hole->form, TEXT("size"))) {
        add_size(b, cell);
    } else if (text_equal(hole->form, TEXT("percent"))) {
        add_percent(b, cell);
    } else if (text_equal(hole->form, TEXT("duration"))) {
        add_duration(b, cell);
    } else if (text_equal(hole->form, TEXT("day"))) {
        add_day(b, cell);
    } else if (text_equal(hole->form, TEXT("count"))) {
        add_plain(b, cell);
        add_noun(b, hole->argument, cell->type == QUERY_INT && cell->integer == 1);
    } else {
        add_plain(b, cell);
    }
}

static bool form_known(const struct hole *hole)
{
    static const char *const forms[] = { "", "size", "percent", "duration", "day" };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (text_equal(hole->form, text_of(forms[i])))
            return hole->argument.len == 0;
    return text_equal(hole->form, TEXT("count")) && hole->argument.len > 0;
}

bool template_check(struct text template, const struct text *names, size_t count, struct text *bad)
{
    struct text before;
    struct hole hole;

    while (next_hole(&template, &before, &hole)) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = text_equal(hole.name, names[i]);
        if (!found || !form_known(&hole)) {
            *bad = hole.whole;
            return false;
        }
    }
    const char *open = template.len ? memchr(template.at, '{', template.len) : NULL;
    if (open)
        *bad = (struct text){ .at = open, .len = template.len - (size_t)(open - template.at) };
    return !open;
}

struct text template_fill(struct text template, const struct template_value *values, size_t count, struct arena *arena)
{
    static const struct query_cell unknown = { .type = QUERY_NULL };
    struct buffer b;
    struct text before;
    struct hole hole;

    buffer_init(&b, TEMPLATE_RESULT_MAX);
    while (next_hole(&template, &before, &hole)) {
        const struct query_cell *cell = &unknown;
        for (size_t i = 0; i < count; i++)
            if (text_equal(values[i].name, hole.name))
                cell = &values[i].cell;
        buffer_add_text(&b, before);
        add_hole(&b, &hole, cell);
    }
    buffer_add_text(&b, template);
    const struct text result = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return result;
}
