#include "flightlog/json_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/memory.h"
#include "flightlog/json_log_rows.h"
#include "flightlog/json_objects.h"
#include "flightlog/json_rows.h"
#include "flightlog/json_shape.h"
#include "flightlog/log_clock.h"

enum { LOOK_BYTES = 64 * 1024, DOCUMENTS_MAX = 64 }; /* one behind the other in one file; more are read as one */

bool json_log_recognise(struct bytes whole)
{
    return json_shape_of(whole).shape != SHAPE_NONE || json_objects_recognise(whole);
}

/* First pass: what is said once, and the names of the columns */

static void keep_name(struct json_log *log, struct text name)
{
    if (log->names->count < JSON_COLUMNS_MAX)
        log->names->fields[log->names->count++] = arena_text(log->rows.r->arena, name);
}

/* A column of rows that lie behind the document: {"name": "time", "type": "integer", "size": 4}. */
static void gather_pud(struct json_log *log, const struct json_event *e)
{
    struct pud *p = &log->pud;
    struct pud_column *column = p->count > 0 ? &p->columns[p->count - 1] : NULL;

    if (e->kind == JSON_OBJECT && json_event_is(e, 0, "details_headers[]") && p->count < PUD_COLUMNS_MAX) {
        p->columns[p->count++] = (struct pud_column){ PUD_UNKNOWN, 0 };
        log->names->fields[log->names->count++] = TEXT("");
    } else if (column && e->kind == JSON_TEXT && json_event_is(e, 0, "details_headers[].name")) {
        log->names->fields[p->count - 1] = arena_text(log->rows.r->arena, e->text);
        if (text_equal(e->text, TEXT("time")))
            p->time = (int)p->count - 1;
    } else if (column && e->kind == JSON_TEXT && json_event_is(e, 0, "details_headers[].type")) {
        column->type = pud_type_of(e->text);
    } else if (column && e->kind == JSON_NUMBER && json_event_is(e, 0, "details_headers[].size")) {
        if (!text_to_int(e->text, 1, 8, &column->bytes))
            column->bytes = 0;
    }
}

static bool gather(void *user, const struct json_event *e)
{
    struct json_log *log = user;

    if (log->shape == SHAPE_PARROT && e->depth > 0)
        gather_pud(log, e);
    if (e->kind != JSON_TEXT)
        return true;
    if (e->depth > log->from && json_event_is(e, log->from, json_shapes[log->shape].names))
        keep_name(log, e->text);
    else if (e->depth > log->from && e->depth < log->from + 6)
        json_said_keep(&log->said, log->shape, e, log->from, log->rows.r->arena);
    return true;
}

/* Second pass: the rows, and the payloads */

static void put_payload(struct json_log *log)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = fact_origin_at(log->payload_at.origin, log->payload_at.len);
    device.role = TEXT("camera");
    device.model = log->payload_model;
    device.serial = log->payload_serial;
    flight_rows_device(&log->rows, &device);
    log->payload_model = log->payload_serial = TEXT_UNKNOWN;
}

static void take_payload(struct json_log *log, const struct json_event *e)
{
    static const char model[] = "exchange.message.flight_data.payload[].model",
        camera_model[] = "exchange.message.flight_data.payload.camera.model",
        serial[] = "exchange.message.flight_data.payload[].serial_number", camera_serial[] =
            "exchange.message.flight_data.payload.camera.serial_number";

    if (e->text.len == 0)
        return;
    if (json_event_is(e, log->from, model) || json_event_is(e, log->from, camera_model)) {
        log->payload_model = arena_text(log->rows.r->arena, e->text);
        log->payload_at = e->at;
    } else if (json_event_is(e, log->from, serial) || json_event_is(e, log->from, camera_serial)) {
        log->payload_serial = arena_text(log->rows.r->arena, e->text);
        log->payload_at = e->at;
    }
}

