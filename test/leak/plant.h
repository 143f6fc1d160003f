#ifndef LEASH_TEST_LEAK_PLANT_H
#define LEASH_TEST_LEAK_PLANT_H

/* Made-up flights over open sea, and bytes with something planted in them. */

#include "support/support.h"

#include "base/buffer.h"
#include "leak/search.h"

struct site {
    const char *name;
    double longitude_deg, latitude_deg; /* the south-west corner of the survey */
};

enum site_name { SITE_ATLANTIC, SITE_SOUTH, SITE_EQUATOR_GREENWICH, SITE_DATE_LINE, SITE_COUNT };
extern const struct site sites[SITE_COUNT];

#define FLIGHT_START_NS (INT64_C(1905242400) * 1000000000)

struct flight_plan {
    double offset_east_m, offset_north_m; /* against the site */
    double row_m, spacing_m;
    size_t points;
    double speed_m_s, hz;
};
extern const struct flight_plan survey; /* the plan of the known flight */

/* Fills points of a survey pattern: rows east and west, one behind the other northwards. */
void fly(const struct site *site, const struct flight_plan *plan, struct track_point *into);
struct track_point shifted_by(const struct track_point *p, double east_m, double north_m);

/* A fixed generator, so that a failure can be repeated. */
uint64_t random_next(uint64_t *state);
double random_unit(uint64_t *state);
void random_fill(uint64_t *state, uint8_t *at, size_t len);

/* Secrets with the known flight as "flight-1". */
struct secrets *secrets_with_flight(const struct site *site);

/* Searches bytes fed in chunks as one view of flow 7, addressed to collector.example,
 * and closes the item. */
struct found {
    struct kept_facts facts;
    struct reading reading;
};
void find(const struct leak_index *index, struct bytes b, size_t chunk, struct text_list decoding, struct found *found);
void found_done(struct found *f);
size_t leak_count(const struct found *f);
const struct fact_leak *leak_row(const struct found *f, size_t nth);
const struct fact_search *search_row(const struct found *f);
/* The first leak with the claim key, or NULL. */
const struct fact_leak *leak_with(const struct found *f, const char *claim_key);

/* One stored number, appended. */
void put_number(struct buffer *b, enum number_kind kind, bool big_endian, double degrees);

#endif
