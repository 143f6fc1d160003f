#include "phase/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sorted.h"
#include "base/timestamp.h"
#include "fact/fact.h"

enum { KEY_BYTES_MAX = 320, FLIGHT_ROOM_FIRST = 64 };

int64_t after_s(int64_t time_utc_ns, int64_t seconds)
{
    int64_t sum;

    return __builtin_add_overflow(time_utc_ns, seconds * NS_PER_S, &sum) ? INT64_MAX : sum;
}

static struct text value_text(sqlite3_value *v)
{
    const char *at = (const char *)sqlite3_value_text(v);

    return at ? (struct text){ at, (size_t)sqlite3_value_bytes(v) } : TEXT_UNKNOWN;
}

static int64_t value_int(sqlite3_value *v)
{
    return sqlite3_value_type(v) == SQLITE_NULL ? FACT_UNKNOWN_INT : sqlite3_value_int64(v);
}

static int64_t time_of(struct text t)
{
    int64_t time_utc_ns;

    return timestamp_parse(t, &time_utc_ns) ? time_utc_ns : FACT_UNKNOWN_INT;
}

struct phase_flow phase_flow_of(sqlite3_value **v)
{
    struct phase_flow f = {
        .id = value_text(v[0]), .evidence = value_text(v[1]), .src = value_text(v[2]), .src_mac = value_text(v[3]),
        .host = value_text(v[4]), .dst = value_text(v[5]), .first_utc_ns = time_of(value_text(v[6])),
        .last_utc_ns = time_of(value_text(v[7])), .bytes_in = value_int(v[8]), .content_out = value_int(v[9]),
        .content_in = value_int(v[10]), .asks_for_address = sqlite3_value_int(v[11]) == 1,
    };

    if (!fact_known_int(f.last_utc_ns) || (fact_known_int(f.first_utc_ns) && f.last_utc_ns < f.first_utc_ns))
        f.last_utc_ns = f.first_utc_ns;
    return f;
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

static struct text column_text(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ at, (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
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

unsigned scene_classes(const struct scene *s, const struct phase_flow *flow)
{
    char key[KEY_BYTES_MAX];
    const struct text name = normal(flow->host.len > 0 ? flow->host : flow->dst, key);
    const int64_t nth = s->hosts.count && text_known(name) ? key_map_find(&s->hosts, name) : KEY_NONE;

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

bool scene_downloads(const struct scene *s, const struct phase_flow *flow)
{
    return s->downloads.count && flow->id.len > 0 && key_map_find(&s->downloads, flow->id) != KEY_NONE;
}

/* Captures and devices */

static struct text device_key(const struct phase_flow *flow, char into[KEY_BYTES_MAX])
{
    const struct text who = flow->src_mac.len > 0 ? flow->src_mac : flow->src;

    if (who.len == 0 || flow->evidence.len + 1 + who.len > KEY_BYTES_MAX)
        return TEXT_UNKNOWN;
    if (flow->evidence.len)
        memcpy(into, flow->evidence.at, flow->evidence.len);
    into[flow->evidence.len] = '\n';
    memcpy(into + flow->evidence.len + 1, who.at, who.len);
    return (struct text){ into, flow->evidence.len + 1 + who.len };
}

const struct scene_device *scene_device(const struct scene *s, const struct phase_flow *flow)
{
    char into[KEY_BYTES_MAX];
    const struct text key = device_key(flow, into);
    const int64_t nth = text_known(key) ? key_map_find(&s->devices, key) : KEY_NONE;

    return nth == KEY_NONE ? NULL : &s->device[nth];
}

static void earlier(int64_t *time, int64_t other)
{
    if (other < *time)
        *time = other;
}

static int64_t see_capture(struct scene *s, const struct phase_flow *flow)
{
    const size_t before = s->captures.count;
    const int64_t nth = flow->evidence.len > 0 && flow->evidence.len <= KEY_BYTES_MAX
                            ? key_map_add(&s->captures, flow->evidence) : KEY_NONE;

    if (nth == KEY_NONE)
        return KEY_NONE;
    if (s->captures.count > before) {
        if (s->capture_room < s->captures.room) {
            s->capture_room = s->captures.room;
            s->capture_first_utc_ns = memory_resize_array(s->capture_first_utc_ns, s->capture_room, sizeof(int64_t));
        }
        s->capture_first_utc_ns[nth] = INT64_MAX;
    }
    earlier(&s->capture_first_utc_ns[nth], flow->first_utc_ns);
    return nth;
}

static struct scene_device *see_device(struct scene *s, const struct phase_flow *flow, int64_t capture)
{
    char into[KEY_BYTES_MAX];
    const struct text key = device_key(flow, into);
    const size_t before = s->devices.count;
    const int64_t nth = text_known(key) ? key_map_add(&s->devices, key) : KEY_NONE;

    if (nth == KEY_NONE)
        return NULL;
    if (s->devices.count > before) {
        if (s->device_room < s->devices.room) {
            s->device_room = s->devices.room;
            s->device = memory_resize_array(s->device, s->device_room, sizeof *s->device);
        }
        s->device[nth] = (struct scene_device){ .first_utc_ns = INT64_MAX, .vendor_utc_ns = INT64_MAX,
                                                .joined_utc_ns = INT64_MAX, .capture = capture };
    }
    return &s->device[nth];
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

static void see_flow(struct scene *s, const struct phase_flow *flow)
{
    if (!fact_known_int(flow->first_utc_ns))
        return;
    struct scene_device *d = see_device(s, flow, see_capture(s, flow));
    if (!d)
        return;
    const unsigned classes = scene_classes(s, flow);
    earlier(&d->first_utc_ns, flow->first_utc_ns);
    if (classes & CLASS_VENDOR)
        earlier(&d->vendor_utc_ns, flow->first_utc_ns);
    if (flow->asks_for_address)
        earlier(&d->joined_utc_ns, flow->first_utc_ns);
    if (classes & CLASS_ACTIVATION)
        see_activation(s, d, flow);
}

int64_t scene_launch(const struct scene *s, const struct scene_device *d)
{
    const int64_t start = d->vendor_utc_ns != INT64_MAX ? d->vendor_utc_ns : d->first_utc_ns;
    const bool joined = d->joined_utc_ns == d->first_utc_ns;
    const bool quiet = d->capture != KEY_NONE &&
                       after_s(s->capture_first_utc_ns[d->capture], PHASE_QUIET_S) <= start;

    return joined || quiet ? start : FACT_UNKNOWN_INT;
}

/* phase_observe(...): sees one flow. */
static void observe(sqlite3_context *context, int count, sqlite3_value **columns)
{
    const struct phase_flow flow = phase_flow_of(columns);

    (void)count;
    see_flow(sqlite3_user_data(context), &flow);
    sqlite3_result_int(context, 1);
}

static int each_row(struct scene *s, sqlite3 *db, const char *sql, void (*each)(struct scene *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &row, NULL);

    if (code == SQLITE_OK)
        while ((code = sqlite3_step(row)) == SQLITE_ROW)
            if (each)
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
    if (!error && sqlite3_create_function_v2(db, "phase_observe", PHASE_FLOW_COLUMN_COUNT, SQLITE_UTF8, s, observe,
                                             NULL, NULL, NULL))
        error = -EIO;
    if (!error)
        error = each_row(s, db, "SELECT count(phase_observe(" PHASE_FLOW_COLUMNS ")) FROM flow", NULL);
    sqlite3_create_function_v2(db, "phase_observe", PHASE_FLOW_COLUMN_COUNT, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
    return error;
}
