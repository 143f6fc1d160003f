#include "leak/lane_work.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/view_decode.h"

enum { BLOCK_BYTES = 64 * 1024, BLOCKS_MAX = 64 };

enum task_kind { TASK_BEGIN, TASK_FEED, TASK_GAP, TASK_END };

/* Followed by `len` bytes: of the payload; or to begin with, the steps of the decoding, each behind its length. */
struct task {
    struct payload_view *view;
    uint64_t origin;          /* of a gap: the bytes that are missing */
    int64_t packet, at_utc_ns;
    uint32_t len;
    uint8_t kind;
};

struct block {
    struct block *next;
    size_t used;
    _Alignas(8) uint8_t bytes[BLOCK_BYTES];
};
_Static_assert((int)BLOCK_BYTES >= 2 * (int)VIEW_PIECE_BYTES, "the largest piece fits");

/* What one lane still has to do. */
struct line {
    struct block *filling;    /* of the first thread alone */
    struct block *first, *last;
    struct line *next;        /* that is ready */
    bool ready, running;
};

struct lane_work {
    struct crew *crew;
    unsigned helpers, line_count;
    bool called;              /* the crew; what has little to do is done without it */
    pthread_mutex_t mutex;    /* for all below, and for the lines but `filling` */
    pthread_cond_t more;      /* helpers wait for a line that is ready */
    pthread_cond_t less;      /* the first thread waits for a free block, or the end */
    unsigned sleeping, unfinished; /* helpers; lines that are ready or running */
    bool waiting, ending;
    struct line *ready_first, *ready_last;
    struct block *free;
    size_t block_count;
    struct line lines[];
};

/* Doing */

static void begin(struct payload_view *v, struct bytes steps)
{
    struct text items[LANE_STEPS_MAX];
    struct cursor c = cursor_over(steps);
    size_t count = 0;

    while (c.rest.len && count < LANE_STEPS_MAX) {
        const size_t len = cursor_u8(&c);
        items[count++] = text_of_bytes(cursor_take(&c, len));
    }
    lane_view_begin(v, (struct text_list){ .items = items, .count = count });
}

static size_t padded(size_t n) { return (n + 7) & ~(size_t)7; }

static void do_block(const struct block *b)
{
    for (size_t at = 0; at < b->used;) {
        const struct task *t = (const struct task *)(const void *)(b->bytes + at);
        const struct bytes body = { .at = b->bytes + at + sizeof *t, .len = t->len, .origin = t->origin };
        switch ((enum task_kind)t->kind) {
        case TASK_BEGIN: begin(t->view, body); break;
        case TASK_FEED: lane_view_feed(t->view, body, t->packet, t->at_utc_ns); break;
        case TASK_GAP: lane_view_gap(t->view, t->origin); break;
        case TASK_END: lane_view_end(t->view); break;
        }
        at += sizeof *t + padded(t->len);
    }
}

/* The mutex is held in all of these; do_next lets it go meanwhile. */

static void make_ready(struct lane_work *w, struct line *line)
{
    line->ready = true;
    line->next = NULL;
    if (w->ready_last)
        w->ready_last->next = line;
    else
        w->ready_first = line;
    w->ready_last = line;
    w->unfinished++;
    if (w->sleeping)
        pthread_cond_signal(&w->more);
}

static void do_next(struct lane_work *w)
{
    struct line *line = w->ready_first;
    struct block *b = line->first;

    w->ready_first = line->next;
    if (!w->ready_first)
        w->ready_last = NULL;
    line->first = b->next;
    line->ready = false;
    line->running = true;
    pthread_mutex_unlock(&w->mutex);
    do_block(b);
    pthread_mutex_lock(&w->mutex);
    line->running = false;
    w->unfinished--;
    b->next = w->free;
    w->free = b;
    if (line->first)
        make_ready(w, line);
    if (w->waiting)
        pthread_cond_signal(&w->less);
}

static void wait_for_less(struct lane_work *w)
{
    w->waiting = true;
    pthread_cond_wait(&w->less, &w->mutex);
    w->waiting = false;
}

static void help(void *user)
{
    struct lane_work *w = user;

    pthread_mutex_lock(&w->mutex);
    while (w->ready_first || !w->ending) {
        if (w->ready_first) {
            do_next(w);
            continue;
        }
        w->sleeping++;
        pthread_cond_wait(&w->more, &w->mutex);
        w->sleeping--;
    }
    pthread_mutex_unlock(&w->mutex);
}

/* Writing down: the first thread. */

static struct block *free_block(struct lane_work *w)
{
    struct block *b;

