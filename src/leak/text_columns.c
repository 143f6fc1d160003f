#include "leak/text_columns.h"

#include <stdlib.h>

#include "base/memory.h"

static void append(struct text_column *c, const struct text_number *n)
{
    if (c->count == 0) {
        c->latitude_areas = c->longitude_areas = UINT64_MAX;
        c->fixed_chars = n->fixed_chars;
        c->decimals = n->decimals;
    }
    c->latitude_areas &= n->latitude_areas;
    c->longitude_areas &= n->longitude_areas;
    c->end = n->end;
    if (c->count == COLUMN_VALUES_MAX)
        return;
    if (c->count == c->room) {
        c->room = c->room ? c->room * 2 : COLUMN_MIN;
        c->values = memory_resize_array(c->values, c->room, sizeof *c->values);
    }
    c->values[c->count++] = n->value;
}

/* The number begins a run; the one that ends is kept when it is a column. */
static void begin(struct text_columns *c)
{
    if (c->now.count >= COLUMN_MIN) {
        const struct text_column old = c->before;
        c->before = c->now;
        c->now = (struct text_column){ .values = old.values, .room = old.room };
    }
    c->now.count = 0;
}

void text_columns_add(struct text_columns *c, const struct text_number *number, bool separated,
                      void (*pair)(void *user, double latitude_deg, double longitude_deg, bool latitude_first,
                                   const struct text_column *first), void *user)
{
    const bool goes_on = separated && c->now.count > 0 && ((c->now.latitude_areas & number->latitude_areas) ||
                                                           (c->now.longitude_areas & number->longitude_areas));

    if (!goes_on)
        begin(c);
    append(&c->now, number);
    const struct text_column *first = &c->before;
    const uint32_t nth = c->now.count - 1;
    if (nth >= first->count)
        return;
    if (first->latitude_areas & c->now.longitude_areas)
        pair(user, first->values[nth], number->value, true, first);
    if (first->longitude_areas & c->now.latitude_areas)
        pair(user, number->value, first->values[nth], false, first);
}

void text_columns_done(struct text_columns *c)
{
    free(c->before.values);
    free(c->now.values);
}
