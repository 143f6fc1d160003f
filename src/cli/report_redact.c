#include "cli/report_redact.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/new_file.h"
#include "cli/redact_check.h"
#include "report/redact.h"

struct written {
    char name[128];       /* "" when the report is one file */
    struct new_file file; /* no name yet */
};

struct run {
    char folder[PATH_MAX], case_path[PATH_MAX + 16];
    struct pseudonyms *names;
    struct fact_case *copy;
    struct written *files;
    size_t count, room;
    size_t delivered;         /* the first ones only; 0: all */
};

static int take(void *taker, const char *name, int (*write)(FILE *out, void *user), void *user)
{
    struct run *run = taker;

    if (run->count == run->room) {
        run->room = run->room ? 2 * run->room : 16;
        run->files = memory_resize_array(run->files, run->room, sizeof *run->files);
    }
    struct written *w = &run->files[run->count];
    snprintf(w->name, sizeof w->name, "%s", name ? name : "");
    int error = new_file_open(&w->file, run->folder);
    if (error)
        return run_error("cannot write into %s: %s", run->folder, strerror(-error));
    run->count++;
    const int fd = dup(w->file.fd);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out)
        return run_error("cannot write into %s: %s", run->folder, strerror(errno));
    error = write(out, user);
    if (fclose(out) && !error)
        error = -errno;
    return error ? run_error("cannot write the redacted copy: %s", strerror(-error)) : EXIT_OK;
}

/* The letters of a PDF are numbers of glyphs, which no search reads: the page that it was printed from is searched,
 * too, and not delivered. */
static int take_page(const struct report_job *job, struct run *run)
{
    struct report_job page = *job;

    page.form = report_form_find("html");
    run->delivered = run->count;
    return report_write(&page, take, run);
}

static int check(const struct report_job *job, struct run *run)
{
    char what[REDACT_WHAT_MAX];
    struct redact_check *k = NULL;
    int result = redact_check_new(job->c, run->names, &k);

    for (size_t i = 0; i < run->count && !result; i++)
        result = redact_check_file(k, run->files[i].file.fd, what);
    redact_check_free(k);
    if (result < 0)
        return run_error("the redacted copy could not be searched for known values, so it was not written: %s",
                         strerror(-result));
    if (result > 0) {
        (void)run_error("the redacted copy still holds %s: it was not written", what);
        return EXIT_VIOLATIONS;
    }
    return EXIT_OK;
}

static int put_file(FILE *out, void *user)
{
    struct written *w = user;
    char piece[1 << 16];
    off_t at = 0;

    for (;;) {
        const ssize_t n = pread(w->file.fd, piece, sizeof piece, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return 0;
        if (fwrite(piece, 1, (size_t)n, out) != (size_t)n)
            return -EIO;
        at += n;
    }
}

static int deliver(struct run *run, const char *output)
{
    char path[PATH_MAX];
    int status = EXIT_OK;

    for (size_t i = 0; i < (run->delivered ? run->delivered : run->count) && status == EXIT_OK; i++) {
        struct written *w = &run->files[i];
        if (snprintf(path, sizeof path, "%s/%s", output ? output : "", w->name) >= (int)sizeof path)
            return run_error("%s: the path is too long", output);
        status = write_output(w->name[0] ? path : output, put_file, w);
    }
    return status;
}

static int write_checked(const struct report_job *job, struct run *run, const char *output)
{
    struct report_job copy = *job;
    const int error = redact_case(job->c, run->case_path, run->names, &run->copy);

    if (error)
        return run_error("cannot make the redacted copy: %s", strerror(-error));
    copy.c = run->copy;
    copy.case_path = NULL;
    int status = report_write(&copy, take, run);
    if (status == EXIT_OK && strcmp(job->form->name, "pdf") == 0)
        status = take_page(&copy, run);
    if (status == EXIT_OK)
        status = check(job, run);
    return status == EXIT_OK ? deliver(run, output) : status;
}

int report_redacted(const struct report_job *job, const char *output)
{
    const char *temporary = getenv("TMPDIR");
    struct run run = { .names = pseudonyms_new() };
    int status;

    if (snprintf(run.folder, sizeof run.folder, "%s/leash-XXXXXX",
                 temporary && temporary[0] ? temporary : "/tmp") >= (int)sizeof run.folder ||
        !mkdtemp(run.folder)) {
        status = run_error("cannot make a temporary folder: %s", strerror(errno));
    } else {
        snprintf(run.case_path, sizeof run.case_path, "%s/copy", run.folder);
        interrupt_guard(run.case_path);
        status = write_checked(job, &run, output);
        case_free(run.copy);
        interrupt_release(run.case_path);
        for (size_t i = 0; i < run.count; i++)
            new_file_drop(&run.files[i].file);
        rmdir(run.folder);
    }
    free(run.files);
    pseudonyms_free(run.names);
    return status;
}
