#include "leak/grade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/hash.h"
#include "fact/fact.h"

enum { REPEATS_REMEMBERED = 64, NETWORKS_TOLD_MAX = 64 };

static int compare_hits(const void *a, const void *b)
{
    const struct position_hit *x = a, *y = b;

    if (x->family != y->family)
        return x->family < y->family ? -1 : 1;
    if (x->encoding != y->encoding)
        return x->encoding < y->encoding ? -1 : 1;
    if (x->delta != y->delta)
        return x->delta < y->delta ? -1 : 1;
    if (x->coordinate != y->coordinate)
        return x->coordinate < y->coordinate ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Hits of one family of chains, encoding and arrangement, against one track. */
struct evidence {
    const struct index_track *track;
    size_t points;             /* different, inside the track's box */
    size_t near;               /* of them within TRACK_NEAR_M */
    double bits;
    struct sequence_match sequence;
    enum claim claim;
    uint32_t nearest_segment;  /* of the nearest hit */
    double nearest_m;
};

static double metres_apart(const struct position_hit *a, const struct position_hit *b)
{
    double east_deg = fabs(a->longitude_deg - b->longitude_deg);

    if (east_deg > 180)
        east_deg = 360 - east_deg;
    return 111194.9 * hypot(a->latitude_deg - b->latitude_deg, east_deg * cos(a->latitude_deg * M_PI / 180));
}

/* `before`: the hit that counted last, or NULL. */
static double pair_bits(const struct index_track *t, const struct position_hit *hit, const struct position_hit *before,
                        double distance_m)
{
    const struct position_pair pair = {
        .longitude_deg = hit->longitude_deg, .latitude_deg = hit->latitude_deg, .encoding = hit->encoding,
        .delta = hit->delta, .fixed_chars = hit->fixed_chars, .decimals = hit->decimals, .labelled = hit->labelled,
        .chained = hit->chained, .cell_m = hit->cell_m,
    };
    const double bits = position_pair_bits(&t->track.box, &pair);
    /* Where small steps lead is near where they began: of binary ones only the first has bits, and a track says more.
     * What lies as far as this from the one before is near the path of its own. */
    const bool far_step = hit->chained && hit->encoding >= POSITION_TEXT_DEGREES && before &&
        metres_apart(before, hit) >= 2 * TRACK_NEAR_M;

    if (bits <= 0 && !far_step)
        return 0;
    return bits + (distance_m <= TRACK_AT_M ? track_at_bits(&t->track)
                   : distance_m <= TRACK_NEAR_M ? track_near_bits(&t->track) : 0);
}

static double hit_distance(const struct track *t, const struct position_hit *hit, struct track_place *place)
{
    double x, y;

    track_map(t, hit->longitude_deg, hit->latitude_deg, &x, &y);
    return track_nearest(t, x, y, TRACK_NEAR_M, place) ? place->distance_m : INFINITY;
}

static bool said_before(const struct position_hit *const *seen, size_t count, const struct position_hit *hit)
{
    for (size_t i = count > REPEATS_REMEMBERED ? count - REPEATS_REMEMBERED : 0; i < count; i++)
        if (seen[i]->longitude_deg == hit->longitude_deg && seen[i]->latitude_deg == hit->latitude_deg)
            return true;
    return false;
}

/* A position that stands beside others again and again (home, the controller's) is one hit. */
static bool repeats(const struct position_hit *const *kept, size_t count, const struct position_hit *hit)
{
    enum { REPEATS_BACK = 16 };

    for (size_t i = count > REPEATS_BACK ? count - REPEATS_BACK : 0; i < count; i++)
        if (kept[i]->longitude_deg == hit->longitude_deg && kept[i]->latitude_deg == hit->latitude_deg)
            return true;
    return false;
}

/* *ret_seen: as for sequence_of. */
static const struct position_hit **hits_of_track(const struct index_track *t, const struct position_hit *hits,
                                                 size_t count, size_t *ret_count, uint32_t **ret_seen)
{
    const struct position_hit **inside = memory_alloc_array(count, sizeof *inside), *last_repeat = NULL;
    uint32_t *seen = memory_alloc_array(count, sizeof *seen), so_far = 0;
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        const struct position_hit *hit = &hits[i];
        so_far += n > 0 && inside[n - 1]->longitude_deg == hit->longitude_deg &&
            inside[n - 1]->latitude_deg == hit->latitude_deg;
        if (!geo_box_contains(&t->track.box, hit->longitude_deg, hit->latitude_deg) ||
            (last_repeat && last_repeat->longitude_deg == hit->longitude_deg &&
             last_repeat->latitude_deg == hit->latitude_deg))
            continue;
        if (repeats(inside, n, hit)) {
            last_repeat = hit;
            continue;
        }
        seen[n] = ++so_far;
        inside[n++] = hit;
    }
    *ret_count = n;
    *ret_seen = seen;
    return inside;
}

