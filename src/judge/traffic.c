#include "judge/traffic.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "judge/traffic_sums.h"
#include "judge/traffic_views.h"

const char *const traffic_tables[TRAFFIC_TABLE_COUNT] = {
    "peer", "stream", "sent", "request_flow", "clear_peer", "address", "captured_device", "flow_kind",
};

static int insert(sqlite3_stmt *s)
{
    const int code = sqlite3_step(s), reset = sqlite3_reset(s);

    return code == SQLITE_DONE ? reset : code;
}

static void bind_text(sqlite3_stmt *s, int at, struct text t)
{
    if (text_known(t))
        sqlite3_bind_text64(s, at, t.at, t.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(s, at);
}

/* The list gets its end here: it is complete. */
static void bind_list(sqlite3_stmt *s, int at, struct list *l)
{
    if (l->count)
        l->json[l->len++] = ']'; /* there is room for it */
    bind_text(s, at, l->count ? (struct text){ .at = l->json, .len = l->len } : TEXT("[]"));
}

static int peer_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    struct peer *p = &t->peers[number];

    sqlite3_bind_int64(s, 1, p->nth);
    bind_text(s, 2, t->peer_keys.keys[number]);
    sqlite3_bind_int(s, 3, p->named);
    sqlite3_bind_int64(s, 4, p->flows);
    sqlite3_bind_double(s, 5, p->payload_out);
    sqlite3_bind_double(s, 6, p->opaque_out);
    sqlite3_bind_double(s, 7, p->missing_out);
    sqlite3_bind_double(s, 8, p->bytes_in);
    sqlite3_bind_int(s, 9, p->answered);
    bind_text(s, 10, p->device);
    bind_list(s, 11, &p->facts);
    bind_list(s, 12, &p->any);
    sqlite3_bind_int(s, 13, !p->refused);
    return insert(s);
}

/* A request whose connection is not there, or did not leave, has no row. */
static int request_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    const struct request *r = &t->requests[number];

    if (t->asked_fids[r->flow] == 0)
        return SQLITE_OK;
    sqlite3_bind_int64(s, 1, r->fid);
    sqlite3_bind_int64(s, 2, t->asked_fids[r->flow]);
    return insert(s);
}

static int clear_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    const struct clear *c = &t->clear[number];
    struct clear_key key;

    memcpy(&key, t->clear_keys.keys[number].at, sizeof key);
    bind_text(s, 1, key.peer ? t->clear_peers.keys[key.peer - 1] : TEXT_UNKNOWN);
    bind_text(s, 2, traffic_word(t, key.proto));
    bind_text(s, 3, traffic_word(t, key.service));
    sqlite3_bind_int64(s, 4, key.local);
    sqlite3_bind_int64(s, 5, c->flows);
    sqlite3_bind_double(s, 6, c->payload_out);
    sqlite3_bind_double(s, 7, c->payload_in);
    sqlite3_bind_double(s, 8, c->readable_out);
    sqlite3_bind_int64(s, 9, c->first_fid);
    bind_text(s, 10, c->least_id);
    bind_text(s, 11, c->greatest_id);
    return insert(s);
}

static int address_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    bind_text(s, 1, t->address_texts.keys[number]);
    sqlite3_bind_int(s, 2, t->addresses[number].private);
    sqlite3_bind_int(s, 3, t->addresses[number].internal);
    return insert(s);
}

static int speaker_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    int64_t key[2];

    memcpy(key, t->speaker_keys.keys[number].at, sizeof key);
    bind_text(s, 1, traffic_word(t, key[0]));
    bind_text(s, 2, traffic_address(t, key[1]));
    return insert(s);
}

static int kind_row(struct traffic *t, sqlite3_stmt *s, size_t number)
{
    struct kind_key key;

    memcpy(&key, t->kind_keys.keys[number].at, sizeof key);
    bind_text(s, 1, traffic_word(t, key.proto));
    bind_text(s, 2, traffic_word(t, key.service));
    if (key.port >= 0)
        sqlite3_bind_int64(s, 3, key.port);
    else
        sqlite3_bind_null(s, 3);
    bind_text(s, 4, traffic_word(t, key.phase));
    sqlite3_bind_int64(s, 5, key.local);
    sqlite3_bind_int64(s, 6, key.encrypted);
    sqlite3_bind_int64(s, 7, t->kind_flows[number]);
    return insert(s);
}

