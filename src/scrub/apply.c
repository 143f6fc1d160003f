#include "scrub/apply.h"

#include <errno.h>
#include <unistd.h>

enum {
    TAIL_BYTES = 1024 * 1024,      /* written at once */
    PIECE_BYTES = 256 * 1024,      /* stretches from this size on are not read into memory */
    AHEAD_BYTES = 64 * 1024,       /* what is shorter is read with what is behind it */
    GROWTH_BYTES_MAX = 16 << 20,   /* of the copy, over the original; text of other length does not take more */
};

void apply_begin(struct apply *a, int from, int to, uint64_t from_bytes)
{
    *a = (struct apply){ .from = from, .to = to, .from_bytes = from_bytes };
    buffer_init(&a->tail, TAIL_BYTES + PIECE_BYTES);
    buffer_init(&a->ahead, AHEAD_BYTES);
}

void apply_done(struct apply *a)
{
    buffer_done(&a->tail);
    buffer_done(&a->ahead);
}

static int write_all(int fd, const uint8_t *at, size_t len, uint64_t offset)
{
    while (len > 0) {
        const ssize_t n = pwrite(fd, at, len, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        at += n;
        len -= (size_t)n;
        offset += (uint64_t)n;
    }
    return 0;
}

static int flush(struct apply *a)
{
    const int error = write_all(a->to, a->tail.at, a->tail.len, a->written);

    if (error)
        return error;
    a->written += a->tail.len;
    buffer_clear(&a->tail);
    return 0;
}

/* Room in the tail for `n` <= PIECE_BYTES more. */
static uint8_t *tail_room(struct apply *a, size_t n, int *error)
{
    *error = a->tail.len >= TAIL_BYTES ? flush(a) : 0;
    return *error ? NULL : buffer_extend(&a->tail, n);
}

static int read_all(int fd, uint8_t *to, size_t n, uint64_t offset)
{
    while (n > 0) {
        const ssize_t got = pread(fd, to, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) /* the original became shorter meanwhile */
            return got < 0 ? -errno : -EIO;
        to += got;
        n -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

/* original[offset, offset + n), n < AHEAD_BYTES, inside the original. */
static const uint8_t *read_ahead(struct apply *a, uint64_t offset, size_t n, int *error)
{
    if (offset < a->ahead_at || offset - a->ahead_at > a->ahead.len || n > a->ahead.len - (offset - a->ahead_at)) {
        const uint64_t left = a->from_bytes - offset;
        buffer_clear(&a->ahead);
        a->ahead_at = offset;
        uint8_t *to = buffer_extend(&a->ahead, left < AHEAD_BYTES ? (size_t)left : AHEAD_BYTES);
        *error = to ? read_all(a->from, to, a->ahead.len, offset) : -ENOMEM;
        if (*error)
            buffer_clear(&a->ahead);
    }
    return *error ? NULL : a->ahead.at + (offset - a->ahead_at);
}

static int read_into_tail(struct apply *a, uint64_t offset, size_t n)
{
    int error;
    uint8_t *to = tail_room(a, n, &error);

    if (error || n >= AHEAD_BYTES)
        return error ? error : read_all(a->from, to, n, offset);
    const uint8_t *from = read_ahead(a, offset, n, &error);
    if (from)
        memcpy(to, from, n);
    return error;
}

/* File systems that cannot copy between these two files say so before the first byte. */
static int copy_stretch(struct apply *a, uint64_t *offset, uint64_t end)
{
    int error = flush(a);

    while (!error && *offset < end) {
        off_t in = (off_t)*offset, out = (off_t)a->written;
        const ssize_t n = copy_file_range(a->from, &in, a->to, &out, end - *offset, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? -EIO : errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP ||
                errno == ENOSYS ? 0 : -errno;
        *offset += (uint64_t)n;
        a->written += (uint64_t)n;
    }
    return error;
}

static int copy_until(struct apply *a, uint64_t end)
{
    int error = 0;

    if (end - a->taken >= PIECE_BYTES)
        error = copy_stretch(a, &a->taken, end);
    while (!error && a->taken < end) {
        const uint64_t left = end - a->taken;
        const size_t n = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        error = read_into_tail(a, a->taken, n);
        a->taken += n;
    }
    return error;
}

/* What an edit puts at the end of the copy. */
static int append(struct apply *a, struct text bytes, uint64_t fill_bytes, uint8_t fill)
{
    int error = 0;

    while (!error && bytes.len > 0) {
        const size_t n = bytes.len < PIECE_BYTES ? bytes.len : PIECE_BYTES;
        uint8_t *to = tail_room(a, n, &error);
        if (to)
            memcpy(to, bytes.at, n);
        bytes = (struct text){ bytes.at + n, bytes.len - n };
    }
    while (!error && fill_bytes > 0) {
        const size_t n = fill_bytes < PIECE_BYTES ? (size_t)fill_bytes : PIECE_BYTES;
        uint8_t *to = tail_room(a, n, &error);
        if (to)
            memset(to, fill, n);
        fill_bytes -= n;
    }
    return error;
}

/* The part of an edit of the same length that lies before `taken`: those bytes are in the copy already, at
 * `offset` there. */
static int overwrite(struct apply *a, uint64_t offset, struct text bytes, uint64_t fill_bytes, uint8_t fill)
{
    uint8_t piece[4096];
    int error = flush(a);

    if (!error && bytes.len > 0)
        error = write_all(a->to, (const uint8_t *)bytes.at, bytes.len, offset);
    offset += bytes.len;
    memset(piece, fill, sizeof piece);
    while (!error && fill_bytes > 0) {
        const size_t n = fill_bytes < sizeof piece ? (size_t)fill_bytes : sizeof piece;
        error = write_all(a->to, piece, n, offset);
        offset += n;
        fill_bytes -= n;
    }
    return error;
}

/* Small edits behind each other are the rule; those before the end of the copy are made in memory while they can. */
static int overwrite_behind(struct apply *a, uint64_t offset, struct text bytes, uint64_t fill_bytes, uint8_t fill)
{
    if (offset < a->written)
        return overwrite(a, offset, bytes, fill_bytes, fill);
    uint8_t *to = a->tail.at + (offset - a->written);
    if (bytes.len > 0)
        memcpy(to, bytes.at, bytes.len);
    if (fill_bytes > 0)
        memset(to + bytes.len, fill, fill_bytes);
    return 0;
}

static int same_length(struct apply *a, uint64_t offset, uint64_t length, struct text bytes, uint8_t fill)
{
    uint64_t fill_bytes = length - bytes.len;
    int error = 0;

    if (offset < a->taken) {
        if (a->changes > 1 || (a->changes == 1 && offset < a->behind))
            return -EBADMSG;
        const uint64_t before = a->taken - offset < length ? a->taken - offset : length;
        const size_t n = bytes.len < before ? bytes.len : (size_t)before;
        error = overwrite_behind(a, offset + (uint64_t)a->moved, (struct text){ bytes.at, n }, before - n, fill);
        bytes = (struct text){ bytes.at ? bytes.at + n : NULL, bytes.len - n };
        fill_bytes -= before - n;
        offset += before;
    } else {
        error = copy_until(a, offset);
    }
    if (!error)
        error = append(a, bytes, fill_bytes, fill);
    if (offset + bytes.len + fill_bytes > a->taken)
        a->taken = offset + bytes.len + fill_bytes;
    return error;
}

static int other_length(struct apply *a, uint64_t offset, uint64_t length, struct text bytes)
{
    if (offset < a->taken || bytes.len > length + GROWTH_BYTES_MAX ||
        a->written + a->tail.len > a->from_bytes + GROWTH_BYTES_MAX)
        return -EBADMSG;
    int error = copy_until(a, offset);
    if (!error)
        error = append(a, bytes, 0, 0);
    a->taken = offset + length;
    if (bytes.len != length && a->changes++ == 0) {
        a->behind = a->taken;
        a->moved = (int64_t)bytes.len - (int64_t)length; /* both lie in files or in GROWTH_BYTES_MAX */
    }
    return error;
}

int apply_edit(struct apply *a, const struct fact_edit *edit)
{
    const int64_t offset = edit->head.origin.offset, length = edit->head.origin.length;
    const bool replace = text_equal(edit->action, TEXT("replace"));
    const bool remove = !replace && text_equal(edit->action, TEXT("remove"));

    if (!replace && (text_equal(edit->action, TEXT("left")) || text_equal(edit->action, TEXT("bound"))))
        return 0;
    if (offset < 0 || length < 0 || (uint64_t)offset > a->from_bytes ||
        (uint64_t)length > a->from_bytes - (uint64_t)offset ||
        (!remove && !replace))
        return -EBADMSG;
    if (remove || !fact_known_int(edit->fill))
        return other_length(a, (uint64_t)offset, (uint64_t)length, remove ? TEXT_UNKNOWN : edit->bytes);
    if (edit->bytes.len > (uint64_t)length || edit->fill < 0 || edit->fill > UINT8_MAX)
        return -EBADMSG;
    return same_length(a, (uint64_t)offset, (uint64_t)length, edit->bytes, (uint8_t)edit->fill);
}

int apply_end(struct apply *a)
{
    const int error = copy_until(a, a->from_bytes);

    return error ? error : flush(a);
}
