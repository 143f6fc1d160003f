#include "reader/worker.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "evidence/stream.h"
#include "fact/wire.h"
#include "reader/channel.h"
#include "reader/item_map.h"
#include "reader/sandbox.h"

enum {
    PIECE_BYTES = 4 * 1024 * 1024,      /* hashed, and let go of, at a time */
    MEMBER_NAME_MAX = 4096,
    ARENA_BYTES_MAX = 512 * 1024 * 1024,
    BATCH_BYTES = 60 * 1024,            /* rows are sent when so many bytes have come together */
};

struct worker {
    struct fact_sink sink;  /* first: the sink of the item being read */
    int socket;
    const struct worker_options *options;
    struct crew *crew;      /* NULL: no threads */
    struct buffer batch;
    struct wire_run run;    /* of rows in the batch */
    struct item_map map;
    struct bytes item;      /* the same as map.item */
    bool has_parts;         /* what lies in it may be told as a part of it */
    uint64_t released;      /* offset up to which pages were let go */
    int member;             /* descriptor being written, or -1 */
    uint64_t member_bytes;
    struct yara_scan *scan; /* made at the first item; NULL: no rules */
    struct channel_packet packet;
};

/* The parent is gone or does not want to hear: there is nobody to work for. */
static void must_send(struct worker *w, enum channel_message type, const void *body, size_t len)
{
    if (!channel_send(w->socket, type, body, len, -1))
        _exit(0);
}

static void flush_batch(struct worker *w)
{
    size_t sent = 0;

    while (sent < w->batch.len) {
        const size_t left = w->batch.len - sent, n = left < CHANNEL_MESSAGE_MAX ? left : CHANNEL_MESSAGE_MAX;
        must_send(w, CHANNEL_FACTS, w->batch.at + sent, n);
        sent += n;
    }
    buffer_clear(&w->batch);
    wire_run_end(&w->run);
}

static void put_row(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct worker *w = (struct worker *)sink;

    if (!wire_put(&w->run, kind, row, number)) {
        struct fact_damage damage;
        fact_init(FACT_DAMAGE, &damage);
        damage.head.origin = ((const struct fact_head *)row)->origin;
        damage.head.origin.steps = (struct text_list){ NULL, 0 };
        damage.statement = TEXT("a row was larger than leash keeps and was left out");
        damage.records_lost = 1;
        if (!wire_put(&w->run, FACT_DAMAGE, &damage, fact_reserve(sink, FACT_DAMAGE)))
            abort();
    }
    if (w->batch.len >= BATCH_BYTES)
        flush_batch(w);
}

static void put_u64(uint8_t *to, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static void send_progress(struct worker *w, uint64_t offset)
{
    uint8_t body[8];

    put_u64(body, offset);
    must_send(w, CHANNEL_PROGRESS, body, sizeof body);
}

/* Lets pages behind `offset` go, so that a capture of any size takes the same memory. */
static void item_passed(struct reading *r, uint64_t offset)
{
    struct worker *w = r->owner;
    const uint64_t until = offset / PIECE_BYTES * PIECE_BYTES;

    if (offset == 0)
        w->released = 0;
    if (until <= w->released || until > w->item.len)
        return;
    item_map_let_go(&w->map, bytes_part(w->item, w->released, until - w->released));
    w->released = until;
    send_progress(w, until);
}

/* Only of the file itself: what was unpacked into memory would be lost. */
static void item_let_go(struct reading *r, struct bytes part)
{
    const struct worker *w = r->owner;

    item_map_let_go(&w->map, part);
}

static void item_foresee(struct reading *r, struct bytes part, bool whole)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)part.at / page * page;

    (void)r;
    if (part.len > 0)
        madvise((void *)at, (uintptr_t)part.at + part.len - at, whole ? MADV_WILLNEED : MADV_RANDOM);
}

static struct bytes reading_once(struct reading *r, struct bytes part)
{
    struct worker *w = r->owner;

    return item_map_once(&w->map, part);
}

