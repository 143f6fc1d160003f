#include "support/support.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "fake_conversation.h"
#include "hello.h"
#include "protocol/crypto.h"
#include "protocol/quic.h"
#include "protocol/quic_initial.h"

static struct fake_conversation fake;
static struct kept_facts kept;

static void start(void)
{
    kept_facts_init(&kept);
    fake_begin(&fake, &quic_protocol, &kept.sink, false, 443);
}

static void stop(void)
{
    fake_end(&fake);
    fake_done(&fake);
    kept_facts_done(&kept);
}

static void assert_hex(const uint8_t *at, size_t len, const char *hex)
{
    char got[128];

    hash_hex(at, len, got);
    assert_int_equal(strlen(hex), 2 * len);
    assert_memory_equal(got, hex, 2 * len);
}

/* RFC 9001, A.1, and RFC 9369, A.1 */
static void keys_as_published(void **state)
{
    static const struct bytes cid = { .at = (const uint8_t *)"\x83\x94\xc8\xf0\x3e\x51\x57\x08", .len = 8 };
    struct quic_keys keys;

    (void)state;
    quic_client_keys(quic_version_find(1), cid, &keys);
    assert_hex(keys.key, 16, "1f369613dd76d5467730efcbe3b1a22d");
    assert_hex(keys.iv, 12, "fa044b2f42a3fd3b46fb255c");
    assert_hex(keys.header_key, 16, "9f50449e04a0e810283a1e9933adedd2");
    quic_client_keys(quic_version_find(0x6b3343cf), cid, &keys);
    assert_hex(keys.key, 16, "8b1a0bc121284290a29e0971b5cd045d");
    assert_hex(keys.iv, 12, "91f73e2351d8fa91660e909f");
    assert_hex(keys.header_key, 16, "45b95e15235d6f45a6b19cbcb0294ba9");
}

/* RFC 4231, test cases 2 and 6 */
static void mac_as_published(void **state)
{
    uint8_t mac[SHA256_BYTES], key[131];

    (void)state;
    hmac_sha256((struct bytes){ .at = (const uint8_t *)"Jefe", .len = 4 },
                (struct bytes){ .at = (const uint8_t *)"what do ya want for nothing?", .len = 28 }, mac);
    assert_hex(mac, sizeof mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hmac_sha256((struct bytes){ .at = key, .len = sizeof key },
                (struct bytes){ .at = (const uint8_t *)"Test Using Larger Than Block-Size Key - Hash Key First",
                                .len = 54 }, mac);
    assert_hex(mac, sizeof mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void put_varint(struct buffer *b, uint64_t value)
{
    if (value < 64)
        put_uint(b, value, 1);
    else if (value < 16384)
        put_uint(b, value | 0x4000, 2);
    else
        put_uint(b, value | 0x80000000, 4);
}

static void put_crypto_as(struct buffer *b, unsigned type, size_t offset, struct bytes data)
{
    put_varint(b, type);
    put_varint(b, offset);
    put_varint(b, data.len);
    buffer_add(b, data.at, data.len);
}

static void put_crypto(struct buffer *b, size_t offset, struct bytes data)
{
    put_crypto_as(b, 6, offset, data);
}

static const char cid_first[] = "\x01\x02\x03\x04\x05\x06\x07\x08";
static const char cid_other[] = "\xa1\xa2\xa3\xa4";

/* An Initial packet as a client makes it: RFC 9001, 5.3 and 5.4. */
static void put_initial_as(struct buffer *b, uint32_t version, uint32_t protected_as, const char *key_cid,
                           const char *cid, unsigned number,
                        const struct buffer *frames, size_t padding)
{
    const size_t from = b->len, cid_len = strlen(cid);
    uint8_t sealed[4096], tag[16], mask[16], nonce[12];
    struct quic_keys keys;
    struct buffer plain;
    int len = 0;

    quic_client_keys(quic_version_find(protected_as),
                     (struct bytes){ .at = (const uint8_t *)key_cid, .len = strlen(key_cid) }, &keys);
    buffer_init(&plain, sizeof sealed);
    buffer_add(&plain, frames->at, frames->len);
    while (padding-- > 0)
        buffer_add_u8(&plain, 0);

    put_uint(b, version == 0x6b3343cf ? 0xd1 : 0xc1, 1); /* two bytes of packet number */
    put_uint(b, version, 4);
    put_uint(b, cid_len, 1);
    buffer_add(b, cid, cid_len);
    put_uint(b, 0, 1); /* source id */
    put_varint(b, 3);
    put_text(b, "tok");
    put_uint(b, (2 + plain.len + 16) | 0x4000, 2);
    const size_t number_at = b->len;
    put_uint(b, number, 2);

    memcpy(nonce, keys.iv, sizeof nonce);
    nonce[10] ^= (uint8_t)(number >> 8);
    nonce[11] ^= (uint8_t)number;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, keys.key, nonce), 1);
    assert_int_equal(EVP_EncryptUpdate(context, NULL, &len, b->at + from, (int)(b->len - from)), 1);
    assert_int_equal(EVP_EncryptUpdate(context, sealed, &len, plain.at, (int)plain.len), 1);
    assert_int_equal(EVP_EncryptFinal_ex(context, sealed + len, &len), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag), 1);
    EVP_CIPHER_CTX_free(context);
    buffer_add(b, sealed, plain.len);
    buffer_add(b, tag, sizeof tag);

    aes128_encrypt_block(keys.header_key, b->at + number_at + 4, mask);
    b->at[from] ^= mask[0] & 0x0f;
    b->at[number_at] ^= mask[1];
    b->at[number_at + 1] ^= mask[2];
    buffer_done(&plain);
}

