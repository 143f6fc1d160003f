#include "packet/devices.h"

#include <stdlib.h>

#include "base/memory.h"

/* The fields that tell devices apart, in any order; mac is the first because it decides. */
static const size_t text_offsets[] = {
    offsetof(struct fact_device, mac),   offsetof(struct fact_device, role),   offsetof(struct fact_device, vendor),
    offsetof(struct fact_device, model), offsetof(struct fact_device, serial), offsetof(struct fact_device, name),
    offsetof(struct fact_device, firmware),
};
enum { TEXT_COUNT = sizeof text_offsets / sizeof *text_offsets };

struct devices {
    struct arena *arena;
    struct fact_device *rows;
    size_t count;
    uint64_t left_out;
};

struct devices *devices_new(void)
{
    struct devices *d = memory_alloc_array(1, sizeof *d);

    *d = (struct devices){ .arena = NULL };
    return d;
}

void devices_free(struct devices *d)
{
    if (!d)
        return;
    arena_free(d->arena);
    free(d->rows);
    free(d);
}

static struct text *text_at(const struct fact_device *row, int i)
{
    return (struct text *)(void *)((char *)(uintptr_t)row + text_offsets[i]);
}

static struct text shortened(struct text t)
{
    if (t.len > DEVICE_TEXT_MAX)
        t.len = DEVICE_TEXT_MAX;
    return t.len == 0 ? TEXT_UNKNOWN : t;
}

/* Without a hardware address only what is the same in all is the same device. */
static bool is_same(const struct fact_device *known, const struct fact_device *row, struct text sent_by)
{
    const struct text mac = text_known(row->mac) ? row->mac : sent_by;
    const bool by_mac = text_known(known->mac) && text_known(mac) && text_equal(known->mac, mac);

    for (int i = by_mac; i < TEXT_COUNT; i++) {
        const struct text a = *text_at(known, i), b = shortened(*text_at(row, i));
        if (text_known(a) != text_known(b) ? !by_mac : text_known(a) && !text_equal(a, b))
            return false;
    }
    return true;
}

static void fill_in(struct devices *d, struct fact_device *known, const struct fact_device *row)
{
    for (int i = 0; i < TEXT_COUNT; i++)
        if (!text_known(*text_at(known, i)))
            *text_at(known, i) = arena_text(d->arena, shortened(*text_at(row, i)));
    if (row->head.origin.packet_last > known->head.origin.packet_last)
        known->head.origin.packet_last = row->head.origin.packet_last;
}

static bool says_something(const struct fact_device *row)
{
    for (int i = 1; i < TEXT_COUNT; i++)
        if (text_known(shortened(*text_at(row, i))))
            return true;
    return false;
}

int64_t devices_learn(struct devices *d, struct fact_sink *facts, const struct fact_device *row, struct text sent_by)
{
    if (!says_something(row))
        return FACT_UNKNOWN_INT;
    for (size_t i = 0; i < d->count; i++) {
        if (is_same(&d->rows[i], row, sent_by)) {
            fill_in(d, &d->rows[i], row);
            return d->rows[i].head.number;
        }
    }
    if (d->count == DEVICES_MAX) {
        d->left_out++;
        return FACT_UNKNOWN_INT;
    }
    if (!d->arena) {
        d->arena = arena_new(0);
        d->rows = memory_alloc_array(DEVICES_MAX, sizeof *d->rows);
    }
    struct fact_device *known = &d->rows[d->count++];
    fact_init(FACT_DEVICE, known);
    known->head.origin = row->head.origin;
    known->head.number = fact_reserve(facts, FACT_DEVICE);
    fill_in(d, known, row);
    return known->head.number;
}

void devices_put(struct devices *d, struct reading *r)
{
    for (size_t i = 0; i < d->count; i++)
        fact_put(r->facts, FACT_DEVICE, &d->rows[i]);
    if (d->left_out)
        reading_damage(r, 0, 0, (int64_t)d->left_out, "more than %d devices named themselves; the others are left out",
                       DEVICES_MAX);
}
