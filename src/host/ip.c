#include "host/host.h"

#include <stdio.h>
#include <string.h>

#include "base/json_read.h"

/* iproute2's `ip route` and `ip addr`, as text and with -j as JSON (ip-route(8), ip-address(8)):
 *   default via 192.0.2.1 dev wlan0 proto dhcp metric 600
 *   10.1.0.0/16 via 192.0.2.9 dev eth0
 *   2: wlan0: <BROADCAST,UP> mtu 1500 ...
 *       link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
 *       inet 192.0.2.5/24 brd 192.0.2.255 scope global dynamic wlan0
 * Routes of the kernel's own table "local" and those that lead nowhere are passed over; so are the
 * loopback's addresses. */

static bool is_address(struct text t)
{
    bool mark = false, digit = false;

    for (size_t i = 0; i < t.len; i++) {
        if (!memchr("0123456789abcdefABCDEF.:/", t.at[i], 25))
            return false;
        mark = mark || t.at[i] == '.' || t.at[i] == ':';
        digit = digit || (t.at[i] >= '0' && t.at[i] <= '9');
    }
    return mark && digit && t.len <= 49;
}

static bool is_route(struct text t)
{
    static const char *const types[] = { "unicast", "local",       "broadcast", "multicast", "anycast",
                                         "throw",   "unreachable", "prohibit",  "blackhole" };
    static const char *const next[] = { "via", "dev", "proto", "scope", "metric", "src", "table", "nhid" };
    struct text word = line_word(&t);
    bool typed = false;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        typed = typed || text_equal(word, text_of(types[i]));
    if (typed)
        word = line_word(&t);
    if (!text_equal(word, TEXT("default")) && !is_address(word))
        return false;
    word = line_word(&t);
    for (size_t i = 0; i < sizeof next / sizeof *next; i++)
        if (text_equal(word, text_of(next[i])))
            return true;
    return typed && word.len == 0;
}

bool ip_route_recognise(const struct host_head *head)
{
    for (size_t i = 0; i < head->count && i < 4; i++)
        if (!is_route(head->lines[i]) && !(i > 0 && text_starts_with(line_trim(head->lines[i]), TEXT("nexthop "))))
            return false;
    return true;
}

/* The word behind `name`, or unknown. */
static struct text word_behind(struct text t, const char *name)
{
    while (t.len > 0)
        if (text_equal(line_word(&t), text_of(name))) {
            const struct text word = line_word(&t);
            return word.len ? word : TEXT_UNKNOWN;
        }
    return TEXT_UNKNOWN;
}

static void put_route(struct host *h, struct text destination, struct text gateway, struct text device, struct bytes at)
{
    if (text_equal(destination, TEXT("default")))
        host_setting(h, SETTING_ROUTE_DEFAULT, gateway.len ? gateway : TEXT("link"), device, at);
    else
        host_setting(h, SETTING_ROUTE, destination, device, at);
}

enum parse_status ip_route_read(struct host *h, struct bytes part)
{
    bool default_open = false; /* its gateways stand on lines of their own */
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        struct text t = line.text, rest = line.text;
        const struct text first = line_word(&rest);
        if (t.len == 0)
            continue;
        const struct text gateway = word_behind(t, "via"), device = word_behind(t, "dev");
        if (text_equal(first, TEXT("nexthop"))) {
            if (default_open)
                put_route(h, TEXT("default"), gateway, device, line.at);
            continue;
        }
        default_open = false;
        if (text_equal(first, TEXT("default")) || is_address(first)) {
            if (text_known(device) || text_known(gateway))
                put_route(h, first, gateway, device, line.at);
            else
                default_open = text_equal(first, TEXT("default"));
        } else if (!is_route(t)) {
            host_damage_line(h, &line, "not a route");
        }
    }
    return PARSE_OK;
}

/* "2: wlan0: <BROADCAST,UP> mtu 1500", "3: eth0@if4: <...". */
static bool interface_title(struct text t, struct text *ret_name)
{
    struct text number = line_word(&t), name = line_word(&t);
    int64_t n;

    if (number.len < 2 || number.at[number.len - 1] != ':' || name.len < 2 || name.at[name.len - 1] != ':')
        return false;
    number.len--;
    name.len--;
    (void)line_cut(name, '@', &name, NULL);
    if (!text_to_int(number, 0, INT32_MAX, &n) || !text_starts_with(line_trim(t), TEXT("<")))
        return false;
    *ret_name = name;
    return true;
}

bool ip_addr_recognise(const struct host_head *head)
{
    struct text name;

    return interface_title(head->lines[0], &name) && head->count > 1 &&
           text_starts_with(line_trim(head->lines[1]), TEXT("link/"));
}

static bool is_loopback(struct text address)
{
    return text_starts_with(address, TEXT("127.")) || text_equal(address, TEXT("::1/128")) ||
           text_equal(address, TEXT("::1"));
}

