#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/command.h"
#include "cli/file_hash.h"
#include "cli/report_check.h"
#include "cli/signature.h"
#include "fact/case.h"
#include "fact/chain.h"
#include "report/terminal.h"

/* Case, reports and evidence belong together, and were not changed. */

struct check {
    struct fact_case *c;
    const char *case_path;
    struct chain_result chain;
    unsigned same, changed, missing, not_hashed;
};

/* Everything on the line may come from evidence. */
__attribute__((format(printf, 2, 3)))
static void say_line(const char *verdict, const char *format, ...)
{
    char line[8192];
    struct buffer safe;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buffer_init(&safe, 1 << 16);
    terminal_safe(&safe, text_of(line), SIZE_MAX);
    printf("%-8s %.*s\n", verdict, (int)safe.len, (const char *)safe.at);
    buffer_done(&safe);
}

static void say(const char *verdict, struct text path)
{
    say_line(verdict, "%.*s", (int)path.len, path.at);
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

/* Gives true when it was a file of evidence, and not a report. */
static bool check_named(struct check *check, const char *path)
{
    char hex[SHA256_HEX];

    if (file_hash(path, hex)) {
        check->missing++;
        say("missing", text_of(path));
        return true;
    }
    if (case_knows(check->c, hex)) {
        check->same++;
        say("same", text_of(path));
        return true;
    }
    switch (report_check(check->c, path, hex, check->chain.whole)) {
    case REPORT_OF_THIS_CASE:
        check->same++;
        say_line("report", "%s: report of this case", path);
        return false;
    case REPORT_WITH_MAP:
        check->same++;
        say_line("report", "%s: report of this case, with a map under its places that is not of the case", path);
        return false;
    case REPORT_NOTED:
        check->same++;
        say_line("report", "%s: report of this case as it was then, by the list in it", path);
        return false;
    case REPORT_OF_ANOTHER:
        check->changed++;
        say_line("FOREIGN", "%s: NOT a report of this case", path);
        return false;
    case REPORT_NOT_COMPARABLE:
        check->not_hashed++;
        say_line("untold", "%s: another version of leash made this case; only it can tell whether this report is of it",
                 path);
        return false;
    case REPORT_NONE:
        break;
    }
    check->changed++;
    say("UNKNOWN", text_of(path));
    return true;
}

static bool case_is_sound(struct fact_case *c)
{
    sqlite3_stmt *s = NULL;
    const bool sound = sqlite3_prepare_v2(case_db(c), "PRAGMA quick_check", -1, &s, NULL) == SQLITE_OK &&
                       sqlite3_step(s) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;

    sqlite3_finalize(s);
    return sound;
}

static void say_fault(void *user, const struct chain_fault *f)
{
    static const char *const what[] = {
        [CHAIN_ROW_CHANGED] = "was changed", [CHAIN_ROW_ADDED] = "was added", [CHAIN_ROW_REMOVED] = "was removed",
    };
    const int len = (int)f->table.len;
    char rows[64];

    (void)user;
    switch (f->kind) {
    case CHAIN_TABLE_UNREADABLE:
        say_line("CHANGED", "table %.*s: it, or a column of it, is gone", len, f->table.at);
        return;
    case CHAIN_TABLE_UNCOVERED:
        say_line("CHANGED", "table %.*s: the chain does not list it", len, f->table.at);
        return;
    case CHAIN_LIST_CHANGED:
        say_line("CHANGED", "table leash_chain: what it says about %.*s", len, f->table.at);
        return;
    case CHAIN_ROW_CHANGED: case CHAIN_ROW_ADDED: case CHAIN_ROW_REMOVED:
        break;
    }
    if (f->row_first == f->row_last)
        snprintf(rows, sizeof rows, "row %" PRId64, f->row_first);
    else if (f->kind == CHAIN_ROW_REMOVED) {
        say_line("CHANGED", "table %.*s: rows %" PRId64 " to %" PRId64 " were removed", len, f->table.at, f->row_first,
                 f->row_last);
        return;
    } else
        snprintf(rows, sizeof rows, "one of the rows %" PRId64 " to %" PRId64, f->row_first, f->row_last);
    say_line("CHANGED", "table %.*s: %s%s%.*s%s %s", len, f->table.at, rows, text_known(f->id) ? " (" : "",
             (int)f->id.len, text_known(f->id) ? f->id.at : "", text_known(f->id) ? ")" : "", what[f->kind]);
}

static int check_chain(struct check *check)
{
    const int error = chain_check(case_db(check->c), say_fault, NULL, &check->chain);

    if (error)
        return error;
    if (!check->chain.present) {
        check->not_hashed++;
        say_line("no chain", "%s", check->case_path);
        return 0;
    }
    check->changed += !check->chain.whole;
    say_line(check->chain.whole ? "whole" : "BROKEN", "%" PRId64 " rows in %" PRId64 " tables, head %.*s",
             check->chain.rows, check->chain.tables, SHA256_HEX, check->chain.head);
    return 0;
}

static void check_signature(struct check *check, const struct signing_key *key)
{
    char path[4096], line[256] = "";

    if (!check->chain.present || !signature_path(check->case_path, path))
        return;
    switch (signature_check(check->case_path, check->c, check->chain.head, key, line)) {
    case SIGNATURE_ABSENT:
        check->missing += key != NULL;
        if (key)
            say("missing", text_of(path));
        return;
    case SIGNATURE_RIGHT:
        check->same++;
        say_line("signed", "%s: by this key", path);
        return;
    case SIGNATURE_UNCHECKED:
        say_line("stated", "%s: it is about this case; --key checks who signed it", path);
        return;
    case SIGNATURE_UNREADABLE:
        say_line("UNSIGNED", "%s: this is no signature of leash", path);
        break;
    case SIGNATURE_OTHER:
        say_line("UNSIGNED", "%s: it is not about this case as it is now, first in: %s", path, line);
        break;
    case SIGNATURE_OTHER_KEY:
        say_line("UNSIGNED", "%s: it names another key", path);
        break;
    case SIGNATURE_WRONG:
        say_line("UNSIGNED", "%s: this key did not sign it", path);
        break;
    }
    check->changed++;
}

static int check_all(struct check *check, const struct signing_key *key, char **files, int count)
{
    bool evidence_named = false;
    int error = check_chain(check);

    if (error)
        return error;
    check_signature(check, key);
    for (int i = 0; i < count; i++)
        evidence_named |= check_named(check, files[i]);
    return evidence_named ? 0 : case_each(check->c, FACT_EVIDENCE, NULL, check_row, check);
}

static int sign_case(const struct check *check, const struct signing_key *key)
{
    char path[4096];

    if (!check->chain.whole || check->changed)
        return run_error("the case is not signed, because something changed or is unknown");
    if (!signature_path(check->case_path, path) || access(path, F_OK) == 0)
        return run_error("%s is there already; move it away to sign anew", path);
    const int status = signature_write(check->case_path, check->c, check->chain.head, key);
    if (status == EXIT_OK)
        say_line("signed", "%s", path);
    return status;
}

struct keys {
    struct signing_key *sign, *check;
};

static int take_keys(int argc, char **argv, struct keys *keys)
{
    static const struct option options[] = {
        { "help", no_argument, NULL, OPTION_HELP },
        { "key", required_argument, NULL, 'k' },
        { "sign", required_argument, NULL, 'S' },
        { 0 },
    };
    const char *why;
    int option;

    while ((option = next_option(&command_verify, argc, argv, options)) != -1) {
        if (option != 'k' && option != 'S')
            return option;
        struct signing_key **key = option == 'k' ? &keys->check : &keys->sign;
        signing_key_free(*key);
        *key = option == 'k' ? signing_key_public(optarg, &why) : signing_key_private(optarg, &why);
        if (!*key) {
            usage_error(&command_verify, "%s: %s: %s", option == 'k' ? "--key" : "--sign", optarg, why);
            return '?';
        }
    }
    return 0;
}

static int verify(struct check *check, const struct keys *keys, char **files, int count)
{
    const bool sound = case_is_sound(check->c);
    say_line(sound ? "sound" : "DAMAGED", "%s", check->case_path);
    const int error = check_all(check, keys->check, files, count);
    printf("%u the same, %u changed or unknown, %u missing, %u without a hash\n", check->same, check->changed,
           check->missing, check->not_hashed);
    if (error || fflush(stdout))
        return run_error("the result could not be read or written");
    if (keys->sign) {
        const int status = sound ? sign_case(check, keys->sign)
                                 : run_error("the case is not signed, because it is damaged");
        if (status)
            return status;
    }
    if (!sound || check->changed)
        return EXIT_VIOLATIONS;
    return check->missing || check->not_hashed ? EXIT_INCOMPLETE : EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct check check = { 0 };
    struct keys keys = { 0 };
    int error = 0, status = EXIT_USAGE;
    const int option = take_keys(argc, argv, &keys);

    if (option == OPTION_HELP)
        status = print_help(&command_verify);
    else if (option == 0 && optind == argc)
        usage_error(&command_verify, "a case is needed");
    else if (option == 0 && (error = case_open(argv[optind], &check.c)))
        usage_error(&command_verify, "cannot open %s as a case: %s", argv[optind], strerror(-error));
    else if (option == 0) {
        check.case_path = argv[optind];
        status = verify(&check, &keys, argv + optind + 1, argc - optind - 1);
        if (fflush(stdout))
            status = run_error("the result could not be written");
    }
    case_free(check.c);
    signing_key_free(keys.sign);
    signing_key_free(keys.check);
    return status;
}

const struct command command_verify = {
    .name = "verify",
    .summary = "check that a case, its reports and its evidence were not changed",
    .usage = "[--key FILE] [--sign FILE] CASE [FILE...]",
    .help =
        "Works the hash chain of the case out anew, and says which row was changed, added or\n"
        "removed.  Each FILE is evidence, looked for in the case by its SHA-256, or a report\n"
        "(page or JSON) that leash made of the case.  When no evidence is named, every file that\n"
        "the case names is hashed where it was then.\n\n"
        "      --key FILE    check the signature CASE.sig with this Ed25519 public key (PEM)\n"
        "      --sign FILE   when all is well, sign the case with this private key: writes CASE.sig\n"
        "  -h, --help        show this help\n\n"
        "Exit status: 0 all the same, 1 something changed or is unknown, 2 usage, 3 something is\n"
        "missing or was never hashed, 4 leash itself failed, or did not sign.\n",
    .run = run,
};
