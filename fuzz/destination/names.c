#include "support.h"

#include <stdlib.h>

#include "destination/names.h"

static uint64_t sum;

static void read_text(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        sum += (unsigned char)t.at[i];
}

static void read_note(void *user, struct text text)
{
    read_text(text);
}

/* The input is a table of destinations, then (behind a NUL) host names, one per line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct note_taker notes = { .note = read_note };
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    const struct bytes table = { .at = data, .len = nul ? (size_t)(nul - data) : size };
    struct host_names *n = host_names_new();
    struct table_result result;

    for (enum host_names_table which = NAMES_OWNERS; which < NAMES_TABLE_COUNT; which++)
        if (host_names_load(n, which, table, &notes, &result) == PARSE_OK)
            read_text(result.date);
    struct cursor hosts = cursor_over(bytes_part((struct bytes){ .at = data, .len = size }, table.len, size));
    while (hosts.rest.len > 0) {
        const uint8_t *end = memchr(hosts.rest.at, '\n', hosts.rest.len);
        struct bytes line = cursor_take(&hosts, end ? (size_t)(end - hosts.rest.at) + 1 : hosts.rest.len);
        char into[HOST_NAME_MAX_BYTES];
        const struct name_row *platform = NULL;
        if (line.len > 0 && line.at[line.len - 1] == '\n')
            line.len--;
        read_text((struct text){ .at = (const char *)line.at, .len = line.len });
        const struct owner *maker = host_names_maker(n, text_of_bytes(line));
        if (maker && maker->kind != OWNER_DRONE_MAKER)
            abort();
        const struct text normal = host_names_normal(text_of_bytes(line), into);
        if (!text_known(normal))
            continue;
        read_text(host_names_registrable(normal));
        const struct name_row *row = host_names_find(n, normal, &platform);
        if (platform && (!row || platform->owner == row->owner || platform->suffix.len >= row->suffix.len))
            abort();
        if (row && !host_names_has_suffix(normal, row->suffix))
            abort();
    }
    host_names_free(n);
    return 0;
}
