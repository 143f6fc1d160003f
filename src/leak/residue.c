#include "leak/residue.h"

#include <math.h>

#include "leak/view.h"

enum {
    FINDINGS_MAX = 64,
    PIECE_BYTES = 4 * 1024 * 1024,
    ACROSS_BYTES = 64 * 1024, /* before a part and behind it: no literal and no pair is as long */
};

struct finding {
    const char *what, *form;
    struct text secret;
    uint16_t chain;
    int64_t count;
    struct view_where first;
    uint32_t length;
};

struct search {
    const struct leak_index *index;
    struct finding findings[FINDINGS_MAX];
    size_t count;
    double bits_min;
    residue_told *told;
};

static void keep(struct search *s, const struct finding *f)
{
    for (size_t i = 0; i < s->count; i++) {
        struct finding *known = &s->findings[i];
        if (known->chain == f->chain && text_equal(known->secret, f->secret) &&
            text_equal(text_of(known->form), text_of(f->form))) {
            known->count++;
            return;
        }
    }
    if (s->count < FINDINGS_MAX)
        s->findings[s->count++] = *f;
}

/* Near one of the points of a track: a pair elsewhere in its area is none of them. */
static void pair_found(void *user, struct view *root, const struct view_place *place, const struct position_pair *pair,
                       struct bytes around)
{
    struct search *s = user;

    (void)root;
    (void)around;
    if (s->told && s->told(pair->longitude_deg, pair->latitude_deg))
        return;
    for (size_t i = 0; i < s->index->track_count; i++) {
        const struct index_track *t = &s->index->tracks[i];
        struct track_place near;
        double x_m, y_m;
        if (!geo_box_contains(&t->track.box, pair->longitude_deg, pair->latitude_deg))
            continue;
        track_map(&t->track, pair->longitude_deg, pair->latitude_deg, &x_m, &y_m);
        if (!track_nearest(&t->track, x_m, y_m, TRACK_NEAR_M, &near))
            continue;
        const double bits = position_pair_bits(&t->track.box, pair) +
                            (near.distance_m <= TRACK_AT_M ? track_at_bits(&t->track)
                                                           : track_near_bits(&t->track));
        if (bits < s->bits_min)
            continue;
        keep(s, &(struct finding){ .what = "position", .form = position_encoding_name(pair->encoding, pair->delta),
                                   .chain = place->chain,
                                   .secret = t->ids ? t->ids[near.segment] : t->id, .count = 1, .first = place->where,
                                   .length = (uint32_t)pair->length });
        return;
    }
}

static void literal_found(void *user, struct view *root, const struct view_place *place, uint32_t number)
{
    struct search *s = user;
    const struct index_literal *literal = &s->index->literals[number];
    const struct secret_literal *secret = &s->index->secrets->literals[literal->secret];

    (void)root;
    if (8.0 * literal->len < s->bits_min)
        return;
    keep(s, &(struct finding){ .what = secret->kind == SECRET_SERIAL ? "serial" : "identifier", .form = literal->form,
                               .secret = secret->id,
                               .chain = place->chain, .count = 1, .first = place->where, .length = literal->len });
}

static void place_found(void *user, struct view *root, const struct view_place *place,
                        const struct place_reference *reference)
{
    struct search *s = user;
    const struct index_track *t = &s->index->tracks[reference->box_number];

    (void)root;
    const struct geo_box *b = &reference->box;
    if (s->told && s->told((b->west + b->east) / 2, (b->south + b->north) / 2))
        return;
    if (reference->bits >= s->bits_min)
        keep(s, &(struct finding){ .what = "place_reference", .form = "place in words",
                                   .secret = t->ids ? t->ids[0] : t->id,
                                   .chain = place->chain, .count = 1, .first = place->where, .length =
                                       (uint32_t)reference->length });
}

/* Not asked for: whole files, and how pictures look. */
static void chunk_found(void *user, struct view *root, const struct view_place *place, const struct known_chunk *chunk,
                        uint32_t len)
{
    (void)user, (void)root, (void)place, (void)chunk, (void)len;
}

static void picture_found(void *user, struct view *root, const struct view_place *place, struct bytes jpeg)
{
    (void)user, (void)root, (void)place, (void)jpeg;
}

static void put(const struct search *s, const struct chains *chains, struct reading *r)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct finding *f = &s->findings[i];
        struct fact_leak leak;
        fact_init(FACT_LEAK, &leak);
        if (f->first.offset >= 0)
            leak.head.origin = fact_origin_at((uint64_t)f->first.offset, f->length);
        leak.what = text_of(f->what);
        leak.secret = f->secret;
        leak.decoding = chain_steps(chains, f->chain, text_of(f->form), r->arena);
        leak.points = f->count;
        fact_put(r->facts, FACT_LEAK, &leak);
    }
}

/* What counts is what would have become too much.  Noise looks like base64 of base64 of base64, as deep as one goes,
 * and keys that nobody told are only guessed at: where that ends, nothing that is there is left out. */
