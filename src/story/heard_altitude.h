#ifndef LEASH_STORY_HEARD_ALTITUDE_H
#define LEASH_STORY_HEARD_ALTITUDE_H

#include <sqlite3.h>

#include "base/text.h"
#include "story/timeline.h"

/* The altitudes that an aircraft broadcast, against those of a flight's log, which may count from another level.
 *
 * Two of one level must be the same within 15 m: what receivers and barometers of two parts of one aircraft are wrong
 * by.  Of other levels their difference is a constant, which lies in what the levels differ by anywhere on earth, give
 * or take these 15 m:
 *
 *   broadcast      log           higher by
 *   ellipsoid      msl           -107 to 86 m: the geoid (EGM96)
 *   msl            ellipsoid     -86 to 107 m
 *   pressure       msl           -700 to 800 m: air pressures of 950 to 1050 hPa, and the temperature
 *   pressure       ellipsoid     both
 *   other pairs, and logs of unknown level: any constant, as nothing tells how high the take-off place lies
 *
 * And it must be constant: half of the moments within 15 m of the median, 95 of 100 within 30 m (who climbs at 6 m/s
 * moves by 18 m in the 3 s by which clocks may be apart).  A height above the ground is not compared: it goes with the
 * ground; nor are DJI's own, whose units are inferred. */
enum { HEARD_ALTITUDE_M = 15, HEARD_ALTITUDE_FAR_M = 30, HEARD_ALTITUDE_POINTS = 10 };

enum heard_level { HEARD_ALTITUDE, HEARD_PRESSURE_ALTITUDE, HEARD_HEIGHT, HEARD_LEVELS };

struct heard_altitudes {
    struct timeline of[HEARD_LEVELS];
    struct text ref;               /* of HEARD_ALTITUDE: ellipsoid | msl */
};

void heard_altitudes_init(struct heard_altitudes *h, size_t samples_max);
void heard_altitudes_end(struct heard_altitudes *h);  /* after the last row */
void heard_altitudes_done(struct heard_altitudes *h);

/* The columns of a row of `broadcast` that it reads, beginning at one of the caller's. */
#define HEARD_ALTITUDE_COLUMNS \
    "altitude_m, alt_ref," \
    " CASE WHEN json_valid(details) THEN json_extract(details, '$.location.altitude_pressure_m') END," \
    " CASE WHEN json_valid(details) AND ifnull(json_extract(details, '$.location.height_ref'), 'takeoff') = 'takeoff'" \
    " THEN coalesce(json_extract(details, '$.location.height_m'), json_extract(details, '$.height_m')) END"
/* `place` has time and place of it. */
void heard_altitudes_add(struct heard_altitudes *h, sqlite3_stmt *row, int column, struct timeline_sample place);

/* What is told of it. */
struct heard_altitude {
    const char *kind;              /* broadcast_altitude, broadcast_pressure_altitude, broadcast_height; or one of these with _agrees */
    double amount_m;               /* how much higher the broadcast is: median */
    char sentence[640];
};

/* False: too little to compare.  `id` is how the aircraft calls itself, `log_ref` the level of the log's altitudes, or
 * unknown. */
bool heard_altitude_compare(const struct heard_altitudes *h, enum heard_level level, struct text id,
                            const struct timeline *log,
                            struct text log_ref, int64_t shift_ns, struct heard_altitude *ret);

#endif
