#include "app/app.h"

#include "app/behaviour.h"
#include "app/dex_code.h"

/* What the code is able to do: calls of the platform's interfaces, with the first place of each, and what
 * follows from several signs together. */

enum { SIGNS_MAX = 12 };

struct behaviour_sign {
    size_t named;        /* dex files whose tables name it */
    size_t calls;
    struct text first;   /* "Lcom/example/Name;->method in classes.dex" */
    uint64_t offset;
    int caller;          /* component that the first call is in, or COMPONENT_NONE */
};

struct native_sign {
    size_t libraries;
    struct text first;   /* library */
    uint64_t offset;
};

/* The first text of its kind. */
struct text_sign {
    struct text text, file;
    uint64_t inside, offset;   /* in the file, unpacked; and the file's in the package */
};

struct behaviour_signs {
    struct behaviour_sign of[BEHAVIOURS_MAX];
    struct native_sign native[NATIVE_BEHAVIOURS_MAX];
    struct text_sign texts[TEXT_BEHAVIOURS_MAX], update; /* update: an address of updates past the store */
};

static struct behaviour_signs *signs_of(struct app *a)
{
    if (!a->behaviours)
        a->behaviours = arena_alloc(a->r->arena, 1, sizeof *a->behaviours);
    return a->behaviours;
}

struct search {
    struct app *a;
    struct dex *d;
    const struct zip_entry *e;
    struct behaviour_signs *signs;
    const uint8_t *marks, *field_marks; /* by method and by field: line of behaviours + 1, or 0 */
    uint32_t mark_count, field_mark_count;
    struct text class_name;
};

static void note_use(struct search *s, uint32_t caller, uint8_t mark)
{
    struct dex_method m;
    struct behaviour_sign *sign = &s->signs->of[mark - 1];

    if (sign->calls++ > 0 || !dex_method(s->d, caller, &m))
        return;
    const struct text name = dex_string(s->d, m.name, NULL);
    sign->first = arena_printf(s->a->r->arena, "%.*s->%.*s in %.*s",
                               (int)(s->class_name.len < 500 ? s->class_name.len : 500), s->class_name.at,
                               (int)(name.len < 200 ? name.len : 200), name.at ? name.at : "", (int)s->e->name.len, s->e->name.at);
    sign->offset = s->e->packed.origin;
    sign->caller = component_of_class(s->a->table, s->class_name);
}

static void note_call(void *user, uint32_t caller, uint32_t called, uint64_t offset)
{
    struct search *s = user;

    (void)offset;
    if (called < s->mark_count && s->marks[called])
        note_use(s, caller, s->marks[called]);
}

static void note_get(void *user, uint32_t caller, uint32_t field, uint64_t offset)
{
    struct search *s = user;

    (void)offset;
    if (field < s->field_mark_count && s->field_marks[field])
        note_use(s, caller, s->field_marks[field]);
}

static void mark_types(struct search *s, uint8_t *types)
{
    for (uint32_t i = 0; i < s->d->types.count && i < 65536; i++) {
        const size_t line = behaviour_of_class(dex_type(s->d, i));
        types[i] = line < behaviour_count ? (uint8_t)(line + 1) : 0;
    }
}

/* Which methods, or fields, of the table are of interest; gives whether any is. */
static bool mark_members(struct search *s, bool fields, uint32_t count, uint8_t *marks, const uint8_t *types)
{
    bool any = false;

    for (uint32_t i = 0; i < count; i++) {
        struct dex_method m;
        if (!(fields ? dex_field : dex_method)(s->d, i, &m) || m.type >= s->d->types.count || !types[m.type])
            continue;
        const struct text name = dex_string(s->d, m.name, NULL);
        const char *class = behaviours[types[m.type] - 1].class_descriptor;
        for (size_t k = types[m.type] - 1u; k < behaviour_count && strcmp(behaviours[k].class_descriptor, class) == 0;
             k++) {
            if (behaviours[k].field != fields || !text_equal(name, text_of(behaviours[k].method)))
                continue;
            marks[i] = (uint8_t)(k + 1);
            struct behaviour_sign *sign = &s->signs->of[k];
            if (sign->named++ == 0) {
                sign->offset = s->e->packed.origin;
                sign->caller = COMPONENT_NONE;
            }
            any = true;
        }
    }
    return any;
}

