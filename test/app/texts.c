#include "app/given.h"

#include "app/host_text.h"
#include "app/jar_manifest.h"
#include "app/word_search.h"

#include <stdlib.h>

static void addresses_in_texts(void **state)
{
    static const struct { const char *text, *host; bool address; } cases[] = {
        { "https://api.example.net/v1", "api.example.net", false },
        { "xxhttp://Example.NET:80", "Example.NET", false },
        { "http://192.0.2.7:8080/x", "192.0.2.7", true },
        { "mqtt://user@broker.example.org", "broker.example.org", false },
        { "https://example.net.", "example.net", false },
        { "see://", NULL, false },
        { "http://localhost/x", NULL, false },
        { "http://%s/x", NULL, false },
        { "http://a..b.example/", NULL, false },
        { "http://192.0.2/x", NULL, false },
        { "://example.net", NULL, false },
        { "http://999.0.2.7/", NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes b = exact_copy(cases[i].text, strlen(cases[i].text));
        struct url_text url;
        size_t at = 0;
        const bool found = url_next(b, &at, &url);
        if (found != (cases[i].host != NULL) || (found && (!text_equal(url.host, text_of(cases[i].host)) ||
                                                           url.address != cases[i].address)))
            fail_msg("%s: %.*s", cases[i].text, found ? (int)url.host.len : 0, found ? url.host.at : "");
        if (found)
            assert_false(url_next(b, &at, &url));
        exact_copy_free(b);
    }
}

static void sections_of_a_manifest(void **state)
{
    const struct bytes whole = given("jar_manifest/manifest-with-long-names.mf"),
        file = given("jar_manifest/signature-file.sf");
    struct arena *arena = arena_new(0);
    struct jar_manifest m, f;
    struct jar_digest digests[2];
    char name[128] = "a/";

    (void)state;
    for (int i = 0; i < 30; i++)
        memcpy(name + 2 + 4 * i, "long", 4);
    assert_true(jar_manifest_parse(whole, arena, &m) && jar_manifest_parse(file, arena, &f));
    assert_int_equal(m.count, 2);
    assert_false(m.nameless || m.duplicate);
    const struct jar_section *s = jar_section_find(&m, (struct text){ .at = name, .len = 122 });
    assert_non_null(s); /* the name goes on over two lines */
    assert_null(jar_section_find(&m, TEXT("c")));
    assert_int_equal(jar_digests(s, "-Digest", 18, arena, digests), 1);
    assert_int_equal(digests[0].kind, DIGEST_SHA256);
    assert_int_equal(digests[0].len, 32);
    assert_int_equal(jar_digests(s, "-Digest", 17, arena, digests), 0); /* looks for SHA-1 */
    assert_text_equal(jar_attribute(&f.main, TEXT("x-android-apk-signed"), arena), "2, 3");
    assert_int_equal(jar_digests(&f.main, "-Digest-Manifest", 18, arena, digests), 1);
    uint8_t digest[DIGEST_BYTES_MAX];
    assert_int_equal(digest_of_bytes(DIGEST_SHA256, whole, digest), 32);
    assert_memory_equal(digest, digests[0].value, 32);
    arena_free(arena);
    exact_copy_free(whole);
    exact_copy_free(file);
}

static void every_length_of_a_manifest(void **state)
{
    const struct bytes whole = given("jar_manifest/manifest-with-long-names.mf");

    (void)state;
    for (size_t n = 0; n < whole.len; n++) {
        const struct bytes cut = exact_copy(whole.at, n);
        struct arena *arena = arena_new(0);
        struct jar_manifest m;
        struct jar_digest digests[2];
        assert_true(jar_manifest_parse(cut, arena, &m));
        for (size_t i = 0; i < m.count; i++)
            (void)jar_digests(&m.sections[i], "-Digest", 1, arena, digests);
        arena_free(arena);
        exact_copy_free(cut);
    }
    exact_copy_free(whole);
}

struct places { size_t count, word[64], at[64]; };

static void note_place(void *user, size_t word, size_t at)
{
    struct places *p = user;

    assert_true(p->count < 64);
    p->word[p->count] = word;
    p->at[p->count++] = at;
}

/* At every place of texts of every length around it, and beside texts that begin alike. */
static void words_are_found_wherever_they_stand(void **state)
{
    static const struct word words[] = { { "AIza", 1 }, { "libcurl/", 2 }, { "abc", 0 }, { "-----BEGIN ", 5 } };
    struct word_search search;

    (void)state;
    word_search_init(&search, words, 4);
    for (size_t w = 0; w < 4; w++) {
        const size_t len = strlen(words[w].text);
        for (size_t before = 0; before < 20; before++) {
            for (size_t behind = 0; behind < 20; behind++) {
                uint8_t text[64];
                memset(text, 'z', sizeof text);
                memcpy(text + before, words[w].text, len);
                const struct bytes b = exact_copy(text, before + len + behind);
                struct places p = { 0 };
                word_search_run(&search, b, note_place, &p);
                assert_int_equal(p.count, 1);
                assert_int_equal(p.word[0], w);
                assert_int_equal(p.at[0], before);
                exact_copy_free(b);
                const struct bytes cut = exact_copy(text, before + len - 1);
                p.count = 0;
                word_search_run(&search, cut, note_place, &p);
                assert_int_equal(p.count, 0);
                exact_copy_free(cut);
            }
        }
    }
    struct places p = { 0 };
    const struct bytes many = exact_copy("abcabcabAIzaIzaabc", 18);
    word_search_run(&search, many, note_place, &p);
    assert_int_equal(p.count, 4);
    exact_copy_free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_in_texts), cmocka_unit_test(sections_of_a_manifest), cmocka_unit_test(every_length_of_a_manifest),
        cmocka_unit_test(words_are_found_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
