#ifndef LEASH_FLIGHTLOG_DJI_TXT_PATH_H
#define LEASH_FLIGHTLOG_DJI_TXT_PATH_H

#include "flightlog/dji_txt_records.h"

/* From the places that records tell to position rows: each waits for its time, which the record with the clock tells
 * behind it, and one far from the others waits for the next of its subject. */

/* Puts one position row and counts it in the path of its subject.  The basis is that of a known time. */
void dji_txt_put_position(struct dji_txt_log *log, const struct dji_txt_waiting *w, int64_t time_utc_ns,
                          struct text time_basis);

/* A position whose time is not known yet.  What is given may be changed until the next call. */
struct dji_txt_waiting *dji_txt_path_wait(struct dji_txt_log *log, const struct dji_txt_record *record,
                                          enum dji_txt_subject subject, const struct flight_point *at);

/* All that wait get this time; where it is unknown, one by the aircraft's counter (`derived`), or none. */
void dji_txt_path_settle(struct dji_txt_log *log, int64_t clock_utc_ns);

/* The time by the aircraft's counter of 0.1 s, counted from the last moment when both clocks were known; or unknown. */
int64_t dji_txt_time_by_counter(const struct dji_txt_log *log, uint16_t at_ds);

/* Puts the positions that still wait. */
void dji_txt_path_end(struct dji_txt_log *log);

#endif