void app_search_calls(struct app *a, struct dex *d, const struct zip_entry *e)
{
    struct search s = { .a = a, .d = d, .e = e, .signs = signs_of(a),
                        .mark_count = d->methods.count < 65536 ? d->methods.count : 65536,
                        .field_mark_count = d->fields.count < 65536 ? d->fields.count : 65536 };
    size_t odd = 0;

    _Static_assert(sizeof behaviours[0] > 0 && BEHAVIOURS_MAX < 255, "a line fits a byte");
    uint8_t *marks = s.signs ? arena_alloc(a->r->arena, s.mark_count + 1, 1) : NULL,
        *types = marks ? arena_alloc(a->r->arena, 65536, 1) : NULL;
    uint8_t *field_marks = types ? arena_alloc(a->r->arena, s.field_mark_count + 1, 1) : NULL;
    if (!field_marks || behaviour_count > BEHAVIOURS_MAX)
        return;
    s.marks = marks;
    s.field_marks = field_marks;
    mark_types(&s, types);
    const bool calls = mark_members(&s, false, s.mark_count, marks, types),
        gets = mark_members(&s, true, s.field_mark_count, field_marks, types);
    if (!calls && !gets)
        return;
    for (uint32_t i = 0; i < d->classes.count; i++) {
        struct dex_class c;
        if (!dex_class(d, i, &c))
            break;
        s.class_name = dex_type(d, c.type);
        if (!text_known(s.class_name))
            s.class_name = TEXT("");
        odd += !dex_class_calls(d, &c, note_call, gets ? note_get : NULL, &s);
    }
    if (odd > 0)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, (int64_t)odd,
                       "the code of %zu classes in \"%.*s\" could not be followed to its end", odd, (int)e->name.len, e->name.at);
}

/* An address of a package, or a name by which apps ask for a newer one.  All of these words have a 'p' in
 * them that few others have: strings are many. */
static bool is_update_text(struct text t)
{
    static const struct { const char *word; size_t before; } words[] = { /* characters before the 'p' that is found */
        { "/upgrade", 2 }, { "checkUpdate", 6 }, { "check_update", 7 }, { "checkupdate", 6 }, { "app/update", 5 }, { "apk_url", 1 },
        { "apkUrl", 1 }, { "update_url", 1 },
    };

    if (text_ends_with(t, TEXT(".apk")) && memmem(t.at, t.len, "://", 3))
        return true;
    for (size_t at = 0; at < t.len; at++) {
        const char *p = memchr(t.at + at, 'p', t.len - at);
        if (!p)
            return false;
        at = (size_t)(p - t.at);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            const size_t len = strlen(words[i].word);
            if (at >= words[i].before && t.len - at + words[i].before >= len &&
                memcmp(p - words[i].before, words[i].word, len) == 0)
                return true;
        }
    }
    return false;
}

static void note_text(struct app *a, struct text_sign *sign, struct text t, const struct zip_entry *e, uint64_t inside)
{
    if (text_known(sign->text))
        return;
    *sign = (struct text_sign){ .text = arena_text(a->r->arena, (struct text){ t.at, t.len < 200 ? t.len : 200 }),
                                .file = e->name,
                                .inside = inside, .offset = e->packed.origin };
}

void app_note_text(struct app *a, struct text t, const struct zip_entry *e, uint64_t inside)
{
    struct behaviour_signs *s = signs_of(a);
    const size_t line = behaviour_of_text(t);

    if (!s)
        return;
    if (line < text_behaviour_count && line < TEXT_BEHAVIOURS_MAX)
        note_text(a, &s->texts[line], t, e, inside);
    if (!text_known(s->update.text) && t.len <= 500 && is_update_text(t))
        note_text(a, &s->update, t, e, inside);
}

void app_note_function(struct app *a, size_t line, const struct zip_entry *library)
{
    struct native_sign *s = signs_of(a) && line < NATIVE_BEHAVIOURS_MAX ? &a->behaviours->native[line] : NULL;

    if (s && s->libraries++ == 0) {
        s->first = library->name;
        s->offset = library->packed.origin;
    }
}

