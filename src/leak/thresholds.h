#ifndef LEASH_LEAK_THRESHOLDS_H
#define LEASH_LEAK_THRESHOLDS_H

/* From which evidence on what may be said, in one table: doc/leak-detection.md has the same in
 * words.  They were chosen with the flights and seeds of the unit tests and of the bench's tuning, never
 * with the judge's. */

/* Any position at all.  Random bytes hold a pair of b bits once in 2^b places.  70 bits are 2^50 trials (a
 * terabyte, 20 encodings, 42 neighbours) and a one in a million chance of a false finding. */
#define GRADE_BITS 70.0
/* References to places are looked for only where text says "tile", "box" or the like, so there are about 2^20
 * of them in a gigabyte, and 40 bits leave one false one in a million gigabytes. */
#define PLACE_BITS 40.0
/* Addresses of Wi-Fi networks in one view that tell a place: location services want two or more, and two may be one
 * router's. */
#define NETWORKS_MIN 3
/* Of the positions, within TRACK_NEAR_M, for "near the path". */
#define NEAR_SHARE 0.8

/* A track without times.  Fewer points lie on a dense survey by accident: 4 points on the track fired on 40 of 40
 * diagonals. */
#define SEQUENCE_POINTS_MIN 16
#define SEQUENCE_ROWS_SPAN_M 30.0  /* shorter stretches are a place, not a track */
#define SEQUENCE_ON_TRACK_M 6.0    /* the prototype's rule R3 held with it */
#define SEQUENCE_RMS_ROWS_M 2.8    /* points strewn evenly over what is on the track have 3.5 */
#define SEQUENCE_SKIP_MAX 3        /* foreign points in a row */

/* This flight by its turns: somebody on the same rows turns elsewhere. */
#define SEQUENCE_TURN_SPAN_M 30.0  /* across the main direction */
#define SEQUENCE_RMS_M 2.0         /* what was sent and what was logged come from one receiver; others miss by more */
#define SEQUENCE_PART_MIN 6        /* points of a stretch; where gaps cut the sequence, stretches that turn count together */
#define SEQUENCE_PART_SPAN_M 12.0
#define SEQUENCE_PARTS_SPAN_M 40.0
#define SEQUENCE_PARTS_MIN 10      /* points of them together, of a track of SEQUENCE_POINTS_MIN */
/* Between two points the flight may be longer than the straight line by a third of it on short links, by a tenth on
 * long ones; but never by so much that somebody could have turned 7 m earlier or later. */
#define SEQUENCE_DENSE_MAX_M 30.0
#define SEQUENCE_DETOUR_MAX_M 13.0
/* Round one corner it is longer by as much as two sides of a square are than its diagonal.  Whoever turns d metres
 * further away goes 2 d further; a corner near one end of the link hides most, (sqrt 2 - 1) / 2 of its length and half
 * the slack: of 100 m 22.7, so nobody who turns SEQUENCE_TURN_SPAN_M elsewhere goes unseen, nor, by up to 14 m more in
 * the link's length, with positions that are rounded to 7 m. */
#define SEQUENCE_CORNER_MAX_M 100.0
#define SEQUENCE_CORNER_SLACK_M 4.0
#define SEQUENCE_LINK_HITS_MAX 2   /* one foreign or missing point between two that follow one another */

/* This flight by its own fixes. */
#define SEQUENCE_FIX_M 0.02        /* how much a program may change a fix besides rounding it */
#define SEQUENCE_FIX_SHARE 0.7     /* of the points on the track that have to fall on fixes */
#define SEQUENCE_FIX_BITS_MAX 3.0  /* that one point may count: a jump over a turn that was not seen is no proof of many bits */
#define SEQUENCE_OWN_BITS 30.0     /* a thousand million others on the same rows, and none that looks so by chance */

/* This flight by times: a time and a place agree for nobody else. */
#define SEQUENCE_TIMED_MIN 6
#define SEQUENCE_CAPTURED_MIN 12   /* when the time is only that of the packet */
#define SEQUENCE_TIMED_SHARE 0.7   /* of those with a time */
#define SEQUENCE_SHIFT_MAX_S 5     /* that clocks and transmission take */

/* Steps from the position before, and columns. */
#define RUN_STEPS_MIN 8            /* before anything is given: random 16 bits pass once in a million */
#define RUN_STEP_MAX_DEG 0.005     /* of latitude, and as many metres of longitude: 550 m between two positions */
#define RUN_LONG_M 120.0           /* longer steps are rare: so many of the first RUN_STEPS_MIN may be */
#define RUN_LONG_STEPS_MAX 2
/* Near 0 N 0 E any small numbers begin a run, and zeros go on with it: there the first steps have to move. */
#define RUN_MOVED_M 2.0
#define RUN_RESTS_MAX 4            /* of RUN_STEPS_MIN */

/* Near zero: integers look like counters and lengths, floats of four bytes like text.  Of random floats, which are as
 * often small as large, every third pair goes on from the one before: twelve do once in 3^11. */
#define POSITION_NEAR_ZERO_DEG 0.1
#define WEAK_JOINED_MIN 12
#define WEAK_ASTRAY_MAX 3          /* others in between, once they are enough */
#define WEAK_STEP_MAX_M 400.0

#endif
