#ifndef LEASH_FLIGHTLOG_DATAFLASH_RECORDS_H
#define LEASH_FLIGHTLOG_DATAFLASH_RECORDS_H

#include "flightlog/dataflash_format.h"
#include "flightlog/boot_clock.h"
#include "flightlog/log_messages.h"
#include "flightlog/path_source.h"

/* What the records of an ArduPilot log say, however they were framed. */

struct dataflash_log {
    struct reading *r;
    bool looking_ahead;                  /* learns only the first GPS time and which positions there are */
    bool splits;                         /* the log ends where another begins: a file may hold several, */
    size_t next_log;                     /* and this is where in it; 0: nowhere */
    struct flight_rows rows;
    struct path_sources sources;
    struct boot_clock clock;
    struct log_gap gap;
    struct dataflash_format formats[DATAFLASH_FORMATS_MAX];

    int64_t records, fmt_records, bad_formats, parameters, without_fix;
    int64_t unknown[256];                /* heads of records whose format is not known, by type */
    bool origin_known;
    struct flight_point origin;
    struct text firmware, board, number, title; /* or unknown; title: a line ahead of all records */
    struct fact_origin number_origin;
    struct log_messages messages;
};

/* `log` is zeroed. */
void dataflash_records_begin(struct dataflash_log *log, struct reading *r);

/* Makes the format known, from a FMT record (or line).  Gives it, or NULL where it makes no sense. */
struct dataflash_format *dataflash_records_define(struct dataflash_log *log, const struct dataflash_record *fmt);

/* A line ahead of all records that names the firmware, as programs that write a log as text put there; false: none of
 * that kind. */
bool dataflash_records_title(struct dataflash_log *log, struct bytes line);

/* Takes any other record. */
void dataflash_records_take(struct dataflash_log *log, const struct dataflash_record *record);

/* Puts device, identifiers and the flight. */
void dataflash_records_put_flight(struct dataflash_log *log, struct bytes whole, bool is_text);

#endif
