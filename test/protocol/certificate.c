#include "stage.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/hash.h"
#include "base/timestamp.h"
#include "hello.h"
#include "protocol/certificate.h"
#include "protocol/tls.h"

/* Certificates are made by OpenSSL, and what it says of them must come out. */

struct made {
    const char *common_name, *organization, *names; /* as X509V3_EXT_conf takes them; NULL: no extension */
    const char *not_before, *not_after;             /* YYYYMMDDHHMMSSZ */
    uint64_t serial;
};

static void put_certificate(struct buffer *b, const struct made *m)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    uint8_t *der = NULL;

    assert_true(key && x);
    X509_set_version(x, 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), m->serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "C", MBSTRING_ASC, (const uint8_t *)"CH", -1, -1, 0);
    if (m->organization)
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "O", MBSTRING_UTF8, (const uint8_t *)m->organization, -1,
                                   -1, 0);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const uint8_t *)m->common_name, -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(X509_get_issuer_name(x), "CN", MBSTRING_UTF8, (const uint8_t *)"Made CA", -1, -1, 0);
    assert_int_equal(ASN1_TIME_set_string_X509(X509_getm_notBefore(x), m->not_before), 1);
    assert_int_equal(ASN1_TIME_set_string_X509(X509_getm_notAfter(x), m->not_after), 1);
    X509_set_pubkey(x, key);
    if (m->names) {
        X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, m->names);
        assert_non_null(e);
        X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
    }
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    const int len = i2d_X509(x, &der);
    assert_true(len > 0);
    buffer_add(b, der, (size_t)len);
    OPENSSL_free(der);
    X509_free(x);
    EVP_PKEY_free(key);
}

static int64_t time_of(const char *rfc3339)
{
    int64_t utc_ns = FACT_UNKNOWN_INT;

    if (rfc3339)
        assert_true(timestamp_parse(text_of(rfc3339), &utc_ns));
    return utc_ns;
}

