#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "policy/learn.h"
#include "policy/policy.h"

static int learn(const char *path)
{
    struct fact_case *c = NULL;
    struct buffer policy;
    int error = case_open(path, &c), status = EXIT_OK;

    if (error)
        return usage_error(&command_policy, "cannot open %s as a case: %s", path, strerror(-error));
    buffer_init(&policy, YAML_BYTES_MAX);
    error = policy_learn(c, &policy);
    if (error == -EFBIG)
        status = run_error("%s has more destinations than a policy can list", path);
    else if (error)
        status = run_error("%s cannot be read: %s", path, error == -EINVAL ? "it is no finished case" : case_error(c));
    else if (fwrite(policy.at, 1, policy.len, stdout) != policy.len || fflush(stdout))
        status = run_error("cannot write the policy");
    buffer_done(&policy);
    case_free(c);
    return status;
}

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
    if (strcmp(what, "learn") == 0 && argc - optind == 2)
        return learn(argv[optind + 1]);
    return usage_error(&command_policy, "'init', 'check FILE' or 'learn CASE' is needed");
}

const struct command command_policy = {
    .name = "policy",
    .summary = "write a policy to start from, check one, or learn one from a case",
    .usage = "init | check FILE | learn CASE",
    .help =
        "init          print a commented policy; keep it with: leash policy init > policy.yaml\n"
        "learn CASE    print the policy that the case would meet: a beginning, to go through line by line\n"
        "check FILE    say what is wrong in it, as FILE:LINE:COLUMN: MESSAGE\n"
        "  -h, --help  show this help\n\n"
        "Exit status: 0 written, or nothing wrong; 2 usage, or errors in the policy; 4 leash\nitself failed.\n",
    .run = run,
};
