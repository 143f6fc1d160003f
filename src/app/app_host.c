#include "app/app.h"

#include "app/host_text.h"
#include "base/hash.h"

enum { HOST_SLOTS = 16384 }; /* more than twice APP_HOSTS_MAX */

bool app_hosts_init(struct app *a)
{
    a->hosts = arena_alloc(a->r->arena, APP_HOSTS_MAX, sizeof *a->hosts);
    a->host_slots = arena_alloc(a->r->arena, HOST_SLOTS, sizeof *a->host_slots);
    return a->hosts && a->host_slots;
}

static bool is_cleartext(struct text scheme)
{
    static const char *const schemes[] = { "http", "ws", "ftp", "mqtt", "rtmp", "rtsp", "tcp", "udp", "telnet" };

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (text_equal_ignoring_case(scheme, text_of(schemes[i])))
            return true;
    return false;
}

static bool is_network_scheme(struct text scheme)
{
    static const char *const schemes[] = { "https", "wss", "ftps", "mqtts", "ssl", "tls", "rtmps", "rtsps", "sftp",
                                           "ssh", "quic", "grpc" };

    if (is_cleartext(scheme))
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (text_equal_ignoring_case(scheme, text_of(schemes[i])))
            return true;
    return false;
}

void app_note_host(struct app *a, struct text host, const struct url_text *url, const struct zip_entry *e,
                   uint64_t inside)
{
    const struct text scheme = url ? url->scheme : TEXT_UNKNOWN;
    enum { HOST_BYTES_MAX = 253, URL_SHOWN_MAX = 160 };
    char lower[HOST_BYTES_MAX];

    if (host.len == 0 || host.len > sizeof lower)
        return;
    for (size_t i = 0; i < host.len; i++)
        lower[i] = host.at[i] >= 'A' && host.at[i] <= 'Z' ? (char)(host.at[i] | 0x20) : host.at[i];
    const struct text name = { .at = lower, .len = host.len };
    size_t at = (size_t)hash_mix(lower, host.len, 0) & (HOST_SLOTS - 1);
    while (a->host_slots[at] && !text_equal(a->hosts[a->host_slots[at] - 1].host, name))
        at = (at + 1) & (HOST_SLOTS - 1);
    if (!a->host_slots[at]) {
        if (a->host_count == APP_HOSTS_MAX) {
            a->hosts_left_out++;
            return;
        }
        a->hosts[a->host_count++] = (struct app_host){
            .host = arena_text(a->r->arena, name), .scheme = arena_text(a->r->arena, scheme), .where = e->name,
            .offset = e->packed.origin, .length = e->packed.len, .inside = inside };
        a->host_slots[at] = (uint32_t)a->host_count;
    }
    struct app_host *h = &a->hosts[a->host_slots[at] - 1];
    h->count++;
    if (url && url->rest.len > 1 && !text_known(h->url)) { /* the first that says more than the host */
        char shown[URL_SHOWN_MAX];
        h->url = arena_text(a->r->arena, (struct text){ shown, url_shown(url, shown, sizeof shown) });
    }
    h->cleartext |= text_known(scheme) && is_cleartext(scheme);
}

void app_search_hosts(struct app *a, struct bytes content, const struct zip_entry *e, uint64_t inside,
                      size_t character_bytes)
{
    struct url_text url;
    size_t at = 0;

    while (url_next(content, &at, &url))
        if (is_network_scheme(url.scheme) && !host_is_name_only(url.host))
            app_note_host(a, url.host, &url, e,
                          inside + (uint64_t)(url.host.at - (const char *)content.at) * character_bytes);
}

void app_put_hosts(struct app *a)
{
    for (size_t i = 0; i < a->host_count; i++) {
        const struct app_host *h = &a->hosts[i];
        const int component = component_of_host(a->table, h->host);
        struct fact_component row;
        struct text steps[4];
        size_t n = 0;

        steps[n++] = arena_printf(a->r->arena, "%.*s at %llu", (int)h->where.len, h->where.at,
                                  (unsigned long long)h->inside);
        if (h->cleartext)
            steps[n++] = TEXT("an unencrypted address names it");
        if (text_known(h->url))
            steps[n++] = arena_printf(a->r->arena, "first with more than the name in %.*s", (int)h->url.len, h->url.at);
        if (h->count > 1)
            steps[n++] = arena_printf(a->r->arena, "named %zu times", h->count);
        fact_init(FACT_COMPONENT, &row);
        row.head.origin = app_origin(a, h->offset, h->length, steps, n);
        row.package = a->package;
        row.name = h->host;
        row.kind = TEXT("host");
        row.state = TEXT("host_only");
        if (component != COMPONENT_NONE) {
            const struct component *c = component_at(a->table, (size_t)component);
            struct component_signs *s = a->signs ? &a->signs[component] : NULL;
            row.owner = c->owner;
            row.country = c->country;
            row.source = c->source;
            if (s && s->hosts++ == 0) {
                s->host = h->host;
                s->host_offset = h->offset;
            }
        }
        fact_put(a->r->facts, FACT_COMPONENT, &row);
    }
    if (a->hosts_left_out > 0)
        reading_damage(a->r, 0, FACT_UNKNOWN_INT, (int64_t)a->hosts_left_out,
                       "names more than %d hosts; %zu mentions of others were left out", APP_HOSTS_MAX, a->hosts_left_out);
}
