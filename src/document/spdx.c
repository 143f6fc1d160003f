#include "document/bill_of_materials.h"

#include "document/entry.h"

/* The subject is a package that the document points at, by documentDescribes[] or by a
 * relationship: so it is known when all was read, its name one pass later, and entries are
 * put in a third. */
enum spdx_pass { PASS_DESCRIBED, PASS_SUBJECT, PASS_ENTRIES };

struct spdx {
    struct bill bill;
    enum spdx_pass pass;
    struct entry entry;
    struct entry_text described;  /* SPDXID of the subject */
    struct entry_text from, type, to; /* of a relationship */
    struct entry_text reference;  /* of an external reference */
    struct entry_text locator;
    struct entry_text name;       /* the document's own */
};

bool spdx_recognise(struct bytes whole)
{
    return json_document_recognise(whole, "\"spdxVersion\"", "\"SPDX-2.");
}

/* "Organization: NAME (mail)", "Person: NAME (mail)"; "NOASSERTION" is unknown. */
static struct text party_name(struct text t)
{
    if (text_starts_with(t, TEXT("Organization:")))
        t = (struct text){ .at = t.at + 13, .len = t.len - 13 };
    else if (text_starts_with(t, TEXT("Person:")))
        t = (struct text){ .at = t.at + 7, .len = t.len - 7 };
    else
        return TEXT_UNKNOWN;
    while (t.len > 0 && *t.at == ' ') {
        t.at++;
        t.len--;
    }
    const char *mail = t.len > 0 && t.at[t.len - 1] == ')' ? memrchr(t.at, '(', t.len) : NULL;
    if (mail)
        t.len = (size_t)(mail - t.at);
    while (t.len > 0 && t.at[t.len - 1] == ' ')
        t.len--;
    return t.len ? t : TEXT_UNKNOWN;
}

static bool asserted(struct text t)
{
    return t.len > 0 && !text_equal(t, TEXT("NOASSERTION")) && !text_equal(t, TEXT("NONE"));
}

static void package_text(struct spdx *s, const struct json_event *e)
{
    struct entry *entry = &s->entry;
    const struct { const char *key; struct entry_text *into; } plain[] = {
        { "packages[]name", &entry->name }, { "packages[]SPDXID", &entry->id },
        { "packages[]primaryPackagePurpose", &entry->kind }, { "packages[]versionInfo", &entry->version },
        { "packages[]externalRefs[]referenceType", &s->reference },
        { "packages[]externalRefs[]referenceLocator", &s->locator },
    };

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (json_event_is(e, 0, plain[i].key) && asserted(e->text))
            entry_text_set(plain[i].into, e->text);
    if (json_event_is(e, 0, "packages[]licenseConcluded") && asserted(e->text))
        entry_text_set(&entry->licence, e->text);
    else if (json_event_is(e, 0, "packages[]licenseDeclared") && asserted(e->text) && !entry->licence.known)
        entry_text_set(&entry->licence, e->text);
    const int rank = json_event_is(e, 0, "packages[]supplier") ? 2
                   : json_event_is(e, 0, "packages[]originator") ? 1 : 0;
    if (rank > entry->owner_rank && text_known(party_name(e->text))) {
        entry_text_set(&entry->owner, party_name(e->text));
        entry->owner_rank = rank;
    }
}

static void document_text(struct spdx *s, const struct json_event *e)
{
    if (json_event_is(e, 0, "spdxVersion"))
        entry_text_set(&s->bill.version, text_starts_with(e->text, TEXT("SPDX-"))
                       ? (struct text){ .at = e->text.at + 5, .len = e->text.len - 5 } : e->text);
    else if (json_event_is(e, 0, "name"))
        entry_text_set(&s->name, e->text);
    else if (json_event_is(e, 0, "documentDescribes[]") && !s->described.known)
        entry_text_set(&s->described, e->text);
    else if (json_event_is(e, 0, "relationships[]spdxElementId"))
        entry_text_set(&s->from, e->text);
    else if (json_event_is(e, 0, "relationships[]relationshipType"))
        entry_text_set(&s->type, e->text);
    else if (json_event_is(e, 0, "relationships[]relatedSpdxElement"))
        entry_text_set(&s->to, e->text);
}

static void end_object(struct spdx *s, const struct json_event *e)
{
    if (e->depth == 2 && json_event_is(e, 0, "packages[]")) {
        const struct text id = entry_text_get(&s->entry.id);
        const bool subject = text_known(id) && text_equal(id, entry_text_get(&s->described));
        if (s->pass == PASS_SUBJECT && subject)
            s->bill.subject = s->entry.name;
        if (s->pass == PASS_ENTRIES && !subject)
            bill_put(&s->bill, &s->entry);
    } else if (e->depth == 2 && json_event_is(e, 0, "relationships[]")) {
        if (text_equal(entry_text_get(&s->type), TEXT("DESCRIBES")) && !s->described.known &&
            text_equal(entry_text_get(&s->from), TEXT("SPDXRef-DOCUMENT")))
            s->described = s->to;
        s->from.known = s->type.known = s->to.known = false;
    } else if (json_event_is(e, 0, "packages[]externalRefs[]")) {
        if (text_equal(entry_text_get(&s->reference), TEXT("purl")))
            s->entry.locator = s->locator;
        s->reference.known = s->locator.known = false;
    }
}

static bool on_event(void *user, const struct json_event *e)
{
    struct spdx *s = user;

    if (e->kind == JSON_OBJECT && e->depth == 2 && json_event_is(e, 0, "packages[]")) {
        memset(&s->entry, 0, sizeof s->entry);
        s->reference.known = s->locator.known = false;
        s->entry.at = e->at;
    } else if (e->kind == JSON_OBJECT_END) {
        end_object(s, e);
    } else if (e->kind == JSON_TEXT && s->pass == PASS_DESCRIBED) {
        document_text(s, e);
    } else if (e->kind == JSON_TEXT) {
        package_text(s, e);
    }
    return true;
}

enum parse_status spdx_read(struct reading *r, struct bytes whole)
{
    struct spdx *s = arena_alloc(r->arena, 1, sizeof *s);
    uint64_t origin;

    if (!s || !spdx_recognise(whole))
        return PARSE_INVALID;
    s->bill = (struct bill){ .reading = r, .format = "SPDX" };
    for (s->pass = PASS_DESCRIBED; s->pass < PASS_ENTRIES; s->pass++)
        (void)!json_read(whole, on_event, s, NULL);
    if (!s->bill.subject.known)
        s->bill.subject = s->name;
    bill_put_subject(&s->bill, "spdx", bytes_part(whole, 0, 1));
    const enum parse_status status = json_read(whole, on_event, s, &origin);
    bill_ended(&s->bill, status, origin);
    return PARSE_OK;
}
