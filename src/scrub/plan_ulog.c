#include "scrub/mark.h"
#include "scrub/plan_log.h"

#include "flightlog/ulog_format.h"
#include "flightlog/ulog_frame.h"
#include "scrub/coordinate.h"

enum { FIELDS_MAX = 1 << 15, PASSED_STEP = 1 << 20, INCOMPATIBLE_APPENDED = 1 };

/* A field that is changed in every record of a topic. */
struct field {
    struct ulog_place place;
    enum scrub_kind kind;
    enum axis axis;
    const char *what;
};

struct topic { uint32_t first, count; };

struct ulog_plan {
    struct plan plan;
    struct ulog_walk walk;
    struct ulog_formats *formats;
    struct field *fields;
    uint32_t field_count;
    struct topic topics[65536];    /* by data id */
    struct text topic_name;        /* of the one being subscribed to */
};

static bool is_number(enum ulog_type type)
{
    return type == ULOG_I32 || type == ULOG_I64 || type == ULOG_FLOAT || type == ULOG_DOUBLE;
}

static void take_field(void *user, struct text name, struct ulog_place place)
{
    struct ulog_plan *u = user;
    const enum axis axis = scrub_axis_of_name(name);
    enum scrub_kind kind = scrub_kind_of_name(name);

    if (text_equal(name, TEXT("time_utc_usec")))
        kind = SCRUB_TIME;
    const bool coordinate = (axis == AXIS_LATITUDE || axis == AXIS_LONGITUDE) && is_number(place.type);
    /* Numbers of batteries, too; but a `device_id` tells a kind of sensor and its port. */
    const bool text = kind != SCRUB_KIND_COUNT &&
        (((place.type == ULOG_CHAR || place.type == ULOG_U8) && place.count > 1) ||
         (name.len >= 6 && memmem(name.at, name.len, "serial", 6)));
    if ((!coordinate && !text && kind != SCRUB_TIME) || u->field_count == FIELDS_MAX)
        return;
    if (coordinate && kind == SCRUB_POSITION && text_starts_with(u->topic_name, TEXT("home_position")))
        kind = SCRUB_OPERATOR;
    const struct text what = arena_printf(u->plan.r->arena, "%.*s.%.*s%c", (int)u->topic_name.len, u->topic_name.at,
                                          (int)name.len, name.at, 0);
    u->fields[u->field_count++] = (struct field){ place, kind, coordinate ? axis : AXIS_NONE,
                                                  text_known(what) ? what.at : "field" };
}

static void take_subscription(struct ulog_plan *u, struct bytes content)
{
    struct cursor c = cursor_over(content);

    cursor_skip(&c, 1);
    const uint16_t id = cursor_u16le(&c);
    struct ulog_format *format = c.failed ? NULL : ulog_formats_find(u->formats, text_of_bytes(c.rest));
    const uint32_t bytes = format ? ulog_format_bytes(u->formats, format) : 0;
    if (bytes == 0) {
        reading_damage(u->plan.r, content.origin, FACT_UNKNOWN_INT, 1,
                       "a topic is recorded whose format the log does not define");
        return;
    }
    u->topic_name = ulog_format_name(format);
    u->topics[id].first = u->field_count;
    ulog_format_each(u->formats, format, take_field, u);
    u->topics[id].count = u->field_count - u->topics[id].first;
    ulog_walk_expect(&u->walk, id, bytes - ulog_format_filling(u->formats, format), bytes);
}

static void take_value(struct plan *p, struct bytes record, const struct field *f)
{
    const size_t size = ulog_type_bytes(f->place.type);

    for (uint32_t i = 0; i < (f->axis == AXIS_NONE ? 1 : f->place.count); i++) {
        const struct bytes value = bytes_part(record, f->place.offset + (uint64_t)i * size,
                                              f->axis == AXIS_NONE ? size * f->place.count : size);
        if (f->axis == AXIS_NONE)
            plan_fill(p, value, 0, f->kind, f->what);
        else
            plan_coordinate(p, value,
                            f->place.type == ULOG_DOUBLE ? COORDINATE_F64_DEG : f->place.type == ULOG_FLOAT
                ? COORDINATE_F32_DEG :
                            f->place.type == ULOG_I32 ? COORDINATE_I32_1E7 : COORDINATE_I64_1E7, false, f->axis, f->kind, f->what);
    }
}

static void take_data(struct ulog_plan *u, const struct ulog_record *record)
{
    const struct bytes data = bytes_part(record->content, 2, UINT64_MAX);
    const struct topic *t = &u->topics[record->content.at[0] | record->content.at[1] << 8];

    for (uint32_t i = 0; i < t->count; i++)
        take_value(&u->plan, data, &u->fields[t->first + i]);
}

