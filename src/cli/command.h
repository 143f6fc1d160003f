#ifndef LEASH_CLI_COMMAND_H
#define LEASH_CLI_COMMAND_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

/* A subcommand: one line of the table in cli/main.c, one file of its own. */

/* The contract's exit statuses; for `audit` see its man page. */
enum exit_status {
    EXIT_OK = 0,
    EXIT_VIOLATIONS = 1,
    EXIT_USAGE = 2,
    EXIT_INCOMPLETE = 3,
    EXIT_FAILED = 4,
};

struct command {
    const char *name;
    const char *summary;      /* one line */
    const char *usage;        /* behind "leash NAME" */
    const char *help;         /* options and what they do, whole lines */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; gives an exit_status */
};

extern const struct command command_audit, command_report, command_explain, command_diff, command_facts, command_policy,
    command_verify, command_scrub;

/* Says what is wrong and how to go on, on standard error; gives EXIT_USAGE. */
__attribute__((format(printf, 2, 3)))
int usage_error(const struct command *command, const char *format, ...);
/* Of evidence, on standard output: what a terminal could take for a command is shown. */
void print_safe(struct text t);
/* "leash: what: why", on standard error; gives EXIT_FAILED. */
__attribute__((format(printf, 1, 2)))
int run_error(const char *format, ...);
/* What is wrong with a policy file, on standard error. */
struct policy_error;
void policy_error_print(const struct policy_error *error);
/* For --help: prints it, gives EXIT_OK. */
int print_help(const struct command *command);
/* One more than the options of `command`: --help.  Gives the option's value, or -1 at the end;
 * '?' after it has said what is wrong. */
int next_option(const struct command *command, int argc, char **argv, const struct option *options);

enum { OPTION_HELP = 1000 };

/* Writes a report with `write` to PATH, or to standard output when it is NULL or "-".  A file
 * appears whole or not at all, mode 0600.  Gives an exit_status, having said what is wrong. */
int write_output(const char *path, int (*write)(FILE *out, void *user), void *user);

/* The same in two steps, for what must appear together with something else: the content is written and
 * synced under the name PATH.part, hashed, and gets its name with output_commit.  Where PATH is no
 * file to be replaced (NULL, "-", a terminal) nothing happens before output_commit, which then
 * writes, and `hashed` stays false. */
struct prepared_output {
    const char *path;
    int (*write)(FILE *out, void *user);
    void *user;
    bool prepared, hashed;
    char sha256[64]; /* hex */
    int64_t bytes;
};
int output_prepare(struct prepared_output *o, const char *path, int (*write)(FILE *out, void *user), void *user);
int output_commit(struct prepared_output *o);
void output_discard(struct prepared_output *o); /* one that was prepared and shall not appear */

/* The folder of leash's own data: $LEASH_DATA, else beside the program, else installed. */
const char *data_directory(void);

/* True when the stream is a terminal that wants colours (NO_COLOR, TERM=dumb). */
bool wants_colour(FILE *stream);

#endif