static void what_certificates_say(void **state)
{
    static const struct {
        struct made made;
        const char *subject, *host, *not_before, *not_after, *serial;
        size_t name_count;
        const char *names[4];
    } cases[] = {
        { { "api.example", "Example, Inc.", "DNS:*.example,DNS:api.example,IP:192.0.2.7,IP:2001:db8::7", "20240102030405Z",
            "20491231235959Z", 255 },
          "CN=api.example,O=Example\\, Inc.,C=CH", "api.example", "2024-01-02T03:04:05Z", "2049-12-31T23:59:59Z", "00ff", 4,
          { "*.example", "api.example", "192.0.2.7", "2001:db8::7" } },
        { { "drone-4711", NULL, "email:pilot@example.org,URI:urn:example:4711", "20500101000000Z", "99991231235959Z", 1 },
          "CN=drone-4711,C=CH", NULL, "2050-01-01T00:00:00Z", NULL, "01", 2, { "pilot@example.org", "urn:example:4711" } },
        { { "only.cn.example", NULL, NULL, "19700101000000Z", "19991231235959Z", 3 }, "CN=only.cn.example,C=CH",
          "only.cn.example", "1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "03", 0, { NULL } },
        { { "x", NULL, "DNS:*.a.example,DNS:*.b.example", "20240101000000Z", "20240201000000Z", 3 }, "CN=x,C=CH",
          "*.a.example", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "03", 2, { "*.a.example", "*.b.example" } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct certificate found;
        struct buffer der;

        buffer_init(&der, 1 << 16);
        put_certificate(&der, &cases[i].made);
        const size_t len = der.len;
        put_text(&der, "what lies behind");
        assert_int_equal(certificate_parse(buffer_bytes(&der), arena, &found), PARSE_OK);
        assert_int_equal(found.whole.len, len);
        assert_text_equal(found.subject, cases[i].subject);
        assert_text_equal(found.issuer, "CN=Made CA");
        assert_text_equal(found.serial, cases[i].serial);
        assert_int_equal(found.not_before_utc_ns, time_of(cases[i].not_before));
        assert_int_equal(found.not_after_utc_ns, time_of(cases[i].not_after));
        if (cases[i].host)
            assert_text_equal(found.host, cases[i].host);
        else
            assert_false(text_known(found.host));
        assert_int_equal(found.names.count, cases[i].name_count);
        for (size_t n = 0; n < found.names.count; n++)
            assert_text_equal(found.names.items[n], cases[i].names[n]);
        /* Cut anywhere it is none, and the result stays as it was. */
        for (size_t cut = 0; cut < len; cut++) {
            struct certificate untouched = { .serial = TEXT("as it was") };
            const struct bytes copy = exact_copy(der.at, cut);
            assert_int_not_equal(certificate_parse(copy, arena, &untouched), PARSE_OK);
            assert_text_equal(untouched.serial, "as it was");
            exact_copy_free(copy);
        }
        for (size_t bit = 0; bit < len * 8; bit++) {
            der.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            const enum parse_status status = certificate_parse(buffer_bytes(&der), arena, &found);
            assert_true(status != PARSE_OK || found.whole.len <= der.len);
            der.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        arena_free(arena);
        buffer_done(&der);
    }
}

/* As content networks have them: the last is told as the first is. */
static void every_name_of_two_thousand(void **state)
{
    enum { COUNT = 2000, NAME_MAX_BYTES = 24 };
    struct arena *arena = arena_new(1 << 20);
    char *names = test_malloc((size_t)COUNT * NAME_MAX_BYTES), last[NAME_MAX_BYTES];
    struct certificate found;
    struct buffer der;
    size_t len = 0;

    (void)state;
    for (int i = 0; i < COUNT; i++)
        len += (size_t)snprintf(names + len, NAME_MAX_BYTES, "%sDNS:n%d.example", i ? "," : "", i);
    buffer_init(&der, 1 << 17);
    put_certificate(&der, &(struct made){ "api.example", NULL, names, "20240102030405Z", "20491231235959Z", 255 });
    assert_int_equal(certificate_parse(buffer_bytes(&der), arena, &found), PARSE_OK);
    assert_int_equal(found.names.count, COUNT);
    snprintf(last, sizeof last, "n%d.example", COUNT - 1);
    assert_text_equal(found.names.items[0], "n0.example");
    assert_text_equal(found.names.items[COUNT - 1], last);
    test_free(names);
    arena_free(arena);
    buffer_done(&der);
}

static void put_record(struct buffer *b, uint8_t type, struct bytes content)
{
    put_uint(b, type, 1);
    put_uint(b, 0x0303, 2);
    put_uint(b, content.len, 2);
    buffer_add(b, content.at, content.len);
}

static void put_chain(struct buffer *message, const struct made *chain, size_t count)
{
    buffer_add_u8(message, 11);
    const size_t whole = length_begin(message, 3), list = length_begin(message, 3);
    for (size_t i = 0; i < count; i++) {
        const size_t one = length_begin(message, 3);
        put_certificate(message, &chain[i]);
        length_end(message, one, 3);
    }
    length_end(message, list, 3);
    length_end(message, whole, 3);
}

static void put_server_hello(struct buffer *b, uint64_t session_id)
{
    buffer_add_u8(b, 2);
    const size_t whole = length_begin(b, 3);
    put_uint(b, 0x0303, 2);
    put_uint(b, 7, 32);
    buffer_add_u8(b, session_id ? 8 : 0);
    put_uint(b, session_id, session_id ? 8 : 0);
    put_uint(b, 0xc02f, 2);
    buffer_add_u8(b, 0);
    length_end(b, whole, 3);
}

/* Both sides show theirs: the server a chain of two, the client one of its own. */
static void each_certificate_becomes_a_row(void **state)
{
    static const struct made chain[] = {
        { "api.example", NULL, "DNS:api.example", "20240101000000Z", "20250101000000Z", 17 },
        { "Made CA", NULL, NULL, "20200101000000Z", "20300101000000Z", 18 },
    }, own[] = { { "SERIAL-4711", NULL, NULL, "20240101000000Z", "20250101000000Z", 19 } };
    struct buffer hello, flight, message, answer;
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX + 1] = "";

    (void)state;
    buffer_init(&hello, 1 << 16);
    buffer_init(&flight, 1 << 16);
    buffer_init(&answer, 1 << 16);
    buffer_init(&message, 1 << 16);
    put_client_hello(&message, 0);
    put_record(&hello, 22, buffer_bytes(&message));
    buffer_clear(&message);
    put_server_hello(&message, 0);
    const size_t before_chain = message.len;
    put_chain(&message, chain, 2);
    put_record(&flight, 22, buffer_bytes(&message));
    const uint8_t *first = message.at + before_chain + 4 + 3 + 3;
    sha256_of((struct bytes){ .at = first, .len = (size_t)(first[-3] << 16 | first[-2] << 8 | first[-1]) }, digest);
    hash_hex(digest, sizeof digest, hex);
    buffer_clear(&message);
    put_chain(&message, own, 1);
    put_record(&answer, 22, buffer_bytes(&message));

    for (size_t step = 0; step < 40; step += 13) {
        stage(&tls_protocol, true, 8443);
        say(DIRECTION_OUT, buffer_bytes(&hello), step);
        say(DIRECTION_IN, buffer_bytes(&flight), step);
        say(DIRECTION_OUT, buffer_bytes(&answer), step);
        say(DIRECTION_IN, buffer_bytes(&flight), step); /* again: not twice */
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_CERTIFICATE), 3);
        const struct fact_certificate *leaf = kept_facts_row(&kept, FACT_CERTIFICATE, 0);
        assert_text_equal(leaf->shown_by, "server");
        assert_int_equal(leaf->place, 1);
        assert_int_equal(leaf->flow, fake.c.flow);
        assert_text_equal(leaf->subject, "CN=api.example,C=CH");
        assert_text_equal(leaf->issuer, "CN=Made CA");
        assert_text_equal(leaf->serial, "11");
        assert_text_equal(leaf->sha256, hex);
        assert_int_equal(leaf->names.count, 1);
        assert_int_equal(leaf->not_after, time_of("2025-01-01T00:00:00Z"));
        const struct fact_certificate *ca = kept_facts_row(&kept, FACT_CERTIFICATE, 1);
        assert_int_equal(ca->place, 2);
        assert_text_equal(ca->subject, "CN=Made CA,C=CH");
        const struct fact_certificate *mine = kept_facts_row(&kept, FACT_CERTIFICATE, 2);
        assert_text_equal(mine->shown_by, "client");
        assert_text_equal(mine->subject, "CN=SERIAL-4711,C=CH");
        assert_text_equal(fake.c.row.tls_subject, "CN=api.example,C=CH"); /* the server's, not the client's */
        assert_false(text_known(fake.c.row.tls_resumption));
        unstage();
    }
    buffer_done(&hello);
    buffer_done(&flight);
    buffer_done(&answer);
    buffer_done(&message);
}