static bool put(void *user, const struct json_event *e)
{
    struct json_log *log = user;
    const bool scalar = e->kind == JSON_NUMBER || e->kind == JSON_TEXT || e->kind == JSON_BOOLEAN ||
        e->kind == JSON_NULL;
    const struct json_shape_paths *paths = &json_shapes[log->shape];
    const size_t rows_len = strlen(paths->rows) - 2;
    char row_path[96];

    memcpy(row_path, paths->rows, rows_len);
    row_path[rows_len] = '\0';
    if (e->depth <= log->from)
        return true;
    if (scalar && json_event_is(e, log->from, paths->rows)) {
        json_log_take_value(log, e);
    } else if (log->in_row && (e->kind == JSON_ARRAY || e->kind == JSON_OBJECT)) {
        log->broken = true; /* its end is lost: all that follows would lie inside it */
        return false;
    } else if (e->kind == JSON_ARRAY && json_event_is(e, log->from, row_path)) {
        log->column = 0;
        log->in_row = true;
        log->row_time = FLIGHT_TIME_UNKNOWN;
        log->row_from = e->at.origin;
    } else if (e->kind == JSON_ARRAY_END && json_event_is(e, log->from, row_path)) {
        json_log_put_row(log, e->at.origin + e->at.len);
        json_log_pass(log, e->at.origin);
    } else if (e->kind == JSON_TEXT) {
        take_payload(log, e);
    } else if (e->kind == JSON_OBJECT_END && log->shape == SHAPE_GUTMA &&
               (json_event_is(e, log->from, "exchange.message.flight_data.payload[]") ||
                json_event_is(e, log->from, "exchange.message.flight_data.payload.camera"))) {
        put_payload(log);
    }
    return true;
}

/* What is said once */

static void read_start(struct json_log *log)
{
    struct text t = log->said.text[SAID_START];
    struct log_clock clock;

    log->start_ns = FACT_UNKNOWN_INT;
    if (!log_clock_take(&t, &clock) || !clock.has_date || !clock.has_time)
        return;
    log->start_ns = clock.ns;
    log->start_utc = clock.zoned;
}

static void note(struct json_log *log, bool columns)
{
    struct flight_rows *f = &log->rows;

    flight_rows_note(f, log->shape == SHAPE_GUTMA ? "A flight log in the exchange form of GUTMA: %" PRId64 " rows." :
                     "Parrot's flight data, untested on real files: %" PRId64 " rows.", log->rows_read);
    if (log->dated > 0)
        flight_rows_note(f, "Its rows have dates, as Yuneec's DataPilot writes them: a form that is untested on real files.");
    if (!columns)
        flight_rows_note(f, "Its columns are not named, or none of them is a place: positions are not read.");
    if (log->without_position > 0)
        flight_rows_note(f, "%" PRId64 " rows hold no position.", log->without_position);
    if (log->shape == SHAPE_PARROT)
        flight_rows_note(f, "Heights are left out: their unit is not known surely.");
    if (f->path.points > 0 && !f->time_basis)
        flight_rows_note(f, "When it began is not told: times are unknown.");
    if (fact_known_int(f->path.first_utc_ns))
        f->row.time_basis = TEXT("utc");
}

/* Behind damage */

/* Reads rows behind `from`, where the document is none any more, and says what lies between them. */
static void read_on(struct json_log *log, uint64_t from)
{
    struct bytes rest = bytes_part(log->document, from - log->document.origin, UINT64_MAX);
    size_t len;

    log->width = log->width ? log->width : log->names->count < JSON_COLUMNS_MAX ? log->names->count : 0;
    while (log->width > 0 && rest.len > 0) {
        const struct bytes found = json_rows_find(rest, log->width, log->values);
        reading_damage(log->rows.r, rest.origin, (int64_t)(found.origin - rest.origin), FACT_UNKNOWN_INT,
                       found.len > 0 ?
                       "no rows in these bytes; reading goes on behind them" :
                       "from here on the document is damaged, and was not read");
        for (rest = found; bytes_start_with(rest, "[", 1) && (len = json_row_at(rest, log->width, log->values)) > 0; ) {
            log->column = log->width;
            log->row_from = rest.origin;
            json_log_put_row(log, rest.origin + len);
            json_log_pass(log, rest.origin);
            rest = json_row_behind(bytes_part(rest, len, UINT64_MAX));
        }
        if (bytes_start_with(rest, "]", 1))
            return; /* the end of the list */
    }
    if (log->width == 0)
        reading_damage(log->rows.r, from, (int64_t)rest.len, FACT_UNKNOWN_INT,
                       "from here on it is no JSON, or nested too deep, and was not read");
}

/* Where the names of the columns stand, when the document is damaged ahead of them, or cut off there and others
 * follow. */
