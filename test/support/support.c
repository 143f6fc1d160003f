#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct bytes exact_copy(const void *from, size_t len)
{
    uint8_t *to = malloc(len ? len : 1);

    assert_non_null(to);
    if (len)
        memcpy(to, from, len);
    return (struct bytes){ .at = to, .len = len };
}

void exact_copy_free(struct bytes b)
{
    free((void *)(uintptr_t)b.at);
}

struct bytes file_bytes(const char *path)
{
    FILE *f = fopen(path, "rb");

    if (!f)
        fail_msg("cannot open %s", path);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    const long size = ftell(f);
    assert_true(size >= 0);
    rewind(f);
    uint8_t *at = malloc(size > 0 ? (size_t)size : 1);
    assert_non_null(at);
    assert_int_equal(fread(at, 1, (size_t)size, f), (size_t)size);
    fclose(f);
    return (struct bytes){ .at = at, .len = (size_t)size };
}

static const char *below_variable(const char *variable, const char *below)
{
    static char path[4096];
    const char *root = getenv(variable);

    if (!root)
        return NULL;
    snprintf(path, sizeof path, "%s/%s", root, below);
    return path;
}

const char *sample_path(const char *below)
{
    const char *path = below_variable("LEASH_SAMPLES", below);
    FILE *f = path ? fopen(path, "rb") : NULL;

    if (!f) {
        print_message("# skipped: no sample %s\n", below);
        skip();
    }
    fclose(f);
    return path;
}

const char *source_path(const char *below)
{
    const char *path = below_variable("LEASH_SOURCE", below);

    if (!path)
        fail_msg("LEASH_SOURCE is not set");
    return path;
}

static void keep_row(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct kept_facts *k = (struct kept_facts *)sink;
    const struct fact_table *table = &fact_tables[kind];

    if (k->count == k->room) {
        k->room = k->room ? k->room * 2 : 64;
        k->rows = memory_resize_array(k->rows, k->room, sizeof *k->rows);
    }
    char *copy = arena_alloc(k->arena, 1, table->row_bytes);
    assert_non_null(copy);
    memcpy(copy, row, table->row_bytes);
    struct fact_head *head = (struct fact_head *)copy;
    head->number = number;
    head->origin.steps = arena_text_list(k->arena, head->origin.steps);
    for (size_t i = 0; i < table->field_count; i++) {
        void *at = copy + table->fields[i].offset;
        if (table->fields[i].type == FACT_TYPE_TEXT || table->fields[i].type == FACT_TYPE_JSON)
            *(struct text *)at = arena_text(k->arena, *(struct text *)at);
        else if (table->fields[i].type == FACT_TYPE_LIST)
            *(struct text_list *)at = arena_text_list(k->arena, *(struct text_list *)at);
    }
    k->rows[k->count++] = (struct kept_row){ .kind = kind, .number = number, .row = copy };
}

void kept_facts_init(struct kept_facts *k)
{
    *k = (struct kept_facts){ .sink.put = keep_row, .arena = arena_new(0) };
}

void kept_facts_done(struct kept_facts *k)
{
    arena_free(k->arena);
    free(k->rows);
    *k = (struct kept_facts){ 0 };
}

size_t kept_facts_count(const struct kept_facts *k, enum fact_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < k->count; i++)
        count += k->rows[i].kind == kind;
    return count;
}

const void *kept_facts_row(const struct kept_facts *k, enum fact_kind kind, size_t nth)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->rows[i].kind == kind && nth-- == 0)
            return k->rows[i].row;
    return NULL;
}

struct reading reading_for_test(struct kept_facts *k)
{
    static const struct reading_options no_options;

    return (struct reading){ .facts = &k->sink, .arena = arena_new(0), .options = &no_options };
}

void reading_for_test_done(struct reading *r)
{
    arena_free(r->arena);
    r->arena = NULL;
}
