#include "protocol/tls_handshake.h"

#include <string.h>

#include "base/hash.h"
#include "protocol/certificate.h"
#include "protocol/encrypted_dns.h"
#include "protocol/fingerprint.h"
#include "protocol/rows.h"

static void client_hello_met(struct tls_handshake *h, struct conversation *c, enum direction d, char transport,
                             struct bytes body, bool whole)
{
    struct tls_client_hello hello;
    char ja3[JA3_TEXT_LEN], ja4[JA4_TEXT_LEN];

    if (h->client_hello_seen)
        return;
    h->client_hello_seen = true;
    const enum parse_status status = tls_client_hello_parse(body, &hello);
    if (hello.session_id.len > 0 && hello.session_id.len <= TLS_SESSION_ID_MAX) {
        h->session_id_len = (uint8_t)hello.session_id.len;
        memcpy(h->session_id, hello.session_id.at, hello.session_id.len);
    }
    c->row.tls_sni = arena_text(c->arena, hello.server_name);
    c->row.tls_alpn = tls_alpn_list(hello.alpn, c->arena);
    if (hello.has_encrypted_client_hello)
        c->row.tls_ech = TEXT("offered");
    /* Of a connection that came in the name is that of the side under test. */
    if (text_known(c->row.tls_sni) && d == DIRECTION_OUT)
        conversation_host(c, c->row.tls_sni, "sni");
    if (transport == 't')
        encrypted_dns_met(c, false);
    if (status != PARSE_OK || !whole)
        return;
    if (transport == 't') /* JA3 was defined for TLS over TCP */
        c->row.tls_ja3 = arena_text(c->arena, ja3_of(&hello, ja3));
    c->row.tls_ja4 = arena_text(c->arena, ja4_of(&hello, transport, ja4));
}

/* RFC 8446, 4.1.3: a ServerHello with this "random" is a HelloRetryRequest. */
static const uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

enum { TLS_1_3 = 0x0304, DTLS_FIRST = 0xfe00, DTLS_1_3 = 0xfefc };

static void server_hello_met(struct tls_handshake *h, struct conversation *c, enum direction d, struct bytes body)
{
    struct cursor at = cursor_over(body);
    struct bytes data;
    uint16_t type;

    uint16_t version = cursor_u16be(&at);
    const struct bytes random = cursor_take(&at, sizeof retry_random);
    if (at.failed)
        return;
    /* Drafts of TLS 1.3 before 22 wrote 0x7fNN and had no session id and no compression. */
    const bool early_draft = version >= TLS_1_3 && version < DTLS_FIRST;
    const struct bytes session_id = early_draft ? (struct bytes){ .len = 0 } : cursor_take(&at, cursor_u8(&at));
    bool psk = false;
    const uint16_t cipher = cursor_u16be(&at);
    if (!early_draft)
        cursor_skip(&at, 1);
    const bool has_cipher = !at.failed;
    struct cursor walk = cursor_over(cursor_take(&at, cursor_u16be(&at)));
    while (tls_extension_next(&walk, &type, &data)) {
        if (type == TLS_SUPPORTED_VERSIONS && data.len == 2)
            version = (uint16_t)(data.at[0] << 8 | data.at[1]);
        psk |= type == TLS_PRE_SHARED_KEY;
    }
    h->server = d;
    h->retry |= bytes_equal(random, retry_random, sizeof retry_random);
    h->tls13 |= (version >= TLS_1_3 && version < DTLS_FIRST) || version == DTLS_1_3;
    /* In TLS 1.3 the session id is for show only (RFC 8446, D.4). */
    if (h->tls13 ? psk : session_id.len > 0 && bytes_equal(session_id, h->session_id, h->session_id_len))
        c->row.tls_resumption = h->tls13 ? TEXT("psk") : TEXT("session");
    if (h->server_hello_seen)
        return;
    h->server_hello_seen = true;
    c->row.tls_version = tls_version_text(version, c->arena);
    if (has_cipher)
        c->row.tls_cipher = tls_cipher_text(cipher, c->arena);
}

