#include "judge/traffic_sums.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/network.h"
#include "base/timestamp.h"

enum { KEY_BYTES_MAX = 1024 };

/* A zeroed element for a key that was just added; elements are as many as keys. */
static void *new_element(void **elements, size_t count, size_t size)
{
    if ((count & (count - 1)) == 0) /* room is always the next power of two */
        *elements = memory_resize_array(*elements, count ? 2 * count : 1, size);
    return memset((char *)*elements + count * size, 0, size);
}

#define NEW_ELEMENT(elements, number) new_element((void **)&(elements), (number), sizeof *(elements))

#define KEY_TEXT(key) ((struct text){ .at = (const char *)&(key), .len = sizeof (key) })

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

/* Room for so many bytes more, and for the list's end. */
static char *list_extend(struct traffic *t, struct list *l, size_t bytes)
{
    enum { ROOM_FIRST = 16 }; /* two numbers; the arena would round up more */
    const size_t need = l->len + bytes + 1;

    if (need > l->room) {
        const size_t twice = 2 * (size_t)l->room, room = need > twice ? (need > ROOM_FIRST ? need : ROOM_FIRST) : twice;
        char *json = arena_alloc(t->arena, room, 1);
        if (l->len)
            memcpy(json, l->json, l->len);
        l->json = json;
        l->room = (uint32_t)room;
    }
    l->len += (uint32_t)bytes;
    return l->json + l->len - bytes;
}

/* By hand: with printf this would be a tenth of the work. */
static void list_add_number(struct traffic *t, struct list *l, unsigned max, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    if (l->count == max)
        return;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--at] = '-';
    digits[--at] = l->count++ ? ',' : '[';
    memcpy(list_extend(t, l, sizeof digits - at), digits + at, sizeof digits - at);
}

static void list_add_text(struct traffic *t, struct list *l, unsigned max, struct text text)
{
    static const char hex[] = "0123456789abcdef";

    if (l->count == max || !text_known(text))
        return;
    memcpy(list_extend(t, l, 2), l->count++ ? ",\"" : "[\"", 2);
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        const unsigned char byte = i < text.len ? (unsigned char)text.at[i] : '"';
        if (byte >= ' ' && byte != '"' && byte != '\\')
            continue;
        if (i > from)
            memcpy(list_extend(t, l, i - from), text.at + from, i - from);
        from = i + 1;
        if (i < text.len)
            memcpy(list_extend(t, l, 6), (char[]){ '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] }, 6);
    }
    *list_extend(t, l, 1) = '"';
}

enum { WORD_PHASE, WORD_MAC, WORD_PROTO, WORD_SERVICE };

static int64_t word(struct traffic *t, int column, struct text text)
{
    int64_t *last = &t->last_words[column];
    bool added;

    if (!text_known(text))
        return 0;
    if (*last == 0 || !text_equal(t->words.keys[*last - 1], text))
        *last = (int64_t)distinct_add(&t->words, text, &added) + 1;
    return *last;
}

struct text traffic_word(const struct traffic *t, int64_t number)
{
    return number ? t->words.keys[number - 1] : TEXT_UNKNOWN;
}

enum { ADDRESS_SRC, ADDRESS_DST };

/* The number of an address + 1; 0 when there is none. */
static int64_t need_address(struct traffic *t, int column, struct text text)
{
    int64_t *last = &t->last_addresses[column];
    struct network n;
    bool added;

    if (!text_known(text))
        return 0;
    if (*last && text_equal(t->address_texts.keys[*last - 1], text))
        return *last;
    const size_t number = distinct_add(&t->address_texts, text, &added);
    *last = (int64_t)number + 1;
    if (!added)
        return *last;
    struct address *a = NEW_ELEMENT(t->addresses, number);
    if (network_address(text, &n)) {
        a->group = network_is_group(&n);
        a->private = network_is_private(&n);
        for (size_t i = 0; t->internal_networks && i < t->internal_networks->count && !a->internal; i++) {
            struct network prefix;
            a->internal = network_parse(t->internal_networks->items[i], &prefix) && network_holds(&prefix, &n);
        }
    }
    return (int64_t)number + 1;
}

struct text traffic_address(const struct traffic *t, int64_t number)
{
    return number ? t->address_texts.keys[number - 1] : TEXT_UNKNOWN;
}

/* The name, else the address, as peers are known by. */
static struct text key_of(struct text host, struct text address, char into[KEY_BYTES_MAX])
{
    struct text t = host.len ? host : address;

    while (t.len && t.at[t.len - 1] == '.')
        t.len--;
    if (t.len > KEY_BYTES_MAX)
        t.len = KEY_BYTES_MAX;
    for (size_t i = 0; i < t.len; i++)
        into[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] + 'a' - 'A' : t.at[i]);
    return (struct text){ .at = into, .len = t.len };
}

