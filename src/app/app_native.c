#include "app/app.h"

#include "app/behaviour.h"
#include "app/elf.h"
#include "app/word_search.h"
#include "fact/component_sign.h"

/* Native libraries: one row per name, whatever number of processors it comes for. */

/* Its row: of one name the first, which `ret_first` tells; NULL at the limit. */
static struct app_library *library_of(struct app *a, const struct zip_entry *e, bool *ret_first)
{
    const struct text name = app_base_name(e->name);

    *ret_first = false;
    for (size_t i = 0; i < a->library_count; i++) {
        if (text_equal(a->libraries[i].name, name)) {
            a->libraries[i].copies++;
            return &a->libraries[i];
        }
    }
    if (a->library_count == APP_LIBRARIES_MAX)
        return NULL;
    *ret_first = true;
    a->libraries[a->library_count] = (struct app_library){
        .name = name, .path = e->name, .offset = e->packed.origin, .length = e->packed.len, .copies = 1 };
    return &a->libraries[a->library_count++];
}

/* Java_com_example_Name_method: '_' stands for '.', "_1" for '_' (JNI specification, "Resolving
 * Native Method Names"). */
static struct text java_dotted(struct text name, char into[256])
{
    size_t len = 0;

    for (size_t i = 5; i < name.len && len < 256; i++) {
        if (name.at[i] == '_' && i + 1 < name.len && name.at[i + 1] == '1') {
            into[len++] = '_';
            i++;
        } else {
            into[len++] = name.at[i] == '_' ? '.' : name.at[i];
        }
    }
    return (struct text){ .at = into, .len = len };
}

/* They tell which kit a library belongs to, even where its Java code cannot be read. */
static void note_java_names(struct app *a, const struct elf *elf, const struct zip_entry *e)
{
    enum { NAMES_MAX = 5000 };
    size_t at = 0;
    struct text name;
    char dotted[256];

    for (int i = 0; i < NAMES_MAX && elf_next_java_name(elf->names, &at, &name); i++) {
        const int component = component_of_name(a->table, java_dotted(name, dotted));
        struct component_signs *s = component == COMPONENT_NONE ? NULL : &a->signs[component];
        if (s && s->libraries++ == 0) {
            s->library = e->name;
            s->exported = arena_text(a->r->arena, (struct text){ .at = name.at,
                                                                 .len = name.len < 200 ? name.len : 200 });
            s->library_offset = e->packed.origin;
        }
    }
}

/* Texts by which well-known libraries name their version wherever they were built in, with the three bytes by which
 * they are looked for. */
static const struct { struct word mark; const char *name, *licence; } version_marks[] = {
    { { "OpenSSL ", 4 }, "OpenSSL", NULL },          /* changed with version 3: see licence_of */
    { { "LibreSSL ", 5 }, "LibreSSL", NULL },
    { { "libcurl/", 2 }, "curl", "curl" },
    { { "nghttp2/", 0 }, "nghttp2", "MIT" },
    { { "FFmpeg version ", 0 }, "FFmpeg", NULL },    /* depends on how it was built */
    { { "Lavf", 0 }, "FFmpeg libavformat", NULL },
    { { "Lavc", 0 }, "FFmpeg libavcodec", NULL },
    { { " deflate ", 2 }, "zlib", "Zlib" },
    { { " inflate ", 2 }, "zlib", "Zlib" },
    { { "mbed TLS ", 5 }, "Mbed TLS", NULL },        /* differs by version */
    { { "wolfSSL ", 2 }, "wolfSSL", NULL },
    { { "GnuTLS ", 2 }, "GnuTLS", NULL },
    { { "libpng version ", 2 }, "libpng", "libpng-2.0" },
    { { "libjpeg-turbo version ", 5 }, "libjpeg-turbo", NULL },
    { { "expat_", 0 }, "Expat", "MIT" },
    { { "configuration for OpenCV ", 19 }, "OpenCV", NULL },
    { { "$LuaVersion: Lua ", 1 }, "Lua", "MIT" },
    { { "LIVE555 Streaming Media v", 4 }, "LIVE555", NULL },
    { { "mosquitto/", 3 }, "Mosquitto", NULL },
};
enum { VERSION_MARKS = sizeof version_marks / sizeof *version_marks };

/* SPDX's name of it; unknown where it depends on more than the version. */
static struct text licence_of(const char *name, const char *licence, struct text version)
{
    if (strcmp(name, "OpenSSL") == 0)
        return text_starts_with(version, TEXT("3.")) ? TEXT("Apache-2.0") : TEXT("OpenSSL");
    return text_of(licence);
}

struct version_search {
    struct app *a;
    const struct zip_entry *e;
    struct bytes content;
    bool told[VERSION_MARKS];
};

