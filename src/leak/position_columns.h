#ifndef LEASH_LEAK_POSITION_COLUMNS_H
#define LEASH_LEAK_POSITION_COLUMNS_H

#include "leak/position_groups.h"
#include "leak/position_runs.h"

/* Inside of position_runs.c: what both kinds of runs need, and the columns. */

struct run_input {
    const uint8_t *at;
    size_t len;
    uint64_t base;     /* offset of at[0] in the view */
};

bool run_inside(const struct position_index *x, double longitude_deg, double latitude_deg);
double run_degrees(enum number_kind kind, int64_t stored);
int64_t run_signed(enum number_kind kind, uint64_t varint);
double run_around(double degrees); /* across the date line: to -180 to 180 */

enum { COLUMNS_MAX = 4, COLUMN_ROWS_MAX = 8192 };

/* Two packed fields, the second just behind the first. */
struct columns {
    struct column_pair {
        bool active, steps, longitude_first, second;
        enum number_kind kind;
        uint64_t from, next, end; /* of the column being read */
        int64_t value;            /* the last one */
        uint32_t row;             /* of the second column */
        int64_t *rows;            /* the first column */
        uint32_t count, room;
    } pairs[COLUMNS_MAX];
    size_t active;
};

/* Whether the value is the first of a packed field. */
bool columns_may_begin(const struct run_input *in, const struct position_value *value);
void columns_begin(struct columns *c, const struct run_input *in, const struct position_value *value);
void columns_follow(struct columns *c, const struct position_index *x, const struct run_input *in, uint64_t until,
                    const struct position_events *events);
static inline bool columns_idle(const struct columns *c) { return c->active == 0; }
void columns_free(struct columns *c);

#endif
