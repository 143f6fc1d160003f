#include "host/firewall.h"

#include <string.h>

struct firewall_chain *firewall_chain_find(const struct firewall *f, struct text table, struct text name,
                                           unsigned families)
{
    for (struct firewall_chain *c = f->first; c; c = c->next)
        if (c->families == families && text_equal(c->name, name) && text_equal(c->table, table))
            return c;
    return NULL;
}

static void limit_met(struct firewall *f, struct bytes at, const char *what)
{
    if (!f->incomplete)
        reading_damage(f->host->reading, at.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "too many %s: nothing is said about what the firewall does", what);
    f->incomplete = true;
}

struct firewall_chain *firewall_chain_add(struct firewall *f, struct text table, struct text name, unsigned families,
                                          struct bytes at)
{
    struct firewall_chain *c =
        f->chain_count < FIREWALL_CHAINS_MAX ? arena_alloc(f->host->reading->arena, 1, sizeof *c) : NULL;

    if (!c) {
        limit_met(f, at, "chains");
        return NULL;
    }
    *c = (struct firewall_chain){ .table = table, .name = name, .families = families, .at = at };
    if (f->last)
        f->last->next = c;
    else
        f->first = c;
    f->last = c;
    f->chain_count++;
    return c;
}

struct firewall_rule *firewall_rule_add(struct firewall *f, struct firewall_chain *chain, struct bytes at)
{
    struct firewall_rule *r =
        f->rule_count < FIREWALL_RULES_MAX ? arena_alloc(f->host->reading->arena, 1, sizeof *r) : NULL;

    if (!r) {
        limit_met(f, at, "rules");
        return NULL;
    }
    *r = (struct firewall_rule){ .at = at };
    if (chain->last)
        chain->last->next = r;
    else
        chain->first = r;
    chain->last = r;
    f->rule_count++;
    return r;
}

/* 0.0.0.0/0, but also 0.0.0.0/1 beside 128.0.0.0/1. */
bool firewall_is_wide_network(struct text network)
{
    enum { WIDE_BITS = 7 };
    struct text length;
    int64_t bits;

    return line_cut(network, '/', NULL, &length) && text_to_int(length, 0, WIDE_BITS, &bits);
}

bool firewall_is_wide_port(struct text port)
{
    static const char *const all[] = { "0:65535", "1:65535", "0-65535", "1-65535" };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (text_equal(port, text_of(all[i])))
            return true;
    return false;
}

/* Once, so that following a jump or comparing an interface costs little each time. */
static void prepare_rules(struct firewall *f)
{
    for (struct firewall_chain *chain = f->first; chain; chain = chain->next)
        for (struct firewall_rule *rule = chain->first; rule; rule = rule->next) {
            if (rule->verdict == FIREWALL_JUMP || rule->verdict == FIREWALL_GOTO)
                rule->to = firewall_chain_find(f, chain->table, rule->target, chain->families);
            if (rule->in.len > FIREWALL_SET_MAX) {
                rule->in = TEXT_UNKNOWN;
                rule->width = rule->width == FIREWALL_NARROW ? FIREWALL_NARROW : FIREWALL_UNSURE;
            }
        }
}

enum answer { ANSWER_NONE, ANSWER_ALLOW, ANSWER_DENY, ANSWER_UNKNOWN }; /* NONE: no rule decided */

struct question {
    struct firewall *firewall;
    enum firewall_hook hook;
    unsigned family;
    struct text in;              /* the interface asked about; unknown: all */
    bool list;                   /* puts egress_accept rows */
    bool may_allow, may_deny;    /* met on the way: a rule that does so for some */
    struct text destination, port; /* narrowed by the jumps so far */
};

/* The next name in "wlan0", "{ \"wlan0\", \"wlan1\" }"; empty at the end. */
static struct text next_interface(struct text *list)
{
    size_t n = 0;

    while (list->len > 0 && memchr(" \t,{}\"", *list->at, 6)) {
        list->at++;
        list->len--;
    }
    while (n < list->len && !memchr(" \t,{}\"", list->at[n], 6))
        n++;
    const struct text name = { .at = list->at, .len = n };
    list->at += n;
    list->len -= n;
    return name;
}

/* "wlan0" is in "wlan0", "wlan+" (iptables), "wlan*" (nftables) and in a set with one of these. */
static bool interface_in(struct text name, struct text list)
{
    for (struct text one; (one = next_interface(&list)).len > 0; ) {
        if (text_equal(one, name))
            return true;
        if (one.at[one.len - 1] == '+' || one.at[one.len - 1] == '*') {
            one.len--;
            if (text_starts_with(name, one))
                return true;
        }
    }
    return false;
}