    pthread_mutex_lock(&w->mutex);
    while (!w->free && w->block_count == BLOCKS_MAX) {
        if (w->ready_first)
            do_next(w);
        else
            wait_for_less(w);
    }
    b = w->free;
    if (b)
        w->free = b->next;
    pthread_mutex_unlock(&w->mutex);
    if (!b) {
        b = memory_alloc(sizeof *b);
        w->block_count++;
    }
    b->used = 0;
    b->next = NULL;
    return b;
}

static void submit(struct lane_work *w, struct line *line)
{
    struct block *b = line->filling;

    line->filling = NULL;
    pthread_mutex_lock(&w->mutex);
    if (line->first)
        line->last->next = b;
    else
        line->first = b;
    line->last = b;
    if (!line->ready && !line->running)
        make_ready(w, line);
    pthread_mutex_unlock(&w->mutex);
}

static void call_crew(struct lane_work *w)
{
    if (!w->called)
        crew_start(w->crew, w->helpers, help, w);
    w->called = true;
}

/* Room for the task's body. */
static uint8_t *add(struct lane_work *w, unsigned lane, struct task task)
{
    struct line *line = &w->lines[lane];
    const size_t size = sizeof task + padded(task.len);

    if (line->filling && line->filling->used + size > BLOCK_BYTES) {
        submit(w, line);
        call_crew(w);
    }
    if (!line->filling)
        line->filling = free_block(w);
    struct block *b = line->filling;
    uint8_t *at = b->bytes + b->used;
    memcpy(at, &task, sizeof task);
    b->used += size;
    return at + sizeof task;
}

struct lane_work *lane_work_new(struct crew *crew, unsigned helpers, unsigned lanes)
{
    struct lane_work *w = memory_alloc_array(1, sizeof *w + lanes * sizeof *w->lines);

    w->crew = crew;
    w->helpers = helpers;
    w->line_count = lanes;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->more, NULL);
    pthread_cond_init(&w->less, NULL);
    return w;
}

void lane_work_begin(struct lane_work *w, unsigned lane, struct payload_view *v, struct text_list decoding)
{
    size_t len = 0;

    for (size_t i = 0; i < decoding.count; i++)
        len += 1 + decoding.items[i].len;
    uint8_t *at = add(w, lane, (struct task){ .view = v, .len = (uint32_t)len, .kind = TASK_BEGIN });
    for (size_t i = 0; i < decoding.count; i++) {
        const struct text step = decoding.items[i];
        *at++ = (uint8_t)step.len;
        memcpy(at, step.at, step.len);
        at += step.len;
    }
}

/* In the pieces in which a view would take it. */
void lane_work_feed(struct lane_work *w, unsigned lane, struct payload_view *v, struct bytes chunk, int64_t packet,
                    int64_t at_utc_ns)
{
    while (chunk.len) {
        const size_t n = chunk.len < VIEW_PIECE_BYTES ? chunk.len : VIEW_PIECE_BYTES;
        uint8_t *at = add(w, lane, (struct task){ .view = v, .origin = chunk.origin, .packet = packet,
                                                  .at_utc_ns = at_utc_ns,
                                                  .len = (uint32_t)n, .kind = TASK_FEED });
        memcpy(at, chunk.at, n);
        chunk = bytes_part(chunk, n, UINT64_MAX);
    }
}

void lane_work_gap(struct lane_work *w, unsigned lane, struct payload_view *v, uint64_t missing)
{
    (void)add(w, lane, (struct task){ .view = v, .origin = missing, .kind = TASK_GAP });
}

void lane_work_end(struct lane_work *w, unsigned lane, struct payload_view *v)
{
    (void)add(w, lane, (struct task){ .view = v, .kind = TASK_END });
}

void lane_work_finish(struct lane_work *w)
{
    unsigned left = 0;

    for (unsigned i = 0; i < w->line_count; i++)
        if (w->lines[i].filling) {
            submit(w, &w->lines[i]);
            left++;
        }
    if (left > 1)
        call_crew(w);
    pthread_mutex_lock(&w->mutex);
    w->ending = true;
    pthread_cond_broadcast(&w->more);
    while (w->unfinished) {
        if (w->ready_first)
            do_next(w);
        else
            wait_for_less(w);
    }
    pthread_mutex_unlock(&w->mutex);
    if (w->called)
        crew_finish(w->crew);
}

void lane_work_free(struct lane_work *w)
{
    if (!w)
        return;
    while (w->free) {
        struct block *b = w->free;
        w->free = b->next;
        free(b);
    }
    pthread_cond_destroy(&w->less);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}
