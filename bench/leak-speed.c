/* How fast known values are searched for, and what it costs to prepare the search.
 *
 *     bench-leak-speed                 tables over made data
 *     bench-leak-speed FILE...         the same over files
 *     bench-leak-speed curve           10 to 1,000,000 points: build time, memory, speed
 *
 * CPU time of one thread, best of three.  tools/bench runs it and puts the tables into
 * doc/leak-detection.md. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/memory.h"
#include "leak/filter.h"
#include "leak/search.h"

enum { ROUNDS = 3, DATA_MB = 64, VIEW_BYTES = 1 << 20 };

/* Of each kind of data; BENCH_SPEED_MB takes less than 64 MiB, for a quick look. */
static size_t data_bytes = (size_t)DATA_MB << 20;

static void size_from_environment(void)
{
    const char *wanted = getenv("BENCH_SPEED_MB");
    const unsigned long mb = wanted ? strtoul(wanted, NULL, 10) : 0;

    if (mb > 0 && mb < DATA_MB)
        data_bytes = (size_t)mb << 20;
}

static uint64_t random_state = 20260101;

static uint64_t random_next(void)
{
    random_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random_state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double random_unit(void) { return (double)(random_next() >> 11) / 9007199254740992.0; }

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Data */

static void fill_random(uint8_t *at, size_t len)
{
    for (size_t i = 0; i + 8 <= len; i += 8) {
        const uint64_t word = random_next();
        memcpy(at + i, &word, 8);
    }
}

static void fill_zero(uint8_t *at, size_t len) { memset(at, 0, len); }

static size_t put_json(uint8_t *at, size_t room)
{
    static const char *const names[] = { "event", "deviceId", "battery_pct", "session", "ts", "speed", "net", "lat",
                                         "altitude" };
    char text[256];
    const int n = snprintf(text, sizeof text, "{\"%s\":%llu,\"%s\":%.4f,\"%s\":\"%08llx\"},\n",
                           names[random_next() % 9],
                           (unsigned long long)(random_next() % 2000000000), names[random_next() % 9],
                           random_unit() * 360 - 180, names[random_next() % 9], (unsigned long long)random_next() &
                               0xffffffff);
    const size_t len = (size_t)n < room ? (size_t)n : room;

    memcpy(at, text, len);
    return len;
}

static void fill_text(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len;)
        i += put_json(at + i, len - i);
}

/* Records of small numbers, counters, floats, zeros. */
static size_t put_records(uint8_t *at, size_t room)
{
    uint8_t record[64] = { 0 };
    static uint32_t counter;
    const float speed = (float)(random_unit() * 20);
    const double x = random_unit() * 1000;
    const uint64_t time = UINT64_C(1905242400000) + counter * 100u;
    const size_t len = sizeof record < room ? sizeof record : room;

    counter++;
    memcpy(record, &counter, 4);
    memcpy(record + 8, &time, 8);
    memcpy(record + 16, &speed, 4);
    memcpy(record + 24, &x, 8);
    record[40] = (uint8_t)random_next();
    memcpy(at, record, len);
    return len;
}

static void fill_records(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len;)
        i += put_records(at + i, len - i);
}

/* As payload is: half of it looks random (TLS, media), the rest is text and records. */
static void fill_capture(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len;) {
        const size_t room = len - i, piece = 1400 < room ? 1400 : room, end = i + piece;
        const unsigned what = (unsigned)(random_next() % 8);
        if (what < 4) {
            fill_random(at + i, piece);
            i = end;
        } else {
            while (i < end)
                i += what < 7 ? put_json(at + i, end - i) : put_records(at + i, end - i);
        }
    }
}

struct data {
    const char *name;
    void (*fill)(uint8_t *at, size_t len);
    uint8_t *at;
    size_t len;
};

static bool read_file(struct data *d, const char *path)
{
    FILE *f = fopen(path, "rb");

    if (!f)
        return false;
    d->name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    d->at = memory_alloc(4 * data_bytes);
    d->len = fread(d->at, 1, 4 * data_bytes, f);
    fclose(f);
    return d->len > 0;
}

/* Secrets */

/* Flights of 200 points that wander about over a town each, towns strewn over a country. */
static struct secrets *make_secrets(size_t points, size_t identifiers, double country_deg)
{
    enum { FLIGHT_POINTS = 2000 };
    struct secrets *s = secrets_new();
    char name[64];

