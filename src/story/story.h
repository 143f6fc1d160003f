#ifndef LEASH_STORY_STORY_H
#define LEASH_STORY_STORY_H

#include "base/arena.h"
#include "fact/fact.h"

struct sqlite3;

/* One flight, one story: which logs, subtitles, videos and photos tell the same flight, on which they
 * disagree, and which of them has the best track.  Worked out when all evidence is read, from the rows of
 * flight, position, media and device alone.
 *
 * Two sources are joined when the first rule that can be asked of them holds.  Names of files play no part.
 *
 *   rule    holds when                                                    why so
 *   serial  same serial number of the aircraft; both in UTC, and their    an aircraft is at one place at a time; further
 *           times overlap by 1 s or more; where both have a path then,    apart, a clock or a serial number is wrong, and
 *           half of its points lie within 1,000 m                         which of them the rows do not tell
 *   path    not both name a serial number; both in UTC, 30 s or more and  receivers and fused positions of one aircraft
 *           10 points or more in common; half of them within 15 m, 95 of  were seen 7 m apart all the time, and tables with
 *           100 within 30 m, clocks moved by 3 s at most                  whole seconds lag a second; aircraft keep away
 *   twin    other serial numbers; 60 s or more in common, a path of 50 m  parts of one aircraft have serial numbers of their
 *           or more, half of the points within 3 m, 95 of 100 within 6 m  own; no two aircraft fly in one place
 *   ends    one of the two has no path (it is encrypted, or a summary):   three numbers that agree by chance once in many
 *           no other serial numbers; both begin within 10 s and within    thousand flights of the same place and day
 *           30 m of one another, and last equally long within 10 s
 *   clock   its clock has no zone: one offset, of whole, half or quarter  one number must explain all; UTC-12 to UTC+14 in
 *           hours and 120 s more or less, brings 90 of 100 of its points  quarter hours are the zones of the world, and
 *           (80 of the photos of one camera) within 50 m of flights,      cameras are set by hand or by an app
 *           half of them within 15 m, and no other offset does nearly so
 *   photo   a time in UTC that lies in the flight (5 s before and after   a camera's receiver lags; a serial number that is
 *           count), and a place within 50 m of where the aircraft was     in both logs and photo needs no path
 *           then, 15 m when the serial numbers have none in common; or
 *           a serial number in common
 *   file    a video and the path that a track of it tells                 they lie in one item
 *   series  photos that no log tells, of one camera that flies, one       see story/photo_flight.h: they make a flight
 *           after the other                                               of their own
 *
 * A source that fits two aircraft nearly as well (three times the distance and 3 m) is joined to neither, and
 * a `story_difference` of kind "undecided" says what would decide.  A log that runs on between two take-offs
 * makes them one story.  Joining does not depend on the order of the rows. */

/* The best track is for who reads of the flight: the report's story and its map name it, and the summary counts the
 * flight and its time by it.  Nothing else is left out for it, on purpose: leak/ searches what left for the positions
 * of every track, because another receiver's or a smoothed track is what another program sends; phase/ and
 * judge/coverage take all times at which any source says that it flew. */

enum {
    STORY_OVERLAP_S = 1, STORY_SAME_SERIAL_M = 1000,
    STORY_PATH_S = 30, STORY_PATH_POINTS = 10, STORY_PATH_M = 15, STORY_PATH_FAR_M = 30, STORY_PATH_CLOCK_S = 3,
    STORY_TWIN_S = 60, STORY_TWIN_EXTENT_M = 50, STORY_TWIN_M = 3, STORY_TWIN_FAR_M = 6,
    STORY_ENDS_S = 10, STORY_ENDS_M = 30,
    STORY_CLOCK_RESIDUAL_S = 120, STORY_CLOCK_M = 50, STORY_CLOCK_POINTS = 3,
    STORY_PHOTO_S = 5, STORY_PHOTO_M = 50, STORY_PHOTO_OTHER_SERIAL_M = 15,
    STORY_RIVAL_FACTOR = 3, STORY_RIVAL_M = 3,

    /* What counts as a disagreement. */
    STORY_TELL_CLOCK_S = 1, STORY_TELL_TAKEOFF_M = 30, STORY_TELL_POSITION_M = 3, STORY_TELL_ALTITUDE_M =
        10, STORY_TELL_GAP_S = 10,

    /* Bounds: memory is that of so many samples and sources; what is beyond is said. */
    STORY_SOURCES_MAX = 1 << 17, STORY_SAMPLES_MAX = 1 << 21, STORY_TRACK_SAMPLES_MAX = 2048, STORY_TRACK_SAMPLES_MIN =
        64,
    STORY_PAIRS_MAX = 1 << 20, STORY_BESIDE_MAX = 1 << 26, STORY_UNDECIDED_MAX = 1000,
};

struct story_run {
    /* Takes rows of FACT_STORY, FACT_STORY_SOURCE and FACT_STORY_DIFFERENCE; 0 or a negative errno. */
    int (*put)(void *user, enum fact_kind kind, const void *row);
    /* Sentences for the coverage notes; may be NULL. */
    void (*note)(void *user, struct text sentence);
    void *user;
};

/* Tells the stories of a case that is being written (case_db), and adds a sentence to the note of each flight
 * that others tell too.  Goes over the positions once, and not at all when there is nothing to join.
 * 0, -EIO when the database said no, or what `put` gave. */
__attribute__((warn_unused_result))
int story_tell(struct sqlite3 *db, const struct story_run *run);

#endif
