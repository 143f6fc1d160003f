#include "host/firewall.h"
#include "host/nft_scan.h"

#include <string.h>

/* `nft list ruleset`, and the files of the same language (nft(8), sections TABLES, CHAINS,
 * RULES; EXPRESSIONS for the matches):
 *
 *   table inet filter {
 *       set allowed { type ipv4_addr; elements = { ... } }
 *       chain forward {
 *           type filter hook forward priority filter; policy drop;
 *           iifname "wlan0" ip daddr 192.0.2.10 tcp dport 443 accept comment "..."
 *       }
 *   }
 *
 * Chains of the types nat and route decide nothing here.  A set's content is not looked at:
 * a rule that names one is narrow. */

enum { RULE_WORDS_MAX = 256, VMAP_ELEMENTS_MAX = 64 };

bool nftables_recognise(const struct host_head *head)
{
    static const char *const families[] = { "ip", "ip6", "inet", "arp", "bridge", "netdev" };

    for (size_t i = 0; i < head->count && !head->utf16; i++) {
        struct text t = head->lines[i];
        if (text_starts_with(t, TEXT("#")) || text_equal(t, TEXT("flush ruleset")))
            continue;
        if (!text_equal(line_word(&t), TEXT("table")))
            return false;
        const struct text family = line_word(&t);
        for (size_t k = 0; k < sizeof families / sizeof *families; k++)
            if (text_equal(family, text_of(families[k])))
                return memchr(head->lines[i].at, '{', head->lines[i].len) != NULL;
        return false;
    }
    return false;
}

/* A rule's words, read from left to right. */
struct words {
    struct nft_token items[RULE_WORDS_MAX];
    size_t count, next;
};

static struct text peek(const struct words *w)
{
    return w->next < w->count ? w->items[w->next].text : TEXT("");
}

static struct text take_word(struct words *w)
{
    return w->next < w->count ? w->items[w->next++].text : TEXT("");
}

static bool take_if(struct words *w, const char *word)
{
    if (w->next >= w->count || w->items[w->next].kind != NFT_WORD || !text_equal(peek(w), text_of(word)))
        return false;
    w->next++;
    return true;
}

/* The value of a match: after "!=" it is everything else.  Groups came as one word; a list
 * outside of one is "a, b, c". */
static struct text take_value(struct words *w, bool *negated)
{
    *negated = take_if(w, "!=");
    (void)take_if(w, "==");
    const struct nft_token *first = &w->items[w->next], *last = first;
    const struct text value = take_word(w);
    while (value.len > 0 && last->at.len > 0 && last->at.at[last->at.len - 1] == ',' && w->next < w->count)
        last = &w->items[w->next++];
    if (last == first)
        return value;
    return (struct text){ .at = (const char *)first->at.at,
                          .len = (size_t)(last->at.at + last->at.len - first->at.at) };
}

struct reader {
    struct firewall firewall;
    struct text table;
    unsigned families;
    struct firewall_chain *chain;
};

static void narrow(struct firewall_rule *rule, enum firewall_width width)
{
    if (rule->width != FIREWALL_NARROW)
        rule->width = width;
}

static bool names_new(struct text states)
{
    for (size_t i = 0; i + 3 <= states.len; i++)
        if (memcmp(states.at + i, "new", 3) == 0)
            return true;
    return false;
}

static void match_destination(struct firewall_rule *rule, struct words *w, unsigned families)
{
    bool negated;
    const struct text value = take_value(w, &negated);

    rule->families = families;
    if (negated || firewall_is_wide_network(value)) {
        rule->partial = true;
        return;
    }
    rule->destination = line_trim(value);
    narrow(rule, FIREWALL_NARROW);
}

static void match_port(struct reader *r, struct firewall_rule *rule, struct words *w, struct text protocol)
{
    bool negated;
    const struct text value = line_trim(take_value(w, &negated));

    if (negated || firewall_is_wide_port(value)) {
        rule->partial = true;
        return;
    }
    rule->port = arena_printf(r->firewall.host->reading->arena, "%.*s/%.*s", (int)protocol.len, protocol.at,
                              (int)(value.len < 160 ? value.len : 160), value.at);
    narrow(rule, FIREWALL_NARROW);
}

static void match_interface(struct firewall_rule *rule, struct text *into, struct words *w)
{
    bool negated;
    const struct text value = take_value(w, &negated);

    if (negated)
        narrow(rule, FIREWALL_UNSURE);
    else
        *into = line_trim(value);
}

