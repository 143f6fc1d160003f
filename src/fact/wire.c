#include "fact/wire.h"

#include <endian.h>

/* A row is: u32 length of the rest | u8 kind | i64 number | origin | fields in table order.
 * Integers are little-endian; REAL travels as its 64 bits; TEXT and JSON as u32 length + 1
 * (0: unknown) and bytes; LIST as u32 count + 1 (0: unknown) and texts.
 *
 * Behind the fields of a position others may follow, which say by a number what they have in common with those before:
 * u8 form | where it is a new one: i64 flight, media | TEXT subject, time_basis, alt_ref, step
 * i64 number, offset, length, time | f64 longitude, latitude, altitude, pitch, roll, yaw | TEXT time_local.
 * Form 0 is that of the first of them; a new one has the next number. */

static inline uint8_t *put_u32(uint8_t *to, uint32_t value)
{
    value = htole32(value);
    memcpy(to, &value, sizeof value);
    return to + sizeof value;
}

static inline uint8_t *put_i64(uint8_t *to, int64_t value)
{
    const uint64_t little = htole64((uint64_t)value);

    memcpy(to, &little, sizeof little);
    return to + sizeof little;
}

static inline uint8_t *put_text(uint8_t *to, struct text t)
{
    if (!text_known(t))
        return put_u32(to, 0);
    to = put_u32(to, (uint32_t)t.len + 1);
    return t.len == 0 ? to : (uint8_t *)memcpy(to, t.at, t.len) + t.len;
}

static uint8_t *put_list(uint8_t *to, struct text_list list)
{
    if (!list.items)
        return put_u32(to, 0);
    to = put_u32(to, (uint32_t)list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        to = put_text(to, list.items[i]);
    return to;
}

static inline uint8_t *put_field(uint8_t *to, enum fact_type type, const void *at)
{
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        return put_text(to, *(const struct text *)at);
    case FACT_TYPE_LIST:
        return put_list(to, *(const struct text_list *)at);
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        return put_i64(to, *(const int64_t *)at);
    case FACT_TYPE_REAL: {
        int64_t bits;
        memcpy(&bits, at, sizeof bits);
        return put_i64(to, bits);
    }
    }
    return to;
}

/* What a value takes; more than WIRE_ROW_MAX when it is too long. */
static size_t text_bytes(struct text t)
{
    return 4 + (!text_known(t) ? 0 : t.len < WIRE_ROW_MAX ? t.len : WIRE_ROW_MAX);
}

static size_t list_bytes(struct text_list list)
{
    size_t total = 4;

    for (size_t i = 0; list.items && i < list.count && total <= WIRE_ROW_MAX; i++)
        total += text_bytes(list.items[i]);
    return total;
}

/* Sizes are added up first, so that a row is written in one go, without asking for room at every value. */
static size_t row_bytes(const struct fact_table *table, const void *row)
{
    enum { HEAD = 1 + 8 + 4 * 8 }; /* kind, number, origin without its steps */
    size_t total = HEAD + list_bytes(((const struct fact_head *)row)->origin.steps);

    for (size_t i = 0; i < table->field_count && total <= WIRE_ROW_MAX; i++) {
        const void *at = (const char *)row + table->fields[i].offset;
        const enum fact_type type = table->fields[i].type;
        if (type == FACT_TYPE_TEXT || type == FACT_TYPE_JSON)
            total += text_bytes(*(const struct text *)at);
        else if (type == FACT_TYPE_LIST)
            total += list_bytes(*(const struct text_list *)at);
        else
            total += 8;
    }
    return total;
}

