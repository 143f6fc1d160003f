#ifndef LEASH_CLI_YARA_OPTION_H
#define LEASH_CLI_YARA_OPTION_H

#include "cli/command.h"
#include "destination/table.h"
#include "reader/yara.h"

/* --yara FILE, which may be repeated: each file is a namespace of its own, by its name. */
struct yara_option {
    struct yara_source sources[YARA_FILES_MAX];
    size_t count;
    struct yara_rules rules;
};

/* Reads one file into the arena; false with a sentence in `why`. */
__attribute__((warn_unused_result))
bool yara_option_take(struct yara_option *y, const char *path, struct arena *arena, const char **why);

/* Compiles them, after sandbox_prepare(); says what is wrong with them on standard error and gives EXIT_USAGE then.
 * What was used, and what libyara warns of, goes to `notes` (may be NULL).  Without files there is nothing to do.
 * *ret_rules: for the readers; NULL without files. */
__attribute__((warn_unused_result))
int yara_option_compile(struct yara_option *y, const struct command *command, struct arena *arena,
                        const struct note_taker *notes,
                        const struct yara_rules **ret_rules);

#endif
