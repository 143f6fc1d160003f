#ifndef LEASH_DESTINATION_MAKERS_H
#define LEASH_DESTINATION_MAKERS_H

#include "destination/table.h"
#include "fact/fact.h"

/* Who made a device: by its hardware address, from the IEEE's registry (Debian's ieee-data, when it is there),
 * and whether that maker is on the FCC Covered List, from makers.csv.  The registry is read when the first
 * hardware address asks for it.
 *
 * The parent process asks for each row that readers send; what a reader said itself stays. */
struct maker_tables;

/* `data_dir` holds makers.csv, `ieee_dir` (NULL: /usr/share/ieee-data) oui.csv, mam.csv and oui36.csv.  Both strings
 * must stay.  What is missing is noted when it is needed. */
struct maker_tables *makers_new(const char *data_dir, const char *ieee_dir, const struct note_taker *notes);
void makers_free(struct maker_tables *m); /* NULL is fine */

/* Fills in vendor and covered_list of a device row, and vendor of a network row, where they are unknown and can be
 * told; all other kinds are left alone.  Texts live as long as `m`. */
void makers_fill(struct maker_tables *m, enum fact_kind kind, void *row);

struct maker {
    struct text word, name, country;
    int64_t covered_list; /* 1, 0 or FACT_UNKNOWN_INT */
};

/* The maker that a vendor's name says: one of the words in makers.csv stands in it as a whole word.  NULL: none. */
const struct maker *makers_find(const struct maker_tables *m, struct text vendor);
/* Who registered the address block; unknown when nobody did, or the address is one that a device made up. */
struct text makers_of_mac(struct maker_tables *m, struct text mac);

/* YYYY-MM-DD, or unknown: of makers.csv, and of the registry's copy. */
struct text makers_date(const struct maker_tables *m);
struct text makers_registry_date(const struct maker_tables *m);

#endif
