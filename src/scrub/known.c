#include "scrub/known.h"

#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/memory.h"

enum { VALUES_MAX = 1 << 20, MODELS_MAX = 4096, IN_NAME_MIN = 6 };

void known_init(struct known *k, const struct scrub_request *request)
{
    *k = (struct known){ .request = request, .secrets = secrets_new(), .arena = arena_new(0) };
}

void known_done(struct known *k)
{
    secrets_free(k->secrets);
    free(k->values);
    free(k->areas);
    free(k->names);
    free(k->models);
    arena_free(k->arena);
}

static bool drops(const struct known *k, enum scrub_kind kind)
{
    return kind < SCRUB_CHOICES && k->request->drop >> kind & 1;
}

static size_t slot_of(const struct known *k, struct text value)
{
    size_t slot = (size_t)hash_mix(value.at, value.len, 0) & (k->value_room - 1);

    while (text_known(k->values[slot]) && !text_equal(k->values[slot], value))
        slot = (slot + 1) & (k->value_room - 1);
    return slot;
}

static void grow(struct known *k)
{
    struct text *old = k->values;
    const size_t old_room = k->value_room;

    k->value_room = old_room ? old_room * 2 : 64;
    k->values = memory_alloc_array(k->value_room, sizeof *k->values);
    for (size_t i = 0; i < old_room; i++)
        if (text_known(old[i]))
            k->values[slot_of(k, old[i])] = old[i];
    free(old);
}

static void add_value(struct known *k, struct text id, enum scrub_kind kind, struct text label, struct text value)
{
    if (!drops(k, kind) || !text_known(value) || value.len == 0 || k->value_count == VALUES_MAX)
        return;
    if ((k->value_count + 1) * 2 > k->value_room)
        grow(k);
    const size_t slot = slot_of(k, value);
    if (!text_known(k->values[slot])) {
        k->values[slot] = arena_text(k->arena, value);
        k->value_count++;
    }
    secrets_add_literal(k->secrets, id, kind == SCRUB_SERIAL ? SECRET_SERIAL : SECRET_IDENTIFIER, label, value);
}

static bool is_model(const struct known *k, struct text value)
{
    for (size_t i = 0; i < k->model_count; i++)
        if (text_equal_ignoring_case(k->models[i], value))
            return true;
    return false;
}

static void note_model(struct known *k, struct text model)
{
    if (!text_known(model) || is_model(k, model) || k->model_count == MODELS_MAX)
        return;
    if (k->model_count == k->model_room) {
        k->model_room = k->model_room ? 2 * k->model_room : 16;
        k->models = memory_resize_array(k->models, k->model_room, sizeof *k->models);
    }
    k->models[k->model_count++] = arena_text(k->arena, model);
}

static void add_name(struct known *k, struct text id, struct text label, struct text value)
{
    if (!drops(k, SCRUB_NAME) || !text_known(value) || value.len == 0 || k->name_count == VALUES_MAX)
        return;
    if (k->name_count == k->name_room) {
        k->name_room = k->name_room ? 2 * k->name_room : 64;
        k->names = memory_resize_array(k->names, k->name_room, sizeof *k->names);
    }
    k->names[k->name_count++] = (struct known_name){ arena_text(k->arena, id), arena_text(k->arena, value),
                                                     arena_text(k->arena, label) };
}

void known_settle(struct known *k)
{
    for (size_t i = 0; i < k->name_count; i++)
        if (!is_model(k, k->names[i].value))
            add_value(k, k->names[i].id, SCRUB_NAME, k->names[i].label, k->names[i].value);
    free(k->names);
    k->names = NULL;
    k->name_count = k->name_room = 0;
}

static bool is_place(double longitude_deg, double latitude_deg)
{
    return fabs(longitude_deg) <= 180 && fabs(latitude_deg) <= 90 &&
        (fabs(longitude_deg) > 1e-6 || fabs(latitude_deg) > 1e-6);
}

