#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/system_data.h"
#include "base/timestamp.h"
#include "cli/app_data.h"
#include "cli/app_knowledge.h"
#include "cli/command.h"
#include "cli/flight_secrets.h"
#include "cli/gather.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/signature.h"
#include "cli/yara_option.h"
#include "destination/contacted.h"
#include "destination/destination.h"
#include "fact/case.h"
#include "fact/chain.h"
#include "judge/judge.h"
#include "leak/bursts.h"
#include "leak/search.h"
#include "leak/secrets.h"
#include "packet/address.h"
#include "packet/capture.h"
#include "phase/phase.h"
#include "policy/policy.h"
#include "reader/pool.h"
#include "reader/sandbox.h"
#include "report/html.h"
#include "report/json.h"
#include "report/text.h"
#include "report/words.h"
#include "story/bystander.h"
#include "story/exposure.h"
#include "story/heard.h"
#include "story/story.h"

/* Evidence in, verdict out: walk, read what is stored, learn what is secret, read what was
 * transmitted, work out the destinations, judge, report. */

enum { GEOIP_FILES_MAX = 16, SECRETS_MAX = 256, FLIGHTS_MAX = 256, OWN_DRONES_MAX = 1024 };

struct named_secret {
    const char *name;   /* up to the '=' */
    size_t name_len;
    struct text value;
};

struct audit {
    /* as asked for */
    const char *case_path, *html_path, *json_path, *policy_path, *label, *operator;
    struct signing_key *key;        /* --sign */
    const char *geoip[GEOIP_FILES_MAX];
    size_t geoip_count;
    struct named_secret secrets[SECRETS_MAX];
    size_t secret_count;
    char *flights[FLIGHTS_MAX];     /* --flight */
    size_t flight_count;
    struct phase_range phases[PHASE_RANGES_MAX];
    size_t phase_count;
    const char *own[OWN_DRONES_MAX]; /* --own-drone */
    size_t own_count;
    bool bystanders_shown;          /* --bystanders */
    struct yara_option yara;        /* --yara */
    bool force, fail_on_given;
    enum severity fail_on;
    struct reading_options reading;
    struct pool_options pool;

    /* while running */
    struct arena *arena;
    struct fact_case *c;
    struct policy *policy;
    struct destination_tables *tables;
    struct component_table *components;
    const char *app_data;      /* --app-data */
    struct item_list items;
    struct secrets *known;
    struct leak_index *index;
    struct progress progress;
    struct buffer notes;            /* JSON strings for coverage.notes, with commas between */
    unsigned sandbox_features;
    int64_t started_utc_ns;
    char spool_directory[4096];
};

static void note(void *user, struct text sentence)
{
    struct audit *a = user;
    char *at = NULL;
    size_t len = 0;
    struct json j;
    FILE *out = open_memstream(&at, &len);

    if (!out)
        return;
    json_init(&j, out, false);
    json_text(&j, sentence);
    fclose(out);
    if (a->notes.len)
        buffer_add_u8(&a->notes, ',');
    buffer_add(&a->notes, at, len);
    free(at);
}

/* The key of ids: one item after another gives many rows, so it is not worked out for each. */
static struct text key_of(const struct item *item)
{
    static const struct item *last;
    static char digits[SHA256_HEX];

    if (item != last)
        item_key(item, digits);
    last = item;
    return (struct text){ .at = digits, .len = SHA256_HEX };
}

static int keep_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct audit *a = user;
    struct fact_head *head = row;
    const struct text key = key_of(item);

    if (!item->hashed)
        head->evidence = case_row_id(FACT_EVIDENCE, key, 1, a->arena);
    makers_fill(destination_makers(a->tables), kind, row);
    return case_put(a->c, kind, row, key);
}

static int keep_evidence(void *user, const struct fact_evidence *row, struct text key)
{
    struct audit *a = user;

    return case_put(a->c, FACT_EVIDENCE, row, key);
}

