#ifndef LEASH_STORY_SOURCE_H
#define LEASH_STORY_SOURCE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "fact/fact.h"
#include "story/story.h"
#include "story/timeline.h"

/* What tells of a flight: a row of `flight`, or one of `media`. */

/* How it was joined: the rules of story.h. */
enum story_rule { RULE_NONE, RULE_SERIAL, RULE_PATH, RULE_TWIN, RULE_ENDS, RULE_CLOCK, RULE_PHOTO, RULE_FILE,
                  RULE_SERIES, RULE_COUNT };

struct source {
    struct text id, evidence, format, time_basis, alt_ref;
    struct text serial;            /* of the aircraft, where a log names it */
    struct text_list serials;      /* of a photo */
    struct text camera;            /* model and serial numbers of a photo: those of one camera have one clock */
    bool media;
    bool names_aircraft;           /* a photo: its item has a device that is an aircraft; see sources_read_aircraft */
    struct text serial_of_aircraft; /* and that one's */
    bool local;                    /* its clock has no zone: times below are by that clock until `offset_ns` is known */
    int64_t from_ns, to_ns;        /* or unknown; a photo: the same */
    int64_t offset_ns;             /* UTC minus its clock, once found; 0 for UTC */
    double duration_s;             /* or unknown */
    int64_t points, encrypted, damage;
    double longitude_deg, latitude_deg;          /* the first place, or the photo's; unknown */
    const size_t *photos;          /* of a flight that was rebuilt from them: which sources, `points` of them */
    double home_longitude_deg, home_latitude_deg; /* or unknown */
    double west, south, east, north;             /* of all places, or unknown */
    struct timeline track;

    /* What joining makes of it. */
    size_t set;                    /* one of the sources of the same set; see story_set */
    enum story_rule rule;          /* by which it first came to others */
    size_t with;                   /* one that it was joined with by that rule */
    struct timeline_fit fit;          /* with that one; points 0: nothing was compared */
};

struct sources {
    struct arena *arena;
    struct source *at;
    size_t count, room;
    size_t left_out;               /* beyond STORY_SOURCES_MAX */
    struct { struct text evidence, serial; } *serials; /* of devices, sorted */
    size_t serial_count, serial_room;
};

void sources_init(struct sources *s);
void sources_done(struct sources *s);

/* Flights, media and serial numbers of devices: everything but the positions.  0 or -EIO. */
__attribute__((warn_unused_result)) int sources_read(struct sources *s, sqlite3 *db);
/* Which media name an aircraft.  0 or -EIO. */
__attribute__((warn_unused_result)) int sources_read_aircraft(struct sources *s, sqlite3 *db);
/* One more, all of it unknown; NULL at the limit.  Others may move. */
struct source *sources_add(struct sources *s);
/* The tracks of those whose `track.limit` is set.  0 or -EIO. */
__attribute__((warn_unused_result)) int sources_read_tracks(struct sources *s, sqlite3 *db);

/* Whether a photo names a serial number that the log, or a device in the same item, has.  Unknown (-1) when the photo
 * or the log names none. */
int sources_share_serial(const struct sources *s, const struct source *log, const struct source *photo);

/* When the source says that it was, in UTC; unknown when its clock has no zone and no offset was found. */
static inline int64_t source_utc_ns(const struct source *s, int64_t time_ns)
{
    return !fact_known_int(time_ns) || (s->local && !fact_known_int(s->offset_ns))
        ? FACT_UNKNOWN_INT : time_add(time_ns, s->offset_ns);
}

#endif
