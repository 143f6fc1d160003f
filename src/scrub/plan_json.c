#include "scrub/plan_log.h"

#include "base/json_read.h"
#include "flightlog/csv_columns.h"
#include "scrub/coordinate.h"

/* Flight logs in JSON, read twice: what the columns of rows are called may stand behind the rows. */

enum { PASSED_STEP = 1 << 20, FREE_TEXT_MIN = 6 };

/* A value by the name it stands under. */
struct meaning {
    enum scrub_kind kind;
    enum axis axis;
};

struct json_plan {
    struct plan plan;
    struct bytes whole;
    struct meaning columns[CSV_FIELDS_MAX]; /* of rows that are lists, in their order */
    size_t column_count;
    size_t column;                          /* of the value that comes next, in such a row */
    struct csv_row one;                     /* room to ask the reader's own table of names with */
    uint64_t passed;
};

/* Lists of names, and the lists of rows whose columns they name: GUTMA's and Parrot's. */
static bool is_list_of(const struct json_event *e, size_t depth, const char *gutma, const char *parrot)
{
    if (e->depth < depth || !e->frames[e->depth - 1].array)
        return false;
    const struct json_frame *around = &e->frames[e->depth - depth];
    const struct text key = { .at = around->key, .len = around->key_len };
    return !around->array && (depth < 3 || e->frames[e->depth - 2].array) &&
        (text_equal(key, text_of(gutma)) || text_equal(key, text_of(parrot)));
}

/* What the names do not tell by their words. */
static enum scrub_kind kind_of_column(enum csv_column column)
{
    static const struct { enum csv_column column; enum scrub_kind kind; } kinds[] = {
        { CSV_LATITUDE, SCRUB_POSITION }, { CSV_LONGITUDE, SCRUB_POSITION }, { CSV_PAIR, SCRUB_POSITION },
        { CSV_HOME_LATITUDE, SCRUB_OPERATOR }, { CSV_HOME_LONGITUDE, SCRUB_OPERATOR },
        { CSV_OPERATOR_LATITUDE, SCRUB_OPERATOR }, { CSV_OPERATOR_LONGITUDE, SCRUB_OPERATOR },
        { CSV_AIRCRAFT_SERIAL, SCRUB_SERIAL }, { CSV_CONTROLLER_SERIAL, SCRUB_SERIAL }, { CSV_CAMERA_SERIAL, SCRUB_SERIAL },
        { CSV_BATTERY_SERIAL, SCRUB_SERIAL }, { CSV_AIRCRAFT_NAME, SCRUB_NAME },
        { CSV_DATETIME_UTC, SCRUB_TIME }, { CSV_DATETIME_LOCAL, SCRUB_TIME }, { CSV_DATETIME, SCRUB_TIME }, { CSV_DATE, SCRUB_TIME }, { CSV_CLOCK, SCRUB_TIME },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].column == column)
            return kinds[i].kind;
    return SCRUB_KIND_COUNT;
}

static struct meaning meaning_of(struct json_plan *j, struct text name)
{
    static const struct { const char *name; enum scrub_kind kind; } others[] = {
        { "controller_application", SCRUB_SERIAL }, /* Parrot: its serial number stands before its version */
        { "boot_id", SCRUB_SERIAL }, { "project", SCRUB_NAME }, { "name", SCRUB_NAME }, { "filename", SCRUB_NAME }, { "file_name", SCRUB_NAME },
        { "logging_start_dtg", SCRUB_TIME }, { "file_gen_dtg", SCRUB_TIME }, { "date", SCRUB_TIME }, { "time", SCRUB_TIME },
        { "event_timestamp", SCRUB_TIME }, { "starttime", SCRUB_TIME }, { "endtime", SCRUB_TIME }, { "start_time", SCRUB_TIME },
        { "end_time", SCRUB_TIME }, { "home", SCRUB_OPERATOR }, { "position", SCRUB_POSITION }, { "location", SCRUB_POSITION },
        { "coordinates", SCRUB_POSITION }, { "bbox", SCRUB_POSITION },
    };
    struct meaning m = { scrub_kind_of_name(name), scrub_axis_of_name(name) };
    struct csv_columns columns;

    if (m.axis == AXIS_ALTITUDE)
        m.axis = AXIS_NONE;
    for (size_t i = 0; i < sizeof others / sizeof *others && m.kind == SCRUB_KIND_COUNT; i++)
        if (text_equal_ignoring_case(name, text_of(others[i].name)))
            m.kind = others[i].kind;
    j->one.count = 1;
    j->one.fields[0] = name;
    const bool table = csv_columns_read(&j->one, &columns); /* one name is none, but what it is of is told */
    for (int i = 0; !table && i < CSV_COLUMN_COUNT && m.kind == SCRUB_KIND_COUNT; i++)
        if (columns.at[i] == 0)
            m.kind = kind_of_column((enum csv_column)i);
    return m;
}