static enum claim point_claim(const struct evidence *e)
{
    switch (e->track->subject) {
    case SUBJECT_TAKEOFF:
        return CLAIM_POSITIONS_AT_TAKEOFF;
    case SUBJECT_OPERATOR:
        return CLAIM_POSITIONS_AT_OPERATOR;
    case SUBJECT_MEDIA:
        return CLAIM_POSITIONS_AT_PHOTO;
    case SUBJECT_AIRCRAFT:
        break;
    }
    return (double)e->near >= NEAR_SHARE * (double)e->points ? CLAIM_POSITIONS_NEAR_PATH : CLAIM_POSITIONS_IN_AREA;
}

/* Near 0 N 0 E numbers have no bits.  Of many keys one makes small numbers of much, and small steps add up to a straight
 * line wherever numbers count up: rows are no evidence for these, only turns.  So it is with whole numbers where both
 * coordinates are small: as the tables of addresses in every program are.  Floating numbers do not count up. */
static bool may_be_count(const struct position_hit *hit)
{
    const double small_deg = 0.5;

    if (hit->key_bytes > 0)
        return true;
    if (hit->encoding >= POSITION_TEXT_DEGREES)
        return false;
    return abs(hit->delta) >= POSITION_STEPS ||
        (!number_formats[hit->encoding / 2].floating && fabs(hit->longitude_deg) < small_deg &&
         fabs(hit->latitude_deg) < small_deg);
}

static struct evidence weigh(const struct index_track *t, const struct position_hit *hits, size_t count)
{
    struct evidence e = { .track = t, .claim = CLAIM_COUNT, .nearest_m = INFINITY };
    size_t n, fresh = 0;
    uint32_t *seen_up_to;
    const struct position_hit **inside = hits_of_track(t, hits, count, &n, &seen_up_to);
    const struct position_hit **seen = memory_alloc_array(n, sizeof *seen);
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        struct track_place place;
        const double distance = hit_distance(&t->track, inside[i], &place);
        /* Lone points have no area of their own: only what is near them counts. */
        if ((!t->track.path && distance > TRACK_NEAR_M) || said_before(seen, fresh, inside[i]))
            continue;
        const double bits = pair_bits(t, inside[i], fresh ? seen[fresh - 1] : NULL, distance);
        const uint64_t gap = fresh ? inside[i]->coordinate - seen[fresh - 1]->coordinate : 0;
        /* A key that was chosen so that something is seen has to be paid for, each of them once. */
        const double key_bits = 8.0 * inside[i]->key_bytes;
        const double more = bits - log2((double)(gap ? gap : 1)) - (fresh &&
                                                                    seen[fresh - 1]->chain != inside[i]->chain
            ? key_bits : 0);
        sum = fresh ? fmax(bits - key_bits, sum + more) : bits - key_bits;
        e.bits = fmax(e.bits, sum);
        e.near += distance <= TRACK_NEAR_M;
        if (distance < e.nearest_m) {
            e.nearest_m = distance;
            e.nearest_segment = place.segment;
        }
        seen[fresh++] = inside[i];
    }
    e.points = fresh;
    if (t->subject == SUBJECT_AIRCRAFT)
        e.sequence = sequence_of(&t->track, inside, seen_up_to, n);
    if (e.sequence.grade == SEQUENCE_ROWS && e.bits <= 0 && n > 0 && may_be_count(inside[0]))
        e.sequence = (struct sequence_match){ .grade = SEQUENCE_NONE };
    if (e.sequence.grade >= SEQUENCE_TURNS)
        e.claim = CLAIM_PATH;
    else if (e.sequence.grade == SEQUENCE_ROWS)
        e.claim = CLAIM_TRACK_ALONG_ROWS;
    else if (e.bits >= GRADE_BITS)
        e.claim = point_claim(&e);
    free(inside);
    free(seen_up_to);
    free(seen);
    return e;
}

