#include "app/given.h"

#include <stdlib.h>
#include <string.h>

#include "app/axml.h"
#include "app/dex.h"
#include "app/dex_code.h"
#include "app/elf.h"
#include "app/manifest.h"

static void reads_a_manifest_in_every_form(void **state)
{
    static const char *const files[] = { "manifest/whole.xml", "manifest/whole-utf-16.xml", "manifest/whole.pb" };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct bytes whole = given(files[i]);
        struct arena *arena = arena_new(0);
        struct manifest m;
        assert_int_equal(manifest_parse(whole, NULL, arena, &m), PARSE_OK);
        assert_int_equal(m.protobuf, text_ends_with(text_of(files[i]), TEXT(".pb")));
        assert_text_equal(m.package, "org.example.app");
        assert_text_equal(m.version_name, "@7f010001"); /* no resources to look it up in */
        assert_int_equal(m.version_code, 7);
        assert_int_equal(m.permission_count, 3);
        assert_int_equal(m.part_count, 4);
        assert_int_equal(m.parts[0].kind, PART_ACTIVITY);
        assert_text_equal(m.parts[0].name, "org.example.app.Main");
        assert_true(m.parts[0].filtered && manifest_exported(&m, &m.parts[0]));
        assert_text_equal(m.parts[1].name, "org.example.app.Work");
        assert_false(manifest_exported(&m, &m.parts[1]));
        assert_true(manifest_exported(&m, &m.parts[2])); /* by its filter */
        assert_text_equal(m.parts[3].authorities, "org.example.files");
        assert_int_equal(m.parts[3].exported, NO);
        assert_text_equal(m.application, "org.example.app.App");
        assert_int_equal(m.allow_backup, NO);
        assert_int_equal(m.debuggable, UNSET);
        assert_int_equal(m.network_security_config, 0x7f020000);
        assert_int_equal(m.meta_count, 1);
        assert_text_equal(m.meta[0].value, "0123456789abcdef");
        arena_free(arena);
        exact_copy_free(whole);
    }
}

static void references_are_followed_and_loops_end(void **state)
{
    const struct bytes whole = given("resources/whole.arsc");
    struct arena *arena = arena_new(0);
    struct resource_table table;
    struct resource_value v;

    (void)state;
    assert_int_equal(resources_parse(whole, arena, &table), PARSE_OK);
    assert_true(resources_find(&table, 0x7f010001, arena, &v));
    assert_text_equal(v.text, "2.5");
    assert_true(resources_find(&table, 0x7f030000, arena, &v));
    assert_int_equal(v.type, VALUE_BOOLEAN);
    assert_int_not_equal(v.data, 0);
    assert_false(resources_find(&table, 0x7f010002, arena, &v)); /* two that name each other */
    assert_false(resources_find(&table, 0x7f010099, arena, &v));
    assert_false(resources_find(&table, 0x01010003, arena, &v));
    arena_free(arena);
    exact_copy_free(whole);
}

struct calls { size_t count; struct dex *d; struct text last; };

static void count_call(void *user, uint32_t caller, uint32_t called, uint64_t offset)
{
    struct calls *c = user;
    struct dex_method m;

    (void)caller;
    c->count++;
    assert_true(offset < c->d->whole.len);
    if (dex_method(c->d, called, &m))
        c->last = dex_string(c->d, m.name, NULL);
}

static void reads_tables_and_calls_of_code(void **state)
{
    const struct bytes whole = given("dex/whole.dex");
    struct dex d;
    struct dex_class class;
    struct calls calls = { .d = &d };

    (void)state;
    assert_int_equal(dex_open(whole, &d), PARSE_OK);
    assert_int_equal(d.version, 35);
    assert_int_equal(d.classes.count, 7); /* six, and the one that calls */
    assert_true(dex_class(&d, 0, &class));
    assert_text_equal(dex_type(&d, class.type), "Lcn/sharesdk/framework/ShareSDK;");
    for (uint32_t i = 0; dex_class(&d, i, &class); i++)
        assert_true(dex_class_calls(&d, &class, count_call, NULL, &calls));
    assert_int_equal(calls.count, 3);
    assert_text_equal(calls.last, "getDeviceId");
    assert_false(dex_class(&d, 7, &class));
    assert_false(text_known(dex_string(&d, d.strings.count, NULL)));
    exact_copy_free(whole);
}

