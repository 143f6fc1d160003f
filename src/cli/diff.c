#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "fact/case.h"
#include "report/diff_forms.h"

struct job {
    struct diff diff;
    const struct form *form;
};

static int write_text(struct job *job, FILE *out)
{
    struct winsize size = { 0 };
    const bool terminal = isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0;

    return diff_text_write(&job->diff, out, wants_colour(out), terminal ? size.ws_col : 0);
}

static int write_json(struct job *job, FILE *out) { return diff_json_write(&job->diff, out); }
static int write_html(struct job *job, FILE *out) { return diff_html_write(&job->diff, out); }

/* One table of the forms a comparison can have. */
static const struct form {
    const char *name;
    int (*write)(struct job *job, FILE *out);
} forms[] = {
    { "text", write_text }, { "json", write_json }, { "html", write_html },
};

static const struct form *find_form(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int write_job(FILE *out, void *user)
{
    struct job *job = user;

    return job->form->write(job, out);
}

static int open_cases(char **paths, size_t count, struct fact_case **cases, struct text *names)
{
    for (size_t i = 0; i < count; i++) {
        const int error = case_open(paths[i], &cases[i]);
        names[i] = text_of(paths[i]);
        if (error == -EINVAL)
            return usage_error(&command_diff, "%s is not a case of this version of leash", paths[i]);
        if (error)
            return usage_error(&command_diff, "cannot open %s: %s", paths[i], strerror(-error));
    }
    return EXIT_OK;
}

/* EXIT_DIFFERENCES is 1, as for diff(1). */
enum { EXIT_DIFFERENCES = EXIT_VIOLATIONS };

static int compare(struct job *job, struct fact_case **cases, const struct text *names, char **paths, size_t count,
                   struct arena *arena, const char *output)
{
    size_t bad = 0;

    if (diff_open(&job->diff, cases, names, count, arena, &bad))
        return run_error("%s cannot be compared: %s", paths[bad], sqlite3_errmsg(case_db(cases[bad])));
    const int status = write_output(output, write_job, job);
    return status != EXIT_OK ? status : job->diff.differs ? EXIT_DIFFERENCES : EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "format", required_argument, NULL, 'f' },
        { "output", required_argument, NULL, 'o' },
        { 0 },
    };
    struct fact_case *cases[DIFF_CASES_MAX] = { NULL };
    struct text names[DIFF_CASES_MAX];
    struct job job = { .form = &forms[0] };
    const char *output = NULL;
    int option;

    while ((option = next_option(&command_diff, argc, argv, options)) != -1) {
        if (option == OPTION_HELP)
            return print_help(&command_diff);
        if (option == 'o')
            output = optarg;
        else if (option == 'f' && !(job.form = find_form(optarg)))
            return usage_error(&command_diff, "there is no format '%s': text, json or html", optarg);
        else if (option == '?')
            return EXIT_USAGE;
    }
    const size_t count = (size_t)(argc - optind);
    if (count < 2)
        return usage_error(&command_diff, "two cases are needed, such as off.gpkg on.gpkg");
    if (count > DIFF_CASES_MAX)
        return usage_error(&command_diff, "%d cases are the most that can be compared at once", DIFF_CASES_MAX);
    struct arena *arena = arena_new(0);
    int status = open_cases(argv + optind, count, cases, names);
    if (status == EXIT_OK)
        status = compare(&job, cases, names, argv + optind, count, arena, output);
    for (size_t i = 0; i < count; i++)
        case_free(cases[i]);
    arena_free(arena);
    return status;
}

const struct command command_diff = {
    .name = "diff",
    .summary = "compare cases: a mode off and on, one version and the next",
    .usage = "CASE CASE... [--format text|json|html] [-o FILE]",
    .help =
        "Compares two or more cases: what each device sent, destinations, known data that was\n"
        "sent, what files keep, apps, components, permissions, signers, broadcasts, settings,\n"
        "precautions and findings.  Each case is named by its --label, else by its file.  New\n"
        "means: not seen in the first case.\n\n"
        "      --format FORM   text (default), json or html\n"
        "  -o, --output FILE   where to write; standard output without it\n"
        "  -h, --help          show this help\n\n"
        "Exit status: 0 no difference, 1 differences, 2 usage or no case, 4 leash itself failed.\n",
    .run = run,
};