/* "meta X value", "ct X value"; ct state may be a map to verdicts, which is about replies. */
static void match_meta(struct firewall_rule *rule, struct words *w)
{
    bool negated;

    if (take_if(w, "iifname") || take_if(w, "iif")) {
        match_interface(rule, &rule->in, w);
    } else if (take_if(w, "oifname") || take_if(w, "oif")) {
        match_interface(rule, &rule->out, w);
    } else if (take_if(w, "nfproto")) {
        const struct text family = take_value(w, &negated);
        if (negated || !(text_equal(family, TEXT("ipv4")) || text_equal(family, TEXT("ipv6"))))
            narrow(rule, FIREWALL_UNSURE);
        else
            rule->families = text_equal(family, TEXT("ipv4")) ? FIREWALL_IPV4 : FIREWALL_IPV6;
    } else if (take_if(w, "l4proto")) {
        rule->partial = true;
        (void)take_value(w, &negated);
    } else if (take_if(w, "skuid") || take_if(w, "skgid") || take_if(w, "mark") || take_if(w, "cgroup")) {
        if (take_if(w, "set")) {
            (void)take_word(w);
            return;
        }
        (void)take_value(w, &negated);
        narrow(rule, negated ? FIREWALL_UNSURE : FIREWALL_NARROW);
    } else {
        narrow(rule, FIREWALL_UNSURE);
    }
}

static void match_ct(struct firewall_rule *rule, struct words *w)
{
    bool negated;

    if (take_if(w, "state")) {
        if (take_if(w, "vmap")) {
            const struct text map = take_word(w);
            rule->replies = !names_new(map);
            if (!rule->replies)
                narrow(rule, FIREWALL_UNSURE);
            return;
        }
        const struct text states = take_value(w, &negated);
        if (negated)
            narrow(rule, FIREWALL_UNSURE);
        else
            rule->replies = !names_new(states);
    } else if (take_if(w, "status") || take_if(w, "mark")) {
        (void)take_value(w, &negated);
        narrow(rule, negated ? FIREWALL_UNSURE : FIREWALL_NARROW);
    } else {
        narrow(rule, FIREWALL_UNSURE);
    }
}

static void match_ip(struct firewall_rule *rule, struct words *w, unsigned families)
{
    bool negated;

    if (take_if(w, "daddr")) {
        match_destination(rule, w, families);
    } else if (take_if(w, "saddr")) {
        rule->families = families;
        rule->source = !firewall_is_wide_network(take_value(w, &negated)) || negated;
    } else if (take_if(w, "protocol") || take_if(w, "nexthdr")) {
        rule->families = families;
        rule->partial = true;
        (void)take_value(w, &negated);
    } else {
        narrow(rule, FIREWALL_UNSURE);
    }
}

/* Statements that change or note a packet, which then goes on. */
static bool skip_statement(struct words *w)
{
    if (take_if(w, "counter")) {
        if (take_if(w, "packets"))
            (void)take_word(w);
        if (take_if(w, "bytes"))
            (void)take_word(w);
        return true;
    }
    if (take_if(w, "comment") || take_if(w, "prefix") || take_if(w, "level") || take_if(w, "group")) {
        (void)take_word(w);
        return true;
    }
    if (take_if(w, "flags")) {
        (void)take_word(w);
        return true;
    }
    return take_if(w, "log");
}

static void reject_with(struct firewall_rule *rule, struct words *w)
{
    if (take_if(w, "icmp"))
        rule->families = FIREWALL_IPV4;
    else if (take_if(w, "icmpv6"))
        rule->families = FIREWALL_IPV6;
    else if (take_if(w, "tcp"))
        rule->partial = true;
    (void)take_if(w, "icmpx");
    (void)take_if(w, "type");
    (void)take_word(w); /* port-unreachable, reset ... */
}

static bool take_verdict(struct firewall_rule *rule, struct words *w)
{
    if (take_if(w, "accept")) {
        rule->verdict = FIREWALL_ACCEPT;
    } else if (take_if(w, "drop") || take_if(w, "reject")) {
        rule->verdict = FIREWALL_DENY;
        if (take_if(w, "with")) /* the way of refusing says what it is for: nft leaves the condition out */
            reject_with(rule, w);
    } else if (take_if(w, "return")) {
        rule->verdict = FIREWALL_RETURN;
    } else if (take_if(w, "jump")) {
        rule->verdict = FIREWALL_JUMP;
        rule->target = take_word(w);
    } else if (take_if(w, "goto")) {
        rule->verdict = FIREWALL_GOTO;
        rule->target = take_word(w);
    } else if (take_if(w, "queue") || take_if(w, "vmap")) {
        rule->verdict = FIREWALL_JUMP; /* to what this reader does not see: no answer */
        rule->target = TEXT("");
        (void)take_word(w);
    } else {
        return false;
    }
    return true;
}

