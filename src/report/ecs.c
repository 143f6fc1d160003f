#include "report/ecs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/ecs_event.h"
#include "report/forbidden.h"

static int take_place(void *user, const void *row)
{
    const struct fact_destination *d = row;
    struct ecs *x = user;
    struct text key = text_known(d->host) && d->host.len > 0 ? d->host : d->addresses.count
        ? d->addresses.items[0] : TEXT_UNKNOWN;
    char *lower = arena_alloc(x->arena, key.len + 1, 1);

    while (key.len > 0 && key.at[key.len - 1] == '.')
        key.len--;
    for (size_t i = 0; i < key.len; i++)
        lower[i] = key.at[i] >= 'A' && key.at[i] <= 'Z' ? (char)(key.at[i] + 'a' - 'A') : key.at[i];
    if (x->place_count == x->place_room) {
        x->place_room = x->place_room ? 2 * x->place_room : 64;
        x->places = memory_resize_array(x->places, x->place_room, sizeof *x->places);
    }
    x->places[x->place_count++] = (struct ecs_place){
        .key = { .at = lower, .len = key.len }, .owner = arena_text(x->arena,
                                                                    d->owner), .purpose = arena_text(x->arena,
                                                                                                     d->purpose),
        .party = arena_text(x->arena, d->party), .operator_country = arena_text(x->arena, d->operator_country),
        .registry_country = arena_text(x->arena, d->registry_country), .location_country =
            arena_text(x->arena, d->location_country),
        .as_name = arena_text(x->arena, d->as_name), .asn = d->asn,
    };
    return 0;
}

static int compare_places(const void *a, const void *b)
{
    return text_compare(((const struct ecs_place *)a)->key, ((const struct ecs_place *)b)->key);
}

/* ---- pieces that several events have ---- */

static void put_related(struct json *j, const struct text *ips, size_t ip_count, const struct text *hosts,
                        size_t host_count)
{
    json_key(j, "related");
    json_object(j);
    json_key(j, "ip");
    json_array(j);
    for (size_t i = 0; i < ip_count; i++)
        if (ecs_is_ip(ips[i]))
            json_text(j, ips[i]);
    json_array_end(j);
    json_key(j, "hosts");
    json_array(j);
    for (size_t i = 0; i < host_count; i++)
        if (hosts[i].len > 0 && !ecs_is_ip(hosts[i]))
            json_text(j, hosts[i]);
    json_array_end(j);
    json_object_end(j);
}

/* "host": the machine under test. */
static void put_host(struct json *j, struct text address, struct text mac)
{
    json_key(j, "host");
    json_object(j);
    if (ecs_is_ip(address))
        json_member_text(j, "ip", address);
    ecs_mac(j, "mac", mac);
    json_object_end(j);
}

static void put_country_code(struct json *j, struct text country)
{
    if (country.len != 2)
        return;
    json_key(j, "geo");
    json_object(j);
    json_member_text(j, "country_iso_code", country);
    json_object_end(j);
}

static void put_place(struct json *j, const struct ecs_place *p)
{
    if (!p)
        return;
    if (fact_known_int(p->asn) && p->asn > 0) {
        json_key(j, "as");
        json_object(j);
        json_member_int(j, "number", p->asn);
        if (p->as_name.len > 0) {
            json_key(j, "organization");
            json_object(j);
            json_member_text(j, "name", p->as_name);
            json_object_end(j);
        }
        json_object_end(j);
    }
    put_country_code(j, p->location_country);
}

/* Under "leash": whose the other side is; three countries, because they are three answers. */
static void put_owner(struct json *j, const struct ecs_place *p)
{
    if (!p)
        return;
    ecs_text(j, "owner", p->owner);
    ecs_text(j, "purpose", p->purpose);
    ecs_text(j, "party", p->party);
    ecs_text(j, "operator_country", p->operator_country);
    ecs_text(j, "registry_country", p->registry_country);
    ecs_text(j, "location_country", p->location_country);
}

