#ifndef LEASH_FLIGHTLOG_DJI_SRT_LOG_H
#define LEASH_FLIGHTLOG_DJI_SRT_LOG_H

#include "flightlog/dji_srt_cue.h"
#include "flightlog/dji_srt_line.h"
#include "flightlog/flight_rows.h"

/* Subtitles of a camera while they are read, and what becomes of them: positions, and one flight for each recording. */

enum { DJI_SRT_SHORTER = 8 }; /* numbers differ in length by less */

struct dji_srt_log {
    struct flight_rows rows;
    struct dji_srt_cue cue;
    struct log_clock_day day;      /* of the last clock */
    bool cue_open;
    bool has_zero;                 /* a line "0" stands behind a subtitle's text: */
    struct dji_srt_line zero;      /* what it is the next line tells */
    uint64_t cue_from, cue_to;     /* in the evidence item */
    int64_t counter, last_counter; /* of this subtitle and of the one before, or unknown */
    int64_t from_ms, to_ms, last_from_ms, last_to_ms, last_clock_ns; /* last: of the last one that has them */
    size_t lines, last_lines;      /* of text, of this subtitle and of the one before, */
    size_t line_len, last_line_len; /* and how long the last of them is */
    uint64_t noise_at, noise_bytes; /* lines that no text has, in one run */
    int64_t first_ms, end_ms;      /* of all, or unknown */
    enum dji_srt_order proven;     /* by the numbers of any subtitle so far */
    bool order_differs;            /* the numbers prove both */
    int64_t cues, labelled, proven_pairs, assumed_pairs, lettered_pairs, made_up, by_counter, without_colon,
        without_position, cut, missing, restarts, strays;
    enum dji_srt_order assumed;
    const uint8_t *base;           /* of the item, for views by offset */
    uint64_t base_origin;
    const char *where;             /* the subtitles are, for the note */
    int recordings;                /* that the file may still hold behind this one */
    uint64_t from;                 /* where this one begins */
};

/* Of `log` that is zeroed; its subtitles are in `whole`. */
void dji_srt_log_begin(struct dji_srt_log *log, struct reading *r, struct bytes whole);
/* A subtitle begins with this line; the one before is closed. */
void dji_srt_log_open(struct dji_srt_log *log, const struct dji_srt_line *line);
/* The subtitle that is open, if one is, has been told whole: puts its position. */
void dji_srt_log_close(struct dji_srt_log *log);
/* Puts the flight. */
void dji_srt_log_flight(struct dji_srt_log *log, struct bytes whole);

#endif
