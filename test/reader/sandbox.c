#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/sandbox.h"

/* Runs `attempt` in a sandboxed child.  An attempt must be answered with an error, or end
 * the process with SIGSYS; doing what it wants is the failure. */

enum outcome { SUCCEEDED = 10, REFUSED, KILLED, NO_SECCOMP };

enum { HELPERS = 3 };

static int (*attempt_of_thread)(void);
static int given[HELPERS]; /* by the attempts of threads */

static void attempt_in_thread(void *user)
{
    atomic_uint *next = user;

    given[(*next)++] = attempt_of_thread();
}

/* All threads of the reader try it; one that may do what it wants is enough to fail. */
static int in_threads(struct crew *crew, int (*attempt)(void))
{
    atomic_uint next = 0;

    attempt_of_thread = attempt;
    memset(given, -1, sizeof given);
    crew_start(crew, HELPERS, attempt_in_thread, &next);
    while (next < HELPERS)
        ;
    crew_finish(crew);
    for (int i = 0; i < HELPERS; i++)
        if (given[i] == 0)
            return 0;
    return -1;
}

static enum outcome sandboxed(int (*attempt)(void), bool threads)
{
    int status = 0;
    const pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct crew *crew = NULL;
        const unsigned features = sandbox_enter(UINT64_C(1) << 30, threads ? HELPERS : 0, &crew);
        if (!(features & SANDBOX_SECCOMP))
            _exit(NO_SECCOMP);
        if (threads && crew_size(crew) != HELPERS)
            _exit(SUCCEEDED);
        _exit((threads ? in_threads(crew, attempt) : attempt()) == 0 ? SUCCEEDED : REFUSED);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : SUCCEEDED;
    return (enum outcome)WEXITSTATUS(status);
}

static int pipe_ends[2];

static int open_a_system_file(void)  { return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : -1; }
static int create_a_file(void)       { return open("/tmp/leash-test-escape", O_CREAT | O_WRONLY, 0600) >= 0 ? 0 : -1; }
static int look_at_a_file(void)      { struct stat st; return stat("/etc/passwd", &st); }
static int remove_a_file(void)       { return unlink("/tmp/leash-test-escape"); }
static int make_an_inet_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : -1; }
static int make_a_unix_socket(void)  { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : -1; }
static int make_a_packet_socket(void) { return socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? 0 : -1; }
static int trace_the_parent(void)    { return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? 0 : -1; }

#if !SANDBOX_SANITIZED /* a sanitizer starts a process to look for leaks */
static int fork_itself(void)
{
    const pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0 ? 0 : -1;
}

static void *nothing(void *user) { return user; }

static int start_a_thread(void)
{
    pthread_t thread;

    return pthread_create(&thread, NULL, nothing, NULL) == 0 ? 0 : -1;
}
#endif

static int run_a_program(void)
{
    char program[] = "/bin/true";
    char *const arguments[] = { program, NULL };
    execv("/bin/true", arguments);
    return -1;
}

static int compute_and_answer(void)
{
    void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *heap = malloc(1 << 22);

    if (p == MAP_FAILED || !heap)
        return -1;
    heap[0] = 'x';
    const ssize_t n = write(pipe_ends[1], heap, 1);
    free(heap);
    return n == 1 ? 0 : -1;
}

static const struct {
    const char *name;
    int (*attempt)(void);
} forbidden[] = {
    { "open a system file",    open_a_system_file },
    { "create a file",         create_a_file },
    { "look at a file",        look_at_a_file },
    { "remove a file",         remove_a_file },
    { "make an internet socket", make_an_inet_socket },
    { "make a unix socket",    make_a_unix_socket },
    { "make a packet socket",  make_a_packet_socket },
    { "trace its parent",      trace_the_parent },
    { "run a program",         run_a_program },
#if !SANDBOX_SANITIZED
    { "fork",                  fork_itself },
    { "start a thread",        start_a_thread },
#endif
};

static void a_reader_can_reach_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof forbidden / sizeof *forbidden); i++) {
        const bool threads = i % 2;
        const enum outcome outcome = sandboxed(forbidden[i / 2].attempt, threads);
        if (outcome == NO_SECCOMP) {
            print_message("# skipped: this kernel has no seccomp filter\n");
            skip();
        }
        if (outcome != REFUSED && outcome != KILLED)
            fail_msg("%s could %s", threads ? "a thread of a reader" : "a reader", forbidden[i / 2].name);
    }
}

static void a_reader_can_still_work(void **state)
{
    (void)state;
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(sandboxed(compute_and_answer, false), SUCCEEDED);
    assert_int_equal(sandboxed(compute_and_answer, true), SUCCEEDED);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}


static void missing_features_have_words(void **state)
{
    (void)state;
    assert_string_equal(sandbox_missing_text(SANDBOX_ALL), "");
    assert_non_null(strstr(sandbox_missing_text(SANDBOX_ALL & ~(unsigned)SANDBOX_LANDLOCK), "Landlock"));
    assert_non_null(strstr(sandbox_missing_text(0), "seccomp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_can_reach_nothing),
        cmocka_unit_test(a_reader_can_still_work),
        cmocka_unit_test(missing_features_have_words),
    };
    sandbox_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