/* How much a claim says; the table of claims is in a different order. */
static int strength(enum claim claim)
{
    switch (claim) {
    case CLAIM_PATH:
        return 5;
    case CLAIM_TRACK_ALONG_ROWS:
        return 4;
    case CLAIM_POSITIONS_AT_TAKEOFF: case CLAIM_POSITIONS_AT_OPERATOR: case CLAIM_POSITIONS_AT_PHOTO:
        return 3;
    case CLAIM_POSITIONS_NEAR_PATH:
        return 2;
    case CLAIM_POSITIONS_IN_AREA:
        return 1;
    default:
        return 0;
    }
}

static bool stronger(const struct evidence *a, const struct evidence *b)
{
    if (strength(a->claim) != strength(b->claim)) {
        /* A take-off point explains a few positions, not a stream of them. */
        if (a->points > 2 * b->points && strength(a->claim) && strength(b->claim) <= 3)
            return true;
        if (b->points > 2 * a->points && strength(b->claim) && strength(a->claim) <= 3)
            return false;
        return strength(a->claim) > strength(b->claim);
    }
    if (a->sequence.points != b->sequence.points)
        return a->sequence.points > b->sequence.points;
    if (a->points != b->points)
        return a->points > b->points;
    return a->bits > b->bits;
}

static struct finding position_finding(const struct evidence *e, const struct position_hit *hits, size_t count)
{
    const struct track *t = &e->track->track;
    const bool sequence = e->claim == CLAIM_PATH || e->claim == CLAIM_TRACK_ALONG_ROWS;
    struct finding f = {
        .claim = e->claim,
        .what = sequence ? "flight_path" : "position",
        .secret = e->track->ids && e->points ? e->track->ids[e->nearest_segment] : e->track->id,
        .chain = hits[0].chain != hits[count - 1].chain ? hits[0].family : hits[0].chain,
        .last_step = position_encoding_name(hits[0].encoding, hits[0].delta),
        .points = (int64_t)(sequence ? e->sequence.points : e->points),
        .evidence_bits = e->bits,
        .datum = datum_name(e->track->datum),
        .from_utc_ns = sequence ? e->sequence.from_utc_ns : FACT_UNKNOWN_INT,
        .to_utc_ns = sequence ? e->sequence.to_utc_ns : FACT_UNKNOWN_INT,
    };

    for (size_t i = 0; i < count; i++) {
        struct track_place place;
        const double distance = hit_distance(t, &hits[i], &place);
        if (!geo_box_contains(&t->box, hits[i].longitude_deg, hits[i].latitude_deg) ||
            (!t->path && distance > TRACK_NEAR_M))
            continue;
        if (f.position_count == 0) {
            f.first = hits[i].where;
            f.length = hits[i].length;
        }
        f.last = hits[i].where;
        if (f.position_count < HIT_PLACES) {
            f.positions[f.position_count] = &hits[i];
            f.distance_m[f.position_count++] = isfinite(distance) ? distance : FACT_UNKNOWN_REAL;
        }
    }
    f.values.count = f.points;
    return f;
}

/* Positions of one chain and encoding: of all tracks and arrangements the one that says most. */
static uint64_t grade_encoding(const struct leak_index *index, const struct position_hit *hits, size_t count,
                               void (*each)(void *user, const struct finding *finding), void *user)
{
    struct evidence best = { .claim = CLAIM_COUNT };
    const struct position_hit *best_hits = NULL;
    size_t best_count = 0;

    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && hits[to].delta == hits[from].delta; to++)
            ;
        for (size_t i = 0; i < index->track_count; i++) {
            const struct evidence e = weigh(&index->tracks[i], hits + from, to - from);
            if (e.claim != CLAIM_COUNT && (!best_hits || stronger(&e, &best))) {
                best = e;
                best_hits = hits + from;
                best_count = to - from;
            }
        }
    }
    if (!best_hits)
        return count;
    const struct finding f = position_finding(&best, best_hits, best_count);
    each(user, &f);
    return 0;
}

/* Some things are found twice: a value in base64, hex or UTF-16 as it stands and in the
 * view that was decoded by just that step, which says more; a digest in hex and, inside, in binary. */
