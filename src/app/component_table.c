#include "app/component_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

const char *const component_columns[COMPONENT_COLUMN_COUNT] = {
    "name", "kind", "owner", "country", "purpose", "fcc_class", "classes", "libraries", "manifest", "files", "hosts",
    "source", "certainty", "licence",
};

const char *const signer_columns[SIGNER_COLUMN_COUNT] = { "sha256", "owner", "country", "meaning", "source",
                                                          "certainty" };

/* Names to components: open addressing, at most half full. */
struct names {
    struct name_slot { struct text name; int component; } *slots;
    size_t size, used;
};

struct pattern { struct text before, after; int component; }; /* what stands before and behind the '*' */

struct patterns { struct pattern *items; size_t count, room; };

struct component_table {
    struct arena *arena;
    struct component *components;
    size_t count, room;
    struct names classes, libraries, manifest, files, hosts;
    struct patterns library_patterns, file_patterns;
    struct names certificates; /* to signers */
    struct known_signer *signers;
    size_t signer_count, signer_room;
};

struct component_table *component_table_new(void)
{
    struct component_table *t = memory_alloc_array(1, sizeof *t);

    t->arena = arena_new(0);
    return t;
}

void component_table_free(struct component_table *t)
{
    if (!t)
        return;
    free(t->classes.slots);
    free(t->libraries.slots);
    free(t->manifest.slots);
    free(t->files.slots);
    free(t->hosts.slots);
    free(t->library_patterns.items);
    free(t->file_patterns.items);
    free(t->certificates.slots);
    free(t->signers);
    free(t->components);
    arena_free(t->arena);
    free(t);
}

static struct name_slot *slot_of(const struct names *n, struct text name)
{
    size_t i = (size_t)hash_mix(name.at, name.len, 0) & (n->size - 1);

    while (text_known(n->slots[i].name) && !text_equal(n->slots[i].name, name))
        i = (i + 1) & (n->size - 1);
    return &n->slots[i];
}

static int names_find(const struct names *n, struct text name)
{
    const struct name_slot *slot = n->size && name.len ? slot_of(n, name) : NULL;

    return slot && text_known(slot->name) ? slot->component : COMPONENT_NONE;
}

/* Of two components with one name, the first has it. */
static void names_add(struct names *n, struct text name, int component)
{
    if (n->used * 2 >= n->size) {
        const struct names old = *n;
        n->size = old.size ? old.size * 2 : 64;
        n->slots = memory_alloc_array(n->size, sizeof *n->slots);
        for (size_t i = 0; i < old.size; i++)
            if (text_known(old.slots[i].name))
                *slot_of(n, old.slots[i].name) = old.slots[i];
        free(old.slots);
    }
    struct name_slot *slot = slot_of(n, name);
    if (text_known(slot->name))
        return;
    *slot = (struct name_slot){ .name = name, .component = component };
    n->used++;
}

static void pattern_add(struct patterns *p, struct text name, int component)
{
    const char *star = memchr(name.at, '*', name.len);
    const size_t before = (size_t)(star - name.at);

    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 16;
        p->items = memory_resize_array(p->items, p->room, sizeof *p->items);
    }
    p->items[p->count++] = (struct pattern){
        .before = { .at = name.at, .len = before }, .after = { .at = star + 1,
                                                               .len = name.len - before - 1 }, .component = component };
}

static int pattern_find(const struct patterns *p, struct text name)
{
    for (size_t i = 0; i < p->count; i++)
        if (name.len >= p->items[i].before.len + p->items[i].after.len && text_starts_with(name, p->items[i].before) &&
            text_ends_with(name, p->items[i].after))
            return p->items[i].component;
    return COMPONENT_NONE;
}

/* The next word of a list; false at its end. */
static bool next_word(struct text *list, struct text *ret)
{
    while (list->len > 0 && list->at[0] == ' ') {
        list->at++;
        list->len--;
    }
    size_t n = 0;
    while (n < list->len && list->at[n] != ' ')
        n++;
    *ret = (struct text){ .at = list->at, .len = n };
    list->at += n;
    list->len -= n;
    return n > 0;
}

