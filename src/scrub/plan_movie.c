#include "scrub/plan_movie.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "media/insta360.h"
#include "media/movie.h"
#include "scrub/mark.h"
#include "scrub/plan_heif.h"

enum { TOP_BOXES_MAX = 1 << 16, TRACKS_MAX = 256, PIECE_BYTES = 4 << 20 };

static bool is_one_of(uint32_t type, const char *types)
{
    const char name[5] = { (char)(type >> 24), (char)(type >> 16), (char)(type >> 8), (char)type, 0 };

    return type != 0 && strlen(name) == 4 && strstr(types, name) != NULL;
}

/* Where samples lie names nothing, but user data may stand beside it. */
static void take_fragment_part(struct plan *p, const struct box *box, const char *in)
{
    if (box->size_wrong || box->missing > 0)
        reading_damage(p->r, box->whole.origin, FACT_UNKNOWN_INT, 1, "a box of a fragment has a false size");
    switch (box->type) {
    case BOX_TYPE('u', 'd', 't', 'a'): plan_user_data(p, box->body, "fragment udta"); break;
    case BOX_TYPE('m', 'e', 't', 'a'): plan_movie_meta(p, box->body, "fragment meta"); break;
    case BOX_TYPE('u', 'u', 'i', 'd'): plan_uuid_box(p, box, in); break;
    case BOX_TYPE('f', 'r', 'e', 'e'): case BOX_TYPE('s', 'k', 'i', 'p'): plan_fill(p, box->body, 0, SCRUB_SERIAL,
                                                                                    "free space"); break;
    default:
        if (!is_one_of(box->type, "mfhd tfhd tfdt trun sdtp sbgp sgpd subs saiz saio"))
            plan_box_unknown(p, box, in);
    }
}

static void take_fragment(struct plan *p, struct bytes moof)
{
    struct box_walk w, parts;
    struct box box, part;

    for (box_walk_init(&w, moof); box_walk_next(&w, &box); ) {
        if (box.type != BOX_TYPE('t', 'r', 'a', 'f')) {
            take_fragment_part(p, &box, "moof");
            continue;
        }
        for (box_walk_init(&parts, box.body); box_walk_next(&parts, &part); )
            take_fragment_part(p, &part, "traf");
    }
}

void plan_movie_fragments_of(struct movie_plan *m, uint32_t track, enum scrub_kind kind, const char *what)
{
    struct box_walk top, w;
    struct box moof, box;

    for (size_t i = 0; i < m->context->fragment_count; i++) {
        box_walk_init(&top, m->context->fragments[i]);
        if (!box_walk_next(&top, &moof))
            continue;
        for (box_walk_init(&w, moof.body); box_walk_next(&w, &box); )
            if (box.type == BOX_TYPE('t', 'r', 'a', 'f') && movie_fragment_track(box.body) == track)
                plan_box_free(&m->plan, &box, kind, what);
    }
}

static void take_moov(struct movie_plan *m, struct bytes moov)
{
    struct plan *p = &m->plan;
    unsigned tracks = 0;
    struct box_walk w;
    struct box box;

    movie_context_init(m->context, p->r->arena, m->file, moov);
    if (m->context->too_many) {
        reading_damage(p->r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "more fragments than are read");
        m->doubtful = true;
    }
    for (box_walk_init(&w, moov); box_walk_next(&w, &box); ) {
        if (box.size_wrong || box.missing > 0)
            reading_damage(p->r, box.whole.origin, FACT_UNKNOWN_INT, 1, "a box of the movie has a false size");
        switch (box.type) {
        case BOX_TYPE('m', 'v', 'h', 'd'): plan_header_times(p, box.body); break;
        case BOX_TYPE('u', 'd', 't', 'a'): plan_user_data(p, box.body, "udta"); break;
        case BOX_TYPE('m', 'e', 't', 'a'): plan_movie_meta(p, box.body, "meta"); break;
        case BOX_TYPE('u', 'u', 'i', 'd'): plan_uuid_box(p, &box, "moov"); break;
        case BOX_TYPE('f', 'r', 'e', 'e'): case BOX_TYPE('s', 'k', 'i', 'p'): plan_fill(p, box.body, 0, SCRUB_SERIAL,
                                                                                        "free space"); break;
        case BOX_TYPE('t', 'r', 'a', 'k'):
            if (++tracks <= TRACKS_MAX)
                plan_movie_track(m, &box);
            else
                plan_left(p, box.body, "a track beyond those that are read");
            break;
        default:
            if (!is_one_of(box.type, "iods mvex ctab prfl clip wide"))
                plan_box_unknown(p, &box, "moov");
        }
    }
}