static bool found_better(const struct leak_index *index, const struct flow_hits *hits, const struct literal_hit *hit)
{
    const struct index_literal *literal = &index->literals[hit->literal];
    const struct text form = text_of(literal->form);

    for (size_t i = 0; i < hits->literal_count; i++) {
        const struct literal_hit *other = &hits->literals[i];
        const struct index_literal *other_literal = &index->literals[other->literal];
        if (other == hit || other_literal->secret != literal->secret || other_literal->digest != literal->digest)
            continue;
        const struct text other_form = text_of(other_literal->form);
        if (literal->digest ? hit->chain != other->chain && hit->outer == other->chain && text_equal(form, other_form)
                            : other->chain != hit->chain && other->outer == hit->chain &&
                              text_equal(form, other->step) && text_equal(other_form, TEXT("text")))
            return true;
    }
    return false;
}

static void grade_literal(const struct leak_index *index, const struct literal_hit *hit,
                          void (*each)(void *user, const struct finding *finding), void *user)
{
    const struct index_literal *literal = &index->literals[hit->literal];
    const struct secret_literal *secret = &index->secrets->literals[literal->secret];
    struct finding f = {
        .claim = literal->digest ? CLAIM_IDENTIFIER_DIGEST :
                 secret->kind == SECRET_TEXT ? CLAIM_NAMED_VALUE : CLAIM_IDENTIFIER,
        .what = secret->kind == SECRET_SERIAL ? "serial" : secret->kind == SECRET_IDENTIFIER ? "identifier" : "text",
        .secret = secret->id,
        .chain = hit->chain,
        .last_step = literal->form,
        .points = FACT_UNKNOWN_INT,
        .evidence_bits = 8.0 * (literal->len - hit->key_bytes),
        .values = { .label = secret->label, .name = secret->id, .form = text_of(literal->form) },
        .from_utc_ns = FACT_UNKNOWN_INT,
        .to_utc_ns = FACT_UNKNOWN_INT,
        .first = hit->places[0],
        .last = hit->last,
        .length = literal->len,
        .literal = hit,
    };
    each(user, &f);
}

static bool is_network(const struct leak_index *index, const struct literal_hit *hit)
{
    const struct index_literal *literal = &index->literals[hit->literal];

    return !literal->digest && index->secrets->literals[literal->secret].kind == SECRET_NETWORK;
}

/* Each address is an identifier by itself; several of one view together name the place where they can be heard. */
static void grade_networks(const struct leak_index *index, const struct flow_hits *hits, size_t first,
                           void (*each)(void *user, const struct finding *finding), void *user)
{
    const struct literal_hit *hit = &hits->literals[first];
    const struct index_literal *literal = &index->literals[hit->literal];
    uint32_t seen[NETWORKS_TOLD_MAX];
    size_t count = 0;
    double bits = 0;

    for (size_t i = 0; i < hits->literal_count && count < NETWORKS_TOLD_MAX; i++) {
        const struct literal_hit *other = &hits->literals[i];
        const struct index_literal *other_literal = &index->literals[other->literal];
        bool again = false;
        if (other->chain != hit->chain || !is_network(index, other) || strcmp(other_literal->form, literal->form) != 0)
            continue;
        if (i < first)
            return; /* told with that one */
        for (size_t k = 0; k < count; k++)
            again |= seen[k] == other_literal->secret;
        if (again)
            continue;
        seen[count++] = other_literal->secret;
        bits += 8.0 * (other_literal->len - other->key_bytes);
    }
    if (count < NETWORKS_MIN)
        return;
    struct finding f = {
        .claim = CLAIM_NETWORKS_NEARBY, .what = "place_reference", .secret =
            index->secrets->literals[literal->secret].id,
        .chain = hit->chain, .last_step = literal->form, .points = (int64_t)count, .evidence_bits = bits,
        .values = { .count = (int64_t)count },
        .from_utc_ns = FACT_UNKNOWN_INT, .to_utc_ns = FACT_UNKNOWN_INT,
        .first = hit->places[0], .last = hit->last, .length = literal->len, .literal = hit,
    };
    each(user, &f);
}

static bool whole_found(const struct flow_hits *hits, uint32_t file)
{
    for (size_t i = 0; i < hits->file_count; i++)
        if (hits->files[i].file == file && hits->files[i].whole)
            return true;
    return false;
}

/* A piece is 64 bits of hash against every known piece and 2^30 pieces of traffic, a terabyte. */
static double chunk_bits(const struct leak_index *index)
{
    return 64 - log2((double)chunk_set_count(index->secrets->chunks) + 1) - 30;
}