/* Areas are some hundred kilometres wide. */
static size_t move_for(struct known *k, double longitude_deg, double latitude_deg)
{
    enum { TRIES_MAX = 1000 };
    const double near_deg = 3;
    unsigned char random[16];

    for (size_t i = 0; i < k->move_count; i++)
        if (fabs(k->moves[i].from_latitude_deg - latitude_deg) < near_deg &&
            fabs(remainder(k->moves[i].from_longitude_deg - longitude_deg, 360)) < near_deg)
            return i;
    if (k->move_count == KNOWN_MOVES_MAX)
        return 0;
    for (int tries = 0; tries == 0 || (tries < TRIES_MAX && !move_keeps_widths(&k->moves[k->move_count])); tries++) {
        if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
            abort(); /* a move that can be guessed is worse than none */
        move_init(&k->moves[k->move_count], longitude_deg, latitude_deg, random);
    }
    return k->move_count++;
}

static void note_area(struct known *k, struct text id, double longitude_deg, double latitude_deg)
{
    if (k->area_count > 0 && text_equal(k->areas[k->area_count - 1].id, id))
        return;
    if (k->area_count == k->area_room) {
        k->area_room = k->area_room ? 2 * k->area_room : 64;
        k->areas = memory_resize_array(k->areas, k->area_room, sizeof *k->areas);
    }
    k->areas[k->area_count++] = (struct known_area){ arena_text(k->arena, id),
                                                     move_for(k, longitude_deg, latitude_deg) };
}

size_t known_move_of(const struct known *k, struct text id)
{
    for (size_t i = 0; i < k->area_count; i++)
        if (text_equal(k->areas[i].id, id))
            return k->areas[i].move;
    return 0;
}

static void add_point(struct known *k, struct text id, enum secret_subject subject, double longitude_deg,
                      double latitude_deg, int64_t time)
{
    const enum scrub_kind kind = subject == SUBJECT_OPERATOR ||
        subject == SUBJECT_TAKEOFF ? SCRUB_OPERATOR : SCRUB_POSITION;

    if (!drops(k, kind) || !is_place(longitude_deg, latitude_deg))
        return;
    if (k->request->shift)
        note_area(k, id, longitude_deg, latitude_deg);
    secrets_add_point(k->secrets, id, subject, longitude_deg, latitude_deg, time);
}

static void take_position(struct known *k, struct text id, const struct fact_position *p)
{
    const bool operator = scrub_kind_of_subject(p->subject) == SCRUB_OPERATOR;
    const bool path = text_equal(p->subject, TEXT("aircraft")) && fact_known_int(p->flight);

    add_point(k, id, operator ? SUBJECT_OPERATOR : path ? SUBJECT_AIRCRAFT : SUBJECT_MEDIA, p->longitude_deg,
              p->latitude_deg, p->time);
}

static void take_device(struct known *k, struct text id, const struct fact_device *d)
{
    add_value(k, id, SCRUB_SERIAL, TEXT("serial number"), d->serial);
    add_value(k, id, SCRUB_SERIAL, TEXT("hardware address"), d->mac);
    add_name(k, id, TEXT("name"), d->name);
    note_model(k, d->model);
    note_model(k, d->vendor);
}

static void take_identifier(struct known *k, struct text id, const struct fact_identifier *i)
{
    const enum scrub_kind kind = scrub_kind_of_identifier(i->kind);
    const struct text label = text_known(i->kind) ? i->kind : TEXT("");

    if (kind == SCRUB_NAME)
        add_name(k, id, label, i->value);
    else
        add_value(k, id, kind, label, i->value);
}

void known_take(struct known *k, struct text id, enum fact_kind kind, const void *row)
{
    const struct fact_flight *f = row;
    const struct fact_media *m = row;

    switch (kind) {
    case FACT_POSITION: take_position(k, id, row); break;
    case FACT_DEVICE: take_device(k, id, row); break;
    case FACT_IDENTIFIER: take_identifier(k, id, row); break;
    case FACT_FLIGHT:
        add_value(k, id, SCRUB_SERIAL, TEXT("serial number of the aircraft"), f->aircraft_serial);
        add_point(k, id, SUBJECT_TAKEOFF, f->home_longitude_deg, f->home_latitude_deg, FACT_UNKNOWN_INT);
        break;
    case FACT_MEDIA:
        for (size_t i = 0; i < m->serials.count; i++)
            add_value(k, id, SCRUB_SERIAL, TEXT("serial number"), m->serials.items[i]);
        note_model(k, m->model);
        add_point(k, id, SUBJECT_MEDIA, m->longitude_deg, m->latitude_deg, FACT_UNKNOWN_INT);
        break;
    default: break;
    }
}