static void put_initial(struct buffer *b, uint32_t version, const char *key_cid, const char *cid, unsigned number,
                        const struct buffer *frames, size_t padding)
{
    put_initial_as(b, version, version, key_cid, cid, number, frames, padding);
}

static void check_hello(const char *version)
{
    assert_text_equal(fake.c.row.tls_sni, "drone.example");
    assert_text_equal(fake.c.row.host, "drone.example");
    assert_text_equal(fake.c.row.host_source, "quic_sni");
    assert_text_equal(fake.c.row.tls_ja4, "q" HELLO_JA4_TAIL);
    assert_false(text_known(fake.c.row.tls_ja3));
    assert_text_equal(fake.c.row.quic_version, version);
}

static void every_version_is_opened(void **state)
{
    static const struct { uint32_t version; const char *text; } rows[] = {
        { 1, "v1" }, { 0x6b3343cf, "v2" }, { 0xff00001d, "draft-29" }, { 0xff000017, "draft-23" },
        { 0xff000022, "draft-34" }, { 0xff000016, "draft-22" }, { 0xfaceb001, "mvfst-22" }, { 0xfaceb002, "mvfst-27" },
        { 0xfaceb00e, "mvfst-exp" },
    };
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 8192);
    put_client_hello(&hello, 0);
    put_varint(&frames, 1); /* PING */
    put_crypto(&frames, 0, buffer_bytes(&hello));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_clear(&datagram);
        put_initial(&datagram, rows[i].version, cid_first, cid_first, 0, &frames, 600);
        start();
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
        check_hello(rows[i].text);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, datagram.len);
        stop();
    }
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

/* Google's with TLS: their frames have other numbers. */
static void googles_with_tls_are_opened(void **state)
{
    static const struct { uint32_t version; const char *text; } rows[] = { { 0x54303530, "T050" },
                                                                           { 0x54303531, "T051" } };
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 8192);
    put_client_hello(&hello, 0);
    put_crypto_as(&frames, 8, 0, buffer_bytes(&hello));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_clear(&datagram);
        put_initial(&datagram, rows[i].version, cid_first, cid_first, 0, &frames, 600);
        start();
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
        check_hello(rows[i].text);
        stop();
    }
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

/* Versions without a meaning, as clients send to be refused, are protected as a known one is; a packet too small for a
 * client's first is not tried. */
static void unknown_versions_are_tried(void **state)
{
    static const uint32_t known[] = { 1, 0xff00001d, 0xff000017, 0xff000016 };
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 8192);
    put_client_hello(&hello, 0);
    put_crypto(&frames, 0, buffer_bytes(&hello));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        for (int flip = 0; flip < 2; flip++) {
            buffer_clear(&datagram);
            put_initial_as(&datagram, 0x1a2a3a4a, known[i], cid_first, cid_first, 0, &frames, 900);
            datagram.at[700] ^= (uint8_t)flip;
            start();
            fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
            if (flip)
                assert_false(text_known(fake.c.row.tls_sni));
            else
                check_hello("0x1a2a3a4a");
            stop();
        }
    }
    buffer_clear(&datagram);
    put_initial_as(&datagram, 0x1a2a3a4a, 1, cid_first, cid_first, 0, &frames, 100);
    start();
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
    assert_false(text_known(fake.c.row.tls_sni));
    stop();
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

/* Pieces in any order, doubled, overlapping, with ACKs between, over coalesced packets and
 * several datagrams, of which the later ones carry the server's connection id. */
static void pieces_in_any_order(void **state)
{
    enum { PIECES = 12 };
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 16384);
    put_client_hello(&hello, 1500);
    const size_t step = hello.len / PIECES + 1;
    for (unsigned round = 0; round < 24; round++) {
        start();
        for (unsigned i = 0; i < PIECES; i++) {
            const unsigned nth = (i * 5 + round) % PIECES; /* 5 and 12 have no common factor */
            const size_t from = nth * step, overlap = from < 9 ? from : 9;
            buffer_clear(&frames);
            put_crypto(&frames, from - overlap, bytes_part(buffer_bytes(&hello), from - overlap, step + overlap));
            put_text(&frames, "\x02\x05\x01\x01\x02\x03\x04"); /* ACK with one more range */
            put_crypto(&frames, from, bytes_part(buffer_bytes(&hello), from, 10));
            if (round % 2 == 0 || i % 2 == 0)
                buffer_clear(&datagram);
            put_initial(&datagram, 1, cid_first, i == 0 ? cid_first : cid_other, i, &frames, i % 3);
            if (round % 2 == 0 || i % 2 == 1)
                fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
        }
        check_hello("v1");
        stop();
    }
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

