#include "media/movie_fragments.h"

enum { FRAGMENTS_FIRST = 256 };

/* Flags of `tfhd` (8.8.7) and `trun` (8.8.8). */
enum {
    TFHD_BASE = 1, TFHD_DESCRIPTION = 2, TFHD_DURATION = 8, TFHD_SIZE = 0x10, TFHD_BASE_IS_MOOF = 0x20000,
    TRUN_OFFSET = 1, TRUN_FIRST_FLAGS = 4, TRUN_DURATION = 0x100, TRUN_SIZE = 0x200, TRUN_FLAGS =
        0x400, TRUN_COMPOSITION = 0x800,
};

static void read_header(struct movie_context *c, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor at = cursor_over(full.body);
    cursor_skip(&at, full.version == 1 ? 16 : 8);
    c->timescale = cursor_u32be(&at);
}

static void read_defaults(struct movie_context *c, struct bytes mvex)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, mvex); box_walk_next(&w, &box) && c->default_count < MOVIE_DEFAULTS_MAX; ) {
        struct cursor at = cursor_over(bytes_part(box.body, 4, UINT64_MAX));
        if (box.type != BOX_TYPE('t', 'r', 'e', 'x'))
            continue;
        struct movie_defaults d = { .track = cursor_u32be(&at) };
        cursor_skip(&at, 4);
        d.duration = cursor_u32be(&at);
        d.size = cursor_u32be(&at);
        if (!at.failed)
            c->defaults[c->default_count++] = d;
    }
}

static bool add(struct movie_context *c, struct arena *a, size_t *room, struct bytes moof)
{
    if (c->fragment_count == *room) {
        const size_t more = *room ? 2 * *room : FRAGMENTS_FIRST;
        struct bytes *grown = more <= MOVIE_FRAGMENTS_MAX ? arena_alloc(a, more, sizeof *grown) : NULL;
        if (!grown)
            return false;
        if (c->fragment_count > 0)
            memcpy(grown, c->fragments, c->fragment_count * sizeof *grown);
        c->fragments = grown;
        *room = more;
    }
    c->fragments[c->fragment_count++] = moof;
    return true;
}

void movie_context_init(struct movie_context *c, struct arena *a, struct bytes file, struct bytes moov)
{
    size_t room = 0;
    struct box_walk w;
    struct box box;

    *c = (struct movie_context){ .file = file };
    if (box_find(moov, BOX_TYPE('m', 'v', 'h', 'd'), &box))
        read_header(c, box.body);
    if (box_find(moov, BOX_TYPE('m', 'v', 'e', 'x'), &box))
        read_defaults(c, box.body);
    for (box_walk_init(&w, file); box_walk_next(&w, &box) && !c->too_many; )
        if (box.type == BOX_TYPE('m', 'o', 'o', 'f'))
            c->too_many = !add(c, a, &room, box.whole);
}

void movie_fragment_walk_init(struct movie_fragment_walk *w, const struct movie_context *c, uint32_t track)
{
    *w = (struct movie_fragment_walk){ .context = c, .track = track };
}

uint32_t movie_fragment_track(struct bytes traf_body)
{
    struct box box;

    if (!box_find(traf_body, BOX_TYPE('t', 'f', 'h', 'd'), &box))
        return 0;
    struct cursor c = cursor_over(bytes_part(box.body, 4, 4));
    return cursor_u32be(&c);
}

static bool next_fragment(struct movie_fragment_walk *w)
{
    struct box_walk top;
    struct box moof;

    if (!w->context || w->next == w->context->fragment_count)
        return false;
    w->moof = w->context->fragments[w->next++];
    box_walk_init(&top, w->moof);
    if (!box_walk_next(&top, &moof))
        return true; /* cannot be: it was a box */
    box_walk_init(&w->trafs, moof.body);
    w->first = true;
    return true;
}

static void read_tfhd(struct movie_fragment_walk *w, struct bytes body)
{
    const uint64_t moof = w->moof.origin - w->context->file.origin;
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint32_t track = cursor_u32be(&c);
    w->now = (struct movie_defaults){ .track = track };
    for (size_t i = 0; i < w->context->default_count; i++)
        if (w->context->defaults[i].track == track)
            w->now = w->context->defaults[i];
    w->base = full.flags & TFHD_BASE_IS_MOOF || w->first ? moof : w->data;
    if (full.flags & TFHD_BASE)
        w->base = cursor_u64be(&c);
    if (full.flags & TFHD_DESCRIPTION)
        cursor_skip(&c, 4);
    if (full.flags & TFHD_DURATION)
        w->now.duration = cursor_u32be(&c);
    if (full.flags & TFHD_SIZE)
        w->now.size = cursor_u32be(&c);
    w->ours = !c.failed && track == w->track;
    w->data = w->base;
}