/* Their tables count from the beginning of the file, wherever the header stands. */
static void reads_every_file_of_a_container(void **state)
{
    const struct bytes whole = given("dex/container-of-version-41.dex");
    struct dex d;
    struct dex_class class;
    struct calls calls = { .d = &d };

    (void)state;
    assert_int_equal(dex_open(whole, &d), PARSE_OK);
    assert_int_equal(d.version, 41);
    assert_int_equal(d.classes.count, 1);
    assert_true(dex_class(&d, 0, &class));
    assert_text_equal(dex_type(&d, class.type), "Lcom/umeng/analytics/A;");
    assert_true(dex_open_next(&d));
    assert_int_equal(d.classes.count, 2);
    for (uint32_t i = 0; dex_class(&d, i, &class); i++)
        assert_true(dex_class_calls(&d, &class, count_call, NULL, &calls));
    assert_int_equal(calls.count, 1);
    assert_false(dex_open_next(&d));
    for (size_t n = 0; n < whole.len; n++) { /* no cut gives a file that the whole does not have */
        const struct bytes cut = exact_copy(whole.at, n);
        const enum parse_status status = dex_open(cut, &d);
        int files = status == PARSE_OK || status == PARSE_TRUNCATED;
        while (files && dex_open_next(&d))
            files++;
        assert_true(files <= 2);
        exact_copy_free(cut);
    }
    exact_copy_free(whole);
}

static void says_what_code_it_cannot_read(void **state)
{
    struct bytes b = given("dex/other-order-of-bytes.dex");
    struct dex d;

    (void)state;
    assert_int_equal(dex_open(b, &d), PARSE_UNSUPPORTED);
    exact_copy_free(b);
    b = given("dex/more-strings-than-bytes.dex");
    assert_int_equal(dex_open(b, &d), PARSE_TRUNCATED);
    assert_true(d.strings.count <= b.len / 4);
    exact_copy_free(b);
    b = exact_copy("dey\n035\0", 8);
    assert_int_equal(dex_open(b, &d), PARSE_INVALID);
    exact_copy_free(b);
}

static void reads_a_library(void **state)
{
    const struct bytes whole = given("elf/whole.so");
    struct arena *arena = arena_new(0);
    struct elf elf;
    struct text name;
    size_t at = 0;

    (void)state;
    assert_int_equal(elf_parse(whole, arena, &elf), PARSE_OK);
    assert_string_equal(elf.processor, "arm64");
    assert_text_equal(elf.soname, "libBugly.so");
    assert_text_equal(elf.build_id, "000102030405060708090a0b0c0d0e0f10111213");
    assert_int_equal(elf.needed.count, 2);
    assert_text_equal(elf.needed.items[1], "libc.so");
    assert_false(elf.canary || elf.relro || elf.executable_stack);
    struct elf_symbol symbol;
    assert_int_equal(elf.symbol_count, 2);
    assert_false(elf_symbol(&elf, 0, &symbol)); /* the first has no name */
    assert_true(elf_symbol(&elf, 1, &symbol));
    assert_text_equal(symbol.name, "Java_com_mapbox_Native_start");
    assert_false(symbol.imported);
    assert_false(elf_symbol(&elf, 2, &symbol));
    assert_true(elf_next_java_name(elf.names, &at, &name));
    assert_text_equal(name, "Java_com_mapbox_Native_start");
    assert_false(elf_next_java_name(elf.names, &at, &name));
    arena_free(arena);
    exact_copy_free(whole);
}

