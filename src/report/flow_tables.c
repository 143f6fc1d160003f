#include "report/flow_tables.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/key_map.h"
#include "base/memory.h"

enum { KEYS_MAX = INT32_MAX, ROOM_FIRST = 256 };

/* As total() adds up in SQL. */
struct sums { double bytes_out, bytes_in, opaque_out; };

/* Texts are numbers of flow_tables.texts, or KEY_NONE where there is none. */
struct place_key { int64_t host, port, phase; };
struct lane_key { int64_t place, dst; };
struct mode_key { int64_t phase, device; };

/* A port of a host, in one phase: a row of T1. */
struct place {
    struct place_key key;
    int64_t bytes_out, bytes_in, opaque_out;
    uint32_t last_lane, lanes;
};

/* What went there to one address. */
struct lane {
    struct sums sums;
    int32_t dst, tls_version;
    uint32_t before; /* 1 + number of the lane of the same place before this; 0: none */
};

/* A device in one phase: a row of T2. */
struct mode {
    struct mode_key key;
    struct sums sums;
    int64_t bytes_out, connections, destinations;
    int64_t mac;
};

/* The first destination of that name, and of that address; 0: none. */
struct destination_fids { int64_t of_name, of_address; };

struct flow_tables {
    struct key_map texts, place_keys, lane_keys, mode_keys, pairs;
    struct place *places;
    struct lane *lanes;
    struct mode *modes;
    size_t place_room, lane_room, mode_room;
    struct destination_fids *destinations; /* by number of text */
    bool two_of_a_name;
};

static void *new_element(void *elements, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return elements;
    *room = *room ? 2 * *room : ROOM_FIRST;
    return memory_resize_array(elements, *room, size);
}

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

static int64_t number_of(struct flow_tables *t, struct text text)
{
    return text_known(text) ? key_map_add(&t->texts, text) : KEY_NONE;
}

static struct text text_at(const struct flow_tables *t, int64_t number)
{
    return number == KEY_NONE ? TEXT_UNKNOWN : t->texts.keys[number];
}

static int compare_texts(const struct flow_tables *t, int64_t a, int64_t b)
{
    return a == b ? 0 : text_compare(text_at(t, a), text_at(t, b));
}

/* max() in SQL: what is unknown does not count. */
static int64_t larger(const struct flow_tables *t, int64_t a, int64_t b)
{
    return compare_texts(t, a, b) < 0 ? b : a;
}

static void add(struct sums *to, const struct sums *more)
{
    to->bytes_out += more->bytes_out;
    to->bytes_in += more->bytes_in;
    to->opaque_out += more->opaque_out;
}

/* CAST(... AS INTEGER) in SQL. */
static int64_t whole(double v)
{
    return v >= 9223372036854775807.0 ? INT64_MAX : v <= -9223372036854775808.0 ? INT64_MIN : (int64_t)v;
}

#define NUMBER_OF_KEY(map, key) key_map_add((map), (struct text){ .at = (const char *)&(key), .len = sizeof (key) })

static void add_to_place(struct flow_tables *t, const struct place_key *key, int64_t dst, int64_t tls_version,
                         const struct sums *sums)
{
    const size_t places = t->place_keys.count, lanes = t->lane_keys.count;
    const struct lane_key lane_key = { .place = NUMBER_OF_KEY(&t->place_keys, *key), .dst = dst };

    if (t->place_keys.count > places) {
        t->places = new_element(t->places, places, &t->place_room, sizeof *t->places);
        t->places[places] = (struct place){ .key = *key };
    }
    const int64_t number = NUMBER_OF_KEY(&t->lane_keys, lane_key);
    if (t->lane_keys.count > lanes) {
        struct place *p = &t->places[lane_key.place];
        t->lanes = new_element(t->lanes, lanes, &t->lane_room, sizeof *t->lanes);
        t->lanes[lanes] = (struct lane){ .dst = (int32_t)dst, .tls_version = KEY_NONE, .before = p->last_lane };
        p->last_lane = (uint32_t)lanes + 1;
        p->lanes++;
    }
    struct lane *l = &t->lanes[number];
    l->tls_version = (int32_t)larger(t, l->tls_version, tls_version);
    add(&l->sums, sums);
}

