#ifndef LEASH_DESTINATION_LATE_LIBRARY_H
#define LEASH_DESTINATION_LATE_LIBRARY_H

#include <libloc/database.h>
#include <libloc/libloc.h>
#include <libloc/network.h>
#include <libpsl.h>

/* Libraries that only runs with destinations need.  They bring further ones along, and the loader would take a
 * quarter of leash's start for them in every run, so they are loaded when they are first asked for: never in a reader,
 * which may open nothing. */

#define LIBLOC_FUNCTIONS(F) \
    F(loc_new) F(loc_set_log_fn) F(loc_unref) \
    F(loc_database_new) F(loc_database_created_at) F(loc_database_lookup) F(loc_database_get_as) F(loc_database_unref) \
    F(loc_network_get_country_code) F(loc_network_get_asn) F(loc_network_unref) F(loc_as_get_name) F(loc_as_unref)
#define LIBPSL_FUNCTIONS(F) F(psl_builtin) F(psl_builtin_file_time) F(psl_load_file) F(psl_registrable_domain)

#define F(name) __typeof__(&name) name;
struct libloc { LIBLOC_FUNCTIONS(F) };
struct libpsl { LIBPSL_FUNCTIONS(F) };
#undef F

/* NULL when the library is not there, or has not all of these.  Not for several threads at once before the first of
 * them has been answered. */
const struct libloc *libloc(void);
const struct libpsl *libpsl(void);

#endif