/* "1.1.1k", "58.91.100": digits with dots between, letters behind; 0: it is none. */
static size_t version_length(struct bytes b)
{
    enum { VERSION_BYTES_MAX = 20 };
    size_t n = 0, dots = 0;

    while (n < b.len && n < VERSION_BYTES_MAX && ((b.at[n] >= '0' && b.at[n] <= '9') || b.at[n] == '.' ||
                                                  (n > 2 && b.at[n] >= 'a' && b.at[n] <= 'z')))
        dots += b.at[n++] == '.';
    while (n > 0 && b.at[n - 1] == '.')
        n--;
    return n >= 3 && dots > 0 && b.at[0] >= '0' && b.at[0] <= '9' ? n : 0;
}

static void found_version(void *user, size_t mark, size_t at)
{
    struct version_search *s = user;
    const struct bytes rest = bytes_part(s->content, at + strlen(version_marks[mark].mark.text), UINT64_MAX);
    const size_t n = version_length(rest);
    struct app *a = s->a;
    struct fact_component row;

    if (n == 0 || s->told[mark])
        return;
    for (size_t i = 0; i < VERSION_MARKS; i++) /* two marks may stand for one library */
        s->told[i] |= strcmp(version_marks[i].name, version_marks[mark].name) == 0;
    const struct component_sign sign = { .kind = COMPONENT_SIGN_VERSION, .number = (uint64_t)at, .file = s->e->name };
    const struct text steps[] = { component_sign_words(&sign, a->r->arena) };
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, s->e->packed.origin, s->e->packed.len, steps, 1);
    row.package = a->package;
    row.name = text_of(version_marks[mark].name);
    row.kind = TEXT("library");
    row.version = arena_text(a->r->arena, (struct text){ .at = (const char *)rest.at, .len = n });
    row.licence = licence_of(version_marks[mark].name, version_marks[mark].licence, row.version);
    row.state = TEXT("in_code");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

static void put_versions(struct app *a, struct bytes content, const struct zip_entry *e)
{
    static struct word words[VERSION_MARKS];
    static struct word_search search;
    struct version_search s = { .a = a, .e = e, .content = content };

    for (size_t i = 0; search.count == 0 && i < VERSION_MARKS; i++)
        words[i] = version_marks[i].mark;
    if (search.count == 0)
        word_search_init(&search, words, VERSION_MARKS);
    word_search_run(&search, content, found_version, &s);
}

/* What it wants of others, and what others can call. */
static void note_symbols(struct app *a, struct app_library *l, const struct elf *elf, const struct zip_entry *e,
                         bool first)
{
    bool told[NATIVE_BEHAVIOURS_MAX] = { false };

    for (uint32_t i = 0; i < elf->symbol_count; i++) {
        struct elf_symbol s;
        if (!elf_symbol(elf, i, &s))
            continue;
        const size_t line = s.imported ? behaviour_of_function(s.name) : native_behaviour_count;
        if (line < native_behaviour_count && line < NATIVE_BEHAVIOURS_MAX && !told[line]) {
            told[line] = true;
            app_note_function(a, line, e);
        }
        if (!s.imported)
            app_note_library_form(a, e, s.name);
        if (!first)
            continue;
        l->imports += s.imported;
        if (!s.imported && l->exports++ == 0)
            l->first_export = arena_text(a->r->arena, (struct text){ s.name.at, s.name.len < 120 ? s.name.len : 120 });
        l->java_exports += !s.imported && text_starts_with(s.name, TEXT("Java_"));
    }
}

static void describe(struct app *a, struct app_library *l, const struct elf *elf)
{
    l->soname = arena_text(a->r->arena, elf->soname);
    l->needed = arena_text_list(a->r->arena, elf->needed);
    l->build_id = elf->build_id;
    l->processor = elf->processor;
    l->no_canary = !elf->canary;
    l->no_relro = !elf->relro;
    l->executable_stack = elf->executable_stack;
    l->stack_stated = elf->stack_stated;
    l->fixed_address = elf->fixed_address;
}

void app_read_library(struct app *a, struct bytes content, const struct zip_entry *e)
{
    bool first;
    struct app_library *l = library_of(a, e, &first);
    struct elf elf;

    if (!l)
        return;
    app_note_library_form(a, e, TEXT_UNKNOWN);
    const enum parse_status status = elf_parse(content, a->r->arena, &elf);
    if (status == PARSE_INVALID) {
        l->unreadable = true;
        app_packing_sign(a, "the native library %.*s is no library: it is damaged or encrypted", (int)e->name.len,
                         e->name.at);
        return;
    }
    if (first)
        describe(a, l, &elf);
    note_symbols(a, l, &elf, e, first);
    note_java_names(a, &elf, e);
    if (first)
        put_versions(a, content, e);
}
