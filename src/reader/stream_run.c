#include "reader/stream_run.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "reader/channel.h"
#include "reader/process.h"
#include "reader/spool.h"

enum {
    PIECE_BYTES = CHANNEL_MESSAGE_MAX - 1,
    UNDECIDED_BYTES_MAX = 1 << 20, /* the reader needs far less to tell what it is; so much is kept until it does */
    MESSAGES_AT_ONCE = 64,
    POLL_MS = 200,
};

struct run {
    struct item_list *items;
    struct item *item;
    const struct stream_source *source;
    const struct pool_options *options;
    struct pool_listener *listener;
    pid_t pid;
    int socket;
    struct arena *arena;           /* of the row being decoded */
    struct sha256 *hash;
    struct buffer kept;            /* what came, until it is known that the reader takes it */
    uint8_t piece[PIECE_BYTES];    /* read and not handed over yet */
    size_t piece_len;
    bool ended, end_sent;          /* the input; and the reader was told */
    bool decided, other, done, gone;
    uint64_t flow_rows, flows;     /* rows that came, and the flows they are about */
    double waits_since_s;          /* since when the reader takes nothing; 0: it does */
    const char *ended_by;
    int error;
    struct channel_packet packet;
};

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int take_row(void *user, enum fact_kind kind, void *row)
{
    struct run *x = user;
    const int64_t number = ((const struct fact_head *)row)->number;

    if (kind == FACT_FLOW) {
        x->flow_rows++;
        x->flows = number > 0 && (uint64_t)number > x->flows ? (uint64_t)number : x->flows;
    }
    item_count_row(x->items, x->item, kind, row);
    return x->listener->row(x->listener->user, x->item, kind, row);
}

static void facts(struct run *x, struct bytes stream)
{
    const int error = held_rows_pass(&x->item->rows, &x->items->held, stream, x->options->spool_directory, x->arena,
                                     take_row, x);

    if (error == -EBADMSG)
        x->ended_by = "the reader sent rows that make no sense; what came before them is kept";
    else if (error)
        x->error = error;
}

static void identified(struct run *x, uint32_t index)
{
    x->decided = true;
    x->other = index >= x->options->worker.format_count;
    if (!x->other)
        x->item->format = &x->options->worker.formats[index];
    if (!x->other)
        buffer_done(&x->kept);
}

static void message(struct run *x)
{
    struct cursor c = cursor_over((struct bytes){ .at = x->packet.body, .len = x->packet.len });

    if (x->packet.descriptor >= 0) /* readers send none */
        close(x->packet.descriptor);
    switch (x->packet.type) {
    case CHANNEL_HELLO:
        x->listener->sandbox_features &= cursor_u32le(&c);
        break;
    case CHANNEL_IDENTIFIED:
        if (!x->decided)
            identified(x, cursor_u32le(&c));
        break;
    case CHANNEL_FACTS:
        facts(x, c.rest);
        break;
    case CHANNEL_DONE: {
        const uint8_t status = cursor_u8(&c);
        x->item->parsed = status <= PARSE_UNSUPPORTED ? (enum parse_status)status : PARSE_INVALID;
        x->done = true;
        break;
    }
    default: /* a stream has no members and no progress */
        break;
    }
}

static void listen_to(struct run *x)
{
    for (int i = 0; i < MESSAGES_AT_ONCE && !x->error && !x->done && !x->ended_by; i++) {
        const enum channel_result got = channel_receive(x->socket, false, &x->packet);
        if (got == CHANNEL_NOTHING)
            return;
        x->gone = got == CHANNEL_CLOSED;
        if (x->gone)
            return;
        message(x);
    }
}

/* Reads the next piece; it is kept, too, while nobody knows what it is. */
static void read_piece(struct run *x)
{
    const ssize_t n = read(x->source->descriptor, x->piece, sizeof x->piece);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n < 0)
        x->item->note = arena_printf(x->items->arena, "reading ended with an error: %s", strerror(errno));
    x->item->cut |= n < 0;
    x->ended |= n <= 0;
    if (n <= 0)
        return;
    x->piece_len = (size_t)n;
    x->item->bytes += (uint64_t)n;
    if (x->hash)
        sha256_add(x->hash, (struct bytes){ .at = x->piece, .len = (size_t)n });
    if (!x->decided)
        buffer_add(&x->kept, x->piece, (size_t)n);
}

static bool wants_more(const struct run *x)
{
    return x->piece_len == 0 && !x->ended && !x->other && (x->decided || x->kept.len < UNDECIDED_BYTES_MAX);
}