/* A name without the dot at its end; with slashes where `slashes`. */
static struct text kept_name(struct component_table *t, struct text word, bool slashes)
{
    while (word.len > 0 && word.at[word.len - 1] == '.')
        word.len--;
    struct text copy = arena_text(t->arena, word);
    for (size_t i = 0; slashes && i < copy.len; i++)
        if (copy.at[i] == '.')
            ((char *)(uintptr_t)copy.at)[i] = '/';
    return copy;
}

static void add_list(struct component_table *t, struct names *names, struct patterns *patterns, struct text list,
                     bool slashes, int component)
{
    struct text word;

    while (next_word(&list, &word)) {
        const struct text name = kept_name(t, word, slashes);
        if (patterns && memchr(name.at, '*', name.len))
            pattern_add(patterns, name, component);
        else if (name.len > 0)
            names_add(names, name, component);
    }
}

static struct text filled(struct component_table *t, struct text field)
{
    return field.len > 0 ? arena_text(t->arena, field) : TEXT_UNKNOWN;
}

static bool is_certainty(struct text t)
{
    return text_equal(t, TEXT("seen")) || text_equal(t, TEXT("partial")) || text_equal(t, TEXT("from memory"));
}

const char *component_table_add(void *table, const struct text *fields)
{
    struct component_table *t = table;
    const struct text certainty = fields[COMPONENT_CERTAINTY];
    const int component = (int)t->count;
    struct component c = { .kind = COMPONENT_SDK };

    if (text_equal(fields[COMPONENT_KIND], TEXT("packer")))
        c.kind = COMPONENT_PACKER;
    else if (!text_equal(fields[COMPONENT_KIND], TEXT("sdk")))
        return "the kind is neither sdk nor packer";
    if (fields[COMPONENT_NAME].len == 0)
        return "there is no name";
    if (!is_certainty(certainty))
        return "the certainty is none of seen, partial, from memory";
    if (t->count == COMPONENTS_MAX)
        return "there are too many components";
    c.has_classes = fields[COMPONENT_CLASSES].len > 0;
    c.name = filled(t, fields[COMPONENT_NAME]);
    c.owner = filled(t, fields[COMPONENT_OWNER]);
    c.country = filled(t, fields[COMPONENT_COUNTRY]);
    c.purpose = filled(t, fields[COMPONENT_PURPOSE]);
    c.fcc_class = filled(t, fields[COMPONENT_FCC_CLASS]);
    c.licence = filled(t, fields[COMPONENT_LICENCE]);
    c.source = arena_printf(t->arena, "%.*s (%.*s)", (int)fields[COMPONENT_SOURCE].len, fields[COMPONENT_SOURCE].at,
                            (int)certainty.len, certainty.at);
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 128;
        t->components = memory_resize_array(t->components, t->room, sizeof *t->components);
    }
    t->components[t->count++] = c;
    add_list(t, &t->classes, NULL, fields[COMPONENT_CLASSES], true, component);
    add_list(t, &t->libraries, &t->library_patterns, fields[COMPONENT_LIBRARIES], false, component);
    add_list(t, &t->manifest, NULL, fields[COMPONENT_MANIFEST], false, component);
    add_list(t, &t->files, &t->file_patterns, fields[COMPONENT_FILES], false, component);
    add_list(t, &t->hosts, NULL, fields[COMPONENT_HOSTS], false, component);
    return NULL;
}

