#include "destination/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

void makers_add(struct makers *m, struct text group)
{
    for (size_t i = 0; i < m->count; i++)
        if (text_equal(m->groups[i], group))
            return;
    if (m->count < MAKERS_MAX)
        m->groups[m->count++] = group;
}

static bool is_makers(const struct makers *m, const struct owner *owner)
{
    if (owner->kind != OWNER_DRONE_MAKER)
        return false;
    if (m->count == 0)
        return !m->device_known;
    for (size_t i = 0; i < m->count; i++)
        if (text_equal(m->groups[i], owner->group))
            return true;
    return false;
}

static bool is_operators(const struct destination_run *run, struct text normal)
{
    for (size_t i = 0; i < run->operator_suffix_count && text_known(normal); i++)
        if (host_names_has_suffix(normal, run->operator_suffixes[i]))
            return true;
    return false;
}

/* All addresses are ones that lie within the operator's network. */
static bool at_local_addresses(const struct described *what)
{
    struct remote_address a;

    for (size_t i = 0; i < what->address_count; i++)
        if (!remote_address_parse(what->addresses[i], &a) || remote_scope(&a) != REMOTE_LOCAL)
            return false;
    return what->address_count > 0;
}

static struct text party(const struct describer *d, const struct described *what, const struct owner *owner)
{
    if (what->local)
        return TEXT("local");
    if (is_operators(d->run, what->normal))
        return TEXT("operator");
    if (owner)
        return is_makers(&d->makers, owner) ? TEXT("vendor") : TEXT("third");
    return at_local_addresses(what) ? TEXT("local") : TEXT("unknown");
}

bool describe_alias_tells(const struct describer *d, struct text normal_host, struct text normal_alias)
{
    const struct host_names *names = destination_names(d->tables);
    const struct name_row *host = host_names_find(names, normal_host, NULL);
    const struct name_row *alias = host_names_find(names, normal_alias, NULL);

    return alias && (!host || alias->owner != host->owner);
}

static const struct owner *describe_owner(struct describer *d, const struct described *what, struct arena *arena,
                                          struct fact_destination *row)
{
    const struct host_names *names = destination_names(d->tables);
    const struct name_row *carrier = NULL, *found = NULL, *alias = NULL;

    if (text_known(what->normal))
        found = host_names_find(names, what->normal, &carrier);
    if (!carrier && text_known(what->alias))
        alias = host_names_find(names, what->alias, NULL);
    if (carrier)
        row->platform = carrier->owner->name;
    else if (alias && (!found || alias->owner != found->owner))
        row->platform = alias->owner->name;
    d->names_used |= found || text_known(row->platform);
    if (!found) {
        row->owner_group = host_names_registrable(what->normal);
        return NULL;
    }
    row->owner = found->owner->name;
    row->owner_group = found->owner->group;
    row->purpose = found->purpose;
    row->operator_country = found->country;
    row->owner_confidence = found->confidence;
    row->owner_source = arena_printf(arena, "destinations.csv, %.*s: %.*s", (int)found->suffix.len, found->suffix.at,
                                     (int)found->source.len, text_known(found->source) ? found->source.at : "");
    return found->owner;
}

struct country_source { struct text database, date, country; };

struct country_sources {
    struct country_source items[COUNTRY_SOURCES_MAX];
    size_t count;
};

static void sources_add(struct country_sources *s, struct text database, struct text date, struct text country)
{
    for (size_t i = 0; i < s->count; i++)
        if (text_equal(s->items[i].database, database) && text_equal(s->items[i].country, country))
            return;
    if (s->count < COUNTRY_SOURCES_MAX)
        s->items[s->count++] = (struct country_source){ database, date, country };
}

/* An owner with two headquarters ("CN/US") agrees with either. */
static bool countries_agree(struct text a, struct text b)
{
    for (size_t i = 0; i + 2 <= a.len; i += 3)
        for (size_t k = 0; k + 2 <= b.len; k += 3)
            if (memcmp(a.at + i, b.at + k, 2) == 0)
                return true;
    return false;
}

static struct text sources_json(const struct country_sources *s, struct arena *arena)
{
    char *at = NULL;
    size_t len = 0;
    struct json j;

    if (s->count == 0) /* as of most, where there is no database */
        return TEXT("[]");
    FILE *f = open_memstream(&at, &len);
    if (!f)
        return TEXT_UNKNOWN;
    json_init(&j, f, false);
    json_array(&j);
    for (size_t i = 0; i < s->count; i++) {
        json_object(&j);
        json_member_text(&j, "database", s->items[i].database);
        json_member_text(&j, "date", s->items[i].date);
        json_member_text(&j, "country", s->items[i].country);
        json_object_end(&j);
    }
    json_array_end(&j);
    fclose(f);
    const struct text kept = arena_text(arena, (struct text){ .at = at, .len = len });
    free(at);
    return kept;
}

/* The first address, with most bytes, gives the row its single answers. */
static void describe_first(const struct addresses *databases, const struct address_answer *answer, struct arena *arena,
                           struct fact_destination *row)
{
    int64_t newest_utc_ns = INT64_MIN;

    row->asn = answer->asn;
    row->as_name = answer->as_name;
    for (size_t i = 0; i < answer->country_count; i++) {
        const struct address_database *about = addresses_database(databases, answer->countries[i].database);
        const struct text country = arena_text(arena, text_of(answer->countries[i].country));
        if (about->question == COUNTRY_LOCATION) {
            if (!text_known(row->location_country))
                row->location_country = country;
        } else if (!text_known(row->registry_country) || about->made_utc_ns > newest_utc_ns) {
            row->registry_country = country;
            newest_utc_ns = about->made_utc_ns;
        }
    }
}

static void describe_addresses(struct describer *d, const struct described *what, struct arena *arena,
                               struct fact_destination *row)
{
    const struct addresses *databases = destination_addresses(d->tables);
    struct country_sources sources = { .count = 0 };
    struct remote_address address;
    struct address_answer answer;
    bool disagree = false, first = true;

    if (text_known(row->operator_country))
        sources_add(&sources, TEXT("destinations"), destination_names_date(d->tables), row->operator_country);
    for (size_t i = 0; i < what->address_count && !what->local; i++) {
        if (!remote_address_parse(what->addresses[i], &address))
            continue;
        addresses_find(databases, &address, arena, &answer);
        for (size_t k = 0; k < answer.country_count; k++) {
            const size_t number = answer.countries[k].database;
            const struct address_database *about = addresses_database(databases, number);
            d->database_used[number] = true;
            sources_add(&sources, about->name, about->date[0] ? text_of(about->date) : TEXT_UNKNOWN,
                        arena_text(arena, text_of(answer.countries[k].country)));
        }
        if (first)
            describe_first(databases, &answer, arena, row);
        first = false;
    }
    for (size_t i = 0; i < sources.count; i++)
        for (size_t k = i + 1; k < sources.count; k++)
            disagree |= !countries_agree(sources.items[i].country, sources.items[k].country);
    row->country_sources = sources_json(&sources, arena);
    if (sources.count > 0)
        row->countries_disagree = disagree;
}

void describe(struct describer *d, const struct described *what, struct arena *arena, struct fact_destination *row)
{
    const struct owner *owner = describe_owner(d, what, arena, row);

    row->party = party(d, what, owner);
    describe_addresses(d, what, arena, row);
    if (!text_known(row->platform) && fact_known_int(row->asn)) {
        const struct owner *holder = host_names_network_owner(destination_names(d->tables), row->asn);
        if (holder && holder != owner)
            row->platform = holder->name;
    }
}
