#include "host/host.h"

#include <string.h>

/* What a Windows or Linux computer says about its firewall:
 *   netsh advfirewall show allprofiles   Microsoft Learn, "netsh advfirewall": for each profile "State  ON" and
 *                                        "Firewall Policy  BlockInbound,AllowOutbound"
 *   ufw status verbose                   ufw(8): "Status: active", "Default: deny (incoming), allow (outgoing), ..."
 *   systeminfo                           Microsoft Learn, "systeminfo": "Host Name:", "OS Name:", "Domain:" ...
 * All in English; Windows prints other languages otherwise, and those are not recognised. */

bool netsh_recognise(const struct host_head *head)
{
    return head->count > 2 && text_ends_with(head->lines[0], TEXT(" Profile Settings:")) &&
           text_starts_with(head->lines[1], TEXT("-----"));
}

enum parse_status netsh_read(struct host *h, struct bytes part)
{
    struct text profile = TEXT_UNKNOWN, rest;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT("Ok.")); ) {
        struct text t = line_trim(line.text);
        if (text_ends_with(t, TEXT(" Profile Settings:"))) {
            profile = (struct text){ .at = t.at, .len = t.len - strlen(" Profile Settings:") };
        } else if (line_after(t, TEXT("State "), &rest)) {
            rest = line_trim(rest);
            if (text_equal(rest, TEXT("ON")) || text_equal(rest, TEXT("OFF")))
                host_setting_switch(h, SETTING_FIREWALL_STATE, text_equal(rest, TEXT("ON")), profile, line.at);
            else
                host_damage_line(h, &line, "a state that is neither ON nor OFF");
        } else if (line_after(t, TEXT("Firewall Policy "), &rest)) {
            struct text in = TEXT(""), out = TEXT("");
            (void)line_cut(line_trim(rest), ',', &in, &out);
            if (text_starts_with(in, TEXT("BlockInbound")) || text_equal(in, TEXT("AllowInbound")))
                host_setting(h, SETTING_INGRESS_DEFAULT, *in.at == 'B' ? TEXT("deny") : TEXT("allow"), profile,
                             line.at);
            if (text_equal(out, TEXT("BlockOutbound")) || text_equal(out, TEXT("AllowOutbound")))
                host_setting(h, SETTING_EGRESS_DEFAULT, *out.at == 'B' ? TEXT("deny") : TEXT("allow"), profile,
                             line.at);
        }
    }
    return PARSE_OK;
}

bool ufw_recognise(const struct host_head *head)
{
    return text_equal(head->lines[0], TEXT("Status: active")) || text_equal(head->lines[0], TEXT("Status: inactive"));
}

/* "deny (incoming), allow (outgoing), disabled (routed)" */
static void put_ufw_defaults(struct host *h, struct text list, struct bytes at)
{
    static const struct { const char *direction; enum setting_name setting; const char *detail; } directions[] = {
        { "(incoming)", SETTING_INGRESS_DEFAULT, "ufw" }, { "(outgoing)", SETTING_EGRESS_DEFAULT, "ufw output" },
        { "(routed)", SETTING_EGRESS_DEFAULT, "ufw forward" },
    };

    while (list.len > 0) {
        struct text one = list;
        if (!line_cut(list, ',', &one, &list))
            list.len = 0;
        const struct text policy = line_word(&one), direction = line_trim(one);
        for (size_t i = 0; i < sizeof directions / sizeof *directions; i++) {
            if (!text_equal(direction, text_of(directions[i].direction)))
                continue;
            if (text_equal(policy, TEXT("deny")) || text_equal(policy, TEXT("reject")))
                host_setting(h, directions[i].setting, TEXT("deny"), text_of(directions[i].detail), at);
            else if (text_equal(policy, TEXT("allow")))
                host_setting(h, directions[i].setting, TEXT("allow"), text_of(directions[i].detail), at);
        }
    }
}

/* "192.0.2.10 443/tcp         ALLOW OUT   Anywhere": where it may go. */
static void put_ufw_rule(struct host *h, struct text t, struct bytes at)
{
    struct text rest, to = t;

    if (!line_behind(t, TEXT(" ALLOW OUT "), &rest) && !text_ends_with(t, TEXT(" ALLOW OUT")))
        return;
    to.len = (size_t)((const char *)memmem(t.at, t.len, " ALLOW OUT", 10) - t.at);
    to = line_trim(to);
    host_setting(h, SETTING_EGRESS_ACCEPT, to.len ? to : TEXT("any"), TEXT("ufw output"), at);
}

enum parse_status ufw_read(struct host *h, struct bytes part)
{
    struct text rest;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        if (line_after(line.text, TEXT("Status: "), &rest))
            host_setting_switch(h, SETTING_FIREWALL_STATE, text_equal(rest, TEXT("active")), TEXT("ufw"), line.at);
        else if (line_after(line.text, TEXT("Default: "), &rest))
            put_ufw_defaults(h, rest, line.at);
        else
            put_ufw_rule(h, line.text, line.at);
    }
    return PARSE_OK;
}

bool systeminfo_recognise(const struct host_head *head)
{
    return head->count > 2 && text_starts_with(head->lines[0], TEXT("Host Name: ")) &&
           text_starts_with(head->lines[1], TEXT("OS Name: ")) &&
           text_starts_with(head->lines[2], TEXT("OS Version: "));
}

/* The device stands first, so that the settings can refer to it; it is a role of its own in no list: "other". */
enum parse_status systeminfo_read(struct host *h, struct bytes part)
{
    static const struct { const char *name; size_t field; } fields[] = {
        { "Host Name:", offsetof(struct fact_device, name) },
        { "System Manufacturer:", offsetof(struct fact_device, vendor) },
        { "System Model:", offsetof(struct fact_device, model) },
        { "BIOS Version:", offsetof(struct fact_device, firmware) },
    };
    struct text system = TEXT_UNKNOWN, domain = TEXT_UNKNOWN, version = TEXT_UNKNOWN, rest;
    struct bytes version_at = part, domain_at = part;
    struct fact_device row;
    struct lines l;
    struct line line;

    fact_init(FACT_DEVICE, &row);
    row.role = TEXT("other");
    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (line_after(line.text, text_of(fields[i].name), &rest) && line_trim(rest).len <= HOST_VALUE_MAX) {
                *(struct text *)((char *)&row + fields[i].field) = line_trim(rest);
                if (i == 0)
                    row.head.origin = fact_origin_at(line.at.origin, line.at.len);
            }
        if (line_after(line.text, TEXT("OS Name:"), &rest))
            system = line_trim(rest);
        if (line_after(line.text, TEXT("OS Version:"), &rest))
            version = line_trim(rest), version_at = line.at;
        if (line_after(line.text, TEXT("Domain:"), &rest))
            domain = line_trim(rest), domain_at = line.at;
    }
    if (text_known(row.name) || text_known(row.model))
        h->device = fact_put(h->reading->facts, FACT_DEVICE, &row);
    host_setting(h, SETTING_OS_VERSION, version, system, version_at);
    host_setting(h, SETTING_DOMAIN, domain, TEXT_UNKNOWN, domain_at);
    return PARSE_OK;
}
