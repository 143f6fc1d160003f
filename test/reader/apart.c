#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/apart.h"

static int paths[2] = { -1, -1 }; /* a file to read from, and one that must not be there inside */

static void open_files(void)
{
    for (int i = 0; i < 2; i++) {
        char path[] = "/tmp/leash-apart-XXXXXX";
        paths[i] = mkstemp(path);
        assert_true(paths[i] >= 0);
        unlink(path);
        assert_int_equal(write(paths[i], i ? "secret" : "map", i ? 6 : 3), i ? 6 : 3);
    }
}

static int read_and_answer(void *user, FILE *out)
{
    char piece[16];
    const ssize_t n = pread(*(int *)user, piece, sizeof piece, 0);

    if (n <= 0)
        return 1;
    fwrite(piece, 1, (size_t)n, out);
    return 42;
}

static int read_another(void *user, FILE *out)
{
    char piece[16];

    (void)user;
    fprintf(out, "%s", pread(paths[1], piece, sizeof piece, 0) < 0 && errno == EBADF ? "not there" : "there");
    return 0;
}

static int crash(void *user, FILE *out)
{
    fputs("half", out);
    fflush(out);
    (void)user;
    raise(SIGKILL); /* a sanitizer would take other signals for its own */
    return 0;
}

static int open_a_file(void *user, FILE *out)
{
    (void)user;
    (void)out;
    return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : 7;
}

static int write_without_end(void *user, FILE *out)
{
    (void)user;
    for (;;)
        fputs("more of it\n", out);
    return 0;
}

static int answer_of(apart_work *work, size_t limit, char said[64])
{
    struct buffer b;

    buffer_init(&b, limit);
    const int answer = apart_run(work, &paths[0], paths[0], &b);
    const size_t n = b.len < 63 ? b.len : 63;
    if (n > 0)
        memcpy(said, b.at, n);
    said[n] = 0;
    buffer_done(&b);
    return answer;
}

static void what_was_written_comes_back(void **state)
{
    char said[64];

    (void)state;
    assert_int_equal(answer_of(read_and_answer, 3, said), 42);
    assert_string_equal(said, "map");
    assert_int_equal(answer_of(read_another, 64, said), 0);
    assert_string_equal(said, "not there");
}

static void what_goes_wrong_inside_ends_inside(void **state)
{
    char said[64];

    (void)state;
    assert_int_equal(answer_of(crash, 64, said), -EPROTO);
    const int opened = answer_of(open_a_file, 64, said); /* refused, or the end of the process, by what the kernel has */
    assert_true(opened == 7 || opened == -EPROTO);
    assert_int_equal(answer_of(write_without_end, 1 << 16, said), -EPROTO);
    assert_int_equal(answer_of(read_and_answer, 2, said), -EPROTO);
    assert_int_equal(answer_of(read_and_answer, 3, said), 42); /* nobody is left behind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back),
        cmocka_unit_test(what_goes_wrong_inside_ends_inside),
    };

    open_files();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