static void take_top_meta(struct movie_plan *m, const struct box *box)
{
    const struct bytes children = box_meta_children(box->body);
    struct box found;

    if (box_find(children, BOX_TYPE('i', 'i', 'n', 'f'), &found) ||
        box_find(children, BOX_TYPE('i', 'l', 'o', 'c'), &found)) {
        m->doubtful = true; /* `mdat` holds items */
        plan_heif_items(&m->plan, m->file, box->body);
    } else {
        plan_movie_meta(&m->plan, box->body, "file meta");
    }
}

/* Of which kind it goes: it holds positions, serial numbers and previews. */
static enum scrub_kind kind_of_insta360(const struct plan *p)
{
    return plan_drops(p, SCRUB_POSITION) ? SCRUB_POSITION : plan_drops(p, SCRUB_SERIAL) ? SCRUB_SERIAL : SCRUB_UNKNOWN;
}

static bool takes_insta360(const struct plan *p) { return plan_drops(p, kind_of_insta360(p)); }

/* The video of a motion photo.  As what lies behind a JPEG, it goes as a whole or is not looked into. */
static void take_motion(struct plan *p, const struct box *box)
{
    if (plan_drops(p, SCRUB_PREVIEW))
        plan_box_free(p, box, SCRUB_PREVIEW, "the video of a motion photo");
    else
        plan_left(p, box->body, "the video of a motion photo");
}

/* Samsung's: when, the network's country, and where the video is (exiftool/exiftool lib/Image/ExifTool/Samsung.pm). */
static void take_samsung(struct plan *p, const struct box *box)
{
    if (plan_drops(p, SCRUB_POSITION))
        plan_box_free(p, box, SCRUB_POSITION, "Samsung's block of country and time");
    else
        plan_box_unknown(p, box, "file");
}

static void take_top_box(struct movie_plan *m, const struct box *box)
{
    struct plan *p = &m->plan;

    switch (box->type) {
    case BOX_TYPE('m', 'o', 'o', 'v'): take_moov(m, box->body); break;
    case BOX_TYPE('m', 'e', 't', 'a'): take_top_meta(m, box); break;
    case BOX_TYPE('u', 'u', 'i', 'd'): plan_uuid_box(p, box, "file"); break;
    case BOX_TYPE('u', 'd', 't', 'a'): plan_user_data(p, box->body, "file udta"); break;
    case BOX_TYPE('X', 'M', 'P', '_'): case BOX_TYPE('E', 'x', 'i', 'f'): plan_user_data(p, box->whole, "file"); break;
    case BOX_TYPE('f', 'r', 'e', 'e'): case BOX_TYPE('s', 'k', 'i', 'p'): plan_fill(p, box->body, 0, SCRUB_SERIAL,
                                                                                    "free space"); break;
    case BOX_TYPE('m', 'o', 'o', 'f'): take_fragment(p, box->body); break;
    case BOX_TYPE('m', 'p', 'v', 'd'): take_motion(p, box); break;
    case BOX_TYPE('s', 'e', 'f', 'd'): take_samsung(p, box); break;
    default:
        if (insta360_in_box(box).len > 0 && takes_insta360(p))
            plan_box_free(p, box, kind_of_insta360(p), "Insta360's trailer");
        else if (!is_one_of(box->type, "ftyp styp wide mdat pnot sidx mfra pdin PICT"))
            plan_box_unknown(p, box, "file");
    }
}

