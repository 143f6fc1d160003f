/* Files that get their name when they are whole: where the file system has files without names, and where it has
 * not. */
#include "support/support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/new_file.h"

/* From here on this process is on a file system that cannot do it, as far as it can tell. */
static void without_nameless_files(int error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    assert_non_null(filter);
    assert_int_equal(seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), SCMP_SYS(openat), 1,
                                      SCMP_A2(SCMP_CMP_MASKED_EQ, O_TMPFILE & ~O_DIRECTORY, O_TMPFILE & ~O_DIRECTORY)), 0);
    if (seccomp_load(filter))
        _exit(77);
    seccomp_release(filter);
}

static int count_files(const char *folder, const char *part)
{
    DIR *d = opendir(folder);
    const struct dirent *e;
    int n = 0;

    assert_non_null(d);
    while ((e = readdir(d)) != NULL)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && strstr(e->d_name, part) != NULL;
    closedir(d);
    return n;
}

static void write_one(const char *folder, const char *name, int want)
{
    struct new_file f;

    assert_int_equal(new_file_open(&f, folder), 0);
    assert_int_equal(write(f.fd, "whole", 5), 5);
    assert_int_equal(count_files(folder, name), want == -EEXIST);
    const int again = new_file_reopen(&f);
    char got[8];
    assert_true(again >= 0 && read(again, got, sizeof got) == 5);
    close(again);
    assert_int_equal(new_file_name(&f, name), want);
    new_file_drop(&f);
    assert_int_equal(count_files(folder, ".part"), 0);
}

static void in_a_folder(const char *folder)
{
    struct new_file f;

    write_one(folder, "copy.jpg", 0);
    write_one(folder, "copy.jpg", -EEXIST); /* nothing is overwritten, and nothing is left */
    assert_int_equal(new_file_open(&f, folder), 0);
    new_file_drop(&f);
    new_file_drop(&f);
    assert_int_equal(count_files(folder, ""), 1);
}

/* In a child process, whose failure is the test's. */
static void run_with(int error)
{
    char folder[] = "/tmp/leash-test-XXXXXX", path[64];
    int status = 0;

    assert_non_null(mkdtemp(folder));
    const pid_t child = fork();
    if (child == 0) {
        if (error)
            without_nameless_files(error);
        in_a_folder(folder);
        exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    snprintf(path, sizeof path, "%s/copy.jpg", folder);
    unlink(path);
    rmdir(folder);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip();
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void with_files_without_names(void **state)
{
    (void)state;
    run_with(0);
}

static void with_names_alone(void **state)
{
    static const int errors[] = { EOPNOTSUPP, EISDIR, ENOENT, EINVAL };

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        run_with(errors[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_files_without_names), cmocka_unit_test(with_names_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
