#include "flightlog/json_objects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/memory.h"
#include "flightlog/csv_columns.h"
#include "flightlog/csv_log.h"

enum { LOOK_BYTES = 64 * 1024, NAMES_MAX = 256, VALUES_BYTES = 32 * 1024, OBJECT_MAX = 16 * 1024,
       PASSED_STEP = 1 << 20 };

/* Where the list lies: its own path, and how deep the members of its objects are. */
static const struct { const char *path; size_t depth; } lists[] = {
    { "[]", 2 }, { "flightData[]", 3 }, { "telemetry[]", 3 }, { "records[]", 3 }, { "data[]", 3 }, { "flightRecords[]", 3 },
    { "gpsData[]", 3 }, { "flight.telemetry[]", 4 }, { "flight.records[]", 4 },
};
enum { LISTS = sizeof lists / sizeof *lists };

/* Names of a row's members that tell whose app wrote it, or at least that it is about a drone. */
static const struct mark { const char *name, *vendor, *format; } marks[] = {
    { "droneLatitude", "Autel Robotics", "autel-json" }, { "remainPower", "Autel Robotics", "autel-json" },
    { "homeDistance", "Autel Robotics", "autel-json" },
    { "vehicle_latitude", "Skydio", "skydio-json" }, { "autonomy_mode", "Skydio", "skydio-json" }, { "tracking_mode", "Skydio", "skydio-json" },
    { "droneSn", NULL, "drone-json" }, { "drone_sn", NULL, "drone-json" }, { "flightMode", NULL, "drone-json" }, { "flight_mode", NULL, "drone-json" },
};

/* Whether `e` is an object of that list; in_object: or a member of one. */
static bool in_list(const struct json_event *e, size_t list)
{
    struct json_event object = *e;

    object.depth = lists[list].depth - 1;
    return e->depth == lists[list].depth && !e->frames[e->depth - 1].array &&
        json_event_is(&object, 0, lists[list].path);
}

static bool opens_row(const struct json_event *e, size_t list)
{
    return e->kind == JSON_OBJECT && e->depth == lists[list].depth - 1 && json_event_is(e, 0, lists[list].path);
}

static bool ends_row(const struct json_event *e, size_t list)
{
    return e->kind == JSON_OBJECT_END && e->depth == lists[list].depth - 1 && json_event_is(e, 0, lists[list].path);
}

/* Recognising */

struct look {
    size_t list;
    const struct mark *mark;       /* the first of the table that the row has; NULL: none */
};

static bool look_at(void *user, const struct json_event *e)
{
    struct look *look = user;
    const struct text key = json_event_key(e);

    for (size_t i = 0; i < LISTS && look->list == LISTS; i++)
        if (opens_row(e, i))
            look->list = i;
    const struct mark *const end = look->mark ? look->mark : marks + sizeof marks / sizeof *marks;
    for (const struct mark *m = marks; m < end && look->list < LISTS && in_list(e, look->list); m++)
        if (text_equal(key, text_of(m->name)))
            look->mark = m;
    return look->list == LISTS || !ends_row(e, look->list);
}

static struct look look_into(struct bytes whole)
{
    const struct bytes head = bytes_part(whole, bytes_start_with(whole, "\xef\xbb\xbf", 3) ? 3 : 0, LOOK_BYTES);
    struct look look = { .list = LISTS };
    size_t n = 0;

    while (n < head.len && memchr(" \t\r\n", head.at[n], 4))
        n++;
    if (n < head.len && (head.at[n] == '{' || head.at[n] == '['))
        if (json_read(head, look_at, &look, NULL) != PARSE_OK && !look.mark)
            look.list = LISTS; /* it may end within the list: what was seen was seen */
    return look;
}

/* Reading */

struct objects {
    struct reading *r;
    struct bytes whole;
    size_t list;
    struct csv_row names;
    struct csv_log *table;
    bool repeats;                  /* the row has a name twice */
    const struct mark *mark;
    struct text model, firmware, serial; /* of the aircraft, as the document says */
    struct bytes model_at, serial_at;
    bool in_row, alone;            /* alone: one object by itself is read, behind damage */
    int64_t elsewhere;             /* places that stand in no row of the list: in lists and objects within rows, or beside it */
    uint64_t elsewhere_at, elsewhere_to;
    size_t next;                   /* where the next name is looked for first: rows have them in one order */
    uint64_t row_from, behind_rows, passed;
    char values[VALUES_BYTES];
    size_t values_len;
};

static bool member_of_row(const struct objects *o, const struct json_event *e)
{
    if (e->kind != JSON_TEXT && e->kind != JSON_NUMBER)
        return false;
    return o->alone ? e->depth == 1 && !e->frames[0].array : in_list(e, o->list);
}

