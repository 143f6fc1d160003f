#include "fact/wire_inside.h"

/* Behind the fields of a position or an edit others may follow, which say by a number what they have in common with
 * those before:
 * u8 form | where it is a new one: i64 each of its numbers | TEXT each of its texts
 * i64 number, offset, length | of a position: i64 time | f64 longitude, latitude, altitude, pitch, roll, yaw
 * TEXT: of a position time_local, of an edit bytes.
 * Form 0 is that of the first of them; a new one has the next number. */

enum {
    RUN_BYTES_MAX = 32 * 1024,
    EDIT_BYTES = 3 * 8, POSITION_BYTES = 10 * 8, /* besides form and text */
    FORM_BYTES = WIRE_FORM_NUMBERS * 8,
};

void wire_run_init(struct wire_run *run, struct buffer *to)
{
    run->to = to;
    run->at = SIZE_MAX;
}

void wire_run_end(struct wire_run *run)
{
    run->at = SIZE_MAX;
}

static struct text first_step(const struct fact_head *head)
{
    return head->origin.steps.count > 0 ? head->origin.steps.items[0] : TEXT_UNKNOWN;
}

static inline struct wire_form form_of_row(enum fact_kind kind, const void *row)
{
    const struct fact_position *p = row;
    const struct fact_edit *e = row;

    return kind == FACT_EDIT
        ? (struct wire_form){ { e->fill }, { e->action, e->kind, e->what } }
        : (struct wire_form){ { p->flight, p->media },
                              { p->subject, p->time_basis, p->alt_ref, first_step(&p->head) } };
}

/* What differs from row to row and has no fixed length. */
static inline const struct text *own_text(enum fact_kind kind, const void *row)
{
    return kind == FACT_EDIT ? &((const struct fact_edit *)row)->bytes
                             : &((const struct fact_position *)row)->time_local;
}

/* Packets, and positions of other than a single decoding step, are rare. */
static inline bool can_run(enum fact_kind kind, const struct fact_head *head)
{
    const size_t steps_max = kind == FACT_POSITION ? 1 : 0;

    return (kind == FACT_POSITION || kind == FACT_EDIT) && head->origin.steps.count <= steps_max &&
           !fact_known_int(head->origin.packet_first) && !fact_known_int(head->origin.packet_last);
}

static bool form_keep(struct wire_run_form *f, const struct wire_form *form)
{
    char *to = f->texts;
    size_t total = 0;

    for (int i = 0; i < WIRE_FORM_TEXTS; i++)
        total += form->texts[i].len < sizeof f->texts ? form->texts[i].len : sizeof f->texts + 1;
    if (total > sizeof f->texts)
        return false;
    f->form = *form;
    for (int i = 0; i < WIRE_FORM_TEXTS; i++) {
        const struct text t = form->texts[i];
        if (!text_known(t) || t.len == 0)
            continue;
        f->form.texts[i] = (struct text){ .at = to, .len = t.len };
        memcpy(to, t.at, t.len);
        to += t.len;
    }
    return true;
}

static inline bool form_fits(const struct wire_form *f, const struct wire_form *other)
{
    for (int i = 0; i < WIRE_FORM_NUMBERS; i++)
        if (f->numbers[i] != other->numbers[i])
            return false;
    for (int i = 0; i < WIRE_FORM_TEXTS; i++)
        if (!text_equal(f->texts[i], other->texts[i]))
            return false;
    return true;
}

/* The row at `at` can be gone on with by others of its kind. */
static void run_begin(struct wire_run *run, enum fact_kind kind, const void *row, size_t at)
{
    const struct wire_form form = form_of_row(kind, row);
    const bool begins = can_run(kind, row) && form_keep(&run->forms[0], &form);

    run->at = begins ? at : SIZE_MAX;
    run->kind = kind;
    run->count = begins;
    run->newest = 0;
}

/* The number of the row's form; run->count when it is a new one, WIRE_FORMS_MAX when that cannot be kept. */
static inline unsigned form_in(struct wire_run *run, const struct wire_form *form)
{
    if (form_fits(&run->forms[run->newest].form, form))
        return run->newest;
    for (unsigned i = 0; i < run->count; i++)
        if (form_fits(&run->forms[i].form, form))
            return i;
    return run->count < WIRE_FORMS_MAX && form_keep(&run->forms[run->count], form) ? run->count : WIRE_FORMS_MAX;
}

static bool run_is_open(const struct wire_run *run, enum fact_kind kind, const void *row)
{
    return run->at != SIZE_MAX && run->kind == kind && can_run(kind, row) &&
        run->to->len - run->at < RUN_BYTES_MAX && own_text(kind, row)->len < RUN_BYTES_MAX;
}

static uint8_t *put_form(uint8_t *to, const struct wire_form *f)
{
    for (int i = 0; i < WIRE_FORM_NUMBERS; i++)
        to = put_i64(to, f->numbers[i]);
    for (int i = 0; i < WIRE_FORM_TEXTS; i++)
        to = put_text(to, f->texts[i]);
    return to;
}

static size_t form_bytes(const struct wire_form *f)
{
    size_t total = FORM_BYTES;

    for (int i = 0; i < WIRE_FORM_TEXTS; i++)
        total += text_bytes(f->texts[i]);
    return total;
}

static inline uint8_t *put_f64(uint8_t *to, double value)
{
    int64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return put_i64(to, bits);
}

static inline uint8_t *put_place(uint8_t *to, const struct fact_position *p)
{
    to = put_i64(to, p->time);
    to = put_f64(to, p->longitude_deg);
    to = put_f64(to, p->latitude_deg);
    to = put_f64(to, p->altitude_m);
    to = put_f64(to, p->pitch_deg);
    to = put_f64(to, p->roll_deg);
    return put_f64(to, p->yaw_deg);
}

