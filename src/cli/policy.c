#include <string.h>

#include "cli/command.h"
#include "policy/policy.h"

static int run(int argc, char **argv)
{
    static const struct option options[] = { { "help", no_argument, NULL, OPTION_HELP }, { 0 } };
    int option;

    while ((option = next_option(&command_policy, argc, argv, options)) != -1)
        return option == OPTION_HELP ? print_help(&command_policy) : EXIT_USAGE;
    const char *what = optind < argc ? argv[optind] : "";
    if (strcmp(what, "init") == 0 && argc - optind == 1)
        return policy_starter_write(stdout) || fflush(stdout) ? run_error("cannot write the policy") : EXIT_OK;
    if (strcmp(what, "check") == 0 && argc - optind == 2)
        return policy_check(argv[optind + 1], stderr) ? EXIT_USAGE : EXIT_OK;
    return usage_error(&command_policy, "'init', or 'check FILE', is needed");
}

const struct command command_policy = {
    .name = "policy",
    .summary = "write a policy to start from, or check one",
    .usage = "init | check FILE",
    .help =
        "init          print a commented policy; keep it with: leash policy init > policy.yaml\n"
        "check FILE    say what is wrong in it, as FILE:LINE:COLUMN: MESSAGE\n"
        "  -h, --help  show this help\n\n"
        "Exit status: 0 written, or nothing wrong; 2 usage, or errors in the policy; 4 leash\nitself failed.\n",
    .run = run,
};