static void symbols_are_counted_by_either_table_of_hashes(void **state)
{
    static const struct { const char *file; uint32_t symbols, imported; } cases[] = {
        { "elf/imports-sysv.so", 6, 3 }, { "elf/imports-gnu.so", 6, 3 }, { "elf/imports-only-gnu.so", 4, 3 },
        { "elf/gnu-chain-without-end.so", 0, 0 }, { "elf/gnu-buckets-beyond-the-file.so", 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes whole = given(cases[i].file);
        struct arena *arena = arena_new(0);
        struct elf elf;
        struct elf_symbol symbol;
        uint32_t imported = 0;
        assert_int_not_equal(elf_parse(whole, arena, &elf), PARSE_INVALID);
        assert_int_equal(elf.symbol_count, cases[i].symbols);
        for (uint32_t k = 0; k < elf.symbol_count; k++)
            imported += elf_symbol(&elf, k, &symbol) && symbol.imported;
        assert_int_equal(imported, cases[i].imported);
        arena_free(arena);
        exact_copy_free(whole);
    }
}

static void references_of_bundles_are_followed(void **state)
{
    const struct bytes whole = given("resources/whole.pb");
    struct arena *arena = arena_new(0);
    struct resource_table table;
    struct resource_value v;

    (void)state;
    assert_int_equal(resources_parse_protobuf(whole, &table), PARSE_OK);
    assert_true(resources_find(&table, 0x7f010001, arena, &v));
    assert_text_equal(v.text, "2.5"); /* not the one for another language, which stands first */
    assert_true(resources_find(&table, 0x7f030000, arena, &v));
    assert_int_equal(v.type, VALUE_BOOLEAN);
    assert_int_not_equal(v.data, 0);
    assert_true(resources_find(&table, 0x7f020000, arena, &v));
    assert_text_equal(v.text, "res/xml/rules.xml");
    assert_false(resources_find(&table, 0x7f010002, arena, &v)); /* two that name each other */
    assert_false(resources_find(&table, 0x7e010000, arena, &v));
    assert_int_equal(resources_parse_protobuf(bytes_part(whole, 0, whole.len - 1), &table), PARSE_INVALID);
    arena_free(arena);
    exact_copy_free(whole);
}

static void a_bundle_manifest_cut_off_says_so(void **state)
{
    const struct bytes whole = given("manifest/whole.pb");
    struct bytes copy = exact_copy(whole.at, whole.len);
    struct arena *arena = arena_new(0);
    struct manifest m;

    (void)state;
    /* a child that claims more than there is: all before it stays */
    for (size_t i = copy.len - 40; i < copy.len; i++)
        ((uint8_t *)(uintptr_t)copy.at)[i] = 0xff;
    assert_int_equal(manifest_parse(copy, NULL, arena, &m), PARSE_TRUNCATED);
    assert_text_equal(m.package, "org.example.app");
    assert_int_equal(m.permission_count, 3);
    arena_free(arena);
    exact_copy_free(copy);
    exact_copy_free(whole);
}

/* Every part, cut at every length and with single bits flipped, in copies of their exact size. */

static void use_manifest(struct bytes b)
{
    struct arena *arena = arena_new(0);
    struct manifest m;

    if (manifest_parse(b, NULL, arena, &m) != PARSE_INVALID)
        for (size_t i = 0; i < m.part_count; i++)
            (void)manifest_exported(&m, &m.parts[i]);
    arena_free(arena);
}

static void use_resources(struct bytes b)
{
    struct arena *arena = arena_new(0);
    struct resource_table table;
    struct resource_value v;

    if (resources_parse(b, arena, &table) != PARSE_INVALID || resources_parse_protobuf(b, &table) != PARSE_INVALID)
        for (uint32_t id = 0x7f010000; id < 0x7f040000; id += 0x8000)
            (void)resources_find(&table, id, arena, &v);
    arena_free(arena);
}

static void nothing(void *user, uint32_t caller, uint32_t called, uint64_t offset)
{
    (void)user, (void)caller, (void)called, (void)offset;
}

static void use_dex(struct bytes b)
{
    struct dex d;
    struct dex_class class;
    const enum parse_status status = dex_open(b, &d);

    if (status != PARSE_OK && status != PARSE_TRUNCATED)
        return;
    for (uint32_t i = 0; i < d.strings.count; i++)
        (void)dex_string(&d, i, NULL);
    for (uint32_t i = 0; dex_class(&d, i, &class); i++)
        (void)dex_class_calls(&d, &class, nothing, nothing, NULL);
}

static void use_elf(struct bytes b)
{
    struct arena *arena = arena_new(0);
    struct elf elf;
    struct text name;
    size_t at = 0;

    const enum parse_status status = elf_parse(b, arena, &elf);
    if (status == PARSE_OK)
        while (elf_next_java_name(elf.names, &at, &name))
            assert_true(name.len >= 5);
    struct elf_symbol symbol;
    if (status == PARSE_OK || status == PARSE_TRUNCATED)
        for (uint32_t i = 0; i <= elf.symbol_count; i++)
            (void)elf_symbol(&elf, i, &symbol);
    arena_free(arena);
}

static const struct { const char *file; void (*use)(struct bytes); } parts[] = {
    { "manifest/whole.xml", use_manifest }, { "manifest/whole-utf-16.xml", use_manifest },
    { "manifest/chunk-smaller-than-its-header.xml", use_manifest }, { "manifest/giant-string-count.xml", use_manifest },
    { "manifest/deeper-than-the-limit.xml", use_manifest },
    { "manifest/whole.pb", use_manifest }, { "manifest/deeper-than-the-limit.pb", use_manifest },
    { "resources/whole.arsc", use_resources }, { "resources/whole.pb", use_resources }, { "dex/whole.dex", use_dex }, { "elf/whole.so", use_elf },
    { "elf/imports-gnu.so", use_elf }, { "elf/imports-sysv.so", use_elf },
};

static void every_length_of_every_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct bytes whole = given(parts[i].file);
        parts[i].use(whole);
        for (size_t n = 0; n < whole.len; n += n < 4000 ? 1 : 97) {
            const struct bytes cut = exact_copy(whole.at, n);
            parts[i].use(cut);
            exact_copy_free(cut);
        }
        exact_copy_free(whole);
    }
}

