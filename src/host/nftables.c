#include "host/firewall.h"

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

/* Words, "texts" without their quotes, whole "{ ... }" groups, and statement ends. */
enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_BREAK };

struct token {
    enum token_kind kind;
    struct text text;
    struct bytes at;
};

struct scan {
    struct bytes rest;
    bool broken;        /* a text or group that does not end */
};

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

static struct bytes take(struct scan *s, size_t n)
{
    const struct bytes taken = bytes_part(s->rest, 0, n);

    s->rest = bytes_part(s->rest, n, UINT64_MAX);
    return taken;
}

/* How far the text in quotes that begins at `i` reaches; len when it does not end. */
static size_t quoted_end(struct bytes b, size_t i)
{
    const uint8_t *end = i + 1 < b.len ? memchr(b.at + i + 1, '"', b.len - i - 1) : NULL;

    return end ? (size_t)(end - b.at) + 1 : b.len;
}

static struct token next_token(struct scan *s)
{
    struct token t = { .kind = TOKEN_WORD };
    size_t n = 0;

    while (s->rest.len > 0 && memchr(" \t\r#\\", *s->rest.at, 5)) {
        const uint8_t *end = s->rest.at + 1;
        if (*s->rest.at == '#')
            end = memchr(s->rest.at, '\n', s->rest.len);
        else if (*s->rest.at == '\\' && !bytes_start_with(s->rest, "\\\n", 2))
            break;
        else if (*s->rest.at == '\\') /* the line goes on */
            end++;
        take(s, end ? (size_t)(end - s->rest.at) : s->rest.len);
    }
    if (s->rest.len == 0) {
        t.kind = TOKEN_END;
        t.at = s->rest;
        return t;
    }
    const uint8_t c = *s->rest.at;
    if (memchr("{}\n;", c, 4)) {
        t.kind = c == '{' ? TOKEN_OPEN : c == '}' ? TOKEN_CLOSE : TOKEN_BREAK;
        t.at = take(s, 1);
    } else if (c == '"') {
        t.kind = TOKEN_TEXT;
        n = quoted_end(s->rest, 0);
        if (n == s->rest.len && (n < 2 || s->rest.at[n - 1] != '"'))
            s->broken = true;
        t.at = take(s, n);
        t.text = text_of_bytes(bytes_part(t.at, 1, n > 2 ? n - 2 : 0));
    } else {
        while (n < s->rest.len && !memchr(" \t\r\n;{}\"", s->rest.at[n], 8))
            n++;
        t.at = take(s, n);
        t.text = text_of_bytes(t.at);
    }
    return t;
}

/* Behind a "{": all to the "}" that closes it, as one view.  Neither comments nor quotes
 * hide a brace from nft, except inside texts. */
static struct bytes take_group(struct scan *s)
{
    size_t n = 0, depth = 1;

    while (n < s->rest.len && depth > 0) {
        const uint8_t c = s->rest.at[n];
        if (c == '"') {
            n = quoted_end(s->rest, n);
            continue;
        }
        depth += c == '{';
        depth -= c == '}';
        n++;
    }
    if (depth > 0) {
        s->broken = true;
        return take(s, n);
    }
    const struct bytes inside = bytes_part(s->rest, 0, n - 1);
    take(s, n);
    return inside;
}

/* A rule's words, read from left to right. */
struct words {
    struct token items[RULE_WORDS_MAX];
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
    if (w->next >= w->count || w->items[w->next].kind != TOKEN_WORD || !text_equal(peek(w), text_of(word)))
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
    const struct token *first = &w->items[w->next], *last = first;
    const struct text value = take_word(w);
    while (value.len > 0 && last->at.len > 0 && last->at.at[last->at.len - 1] == ',' && w->next < w->count)
        last = &w->items[w->next++];
    if (last == first)
        return value;
    return (struct text){ .at = (const char *)first->at.at, .len = (size_t)(last->at.at + last->at.len - first->at.at) };
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
    rule->destination = text_trim(value);
    narrow(rule, FIREWALL_NARROW);
}

