/* All latitudes in one packed field of Protocol Buffers, all longitudes in the next (or the
 * other way round): tag, length, varints.  https://protobuf.dev/programming-guides/encoding/#packed */
#include "leak/position_columns.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { ROWS_MIN = RUN_STEPS_MIN, LENGTH_MAX = COLUMN_ROWS_MAX * VARINT_BYTES_MAX };

/* The length that is written before at[i], whose tag says that bytes follow; 0: there is none. */
static uint64_t length_before(const uint8_t *at, size_t i)
{
    for (size_t bytes = 1; bytes <= 3 && bytes + 1 <= i; bytes++) {
        uint64_t length;
        if (number_varint_read(at + i - bytes, bytes, &length) == bytes && (at[i - bytes - 1] & 7) == 2 &&
            at[i - bytes - 1] >= 8 &&
            length >= ROWS_MIN && length <= LENGTH_MAX)
            return length;
    }
    return 0;
}

bool columns_may_begin(const struct run_input *in, const struct position_value *value)
{
    return length_before(in->at, value->at) != 0;
}

static void begin_one(struct columns *c, const struct run_input *in, const struct position_value *value, bool steps)
{
    struct column_pair *p = NULL;

    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        struct column_pair *other = &c->pairs[i];
        /* inside a column that is being read */
        if (other->active && other->count >= ROWS_MIN && other->steps == steps && other->kind == value->kind &&
            in->base + value->at < other->end)
            return;
        if (!other->active)
            p = p ? p : other;
    }
    if (!p)
        return;
    const uint64_t from = in->base + value->at;
    *p = (struct column_pair){ .active = true, .steps = steps, .longitude_first = value->longitude, .kind = value->kind,
                               .from = from, .next = from, .end = from + length_before(in->at, value->at) };
    c->active++;
}

void columns_begin(struct columns *c, const struct run_input *in, const struct position_value *value)
{
    begin_one(c, in, value, true);
    begin_one(c, in, value, false);
}

static void stop(struct columns *c, struct column_pair *p)
{
    free(p->rows);
    *p = (struct column_pair){ 0 };
    c->active--;
}

void columns_free(struct columns *c)
{
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        free(c->pairs[i].rows);
}

/* From one value to the next no more than something moves; `degrees` of longitude may be more than of latitude. */
static bool goes_on(const struct column_pair *p, int64_t value)
{
    const double step = run_around(run_degrees(p->kind, value) - run_degrees(p->kind, p->value));
    const bool longitude = p->longitude_first != p->second;

    return fabs(step) <= RUN_STEP_MAX_DEG * (longitude ? 4 : 1);
}

static bool first_column(struct column_pair *p, int64_t value)
{
    if (p->count == COLUMN_ROWS_MAX || (p->count > 0 && !goes_on(p, value)))
        return false;
    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 32;
        p->rows = memory_resize_array(p->rows, p->room, sizeof *p->rows);
    }
    p->rows[p->count++] = value;
    return true;
}

static bool second_column(struct column_pair *p, const struct position_index *x, int64_t value, uint64_t from,
                          const struct position_events *events)
{
    if (p->row == p->count || (p->row > 0 && !goes_on(p, value)))
        return false;
    const double first = run_degrees(p->kind, p->rows[p->row]), second = run_degrees(p->kind, value);
    const struct position_pair pair = {
        .longitude_deg = run_around(p->longitude_first ? first : second), .latitude_deg =
            p->longitude_first ? second : first,
        .length = (size_t)(p->next - from), .encoding = (uint8_t)(p->kind * 2),
        .delta = (int8_t)(p->longitude_first ? -POSITION_COLUMNS : POSITION_COLUMNS), .chained = p->row > 0 && p->steps,
    };
    p->row++;
    if (position_any_numbers(p->kind, pair.longitude_deg, pair.latitude_deg))
        return false;
    if (!run_inside(x, pair.longitude_deg, pair.latitude_deg))
        return p->row > 1; /* the first one has to lie in a known area as the first column's did */
    events->run(events->user, &pair, from);
    return true;
}

/* Behind the first column: a tag, a length, and the second one.  False: not to be seen yet. */
static bool head_of_second(struct columns *c, struct column_pair *p, const struct run_input *in)
{
    enum { HEAD_MAX = 5 };
    const size_t i = (size_t)(p->next - in->base);
    uint64_t tag, length;

    if (i + HEAD_MAX > in->len)
        return false;
    const unsigned tag_bytes = number_varint_read(in->at + i, in->len - i, &tag);
    const unsigned length_bytes = tag_bytes ? number_varint_read(in->at + i + tag_bytes, in->len - i - tag_bytes,
                                                                 &length) : 0;
    if (p->count < ROWS_MIN || tag_bytes == 0 || tag_bytes > 2 || (tag & 7) != 2 || length_bytes == 0 ||
        length_bytes > 3 ||
        length < p->count || length > LENGTH_MAX) {
        stop(c, p);
        return true;
    }
    p->second = true;
    p->value = 0;
    p->next = p->from = p->next + tag_bytes + length_bytes;
    p->end = p->from + length;
    return true;
}

static void follow_pair(struct columns *c, struct column_pair *p, const struct position_index *x,
                        const struct run_input *in, uint64_t until,
                        const struct position_events *events)
{
    while (p->active && p->next < until) {
        const uint64_t from = p->next;
        uint64_t raw;
        if (from < in->base || from - in->base >= in->len)
            return;
        if (from == p->end) {
            if (p->second)
                stop(c, p);
            else if (!head_of_second(c, p, in))
                return;
            continue;
        }
        const size_t i = (size_t)(from - in->base);
        const unsigned length = number_varint_read(in->at + i, in->len - i, &raw);
        if (length == 0 && in->len - i < VARINT_BYTES_MAX)
            return;
        const bool begins = p->second ? p->row == 0 : p->count == 0;
        const int64_t value = (int64_t)((uint64_t)run_signed(p->kind, raw) +
                                        (p->steps && !begins ? (uint64_t)p->value : 0));
        p->next = from + length;
        if (length == 0 || p->next > p->end ||
            !(p->second ? second_column(p, x, value, from, events) : first_column(p, value))) {
            stop(c, p);
            return;
        }
        p->value = value;
    }
}

void columns_follow(struct columns *c, const struct position_index *x, const struct run_input *in, uint64_t until,
                    const struct position_events *events)
{
    for (size_t i = 0; i < COLUMNS_MAX && c->active; i++)
        if (c->pairs[i].active)
            follow_pair(c, &c->pairs[i], x, in, until, events);
}