static size_t need_peer(struct traffic *t, struct text key)
{
    bool added;
    const size_t number = distinct_add(&t->peer_keys, key, &added);

    if (added) {
        struct peer *p = NEW_ELEMENT(t->peers, number);
        const int64_t owner = distinct_find(&t->owner_keys, key);
        p->owner = owner >= 0 ? t->owners[owner].name : TEXT_UNKNOWN;
        p->country = owner >= 0 ? t->owners[owner].country : TEXT_UNKNOWN;
        p->device = TEXT_UNKNOWN;
    }
    return number;
}

/* Times of cases are UTC and end with a Z.  Without it they sort as texts, whatever the number of digits. */
static bool without_zone(struct text *t)
{
    if (t->len < 20 || t->at[t->len - 1] != 'Z')
        return false;
    t->len--;
    return true;
}

static bool in_the_air(const struct traffic *t, struct text first, struct text last)
{
    size_t low = 0, high = t->air_count;

    if (!without_zone(&first) || !without_zone(&last))
        return false;
    while (low < high) { /* the last flight that began before the connection ended */
        const size_t middle = low + (high - low) / 2;
        if (text_compare(t->air[middle].from, last) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && text_compare(t->air[low - 1].to, first) >= 0;
}

static size_t need_stream(struct traffic *t, const struct lane_key *l, struct text host, bool in_flight)
{
    const struct peer *p = &t->peers[l->peer];
    const struct recipient to = { .host = host.len ? host : TEXT_UNKNOWN, .owner = p->owner, .country = p->country,
        .address = traffic_address(t, l->dst), .phase = traffic_word(t, l->phase), .port = l->port };
    const struct stream_key key = { .peer = (uint32_t)l->peer, .phase = (uint32_t)l->phase,
                                    .device = (uint32_t)l->device, .mac = (uint32_t)l->mac,
        .private = l->dst && t->addresses[l->dst - 1].private, .in_flight = in_flight,
        .allowed = t->has_allowances && policy_allows(t->policy, &to) };
    bool added;
    const size_t number = distinct_add(&t->stream_keys, KEY_TEXT(key), &added);

    if (added)
        ((struct stream *)NEW_ELEMENT(t->streams, number))->key = key;
    return number;
}

/* Whether the policy allows it is worked out once per lane. */
static size_t stream_of_lane(struct traffic *t, const struct lane_key *key, struct text host, bool in_flight)
{
    bool added;

    if (!t->has_allowances)
        return need_stream(t, key, host, in_flight);
    const size_t number = distinct_add(&t->lane_keys, KEY_TEXT(*key), &added);
    if (added)
        NEW_ELEMENT(t->lanes, number);
    int64_t *stream = &t->lanes[number].stream_of[in_flight];
    /* Names that differ from the key in their letters are rare: each is looked at. */
    if (*stream == 0 || !key->exact_host)
        *stream = (int64_t)need_stream(t, key, host, in_flight) + 1;
    return (size_t)*stream - 1;
}

static void keep_sent(struct traffic *t, int64_t fid, struct text id, size_t stream)
{
    const int64_t asked = distinct_find(&t->asked_ids, id);

    if (asked != DISTINCT_NONE)
        t->asked_fids[asked] = fid;
    if (t->sent_count == t->sent_room) {
        t->sent_room = t->sent_room ? 2 * t->sent_room : 1024;
        t->sent = memory_resize_array(t->sent, t->sent_room, sizeof *t->sent);
    }
    t->sent[t->sent_count++] = (struct sent){ .fid = fid, .stream = (uint32_t)stream };
}

#define FLOW_COLUMNS "fid, id, src, dst, dst_port, host, ifnull(local, 0), payload_out, opaque_out, missing_out, bytes_in, " \
    "packets_in, phase, src_mac, proto, service, tls_version IS NOT NULL OR quic_version IS NOT NULL, first, last, payload_in, readable_out"
enum { FID, ID, SRC, DST, DST_PORT, HOST, LOCAL, PAYLOAD_OUT, OPAQUE_OUT, MISSING_OUT, BYTES_IN, PACKETS_IN, PHASE,
       SRC_MAC, PROTO, SERVICE, ENCRYPTED, FIRST, LAST, PAYLOAD_IN, READABLE_OUT };

static void add_to_peer(struct traffic *t, struct peer *p, sqlite3_stmt *s, bool answered)
{
    const double payload_out = sqlite3_column_double(s, PAYLOAD_OUT);

    p->flows++;
    p->payload_out += payload_out;
    p->opaque_out += sqlite3_column_double(s, OPAQUE_OUT);
    p->missing_out += sqlite3_column_double(s, MISSING_OUT);
    p->bytes_in += sqlite3_column_double(s, BYTES_IN);
    p->answered |= answered;
    if (payload_out > 0)
        list_add_text(t, &p->facts, 50, column_text(s, ID));
    list_add_text(t, &p->any, 20, column_text(s, ID));
}

static void add_to_stream(struct traffic *t, struct stream *x, sqlite3_stmt *s, int64_t fid, bool answered)
{
    const double payload_out = sqlite3_column_double(s, PAYLOAD_OUT),
                 unreadable_out = sqlite3_column_double(s, OPAQUE_OUT) + sqlite3_column_double(s, MISSING_OUT);

    x->flows++;
    x->payload_out += payload_out;
    x->answered |= answered;
    if (payload_out > 0) {
        x->carrying++;
        list_add_number(t, &x->facts, 20, fid);
    }
    list_add_number(t, &x->any, 20, fid);
    if (unreadable_out > 0) {
        x->unreadable_out += unreadable_out;
        list_add_number(t, &x->unreadable, 50, fid);
    }
}

static void count_kind(struct traffic *t, const struct kind_key *key)
{
    bool added;
    const size_t number = distinct_add(&t->kind_keys, KEY_TEXT(*key), &added);

    if (added)
        NEW_ELEMENT(t->kind_flows, number);
    t->kind_flows[number]++;
}

static void add_to_clear(struct traffic *t, sqlite3_stmt *s, struct text peer, const struct kind_key *kind)
{
    bool added;
    const struct clear_key key = { .peer = text_known(peer) ? (int64_t)distinct_add(&t->clear_peers, peer,
                                                                                    &added) + 1 : 0,
                                   .proto = kind->proto, .service = kind->service, .local = kind->local };
    const struct text id = column_text(s, ID);
    const size_t number = distinct_add(&t->clear_keys, KEY_TEXT(key), &added);

    if (added)
        *(struct clear *)NEW_ELEMENT(t->clear, number) = (struct clear){ .first_fid = sqlite3_column_int64(s, FID),
            .least_id = arena_text(t->passing, id), .greatest_id = arena_text(t->passing, id) };
    struct clear *c = &t->clear[number];
    c->flows++;
    c->payload_out += sqlite3_column_double(s, PAYLOAD_OUT);
    c->payload_in += sqlite3_column_double(s, PAYLOAD_IN);
    c->readable_out += sqlite3_column_double(s, READABLE_OUT);
    if (text_compare(id, c->least_id) < 0)
        c->least_id = arena_text(t->passing, id);
    else if (text_compare(id, c->greatest_id) > 0)
        c->greatest_id = arena_text(t->passing, id);
}

static void take_flow(struct traffic *t, sqlite3_stmt *s)
{
    const struct text dst = column_text(s, DST), host = column_text(s, HOST);
    const bool local = sqlite3_column_int(s, LOCAL), answered = sqlite3_column_int64(s, PACKETS_IN) > 0;
    struct lane_key lane = { .dst = need_address(t, ADDRESS_DST, dst),
                             .phase = word(t, WORD_PHASE, column_text(s, PHASE)),
        .port = sqlite3_column_type(s, DST_PORT) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, DST_PORT),
        .device = need_address(t, ADDRESS_SRC, column_text(s, SRC)), .mac = word(t, WORD_MAC,
                                                                                 column_text(s, SRC_MAC)) };
    const int64_t speaker[2] = { lane.mac, lane.device };
    char buffer[KEY_BYTES_MAX];
    bool added;

    if (t->speaker_keys.count == 0 || memcmp(speaker, t->last_speaker, sizeof speaker) != 0) {
        distinct_add(&t->speaker_keys, KEY_TEXT(speaker), &added);
        memcpy(t->last_speaker, speaker, sizeof speaker);
    }
    const struct kind_key kind = { .proto = word(t, WORD_PROTO, column_text(s, PROTO)),
                                   .service = word(t, WORD_SERVICE, column_text(s, SERVICE)),
        .port = lane.port, .phase = lane.phase, .local = local, .encrypted = sqlite3_column_int(s, ENCRYPTED) };
    count_kind(t, &kind);
    if (lane.dst && t->addresses[lane.dst - 1].group)
        return;
    const bool somewhere = host.len > 0 || lane.dst != 0;
    const struct text key = somewhere ? key_of(host, dst, buffer) : TEXT_UNKNOWN;
    if (!kind.encrypted)
        add_to_clear(t, s, key, &kind);
    if (local || !somewhere)
        return;
    const int64_t fid = sqlite3_column_int64(s, FID);
    lane.peer = (int64_t)need_peer(t, key);
    lane.exact_host = host.len == 0 || text_equal(host, key);
    struct peer *p = &t->peers[lane.peer];
    p->named |= host.len > 0;
    if (answered && !p->answered)
        p->device = traffic_address(t, lane.device);
    add_to_peer(t, p, s, answered);
    const size_t stream = stream_of_lane(t, &lane, host,
                                         t->air_count && in_the_air(t, column_text(s, FIRST), column_text(s, LAST)));
    t->peers[lane.peer].refused |= !t->streams[stream].key.allowed;
    add_to_stream(t, &t->streams[stream], s, fid, answered);
    keep_sent(t, fid, column_text(s, ID), stream);
}

static void take_request(struct traffic *t, sqlite3_stmt *s)
{
    bool added;

    NEW_ELEMENT(t->requests, t->request_count);
    t->requests[t->request_count++] = (struct request){ .fid = sqlite3_column_int64(s, 0),
                                                        .flow = distinct_add(&t->asked_ids, column_text(s, 1),
                                                                             &added) };
}

/* key, owner, operator_country of destinations: the first of a name counts */
static void take_destination(struct traffic *t, sqlite3_stmt *s)
{
    char buffer[KEY_BYTES_MAX];
    const struct text owner = column_text(s, 1), country = column_text(s, 2);
    bool added;

    if (!text_known(owner) && !text_known(country))
        return;
    const size_t number = distinct_add(&t->owner_keys, key_of(column_text(s, 0), TEXT_UNKNOWN, buffer), &added);
    if (!added)
        return;
    struct owner *o = NEW_ELEMENT(t->owners, number);
    *o = (struct owner){ .name = arena_text(t->arena, owner), .country = arena_text(t->arena, country) };
}

static void take_flight(struct traffic *t, sqlite3_stmt *s)
{
    struct interval i;

    if (!timestamp_parse(column_text(s, 0), &i.from_ns) || !timestamp_parse(column_text(s, 1), &i.to_ns) ||
        i.to_ns < i.from_ns)
        return;
    t->air = memory_resize_array(t->air, t->air_count + 1, sizeof *t->air);
    t->air[t->air_count++] = i;
}

static int by_begin(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    return x->from_ns < y->from_ns ? -1 : x->from_ns > y->from_ns;
}

static void unite_flights(struct traffic *t)
{
    size_t kept = 0;

    if (t->air_count == 0)
        return;
    qsort(t->air, t->air_count, sizeof *t->air, by_begin);
    for (size_t i = 1; i < t->air_count; i++) {
        if (t->air[i].from_ns > t->air[kept].to_ns)
            t->air[++kept] = t->air[i];
        else if (t->air[i].to_ns > t->air[kept].to_ns)
            t->air[kept].to_ns = t->air[i].to_ns;
    }
    t->air_count = kept + 1;
    for (size_t i = 0; i < t->air_count; i++) {
        char from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];
        t->air[i].from = arena_text(t->arena, timestamp_text(t->air[i].from_ns, from));
        t->air[i].to = arena_text(t->arena, timestamp_text(t->air[i].to_ns, to));
        t->air[i].from.len--;
        t->air[i].to.len--;
    }
}

