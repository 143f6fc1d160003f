/* Follows what begins like a run of steps or like a column; position_columns.c has the columns. */
#include "leak/position_columns.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
    RUNS_MAX = 6,           /* that are followed at once in one view */
    OUTSIDE_MAX = 512,      /* steps in a row outside the known areas: the rest is of no interest */
};

/* One that has begun: the numbers of the last position, as they are stored. */
struct run {
    bool active, big_endian, longitude_first;
    bool weak;              /* it begins near 0 N 0 E, as any two small numbers do */
    uint8_t moved;          /* of its first steps: those over RUN_MOVED_M */
    uint8_t extra;          /* numbers behind each position that are passed over */
    uint8_t long_steps;
    enum number_kind kind;
    uint32_t steps, outside;
    int64_t first, second;
    uint64_t next;          /* offset in the view */
    uint64_t from[RUN_STEPS_MIN]; /* of the positions not yet given */
    double longitude_deg[RUN_STEPS_MIN], latitude_deg[RUN_STEPS_MIN];
};

struct position_runs {
    struct run runs[RUNS_MAX];
    struct columns columns;
    size_t active;
};

struct run_scan {
    const struct position_index *x;
    struct position_runs **runs;
    struct run_input in;
    const struct position_events *events;
};

bool run_inside(const struct position_index *x, double longitude_deg, double latitude_deg)
{
    return (position_areas_at_latitude(x, latitude_deg) & position_areas_at_longitude(x, longitude_deg)) != 0;
}

double run_degrees(enum number_kind kind, int64_t stored)
{
    return (double)stored / number_formats[kind].scale;
}

int64_t run_signed(enum number_kind kind, uint64_t varint)
{
    return (int64_t)(number_formats[kind].zigzag ? varint >> 1 ^ (varint & 1 ? UINT64_MAX : 0) : varint);
}

static void give(const struct run_scan *s, const struct run *r, double longitude_deg, double latitude_deg,
                 uint64_t from, uint32_t nth)
{
    const bool fixed = number_formats[r->kind].width != 0;
    const int arranged = fixed ? POSITION_STEPS_16 : POSITION_STEPS + r->extra;
    const struct position_pair pair = {
        .longitude_deg = longitude_deg, .latitude_deg = latitude_deg, .length = (size_t)(r->next - from),
        .encoding = (uint8_t)(r->kind * 2 + r->big_endian), .delta =
            (int8_t)(r->longitude_first ? -arranged : arranged), .chained = nth > 0,
    };

    s->events->run(s->events->user, &pair, from);
}

/* The two numbers of the next step at `next`; false: not to be seen yet, or not there (*ended). */
static bool read_step(const struct run_scan *s, const struct run *r, int64_t into[2], uint64_t *ret_next, bool *ended)
{
    const struct run_input *in = &s->in;
    size_t i = (size_t)(r->next - in->base);

    *ended = false;
    if (r->next < in->base || i > in->len)
        return false;
    if (number_formats[r->kind].width) {
        if (in->len - i < 4)
            return false;
        const uint8_t *at = in->at + i;
        for (int k = 0; k < 2; k++)
            into[k] = (int16_t)(r->big_endian ? at[2 * k] << 8 | at[2 * k + 1] : at[2 * k + 1] << 8 | at[2 * k]);
        *ret_next = r->next + 4;
        return true;
    }
    for (int k = 0; k < 2 + r->extra; k++) {
        uint64_t value;
        const unsigned length = number_varint_read(in->at + i, in->len - i, &value);
        if (length == 0) {
            *ended = in->len - i >= VARINT_BYTES_MAX;
            return false;
        }
        if (k < 2)
            into[k] = run_signed(r->kind, value);
        i += length;
    }
    *ret_next = in->base + i;
    return true;
}

double run_around(double degrees)
{
    return degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees;
}

/* *ret_m: how long the step is. */
static bool plausible(enum number_kind kind, int64_t latitude, int64_t longitude, double latitude_deg, double *ret_m)
{
    const double north = run_degrees(kind, latitude), east = run_around(run_degrees(kind, longitude));

    *ret_m = hypot(north, east * cos(latitude_deg * M_PI / 180)) * 111194.9;
    return fabs(north) <= RUN_STEP_MAX_DEG && fabs(east) * cos(latitude_deg * M_PI / 180) <= RUN_STEP_MAX_DEG;
}

/* One step on: false when it is none of something that moves. */
static bool take_step(const struct run_scan *s, struct run *r, const int64_t step[2], uint64_t next)
{
    const int64_t latitude_step = step[r->longitude_first], longitude_step = step[!r->longitude_first];
    const double latitude_before = run_degrees(r->kind, r->longitude_first ? r->second : r->first);
    const uint64_t from = r->next;
    double metres;

    if (!plausible(r->kind, latitude_step, longitude_step, latitude_before, &metres))
        return false;
    if (r->steps < RUN_STEPS_MIN && metres > RUN_LONG_M && ++r->long_steps > RUN_LONG_STEPS_MAX)
        return false;
    r->first += step[0];
    r->second += step[1];
    r->next = next;
    const double first = run_degrees(r->kind, r->first), second = run_degrees(r->kind, r->second);
    const double longitude = run_around(r->longitude_first ? first : second),
        latitude = r->longitude_first ? second : first;
    r->steps++;
    r->moved = (uint8_t)(r->moved + (r->steps <= RUN_STEPS_MIN && metres >= RUN_MOVED_M));
    if (r->weak && r->steps <= RUN_STEPS_MIN &&
        (!run_inside(s->x, longitude, latitude) || r->moved + (uint32_t)RUN_RESTS_MAX < r->steps))
        return false;
    if (r->steps < RUN_STEPS_MIN) {
        r->from[r->steps] = from;
        r->longitude_deg[r->steps] = longitude;
        r->latitude_deg[r->steps] = latitude;
        return true;
    }
    for (uint32_t i = 0; r->steps == RUN_STEPS_MIN && i < RUN_STEPS_MIN; i++)
        if (run_inside(s->x, r->longitude_deg[i], r->latitude_deg[i]))
            give(s, r, r->longitude_deg[i], r->latitude_deg[i], r->from[i], i);
    r->outside = run_inside(s->x, longitude, latitude) ? 0 : r->outside + 1;
    if (r->outside == 0)
        give(s, r, longitude, latitude, from, r->steps);
    return r->outside < OUTSIDE_MAX;
}