static void certificate_row(struct conversation *c, const struct certificate *certificate, bool by_server,
                            int64_t place)
{
    struct fact_certificate row;
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];

    sha256_of(certificate->whole, digest);
    hash_hex(digest, sizeof digest, hex);
    fact_init(FACT_CERTIFICATE, &row);
    row.head.origin = origin_of(c, certificate->whole);
    row.flow = c->flow;
    row.shown_by = by_server ? TEXT("server") : TEXT("client");
    row.place = place;
    row.subject = certificate->subject;
    row.issuer = certificate->issuer;
    row.names = certificate->names;
    row.not_before = certificate->not_before_utc_ns;
    row.not_after = certificate->not_after_utc_ns;
    row.serial = certificate->serial;
    row.sha256 = (struct text){ hex, sizeof hex };
    fact_put(c->reading->facts, FACT_CERTIFICATE, &row);
}

/* RFC 5246, 7.4.2: the side's own certificate first.  What was cut off at the end is left out. */
static void certificates_met(struct tls_handshake *h, struct conversation *c, enum direction d, struct bytes body)
{
    enum { CHAIN_MAX = 16, TEXTS_MAX = 256 * 1024 };
    struct cursor at = cursor_over(body);
    struct certificate certificate;

    if (h->certificate_seen[d] || !h->server_hello_seen || h->tls13)
        return;
    h->certificate_seen[d] = true;
    cursor_skip(&at, 3); /* length of the list */
    struct arena *texts = arena_new_small(TEXTS_MAX);
    for (int64_t place = 1; place <= CHAIN_MAX && at.rest.len > 0; place++) {
        const struct bytes der = cursor_take(&at, cursor_u24be(&at));
        if (at.failed)
            break;
        if (certificate_parse(der, texts, &certificate) != PARSE_OK)
            continue;
        certificate_row(c, &certificate, d == h->server, place);
        if (place > 1 || d != h->server)
            continue;
        c->row.tls_issuer = arena_text(c->arena, certificate.issuer);
        c->row.tls_subject = arena_text(c->arena, certificate.subject);
        if (text_known(certificate.host) && d == DIRECTION_IN)
            conversation_host(c, arena_text(c->arena, certificate.host), "certificate");
    }
    arena_free(texts);
}

/* RFC 8446, B.2, and what older versions had. */
static const struct { uint8_t description; const char *name; } alerts[] = {
    { 10, "unexpected_message" }, { 20, "bad_record_mac" }, { 21, "decryption_failed" }, { 22, "record_overflow" },
    { 30, "decompression_failure" }, { 40, "handshake_failure" }, { 41, "no_certificate" }, { 42, "bad_certificate" },
    { 43, "unsupported_certificate" }, { 44, "certificate_revoked" }, { 45, "certificate_expired" },
    { 46, "certificate_unknown" }, { 47, "illegal_parameter" }, { 48, "unknown_ca" }, { 49, "access_denied" },
    { 50, "decode_error" }, { 51, "decrypt_error" }, { 60, "export_restriction" }, { 70, "protocol_version" },
    { 71, "insufficient_security" }, { 80, "internal_error" }, { 86, "inappropriate_fallback" },
    { 109, "missing_extension" }, { 110, "unsupported_extension" }, { 111, "certificate_unobtainable" },
    { 112, "unrecognized_name" }, { 113, "bad_certificate_status_response" }, { 114, "bad_certificate_hash_value" },
    { 115, "unknown_psk_identity" }, { 116, "certificate_required" }, { 120, "no_application_protocol" },
    { 121, "ech_required" },
};

void tls_alert_met(struct conversation *c, enum direction d, struct bytes alert)
{
    enum { ALERT_BYTES = 2, FATAL = 2 };
    const char *sender = d == c->client ? "client" : "server";

    if (alert.len != ALERT_BYTES || alert.at[0] != FATAL || text_known(c->row.tls_alert))
        return;
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
        if (alerts[i].description == alert.at[1]) {
            c->row.tls_alert = arena_printf(c->arena, "%s: %s", sender, alerts[i].name);
            return;
        }
    c->row.tls_alert = arena_printf(c->arena, "%s: %u", sender, alert.at[1]);
}

bool tls_handshake_wanted(uint8_t type)
{
    return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || type == TLS_CERTIFICATE;
}

void tls_handshake_message(struct tls_handshake *h, struct conversation *c, enum direction d, char transport,
                           uint8_t type, struct bytes body, bool whole)
{
    if (type == TLS_CLIENT_HELLO)
        client_hello_met(h, c, d, transport, body, whole);
    else if (type == TLS_SERVER_HELLO)
        server_hello_met(h, c, d, body);
    else if (type == TLS_HELLO_RETRY_REQUEST)
        h->retry = true;
    else if (type == TLS_CERTIFICATE)
        certificates_met(h, c, d, body);
}
