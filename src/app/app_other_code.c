#include "app/app.h"

/* Code in forms that leash does not read: of other languages, for other machines, prepared by the phone.  It is named,
 * so that an app made of it never looks as if all had been read; what texts in it say is searched for like any other
 * file's. Sources of the marks: Hermes BytecodeFileFormat.h; Dart runtime snapshot.h and kernel format; ECMA-335 II.25;
 * .NET for Android assembly stores (xamarin-app.hh); Unity's il2cpp metadata; Lua lundump.h, LuaJIT lj_bcdump.h;
 * WebAssembly core 5.5; JVMS 4.1; ART's vdex_file.h, oat.h and compact_dex_file.h. */

enum { FORMS_MAX = 24 };

struct other_form {
    struct text name;
    const struct zip_entry *first, *last;
    size_t files, unread;
};

struct other_code {
    struct other_form forms[FORMS_MAX];
    size_t count, unread;
};

static const struct { const char *mark; size_t len; const char *name; } marks[] = {
    { "\xc6\x1f\xbc\x03\xc1\x03\x19\x1f", 8, "Hermes bytecode (React Native)" },
    { "\x90\xab\xcd\xef", 4, "Dart kernel code (Flutter)" },
    { "XABA", 4, "a store of .NET assemblies (Xamarin, MAUI)" },
    { "XALZ", 4, "a compressed .NET assembly (Xamarin, MAUI)" },
    { "\xaf\x1b\xb1\xfa", 4, "IL2CPP metadata (Unity)" },
    { "\x1bLua", 4, "Lua bytecode" },
    { "\x1bLJ", 3, "LuaJIT bytecode" },
    { "\0asm", 4, "WebAssembly" },
    { "qv4cdata", 8, "QML bytecode (Qt)" },
    { "vdex", 4, "code prepared by a phone (VDEX)" },
    { "oat\n", 4, "code prepared by a phone (OAT)" },
    { "cdex", 4, "code prepared by a phone (compact DEX)" },
    { "dey\n", 4, "code prepared by a phone (ODEX)" },
};

/* What libraries of such code offer, or are called. */
static const struct { const char *begins, *name; bool function; } native_marks[] = {
    { "_kDartIsolateSnapshotInstructions", "Dart machine code (Flutter)", true },
    { "_kDartVmSnapshotInstructions", "Dart machine code (Flutter)", true },
    { "libassemblies.", "a store of .NET assemblies (Xamarin, MAUI)", false },
    { "libmonodroid_bundle_app", "a store of .NET assemblies (Xamarin, MAUI)", false },
    { "libil2cpp.so", "C# machine code (Unity)", false },
};

void app_note_other_code(struct app *a, struct text form, const struct zip_entry *e, uint64_t unread_bytes)
{
    struct other_code *o = a->other_code;
    size_t i = 0;

    if (!o)
        o = a->other_code = arena_alloc(a->r->arena, 1, sizeof *o);
    while (o && i < o->count && !text_equal(o->forms[i].name, form))
        i++;
    if (!o || i == FORMS_MAX)
        return;
    struct other_form *f = &o->forms[i];
    if (i == o->count)
        *f = (struct other_form){ .name = form, .first = e };
    else if (f->last == e) /* shown by two signs */
        return;
    o->count += i == o->count;
    f->last = e;
    f->files++;
    if (unread_bytes == 0)
        return;
    f->unread++;
    o->unread++;
    reading_damage(a->r, e->packed.origin, unread_bytes < INT64_MAX ? (int64_t)unread_bytes : INT64_MAX,
                   FACT_UNKNOWN_INT,
                   "\"%.*s\" is %.*s: its texts were searched for addresses and keys, its code is not read",
                   (int)(e->name.len < 200 ? e->name.len : 200), e->name.at, (int)form.len, form.at);
}

static uint32_t u32_at(struct bytes b, uint64_t at)
{
    struct cursor c = cursor_over(bytes_part(b, at, 4));

    return cursor_u32le(&c);
}

