#include "app/app.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Is the code that runs the code that can be read?  Signs of packers, known and unknown; what they
 * add up to is the grade of the package. */

enum { SIGNS_MAX = 40, STUB_CLASSES_MAX = 20, BLOB_BYTES_MIN = 100 * 1000, SAMPLE_BYTES_MAX = 1 << 20 };

struct packing {
    struct text signs[SIGNS_MAX];
    size_t sign_count;
    size_t blobs;
    uint64_t blob_bytes;
    struct text first_blob;
    uint64_t first_blob_offset;
};

static struct packing *packing_of(struct app *a)
{
    if (!a->packing)
        a->packing = arena_alloc(a->r->arena, 1, sizeof *a->packing);
    return a->packing;
}

void app_packing_sign(struct app *a, const char *format, ...)
{
    struct packing *p = packing_of(a);
    char text[512];
    va_list arguments;

    if (!p || p->sign_count == SIGNS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    p->signs[p->sign_count++] = arena_text(a->r->arena, text_of(text));
}

/* Bits per byte. */
static double entropy(struct bytes b)
{
    uint32_t counts[256] = { 0 };
    double sum = 0;

    for (size_t i = 0; i < b.len; i++)
        counts[b.at[i]]++;
    for (int i = 0; i < 256; i++)
        if (counts[i])
            sum -= counts[i] * log2((double)counts[i] / (double)b.len);
    return b.len ? sum / (double)b.len : 0;
}

/* Contents that are dense because they are compressed, and say what they are. */
static bool known_dense(struct bytes b)
{
    static const struct { size_t at; const char *mark; size_t len; } marks[] = {
        { 0, "PK\3\4", 4 }, { 0, "PK\5\6", 4 }, { 0, "\x1f\x8b", 2 }, { 0, "\xff\xd8\xff", 3 }, { 0, "\x89PNG", 4 }, { 0, "GIF8", 4 }, { 0, "RIFF", 4 },
        { 0, "OggS", 4 }, { 0, "ID3", 3 }, { 0, "\xff\xfb", 2 }, { 0, "\xff\xf3", 2 }, { 0, "\xff\xf1", 2 }, { 4, "ftyp", 4 }, { 0, "fLaC", 4 },
        { 0, "\xfd" "7zXZ", 5 }, { 0, "\x28\xb5\x2f\xfd", 4 }, { 0, "7z\xbc\xaf", 4 }, { 0, "BZh", 3 }, { 0, "\x04\x22\x4d\x18", 4 }, { 0, "wOF2", 4 },
        { 0, "wOFF", 4 }, { 0, "%PDF", 4 }, { 0, "\x1a\x45\xdf\xa3", 4 }, { 0, "FLV\1", 4 }, { 0, "Rar!", 4 }, { 0, "\x78\x9c", 2 }, { 0, "\x78\xda", 2 },
        { 0, "\x5d\0\0", 3 }, { 0, "dex\n", 4 }, { 0, "\x7f" "ELF", 4 }, { 0, "II*\0", 4 }, { 0, "MM\0*", 4 }, { 0, "\xabKTX", 4 }, { 0, "\x13\xab\xa1\x5c", 4 },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (bytes_start_with(bytes_part(b, marks[i].at, UINT64_MAX), marks[i].mark, marks[i].len))
            return true;
    return false;
}

void app_look_at_density(struct app *a, struct bytes content, const struct zip_entry *e)
{
    struct packing *p = packing_of(a);

    if (!p || content.len < BLOB_BYTES_MIN || known_dense(content) ||
        entropy(bytes_part(content, 0, SAMPLE_BYTES_MAX)) < 7.9)
        return;
    if (p->blobs++ == 0) {
        p->first_blob = e->name;
        p->first_blob_offset = e->packed.origin;
    }
    p->blob_bytes += content.len;
    app_packing_sign(a, "\"%.*s\", %zu bytes, looks encrypted", (int)(e->name.len < 200 ? e->name.len : 200),
                     e->name.at, content.len);
}

static struct text known_packer(const struct app *a, bool *ret_by_class)
{
    for (size_t i = 0; i < component_table_count(a->table) && a->signs; i++) {
        const struct component_signs *s = &a->signs[i];
        if (component_at(a->table, i)->kind == COMPONENT_PACKER && (s->classes || s->libraries || s->files)) {
            *ret_by_class = s->classes > 0;
            return component_at(a->table, i)->name;
        }
    }
    return TEXT_UNKNOWN;
}

static size_t missing_classes(const struct app *a, struct text *ret_first)
{
    size_t missing = 0;

    for (size_t i = 0; i < a->wanted_count; i++)
        if (!a->wanted[i].found && missing++ == 0)
            *ret_first = a->wanted[i].descriptor;
    return missing;
}

/* What the app's own class is of: it is loaded before anything else. */
static bool application_missing(const struct app *a)
{
    return text_known(a->manifest.application) && a->wanted_count > 0 && !a->wanted[0].found;
}

static void put_hidden_code(struct app *a, struct text packer, bool absent)
{
    struct fact_component row;
    const struct packing *p = a->packing;

    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, p->blobs ? p->first_blob_offset : (uint64_t)a->manifest_origin.offset, 0, p->signs,
                                 p->sign_count);
    row.package = a->package;
    row.name = absent ? TEXT("missing code") : TEXT("hidden code");
    row.kind = TEXT("module");
    row.state = TEXT("unreadable");
    row.purpose = absent ? TEXT("code: not in the package; what is in it is not known")
                         : TEXT("packer: code that cannot be read without running the app; what is in it is not known");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
    if (text_known(packer) || absent)
        return;
    fact_init(FACT_COMPONENT, &row);
    row.head.origin = app_origin(a, (uint64_t)a->manifest_origin.offset, 0, p->signs, p->sign_count);
    row.package = a->package;
    row.name = TEXT("unknown packer");
    row.kind = TEXT("packer");
    row.state = TEXT("in_code");
    row.purpose = TEXT("packer: hides all code");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

const char *app_grade(struct app *a)
{
    struct packing *p = packing_of(a);
    struct text first_missing = TEXT_UNKNOWN;
    const size_t missing = missing_classes(a, &first_missing);
    bool by_class = false;
    const struct text packer = known_packer(a, &by_class);
    const bool expects_code = a->has_manifest && a->manifest.has_code != NO && a->manifest.split.len == 0;

    if (!p)
        return "partial";
    if (missing > 0 && expects_code)
        app_packing_sign(a, "%zu of %zu classes that the manifest names are in no code, first %.*s", missing,
                         a->wanted_count,
                         (int)(first_missing.len < 200 ? first_missing.len : 200), first_missing.at);
    if (text_known(packer))
        app_packing_sign(a, "what belongs to the packer %.*s is there", (int)packer.len, packer.at);
    if (a->dex_unreadable > 0)
        app_packing_sign(a, "%zu files that should be code cannot be read", a->dex_unreadable);
    /* Not hidden but elsewhere: an app of the system whose code was taken out, or a broken one. */
    const bool absent = expects_code && missing > 0 && a->dex_files == 0 && a->dex_unreadable == 0 && p->blobs == 0 &&
        !text_known(packer);
    if (absent)
        app_packing_sign(a, "there is no code in the package");
    const bool mostly_missing = expects_code && !absent && missing > 0 &&
        (missing * 2 >= a->wanted_count || application_missing(a));
    const bool stub = expects_code && a->classes <= STUB_CLASSES_MAX && p->blob_bytes >= BLOB_BYTES_MIN;
    const bool packed = mostly_missing || stub || (a->dex_unreadable > 0 && a->dex_files == 0) ||
                        (text_known(packer) && (missing > 0 || by_class ||
                                                (expects_code && a->classes <= STUB_CLASSES_MAX)));
    if (packed || absent)
        put_hidden_code(a, packer, absent);
    if (packed || text_known(packer))
        app_setting_put(a->r, APP_PACKER, text_known(packer) ? packer : TEXT("unknown"), a->package,
                        a->manifest_origin);
    for (size_t i = 0; i < p->sign_count; i++)
        app_setting_put(a->r, APP_PACKER_SIGN, p->signs[i], a->package, a->manifest_origin);
    return packed ? "packed" : p->sign_count > 0 || !a->has_manifest || a->zip.tricks || a->manifest.odd_chunks > 0 ||
        app_other_code_unread(a) > 0 ? "partial" : "full";
}