/* RFC 5246, 7.4.1.3: the server goes on with the session that the client named. */
static void sessions_that_go_on(void **state)
{
    static const struct { uint64_t session_id; const char *resumption; } cases[] = {
        { 0x1122334455667788, "session" }, { 0x1122334455667789, NULL }, { 0, NULL },
    };
    struct buffer message, record;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&record, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage(&tls_protocol, true, 443);
        put_client_hello(&message, 0);
        put_record(&record, 22, buffer_bytes(&message));
        say(DIRECTION_OUT, buffer_bytes(&record), 0);
        buffer_clear(&message);
        buffer_clear(&record);
        put_server_hello(&message, cases[i].session_id);
        put_record(&record, 22, buffer_bytes(&message));
        say(DIRECTION_IN, buffer_bytes(&record), 0);
        assert_text_equal(fake.c.row.tls_version, "TLS 1.2");
        assert_int_equal(text_known(fake.c.row.tls_resumption), cases[i].resumption != NULL);
        if (cases[i].resumption)
            assert_text_equal(fake.c.row.tls_resumption, cases[i].resumption);
        fake_end(&fake);
        unstage();
        buffer_clear(&message);
        buffer_clear(&record);
    }
    buffer_done(&message);
    buffer_done(&record);
}

static void alerts_say_who_refused(void **state)
{
    static const struct { enum direction d; const char *alert; const char *text; } cases[] = {
        { DIRECTION_OUT, "\x02\x30", "client: unknown_ca" },  { DIRECTION_IN, "\x02\x28", "server: handshake_failure" },
        { DIRECTION_OUT, "\x02\xc8", "client: 200" },         { DIRECTION_IN, "\x01\x70", NULL }, /* a warning */
    };
    struct buffer message, record;

    (void)state;
    buffer_init(&message, 1 << 16);
    buffer_init(&record, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage(&tls_protocol, true, 443);
        put_client_hello(&message, 0);
        put_record(&record, 22, buffer_bytes(&message));
        say(DIRECTION_OUT, buffer_bytes(&record), 0);
        buffer_clear(&record);
        put_record(&record, 21, (struct bytes){ .at = (const uint8_t *)cases[i].alert, .len = 2 });
        say(cases[i].d, buffer_bytes(&record), 0);
        say(DIRECTION_IN, BYTES("\x15\x03\x03\x00\x02\x02\x0a"), 0); /* the first counts */
        if (cases[i].text)
            assert_text_equal(fake.c.row.tls_alert, cases[i].text);
        else
            assert_text_equal(fake.c.row.tls_alert, "server: unexpected_message");
        fake_end(&fake);
        unstage();
        buffer_clear(&message);
        buffer_clear(&record);
    }
    buffer_done(&message);
    buffer_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_certificates_say),
        cmocka_unit_test(every_name_of_two_thousand),
        cmocka_unit_test(each_certificate_becomes_a_row),
        cmocka_unit_test(sessions_that_go_on),
        cmocka_unit_test(alerts_say_who_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