static void find_names(struct json_log *log)
{
    const char *path = json_shapes[log->shape].names, *dot = strrchr(path, '.');
    char key[64];
    const int key_len = snprintf(key, sizeof key, "\"%s", dot ? dot + 1 : path) - 2; /* without [] */
    struct bytes whole = log->document;
    const uint8_t *at = whole.len > 0 ? memmem(whole.at, whole.len, key, (size_t)key_len) : NULL;

    if (!at && log->file.len > whole.len) {
        whole = log->file;
        at = memmem(whole.at, whole.len, key, (size_t)key_len);
    }
    if (!at)
        return;
    struct bytes rest = bytes_part(whole, (uint64_t)(at - whole.at), LOOK_BYTES);
    const uint8_t *open = memchr(rest.at, '[', rest.len);
    const uint8_t *close = memchr(rest.at, ']', rest.len);
    for (rest = bytes_part(rest, open ? (uint64_t)(open - rest.at) : UINT64_MAX, UINT64_MAX); rest.len > 0 &&
         rest.at < close; ) {
        const uint8_t *from = memchr(rest.at, '"', (size_t)(close - rest.at));
        const uint8_t *to = from ? memchr(from + 1, '"', (size_t)(close - from - 1)) : NULL;
        if (!to)
            return;
        keep_name(log, (struct text){ .at = (const char *)from + 1, .len = (size_t)(to - from - 1) });
        rest = bytes_part(rest, (uint64_t)(to + 1 - rest.at), UINT64_MAX);
    }
}

/* The second pass ended at `origin`; rows may go on behind it. */
static void report_end(struct json_log *log, enum parse_status status, uint64_t origin)
{
    if (log->broken || status == PARSE_INVALID || status == PARSE_UNSUPPORTED)
        read_on(log, log->in_row ? log->behind_rows ? log->behind_rows : log->row_from : origin);
    else if (status == PARSE_TRUNCATED)
        reading_damage(log->rows.r, log->in_row ? log->row_from : origin, FACT_UNKNOWN_INT,
                       log->in_row ? 1 : FACT_UNKNOWN_INT,
                       "the document ends before its lists do");
}

static bool ignore(void *user, const struct json_event *e)
{
    (void)user;
    (void)e;
    return true;
}

/* Parrot's older form: a whole document, a NUL, and rows.  A NUL within a document is damage. */
static void part_pud(struct json_log *log)
{
    const struct bytes whole = log->whole;
    const uint8_t *nul = memchr(whole.at, '\0', whole.len < LOOK_BYTES ? whole.len : LOOK_BYTES);
    const struct bytes document = bytes_part(whole, 0, nul ? (uint64_t)(nul - whole.at) : 0);

    if (!nul || json_read(document, ignore, NULL, NULL) != PARSE_OK)
        return;
    log->document = document;
    log->pud_rows = bytes_part(whole, document.len + 1, UINT64_MAX);
}

/* One document, which is `whole`, of a file that may hold others. */
static enum parse_status read_one(struct reading *r, struct bytes whole, struct bytes file, struct json_look look)
{
    struct json_log *log;
    uint64_t origin;

    if (!(log = arena_alloc(r->arena, 1, sizeof *log)))
        return PARSE_INVALID;
    log->whole = whole;
    log->file = file;
    log->shape = look.shape;
    log->from = look.from;
    log->names = memory_alloc_array(1, sizeof *log->names);
    log->document = whole;
    log->pud.time = -1;
    if (look.shape == SHAPE_PARROT)
        part_pud(log);
    const bool is_pud = log->document.len < whole.len;
    flight_rows_begin(&log->rows, r, is_pud ? "parrot-pud" : json_shapes[look.shape].format);
    log->rows.paced = !is_pud;
    enum parse_status status = json_read(log->document, gather, log, &origin);
    if (status != PARSE_OK && log->names->count == 0)
        find_names(log);
    read_start(log);
    const bool timed = csv_columns_read(log->names, &log->columns), columns = timed ||
        (log->columns.at[CSV_LATITUDE] >= 0 && log->columns.at[CSV_LONGITUDE] >= 0);
    json_said_put(&log->said, log->shape, &log->rows);
    status = json_read(log->document, put, log, &origin);
    report_end(log, status, origin);
    json_log_put_pud(log);
    note(log, columns);
    flight_rows_end(&log->rows, whole);
    free(log->names);
    return PARSE_OK;
}

enum parse_status json_log_read(struct reading *r, struct bytes whole)
{
    enum parse_status status = PARSE_OK;
    size_t at = 0;

    if (json_shape_of(whole).shape == SHAPE_NONE)
        return json_objects_read(r, whole);
    for (int documents = 1; at < whole.len && status == PARSE_OK; documents++) {
        const struct bytes rest = bytes_part(whole, at, UINT64_MAX);
        const struct json_look look = json_shape_of(rest);
        const size_t len = documents < DOCUMENTS_MAX ? json_next_document(r, rest, look.shape) : rest.len;
        status = read_one(r, bytes_part(rest, 0, len), whole, look);
        at += len;
    }
    return status;
}
