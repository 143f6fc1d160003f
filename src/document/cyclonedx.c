#include "document/bill_of_materials.h"

#include "document/entry.h"

/* A component may hold further ones, and so may the subject: "components" inside of a
 * component.  Open ones are a stack; what lies deeper than it is said, not read. */
enum { COMPONENTS_OPEN_MAX = 8 };

struct open_component {
    struct entry entry;
    size_t depth;            /* of its members */
    bool subject;
};

struct cyclonedx {
    struct bill bill;
    bool first_pass;         /* the subject may stand behind the components */
    struct open_component open[COMPONENTS_OPEN_MAX];
    size_t open_count;
    bool too_deep;
};

bool cyclonedx_recognise(struct bytes whole)
{
    return json_document_recognise(whole, "\"bomFormat\"", "\"CycloneDX\"");
}

static bool key_is(const struct json_event *e, size_t frame, const char *key)
{
    const struct json_frame *f = &e->frames[frame];

    return !f->array && f->key_whole && text_equal((struct text){ .at = f->key, .len = f->key_len }, text_of(key));
}

/* Whether an object that begins here is a component, and whether it is the subject. */
static bool begins_component(const struct cyclonedx *c, const struct json_event *e, bool *ret_subject)
{
    const size_t d = e->depth;

    *ret_subject = d == 2 && json_event_is(e, 0, "metadata.component");
    if (*ret_subject)
        return true;
    if (d < 2 || !e->frames[d - 1].array || !key_is(e, d - 2, "components"))
        return false;
    return d == 2 || (c->open_count > 0 && c->open[c->open_count - 1].depth == d - 1);
}

static void set_owner(struct entry *entry, int rank, struct text value)
{
    if (rank > entry->owner_rank && value.len > 0) {
        entry_text_set(&entry->owner, value);
        entry->owner_rank = rank;
    }
}

static void component_text(struct open_component *o, const struct json_event *e)
{
    struct entry *entry = &o->entry;
    const size_t from = o->depth - 1;

    if (json_event_is(e, from, "name"))
        entry_text_set(&entry->name, e->text);
    else if (json_event_is(e, from, "version"))
        entry_text_set(&entry->version, e->text);
    else if (json_event_is(e, from, "type"))
        entry_text_set(&entry->kind, e->text);
    else if (json_event_is(e, from, "purl"))
        entry_text_set(&entry->locator, e->text);
    else if (json_event_is(e, from, "licenses[]license.id") || json_event_is(e, from, "licenses[]expression"))
        entry_licence_set(entry, e->text);
    else if (json_event_is(e, from, "supplier.name"))
        set_owner(entry, 3, e->text);
    else if (json_event_is(e, from, "manufacturer.name"))
        set_owner(entry, 2, e->text);
    else if (json_event_is(e, from, "publisher"))
        set_owner(entry, 1, e->text);
    else if (json_event_is(e, from, "supplier.address.country"))
        entry_text_set(&entry->country, e->text);
}

static void end_component(struct cyclonedx *c)
{
    const struct open_component *o = &c->open[--c->open_count];

    if (o->subject && c->first_pass)
        c->bill.subject = o->entry.name;
    else if (!o->subject && !c->first_pass)
        bill_put(&c->bill, &o->entry);
}

static bool on_event(void *user, const struct json_event *e)
{
    struct cyclonedx *c = user;
    struct open_component *top = c->open_count ? &c->open[c->open_count - 1] : NULL;
    bool subject;

    if (e->kind == JSON_OBJECT && begins_component(c, e, &subject)) {
        if (c->open_count == COMPONENTS_OPEN_MAX) {
            if (!c->too_deep && !c->first_pass)
                reading_damage(c->bill.reading, e->at.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                               "components inside of components deeper than %d", COMPONENTS_OPEN_MAX);
            c->too_deep = true;
            return true;
        }
        top = &c->open[c->open_count++];
        memset(top, 0, sizeof *top);
        top->depth = e->depth + 1;
        top->subject = subject;
        top->entry.at = e->at;
    } else if (e->kind == JSON_OBJECT_END && top && e->depth + 1 == top->depth) {
        end_component(c);
    } else if (e->kind == JSON_TEXT && top && e->depth >= top->depth) {
        component_text(top, e);
    } else if (e->kind == JSON_TEXT && c->first_pass && e->depth == 1 && json_event_is(e, 0, "specVersion")) {
        entry_text_set(&c->bill.version, e->text);
    }
    return true;
}

enum parse_status cyclonedx_read(struct reading *r, struct bytes whole)
{
    struct cyclonedx *c = arena_alloc(r->arena, 1, sizeof *c);
    uint64_t origin;

    if (!c || !cyclonedx_recognise(whole))
        return PARSE_INVALID;
    c->bill = (struct bill){ .reading = r, .format = "CycloneDX" };
    c->first_pass = true;
    (void)!json_read(whole, on_event, c, NULL);
    c->first_pass = c->too_deep = false;
    c->open_count = 0;
    bill_put_subject(&c->bill, "cyclonedx", bytes_part(whole, 0, 1));
    const enum parse_status status = json_read(whole, on_event, c, &origin);
    bill_ended(&c->bill, status, origin);
    return PARSE_OK;
}
