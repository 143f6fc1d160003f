#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/app_knowledge.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/scrub_run.h"
#include "reader/sandbox.h"
#include "report/terminal.h"

/* Copies that can be shared: see src/scrub/ for how, doc/scrub.md for what. */

struct output {
    struct progress progress;
    const char *step;
    size_t counts[3];      /* by enum scrub_result */
    size_t files;
};

static void put_safe(struct buffer *line, struct text t)
{
    terminal_safe(line, t, SIZE_MAX);
}

static void print_file(void *user, struct text path, struct text copy, const struct scrub_report *report)
{
    struct output *o = user;
    struct buffer line;

    progress_end(&o->progress);
    o->step = NULL;
    o->counts[report->result]++;
    o->files++;
    buffer_init(&line, 1 << 16);
    buffer_printf(&line, "%-19s  ", scrub_result_name(report->result));
    put_safe(&line, path);
    if (text_known(copy)) {
        buffer_printf(&line, " -> ");
        put_safe(&line, copy);
    }
    if (text_known(report->reason)) {
        buffer_printf(&line, ": ");
        put_safe(&line, report->reason);
    }
    printf("%.*s\n", (int)line.len, (const char *)line.at);
    buffer_done(&line);
}

static void show_progress(void *user, const char *step, uint64_t done, uint64_t total, struct text current)
{
    struct output *o = user;

    if (step != o->step)
        progress_start(&o->progress, step);
    o->step = step;
    progress_show(&o->progress, done, total, current);
}

static int choose(struct scrub_request *request, const char *name, bool drop)
{
    const enum scrub_kind kind = scrub_kind_find(text_of(name));

    if (kind >= SCRUB_CHOICES)
        return usage_error(&command_scrub,
                           "--%s takes position, operator, serial, name, preview, note, time or thumbnail, not '%s'",
                           drop ? "drop" : "keep", name);
    if (drop)
        request->drop |= 1u << kind;
    else
        request->drop &= ~(1u << kind);
    return EXIT_OK;
}

static int print_summary(struct output *o, const struct scrub_run *run)
{
    progress_end(&o->progress);
    if (o->counts[SCRUB_REMOVED_AND_CHECKED] + o->counts[SCRUB_NOT_SHOWN] > 0)
        printf("\nWhat the pictures show, and the shape of a track, can still tell the place and the people.\n"
               "Each copy is altered and has a sidecar (.scrub.json) that says so; the originals are unchanged.\n");
    if (run->sandbox_features != SANDBOX_ALL)
        fprintf(stderr, "leash: On this kernel the readers ran without %s.\n",
                sandbox_missing_text(run->sandbox_features));
    if (fflush(stdout))
        return run_error("the output could not be written: %s", strerror(errno));
    if (o->files == 0)
        return usage_error(&command_scrub, "no file was found");
    return o->counts[SCRUB_NOT_SHOWN] + o->counts[SCRUB_FAILED] ? EXIT_INCOMPLETE : EXIT_OK;
}

static int scrub(struct scrub_run *run)
{
    struct output output = { .step = NULL };

    run->done = print_file;
    run->progress = show_progress;
    run->user = &output;
    sandbox_prepare();
    const int error = scrub_run(run);
    if (error) {
        progress_end(&output.progress);
        return run_error("scrubbing failed: %s; what is not listed was not copied",
                         error < 0 ? strerror(-error) : "unknown error");
    }
    return print_summary(&output, run);
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "output", required_argument, NULL, 'o' },
        { "keep", required_argument, NULL, 'k' },
        { "drop", required_argument, NULL, 'd' },
        { "strip-unknown", no_argument, NULL, 'u' },
        { "shift", no_argument, NULL, 's' },
        { 0 },
    };
    struct scrub_run run = { .request = { .drop = SCRUB_DROP_DEFAULT } };
    int option, status = EXIT_OK;

    while (status == EXIT_OK && (option = next_option(&command_scrub, argc, argv, options)) != -1) {
        switch (option) {
        case OPTION_HELP: return print_help(&command_scrub);
        case 'o': run.folder = optarg; break;
        case 'k': status = choose(&run.request, optarg, false); break;
        case 'd': status = choose(&run.request, optarg, true); break;
        case 'u': run.request.drop |= 1u << SCRUB_UNKNOWN; break;
        case 's': run.request.shift = true; break;
        default: status = EXIT_USAGE;
        }
    }
    if (status != EXIT_OK)
        return status;
    if (!run.folder)
        return usage_error(&command_scrub, "-o DIR is needed: where the copies go");
    if (optind == argc)
        return usage_error(&command_scrub, "no file is named");
    for (int i = optind; i < argc; i++)
        if (strcmp(argv[i], "-") == 0)
            return usage_error(&command_scrub, "standard input cannot be scrubbed: name a file");
    run.paths = argv + optind;
    run.path_count = argc - optind;
    return scrub(&run);
}

const struct command command_scrub = {
    .name = "scrub",
    .summary = "write copies without positions, serial numbers and names, and check them",
    .usage = "-o DIR [OPTION]... FILE|DIR...",
    .help =
        "Photos, videos and flight logs. The originals stay as they are, nothing is overwritten;\n"
        "beside each copy lies NAME.scrub.json, which says what was removed. Pictures, sound and\n"
        "thermal data stay the same, bit for bit.\n\n"
        "  -o, --output DIR    where the copies go; made when it is not there\n"
        "      --keep KIND     leave these in: position, operator (and take-off point), serial,\n"
        "                      name (people, comments, file names), preview (further pictures\n"
        "                      behind the first), note (what the camera's maker wrote for itself\n"
        "                      and leash does not understand); may be repeated\n"
        "      --drop KIND     remove these, too: time, thumbnail; may be repeated\n"
        "      --strip-unknown remove what leash does not understand, too\n"
        "      --shift         move positions to another place instead, all by the same way, so\n"
        "                      that a track keeps its shape\n"
        "  -h, --help          show this help\n\n"
        "Results: removed_and_checked; not_shown: something in it is not understood or broken;\n"
        "failed: there is no copy.\n"
        "Exit status: 0 all are removed_and_checked, 2 usage, 3 some are not_shown or failed,\n"
        "4 leash itself failed.\n",
    .run = run,
};
