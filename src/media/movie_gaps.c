#include "media/movie_gaps.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LOOKED_AT_MAX = 1 << 16, LOOK_BYTES = 4096, RUNS_FIRST = 1024 };

void movie_gaps_media(struct movie_gaps *g, const struct box *mdat)
{
    if (g->media_count == MOVIE_MEDIA_MAX) {
        g->unknown = true;
        return;
    }
    g->media[g->media_count].from = mdat->body.origin;
    g->media[g->media_count++].to = mdat->body.origin + mdat->body.len;
}

static bool grow(struct movie_gaps *g, struct arena *a)
{
    const size_t room = g->run_room ? 2 * g->run_room : RUNS_FIRST;
    struct movie_gap_run *runs = room <= MOVIE_RUNS_MAX ? arena_alloc(a, room, sizeof *runs) : NULL;

    if (!runs)
        return false;
    if (g->run_count > 0)
        memcpy(runs, g->runs, g->run_count * sizeof *runs);
    g->runs = runs;
    g->run_room = room;
    return true;
}

/* One behind the other: one run. */
static bool add(struct movie_gaps *g, struct arena *a, uint64_t from, uint64_t to)
{
    if (g->run_count > 0 && g->runs[g->run_count - 1].to == from) {
        g->runs[g->run_count - 1].to = to;
        return true;
    }
    if (g->run_count == g->run_room && !grow(g, a))
        return false;
    g->runs[g->run_count++] = (struct movie_gap_run){ from, to };
    return true;
}

void movie_gaps_track(struct movie_gaps *g, const struct movie *m, const struct movie_track *track)
{
    /* What uncompressed sound says of its samples' size is not to be believed; see movie_track.h. */
    const bool uncompressed = track->handler == BOX_TYPE('s', 'o', 'u', 'n') && track->same_size > 0 &&
        track->same_size <= 2;
    struct movie_samples s;
    struct movie_run run;

    for (movie_samples_init(&s, track, m->file); !g->unknown && movie_samples_next_run(&s, &run); ) {
        const uint64_t from = run.offset < m->file.len ? run.offset : m->file.len;
        const uint64_t length = run.size < m->file.len - from ? run.size : m->file.len - from;
        if (length > 0 && !add(g, m->photo.r->arena, m->file.origin + from, m->file.origin + from + length))
            g->unknown = true;
    }
    g->unknown |= uncompressed || s.overlapping || track->entries_lost > 0;
}

static int by_beginning(const void *a, const void *b)
{
    const struct movie_gap_run *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

struct telling {
    const struct movie *m;
    uint64_t first, bytes;
    size_t count, looked_at;
};

static void tell_gap(struct telling *t, uint64_t from, uint64_t to)
{
    const struct bytes file = t->m->file;
    const struct bytes look = bytes_part(file, from - file.origin, to - from < LOOK_BYTES ? to - from : LOOK_BYTES);

    if (from >= to)
        return;
    if (t->looked_at++ < LOOKED_AT_MAX && memcmp(look.at, look.at + 1, look.len - 1) == 0)
        return; /* filler */
    if (t->count++ == 0)
        t->first = from;
    t->bytes += to - from;
}

void movie_gaps_tell(struct movie_gaps *g, struct movie *m)
{
    struct telling t = { .m = m };

    if (g->unknown)
        return;
    if (g->run_count > 0)
        qsort(g->runs, g->run_count, sizeof *g->runs, by_beginning);
    for (size_t i = 0; i < g->media_count; i++) {
        uint64_t at = g->media[i].from;
        for (size_t k = 0; k < g->run_count && at < g->media[i].to; k++) {
            if (g->runs[k].to <= at)
                continue;
            tell_gap(&t, at, g->runs[k].from < g->media[i].to ? g->runs[k].from : g->media[i].to);
            at = g->runs[k].to;
        }
        tell_gap(&t, at, g->media[i].to);
    }
    if (t.count > 0)
        reading_damage(m->photo.r, t.first, (int64_t)t.bytes, (int64_t)t.count,
                       "%" PRIu64 " bytes of the media data, in %zu stretches, belong to no sample: not read", t.bytes, t.count);
}
