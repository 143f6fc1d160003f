#ifndef LEASH_FACT_CASE_FILE_H
#define LEASH_FACT_CASE_FILE_H

#include <stdbool.h>

struct sqlite3;

/* Opens a database for reading that somebody else may have made or opened in the meantime: its schema is not
 * trusted to run code, and nothing is written, not even beside it.  A result code of SQLite; *ret is to be
 * closed in any case. */
int case_file_open(const char *path, struct sqlite3 **ret);

/* The same for one that nobody changes while it is open: no lock is asked for. */
int case_file_open_unchanging(const char *path, struct sqlite3 **ret);

/* False when a view has the name of a table of leash: it could take for ever to read. */
bool case_file_has_its_tables(struct sqlite3 *db);

#endif
