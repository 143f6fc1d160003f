#include "host/wifi.h"

#include <string.h>

/* OpenWrt's configuration: `uci show`, one "package.section[.option]=value" a line, values in
 * single quotes, several of a list side by side; and the files of /etc/config that it shows
 * ("config TYPE 'NAME'", "option NAME 'VALUE'", "list NAME 'VALUE'").
 * openwrt.org/docs/guide-user/base-system/uci, .../network/wifi/basic (wifi-iface: ssid,
 * encryption, key, hidden, isolate, disabled), .../firewall/firewall_configuration (defaults,
 * zone, forwarding, rule).
 *
 * The firewall's answer, for each zone but "wan", OpenWrt's own name for the outer side: it is
 * "allow" where a section `forwarding`, or a `rule` without address and port, lets the zone go on
 * to wan, and "deny" where none does and the list goes on behind the zones. */

enum { SECTIONS_MAX = 4096 };

struct section {
    struct text package;       /* unknown in a file of /etc/config */
    struct text name;          /* "default_radio0", "@zone[1]"; may be unknown in a file */
    struct text type;
    struct bytes at;
    struct wifi wifi;
    struct text label, src, dest, input, target, proto;
    bool narrow, disabled;
    struct section *next;
};

struct uci {
    struct host *host;
    struct section *first, *last;
    size_t count;
    bool full;
};

static bool is_word(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!((t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= 'A' && t.at[i] <= 'Z') ||
              (t.at[i] >= '0' && t.at[i] <= '9') || memchr("_@[]-", t.at[i], 5)))
            return false;
    return t.len > 0;
}

/* "wireless.radio0=wifi-device", "wireless.radio0.channel='36'"; option is unknown in the first. */
static bool parse_shown(struct text t, struct text *package, struct text *section, struct text *option,
                        struct text *value)
{
    struct text key;

    *option = TEXT_UNKNOWN;
    if (!line_cut(t, '=', &key, value) || !line_cut(key, '.', package, section) || !is_word(*package))
        return false;
    if (line_cut(*section, '.', section, option) && !is_word(*option))
        return false;
    return is_word(*section);
}

static bool is_shown(struct text t)
{
    struct text package, section, option, value;

    return parse_shown(t, &package, &section, &option, &value);
}

static bool is_one_of(struct text t, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(t, text_of(names[i])))
            return true;
    return false;
}

/* Other lists have this shape, too: the first line must name a package, or a type, of OpenWrt. */
bool uci_recognise(const struct host_head *head)
{
    static const char *const packages[] = {
        "dhcp",   "dropbear", "firewall", "luci",   "network",  "rpcd",
        "system", "ubootenv", "ucitrack", "uhttpd", "wireless",
    };
    static const char *const types[] = { "wifi-device", "wifi-iface", "defaults", "zone",
                                         "interface",   "system",     "globals" };
    struct text package, first;
    size_t i = 0;

    if (is_shown(head->lines[0]) && line_cut(head->lines[0], '.', &package, NULL))
        return is_one_of(package, packages, sizeof packages / sizeof *packages) &&
               (head->count < 2 || is_shown(head->lines[1]));
    while (i < head->count && text_starts_with(head->lines[i], TEXT("#")))
        i++;
    if (i + 1 >= head->count)
        return false;
    first = head->lines[i];
    const struct text next = line_trim(head->lines[i + 1]);
    return text_equal(line_word(&first), TEXT("config")) &&
           is_one_of(line_word(&first), types, sizeof types / sizeof *types) &&
           (text_starts_with(next, TEXT("option ")) || text_starts_with(next, TEXT("list ")));
}

/* A value as the shell would take it: quotes left out, '\'' is one. */
static struct text unquote(struct uci *u, struct text t)
{
    bool quoted = false;
    char *into;
    size_t n = 0;

    t = line_trim(t);
    if (t.len >= 2 && *t.at == '\'' && memchr(t.at + 1, '\'', t.len - 1) == t.at + t.len - 1)
        return (struct text){ .at = t.at + 1, .len = t.len - 2 };
    if (!t.len || (!memchr(t.at, '\'', t.len) && !memchr(t.at, '\\', t.len) && !memchr(t.at, '"', t.len)))
        return t;
    into = t.len <= HOST_VALUE_MAX ? arena_alloc(u->host->reading->arena, t.len, 1) : NULL;
    for (size_t i = 0; into && i < t.len; i++) {
        if (t.at[i] == '\'')
            quoted = !quoted;
        else if (t.at[i] == '\\' && !quoted && i + 1 < t.len)
            into[n++] = t.at[++i];
        else
            into[n++] = t.at[i];
    }
    return into ? (struct text){ .at = into, .len = n } : TEXT_UNKNOWN;
}

