#include "reader/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/sandbox.h"

pid_t process_start(const struct worker_options *options, int *ret_socket)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return -1;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid < 0) {
        close(pair[0]);
        close(pair[1]);
        return -1;
    }
    if (pid == 0) {
        /* Nothing of the parent's stays open here: not the case, not other readers' sockets. */
        const int socket = 3, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        signal(SIGINT, SIG_IGN); /* the parent decides */
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        if (!SANDBOX_SANITIZED) /* its parent says what happened; a sanitizer's words are wanted */
            dup2(nothing, STDERR_FILENO);
        if (pair[1] != socket)
            dup2(pair[1], socket);
        close_range(socket + 1, ~0U, 0);
        worker_run(socket, options);
    }
    close(pair[1]);
    *ret_socket = pair[0];
    return pid;
}

struct text process_how_it_ended(struct arena *arena, int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return TEXT("the reader was stopped because it tried something that readers may not do");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
        return TEXT("the file could not be read to its end (a disk error, or it was cut while being read)");
    if (WIFSIGNALED(status))
        return arena_printf(arena, "the reader crashed (signal %d)", WTERMSIG(status));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 4)
        return TEXT("the reader reached its memory limit");
    return arena_printf(arena, "the reader ended early (status %d)", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}
