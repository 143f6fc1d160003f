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

enum news { NEWS_NONE, NEWS_SEEN_AGAIN, NEWS_KNOWN_MORE };

struct devices {
    struct arena *arena;
    struct fact_device *rows;
    uint8_t *news;       /* of each row, since it was put last: enum news */
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
    free(d->news);
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

static void note_news(struct devices *d, size_t i, enum news news)
{
    if (news > d->news[i])
        d->news[i] = (uint8_t)news;
}

static enum news fill_in(struct devices *d, struct fact_device *known, const struct fact_device *row)
{
    enum news news = NEWS_NONE;

    for (int i = 0; i < TEXT_COUNT; i++) {
        const struct text t = shortened(*text_at(row, i));
        if (!text_known(*text_at(known, i)) && text_known(t)) {
            *text_at(known, i) = arena_text(d->arena, t);
            news = NEWS_KNOWN_MORE;
        }
    }
    if (row->head.origin.packet_last > known->head.origin.packet_last) {
        known->head.origin.packet_last = row->head.origin.packet_last;
        news = news ? news : NEWS_SEEN_AGAIN;
    }
    return news;
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
            note_news(d, i, fill_in(d, &d->rows[i], row));
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
        d->news = memory_alloc_array(DEVICES_MAX, sizeof *d->news);
    }
    d->news[d->count] = NEWS_KNOWN_MORE;
    struct fact_device *known = &d->rows[d->count++];
    fact_init(FACT_DEVICE, known);
    known->head.origin = row->head.origin;
    known->head.number = fact_reserve(facts, FACT_DEVICE);
    fill_in(d, known, row);
    return known->head.number;
}

static void put_from(struct devices *d, struct reading *r, enum news least)
{
    for (size_t i = 0; i < d->count; i++) {
        if (d->news[i] < least)
            continue;
        fact_put(r->facts, FACT_DEVICE, &d->rows[i]);
        d->news[i] = NEWS_NONE;
    }
}

void devices_put_news(struct devices *d, struct reading *r)
{
    put_from(d, r, NEWS_KNOWN_MORE);
}

void devices_put(struct devices *d, struct reading *r)
{
    put_from(d, r, NEWS_SEEN_AGAIN);
    if (d->left_out)
        reading_damage(r, 0, 0, (int64_t)d->left_out, "more than %d devices named themselves; the others are left out",
                       DEVICES_MAX);
}