const char *component_table_add_signer(void *table, const struct text *fields)
{
    struct component_table *t = table;
    const struct text sha256 = fields[SIGNER_SHA256], certainty = fields[SIGNER_CERTAINTY];
    uint8_t digest[SHA256_BYTES];

    if (sha256.len != SHA256_HEX || !hash_from_hex(sha256.at, SHA256_BYTES, digest))
        return "the SHA-256 is not one in lower-case hex";
    if (fields[SIGNER_MEANING].len == 0)
        return "there is no meaning";
    if (!is_certainty(certainty))
        return "the certainty is none of seen, partial, from memory";
    if (t->signer_count == COMPONENTS_MAX)
        return "there are too many signers";
    if (t->signer_count == t->signer_room) {
        t->signer_room = t->signer_room ? t->signer_room * 2 : 32;
        t->signers = memory_resize_array(t->signers, t->signer_room, sizeof *t->signers);
    }
    t->signers[t->signer_count] = (struct known_signer){
        .owner = filled(t, fields[SIGNER_OWNER]), .country = filled(t,
                                                                    fields[SIGNER_COUNTRY]), .meaning =
            filled(t, fields[SIGNER_MEANING]),
        .source = arena_printf(t->arena, "%.*s (%.*s)", (int)fields[SIGNER_SOURCE].len, fields[SIGNER_SOURCE].at,
                               (int)certainty.len, certainty.at) };
    names_add(&t->certificates, arena_text(t->arena, sha256), (int)t->signer_count++);
    return NULL;
}

const struct known_signer *component_table_signer(const struct component_table *t, struct text sha256)
{
    const int found = t ? names_find(&t->certificates, sha256) : COMPONENT_NONE;

    return found == COMPONENT_NONE ? NULL : &t->signers[found];
}

size_t component_table_count(const struct component_table *t)
{
    return t ? t->count : 0;
}

const struct component *component_at(const struct component_table *t, size_t index)
{
    return &t->components[index];
}

/* The longest beginning of `name` up to a border that is known. */
static int longest(const struct names *names, struct text name, char border)
{
    for (size_t n = name.len; n > 0; n--) {
        if (n < name.len && name.at[n] != border && name.at[n] != '$')
            continue;
        const int found = names_find(names, (struct text){ .at = name.at, .len = n });
        if (found != COMPONENT_NONE)
            return found;
    }
    return COMPONENT_NONE;
}

int component_of_class(const struct component_table *t, struct text descriptor)
{
    enum { CLASS_NAME_BYTES_MAX = 1024 };

    if (!t || descriptor.len < 3 || descriptor.len > CLASS_NAME_BYTES_MAX || descriptor.at[0] != 'L' ||
        descriptor.at[descriptor.len - 1] != ';')
        return COMPONENT_NONE;
    return longest(&t->classes, (struct text){ .at = descriptor.at + 1, .len = descriptor.len - 2 }, '/');
}

int component_of_name(const struct component_table *t, struct text dotted)
{
    enum { NAME_BYTES_MAX = 512 };
    char slashed[NAME_BYTES_MAX];

    if (!t || dotted.len == 0 || dotted.len > sizeof slashed)
        return COMPONENT_NONE;
    const int found = longest(&t->manifest, dotted, '.');
    if (found != COMPONENT_NONE)
        return found;
    for (size_t i = 0; i < dotted.len; i++)
        slashed[i] = dotted.at[i] == '.' ? '/' : dotted.at[i];
    return longest(&t->classes, (struct text){ .at = slashed, .len = dotted.len }, '/');
}

int component_of_library(const struct component_table *t, struct text file_name)
{
    const int found = t ? names_find(&t->libraries, file_name) : COMPONENT_NONE;

    return found != COMPONENT_NONE || !t ? found : pattern_find(&t->library_patterns, file_name);
}

int component_of_file(const struct component_table *t, struct text path)
{
    const int found = t ? names_find(&t->files, path) : COMPONENT_NONE;

    return found != COMPONENT_NONE || !t ? found : pattern_find(&t->file_patterns, path);
}

int component_of_host(const struct component_table *t, struct text host)
{
    while (t && host.len > 0) {
        const int found = names_find(&t->hosts, host);
        const char *dot = memchr(host.at, '.', host.len);
        if (found != COMPONENT_NONE || !dot)
            return found;
        host.len -= (size_t)(dot + 1 - host.at);
        host.at = dot + 1;
    }
    return COMPONENT_NONE;
}