/* `bytes`: how many will be written, or UINT64_MAX. */
static bool open_member(struct worker *w, struct text name, uint64_t bytes)
{
    uint8_t body[8 + MEMBER_NAME_MAX];
    const size_t name_len = name.len < MEMBER_NAME_MAX ? name.len : MEMBER_NAME_MAX;

    flush_batch(w);
    put_u64(body, bytes);
    if (name_len > 0)
        memcpy(body + 8, name.at, name_len);
    must_send(w, CHANNEL_MEMBER_OPEN, body, 8 + name_len);
    if (channel_receive(w->socket, true, &w->packet) != CHANNEL_GOT || w->packet.type != CHANNEL_SPOOL)
        _exit(0);
    w->member = w->packet.descriptor;
    w->member_bytes = 0;
    return w->member >= 0;
}

static bool member_open(struct reading *r, struct text name)
{
    return open_member(r->owner, name, UINT64_MAX);
}

static bool member_add(struct reading *r, struct bytes piece)
{
    struct worker *w = r->owner;

    while (piece.len > 0) {
        const ssize_t n = write(w->member, piece.at, piece.len);
        if (n <= 0)
            return false; /* the quota or the disk is full: the parent sees the size and says so */
        w->member_bytes += (uint64_t)n;
        piece = bytes_part(piece, (uint64_t)n, UINT64_MAX);
    }
    return true;
}

static void member_close(struct reading *r)
{
    struct worker *w = r->owner;
    uint8_t body[8];

    put_u64(body, w->member_bytes);
    close(w->member);
    w->member = -1;
    must_send(w, CHANNEL_MEMBER_CLOSE, body, sizeof body);
}

/* What lies in the item as it is needs no copy. */
static bool tell_part(struct worker *w, struct text name, struct bytes content)
{
    uint8_t body[16 + MEMBER_NAME_MAX];
    const size_t name_len = name.len < MEMBER_NAME_MAX ? name.len : MEMBER_NAME_MAX;

    if (!w->has_parts || content.len == 0 || !item_map_has(&w->map, content))
        return false;
    put_u64(body, (uint64_t)(content.at - w->item.at));
    put_u64(body + 8, content.len);
    if (name_len > 0)
        memcpy(body + 16, name.at, name_len);
    must_send(w, CHANNEL_MEMBER_PART, body, 16 + name_len);
    return true;
}

static void member_whole(struct reading *r, struct text name, struct bytes content)
{
    if (tell_part(r->owner, name, content))
        return;
    if (!open_member(r->owner, name, content.len))
        return;
    if (!member_add(r, content))
        reading_damage(r, content.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "a part of this item could not be taken out");
    member_close(r);
}

static void hash_item(struct worker *w, uint8_t digest[SHA256_BYTES])
{
    struct sha256 *h = sha256_new();

    for (uint64_t at = 0, told = 0; at < w->item.len;) {
        const struct bytes rest = bytes_part(w->item, at, UINT64_MAX),
            piece = bytes_part(item_map_once(&w->map, rest), 0, PIECE_BYTES);
        sha256_add(h, piece);
        at += piece.len;
        if (at - told < PIECE_BYTES && at < w->item.len)
            continue;
        if (w->item.len > PIECE_BYTES) { /* nothing is mapped of what could be copied */
            item_map_let_go(&w->map, bytes_part(w->item, told, at - told));
            send_progress(w, at);
        }
        told = at / PIECE_BYTES * PIECE_BYTES;
    }
    sha256_finish(h, digest);
    sha256_free(h);
}

static void put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t index_of(const struct worker *w, const struct format *format)
{
    for (size_t i = 0; format && i < w->options->format_count; i++)
        if (strcmp(w->options->formats[i].kind, format->kind) == 0)
            return (uint32_t)i;
    return UINT32_MAX;
}

