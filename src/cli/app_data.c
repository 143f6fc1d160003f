#include "cli/app_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

enum { RULES_MAX = 20000, FIELD_BYTES_MAX = 4096 };

/* One line of either table while it is read. */
struct rule {
    struct text name, owner, purpose;
    struct text classes, hosts;          /* Exodus */
    enum component_column column;        /* LibChecker: what `word` is */
    struct text word;
    size_t place;                        /* as they stand: the sort is stable */
};

struct loading {
    struct component_table *t;
    struct arena *arena;
    struct rule now;
    struct rule *rules;
    size_t rule_count, added, patterns, refused;
};

static void add(struct loading *l, const struct rule *r, struct text classes, struct text libraries,
                struct text manifest, struct text hosts, struct text source)
{
    const struct text fields[COMPONENT_COLUMN_COUNT] = {
        [COMPONENT_NAME] = r->name, [COMPONENT_KIND] = TEXT("sdk"), [COMPONENT_OWNER] = r->owner, [COMPONENT_PURPOSE] = r->purpose,
        [COMPONENT_CLASSES] = classes, [COMPONENT_LIBRARIES] = libraries, [COMPONENT_MANIFEST] = manifest, [COMPONENT_HOSTS] = hosts,
        [COMPONENT_SOURCE] = source, [COMPONENT_CERTAINTY] = TEXT("partial"),
    };

    if (component_table_add(l->t, fields))
        l->refused++;
    else
        l->added++;
}

static struct text joined(struct arena *arena, struct text list, const char *word, size_t len)
{
    return list.len + len > FIELD_BYTES_MAX ? list : arena_printf(arena, "%.*s%s%.*s", (int)list.len,
                                                                  list.at ? list.at : "", list.len ? " " : "",
                                                                   (int)len, word);
}

/* "com.a.b.|com.c": names between bars.  A network signature is a regular expression; those that only
 * escape dots and dashes are names. */
static struct text names_of(struct loading *l, struct text signature, bool host)
{
    struct text list = TEXT_UNKNOWN;
    char word[256];
    size_t len = 0;
    bool pattern = false, dot = false;

    for (size_t i = 0; i <= signature.len; i++) {
        char c = i < signature.len ? signature.at[i] : '|';
        if (c == '\\' && host && i + 1 < signature.len && (signature.at[i + 1] == '.' || signature.at[i + 1] == '-'))
            c = signature.at[++i];
        if (c == '|') {
            if (len > 0 && !pattern && (dot || !host))
                list = joined(l->arena, list, word, len);
            else
                l->patterns += len > 0 || pattern;
            len = 0;
            pattern = dot = false;
            continue;
        }
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
            (!host && ((c >= 'A' && c <= 'Z') || c == '_' || c == '$'));
        pattern |= !plain || len == sizeof word;
        dot |= c == '.' && len > 0;
        if (!pattern && (c != '.' || len > 0)) /* a dot ahead is that of a border */
            word[len++] = c;
    }
    return list;
}

static struct text lower(struct arena *arena, struct text t)
{
    const struct text copy = arena_text(arena, t);

    for (size_t i = 0; i < copy.len; i++)
        if (copy.at[i] >= 'A' && copy.at[i] <= 'Z')
            ((char *)(uintptr_t)copy.at)[i] = (char)(copy.at[i] + 'a' - 'A');
    return copy;
}

static bool exodus_event(void *user, const struct json_event *e)
{
    struct loading *l = user;
    const struct text kept = e->kind == JSON_TEXT && e->text.len <= FIELD_BYTES_MAX ? e->text : TEXT_UNKNOWN;

    if (e->kind == JSON_OBJECT && e->depth == 2) {
        l->now = (struct rule){ 0 };
    } else if (e->kind == JSON_OBJECT_END && e->depth == 2) {
        if (l->now.classes.len > 0 || l->now.hosts.len > 0)
            add(l, &l->now, l->now.classes, TEXT(""), TEXT(""), l->now.hosts,
                TEXT("tracker list of Exodus Privacy, ODbL 1.0"));
    } else if (text_known(kept) && e->depth == 3 && json_event_is(e, 2, "name")) {
        l->now.name = arena_text(l->arena, kept);
    } else if (text_known(kept) && e->depth == 3 && json_event_is(e, 2, "code_signature")) {
        l->now.classes = names_of(l, kept, false);
    } else if (text_known(kept) && e->depth == 3 && json_event_is(e, 2, "network_signature")) {
        l->now.hosts = names_of(l, kept, true);
    } else if (text_known(kept) && e->depth == 4 && json_event_is(e, 2, "categories[]") &&
               !text_known(l->now.purpose)) {
        l->now.purpose = lower(l->arena, kept);
    }
    return true;
}