/* The names of the first row's members. */
static bool gather(void *user, const struct json_event *e)
{
    struct objects *o = user;

    if (ends_row(e, o->list))
        return false;
    if (member_of_row(o, e) && o->names.count < NAMES_MAX && text_known(json_event_key(e)))
        o->names.fields[o->names.count++] = arena_text(o->r->arena, json_event_key(e));
    return true;
}

/* The list, and the names of its rows.  False: none that tells a place and a time. */
static bool find_list(struct objects *o, struct bytes whole)
{
    const struct look look = look_into(whole);
    struct csv_columns columns;

    o->whole = whole;
    o->list = look.list;
    o->mark = look.mark;
    if (!look.mark)
        return false;
    if (json_read(bytes_part(whole, 0, LOOK_BYTES), gather, o, NULL) != PARSE_OK && o->names.count == 0)
        return false;
    return csv_columns_read(&o->names, &columns);
}

bool json_objects_recognise(struct bytes whole)
{
    struct arena *arena = arena_new(0);
    struct reading r = { .arena = arena };
    struct objects *o = memory_alloc_array(1, sizeof *o);

    o->r = &r;
    const bool found = find_list(o, whole);
    free(o);
    arena_free(arena);
    return found;
}

static void take_member(struct objects *o, const struct json_event *e)
{
    struct csv_row *row = csv_table_row(o->table);
    const struct text key = json_event_key(e);

    for (size_t i = 0; i < o->names.count; i++) {
        const size_t at = (o->next + i) % o->names.count;
        if (!text_equal(key, o->names.fields[at]))
            continue;
        o->next = at + 1;
        o->repeats |= row->fields[at].len > 0;
        if (e->text.len > sizeof o->values - o->values_len)
            return;
        memcpy(o->values + o->values_len, e->text.at, e->text.len);
        row->fields[at] = (struct text){ .at = o->values + o->values_len, .len = e->text.len };
        o->values_len += e->text.len;
        return;
    }
}

static void begin_row(struct objects *o, uint64_t from)
{
    struct csv_row *row = csv_table_row(o->table);

    for (size_t i = 0; i < o->names.count; i++)
        row->fields[i] = (struct text){ .at = "", .len = 0 };
    row->count = o->names.count;
    row->cut = false;
    o->row_from = from;
    o->values_len = o->next = 0;
    o->repeats = false;
    o->in_row = true;
}

static void end_row(struct objects *o, uint64_t to)
{
    struct csv_row *row = csv_table_row(o->table);

    row->at = bytes_part(o->whole, o->row_from - o->whole.origin, to - o->row_from);
    if (o->repeats)
        reading_damage(o->r, row->at.origin, (int64_t)row->at.len, 1,
                       "an object that has names twice, as if two had been joined: "
                       "it was not read");
    else
        csv_table_put(o->table);
    o->in_row = false;
    o->behind_rows = to;
    if (o->r->passed && to - o->whole.origin - o->passed >= PASSED_STEP) {
        o->passed = to - o->whole.origin;
        o->r->passed(o->r, to);
    }
}

/* Names that the program which we know the form from looks for. */
static void keep_said(struct objects *o, const struct json_event *e)
{
    static const char *const models[] = { "droneModel", "aircraftModel", "deviceModel", "model", "aircraft.model",
                                          "drone_model", "vehicle_type" };
    static const char *const serials[] = { "droneSn", "drone_sn", "aircraftSn", "aircraft_sn", "serialNumber",
                                           "serial_number", "vehicle_serial",
                                           "aircraft.serial", "aircraft.serialNumber", "aircraft.serial_number", "sn" };

    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (!text_known(o->model) && json_event_is(e, 0, models[i])) {
            o->model = arena_text(o->r->arena, e->text);
            o->model_at = e->at;
        }
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++)
        if (!text_known(o->serial) && e->text.len > 0 && json_event_is(e, 0, serials[i])) {
            o->serial = arena_text(o->r->arena, e->text);
            o->serial_at = e->at;
        }
    if (json_event_is(e, 0, "firmwareVersion") || json_event_is(e, 0, "aircraft.firmwareVersion"))
        o->firmware = arena_text(o->r->arena, e->text);
}

static void put_aircraft(struct objects *o)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = text_known(o->serial) ? fact_origin_at(o->serial_at.origin, o->serial_at.len) :
        text_known(o->model) ? fact_origin_at(o->model_at.origin, o->model_at.len) : FACT_ORIGIN_UNKNOWN;
    device.role = TEXT("aircraft");
    device.vendor = text_of(o->mark->vendor);
    device.model = o->model;
    device.serial = o->serial;
    device.firmware = o->firmware;
    csv_table_device(o->table, &device);
}