static void read_expressions(struct reader *r, struct firewall_rule *rule, struct words *w)
{
    static const char *const protocols[] = { "tcp", "udp", "th", "sctp", "dccp", "udplite" };
    bool negated;

    while (w->next < w->count) {
        const size_t before = w->next;
        if (take_verdict(rule, w) || skip_statement(w))
            continue;
        if (take_if(w, "iifname") || take_if(w, "iif")) {
            match_interface(rule, &rule->in, w);
        } else if (take_if(w, "oifname") || take_if(w, "oif")) {
            match_interface(rule, &rule->out, w);
        } else if (take_if(w, "meta")) {
            match_meta(rule, w);
        } else if (take_if(w, "ct")) {
            match_ct(rule, w);
        } else if (take_if(w, "ip")) {
            match_ip(rule, w, FIREWALL_IPV4);
        } else if (take_if(w, "ip6")) {
            match_ip(rule, w, FIREWALL_IPV6);
        } else if (take_if(w, "icmp") || take_if(w, "icmpv6") || take_if(w, "fib")) {
            /* one protocol without ports, or addresses of the host itself */
            while (w->next < w->count && !text_equal(peek(w), TEXT("type")) && !text_equal(peek(w), TEXT("code")))
                w->next++;
            w->next += w->next < w->count;
            (void)take_value(w, &negated);
            narrow(rule, negated ? FIREWALL_UNSURE : FIREWALL_NARROW);
        } else if (take_if(w, "limit")) {
            rule->partial = true; /* limit rate [over] N/UNIT [burst N packets] */
            while (w->next < w->count && !memchr(peek(w).at, '/', peek(w).len))
                w->next++;
            w->next += w->next < w->count;
            if (take_if(w, "burst"))
                w->next += w->next + 2 <= w->count ? 2 : 0;
        }
        for (size_t i = 0; i < sizeof protocols / sizeof *protocols && w->next == before; i++)
            if (take_if(w, protocols[i])) {
                if (take_if(w, "dport"))
                    match_port(r, rule, w, text_of(protocols[i]));
                else
                    narrow(rule, FIREWALL_UNSURE);
            }
        if (w->next == before) {
            narrow(rule, FIREWALL_UNSURE);
            w->next++;
        }
    }
}

/* "iifname vmap { "lo" : accept, "br-lan" : jump lan }": a rule for each. */
static bool read_interface_map(struct reader *r, struct words *w, struct bytes at)
{
    struct words one = { .count = 0 };
    size_t elements = 0;

    if (w->count < 3 || !text_equal(w->items[1].text, TEXT("vmap")) || !text_equal(w->items[0].text, TEXT("iifname")))
        return false;
    struct nft_scan s = { .rest = { .at = (const uint8_t *)w->items[2].text.at, .len = w->items[2].text.len } };
    one.items[0] = w->items[0];
    one.count = 1;
    for (;;) {
        struct nft_token t = nft_scan_next(&s);
        bool last = t.kind == NFT_END, end = last;
        if (t.kind == NFT_WORD && t.text.len > 0 && t.text.at[t.text.len - 1] == ',') {
            t.text.len--;
            end = true;
        }
        if (!last && t.text.len > 0 && !text_equal(t.text, TEXT(":")) && one.count < RULE_WORDS_MAX)
            one.items[one.count++] = t;
        if (end && one.count > 1) {
            struct firewall_rule *rule =
                ++elements <= VMAP_ELEMENTS_MAX ? firewall_rule_add(&r->firewall, r->chain, at) : NULL;
            if (!rule) {
                r->firewall.incomplete = true;
                return true;
            }
            one.next = 0;
            read_expressions(r, rule, &one);
            one.count = 1;
        }
        if (last)
            return true;
    }
}