static inline bool run_on(struct wire_run *run, enum fact_kind kind, const void *row, unsigned form, int64_t number)
{
    const struct wire_form *new_form = form == run->count ? &run->forms[form].form : NULL;
    const struct fact_head *head = row;
    const struct text text = *own_text(kind, row);
    const bool overflowed = run->to->overflowed;
    const size_t fixed = kind == FACT_EDIT ? EDIT_BYTES : POSITION_BYTES;
    uint8_t *to = buffer_extend(run->to, 1 + (new_form ? form_bytes(new_form) : 0) + fixed + text_bytes(text));

    run->to->overflowed = overflowed;
    if (!to)
        return false;
    *to++ = (uint8_t)form;
    if (new_form)
        to = put_form(to, new_form);
    to = put_i64(to, number);
    to = put_i64(to, head->origin.offset);
    to = put_i64(to, head->origin.length);
    if (kind == FACT_POSITION)
        to = put_place(to, row);
    put_text(to, text);
    put_u32(run->to->at + run->at, (uint32_t)(run->to->len - run->at - 4));
    run->count += new_form != NULL;
    run->newest = form;
    return true;
}

static inline bool put_on(struct wire_run *run, enum fact_kind kind, const void *row, int64_t number, bool *ret_done)
{
    const struct wire_form form = form_of_row(kind, row);
    const unsigned n = form_in(run, &form);

    *ret_done = n < WIRE_FORMS_MAX;
    return *ret_done && run_on(run, kind, row, n, number);
}

bool wire_put(struct wire_run *run, enum fact_kind kind, const void *row, int64_t number)
{
    const size_t at = run->to->len;
    bool done = false, fits = false;

    if (kind == FACT_POSITION && run_is_open(run, FACT_POSITION, row))
        fits = put_on(run, FACT_POSITION, row, number, &done);
    else if (kind == FACT_EDIT && run_is_open(run, FACT_EDIT, row))
        fits = put_on(run, FACT_EDIT, row, number, &done);
    if (done)
        return fits;
    run->at = SIZE_MAX;
    if (!wire_encode(run->to, kind, row, number))
        return false;
    if (kind == FACT_POSITION || kind == FACT_EDIT)
        run_begin(run, kind, row, at);
    return true;
}

void wire_more_begin(struct wire_more *more, enum fact_kind kind, const void *row, struct cursor rest)
{
    more->rest = rest;
    more->kind = kind;
    more->count = 0;
    more->newest = 0;
    if (rest.rest.len > 0)
        more->forms[more->count++] = form_of_row(kind, row);
}

static void take_form(struct cursor *c, struct wire_form *ret)
{
    for (int i = 0; i < WIRE_FORM_NUMBERS; i++)
        ret->numbers[i] = cursor_i64le(c);
    for (int i = 0; i < WIRE_FORM_TEXTS; i++)
        ret->texts[i] = take_text(c);
}

static void become_position(struct fact_position *row, const struct wire_form *f)
{
    const struct text *step = &f->texts[3];

    row->flight = f->numbers[0];
    row->media = f->numbers[1];
    row->subject = f->texts[0];
    row->time_basis = f->texts[1];
    row->alt_ref = f->texts[2];
    row->head.origin.steps = (struct text_list){ text_known(*step) ? step : NULL, text_known(*step) };
}

static void become_edit(struct fact_edit *row, const struct wire_form *f)
{
    row->fill = f->numbers[0];
    row->action = f->texts[0];
    row->kind = f->texts[1];
    row->what = f->texts[2];
}

static inline void take_place(struct cursor *numbers, struct fact_position *row)
{
    row->time = cursor_i64le(numbers);
    row->longitude_deg = cursor_f64le(numbers);
    row->latitude_deg = cursor_f64le(numbers);
    row->altitude_m = cursor_f64le(numbers);
    row->pitch_deg = cursor_f64le(numbers);
    row->roll_deg = cursor_f64le(numbers);
    row->yaw_deg = cursor_f64le(numbers);
}

enum parse_status wire_more(struct wire_more *more, void *row)
{
    struct cursor *c = &more->rest;
    struct fact_head *head = row;
    const bool edit = more->kind == FACT_EDIT;
    const size_t fixed = edit ? EDIT_BYTES : POSITION_BYTES;
    const unsigned form = cursor_u8(c);

    if (form > more->count || form == WIRE_FORMS_MAX)
        return PARSE_INVALID;
    if (form == more->count)
        take_form(c, &more->forms[more->count++]);
    if (form != more->newest && edit)
        become_edit(row, &more->forms[form]);
    else if (form != more->newest)
        become_position(row, &more->forms[form]);
    more->newest = form;

    struct cursor numbers = cursor_over(cursor_take(c, fixed));
    if (numbers.rest.len != fixed) /* asked once, so that each need not be */
        return PARSE_INVALID;
    head->number = cursor_i64le(&numbers);
    head->origin.offset = cursor_i64le(&numbers);
    head->origin.length = cursor_i64le(&numbers);
    if (!edit)
        take_place(&numbers, row);
    *(edit ? &((struct fact_edit *)row)->bytes : &((struct fact_position *)row)->time_local) = take_text(c);
    head->id = TEXT_UNKNOWN; /* the row before may have been given them */
    head->evidence = TEXT_UNKNOWN;
    return c->failed || head->number <= 0 ? PARSE_INVALID : PARSE_OK;
}
