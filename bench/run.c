/* Runs a command and says what it used.  A process begins its count of memory with the size of the one that
 * started it, so what is measured has to be started by something small.
 *
 *   run [--one-core] COMMAND...
 *                        standard output of the command goes to nothing; ours is one line:
 *                        processor seconds, user and system, with all that it waited for; wall seconds;
 *                        the largest resident set of any one process in KiB, exit status or minus the signal
 *
 * With --one-core the command and its children are held to the core that we happen to run on.
 *
 * The command's process id goes to the standard error first, for who wants to look at it while it runs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int hold_to_one_core(void)
{
    cpu_set_t one;

    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    return sched_setaffinity(0, sizeof one, &one);
}

int main(int argc, char **argv)
{
    struct timespec began, ended;
    struct rusage used;
    int status;
    const int first = argc > 1 && strcmp(argv[1], "--one-core") == 0 ? 2 : 1;

    if (argc <= first) {
        fputs("usage: run [--one-core] COMMAND...\n", stderr);
        return 2;
    }
    if (first == 2 && hold_to_one_core() != 0)
        return 4;
    clock_gettime(CLOCK_MONOTONIC, &began);
    const pid_t pid = fork();
    if (pid == 0) {
        const int nothing = open("/dev/null", O_RDWR);
        for (int i = 0; i <= 2; i++)
            dup2(nothing, i);
        execvp(argv[first], argv + first);
        _exit(127);
    }
    if (pid < 0)
        return 4;
    fprintf(stderr, "%d\n", (int)pid);
    if (wait4(pid, &status, 0, &used) != pid)
        return 4;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.6f %.6f %.6f %ld %d\n", seconds_of(used.ru_utime), seconds_of(used.ru_stime),
           (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9, used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    return 0;
}