static void put_searched(const struct view_engine *engine, uint64_t bytes, struct reading *r)
{
    struct fact_search searched;

    fact_init(FACT_SEARCH, &searched);
    searched.bytes_searched = (int64_t)bytes;
    searched.bytes_not_decoded = (int64_t)(engine->not_decoded - engine->not_followed);
    fact_put(r->facts, FACT_SEARCH, &searched);
}

/* A file that is searched in parts has no more tries to find a key than as a whole. */
static unsigned share_of_tries(uint64_t bytes, uint64_t of)
{
    enum { PART_MIN = 4 };
    const uint64_t share = of > 0 ? XOR_TRIES_EACH * bytes / of : XOR_TRIES_EACH;

    return share > PART_MIN ? (unsigned)share : PART_MIN;
}

/* What is wanted besides the bytes: who says what is told on purpose, or NULL; whether it is known what they unpack
 * to; where coded pictures are. */
struct wanted {
    residue_told *told;
    bool understood;
    struct residue_coded coded;
};

/* Where coded pictures begin and end next. */
struct stretch {
    struct residue_coded coded;
    uint64_t from, until;
};

/* What is kept of a view and not searched yet when one begins is no part of it. */
_Static_assert((int)RESIDUE_EDGE > (int)POSITION_LOOK_BEHIND + (int)POSITION_LOOK_AHEAD,
               "as much as a view keeps, and more");

/* How many bytes from `at` on, at most `n`, are alike; whether they are coded. */
static uint64_t alike(struct stretch *s, uint64_t at, uint64_t n, bool *ret_coded)
{
    while (s->coded.next && at >= s->until) {
        if (!s->coded.next(s->coded.user, at, &s->from, &s->until)) {
            s->coded.next = NULL;
            break;
        }
        s->from = s->until - s->from > RESIDUE_EDGE ? s->from + RESIDUE_EDGE : s->until;
    }
    *ret_coded = s->coded.next && at >= s->from;
    if (!s->coded.next)
        return n;
    const uint64_t end = *ret_coded ? s->until : s->from;
    return end - at < n ? end - at : n;
}

static size_t find(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from, uint64_t until,
                   struct wanted wanted)
{
    struct search s = { .index = index, .told = wanted.told };
    struct stretch stretch = { .coded = wanted.coded };
    struct chains *chains = chains_new();
    struct view_engine engine;
    struct view view;

    /* Each byte may begin a pair in each of the encodings, with each of some neighbours. */
    s.bits_min = log2((double)whole.len + 1) + log2(POSITION_ENCODING_COUNT) + log2(RESIDUE_CHANCE);
    view_engine_init(&engine, index, chains, (struct view_sink){ .user = &s, .pair = pair_found,
                                                                 .literal = literal_found,
                     .place = place_found, .chunk = chunk_found, .picture = picture_found });
    engine.xor_tries_each = share_of_tries(until - from, whole.len);
    view_init(&view, &engine, 0, 0, 0);
    if (from > 0)
        view_gap(&view, 1); /* what begins in the middle is no beginning of anything */
    for (uint64_t at = from > ACROSS_BYTES ? from - ACROSS_BYTES : 0;
         at < whole.len && (at < until || engine.children_open > 0);) {
        const uint64_t n = at >= until ? ACROSS_BYTES : until - at < PIECE_BYTES ? until - at : PIECE_BYTES;
        const struct bytes piece = bytes_part(whole, at, alike(&stretch, at, n, &engine.coded));
        view_feed(&view, piece, (struct view_where){ (int64_t)piece.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT });
        at += piece.len;
        if (r->passed)
            r->passed(r, at);
    }
    view_done(&view);
    view_engine_done(&engine);
    put(&s, chains, r);
    if (wanted.understood)
        engine.not_decoded = engine.not_followed = 0;
    put_searched(&engine, until - from, r);
    chains_free(chains);
    return s.count;
}

size_t residue_find(const struct leak_index *index, struct reading *r, struct bytes whole)
{
    return find(index, r, whole, 0, whole.len, (struct wanted){ 0 });
}

size_t residue_find_part(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                         uint64_t until)
{
    return find(index, r, whole, from, until < whole.len ? until : whole.len, (struct wanted){ 0 });
}

size_t residue_find_beside(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                           uint64_t until, struct residue_coded coded)
{
    return find(index, r, whole, from, until < whole.len ? until : whole.len, (struct wanted){ .coded = coded });
}

size_t residue_find_understood(const struct leak_index *index, struct reading *r, struct bytes whole, uint64_t from,
                               uint64_t until)
{
    return find(index, r, whole, from, until < whole.len ? until : whole.len, (struct wanted){ .understood = true });
}

size_t residue_find_untold(const struct leak_index *index, struct reading *r, struct bytes whole, residue_told *told)
{
    return find(index, r, whole, 0, whole.len, (struct wanted){ .told = told });
}