static void after_a_retry_the_keys_change(void **state)
{
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 16384);
    put_client_hello(&hello, 0);
    put_crypto(&frames, 0, bytes_part(buffer_bytes(&hello), 0, 50));
    put_initial(&datagram, 1, cid_first, cid_first, 0, &frames, 1000);
    start();
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
    buffer_clear(&datagram);
    buffer_clear(&frames);
    put_crypto(&frames, 0, buffer_bytes(&hello));
    put_initial(&datagram, 1, cid_other, cid_other, 1, &frames, 500);
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
    check_hello("v1");
    stop();
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

static void a_part_gives_the_name_and_no_fingerprint(void **state)
{
    struct buffer hello, frames, datagram;
    size_t named = 0;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 16384);
    put_client_hello(&hello, 0);
    for (size_t len = 1; len < hello.len; len++) {
        buffer_clear(&datagram);
        buffer_clear(&frames);
        put_crypto(&frames, 0, bytes_part(buffer_bytes(&hello), 0, len));
        put_initial(&datagram, 1, cid_first, cid_first, 0, &frames, 500);
        start();
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
        fake_end(&fake);
        assert_false(text_known(fake.c.row.tls_ja3));
        assert_false(text_known(fake.c.row.tls_ja4));
        named += text_known(fake.c.row.tls_sni);
        fake_done(&fake);
        kept_facts_done(&kept);
    }
    assert_true(named > 100);
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

static void cut_and_flipped_packets_stay_shut(void **state)
{
    struct buffer hello, frames, datagram;

    (void)state;
    buffer_init(&hello, 8192);
    buffer_init(&frames, 8192);
    buffer_init(&datagram, 16384);
    put_client_hello(&hello, 0);
    put_crypto(&frames, 0, buffer_bytes(&hello));
    put_initial(&datagram, 1, cid_first, cid_first, 0, &frames, 20);
    for (size_t len = 0; len < datagram.len; len++) {
        start();
        fake_datagram(&fake, DIRECTION_OUT, bytes_part(buffer_bytes(&datagram), 0, len));
        assert_false(text_known(fake.c.row.tls_sni));
        stop();
    }
    for (size_t bit = 0; bit < datagram.len * 8; bit++) {
        datagram.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        start();
        fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&datagram));
        assert_false(text_known(fake.c.row.tls_sni));
        stop();
        datagram.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buffer_done(&hello);
    buffer_done(&frames);
    buffer_done(&datagram);
}

static void googles_own_versions_are_named(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 8192);
    put_text(&b, "\x0d" "12345678" "Q043" "\x01" "123456789012" "\xa0\x01\x04" "CHLO");
    buffer_add(&b, "\2\0\0\0" "PAD\0" "\3\0\0\0" "SNI\0" "\x10\0\0\0" "---" "drone.example", 4 + 16 + 3 + 13);
    start();
    fake_datagram(&fake, DIRECTION_OUT, buffer_bytes(&b));
    assert_text_equal(fake.c.row.quic_version, "Q043");
    assert_text_equal(fake.c.row.tls_sni, "drone.example");
    assert_text_equal(fake.c.row.host_source, "quic_sni");
    stop();
    for (size_t len = 0; len < b.len; len++) {
        start();
        fake_datagram(&fake, DIRECTION_OUT, bytes_part(buffer_bytes(&b), 0, len));
        assert_false(text_known(fake.c.row.tls_sni));
        stop();
    }
    buffer_done(&b);
}

static void negotiation_is_told_by_its_list(void **state)
{
    static const uint8_t negotiation[] = { 0xff, 0, 0, 0, 0, 1, 0xaa, 1, 0xbb, 0x1a, 0x2a, 0x3a, 0x4a, 0, 0, 0, 1 };
    struct bytes in = exact_copy(negotiation, sizeof negotiation);
    struct conversation c = { .from_start = true };

    (void)state;
    assert_int_equal(quic_protocol.recognise_datagram(&c, DIRECTION_IN, in), RECOGNISED_YES);
    assert_int_equal(quic_protocol.recognise_datagram(&c, DIRECTION_IN, bytes_part(in, 0, 13)), RECOGNISED_NO);
    c.row.dst_port = 443; /* may be the middle of a connection */
    assert_int_equal(quic_protocol.recognise_datagram(&c, DIRECTION_IN, bytes_part(in, 0, 13)), RECOGNISED_MAYBE);
    exact_copy_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_as_published),
        cmocka_unit_test(mac_as_published),
        cmocka_unit_test(every_version_is_opened),
        cmocka_unit_test(googles_with_tls_are_opened),
        cmocka_unit_test(unknown_versions_are_tried),
        cmocka_unit_test(pieces_in_any_order),
        cmocka_unit_test(after_a_retry_the_keys_change),
        cmocka_unit_test(a_part_gives_the_name_and_no_fingerprint),
        cmocka_unit_test(cut_and_flipped_packets_stay_shut),
        cmocka_unit_test(googles_own_versions_are_named),
        cmocka_unit_test(negotiation_is_told_by_its_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
