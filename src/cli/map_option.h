#ifndef LEASH_CLI_MAP_OPTION_H
#define LEASH_CLI_MAP_OPTION_H

#include <stdbool.h>

/* --map FILE: the file of map tiles that lies under the places of the page (report/html_map.h).
 *
 * Opens it, and every page that is written from here on has it.  False, and *ret_why: it cannot be read, or is no such
 * file. */
__attribute__((warn_unused_result)) bool map_option_use(const char *path, const char **ret_why);
/* No page has it any more; may be called without it. */
void map_option_done(void);

#endif
