#include "leak/index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "fact/fact.h"
#include "leak/forms.h"

const struct leak_limits leak_limits_default = {
    .decoded_per_view = 64u << 20,
    .decoded_ratio = 100,
    .decoded_total = UINT64_C(16) << 30,
    .decoded_per_byte = 8,
    .depth = 5,
    .hits_bytes = 64u << 20,
};

enum { TRACKS_MAX = 4096, ALL_FORMS_MAX = 10000 };
#define JUMP_M 5000.0       /* two fixes in a row cannot be further apart */
#define STILL_M 0.02        /* points that did not move say nothing new */
#define CLUSTER_M 1000.0    /* lone points this close share a box */

static double apart_m(const struct track_point *a, const struct track_point *b)
{
    double dlon = fabs(a->longitude_deg - b->longitude_deg);

    if (dlon > 180)
        dlon = 360 - dlon;
    return hypot(dlon * cos(a->latitude_deg * M_PI / 180), a->latitude_deg - b->latitude_deg) * 111194.9;
}

/* apart_m(a, b) < limit_m.  Points of a flight are asked a few times each, so it is not worked out where it shows: it
 * is no less than either of its parts, of which that to the east is at least half as long as at the equator up to 60
 * degrees, and no more than both together; the margin is for what rounding does. */
static bool are_closer(const struct track_point *a, const struct track_point *b, double limit_m)
{
    const double margin = 1e-9, metres_per_deg = 111194.9;
    const double north_m = fabs(a->latitude_deg - b->latitude_deg) * metres_per_deg;
    const double east_max_m = fabs(a->longitude_deg - b->longitude_deg) * metres_per_deg;

    if (north_m > limit_m * (1 + margin) ||
        (fabs(a->latitude_deg) < 60 && east_max_m < 180 * metres_per_deg && east_max_m / 2 > limit_m * (1 + margin)))
        return false;
    return north_m + east_max_m < limit_m * (1 - margin) || apart_m(a, b) < limit_m;
}

static void add_track(struct leak_index *x, const struct track_point *points, size_t count, bool path,
                      enum secret_subject subject, struct text id, const struct text *ids)
{
    struct track_point *shifted = memory_alloc_array(count, sizeof *shifted);

    for (int datum = 0; datum < DATUM_COUNT; datum++) {
        struct track_point first = points[0];
        bool inside = datum_shift((enum datum)datum, &first.longitude_deg, &first.latitude_deg);
        if (inside)
            memcpy(shifted, points, count * sizeof *points);
        for (size_t i = 0; i < count && inside; i++)
            inside = datum_shift((enum datum)datum, &shifted[i].longitude_deg, &shifted[i].latitude_deg);
        if (!inside || x->track_count >= TRACKS_MAX)
            break;
        if (x->track_count == x->track_room) {
            x->track_room = x->track_room ? x->track_room * 2 : 16;
            x->tracks = memory_resize_array(x->tracks, x->track_room, sizeof *x->tracks);
        }
        struct index_track *t = &x->tracks[x->track_count++];
        *t = (struct index_track){ .subject = subject, .datum = (enum datum)datum, .id = id };
        if (ids) {
            struct text *copy = memory_alloc_array(count, sizeof *copy);
            memcpy(copy, ids, count * sizeof *ids);
            t->ids = copy;
        }
        track_init(&t->track, shifted, count, path);
    }
    free(shifted);
}

static bool breaks_off(const struct track_point *last, const struct track_point *next)
{
    const bool back_in_time = fact_known_int(last->time_utc_ns) != fact_known_int(next->time_utc_ns) ||
        (fact_known_int(last->time_utc_ns) && next->time_utc_ns < last->time_utc_ns);

    return back_in_time || !are_closer(last, next, JUMP_M);
}

/* One track per stretch without jumps; of standing still, only the first and last point. */
static void add_flight(struct leak_index *x, const struct secret_path *p)
{
    enum { STRAY_POINTS = 5, MANY_POINTS = 50 };
    struct track_point *kept = memory_alloc_array(p->count, sizeof *kept);

    for (size_t from = 0, to; from < p->count; from = to) {
        size_t count = 0;
        for (to = from; to < p->count && (to == from || !breaks_off(&p->points[to - 1], &p->points[to])); to++) {
            if (count >= 2 && are_closer(&kept[count - 2], &p->points[to], STILL_M) &&
                are_closer(&kept[count - 2], &kept[count - 1], STILL_M))
                count--;
            kept[count++] = p->points[to];
        }
        /* A few stray fixes far from the rest are the receiver's error. */
        if (to - from >= STRAY_POINTS || p->count < MANY_POINTS)
            add_track(x, kept, count, true, SUBJECT_AIRCRAFT, p->id, NULL);
    }
    free(kept);
}

struct lone_point {
    struct track_point point;
    struct text id;
    bool taken;
};