static bool libchecker_event(void *user, const struct json_event *e)
{
    static const struct { const char *list; enum component_column column; } lists[] = {
        { "native[]", COMPONENT_LIBRARIES }, { "activities[]", COMPONENT_MANIFEST }, { "services[]", COMPONENT_MANIFEST },
        { "receivers[]", COMPONENT_MANIFEST }, { "providers[]", COMPONENT_MANIFEST },
    };
    struct loading *l = user;

    if (e->depth == 2 && e->kind == JSON_OBJECT) {
        l->now = (struct rule){ 0 };
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            if (json_event_is(e, 0, lists[i].list))
                l->now.column = lists[i].column;
    } else if (e->depth == 2 && e->kind == JSON_OBJECT_END && l->now.column && l->now.name.len > 0 &&
               l->now.word.len > 0) {
        l->now.place = l->rule_count;
        if (l->rule_count < RULES_MAX)
            l->rules[l->rule_count++] = l->now;
        else
            l->refused++;
    } else if (e->depth == 3 && e->kind == JSON_TEXT && e->text.len <= FIELD_BYTES_MAX) {
        if (json_event_is(e, 2, "label"))
            l->now.name = arena_text(l->arena, e->text);
        else if (json_event_is(e, 2, "team"))
            l->now.owner = arena_text(l->arena, e->text);
        else if (json_event_is(e, 2, "name") && !memchr(e->text.at, ' ', e->text.len))
            l->now.word = arena_text(l->arena, e->text);
    }
    return true;
}

static int by_name(const void *x, const void *y)
{
    const struct rule *a = x, *b = y;
    const int order = text_compare(a->name, b->name);

    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* One component for all lines with one label. */
static void add_libchecker(struct loading *l)
{
    qsort(l->rules, l->rule_count, sizeof *l->rules, by_name);
    for (size_t i = 0; i < l->rule_count;) {
        const size_t first = i;
        struct text libraries = TEXT(""), manifest = TEXT("");
        for (; i < l->rule_count && text_equal(l->rules[i].name, l->rules[first].name); i++) {
            struct text *list = l->rules[i].column == COMPONENT_LIBRARIES ? &libraries : &manifest;
            *list = joined(l->arena, *list, l->rules[i].word.at, l->rules[i].word.len);
        }
        add(l, &l->rules[first], TEXT(""), libraries, manifest, TEXT(""), TEXT("LibChecker-Rules, Apache-2.0"));
    }
}

/* Negative errno, or how the JSON ended. */
static int load_file(struct loading *l, const char *folder, const char *name, json_handler *handler,
                     const struct note_taker *notes)
{
    struct bytes content;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    l->added = l->patterns = l->refused = 0;
    const int error = table_file(path, TABLE_BYTES_MAX, l->arena, &content);
    if (error)
        return error;
    const enum parse_status status = json_read(content, handler, l, NULL);
    if (handler == libchecker_event)
        add_libchecker(l);
    if (l->added == 0)
        return -EINVAL;
    note_printf(notes, "%s names %zu kits%s; %zu of its signatures are patterns and were left out, %zu lines could not be used.", name, l->added,
                status == PARSE_OK ? "" : ", up to where it is damaged", l->patterns, l->refused);
    return 0;
}

int app_data_load(const char *folder, struct component_table *t, const struct note_taker *notes, const char **ret_why)
{
    static const struct { const char *name; json_handler *handler; const char *wrong; } files[] = {
        { "exodus-trackers.json", exodus_event, "exodus-trackers.json holds no tracker list" },
        { "libchecker-rules.json", libchecker_event, "libchecker-rules.json holds no rules" },
    };
    struct loading l = { .t = t, .arena = arena_new(0) };
    int error = 0;
    bool used = false;

    l.rules = arena_alloc(l.arena, RULES_MAX, sizeof *l.rules);
    for (size_t i = 0; i < sizeof files / sizeof *files && !error; i++) {
        error = load_file(&l, folder, files[i].name, files[i].handler, notes);
        used |= error == 0;
        *ret_why = error == -EINVAL ? files[i].wrong : error ? strerror(-error) : NULL;
        if (error == -ENOENT)
            error = 0;
    }
    if (!error && !used) {
        error = -ENOENT;
        *ret_why = "neither exodus-trackers.json nor libchecker-rules.json is in the folder";
    }
    arena_free(l.arena);
    return error;
}
