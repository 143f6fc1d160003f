#include "flightlog/flight_years.h"

#include "base/timestamp.h"
#include "fact/fact.h"
#include "flightlog/flight_rows.h"

enum { DATE_LENGTH = 10 };

#define ROUND_NS (INT64_C(1024) * 7 * 86400 * NS_PER_S)

static struct text text_of_time(int64_t ns, bool utc, char into[TIMESTAMP_TEXT_MAX + FLIGHT_LOCAL_MAX])
{
    return utc ? timestamp_text(ns, into) : flight_local_text(ns, into);
}

void flight_years_say(struct buffer *note, const char *what, int64_t ns, bool utc)
{
    char into[TIMESTAMP_TEXT_MAX + FLIGHT_LOCAL_MAX];
    struct text text = text_of_time(ns, utc, into);

    if (note->len > 0)
        buffer_add_u8(note, ' ');
    buffer_printf(note, "%s %.*s, which is not believable: %s", what, (int)text.len, text.at,
                  ns < FLIGHT_YEARS_FROM_NS ? "no such log is older than 2010." : "that is yet to come.");
    if (ns >= FLIGHT_YEARS_FROM_NS || ns + ROUND_NS < FLIGHT_YEARS_FROM_NS)
        return;
    text = text_of_time(ns + ROUND_NS, utc, into); /* its day alone: leap seconds came in between */
    buffer_printf(note, " With 1024 weeks more, by which old GPS receivers are wrong, it would be of %.*s.",
                  DATE_LENGTH, text.at);
}