static int keep_destination(void *user, const struct fact_destination *row)
{
    struct audit *a = user;

    return case_put(a->c, FACT_DESTINATION, row, TEXT_UNKNOWN);
}

static void show_progress(void *user, uint64_t done, uint64_t total, const struct item *current)
{
    struct audit *a = user;

    progress_show(&a->progress, done, total, current->path);
}

static int read_pass(struct audit *a, enum reading_pass pass)
{
    struct pool_listener listener = {
        .row = keep_row, .progress = show_progress, .user = a, .sandbox_features = a->sandbox_features,
    };

    progress_start(&a->progress, pass == PASS_STORED ? "Reading" : "Searching");
    const int error = pool_run(&a->items, pass, &a->pool, &listener);
    progress_end(&a->progress);
    a->sandbox_features = listener.sandbox_features;
    return error;
}

/* Only for a search: without anything that was sent, the files need not be looked at again. */
static void add_known_files(struct audit *a)
{
    uint64_t total = 0;
    bool searched = false;

    for (const struct item *item = a->items.first; item; item = item->next) {
        searched |= item->format && item->format->pass == PASS_TRANSMITTED;
        total += item->format && secret_file_what(item->format->kind) ? item->bytes : 0;
    }
    if (!searched)
        return;
    chunk_set_expect(a->known->chunks, total);
    for (const struct item *item = a->items.first; item; item = item->next)
        if (item->format && !item->same_as && secret_file_what(item->format->kind))
            known_file_add(a->known, item, secret_file_what(item->format->kind), a->arena);
}

static struct payload_search *search_begin(void *argument)
{
    return leak_search_new(argument);
}

static void search_end(struct payload_search *s, struct reading *r)
{
    leak_search_item_done(s, r);
    leak_search_free(s);
}

static int learn_flights(struct audit *a)
{
    const struct flight_files files = { .paths = a->flights, .count = (int)a->flight_count, .case_path = a->case_path,
                                        .pool = &a->pool, .arena = a->arena, .note = note, .user = a };

    return a->flight_count ? flight_secrets_read(&files, a->known) : 0;
}

/* What the operator owns, by the policy's inventory. */
static void learn_inventory(struct audit *a)
{
    for (size_t i = 0; i < a->policy->value_count; i++) {
        const struct policy_value *v = &a->policy->values[i];
        if (text_equal(v->list, TEXT("inventory")) && text_equal(v->field, TEXT("serial")))
            secrets_add_literal(a->known, TEXT("inventory of the policy"), SECRET_SERIAL, TEXT("serial number"), v->value);
    }
}

/* What stored evidence holds, what the policy lists, and what the user named, is what must
 * not have left. */
static int learn_secrets(struct audit *a)
{
    a->known = secrets_new();
    int error = secrets_from_case(a->c, a->known);
    if (!error)
        error = learn_flights(a);
    learn_inventory(a);
    for (size_t i = 0; i < a->secret_count && !error; i++)
        secrets_add_text(a->known, (struct text){ a->secrets[i].name, a->secrets[i].name_len }, a->secrets[i].value);
    if (!error)
        add_known_files(a);
    if (error)
        return error;
    const struct text refusals = secrets_refusals(a->known, a->arena);
    if (text_known(refusals))
        note(a, refusals);
    a->index = leak_index_new(a->known, NULL);
    if (!leak_index_empty(a->index)) {
        a->pool.worker.search_begin = search_begin;
        a->pool.worker.search_end = search_end;
        a->pool.worker.search_argument = a->index;
    } else {
        note(a, TEXT("No flight log, photo, --flight or --secret gave a value to search for: whether known data left was not examined."));
    }
    return 0;
}

