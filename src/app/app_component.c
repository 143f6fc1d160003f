#include "app/app.h"

#include "app/permissions.h"
#include "fact/component_sign.h"

struct fact_origin app_origin(const struct app *a, uint64_t offset, uint64_t length, const struct text *steps,
                              size_t count)
{
    struct fact_origin o = fact_origin_at(offset, length);
    struct text *kept = arena_alloc(a->r->arena, count + 1, sizeof *kept);

    for (size_t i = 0; kept && i < count; i++)
        kept[i] = steps[i];
    o.steps = (struct text_list){ .items = kept, .count = kept ? count : 0 };
    return o;
}

static struct component_signs *signs_of(struct app *a, int component)
{
    return a->signs && component != COMPONENT_NONE ? &a->signs[component] : NULL;
}

void app_note_class(struct app *a, struct text descriptor, const struct zip_entry *dex)
{
    struct component_signs *s = signs_of(a, component_of_class(a->table, descriptor));

    if (s && s->classes++ == 0) {
        s->class_name = arena_text(a->r->arena, descriptor);
        s->class_file = dex->name;
        s->class_offset = dex->packed.origin;
    }
}

void app_note_name(struct app *a, struct text dotted)
{
    struct component_signs *s = signs_of(a, component_of_name(a->table, dotted));

    if (s && s->names++ == 0)
        s->name = dotted;
}

struct text app_base_name(struct text path)
{
    const char *slash = memrchr(path.at, '/', path.len);

    return slash ? (struct text){ .at = slash + 1, .len = path.len - (size_t)(slash + 1 - path.at) } : path;
}

/* As it will be in the package: a bundle has a folder for each module. */
static struct text path_in_package(const struct app *a, struct text path)
{
    const char *slash = a->bundle ? memchr(path.at, '/', path.len) : NULL;

    return slash ? (struct text){ .at = slash + 1, .len = path.len - (size_t)(slash + 1 - path.at) } : path;
}

void app_note_file(struct app *a, const struct zip_entry *e)
{
    struct component_signs *s = signs_of(a, component_of_library(a->table, app_base_name(e->name)));

    if (s && s->libraries++ == 0) {
        s->library = e->name;
        s->library_offset = e->packed.origin;
    }
    s = signs_of(a, component_of_file(a->table, path_in_package(a, e->name)));
    if (s && s->files++ == 0) {
        s->file = e->name;
        s->file_offset = e->packed.origin;
    }
}

/* The signs in words, strongest first; gives how many. */
static size_t sign_steps(const struct app *a, const struct component_signs *s, struct text steps[5])
{
    const struct { size_t count; struct component_sign sign; } signs[] = {
        { s->classes, { .kind = COMPONENT_SIGN_CLASSES, .number = s->classes, .name = s->class_name, .file = s->class_file } },
        { s->libraries, { .kind = text_known(s->exported) ? COMPONENT_SIGN_EXPORT : COMPONENT_SIGN_LIBRARY, .name = s->exported, .file = s->library } },
        { s->files, { .kind = COMPONENT_SIGN_FILE, .file = s->file } },
        { s->names, { .kind = COMPONENT_SIGN_MANIFEST, .name = s->name } },
        { s->hosts, { .kind = COMPONENT_SIGN_HOST, .name = s->host } },
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].count > 0)
            steps[n++] = component_sign_words(&signs[i].sign, a->r->arena);
    return n;
}

static void put_found(struct app *a, const struct component *c, const struct component_signs *s)
{
    struct fact_component row;
    struct text steps[5];
    const size_t count = sign_steps(a, s, steps);
    const uint64_t offset = s->classes ? s->class_offset : s->libraries ? s->library_offset : s->files ? s->file_offset
                            : s->names ? (uint64_t)a->manifest_origin.offset : s->host_offset;

    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, offset, 0, steps, count);
    row.package = a->package;
    row.name = c->name;
    row.kind = c->kind == COMPONENT_PACKER ? TEXT("packer") : TEXT("sdk");
    row.owner = c->owner;
    row.country = c->country;
    row.purpose = c->purpose;
    row.licence = c->licence;
    row.fcc_class = s->classes || s->libraries || s->files || s->names ? c->fcc_class : TEXT_UNKNOWN;
    row.source = c->source;
    row.state = s->classes || s->libraries || s->files ? TEXT("in_code") : s->names
        ? TEXT("in_manifest") : TEXT("host_only");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