bool wire_encode(struct buffer *to, enum fact_kind kind, const void *row, int64_t number)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_origin *origin = &((const struct fact_head *)row)->origin;
    const size_t length = row_bytes(table, row);
    const bool overflowed = to->overflowed;
    uint8_t *at = length > WIRE_ROW_MAX ? NULL : buffer_extend(to, 4 + length);

    to->overflowed = overflowed;
    if (!at)
        return false;
    at = put_u32(at, (uint32_t)length);
    *at++ = (uint8_t)kind;
    at = put_i64(at, number);
    at = put_i64(at, origin->offset);
    at = put_i64(at, origin->length);
    at = put_i64(at, origin->packet_first);
    at = put_i64(at, origin->packet_last);
    at = put_list(at, origin->steps);
    for (size_t i = 0; i < table->field_count; i++)
        at = put_field(at, table->fields[i].type, (const char *)row + table->fields[i].offset);
    return true;
}

enum { RUN_BYTES_MAX = 32 * 1024, MORE_BYTES = 10 * 8, FORM_BYTES = 2 * 8 };

void wire_run_init(struct wire_run *run, struct buffer *to)
{
    run->to = to;
    run->at = SIZE_MAX;
}

void wire_run_end(struct wire_run *run)
{
    run->at = SIZE_MAX;
}

static struct text copy_text(char **to, struct text t)
{
    if (!text_known(t) || t.len == 0)
        return t;
    const struct text copy = { .at = *to, .len = t.len };
    memcpy(*to, t.at, t.len);
    *to += t.len;
    return copy;
}

static struct text first_step(const struct fact_position *p)
{
    return p->head.origin.steps.count > 0 ? p->head.origin.steps.items[0] : TEXT_UNKNOWN;
}

/* Packets, and rows of other than a single decoding step, are rare among positions. */
static bool can_run(const struct fact_position *p)
{
    return p->head.origin.steps.count <= 1 && !fact_known_int(p->head.origin.packet_first) &&
           !fact_known_int(p->head.origin.packet_last);
}

static bool form_keep(struct wire_run_form *f, const struct fact_position *p)
{
    char *to = f->texts;
    const struct text step = first_step(p);

    if (step.len + p->subject.len + p->time_basis.len + p->alt_ref.len > sizeof f->texts)
        return false;
    f->form.flight = p->flight;
    f->form.media = p->media;
    f->form.subject = copy_text(&to, p->subject);
    f->form.time_basis = copy_text(&to, p->time_basis);
    f->form.alt_ref = copy_text(&to, p->alt_ref);
    f->form.step = copy_text(&to, step);
    return true;
}

/* The row at `at` can be gone on with by other positions. */
static void run_begin(struct wire_run *run, const struct fact_position *p, size_t at)
{
    const bool begins = can_run(p) && form_keep(&run->forms[0], p);

    run->at = begins ? at : SIZE_MAX;
    run->count = begins;
    run->newest = 0;
}

static inline bool form_fits(const struct wire_form *f, const struct fact_position *p)
{
    return p->flight == f->flight && p->media == f->media && text_equal(p->subject, f->subject) &&
           text_equal(p->time_basis, f->time_basis) && text_equal(p->alt_ref, f->alt_ref) &&
           text_equal(first_step(p), f->step);
}

/* The number of the row's form; run->count when it is a new one, WIRE_FORMS_MAX when that cannot be kept. */
static unsigned form_of(struct wire_run *run, const struct fact_position *p)
{
    if (form_fits(&run->forms[run->newest].form, p))
        return run->newest;
    for (unsigned i = 0; i < run->count; i++)
        if (form_fits(&run->forms[i].form, p))
            return i;
    return run->count < WIRE_FORMS_MAX && form_keep(&run->forms[run->count], p) ? run->count : WIRE_FORMS_MAX;
}

static bool run_is_open(const struct wire_run *run, const struct fact_position *p)
{
    return run->at != SIZE_MAX && can_run(p) && run->to->len - run->at < RUN_BYTES_MAX &&
        p->time_local.len < RUN_BYTES_MAX;
}

static uint8_t *put_form(uint8_t *to, const struct wire_form *f)
{
    to = put_i64(to, f->flight);
    to = put_i64(to, f->media);
    to = put_text(to, f->subject);
    to = put_text(to, f->time_basis);
    to = put_text(to, f->alt_ref);
    return put_text(to, f->step);
}

