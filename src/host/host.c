#include "host/host.h"

#include <string.h>


/* Asked in this order. */
const struct host_format host_formats[] = {
    { "bugreport",       "phone",    bugreport_recognise,    bugreport_read },
    { "getprop",         "phone",    getprop_recognise,      getprop_read },
    { "pm list packages", "phone",   package_list_recognise, package_list_read },
    { "pm list users",   "phone",    user_list_recognise,    user_list_read },
    { "dumpsys package", "phone",    package_dump_recognise, package_dump_read },
    { "dumpsys account", "phone",    account_recognise,      account_read },
    { "dumpsys telephony.registry", "phone", telephony_recognise, telephony_read },
    { "dumpsys device_policy", "phone", device_policy_recognise, device_policy_read },
    { "iptables-save",   "host",     iptables_recognise,     iptables_read },
    { "nft list",        "host",     nftables_recognise,     nftables_read },
    { "ip route",        "host",     ip_route_recognise,     ip_route_read },
    { "ip addr",         "host",     ip_addr_recognise,      ip_addr_read },
    { "ip -j route",     "host",     ip_route_json_recognise, ip_route_json_read },
    { "ip -j addr",      "host",     ip_addr_json_recognise, ip_addr_json_read },
    { "ufw status",      "computer", ufw_recognise,          ufw_read },
    { "netsh advfirewall", "computer", netsh_recognise,      netsh_read },
    { "Get-MpComputerStatus", "computer", defender_recognise, defender_read },
    { "systeminfo",      "computer", systeminfo_recognise,   systeminfo_read },
    { "virus scan",      "computer", virus_scan_recognise,   virus_scan_read },
    { "uci show",        "gateway",  uci_recognise,          uci_read },
    { "wpa_supplicant.conf", "computer", supplicant_recognise, supplicant_read },
    /* lines NAME=VALUE, told apart by the names */
    { "hostapd.conf",    "gateway",  hostapd_recognise,      hostapd_read },
    { "settings list",   "phone",    settings_list_recognise, settings_list_read },
};
const size_t host_format_count = sizeof host_formats / sizeof *host_formats;

static void head_init(struct host_head *head, struct bytes whole)
{
    /* Blank lines at the start are few; this bounds the work on a file of nothing else. */
    enum { LOOK_BYTES = 16384 };
    struct lines l;
    struct line line;

    head->whole = whole;
    head->count = 0;
    lines_init(&l, bytes_part(whole, 0, LOOK_BYTES));
    head->utf16 = l.encoding != LINES_UTF8;
    while (head->count < HOST_HEAD_LINES && lines_next(&l, &line)) {
        struct text t = line_trim(line.text);
        /* adb says so itself, ahead of what it was asked for. */
        if (t.len == 0 || text_starts_with(t, TEXT("* daemon ")))
            continue;
        t = (struct text){ .at = line.text.at,
                           .len = line.text.len < HOST_HEAD_LINE_MAX ? line.text.len : HOST_HEAD_LINE_MAX };
        if (head->utf16) {
            memcpy(head->text[head->count], t.at, t.len);
            t.at = head->text[head->count];
        }
        head->lines[head->count++] = t;
    }
}

/* The quick no for everything that is not text. */
static bool looks_like_text(struct bytes whole)
{
    enum { LOOK_BYTES = 512 };

    if (bytes_start_with(whole, "\xff\xfe", 2) || bytes_start_with(whole, "\xfe\xff", 2))
        return true;
    for (size_t i = 0; i < whole.len && i < LOOK_BYTES; i++)
        if (whole.at[i] < 0x20 && !memchr("\t\n\r\f", whole.at[i], 4))
            return false;
    return whole.len > 0;
}

static const struct host_format *identify(struct bytes whole)
{
    struct host_head head;

    if (!looks_like_text(whole))
        return NULL;
    head_init(&head, whole);
    if (head.count == 0)
        return NULL;
    for (size_t i = 0; i < host_format_count; i++)
        if (host_formats[i].recognise(&head))
            return &host_formats[i];
    return NULL;
}

bool host_recognise(struct bytes whole)
{
    return identify(whole) != NULL;
}

const struct host_format *host_format_find(const char *name)
{
    for (size_t i = 0; i < host_format_count; i++)
        if (strcmp(host_formats[i].name, name) == 0)
            return &host_formats[i];
    return NULL;
}