static void add_lone_points(struct leak_index *x, enum secret_subject subject)
{
    enum { LONE_MAX = 65536, CLUSTERS_MAX = 256 };
    struct lone_point *lone = NULL;
    size_t count = 0, room = 0, clusters = 0;

    for (size_t i = 0; i < x->secrets->path_count; i++) {
        const struct secret_path *p = &x->secrets->paths[i];
        for (size_t k = 0; p->subject == subject && k < p->count && count < LONE_MAX; k++) {
            if (k > 0 && apart_m(&lone[count - 1].point, &p->points[k]) < 2)
                continue;
            if (count == room) {
                room = room ? room * 2 : 64;
                lone = memory_resize_array(lone, room, sizeof *lone);
            }
            lone[count++] = (struct lone_point){ p->points[k], p->id, false };
        }
    }
    struct track_point *points = memory_alloc_array(count, sizeof *points);
    struct text *ids = memory_alloc_array(count, sizeof *ids);
    for (size_t first = 0; first < count && clusters < CLUSTERS_MAX; first++) {
        size_t n = 0;
        if (lone[first].taken)
            continue;
        for (size_t i = first; i < count; i++)
            if (!lone[i].taken && apart_m(&lone[first].point, &lone[i].point) <= CLUSTER_M) {
                lone[i].taken = true;
                points[n] = lone[i].point;
                ids[n++] = lone[i].id;
            }
        add_track(x, points, n, false, subject, TEXT_UNKNOWN, ids);
        clusters++;
    }
    free(points);
    free(ids);
    free(lone);
}

static void add_literal(struct leak_index *x, struct index_literal literal, const uint8_t *at, bool ignore_case)
{
    if (!literals_add(x->patterns, at, literal.len, ignore_case))
        return;
    if (x->literal_count == x->literal_room) {
        x->literal_room = x->literal_room ? x->literal_room * 2 : 64;
        x->literals = memory_resize_array(x->literals, x->literal_room, sizeof *x->literals);
    }
    x->literals[x->literal_count++] = literal;
    if (literal.len > x->longest_literal)
        x->longest_literal = literal.len;
}

struct form_adder {
    struct leak_index *index;
    uint32_t secret;
};

static bool all_digits(const struct form *form)
{
    for (size_t i = 0; i < form->len; i++)
        if (form->bytes[i] < '0' || form->bytes[i] > '9')
            return false;
    return true;
}

static void add_form(void *user, const struct form *form)
{
    struct form_adder *a = user;

    add_literal(a->index, (struct index_literal){ .secret = a->secret, .form = form->name, .digest = form->digest,
                                                 .len = (uint8_t)form->len, .digits = all_digits(form) },
                form->bytes, form->ignore_case);
}

static void find_times(struct leak_index *x)
{
    x->time_from_utc_ns = x->time_to_utc_ns = FACT_UNKNOWN_INT;
    for (size_t i = 0; i < x->track_count; i++) {
        const struct track *t = &x->tracks[i].track;
        if (!t->path || !fact_known_int(t->points[0].time_utc_ns))
            continue;
        const int64_t from = t->points[0].time_utc_ns, to = t->points[t->count - 1].time_utc_ns;
        if (!fact_known_int(x->time_from_utc_ns) || from < x->time_from_utc_ns)
            x->time_from_utc_ns = from;
        if (!fact_known_int(x->time_to_utc_ns) || to > x->time_to_utc_ns)
            x->time_to_utc_ns = to;
    }
}

struct leak_index *leak_index_new(const struct secrets *secrets, const struct leak_limits *limits)
{
    struct leak_index *x = memory_alloc_array(1, sizeof *x);

    x->secrets = secrets;
    x->limits = limits ? *limits : leak_limits_default;
    for (size_t i = 0; i < secrets->path_count; i++)
        if (secrets->paths[i].subject == SUBJECT_AIRCRAFT && secrets->paths[i].count > 0)
            add_flight(x, &secrets->paths[i]);
    add_lone_points(x, SUBJECT_TAKEOFF);
    add_lone_points(x, SUBJECT_OPERATOR);
    add_lone_points(x, SUBJECT_MEDIA);

    find_times(x);
    x->boxes = memory_alloc_array(x->track_count, sizeof *x->boxes);
    for (size_t i = 0; i < x->track_count; i++)
        x->boxes[i] = x->tracks[i].track.box;
    x->positions = position_index_new(x->boxes, x->track_count);
    x->text = text_index_new(x->positions, x->boxes, x->track_count);

    x->xors = xor_index_new(secrets, x->positions, x->text, x->tracks, x->track_count);
    x->patterns = literals_new();
    x->forms = secrets->literal_count > ALL_FORMS_MAX ? FORMS_TEXT : FORMS_ALL;
    for (size_t i = 0; i < secrets->literal_count; i++) {
        struct form_adder adder = { x, (uint32_t)i };
        forms_of(&secrets->literals[i], x->forms, add_form, &adder);
    }
    literals_build(x->patterns);
    for (size_t i = 0; i < secrets->file_count; i++)
        if (secrets->files[i].bytes > x->largest_file)
            x->largest_file = secrets->files[i].bytes;
    x->pictures_wanted = secrets->picture_count > 0 || x->track_count > 0;
    x->chunk_counts = memory_alloc_array(secrets->file_count + 1, sizeof *x->chunk_counts);
    chunk_set_count_by_file(secrets->chunks, x->chunk_counts, secrets->file_count);
    return x;
}

void leak_index_free(struct leak_index *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->track_count; i++) {
        track_done(&x->tracks[i].track);
        free((void *)(uintptr_t)x->tracks[i].ids);
    }
    free(x->tracks);
    free(x->literals);
    free(x->chunk_counts);
    text_index_free(x->text);
    xor_index_free(x->xors);
    position_index_free(x->positions);
    free(x->boxes);
    literals_free(x->patterns);
    free(x);
}
