#include "reader/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "reader/pool_early.h"
#include "reader/pool_inside.h"
#include "reader/pool_sums.h"
#include "reader/process.h"
#include "reader/sandbox.h"

enum {
    POLL_MS = 200,
    NAME_BYTES_MAX = 1024,           /* of an item, for its reader */
    STUCK_FACTOR = 10,               /* so much longer than its limit a reader may take by the clock */
    STILL_BORN_MAX = 3,              /* readers in a row that ended before they could work */
    THREADS_MAX = 8,                 /* of a reader; the search has no more to share out (leak/search.h) */
};

struct pool_options pool_defaults(void)
{
    return (struct pool_options){
        .worker = { .formats = formats, .format_count = format_count, .memory_bytes = UINT64_C(1) << 30 },
        .hash = true,
        .sum_later_min = UINT64_C(16) << 20,
        .sum_later_max = UINT64_C(2) << 30,
        .seconds_per_item = 120,
        .bytes_per_second = 2e6,
        .spool_directory = "/tmp",
        .inside_bytes_max = UINT64_C(16) << 30,
        .inside_items_max = 200000,
        .inside_depth_max = 8,
    };
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Processor time of a reader so far; 0 when that cannot be told. */
static double cpu_s(pid_t pid)
{
    struct timespec t;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Work goes in waves: all new items are identified, then all that wait are read, then what
 * came out of those is identified, and so on.  Only so is it the same in every run which of
 * two equal items is read and which is named as its copy.  What needs no identification waits for none. */
static struct item *next_work(struct pool *p, struct item *from)
{
    for (struct item *i = from; i; i = i->next)
        if (p->identifying && !i->given ? i->state == ITEM_NEW : i->state == ITEM_WAITING && pass_of(i) <= p->pass)
            return i;
    return NULL;
}

static void end_reader(struct reader *reader)
{
    close(reader->socket);
    if (reader->spool >= 0)
        close(reader->spool);
    reader->spool = reader->socket = -1;
    reader->pid = 0;
    reader->item = NULL;
}

void pool_retire(struct reader *reader)
{
    const pid_t pid = reader->pid;

    end_reader(reader);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* What a reader's search may use besides its own thread, so that no more work at once than readers are allowed: all
 * for one capture, none where every reader has one. */
static unsigned helpers_now(struct pool *p)
{
    unsigned at_work = 0;

    if (!p->options->worker.search_begin || p->identifying)
        return 0;
    for (unsigned i = 0; i < p->reader_count; i++)
        at_work += p->readers[i].item && !p->readers[i].summing;
    for (struct item *i = next_work(p, p->look_from); i && at_work < p->reader_count; i = next_work(p, i->next))
        at_work++;
    const unsigned threads = p->reader_count / (at_work ? at_work : 1);
    return (threads < THREADS_MAX ? threads : THREADS_MAX) - 1;
}

static bool start_reader(struct pool *p, struct reader *reader)
{
    int socket;

    p->worker = p->options->worker;
    p->worker.helpers = helpers_now(p);
    const pid_t pid = process_start(&p->worker, &socket);
    if (pid < 0)
        return false;
    *reader = (struct reader){ .pid = pid, .socket = socket, .spool = -1 };
    return true;
}

/* The reader is gone: its item keeps what was read and says what happened; all others go on. */
static void bury_reader(struct pool *p, struct reader *reader)
{
    struct item *item = reader->item;
    int status = 0;

    while (waitpid(reader->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (item && reader->summing) {
        pool_sum_fails(p, item, reader->ended_by ? text_of(reader->ended_by) : process_how_it_ended(p->items->arena,
                                                                                                    status));
        item = NULL;
    }
    if (reader->member) {
        item_settle(p->items, reader->member, "unreadable", TEXT("the reader ended while taking this out"));
        reader->member = NULL;
    }
    if (item) {
        const struct text note = reader->ended_by ? text_of(reader->ended_by) : process_how_it_ended(p->items->arena,
                                                                                                     status);
        if (item->state == ITEM_IDENTIFYING)
            item_settle(p->items, item, "unreadable", note);
        else
            item->note = note, pool_item_over(item, PARSE_INVALID);
        item->crashed = true;
    }
    if (!reader->greeted && ++p->still_born >= STILL_BORN_MAX)
        p->error = -ECHILD;
    end_reader(reader);
}

static void put_number(uint64_t value, size_t bytes, uint8_t *into)
{
    for (size_t i = 0; i < bytes; i++)
        into[i] = (uint8_t)(value >> (8 * i));
}

/* Where in its descriptor an item lies. */
enum { PLACE_BYTES = 16 };

static size_t put_place(const struct item *item, uint8_t *into)
{
    put_number(item->part_of ? item->part_offset : 0, 8, into);
    put_number(item->part_of ? item->bytes : UINT64_MAX, 8, into + 8);
    return PLACE_BYTES;
}

/* The end of its path, which is where the file's name stands. */
static size_t put_name(const struct item *item, uint8_t *into)
{
    const size_t len = item->path.len < NAME_BYTES_MAX ? item->path.len : NAME_BYTES_MAX;

    memcpy(into, item->path.at + item->path.len - len, len);
    return len;
}

/* Bytes for a reader, who alone looks into them. */
static size_t put_companion(const struct item *item, uint8_t *into)
{
    char path[4096];
    struct stat st;
    ssize_t n = 0;

    if (item->parent || item->descriptor >= 0 || !format_companion(item->path, path, sizeof path))
        return 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (fd < 0)
        return 0;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        n = pread(fd, into, FORMAT_COMPANION_MAX, 0);
    close(fd);
    return n > 0 ? (size_t)n : 0;
}

static void begin_work(struct pool *p, struct reader *reader, struct item *item)
{
    const double rate = p->options->bytes_per_second;

    reader->item = item;
    reader->limit_s = p->options->seconds_per_item + (rate > 0 ? (double)item->bytes / rate : 0) +
                      (p->options->worker.rules ? YARA_ITEM_S(item->bytes) + YARA_STORE_S : 0);
    reader->began_s = now_s();
    reader->began_cpu_s = cpu_s(reader->pid);
}

bool pool_give_sum(struct pool *p, struct reader *reader, struct item *item)
{
    uint8_t body[PLACE_BYTES + 1 + NAME_BYTES_MAX];
    const int fd = pool_open_item(p, item);

    if (fd < 0) {
        pool_sum_fails(p, item, text_of(strerror(errno)));
        return true;
    }
    pool_sum_begins(p, item);
    reader->summing = true;
    begin_work(p, reader, item);
    size_t len = put_place(item, body);
    body[len++] = true;
    len += put_name(item, body + len);
    const bool sent = channel_send(reader->socket, CHANNEL_IDENTIFY, body, len, fd);
    close(fd);
    return sent;
}

/* Whether an item can be read as soon as its format is known, which saves asking twice: only what has no hash, and is
 * no file that was opened by another name before.  Of many items that is too much to ask. */
static bool can_read_on(const struct pool *p, const struct item *item)
{
    enum { FEW = 1000 };

    if (p->options->hash || p->options->worker.rules || p->options->worker.search_begin || item->sum_only ||
        item->bytes == 0 || p->items->count > FEW)
        return false;
    for (const struct item *i = p->items->first; i != item && item->inode; i = i->next)
        if (i->inode == item->inode && i->device == item->device)
            return false;
    return true;
}

static size_t put_identify(struct pool *p, struct item *item, uint8_t *into)
{
    into[0] = p->options->hash && !pool_sum_can_wait(p, item);
    return 1 + put_name(item, into + 1);
}

enum { READ_HEAD = 1 + 4 + 1 + 2 };

/* For either message that has an item read. */
static size_t put_read(struct pool *p, struct item *item, bool read_on, uint8_t *into)
{
    const size_t index = item->format ? (size_t)(item->format - p->options->worker.formats) : SIZE_MAX;
    uint8_t *at = into;

    *at++ = pool_has_parts(item);
    if (read_on) {
        *at++ = (uint8_t)p->pass;
    } else {
        put_number(index, 4, at);
        at += 4;
    }
    *at++ = (uint8_t)helpers_now(p);
    const size_t name_len = put_name(item, at + 2);
    put_number(name_len, 2, at);
    at += 2 + name_len;
    return (size_t)(at - into) + put_companion(item, at);
}

static bool give(struct pool *p, struct reader *reader, struct item *item)
{
    const bool identify = item->state == ITEM_NEW;
    uint8_t body[PLACE_BYTES + READ_HEAD + NAME_BYTES_MAX + FORMAT_COMPANION_MAX];

    const int fd = pool_open_item(p, item);
    if (fd < 0) {
        item_settle(p->items, item, "unreadable", arena_printf(p->items->arena, "cannot be opened: %s",
                                                               strerror(errno)));
        return true;
    }
    reader->reads_on = identify && can_read_on(p, item);
    const size_t place = put_place(item, body);
    const size_t len = place + (identify && !reader->reads_on ? put_identify(p, item, body + place)
                                                              : put_read(p, item, reader->reads_on, body + place));
    begin_work(p, reader, item);
    item->state = identify ? ITEM_IDENTIFYING : ITEM_READING;
    if (identify && !item->wave)
        item->wave = p->wave;
    const bool sent = channel_send(reader->socket, reader->reads_on ? CHANNEL_IDENTIFY_READ :
                                   identify ? CHANNEL_IDENTIFY : CHANNEL_READ, body, len, fd);
    close(fd);
    return sent;
}

/* A reader that keeps talking must not keep the others from being heard. */
enum { MESSAGES_AT_ONCE = 64 };

static void listen_to(struct pool *p, struct reader *reader)
{
    for (int i = 0; i < MESSAGES_AT_ONCE && !p->error && reader->pid; i++) {
        const enum channel_result got = channel_receive(reader->socket, false, &p->packet);
        if (got == CHANNEL_NOTHING)
            return;
        if (got == CHANNEL_CLOSED) {
            bury_reader(p, reader);
            return;
        }
        pool_take_message(p, reader);
    }
}

/* The limit is one of processor time, so that on a busy machine the same evidence is read as far as on an
 * idle one; the clock only ends a reader that waits for something that does not come. */
static void end_late_readers(struct pool *p)
{
    const double now = now_s();

    for (unsigned i = 0; i < p->reader_count; i++) {
        struct reader *reader = &p->readers[i];
        if (!reader->pid || !reader->item || reader->ended_by || now - reader->began_s <= reader->limit_s)
            continue;
        if (cpu_s(reader->pid) - reader->began_cpu_s > reader->limit_s ||
            now - reader->began_s > STUCK_FACTOR * reader->limit_s) {
            reader->ended_by = "the reader took longer than its time limit";
            kill(reader->pid, SIGKILL);
        }
    }
}

/* Gives work to idle readers; false when nothing is being done and nothing is left. */
static bool hand_out_work(struct pool *p)
{
    bool busy = false;

    for (unsigned i = 0; i < p->reader_count && !p->error; i++) {
        struct reader *reader = &p->readers[i];
        while (!reader->pid || !reader->item) {
            struct item *sum = pool_next_sum(p), *work = sum ? sum : (p->look_from = next_work(p, p->look_from));
            if (!work)
                break;
            if (!reader->pid && !start_reader(p, reader)) {
                p->error = -errno;
                return false;
            }
            if (!(sum ? pool_give_sum(p, reader, sum) : give(p, reader, work)))
                break; /* it died meanwhile; its socket will say so */
        }
        busy |= reader->pid && reader->item;
    }
    return busy;
}

static void wait_for_readers(struct pool *p)
{
    struct pollfd polls[READERS_MAX];
    unsigned which[READERS_MAX], count = 0;

    for (unsigned i = 0; i < p->reader_count; i++)
        if (p->readers[i].pid) {
            polls[count] = (struct pollfd){ .fd = p->readers[i].socket, .events = POLLIN };
            which[count++] = i;
        }
    if (poll(polls, count, POLL_MS) <= 0)
        return;
    for (unsigned i = 0; i < count && !p->error; i++)
        if (polls[i].revents && p->readers[which[i]].pid)
            listen_to(p, &p->readers[which[i]]);
}

/* All are told before one is waited for: each takes a while to give back its memory. */
static void stop_readers(struct pool *p)
{
    for (unsigned i = 0; i < p->reader_count; i++) {
        struct reader *reader = &p->readers[i];
        if (reader->pid && reader->item)
            kill(reader->pid, SIGKILL);
        else if (reader->pid)
            shutdown(reader->socket, SHUT_RDWR);
    }
    for (unsigned i = 0; i < p->reader_count; i++)
        if (p->readers[i].pid)
            pool_retire(&p->readers[i]);
}

static void run_half(struct pool *p, bool identifying)
{
    p->identifying = identifying;
    p->look_from = p->items->first;
    for (;;) {
        pool_advance_head(p);
        if (p->error || !hand_out_work(p))
            return;
        wait_for_readers(p);
        end_late_readers(p);
    }
}

static bool half_has_work(struct pool *p, bool identifying)
{
    p->identifying = identifying;
    return next_work(p, p->items->first) != NULL;
}

static bool wave_has_work(struct pool *p)
{
    return half_has_work(p, true) || half_has_work(p, false);
}

static unsigned core_count(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (unsigned)CPU_COUNT(&set);
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

unsigned pool_readers(const struct pool_options *options)
{
    const unsigned wanted = options->readers ? options->readers : core_count();

    return wanted < READERS_MAX ? wanted : READERS_MAX;
}

int pool_run(struct item_list *items, enum reading_pass pass, const struct pool_options *options,
             struct pool_listener *listener)
{
    struct pool *p = memory_alloc_array(1, sizeof *p);

    p->items = items;
    p->pass = pass;
    p->options = options;
    p->listener = listener;
    p->reader_count = pool_readers(options);
    p->head = items->first;
    p->arena = arena_new(0);
    for (struct item *i = items->first; i; i = i->next) {
        p->bytes_total += i->state == ITEM_DONE ? 0 : i->bytes;
        p->inside_items += i->parent && !i->given;
        p->open_members += i->descriptor >= 0;
        p->inside_bytes += i->parent && !i->given ? i->bytes : 0;
    }
    pool_sums_of_before(p);
    pool_early_take(p);
    for (p->wave = 1; !p->error && wave_has_work(p); p->wave++) {
        if (half_has_work(p, true)) /* else it would only wait for whoever hashes early */
            run_half(p, true);
        item_settle_copies(p->items, p->wave);
        run_half(p, false);
    }
    stop_readers(p);
    pool_early_begin(p);
    if (!p->error)
        pool_advance_head(p);
    for (struct item *i = items->first; i; i = i->next)
        if (i->state == ITEM_DONE && i->read_by_reader && !text_known(i->status))
            item_set_status(items, i);
    for (struct item *i = items->first; i; i = i->next)
        if (i->same_as && text_known(i->same_as->status)) /* a copy is read as far as the one it is a copy of */
            i->status = i->same_as->status;
    const int error = p->error;
    arena_free(p->arena);
    free(p);
    return error;
}