static struct section *add_section(struct uci *u, struct text package, struct text name, struct text type,
                                   struct bytes at)
{
    struct section *s = u->count < SECTIONS_MAX ? arena_alloc(u->host->reading->arena, 1, sizeof *s) : NULL;

    if (!s) {
        if (!u->full)
            reading_damage(u->host->reading, at.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "more than %d sections",
                           SECTIONS_MAX);
        u->full = true;
        return NULL;
    }
    *s = (struct section){ .package = package, .name = name, .type = type, .at = at,
        .wifi = { .name = name, .hidden = FACT_UNKNOWN_INT, .isolated = FACT_UNKNOWN_INT, .at = at } };
    if (u->last)
        u->last->next = s;
    else
        u->first = s;
    u->last = s;
    u->count++;
    return s;
}

/* openwrt.org/docs/guide-user/network/wifi/basic, "encryption": METHOD[+CIPHER...]. */
static struct text security_of(struct text encryption)
{
    static const struct { const char *name, *security; } methods[] = {
        { "none", "open" },
        { "psk", "wpa" },
        { "psk2", "wpa2" },
        { "psk-mixed", "wpa_wpa2" },
        { "sae", "wpa3" },
        { "sae-mixed", "wpa2_wpa3" },
        { "owe", "owe" },
        { "wpa", "enterprise" },
        { "wpa2", "enterprise" },
        { "wpa-mixed", "enterprise" },
        { "wpa3", "enterprise" },
        { "wpa3-mixed", "enterprise" },
        { "wpa3-192", "enterprise" },
    };
    struct text method = encryption;

    (void)line_cut(encryption, '+', &method, NULL);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (text_equal(method, text_of(methods[i].name)))
            return text_of(methods[i].security);
    return text_starts_with(method, TEXT("wep")) ? TEXT("wep") : TEXT("unknown");
}

static void set_option(struct uci *u, struct section *s, struct text option, struct text raw, struct bytes at)
{
    static const struct { const char *name; size_t field; } texts[] = {
        { "name", offsetof(struct section, label) }, { "src", offsetof(struct section, src) },
        { "dest", offsetof(struct section, dest) }, { "input", offsetof(struct section, input) },
        { "target", offsetof(struct section, target) }, { "proto", offsetof(struct section, proto) },
    };
    static const char *const narrowing[] = {
        "dest_ip", "dest_port", "src_ip", "src_mac", "src_port", "icmp_type", "ipset", "mark", "start_time", "weekdays",
    };
    const struct text value = unquote(u, raw);
    bool on;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (text_equal(option, text_of(texts[i].name)))
            *(struct text *)((char *)s + texts[i].field) = value;
    s->narrow = s->narrow || is_one_of(option, narrowing, sizeof narrowing / sizeof *narrowing);
    if (text_equal(option, TEXT("ssid"))) {
        s->wifi.ssid = value;
        s->wifi.ssid_at = at;
    } else if (text_equal(option, TEXT("key"))) {
        s->wifi.key = value;
        s->wifi.key_at = at;
    } else if (text_equal(option, TEXT("encryption"))) {
        s->wifi.security = security_of(value);
        s->wifi.open = text_equal(value, TEXT("none"));
    } else if (text_equal(option, TEXT("hidden")) && host_boolean(value, &on)) {
        s->wifi.hidden = on;
    } else if (text_equal(option, TEXT("isolate")) && host_boolean(value, &on)) {
        s->wifi.isolated = on;
    } else if (text_equal(option, TEXT("disabled")) && host_boolean(value, &on)) {
        s->disabled = on;
    } else if (text_equal(option, TEXT("enabled")) && host_boolean(value, &on)) {
        s->disabled = !on;
    }
}

static void read_shown(struct uci *u, const struct line *line)
{
    struct text package, name, option, value;
    struct section *s = u->last;

    if (!parse_shown(line->text, &package, &name, &option, &value)) {
        host_damage_line(u->host, line, "not a setting of a section");
        return;
    }
    /* The options of a section follow it. */
    if (!s || !text_equal(s->name, name) || !text_equal(s->package, package))
        s = add_section(u, package, name, text_known(option) ? TEXT_UNKNOWN : unquote(u, value), line->at);
    if (s && text_known(option))
        set_option(u, s, option, value, line->at);
}