static void put_reference(struct ecs *x, const struct fact_head *head, const char *kind, int64_t number)
{
    char name[32];

    if (!fact_known_int(number) || head->id.len == 0)
        return;
    snprintf(name, sizeof name, "%s", kind);
    struct text key = head->id;
    const char *first = memchr(key.at, '-', key.len);
    size_t last = key.len;
    while (last > 0 && key.at[last - 1] != '-')
        last--;
    if (!first || (size_t)(first - key.at) + 1 >= last)
        return;
    json_key(&x->j, name);
    json_text(&x->j, arena_printf(x->arena, "%s-%.*s-%lld", kind, (int)(last - 2 - (size_t)(first - key.at)), first + 1,
                                  (long long)number));
}

static void begin_object(struct json *j, const char *name)
{
    json_key(j, name);
    json_object(j);
}

/* ---- kinds ---- */

static void put_tls(struct json *j, const struct fact_flow *f)
{
    if (!text_known(f->tls_version) && !text_known(f->tls_sni) && !text_known(f->tls_ja3))
        return;
    begin_object(j, "tls");
    ecs_text(j, "version", f->tls_version);
    ecs_text(j, "version_protocol", text_known(f->tls_version) ? TEXT("tls") : TEXT_UNKNOWN);
    ecs_text(j, "cipher", f->tls_cipher);
    ecs_text(j, "next_protocol", f->tls_alpn.count == 1 ? f->tls_alpn.items[0] : TEXT_UNKNOWN);
    if (text_known(f->tls_resumption))
        json_member_bool(j, "resumed", true);
    begin_object(j, "client");
    ecs_text(j, "server_name", f->tls_sni);
    ecs_text(j, "ja3", f->tls_ja3);
    json_object_end(j);
    begin_object(j, "server");
    ecs_text(j, "issuer", f->tls_issuer);
    ecs_text(j, "subject", f->tls_subject);
    json_object_end(j);
    json_object_end(j);
}

static int64_t sum(int64_t a, int64_t b)
{
    int64_t total;

    return fact_known_int(a) && fact_known_int(b) && !__builtin_add_overflow(a, b, &total) ? total : FACT_UNKNOWN_INT;
}

static void put_network(struct json *j, const struct fact_flow *f)
{
    begin_object(j, "network");
    if (ecs_is_ip(f->dst))
        json_member_text(j, "type", memchr(f->dst.at, ':', f->dst.len) ? TEXT("ipv6") : TEXT("ipv4"));
    ecs_text(j, "transport", f->proto);
    ecs_text(j, "protocol", f->service);
    json_member_text(j, "direction", f->local == 1 ? TEXT("internal") : TEXT("outbound"));
    ecs_int(j, "bytes", sum(f->bytes_out, f->bytes_in));
    ecs_int(j, "packets", sum(f->packets_out, f->packets_in));
    json_object_end(j);
}

