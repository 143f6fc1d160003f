#ifndef LEASH_DESTINATION_SUFFIXES_H
#define LEASH_DESTINATION_SUFFIXES_H

#include "base/text.h"

/* The public suffix list (publicsuffix.org): below which names registrars give out domains.  It is
 * the one that libpsl has built in; with a folder of system data (base/system_data.h) the file
 * public_suffix_list.dat there, and none when that is not there. */

/* Where the registrable domain begins in a NUL-terminated name in lower case; NULL when there is none. */
const char *suffixes_registrable(const char *name);

/* YYYY-MM-DD of the list, written to `into`; unknown when there is no list or no date in it. */
enum { SUFFIXES_DATE_MAX = 36 };
struct text suffixes_date(char into[SUFFIXES_DATE_MAX]);
bool suffixes_there(void);

#endif