static struct text dotted_name(struct app *a, const struct behaviour *b)
{
    const struct text t = arena_printf(a->r->arena, "%.*s.%s", (int)strlen(b->class_descriptor) - 2,
                                       b->class_descriptor + 1, b->method);

    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] == '/')
            ((char *)(uintptr_t)t.at)[i] = '.';
    return t;
}

static void put_sign(struct app *a, const struct behaviour *b, const struct behaviour_sign *s)
{
    const struct component *by = s->calls > 0 && s->caller != COMPONENT_NONE
        ? component_at(a->table, (size_t)s->caller) : NULL;
    struct fact_component row;
    struct text steps[3];
    size_t n = 0;

    if (s->calls > 0)
        steps[n++] = arena_printf(a->r->arena, "present in code: %zu %s, first in %.*s", s->calls,
                                  b->field ? "reads" : "calls", (int)s->first.len, s->first.at);
    else
        steps[n++] = TEXT("named in the code's tables; no call of it was found");
    if (by)
        steps[n++] = arena_printf(a->r->arena, "that is in %.*s", (int)by->name.len, by->name.at);
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, s->offset, 0, steps, n);
    row.package = a->package;
    row.name = dotted_name(a, b);
    row.kind = TEXT("module");
    row.state = TEXT("in_code");
    row.purpose = arena_printf(a->r->arena, "%s: %s", app_setting_name(b->setting), b->what);
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

static void put_native_sign(struct app *a, const struct native_behaviour *b, const struct native_sign *s)
{
    struct fact_component row;
    struct text steps[2];
    size_t n = 0;

    steps[n++] = arena_printf(a->r->arena, "present in native code: %.*s wants it from outside", (int)s->first.len,
                              s->first.at);
    if (s->libraries > 1)
        steps[n++] = arena_printf(a->r->arena, "and %zu more libraries", s->libraries - 1);
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, s->offset, 0, steps, n);
    row.package = a->package;
    row.name = text_of(b->function);
    row.kind = TEXT("module");
    row.state = TEXT("in_code");
    row.purpose = arena_printf(a->r->arena, "%s: %s", app_setting_name(b->setting), b->what);
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

static struct text listed(struct app *a, struct text list, struct text name)
{
    return text_known(list) ? arena_printf(a->r->arena, "%.*s, %.*s", (int)list.len, list.at, (int)name.len,
                                           name.at) : name;
}

/* One row per kind of behaviour, with the interfaces that stand for it. */
static void put_summary(struct app *a, enum app_setting setting)
{
    struct text steps[SIGNS_MAX], value = TEXT_UNKNOWN;
    size_t n = 0;
    uint64_t offset = 0;

    for (size_t i = 0; i < behaviour_count; i++) {
        const struct behaviour_sign *s = &a->behaviours->of[i];
        if (behaviours[i].setting != setting || !s->named || n == SIGNS_MAX)
            continue;
        const struct text name = dotted_name(a, &behaviours[i]);
        if (n == 0)
            offset = s->offset;
        value = listed(a, value, name);
        steps[n++] = text_known(s->first) ? s->first : TEXT("named in the code's tables");
    }
    for (size_t i = 0; i < native_behaviour_count; i++) {
        const struct native_sign *s = &a->behaviours->native[i];
        if (native_behaviours[i].setting != setting || !s->libraries || n == SIGNS_MAX)
            continue;
        if (n == 0)
            offset = s->offset;
        value = listed(a, value, text_of(native_behaviours[i].function));
        steps[n++] = s->first;
    }
    if (n > 0)
        app_setting_put(a->r, setting, value, a->package, app_origin(a, offset, 0, steps, n));
}

static bool asks_to_install(const struct app *a)
{
    for (size_t i = 0; i < a->manifest.permission_count && a->has_manifest; i++)
        if (text_equal(a->manifest.permissions[i].name, TEXT("android.permission.REQUEST_INSTALL_PACKAGES")) ||
            text_equal(a->manifest.permissions[i].name, TEXT("android.permission.INSTALL_PACKAGES")))
            return true;
    return false;
}