/* What is there of the protections that a library can be built with; what is missing is said beside it. */
static struct text protection_words(const struct app *a, const struct app_library *l)
{
    const char *const words[] = { l->no_canary ? "" : ", stack protection",
                                  l->no_relro ? "" : ", read-only relocations",
                                  l->stack_stated && !l->executable_stack ? ", a stack that is not executable" : "",
                                  l->fixed_address ? "" : ", code for any address" };
    const struct text t = arena_printf(a->r->arena, "%s%s%s%s", words[0], words[1], words[2], words[3]);

    return t.len < 2 ? TEXT_UNKNOWN : arena_printf(a->r->arena, "has %.*s", (int)t.len - 2, t.at + 2);
}

static void put_library(struct app *a, const struct app_library *l)
{
    const struct text protection = protection_words(a, l);
    const int component = component_of_library(a->table, l->name);
    const struct component *known = component == COMPONENT_NONE ? NULL : component_at(a->table, (size_t)component);
    struct fact_component row;
    struct text steps[10];
    size_t n = 0;

    steps[n++] = component_sign_words(&(struct component_sign){ .kind = COMPONENT_SIGN_LIBRARY, .file = l->path },
                                      a->r->arena);
    if (l->copies > 1)
        steps[n++] = arena_printf(a->r->arena, "for %zu kinds of processor", l->copies);
    if (text_known(l->soname) && !text_equal(l->soname, l->name))
        steps[n++] = arena_printf(a->r->arena, "calls itself %.*s", (int)l->soname.len, l->soname.at);
    if (text_known(l->build_id))
        steps[n++] = arena_printf(a->r->arena, "build id %.*s", (int)l->build_id.len, l->build_id.at);
    if (l->needed.count > 0)
        steps[n++] = arena_printf(a->r->arena, "needs %zu libraries, first %.*s", l->needed.count,
                                  (int)l->needed.items[0].len,
                                  l->needed.items[0].at);
    if (l->imports > 0)
        steps[n++] = arena_printf(a->r->arena, "wants %zu functions and values of others", l->imports);
    if (l->exports > 0)
        steps[n++] = arena_printf(a->r->arena, "offers %zu functions and values, %zu of them to Java, first %.*s",
                                  l->exports, l->java_exports,
                                  (int)l->first_export.len, l->first_export.at);
    if (!l->unreadable && text_known(protection))
        steps[n++] = protection;
    if (l->executable_stack || l->no_canary || l->no_relro || l->fixed_address)
        steps[n++] = arena_printf(a->r->arena, "built%s%s%s%s", l->no_canary ? " without stack protection" : "",
                                  l->no_relro ? " without read-only relocations" : "", l->executable_stack ? " with an executable stack" : "",
                                  l->fixed_address ? " for a fixed address" : "");
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, l->offset, l->length, steps, n);
    row.package = a->package;
    row.name = l->name;
    row.kind = TEXT("library");
    row.state = l->unreadable ? TEXT("unreadable") : TEXT("in_code");
    if (known) {
        row.owner = known->owner;
        row.country = known->country;
        row.purpose = known->purpose;
        row.licence = known->licence;
        row.fcc_class = known->fcc_class;
        row.source = known->source;
    }
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

/* A host alone speaks for a kit only where its code could be hidden: an app may link to a service
 * without having its kit.  The host has a row of its own in any case. */
static bool is_there(const struct app *a, const struct component *c, const struct component_signs *s)
{
    if (s->classes || s->libraries || s->files || s->names)
        return true;
    return s->hosts && (!c->has_classes || strcmp(a->readable, "full") != 0);
}

void app_put_components(struct app *a)
{
    for (size_t i = 0; i < component_table_count(a->table) && a->signs; i++) {
        const struct component *c = component_at(a->table, i);
        if (is_there(a, c, &a->signs[i]))
            put_found(a, c, &a->signs[i]);
    }
    for (size_t i = 0; i < a->library_count; i++)
        put_library(a, &a->libraries[i]);
}
