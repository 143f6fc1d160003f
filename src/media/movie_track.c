#include "media/movie_track.h"

enum { STTS_ENTRY = 8, STSC_ENTRY = 12, BUDGET_SPARE = 1 << 16 };

static void note_wrong(struct movie_track *t, const struct box *box)
{
    if (!box->size_wrong && box->missing == 0)
        return;
    if (t->boxes_wrong++ == 0)
        t->first_wrong = box->whole.origin;
}

static uint64_t u32_or_u64(struct cursor *c, bool wide)
{
    return wide ? cursor_u64be(c) : cursor_u32be(c);
}

static void read_tkhd(struct movie_track *t, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    cursor_skip(&c, full.version == 1 ? 16 : 8);
    t->id = cursor_u32be(&c);
}

static void read_mdhd(struct movie_track *t, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const bool wide = full.version == 1;
    const uint64_t created = u32_or_u64(&c, wide);
    (void)u32_or_u64(&c, wide);
    const uint32_t timescale = cursor_u32be(&c);
    const uint64_t duration = u32_or_u64(&c, wide);
    if (c.failed)
        return;
    t->created_s = created;
    t->timescale = timescale;
    t->duration = duration;
}

/* QuickTime writes the name as a Pascal string, ISO as one that ends in NUL. */
static void read_hdlr(struct movie_track *t, struct bytes body)
{
    struct cursor c = cursor_over(body);

    cursor_skip(&c, 8);
    t->handler = cursor_u32be(&c);
    cursor_skip(&c, 12);
    struct bytes name = c.rest;
    if (name.len > 0 && name.at[0] == name.len - 1)
        name = bytes_part(name, 1, UINT64_MAX);
    const uint8_t *nul = name.len ? memchr(name.at, 0, name.len) : NULL;
    if (nul)
        name.len = (size_t)(nul - name.at);
    t->handler_name = name;
}

static void read_stsd(struct movie_track *t, struct bytes body)
{
    struct cursor c = cursor_over(body);
    struct box_walk w;
    struct box box;

    cursor_skip(&c, 4);
    t->entry_count = cursor_u32be(&c);
    box_walk_init(&w, c.rest);
    if (box_walk_next(&w, &box)) {
        note_wrong(t, &box);
        t->entry_type = box.type;
        t->entry = box.body;
    }
}

/* The entries of a table behind its head, whole ones only. */
static struct bytes table_entries(struct movie_track *t, struct cursor *c, uint64_t promised, size_t entry_bits)
{
    const uint64_t bytes = (promised * entry_bits + 7) / 8; /* 2^32 * 96 fits */
    const struct bytes entries = bytes_part(c->rest, 0, bytes);

    if (entries.len < bytes)
        t->entries_lost += promised - entries.len * 8 / entry_bits;
    return bytes_part(entries, 0, entry_bits < 8 ? entries.len : entries.len / (entry_bits / 8) * (entry_bits / 8));
}

static void read_sizes(struct movie_track *t, struct bytes body, bool compact)
{
    struct cursor c = cursor_over(body);

    cursor_skip(&c, 4);
    const uint32_t first = cursor_u32be(&c);
    const uint32_t count = cursor_u32be(&c);
    if (c.failed)
        return;
    t->same_size = compact ? 0 : first;
    t->size_bits = compact ? (uint8_t)first : 32;
    t->sample_count = count;
    if (compact && t->size_bits != 4 && t->size_bits != 8 && t->size_bits != 16) {
        t->sample_count = 0;
        t->entries_lost += count;
        return;
    }
    if (t->same_size == 0) {
        t->sample_sizes = table_entries(t, &c, count, t->size_bits);
        const uint64_t whole = (uint64_t)t->sample_sizes.len * 8 / t->size_bits;
        if (whole < t->sample_count)
            t->sample_count = (uint32_t)whole;
    }
}