static bool has_to_send(const struct run *x)
{
    return x->piece_len > 0 || (x->ended && !x->end_sent);
}

static void send_piece(struct run *x)
{
    switch (channel_offer(x->socket, CHANNEL_BYTES, x->piece, x->piece_len)) {
    case CHANNEL_GOT:
        x->end_sent = x->piece_len == 0;
        x->piece_len = 0;
        x->waits_since_s = 0;
        break;
    case CHANNEL_NOTHING:
        if (x->waits_since_s <= 0)
            x->waits_since_s = now_s();
        else if (now_s() - x->waits_since_s > x->options->seconds_per_item)
            x->ended_by = "the reader took longer than its time limit";
        break;
    case CHANNEL_CLOSED:
        x->gone = true;
        break;
    }
}

static void turn(struct run *x)
{
    struct pollfd polls[2] = {
        { .fd = x->socket, .events = (short)(POLLIN | (has_to_send(x) ? POLLOUT : 0)) },
        { .fd = wants_more(x) ? x->source->descriptor : -1, .events = POLLIN },
    };

    if (poll(polls, 2, 0) == 0) {
        if (x->source->quiet)
            x->source->quiet(x->source->user);
        (void)poll(polls, 2, POLL_MS);
    }
    x->ended |= x->source->stop && x->source->stop(x->source->user);
    if (polls[0].revents & (POLLIN | POLLHUP | POLLERR))
        listen_to(x);
    if (polls[1].revents && wants_more(x))
        read_piece(x);
    if (has_to_send(x) && !x->gone)
        send_piece(x);
}

/* Its own format, or the whole of what it is: kept in a file for the pool. */
static int spool_all(struct run *x)
{
    struct item *item = x->item;
    const int fd = spool_new(x->options->spool_directory, (struct bytes){ .at = x->kept.at, .len = x->kept.len });

    if (fd < 0)
        return fd;
    item->descriptor = fd;
    if (!x->ended)
        return spool_rest(fd, x->source->descriptor, x->items, item);
    item->bytes = x->kept.len;
    return 0;
}

static void end_reader(struct run *x)
{
    int status = 0;

    if (!x->done)
        kill(x->pid, SIGKILL);
    close(x->socket);
    while (waitpid(x->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (x->done || x->other || x->error)
        return;
    x->item->note = x->ended_by ? text_of(x->ended_by) : process_how_it_ended(x->items->arena, status);
    x->item->parsed = PARSE_INVALID;
    x->item->crashed = true;
}

static void settle(struct run *x)
{
    struct item *item = x->item;
    uint8_t digest[SHA256_BYTES];

    item->state = ITEM_DONE;
    item->read_by_reader = true;
    item->streamed = true;
    if (x->hash && !item->crashed) {
        sha256_finish(x->hash, digest);
        hash_hex(digest, sizeof digest, item->sha256);
        item->hashed = true;
    }
    item_set_status(x->items, item);
    if (!text_known(item->note))
        item->note = arena_printf(x->items->arena, "read once, as it came: of %" PRIu64 " rows of flows, %" PRIu64
                                  " were about a flow that went on and came again later under the same id", x->flow_rows,
                                  x->flow_rows > x->flows ? x->flow_rows - x->flows : 0);
}

int stream_run(struct item_list *items, struct item *item, const struct stream_source *source,
               const struct pool_options *options, struct pool_listener *listener)
{
    struct run *x = memory_alloc_array(1, sizeof *x);
    int result = 0;

    *x = (struct run){ .items = items, .item = item, .source = source, .options = options, .listener = listener,
                       .arena = arena_new(0), .hash = options->hash ? sha256_new() : NULL };
    buffer_init(&x->kept, UNDECIDED_BYTES_MAX + PIECE_BYTES);
    x->pid = process_start(&options->worker, &x->socket);
    if (x->pid < 0)
        x->error = -errno;
    else if (!channel_send(x->socket, CHANNEL_STREAM, NULL, 0, -1))
        x->gone = true;
    while (x->pid > 0 && !x->error && !x->done && !x->gone && !x->ended_by && !x->other)
        turn(x);
    if (x->pid > 0)
        end_reader(x);
    result = x->error;
    if (!result && x->other) {
        const int error = spool_all(x);
        result = error ? error : 1;
    } else if (!result) {
        settle(x);
    }
    sha256_free(x->hash);
    buffer_done(&x->kept);
    arena_free(x->arena);
    free(x);
    return result;
}
