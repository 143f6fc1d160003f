#ifndef LEASH_FLIGHTLOG_DJI_TXT_ROWS_H
#define LEASH_FLIGHTLOG_DJI_TXT_ROWS_H

#include "flightlog/dji_txt_records.h"

/* Puts what is said once per log, after its records were taken: positions of the summary,
 * devices, identifiers and the flight row. */
void dji_txt_put_rows(struct dji_txt_log *log, const struct dji_txt_layout *layout);

#endif
