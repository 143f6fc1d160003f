#include "scrub/mark.h"
#include "scrub/plan_log.h"

#include "flightlog/dataflash_format.h"
#include "flightlog/dataflash_frame.h"
#include "scrub/coordinate.h"

enum { PASSED_STEP = 1 << 20, LINE_MAX_BYTES = 4096, FMT_NAME = 2, FMT_LETTERS = 6, FMT_COLUMNS = 22 };

struct dataflash_plan {
    struct plan plan;
    struct dataflash_format formats[DATAFLASH_FORMATS_MAX];
    uint8_t kind[DATAFLASH_FORMATS_MAX][DATAFLASH_COLUMNS_MAX];  /* enum scrub_kind */
    uint8_t axis[DATAFLASH_FORMATS_MAX][DATAFLASH_COLUMNS_MAX];
    uint8_t wanted[DATAFLASH_FORMATS_MAX][DATAFLASH_COLUMNS_MAX]; /* columns of binary records that are looked at */
    uint8_t wanted_count[DATAFLASH_FORMATS_MAX];
    bool parameters[DATAFLASH_FORMATS_MAX];                      /* records of which all columns are */
};

static bool is_text(char letter)
{
    return letter == 'n' || letter == 'N' || letter == 'Z';
}

/* Weeks and milliseconds since 1980 (GPS), and UTC. */
static bool is_time(const struct dataflash_format *f, unsigned column)
{
    return text_equal(f->columns[column], TEXT("GWk")) || text_equal(f->columns[column], TEXT("GMS")) ||
           text_equal(f->columns[column], TEXT("Week")) || text_equal(f->columns[column], TEXT("WeekMS")) ||
           text_equal(f->columns[column], TEXT("UTC"));
}

static bool is_parameters(const struct dataflash_format *f) { return text_equal(f->name, TEXT("PARM")); }

/* Of most records nothing goes: whatever is asked of a column is asked once. */
static void note_wanted(struct dataflash_plan *d, const struct dataflash_format *f)
{
    uint8_t *count = &d->wanted_count[f->type];

    *count = 0;
    d->parameters[f->type] = is_parameters(f);
    for (unsigned i = 0; i < f->count; i++)
        if (d->parameters[f->type] || d->axis[f->type][i] != AXIS_NONE || d->kind[f->type][i] != SCRUB_KIND_COUNT ||
            is_text(f->letters[i]))
            d->wanted[f->type][(*count)++] = (uint8_t)i;
}

static void learn(struct dataflash_plan *d, const struct dataflash_format *f)
{
    static const char *const homes[] = { "ORGN", "HOME", "RALY", "TERR" };

    for (unsigned i = 0; i < f->count; i++) {
        const char letter = f->letters[i];
        const bool number = letter == 'L' || letter == 'f' || letter == 'd';
        enum scrub_kind kind = scrub_kind_of_name(f->columns[i]);
        const enum axis axis = number ? scrub_axis_of_name(f->columns[i]) : AXIS_NONE;
        const bool coordinate = axis == AXIS_LATITUDE || axis == AXIS_LONGITUDE;
        if (coordinate && (text_equal(f->name, text_of(homes[0])) || text_equal(f->name, text_of(homes[1]))))
            kind = SCRUB_OPERATOR;
        /* A letter for degrees times ten millions in a column of any name. */
        if (letter == 'L' && !coordinate && kind == SCRUB_KIND_COUNT)
            kind = SCRUB_POSITION;
        /* Halves of a number of 16 bytes, each a whole number. */
        const bool node = text_equal(f->name, TEXT("CAND")) && text_starts_with(f->columns[i], TEXT("UID"));
        if (node)
            kind = SCRUB_SERIAL;
        if (is_time(f, i))
            kind = SCRUB_TIME;
        d->axis[f->type][i] = coordinate ? (uint8_t)axis : AXIS_NONE;
        d->kind[f->type][i] = (uint8_t)(coordinate || node || letter == 'L' || is_text(letter) ||
                                        kind == SCRUB_TIME ? kind : SCRUB_KIND_COUNT);
    }
    note_wanted(d, f);
}

