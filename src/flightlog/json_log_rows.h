#ifndef LEASH_FLIGHTLOG_JSON_LOG_ROWS_H
#define LEASH_FLIGHTLOG_JSON_LOG_ROWS_H

#include "base/json_read.h"
#include "flightlog/csv_columns.h"
#include "flightlog/flight_rows.h"
#include "flightlog/json_said.h"
#include "flightlog/json_shape.h"
#include "flightlog/pud.h"

/* One document of json_log.c while it is read, and what becomes of its rows. */

enum { JSON_COLUMNS_MAX = 256 };
_Static_assert((int)PUD_COLUMNS_MAX <= (int)JSON_COLUMNS_MAX, "room for a row's values");

/* Where the parts lie, from the frame that json_shape_of found on. */
extern const struct json_shape_paths {
    const char *format, *names, *rows, *start;
    double tick_s;                        /* unit of the time column */
} json_shapes[];

struct json_log {
    struct flight_rows rows;
    struct bytes whole, file;             /* the document, or all that is its; and what it stands in with others */
    enum json_shape shape;
    size_t from;                          /* frame that the paths begin at */
    struct json_said said;
    struct csv_row *names;
    struct csv_columns columns;
    int64_t start_ns;
    bool start_utc;

    struct pud pud;                       /* Parrot's older form: rows behind the document */
    struct bytes document, pud_rows;

    struct text payload_model, payload_serial;
    struct bytes payload_at;

    size_t column;                        /* of the row that is open */
    size_t width;                         /* of the first row: all others have it; 0: none was read */
    bool in_row, broken;                  /* broken: a row begins within a row */
    uint64_t row_from, behind_rows;       /* behind the last whole row */
    double values[JSON_COLUMNS_MAX];
    struct flight_time row_time;          /* that a text of the row tells; unknown where none does */
    struct flight_point operator_at;
    bool operator_known;
    int64_t rows_read, without_position, dated;
    uint64_t passed;
};

/* A value of the row that is open, in the next column. */
void json_log_take_value(struct json_log *log, const struct json_event *e);
/* Puts the positions of the row whose values were taken; it ends at `to`. */
void json_log_put_row(struct json_log *log, uint64_t to);
/* Puts the rows behind the document, of Parrot's older form. */
void json_log_put_pud(struct json_log *log);
/* What lies before `origin` will not be asked for again. */
void json_log_pass(struct json_log *log, uint64_t origin);

#endif
