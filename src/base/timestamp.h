#ifndef LEASH_BASE_TIMESTAMP_H
#define LEASH_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Times are nanoseconds since 1970-01-01T00:00:00Z (int64_t, named ..._utc_ns),
 * good for the years 1678 to 2261. */
enum { TIMESTAMP_TEXT_MAX = 36 };
#define NS_PER_S INT64_C(1000000000)

/* RFC 3339 UTC with 0, 3, 6 or 9 fraction digits, as many as the value needs;
 * the result points into `into`. */
struct text timestamp_text(int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX]);
/* The same with exactly three digits, as GeoPackage's DATETIME wants it. */
struct text timestamp_text_ms(int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX]);

/* What timestamp_text writes, for times that follow one another closely: the date and the second are kept, and worked
 * out anew when another second begins.  All zeros at first. */
struct timestamp_second {
    bool known;
    int64_t second;
    char text[24];  /* YYYY-MM-DDTHH:MM:SS without its end */
};
struct text timestamp_text_near(struct timestamp_second *kept, int64_t time_utc_ns, char into[TIMESTAMP_TEXT_MAX]);

/* RFC 3339 with offset or Z; false leaves `ret` alone. */
bool timestamp_parse(struct text t, int64_t *ret_utc_ns);

/* Proleptic Gregorian calendar.  False, and `ret` alone, for dates that do not exist. */
bool timestamp_from_civil(int year, int month, int day, int hour, int minute, int second, int64_t *ret_utc_ns);

#endif