/* Gives the index of its format. */
static uint32_t identify(struct worker *w, bool hash, struct text name)
{
    uint8_t body[4 + SHA256_BYTES];
    uint32_t index = UINT32_MAX;

    for (size_t i = 0; i < w->options->format_count && index == UINT32_MAX; i++)
        if (w->options->formats[i].recognise(w->item))
            index = (uint32_t)i;
    if (index == UINT32_MAX)
        index = index_of(w, format_identify_by_name(w->item, name));
    put_u32(body, index);
    if (hash)
        hash_item(w, body + 4);
    must_send(w, CHANNEL_IDENTIFIED, body, hash ? sizeof body : 4);
    return index;
}

/* A reader that gave up without a word: what it means has a row all the same. */
static void tell_end(struct reading *r, struct bytes item, enum parse_status status)
{
    if (r->damage_count > 0)
        return;
    if (status == PARSE_TRUNCATED)
        reading_damage(r, item.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the content ends before its format says so");
    else if (status == PARSE_INVALID)
        reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the content contradicts its format");
}

/* Foreign rules are run: what was read before gets out first, should they end this process. */
static void scan_part(struct reading *r, struct text part, struct bytes content, const struct fact_origin *origin)
{
    struct worker *w = r->owner;

    flush_batch(w);
    yara_scan_content(w->scan, part, content, origin);
}

static void begin_rules(struct worker *w, struct reading *r)
{
    if (!w->options->rules)
        return;
    if (!w->scan)
        w->scan = yara_scan_new(w->options->rules);
    yara_scan_begin(w->scan, r, w->item.len);
    r->scan = scan_part;
}

/* The item as it is, at last. */
static void end_rules(struct worker *w, struct reading *r)
{
    const struct fact_origin whole = fact_origin_at(0, w->item.len);

    if (!r->scan)
        return;
    scan_part(r, TEXT_UNKNOWN, w->item, &whole);
    yara_scan_end(w->scan);
}

/* A format that nobody reads is held against the rules all the same. */
static struct payload_search *begin_search(const struct worker *w, const struct format *format, unsigned helpers)
{
    const struct worker_options *o = w->options;

    return format && format->read && o->search_begin ? o->search_begin(o->search_argument, w->crew, helpers) : NULL;
}

static void read_item(struct worker *w, uint32_t index, unsigned helpers, struct text name, struct bytes companion)
{
    uint8_t status = PARSE_UNSUPPORTED;

    const struct format *format = index < w->options->format_count ? &w->options->formats[index] : NULL;
    if ((format && format->read) || w->options->rules) {
        memset(w->sink.last_number, 0, sizeof w->sink.last_number);
        struct reading r = {
            .facts = &w->sink, .arena = arena_new(ARENA_BYTES_MAX), .options = w->options->reading,
            .name = name, .companion = companion, .member = member_whole, .member_open = member_open, .member_add =
                member_add, .member_close = member_close,
            .passed = item_passed, .let_go = item_let_go, .foresee = item_foresee, .once = reading_once, .owner = w,
            .search = begin_search(w, format, helpers),
        };
        begin_rules(w, &r);
        if (format && format->read) {
            status = (uint8_t)format->read(&r, w->item);
            if (r.search)
                w->options->search_end(r.search, &r);
            tell_end(&r, w->item, (enum parse_status)status);
        }
        end_rules(w, &r);
        arena_free(r.arena);
    }
    flush_batch(w);
    must_send(w, CHANNEL_DONE, &status, 1);
}

/* The next message; rows do not wait while there is none. */
static void next_bytes(struct worker *w)
{
    enum channel_result got = channel_receive(w->socket, false, &w->packet);

    if (got == CHANNEL_NOTHING) {
        flush_batch(w);
        got = channel_receive(w->socket, true, &w->packet);
    }
    if (got != CHANNEL_GOT)
        _exit(0);
    if (w->packet.type != CHANNEL_BYTES)
        _exit(1);
}

static void send_format(struct worker *w, const struct format *format)
{
    uint8_t body[4];

    put_u32(body, index_of(w, format));
    must_send(w, CHANNEL_IDENTIFIED, body, sizeof body);
}

/* An item whose bytes come in messages.  Rows go out as they become known: at once when nothing more is
 * there to be read, else within a moment. */
static void read_stream(struct worker *w)
{
    struct reading r = {
        .facts = &w->sink, .arena = arena_new(ARENA_BYTES_MAX), .options = w->options->reading, .as_known =
            true, .owner = w,
    };
    struct stream *s = stream_new(&r);
    enum stream_state state = STREAM_UNDECIDED, before = STREAM_UNDECIDED;
    struct timespec now, flushed = { 0 };
    bool last;

    memset(w->sink.last_number, 0, sizeof w->sink.last_number);
    do {
        next_bytes(w);
        last = w->packet.len == 0;
        state = last ? stream_last(s) : stream_add(s, (struct bytes){ .at = w->packet.body, .len = w->packet.len });
        if (state != before && before == STREAM_UNDECIDED)
            send_format(w, state == STREAM_READING ? stream_format(s) : NULL);
        before = state;
        clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
        if (now.tv_sec != flushed.tv_sec)
            flush_batch(w);
        flushed = now;
    } while (!last);
    const uint8_t status = (uint8_t)stream_end(s);
    tell_end(&r, (struct bytes){ .at = (const uint8_t *)"" }, (enum parse_status)status);
    arena_free(r.arena);
    flush_batch(w);
    must_send(w, CHANNEL_DONE, &status, 1);
}

/* READ and IDENTIFY_READ. */
static void take_read(struct worker *w, bool find_out, struct cursor c)
{
    w->has_parts = cursor_u8(&c) != 0;
    const unsigned pass = find_out ? cursor_u8(&c) : 0;
    uint32_t index = find_out ? UINT32_MAX : cursor_u32le(&c);
    const unsigned helpers = cursor_u8(&c);
    const size_t name_len = cursor_u16le(&c);
    const struct text name = text_of_bytes(cursor_take(&c, name_len));

    if (find_out) {
        index = identify(w, false, name);
        const struct format *format = index < w->options->format_count ? &w->options->formats[index] : NULL;
        if (!format || !format->read || (unsigned)format->pass > pass)
            return;
    }
    read_item(w, index, helpers, name, c.rest);
}

static void serve(struct worker *w)
{
    while (channel_receive(w->socket, true, &w->packet) == CHANNEL_GOT) {
        struct cursor c = cursor_over((struct bytes){ .at = w->packet.body, .len = w->packet.len });
        const enum channel_message type = w->packet.type;
        const int descriptor = w->packet.descriptor;

        if (type == CHANNEL_STREAM && descriptor < 0) {
            read_stream(w);
            continue;
        }
        if (descriptor < 0 || (type != CHANNEL_IDENTIFY && type != CHANNEL_READ && type != CHANNEL_IDENTIFY_READ))
            _exit(1);
        const uint64_t place = cursor_u64le(&c), len = cursor_u64le(&c);
        if (!item_map_open(&w->map, descriptor, place, len))
            _exit(1);
        w->item = w->map.item;
        w->released = 0;
        if (type == CHANNEL_IDENTIFY) {
            const bool hash = cursor_u8(&c) != 0;
            (void)identify(w, hash, text_of_bytes(c.rest));
        } else {
            take_read(w, type == CHANNEL_IDENTIFY_READ, c);
        }
        item_map_close(&w->map);
        w->item = (struct bytes){ 0 };
    }
}

void worker_run(int socket, const struct worker_options *options)
{
    struct worker *w = calloc(1, sizeof *w);
    uint8_t hello[4];

    if (!w)
        _exit(4);
    w->sink.put = put_row;
    w->socket = socket;
    w->options = options;
    w->member = w->map.descriptor = -1;
    buffer_init(&w->batch, BATCH_BYTES + 2 * WIRE_ROW_MAX);
    wire_run_init(&w->run, &w->batch);
    put_u32(hello, sandbox_enter(options->memory_bytes, options->helpers, &w->crew));
    must_send(w, CHANNEL_HELLO, hello, sizeof hello);
    serve(w);
    _exit(0);
}
