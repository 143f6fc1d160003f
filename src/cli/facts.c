#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/app_data.h"
#include "cli/app_knowledge.h"
#include "cli/command.h"
#include "cli/gather.h"
#include "cli/interrupt.h"
#include "cli/yara_option.h"
#include "destination/makers.h"
#include "fact/case.h"
#include "fact/fact_json.h"
#include "fact/position_line.h"
#include "reader/pool.h"
#include "reader/sandbox.h"
#include "reader/stream_run.h"

/* Facts as JSON lines, as they are read: no case, no judgement, no search for secrets. */

enum { OUTPUT_BYTES = 64 * 1024 };

static char output_buffer[OUTPUT_BYTES]; /* glibc takes a size only with a place: else it writes four kilobytes at a time */

struct output {
    struct json json;
    struct arena *arena;
    struct maker_tables *makers;
    const struct item *item;       /* whose key is in `key_digits` */
    char key_digits[SHA256_HEX];
    struct position_line positions;
    size_t lines_bytes;
    char lines[OUTPUT_BYTES];      /* of positions, which go out together */
};

/* Many go out as they are: copying them once more would be a fortieth of the work. */
static void put_lines(struct output *o)
{
    enum { MANY = OUTPUT_BYTES / 2 };
    size_t done = 0;

    if (o->lines_bytes >= MANY && fflush_unlocked(o->json.out) == 0) {
        while (done < o->lines_bytes) {
            const ssize_t n = write(fileno_unlocked(o->json.out), o->lines + done, o->lines_bytes - done);
            if (n > 0)
                done += (size_t)n;
            else if (n == 0 || errno != EINTR)
                break; /* the stream is to meet the same, and keep it in mind */
        }
    }
    fwrite_unlocked(o->lines + done, 1, o->lines_bytes - done, o->json.out);
    o->lines_bytes = 0;
}

/* True when the row is such a position as there are millions of. */
static bool print_position(struct output *o, enum fact_kind kind, const void *row)
{
    if (sizeof o->lines - o->lines_bytes < POSITION_LINE_MAX || kind != FACT_POSITION)
        put_lines(o);
    const size_t len = kind == FACT_POSITION ? position_line_put(&o->positions, row, o->key_digits,
                                                                 o->lines + o->lines_bytes) : 0;
    o->lines_bytes += len;
    if (len == 0)
        put_lines(o);
    return len > 0;
}

static int print_row(void *user, const struct item *item, enum fact_kind kind, void *row)
{
    struct output *o = user;
    struct fact_head *head = row;
    const struct text key = { .at = o->key_digits, .len = SHA256_HEX };

    arena_reset(o->arena);
    if (item != o->item)
        item_key(item, o->key_digits);
    o->item = item;
    if (item->hashed)
        head->evidence = key;
    if (!print_position(o, kind, row)) {
        head->id = case_row_id(kind, key, head->number, o->arena);
        makers_fill(o->makers, kind, row);
        fact_json_row(&o->json, FACT_JSON_FACTS, kind, row);
        o->json.has_items = 0; /* the next row is a document of its own */
        putc_unlocked('\n', o->json.out);
    }
    return ferror_unlocked(o->json.out) ? -1 : 0;
}

static int print_evidence(void *user, const struct fact_evidence *row, struct text key)
{
    struct output *o = user;

    (void)key;
    put_lines(o);
    fact_json_row(&o->json, FACT_JSON_FACTS, FACT_EVIDENCE, row);
    o->json.has_items = 0;
    putc('\n', o->json.out);
    return 0;
}

static void flush_output(void *user)
{
    struct output *o = user;

    put_lines(o);
    fflush(o->json.out);
}

static bool input_over(void *user)
{
    return interrupt_input_over();
}

/* Standard input, as it comes. */
static int read_stream(struct item_list *items, struct item *item, const struct pool_options *pool,
                       struct pool_listener *listener)
{
    const struct stream_source source = {
        .descriptor = STDIN_FILENO, .quiet = flush_output, .stop = input_over, .user = listener->user,
    };

    interrupt_input_begin();
    const int result = stream_run(items, item, &source, pool, listener);
    interrupt_input_end();
    return result < 0 ? result : 0;
}