enum parse_status host_read(struct reading *r, struct bytes whole)
{
    struct host h = { .reading = r, .device = FACT_UNKNOWN_INT };
    const struct host_format *format = identify(whole);

    if (!format)
        return PARSE_INVALID;
    h.subject = text_of(format->subject);
    host_setting(&h, SETTING_TOOL_OUTPUT, text_of(format->name), TEXT_UNKNOWN, whole);
    const enum parse_status status = format->read(&h, whole);
    if (h.rows > HOST_ROWS_MAX)
        reading_damage(r, 0, FACT_UNKNOWN_INT, (int64_t)(h.rows - HOST_ROWS_MAX),
                       "more than %d settings: the rest was not kept", HOST_ROWS_MAX);
    return status;
}

static bool room_for_row(struct host *h, struct text value, struct text detail, struct bytes at)
{
    if (value.len > HOST_VALUE_MAX || detail.len > HOST_VALUE_MAX) {
        reading_damage(h->reading, at.origin, (int64_t)at.len, 1, "a value longer than %d bytes", HOST_VALUE_MAX);
        return false;
    }
    return ++h->rows <= HOST_ROWS_MAX;
}

void host_setting(struct host *h, enum setting_name name, struct text value, struct text detail, struct bytes at)
{
    struct fact_setting row;

    if (value.len == 0 || !room_for_row(h, value, detail, at))
        return;
    fact_init(FACT_SETTING, &row);
    row.head.origin = fact_origin_at(at.origin, at.len);
    row.subject = h->subject;
    row.name = text_of(setting_names[name]);
    row.value = value;
    row.detail = detail.len ? detail : TEXT_UNKNOWN;
    row.device = h->device;
    fact_put(h->reading->facts, FACT_SETTING, &row);
}

void host_setting_number(struct host *h, enum setting_name name, int64_t value, struct text detail, struct bytes at)
{
    char digits[TEXT_INT_MAX];

    host_setting(h, name, (struct text){ .at = digits, .len = text_put_int(digits, value) }, detail, at);
}

void host_setting_switch(struct host *h, enum setting_name name, bool on, struct text detail, struct bytes at)
{
    host_setting(h, name, on ? TEXT("on") : TEXT("off"), detail, at);
}

void host_identifier(struct host *h, const char *kind, struct text value, struct bytes at)
{
    struct fact_identifier row;

    if (value.len == 0 || !room_for_row(h, value, TEXT_UNKNOWN, at))
        return;
    fact_init(FACT_IDENTIFIER, &row);
    row.head.origin = fact_origin_at(at.origin, at.len);
    row.kind = text_of(kind);
    row.value = value;
    row.device = h->device;
    fact_put(h->reading->facts, FACT_IDENTIFIER, &row);
}

void host_damage_line(struct host *h, const struct line *line, const char *what)
{
    reading_damage(h->reading, line->at.origin, (int64_t)line->at.len, 1, "%s", what);
}

bool host_line(struct host *h, struct lines *l, struct line *line, struct text harmless)
{
    if (!lines_next(l, line))
        return false;
    if (l->encoding != LINES_UTF8) { /* so that views hold until the item is done */
        line->text = arena_text(h->reading->arena, line->text);
        line->indent = line->text.len ? line->indent : 0;
    }
    if (line->ended || line->text.len == 0)
        return true;
    if (!text_known(harmless) || !text_equal(line_trim(line->text), harmless)) {
        host_damage_line(h, line, "the last line has no end and may be cut off: it was not read");
        h->cut = true;
    }
    return false;
}

bool host_boolean(struct text t, bool *ret)
{
    static const char *const yes[] = { "1", "true", "on", "yes" }, *const no[] = { "0", "false", "off", "no" };

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        const bool is_yes = text_equal_ignoring_case(t, text_of(yes[i]));
        if (is_yes || text_equal_ignoring_case(t, text_of(no[i]))) {
            *ret = is_yes;
            return true;
        }
    }
    return false;
}

bool host_is_mac(struct text t)
{
    bool zero = true;

    if (t.len != 17)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        if (i % 3 == 2 ? t.at[i] != ':' : !memchr("0123456789abcdefABCDEF", t.at[i], 22))
            return false;
        zero = zero && (i % 3 == 2 || t.at[i] == '0');
    }
    return !zero;
}