/* Information and parameters: key length u8, key "type name", value. */
static void take_key_value(struct ulog_plan *u, struct bytes content, bool parameter)
{
    struct cursor c = cursor_over(content);
    const struct text key = text_of_bytes(cursor_take(&c, cursor_u8(&c)));
    const char *blank = key.len ? memchr(key.at, ' ', key.len) : NULL;

    if (c.failed || !blank) {
        reading_damage(u->plan.r, content.origin, (int64_t)content.len, 1, "information that makes no sense");
        return;
    }
    const struct text name = { blank + 1, key.len - (size_t)(blank + 1 - key.at) };
    const enum scrub_kind kind = parameter ? scrub_kind_of_parameter(name) : scrub_kind_of_name(name);
    if (kind != SCRUB_KIND_COUNT)
        plan_fill(&u->plan, c.rest, 0, kind, "information or parameter");
    else
        plan_known_values(&u->plan, c.rest, 0, "information or parameter");
}

static void take_flags(struct ulog_plan *u, struct bytes content)
{
    uint64_t offsets[ULOG_APPENDED_MAX];
    struct cursor c = cursor_over(content);

    cursor_skip(&c, 8);
    const uint64_t incompatible = cursor_u64le(&c);
    for (int i = 0; i < ULOG_APPENDED_MAX; i++)
        offsets[i] = cursor_u64le(&c);
    if (!c.failed && incompatible & INCOMPATIBLE_APPENDED && u->walk.part_count <= 1)
        (void)ulog_walk_appended(&u->walk, offsets);
}

static void take_record(struct ulog_plan *u, const struct ulog_record *record)
{
    const struct bytes content = record->content;

    if (record->misfit) {
        reading_damage(u->plan.r, record->offset, (int64_t)content.len, 1, "a record that fits no format of the log");
        (void)plan_unknown(&u->plan, bytes_part(content, 2, UINT64_MAX), 0, "record that fits no format");
        return;
    }
    switch (record->type) {
    case 'F': (void)ulog_formats_add(u->formats, content); break;
    case 'A': take_subscription(u, content); break;
    case 'B': take_flags(u, content); break;
    case 'D': take_data(u, record); break;
    case 'I': take_key_value(u, content, false); break;
    case 'M': take_key_value(u, bytes_part(content, 1, UINT64_MAX), false); break;
    case 'P': take_key_value(u, content, true); break;
    case 'Q': take_key_value(u, bytes_part(content, 1, UINT64_MAX), true); break;
    case 'L': case 'C': plan_free_text(&u->plan, content, ' ', "message"); break;
    default: break;
    }
}

static void say_lost(struct ulog_plan *u, const struct ulog_record *record)
{
    if (record->lost_bytes == 0)
        return;
    reading_damage(u->plan.r, record->lost_at, (int64_t)record->lost_bytes, FACT_UNKNOWN_INT,
                   "bytes of the log that are no record");
    plan_fill(&u->plan, bytes_part(u->walk.area, record->lost_at - u->walk.area.origin, record->lost_bytes), 0,
              SCRUB_POSITION, "bytes that are no record");
}

enum parse_status plan_ulog(struct reading *r, struct bytes whole)
{
    struct ulog_plan *u = arena_alloc(r->arena, 1, sizeof *u);
    /* Size, kind of record; length of the key, key, value. */
    static const char mark[] = "\x3c\0I" "\x15" "char[38] altered_copy" SCRUB_MARK;
    _Static_assert(sizeof mark - 1 == 3 + 0x3c && sizeof SCRUB_MARK - 1 == 38, "the sizes in the record");
    struct ulog_record record = { 0 };
    size_t passed = 0;

    if (!u)
        return PARSE_INVALID;
    u->plan = plan_begin(r);
    u->formats = ulog_formats_new(r->arena);
    u->fields = arena_alloc(r->arena, FIELDS_MAX, sizeof *u->fields);
    if (!u->formats || !u->fields)
        return PARSE_INVALID;
    ulog_walk_init(&u->walk, whole);
    while (ulog_walk_next(&u->walk, &record)) {
        say_lost(u, &record);
        take_record(u, &record);
        if (r->passed && u->walk.at - passed >= PASSED_STEP) {
            passed = u->walk.at;
            r->passed(r, whole.origin + passed);
        }
    }
    say_lost(u, &record);
    if (record.lost_bytes == 0 && plan_marks(&u->plan))
        plan_mark(&u->plan, bytes_part(whole, whole.len, 0), mark, sizeof mark - 1);
    return record.lost_bytes > 0 ? PARSE_TRUNCATED : PARSE_OK;
}
