#include "host/outcome.h"

#include <stdlib.h>
#include <string.h>

#include "host/host.h"

static void add(struct buffer *b, struct text t)
{
    if (text_known(t))
        buffer_add_text(b, t);
    else
        buffer_add_u8(b, '?');
}

static void describe(struct buffer *b, const struct kept_row *kept)
{
    switch (kept->kind) {
    case FACT_SETTING: {
        const struct fact_setting *row = kept->row;
        buffer_printf(b, "setting ");
        add(b, row->subject), buffer_add_u8(b, ' '), add(b, row->name), buffer_add_u8(b, '='), add(b, row->value);
        if (text_known(row->detail))
            buffer_printf(b, " ["), add(b, row->detail), buffer_add_u8(b, ']');
        break;
    }
    case FACT_IDENTIFIER: {
        const struct fact_identifier *row = kept->row;
        buffer_printf(b, "identifier "), add(b, row->kind), buffer_add_u8(b, '='), add(b, row->value);
        break;
    }
    case FACT_DEVICE: {
        const struct fact_device *row = kept->row;
        buffer_printf(b, "device "), add(b, row->role), buffer_add_u8(b, ' '), add(b, row->vendor),
            buffer_add_u8(b, '/');
        add(b, row->model), buffer_add_u8(b, '/'), add(b, row->serial), buffer_add_u8(b, '/'), add(b, row->firmware);
        break;
    }
    case FACT_COMPONENT: {
        const struct fact_component *row = kept->row;
        buffer_printf(b, "component "), add(b, row->package), buffer_printf(b, ": "), add(b, row->name),
            buffer_add_u8(b, ' ');
        add(b, row->version), buffer_add_u8(b, ' '), add(b, row->kind), buffer_add_u8(b, ' '), add(b, row->owner);
        buffer_add_u8(b, ' '), add(b, row->country), buffer_add_u8(b, ' '), add(b, row->state);
        break;
    }
    case FACT_DAMAGE:
        buffer_printf(b, "damage: "), add(b, ((const struct fact_damage *)kept->row)->statement);
        break;
    default:
        buffer_printf(b, "unexpected kind %d", kept->kind);
    }
    buffer_add_u8(b, '\n');
}

static bool is_tool_output(const struct kept_row *kept)
{
    return kept->kind == FACT_SETTING &&
           text_equal(((const struct fact_setting *)kept->row)->name, TEXT("tool_output"));
}

void outcome_init(struct outcome *o, read_function *read, const void *input, size_t len)
{
    const struct bytes copy = exact_copy(input, len);
    struct kept_facts facts;

    kept_facts_init(&facts);
    struct reading r = reading_for_test(&facts);
    *o = (struct outcome){ .rows = 0 };
    buffer_init(&o->text, 16u << 20);
    o->status = read(&r, copy);
    for (size_t i = 0; i < facts.count; i++) {
        const struct fact_head *head = facts.rows[i].row;
        assert_true(!fact_known_int(head->origin.offset) || (uint64_t)head->origin.offset <= len);
        assert_true(!fact_known_int(head->origin.length) ||
                    (uint64_t)(head->origin.offset + head->origin.length) <= len);
        if (!is_tool_output(&facts.rows[i]))
            describe(&o->text, &facts.rows[i]);
        o->rows += facts.rows[i].kind != FACT_DAMAGE;
        o->damages += facts.rows[i].kind == FACT_DAMAGE;
    }
    buffer_add_u8(&o->text, '\0');
    reading_for_test_done(&r);
    kept_facts_done(&facts);
    exact_copy_free(copy);
}

void outcome_done(struct outcome *o)
{
    buffer_done(&o->text);
}

bool outcome_has(const struct outcome *o, const char *line)
{
    const size_t n = strlen(line);

    for (const char *at = (const char *)o->text.at; at && *at; at = strchr(at, '\n') + 1)
        if (strncmp(at, line, n) == 0 && at[n] == '\n')
            return true;
    return false;
}

void expect_rows_of(read_function *read, const char *input, const char *want)
{
    struct outcome o;

    outcome_init(&o, read, input, strlen(input));
    assert_string_equal((const char *)o.text.at, want);
    assert_int_equal(o.status, PARSE_OK);
    outcome_done(&o);
}

void expect_rows(const char *input, const char *want)
{
    assert_true(host_recognise((struct bytes){ .at = (const uint8_t *)input, .len = strlen(input) }));
    expect_rows_of(host_read, input, want);
}

/* A row that a cut gives without a detail may have one in the whole. */
static bool is_in(const char *line, size_t n, const struct outcome *whole)
{
    for (const char *at = (const char *)whole->text.at; *at; at = strchr(at, '\n') + 1)
        if (strncmp(at, line, n) == 0 && (at[n] == '\n' || strncmp(at + n, " [", 2) == 0))
            return true;
    return false;
}

void sweep_of(read_function *read, const char *input)
{
    const size_t len = strlen(input);
    struct outcome whole, cut;
    char *flipped = malloc(len);

    outcome_init(&whole, read, input, len);
    for (size_t n = 0; n < len; n++) {
        outcome_init(&cut, read, input, n);
        if (n > 0 && input[n - 1] != '\n')
            for (const char *at = (const char *)cut.text.at; *at; at = strchr(at, '\n') + 1)
                /* a device is put together from many lines */
                if (strncmp(at, "damage", 6) != 0 && strncmp(at, "device", 6) != 0 &&
                    !is_in(at, (size_t)(strchr(at, '\n') - at), &whole))
                    fail_msg("cut at %zu gives: %.*s", n, (int)(strchr(at, '\n') - at), at);
        outcome_done(&cut);
    }
    for (size_t n = 0; n < len; n++) {
        memcpy(flipped, input, len);
        flipped[n] = (char)(flipped[n] ^ (1 << n % 8));
        outcome_init(&cut, read, flipped, len);
        outcome_done(&cut);
    }
    free(flipped);
    outcome_done(&whole);
}

void sweep(const char *input)
{
    sweep_of(host_read, input);
}