static int build_destinations(struct audit *a)
{
    const struct note_taker notes = { .note = note, .user = a };
    const struct text_list *own = policy_list(a->policy, TEXT("operator_hosts"), NULL);
    const struct destination_run run = {
        .put = keep_destination, .user = a, .operator_suffixes = own ? own->items : NULL,
        .operator_suffix_count = own ? own->count : 0, .notes = &notes,
        .now_utc_ns = FACT_UNKNOWN_INT, /* how old the data is, is judged with the coverage */
    };

    return destination_build(case_db(a->c), a->tables, &run);
}

static struct text kit_of_host(void *user, struct text host)
{
    const struct component_table *t = user;
    const int component = component_of_host(t, host);

    return component == COMPONENT_NONE ? TEXT_UNKNOWN : component_at(t, (size_t)component)->name;
}

/* What apps hold is joined with what was sent. */
static int mark_contacted(struct audit *a)
{
    const struct contacted_run run = { .kit_of_host = kit_of_host, .user = a->components };

    return components_mark_contacted(case_db(a->c), &run);
}

static int keep_behaviour(void *user, const struct fact_behaviour *row)
{
    struct audit *a = user;

    return case_put(a->c, FACT_BEHAVIOUR, row, TEXT_UNKNOWN);
}

static int keep_story(void *user, enum fact_kind kind, const void *row)
{
    struct audit *a = user;

    return case_put(a->c, kind, row, TEXT_UNKNOWN);
}

static int tell_stories(struct audit *a)
{
    const struct story_run run = { .put = keep_story, .note = note, .user = a };

    return story_tell(case_db(a->c), &run);
}

/* Serial numbers and addresses that somebody said are the operator's: --own-drone, --local MAC, and the inventory. */
static struct text_list own_drones(struct audit *a)
{
    struct text *own = arena_alloc(a->arena, a->own_count + a->reading.local_mac_count + a->policy->value_count + 1, sizeof *own);
    size_t count = 0;

    for (size_t i = 0; i < a->own_count; i++)
        own[count++] = text_of(a->own[i]);
    for (size_t i = 0; i < a->reading.local_mac_count; i++) {
        char *mac = arena_alloc(a->arena, MAC_TEXT_MAX, 1);
        own[count++] = mac_text(a->reading.local_macs[i], mac);
    }
    for (size_t i = 0; i < a->policy->value_count; i++) {
        const struct policy_value *v = &a->policy->values[i];
        if (text_equal(v->list, TEXT("inventory")) && (text_equal(v->field, TEXT("serial")) || text_equal(v->field, TEXT("mac"))))
            own[count++] = v->value;
    }
    return (struct text_list){ .items = own, .count = count };
}

/* What was heard by radio: against the logs, without the names of bystanders, and how far it exposed the operator. */
static int tell_broadcasts(struct audit *a)
{
    const struct story_run run = { .put = keep_story, .note = note, .user = a };
    const struct bystander_run bystanders = { .own = own_drones(a), .shown = a->bystanders_shown, .note = note, .user = a };
    int error = heard_compare(case_db(a->c), &run);

    if (!error)
        error = bystanders_hide(case_db(a->c), &bystanders);
    if (!error)
        error = exposures_tell(case_db(a->c), &run);
    return error;
}

static int mark_phases(struct audit *a)
{
    const struct phase_run run = { .ranges = a->phases, .range_count = a->phase_count, .note = note, .user = a };
    struct text summary;

    const int error = phase_mark(case_db(a->c), &run, a->arena, &summary);
    return error ? error : case_set(a->c, "phases", summary);
}

static int set_notes(struct audit *a)
{
    struct buffer list;

    if (a->sandbox_features != SANDBOX_ALL) {
        const struct text sentence = arena_printf(a->arena, "On this kernel the readers ran without %s.",
                                                  sandbox_missing_text(a->sandbox_features));
        note(a, sentence);
        fprintf(stderr, "leash: %.*s\n", (int)sentence.len, sentence.at);
    }
    buffer_init(&list, 1 << 20);
    buffer_printf(&list, "[%.*s]", (int)a->notes.len, (const char *)a->notes.at);
    const int error = case_set(a->c, "notes", buffer_text(&list));
    buffer_done(&list);
    return error;
}

