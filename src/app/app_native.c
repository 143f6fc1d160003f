#include "app/app.h"

#include "app/elf.h"
#include "fact/component_sign.h"

/* Native libraries: one row per name, whatever number of processors it comes for. */

static struct text base_name(struct text path)
{
    const char *slash = memrchr(path.at, '/', path.len);

    return slash ? (struct text){ .at = slash + 1, .len = path.len - (size_t)(slash + 1 - path.at) } : path;
}

static struct app_library *library_of(struct app *a, const struct zip_entry *e)
{
    const struct text name = base_name(e->name);

    for (size_t i = 0; i < a->library_count; i++) {
        if (text_equal(a->libraries[i].name, name)) {
            a->libraries[i].copies++;
            return NULL;
        }
    }
    if (a->library_count == APP_LIBRARIES_MAX)
        return NULL;
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
            s->exported = arena_text(a->r->arena, (struct text){ .at = name.at, .len = name.len < 200 ? name.len : 200 });
            s->library_offset = e->packed.origin;
        }
    }
}

/* Texts by which well-known libraries name their version wherever they were built in. */
static const struct { const char *mark, *name, *licence; } version_marks[] = {
    { "OpenSSL ", "OpenSSL", NULL },          /* changed with version 3: see licence_of */
    { "libcurl/", "curl", "curl" },
    { "FFmpeg version ", "FFmpeg", NULL },    /* depends on how it was built */
    { " deflate ", "zlib", "Zlib" },
    { "mbed TLS ", "Mbed TLS", NULL },        /* differs by version */
};

/* SPDX's name of it; unknown where it depends on more than the version. */
static struct text licence_of(const char *name, const char *licence, struct text version)
{
    if (strcmp(name, "OpenSSL") == 0)
        return text_starts_with(version, TEXT("3.")) ? TEXT("Apache-2.0") : TEXT("OpenSSL");
    return text_of(licence);
}

static void put_versions(struct app *a, struct bytes content, const struct zip_entry *e)
{
    enum { VERSION_BYTES_MAX = 20 };

    for (size_t i = 0; i < sizeof version_marks / sizeof *version_marks; i++) {
        const size_t mark_len = strlen(version_marks[i].mark);
        const uint8_t *found = memmem(content.at, content.len, version_marks[i].mark, mark_len);
        if (!found)
            continue;
        const struct bytes rest = bytes_part(content, (uint64_t)(found - content.at) + mark_len, VERSION_BYTES_MAX);
        size_t n = 0, dots = 0;
        while (n < rest.len && ((rest.at[n] >= '0' && rest.at[n] <= '9') || rest.at[n] == '.' || (n > 2 && rest.at[n] >= 'a' && rest.at[n] <= 'z')))
            dots += rest.at[n++] == '.';
        if (n < 3 || dots == 0 || rest.at[0] < '0' || rest.at[0] > '9')
            continue;
        const struct component_sign sign = { .kind = COMPONENT_SIGN_VERSION, .number = (uint64_t)(found - content.at), .file = e->name };
        const struct text steps[] = { component_sign_words(&sign, a->r->arena) };
        struct fact_component row;
        fact_init(FACT_COMPONENT, &row);
        row.head.origin = app_origin(a, e->packed.origin, e->packed.len, steps, 1);
        row.package = a->package;
        row.name = text_of(version_marks[i].name);
        row.kind = TEXT("library");
        row.version = arena_text(a->r->arena, (struct text){ .at = (const char *)rest.at, .len = n });
        row.licence = licence_of(version_marks[i].name, version_marks[i].licence, row.version);
        row.state = TEXT("in_code");
        fact_put(a->r->facts, FACT_COMPONENT, &row);
    }
}

void app_read_library(struct app *a, struct bytes content, const struct zip_entry *e)
{
    struct app_library *l = library_of(a, e);
    struct elf elf;

    if (!l)
        return;
    const enum parse_status status = elf_parse(content, a->r->arena, &elf);
    if (status == PARSE_INVALID) {
        l->unreadable = true;
        app_packing_sign(a, "the native library %.*s is no library: it is damaged or encrypted", (int)e->name.len, e->name.at);
        return;
    }
    l->soname = arena_text(a->r->arena, elf.soname);
    l->needed = arena_text_list(a->r->arena, elf.needed);
    l->build_id = elf.build_id;
    l->processor = elf.processor;
    l->no_canary = !elf.canary;
    l->no_relro = !elf.relro;
    l->executable_stack = elf.executable_stack;
    l->fixed_address = elf.fixed_address;
    note_java_names(a, &elf, e);
    put_versions(a, content, e);
}
