#include "stage.h"

#include "protocol/encrypted_dns.h"

static void named_by_port_protocol_and_host(void **state)
{
    static const struct { const char *service; int64_t port; const char *alpn, *sni; const char *want; } rows[] = {
        { "tls", 853, NULL, NULL, "dot" }, { "tls", 443, "dot", NULL, "dot" }, { "tls", 443, "h2", "dns.google", "doh" },
        { "tls", 443, "h2", "mozilla.cloudflare-dns.com", "doh" }, { "tls", 443, "h2", "DNS.Google", "doh" },
        { "tls", 443, "h2", "notdns.google", "tls" }, { "tls", 443, "h2", "dns.google.example", "tls" }, { "tls", 443, NULL, NULL, "tls" },
        { "quic", 853, NULL, NULL, "doq" }, { "quic", 8853, "doq", NULL, "doq" }, { "quic", 443, "h3", "dns.google", "doh" },
        { "quic", 443, "h3", "example.org", "quic" }, { "smtp", 853, NULL, "dns.google", "smtp" }, { "http", 853, "dot", NULL, "http" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct text alpn = text_of(rows[i].alpn);
        struct conversation c = { .from_start = true };
        fact_init(FACT_FLOW, &c.row);
        c.row.service = text_of(rows[i].service);
        c.row.dst_port = rows[i].port;
        c.row.tls_sni = text_of(rows[i].sni);
        if (rows[i].alpn)
            c.row.tls_alpn = (struct text_list){ &alpn, 1 };
        encrypted_dns_met(&c, rows[i].service[0] == 'q');
        if (!text_equal(c.row.service, text_of(rows[i].want)))
            fail_msg("row %zu: %.*s", i, (int)c.row.service.len, c.row.service.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(named_by_port_protocol_and_host) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
