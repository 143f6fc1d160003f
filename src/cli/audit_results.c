#include "cli/audit_run.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "fact/chain.h"
#include "report/html.h"
#include "report/json.h"
#include "report/text.h"

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

/* As a shell takes it: a word with blanks and the like is quoted, so that the command can be given again. */
static void add_word(struct buffer *line, const char *word, size_t len, const char *end)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    bool quote = len == 0;

    for (size_t i = 0; i < len && !quote; i++)
        quote = !memchr(plain, word[i], sizeof plain - 1);
    buffer_printf(line, quote ? " '" : " ");
    for (size_t i = 0; i < len; i++)
        if (quote && word[i] == '\'')
            buffer_printf(line, "'\\''");
        else
            (void)buffer_add_u8(line, (uint8_t)word[i]);
    buffer_printf(line, quote ? "%s'" : "%s", end);
}

/* The command line as it may be shown: what follows --secret NAME= is not. */
static int set_command(struct audit *a, int argc, char **argv)
{
    struct buffer line;

    buffer_init(&line, 1 << 20);
    buffer_printf(&line, "leash");
    for (int i = 0; i < argc; i++) {
        const char *hidden = secret_value(a, argv[i]);
        add_word(&line, argv[i], hidden ? (size_t)(hidden - argv[i]) : strlen(argv[i]), hidden ? "***" : "");
    }
    const int error = case_set(a->c, "command", buffer_text(&line));
    buffer_done(&line);
    return error;
}

int audit_describe_run(struct audit *a, int argc, char **argv)
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

static int write_html(FILE *out, void *user)
{
    const struct audit *a = user;

    return report_html_write_with(a->c, &a->summary, audit_beside_page(a->beside), out);
}

static int write_json(FILE *out, void *user)
{
    const struct audit *a = user;

    return report_json_write(a->c, out, true);
}

/* A report is made of the sealed case and noted in it; it gets its name when the case has. */
static int prepare_report(struct audit *a, struct prepared_output *o, const char *form, const char *path,
                          int (*write)(FILE *out, void *user))
{
    int status = output_prepare(o, path, write, a);

    if (status == EXIT_OK && o->hashed && case_note_report(a->c, form, o->sha256, o->bytes)) {
        output_discard(o);
        status = run_error("the case could not be written: %s", case_error(a->c));
    }
    return status;
}

static int write_signature(struct audit *a)
{
    const struct text head = chain_head(case_db(a->c), a->arena);

    return text_known(head) ? signature_write(a->case_path, a->c, head.at,
                                              a->key) : run_error("the signature could not be made");
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
    return report_text_write_summary(a->c, &a->summary, stdout, &style) ||
        fflush(stdout) ? run_error("the summary could not be written") : EXIT_OK;
}

/* The signature of a case that was replaced is about nothing any more. */
static void remove_old_signature(const struct audit *a)
{
    char path[4096];

    if (signature_path(a->case_path, path))
        unlink(path);
}

int audit_write_results(struct audit *a, int *ret_case_error)
{
    struct prepared_output page = { 0 }, json = { 0 };
    int status = summary_read(a->c, a->arena, &a->summary) ? run_error("the case could not be read: %s",
                                                                       case_error(a->c)) : EXIT_OK;

    if (status == EXIT_OK)
        status = prepare_report(a, &page, "html", a->html_path, write_html);

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