static void read_table(struct movie_track *t, struct bytes body, struct bytes *table, size_t entry_bytes)
{
    struct cursor c = cursor_over(body);

    cursor_skip(&c, 4);
    const uint32_t count = cursor_u32be(&c);
    if (!c.failed)
        *table = table_entries(t, &c, count, entry_bytes * 8);
}

static void read_stbl(struct movie_track *t, struct bytes body)
{
    struct box_walk w;
    struct box box;

    t->stbl = body;
    for (box_walk_init(&w, body); box_walk_next(&w, &box); ) {
        note_wrong(t, &box);
        switch (box.type) {
        case BOX_TYPE('s', 't', 's', 'd'): read_stsd(t, box.body); break;
        case BOX_TYPE('s', 't', 't', 's'): read_table(t, box.body, &t->time_to_sample, STTS_ENTRY); break;
        case BOX_TYPE('s', 't', 's', 'c'): read_table(t, box.body, &t->sample_to_chunk, STSC_ENTRY); break;
        case BOX_TYPE('s', 't', 's', 'z'): read_sizes(t, box.body, false); break;
        case BOX_TYPE('s', 't', 'z', '2'): read_sizes(t, box.body, true); break;
        case BOX_TYPE('s', 't', 'c', 'o'):
            t->long_offsets = false;
            read_table(t, box.body, &t->chunk_offsets, 4);
            break;
        case BOX_TYPE('c', 'o', '6', '4'):
            t->long_offsets = true;
            read_table(t, box.body, &t->chunk_offsets, 8);
            break;
        }
    }
}

static void read_minf(struct movie_track *t, struct bytes body)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, body); box_walk_next(&w, &box); ) {
        note_wrong(t, &box);
        if (box.type == BOX_TYPE('s', 't', 'b', 'l')) {
            read_stbl(t, box.body);
        } else if (box.type == BOX_TYPE('d', 'i', 'n', 'f')) {
            struct box dref;
            if (box_find(box.body, BOX_TYPE('d', 'r', 'e', 'f'), &dref))
                t->data_reference = bytes_part(dref.body, 8, UINT64_MAX);
        }
    }
}

static void read_mdia(struct movie_track *t, struct bytes body)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, body); box_walk_next(&w, &box); ) {
        note_wrong(t, &box);
        switch (box.type) {
        case BOX_TYPE('m', 'd', 'h', 'd'): read_mdhd(t, box.body); break;
        case BOX_TYPE('h', 'd', 'l', 'r'): read_hdlr(t, box.body); break;
        case BOX_TYPE('m', 'i', 'n', 'f'): read_minf(t, box.body); break;
        }
    }
}

