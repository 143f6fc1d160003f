#include "report/blocklist.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/timestamp.h"
#include "report/forbidden.h"
#include "report/terminal.h"

enum { COMMENT_COLUMNS = 400, POLICY_ZONE_NAME_MAX = 200 };

struct blocklist {
    FILE *out;
    const char *comment;     /* begins one, to the end of the line */
    struct forbidden_list forbidden;
    struct buffer safe;
    struct arena *arena;
};

/* One line whatever the text holds; a backslash at its end would join it with the next in some programs. */
static void put_safe(struct blocklist *b, struct text t)
{
    buffer_clear(&b->safe);
    terminal_safe(&b->safe, t, COMMENT_COLUMNS);
    fwrite(b->safe.at, 1, b->safe.len, b->out);
    if (b->safe.len > 0 && b->safe.at[b->safe.len - 1] == '\\')
        putc(' ', b->out);
}

static void put_comment(struct blocklist *b, const char *sentence)
{
    fprintf(b->out, "%s %s\n", b->comment, sentence);
}

static void put_reasons(struct blocklist *b, const char *indent, const struct forbidden *f)
{
    fprintf(b->out, "%s%s ", indent, b->comment);
    put_safe(b, f->name);
    if (text_known(f->owner)) {
        fputs(", owner: ", b->out);
        put_safe(b, f->owner);
    }
    if (f->last.len >= 10)
        fprintf(b->out, ", last seen %.10s", f->last.at);
    putc('\n', b->out);
    for (size_t i = 0; i < f->reason_count; i++) {
        const struct forbidden_reason *r = &f->reasons[i];
        fprintf(b->out, "%s%s   ", indent, b->comment);
        put_safe(b, r->rule);
        fputs(" (", b->out);
        put_safe(b, r->severity);
        fputs("): ", b->out);
        put_safe(b, r->statement);
        putc('\n', b->out);
    }
    if (f->answers_dns)
        fprintf(b->out, "%s%s   Names were asked of it: without it, name resolution needs another server.\n", indent,
                b->comment);
}

static void put_run(struct blocklist *b, struct fact_case *c, const char *key, const char *before)
{
    const struct text value = case_get(c, key, b->arena);

    if (!text_known(value))
        return;
    fputs(before, b->out);
    put_safe(b, value);
}

static void put_heading(struct blocklist *b, struct fact_case *c, const char *what_for)
{
    put_comment(b, "Destinations that the policy forbids");
    put_comment(b, what_for);
    fprintf(b->out, "%s Made by leash", b->comment);
    put_run(b, c, "tool_version", " ");
    put_run(b, c, "started", " from the audit of ");
    put_run(b, c, "label", ", ");
    put_run(b, c, "policy", "; policy: ");
    putc('\n', b->out);
    put_comment(b, "An entry is a destination for which a rule was not met; the rule and its first finding stand above it.");
    put_comment(b, "Exactly these are blocked: no rule forbids all names below one, so there are no wildcards.");
    put_comment(b, "It is what one audit saw: other destinations, and other names of these, were not looked at.");
}

/* What an entry of this form is made of, and why the others are left out. */
static bool held_by(const struct forbidden *f, enum forbidden_kind kind, size_t name_max)
{
    return f->kind == kind && (kind != FORBIDDEN_NAME || f->name.len <= name_max);
}

/* A name that packet filters do not know may still be blocked by its addresses, in part or as a whole. */
static void put_addresses(struct blocklist *b, const struct forbidden *f)
{
    if (f->own_count == f->addresses.count && f->own_count > 0)
        fputs("; the addresses seen for it are blocked above", b->out);
    for (size_t i = 0; i < f->addresses.count && i < 8 && f->own_count < f->addresses.count; i++) {
        fputs(i ? ", " : "; addresses seen, of which others share those that are not blocked above: ", b->out);
        put_safe(b, f->addresses.items[i]);
    }
    if (f->addresses.count > 8 && f->own_count < f->addresses.count)
        fprintf(b->out, " and %zu more", f->addresses.count - 8);
}

