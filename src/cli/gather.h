#ifndef LEASH_CLI_GATHER_H
#define LEASH_CLI_GATHER_H

#include "reader/items.h"

/* Turns the paths of a command line into items: folders are walked, "-" is standard input:
 * kept in an unlinked file in `spool_directory`, up to SPOOL_BYTES_MAX, unless it is a file itself; or, with
 * `ret_stream`, left to be read as it comes, for the item given there (else untouched).  What is skipped or cannot be
 * looked at is an item too, with its reason.  Gives 0, or a negative errno when standard input cannot be kept. */
__attribute__((warn_unused_result))
int gather_items(struct item_list *items, char **paths, int path_count, const char *spool_directory,
                 struct item **ret_stream);

/* The evidence rows of all items, in order; `put` gets each with head.id, head.evidence and the
 * key of its content set.  Stops at the first non-zero.
 * Called once per run. */
int gather_evidence_rows(struct item_list *items,
                         int (*put)(void *user, const struct fact_evidence *row, struct text key), void *user);

/* One CIDR or MAC of --local; false when it is neither.  The arrays grow in `arena`. */
struct reading_options;
bool gather_local(struct reading_options *options, struct arena *arena, const char *text);

/* --sample-rate: samples a second, as a number with k, M or G behind it or without; false: it is none. */
bool gather_sample_rate(struct reading_options *options, const char *text);

/* The file of one --dji-keychain (flightlog/dji_keychain.h); false with a sentence in `why`. */
bool gather_dji_keychain(struct reading_options *options, struct arena *arena, const char *path, const char **why);

/* The file of one --rid-key (broadcast/rid_key.h), likewise; the keys of several are kept together. */
bool gather_rid_key(struct reading_options *options, struct arena *arena, const char *path, const char **why);

#endif