static void read_tfdt(struct movie_fragment_walk *w, struct bytes body)
{
    struct full_box full;

    if (!w->ours || !full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint64_t time = full.version == 1 ? cursor_u64be(&c) : cursor_u32be(&c);
    if (!c.failed)
        w->time = time;
}

/* The next part for a track, whose head and time come before its runs. */
static bool next_traf(struct movie_fragment_walk *w)
{
    struct box traf, box;

    for (;;) {
        while (box_walk_next(&w->trafs, &traf)) {
            if (traf.type != BOX_TYPE('t', 'r', 'a', 'f') || !box_find(traf.body, BOX_TYPE('t', 'f', 'h', 'd'), &box))
                continue;
            w->ours = false;
            read_tfhd(w, box.body);
            w->first = false;
            if (box_find(traf.body, BOX_TYPE('t', 'f', 'd', 't'), &box))
                read_tfdt(w, box.body);
            box_walk_init(&w->boxes, traf.body);
            return true;
        }
        if (!next_fragment(w))
            return false;
    }
}

static size_t entry_bytes(uint32_t flags)
{
    return 4 * (size_t)__builtin_popcount(flags & (TRUN_DURATION | TRUN_SIZE | TRUN_FLAGS | TRUN_COMPOSITION));
}

/* Every turn takes an entry, or, where runs have none, a sample of at least a byte. */
static void open_run(struct movie_fragment_walk *w, struct bytes body)
{
    struct full_box full;

    w->left = 0;
    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint32_t count = cursor_u32be(&c);
    if (full.flags & TRUN_OFFSET)
        w->data = w->base + (uint64_t)(int64_t)(int32_t)cursor_u32be(&c);
    if (full.flags & TRUN_FIRST_FLAGS)
        cursor_skip(&c, 4);
    const size_t bytes = entry_bytes(full.flags);
    const uint64_t there = c.failed ? 0 : bytes ? c.rest.len / bytes : w->now.size ? count : 0;
    w->flags = full.flags;
    w->left = there < count ? (uint32_t)there : count;
    w->entries = c;
    if (w->ours)
        w->entries_lost += count - w->left;
}

static struct movie_fragment_sample take_sample(struct movie_fragment_walk *w)
{
    struct movie_fragment_sample s = { w->data, w->now.size, w->time, w->now.duration };

    if (w->flags & TRUN_DURATION)
        s.duration = cursor_u32be(&w->entries);
    if (w->flags & TRUN_SIZE)
        s.size = cursor_u32be(&w->entries);
    if (w->flags & TRUN_FLAGS)
        cursor_skip(&w->entries, 4);
    if (w->flags & TRUN_COMPOSITION)
        cursor_skip(&w->entries, 4);
    w->data += s.size;
    w->time += s.duration;
    w->left--;
    return s;
}

/* All that is left of a run: at once where its samples are alike. */
static struct movie_fragment_sample take_run(struct movie_fragment_walk *w)
{
    struct movie_fragment_sample run = { w->data, 0, w->time, 0 };

    if (entry_bytes(w->flags) == 0) {
        run.size = (uint64_t)w->left * w->now.size; /* (2^32 - 1)^2 fits */
        run.duration = (uint64_t)w->left * w->now.duration;
        w->data += run.size;
        w->time += run.duration;
        w->left = 0;
    }
    while (w->left > 0) {
        const struct movie_fragment_sample s = take_sample(w);
        run.size += s.size;
        run.duration += s.duration;
    }
    return run;
}

/* Goes on to the next sample of the track.  Runs of others only tell where the next data are. */
static bool at_sample(struct movie_fragment_walk *w)
{
    struct box box;

    while (w->left == 0) {
        if (!box_walk_next(&w->boxes, &box)) {
            if (!next_traf(w))
                return false;
            continue;
        }
        if (box.type != BOX_TYPE('t', 'r', 'u', 'n'))
            continue;
        const uint64_t time = w->time;
        open_run(w, box.body);
        if (!w->ours) {
            (void)take_run(w);
            w->time = time;
        }
    }
    return true;
}

bool movie_fragment_next(struct movie_fragment_walk *w, struct movie_fragment_sample *ret)
{
    if (!at_sample(w))
        return false;
    *ret = take_sample(w);
    return true;
}

bool movie_fragment_next_run(struct movie_fragment_walk *w, struct movie_fragment_sample *ret)
{
    if (!at_sample(w))
        return false;
    *ret = take_run(w);
    return true;
}