enum parse_status ip_addr_read(struct host *h, struct bytes part)
{
    struct text name = TEXT_UNKNOWN, address;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (line.indent == 0 && t.len > 0) {
            if (!interface_title(t, &name)) {
                name = TEXT_UNKNOWN;
                host_damage_line(h, &line, "not an interface");
            }
        } else if (text_starts_with(t, TEXT("inet ")) || text_starts_with(t, TEXT("inet6 "))) {
            address = word_behind(t, text_starts_with(t, TEXT("inet ")) ? "inet" : "inet6");
            if (!is_address(address))
                host_damage_line(h, &line, "not an address");
            else if (!is_loopback(address))
                host_setting(h, SETTING_INTERFACE_ADDRESS, address, name, line.at);
        } else if (text_starts_with(t, TEXT("link/ether "))) {
            address = word_behind(t, "link/ether");
            if (host_is_mac(address))
                host_identifier(h, "mac", address, line.at);
        }
    }
    return PARSE_OK;
}

static bool begins_with_json(const struct host_head *head, const char *one, const char *other)
{
    enum { LOOK_BYTES = 1024 };
    const struct text t = text_of_bytes(bytes_part(head->whole, 0, LOOK_BYTES));
    struct text rest;

    return text_starts_with(line_trim(head->lines[0]), TEXT("[")) && line_behind(t, text_of(one), &rest) &&
           line_behind(t, text_of(other), &rest);
}

bool ip_route_json_recognise(const struct host_head *head) { return begins_with_json(head, "\"dst\":", "\"dev\":"); }
bool ip_addr_json_recognise(const struct host_head *head)
{
    return begins_with_json(head, "\"ifname\":", "\"link_type\":");
}

/* One object of the outer array at a time. */
enum ip_field { FIELD_DESTINATION, FIELD_GATEWAY, FIELD_DEVICE, FIELD_TYPE, FIELD_LOCAL, FIELD_COUNT };
enum { IP_WORD_MAX = 128 };

struct ip_json {
    struct host *host;
    bool addresses;
    char words[FIELD_COUNT][IP_WORD_MAX];
    size_t lens[FIELD_COUNT];
    int64_t length;
    struct bytes at;
};

static struct text field(const struct ip_json *j, enum ip_field f)
{
    return j->lens[f] ? (struct text){ .at = j->words[f], .len = j->lens[f] } : TEXT_UNKNOWN;
}

static void keep(struct ip_json *j, enum ip_field f, struct text value)
{
    j->lens[f] = value.len <= IP_WORD_MAX ? value.len : 0;
    if (j->lens[f] > 0)
        memcpy(j->words[f], value.at, value.len);
}

static void end_address(struct ip_json *j)
{
    const struct text local = field(j, FIELD_LOCAL);
    char address[IP_WORD_MAX + 8];

    if (is_address(local) && !is_loopback(local) && fact_known_int(j->length)) {
        snprintf(address, sizeof address, "%.*s/%d", (int)local.len, local.at, (int)j->length);
        host_setting(j->host, SETTING_INTERFACE_ADDRESS, text_of(address), field(j, FIELD_DEVICE), j->at);
    }
    j->lens[FIELD_LOCAL] = 0;
    j->length = FACT_UNKNOWN_INT;
}

static void end_object(struct ip_json *j)
{
    const struct text destination = field(j, FIELD_DESTINATION);

    if (!j->addresses && (text_equal(destination, TEXT("default")) || is_address(destination)) && !j->lens[FIELD_TYPE])
        put_route(j->host, destination, field(j, FIELD_GATEWAY), field(j, FIELD_DEVICE), j->at);
    memset(j->lens, 0, sizeof j->lens);
}

static bool on_event(void *user, const struct json_event *e)
{
    static const struct { const char *path; enum ip_field field; } fields[] = {
        { "[]dst", FIELD_DESTINATION }, { "[]gateway", FIELD_GATEWAY }, { "[]dev", FIELD_DEVICE },
        { "[]type", FIELD_TYPE },       { "[]ifname", FIELD_DEVICE },   { "[]addr_info[]local", FIELD_LOCAL },
    };
    struct ip_json *j = user;

    if (e->kind == JSON_TEXT) {
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (json_event_is(e, 0, fields[i].path)) {
                keep(j, fields[i].field, e->text);
                j->at = e->at;
            }
        if (j->addresses && json_event_is(e, 0, "[]address") && host_is_mac(e->text))
            host_identifier(j->host, "mac", e->text, e->at);
    } else if (e->kind == JSON_NUMBER && json_event_is(e, 0, "[]addr_info[]prefixlen")) {
        (void)text_to_int(e->text, 0, 128, &j->length);
    } else if (e->kind == JSON_OBJECT_END && e->depth == 3) {
        end_address(j);
    } else if (e->kind == JSON_OBJECT_END && e->depth == 1) {
        end_object(j);
    }
    return true;
}

static enum parse_status read_json(struct host *h, struct bytes part, bool addresses)
{
    struct ip_json j = { .host = h, .addresses = addresses, .length = FACT_UNKNOWN_INT, .at = part };
    uint64_t origin;
    const enum parse_status status = json_read(part, on_event, &j, &origin);

    if (status != PARSE_OK)
        reading_damage(h->reading, origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the JSON text %s",
                       status == PARSE_TRUNCATED ? "ends too early" : "is malformed");
    return PARSE_OK;
}

enum parse_status ip_route_json_read(struct host *h, struct bytes part) { return read_json(h, part, false); }
enum parse_status ip_addr_json_read(struct host *h, struct bytes part)  { return read_json(h, part, true); }