/* "type filter hook forward priority filter; policy drop;" comes as two statements. */
static bool read_chain_head(struct reader *r, struct words *w)
{
    static const struct { const char *name; enum firewall_hook hook; } hooks[] = {
        { "input", FIREWALL_INPUT }, { "forward", FIREWALL_FORWARD }, { "output", FIREWALL_OUTPUT },
    };

    if (take_if(w, "policy")) {
        r->chain->policy = take_if(w, "drop") ? FIREWALL_DENY : FIREWALL_ACCEPT;
        return true;
    }
    if (!take_if(w, "type"))
        return false;
    const bool filter = take_if(w, "filter");
    while (w->next < w->count && !take_if(w, "hook"))
        w->next++;
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks && filter; i++)
        if (text_equal(peek(w), text_of(hooks[i].name))) {
            r->chain->hook = hooks[i].hook;
            r->chain->policy = FIREWALL_ACCEPT; /* nft(8): the default */
        }
    return true;
}

static void read_statement(struct reader *r, struct words *w)
{
    if (w->count == 0 || take_if(w, "comment") || read_chain_head(r, w))
        return;
    const struct bytes first = w->items[0].at, last = w->items[w->count - 1].at;
    const struct bytes at = { .at = first.at, .len = last.origin + last.len - first.origin, .origin = first.origin };
    if (read_interface_map(r, w, at))
        return;
    struct firewall_rule *rule = firewall_rule_add(&r->firewall, r->chain, at);
    if (rule)
        read_expressions(r, rule, w);
}

static void read_chain(struct reader *r, struct bytes body)
{
    struct words w = { .count = 0 };
    struct nft_scan s = { .rest = body };

    for (;;) {
        struct nft_token t = nft_scan_next(&s);
        if (t.kind == NFT_OPEN) {
            t.kind = NFT_WORD;
            const struct bytes group = nft_scan_group(&s);
            t.text = text_of_bytes(group);
            t.at.len += group.len;
        }
        if (t.kind == NFT_BREAK || t.kind == NFT_END || t.kind == NFT_CLOSE) {
            read_statement(r, &w);
            w.count = w.next = 0;
            if (t.kind == NFT_END)
                return;
        } else if (w.count < RULE_WORDS_MAX) {
            w.items[w.count++] = t;
        } else {
            r->firewall.incomplete = true;
        }
    }
}

/* Chains, sets, maps and so on: "KIND NAME { ... }". */
static void read_table(struct reader *r, struct bytes body)
{
    struct nft_scan s = { .rest = body };
    struct text kind = TEXT(""), name = TEXT("");

    for (struct nft_token t; (t = nft_scan_next(&s)).kind != NFT_END; ) {
        if (t.kind == NFT_OPEN) {
            const struct bytes group = nft_scan_group(&s);
            if (text_equal(kind, TEXT("chain")) && r->families) {
                r->chain = firewall_chain_add(&r->firewall, r->table, name, r->families, t.at);
                if (!r->chain)
                    return;
                read_chain(r, group);
            }
        }
        if (t.kind == NFT_WORD || t.kind == NFT_TEXT) {
            if (kind.len == 0)
                kind = t.text;
            else
                name = t.text;
        } else {
            kind = name = TEXT("");
        }
    }
}

enum parse_status nftables_read(struct host *h, struct bytes part)
{
    struct reader r = { .firewall = { .host = h, .tool = "nftables" } };
    struct nft_scan s = { .rest = part };
    struct text words[3];
    size_t count = 0;

    for (struct nft_token t; (t = nft_scan_next(&s)).kind != NFT_END; ) {
        if (t.kind == NFT_WORD || t.kind == NFT_TEXT) {
            if (count < 3)
                words[count++] = t.text;
            continue;
        }
        if (t.kind == NFT_OPEN) {
            const struct bytes group = nft_scan_group(&s);
            if (s.broken)
                break;
            if (count >= 2 && text_equal(words[0], TEXT("table"))) {
                const struct text family = count == 3 ? words[1] : TEXT("ip"), name = words[count - 1];
                r.families = text_equal(family, TEXT("ip"))     ? FIREWALL_IPV4
                             : text_equal(family, TEXT("ip6"))  ? FIREWALL_IPV6
                             : text_equal(family, TEXT("inet")) ? FIREWALL_IPV4 | FIREWALL_IPV6
                                                                : 0;
                r.table = arena_printf(h->reading->arena, "%.*s %.*s", (int)(family.len < 16 ? family.len : 16),
                                       family.at, (int)(name.len < 128 ? name.len : 128), name.at);
                read_table(&r, group);
            }
        }
        count = 0;
    }
    if (s.broken) {
        reading_damage(h->reading, part.origin + part.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the rules end inside a block: nothing is said about what they do");
        return PARSE_OK;
    }
    firewall_put(&r.firewall);
    return PARSE_OK;
}