/* Pieces of the head alone are no evidence: photos of one camera and logs of one firmware begin alike. */
static void grade_file(const struct leak_index *index, const struct flow_hits *hits, const struct file_hit *hit,
                       void (*each)(void *user, const struct finding *finding), void *user)
{
    const struct secret_file *file = &index->secrets->files[hit->file];
    const double bits = hit->whole ? 8.0 * SHA256_BYTES : hit->body_chunks * chunk_bits(index);
    const int64_t known = index->chunk_counts[hit->file];

    if (bits < GRADE_BITS || (!hit->whole && whole_found(hits, hit->file)))
        return;
    struct finding f = {
        .claim = hit->whole ? CLAIM_FILE_WHOLE : CLAIM_FILE_PIECES,
        .what = text_equal(file->what, TEXT("media")) ? "media" : "log_file",
        .secret = file->id,
        .chain = hit->chain,
        .points = FACT_UNKNOWN_INT,
        .evidence_bits = bits,
        .values = { .label = text_equal(file->what, TEXT("media")) ? TEXT("photo or video") : TEXT("flight log"),
                    .count = hit->chunks, .of = known, .percent =
                        known ? 100.0 * hit->chunks / (double)known : FACT_UNKNOWN_REAL },
        .from_utc_ns = FACT_UNKNOWN_INT,
        .to_utc_ns = FACT_UNKNOWN_INT,
        .first = hit->first,
        .last = hit->last,
        .seen = hit->whole ? NULL : &hit->first_seen,
        .length = hit->whole ? (uint32_t)(file->bytes < UINT32_MAX ? file->bytes : UINT32_MAX) : hit->first_len,
    };
    each(user, &f);
}

static bool same_item(const struct secret_file *file, struct text item)
{
    uint8_t digest[SHA256_BYTES];

    return text_known(item) && item.len == SHA256_HEX && hash_from_hex(item.at, SHA256_BYTES, digest) &&
           memcmp(digest, file->sha256, SHA256_BYTES) == 0;
}

/* How alike two pictures are is no matter of chance that could be worked out: the finding has no bits.  Where
 * the photo itself was found, or the same likeness in the flow before, it adds nothing. */
static void grade_picture(const struct leak_index *index, const struct flow_hits *hits, size_t nth,
                          void (*each)(void *user, const struct finding *finding), void *user)
{
    const struct picture_hit *hit = &hits->pictures[nth];
    const struct secret_picture *picture = &index->secrets->pictures[hit->picture];

    for (size_t i = 0; i < hits->file_count; i++)
        if (same_item(&index->secrets->files[hits->files[i].file], picture->item))
            return;
    for (size_t i = 0; i < nth; i++)
        if (hits->pictures[i].picture == hit->picture)
            return;
    const struct finding f = {
        .claim = CLAIM_PICTURE_ALIKE,
        .what = "media",
        .secret = picture->id,
        .chain = hit->chain,
        .last_step = "picture",
        .points = FACT_UNKNOWN_INT,
        .evidence_bits = FACT_UNKNOWN_REAL,
        .values = { .count = PICTURE_HASH_BITS - hit->distance, .of = PICTURE_HASH_BITS },
        .from_utc_ns = FACT_UNKNOWN_INT,
        .to_utc_ns = FACT_UNKNOWN_INT,
        .first = hit->where,
        .last = hit->where,
    };
    each(user, &f);
}

uint64_t grade_flow(const struct leak_index *index, struct flow_hits *hits,
                    void (*each)(void *user, const struct finding *finding), void *user)
{
    uint64_t candidates = 0;

    if (hits->position_count)
        qsort(hits->positions, hits->position_count, sizeof *hits->positions, compare_hits);
    for (size_t from = 0, to; from < hits->position_count; from = to) {
        const struct position_hit *first = &hits->positions[from];
        for (to = from; to < hits->position_count && hits->positions[to].family == first->family &&
             hits->positions[to].encoding == first->encoding; to++)
            ;
        candidates += grade_encoding(index, first, to - from, each, user);
    }
    for (size_t i = 0; i < hits->literal_count; i++)
        if (!found_better(index, hits, &hits->literals[i]))
            grade_literal(index, &hits->literals[i], each, user);
    for (size_t i = 0; i < hits->literal_count; i++)
        if (is_network(index, &hits->literals[i]))
            grade_networks(index, hits, i, each, user);
    for (size_t i = 0; i < hits->file_count; i++)
        grade_file(index, hits, &hits->files[i], each, user);
    for (size_t i = 0; i < hits->picture_count; i++)
        grade_picture(index, hits, i, each, user);
    return candidates;
}