/* Edit lists (8.6.6): empty parts delay the track, and the first other part begins somewhere in it. */
static void read_edts(struct movie_track *t, struct bytes body)
{
    struct full_box full;
    struct box box;

    if (!box_find(body, BOX_TYPE('e', 'l', 's', 't'), &box) || !full_box_open(box.body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint32_t count = cursor_u32be(&c);
    const bool wide = full.version == 1;
    double delay = 0; /* in the movie's ticks */
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t duration = u32_or_u64(&c, wide), from = u32_or_u64(&c, wide);
        cursor_skip(&c, 4);
        if (c.failed)
            return;
        if (from == (wide ? UINT64_MAX : UINT32_MAX)) {
            delay += (double)duration;
            continue;
        }
        t->edits_left = i + 1 < count;
        t->edit_ticks = from > INT64_MAX ? 0 : -(int64_t)from;
        break;
    }
    const uint32_t movie = t->context ? t->context->timescale : 0;
    const double ticks = movie && t->timescale ? delay / movie * t->timescale : 0;
    if (ticks < 1e18)
        t->edit_ticks += (int64_t)ticks; /* |edit_ticks| < 2^63: the sum of a negative and a positive fits */
}

enum parse_status movie_track_open(struct bytes trak_body, const struct movie_context *context, struct movie_track *ret)
{
    struct movie_track t = { .trak = trak_body, .size_bits = 32, .context = context };
    struct movie_fragment_walk fragments;
    struct movie_fragment_sample sample;
    struct box_walk w;
    struct box box, edits = { .type = 0 };

    for (box_walk_init(&w, trak_body); box_walk_next(&w, &box); ) {
        note_wrong(&t, &box);
        switch (box.type) {
        case BOX_TYPE('t', 'k', 'h', 'd'): read_tkhd(&t, box.body); break;
        case BOX_TYPE('m', 'd', 'i', 'a'): read_mdia(&t, box.body); break;
        case BOX_TYPE('u', 'd', 't', 'a'): t.udta = box.body; break;
        case BOX_TYPE('e', 'd', 't', 's'): edits = box; break;
        }
    }
    if (edits.type)
        read_edts(&t, edits.body); /* needs the track's clock, which may stand behind it */
    movie_fragment_walk_init(&fragments, context, t.id);
    t.has_samples = t.sample_count > 0 || movie_fragment_next_run(&fragments, &sample);
    if (t.handler == 0 && t.stbl.len == 0)
        return PARSE_INVALID;
    *ret = t;
    return PARSE_OK;
}

static uint32_t table_u32(struct bytes table, uint64_t offset)
{
    struct cursor c = cursor_over(bytes_part(table, offset, 4));

    return cursor_u32be(&c);
}

static uint32_t chunk_count(const struct movie_track *t)
{
    return (uint32_t)(t->chunk_offsets.len / (t->long_offsets ? 8 : 4));
}

static uint64_t chunk_offset(const struct movie_track *t, uint32_t chunk)
{
    struct cursor c = cursor_over(bytes_part(t->chunk_offsets, (uint64_t)chunk * (t->long_offsets ? 8 : 4), 8));

    return u32_or_u64(&c, t->long_offsets);
}

static uint64_t sample_size(const struct movie_track *t, uint32_t number)
{
    struct cursor c;

    if (t->same_size)
        return t->same_size;
    switch (t->size_bits) {
    case 4: {
        c = cursor_over(bytes_part(t->sample_sizes, number / 2, 1));
        const uint8_t pair = cursor_u8(&c);
        return number % 2 ? pair & 15 : pair >> 4;
    }
    case 8:
        c = cursor_over(bytes_part(t->sample_sizes, number, 1));
        return cursor_u8(&c);
    case 16:
        c = cursor_over(bytes_part(t->sample_sizes, (uint64_t)number * 2, 2));
        return cursor_u16be(&c);
    default:
        return table_u32(t->sample_sizes, (uint64_t)number * 4);
    }
}

void movie_samples_init(struct movie_samples *s, const struct movie_track *track, struct bytes file)
{
    *s = (struct movie_samples){ .track = track, .file = file, .budget_bytes = 2 * (uint64_t)file.len + BUDGET_SPARE };
    movie_fragment_walk_init(&s->fragments, track->context, track->id);
}

/* How many samples the chunk has: the last entry whose first chunk is not behind it. */
static void open_chunk(struct movie_samples *s)
{
    const struct movie_track *t = s->track;
    const uint32_t entries = (uint32_t)(t->sample_to_chunk.len / STSC_ENTRY);

    while (s->stsc_entry < entries &&
           table_u32(t->sample_to_chunk, (uint64_t)s->stsc_entry * STSC_ENTRY) <= s->chunk + 1) {
        s->per_chunk = table_u32(t->sample_to_chunk, (uint64_t)s->stsc_entry * STSC_ENTRY + 4);
        s->stsc_entry++;
    }
    s->next_offset = chunk_offset(t, s->chunk);
}

/* Goes on to the chunk of the next sample; false when there is none. */
static bool at_sample(struct movie_samples *s)
{
    const uint32_t chunks = chunk_count(s->track);

    if (s->number == s->track->sample_count) {
        s->tables_disagree |= s->chunk < chunks && s->in_chunk < s->per_chunk;
        return false;
    }
    if (s->chunk < chunks && s->in_chunk == 0)
        open_chunk(s);
    while (s->chunk < chunks && s->in_chunk >= s->per_chunk) {
        s->chunk++;
        s->in_chunk = 0;
        if (s->chunk < chunks)
            open_chunk(s);
    }
    if (s->chunk >= chunks) {
        s->tables_disagree = true;
        return false;
    }
    return true;
}

static void pass_time(struct movie_samples *s, struct movie_sample *ret)
{
    const struct bytes table = s->track->time_to_sample;
    const uint32_t entries = (uint32_t)(table.len / STTS_ENTRY);

    while (s->stts_left == 0 && s->stts_entry < entries) {
        s->stts_left = table_u32(table, (uint64_t)s->stts_entry * STTS_ENTRY);
        s->delta = table_u32(table, (uint64_t)s->stts_entry * STTS_ENTRY + 4);
        s->stts_entry++;
    }
    ret->time = s->time;
    ret->duration = s->stts_left ? s->delta : 0;
    if (s->stts_left)
        s->stts_left--;
    s->time += ret->duration;
}

/* Samples share bytes without end when they are more than the file has. */
static bool afford(struct movie_samples *s, uint64_t size)
{
    s->overlapping = size > s->budget_bytes;
    if (!s->overlapping)
        s->budget_bytes -= size;
    return !s->overlapping;
}

static bool next_in_fragments(struct movie_samples *s, struct movie_sample *ret)
{
    struct movie_fragment_sample f;

    if (!movie_fragment_next(&s->fragments, &f) || !afford(s, f.size))
        return false;
    *ret = (struct movie_sample){ .number = s->number++, .offset = f.offset, .size = f.size,
                                  .data = bytes_part(s->file, f.offset, f.size),
                                  .time = f.time, .duration = f.duration };
    return true;
}

bool movie_samples_next(struct movie_samples *s, struct movie_sample *ret)
{
    if (s->overlapping)
        return false;
    if (s->in_fragments || !at_sample(s)) {
        s->in_fragments = true;
        return next_in_fragments(s, ret);
    }
    *ret = (struct movie_sample){ .number = s->number, .offset = s->next_offset,
                                  .size = sample_size(s->track, s->number) };
    if (!afford(s, ret->size))
        return false;
    ret->data = bytes_part(s->file, ret->offset, ret->size);
    pass_time(s, ret);
    if (__builtin_add_overflow(s->next_offset, ret->size, &s->next_offset))
        s->next_offset = UINT64_MAX;
    s->number++;
    s->in_chunk++;
    return true;
}

/* The same for samples of one size: sound has millions of them. */
static bool next_run_of_one_size(struct movie_samples *s, struct movie_run *ret)
{
    const uint32_t in_chunk = s->per_chunk - s->in_chunk, left = s->track->sample_count - s->number;
    const uint32_t n = in_chunk < left ? in_chunk : left;

    *ret = (struct movie_run){ s->next_offset, (uint64_t)n * s->track->same_size };
    if (!afford(s, ret->size))
        return false;
    s->number += n;
    s->in_chunk += n;
    return true;
}

static bool next_run_in_fragments(struct movie_samples *s, struct movie_run *ret)
{
    struct movie_fragment_sample f;

    if (!movie_fragment_next_run(&s->fragments, &f) || !afford(s, f.size))
        return false;
    *ret = (struct movie_run){ f.offset, f.size };
    return true;
}

bool movie_samples_next_run(struct movie_samples *s, struct movie_run *ret)
{
    struct movie_sample sample;

    if (s->overlapping)
        return false;
    if (s->in_fragments || !at_sample(s)) {
        s->in_fragments = true;
        return next_run_in_fragments(s, ret);
    }
    if (s->track->same_size)
        return next_run_of_one_size(s, ret);
    if (!movie_samples_next(s, &sample))
        return false;
    *ret = (struct movie_run){ sample.offset, sample.size };
    while (s->in_chunk < s->per_chunk && s->number < s->track->sample_count && movie_samples_next(s, &sample)) /* its chunk goes on */
        ret->size += sample.size;
    return true;
}
