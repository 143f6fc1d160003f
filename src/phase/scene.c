#include "phase/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sorted.h"
#include "base/timestamp.h"
#include "fact/fact.h"

enum { KEY_BYTES_MAX = 320, FLIGHT_ROOM_FIRST = 64, FLOW_ROOM_FIRST = 1024 };

int64_t after_s(int64_t time_utc_ns, int64_t seconds)
{
    int64_t sum;

    return __builtin_add_overflow(time_utc_ns, seconds * NS_PER_S, &sum) ? INT64_MAX : sum;
}

static int64_t time_of(struct text t)
{
    int64_t time_utc_ns;

    return timestamp_parse(t, &time_utc_ns) ? time_utc_ns : FACT_UNKNOWN_INT;
}

static struct text column_text(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

static int64_t column_int(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? FACT_UNKNOWN_INT : sqlite3_column_int64(row, column);
}

void scene_init(struct scene *s)
{
    *s = (struct scene){ .arena = arena_new(0) };
    key_map_init(&s->hosts, PHASE_KEYS_MAX);
    key_map_init(&s->downloads, PHASE_KEYS_MAX);
    key_map_init(&s->captures, PHASE_KEYS_MAX);
    key_map_init(&s->devices, PHASE_KEYS_MAX);
    s->host_classes = memory_alloc_array(PHASE_KEYS_MAX, sizeof *s->host_classes);
}

void scene_done(struct scene *s)
{
    free(s->flights);
    free(s->host_classes);
    free(s->capture_first_utc_ns);
    free(s->device);
    free(s->flows);
    key_map_done(&s->hosts);
    key_map_done(&s->downloads);
    key_map_done(&s->captures);
    key_map_done(&s->devices);
    arena_free(s->arena);
}

/* Flights */

static void take_flight(struct scene *s, sqlite3_stmt *row)
{
    const struct span span = {
        time_of(text_of((const char *)sqlite3_column_text(row, 0))),
        time_of(text_of((const char *)sqlite3_column_text(row, 1))),
    };

    if (!fact_known_int(span.from) || !fact_known_int(span.to) || span.to < span.from ||
        s->flight_count == PHASE_KEYS_MAX) {
        s->flights_untimed = true;
        return;
    }
    if (s->flight_count == s->flight_room) {
        s->flight_room = s->flight_room ? s->flight_room * 2 : FLIGHT_ROOM_FIRST;
        s->flights = memory_resize_array(s->flights, s->flight_room, sizeof *s->flights);
    }
    s->flights[s->flight_count++] = span;
}

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

static void unite_flights(struct scene *s)
{
    size_t kept = 0;

    if (s->flight_count == 0)
        return;
    qsort(s->flights, s->flight_count, sizeof *s->flights, by_start);
    for (size_t i = 1; i < s->flight_count; i++) {
        if (s->flights[i].from > s->flights[kept].to)
            s->flights[++kept] = s->flights[i];
        else if (s->flights[i].to > s->flights[kept].to)
            s->flights[kept].to = s->flights[i].to;
    }
    s->flight_count = kept + 1;
}

/* How many flights begin at the moment or before it. */
static size_t flights_until(const struct scene *s, int64_t time_utc_ns)
{
    return s->flight_count ? sorted_until(&s->flights->from, s->flight_count, sizeof *s->flights, time_utc_ns) : 0;
}

bool scene_in_flight(const struct scene *s, int64_t first_utc_ns, int64_t last_utc_ns)
{
    const size_t n = flights_until(s, last_utc_ns);

    return n > 0 && s->flights[n - 1].to >= first_utc_ns;
}

int64_t scene_landing(const struct scene *s, int64_t time_utc_ns)
{
    size_t n = flights_until(s, time_utc_ns);

    if (n > 0 && s->flights[n - 1].to > time_utc_ns)
        n--;
    return n > 0 ? s->flights[n - 1].to : FACT_UNKNOWN_INT;
}

/* Destinations */

/* As flows and destinations name the same host: small letters, no stop at the end. */
static struct text normal(struct text name, char into[KEY_BYTES_MAX])
{
    while (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    if (name.len == 0 || name.len > KEY_BYTES_MAX)
        return TEXT_UNKNOWN;
    for (size_t i = 0; i < name.len; i++)
        into[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] - 'A' + 'a') : name.at[i];
    return (struct text){ into, name.len };
}

/* A purpose is one or more classes with "/" between, then ":", "[" or "(" and free text. */
static unsigned classes_of(struct text purpose)
{
    static const struct { struct text name; unsigned bit; } known[] = {
        { TEXT_INIT("activation"), CLASS_ACTIVATION }, { TEXT_INIT("update"), CLASS_UPDATE },
        { TEXT_INIT("flightlog"), CLASS_UPLOAD }, { TEXT_INIT("media"), CLASS_UPLOAD },
    };
    unsigned bits = 0;
    size_t from = 0;

    for (size_t i = 0; i <= purpose.len; i++) {
        const char c = i < purpose.len ? purpose.at[i] : ':';
        const bool ends = c == ':' || c == '[' || c == '(';
        if (c != '/' && !ends)
            continue;
        struct text class = { purpose.at + from, i - from };
        while (class.len > 0 && class.at[class.len - 1] == ' ')
            class.len--;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (text_equal_ignoring_case(class, known[k].name))
                bits |= known[k].bit;
        if (ends)
            break;
        from = i + 1;
    }
    return bits;
}

static void take_destination(struct scene *s, sqlite3_stmt *row)
{
    const unsigned bits = classes_of(column_text(row, 1)) |
                          (text_equal(column_text(row, 2), TEXT("vendor")) ? CLASS_VENDOR : 0);
    char key[KEY_BYTES_MAX];
    const struct text name = normal(column_text(row, 0), key);

    if (!bits || !text_known(name))
        return;
    const int64_t nth = key_map_add(&s->hosts, name);
    if (nth != KEY_NONE)
        s->host_classes[nth] |= (uint8_t)bits;
}

static uint8_t classes_at(const struct scene *s, struct text host, struct text dst)
{
    char key[KEY_BYTES_MAX];
    const struct text name = s->hosts.count ? normal(host.len > 0 ? host : dst, key) : TEXT_UNKNOWN;
    const int64_t nth = text_known(name) ? key_map_find(&s->hosts, name) : KEY_NONE;

    return nth == KEY_NONE ? 0 : s->host_classes[nth];
}

/* Requests */

static bool names_software(struct text path)
{
    static const struct text ends[] = {
        TEXT_INIT(".apk"), TEXT_INIT(".ipa"), TEXT_INIT(".fw"), TEXT_INIT(".sig"), TEXT_INIT(".bin"), TEXT_INIT(".img"),
        TEXT_INIT(".exe"), TEXT_INIT(".msi"), TEXT_INIT(".dmg"),
    };
    const char *question = path.len ? memchr(path.at, '?', path.len) : NULL;

    if (question)
        path.len = (size_t)(question - path.at);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t n = ends[i].len;
        if (path.len > n && text_equal_ignoring_case((struct text){ path.at + path.len - n, n }, ends[i]))
            return true;
    }
    return false;
}