static const char *what_of(const struct dataflash_format *f, char into[16])
{
    size_t n = f->name.len < 8 ? f->name.len : 8;

    memcpy(into, f->name.at, n);
    memcpy(into + n, " record", 7);
    into[n + 7] = '\0';
    return into;
}

/* PARM: Name, Value, in later logs Default.  SCRUB_KIND_COUNT for other records. */
static enum scrub_kind kind_of_parameter_in(const struct dataflash_record *record)
{
    const int name = is_parameters(record->format) ? dataflash_column(record->format, "Name") : -1;

    return name < 0 ? SCRUB_KIND_COUNT : scrub_kind_of_parameter(dataflash_text(record, name));
}

static bool is_value_of_parameter(const struct dataflash_format *f, unsigned column)
{
    return text_equal(f->columns[column], TEXT("Value")) || text_equal(f->columns[column], TEXT("Default"));
}

/* Binary */

static void take_column(struct dataflash_plan *d, const struct dataflash_format *f, unsigned i, struct bytes value)
{
    const enum scrub_kind kind = (enum scrub_kind)d->kind[f->type][i];
    const enum axis axis = (enum axis)d->axis[f->type][i];
    const char letter = f->letters[i];
    char what[16];

    if (axis != AXIS_NONE)
        plan_coordinate(&d->plan, value, letter == 'L' ? COORDINATE_I32_1E7 : letter == 'f' ? COORDINATE_F32_DEG : COORDINATE_F64_DEG, false,
                        axis, kind, what_of(f, what));
    else if (kind != SCRUB_KIND_COUNT)
        plan_fill(&d->plan, value, 0, kind, what_of(f, what));
    else if (is_text(letter))
        plan_free_text(&d->plan, value, ' ', what_of(f, what));
}

static void take_columns(struct dataflash_plan *d, const struct dataflash_frame *frame, struct bytes body)
{
    const struct dataflash_format *f = &d->formats[frame->type];
    enum scrub_kind parameter = SCRUB_KIND_COUNT;

    if (d->parameters[frame->type]) {
        const struct dataflash_record record = { .format = &d->formats[frame->type], .where = frame->whole,
                                                 .body = body };
        parameter = kind_of_parameter_in(&record);
    }
    for (unsigned n = 0; n < d->wanted_count[frame->type]; n++) {
        const unsigned i = d->wanted[frame->type][n];
        const uint64_t end = i + 1 < f->count ? f->offset[i + 1] : body.len;
        const struct bytes value = bytes_part(body, f->offset[i], end - f->offset[i]);
        if (parameter != SCRUB_KIND_COUNT && is_value_of_parameter(f, i))
            plan_fill(&d->plan, value, 0, parameter, "parameter");
        else
            take_column(d, f, i, value);
    }
}

static void take_frame(struct dataflash_plan *d, struct dataflash_walk *w, const struct dataflash_frame *frame)
{
    const struct bytes body = bytes_part(frame->whole, DATAFLASH_HEAD, UINT64_MAX);

    if (frame->type == DATAFLASH_FMT) {
        const uint8_t type = body.len > 1 ? body.at[0] : 0, bytes = body.len > 1 ? body.at[1] : 0;
        if (dataflash_format_set(&d->formats[type], d->plan.r->arena, type, bytes,
                                 text_of_padded(bytes_part(body, FMT_NAME, 4)),
                                 text_of_padded(bytes_part(body, FMT_LETTERS,
                                                           16)), text_of_padded(bytes_part(body, FMT_COLUMNS, 64)))) {
            learn(d, &d->formats[type]);
            w->bytes[type] = bytes;
        } else if (type != DATAFLASH_FMT) {
            reading_damage(d->plan.r, frame->whole.origin, (int64_t)frame->whole.len, 1,
                           "a format that makes no sense");
        }
        return;
    }
    if (d->wanted_count[frame->type] > 0)
        take_columns(d, frame, body);
}