    for (size_t done = 0; done < points;) {
        const size_t n = points - done < FLIGHT_POINTS ? points - done : FLIGHT_POINTS;
        double lon = -104.99 + (random_unit() - 0.5) * country_deg,
            lat = 39.73 + (random_unit() - 0.5) * country_deg / 2;
        double heading = random_unit() * 6.28;
        const int id = snprintf(name, sizeof name, "flight-%zu", done / FLIGHT_POINTS);
        for (size_t i = 0; i < n; i++) {
            secrets_add_point(s, (struct text){ .at = name, .len = (size_t)id }, SUBJECT_AIRCRAFT, lon, lat,
                              INT64_C(1905242400000000000) + (int64_t)(done + i) * 100000000);
            heading += random_unit() * 0.2 - 0.1;
            lon += cos(heading) * 1.2 / 85500;
            lat += sin(heading) * 1.2 / 111195;
        }
        done += n;
    }
    for (size_t i = 0; i < identifiers; i++) {
        const int n = snprintf(name, sizeof name, "%05llXK%07lluQ", (unsigned long long)random_next() & 0xfffff,
                               (unsigned long long)random_next() % 10000000);
        secrets_add_literal(s, TEXT("device"), SECRET_SERIAL, TEXT("serial number"),
                            (struct text){ .at = name, .len = (size_t)n });
    }
    return s;
}

/* Binary search alone */

static uint64_t pairs;

static void count_value(void *user, const struct position_value *value)
{
    (void)user;
    (void)value;
}

static void count_pair(void *user, const struct position_pair *pair)
{
    (void)user;
    (void)pair;
    pairs++;
}

static double scan_speed(const struct position_index *x, const struct data *d)
{
    const struct position_events events = { .pair = count_pair, .value = count_value };
    double best = INFINITY;

    for (int round = 0; round < ROUNDS; round++) {
        pairs = 0;
        const double start = cpu_s();
        for (size_t at = 0; at < d->len; at += VIEW_BYTES) {
            const size_t len = d->len - at < VIEW_BYTES ? d->len - at : VIEW_BYTES;
            position_scan_binary(x, d->at + at, len, 0, len, &events);
        }
        best = fmin(best, cpu_s() - start);
    }
    return (double)d->len / best / 1e9;
}

static void binary_table(const struct leak_index *index, const struct data *data, size_t count)
{
    printf("\nBinary positions, GB/s (pairs)\n\n| data |");
    for (int k = 0; k < FILTER_COUNT; k++)
        printf(" %s |", filter_kernels[k].name);
    printf("\n|---|");
    for (int k = 0; k < FILTER_COUNT; k++)
        printf("---|");
    printf("\n");
    for (size_t i = 0; i < count; i++) {
        printf("| %s |", data[i].name);
        for (int k = 0; k < FILTER_COUNT; k++) {
            if (!position_index_use(index->positions, (enum filter_kernel)k)) {
                printf(" - |");
                continue;
            }
            const double speed = scan_speed(index->positions, &data[i]);
            printf(" %.2f (%llu) |", speed, (unsigned long long)pairs);
        }
        printf("\n");
        fflush(stdout);
    }
    position_index_use(index->positions, filter_best());
}

/* The whole engine */

static struct fact_sink *sink_for_nothing(void);

static void forget_rows(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    (void)sink;
    (void)kind;
    (void)row;
    (void)number;
}

static struct fact_sink nothing = { .put = forget_rows };
static struct fact_sink *sink_for_nothing(void) { return &nothing; }

static double engine_speed(const struct leak_index *index, const struct data *d, size_t chunk)
{
    double best = INFINITY;

    for (int round = 0; round < ROUNDS; round++) {
        struct payload_search *search = leak_search_new(index);
        const struct reading_options options = { 0 };
        struct reading r = { .facts = sink_for_nothing(), .arena = arena_new(0), .options = &options };
        const double start = cpu_s();
        for (size_t at = 0; at < d->len; at += VIEW_BYTES) {
            const struct payload_source source = { .flow = (int64_t)(at / VIEW_BYTES),
                                                   .destination = TEXT("collector.example") };
            struct payload_view *view = search->open(search, &r, &source);
            const size_t end = d->len - at < VIEW_BYTES ? d->len : at + VIEW_BYTES;
            for (size_t i = at; i < end; i += chunk)
                search->feed(view, (struct bytes){ .at = d->at + i, .len = end - i < chunk ? end - i : chunk,
                                                   .origin = i }, 1, 0);
            search->close(view);
        }
        leak_search_item_done(search, &r);
        best = fmin(best, cpu_s() - start);
        leak_search_free(search);
        arena_free(r.arena);
    }
    return (double)d->len / best / 1e9;
}