static void flipped_bits_of_every_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct bytes whole = given(parts[i].file);
        for (size_t bit = 0; bit < whole.len * 8 && bit < 8 * 3000; bit++) {
            const struct bytes copy = exact_copy(whole.at, whole.len);
            ((uint8_t *)(uintptr_t)copy.at)[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            parts[i].use(copy);
            exact_copy_free(copy);
        }
        exact_copy_free(whole);
    }
}

static void a_manifest_cut_off_says_so(void **state)
{
    const struct bytes whole = given("manifest/whole.xml");
    struct arena *arena = arena_new(0);
    struct manifest m;

    (void)state;
    const struct bytes half = bytes_part(whole, 0, whole.len - 100);
    assert_int_equal(manifest_parse(half, NULL, arena, &m), PARSE_TRUNCATED);
    assert_text_equal(m.package, "org.example.app");
    assert_int_equal(manifest_parse(bytes_part(whole, 0, 7), NULL, arena, &m), PARSE_INVALID);
    arena_free(arena);
    exact_copy_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_manifest_in_every_form), cmocka_unit_test(references_are_followed_and_loops_end),
        cmocka_unit_test(references_of_bundles_are_followed),
        cmocka_unit_test(reads_tables_and_calls_of_code), cmocka_unit_test(reads_every_file_of_a_container), cmocka_unit_test(says_what_code_it_cannot_read),
        cmocka_unit_test(reads_a_library), cmocka_unit_test(symbols_are_counted_by_either_table_of_hashes), cmocka_unit_test(every_length_of_every_part),
        cmocka_unit_test(flipped_bits_of_every_part), cmocka_unit_test(a_manifest_cut_off_says_so),
        cmocka_unit_test(a_bundle_manifest_cut_off_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