static void add_to_mode(struct flow_tables *t, const struct mode_key *key, int64_t mac, int64_t destination,
                        const struct sums *sums)
{
    const size_t modes = t->mode_keys.count, pairs = t->pairs.count;
    const int64_t number = NUMBER_OF_KEY(&t->mode_keys, *key);
    const int64_t pair[2] = { number, destination };

    if (t->mode_keys.count > modes) {
        t->modes = new_element(t->modes, modes, &t->mode_room, sizeof *t->modes);
        t->modes[modes] = (struct mode){ .key = *key, .mac = KEY_NONE };
    }
    struct mode *m = &t->modes[number];
    m->connections++;
    m->mac = larger(t, m->mac, mac);
    add(&m->sums, sums);
    if (destination == KEY_NONE)
        return;
    (void)NUMBER_OF_KEY(&t->pairs, pair);
    m->destinations += t->pairs.count > pairs;
}

/* The host is as in T1: small letters, no dots at its end, the address where nothing is left. */
#define FLOW_COLUMNS "coalesce(nullif(lower(rtrim(host, '.')), ''), lower(dst)), dst, dst_port, phase, tls_version, " \
    "src, src_mac, nullif(host, ''), bytes_out, bytes_in, opaque_out"
enum { PLACE, DST, DST_PORT, PHASE, TLS_VERSION, SRC, SRC_MAC, HOST, BYTES_OUT, BYTES_IN, OPAQUE_OUT };

static void take_flow(struct flow_tables *t, sqlite3_stmt *s)
{
    const struct text host = column_text(s, HOST);
    const int64_t dst = number_of(t, column_text(s, DST)), phase = number_of(t, column_text(s, PHASE));
    const struct sums sums = { .bytes_out = sqlite3_column_double(s, BYTES_OUT),
                               .bytes_in = sqlite3_column_double(s, BYTES_IN),
                               .opaque_out = sqlite3_column_double(s, OPAQUE_OUT) };
    const struct place_key place = { .host = number_of(t, column_text(s, PLACE)), .phase = phase,
        .port = sqlite3_column_type(s, DST_PORT) == SQLITE_NULL ? FACT_UNKNOWN_INT : sqlite3_column_int64(s,
                                                                                                          DST_PORT) };
    const struct mode_key mode = { .phase = phase == KEY_NONE ? number_of(t, TEXT("unknown")) : phase,
                                   .device = number_of(t, column_text(s, SRC)) };

    add_to_place(t, &place, dst, number_of(t, column_text(s, TLS_VERSION)), &sums);
    add_to_mode(t, &mode, number_of(t, column_text(s, SRC_MAC)), text_known(host) ? number_of(t, host) : dst, &sums);
}

static struct destination_fids *named(struct flow_tables *t, sqlite3_stmt *s)
{
    const struct text name = column_text(s, 0);
    const int64_t number = text_known(name) ? key_map_find(&t->texts, name) : KEY_NONE;

    return number == KEY_NONE ? NULL : &t->destinations[number];
}

static void take_name(struct flow_tables *t, sqlite3_stmt *s)
{
    struct destination_fids *d = named(t, s);

    if (d && !d->of_name)
        d->of_name = sqlite3_column_int64(s, 1);
}

static void take_address(struct flow_tables *t, sqlite3_stmt *s)
{
    struct destination_fids *d = named(t, s);

    if (d && !d->of_address)
        d->of_address = sqlite3_column_int64(s, 1);
    t->two_of_a_name |= d && d->of_name;
}

static int each_row(struct flow_tables *t, struct fact_case *c, const char *sql,
                    void (*each)(struct flow_tables *, sqlite3_stmt *))
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL);

    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        each(t, s);
        code = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return code == SQLITE_DONE ? 0 : -EIO;
}

static void sum_up(struct flow_tables *t)
{
    for (size_t i = 0; i < t->place_keys.count; i++) {
        struct place *p = &t->places[i];
        struct sums sums = { 0 };
        for (uint32_t n = p->last_lane; n; n = t->lanes[n - 1].before) {
            const struct sums *of = &t->lanes[n - 1].sums;
            add(&sums, &(struct sums){ (double)whole(of->bytes_out), (double)whole(of->bytes_in),
                                       (double)whole(of->opaque_out) });
        }
        p->bytes_out = whole(sums.bytes_out);
        p->bytes_in = whole(sums.bytes_in);
        p->opaque_out = whole(sums.opaque_out);
    }
    for (size_t i = 0; i < t->mode_keys.count; i++)
        t->modes[i].bytes_out = whole(t->modes[i].sums.bytes_out);
}