static void engine_table(const struct leak_index *index, const struct data *data, size_t count)
{
    printf("\nWhole engine, GB/s\n\n| data | segments of 1,400 bytes | pieces of 64 KiB |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        printf("| %s | %.2f |", data[i].name, engine_speed(index, &data[i], 1400));
        printf(" %.2f |\n", engine_speed(index, &data[i], 65536));
        fflush(stdout);
    }
}

static long resident_kb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Each size in a process of its own, so that memory is its own. */
static int curve(const char *program)
{
    static const struct { const char *heading, *what; } parts[] = {
        { "| points | flights | build, s | memory of secrets and index, MiB | binary, GB/s | engine, GB/s |", "points" },
        { "| identifiers | flights | build, s | memory of secrets and index, MiB | binary, GB/s | engine, GB/s |", "identifiers" },
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        printf("%s%s\n|---|---|---|---|---|---|\n", i ? "\n" : "", parts[i].heading);
        fflush(stdout);
        for (size_t size = 10; size <= 1000000; size *= 10) {
            char command[4096];
            snprintf(command, sizeof command, "'%s' %s %zu", program, parts[i].what, size);
            if (system(command) != 0)
                return 1;
        }
    }
    return 0;
}

/* So many points, or identifiers beside one flight of 2,000. */
static int one_size(size_t points, size_t identifiers)
{
    struct data d = { .name = "capture", .len = data_bytes };

    d.at = memory_alloc(d.len);
    fill_capture(d.at, d.len);
    const long before = resident_kb();
    const double start = cpu_s();
    struct secrets *s = make_secrets(points, identifiers, 8);
    struct leak_index *index = leak_index_new(s, NULL);
    const double built = cpu_s() - start;
    const long after = resident_kb();
    printf("| %zu | %zu | %.3f | %.1f |", identifiers ? identifiers : points, s->path_count, built, (double)(after - before) / 1024);
    printf(" %.2f |", scan_speed(index->positions, &d));
    printf(" %.2f |\n", engine_speed(index, &d, 1400));
    leak_index_free(index);
    secrets_free(s);
    free(d.at);
    return 0;
}

int main(int argc, char **argv)
{
    struct data data[64] = {
        { .name = "capture", .fill = fill_capture }, { .name = "random", .fill = fill_random },
        { .name = "text", .fill = fill_text }, { .name = "records", .fill = fill_records }, { .name = "zero", .fill = fill_zero },
    };
    size_t count = 5;

    size_from_environment();
    if (argc == 2 && strcmp(argv[1], "curve") == 0)
        return curve(argv[0]);
    if (argc == 3 && strcmp(argv[1], "points") == 0)
        return one_size(strtoul(argv[2], NULL, 10), 0);
    if (argc == 3 && strcmp(argv[1], "identifiers") == 0)
        return one_size(2000, strtoul(argv[2], NULL, 10));
    if (argc > 1) {
        count = 0;
        for (int i = 1; i < argc && count < 64; i++)
            count += read_file(&data[count], argv[i]);
    } else {
        for (size_t i = 0; i < count; i++) {
            data[i].len = data_bytes;
            data[i].at = memory_alloc(data_bytes);
            data[i].fill(data[i].at, data_bytes);
        }
    }
    static const struct { const char *name; size_t points; double country_deg; } sizes[] = {
        { "one town, 20,000 points, 1,000 identifiers", 20000, 0.02 },
        { "100 flights in one country, 200,000 points, 1,000 identifiers", 200000, 8 },
        { "100 flights anywhere", 200000, 150 },
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        random_state = 7;
        struct secrets *s = make_secrets(sizes[i].points, 1000, sizes[i].country_deg);
        const double start = cpu_s();
        struct leak_index *index = leak_index_new(s, NULL);
        printf("\n%s (prepared in %.2f s)\n", sizes[i].name, cpu_s() - start);
        binary_table(index, data, count);
        engine_table(index, data, count);
        leak_index_free(index);
        secrets_free(s);
    }
    for (size_t i = 0; i < count; i++)
        free(data[i].at);
    return 0;
}