/* Follows it to the offset `until`, or as far as can be seen. */
static void follow(const struct run_scan *s, struct run *r, uint64_t until)
{
    while (r->next < until) {
        int64_t step[2];
        uint64_t next;
        bool ended;
        const bool read = read_step(s, r, step, &next, &ended);
        if (!read && !ended)
            return;
        if (!read || !take_step(s, r, step, next)) {
            r->active = false;
            (*s->runs)->active--;
            return;
        }
    }
}

static void follow_all(const struct run_scan *s, uint64_t until)
{
    struct position_runs *all = *s->runs;

    if (!all)
        return;
    for (size_t i = 0; i < RUNS_MAX && all->active; i++)
        if (all->runs[i].active)
            follow(s, &all->runs[i], until);
    columns_follow(&all->columns, s->x, &s->in, until, s->events);
}

static struct position_runs *runs_of(const struct run_scan *s)
{
    if (!*s->runs)
        *s->runs = memory_alloc_array(1, sizeof **s->runs);
    return *s->runs;
}

static void begin(const struct run_scan *s, const struct position_pair *pair, enum number_kind kind, uint64_t from,
                  uint64_t next, unsigned extra)
{
    struct position_runs *all = runs_of(s);
    struct run *r = NULL;
    const bool longitude_first = pair->delta < 0;

    for (size_t i = 0; i < RUNS_MAX; i++) {
        struct run *other = &all->runs[i];
        if (!other->active)
            r = r ? r : other;
        else if (other->kind == kind && other->extra == extra && other->longitude_first == longitude_first &&
                 other->big_endian == (pair->encoding & 1) && other->steps >= RUN_STEPS_MIN)
            return; /* a step that looks like a position */
    }
    if (!r)
        return;
    const double scale = number_formats[kind].scale;
    const int64_t latitude = llround(pair->latitude_deg * scale), longitude = llround(pair->longitude_deg * scale);
    *r = (struct run){ .active = true, .big_endian = pair->encoding & 1, .longitude_first = longitude_first,
                       .weak = fmax(fabs(pair->latitude_deg), fabs(pair->longitude_deg)) < POSITION_NEAR_ZERO_DEG,
                       .extra = (uint8_t)extra, .kind = kind,
                       .first = longitude_first ? longitude : latitude, .second =
                           longitude_first ? latitude : longitude,
                       .next = next, .from = { from }, .longitude_deg = { pair->longitude_deg }, .latitude_deg =
                           { pair->latitude_deg } };
    all->active++;
    if (extra == 0)
        return;
    /* What stands behind the first position stands behind each of its steps too. */
    size_t i = (size_t)(next - s->in.base);
    for (unsigned k = 0; k < extra; k++) {
        uint64_t value;
        const unsigned length = i < s->in.len ? number_varint_read(s->in.at + i, s->in.len - i, &value) : 0;
        if (length == 0) {
            r->active = false;
            all->active--;
            return;
        }
        i += length;
    }
    r->next = s->in.base + i;
}

static void pair_found(void *user, const struct position_pair *pair)
{
    const struct run_scan *s = user;
    const enum number_kind kind = (enum number_kind)(pair->encoding / 2);
    const struct number_format *f = &number_formats[kind];
    const uint64_t from = s->in.base + pair->at, next = from + pair->length;
    const bool adjacent = f->width ? abs(pair->delta) == f->width : abs(pair->delta) == 1;

    if (adjacent && !f->floating && f->width != 8) {
        follow_all(s, next);
        for (unsigned extra = 0; extra <= (f->width ? 0 : RUN_EXTRA_MAX); extra++)
            begin(s, pair, kind, from, next, extra);
    }
    s->events->pair(s->events->user, pair);
}

static void value_found(void *user, const struct position_value *value)
{
    const struct run_scan *s = user;

    if (number_formats[value->kind].width || !columns_may_begin(&s->in, value))
        return;
    follow_all(s, s->in.base + value->at);
    columns_begin(&runs_of(s)->columns, &s->in, value);
}

static void magic_found(void *user, size_t at, enum position_magic magic)
{
    const struct run_scan *s = user;

    if (s->events->magic)
        s->events->magic(s->events->user, at, magic);
}

void position_scan(const struct position_index *x, struct position_runs **runs, const uint8_t *at, size_t len,
                   size_t done, size_t limit, uint64_t base, const struct position_events *events)
{
    struct run_scan s = { .x = x, .runs = runs, .in = { .at = at, .len = len, .base = base }, .events = events };
    const struct position_events own = { .user = &s, .pair = pair_found, .value = value_found, .magic = magic_found };

    position_scan_binary(x, at, len, done, limit, &own);
    follow_all(&s, base + limit);
    if (*runs && (*runs)->active == 0 && columns_idle(&(*runs)->columns)) {
        position_runs_free(*runs);
        *runs = NULL;
    }
}

void position_runs_free(struct position_runs *runs)
{
    if (!runs)
        return;
    columns_free(&runs->columns);
    free(runs);
}
