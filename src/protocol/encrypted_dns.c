#include "protocol/encrypted_dns.h"

#include "protocol/rows.h"

enum { PORT_ENCRYPTED_DNS = 853 };

/* Each resolver's own documentation names its host; what stands in front of these, on a label boundary, is theirs
 * too. */
static const struct text resolvers[] = {
    TEXT_INIT("dns.google"), TEXT_INIT("dns64.dns.google"), TEXT_INIT("cloudflare-dns.com"), TEXT_INIT("one.one.one.one"),
    TEXT_INIT("dns.quad9.net"), TEXT_INIT("dns9.quad9.net"), TEXT_INIT("dns10.quad9.net"), TEXT_INIT("dns11.quad9.net"),
    TEXT_INIT("doh.opendns.com"), TEXT_INIT("doh.umbrella.com"), TEXT_INIT("dns.adguard.com"), TEXT_INIT("dns.adguard-dns.com"),
    TEXT_INIT("doh.cleanbrowsing.org"), TEXT_INIT("dns.nextdns.io"), TEXT_INIT("doh.dns.apple.com"), TEXT_INIT("dns.mullvad.net"),
    TEXT_INIT("doh.dns.sb"), TEXT_INIT("dns.alidns.com"), TEXT_INIT("doh.pub"), TEXT_INIT("dns.pub"), TEXT_INIT("doh.360.cn"),
    TEXT_INIT("dns.twnic.tw"), TEXT_INIT("dns.switch.ch"), TEXT_INIT("doh.libredns.gr"), TEXT_INIT("doh.xfinity.com"),
};

static bool is_resolver(struct text name)
{
    for (size_t i = 0; i < sizeof resolvers / sizeof *resolvers; i++) {
        const struct text r = resolvers[i];
        if (name.len < r.len || !text_equal_ignoring_case((struct text){ name.at + name.len - r.len, r.len }, r))
            continue;
        if (name.len == r.len || name.at[name.len - r.len - 1] == '.')
            return true;
    }
    return false;
}

static bool offers(const struct conversation *c, struct text protocol)
{
    for (size_t i = 0; i < c->row.tls_alpn.count; i++)
        if (text_equal(c->row.tls_alpn.items[i], protocol))
            return true;
    return false;
}

void encrypted_dns_met(struct conversation *c, bool over_quic)
{
    /* Inside a proxy's tunnel or behind STARTTLS the conversation keeps its outer name. */
    if (!text_equal(c->row.service, over_quic ? TEXT("quic") : TEXT("tls")))
        return;
    const bool by_port = on_port(c, PORT_ENCRYPTED_DNS);
    if (over_quic && (by_port || offers(c, TEXT("doq"))))
        c->row.service = TEXT("doq");
    else if (!over_quic && (by_port || offers(c, TEXT("dot"))))
        c->row.service = TEXT("dot");
    else if (text_known(c->row.tls_sni) && is_resolver(c->row.tls_sni))
        c->row.service = TEXT("doh");
}
