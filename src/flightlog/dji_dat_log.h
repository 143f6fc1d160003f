#ifndef LEASH_FLIGHTLOG_DJI_DAT_LOG_H
#define LEASH_FLIGHTLOG_DJI_DAT_LOG_H

#include "flightlog/dji_dat_clock.h"
#include "flightlog/dji_dat_frame.h"
#include "flightlog/log_messages.h"
#include "flightlog/path_source.h"

/* What is kept while a DJI flight controller log is read; for dji_dat.c and dji_dat_records.c alone. */

enum { DJI_DAT_TYPES = 65536, DJI_DAT_SERIAL_LENGTH = 16, DJI_DAT_LINES_TOLD = 64 };

struct dji_dat_log {
    struct reading *r;
    struct dji_dat_walk walk;
    struct dji_dat_clock clock;
    struct flight_rows rows;
    struct path_sources sources;
    bool looking_ahead;                    /* puts nothing: only finds out where the best sources begin */

    struct flight_attitude attitude;       /* newest that an estimator told, */
    int64_t attitude_ticks;                /* and when */
    int64_t attitudes;

    struct text record_serial;
    struct fact_origin record_serial_origin;
    struct log_messages messages;
    int64_t text_lines;
    uint64_t lines_told[DJI_DAT_LINES_TOLD]; /* hashes of the newest that the note has */
    size_t next_told;

    int64_t records, joined, joined_fixes, derived_times, fixes_without_place, too_short;
    uint64_t lost_bytes;                   /* up to the newest whole record */
    int64_t lost_ticks;                    /* that passed where bytes were lost */
    uint32_t counts[DJI_DAT_TYPES];        /* whole records by type */
    uint8_t kinds[DJI_DAT_TYPES];          /* number of what is known of a type, from 1; 0: nothing */
};

void dji_dat_records_begin(struct dji_dat_log *log);
/* Takes a record; the clock has followed it. */
void dji_dat_records_take(struct dji_dat_log *log, const struct dji_dat_record *record);
/* Adds counts and what else was in the records to the note. */
void dji_dat_records_note(struct dji_dat_log *log);

/* Capital letters and digits, long enough for a serial number, each XORed with `key`; what follows is padding.
 * Unknown when they are none. */
struct text dji_dat_serial(struct bytes field, uint8_t key, char into[DJI_DAT_SERIAL_LENGTH]);

#endif
