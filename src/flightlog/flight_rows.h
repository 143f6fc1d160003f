#ifndef LEASH_FLIGHTLOG_FLIGHT_ROWS_H
#define LEASH_FLIGHTLOG_FLIGHT_ROWS_H

#include "base/buffer.h"
#include "base/timestamp.h"
#include "evidence/reading.h"
#include "flightlog/flight_pace.h"
#include "flightlog/flight_path.h"

/* Puts what one flight gives: its `position` rows as they are read, its devices, and at the end
 * the `flight` row.  Shared by the formats that are written as text or markup. */

/* When a fix was taken.  One of the two times, or neither, is known. */
struct flight_time {
    int64_t utc_ns;
    int64_t local_ns;      /* a clock whose zone is not known, read as if it were UTC */
    const char *basis;     /* utc | zone_unknown | device_clock | derived; NULL: no time */
};

#define FLIGHT_TIME_UNKNOWN ((struct flight_time){ FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, NULL })

struct flight_rows {
    struct reading *r;
    struct fact_flight row;        /* the reader sets format, app, aircraft_serial ...; see flight_rows_end */
    struct fact_position position; /* made ready once */
    struct text_list steps;        /* what was undone to read the positions that are put next; none unless the reader sets it */
    struct flight_path path;       /* of the aircraft */
    struct flight_path others;     /* refused positions of everything else */
    struct flight_point home;
    bool home_known;
    int64_t operator_points;
    int64_t local_first_ns, local_last_ns;
    const char *time_basis, *alt_ref; /* of the first aircraft fix that has one */
    bool alt_ref_mixed;
    char time_local[40];
    struct timestamp_second local_second; /* that it was written of */
    struct buffer note;

    bool paced;                    /* set by the reader: the pace is watched */
    struct flight_pace pace;       /* of the aircraft */
};

/* Reserves the flight's number.  flight_rows_end must follow. */
void flight_rows_begin(struct flight_rows *f, struct reading *r, const char *format);

/* Puts one position that was read at `at`.  False where it is no place on the globe, or 0/0: nothing is
 * put, and it is counted.  Altitude unknown: `alt_ref` is not used. */
bool flight_rows_put(struct flight_rows *f, const char *subject, struct bytes at, struct flight_point point,
                     const char *alt_ref, const struct flight_time *time);

/* The attitude that the positions put from now on have. */
void flight_rows_attitude(struct flight_rows *f, struct flight_attitude attitude);

/* Takes a time that no position has: when a log without positions began and ended. */
void flight_rows_clock(struct flight_rows *f, const struct flight_time *time);

/* Puts the home point when it is not the one before: most formats repeat it with every fix. */
void flight_rows_home(struct flight_rows *f, struct bytes at, struct flight_point point, const char *alt_ref);

/* Puts a device and the identifiers of its serial number and name; gives its number.  Unknown where nothing
 * of it is known: then nothing is put.  An aircraft's serial becomes the flight's when it is the first. */
int64_t flight_rows_device(struct flight_rows *f, const struct fact_device *device);
void flight_rows_identifier(struct flight_rows *f, const char *kind, struct text value, int64_t device,
                            struct fact_origin origin);
/* Puts it when there is something to put; for readers that put their rows themselves. */
void flight_identifier_put(struct fact_sink *facts, const char *kind, struct text value, int64_t device,
                           struct fact_origin origin);

/* Adds to the flight's note. */
__attribute__((format(printf, 2, 3)))
void flight_rows_note(struct flight_rows *f, const char *format, ...);

/* Puts the flight row: points, bbox, times, home, altitude reference and note are filled in from what was
 * put; start, end, duration_s and time_basis only where the reader has left them unknown.  `whole` is where
 * the flight was read. */
void flight_rows_end(struct flight_rows *f, struct bytes whole);

/* "2024-05-01T11:30:00.25" of a clock without zone. */
enum { FLIGHT_LOCAL_MAX = 40 };
struct text flight_local_text(int64_t local_ns, char into[FLIGHT_LOCAL_MAX]);

#endif
