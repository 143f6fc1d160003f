#ifndef LEASH_CLI_SCRUB_GROUP_H
#define LEASH_CLI_SCRUB_GROUP_H

#include "cli/new_file.h"
#include "cli/scrub_name.h"
#include "cli/scrub_run.h"
#include "leak/index.h"
#include "scrub/apply.h"
#include "scrub/known.h"

/* What the steps of scrub_run share: the run, and the files of the group that are open at once. */

enum { GROUP_FILES = 48 }; /* open at once, with three descriptors each */

struct file {
    struct item *original;
    struct item *planned;        /* in the list of the group's first run */
    struct item *summed;         /* in that of the second: the original, for its hash, */
    struct item *read, *searched;/* and the copy; what `searched` holds are the other parts of the search */
    struct scrub_name name;
    int from;
    struct new_file copy;
    struct apply apply;
    bool begun, ended;           /* its copy */
    int error;                   /* of making the copy */
    const char *told;            /* by a row of the copy, or NULL */
    struct text left_over;       /* found in its bytes, or unknown */
    struct scrub_report report;
};

struct scrub {
    struct scrub_run *run;
    struct pool_options pool;
    struct item_list items;      /* the originals */
    struct known known;
    struct leak_index *index;
    struct arena *arena;
    unsigned renamed_count;
    struct file *files;          /* of the group */
    size_t file_count;
    struct format *check_formats;/* all of them and the search of copies, which is the last */
    struct file *current;        /* whose edits came last */
    bool learned;                /* planners found values that were not known */
    const char *step;
};

/* What the user gave, of an item that lies in it. */
const struct item *scrub_top(const struct item *item);

/* One run of the pool over a list. */
__attribute__((warn_unused_result))
int scrub_read_all(struct scrub *s, const char *step, struct item_list *items, const struct format *formats_of_run, size_t count, bool hash,
                   int (*row)(void *user, const struct item *item, enum fact_kind kind, void *row));

/* An item that is read through this descriptor, whatever its path says; NULL and an error when there is none. */
struct item *scrub_add_open(struct item_list *list, struct text path, int descriptor, uint64_t bytes, int *error);

static inline bool scrub_is_copied(const struct file *f)
{
    return f->planned && !f->error && f->planned->read_by_reader && !f->planned->crashed &&
           (f->planned->parsed == PARSE_OK || f->planned->parsed == PARSE_TRUNCATED);
}

/* Reads and searches the copies of the group, all at once: a large copy's parts are searched by several readers while another
 * takes its hash.  Fills in what each file was told of, and the hashes. */
__attribute__((warn_unused_result))
int scrub_check_group(struct scrub *s, struct item_list *checks);
/* Whether all that was to be looked at was looked at. */
bool scrub_is_checked(const struct scrub *s, const struct file *f);

#endif
