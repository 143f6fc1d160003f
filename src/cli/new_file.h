#ifndef LEASH_CLI_NEW_FILE_H
#define LEASH_CLI_NEW_FILE_H

#include "cli/interrupt.h"

/* A file that gets its name when it is whole, and only if nothing has that name yet.  Until then it has none at all
 * (O_TMPFILE), so that a killed run leaves nothing; on file systems that cannot do that it is called
 * .leash-PID-N.part, is removed when it is given up or a signal ends the run, and else by the next run in that
 * folder. */
struct new_file {
    int fd;                /* read and write; -1: none */
    int folder;
    char temporary[INTERRUPT_NAME_BYTES]; /* "" when it has no name */
};

#define NEW_FILE_NONE ((struct new_file){ .fd = -1, .folder = -1 })

/* In `folder`, a path.  0 or a negative errno. */
__attribute__((warn_unused_result))
int new_file_open(struct new_file *f, const char *folder);
/* The same content, to read only: what is handed to a reader process.  -1 and errno. */
__attribute__((warn_unused_result))
int new_file_reopen(const struct new_file *f);
/* What is written is on the disk: comes before the name.  0 or a negative errno. */
__attribute__((warn_unused_result))
int new_file_sync(const struct new_file *f);
/* 0; -EEXIST: something has the name; or another negative errno.  Where it failed, the file is as before. */
__attribute__((warn_unused_result))
int new_file_name(struct new_file *f, const char *name);
/* The name is on the disk, too. */
void new_file_sync_name(const struct new_file *f);
/* Both at once for all files in the same file system: each of them alone makes the disk empty its cache. */
__attribute__((warn_unused_result))
int new_file_sync_all(const struct new_file *f);
/* Closes it, and gives it up if it has no name; may be called twice. */
void new_file_drop(struct new_file *f);

#endif
