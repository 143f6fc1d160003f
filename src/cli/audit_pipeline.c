#include "cli/audit_run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/flight_secrets.h"
#include "cli/gather.h"
#include "destination/contacted.h"
#include "leak/bursts.h"
#include "packet/address.h"
#include "packet/capture.h"
#include "reader/sandbox.h"
#include "story/bystander.h"
#include "story/exposure.h"
#include "story/heard.h"
#include "story/story.h"

/* Evidence in, verdict out: walk, read what is stored, learn what is secret, read what was
 * transmitted, work out the destinations, judge. */

void audit_note(void *user, struct text sentence)
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

static struct payload_search *search_begin(void *argument, struct crew *crew, unsigned helpers)
{
    struct payload_search *search = leak_search_new(argument);

    leak_search_share(search, crew, helpers);
    return search;
}

static void search_end(struct payload_search *s, struct reading *r)
{
    leak_search_item_done(s, r);
    leak_search_free(s);
}

static int learn_flights(struct audit *a)
{
    const struct flight_files files = { .paths = a->flights, .count = (int)a->flight_count, .audit = a->c,
                                        .case_path = a->case_path,
                                        .pool = &a->pool, .arena = a->arena, .note = audit_note, .user = a };

    return a->flight_count ? flight_secrets_read(&files, a->known) : 0;
}

/* What the operator owns, by the policy's inventory. */
static void learn_inventory(struct audit *a)
{
    for (size_t i = 0; i < a->policy->value_count; i++) {
        const struct policy_value *v = &a->policy->values[i];
        if (text_equal(v->list, TEXT("inventory")) && text_equal(v->field, TEXT("serial")))
            secrets_add_literal(a->known, TEXT("inventory of the policy"), SECRET_SERIAL, TEXT("serial number"),
                                v->value);
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
        audit_note(a, refusals);
    a->index = leak_index_new(a->known, NULL);
    if (!leak_index_empty(a->index)) {
        a->pool.worker.search_begin = search_begin;
        a->pool.worker.search_end = search_end;
        a->pool.worker.search_argument = a->index;
    } else {
        audit_note(a, TEXT("No flight log, photo, --flight or --secret gave a value to search for: whether known data left was not examined."));
    }
    return 0;
}

static int build_destinations(struct audit *a)
{
    const struct note_taker notes = { .note = audit_note, .user = a };
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
    const struct story_run run = { .put = keep_story, .note = audit_note, .user = a };

    return story_tell(case_db(a->c), &run);
}

/* Serial numbers and addresses that somebody said are the operator's: --own-drone, --local MAC, and the inventory. */
static struct text_list own_drones(struct audit *a)
{
    struct text *own = arena_alloc(a->arena, a->own_count + a->reading.local_mac_count + a->policy->value_count + 1,
                                   sizeof *own);
    size_t count = 0;

    for (size_t i = 0; i < a->own_count; i++)
        own[count++] = text_of(a->own[i]);
    for (size_t i = 0; i < a->reading.local_mac_count; i++) {
        char *mac = arena_alloc(a->arena, MAC_TEXT_MAX, 1);
        own[count++] = mac_text(a->reading.local_macs[i], mac);
    }
    for (size_t i = 0; i < a->policy->value_count; i++) {
        const struct policy_value *v = &a->policy->values[i];
        if (text_equal(v->list, TEXT("inventory")) && (text_equal(v->field, TEXT("serial")) ||
                                                       text_equal(v->field, TEXT("mac"))))
            own[count++] = v->value;
    }
    return (struct text_list){ .items = own, .count = count };
}

/* What was heard by radio: against the logs, without the names of bystanders, and how far it exposed the operator. */
static int tell_broadcasts(struct audit *a)
{
    const struct story_run run = { .put = keep_story, .note = audit_note, .user = a };
    const struct bystander_run bystanders = { .own = own_drones(a), .shown = a->bystanders_shown, .note = audit_note,
                                              .user = a };
    int error = heard_compare(case_db(a->c), &run);

    if (!error)
        error = bystanders_hide(case_db(a->c), &bystanders);
    if (!error)
        error = exposures_tell(case_db(a->c), &run);
    return error;
}

static int mark_phases(struct audit *a)
{
    const struct phase_run run = { .ranges = a->phases, .range_count = a->phase_count, .note = audit_note, .user = a };
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
        audit_note(a, sentence);
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
        const int fd = item->descriptor >= 0 ? item->descriptor : open(path,
                                                                       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        const ssize_t n = fd >= 0 ? pread(fd, first, sizeof first, 0) : -1;
        if (fd >= 0 && item->descriptor < 0)
            close(fd);
        const struct bytes head = { .at = first, .len = n > 0 ? (size_t)n : 0 };
        if (head.len && (pcap_recognise(head) || pcapng_recognise(head)))
            return true;
    }
    return false;
}

/* While one thread judges, another works out what the facts alone tell. */
static int judge_facts(struct audit *a, struct judge_result *result)
{
    int error = case_write_out(a->c);

    if (!error && pool_readers(&a->pool) > 1)
        a->beside = audit_beside_start(a->c);
    if (!error)
        error = judge_case_with(a->c, a->policy, data_directory(),
                                a->fail_on_given ? a->fail_on : a->policy->fail_on, audit_beside_help(a->beside),
                                result);
    audit_beside_join(a->beside);
    return error ? error : case_seal_with(a->c, audit_beside_chains(a->beside));
}

int audit_read_and_judge(struct audit *a, char **paths, int path_count, struct judge_result *result)
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
        error = judge_facts(a, result);
    return error;
}
