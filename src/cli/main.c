#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

static const struct command *const commands[] = {
    &command_audit, &command_report, &command_explain, &command_diff, &command_scrub, &command_facts, &command_policy, &command_verify,
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_overview(FILE *out)
{
    fputs("leash - what a drone, its app and its ground station collect, store and transmit\n\n"
          "Usage: leash COMMAND [OPTION]... [ARGUMENT]...\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("\nStart with 'leash audit FOLDER'.  'leash COMMAND --help' explains a command,\n"
          "'man leash' all of them.  leash contacts nobody and needs no network.\n", out);
}

/* A stream that the caller closed would give its number to the next file, and what is printed
 * would land in the case.  It is filled so that writing to it fails. */
static bool standard_streams_open(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    if (!standard_streams_open())
        return EXIT_FAILED;

    signal(SIGPIPE, SIG_IGN); /* writing to a closed pipe is an error to report, not an end */
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("leash " LEASH_VERSION);
        return fflush(stdout) ? EXIT_FAILED : EXIT_OK;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_overview(stdout);
        return fflush(stdout) ? EXIT_FAILED : EXIT_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    if (name[0])
        run_error("there is no command '%s'", name);
    print_overview(stderr);
    return EXIT_USAGE;
}
