#include "cli/app_knowledge.h"

#include <stdio.h>
#include <string.h>

/* One table of the folder; `lost` says what is not known without it. */
static void load_table(const char *data_dir, const struct table_shape *shape, const char *lost,
                       const struct note_taker *notes)
{
    struct arena *arena = arena_new(0);
    struct table_result result;
    struct bytes content;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", data_dir, shape->name);
    const int error = table_file(path, TABLE_BYTES_MAX, arena, &content);
    if (error)
        note_printf(notes, "%s cannot be read (%s): %s", shape->name, strerror(-error), lost);
    else if (table_parse(content, shape, arena, notes, &result) != PARSE_OK)
        note_printf(notes, "%s has not the columns it needs: %s", shape->name, lost);
    arena_free(arena);
}

struct component_table *app_knowledge_load(const char *data_dir, const struct note_taker *notes)
{
    struct component_table *t = component_table_new();
    const struct table_shape components = {
        .name = "components.csv", .columns = component_columns, .column_count = COMPONENT_COLUMN_COUNT,
        .row = component_table_add, .user = t,
    };
    const struct table_shape signers = {
        .name = "signers.csv", .columns = signer_columns, .column_count = SIGNER_COLUMN_COUNT,
        .row = component_table_add_signer, .user = t,
    };

    load_table(data_dir, &components, "no kit inside an app can be named", notes);
    load_table(data_dir, &signers, "no signer of an app can be named", notes);
    return t;
}