/* Latitudes that are no member of a row: of a home point, of a row within a row, of another list. */
static void count_elsewhere(struct objects *o, const struct json_event *e)
{
    const struct text key = json_event_key(e);
    static const struct text names[] = { TEXT_INIT("latitude"), TEXT_INIT("lat") };
    bool is_latitude = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        is_latitude |= key.len >= names[i].len &&
            text_equal_ignoring_case((struct text){ .at = key.at + key.len - names[i].len, .len = names[i].len },
                                     names[i]);
    if (!is_latitude)
        return;
    if (o->elsewhere++ == 0)
        o->elsewhere_at = e->at.origin;
    o->elsewhere_to = e->at.origin + e->at.len;
}

static bool put(void *user, const struct json_event *e)
{
    struct objects *o = user;

    if ((e->kind == JSON_NUMBER || e->kind == JSON_TEXT) && !member_of_row(o, e))
        count_elsewhere(o, e);
    if (e->kind == JSON_TEXT && !o->in_row && e->depth > 0 && e->depth <= 2)
        keep_said(o, e);
    if (o->alone ? e->kind == JSON_OBJECT && e->depth == 0 : opens_row(e, o->list))
        begin_row(o, e->at.origin);
    else if (o->in_row && (o->alone ? e->kind == JSON_OBJECT_END && e->depth == 0 : ends_row(e, o->list)))
        end_row(o, e->at.origin + e->at.len);
    else if (o->in_row && member_of_row(o, e))
        take_member(o, e);
    return true;
}

static bool count_known(void *user, const struct json_event *e)
{
    struct objects *o = user;

    if (!member_of_row(o, e))
        return true;
    for (size_t i = 0; i < o->names.count; i++)
        o->next += text_equal(json_event_key(e), o->names.fields[i]);
    return true;
}

/* The length of an object at the start of `b` that is whole and has most of the names; 0 when there is none. */
static size_t object_at(struct objects *o, struct bytes b)
{
    const struct bytes look = bytes_part(b, 0, OBJECT_MAX);
    const uint8_t *end = memchr(look.at, '}', look.len),
        *inner = look.len > 1 ? memchr(look.at + 1, '{', look.len - 1) : NULL;

    if (!end || (inner && inner < end))
        return 0;
    const size_t len = (size_t)(end - look.at) + 1;
    o->next = 0;
    return json_read(bytes_part(b, 0, len), count_known, o, NULL) == PARSE_OK && o->next * 2 > o->names.count ? len : 0;
}

/* Behind damage: objects alone, wherever they stand. */
static void read_on(struct objects *o, uint64_t from)
{
    struct bytes rest = bytes_part(o->whole, from - o->whole.origin, UINT64_MAX);
    uint64_t lost_from = from;
    size_t len;

    o->alone = true;
    while (rest.len > 0) {
        const uint8_t *open = memchr(rest.at, '{', rest.len);
        rest = bytes_part(rest, open ? (uint64_t)(open - rest.at) : rest.len, UINT64_MAX);
        if (rest.len == 0 || (len = object_at(o, rest)) == 0) {
            rest = bytes_part(rest, 1, UINT64_MAX);
            continue;
        }
        if (rest.origin - lost_from > 2) /* more than a comma */
            reading_damage(o->r, lost_from, (int64_t)(rest.origin - lost_from), FACT_UNKNOWN_INT,
                           "no rows in these bytes; reading goes on behind them");
        if (json_read(bytes_part(rest, 0, len), put, o, NULL) != PARSE_OK)
            o->in_row = false;
        rest = bytes_part(rest, len, UINT64_MAX);
        lost_from = rest.origin;
    }
    if (rest.origin - lost_from > 2)
        reading_damage(o->r, lost_from, (int64_t)(rest.origin - lost_from), FACT_UNKNOWN_INT,
                       "no rows behind here: the document is damaged, or ends too early");
}

enum parse_status json_objects_read(struct reading *r, struct bytes whole)
{
    struct objects *o = arena_alloc(r->arena, 1, sizeof *o);
    uint64_t origin;

    if (!o)
        return PARSE_UNSUPPORTED;
    o->r = r;
    o->behind_rows = whole.origin;
    if (!find_list(o, whole) || !(o->table = csv_table_begin(r, o->mark->format, &o->names)))
        return PARSE_INVALID;
    const enum parse_status status = json_read(whole, put, o, &origin);
    if (status == PARSE_TRUNCATED && !o->in_row)
        reading_damage(r, origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the document ends before its lists do");
    else if (status != PARSE_OK)
        read_on(o, o->in_row && o->row_from > o->behind_rows ? o->row_from : o->behind_rows);
    if (o->elsewhere > 0)
        reading_damage(r, o->elsewhere_at, (int64_t)(o->elsewhere_to - o->elsewhere_at), o->elsewhere,
                       "%" PRId64 " latitudes stand elsewhere than in rows of the list, as in a list within a row: they were not read", o->elsewhere);
    put_aircraft(o);
    csv_table_end(o->table, whole);
    return PARSE_OK;
}
