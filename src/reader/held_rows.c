#include "reader/held_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fact/wire.h"

enum {
    MEBIBYTE = 1024 * 1024,
    IN_MEMORY_MAX = 4 * MEBIBYTE,       /* of one item */
    ALL_IN_MEMORY_MAX = 8 * MEBIBYTE,   /* of all together; then whoever has more than its share goes to a file: */
    SHARE = MEBIBYTE / 4,
    SPARE_ROOM_MAX = IN_MEMORY_MAX,
    PIECE_BYTES = MEBIBYTE, STREAM_BYTES_MAX = 64 * MEBIBYTE,
};

void held_room_done(struct held_room *room)
{
    while (room->spares > 0)
        buffer_done(&room->spare[--room->spares]);
}

void held_rows_init(struct held_rows *h)
{
    h->file = -1;
    h->file_bytes = 0;
    buffer_init(&h->memory, STREAM_BYTES_MAX);
}

void held_rows_done(struct held_rows *h, struct held_room *room)
{
    if (h->file >= 0)
        close(h->file);
    h->file = -1;
    room->bytes -= h->memory.len;
    buffer_done(&h->memory);
}

/* Memory that another one had, where there is some: fresh memory costs more than what is done with it. */
static struct buffer take_spare(struct held_room *room)
{
    struct buffer fresh;

    if (room->spares > 0)
        return room->spare[--room->spares];
    buffer_init(&fresh, STREAM_BYTES_MAX);
    return fresh;
}

/* An empty buffer's memory goes back. */
static void let_go(struct buffer *b, struct held_room *room)
{
    if (!b->at)
        return;
    buffer_clear(b);
    if (room->spares < HELD_SPARES && b->room <= SPARE_ROOM_MAX) {
        room->spare[room->spares++] = *b;
        buffer_init(b, STREAM_BYTES_MAX);
    } else {
        buffer_done(b);
    }
}

int held_rows_temporary_file(const char *directory)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0) { /* a file system without O_TMPFILE */
        char path[4096];
        if (snprintf(path, sizeof path, "%s/.leash-XXXXXX", directory) >= (int)sizeof path)
            return -ENAMETOOLONG;
        fd = mkostemp(path, O_CLOEXEC);
        if (fd < 0)
            return -errno;
        unlink(path);
    }
    return fd;
}

static int move_to_file(struct held_rows *h, struct held_room *room, const char *spool_directory)
{
    size_t done = 0;

    if (h->file < 0)
        h->file = held_rows_temporary_file(spool_directory);
    if (h->file < 0)
        return h->file;
    while (done < h->memory.len) {
        const ssize_t n = pwrite(h->file, h->memory.at + done, h->memory.len - done, (off_t)h->file_bytes);
        if (n <= 0)
            return n < 0 ? -errno : -ENOSPC;
        done += (size_t)n;
        h->file_bytes += (uint64_t)n;
    }
    room->bytes -= h->memory.len;
    let_go(&h->memory, room);
    return 0;
}

int held_rows_add(struct held_rows *h, struct held_room *room, struct bytes stream, const char *spool_directory)
{
    if (!h->memory.at && stream.len > 0)
        h->memory = take_spare(room);
    if (!buffer_add(&h->memory, stream.at, stream.len))
        return -ENOMEM;
    room->bytes += stream.len;
    if (h->memory.len > IN_MEMORY_MAX || (room->bytes > ALL_IN_MEMORY_MAX && h->memory.len > SHARE))
        return move_to_file(h, room, spool_directory);
    return 0;
}

/* Hands out the whole rows at the beginning of `stream`, and says how far they reach. */
static int hand_out(struct bytes stream, struct arena *arena, int (*row)(void *user, enum fact_kind kind, void *row),
                    void *user,
                    size_t *ret_done)
{
    struct cursor c = cursor_over(stream);
    int error = 0;

    *ret_done = 0;
    while (c.rest.len > 0 && error == 0) {
        enum fact_kind kind;
        void *decoded;
        struct wire_more more;
        arena_reset(arena);
        const enum parse_status status = wire_decode(&c, arena, &kind, &decoded, &more);
        if (status == PARSE_TRUNCATED && stream.len - *ret_done <= WIRE_ROW_MAX + 4)
            break; /* the rest of the row is still on its way */
        if (status != PARSE_OK)
            return -EBADMSG;
        error = row(user, kind, decoded);
        while (wire_has_more(&more) && error == 0) {
            if (wire_more(&more, decoded) != PARSE_OK)
                return -EBADMSG;
            error = row(user, kind, decoded);
        }
        *ret_done = stream.len - c.rest.len;
    }
    return error;
}

static int drain_buffer(struct buffer *b, struct arena *arena,
                        int (*row)(void *user, enum fact_kind kind, void *row), void *user)
{
    size_t done;
    const int error = hand_out((struct bytes){ .at = b->at, .len = b->len }, arena, row, user, &done);

    if (error == -EBADMSG)
        buffer_clear(b);
    else
        buffer_consume(b, done);
    return error;
}

/* Of what is in memory alone. */
static int drain_memory(struct held_rows *h, struct held_room *room, struct arena *arena,
                        int (*row)(void *user, enum fact_kind kind, void *row), void *user)
{
    const size_t before = h->memory.len;
    const int error = drain_buffer(&h->memory, arena, row, user);

    room->bytes -= before - h->memory.len;
    if (h->memory.len == 0)
        let_go(&h->memory, room);
    return error;
}

int held_rows_pass(struct held_rows *h, struct held_room *room, struct bytes stream, const char *spool_directory,
                   struct arena *arena, int (*row)(void *user, enum fact_kind kind, void *row), void *user)
{
    size_t done = 0;
    int error = 0;

    if (h->file < 0 && h->memory.len == 0)
        error = hand_out(stream, arena, row, user, &done);
    if (error)
        return error;
    error = held_rows_add(h, room, bytes_part(stream, done, UINT64_MAX), spool_directory);
    return error || done > 0 ? error : held_rows_drain(h, room, arena, row, user);
}

int held_rows_drain(struct held_rows *h, struct held_room *room, struct arena *arena,
                    int (*row)(void *user, enum fact_kind kind, void *row), void *user)
{
    int error = 0;

    if (h->file < 0)
        return drain_memory(h, room, arena, row, user);

    struct buffer piece = take_spare(room);
    for (uint64_t at = 0; at < h->file_bytes && error == 0;) {
        const size_t n = h->file_bytes - at < PIECE_BYTES ? (size_t)(h->file_bytes - at) : PIECE_BYTES;
        uint8_t *to = buffer_extend(&piece, n);
        const ssize_t got = to ? pread(h->file, to, n, (off_t)at) : -1;
        if (got != (ssize_t)n) {
            error = got < 0 ? -errno : -EIO;
            break;
        }
        at += n;
        error = drain_buffer(&piece, arena, row, user);
    }
    /* The row that crosses from the file into memory, and those behind it. */
    if (error == 0 && !buffer_add(&piece, h->memory.at, h->memory.len))
        error = -ENOMEM;
    room->bytes -= h->memory.len;
    let_go(&h->memory, room);
    close(h->file);
    h->file = -1;
    h->file_bytes = 0;
    h->memory = piece;
    room->bytes += piece.len;
    return error ? error : drain_memory(h, room, arena, row, user);
}
