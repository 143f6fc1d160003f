#include "host/wifi.h"

#include <string.h>

/* Configuration files of w1.fi's programs:
 *   hostapd.conf         an access point; hostapd/hostapd.conf in its source: interface=, ssid=, wpa= (bit 0 WPA,
 *                        bit 1 RSN), wpa_key_mgmt=, wpa_passphrase=, wpa_psk=, ignore_broadcast_ssid=, ap_isolate=;
 *                        a line "bss=" begins a further network
 *   wpa_supplicant.conf  the networks a station knows; wpa_supplicant/wpa_supplicant.conf: network={ ssid="..."
 *                        psk="..." key_mgmt=WPA-PSK SAE }
 * A passphrase is looked at for its class and forgotten. */

struct config {
    struct host *host;
    struct wifi wifi;
    int64_t wpa;                /* hostapd's bits, or unknown */
    struct text key_mgmt;       /* unknown: the default, WPA-PSK where there is WPA at all */
    bool wep, any;
};

static void begin(struct config *c, struct text name, struct bytes at)
{
    c->wifi = (struct wifi){ .name = name, .hidden = FACT_UNKNOWN_INT, .isolated = FACT_UNKNOWN_INT, .at = at };
    c->wpa = FACT_UNKNOWN_INT;
    c->key_mgmt = TEXT_UNKNOWN;
    c->wep = c->any = false;
}

static bool manages(struct text list, const char *method)
{
    while (list.len > 0)
        if (text_equal(line_word(&list), text_of(method)))
            return true;
    return false;
}

static struct text security_by_methods(const struct config *c, struct text psk)
{
    const bool sae = manages(c->key_mgmt, "SAE") || manages(c->key_mgmt, "FT-SAE");
    const bool shared =
        manages(c->key_mgmt, "WPA-PSK") || manages(c->key_mgmt, "WPA-PSK-SHA256") || manages(c->key_mgmt, "FT-PSK");

    if (manages(c->key_mgmt, "OWE"))
        return TEXT("owe");
    if (sae)
        return shared ? TEXT("wpa2_wpa3") : TEXT("wpa3");
    if (shared)
        return psk;
    for (struct text list = c->key_mgmt; list.len > 0; ) {
        const struct text word = line_word(&list);
        if (text_starts_with(word, TEXT("WPA-EAP")) || text_equal(word, TEXT("IEEE8021X")) ||
            text_equal(word, TEXT("FT-EAP")))
            return TEXT("enterprise");
    }
    return manages(c->key_mgmt, "NONE") ? (c->wep ? TEXT("wep") : TEXT("open")) : TEXT("unknown");
}

/* hostapd.conf: without wpa= there is no WPA. */
static struct text hostapd_security(const struct config *c)
{
    const struct text psk = c->wpa == 1 ? TEXT("wpa") : c->wpa == 3 ? TEXT("wpa_wpa2") : TEXT("wpa2");

    if (!fact_known_int(c->wpa) || c->wpa == 0)
        return c->wep ? TEXT("wep") : TEXT("open");
    return text_known(c->key_mgmt) ? security_by_methods(c, psk) : psk;
}

static void end_network(struct config *c, struct text security)
{
    if (c->wifi.ssid.len > 0) {
        c->wifi.security = security;
        c->wifi.open = text_equal(security, TEXT("open")) || text_equal(security, TEXT("owe"));
        wifi_put(c->host, &c->wifi);
    }
    begin(c, TEXT_UNKNOWN, c->wifi.at);
}

/* Both write a network's name as "text" or as hexadecimal digits, hostapd's ssid2 and wpa_supplicant. */
static struct text ssid_value(struct host *h, struct text t)
{
    enum { SSID_MAX = 32 };
    const char *digits = "0123456789abcdef";
    char *into;

    if (t.len >= 2 && *t.at == '"' && t.at[t.len - 1] == '"')
        return (struct text){ .at = t.at + 1, .len = t.len - 2 };
    if (text_starts_with(t, TEXT("P\"")) && t.len >= 3)
        return (struct text){ .at = t.at + 2, .len = t.len - 3 };
    if (t.len % 2 || t.len > 2 * SSID_MAX || !(into = arena_alloc(h->reading->arena, SSID_MAX, 1)))
        return TEXT_UNKNOWN;
    for (size_t i = 0; i < t.len; i++) {
        const char *at = memchr(digits, t.at[i] >= 'A' && t.at[i] <= 'F' ? t.at[i] + 'a' - 'A' : t.at[i], 16);
        if (!at)
            return TEXT_UNKNOWN;
        into[i / 2] = (char)((unsigned char)into[i / 2] << 4 | (at - digits));
    }
    return (struct text){ .at = into, .len = t.len / 2 };
}

static bool parse_pair(struct text t, struct text *name, struct text *value)
{
    return line_cut(line_trim(t), '=', name, value) && name->len > 0;
}

