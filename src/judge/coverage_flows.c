#include "judge/coverage_flows.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"

struct interval { int64_t from, to; uint32_t capture; };

struct intervals {
    struct interval *at;
    size_t count, room;
};

/* Steps through the rows of a query with one integer per column. */
static int each_row(sqlite3 *db, const char *sql, void (*each)(void *user, sqlite3_stmt *row), void *user)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

    if (code == SQLITE_OK) {
        while ((code = sqlite3_step(s)) == SQLITE_ROW)
            each(user, s);
    }
    sqlite3_finalize(s);
    return code == SQLITE_DONE ? 0 : -EIO;
}

static struct text column_text(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(row, column) } : TEXT_UNKNOWN;
}

/* A flow begins a new stretch of its capture after a pause: a capture with nothing in it for
 * so long may have been switched off. */
enum { PAUSE_MAX_S = 300 };

/* One pass over the flows tells all that is asked of each of them. */
struct flow_sums {
    struct coverage *into;
    struct intervals list;
    char evidence[80];   /* of the row before; rows of one capture mostly follow each other */
    char (*names)[80];
    size_t names_count;
    uint32_t capture;    /* index of `evidence` among `names` */
};

static void take_interval(void *user, sqlite3_stmt *row)
{
    struct intervals *list = user;
    struct interval i;

    if (!timestamp_parse(column_text(row, 0), &i.from) || !timestamp_parse(column_text(row, 1), &i.to) || i.to < i.from)
        return;
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->at = memory_resize_array(list->at, list->room, sizeof *list->at);
    }
    list->at[list->count++] = i;
}

static void find_capture(struct flow_sums *s, struct text evidence)
{
    char name[sizeof s->evidence] = "";
    const size_t len = evidence.len < sizeof name ? evidence.len : sizeof name - 1;

    if (s->names_count && len == strlen(s->evidence) && (len == 0 || memcmp(s->evidence, evidence.at, len) == 0))
        return;
    if (len)
        memcpy(name, evidence.at, len);
    for (s->capture = 0; s->capture < s->names_count && strcmp(name, s->names[s->capture]) != 0;)
        s->capture++;
    if (s->capture == s->names_count) {
        s->names = memory_resize_array(s->names, s->names_count + 1, sizeof *s->names);
        memcpy(s->names[s->names_count++], name, sizeof name);
        s->into->captures += len > 0;
    }
    memcpy(s->evidence, name, sizeof name);
}

/* A flow that goes on from the one before needs no interval of its own. */
static void add_stretch(struct flow_sums *s, int64_t from, int64_t to)
{
    struct intervals *l = &s->list;
    struct interval *last = l->count ? &l->at[l->count - 1] : NULL;

    if (to < from)
        return;
    if (last && last->capture == s->capture && from >= last->from && from <= last->to + PAUSE_MAX_S * NS_PER_S) {
        if (to > last->to)
            last->to = to;
        return;
    }
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 64;
        l->at = memory_resize_array(l->at, l->room, sizeof *l->at);
    }
    l->at[l->count++] = (struct interval){ .from = from, .to = to, .capture = s->capture };
}

static void take_times(struct flow_sums *s, struct text first, struct text last)
{
    struct coverage *v = s->into;
    int64_t from, to;
    const bool begins = timestamp_parse(first, &from), ends = timestamp_parse(last, &to);

    if (begins && (v->flows_from_utc_ns == FACT_UNKNOWN_INT || from < v->flows_from_utc_ns))
        v->flows_from_utc_ns = from;
    if (ends && (v->flows_to_utc_ns == FACT_UNKNOWN_INT || to > v->flows_to_utc_ns))
        v->flows_to_utc_ns = to;
    if (begins && ends)
        add_stretch(s, from, to);
}

static void add(int64_t *sum, sqlite3_stmt *row, int column)
{
    if (__builtin_add_overflow(*sum, sqlite3_column_int64(row, column), sum))
        *sum = INT64_MAX;
}

