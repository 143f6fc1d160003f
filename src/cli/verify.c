#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/command.h"
#include "cli/file_hash.h"
#include "fact/case.h"
#include "report/terminal.h"

/* Case and evidence belong together, and were not changed. */

struct check {
    struct fact_case *c;
    unsigned same, changed, missing, not_hashed;
};

static void say(const char *verdict, struct text path)
{
    struct buffer safe;

    buffer_init(&safe, 1 << 16);
    terminal_safe(&safe, path, SIZE_MAX);
    printf("%-8s %.*s\n", verdict, (int)safe.len, (const char *)safe.at);
    buffer_done(&safe);
}

static int check_row(void *user, const void *row)
{
    struct check *check = user;
    const struct fact_evidence *e = row;
    char path[4096], hex[SHA256_HEX];

    /* What lay inside another item is vouched for by its holder. */
    if (text_known(e->parent) || text_equal(e->status, TEXT("skipped")))
        return 0;
    if (!text_known(e->sha256) || e->sha256.len != SHA256_HEX) {
        check->not_hashed++;
        say("no hash", e->path);
        return 0;
    }
    snprintf(path, sizeof path, "%.*s", (int)e->path.len, e->path.at);
    const int error = file_hash(path, hex);
    if (error) {
        check->missing++;
        say("missing", e->path);
    } else if (memcmp(hex, e->sha256.at, SHA256_HEX) != 0) {
        check->changed++;
        say("CHANGED", e->path);
    } else {
        check->same++;
        say("same", e->path);
    }
    return 0;
}

static bool case_knows(struct fact_case *c, const char hex[SHA256_HEX])
{
    sqlite3_stmt *s = NULL;
    bool known = false;

    if (sqlite3_prepare_v2(case_db(c), "SELECT 1 FROM evidence WHERE sha256 = ?", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, hex, SHA256_HEX, SQLITE_STATIC);
        known = sqlite3_step(s) == SQLITE_ROW;
    }
    sqlite3_finalize(s);
    return known;
}

static void check_named(struct check *check, const char *path)
{
    char hex[SHA256_HEX];

    if (file_hash(path, hex)) {
        check->missing++;
        say("missing", text_of(path));
    } else if (case_knows(check->c, hex)) {
        check->same++;
        say("same", text_of(path));
    } else {
        check->changed++;
        say("UNKNOWN", text_of(path));
    }
}

static bool case_is_sound(struct fact_case *c)
{
    sqlite3_stmt *s = NULL;
    const bool sound = sqlite3_prepare_v2(case_db(c), "PRAGMA quick_check", -1, &s, NULL) == SQLITE_OK &&
                       sqlite3_step(s) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;

    sqlite3_finalize(s);
    return sound;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = { { "help", no_argument, NULL, OPTION_HELP }, { 0 } };
    struct check check = { 0 };
    int option, error = 0;

    while ((option = next_option(&command_verify, argc, argv, options)) != -1)
        return option == OPTION_HELP ? print_help(&command_verify) : EXIT_USAGE;
    if (optind == argc)
        return usage_error(&command_verify, "a case is needed");
    if ((error = case_open(argv[optind], &check.c)))
        return usage_error(&command_verify, "cannot open %s as a case: %s", argv[optind], strerror(-error));
    hash_prepare();
    const bool sound = case_is_sound(check.c);
    printf("%-8s %s\n", sound ? "sound" : "DAMAGED", argv[optind]);
    if (optind + 1 < argc)
        for (int i = optind + 1; i < argc; i++)
            check_named(&check, argv[i]);
    else
        error = case_each(check.c, FACT_EVIDENCE, NULL, check_row, &check);
    case_free(check.c);
    printf("%u the same, %u changed or unknown, %u missing, %u without a hash\n", check.same, check.changed, check.missing,
           check.not_hashed);
    if (error || fflush(stdout))
        return run_error("the result could not be read or written");
    if (!sound || check.changed)
        return EXIT_VIOLATIONS;
    return check.missing || check.not_hashed ? EXIT_INCOMPLETE : EXIT_OK;
}

const struct command command_verify = {
    .name = "verify",
    .summary = "check that a case and its evidence were not changed",
    .usage = "CASE [EVIDENCE...]",
    .help =
        "Without EVIDENCE every file that the case names is hashed where it was then; with it,\n"
        "each named file is looked for in the case by its SHA-256.\n\n"
        "  -h, --help    show this help\n\n"
        "Exit status: 0 all the same, 1 something changed or is unknown, 2 usage, 3 something is\n"
        "missing or was never hashed, 4 leash itself failed.\n",
    .run = run,
};
