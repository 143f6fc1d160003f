#include "destination/suffixes.h"

#include <stdio.h>
#include <string.h>

#include "base/system_data.h"
#include "base/timestamp.h"
#include "destination/late_library.h"

enum { DATE_LEN = sizeof "YYYY-MM-DD" - 1 };

/* "// VERSION: 2026-11-22_08-01-02_UTC" stands in the first lines of the file. */
static void read_date(const char *path, char date[DATE_LEN + 1])
{
    enum { LINES_MAX = 40 };
    char line[256];
    FILE *f = fopen(path, "re");

    for (int i = 0; f && i < LINES_MAX && !date[0] && fgets(line, sizeof line, f); i++) {
        char text[] = "YYYY-MM-DDT00:00:00Z";
        int64_t unused;
        const char *at = strstr(line, "VERSION: ");
        if (!at || strlen(at) < sizeof "VERSION: " - 1 + DATE_LEN)
            continue;
        memcpy(text, at + sizeof "VERSION: " - 1, DATE_LEN);
        if (timestamp_parse(text_of(text), &unused))
            memcpy(date, text, DATE_LEN);
    }
    if (f)
        fclose(f);
}

static struct {
    bool looked_for;
    const psl_ctx_t *list; /* lives as long as the program */
    char date[DATE_LEN + 1];
} suffixes;

static const psl_ctx_t *list(void)
{
    char path[SYSTEM_DATA_PATH_MAX], text[TIMESTAMP_TEXT_MAX];

    if (suffixes.looked_for)
        return suffixes.list;
    suffixes.looked_for = true;
    const struct libpsl *l = libpsl();
    if (!l)
        return NULL;
    if (!system_data_folder()) {
        suffixes.list = l->psl_builtin();
        if (suffixes.list && l->psl_builtin_file_time() > 0)
            memcpy(suffixes.date, timestamp_text((int64_t)l->psl_builtin_file_time() * NS_PER_S, text).at, DATE_LEN);
    } else if (system_data_find("public_suffix_list.dat", NULL, 0, path)) {
        suffixes.list = l->psl_load_file(path);
        read_date(path, suffixes.date);
    }
    return suffixes.list;
}

const char *suffixes_registrable(const char *name)
{
    return list() ? libpsl()->psl_registrable_domain(list(), name) : NULL;
}

bool suffixes_there(void)
{
    return list() != NULL;
}

struct text suffixes_date(char into[SUFFIXES_DATE_MAX])
{
    if (!list() || !suffixes.date[0])
        return TEXT_UNKNOWN;
    memcpy(into, suffixes.date, sizeof suffixes.date);
    return (struct text){ into, DATE_LEN };
}