int flow_tables_read(struct fact_case *c, struct flow_tables **ret)
{
    struct flow_tables *t = memory_alloc_array(1, sizeof *t);
    struct key_map *const maps[] = { &t->texts, &t->place_keys, &t->lane_keys, &t->mode_keys, &t->pairs };

    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        key_map_init(maps[i], KEYS_MAX);
    int error = each_row(t, c, "SELECT " FLOW_COLUMNS " FROM flow WHERE ifnull(local, 0) = 0", take_flow);
    t->destinations = memory_alloc_array(t->texts.count + 1, sizeof *t->destinations);
    if (!error)
        error = each_row(t, c, "SELECT lower(rtrim(host, '.')), fid FROM destination WHERE host IS NOT NULL ORDER BY fid", take_name);
    if (!error)
        error = each_row(t, c, "SELECT lower(a.value), d.fid FROM destination d, json_each(d.addresses) a"
                            " WHERE d.host IS NULL AND json_valid(d.addresses) ORDER BY d.fid", take_address);
    sum_up(t);
    if (error) {
        flow_tables_free(t);
        return error;
    }
    *ret = t;
    return 0;
}

void flow_tables_free(struct flow_tables *t)
{
    if (!t)
        return;
    key_map_done(&t->texts);
    key_map_done(&t->place_keys);
    key_map_done(&t->lane_keys);
    key_map_done(&t->mode_keys);
    key_map_done(&t->pairs);
    free(t->places);
    free(t->lanes);
    free(t->modes);
    free(t->destinations);
    free(t);
}

bool flow_tables_tell_destinations(const struct flow_tables *t)
{
    return !t->two_of_a_name;
}

static int by_sum_and_place(const void *a, const void *b, void *user)
{
    const struct flow_tables *t = user;
    const struct place *x = &t->places[*(const uint32_t *)a], *y = &t->places[*(const uint32_t *)b];

    if (x->bytes_out != y->bytes_out)
        return x->bytes_out > y->bytes_out ? -1 : 1;
    const int host = compare_texts(t, x->key.host, y->key.host);
    if (host)
        return host;
    if (x->key.port != y->key.port) /* an unknown one is the least of all */
        return x->key.port < y->key.port ? -1 : 1;
    return compare_texts(t, x->key.phase, y->key.phase);
}

static int by_sum_and_mode(const void *a, const void *b, void *user)
{
    const struct flow_tables *t = user;
    const struct mode *x = &t->modes[*(const uint32_t *)a], *y = &t->modes[*(const uint32_t *)b];

    if (x->bytes_out != y->bytes_out)
        return x->bytes_out > y->bytes_out ? -1 : 1;
    const int phase = compare_texts(t, x->key.phase, y->key.phase);
    return phase ? phase : compare_texts(t, x->key.device, y->key.device);
}

static int by_address(const void *a, const void *b, void *user)
{
    const struct flow_tables *t = user;

    return compare_texts(t, t->lanes[*(const uint32_t *)a].dst, t->lanes[*(const uint32_t *)b].dst);
}

static uint32_t *in_order(struct flow_tables *t, size_t count, int (*compare)(const void *, const void *, void *))
{
    uint32_t *order = memory_alloc_array(count + 1, sizeof *order);

    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, count, sizeof *order, compare, t);
    return order;
}

/* The lanes of a place in the order of their addresses; the caller's to free. */
static uint32_t *lanes_of(struct flow_tables *t, const struct place *p)
{
    uint32_t *lanes = memory_alloc_array(p->lanes + 1, sizeof *lanes);
    size_t count = 0;

    for (uint32_t n = p->last_lane; n; n = t->lanes[n - 1].before)
        lanes[count++] = n - 1;
    qsort_r(lanes, count, sizeof *lanes, by_address, t);
    return lanes;
}

static void put_list(struct json *j, const struct buffer *list, bool any)
{
    json_text(j, any ? (list->len ? buffer_text(list) : TEXT("")) : TEXT_UNKNOWN);
}

/* group_concat() in SQL: with commas, and null without a text. */
static bool add_to_list(struct buffer *list, bool any, struct text t)
{
    if (!text_known(t))
        return any;
    if (any)
        buffer_add_u8(list, ',');
    buffer_add(list, t.at, t.len);
    return true;
}

static void put_addresses(struct flow_tables *t, struct json *j, const uint32_t *lanes, size_t count)
{
    struct buffer list;
    bool any = false;

    buffer_init(&list, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++)
        any = add_to_list(&list, any, text_at(t, t->lanes[lanes[i]].dst));
    put_list(j, &list, any);
    buffer_done(&list);
}