static void take_request(struct scene *s, sqlite3_stmt *row)
{
    const struct text flow = column_text(row, 0);

    if (flow.len > 0 && flow.len <= KEY_BYTES_MAX && names_software(column_text(row, 1)))
        (void)key_map_add(&s->downloads, flow);
}

static bool fetches_software(const struct scene *s, struct text flow_id)
{
    return s->downloads.count && flow_id.len > 0 && key_map_find(&s->downloads, flow_id) != KEY_NONE;
}

/* Captures and devices */

static struct text device_key(struct text evidence, struct text who, char into[KEY_BYTES_MAX])
{
    if (who.len == 0 || evidence.len + 1 + who.len > KEY_BYTES_MAX)
        return TEXT_UNKNOWN;
    if (evidence.len)
        memcpy(into, evidence.at, evidence.len);
    into[evidence.len] = '\n';
    memcpy(into + evidence.len + 1, who.at, who.len);
    return (struct text){ into, evidence.len + 1 + who.len };
}

const struct scene_device *scene_device(const struct scene *s, const struct phase_flow *flow)
{
    return flow->device == KEY_NONE ? NULL : &s->device[flow->device];
}

static void earlier(int64_t *time, int64_t other)
{
    if (other < *time)
        *time = other;
}

static int64_t see_capture(struct scene *s, struct text evidence, int64_t first_utc_ns)
{
    const size_t before = s->captures.count;
    const int64_t nth = evidence.len > 0 && evidence.len <= KEY_BYTES_MAX
        ? key_map_add(&s->captures, evidence) : KEY_NONE;

    if (nth == KEY_NONE)
        return KEY_NONE;
    if (s->captures.count > before) {
        if (s->capture_room < s->captures.room) {
            s->capture_room = s->captures.room;
            s->capture_first_utc_ns = memory_resize_array(s->capture_first_utc_ns, s->capture_room, sizeof(int64_t));
        }
        s->capture_first_utc_ns[nth] = INT64_MAX;
    }
    earlier(&s->capture_first_utc_ns[nth], first_utc_ns);
    return nth;
}