static void match_port(struct reader *r, struct firewall_rule *rule, struct words *w, struct text protocol)
{
    bool negated;
    const struct text value = text_trim(take_value(w, &negated));

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
        *into = text_trim(value);
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

static bool take_verdict(struct firewall_rule *rule, struct words *w)
{
    if (take_if(w, "accept")) {
        rule->verdict = FIREWALL_ACCEPT;
    } else if (take_if(w, "drop") || take_if(w, "reject")) {
        rule->verdict = FIREWALL_DENY;
        w->next = w->count; /* "reject with ..." */
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
    struct scan s = { .rest = { .at = (const uint8_t *)w->items[2].text.at, .len = w->items[2].text.len } };
    one.items[0] = w->items[0];
    one.count = 1;
    for (;;) {
        struct token t = next_token(&s);
        bool last = t.kind == TOKEN_END, end = last;
        if (t.kind == TOKEN_WORD && t.text.len > 0 && t.text.at[t.text.len - 1] == ',') {
            t.text.len--;
            end = true;
        }
        if (!last && t.text.len > 0 && !text_equal(t.text, TEXT(":")) && one.count < RULE_WORDS_MAX)
            one.items[one.count++] = t;
        if (end && one.count > 1) {
            struct firewall_rule *rule = ++elements <= VMAP_ELEMENTS_MAX ? firewall_rule_add(&r->firewall, r->chain, at) : NULL;
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
    struct scan s = { .rest = body };

    for (;;) {
        struct token t = next_token(&s);
        if (t.kind == TOKEN_OPEN) {
            t.kind = TOKEN_WORD;
            const struct bytes group = take_group(&s);
            t.text = text_of_bytes(group);
            t.at.len += group.len;
        }
        if (t.kind == TOKEN_BREAK || t.kind == TOKEN_END || t.kind == TOKEN_CLOSE) {
            read_statement(r, &w);
            w.count = w.next = 0;
            if (t.kind == TOKEN_END)
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
    struct scan s = { .rest = body };
    struct text kind = TEXT(""), name = TEXT("");

    for (struct token t; (t = next_token(&s)).kind != TOKEN_END; ) {
        if (t.kind == TOKEN_OPEN) {
            const struct bytes group = take_group(&s);
            if (text_equal(kind, TEXT("chain")) && r->families) {
                r->chain = firewall_chain_add(&r->firewall, r->table, name, r->families, t.at);
                if (!r->chain)
                    return;
                read_chain(r, group);
            }
        }
        if (t.kind == TOKEN_WORD || t.kind == TOKEN_TEXT) {
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
    struct scan s = { .rest = part };
    struct text words[3];
    size_t count = 0;

    for (struct token t; (t = next_token(&s)).kind != TOKEN_END; ) {
        if (t.kind == TOKEN_WORD || t.kind == TOKEN_TEXT) {
            if (count < 3)
                words[count++] = t.text;
            continue;
        }
        if (t.kind == TOKEN_OPEN) {
            const struct bytes group = take_group(&s);
            if (s.broken)
                break;
            if (count >= 2 && text_equal(words[0], TEXT("table"))) {
                const struct text family = count == 3 ? words[1] : TEXT("ip"), name = words[count - 1];
                r.families = text_equal(family, TEXT("ip")) ? FIREWALL_IPV4 : text_equal(family, TEXT("ip6")) ? FIREWALL_IPV6
                           : text_equal(family, TEXT("inet")) ? FIREWALL_IPV4 | FIREWALL_IPV6 : 0;
                r.table = arena_printf(h->reading->arena, "%.*s %.*s", (int)(family.len < 16 ? family.len : 16), family.at,
                                       (int)(name.len < 128 ? name.len : 128), name.at);
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
