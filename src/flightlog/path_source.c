#include "flightlog/path_source.h"

#include <inttypes.h>

void path_sources_init(struct path_sources *s, const char *const *names, unsigned count)
{
    *s = (struct path_sources){ .names = names, .count = count };
    for (unsigned i = 0; i < PATH_SOURCES_MAX; i++)
        s->last_us[i] = FACT_UNKNOWN_INT;
}

void path_sources_expect(struct path_sources *s, unsigned source, int64_t at_us)
{
    if (!fact_known_int(s->last_us[source]))
        s->last_us[source] = at_us;
}

/* Near in time, before or after: what a look ahead found may lie after. */
static bool is_near(int64_t one_us, int64_t other_us)
{
    int64_t apart_us;

    return fact_known_int(one_us) && !__builtin_sub_overflow(one_us, other_us, &apart_us) &&
           apart_us <= PATH_SOURCE_GAP_US && apart_us >= -PATH_SOURCE_GAP_US;
}

bool path_sources_leads(const struct path_sources *s, unsigned source, int64_t at_us)
{
    const bool is_last_resort = s->last_has_no_fix && source == s->count - 1;

    for (unsigned i = 0; i < source; i++)
        if (is_near(s->last_us[i], at_us) || (is_last_resort && fact_known_int(s->last_us[i])))
            return false;
    return true;
}

bool path_sources_take(struct path_sources *s, unsigned source, int64_t at_us)
{
    const bool leads = path_sources_leads(s, source, at_us);

    s->fixes[source]++;
    s->last_us[source] = at_us;
    s->in_path[source] += leads;
    return leads;
}

void path_sources_note(const struct path_sources *s, struct flight_rows *rows)
{
    enum { SENTENCE_MAX = 1024 };
    struct buffer text;
    const char *before = "The path is that of ";

    buffer_init(&text, SENTENCE_MAX);
    for (unsigned i = 0; i < s->count; i++)
        if (s->in_path[i] > 0) {
            buffer_printf(&text, "%s%s (%" PRId64 " fixes)", before, s->names[i], s->in_path[i]);
            before = " and, where that paused for 10 s, of ";
        }
    before = text.len > 0 ? "; not in it are " : "Not in a path are ";
    for (unsigned i = 0; i < s->count; i++)
        if (s->fixes[i] > s->in_path[i]) {
            buffer_printf(&text, "%s%" PRId64 " of %s", before, s->fixes[i] - s->in_path[i], s->names[i]);
            before = ", ";
        }
    if (text.len > 0)
        flight_rows_note(rows, "%.*s.", (int)text.len, (const char *)text.at);
    buffer_done(&text);
}

void path_home_describe(struct flight_rows *rows, const struct flight_point *origin)
{
    const struct flight_point *home = rows->home_known ? &rows->home : origin;

    if (!home)
        return;
    rows->row.home_longitude_deg = home->longitude_deg;
    rows->row.home_latitude_deg = home->latitude_deg;
}
