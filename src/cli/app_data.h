#ifndef LEASH_CLI_APP_DATA_H
#define LEASH_CLI_APP_DATA_H

#include "app/component_table.h"
#include "destination/table.h"

/* Tables of others about kits in apps, from a folder that the operator names (--app-data).  leash ships none of them:
 * each is under its own licence, which the rows' source names.
 *
 *   exodus-trackers.json    the tracker list of Exodus Privacy, as its public interface gives it:
 *                           {"trackers": {ID: {"name", "code_signature", "network_signature", "categories"}}}
 *   libchecker-rules.json   LibChecker-Rules in one file:
 *                           {"native" | "activities" | "services" | "receivers" | "providers": [{"name", "label", "team"}]}
 *
 * Their lines are added behind those that are there: of two with one name, the first has it.  Signatures that are
 * patterns rather than names are left out, and counted in a note.  0 when one of the files was used; else a negative
 * errno (-ENOENT: neither is there), with *ret_why for a person. */
__attribute__((warn_unused_result))
int app_data_load(const char *folder, struct component_table *t, const struct note_taker *notes, const char **ret_why);

#endif