static int by_offset(const void *a, const void *b)
{
    const struct sample_run *x = a, *y = b;

    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Bytes of an `mdat` that no sample has: a GoPro writes names there before the first one. */
static void take_gaps(struct movie_plan *m, const struct box *mdat)
{
    uint64_t at = mdat->body.origin;
    const uint64_t end = at + mdat->body.len;

    for (size_t i = 0; i <= m->run_count && at < end; i++) {
        const uint64_t next = i < m->run_count && m->runs[i].offset < end ? m->runs[i].offset : end;
        while (at < next) {
            const uint64_t n = next - at < PIECE_BYTES ? next - at : PIECE_BYTES;
            plan_fill(&m->plan, bytes_part(m->file, at - m->file.origin, n), 0, SCRUB_SERIAL,
                      "bytes of mdat in no sample");
            at += n;
            if (m->plan.r->passed)
                m->plan.r->passed(m->plan.r, at);
        }
        if (i < m->run_count && m->runs[i].end > at)
            at = m->runs[i].end;
    }
}

static void take_media(struct movie_plan *m)
{
    struct box_walk w;
    struct box box;

    if (m->doubtful)
        return;
    if (m->run_count > 0)
        qsort(m->runs, m->run_count, sizeof *m->runs, by_offset);
    for (box_walk_init(&w, m->file); box_walk_next(&w, &box); ) {
        if (box.type != BOX_TYPE('m', 'd', 'a', 't'))
            continue;
        if (m->run_count > 0)
            take_gaps(m, &box);
        else if (plan_drops(&m->plan, SCRUB_UNKNOWN))
            plan_box_free(&m->plan, &box, SCRUB_UNKNOWN, "media data of no track");
        else if (box.body.len > 0)
            plan_left(&m->plan, box.body, "media data of no track");
    }
}

/* Behind the last box, where nothing moves, or before the index of fragments, which is found from the file's end: user
 * data with a comment, as QuickTime writes it. */
static void mark(struct plan *p, struct bytes at)
{
    enum { TEXT_BYTES = sizeof SCRUB_MARK - 1, COMMENT = 8 + 4 + TEXT_BYTES };
    static const char box[] = "\0\0\0\x3a" "udta" "\0\0\0\x32" "\xa9" "cmt" "\0\x26\x55\xc4" SCRUB_MARK;
    _Static_assert(TEXT_BYTES == 0x26 && COMMENT == 0x32 && sizeof box - 1 == 8 + COMMENT, "the sizes in the boxes");

    plan_mark(p, at, box, sizeof box - 1);
}

enum parse_status plan_movie(struct reading *r, struct bytes file)
{
    const struct bytes trailer = insta360_behind_boxes(file), whole = bytes_part(file, 0, file.len - trailer.len);
    struct movie_plan m = { .plan = plan_begin(r), .file = whole };
    struct bytes end = whole;
    unsigned boxes = 0;
    bool wrong = false, can_grow = true;
    struct box_walk w;
    struct box box;

    if (r->foresee)
        r->foresee(r, file, false);
    m.context = arena_alloc(r->arena, 1, sizeof *m.context);
    if (!m.context)
        return PARSE_INVALID;
    /* Address space only, until runs are written to it: an hour of video has some hundred thousand. */
    m.runs = mmap(NULL, sizeof *m.runs * MOVIE_RUNS_MAX, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (m.runs == MAP_FAILED)
        return PARSE_INVALID;
    for (box_walk_init(&w, whole); boxes < TOP_BOXES_MAX && box_walk_next(&w, &box); boxes++) {
        if (box.size_wrong || box.missing > 0)
            reading_damage(r, box.whole.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "a box of the file has a false size");
        wrong |= box.size_wrong || box.missing > 0;
        can_grow &= !box.to_the_end;
        end = bytes_part(whole, whole.len, 0);
        if (box.type == BOX_TYPE('m', 'f', 'r', 'a'))
            end = box.whole;
        if (!box.size_wrong)
            take_top_box(&m, &box);
    }
    if (w.rest.len > 0) {
        reading_damage(r, w.rest.origin, (int64_t)w.rest.len, FACT_UNKNOWN_INT,
                       "%zu bytes behind the last box belong to none", w.rest.len);
        (void)plan_unknown(&m.plan, w.rest, 0, "bytes behind the last box");
    }
    take_media(&m);
    if (!wrong && can_grow && w.rest.len == 0 && movie_recognise(whole) && plan_marks(&m.plan))
        mark(&m.plan, end);
    if (trailer.len > 0 && takes_insta360(&m.plan))
        plan_remove(&m.plan, trailer, kind_of_insta360(&m.plan), "Insta360's trailer");
    else if (trailer.len > 0)
        plan_left(&m.plan, trailer, "Insta360's trailer");
    munmap(m.runs, sizeof *m.runs * MOVIE_RUNS_MAX);
    return wrong ? PARSE_TRUNCATED : PARSE_OK;
}