static size_t form_bytes(const struct wire_form *f)
{
    return FORM_BYTES + text_bytes(f->subject) + text_bytes(f->time_basis) + text_bytes(f->alt_ref) +
        text_bytes(f->step);
}

static inline uint8_t *put_f64(uint8_t *to, double value)
{
    int64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return put_i64(to, bits);
}

static bool run_on(struct wire_run *run, const struct fact_position *p, unsigned form, int64_t number)
{
    const struct wire_form *new_form = form == run->count ? &run->forms[form].form : NULL;
    const bool overflowed = run->to->overflowed;
    uint8_t *to = buffer_extend(run->to,
                                1 + (new_form ? form_bytes(new_form) : 0) + MORE_BYTES + text_bytes(p->time_local));

    run->to->overflowed = overflowed;
    if (!to)
        return false;
    *to++ = (uint8_t)form;
    if (new_form)
        to = put_form(to, new_form);
    to = put_i64(to, number);
    to = put_i64(to, p->head.origin.offset);
    to = put_i64(to, p->head.origin.length);
    to = put_i64(to, p->time);
    to = put_f64(to, p->longitude_deg);
    to = put_f64(to, p->latitude_deg);
    to = put_f64(to, p->altitude_m);
    to = put_f64(to, p->pitch_deg);
    to = put_f64(to, p->roll_deg);
    to = put_f64(to, p->yaw_deg);
    put_text(to, p->time_local);
    put_u32(run->to->at + run->at, (uint32_t)(run->to->len - run->at - 4));
    run->count += new_form != NULL;
    run->newest = form;
    return true;
}

bool wire_put(struct wire_run *run, enum fact_kind kind, const void *row, int64_t number)
{
    const size_t at = run->to->len;

    if (kind == FACT_POSITION && run_is_open(run, row)) {
        const unsigned form = form_of(run, row);
        if (form < WIRE_FORMS_MAX)
            return run_on(run, row, form, number);
    }
    run->at = SIZE_MAX;
    if (!wire_encode(run->to, kind, row, number))
        return false;
    if (kind == FACT_POSITION)
        run_begin(run, row, at);
    return true;
}

static struct text take_text(struct cursor *c)
{
    const uint32_t n = cursor_u32le(c);

    if (n == 0)
        return TEXT_UNKNOWN;
    return text_of_bytes(cursor_take(c, n - 1));
}

static struct text_list take_list(struct cursor *c, struct arena *arena)
{
    const uint32_t n = cursor_u32le(c);
    struct text_list none = { NULL, 0 };

    /* Every text takes four bytes at least: a larger count is a lie. */
    if (n == 0 || n - 1 > c->rest.len / 4) {
        c->failed |= n != 0;
        return none;
    }
    struct text *items = arena_alloc(arena, n, sizeof *items);
    if (!items) {
        c->failed = true;
        return none;
    }
    for (uint32_t i = 0; i < n - 1; i++)
        items[i] = take_text(c);
    return (struct text_list){ .items = items, .count = n - 1 };
}

static void take_field(struct cursor *c, struct arena *arena, enum fact_type type, void *at)
{
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        *(struct text *)at = take_text(c);
        break;
    case FACT_TYPE_LIST:
        *(struct text_list *)at = take_list(c, arena);
        break;
    case FACT_TYPE_BOOL: {
        const int64_t value = cursor_i64le(c);
        *(int64_t *)at = fact_known_int(value) ? value != 0 : value;
        break;
    }
    case FACT_TYPE_INT: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        *(int64_t *)at = cursor_i64le(c);
        break;
    case FACT_TYPE_REAL:
        *(double *)at = cursor_f64le(c);
        break;
    }
}

static void more_begin(struct wire_more *more, const struct fact_position *row)
{
    more->forms[0] = (struct wire_form){
        .flight = row->flight, .media = row->media, .subject = row->subject, .time_basis = row->time_basis,
        .alt_ref = row->alt_ref, .step = first_step(row),
    };
    more->count = 1;
    more->newest = 0;
}

