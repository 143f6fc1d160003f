#ifndef LEASH_BASE_SYSTEM_DATA_H
#define LEASH_BASE_SYSTEM_DATA_H

#include <stdbool.h>
#include <stddef.h>

/* Data that leash does not ship and finds where the machine keeps it, such as libloc's address database.  It
 * changes when the machine is updated, and answers change with it; whoever must repeat a run names a
 * folder that holds the files of the first one, and leash looks nowhere else. */

/* From now on only FOLDER is looked in; called once, before anything is looked for. */
void system_data_only_in(const char *folder);
/* That folder, or NULL. */
const char *system_data_folder(void);

enum { SYSTEM_DATA_PATH_MAX = 4096 };

/* Where the file is: FOLDER/NAME when there is such a folder, else the first of `places` (whole paths)
 * that can be read.  False: nowhere. */
bool system_data_find(const char *name, const char *const *places, size_t place_count, char into[SYSTEM_DATA_PATH_MAX]);

#endif
