#include "cli/audit_run.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/system_data.h"
#include "base/timestamp.h"
#include "cli/app_data.h"
#include "cli/app_knowledge.h"
#include "cli/gather.h"
#include "cli/interrupt.h"
#include "cli/map_option.h"
#include "reader/sandbox.h"
#include "report/words.h"

/* The command: its options, and the frame around cli/audit_pipeline.c and cli/audit_results.c. */

static int start_case(struct audit *a)
{
    interrupt_guard(a->case_path);
    const int error = case_create(a->case_path, a->force, &a->c);

    if (error == -EEXIST)
        return usage_error(&command_audit, "%s is there already: --force replaces it, -o names another", a->case_path);
    if (error)
        return run_error("cannot write the case %s: %s", a->case_path, strerror(-error));
    return EXIT_OK;
}

static int load_policy(struct audit *a)
{
    struct policy_error error;
    char path[4096];

    snprintf(path, sizeof path, "%s/policy/default.yaml", data_directory());
    if (policy_load(a->policy_path ? a->policy_path : path, &a->policy, &error)) {
        policy_error_print(&error);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

static int explain_failure(struct audit *a, int error, const struct judge_result *result)
{
    if (result->error.message[0])
        policy_error_print(&result->error);
    if (error == -ENOSPC)
        return run_error("no room left on the disk; no case was written");
    if (error == -ENODATA)
        return usage_error(&command_audit, "--flight: nothing in it can be read as a flight log, a photo or the like");
    if (error == -ECHILD)
        return run_error("the reader processes cannot be started on this machine");
    if (error == -EIO)
        return run_error("the case could not be written: %s", case_error(a->c));
    return run_error("the audit failed: %s", error < 0 ? strerror(-error) : "unknown error");
}

static void set_spool_directory(struct audit *a)
{
    char copy[4096];

    snprintf(copy, sizeof copy, "%s", a->case_path);
    snprintf(a->spool_directory, sizeof a->spool_directory, "%s", dirname(copy));
    a->pool.spool_directory = a->spool_directory;
}

/* Now, or the time that SOURCE_DATE_EPOCH names (reproducible-builds.org), so that a run can be repeated to the
 * byte: the ages of files and data are judged against it. */
static int set_started(struct audit *a)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    const int64_t year_2200_s = 7258118400;
    int64_t started_utc_s;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    started_utc_s = (int64_t)now.tv_sec;
    if (given && given[0]) {
        if (!text_to_int(text_of(given), 0, year_2200_s, &started_utc_s))
            return usage_error(&command_audit, "SOURCE_DATE_EPOCH is not a number of seconds since 1970: '%s'", given);
        audit_note(a, TEXT("The start of this run was given by SOURCE_DATE_EPOCH, not by the clock."));
    }
    a->started_utc_ns = started_utc_s * NS_PER_S;
    return EXIT_OK;
}

static int audit(struct audit *a, int argc, char **argv)
{
    const struct note_taker notes = { .note = audit_note, .user = a };
    struct judge_result result = { 0 };
    const char *why;
    int status;

    if ((status = set_started(a)))
        return status;
    a->sandbox_features = SANDBOX_ALL;
    set_spool_directory(a);
    sandbox_prepare();
    if ((status = yara_option_compile(&a->yara, &command_audit, a->arena, &notes, &a->pool.worker.rules)) ||
        (status = load_policy(a)) || (status = start_case(a)))
        return status;
    a->tables = destination_tables_open(data_directory(), a->geoip, a->geoip_count, &notes);
    a->components = app_knowledge_load(data_directory(), &notes);
    a->reading.components = a->components;
    if (a->app_data && app_data_load(a->app_data, a->components, &notes, &why))
        return usage_error(&command_audit, "--app-data: %s: %s", a->app_data, why);
    item_list_init(&a->items);
    a->pool.worker.reading = &a->reading;
    int error = audit_describe_run(a, argc, argv);
    if (!error)
        error = audit_read_and_judge(a, argv + optind, argc - optind, &result);
    status = error ? EXIT_FAILED : audit_write_results(a, &error);
    if (error)
        status = explain_failure(a, error, &result);
    if (status == EXIT_OK && result.exit_status == EXIT_USAGE)
        fputs("leash: none of the evidence could be read; the report says why\n", stderr);
    item_list_done(&a->items);
    return status ? status : result.exit_status;
}

/* NAME=VALUE or NAME=@FILE; the file's last line break does not count. */
static bool take_secret(struct audit *a, const char *argument)
{
    const char *equals = strchr(argument, '=');
    struct audit_secret *s = &a->secrets[a->secret_count];

    if (!equals || equals == argument || a->secret_count == SECRETS_MAX)
        return false;
    *s = (struct audit_secret){ .name = argument, .name_len = (size_t)(equals - argument),
                                .value = text_of(equals + 1) };
    if (equals[1] == '@') {
        enum { SECRET_BYTES_MAX = 64 << 20 }; /* a million identifiers */
        char *content = malloc(SECRET_BYTES_MAX);
        FILE *f = content ? fopen(equals + 2, "re") : NULL;
        if (!f) {
            free(content);
            return false;
        }
        size_t n = fread(content, 1, SECRET_BYTES_MAX, f);
        const bool all = feof(f) && !ferror(f);
        fclose(f);
        while (n > 0 && (content[n - 1] == '\n' || content[n - 1] == '\r'))
            n--;
        s->value = arena_text(a->arena, (struct text){ content, n });
        free(content);
        if (!all)
            return false;
    }
    a->secret_count++;
    return s->value.len > 0;
}

static int take_phase(struct audit *a, const char *argument)
{
    if (a->phase_count == PHASE_RANGES_MAX)
        return usage_error(&command_audit, "--phase can be given %d times", PHASE_RANGES_MAX);
    const char *wrong = phase_range_parse(argument, &a->phases[a->phase_count]);
    if (wrong)
        return usage_error(&command_audit, "--phase '%s': %s", argument, wrong);
    a->phase_count++;
    return EXIT_OK;
}

static const struct option audit_options[] = {
    { "help", no_argument, NULL, OPTION_HELP },
    { "output", required_argument, NULL, 'o' },
    { "html", required_argument, NULL, 'H' },
    { "json", required_argument, NULL, 'j' },
    { "policy", required_argument, NULL, 'p' },
    { "force", no_argument, NULL, 'f' },
    { "label", required_argument, NULL, 'L' },
    { "lang", required_argument, NULL, 'G' },
    { "map", required_argument, NULL, 'M' },
    { "operator", required_argument, NULL, 'O' },
    { "sign", required_argument, NULL, 'S' },
    { "local", required_argument, NULL, 'l' },
    { "dji-keychain", required_argument, NULL, 'k' },
    { "rid-key", required_argument, NULL, 'K' },
    { "own-drone", required_argument, NULL, 'D' },
    { "bystanders", no_argument, NULL, 'B' },
    { "sample-rate", required_argument, NULL, 'R' },
    { "geoip", required_argument, NULL, 'g' },
    { "system-data", required_argument, NULL, 'd' },
    { "app-data", required_argument, NULL, 'A' },
    { "yara", required_argument, NULL, 'y' },
    { "secret", required_argument, NULL, 's' },
    { "flight", required_argument, NULL, 'w' },
    { "phase", required_argument, NULL, 'P' },
    { "fail-on", required_argument, NULL, 'F' },
    { "no-hash", no_argument, NULL, 'n' },
    { "readers", required_argument, NULL, 'r' },
    { 0 },
};

/* EXIT_OK, or what the program ends with. */
static int take_option(struct audit *a, int option)
{
    const char *why;
    int64_t number;

    switch (option) {
    case 'o': a->case_path = optarg; break;
    case 'H': a->html_path = optarg; break;
    case 'j': a->json_path = optarg; break;
    case 'p': a->policy_path = optarg; break;
    case 'f': a->force = true; break;
    case 'L': a->label = optarg; break;
    case 'O': a->operator = optarg; break;
    case 'G':
        if (!words_use_language(text_of(optarg)))
            return usage_error(&command_audit, "--lang takes en or es, not '%s'", optarg);
        break;
    case 'M':
        if (!map_option_use(optarg, &why))
            return usage_error(&command_audit, "--map: %s: %s", optarg, why);
        break;
    case 'S':
        signing_key_free(a->key);
        if (!(a->key = signing_key_private(optarg, &why)))
            return usage_error(&command_audit, "--sign: %s: %s", optarg, why);
        break;
    case 'n': a->pool.hash = false; break;
    case 'l':
        if (!gather_local(&a->reading, a->arena, optarg))
            return usage_error(&command_audit, "--local takes an address, a prefix or a MAC address, not '%s'", optarg);
        break;
    case 'k':
        if (!gather_dji_keychain(&a->reading, a->arena, optarg, &why))
            return usage_error(&command_audit, "--dji-keychain: %s: %s", optarg, why);
        break;
    case 'K':
        if (!gather_rid_key(&a->reading, a->arena, optarg, &why))
            return usage_error(&command_audit, "--rid-key: %s: %s", optarg, why);
        break;
    case 'D':
        if (a->own_count == OWN_DRONES_MAX || !*optarg)
            return usage_error(&command_audit, "--own-drone takes a serial number, an id or an address, %d times at most", OWN_DRONES_MAX);
        a->own[a->own_count++] = optarg;
        break;
    case 'B': a->bystanders_shown = true; break;
    case 'R':
        if (!gather_sample_rate(&a->reading, optarg))
            return usage_error(&command_audit, "--sample-rate takes samples a second, such as 15.36M, not '%s'",
                               optarg);
        break;
    case 'g':
        if (a->geoip_count == GEOIP_FILES_MAX || access(optarg, R_OK))
            return usage_error(&command_audit, "--geoip: cannot read '%s'", optarg);
        a->geoip[a->geoip_count++] = optarg;
        break;
    case 'd':
        if (access(optarg, R_OK | X_OK))
            return usage_error(&command_audit, "--system-data: cannot look into the folder '%s'", optarg);
        system_data_only_in(optarg);
        break;
    case 'A': a->app_data = optarg; break;
    case 'y':
        if (!yara_option_take(&a->yara, optarg, a->arena, &why))
            return usage_error(&command_audit, "--yara: %s: %s", optarg, why);
        break;
    case 's':
        if (!take_secret(a, optarg))
            return usage_error(&command_audit, "--secret takes NAME=VALUE, or NAME=@FILE with a file that can be read");
        break;
    case 'w':
        if (a->flight_count == FLIGHTS_MAX || access(optarg, R_OK))
            return usage_error(&command_audit, "--flight: cannot read '%s'", optarg);
        a->flights[a->flight_count++] = optarg;
        break;
    case 'P':
        return take_phase(a, optarg);
    case 'F':
        if (!severity_find(text_of(optarg), &a->fail_on))
            return usage_error(&command_audit, "--fail-on takes info, low, medium, high or critical, not '%s'", optarg);
        a->fail_on_given = true;
        break;
    case 'r':
        if (!text_to_int(text_of(optarg), 1, 64, &number))
            return usage_error(&command_audit, "--readers takes a number from 1 to 64, not '%s'", optarg);
        a->pool.readers = (unsigned)number;
        break;
    default:
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct audit *a = calloc(1, sizeof *a);
    int option, status = EXIT_OK;

    if (!a)
        return run_error("out of memory");
    a->case_path = "leash-case.gpkg";
    a->html_path = "leash-report.html";
    a->pool = pool_defaults();
    a->arena = arena_new(0);
    buffer_init(&a->notes, 1 << 20);
    while (status == EXIT_OK && (option = next_option(&command_audit, argc, argv, audit_options)) != -1) {
        if (option == OPTION_HELP) {
            status = print_help(&command_audit);
            goto done;
        }
        status = take_option(a, option);
    }
    if (status == EXIT_OK && optind == argc)
        status = usage_error(&command_audit, "no evidence is named: a capture, a log, a photo, or a folder of them");
    if (status == EXIT_OK)
        status = audit(a, argc, argv);
done:
    signing_key_free(a->key);
    leak_index_free(a->index);
    secrets_free(a->known);
    component_table_free(a->components);
    destination_tables_free(a->tables);
    policy_free(a->policy);
    audit_beside_free(a->beside);
    case_free(a->c);
    buffer_done(&a->notes);
    arena_free(a->arena);
    free(a);
    return status;
}

const struct command command_audit = {
    .name = "audit",
    .summary = "read evidence, judge it, and write the case and the report",
    .usage = "[OPTION]... EVIDENCE...|-",
    .help =
        "EVIDENCE is any mix of files and folders: captures, flight logs, photos, archives of\n"
        "them; - is standard input.  What each one is, is decided by its content.\n\n"
        "  -o, --output CASE     the case file (default: leash-case.gpkg)\n"
        "      --html FILE       the report page (default: leash-report.html)\n"
        "      --json FILE       the report as JSON; - for standard output\n"
        "      --policy FILE     what is allowed (default: the DHS/CISA practices)\n"
        "      --force           replace a case that is there\n"
        "      --label NAME      a name for this run in the report: a mode, or a version\n"
        "      --lang LANGUAGE   of the page and the summary: en (default) or es\n"
        "      --map FILE        map tiles (PMTiles) to lie under the places of the page\n"
        "      --operator NAME   who did this audit; kept in the case and shown\n"
        "      --sign KEY        sign the case with this Ed25519 key (PEM): writes CASE.sig\n"
        "      --local NET       an address, prefix or MAC of the side under test; may be repeated\n"
        "      --dji-keychain FILE\n"
        "                        keys to DJI flight records of versions 13 and 14: an answer of\n"
        "                        the maker's keychain service that you saved; may be repeated.\n"
        "                        leash asks no service\n"
        "      --rid-key FILE    public keys (PEM) with which signatures in Remote ID are verified;\n"
        "                        may be repeated\n"
        "      --own-drone ID    serial number, broadcast id or radio address of a drone that is yours;\n"
        "                        may be repeated.  Other people's that were heard lose their names\n"
        "      --bystanders      show other people's drones as they announced themselves\n"
        "      --sample-rate RATE\n"
        "                        samples a second of radio recordings that do not tell it: 15.36M, 50M\n"
        "      --geoip FILE      a location database of your own (MaxMind format); may be repeated\n"
        "      --app-data DIR    name kits in apps by tables of others, too: Exodus' tracker list and\n"
        "                        LibChecker-Rules, which this folder holds; leash ships neither\n"
        "      --yara FILE       hold all files and what packages hold against the YARA rules of this\n"
        "                        file; may be repeated\n"
        "      --system-data DIR look for data that is not leash's own (libloc's location.db,\n"
        "                        iptoasn-country.mmdb, public_suffix_list.dat) in this folder only:\n"
        "                        a run can be repeated after the machine was updated\n"
        "      --secret NAME=VALUE|@FILE\n"
        "                        a value that must not leave, searched in what was sent; may be\n"
        "                        repeated.  @FILE keeps it out of the command line, and may hold\n"
        "                        several values, one a line\n"
        "      --flight FILE     a flight log, photo or folder that is only searched for in what was\n"
        "                        sent, and is not judged as stored evidence; may be repeated\n"
        "      --phase NAME=FROM..TO\n"
        "                        names a part of the test, by times as 2026-11-22T10:04:00Z; may be\n"
        "                        repeated.  leash finds flight, sync and others by itself\n"
        "      --fail-on LEVEL   findings from this severity on give exit status 1: info, low,\n"
        "                        medium, high (default) or critical\n"
        "      --no-hash         do not hash the evidence; rows are then tied to paths only\n"
        "      --readers N       reader processes at once (default: one per core)\n"
        "  -h, --help            show this help\n\n"
        "Exit status: 0 nothing violated and all evidence read; 1 a precaution is not met, or a\n"
        "finding reaches --fail-on; 2 usage, or no evidence could be read; 3 nothing violated,\n"
        "but evidence was partial or unreadable, or too much of what left could not be read;\n"
        "4 leash itself failed.\n",
    .run = run,
};