/* Planners of XML take out a property with its name: name="value", value", <name>value</name>. */
static struct text without_markup(struct text t)
{
    const char last = t.len > 0 ? t.at[t.len - 1] : 0;
    const char *from = NULL, *to = NULL;

    if (last == '"' || last == '\'') {
        to = t.at + t.len - 1;
        from = memchr(t.at, last, t.len);
        from = from == to ? t.at : from + 1;
    } else if (last == '>' && t.at[0] == '<') {
        from = (const char *)memchr(t.at, '>', t.len) + 1;
        to = memrchr(t.at, '<', t.len);
    }
    return from && from <= to ? (struct text){ from, (size_t)(to - from) } : t;
}

bool known_learn(struct known *k, struct text id, struct bytes value)
{
    enum { MIN = 6 }; /* shorter ones may be part of anything */
    const struct text t = without_markup(text_of_padded(value));
    const size_t before = k->secrets->literal_count;

    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < ' ' || t.at[i] > '~')
            return false;
    if (text_known(t) && t.len >= MIN)
        add_value(k, id, SCRUB_SERIAL, TEXT("serial number"), t);
    return k->secrets->literal_count > before;
}

static bool has(const struct known *k, enum scrub_kind kind, struct text value)
{
    return drops(k, kind) && text_known(value) && value.len > 0 && k->value_count > 0 &&
        text_known(k->values[slot_of(k, value)]);
}

static bool tells_place(const struct known *k, enum scrub_kind kind, double longitude_deg, double latitude_deg)
{
    return drops(k, kind) && !k->request->shift && is_place(longitude_deg, latitude_deg);
}

static const char *flight_tells(const struct known *k, const struct fact_flight *f)
{
    if (has(k, SCRUB_SERIAL, f->aircraft_serial))
        return "the serial number of the aircraft";
    if (tells_place(k, SCRUB_OPERATOR, f->home_longitude_deg, f->home_latitude_deg))
        return "the home point";
    return drops(k, SCRUB_TIME) && (fact_known_int(f->start) || text_known(f->start_local))
        ? "the time of the flight" : NULL;
}

static const char *media_tells(const struct known *k, const struct fact_media *m)
{
    for (size_t i = 0; i < m->serials.count; i++)
        if (has(k, SCRUB_SERIAL, m->serials.items[i]))
            return "a serial number";
    if (tells_place(k, SCRUB_POSITION, m->longitude_deg, m->latitude_deg))
        return "the position of the camera";
    return drops(k, SCRUB_TIME) && (fact_known_int(m->taken) || text_known(m->taken_local))
        ? "the time when it was taken" : NULL;
}

const char *known_still_told(const struct known *k, enum fact_kind kind, const void *row)
{
    const struct fact_position *p = row;
    const struct fact_device *d = row;
    const struct fact_identifier *i = row;

    switch (kind) {
    case FACT_POSITION:
        if (tells_place(k, scrub_kind_of_subject(p->subject), p->longitude_deg, p->latitude_deg))
            return "a position";
        return drops(k, SCRUB_TIME) && fact_known_int(p->time) ? "the time of a position" : NULL;
    case FACT_DEVICE:
        return has(k, SCRUB_SERIAL, d->serial) ? "the serial number of a device" : has(k, SCRUB_SERIAL, d->mac)
            ? "a hardware address" :
               has(k, SCRUB_NAME, d->name) && !text_equal_ignoring_case(d->model, d->name)
                   ? "the name of a device" : NULL;
    case FACT_IDENTIFIER:
        return has(k, scrub_kind_of_identifier(i->kind), i->value) ? "an identifier, name or text" : NULL;
    case FACT_FLIGHT: return flight_tells(k, row);
    case FACT_MEDIA: return media_tells(k, row);
    default: return NULL;
    }
}

bool known_in_name(const struct known *k, struct text name)
{
    for (size_t i = 0; i < k->value_room; i++)
        if (text_known(k->values[i]) && k->values[i].len >= IN_NAME_MIN && name.len >= k->values[i].len &&
            memmem(name.at, name.len, k->values[i].at, k->values[i].len))
            return true;
    return false;
}
