#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "fact/case.h"
#include "report/audit_tables.h"
#include "report/blocklist.h"
#include "report/csv.h"
#include "report/cyclonedx.h"
#include "report/geojson.h"
#include "report/gpx.h"
#include "report/html.h"
#include "report/json.h"
#include "report/kml.h"
#include "report/text.h"
#include "report/words.h"

static int write_text(struct fact_case *c, FILE *out, const char *path)
{
    struct winsize size = { 0 };
    const bool terminal = isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0;
    const struct text_style style = {
        .colour = wants_colour(out), .width = terminal ? size.ws_col : 0, .height = terminal ? size.ws_row : 0,
        .case_path = text_of(path),
    };

    return report_text_write(c, out, &style);
}

static int write_html(struct fact_case *c, FILE *out, const char *path)    { (void)path; return report_html_write(c, out); }
static int write_json(struct fact_case *c, FILE *out, const char *path)    { (void)path; return report_json_write(c, out, true); }
static int write_geojson(struct fact_case *c, FILE *out, const char *path) { (void)path; return report_geojson_write(c, out); }
static int write_kml(struct fact_case *c, FILE *out, const char *path)     { (void)path; return report_kml_write(c, out); }
static int write_cyclonedx(struct fact_case *c, FILE *out, const char *path) { (void)path; return report_cyclonedx_write(c, out); }
static int write_hosts(struct fact_case *c, FILE *out, const char *path)   { (void)path; return report_hosts_write(c, out); }
static int write_nft(struct fact_case *c, FILE *out, const char *path)     { (void)path; return report_nft_write(c, out); }
static int write_rpz(struct fact_case *c, FILE *out, const char *path)     { (void)path; return report_rpz_write(c, out); }
static int write_gpx(struct fact_case *c, FILE *out, const char *path)     { (void)path; return report_gpx_write(c, out); }
static int write_positions(struct fact_case *c, FILE *out, const char *path)
{
    (void)path;
    return report_csv_write(c, FACT_POSITION, out);
}

/* One table of the forms a report can have. */
static const struct form {
    const char *name;
    int (*write)(struct fact_case *c, FILE *out, const char *case_path);
} forms[] = {
    { "text", write_text }, { "html", write_html }, { "json", write_json }, { "csv", write_positions },
    { "geojson", write_geojson }, { "kml", write_kml }, { "gpx", write_gpx }, { "cyclonedx", write_cyclonedx },
    { "hosts", write_hosts }, { "nft", write_nft }, { "rpz", write_rpz },
};
enum { FORM_COUNT = sizeof forms / sizeof *forms };

struct job {
    struct fact_case *c;
    const struct form *form;
    const char *case_path;
    enum fact_kind kind; /* csv into a folder */
    const struct audit_table *table;
};

static int write_job(FILE *out, void *user)
{
    struct job *job = user;

    return job->form->write(job->c, out, job->case_path);
}

static int write_table(FILE *out, void *user)
{
    struct job *job = user;

    return report_csv_write(job->c, job->kind, out);
}

static int write_audit_table(FILE *out, void *user)
{
    struct job *job = user;

    return report_csv_query(job->c, job->table->sql, out);
}

/* --format csv -o FOLDER: one file per table that has rows, and T1 to T9, which are there
 * even when they are empty. */
static int write_tables(struct job *job, const char *folder)
{
    char path[4096];
    int status = EXIT_OK;

    if (mkdir(folder, 0700) && errno != EEXIST)
        return run_error("cannot make the folder %s: %s", folder, strerror(errno));
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && status == EXIT_OK; kind++) {
        job->kind = (enum fact_kind)kind;
        if (case_rows(job->c, job->kind) == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s.csv", folder, fact_tables[kind].name);
        status = write_output(path, write_table, job);
    }
    for (size_t i = 0; i < AUDIT_TABLE_COUNT && status == EXIT_OK; i++) {
        job->table = &audit_tables[i];
        snprintf(path, sizeof path, "%s/%s.csv", folder, job->table->file);
        status = write_output(path, write_audit_table, job);
    }
    return status;
}

static const struct form *find_form(const char *name)
{
    for (size_t i = 0; i < FORM_COUNT; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static bool names_folder(const char *path)
{
    struct stat st;

    return path && path[0] && (path[strlen(path) - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)));
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "format", required_argument, NULL, 'f' },
        { "output", required_argument, NULL, 'o' },
        { "lang", required_argument, NULL, 'G' },
        { 0 },
    };
    struct job job = { .form = &forms[0] };
    const char *output = NULL;
    int option;

    while ((option = next_option(&command_report, argc, argv, options)) != -1) {
        if (option == OPTION_HELP)
            return print_help(&command_report);
        if (option == 'o')
            output = optarg;
        else if (option == 'f' && !(job.form = find_form(optarg)))
            return usage_error(&command_report, "there is no format '%s': text, html, json, csv, geojson, kml, gpx, cyclonedx, hosts, nft or rpz", optarg);
        else if (option == 'G' && !words_use_language(text_of(optarg)))
            return usage_error(&command_report, "--lang takes en or es, not '%s'", optarg);
        else if (option == '?')
            return EXIT_USAGE;
    }
    if (argc - optind != 1)
        return usage_error(&command_report, "one case is needed, such as leash-case.gpkg");
    job.case_path = argv[optind];
    const int error = case_open(job.case_path, &job.c);
    if (error == -EINVAL)
        return usage_error(&command_report, "%s is not a case of this version of leash", job.case_path);
    if (error)
        return usage_error(&command_report, "cannot open %s: %s", job.case_path, strerror(-error));
    const int status = strcmp(job.form->name, "csv") == 0 && names_folder(output) ? write_tables(&job, output)
                                                                                  : write_output(output, write_job, &job);
    case_free(job.c);
    return status;
}

const struct command command_report = {
    .name = "report",
    .summary = "write a case as text, web page, JSON, CSV, bill of materials, for maps, or as lists of what to block",
    .usage = "CASE [--format text|html|json|csv|geojson|kml|gpx|cyclonedx|hosts|nft|rpz] [--lang LANGUAGE] [-o FILE]",
    .help =
        "      --format FORM   text (default), html, json, csv, for maps geojson, kml or gpx,\n"
        "                      cyclonedx: a bill of materials (CycloneDX 1.6)\n"
        "                      hosts, nft, rpz: what the policy forbids, for a hosts file, the\n"
        "                      packet filter nftables, or a DNS server\n"
        "  -o, --output FILE   where to write; standard output without it.  For csv a folder\n"
        "                      gets one file per table, and the audit tables T1 to T9; a file\n"
        "                      gets the table of positions\n"
        "      --lang LANGUAGE of text and html: en (default) or es\n"
        "  -h, --help          show this help\n\n"
        "Exit status: 0 written, 2 usage or no case, 4 writing failed.\n",
    .run = run,
};