static int put_flow(void *user, const void *row)
{
    const struct fact_flow *f = row;
    struct ecs *x = user;
    struct json *j = &x->j;
    const struct ecs_place *place = ecs_place_of(x, f->host, f->dst);

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &f->head, .dataset = "leash.flow", .kind = "event", .category = "network",
                                      .type = "connection",
                                      .action = "network_flow", .at = f->first, .end = f->last });
    begin_object(j, "source");
    ecs_address(j, f->src);
    ecs_int(j, "port", f->src_port);
    ecs_mac(j, "mac", f->src_mac);
    ecs_int(j, "bytes", f->bytes_out);
    ecs_int(j, "packets", f->packets_out);
    json_object_end(j);
    begin_object(j, "destination");
    ecs_address(j, f->dst);
    ecs_int(j, "port", f->dst_port);
    ecs_text(j, "domain", f->host);
    ecs_int(j, "bytes", f->bytes_in);
    ecs_int(j, "packets", f->packets_in);
    put_place(j, place);
    json_object_end(j);
    put_network(j, f);
    put_tls(j, f);
    put_host(j, f->src, f->src_mac);
    put_related(j, (const struct text[]){ f->src, f->dst }, 2, &f->host, 1);
    begin_object(j, "leash");
    ecs_text(j, "host_source", f->host_source);
    ecs_text(j, "phase", f->phase);
    put_owner(j, place);
    ecs_int(j, "payload_out", f->payload_out);
    ecs_int(j, "payload_in", f->payload_in);
    ecs_int(j, "readable_out", f->readable_out);
    ecs_int(j, "opaque_out", f->opaque_out);
    ecs_int(j, "missing_out", f->missing_out);
    ecs_text(j, "ja4", f->tls_ja4);
    ecs_text(j, "quic_version", f->quic_version);
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_dns(void *user, const void *row)
{
    const struct fact_dns *d = row;
    struct ecs *x = user;
    struct json *j = &x->j;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &d->head, .dataset = "leash.dns", .kind = "event", .category = "network",
                                      .type = "protocol",
                                      .action = "dns_query", .at = d->at, .end = FACT_UNKNOWN_INT });
    begin_object(j, "dns");
    json_member_text(j, "type", text_known(d->status) || d->answers.count ? TEXT("answer") : TEXT("query"));
    ecs_text(j, "response_code", d->status);
    begin_object(j, "question");
    ecs_text(j, "name", d->name);
    ecs_text(j, "type", d->type);
    json_object_end(j);
    json_key(j, "answers");
    json_array(j);
    for (size_t i = 0; i < d->answers.count; i++) {
        json_object(j);
        json_member_text(j, "data", d->answers.items[i]);
        json_object_end(j);
    }
    json_array_end(j);
    json_key(j, "resolved_ip");
    json_array(j);
    for (size_t i = 0; i < d->answers.count; i++)
        if (ecs_is_ip(d->answers.items[i]))
            json_text(j, d->answers.items[i]);
    json_array_end(j);
    json_object_end(j);
    begin_object(j, "source");
    ecs_address(j, d->client);
    json_object_end(j);
    begin_object(j, "destination");
    ecs_address(j, d->server);
    json_object_end(j);
    begin_object(j, "network");
    json_member_text(j, "protocol", TEXT("dns"));
    json_object_end(j);
    put_host(j, d->client, TEXT_UNKNOWN);
    put_related(j, (const struct text[]){ d->client, d->server }, 2, &d->name, 1);
    begin_object(j, "leash");
    put_reference(x, &d->head, "flow", d->flow);
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_request(void *user, const void *row)
{
    const struct fact_request *q = row;
    struct ecs *x = user;
    struct json *j = &x->j;
    const struct text slash = TEXT("/");
    const char *version = q->protocol.len ? memchr(q->protocol.at, '/', q->protocol.len) : NULL;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &q->head, .dataset = "leash.request", .kind = "event",
                                      .category = "network", .web = "web",
                                      .type = "access", .action = "request", .at = q->at, .end = FACT_UNKNOWN_INT });
    begin_object(j, "http");
    if (version && text_starts_with(q->protocol, TEXT("http")))
        json_member_text(j, "version", (struct text){ .at = version + slash.len, .len = q->protocol.len - (size_t)(version - q->protocol.at) - 1 });
    begin_object(j, "request");
    ecs_text(j, "method", q->method);
    ecs_text(j, "mime_type", q->content_type);
    if (fact_known_int(q->body_bytes)) {
        begin_object(j, "body");
        json_member_int(j, "bytes", q->body_bytes);
        json_object_end(j);
    }
    json_object_end(j);
    begin_object(j, "response");
    ecs_int(j, "status_code", q->status);
    if (fact_known_int(q->response_bytes)) {
        begin_object(j, "body");
        json_member_int(j, "bytes", q->response_bytes);
        json_object_end(j);
    }
    json_object_end(j);
    json_object_end(j);
    begin_object(j, "url");
    ecs_text(j, "domain", q->host);
    ecs_text(j, "path", q->path);
    json_object_end(j);
    if (q->user_agent.len > 0) {
        begin_object(j, "user_agent");
        json_member_text(j, "original", q->user_agent);
        json_object_end(j);
    }
    begin_object(j, "network");
    ecs_text(j, "protocol", q->protocol);
    json_object_end(j);
    put_related(j, NULL, 0, &q->host, 1);
    begin_object(j, "leash");
    put_reference(x, &q->head, "flow", q->flow);
    put_owner(j, ecs_place_of(x, q->host, TEXT_UNKNOWN));
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_broadcast(void *user, const void *row)
{
    const struct fact_broadcast *b = row;
    struct ecs *x = user;
    struct json *j = &x->j;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &b->head, .dataset = "leash.broadcast", .kind = "event",
                                      .category = "network", .type = "info",
                                      .action = "broadcast", .at = b->at, .end = FACT_UNKNOWN_INT });
    begin_object(j, "source");
    ecs_mac(j, "mac", b->sender);
    if (fact_known_real(b->longitude_deg) && fact_known_real(b->latitude_deg)) {
        begin_object(j, "geo");
        begin_object(j, "location");
        json_member_real(j, "lon", b->longitude_deg);
        json_member_real(j, "lat", b->latitude_deg);
        json_object_end(j);
        json_object_end(j);
    }
    json_object_end(j);
    if (b->uas_id.len > 0) {
        begin_object(j, "device");
        json_member_text(j, "id", b->uas_id);
        json_object_end(j);
    }
    begin_object(j, "leash");
    ecs_text(j, "broadcast", b->kind);
    ecs_text(j, "carrier", b->carrier);
    ecs_text(j, "id_type", b->id_type);
    ecs_text(j, "operator_id", b->operator_id);
    if (fact_known_real(b->operator_longitude_deg) && fact_known_real(b->operator_latitude_deg)) {
        begin_object(j, "operator_location");
        json_member_real(j, "lon", b->operator_longitude_deg);
        json_member_real(j, "lat", b->operator_latitude_deg);
        json_object_end(j);
    }
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_leak(void *user, const void *row)
{
    const struct fact_leak *l = row;
    struct ecs *x = user;
    struct json *j = &x->j;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &l->head, .dataset = "leash.leak", .kind = "alert", .category = "network",
                                      .type = "info",
                                      .action = "known_data_sent", .at = l->at, .end = FACT_UNKNOWN_INT, .message =
                                          l->claim });
    begin_object(j, "destination");
    ecs_text(j, ecs_is_ip(l->destination) ? "ip" : "domain", l->destination);
    put_place(j, ecs_place_of(x, l->destination, TEXT_UNKNOWN));
    json_object_end(j);
    begin_object(j, "rule");
    json_member_text(j, "id", TEXT("leak"));
    ecs_text(j, "name", l->claim_key);
    json_object_end(j);
    put_related(j, &l->destination, 1, &l->destination, 1);
    begin_object(j, "leash");
    ecs_text(j, "what", l->what);
    ecs_text(j, "secret", l->secret);
    put_reference(x, &l->head, "flow", l->flow);
    ecs_int(j, "points", l->points);
    if (fact_known_real(l->evidence_bits))
        json_member_real(j, "evidence_bits", l->evidence_bits);
    put_owner(j, ecs_place_of(x, l->destination, TEXT_UNKNOWN));
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_finding(void *user, const void *row)
{
    const struct fact_finding *f = row;
    struct ecs *x = user;
    struct json *j = &x->j;
    const bool network = f->destinations.count > 0;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &f->head, .dataset = "leash.finding",
                                      .kind = text_equal(f->severity, TEXT("info")) ? "state" : "alert",
                                      .category = network ? "network" : "configuration", .type = "info", .action =
                                          "finding",
                                      .at = FACT_UNKNOWN_INT, .end = FACT_UNKNOWN_INT, .severity =
                                          f->severity, .message = f->statement });
    if (f->destinations.count == 1) {
        begin_object(j, "destination");
        ecs_text(j, ecs_is_ip(f->destinations.items[0]) ? "ip" : "domain", f->destinations.items[0]);
        json_object_end(j);
    }
    begin_object(j, "rule");
    ecs_text(j, "id", f->rule);
    json_object_end(j);
    put_related(j, f->destinations.items, f->destinations.count, f->destinations.items, f->destinations.count);
    begin_object(j, "leash");
    ecs_text(j, "severity", f->severity);
    json_key(j, "facts");
    json_array(j);
    for (size_t i = 0; i < f->facts.count; i++)
        json_text(j, f->facts.items[i]);
    json_array_end(j);
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static int put_precaution(void *user, const void *row)
{
    const struct fact_precaution *p = row;
    struct ecs *x = user;
    struct json *j = &x->j;

    arena_reset(x->arena);
    ecs_begin(x, &(struct ecs_event){ .head = &p->head, .dataset = "leash.precaution", .kind = "state",
                                      .category = "configuration", .type = "info",
                                      .action = "precaution", .at = FACT_UNKNOWN_INT, .end = FACT_UNKNOWN_INT, .reason =
                                          p->reason,
                                      .outcome = text_equal(p->verdict, TEXT("met"))
                                          ? "success" : text_equal(p->verdict, TEXT("not_met")) ? "failure"
                                                                                                                                          : "unknown" });
    begin_object(j, "rule");
    ecs_text(j, "id", p->rule);
    ecs_text(j, "name", p->title);
    ecs_text(j, "category", p->kind);
    ecs_text(j, "reference", p->source);
    ecs_text(j, "ruleset", p->profiles.count ? p->profiles.items[0] : TEXT_UNKNOWN);
    json_object_end(j);
    begin_object(j, "leash");
    ecs_text(j, "verdict", p->verdict);
    ecs_text(j, "applies", p->applies);
    ecs_text(j, "coverage", p->coverage);
    ecs_text(j, "next_step", p->next_step);
    json_object_end(j);
    ecs_end(x);
    return 0;
}