static bool learn(void *user, const struct json_event *e)
{
    struct json_plan *j = user;

    if (e->kind == JSON_TEXT && is_list_of(e, 2, "flight_logging_keys", "details_headers") &&
        j->column_count < CSV_FIELDS_MAX)
        j->columns[j->column_count++] = meaning_of(j, e->text);
    return true;
}

/* 2024-05-17 ..., or seconds and milliseconds since 1970: no count from the start of a flight. */
static bool is_date(struct text t)
{
    size_t digits = 0;

    for (size_t i = 0; i < t.len && t.at[i] != '.'; i++)
        digits += t.at[i] >= '0' && t.at[i] <= '9';
    return digits >= 8;
}

/* Numbers that are removed become 0, and texts blanks, so that the document stays one. */
static void take_value(struct json_plan *j, const struct json_event *e, struct meaning m)
{
    struct plan *p = &j->plan;
    const bool number = e->kind == JSON_NUMBER;

    if (e->text.len == 0 || (m.kind == SCRUB_TIME && !is_date(e->text)))
        return; /* of an empty text, what is told is its closing quote */
    if (m.axis != AXIS_NONE && !number)
        plan_coordinate_text(p, e->at, m.axis, m.kind, "coordinate");
    else if (m.axis != AXIS_NONE && plan_move_text(p, e->at, m.axis, true, m.kind, "coordinate"))
        return;
    else if (m.kind != SCRUB_KIND_COUNT && number)
        plan_exchange(p, e->at, TEXT("0"), m.kind, "value");
    else if (m.kind != SCRUB_KIND_COUNT)
        plan_fill(p, e->at, ' ', m.kind, "value");
    else if (!number && e->at.len >= FREE_TEXT_MIN)
        plan_free_text(p, e->at, ' ', "text");
}

/* The name of the value, or of the list that it stands in. */
static struct text name_of(const struct json_event *e)
{
    size_t depth = e->depth;

    while (depth > 0 && e->frames[depth - 1].array)
        depth--;
    return depth > 0 ? (struct text){ .at = e->frames[depth - 1].key,
                                      .len = e->frames[depth - 1].key_len } : TEXT_UNKNOWN;
}

static bool take(void *user, const struct json_event *e)
{
    struct json_plan *j = user;
    const bool in_row = is_list_of(e, 3, "flight_logging_items", "details_data");

    if (e->kind == JSON_ARRAY && is_list_of(e, 2, "flight_logging_items", "details_data"))
        j->column = 0;
    if (e->kind == JSON_TEXT || e->kind == JSON_NUMBER) {
        if (!in_row)
            take_value(j, e, is_list_of(e, 2, "flight_logging_keys",
                                        "details_headers") ? (struct meaning){ SCRUB_KIND_COUNT, AXIS_NONE }
                                                                                         : meaning_of(j, name_of(e)));
        else if (j->column < j->column_count)
            take_value(j, e, j->columns[j->column]);
        else
            take_value(j, e, (struct meaning){ SCRUB_POSITION, AXIS_NONE }); /* a column without a name may be any */
    }
    if (in_row && e->kind != JSON_OBJECT_END && e->kind != JSON_ARRAY_END)
        j->column++;
    const uint64_t at = e->at.origin - j->whole.origin;
    if (j->plan.r->passed && at >= j->passed + PASSED_STEP) {
        j->passed = at;
        j->plan.r->passed(j->plan.r, e->at.origin);
    }
    return true;
}

enum parse_status plan_json(struct reading *r, struct bytes whole)
{
    struct json_plan *j = arena_alloc(r->arena, 1, sizeof *j);
    const struct bytes document = bytes_start_with(whole, "\xef\xbb\xbf", 3) ? bytes_part(whole, 3, UINT64_MAX) : whole;
    uint64_t origin = 0;

    if (!j)
        return PARSE_INVALID;
    if (memchr(whole.at, 0, whole.len)) {
        reading_damage(r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "a document with bytes that are no text, as Parrot's older rows are: it is not scrubbed");
        return PARSE_UNSUPPORTED;
    }
    j->plan = plan_begin(r);
    j->whole = whole;
    if (json_read(document, learn, j, &origin) != PARSE_OK) { /* before anything is changed: what stands behind would stay */
        reading_damage(r, origin, (int64_t)(whole.origin + whole.len - origin), FACT_UNKNOWN_INT,
                       "the document is damaged from here on");
        return PARSE_INVALID;
    }
    return json_read(document, take, j, &origin);
}
