#include "cli/redact_check.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "evidence/reading.h"
#include "leak/index.h"
#include "leak/residue.h"
#include "reader/sandbox.h"
#include "report/redact.h"

struct redact_check {
    struct secrets *secrets;
    struct leak_index *index;
};

static bool has_digit(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] >= '0' && t.at[i] <= '9')
            return true;
    return false;
}

/* Names of files without a digit are words of any text ("settings.txt"): they were replaced, and are not searched
 * for. */
static void add_name(void *user, struct text value, struct text pseudonym)
{
    struct secrets *s = user;

    if (!text_starts_with(pseudonym, TEXT("file-")) || has_digit(value))
        secrets_add_literal(s, pseudonym, SECRET_IDENTIFIER, TEXT("replaced value"), value);
}

/* Where drones and their operators were heard to be: of others, too. */
static int add_places(struct fact_case *c, struct secrets *s)
{
    sqlite3_stmt *row = NULL;
    int rc = sqlite3_prepare_v2(case_db(c),
        "SELECT DISTINCT longitude_deg, latitude_deg FROM broadcast WHERE longitude_deg IS NOT NULL AND latitude_deg IS NOT NULL"
        " UNION SELECT operator_longitude_deg, operator_latitude_deg FROM broadcast"
        " WHERE operator_longitude_deg IS NOT NULL AND operator_latitude_deg IS NOT NULL", -1, &row, NULL);

    while (rc == SQLITE_OK && (rc = sqlite3_step(row)) == SQLITE_ROW) {
        secrets_add_point(s, TEXT("broadcast"), SUBJECT_MEDIA, sqlite3_column_double(row, 0),
                          sqlite3_column_double(row, 1), FACT_UNKNOWN_INT);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(row);
    return rc == SQLITE_DONE ? 0 : -EIO;
}

int redact_check_new(struct fact_case *from, const struct pseudonyms *names, struct redact_check **ret)
{
    struct redact_check *k = memory_alloc_array(1, sizeof *k);
    int error;

    sandbox_prepare();
    k->secrets = secrets_new();
    error = secrets_from_case(from, k->secrets);
    if (!error)
        error = add_places(from, k->secrets);
    if (error) {
        redact_check_free(k);
        return error;
    }
    pseudonyms_each(names, add_name, k->secrets);
    k->index = leak_index_new(k->secrets, NULL);
    *ret = k;
    return 0;
}

void redact_check_free(struct redact_check *k)
{
    if (!k)
        return;
    leak_index_free(k->index);
    secrets_free(k->secrets);
    free(k);
}

struct found {
    struct fact_sink sink; /* first */
    char what[REDACT_WHAT_MAX];
};

static void found_row(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct found *f = (struct found *)sink;
    const struct fact_leak *leak = row;

    (void)number;
    if (kind != FACT_LEAK || f->what[0] != '\0')
        return;
    const struct text how = leak->decoding.count ? leak->decoding.items[leak->decoding.count - 1] : TEXT("bytes");
    snprintf(f->what, sizeof f->what, "a known %.*s (of %.*s, as %.*s, at offset %lld)", (int)leak->what.len,
             leak->what.at,
             (int)leak->secret.len, leak->secret.at, (int)how.len, how.at, (long long)leak->head.origin.offset);
}

/* In the child: what is searched holds text from evidence, which the search decodes. */
static void search(const struct redact_check *k, struct bytes whole, int answer)
{
    static const struct reading_options options;
    struct found found = { .sink = { .put = found_row } };
    struct reading r = { .facts = &found.sink, .arena = arena_new(0), .options = &options };

    (void)!sandbox_enter(0, 0, NULL); /* what the kernel lacks is left out, and the rest holds */
    (void)residue_find_untold(k->index, &r, whole, redact_is_of_grid);
    const ssize_t written = write(answer, found.what, sizeof found.what);
    _exit(written == (ssize_t)sizeof found.what ? 0 : 1);
}

static int answer_of(pid_t child, int from, char what[REDACT_WHAT_MAX])
{
    size_t got = 0;
    int status;

    while (got < REDACT_WHAT_MAX) {
        const ssize_t n = read(from, what + got, REDACT_WHAT_MAX - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    what[REDACT_WHAT_MAX - 1] = '\0';
    return got == REDACT_WHAT_MAX && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? what[0] != '\0' : -EIO;
}

int redact_check_file(const struct redact_check *k, int fd, char what[REDACT_WHAT_MAX])
{
    struct stat st;
    int ends[2];

    what[0] = '\0';
    if (fstat(fd, &st))
        return -errno;
    if (st.st_size == 0)
        return 0;
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return -errno;
    int result = pipe2(ends, O_CLOEXEC) ? -errno : 0;
    if (!result) {
        const pid_t child = fork();
        if (child == 0)
            search(k, (struct bytes){ .at = at, .len = (size_t)st.st_size }, ends[1]);
        close(ends[1]);
        result = child < 0 ? -EAGAIN : answer_of(child, ends[0], what);
        close(ends[0]);
    }
    munmap(at, (size_t)st.st_size);
    return result;
}