enum parse_status wire_decode(struct cursor *c, struct arena *arena, enum fact_kind *ret_kind, void **ret_row,
                              struct wire_more *ret_more)
{
    const uint32_t length = cursor_u32le(c);
    struct cursor in = cursor_over(cursor_take(c, length));

    if (c->failed)
        return PARSE_TRUNCATED;
    if (length > WIRE_ROW_MAX)
        return PARSE_INVALID;
    const uint8_t kind = cursor_u8(&in);
    if (in.failed || kind >= FACT_KIND_COUNT)
        return PARSE_INVALID;

    const struct fact_table *table = &fact_tables[kind];
    void *row = arena_alloc(arena, 1, table->row_bytes);
    if (!row)
        return PARSE_INVALID;
    struct fact_head *head = row;
    head->number = cursor_i64le(&in);
    head->origin.offset = cursor_i64le(&in);
    head->origin.length = cursor_i64le(&in);
    head->origin.packet_first = cursor_i64le(&in);
    head->origin.packet_last = cursor_i64le(&in);
    head->origin.steps = take_list(&in, arena);
    for (size_t i = 0; i < table->field_count; i++)
        take_field(&in, arena, table->fields[i].type, (char *)row + table->fields[i].offset);
    if (in.failed || (in.rest.len != 0 && kind != FACT_POSITION) || head->number <= 0)
        return PARSE_INVALID;
    *ret_kind = (enum fact_kind)kind;
    *ret_row = row;
    ret_more->rest = in;
    ret_more->count = 0;
    if (in.rest.len > 0)
        more_begin(ret_more, row);
    return PARSE_OK;
}

static void take_form(struct cursor *c, struct wire_form *ret)
{
    ret->flight = cursor_i64le(c);
    ret->media = cursor_i64le(c);
    ret->subject = take_text(c);
    ret->time_basis = take_text(c);
    ret->alt_ref = take_text(c);
    ret->step = take_text(c);
}

static void become(struct fact_position *row, const struct wire_form *f)
{
    row->flight = f->flight;
    row->media = f->media;
    row->subject = f->subject;
    row->time_basis = f->time_basis;
    row->alt_ref = f->alt_ref;
    row->head.origin.steps = (struct text_list){ text_known(f->step) ? &f->step : NULL, text_known(f->step) };
}

enum parse_status wire_more(struct wire_more *more, struct fact_position *row)
{
    struct cursor *c = &more->rest;
    const unsigned form = cursor_u8(c);

    if (form > more->count || form == WIRE_FORMS_MAX)
        return PARSE_INVALID;
    if (form == more->count)
        take_form(c, &more->forms[more->count++]);
    if (form != more->newest)
        become(row, &more->forms[form]);
    more->newest = form;

    struct cursor numbers = cursor_over(cursor_take(c, MORE_BYTES));
    if (numbers.rest.len != MORE_BYTES) /* asked once, so that each need not be */
        return PARSE_INVALID;
    row->head.number = cursor_i64le(&numbers);
    row->head.origin.offset = cursor_i64le(&numbers);
    row->head.origin.length = cursor_i64le(&numbers);
    row->time = cursor_i64le(&numbers);
    row->longitude_deg = cursor_f64le(&numbers);
    row->latitude_deg = cursor_f64le(&numbers);
    row->altitude_m = cursor_f64le(&numbers);
    row->pitch_deg = cursor_f64le(&numbers);
    row->roll_deg = cursor_f64le(&numbers);
    row->yaw_deg = cursor_f64le(&numbers);
    row->time_local = take_text(c);
    row->head.id = TEXT_UNKNOWN; /* the row before may have been given them */
    row->head.evidence = TEXT_UNKNOWN;
    return c->failed || row->head.number <= 0 ? PARSE_INVALID : PARSE_OK;
}