static void put_indicator(struct ecs *x, const struct forbidden *f)
{
    struct json *j = &x->j;

    if (f->kind != FORBIDDEN_NAME && f->kind != FORBIDDEN_ADDRESS)
        return;
    ecs_begin(x, &(struct ecs_event){ .dataset = "leash.forbidden", .kind = "enrichment", .category = "threat",
                                      .type = "indicator",
                                      .action = "forbidden", .at = FACT_UNKNOWN_INT, .end = FACT_UNKNOWN_INT });
    begin_object(j, "threat");
    begin_object(j, "indicator");
    json_member_text(j, "name", f->name);
    if (f->kind == FORBIDDEN_NAME) {
        json_member_text(j, "type", TEXT("domain-name"));
        begin_object(j, "url");
        json_member_text(j, "domain", f->name);
        json_object_end(j);
    } else {
        json_member_text(j, "type", memchr(f->name.at, ':', f->name.len) ? TEXT("ipv6-addr") : TEXT("ipv4-addr"));
        json_member_text(j, "ip", f->name);
    }
    ecs_text(j, "description", f->reason_count ? f->reasons[0].statement : TEXT_UNKNOWN);
    ecs_text(j, "last_seen", f->last);
    json_member_text(j, "confidence", TEXT("Not Specified"));
    begin_object(j, "marking");
    json_member_text(j, "tlp", TEXT("AMBER"));
    json_object_end(j);
    json_object_end(j);
    json_object_end(j);
    begin_object(j, "rule");
    ecs_text(j, "id", f->reason_count ? f->reasons[0].rule : TEXT_UNKNOWN);
    json_object_end(j);
    begin_object(j, "leash");
    ecs_text(j, "owner", f->owner);
    json_object_end(j);
    ecs_end(x);
}

