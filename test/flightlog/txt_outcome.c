#include "flightlog/txt_outcome.h"

#include "base/text.h"

static void count_member(struct reading *r, struct text name, struct bytes content)
{
    struct outcome *o = r->owner;

    o->members++;
    o->member_bytes += content.len;
    snprintf(o->last_member, sizeof o->last_member, "%.*s", (int)name.len, name.at);
}

void read_bytes(struct outcome *o, struct bytes in)
{
    read_bytes_with(o, in, NULL);
}

void read_bytes_with(struct outcome *o, struct bytes in, const struct reading_options *options)
{
    *o = (struct outcome){ 0 };
    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    if (options)
        o->reading.options = options;
    o->reading.member = count_member;
    o->reading.owner = o;
    o->status = dji_txt_read(&o->reading, in);
}

void outcome_done(struct outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

void read_builder(struct outcome *o, struct txt_builder *t)
{
    struct buffer file = txt_file(t);
    struct bytes in = exact_copy(file.at, file.len);

    assert_true(dji_txt_recognise(in));
    read_bytes(o, in);
    exact_copy_free(in);
    buffer_done(&file);
}

size_t subject_count(const struct outcome *o, const char *subject)
{
    size_t count = 0;

    for (size_t i = 0; i < o->facts.count; i++)
        if (o->facts.rows[i].kind == FACT_POSITION)
            count += text_equal(((const struct fact_position *)o->facts.rows[i].row)->subject, text_of(subject));
    return count;
}

const struct fact_position *nth_of(const struct outcome *o, const char *subject, size_t nth)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_position *p = o->facts.rows[i].row;
        if (o->facts.rows[i].kind == FACT_POSITION && text_equal(p->subject, text_of(subject)) && nth-- == 0)
            return p;
    }
    return NULL;
}

const struct fact_flight *flight_of(const struct outcome *o)
{
    assert_int_equal(kept_facts_count(&o->facts, FACT_FLIGHT), 1);
    return kept_facts_row(&o->facts, FACT_FLIGHT, 0);
}

bool says(const struct fact_flight *f, const char *what)
{
    return memmem(f->note.at, f->note.len, what, strlen(what)) != NULL;
}

const struct fact_identifier *identifier_of(const struct outcome *o, const char *kind, const char *value)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_identifier *id = o->facts.rows[i].row;
        if (o->facts.rows[i].kind == FACT_IDENTIFIER && text_equal(id->kind, text_of(kind)) &&
            text_equal(id->value, text_of(value)))
            return id;
    }
    return NULL;
}
