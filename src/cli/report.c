#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/map_option.h"
#include "cli/report_forms.h"
#include "cli/report_pdf.h"
#include "cli/report_redact.h"
#include "report/words.h"

static bool names_folder(const char *path)
{
    struct stat st;

    return path && path[0] && (path[strlen(path) - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)));
}

/* Straight to where it shall be: `taker` is the path, a folder's when there is a name. */
static int put(void *taker, const char *name, int (*write)(FILE *out, void *user), void *user)
{
    const char *output = taker;
    char path[4096];

    if (name && snprintf(path, sizeof path, "%s/%s", output, name) >= (int)sizeof path)
        return run_error("%s: the path is too long", output);
    return write_output(name ? path : output, write, user);
}

static int write_report(struct report_job *job, const char *output, bool redact)
{
    job->folder = strcmp(job->form->name, "csv") == 0 && !job->table && names_folder(output);
    if (job->folder && mkdir(output, 0700) && errno != EEXIST)
        return run_error("cannot make the folder %s: %s", output, strerror(errno));
    return redact ? report_redacted(job, output) : report_write(job, put, (void *)output);
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "format", required_argument, NULL, 'f' },
        { "output", required_argument, NULL, 'o' },
        { "lang", required_argument, NULL, 'G' },
        { "map", required_argument, NULL, 'm' },
        { "redact", no_argument, NULL, 'r' },
        { "table", required_argument, NULL, 't' },
        { 0 },
    };
    struct report_job job = { .form = report_form_find("text") };
    const char *output = NULL, *map = NULL, *why;
    bool redact = false;
    int option;

    while ((option = next_option(&command_report, argc, argv, options)) != -1) {
        if (option == OPTION_HELP)
            return print_help(&command_report);
        if (option == 'o')
            output = optarg;
        else if (option == 'r')
            redact = true;
        else if (option == 'm')
            map = optarg;
        else if (option == 't' && !report_has_table(job.table = optarg))
            return usage_error(&command_report,
                               "there is no table '%s': they are called as doc/case.md has them, or T1 to T9", optarg);
        else if (option == 'f' && !(job.form = report_form_find(optarg)))
            return usage_error(&command_report, "there is no format '%s': text, html, json, csv, geojson, kml, gpx, cyclonedx, stix, hosts, nft, rpz, ecs or pdf", optarg);
        else if (option == 'G' && !words_use_language(text_of(optarg)))
            return usage_error(&command_report, "--lang takes en or es, not '%s'", optarg);
        else if (option == '?')
            return EXIT_USAGE;
    }
    if (argc - optind != 1)
        return usage_error(&command_report, "one case is needed, such as leash-case.gpkg");
    if (strcmp(job.form->name, "pdf") == 0 && report_pdf_ready() != EXIT_OK)
        return EXIT_FAILED;
    if (job.table && strcmp(job.form->name, "csv") != 0)
        return usage_error(&command_report, "--table goes with --format csv only");
    if (map && strcmp(job.form->name, "html") != 0 && strcmp(job.form->name, "pdf") != 0)
        return usage_error(&command_report, "--map goes with --format html and pdf only");
    if (map && redact)
        return usage_error(&command_report, "--map does not go with --redact: streets would tell the places again that the copy makes coarse");
    if (map && !map_option_use(map, &why))
        return usage_error(&command_report, "--map: %s: %s", map, why);
    job.case_path = argv[optind];
    const int error = case_open(job.case_path, &job.c);
    if (error == -EINVAL)
        return usage_error(&command_report, "%s is not a case of this version of leash", job.case_path);
    if (error)
        return usage_error(&command_report, "cannot open %s: %s", job.case_path, strerror(-error));
    const int status = write_report(&job, output, redact);
    case_free(job.c);
    map_option_done();
    return status;
}

const struct command command_report = {
    .name = "report",
    .summary = "write a case as text, web page, JSON, CSV, bill of materials, for maps, or as lists of what to block",
    .usage = "CASE [--format text|html|json|csv|geojson|kml|gpx|cyclonedx|stix|hosts|nft|rpz|ecs|pdf] [--redact]\n"
             "                    [--table NAME] [--lang LANGUAGE] [--map FILE] [-o FILE]",
    .help =
        "      --format FORM   text (default), html, json, csv, for maps geojson, kml or gpx,\n"
        "                      cyclonedx: a bill of materials (CycloneDX 1.6);\n"
        "                      hosts, nft, rpz: what the policy forbids, for a hosts file, the\n"
        "                      packet filter nftables, or a DNS server;\n"
        "                      stix: a STIX 2.1 bundle; ecs: JSON lines for SIEMs;\n"
        "                      pdf: the page, printed by Chromium, which must be installed\n"
        "      --redact        the copy for others: serial numbers, names and addresses become\n"
        "                      pseudonyms, places cells of 0.1 degree; it is searched for every\n"
        "                      known value before it is written\n"
        "      --table NAME    csv: one table, such as flow or T1\n"
        "      --lang LANGUAGE of text, html and pdf: en (default) or es\n"
        "      --map FILE      html, pdf: map tiles (PMTiles) to lie under the places\n"
        "  -o, --output FILE   where to write; standard output without it.  For csv a folder\n"
        "                      gets one file per table, and the audit tables T1 to T9; a file\n"
        "                      gets the table of positions\n"
        "  -h, --help          show this help\n\n"
        "Exit status: 0 written, 1 the redacted copy still held a known value and was not\n"
        "written, 2 usage or no case, 4 writing failed.\n",
    .run = run,
};
