#include "document/entry.h"

#include <stdio.h>
#include <string.h>

#include "host/setting.h"

void entry_text_set(struct entry_text *into, struct text value)
{
    into->cut = value.len > sizeof into->at;
    into->known = text_known(value) && !into->cut;
    into->len = into->known ? value.len : 0;
    if (into->len > 0)
        memcpy(into->at, value.at, into->len);
}

void entry_licence_set(struct entry *e, struct text value)
{
    if (e->licence.known || e->licence.cut) {
        e->licence.known = false;
        e->licence.cut = true;
    } else {
        entry_text_set(&e->licence, value);
    }
}

struct text entry_text_get(const struct entry_text *from)
{
    return from->known && from->len > 0 ? (struct text){ .at = from->at, .len = from->len } : TEXT_UNKNOWN;
}

void bill_put_subject(struct bill *b, const char *value, struct bytes at)
{
    struct fact_setting row;

    fact_init(FACT_SETTING, &row);
    row.head.origin = fact_origin_at(at.origin, at.len);
    row.subject = TEXT("system");
    row.name = text_of(setting_names[SETTING_BILL_OF_MATERIALS]);
    row.value = text_of(value);
    row.detail = entry_text_get(&b->subject);
    fact_put(b->reading->facts, FACT_SETTING, &row);
}

/* CycloneDX component types, and SPDX primaryPackagePurpose in capitals. */
static bool is_library(struct text kind)
{
    return text_equal_ignoring_case(kind, TEXT("library")) || text_equal_ignoring_case(kind, TEXT("framework"));
}

static bool is_country(struct text t)
{
    return t.len == 2 && t.at[0] >= 'A' && t.at[0] <= 'Z' && t.at[1] >= 'A' && t.at[1] <= 'Z';
}

void bill_put(struct bill *b, const struct entry *e)
{
    const struct text locator = entry_text_get(&e->locator), version = entry_text_get(&b->version);
    const struct text country = entry_text_get(&e->country);
    char source[ENTRY_TEXT_MAX + 64];
    struct fact_component row;

    if (!text_known(entry_text_get(&e->name))) {
        reading_damage(b->reading, e->at.origin, FACT_UNKNOWN_INT, 1, "an entry without a name that could be kept");
        return;
    }
    if (++b->entries > ENTRIES_MAX)
        return;
    snprintf(source, sizeof source, "%s %.*s%s%.*s", b->format, (int)(version.len < 16 ? version.len : 16),
             version.len ? version.at : "", locator.len ? ", " : "", (int)locator.len, locator.len ? locator.at : "");
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = fact_origin_at(e->at.origin, e->at.len);
    row.package = entry_text_get(&b->subject);
    row.name = entry_text_get(&e->name);
    row.kind = is_library(entry_text_get(&e->kind)) ? TEXT("library") : TEXT("module");
    row.version = entry_text_get(&e->version);
    row.owner = entry_text_get(&e->owner);
    row.country = is_country(country) ? country : TEXT_UNKNOWN;
    row.state = TEXT("in_manifest");
    row.source = text_of(source);
    row.licence = entry_text_get(&e->licence);
    fact_put(b->reading->facts, FACT_COMPONENT, &row);
}

void bill_ended(struct bill *b, enum parse_status status, uint64_t origin)
{
    if (status != PARSE_OK)
        reading_damage(b->reading, origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the document %s: entries behind this are not known",
                       status == PARSE_TRUNCATED     ? "ends too early"
                       : status == PARSE_UNSUPPORTED ? "is nested too deeply"
                                                     : "is malformed");
    if (b->entries > ENTRIES_MAX)
        reading_damage(b->reading, origin, FACT_UNKNOWN_INT, (int64_t)(b->entries - ENTRIES_MAX),
                       "more than %d entries: the rest was not kept", ENTRIES_MAX);
}

bool json_document_recognise(struct bytes whole, const char *key, const char *value)
{
    enum { LOOK_BYTES = 1024 * 1024 };
    const struct bytes look = bytes_part(whole, bytes_start_with(whole, "\xef\xbb\xbf", 3) ? 3 : 0, LOOK_BYTES);
    size_t i = 0;

    while (i < look.len && memchr(" \t\r\n", look.at[i], 4))
        i++;
    return i < look.len && look.at[i] == '{' && memmem(look.at, look.len, key, strlen(key)) &&
           memmem(look.at, look.len, value, strlen(value));
}