/* Calls `each` for the rows of an answer. */
static int each_row(struct traffic *t, const char *sql, void (*each)(struct traffic *, sqlite3_stmt *))
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(t->db, sql, -1, &s, NULL);

    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        each(t, s);
        code = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

enum { KEYS = 11 };

static void all_keys(struct traffic *t, struct distinct *into[KEYS])
{
    struct distinct *const all[KEYS] = { &t->owner_keys, &t->peer_keys, &t->address_texts, &t->stream_keys,
                                         &t->lane_keys, &t->kind_keys,
                                         &t->speaker_keys, &t->clear_keys, &t->clear_peers, &t->asked_ids, &t->words };

    memcpy(into, all, sizeof all);
}

int traffic_add_up(struct traffic *t, sqlite3 *db, const struct policy *p)
{
    *t = (struct traffic){ .db = db, .policy = p, .arena = arena_new(0), .passing = arena_new(0),
                           .has_allowances = p->allowance_count > 0,
                           .internal_networks = policy_list(p, TEXT("internal_networks"), NULL) };
    struct distinct *all[KEYS];
    int code;

    all_keys(t, all);
    for (size_t i = 0; i < KEYS; i++)
        all[i]->arena = t->passing;
    t->peer_keys.arena = t->address_texts.arena = t->words.arena = t->arena;
    code = each_row(t, "SELECT host, owner, operator_country FROM destination WHERE host IS NOT NULL ORDER BY fid",
                    take_destination);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT a.value, d.owner, d.operator_country FROM destination d, json_each(d.addresses) a"
                           " WHERE d.host IS NULL AND json_valid(d.addresses) ORDER BY d.fid", take_destination);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT start, \"end\" FROM flight WHERE start IS NOT NULL AND \"end\" IS NOT NULL",
                        take_flight);
    unite_flights(t);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT fid, flow FROM request WHERE flow IS NOT NULL ORDER BY fid", take_request);
    t->asked_fids = memory_alloc_array(t->asked_ids.count + 1, sizeof *t->asked_fids);
    return code == SQLITE_OK ? each_row(t, "SELECT " FLOW_COLUMNS " FROM flow ORDER BY fid", take_flow) : code;
}

void traffic_settle(struct traffic *t)
{
    struct distinct *const added_up[] = { &t->owner_keys, &t->stream_keys, &t->lane_keys, &t->kind_keys,
                                          &t->speaker_keys, &t->clear_keys, &t->clear_peers, &t->asked_ids };

    for (size_t i = 0; i < sizeof added_up / sizeof *added_up; i++)
        distinct_done(added_up[i]);
    free(t->owners);
    free(t->addresses);
    free(t->lanes);
    free(t->kind_flows);
    free(t->clear);
    free(t->requests);
    free(t->asked_fids);
    free(t->air);
    arena_free(t->passing);
    t->owners = NULL;
    t->addresses = NULL;
    t->lanes = NULL;
    t->kind_flows = NULL;
    t->clear = NULL;
    t->requests = NULL;
    t->asked_fids = NULL;
    t->air = NULL;
    t->passing = NULL;
}

void traffic_done(struct traffic *t)
{
    traffic_settle(t);
    distinct_done(&t->peer_keys);
    distinct_done(&t->address_texts);
    distinct_done(&t->words);
    free(t->peers);
    free(t->streams);
    free(t->stream_order);
    free(t->sent);
    arena_free(t->arena);
}