static void say_lost(struct dataflash_plan *d, struct bytes whole, const struct dataflash_frame *frame)
{
    if (frame->lost_bytes == 0)
        return;
    reading_damage(d->plan.r, frame->lost_at, (int64_t)frame->lost_bytes, FACT_UNKNOWN_INT,
                   "bytes of the log that are no record");
    plan_fill(&d->plan, bytes_part(whole, frame->lost_at - whole.origin, frame->lost_bytes), 0, SCRUB_POSITION,
              "bytes that are no record");
}

static const struct dataflash_format *message_format(const struct dataflash_plan *d)
{
    for (size_t i = 0; i < DATAFLASH_FORMATS_MAX; i++)
        if (d->formats[i].known && text_equal(d->formats[i].name, TEXT("MSG")) &&
            dataflash_column(&d->formats[i], "Message") >= 0)
            return &d->formats[i];
    return NULL;
}

/* A message at the time of the last record. */
static void mark(struct dataflash_plan *d, struct bytes whole, struct bytes last)
{
    enum { TEXT_BYTES = 64, TIME_BYTES = 8, HEAD = 3 };
    const struct dataflash_format *f = message_format(d), *of_last = last.len > HEAD ? &d->formats[last.at[2]] : NULL;
    const int column = f ? dataflash_column(f, "Message") : -1;

    if (column < 0 || f->letters[column] != 'Z' || f->bytes < HEAD + f->offset[column] + TEXT_BYTES)
        return;
    uint8_t *record = arena_alloc(d->plan.r->arena, 1, f->bytes);
    if (!record)
        return;
    memcpy(record, "\xa3\x95", 2);
    record[2] = f->type;
    if (f->letters[0] == 'Q' && of_last->known && of_last->letters[0] == 'Q' && last.len >= HEAD + TIME_BYTES)
        memcpy(record + HEAD, last.at + HEAD, TIME_BYTES);
    memcpy(record + HEAD + f->offset[column], SCRUB_MARK, sizeof SCRUB_MARK - 1);
    plan_mark(&d->plan, bytes_part(whole, whole.len, 0), record, f->bytes);
}

enum parse_status plan_dataflash(struct reading *r, struct bytes whole)
{
    struct dataflash_plan *d = arena_alloc(r->arena, 1, sizeof *d);
    struct dataflash_frame frame = { 0 };
    struct dataflash_walk walk;
    struct bytes last = { .len = 0 };
    size_t passed = 0;

    if (!d)
        return PARSE_INVALID;
    d->plan = plan_begin(r);
    dataflash_walk_init(&walk, whole);
    while (dataflash_walk_next(&walk, &frame)) {
        say_lost(d, whole, &frame);
        take_frame(d, &walk, &frame);
        last = frame.whole;
        if (r->passed && walk.at - passed >= PASSED_STEP) {
            passed = walk.at;
            r->passed(r, whole.origin + passed);
        }
    }
    say_lost(d, whole, &frame);
    if (frame.lost_bytes == 0 && plan_marks(&d->plan))
        mark(d, whole, last);
    return frame.lost_bytes > 0 && frame.lost_to_cut ? PARSE_TRUNCATED : PARSE_OK;
}

/* Text: "NAME, value, value"; FMT lines say which columns a name has. */

static struct bytes next_line(struct bytes whole, size_t *at)
{
    const uint8_t *end = memchr(whole.at + *at, '\n', whole.len - *at);
    struct bytes line = bytes_part(whole, *at, end ? (uint64_t)(end - whole.at) - *at : UINT64_MAX);

