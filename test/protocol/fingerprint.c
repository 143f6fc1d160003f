#include "support/support.h"

#include <string.h>

#include "hello.h"
#include "protocol/fingerprint.h"

static struct tls_client_hello parsed(const struct buffer *b)
{
    struct tls_client_hello h;

    assert_int_equal(tls_client_hello_parse(bytes_part(buffer_bytes(b), 4, b->len), &h), PARSE_OK);
    return h;
}

static void check_values(void **state)
{
    struct buffer b;
    char ja3[JA3_TEXT_LEN], ja4[JA4_TEXT_LEN];

    (void)state;
    buffer_init(&b, 1 << 16);
    put_client_hello(&b, 0);
    struct tls_client_hello h = parsed(&b);
    assert_text_equal(ja3_of(&h, ja3), HELLO_JA3);
    assert_text_equal(ja4_of(&h, 't', ja4), "t" HELLO_JA4_TAIL);
    assert_text_equal(ja4_of(&h, 'q', ja4), "q" HELLO_JA4_TAIL);
    assert_text_equal(h.server_name, "drone.example");
    assert_false(h.has_encrypted_client_hello);
    buffer_done(&b);
}

/* The nearest that an old client says: no extensions at all. */
static void nothing_gives_zeros(void **state)
{
    struct tls_client_hello h = { .legacy_version = 0x0301 };
    char ja3[JA3_TEXT_LEN], ja4[JA4_TEXT_LEN];

    (void)state;
    assert_text_equal(ja4_of(&h, 't', ja4), "t10i000000_000000000000_000000000000");
    /* MD5 of "769,,,," */
    assert_text_equal(ja3_of(&h, ja3), "f5d1076d0d11b5cd81c4c4e8e8ee881a");
}

static void alpn_characters_follow_the_specification(void **state)
{
    static const struct { const char *alpn; size_t len; const char *text; } rows[] = {
        { "", 0, "00" }, { "\0", 1, "00" }, { "\2h2", 3, "h2" }, { "\10http/1.1", 9, "h1" }, { "\1x", 2, "xx" },
        { "\2\xba\xad", 3, "bd" }, { "\2\x30\xab", 3, "3b" }, { "\1\xab", 2, "ab" }, { "\3a-\x2d", 4, "6d" },
    };
    char ja4[JA4_TEXT_LEN];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_client_hello h = { .alpn = exact_copy(rows[i].alpn, rows[i].len) };
        const struct text text = ja4_of(&h, 't', ja4);
        assert_memory_equal(text.at + 8, rows[i].text, 2);
        exact_copy_free(h.alpn);
    }
}

static void versions(void **state)
{
    static const struct { uint16_t legacy; const char *supported; size_t len; const char *text; } rows[] = {
        { 0x0303, "", 0, "12" }, { 0x0302, "", 0, "11" }, { 0x0300, "", 0, "s3" }, { 0x0002, "", 0, "s2" },
        { 0xfefd, "", 0, "d2" }, { 0x0303, "\x03\x04\x03\x03", 4, "13" }, { 0x0303, "\xfa\xfa\x03\x03", 4, "12" },
        { 0x1234, "", 0, "00" },
    };
    char ja4[JA4_TEXT_LEN];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_client_hello h = { .legacy_version = rows[i].legacy };
        h.supported_versions = exact_copy(rows[i].supported, rows[i].len);
        const struct text text = ja4_of(&h, 't', ja4);
        assert_memory_equal(text.at + 1, rows[i].text, 2);
        exact_copy_free(h.supported_versions);
    }
}

static void counts_stop_at_99(void **state)
{
    struct tls_client_hello h = { .legacy_version = 0x0303 };
    uint8_t many[2 * 150];
    char ja4[JA4_TEXT_LEN];

    (void)state;
    memset(many, 1, sizeof many);
    h.cipher_suites = exact_copy(many, sizeof many);
    assert_memory_equal(ja4_of(&h, 't', ja4).at, "t12i990000", 10);
    exact_copy_free(h.cipher_suites);
}

static void a_cut_hello_is_truncated_everywhere(void **state)
{
    struct tls_client_hello h;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    put_client_hello(&b, 40);
    size_t without_extensions = 0;
    for (size_t len = 0; len < b.len - 4; len++) {
        struct bytes in = exact_copy(b.at + 4, len);
        /* Once it is a whole hello without extensions: only the caller knows the length. */
        if (tls_client_hello_parse(in, &h) == PARSE_OK)
            without_extensions++;
        exact_copy_free(in);
    }
    assert_int_equal(without_extensions, 1);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_values),
        cmocka_unit_test(nothing_gives_zeros),
        cmocka_unit_test(alpn_characters_follow_the_specification),
        cmocka_unit_test(versions),
        cmocka_unit_test(counts_stop_at_99),
        cmocka_unit_test(a_cut_hello_is_truncated_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