static int exit_status_of(const struct item_list *items)
{
    size_t read = 0, incomplete = 0;

    for (const struct item *i = items->first; i; i = i->next) {
        read += text_equal(i->status, TEXT("read")) || text_equal(i->status, TEXT("partial"));
        incomplete += text_equal(i->status, TEXT("partial")) || text_equal(i->status, TEXT("unreadable"));
    }
    return read == 0 ? EXIT_USAGE : incomplete ? EXIT_INCOMPLETE : EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "no-hash", no_argument, NULL, 'n' },
        { "local", required_argument, NULL, 'l' },
        { "dji-keychain", required_argument, NULL, 'k' },
        { "rid-key", required_argument, NULL, 'K' },
        { "sample-rate", required_argument, NULL, 's' },
        { "app-data", required_argument, NULL, 'A' },
        { "yara", required_argument, NULL, 'y' },
        { "readers", required_argument, NULL, 'r' },
        { 0 },
    };
    struct arena *arena = arena_new(0);
    struct reading_options reading = { 0 };
    struct pool_options pool = pool_defaults();
    const char *app_data = NULL, *why;
    struct component_table *components = NULL;
    struct yara_option *yara = arena_alloc(arena, 1, sizeof *yara);
    int option, status = EXIT_OK;
    int64_t number;

    while (status == EXIT_OK && (option = next_option(&command_facts, argc, argv, options)) != -1) {
        if (option == OPTION_HELP) {
            status = print_help(&command_facts);
            goto done;
        } else if (option == 'n') {
            pool.hash = false;
        } else if (option == 'l') {
            if (!gather_local(&reading, arena, optarg))
                status = usage_error(&command_facts, "--local takes an address, a prefix or a MAC address, not '%s'",
                                     optarg);
        } else if (option == 'k') {
            if (!gather_dji_keychain(&reading, arena, optarg, &why))
                status = usage_error(&command_facts, "--dji-keychain: %s: %s", optarg, why);
        } else if (option == 'K') {
            if (!gather_rid_key(&reading, arena, optarg, &why))
                status = usage_error(&command_facts, "--rid-key: %s: %s", optarg, why);
        } else if (option == 's') {
            if (!gather_sample_rate(&reading, optarg))
                status = usage_error(&command_facts, "--sample-rate takes samples a second, such as 15.36M, not '%s'",
                                     optarg);
        } else if (option == 'A') {
            app_data = optarg;
        } else if (option == 'y') {
            if (!yara_option_take(yara, optarg, arena, &why))
                status = usage_error(&command_facts, "--yara: %s: %s", optarg, why);
        } else if (option == 'r') {
            if (!text_to_int(text_of(optarg), 1, 64, &number))
                status = usage_error(&command_facts, "--readers takes a number from 1 to 64, not '%s'", optarg);
            else
                pool.readers = (unsigned)number;
        } else {
            status = EXIT_USAGE;
        }
    }
    if (status == EXIT_OK && optind == argc)
        status = usage_error(&command_facts, "no evidence is named");
    components = app_knowledge_load(data_directory(), NULL);
    if (status == EXIT_OK && app_data && app_data_load(app_data, components, NULL, &why))
        status = usage_error(&command_facts, "--app-data: %s: %s", app_data, why);
    sandbox_prepare();
    if (status == EXIT_OK)
        status = yara_option_compile(yara, &command_facts, arena, NULL, &pool.worker.rules);
    if (status != EXIT_OK)
        goto done;

    struct output output = { .arena = arena_new(0), .makers = makers_new(data_directory(), NULL, NULL) };
    struct pool_listener listener = { .row = print_row, .user = &output, .sandbox_features = SANDBOX_ALL };
    struct item_list items;
    setvbuf(stdout, output_buffer, _IOFBF, sizeof output_buffer);
    json_init(&output.json, stdout, false);
    position_line_init(&output.positions);
    item_list_init(&items);
    reading.components = components;
    pool.worker.reading = &reading;
    struct item *stream = NULL;
    int error = gather_items(&items, argv + optind, argc - optind, pool.spool_directory, yara->count ? NULL : &stream); /* rules need the whole */
    if (!error && stream)
        error = read_stream(&items, stream, &pool, &listener);
    if (!error)
        error = pool_run(&items, PASS_STORED, &pool, &listener);
    if (!error)
        error = pool_run(&items, PASS_TRANSMITTED, &pool, &listener);
    if (!error)
        error = gather_evidence_rows(&items, print_evidence, &output);
    put_lines(&output);
    status = error || ferror_unlocked(stdout) || fflush(stdout)
        ? run_error("the facts could not be written: %s", error < 0 ? strerror(-error) : "output failed")
                                     : exit_status_of(&items);
    item_list_done(&items);
    makers_free(output.makers);
    arena_free(output.arena);
done:
    component_table_free(components);
    arena_free(arena);
    return status;
}

const struct command command_facts = {
    .name = "facts",
    .summary = "print what the evidence holds as JSON lines, without judging it",
    .usage = "[OPTION]... EVIDENCE...|-",
    .help =
        "One row a line: {\"fact\": KIND, \"id\": ..., \"evidence\": SHA-256, \"origin\": ..., fields...}.\n"
        "The last lines are the evidence itself with its status.\n"
        "- is standard input: a capture is read as it comes, and its rows are printed as they\n"
        "become known; a row that comes again with the same id replaces the one before.\n\n"
        "      --no-hash       do not hash the evidence (faster; ids then come from the paths)\n"
        "      --local NET     an address, prefix or MAC of the side under test; may be repeated\n"
        "      --dji-keychain FILE\n"
        "                      keys to DJI flight records of versions 13 and 14: an answer of the\n"
        "                      maker's keychain service that you saved; may be repeated\n"
        "      --rid-key FILE  public keys (PEM) with which signatures in Remote ID are verified\n"
        "      --sample-rate RATE\n"
        "                      samples a second of radio recordings that do not tell it: 15.36M, 50M\n"
        "      --app-data DIR  name kits in apps by tables of others, too: Exodus' tracker list and\n"
        "                      LibChecker-Rules, which this folder holds; leash ships neither\n"
        "      --yara FILE     hold all files and what packages hold against the YARA rules of this\n"
        "                      file; may be repeated.  Standard input is then kept before it is read\n"
        "      --readers N     reader processes at once (default: one per core)\n"
        "  -h, --help          show this help\n\n"
        "Exit status: 0 all was read, 2 usage or nothing could be read, 3 some could not be\n"
        "read, 4 leash itself failed.\n",
    .run = run,
};