static void put_tls_versions(struct flow_tables *t, struct json *j, const uint32_t *lanes, size_t count)
{
    int32_t *seen = memory_alloc_array(count + 1, sizeof *seen);
    size_t seen_count = 0;
    struct buffer list;
    bool any = false;

    buffer_init(&list, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        const int32_t version = t->lanes[lanes[i]].tls_version;
        size_t k = 0;
        while (k < seen_count && seen[k] != version)
            k++;
        if (k < seen_count)
            continue;
        seen[seen_count++] = version;
        any = add_to_list(&list, any, text_at(t, version));
    }
    put_list(j, &list, any);
    buffer_done(&list);
    free(seen);
}

static void put_cell(struct json *j, sqlite3_stmt *s, int column)
{
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_INTEGER: json_int(j, sqlite3_column_int64(s, column)); break;
    case SQLITE_TEXT: json_text(j, column_text(s, column)); break;
    default: json_null(j);
    }
}

/* `details`: the columns of the destination with a given fid. */
static int put_details(struct flow_tables *t, struct json *j, sqlite3_stmt *details, int64_t host)
{
    const struct destination_fids *d = host == KEY_NONE ? NULL : &t->destinations[host];

    sqlite3_bind_int64(details, 1, !d ? 0 : d->of_name ? d->of_name : d->of_address);
    const int code = sqlite3_step(details);
    for (int i = 0; i < sqlite3_column_count(details); i++)
        if (code == SQLITE_ROW)
            put_cell(j, details, i);
        else
            json_null(j);
    return sqlite3_reset(details) == SQLITE_OK ? 0 : -EIO;
}

static int put_place(struct flow_tables *t, struct json *j, sqlite3_stmt *details, const struct place *p)
{
    uint32_t *lanes = lanes_of(t, p);

    json_array(j);
    json_text(j, text_at(t, p->key.host));
    put_addresses(t, j, lanes, p->lanes);
    if (fact_known_int(p->key.port))
        json_int(j, p->key.port);
    else
        json_null(j);
    put_tls_versions(t, j, lanes, p->lanes);
    const int error = put_details(t, j, details, p->key.host);
    json_int(j, p->bytes_out);
    json_int(j, p->bytes_in);
    json_int(j, p->opaque_out);
    json_text(j, text_at(t, p->key.phase));
    json_array_end(j);
    free(lanes);
    return error;
}

int flow_tables_write_destinations(struct flow_tables *t, struct fact_case *c, struct json *j, size_t rows_max,
                                   int64_t *ret_left_out)
{
    const size_t count = t->place_keys.count, kept = count < rows_max ? count : rows_max;
    sqlite3_stmt *details = NULL;
    int error = 0;

    if (sqlite3_prepare_v2(case_db(c),
                           "SELECT owner, asn, as_name, operator_country, registry_country, location_country, party"
                                       " FROM destination WHERE fid = ?", -1, &details, NULL) != SQLITE_OK)
        return -EIO;
    uint32_t *order = in_order(t, count, by_sum_and_place);
    for (size_t i = 0; i < kept && !error; i++)
        error = put_place(t, j, details, &t->places[order[i]]);
    free(order);
    sqlite3_finalize(details);
    *ret_left_out = (int64_t)(count - kept);
    return error;
}

int flow_tables_write_modes(struct flow_tables *t, struct fact_case *c, struct json *j, size_t rows_max,
                            int64_t *ret_left_out)
{
    const size_t count = t->mode_keys.count, kept = count < rows_max ? count : rows_max;
    struct arena *arena = arena_new(0);
    const struct text label = case_get(c, "label", arena);
    uint32_t *order = in_order(t, count, by_sum_and_mode);

    for (size_t i = 0; i < kept; i++) {
        const struct mode *m = &t->modes[order[i]];
        json_array(j);
        json_text(j, label);
        json_text(j, text_at(t, m->key.phase));
        json_text(j, text_at(t, m->key.device));
        json_text(j, text_at(t, m->mac));
        json_int(j, m->destinations);
        json_int(j, m->connections);
        json_int(j, m->bytes_out);
        json_int(j, whole(m->sums.bytes_in));
        json_int(j, whole(m->sums.opaque_out));
        json_array_end(j);
    }
    free(order);
    arena_free(arena);
    *ret_left_out = (int64_t)(count - kept);
    return 0;
}
