#include "support/support.h"

#include "app/component_table.h"

static struct component_table *table_of(const char *const rows[][COMPONENT_COLUMN_COUNT], size_t count)
{
    struct component_table *t = component_table_new();

    for (size_t i = 0; i < count; i++) {
        struct text fields[COMPONENT_COLUMN_COUNT];
        for (int k = 0; k < COMPONENT_COLUMN_COUNT; k++)
            fields[k] = text_of(rows[i][k]);
        assert_null(component_table_add(t, fields));
    }
    return t;
}

/* name, kind, owner, country, purpose, fcc_class, classes, libraries, manifest, files, hosts, source, certainty */
static const char *const rows[][COMPONENT_COLUMN_COUNT] = {
    { "short", "sdk", "", "", "", "", "com.kit", "libkit.so", "KIT_KEY com.kit.part", "", "kit.example", "s", "seen" },
    { "long", "sdk", "", "", "", "", "com.kit.sub. org.other.Class", "libkit-*.so", "", "assets/kit/* exact.bin", "api.kit.example", "s", "seen" },
};

static void the_longest_beginning_at_a_border_wins(void **state)
{
    static const struct { const char *descriptor; int component; } cases[] = {
        { "Lcom/kit/A;", 0 }, { "Lcom/kit;", 0 }, { "Lcom/kit/sub/A;", 1 }, { "Lcom/kit/sub$In;", 1 }, { "Lcom/kit/subject/A;", 0 },
        { "Lcom/kitten/A;", COMPONENT_NONE }, { "Lcom/A;", COMPONENT_NONE }, { "Lorg/other/Class;", 1 }, { "Lorg/other/Class$1;", 1 },
        { "Lorg/other/Classes;", COMPONENT_NONE }, { "[Lcom/kit/A;", COMPONENT_NONE }, { "L;", COMPONENT_NONE }, { "", COMPONENT_NONE },
    };
    struct component_table *t = table_of(rows, 2);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (component_of_class(t, text_of(cases[i].descriptor)) != cases[i].component)
            fail_msg("%s", cases[i].descriptor);
    component_table_free(t);
}

static void signers_are_known_by_their_certificate(void **state)
{
    static const char digest[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    static const struct { const char *fields[SIGNER_COLUMN_COUNT]; bool taken; } lines[] = {
        { { digest, "Maker", "XX", "release key: of its apps", "a page", "seen" }, true },
        { { digest, "Another", "YY", "release key: of its apps", "a page", "seen" }, true },  /* the first one has it */
        { { "0011", "Maker", "XX", "release key", "a page", "seen" }, false },
        { { "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", "Maker", "XX", "release key", "a page", "seen" }, false },
        { { digest, "Maker", "XX", "", "a page", "seen" }, false },
        { { digest, "Maker", "XX", "release key", "a page", "sure" }, false },
    };
    struct component_table *t = component_table_new();

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct text fields[SIGNER_COLUMN_COUNT];
        for (int k = 0; k < SIGNER_COLUMN_COUNT; k++)
            fields[k] = text_of(lines[i].fields[k]);
        assert_int_equal(component_table_add_signer(t, fields) == NULL, lines[i].taken);
    }
    const struct known_signer *s = component_table_signer(t, text_of(digest));
    assert_text_equal(s->owner, "Maker");
    assert_text_equal(s->source, "a page (seen)");
    assert_null(component_table_signer(t, TEXT("ff")));
    assert_null(component_table_signer(NULL, text_of(digest)));
    component_table_free(t);
}

static void other_names(void **state)
{
    struct component_table *t = table_of(rows, 2);

    (void)state;
    assert_int_equal(component_of_name(t, TEXT("KIT_KEY")), 0);
    assert_int_equal(component_of_name(t, TEXT("KIT_KEYS")), COMPONENT_NONE);
    assert_int_equal(component_of_name(t, TEXT("com.kit.sub.Service")), 1);      /* by its class */
    assert_int_equal(component_of_name(t, TEXT("com.kit.part.Service")), 0);
    assert_int_equal(component_of_library(t, TEXT("libkit.so")), 0);
    assert_int_equal(component_of_library(t, TEXT("libkit-2.1.so")), 1);
    assert_int_equal(component_of_library(t, TEXT("libkit-.s")), COMPONENT_NONE);
    assert_int_equal(component_of_file(t, TEXT("assets/kit/a/b")), 1);
    assert_int_equal(component_of_file(t, TEXT("exact.bin")), 1);
    assert_int_equal(component_of_file(t, TEXT("assets/kit")), COMPONENT_NONE);
    assert_int_equal(component_of_host(t, TEXT("kit.example")), 0);
    assert_int_equal(component_of_host(t, TEXT("x.kit.example")), 0);
    assert_int_equal(component_of_host(t, TEXT("a.api.kit.example")), 1);
    assert_int_equal(component_of_host(t, TEXT("mykit.example")), COMPONENT_NONE);
    assert_int_equal(component_of_host(NULL, TEXT("kit.example")), COMPONENT_NONE);
    component_table_free(t);
}

static void bad_lines_are_refused(void **state)
{
    struct component_table *t = component_table_new();
    struct text fields[COMPONENT_COLUMN_COUNT] = { 0 };

    (void)state;
    for (int k = 0; k < COMPONENT_COLUMN_COUNT; k++)
        fields[k] = TEXT("");
    fields[COMPONENT_NAME] = TEXT("x");
    fields[COMPONENT_KIND] = TEXT("sdk");
    assert_non_null(component_table_add(t, fields)); /* no certainty */
    fields[COMPONENT_CERTAINTY] = TEXT("seen");
    assert_null(component_table_add(t, fields));
    fields[COMPONENT_KIND] = TEXT("thing");
    assert_non_null(component_table_add(t, fields));
    fields[COMPONENT_KIND] = TEXT("packer");
    fields[COMPONENT_NAME] = TEXT("");
    assert_non_null(component_table_add(t, fields));
    assert_int_equal(component_table_count(t), 1);
    component_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_beginning_at_a_border_wins), cmocka_unit_test(signers_are_known_by_their_certificate), cmocka_unit_test(other_names), cmocka_unit_test(bad_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
