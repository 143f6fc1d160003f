#include "flightlog/text_log.h"

#include <math.h>

#include "evidence/format.h"

void log_read(struct log_outcome *o, log_reader *read, struct bytes in)
{
    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    o->status = read(&o->reading, in);
}

static void assert_kind(struct bytes in, const char *kind)
{
    const struct format *format = format_identify(in);

    if (!format || strcmp(format->kind, kind) != 0)
        fail_msg("told as %s, not as %s", format ? format->kind : "unknown", kind);
}

void log_read_text(struct log_outcome *o, log_reader *read, const char *kind, const char *text, size_t len)
{
    const struct bytes in = exact_copy(text, len);

    assert_kind(in, kind);
    log_read(o, read, in);
    exact_copy_free(in);
}

void log_done(struct log_outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

const struct fact_flight *log_flight(const struct log_outcome *o, size_t nth)
{
    const struct fact_flight *f = kept_facts_row(&o->facts, FACT_FLIGHT, nth);

    assert_non_null(f);
    return f;
}

static const struct fact_position *find_position(const struct log_outcome *o, const char *subject, size_t nth)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_position *p = o->facts.rows[i].row;
        if (o->facts.rows[i].kind == FACT_POSITION && text_equal(p->subject, text_of(subject)) && nth-- == 0)
            return p;
    }
    return NULL;
}

size_t log_count(const struct log_outcome *o, const char *subject)
{
    size_t count = 0;

    for (size_t i = 0; i < o->facts.count; i++)
        if (o->facts.rows[i].kind == FACT_POSITION)
            count += text_equal(((const struct fact_position *)o->facts.rows[i].row)->subject, text_of(subject));
    return count;
}

const struct fact_position *log_position(const struct log_outcome *o, const char *subject, size_t nth)
{
    const struct fact_position *p = find_position(o, subject, nth);

    if (!p)
        fail_msg("no %s position number %zu", subject, nth);
    return p;
}

bool log_says(const struct fact_flight *f, const char *what)
{
    return f->note.len > 0 && memmem(f->note.at, f->note.len, what, strlen(what)) != NULL;
}

bool log_has_identifier(const struct log_outcome *o, const char *kind, const char *value)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_identifier *id = o->facts.rows[i].row;
        if (o->facts.rows[i].kind == FACT_IDENTIFIER && text_equal(id->kind, text_of(kind)) &&
            text_equal(id->value, text_of(value)))
            return true;
    }
    return false;
}

const struct fact_damage *log_damage(const struct log_outcome *o, size_t nth)
{
    const struct fact_damage *d = kept_facts_row(&o->facts, FACT_DAMAGE, nth);

    assert_non_null(d);
    return d;
}

int64_t log_time(const char *rfc3339)
{
    int64_t utc_ns;

    if (!timestamp_parse(text_of(rfc3339), &utc_ns))
        fail_msg("%s is no time", rfc3339);
    return utc_ns;
}

static void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.12f is not %.12f", got, want);
}

void assert_place(const struct fact_position *p, double longitude_deg, double latitude_deg)
{
    assert_near(p->longitude_deg, longitude_deg, 1e-9);
    assert_near(p->latitude_deg, latitude_deg, 1e-9);
}

static void assert_origins(const struct log_outcome *o, size_t len)
{
    for (size_t i = 0; i < o->facts.count; i++) {
        const struct fact_head *head = o->facts.rows[i].row;
        if (fact_known_int(head->origin.offset) && fact_known_int(head->origin.length))
            assert_true((uint64_t)head->origin.offset + (uint64_t)head->origin.length <= len);
    }
}

void log_cut_everywhere(log_reader *read, log_recogniser *recognise, const char *text, size_t len)
{
    struct log_outcome whole;

    log_read(&whole, read, (struct bytes){ .at = (const uint8_t *)text, .len = len });
    const size_t all = log_count(&whole, "aircraft");
    assert_true(all > 1);
    for (size_t n = 0; n <= len; n++) {
        const struct bytes in = exact_copy(text, n);
        struct log_outcome o;

        const bool recognised = recognise(in);
        log_read(&o, read, in);
        if (recognised)
            assert_true(o.facts.count > 0);
        else
            assert_int_equal(o.facts.count, 0);
        assert_true(log_count(&o, "aircraft") <= all);
        assert_origins(&o, n);
        log_done(&o);
        exact_copy_free(in);
    }
    for (size_t bit = 0; bit < 8 * len; bit += 5) {
        const struct bytes in = exact_copy(text, len);
        struct log_outcome o;

        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        log_read(&o, read, in);
        assert_origins(&o, len);
        log_done(&o);
        exact_copy_free(in);
    }
    log_done(&whole);
}

void log_take_none(log_reader *read, log_recogniser *recognise, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct bytes in = exact_copy(texts[i], strlen(texts[i]));
        struct log_outcome o;

        assert_false(recognise(in));
        log_read(&o, read, in);
        assert_int_equal(o.status, PARSE_INVALID);
        assert_int_equal(o.facts.count, 0);
        log_done(&o);
        exact_copy_free(in);
    }
}

struct truth truth_of(const char *sample)
{
    char below[256];

    snprintf(below, sizeof below, "flightlog/%s.truth.json", sample);
    const struct bytes json = file_bytes(sample_path(below));
    struct truth t = { .text = calloc(json.len + 1, 1) };

    assert_non_null(t.text);
    memcpy(t.text, json.at, json.len);
    exact_copy_free(json);
    return t;
}

void truth_done(struct truth *t)
{
    free(t->text);
}

static const char *value_of(const struct truth *t, const char *key)
{
    char quoted[64];

    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = strstr(t->text, quoted);
    return at ? at + strlen(quoted) : NULL;
}

bool truth_has(const struct truth *t, const char *key)
{
    return value_of(t, key) != NULL;
}

double truth_number(const struct truth *t, const char *key, int nth)
{
    const char *at = value_of(t, key);
    char *end;

    if (!at)
        fail_msg("the truth has no %s", key);
    for (;; nth--) {
        at += strcspn(at, "-0123456789");
        const double value = strtod(at, &end);
        if (nth == 0)
            return value;
        at = end;
    }
}

void assert_truth(const struct log_outcome *o, const struct truth *t)
{
    const struct fact_flight *f = log_flight(o, 0);

    assert_int_equal(kept_facts_count(&o->facts, FACT_FLIGHT), 1);
    assert_int_equal(f->points, (int64_t)truth_number(t, "points", 0));
    assert_int_equal(log_count(o, "aircraft"), f->points);
    assert_near(f->first_latitude_deg, truth_number(t, "first", 0), 1e-9);
    assert_near(f->first_longitude_deg, truth_number(t, "first", 1), 1e-9);
    assert_near(f->last_latitude_deg, truth_number(t, "last", 0), 1e-9);
    assert_near(f->last_longitude_deg, truth_number(t, "last", 1), 1e-9);
    assert_near(f->bbox_south, truth_number(t, "bbox", 0), 1e-9);
    assert_near(f->bbox_west, truth_number(t, "bbox", 1), 1e-9);
    assert_near(f->bbox_north, truth_number(t, "bbox", 2), 1e-9);
    assert_near(f->bbox_east, truth_number(t, "bbox", 3), 1e-9);
}

struct bytes log_read_sample(struct log_outcome *o, log_reader *read, const char *kind, const char *name)
{
    char below[256];

    snprintf(below, sizeof below, "flightlog/%s", name);
    const struct bytes in = file_bytes(sample_path(below));
    assert_kind(in, kind);
    log_read(o, read, in);
    return in;
}