static void put_left_out(struct blocklist *b, enum forbidden_kind kind, size_t name_max, const char *cannot)
{
    bool any = false;

    for (size_t i = 0; i < b->forbidden.count; i++) {
        const struct forbidden *f = &b->forbidden.at[i];
        if (held_by(f, kind, name_max))
            continue;
        if (!any)
            put_comment(b, "Forbidden too, and not blocked here:");
        any = true;
        fprintf(b->out, "%s   ", b->comment);
        put_safe(b, f->name);
        fprintf(b->out, ": %s", f->kind == FORBIDDEN_LOCAL ? "local or your own, which is never blocked by this list" :
                f->kind == FORBIDDEN_ODD ? "not a name or address that a list can hold" :
                f->kind == kind ? "too long a name for this form" : cannot);
        if (f->kind == FORBIDDEN_NAME && kind == FORBIDDEN_ADDRESS)
            put_addresses(b, f);
        putc('\n', b->out);
    }
}

static size_t count_of(const struct blocklist *b, enum forbidden_kind kind, size_t name_max)
{
    size_t count = 0;

    for (size_t i = 0; i < b->forbidden.count; i++)
        count += held_by(&b->forbidden.at[i], kind, name_max);
    return count;
}

/* The writer of each form is called with what is forbidden at hand. */
static int write_list(struct fact_case *c, FILE *out, const char *comment,
                      void (*write)(struct blocklist *b, struct fact_case *c))
{
    struct blocklist b = { .out = out, .comment = comment, .arena = arena_new(0) };
    const int error = forbidden_read(c, b.arena, &b.forbidden);

    buffer_init(&b.safe, 1 << 16);
    if (!error)
        write(&b, c);
    buffer_done(&b.safe);
    forbidden_done(&b.forbidden);
    arena_free(b.arena);
    return error ? error : fflush(out) || ferror(out) ? -EIO : 0;
}

static void write_hosts(struct blocklist *b, struct fact_case *c)
{
    put_heading(b, c,
                "for /etc/hosts, or a DNS filter that reads such files (dnsmasq --addn-hosts, Pi-hole, pfBlockerNG)");
    if (count_of(b, FORBIDDEN_NAME, SIZE_MAX) == 0)
        put_comment(b, "There is no name to block.");
    for (size_t i = 0; i < b->forbidden.count; i++) {
        const struct forbidden *f = &b->forbidden.at[i];
        if (!held_by(f, FORBIDDEN_NAME, SIZE_MAX))
            continue;
        putc('\n', b->out);
        put_reasons(b, "", f);
        fprintf(b->out, "0.0.0.0 %.*s\n:: %.*s\n", (int)f->name.len, f->name.at, (int)f->name.len, f->name.at);
    }
    putc('\n', b->out);
    put_left_out(b, FORBIDDEN_NAME, SIZE_MAX, "an address, which a hosts file cannot block (see the form nft)");
}

/* The addresses by which an entry can be blocked. */
static size_t blocked_by(const struct forbidden *f, const struct network **ret)
{
    *ret = f->kind == FORBIDDEN_ADDRESS ? &f->address : f->own;
    return f->kind == FORBIDDEN_ADDRESS ? 1 : f->kind == FORBIDDEN_NAME ? f->own_count : 0;
}

/* Several names may have one address. */
static bool is_blocked_before(const struct blocklist *b, size_t entry, const struct network *n)
{
    for (size_t i = 0; i < entry; i++) {
        const struct network *addresses;
        const size_t count = blocked_by(&b->forbidden.at[i], &addresses);
        for (size_t k = 0; k < count; k++)
            if (memcmp(addresses[k].address, n->address, sizeof n->address) == 0)
                return true;
    }
    return false;
}

static void put_element(struct blocklist *b, const struct forbidden *f, const struct network *n, bool v6, size_t *count)
{
    char text[INET6_ADDRSTRLEN];

    if (!inet_ntop(v6 ? AF_INET6 : AF_INET, n->address + (v6 ? 0 : 12), text, sizeof text))
        return;
    if ((*count)++ == 0)
        fputs("        elements = {\n", b->out);
    put_reasons(b, "            ", f);
    if (f->kind == FORBIDDEN_NAME)
        fprintf(b->out, "            %s   An address that was seen for this name, and for no other that may be reached.\n", b->comment);
    fprintf(b->out, "            %s,\n", text);
}