/* Whether a capture is among what was named: stored pictures then have to be known by their looks,
 * which takes decoding them.  Captures inside archives are not seen here. */
static bool any_capture(const struct audit *a)
{
    for (const struct item *item = a->items.first; item; item = item->next) {
        char path[4096];
        uint8_t first[24];
        snprintf(path, sizeof path, "%.*s", (int)item->path.len, item->path.at);
        const int fd = item->descriptor >= 0 ? item->descriptor : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        const ssize_t n = fd >= 0 ? pread(fd, first, sizeof first, 0) : -1;
        if (fd >= 0 && item->descriptor < 0)
            close(fd);
        const struct bytes head = { .at = first, .len = n > 0 ? (size_t)n : 0 };
        if (head.len && (pcap_recognise(head) || pcapng_recognise(head)))
            return true;
    }
    return false;
}

/* The pipeline, from the walk to the judged case. */
static int run_audit(struct audit *a, char **paths, int path_count, struct judge_result *result)
{
    int error = gather_items(&a->items, paths, path_count, a->spool_directory, NULL);

    a->reading.picture_hashes = !error && any_capture(a);
    if (!error)
        error = read_pass(a, PASS_STORED);
    if (!error)
        error = learn_secrets(a);
    if (!error)
        error = read_pass(a, PASS_TRANSMITTED);
    if (!error)
        error = gather_evidence_rows(&a->items, keep_evidence, a);
    if (!error)
        error = build_destinations(a);
    if (!error)
        error = mark_contacted(a);
    if (!error)
        error = tell_stories(a);
    if (!error)
        error = tell_broadcasts(a);
    if (!error)
        error = mark_phases(a);
    if (!error)
        error = bursts_find(case_db(a->c), a->arena, keep_behaviour, a);
    if (!error)
        error = set_notes(a);
    if (!error)
        error = judge_case(a->c, a->policy, data_directory(), a->fail_on_given ? a->fail_on : a->policy->fail_on, result);
    if (!error)
        error = case_seal(a->c);
    return error;
}

/* Where a secret's value begins in an argument, however the option was spelt; NULL: there is none,
 * or it names a file. */
static const char *secret_value(const struct audit *a, const char *argument)
{
    const char *end = argument + strlen(argument);

    for (size_t i = 0; i < a->secret_count; i++) {
        const char *name = a->secrets[i].name;
        if (name >= argument && name < end && name[a->secrets[i].name_len + 1] != '@')
            return name + a->secrets[i].name_len + 1;
    }
    return NULL;
}

/* The command line as it may be shown: what follows --secret NAME= is not. */
static int set_command(struct audit *a, int argc, char **argv)
{
    struct buffer line;

    buffer_init(&line, 1 << 20);
    buffer_printf(&line, "leash");
    for (int i = 0; i < argc; i++) {
        const char *hidden = secret_value(a, argv[i]);
        buffer_printf(&line, " %.*s%s", hidden ? (int)(hidden - argv[i]) : (int)strlen(argv[i]), argv[i], hidden ? "***" : "");
    }
    const int error = case_set(a->c, "command", buffer_text(&line));
    buffer_done(&line);
    return error;
}

static int set_run(struct audit *a, int argc, char **argv)
{
    char text[TIMESTAMP_TEXT_MAX];
    int error = set_command(a, argc, argv);

    if (!error)
        error = case_set(a->c, "tool_version", TEXT(LEASH_VERSION));
    if (!error)
        error = case_set(a->c, "started", timestamp_text(a->started_utc_ns, text));
    if (!error)
        error = case_set(a->c, "data_versions", destination_data_versions(a->tables, a->arena));
    if (!error)
        error = case_set(a->c, "credits", destination_credits(a->tables, a->arena));
    if (!error && a->label)
        error = case_set(a->c, "label", text_of(a->label));
    const struct text operator = a->operator ? text_of(a->operator) : a->policy->operator_name;
    if (!error && text_known(operator))
        error = case_set(a->c, "operator", operator);
    return error;
}