/* The number of the device that `key` tells; what has no time shows no new one. */
static int32_t see_device(struct scene *s, struct text key, int64_t capture)
{
    const size_t before = s->devices.count;
    const int64_t nth = text_known(key) ? key_map_add(&s->devices, key) : KEY_NONE;

    if (nth == KEY_NONE)
        return KEY_NONE;
    if (s->devices.count > before) {
        if (s->device_room < s->devices.room) {
            s->device_room = s->devices.room;
            s->device = memory_resize_array(s->device, s->device_room, sizeof *s->device);
        }
        s->device[nth] = (struct scene_device){ .first_utc_ns = INT64_MAX, .vendor_utc_ns = INT64_MAX,
                                                .joined_utc_ns = INT64_MAX, .capture = capture };
    }
    return (int32_t)nth;
}

static void see_activation(struct scene *s, struct scene_device *d, const struct phase_flow *flow)
{
    int64_t to = after_s(flow->first_utc_ns, PHASE_ACTIVATION_S_MAX);

    earlier(&to, flow->last_utc_ns);
    if (!d->activations)
        d->activations = arena_alloc(s->arena, ACTIVATIONS_PER_DEVICE_MAX, sizeof *d->activations);
    if (d->activations && d->activation_count < ACTIVATIONS_PER_DEVICE_MAX)
        d->activations[d->activation_count++] = (struct span){ flow->first_utc_ns, to };
}

static void see_times(struct scene *s, const struct phase_flow *flow, bool asks_for_address)
{
    struct scene_device *d = &s->device[flow->device];

    earlier(&d->first_utc_ns, flow->first_utc_ns);
    if (flow->classes & CLASS_VENDOR)
        earlier(&d->vendor_utc_ns, flow->first_utc_ns);
    if (asks_for_address)
        earlier(&d->joined_utc_ns, flow->first_utc_ns);
    if (flow->classes & CLASS_ACTIVATION)
        see_activation(s, d, flow);
}

/* The last: DHCP of somebody who has no address yet. */
#define FLOW_COLUMNS "fid, id, evidence, src, src_mac, host, dst, first, last, bytes_in, " \
    "ifnull(payload_out, bytes_out), ifnull(payload_in, bytes_in), src_port = 68 AND dst_port = 67 AND src = '0.0.0.0'"
enum { FID, ID, EVIDENCE, SRC, SRC_MAC, HOST, DST, FIRST, LAST, BYTES_IN, CONTENT_OUT, CONTENT_IN, ASKS_FOR_ADDRESS };

