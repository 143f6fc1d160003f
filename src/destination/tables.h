#ifndef LEASH_DESTINATION_TABLES_H
#define LEASH_DESTINATION_TABLES_H

#include "destination/addresses.h"
#include "destination/makers.h"
#include "destination/names.h"

/* All that is known about destinations: the tables of the data folder and the address
 * databases, opened once per run. */
struct destination_tables;

/* `data_dir` is the folder that holds destinations.csv; where the address databases are
 * looked for stands in addresses.h.  Whatever is missing, broken, or broken in part is
 * noted, and the rest is used: this never fails.  The files must stay as they are until
 * destination_tables_free. */
struct destination_tables *destination_tables_open(const char *data_dir, const char *const *geoip_files,
                                                   size_t geoip_count, const struct note_taker *notes);
void destination_tables_free(struct destination_tables *t); /* NULL is fine */

const struct host_names *destination_names(const struct destination_tables *t);
const struct addresses *destination_addresses(const struct destination_tables *t);
struct maker_tables *destination_makers(const struct destination_tables *t);
/* YYYY-MM-DD of destinations.csv, or unknown. */
struct text destination_names_date(const struct destination_tables *t);

/* A JSON object for tool.data_versions: {"destinations":"2026-11-22","libloc":"2022-10-29",...};
 * null where a date is not known.  What is not there is left out.  Lives as long as `arena`. */
struct text destination_data_versions(const struct destination_tables *t, struct arena *arena);

/* Whom to credit for the data that is there: a JSON array of
 * {"database","holds","licence","credit","date"}, from credits.csv. */
struct text destination_credits(const struct destination_tables *t, struct arena *arena);

/* Notes for what may be wrong with a database that answers were taken from: older than a
 * year at `now_utc_ns`, or a caveat in credits.csv.  `name` as in destination_data_versions. */
void destination_note_doubts(const struct destination_tables *t, struct text name, int64_t now_utc_ns,
                             const struct note_taker *notes);

#endif