/* The rule as this question sees it; false when it is not about it at all. */
static bool rule_concerns(const struct question *q, const struct firewall_rule *rule, enum firewall_width *ret_width,
                          bool *ret_partial)
{
    *ret_width = rule->width;
    *ret_partial = rule->partial;
    /* From outside, an address says who may come in; from inside, it says who may not go out. */
    if (rule->source && *ret_width == FIREWALL_OPEN)
        *ret_width = q->hook == FIREWALL_INPUT ? FIREWALL_NARROW : FIREWALL_UNSURE;
    if (rule->replies || (rule->families && !(rule->families & q->family)) || text_equal(rule->in, TEXT("lo")))
        return false;
    if (text_known(rule->in)) {
        if (q->hook == FIREWALL_INPUT && rule->verdict != FIREWALL_DENY)
            *ret_width = FIREWALL_NARROW; /* open towards one side is what a gateway is */
        else if (!text_known(q->in))
            *ret_partial = true;
        else if (!interface_in(q->in, rule->in))
            return false;
    }
    if (text_known(rule->out)) {
        if (text_equal(rule->out, TEXT("lo")))
            return false;
        *ret_partial = true;
        if (text_equal(rule->out, rule->in))
            *ret_width = FIREWALL_NARROW; /* from one bridge to itself: nothing goes out */
    }
    return true;
}

static void put_accept(struct question *q, const struct firewall_rule *rule)
{
    struct host *h = q->firewall->host;
    const struct text destination = rule->destination.len ? rule->destination : q->destination;
    const struct text port = rule->port.len ? rule->port : q->port;

    if (!q->list || ++q->firewall->accept_count > FIREWALL_ACCEPTS_MAX)
        return;
    host_setting(h, SETTING_EGRESS_ACCEPT, destination.len ? destination : TEXT("any"),
                 arena_printf(h->reading->arena, "%s %s%s%.*s", q->family == FIREWALL_IPV4 ? "ipv4" : "ipv6",
                              q->hook == FIREWALL_FORWARD ? "forward" : "output", port.len ? " " : "",
                              (int)(port.len < 200 ? port.len : 200), port.len ? port.at : ""), rule->at);
}

static enum answer ask_chain(struct question *q, const struct firewall_chain *chain, int depth);

static enum answer ask_target(struct question *q, const struct firewall_rule *rule, enum firewall_width width,
                              int depth)
{
    const struct question outer = *q;
    enum answer answer = ANSWER_UNKNOWN;

    if (rule->destination.len)
        q->destination = rule->destination;
    if (rule->port.len)
        q->port = rule->port;
    if (rule->to && !rule->to->asked && depth < FIREWALL_DEPTH_MAX) { /* a loop has no answer */
        rule->to->asked = true;
        answer = ask_chain(q, rule->to, depth + 1);
        rule->to->asked = false;
    }
    q->destination = outer.destination;
    q->port = outer.port;
    if (width == FIREWALL_NARROW) { /* whatever it says, it says about what was named */
        q->may_allow = outer.may_allow;
        q->may_deny = outer.may_deny;
    }
    return answer;
}

static enum answer ask_rule(struct question *q, const struct firewall_rule *rule, int depth)
{
    enum answer answer = ANSWER_NONE;
    enum firewall_width width;
    bool partial;

    if (!rule_concerns(q, rule, &width, &partial))
        return ANSWER_NONE;
    if (rule->verdict == FIREWALL_ACCEPT) {
        answer = ANSWER_ALLOW;
        put_accept(q, rule);
    } else if (rule->verdict == FIREWALL_DENY) {
        answer = ANSWER_DENY;
    } else if (rule->verdict == FIREWALL_JUMP || rule->verdict == FIREWALL_GOTO) {
        answer = ask_target(q, rule, width, depth);
    } else if (rule->verdict == FIREWALL_RETURN && width != FIREWALL_NARROW) {
        q->may_allow = q->may_deny = true; /* for some, the rest of this chain does not count */
    }
    if (width == FIREWALL_NARROW)
        return ANSWER_NONE;
    if (answer == ANSWER_UNKNOWN)
        q->may_allow = q->may_deny = true;
    else if (answer == ANSWER_ALLOW && width == FIREWALL_UNSURE)
        q->may_allow = true;
    else if (answer == ANSWER_DENY && (width == FIREWALL_UNSURE || partial))
        q->may_deny = true;
    else
        return answer;
    return ANSWER_NONE;
}

static enum answer ask_chain(struct question *q, const struct firewall_chain *chain, int depth)
{
    for (const struct firewall_rule *rule = chain->first; rule; rule = rule->next) {
        const bool always = rule->width == FIREWALL_OPEN && !rule->partial && !rule->source && !rule->replies &&
                            !rule->families && !text_known(rule->in) && !text_known(rule->out);
        if (++q->firewall->steps > FIREWALL_STEPS_MAX)
            return ANSWER_UNKNOWN;
        if (rule->verdict == FIREWALL_RETURN && always)
            return ANSWER_NONE;
        const enum answer answer = ask_rule(q, rule, depth);
        if (answer != ANSWER_NONE || (rule->verdict == FIREWALL_GOTO && always))
            return answer;
    }
    return ANSWER_NONE;
}

static enum answer ask_base_chain(struct question *q, const struct firewall_chain *chain)
{
    enum answer answer = ask_chain(q, chain, 0);

