#include "destination/tables.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/system_data.h"
#include "base/timestamp.h"
#include "destination/suffixes.h"
#include "fact/fact.h"

enum { CREDITS_MAX = 64, DATED_MAX = ADDRESS_DATABASES_MAX + 4, YEAR_DAYS = 365 };

struct credit { struct text database, holds, licence, credit, caveat; };

struct dated { struct text name, date; };

struct destination_tables {
    struct arena *arena;
    struct host_names *names;
    struct addresses *addresses;
    struct maker_tables *makers;
    struct credit credits[CREDITS_MAX];
    size_t credit_count;
    struct dated dated[DATED_MAX];
    size_t dated_count;
    char public_suffix_date[SUFFIXES_DATE_MAX];
};

static const char *credit_row(void *user, const struct text *fields)
{
    struct destination_tables *t = user;

    if (t->credit_count == CREDITS_MAX)
        return "the table is full";
    t->credits[t->credit_count++] = (struct credit){ fields[0], fields[1], fields[2], fields[3], fields[4] };
    return NULL;
}

static bool read_file(struct destination_tables *t, const char *data_dir, const char *name,
                      const struct note_taker *notes, struct bytes *ret)
{
    char path[PATH_MAX];
    const int len = snprintf(path, sizeof path, "%s/%s", data_dir, name);
    const int error = len < 0 || (size_t)len >= sizeof path ? -ENAMETOOLONG
                                                             : table_file(path, TABLE_BYTES_MAX, t->arena, ret);

    if (error)
        note_printf(notes, "%s cannot be read: %s", name, strerror(-error));
    return !error;
}

static void load_names(struct destination_tables *t, const char *data_dir, const struct note_taker *notes)
{
    for (enum host_names_table which = NAMES_OWNERS; which < NAMES_TABLE_COUNT; which++) {
        struct table_result result;
        struct bytes content;
        if (!read_file(t, data_dir, host_names_file[which], notes, &content) ||
            host_names_load(t->names, which, content, notes, &result) != PARSE_OK)
            continue;
        if (which == NAMES_DESTINATIONS)
            t->dated[t->dated_count++] = (struct dated){ TEXT("destinations"), result.date };
    }
}

static void load_credits(struct destination_tables *t, const char *data_dir, const struct note_taker *notes)
{
    static const char *const columns[] = { "database", "holds", "licence", "credit", "caveat" };
    const struct table_shape shape = { "credits.csv", columns, sizeof columns / sizeof columns[0], credit_row, t };
    struct table_result result;
    struct bytes content;

    if (read_file(t, data_dir, shape.name, notes, &content) &&
        table_parse(content, &shape, t->arena, notes, &result) != PARSE_OK)
        t->credit_count = 0;
}

struct destination_tables *destination_tables_open(const char *data_dir, const char *const *geoip_files,
                                                   size_t geoip_count, const struct note_taker *notes)
{
    struct destination_tables *t = memory_alloc_array(1, sizeof *t);

    t->arena = arena_new(0);
    t->names = host_names_new();
    load_names(t, data_dir, notes);
    load_credits(t, data_dir, notes);
    t->addresses = addresses_open(data_dir, geoip_files, geoip_count, notes);
    for (size_t i = 0; i < addresses_database_count(t->addresses); i++) {
        const struct address_database *d = addresses_database(t->addresses, i);
        t->dated[t->dated_count++] = (struct dated){ d->name, d->date[0] ? text_of(d->date) : TEXT_UNKNOWN };
    }
    if (suffixes_there())
        t->dated[t->dated_count++] = (struct dated){ TEXT("public suffix list"), suffixes_date(t->public_suffix_date) };
    else
        note_printf(notes,
                    "the public suffix list is not there: names of unknown owners are not put together by domain");
    t->makers = makers_new(data_dir, system_data_folder(), notes);
    if (text_known(makers_date(t->makers)))
        t->dated[t->dated_count++] = (struct dated){ TEXT("makers"), makers_date(t->makers) };
    if (text_known(makers_registry_date(t->makers)))
        t->dated[t->dated_count++] = (struct dated){ TEXT("ieee-data"), makers_registry_date(t->makers) };
    return t;
}

