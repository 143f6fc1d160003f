#include "cli/scrub_sums.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "reader/pool.h"

enum { PIECE_BYTES = 128 * 1024 }; /* of each of the two: they stay in the nearer caches */

struct result {
    uint32_t number;
    uint8_t digests[2][SHA256_BYTES];
};

/* As much as there is, up to a piece; false: it cannot be read. */
static bool read_piece(int fd, uint64_t offset, uint8_t *into, size_t *ret_len)
{
    *ret_len = 0;
    while (*ret_len < PIECE_BYTES) {
        const ssize_t n = pread(fd, into + *ret_len, PIECE_BYTES - *ret_len, (off_t)(offset + *ret_len));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        *ret_len += (size_t)n;
    }
    return true;
}

static bool sum_pair(const struct scrub_pair *pair, uint8_t *const pieces[2], struct sha256 *const hashes[2],
                     struct result *r)
{
    const int fds[2] = { pair->original, pair->copy };
    size_t lens[2];
    uint64_t offset = 0;

    sha256_restart(hashes[0]);
    sha256_restart(hashes[1]);
    do {
        for (int k = 0; k < 2; k++)
            if (!read_piece(fds[k], offset, pieces[k], &lens[k]))
                return false;
        sha256_add_both(hashes[0], (struct bytes){ .at = pieces[0], .len = lens[0] },
                        hashes[1], (struct bytes){ .at = pieces[1], .len = lens[1] });
        offset += PIECE_BYTES;
    } while (lens[0] == PIECE_BYTES || lens[1] == PIECE_BYTES);
    for (int k = 0; k < 2; k++)
        sha256_finish(hashes[k], r->digests[k]);
    return true;
}

__attribute__((noreturn))
static void serve(int socket, const struct scrub_pair *pairs, size_t count)
{
    uint8_t *const pieces[2] = { memory_alloc(PIECE_BYTES), memory_alloc(PIECE_BYTES) };
    struct sha256 *const hashes[2] = { sha256_new(), sha256_new() };
    struct result r;
    ssize_t n;

    while ((n = read(socket, &r.number, sizeof r.number)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n != sizeof r.number || r.number >= count)
            _exit(1);
        if (sum_pair(&pairs[r.number], pieces, hashes, &r) && write(socket, &r, sizeof r) != sizeof r)
            _exit(1);
    }
    _exit(0);
}

static bool start(struct scrub_sums *s, int theirs, const struct scrub_pair *pairs, size_t count)
{
    const pid_t parent = getpid(), pid = fork();

    if (pid < 0)
        return false;
    if (pid == 0) {
        signal(SIGINT, SIG_IGN); /* the parent decides */
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        close(s->socket);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
            _exit(0);
        serve(theirs, pairs, count);
    }
    s->processes[s->count++] = pid;
    return true;
}

int scrub_sums_begin(struct scrub_sums *s, const struct scrub_pair *pairs, size_t count)
{
    const struct pool_options cores = { .readers = 0 };
    size_t wanted = pool_readers(&cores);
    int ends[2];

    *s = SCRUB_SUMS_NONE;
    if (count > SCRUB_SUMS_MAX)
        return -EINVAL;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return -errno;
    s->socket = ends[0];
    wanted = wanted < SCRUB_SUMMERS_MAX ? wanted : SCRUB_SUMMERS_MAX;
    for (size_t i = 0; i < wanted && i < count && start(s, ends[1], pairs, count); i++)
        continue;
    close(ends[1]);
    return s->count > 0 || count == 0 ? 0 : -EAGAIN;
}

void scrub_sums_ask(struct scrub_sums *s, size_t number)
{
    const uint32_t n = (uint32_t)number;

    if (s->socket >= 0)
        (void)send(s->socket, &n, sizeof n, MSG_NOSIGNAL); /* what has no sum is not checked */
}

void scrub_sums_end(struct scrub_sums *s, scrub_sum_taken *taken, void *user)
{
    struct result r;
    ssize_t n;

    if (s->socket >= 0)
        (void)shutdown(s->socket, SHUT_WR); /* others may have inherited it: closing would not tell */
    while (s->socket >= 0 && ((n = read(s->socket, &r, sizeof r)) > 0 || (n < 0 && errno == EINTR)))
        if (n == (ssize_t)sizeof r)
            taken(user, r.number, r.digests[0], r.digests[1]);
    if (s->socket >= 0)
        close(s->socket);
    for (size_t i = 0; i < s->count; i++)
        while (waitpid(s->processes[i], NULL, 0) < 0 && errno == EINTR)
            ;
    *s = SCRUB_SUMS_NONE;
}
