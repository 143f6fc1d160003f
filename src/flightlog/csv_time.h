#ifndef LEASH_FLIGHTLOG_CSV_TIME_H
#define LEASH_FLIGHTLOG_CSV_TIME_H

#include "base/csv_read.h"
#include "flightlog/csv_columns.h"
#include "flightlog/csv_place.h"
#include "flightlog/flight_rows.h"

/* What the files of the reader of tables share: csv_log.c takes rows, csv_time.c tells when each was. */

struct csv_log {
    struct flight_rows rows;
    struct csv csv;
    struct csv_columns columns;
    struct csv_row row;

    int64_t anchor_ns, anchor_elapsed_ns;   /* a moment by both clocks, or unknown */
    bool anchor_utc;
    int headings_tried;
    bool odd;                              /* the newest row has words where the position is due */
    int64_t rows_read, without_position, not_numbers, short_rows, ambiguous_dates, jumps, derived, scaled;
    uint64_t titled_at;            /* where a title stands behind the rows, and what follows it; 0: nowhere */
    bool last_ended;               /* the row taken last has a line end */
    size_t last_decimals;          /* of the last field of the row before */
    size_t width;                  /* fields that rows have; 0: rows are no text, and have what they need */
    int64_t elapsed_first_ns, elapsed_last_ns;
    struct flight_point operator_at;
    bool operator_known, serials_told;
};

static inline struct text csv_field(const struct csv_log *log, enum csv_column column)
{
    const int at = log->columns.at[column];

    return at >= 0 && (size_t)at < log->row.count ? log->row.fields[at] : TEXT_UNKNOWN;
}

static inline double csv_number_of(const struct csv_log *log, enum csv_column column)
{
    return csv_number(log->csv.separator, csv_field(log, column));
}

/* When the row was, by its date, and where dates are coarser than the count of milliseconds by the first date and the
 * count; unknown where neither can be read.  Counts what was derived, leapt, or may mean two days. */
struct flight_time csv_time_of_row(struct csv_log *log);

#endif