    *at += line.len + (end ? 1 : 0);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static struct dataflash_format *format_of(struct dataflash_plan *d, struct text name)
{
    for (size_t i = 0; i < DATAFLASH_FORMATS_MAX; i++)
        if (d->formats[i].known && text_equal(d->formats[i].name, name))
            return &d->formats[i];
    return NULL;
}

static bool take_fmt_line(struct dataflash_plan *d, struct text rest)
{
    int64_t type, bytes;

    if (!text_to_int(dataflash_value(&rest), 0, UINT8_MAX, &type) ||
        !text_to_int(dataflash_value(&rest), 0, UINT8_MAX, &bytes))
        return false;
    const struct text name = dataflash_value(&rest), letters = dataflash_value(&rest);
    if (!dataflash_format_set(&d->formats[type], d->plan.r->arena, (uint8_t)type, 0, name, letters, rest))
        return type == DATAFLASH_FMT;
    learn(d, &d->formats[type]);
    return true;
}

static void take_value(struct dataflash_plan *d, const struct dataflash_format *f, unsigned i, struct bytes value)
{
    const enum scrub_kind kind = (enum scrub_kind)d->kind[f->type][i];
    const enum axis axis = (enum axis)d->axis[f->type][i];
    char what[16];

    if (axis != AXIS_NONE)
        plan_coordinate_text(&d->plan, value, axis, kind, what_of(f, what));
    else if (kind == SCRUB_SERIAL || kind == SCRUB_NAME || (kind == SCRUB_POSITION && is_text(f->letters[i])))
        plan_fill(&d->plan, value, ' ', kind, what_of(f, what));
    else if (kind != SCRUB_KIND_COUNT)
        plan_fill(&d->plan, value, '0', kind, what_of(f, what));
    else if (is_text(f->letters[i]))
        plan_free_text(&d->plan, value, ' ', what_of(f, what));
}

static bool take_line(struct dataflash_plan *d, struct bytes line)
{
    struct text rest = text_of_bytes(line);
    const struct text name = dataflash_value(&rest);

    if (text_equal(name, TEXT("FMT")))
        return take_fmt_line(d, rest);
    struct dataflash_format *f = name.len ? format_of(d, name) : NULL;
    if (!f)
        return false;
    struct dataflash_record record = { .format = f, .where = line, .is_text = true };
    dataflash_split(&record, rest);
    if (record.value_count != f->count)
        return false;
    const enum scrub_kind parameter = kind_of_parameter_in(&record);
    for (unsigned i = 0; i < f->count; i++) {
        const struct text v = record.values[i];
        if (!text_known(v))
            continue;
        const struct bytes value = bytes_part(line, (uint64_t)(v.at - (const char *)line.at), v.len);
        if (parameter != SCRUB_KIND_COUNT && is_value_of_parameter(f, i))
            plan_fill(&d->plan, value, '0', parameter, "parameter");
        else
            take_value(d, f, i, value);
    }
    return true;
}

static void mark_text(struct dataflash_plan *d, struct bytes whole)
{
    const struct dataflash_format *f = message_format(d);
    const int column = f ? dataflash_column(f, "Message") : -1;
    struct text line = TEXT("MSG");

    if (column < 0 || (unsigned)column != f->count - 1)
        return;
    for (unsigned i = 0; i + 1 < f->count && text_known(line); i++)
        line = arena_printf(d->plan.r->arena, "%.*s, 0", (int)line.len, line.at);
    if (text_known(line))
        line = arena_printf(d->plan.r->arena, "%s%.*s, " SCRUB_MARK "\n", whole.at[whole.len - 1] == '\n' ? "" : "\n",
                            (int)line.len, line.at);
    if (text_known(line))
        plan_mark(&d->plan, bytes_part(whole, whole.len, 0), line.at, line.len);
}

enum parse_status plan_dataflash_text(struct reading *r, struct bytes whole)
{
    struct dataflash_plan *d = arena_alloc(r->arena, 1, sizeof *d);
    size_t at = 0, passed = 0;

    if (!d)
        return PARSE_INVALID;
    d->plan = plan_begin(r);
    while (at < whole.len) {
        const struct bytes line = next_line(whole, &at);
        if (line.len > 0 && (line.len > LINE_MAX_BYTES || !take_line(d, line))) {
            reading_damage(r, line.origin, (int64_t)line.len, 1, "a line of the log that fits no kind of record");
            plan_fill(&d->plan, line, ' ', SCRUB_POSITION, "line that fits no kind of record");
        }
        if (r->passed && at - passed >= PASSED_STEP) {
            passed = at;
            r->passed(r, whole.origin + passed);
        }
    }
    if (whole.len > 0 && plan_marks(&d->plan))
        mark_text(d, whole);
    return PARSE_OK;
}