/* Kits whose purpose begins with "update:" change the app past the store. */
static const struct component *update_kit(const struct app *a)
{
    for (size_t i = 0; i < component_table_count(a->table) && a->signs; i++)
        if (text_known(component_at(a->table, i)->purpose) &&
            text_starts_with(component_at(a->table, i)->purpose, TEXT("update:")) &&
            (a->signs[i].classes || a->signs[i].libraries))
            return component_at(a->table, i);
    return NULL;
}

static struct text text_step(struct app *a, const struct text_sign *t)
{
    return arena_printf(a->r->arena, "\"%.*s\" in %.*s at %llu", (int)t->text.len, t->text.at, (int)t->file.len,
                        t->file.at, (unsigned long long)t->inside);
}

/* Interfaces that are reached by name, and other texts; gives whether one of them stands for `setting`. */
static bool put_texts(struct app *a, enum app_setting setting)
{
    bool any = false;

    for (size_t i = 0; i < text_behaviour_count && i < TEXT_BEHAVIOURS_MAX; i++) {
        const struct text_sign *t = &a->behaviours->texts[i];
        if (text_behaviours[i].setting != setting || !text_known(t->text))
            continue;
        const struct text steps[] = { text_step(a, t) };
        app_setting_put(a->r, setting, t->text, a->package, app_origin(a, t->offset, 0, steps, 1));
        any = true;
    }
    return any;
}

/* What can install packages, together with an address of one or of a look for one. */
static void put_self_update(struct app *a, bool installer_text)
{
    const struct behaviour_signs *s = a->behaviours;
    const struct fact_origin manifest = app_origin(a, (uint64_t)a->manifest_origin.offset, 0, NULL, 0);
    bool installs = installer_text;
    struct text steps[2];
    size_t n = 0;

    for (size_t i = 0; i < behaviour_count; i++)
        installs |= behaviours[i].setting == APP_INSTALLER && s->of[i].named;
    if (asks_to_install(a)) {
        installs = true;
        steps[n++] = TEXT("the manifest asks for the right to install packages");
        app_setting_put(a->r, APP_INSTALLER, TEXT("REQUEST_INSTALL_PACKAGES"), a->package,
                        app_origin(a, (uint64_t)manifest.offset, 0, steps, n));
    }
    if (!installs || !text_known(s->update.text))
        return;
    steps[n++] = text_step(a, &s->update);
    app_setting_put(a->r, APP_SELF_UPDATE, s->update.text, a->package, app_origin(a, s->update.offset, 0, steps, n));
}

static void put_derived(struct app *a)
{
    const struct component *kit = update_kit(a);
    bool installer_text = false;

    for (int setting = 0; setting < APP_SETTING_COUNT; setting++) {
        const bool any = put_texts(a, (enum app_setting)setting);
        installer_text |= any && setting == APP_INSTALLER;
    }
    put_self_update(a, installer_text);
    if (kit) {
        const struct text kit_steps[] = { kit->name };
        const bool patch = memmem(kit->purpose.at, kit->purpose.len, "hot patch", 9) != NULL;
        app_setting_put(a->r, patch ? APP_HOT_PATCH : APP_DYNAMIC_CODE, kit->name, a->package,
                        app_origin(a, (uint64_t)a->manifest_origin.offset, 0, kit_steps, 1));
    }
}

void app_put_behaviours(struct app *a)
{
    if (!signs_of(a))
        return;
    for (size_t i = 0; i < behaviour_count; i++)
        if (a->behaviours->of[i].named)
            put_sign(a, &behaviours[i], &a->behaviours->of[i]);
    for (size_t i = 0; i < native_behaviour_count && i < NATIVE_BEHAVIOURS_MAX; i++)
        if (a->behaviours->native[i].libraries)
            put_native_sign(a, &native_behaviours[i], &a->behaviours->native[i]);
    for (int setting = 0; setting < APP_SETTING_COUNT; setting++)
        put_summary(a, (enum app_setting)setting);
    put_derived(a);
}
