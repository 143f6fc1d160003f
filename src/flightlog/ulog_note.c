#include "flightlog/ulog_note.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"

enum { TOPICS_TEXT_MAX = 1900, TOPICS_TOLD_MAX = 128, RELEASE_FINAL = 255 };

/* Version of the firmware as PX4 packs it: major, minor, patch, kind of release. */
static struct text firmware_text(struct ulog_log *log)
{
    const uint32_t v = (uint32_t)log->release;
    const int hash = (int)(log->firmware.len < 10 ? log->firmware.len : 10);

    if (!fact_known_int(log->release))
        return log->firmware;
    return arena_printf(log->r->arena, "%u.%u.%u%s%s%.*s", v >> 24, v >> 16 & 255, v >> 8 & 255,
                        (v & 255) == RELEASE_FINAL ? "" : " pre-release", hash ? " " : "", hash, hash ? log->firmware.at : "");
}

static void put_device(struct ulog_log *log)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = text_known(log->sys_uuid) ? log->uuid_origin : fact_origin_at(log->walk.area.origin,
                                                                                       ULOG_HEADER);
    device.role = TEXT("aircraft");
    device.model = log->hardware;
    device.serial = log->sys_uuid;
    device.firmware = firmware_text(log);
    flight_rows_device(&log->rows, &device);
}

static int by_records(const void *a, const void *b)
{
    const struct ulog_subscription *x = *(struct ulog_subscription *const *)a,
        *y = *(struct ulog_subscription *const *)b;

    if (x->records != y->records)
        return x->records < y->records ? 1 : -1;
    const int name = text_compare(ulog_format_name(x->format), ulog_format_name(y->format));
    return name ? name : x->instance - y->instance;
}

/* Joins what is subscribed to more than once: an instance of a topic is counted once. */
static size_t used_topics(struct ulog_log *log, struct ulog_subscription **into)
{
    size_t n = 0;

    for (size_t i = 0; i < log->subscription_count; i++) {
        struct ulog_subscription *s = &log->subscriptions[i];
        size_t k = 0;
        if (s->records == 0)
            continue;
        while (k < n && (into[k]->format != s->format || into[k]->instance != s->instance))
            k++;
        if (k < n)
            into[k]->records += s->records;
        else
            into[n++] = s;
    }
    qsort(into, n, sizeof *into, by_records);
    return n;
}

static void note_topics(struct ulog_log *log)
{
    struct ulog_subscription **topics = memory_alloc_array(log->subscription_count + 1, sizeof *topics);
    const size_t count = used_topics(log, topics);
    struct buffer text;

    buffer_init(&text, TOPICS_TEXT_MAX);
    buffer_printf(&text, "%" PRId64 " data records of %zu topics", log->data_records, count);
    for (size_t i = 0; i < count && i < TOPICS_TOLD_MAX; i++) {
        const struct text name = ulog_format_name(topics[i]->format);
        buffer_printf(&text, "%s%" PRId64 " of %.*s", i ? ", " : ": ", topics[i]->records, (int)name.len, name.at);
        if (topics[i]->instance)
            buffer_printf(&text, " (%u)", topics[i]->instance);
    }
    flight_rows_note(&log->rows, "%.*s%s", (int)text.len, (const char *)text.at,
                     count > TOPICS_TOLD_MAX || text.overflowed ? " and others." : ".");
    buffer_done(&text);
    free(topics);
}

static void note_doubts(struct ulog_log *log)
{
    struct flight_rows *rows = &log->rows;

    if (log->without_fix > 0)
        flight_rows_note(rows, "%" PRId64 " of the receiver's positions are marked as no fix: last known or guessed ones.",
                         log->without_fix);
    if (log->unknown_ids > 0)
        flight_rows_note(rows, "%" PRId64 " data records belong to no topic that the log names and were not read.",
                         log->unknown_ids);
    if (log->unknown_types > 0)
        flight_rows_note(rows, "%" PRId64 " records of unknown types.", log->unknown_types);
    if (log->traffic > 0)
        flight_rows_note(rows, "%" PRId64 " positions of other aircraft, which its receiver heard, are not shown.",
                         log->traffic);
}

static void note_rest(struct ulog_log *log)
{
    struct flight_rows *rows = &log->rows;

    flight_rows_note(rows,
                     "Parameters: %" PRId64 ", set while it was recorded: %" PRId64 ". Pieces of information: %" PRId64
                     ", parts of long ones: %" PRId64 ".", log->parameters, log->parameters_changed, log->infos, log->info_parts);
    if (log->dropouts > 0)
        flight_rows_note(rows, "Dropouts: %" PRId64 ", in which the logger lost %.3f s.", log->dropouts,
                         (double)log->dropped_ms / 1000);
    log_messages_note(&log->messages, rows);
}

void ulog_note_put_flight(struct ulog_log *log, struct bytes whole)
{
    struct flight_rows *rows = &log->rows;

    put_device(log);
    flight_rows_note(rows, "ULog, version %u, of %.*s%s%.*s.", whole.len > 7 ? whole.at[7] : 0,
                     text_known(log->system) ? (int)log->system.len : 18, text_known(log->system) ? log->system.at : "an unnamed system",
                     text_known(log->hardware) ? " on " : "", (int)log->hardware.len, text_known(log->hardware) ? log->hardware.at : "");
    boot_clock_describe(&log->clock, rows);
    path_sources_note(&log->sources, rows);
    note_doubts(log);
    note_topics(log);
    note_rest(log);
    path_home_describe(rows, log->origin_known ? &log->origin : NULL);
    flight_rows_end(rows, whole);
}
