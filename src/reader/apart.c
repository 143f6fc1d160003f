#include "reader/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/sandbox.h"

#define MEMORY_BYTES  (UINT64_C(512) << 20)
#define PROCESSOR_S   60 /* bytes that make a reader run for ever do not make its parent wait for ever */

/* Closes all but the two. */
static void close_others(int a, int b)
{
    const unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

    if (low > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    close_range(high + 1, ~0U, 0);
}

__attribute__((noreturn))
static void work_inside(apart_work *work, void *user, int readable, int writable)
{
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const struct rlimit processor = { PROCESSOR_S, PROCESSOR_S };

    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (!SANDBOX_SANITIZED)
        dup2(nothing, STDERR_FILENO);
    close_others(readable, writable);
    setrlimit(RLIMIT_CPU, &processor);
    FILE *out = fdopen(writable, "w");
    if (!out)
        _exit(APART_ANSWER_MAX + 1);
    (void)!sandbox_enter(MEMORY_BYTES, 0, NULL); /* what the kernel lacks, readers of evidence lack too, and they say so */
    const int answer = work(user, out);
    _exit(fflush(out) || answer < 0 || answer > APART_ANSWER_MAX ? APART_ANSWER_MAX + 1 : answer);
}

/* False: more came than `ret` takes. */
static bool read_all(int from, struct buffer *ret)
{
    char piece[1 << 14];

    for (;;) {
        const ssize_t n = read(from, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (!buffer_add(ret, piece, (size_t)n))
            return false;
    }
}

int apart_run(apart_work *work, void *user, int readable, struct buffer *ret)
{
    int ends[2], status = 0;

    sandbox_prepare();
    if (pipe2(ends, O_CLOEXEC))
        return -errno;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        work_inside(work, user, readable, ends[1]);
    const int error = errno;
    close(ends[1]);
    const bool whole = pid > 0 && read_all(ends[0], ret);
    close(ends[0]);
    if (pid < 0)
        return -error;
    if (!whole)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return whole && WIFEXITED(status) && WEXITSTATUS(status) <= APART_ANSWER_MAX ? WEXITSTATUS(status) : -EPROTO;
}