static int put_forbidden(struct fact_case *c, struct ecs *x)
{
    struct forbidden_list list;

    arena_reset(x->arena);
    const int error = forbidden_read(c, x->arena, &list);
    for (size_t i = 0; i < list.count && !error; i++)
        put_indicator(x, &list.at[i]);
    forbidden_done(&list);
    return error;
}

int report_ecs_write(struct fact_case *c, FILE *out)
{
    static const struct { enum fact_kind kind; int (*put)(void *user, const void *row); } kinds[] = {
        { FACT_FLOW, put_flow }, { FACT_DNS, put_dns }, { FACT_REQUEST, put_request }, { FACT_BROADCAST, put_broadcast }, { FACT_LEAK, put_leak },
        { FACT_PRECAUTION, put_precaution }, { FACT_FINDING, put_finding },
    };
    struct arena *run = arena_new(0);
    struct ecs x = { .out = out, .arena = run };
    int error;

    x.started = case_get(c, "started", run);
    x.version = case_get(c, "tool_version", run);
    x.label = case_get(c, "label", run);
    error = x.started.len == 0 ? -EINVAL : case_each(c, FACT_DESTINATION, NULL, take_place, &x);
    if (x.place_count > 0)
        qsort(x.places, x.place_count, sizeof *x.places, compare_places);
    x.arena = arena_new(0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !error; i++)
        error = case_each(c, kinds[i].kind, NULL, kinds[i].put, &x);
    if (!error)
        error = put_forbidden(c, &x);
    arena_free(x.arena);
    arena_free(run);
    free(x.places);
    return error ? error : fflush(out) || ferror(out) ? -EIO : 0;
}
