#ifndef LEASH_CLI_SCRUB_GROUP_H
#define LEASH_CLI_SCRUB_GROUP_H

#include "cli/new_file.h"
#include "cli/scrub_name.h"
#include "cli/scrub_run.h"
#include "cli/scrub_sums.h"
#include "leak/index.h"
#include "scrub/apply.h"
#include "scrub/known.h"

/* What the steps of scrub_run share: the run, and the files of the group that are open at once. */

enum { GROUP_FILES = 96 }; /* open at once, with seven descriptors each at most */
_Static_assert((int)GROUP_FILES <= (int)SCRUB_SUMS_MAX, "all can be asked for");


struct file {
    struct item *original;
    struct item *planned;        /* in the list of the group's first run */
    /* In that of the second: the copy; what `searched` holds are the other parts of the search. */
    struct item *read, *searched;
    struct scrub_name name;
    int from;
    struct new_file copy, sidecar;
    struct apply apply;
    bool opened;                 /* original and copy, or that failed */
    bool begun, ended;           /* its copy */
    int error;                   /* of making the copy */
    const char *told;            /* by a row of the copy, or NULL */
    struct text left_over;       /* found in its bytes, or unknown */
    bool summed;                 /* the report has the hashes of original and copy */
    struct scrub_report report;
};

/* Formats of files, and behind them what is done to any file: a search. */
struct scrub_formats {
    struct format *list;
    size_t count;
};
/* NULL: there is none of that kind. */
const struct format *scrub_format(const struct scrub_formats *f, struct text kind);

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
    struct scrub_formats plan_formats, check_formats; /* of the group's two runs */
    struct file *current;        /* whose edits came last */
    bool learned;                /* planners found values that were not known */
    struct scrub_sums sums;      /* of the files by their places in the group */
    pid_t writer;                /* hands the disk what is written; 0 or less: none */
    const char *step;
};

/* What the user gave, of an item that lies in it. */
const struct item *scrub_top(const struct item *item);

/* One run of the pool over a list. */
__attribute__((warn_unused_result))
int scrub_read_all(struct scrub *s, const char *step, struct item_list *items,
                   const struct scrub_formats *formats_of_run,
                   int (*row)(void *user, const struct item *item, enum fact_kind kind, void *row));

/* An item that is read through this descriptor, whatever its path says; NULL and an error when there is none. */
struct item *scrub_add_open(struct item_list *list, struct text path, int descriptor, uint64_t bytes, int *error);

static inline bool scrub_is_copied(const struct file *f)
{
    return f->planned && !f->error && f->planned->read_by_reader && !f->planned->crashed &&
           (f->planned->parsed == PARSE_OK || f->planned->parsed == PARSE_TRUNCATED);
}

/* An item whose format is given, so that nobody asks what it is; takes the descriptor.  NULL, and an error in the file,
 * when it is -1. */
struct item *scrub_add_given(struct item_list *list, struct item *parent, struct text name, const struct format *format,
                             struct file *f,
                             int descriptor, uint64_t bytes);
/* Reads and searches the copies of the group that were not yet, all at once: a large copy's parts by several readers.
 * Fills in what each file was told of. */
__attribute__((warn_unused_result))
int scrub_check_group(struct scrub *s, struct item_list *checks);
/* Whether all that was to be looked at was looked at. */
bool scrub_is_checked(const struct scrub *s, const struct file *f);

/* Judges each file of the group, gives name and sidecar to the copies that passed, and tells what became of it.  0, or
 * a negative errno: the disk is full. */
__attribute__((warn_unused_result))
int scrub_finish_group(struct scrub *s);

#endif
