#include "scrub/plan_log.h"

#include "flightlog/csv_columns.h"
#include "scrub/coordinate.h"

enum { PASSED_STEP = 1 << 20, FREE_TEXT_MIN = 6 };

struct csv_plan {
    struct plan plan;
    struct csv csv;
    struct csv_columns columns;
    struct csv_row row;
    uint8_t kind[CSV_FIELDS_MAX], axis[CSV_FIELDS_MAX];
};

/* What the names do not tell, the reader's own table of headings does. */
static void learn(struct csv_plan *c)
{
    static const struct { enum csv_column column; enum scrub_kind kind; enum axis axis; } known[] = {
        { CSV_LATITUDE, SCRUB_POSITION, AXIS_LATITUDE }, { CSV_LONGITUDE, SCRUB_POSITION, AXIS_LONGITUDE }, { CSV_PAIR, SCRUB_POSITION, AXIS_NONE },
        { CSV_HOME_LATITUDE, SCRUB_OPERATOR, AXIS_LATITUDE }, { CSV_HOME_LONGITUDE, SCRUB_OPERATOR, AXIS_LONGITUDE },
        { CSV_OPERATOR_LATITUDE, SCRUB_OPERATOR, AXIS_LATITUDE }, { CSV_OPERATOR_LONGITUDE, SCRUB_OPERATOR, AXIS_LONGITUDE },
        { CSV_AIRCRAFT_SERIAL, SCRUB_SERIAL, AXIS_NONE }, { CSV_CONTROLLER_SERIAL, SCRUB_SERIAL, AXIS_NONE },
        { CSV_CAMERA_SERIAL, SCRUB_SERIAL, AXIS_NONE }, { CSV_BATTERY_SERIAL, SCRUB_SERIAL, AXIS_NONE },
        { CSV_AIRCRAFT_NAME, SCRUB_NAME, AXIS_NONE },
        { CSV_DATETIME_UTC, SCRUB_TIME, AXIS_NONE }, { CSV_DATETIME_LOCAL, SCRUB_TIME, AXIS_NONE }, { CSV_DATETIME, SCRUB_TIME, AXIS_NONE },
        { CSV_DATE, SCRUB_TIME, AXIS_NONE }, { CSV_CLOCK, SCRUB_TIME, AXIS_NONE },
    };

    for (size_t i = 0; i < c->row.count; i++) {
        const enum axis axis = scrub_axis_of_name(c->row.fields[i]);
        const enum scrub_kind kind = scrub_kind_of_name(c->row.fields[i]);
        c->axis[i] = (uint8_t)(axis == AXIS_ALTITUDE ? AXIS_NONE : axis);
        c->kind[i] = (uint8_t)kind;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const int at = c->columns.at[known[i].column];
        if (at >= 0 && at < CSV_FIELDS_MAX) {
            c->kind[at] = (uint8_t)known[i].kind;
            c->axis[at] = (uint8_t)known[i].axis;
        }
    }
}

/* 2024-05-17 ..., 17.05.2024 ..., 5/17/2024, or seconds and milliseconds since 1970: no count from the start of a
 * flight. */
static bool is_date(struct text t)
{
    size_t digits = 0;

    for (size_t i = 0; i < t.len; i++)
        digits += t.at[i] >= '0' && t.at[i] <= '9';
    return digits >= 6 && t.len >= 8;
}

static void take_field(struct csv_plan *c, size_t i, struct bytes value)
{
    const enum scrub_kind kind = i < CSV_FIELDS_MAX ? (enum scrub_kind)c->kind[i] : SCRUB_KIND_COUNT;
    const enum axis axis = i < CSV_FIELDS_MAX ? (enum axis)c->axis[i] : AXIS_NONE;

    if (axis != AXIS_NONE)
        plan_coordinate_text(&c->plan, value, axis, kind, "column of coordinates");
    else if (kind == SCRUB_TIME && !is_date(text_of_bytes(value)))
        return;
    else if (kind != SCRUB_KIND_COUNT)
        plan_fill(&c->plan, value, ' ', kind, "column");
    else if (value.len >= FREE_TEXT_MIN)
        plan_free_text(&c->plan, value, ' ', "column of text");
}

enum parse_status plan_csv(struct reading *r, struct bytes whole)
{
    struct csv_plan *c = arena_alloc(r->arena, 1, sizeof *c);
    uint64_t passed = 0;

    if (!c)
        return PARSE_INVALID;
    c->plan = plan_begin(r);
    if (!csv_columns_find(&c->csv, whole, &c->row, &c->columns)) {
        reading_damage(r, whole.origin, (int64_t)whole.len, FACT_UNKNOWN_INT, "no heading of a table was found");
        return PARSE_INVALID;
    }
    learn(c);
    plan_free_text(&c->plan, bytes_part(whole, 0, c->csv.rest.origin - whole.origin), ' ',
                   "headings and lines before the table");
    for (c->csv.wanted = 0; csv_next(&c->csv, &c->row); ) {
        for (size_t i = 0; i < c->row.count; i++)
            if (c->row.fields[i].len > 0)
                take_field(c, i, bytes_part(whole, (uint64_t)(c->row.fields[i].at - (const char *)whole.at),
                                            c->row.fields[i].len));
        if (c->row.cut)
            reading_damage(r, c->row.at.origin, (int64_t)c->row.at.len, 1, "a row is longer than any can be");
        const uint64_t at = c->csv.rest.origin - whole.origin;
        if (r->passed && at - passed >= PASSED_STEP) {
            passed = at;
            r->passed(r, c->csv.rest.origin);
        }
    }
    return PARSE_OK;
}