static int write_html(FILE *out, void *user) { return report_html_write(user, out); }
static int write_json(FILE *out, void *user) { return report_json_write(user, out, true); }

/* A report is made of the sealed case and noted in it; it gets its name when the case has. */
static int prepare_report(struct audit *a, struct prepared_output *o, const char *form, const char *path,
                          int (*write)(FILE *out, void *user))
{
    int status = output_prepare(o, path, write, a->c);

    if (status == EXIT_OK && o->hashed && case_note_report(a->c, form, o->sha256, o->bytes)) {
        output_discard(o);
        status = run_error("the case could not be written: %s", case_error(a->c));
    }
    return status;
}

static int write_signature(struct audit *a)
{
    const struct text head = chain_head(case_db(a->c), a->arena);

    return text_known(head) ? signature_write(a->case_path, a->c, head.at, a->key) : run_error("the signature could not be made");
}

/* The summary of one screen. */
static int write_summary(struct audit *a)
{
    struct winsize size = { 0 };
    const bool terminal = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    const struct text_style style = {
        .colour = wants_colour(stdout), .width = terminal ? size.ws_col : 0, .height = terminal ? size.ws_row : 0,
        .case_path = text_of(a->case_path), .report_path = text_of(a->html_path),
        .json_path = a->json_path && strcmp(a->json_path, "-") != 0 ? text_of(a->json_path) : TEXT_UNKNOWN,
    };

    /* JSON on standard output stands alone there. */
    if (a->json_path && strcmp(a->json_path, "-") == 0)
        return EXIT_OK;
    return report_text_write(a->c, stdout, &style) || fflush(stdout) ? run_error("the summary could not be written") : EXIT_OK;
}

/* The signature of a case that was replaced is about nothing any more. */
static void remove_old_signature(const struct audit *a)
{
    char path[4096];

    if (signature_path(a->case_path, path))
        unlink(path);
}

/* The case is kept even when a report cannot be written. */
static int write_results(struct audit *a, int *ret_case_error)
{
    struct prepared_output page = { 0 }, json = { 0 };
    int status = prepare_report(a, &page, "html", a->html_path, write_html);

    if (status == EXIT_OK && a->json_path)
        status = prepare_report(a, &json, "json", a->json_path, write_json);
    if ((*ret_case_error = case_finish(a->c))) {
        output_discard(&page);
        output_discard(&json);
        return EXIT_FAILED;
    }
    if (a->force)
        remove_old_signature(a);
    if (page.prepared || status == EXIT_OK)
        status = output_commit(&page) || status ? EXIT_FAILED : EXIT_OK;
    if (status == EXIT_OK && a->json_path)
        status = output_commit(&json);
    if (status == EXIT_OK && a->key)
        status = write_signature(a);
    return status == EXIT_OK ? write_summary(a) : status;
}

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
        note(a, TEXT("The start of this run was given by SOURCE_DATE_EPOCH, not by the clock."));
    }
    a->started_utc_ns = started_utc_s * NS_PER_S;
    return EXIT_OK;
}

static int audit(struct audit *a, int argc, char **argv)
{
    const struct note_taker notes = { .note = note, .user = a };
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
    int error = set_run(a, argc, argv);
    if (!error)
        error = run_audit(a, argv + optind, argc - optind, &result);
    status = error ? EXIT_FAILED : write_results(a, &error);
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
    struct named_secret *s = &a->secrets[a->secret_count];

    if (!equals || equals == argument || a->secret_count == SECRETS_MAX)
        return false;
    *s = (struct named_secret){ .name = argument, .name_len = (size_t)(equals - argument), .value = text_of(equals + 1) };
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
            return usage_error(&command_audit, "--sample-rate takes samples a second, such as 15.36M, not '%s'", optarg);
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