    if (answer == ANSWER_NONE)
        answer = chain->policy == FIREWALL_ACCEPT ? ANSWER_ALLOW
               : chain->policy == FIREWALL_DENY ? ANSWER_DENY : ANSWER_UNKNOWN;
    if ((answer == ANSWER_ALLOW && q->may_deny) || (answer == ANSWER_DENY && q->may_allow))
        return ANSWER_UNKNOWN;
    return answer;
}

/* All base chains of a hook see a packet: one that denies is enough, all must allow. */
static enum answer ask(struct question question, struct bytes *ret_at)
{
    enum answer all = ANSWER_NONE;

    for (struct firewall_chain *chain = question.firewall->first; chain; chain = chain->next) {
        struct question q = question;
        if (chain->hook != q.hook || !(chain->families & q.family))
            continue;
        chain->asked = true;
        const enum answer answer = ask_base_chain(&q, chain);
        chain->asked = false;
        if (all == ANSWER_NONE || answer == ANSWER_DENY || (answer == ANSWER_UNKNOWN && all == ANSWER_ALLOW)) {
            all = answer;
            *ret_at = chain->at;
        }
    }
    return all;
}

/* The interfaces that rules name as those a packet comes from. */
static size_t list_interfaces(const struct firewall *f, struct text names[FIREWALL_INTERFACES_MAX])
{
    size_t count = 0;

    for (const struct firewall_chain *chain = f->first; chain; chain = chain->next)
        for (const struct firewall_rule *rule = chain->first; rule; rule = rule->next) {
            struct text list = rule->in;
            for (struct text one; list.len > 0 && (one = next_interface(&list)).len > 0; ) {
                bool known = text_equal(one, TEXT("lo")) || memchr("+*", one.at[one.len - 1], 2) || one.len > 64;
                for (size_t i = 0; i < count && !known; i++)
                    known = text_equal(names[i], one);
                if (!known && count < FIREWALL_INTERFACES_MAX)
                    names[count++] = one;
            }
        }
    return count;
}

static void put_answer(const struct question *q, enum answer answer, struct bytes at)
{
    static const char *const hooks[FIREWALL_HOOK_COUNT] = { "", "input", "forward", "output" };
    struct host *h = q->firewall->host;
    const char *family = q->family == FIREWALL_IPV4 ? "ipv4" : "ipv6";
    const struct text value = answer == ANSWER_DENY ? TEXT("deny") : TEXT("allow");

    if (answer != ANSWER_ALLOW && answer != ANSWER_DENY)
        return;
    if (q->hook == FIREWALL_INPUT)
        host_setting(h, SETTING_INGRESS_DEFAULT, value, text_of(family), at);
    else
        host_setting(h, SETTING_EGRESS_DEFAULT, value,
                     arena_printf(h->reading->arena, "%s %s%s%.*s", family, hooks[q->hook], q->in.len ? " " : "",
                                  (int)q->in.len, q->in.len ? q->in.at : ""), at);
}

void firewall_put(struct firewall *f)
{
    static const unsigned families[] = { FIREWALL_IPV4, FIREWALL_IPV6 };
    struct text interfaces[FIREWALL_INTERFACES_MAX];
    const size_t interface_count = list_interfaces(f, interfaces);
    struct bytes state_at = { 0 };
    bool lets_in = false, denies = false;

    prepare_rules(f);
    for (size_t i = 0; i < sizeof families / sizeof *families && !f->incomplete; i++)
        for (enum firewall_hook hook = FIREWALL_INPUT; hook < FIREWALL_HOOK_COUNT; hook++) {
            struct question q = { .firewall = f, .hook = hook, .family = families[i], .list = hook != FIREWALL_INPUT };
            struct bytes at = { 0 };
            const enum answer answer = ask(q, &at);
            put_answer(&q, answer, at);
            if (!denies && (answer == ANSWER_DENY || (hook == FIREWALL_INPUT && answer == ANSWER_ALLOW)))
                state_at = at;
            denies = denies || answer == ANSWER_DENY;
            lets_in = lets_in || (hook == FIREWALL_INPUT && answer == ANSWER_ALLOW);
            q.list = false;
            for (size_t k = 0; k < interface_count && hook == FIREWALL_FORWARD && answer != ANSWER_NONE; k++) {
                q.in = interfaces[k];
                put_answer(&q, ask(q, &at), at);
            }
        }
    /* On: something is denied by default.  Off: nothing is, and what comes in is let in. */
    if (denies || lets_in)
        host_setting_switch(f->host, SETTING_FIREWALL_STATE, denies, text_of(f->tool), state_at);
    if (f->accept_count > FIREWALL_ACCEPTS_MAX)
        reading_damage(f->host->reading, f->first->at.origin, FACT_UNKNOWN_INT,
                       (int64_t)(f->accept_count - FIREWALL_ACCEPTS_MAX),
                       "more than %d accepting rules: the rest was not kept", FIREWALL_ACCEPTS_MAX);
}