void destination_tables_free(struct destination_tables *t)
{
    if (!t)
        return;
    addresses_free(t->addresses);
    makers_free(t->makers);
    host_names_free(t->names);
    arena_free(t->arena);
    free(t);
}

const struct host_names *destination_names(const struct destination_tables *t)
{
    return t->names;
}

const struct addresses *destination_addresses(const struct destination_tables *t)
{
    return t->addresses;
}

struct maker_tables *destination_makers(const struct destination_tables *t)
{
    return t->makers;
}

static const struct dated *find_dated(const struct destination_tables *t, struct text name)
{
    for (size_t i = 0; i < t->dated_count; i++)
        if (text_equal(t->dated[i].name, name))
            return &t->dated[i];
    return NULL;
}

struct text destination_names_date(const struct destination_tables *t)
{
    const struct dated *d = find_dated(t, TEXT("destinations"));

    return d ? d->date : TEXT_UNKNOWN;
}

static struct text end_json(FILE *f, char **at, size_t *len, struct arena *arena)
{
    fclose(f);
    const struct text kept = arena_text(arena, (struct text){ .at = *at, .len = *len });
    free(*at);
    return kept;
}

struct text destination_data_versions(const struct destination_tables *t, struct arena *arena)
{
    char *at = NULL, name[TIMESTAMP_TEXT_MAX * 4];
    size_t len = 0;
    struct json j;
    FILE *f = open_memstream(&at, &len);

    if (!f)
        return TEXT_UNKNOWN;
    json_init(&j, f, false);
    json_object(&j);
    for (size_t i = 0; i < t->dated_count; i++) {
        const struct dated *d = &t->dated[i];
        const bool again = find_dated(t, d->name) != d; /* two files of the operator may have one name */
        if (again)
            snprintf(name, sizeof name, "%.*s #%zu", (int)d->name.len, d->name.at, i);
        else
            snprintf(name, sizeof name, "%.*s", (int)d->name.len, d->name.at);
        json_member_text(&j, name, d->date);
    }
    json_object_end(&j);
    return end_json(f, &at, &len, arena);
}

struct text destination_credits(const struct destination_tables *t, struct arena *arena)
{
    char *at = NULL;
    size_t len = 0;
    struct json j;
    FILE *f = open_memstream(&at, &len);

    if (!f)
        return TEXT_UNKNOWN;
    json_init(&j, f, false);
    json_array(&j);
    for (size_t i = 0; i < t->credit_count; i++) {
        const struct credit *c = &t->credits[i];
        const struct dated *d = find_dated(t, c->database);
        if (!d)
            continue;
        json_object(&j);
        json_member_text(&j, "database", c->database);
        json_member_text(&j, "holds", c->holds);
        json_member_text(&j, "licence", c->licence);
        json_member_text(&j, "credit", c->credit);
        json_member_text(&j, "date", d->date);
        json_object_end(&j);
    }
    json_array_end(&j);
    return end_json(f, &at, &len, arena);
}

static bool date_to_time(struct text date, int64_t *ret_utc_ns)
{
    char text[] = "YYYY-MM-DDT00:00:00Z";

    if (date.len != strlen("YYYY-MM-DD"))
        return false;
    memcpy(text, date.at, date.len);
    return timestamp_parse(text_of(text), ret_utc_ns);
}

void destination_note_doubts(const struct destination_tables *t, struct text name, int64_t now_utc_ns,
                             const struct note_taker *notes)
{
    const struct dated *d = find_dated(t, name);
    int64_t made_utc_ns;

    if (!d)
        return;
    if (!date_to_time(d->date, &made_utc_ns))
        note_printf(notes, "%.*s: the date of this data is not known", (int)name.len, name.at);
    else if (fact_known_int(now_utc_ns) && now_utc_ns / NS_PER_S - made_utc_ns / NS_PER_S > YEAR_DAYS * INT64_C(86400))
        note_printf(notes, "%.*s: this data is of %.*s, older than a year; owners and addresses may have changed since",
                    (int)name.len, name.at, (int)d->date.len, d->date.at);
    for (size_t i = 0; i < t->credit_count; i++)
        if (text_equal(t->credits[i].database, name) && t->credits[i].caveat.len > 0)
            note_printf(notes, "%.*s: %.*s", (int)name.len, name.at,
                        (int)t->credits[i].caveat.len, t->credits[i].caveat.at);
}