/* A Windows program with the header of the common language runtime: the 15th row of its table of directories. */
static bool is_assembly(struct bytes b)
{
    enum { CLI_ROW_32 = 24 + 96 + 14 * 8, CLI_ROW_64 = 24 + 112 + 14 * 8 };

    if (!bytes_start_with(b, "MZ", 2))
        return false;
    const uint32_t header = u32_at(b, 0x3c);
    const struct bytes pe = bytes_part(b, header, UINT64_MAX);
    if (!bytes_start_with(pe, "PE\0\0", 4) || pe.len < CLI_ROW_64)
        return false;
    return u32_at(pe, pe.at[24] == 0x0b && pe.at[25] == 2 ? CLI_ROW_64 : CLI_ROW_32) != 0;
}

/* Mach-O programs for several machines have the same mark, and a small number where this has its version. */
static bool is_java_class(struct bytes b)
{
    return b.len >= 8 && bytes_start_with(b, "\xca\xfe\xba\xbe", 4) && b.at[6] == 0 && b.at[7] >= 45 && b.at[7] < 100;
}

bool app_find_other_code(struct app *a, struct bytes content, const struct zip_entry *e)
{
    struct text form = TEXT_UNKNOWN;

    for (size_t i = 0; i < sizeof marks / sizeof *marks && !text_known(form); i++)
        if (bytes_start_with(content, marks[i].mark, marks[i].len))
            form = text_of(marks[i].name);
    if (text_known(form))
        ;
    else if (is_assembly(content))
        form = TEXT("a .NET assembly");
    else if (is_java_class(content))
        form = TEXT("Java bytecode");
    else if (content.len > 0 && (text_ends_with(e->name, TEXT(".android.bundle")) ||
                                 text_ends_with(e->name, TEXT(".jsbundle"))))
        form = TEXT("JavaScript (React Native)");
    if (!text_known(form))
        return false;
    app_note_other_code(a, form, e, content.len);
    return true;
}

void app_note_library_form(struct app *a, const struct zip_entry *e, struct text exported)
{
    const struct text name = text_known(exported) ? exported : app_base_name(e->name);

    for (size_t i = 0; i < sizeof native_marks / sizeof *native_marks; i++)
        if (native_marks[i].function == text_known(exported) && text_starts_with(name, text_of(native_marks[i].begins)))
            app_note_other_code(a, text_of(native_marks[i].name), e, e->bytes);
}

size_t app_other_code_unread(const struct app *a)
{
    return a->other_code ? a->other_code->unread : 0;
}

static void put_component(struct app *a, const struct other_form *f, struct fact_origin origin)
{
    struct fact_component row;

    fact_init(FACT_COMPONENT, &row);
    row.head.origin = origin;
    row.package = a->package;
    row.name = f->name;
    row.kind = TEXT("module");
    row.state = TEXT("unreadable");
    row.purpose = TEXT("code: in a form that is not read; only addresses and keys in its texts were searched for");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

void app_put_other_code(struct app *a)
{
    for (size_t i = 0; a->other_code && i < a->other_code->count; i++) {
        const struct other_form *f = &a->other_code->forms[i];
        const struct text path = f->first->name;
        const int len = (int)(path.len < 300 ? path.len : 300);
        const struct text value = f->files == 1 ? arena_printf(a->r->arena, "%.*s: %.*s", (int)f->name.len, f->name.at,
                                                               len, path.at)
                                                : arena_printf(a->r->arena, "%.*s: %.*s and %zu more", (int)f->name.len,
                                                               f->name.at, len, path.at, f->files - 1);
        const struct text steps[] = { path };
        const struct fact_origin origin = app_origin(a, f->first->packed.origin, f->first->packed.len, steps, 1);
        app_setting_put(a->r, APP_OTHER_CODE, value, a->package, origin);
        if (f->unread > 0)
            put_component(a, f, origin);
    }
}