static void read_file_line(struct uci *u, const struct line *line)
{
    struct text rest = line->text;
    const struct text word = line_word(&rest);

    if (text_equal(word, TEXT("config"))) {
        const struct text type = unquote(u, line_word(&rest)), name = unquote(u, rest);
        add_section(u, TEXT_UNKNOWN, name.len ? name : TEXT_UNKNOWN, type, line->at);
    } else if ((text_equal(word, TEXT("option")) || text_equal(word, TEXT("list"))) && u->last) {
        const struct text option = line_word(&rest);
        set_option(u, u->last, unquote(u, option), rest, line->at);
    } else if (word.len > 0 && *word.at != '#') {
        host_damage_line(u->host, line, "not a setting of a section");
    }
}

static bool lets_out(const struct section *s, struct text zone)
{
    const bool any_source = text_equal(s->src, TEXT("*"));

    if (s->disabled || !(any_source || text_equal(s->src, zone)) ||
        !(text_equal(s->dest, TEXT("wan")) || text_equal(s->dest, TEXT("*"))))
        return false;
    return text_equal(s->type, TEXT("forwarding")) ||
           (text_equal(s->type, TEXT("rule")) && text_equal_ignoring_case(s->target, TEXT("ACCEPT")) && !s->narrow);
}

static void put_zone(struct uci *u, const struct section *zone, bool goes_on)
{
    struct host *h = u->host;
    const struct text detail = arena_printf(h->reading->arena, "zone %.*s",
                                            (int)(zone->label.len < 64 ? zone->label.len : 64), zone->label.at);

    if (text_equal(zone->label, TEXT("wan"))) {
        if (text_equal_ignoring_case(zone->input, TEXT("REJECT")) ||
            text_equal_ignoring_case(zone->input, TEXT("DROP")))
            host_setting(h, SETTING_INGRESS_DEFAULT, TEXT("deny"), detail, zone->at);
        else if (text_equal_ignoring_case(zone->input, TEXT("ACCEPT")))
            host_setting(h, SETTING_INGRESS_DEFAULT, TEXT("allow"), detail, zone->at);
        return;
    }
    for (const struct section *s = u->first; s; s = s->next)
        if (lets_out(s, zone->label)) {
            host_setting(h, SETTING_EGRESS_DEFAULT, TEXT("allow"), detail, s->at);
            return;
        }
    if (goes_on && !u->full)
        host_setting(h, SETTING_EGRESS_DEFAULT, TEXT("deny"), detail, zone->at);
}

static void put_firewall(struct uci *u)
{
    enum { ZONES_MAX = 64 };
    const struct section *last_zone = NULL;
    bool goes_on = false, wan = false;
    size_t zones = 0;

    for (const struct section *s = u->first; s; s = s->next)
        if (text_equal(s->type, TEXT("zone")) && s->label.len > 0) {
            last_zone = s;
            wan = wan || text_equal(s->label, TEXT("wan"));
        }
    for (const struct section *s = last_zone; s; s = s->next)
        goes_on = goes_on || text_equal(s->type, TEXT("rule")) || text_equal(s->type, TEXT("include")) ||
                  text_equal(s->type, TEXT("forwarding"));
    for (const struct section *s = u->first; s && wan; s = s->next)
        if (text_equal(s->type, TEXT("zone")) && s->label.len > 0 && ++zones <= ZONES_MAX)
            put_zone(u, s, goes_on);
}

enum parse_status uci_read(struct host *h, struct bytes part)
{
    struct uci u = { .host = h };
    struct lines l;
    struct line line;
    bool file = false, begun = false;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        struct text word = line.text;
        if (line.text.len == 0)
            continue;
        if (!begun && *line.text.at != '#') {
            file = text_equal(line_word(&word), TEXT("config"));
            begun = true;
        }
        if (file)
            read_file_line(&u, &line);
        else if (*line.text.at != '#')
            read_shown(&u, &line);
    }
    for (const struct section *s = u.first; s; s = s->next)
        if (text_equal(s->type, TEXT("wifi-iface")) && !s->disabled && s->wifi.ssid.len > 0 && !(h->cut && s == u.last))
            wifi_put(h, &s->wifi);
    if (!h->cut) /* the section that it was cut in may be the one that tells */
        put_firewall(&u);
    return PARSE_OK;
}
