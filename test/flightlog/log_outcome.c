#include "flightlog/log_outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void outcome_of(struct outcome *o, log_reader *read, struct bytes in)
{
    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    o->status = read(&o->reading, in);
}

void outcome_done(struct outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

struct bytes corpus_bytes(const char *below)
{
    char path[256];

    snprintf(path, sizeof path, "test/corpus/flightlog/%s", below);
    return file_bytes(source_path(path));
}

void outcome_of_corpus(struct outcome *o, log_reader *read, const char *below)
{
    const struct bytes in = corpus_bytes(below);

    outcome_of(o, read, in);
    exact_copy_free(in);
}

const struct fact_flight *flight_of(const struct outcome *o, size_t nth)
{
    const struct fact_flight *f = kept_facts_row(&o->facts, FACT_FLIGHT, nth);

    assert_non_null(f);
    return f;
}

size_t count_subject(const struct outcome *o, const char *subject)
{
    size_t n = 0;

    for (size_t i = 0; i < kept_facts_count(&o->facts, FACT_POSITION); i++) {
        const struct fact_position *p = kept_facts_row(&o->facts, FACT_POSITION, i);
        n += text_equal(p->subject, text_of(subject));
    }
    return n;
}

const struct fact_position *position_of(const struct outcome *o, const char *subject, size_t nth)
{
    for (size_t i = 0; i < kept_facts_count(&o->facts, FACT_POSITION); i++) {
        const struct fact_position *p = kept_facts_row(&o->facts, FACT_POSITION, i);
        if (text_equal(p->subject, text_of(subject)) && nth-- == 0)
            return p;
    }
    fail_msg("no such position of %s", subject);
    return NULL;
}

void assert_place(const struct fact_position *p, double latitude_deg, double longitude_deg)
{
    if (!(fabs(p->latitude_deg - latitude_deg) < 1e-9 && fabs(p->longitude_deg - longitude_deg) < 1e-9))
        fail_msg("%.9f %.9f instead of %.9f %.9f", p->latitude_deg, p->longitude_deg, latitude_deg, longitude_deg);
}

bool note_says(const struct fact_flight *f, const char *what)
{
    return memmem(f->note.at, f->note.len, what, strlen(what)) != NULL;
}

bool has_identifier(const struct outcome *o, const char *kind, const char *value)
{
    for (size_t i = 0; i < kept_facts_count(&o->facts, FACT_IDENTIFIER); i++) {
        const struct fact_identifier *row = kept_facts_row(&o->facts, FACT_IDENTIFIER, i);
        if (text_equal(row->kind, text_of(kind)) && text_equal(row->value, text_of(value)))
            return true;
    }
    return false;
}

const struct fact_damage *damage_of(const struct outcome *o, size_t nth)
{
    const struct fact_damage *d = kept_facts_row(&o->facts, FACT_DAMAGE, nth);

    assert_non_null(d);
    return d;
}

void cut_and_flip(log_reader *read, bool (*recognise)(struct bytes), const char *below)
{
    const struct bytes whole = corpus_bytes(below);
    struct outcome o;
    size_t most;

    outcome_of(&o, read, whole);
    most = count_subject(&o, "aircraft");
    assert_true(recognise(whole));
    outcome_done(&o);
    for (size_t len = 0; len < whole.len; len++) {
        const struct bytes in = exact_copy(whole.at, len);
        outcome_of(&o, read, in);
        if (!recognise(in)) {
            assert_int_equal(o.status, PARSE_INVALID);
            assert_int_equal(o.facts.count, 0);
        } else {
            assert_true(kept_facts_count(&o.facts, FACT_FLIGHT) >= 1);
            assert_true(count_subject(&o, "aircraft") <= most);
        }
        outcome_done(&o);
        exact_copy_free(in);
    }
    for (size_t bit = 0; bit < 8 * whole.len; bit += 11) {
        const struct bytes in = exact_copy(whole.at, whole.len);
        ((uint8_t *)(uintptr_t)in.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        outcome_of(&o, read, in);
        if (recognise(in))
            assert_true(kept_facts_count(&o.facts, FACT_FLIGHT) >= 1);
        outcome_done(&o);
        exact_copy_free(in);
    }
    exact_copy_free(whole);
}

struct bytes truth_bytes(const char *below)
{
    char path[256];

    snprintf(path, sizeof path, "%s.truth.json", below);
    const struct bytes json = file_bytes(sample_path(path));
    char *text = calloc(json.len + 1, 1);
    assert_non_null(text);
    memcpy(text, json.at, json.len);
    exact_copy_free(json);
    return (struct bytes){ .at = (const uint8_t *)text, .len = strlen(text) };
}

double truth_number(struct bytes truth, const char *key, int nth)
{
    char quoted[64];
    const int n = snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = memmem(truth.at, truth.len, quoted, (size_t)n);

    if (!at)
        fail_msg("no %s in the truth", key);
    at += n;
    for (;; nth--) {
        char *end;
        at += strcspn(at, "-0123456789");
        const double value = strtod(at, &end);
        if (nth == 0)
            return value;
        at = end;
    }
}