/* `order`: which element comes when, or NULL for one after the other. */
static int keep(struct traffic *t, const char *sql, int (*row)(struct traffic *, sqlite3_stmt *, size_t), size_t count,
                const uint32_t *order)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(t->db, sql, -1, &s, NULL);

    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = row(t, s, order ? order[i] : i);
    sqlite3_finalize(s);
    return code;
}

static int by_key(const void *a, const void *b, void *user)
{
    const struct traffic *t = user;

    return text_compare(t->peer_keys.keys[*(const uint32_t *)a], t->peer_keys.keys[*(const uint32_t *)b]);
}

static int by_recipient(const void *a, const void *b, void *user)
{
    const struct traffic *t = user;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const int64_t of_x = t->peers[t->streams[x].key.peer].nth, of_y = t->peers[t->streams[y].key.peer].nth;

    return of_x != of_y ? (of_x < of_y ? -1 : 1) : x < y ? -1 : x > y;
}

static uint32_t *in_order(struct traffic *t, size_t count, int (*compare)(const void *, const void *, void *))
{
    uint32_t *order = memory_alloc_array(count + 1, sizeof *order);

    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, count, sizeof *order, compare, t);
    return order;
}

/* Streams are put into their order only: their rows are read where they are. */
static int keep_peers_and_streams(struct traffic *t)
{
    uint32_t *peers = in_order(t, t->peer_keys.count, by_key);
    for (size_t i = 0; i < t->peer_keys.count; i++)
        t->peers[peers[i]].nth = (int64_t)i + 1;
    t->stream_order = in_order(t, t->stream_keys.count, by_recipient);
    for (size_t i = 0; i < t->stream_keys.count; i++)
        t->streams[t->stream_order[i]].nth = (int64_t)i + 1;
    const int code = keep(t, "INSERT INTO temp.peer VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", peer_row,
                          t->peer_keys.count, peers);

    free(peers);
    return code;
}

static int keep_tables(struct traffic *t)
{
    int code = sqlite3_exec(t->db,
        "CREATE TEMP TABLE peer(nth INTEGER PRIMARY KEY, key, named, flows, payload_out, opaque_out, missing_out, bytes_in,"
        " answered, device, facts, \"any\", allowed);"
        "CREATE TEMP TABLE request_flow(request INTEGER PRIMARY KEY, flow);"
        "CREATE TEMP TABLE clear_peer(key, proto, service, local, flows, payload_out, payload_in, readable_out, nth, least_id, greatest_id);"
        "CREATE TEMP TABLE address(address, private, internal);"
        "CREATE TEMP TABLE captured_device(mac, address);"
        "CREATE TEMP TABLE flow_kind(proto, service, dst_port, phase, local, encrypted, flows)", NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = keep_peers_and_streams(t);
    if (code == SQLITE_OK)
        code = traffic_views_add(t);
    if (code == SQLITE_OK)
        code = keep(t, "INSERT INTO temp.request_flow VALUES(?, ?)", request_row, t->request_count, NULL);
    if (code == SQLITE_OK)
        code = keep(t, "INSERT INTO temp.clear_peer VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", clear_row,
                    t->clear_keys.count, NULL);
    if (code == SQLITE_OK)
        code = keep(t, "INSERT INTO temp.address VALUES(?, ?, ?)", address_row, t->address_texts.count, NULL);
    if (code == SQLITE_OK)
        code = keep(t, "INSERT INTO temp.captured_device VALUES(?, ?)", speaker_row, t->speaker_keys.count, NULL);
    if (code == SQLITE_OK)
        code = keep(t, "INSERT INTO temp.flow_kind VALUES(?, ?, ?, ?, ?, ?, ?)", kind_row, t->kind_keys.count, NULL);
    return code;
}

int traffic_keep(sqlite3 *db, const struct policy *p, struct traffic **ret)
{
    struct traffic *t = *ret = memory_alloc_array(1, sizeof *t);
    int code = traffic_add_up(t, db, p);

    if (code == SQLITE_OK)
        code = keep_tables(t);
    traffic_settle(t);
    return code;
}

void traffic_free(struct traffic *t)
{
    if (!t)
        return;
    traffic_views_remove(t);
    traffic_done(t);
    free(t);
}
