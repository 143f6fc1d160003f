#include "support.h"

#include <stdlib.h>

static struct {
    struct fact_sink sink; /* first */
    size_t input_bytes;
    uint64_t rows, sum;
} checker;

static void check_text(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        checker.sum += (unsigned char)t.at[i];
}

static void check_degrees(const struct fact_field *field, double value)
{
    const struct text name = text_of(field->name);

    if (!fact_known_real(value))
        return;
    if (text_ends_with(name, TEXT("latitude_deg")) && !(value >= -90 && value <= 90))
        abort();
    if (text_ends_with(name, TEXT("longitude_deg")) && !(value >= -180 && value <= 180))
        abort();
}

static void check_row(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_head *head = row;

    if (number <= 0 || number > sink->last_number[kind])
        abort();
    if (fact_known_int(head->origin.offset) &&
        (head->origin.offset < 0 || (uint64_t)head->origin.offset > checker.input_bytes))
        abort();
    for (size_t i = 0; i < head->origin.steps.count; i++)
        check_text(head->origin.steps.items[i]);
    for (size_t i = 0; i < table->field_count; i++) {
        const void *at = (const char *)row + table->fields[i].offset;
        switch (table->fields[i].type) {
        case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
            check_text(*(const struct text *)at);
            break;
        case FACT_TYPE_LIST:
            for (size_t k = 0; k < ((const struct text_list *)at)->count; k++)
                check_text(((const struct text_list *)at)->items[k]);
            break;
        case FACT_TYPE_BOOL: {
            const int64_t v = *(const int64_t *)at;
            if (fact_known_int(v) && v != 0 && v != 1)
                abort();
            break;
        }
        case FACT_TYPE_REAL:
            check_degrees(&table->fields[i], *(const double *)at);
            break;
        case FACT_TYPE_INT: case FACT_TYPE_TIME: case FACT_TYPE_REF:
            break;
        }
    }
    checker.rows++;
}

struct fact_sink *fuzz_sink(size_t input_bytes)
{
    checker.sink = (struct fact_sink){ .put = check_row };
    checker.input_bytes = input_bytes;
    checker.rows = 0;
    return &checker.sink;
}

uint64_t fuzz_reader(enum parse_status (*read)(struct reading *, struct bytes), const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(256u << 20), .options = &no_options };

    enum parse_status status = read(&r, (struct bytes){ .at = data, .len = size });
    (void)status;
    arena_free(r.arena);
    return checker.rows;
}
