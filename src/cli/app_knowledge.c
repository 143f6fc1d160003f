#include "cli/app_knowledge.h"

#include <stdio.h>
#include <string.h>

struct component_table *app_knowledge_load(const char *data_dir, const struct note_taker *notes)
{
    struct component_table *t = component_table_new();
    struct arena *arena = arena_new(0);
    const struct table_shape shape = {
        .name = "components.csv", .columns = component_columns, .column_count = COMPONENT_COLUMN_COUNT,
        .row = component_table_add, .user = t,
    };
    struct table_result result;
    struct bytes content;
    char path[4096];

    snprintf(path, sizeof path, "%s/components.csv", data_dir);
    const int error = table_file(path, TABLE_BYTES_MAX, arena, &content);
    if (error)
        note_printf(notes, "components.csv cannot be read (%s): no kit inside an app can be named", strerror(-error));
    else if (table_parse(content, &shape, arena, notes, &result) != PARSE_OK)
        note_printf(notes, "components.csv has not the columns it needs: no kit inside an app can be named");
    arena_free(arena);
    return t;
}
