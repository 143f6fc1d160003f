#ifndef LEASH_FLIGHTLOG_DJI_SRT_CUE_H
#define LEASH_FLIGHTLOG_DJI_SRT_CUE_H

#include "base/text.h"
#include "flightlog/flight_path.h"
#include "flightlog/log_clock.h"

/* What one subtitle says that a DJI camera wrote into a .SRT beside a video, or into the video's own
 * text track.  The forms are in the .c. */

/* The two numbers of a position without labels, as they stand. */
struct dji_srt_pair {
    bool known;
    bool labelled;           /* with letters for the half of the globe: `first` is the latitude */
    double first, second;
    double third;            /* or NaN */
};

enum dji_srt_order { ORDER_UNKNOWN, ORDER_LABELLED, LONGITUDE_FIRST, LATITUDE_FIRST };

struct dji_srt_cue {
    bool telemetry;          /* something that only such subtitles say */
    bool cut;                /* ends within a bracket, or with half a position */
    bool says_position;      /* or that it has none: GPS(N/A,N/A,3) */
    double latitude_deg, longitude_deg;     /* of labelled fields, or NaN */
    struct dji_srt_pair gps, home;
    double height_m;         /* above take-off, or NaN */
    double altitude_m;       /* above something that it does not say, or NaN */
    int64_t clock_local_ns;  /* of a clock without zone, or unknown */
    bool made_up;            /* a form that is known from made-up files alone; those below from other programs */
    bool clock_by_counter, without_colon;
    enum dji_srt_order order_of_form; /* of unlabelled pairs in this form; ORDER_UNKNOWN: not a known form */
};

void dji_srt_cue_init(struct dji_srt_cue *c);

/* Takes one line of the subtitle's text.  Lines may be told one by one, or all at once.  `day` goes from one subtitle to
 * the next, all zeros at first. */
void dji_srt_cue_line(struct dji_srt_cue *c, struct log_clock_day *day, struct text line);

/* Which order the numbers themselves prove: one of them is no latitude.  ORDER_UNKNOWN otherwise. */
enum dji_srt_order dji_srt_pair_proves(const struct dji_srt_pair *p);

/* The pair read in that order.  A labelled pair is read by its labels. */
struct flight_point dji_srt_pair_point(const struct dji_srt_pair *p, enum dji_srt_order order);

#endif