static void measure(struct phase_flow *flow, int64_t bytes_in, int64_t content_out, int64_t content_in)
{
    flow->brings_update = fact_known_int(bytes_in) && bytes_in >= PHASE_UPDATE_BYTES_MIN;
    if (!fact_known_int(content_out) || !fact_known_int(content_in))
        return;
    flow->sends_more = content_out > content_in;
    flow->sends_much = content_out >= PHASE_SYNC_BYTES_MIN && content_out / PHASE_SYNC_FACTOR >= content_in;
}

static void take_flow(struct scene *s, sqlite3_stmt *row)
{
    const struct text evidence = column_text(row, EVIDENCE), mac = column_text(row, SRC_MAC);
    struct phase_flow flow = { .fid = sqlite3_column_int64(row, FID), .device = KEY_NONE,
                               .first_utc_ns = time_of(column_text(row, FIRST)) };
    char key[KEY_BYTES_MAX];

    if (!fact_known_int(flow.first_utc_ns))
        return;
    flow.last_utc_ns = time_of(column_text(row, LAST));
    if (!fact_known_int(flow.last_utc_ns) || flow.last_utc_ns < flow.first_utc_ns)
        flow.last_utc_ns = flow.first_utc_ns;
    flow.classes = classes_at(s, column_text(row, HOST), column_text(row, DST));
    flow.fetches_software = fetches_software(s, column_text(row, ID));
    measure(&flow, column_int(row, BYTES_IN), column_int(row, CONTENT_OUT), column_int(row, CONTENT_IN));
    const int64_t capture = see_capture(s, evidence, flow.first_utc_ns);
    flow.device = see_device(s, device_key(evidence, mac.len > 0 ? mac : column_text(row, SRC), key), capture);
    if (flow.device != KEY_NONE)
        see_times(s, &flow, sqlite3_column_int(row, ASKS_FOR_ADDRESS) == 1);
    if (s->flow_count == s->flow_room) {
        s->flow_room = s->flow_room ? s->flow_room * 2 : FLOW_ROOM_FIRST;
        s->flows = memory_resize_array(s->flows, s->flow_room, sizeof *s->flows);
    }
    s->flows[s->flow_count++] = flow;
}

int64_t scene_launch(const struct scene *s, const struct scene_device *d)
{
    const int64_t start = d->vendor_utc_ns != INT64_MAX ? d->vendor_utc_ns : d->first_utc_ns;
    const bool joined = d->joined_utc_ns == d->first_utc_ns;
    const bool quiet = d->capture != KEY_NONE &&
                       after_s(s->capture_first_utc_ns[d->capture], PHASE_QUIET_S) <= start;

    return joined || quiet ? start : FACT_UNKNOWN_INT;
}

static int each_row(struct scene *s, sqlite3 *db, const char *sql, void (*each)(struct scene *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);

    if (code == SQLITE_OK)
        while ((code = sqlite3_step(row)) == SQLITE_ROW)
            each(s, row);
    sqlite3_finalize(row);
    return code == SQLITE_DONE ? 0 : -EIO;
}

int scene_read(struct scene *s, sqlite3 *db)
{
    int error = each_row(s, db, "SELECT start, \"end\" FROM flight", take_flight);

    unite_flights(s);
    /* A destination without a host is one address. */
    if (!error)
        error =
            each_row(s, db,
                     "SELECT ifnull(host, CASE WHEN json_valid(addresses) THEN json_extract(addresses, '$[0]') END),"
                     " purpose, party FROM destination WHERE purpose IS NOT NULL OR party = 'vendor'",
                     take_destination);
    if (!error)
        error = each_row(s, db,
                         "SELECT flow, path FROM request WHERE ifnull(status, 200) IN (200, 206)"
                         " AND ifnull(response_bytes, 1) > 0 AND path IS NOT NULL AND flow IS NOT NULL",
                         take_request);
    if (!error)
        error = each_row(s, db, "SELECT " FLOW_COLUMNS " FROM flow ORDER BY fid", take_flow);
    return error;
}