static void take_flow(void *user, sqlite3_stmt *row)
{
    enum { EVIDENCE, HOST, FIRST, LAST, PAYLOAD_OUT, READABLE_OUT, OPAQUE_OUT, MISSING_OUT, LOCAL };
    struct flow_sums *s = user;

    find_capture(s, column_text(row, EVIDENCE));
    take_times(s, column_text(row, FIRST), column_text(row, LAST));
    if (sqlite3_column_int(row, LOCAL))
        return;
    add(&s->into->payload_out, row, PAYLOAD_OUT);
    add(&s->into->readable_out, row, READABLE_OUT);
    add(&s->into->opaque_out, row, OPAQUE_OUT);
    add(&s->into->missing_out, row, MISSING_OUT);
    s->into->flows_without_name += sqlite3_column_bytes(row, HOST) == 0;
}

static int by_capture(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    if (x->capture != y->capture)
        return x->capture < y->capture ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* Flows of a capture become the stretches of time in which it was made. */
static void join_flows(struct intervals *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->at, list->count, sizeof *list->at, by_capture);
    for (size_t i = 1; i < list->count; i++) {
        struct interval *last = &list->at[kept], *now = &list->at[i];
        if (now->capture == last->capture && now->from <= last->to + PAUSE_MAX_S * NS_PER_S) {
            if (now->to > last->to)
                last->to = now->to;
        } else {
            list->at[++kept] = *now;
        }
    }
    list->count = kept + 1;
}

static int by_begin(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

/* Sorted, and no two of them touch. */
static void unite(struct intervals *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->at, list->count, sizeof *list->at, by_begin);
    for (size_t i = 1; i < list->count; i++) {
        if (list->at[i].from <= list->at[kept].to) {
            if (list->at[i].to > list->at[kept].to)
                list->at[kept].to = list->at[i].to;
        } else {
            list->at[++kept] = list->at[i];
        }
    }
    list->count = kept + 1;
}

static double seconds(int64_t from, int64_t to)
{
    int64_t ns;

    /* The difference first: a double does not hold today's nanoseconds exactly. */
    return __builtin_sub_overflow(to, from, &ns) ? 0 : (double)ns / (double)NS_PER_S;
}

static double common_s(const struct intervals *a, const struct intervals *b)
{
    double sum = 0;

    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const int64_t from = a->at[i].from > b->at[k].from ? a->at[i].from : b->at[k].from;
        const int64_t to = a->at[i].to < b->at[k].to ? a->at[i].to : b->at[k].to;
        if (to > from)
            sum += seconds(from, to);
        if (a->at[i].to < b->at[k].to)
            i++;
        else
            k++;
    }
    return sum;
}

static void take_real(void *user, sqlite3_stmt *row)
{
    *(double *)user = sqlite3_column_double(row, 0);
}

int coverage_measure_flows(sqlite3 *db, struct coverage *v)
{
    struct intervals flights = { 0 };
    struct flow_sums captures = { .into = v };
    double unplaced_s = 0;
    int result = each_row(db, "SELECT evidence, host, first, last, payload_out, readable_out, opaque_out, missing_out,"
                              " ifnull(local, 0) FROM flow", take_flow, &captures);

    if (!result)
        result = each_row(db, "SELECT start, \"end\" FROM flight WHERE start IS NOT NULL AND \"end\" IS NOT NULL",
                          take_interval, &flights);
    if (!result)
        result = each_row(db, "SELECT total(duration_s) FROM flight WHERE (start IS NULL OR \"end\" IS NULL) "
                              "AND duration_s > 0 AND id NOT IN (SELECT s.source FROM story_source s JOIN story t ON t.id = s.story "
                              "WHERE t.start IS NOT NULL)", take_real, &unplaced_s);
    join_flows(&captures.list);
    unite(&captures.list);
    unite(&flights);
    for (size_t i = 0; i < flights.count; i++)
        v->flight_time_s += seconds(flights.at[i].from, flights.at[i].to);
    v->flight_time_s += unplaced_s;
    v->flight_time_covered_s = common_s(&flights, &captures.list);
    free(flights.at);
    free(captures.list.at);
    free(captures.names);
    return result;
}