static void put_set(struct blocklist *b, const char *name, const char *type, bool v6)
{
    size_t count = 0;

    fprintf(b->out, "    set %s {\n        type %s\n", name, type);
    for (size_t i = 0; i < b->forbidden.count; i++) {
        const struct forbidden *f = &b->forbidden.at[i];
        const struct network *addresses;
        const size_t own = blocked_by(f, &addresses);
        for (size_t k = 0; k < own; k++) {
            struct in6_addr address;
            memcpy(&address, addresses[k].address, sizeof address);
            if (IN6_IS_ADDR_V4MAPPED(&address) != v6 && !is_blocked_before(b, i, &addresses[k]))
                put_element(b, f, &addresses[k], v6, &count);
        }
    }
    if (count > 0)
        fputs("        }\n", b->out);
    fputs("    }\n\n", b->out);
}

static size_t addresses_blocked(const struct blocklist *b)
{
    const struct network *addresses;
    size_t count = 0;

    for (size_t i = 0; i < b->forbidden.count; i++)
        count += blocked_by(&b->forbidden.at[i], &addresses);
    return count;
}

/* Loading the file again replaces the table: it is made, so that it can be deleted, and made anew. */
static void write_nft(struct blocklist *b, struct fact_case *c)
{
    fputs("#!/usr/sbin/nft -f\n", b->out);
    put_heading(b, c, "for a gateway or computer with nftables: nft -f FILE, and nft delete table inet leash_forbidden undoes it");
    if (addresses_blocked(b) == 0)
        put_comment(b, "There is no address to block.");
    fputs("\ntable inet leash_forbidden\ndelete table inet leash_forbidden\n\ntable inet leash_forbidden {\n", b->out);
    put_set(b, "addresses4", "ipv4_addr", false);
    put_set(b, "addresses6", "ipv6_addr", true);
    for (int i = 0; i < 2; i++)
        fprintf(b->out, "    chain %s {\n        type filter hook %s priority filter - 1; policy accept;\n"
                "        ip daddr @addresses4 counter reject with icmpx admin-prohibited\n"
                "        ip6 daddr @addresses6 counter reject with icmpx admin-prohibited\n    }\n%s",
                i ? "output" : "forward", i ? "output" : "forward", i ? "" : "\n");
    fputs("}\n\n", b->out);
    put_left_out(b, FORBIDDEN_ADDRESS, 0, "a name, which packet filters do not know (see the forms hosts and rpz)");
}

/* The serial number of the zone is the audit's start in seconds: a later audit is a later zone. */
static void write_rpz(struct blocklist *b, struct fact_case *c)
{
    int64_t started = 0;

    if (!timestamp_parse(case_get(c, "started", b->arena), &started) || started < 0)
        started = 0;
    put_heading(b, c, "as a response policy zone for DNS servers: BIND (response-policy), Unbound (rpz:), PowerDNS, Knot Resolver");
    fprintf(b->out,
            "\n$TTL 300\n@ IN SOA localhost. hostmaster.localhost. ( %u 3600 600 86400 300 )\n@ IN NS localhost.\n",
            (unsigned)(uint32_t)(started / INT64_C(1000000000)));
    if (count_of(b, FORBIDDEN_NAME, POLICY_ZONE_NAME_MAX) == 0)
        put_comment(b, "There is no name to block.");
    for (size_t i = 0; i < b->forbidden.count; i++) {
        const struct forbidden *f = &b->forbidden.at[i];
        if (!held_by(f, FORBIDDEN_NAME, POLICY_ZONE_NAME_MAX))
            continue;
        putc('\n', b->out);
        put_reasons(b, "", f);
        fprintf(b->out, "%.*s IN CNAME .\n", (int)f->name.len, f->name.at);
    }
    putc('\n', b->out);
    put_left_out(b, FORBIDDEN_NAME, POLICY_ZONE_NAME_MAX,
                 "an address that was used without a name, which a DNS server cannot block (see the form nft)");
}

int report_hosts_write(struct fact_case *c, FILE *out) { return write_list(c, out, "#", write_hosts); }
int report_nft_write(struct fact_case *c, FILE *out)   { return write_list(c, out, "#", write_nft); }
int report_rpz_write(struct fact_case *c, FILE *out)   { return write_list(c, out, ";", write_rpz); }