bool hostapd_recognise(const struct host_head *head)
{
    enum { LOOK_BYTES = 65536 };
    static const char *const names[] = {
        "hw_mode",   "channel",     "wpa",         "wpa_passphrase", "wpa_key_mgmt", "rsn_pairwise",
        "auth_algs", "ieee80211n",  "driver",      "ctrl_interface", "country_code", "ignore_broadcast_ssid",
        "bridge",    "wmm_enabled", "macaddr_acl",
    };
    bool interface = false, ssid = false, other = false;
    struct text name, value;
    struct lines l;
    struct line line;

    for (lines_init(&l, bytes_part(head->whole, 0, LOOK_BYTES)); lines_next(&l, &line); ) {
        if (line.text.len == 0 || *line.text.at == '#')
            continue;
        if (!parse_pair(line.text, &name, &value))
            return false;
        interface = interface || text_equal(name, TEXT("interface"));
        ssid = ssid || text_equal(name, TEXT("ssid")) || text_equal(name, TEXT("ssid2"));
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            other = other || text_equal(name, text_of(names[i]));
    }
    return interface && ssid && other;
}

static void hostapd_pair(struct config *c, struct text name, struct text value, struct bytes at)
{
    bool on;

    if (text_equal(name, TEXT("interface")) || text_equal(name, TEXT("bss"))) {
        end_network(c, hostapd_security(c));
        begin(c, value, at);
    } else if (text_equal(name, TEXT("ssid")) || text_equal(name, TEXT("ssid2"))) {
        c->wifi.ssid = text_equal(name, TEXT("ssid")) ? value : ssid_value(c->host, value);
        c->wifi.ssid_at = at;
    } else if (text_equal(name, TEXT("wpa"))) {
        (void)text_to_int(value, 0, 3, &c->wpa);
    } else if (text_equal(name, TEXT("wpa_key_mgmt"))) {
        c->key_mgmt = value;
    } else if (text_equal(name, TEXT("wpa_passphrase")) || text_equal(name, TEXT("wpa_psk")) ||
               text_equal(name, TEXT("sae_password"))) {
        c->wifi.key = value;
        c->wifi.key_at = at;
    } else if (text_starts_with(name, TEXT("wep_key"))) {
        c->wep = true;
    } else if (text_equal(name, TEXT("ignore_broadcast_ssid"))) {
        c->wifi.hidden = !text_equal(value, TEXT("0"));
    } else if (text_equal(name, TEXT("ap_isolate")) && host_boolean(value, &on)) {
        c->wifi.isolated = on;
    }
}

enum parse_status hostapd_read(struct host *h, struct bytes part)
{
    struct config c = { .host = h };
    struct text name, value;
    struct lines l;
    struct line line;

    begin(&c, TEXT_UNKNOWN, part);
    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); )
        if (line.text.len > 0 && *line.text.at != '#') {
            if (parse_pair(line.text, &name, &value))
                hostapd_pair(&c, name, value, line.at);
            else
                host_damage_line(h, &line, "not a setting");
        }
    /* What a cut file does not say is not its default. */
    end_network(&c, h->cut ? TEXT_UNKNOWN : hostapd_security(&c));
    return PARSE_OK;
}

bool supplicant_recognise(const struct host_head *head)
{
    enum { LOOK_BYTES = 65536 };
    static const char *const names[] = { "ctrl_interface", "update_config", "country",
                                         "ap_scan",        "p2p_disabled",  "device_name" };
    struct text name, value, rest;

    if (head->utf16 || !line_behind(text_of_bytes(bytes_part(head->whole, 0, LOOK_BYTES)), TEXT("network={"), &rest))
        return false;
    for (size_t i = 0; i < head->count; i++) {
        if (text_starts_with(head->lines[i], TEXT("#")))
            continue;
        if (!parse_pair(head->lines[i], &name, &value))
            return false;
        if (text_equal(name, TEXT("network")))
            return true;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (text_equal(name, text_of(names[k])))
                return true;
    }
    return false;
}

static void supplicant_pair(struct config *c, struct text name, struct text value, struct bytes at)
{
    if (text_equal(name, TEXT("ssid"))) {
        c->wifi.ssid = ssid_value(c->host, value);
        c->wifi.ssid_at = at;
    } else if (text_equal(name, TEXT("psk")) || text_equal(name, TEXT("sae_password"))) {
        const bool quoted = value.len >= 2 && *value.at == '"' && value.at[value.len - 1] == '"';
        c->wifi.key = quoted ? (struct text){ .at = value.at + 1, .len = value.len - 2 } : value;
        c->wifi.key_at = at;
    } else if (text_equal(name, TEXT("key_mgmt"))) {
        c->key_mgmt = value;
    } else if (text_starts_with(name, TEXT("wep_key"))) {
        c->wep = true;
    } else if (text_equal(name, TEXT("scan_ssid")) && text_equal(value, TEXT("1"))) {
        c->wifi.hidden = 1;
    }
}

enum parse_status supplicant_read(struct host *h, struct bytes part)
{
    struct config c = { .host = h };
    struct text name, value;
    bool inside = false;
    struct lines l;
    struct line line;

    begin(&c, TEXT_UNKNOWN, part);
    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (text_starts_with(t, TEXT("network={"))) {
            begin(&c, TEXT_UNKNOWN, line.at);
            inside = true;
        } else if (inside && text_equal(t, TEXT("}"))) {
            end_network(&c, text_known(c.key_mgmt) ? security_by_methods(&c, TEXT("wpa2")) : TEXT("unknown"));
            inside = false;
        } else if (inside && t.len > 0 && *t.at != '#') {
            if (parse_pair(t, &name, &value))
                supplicant_pair(&c, name, value, line.at);
            else
                host_damage_line(h, &line, "not a setting of a network");
        }
    }
    if (inside)
        reading_damage(h->reading, c.wifi.at.origin, FACT_UNKNOWN_INT, 1, "a network that does not end");
    return PARSE_OK;
}
