#include "support/support.h"

#include "fact/component_sign.h"

static const struct { struct component_sign sign; const char *words; } signs[] = {
    { { COMPONENT_SIGN_CLASSES, 3, TEXT_INIT("Lcom/kit/A;"), TEXT_INIT("classes2.dex") }, "3 classes, first Lcom/kit/A; in classes2.dex" },
    { { COMPONENT_SIGN_EXPORT, 0, TEXT_INIT("Java_com_kit_A_b"), TEXT_INIT("lib/arm64-v8a/libkit.so") },
      "native library lib/arm64-v8a/libkit.so (exports Java_com_kit_A_b)" },
    { { COMPONENT_SIGN_LIBRARY, 0, { 0 }, TEXT_INIT("lib/x86/libkit.so") }, "native library lib/x86/libkit.so" },
    { { COMPONENT_SIGN_FILE, 0, { 0 }, TEXT_INIT("assets/a b.dat") }, "file assets/a b.dat" },
    { { COMPONENT_SIGN_MANIFEST, 0, TEXT_INIT("com.kit.KEY"), { 0 } }, "manifest: com.kit.KEY" },
    { { COMPONENT_SIGN_HOST, 0, TEXT_INIT("kit.example"), { 0 } }, "host kit.example" },
    { { COMPONENT_SIGN_VERSION, 4096, { 0 }, TEXT_INIT("lib/x86/libkit.so") }, "version text at 4096 in lib/x86/libkit.so" },
    { { COMPONENT_SIGN_CERTIFICATE, 0, TEXT_INIT("09af"), { 0 } }, "certificate SHA-256 09af" },
    { { COMPONENT_SIGN_TRAFFIC, 0, TEXT_INIT("kit.example"), { 0 } }, "a connection to kit.example was seen" },
};
enum { SIGN_COUNT = sizeof signs / sizeof *signs };
_Static_assert((int)SIGN_COUNT == (int)COMPONENT_SIGN_KIND_COUNT, "one of each");

static void words_and_back(void **state)
{
    struct arena *arena = arena_new(0);
    struct component_sign got;

    (void)state;
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        assert_true(text_equal(component_sign_words(&signs[i].sign, arena), text_of(signs[i].words)));
        assert_true(component_sign_read(text_of(signs[i].words), &got));
        assert_int_equal(got.kind, signs[i].sign.kind);
        assert_int_equal(got.number, signs[i].sign.number);
        assert_true(text_equal(got.name, signs[i].sign.name));
        assert_true(text_equal(got.file, signs[i].sign.file));
    }
    arena_free(arena);
}

static void other_words_are_none(void **state)
{
    static const char *const others[] = { "", "host ", "x classes, first A in b", "3 classes, first A",
                                          "built without stack protection",
                                          "99999999999999999999 classes, first A in b", "version text at -1 in b", "a connection to  was seen",
                                          "a connection to x was see" };
    struct component_sign got = { .number = 7 };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (component_sign_read(text_of(others[i]), &got))
            fail_msg("%s", others[i]);
    assert_false(component_sign_read(TEXT_UNKNOWN, &got));
    assert_int_equal(got.number, 7);
}

/* Every beginning of the words is either none, or one whose parts lie inside it. */
static void cut_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        for (size_t len = 0; len < strlen(signs[i].words); len++) {
            struct bytes copy = exact_copy(signs[i].words, len);
            struct component_sign got;
            if (component_sign_read((struct text){ .at = (const char *)copy.at, .len = len }, &got))
                assert_true(got.name.len + got.file.len <= len);
            exact_copy_free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_back),
        cmocka_unit_test(other_words_are_none),
        cmocka_unit_test(cut_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
