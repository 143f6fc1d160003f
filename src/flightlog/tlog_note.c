/* The flight rows of a telemetry log and what their notes say. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/tlog_log.h"

enum { KINDS_TEXT_MAX = 1900 };

struct message_count {
    const char *name;
    int64_t count;
};

static int by_count(const void *a, const void *b)
{
    const struct message_count *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->name, y->name);
}

static void note_messages(struct tlog *log, struct flight_rows *rows)
{
    struct message_count kinds[TLOG_MESSAGES_MAX];
    size_t count = 0;
    struct buffer text;

    for (size_t i = 0; i < mavlink_message_count && i < TLOG_MESSAGES_MAX; i++)
        if (log->by_message[i] > 0)
            kinds[count++] = (struct message_count){ mavlink_messages[i].name, log->by_message[i] };
    qsort(kinds, count, sizeof *kinds, by_count);
    buffer_init(&text, KINDS_TEXT_MAX);
    buffer_printf(&text, "%" PRId64 " messages of %zu kinds", log->records - log->bad, count + log->unknown_count);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s%" PRId64 " %s", i ? ", " : ": ", kinds[i].count, kinds[i].name);
    flight_rows_note(rows, "%.*s%s", (int)text.len, (const char *)text.at, text.overflowed ? " and others." : ".");
    buffer_clear(&text);
    for (size_t i = 0; i < log->unknown_count; i++)
        buffer_printf(&text, "%s%" PRId64 " of number %" PRIu32, i ? ", " : "", log->unknown[i].count,
                      log->unknown[i].id);
    if (log->unknown_count > 0)
        flight_rows_note(rows, "Not known to leash, and their check sequence not examined: %.*s%s", (int)text.len,
                         (const char *)text.at, log->unknown_others > 0 || text.overflowed ? " and others." : ".");
    buffer_done(&text);
}

static void note_frames(struct tlog *log, struct flight_rows *rows)
{
    int64_t missing = 0;

    for (int i = 0; i < 256; i++)
        missing += log->systems[i].not_received;
    flight_rows_note(rows, "MAVLink 1: %" PRId64 " frames; MAVLink 2: %" PRId64 ", of these signed: %" PRId64
                     " (not checked: the key is not in the log).", log->version_1, log->version_2, log->is_signed);
    if (log->bad > 0)
        flight_rows_note(rows, "%" PRId64 " messages with a wrong check sequence were not read.", log->bad);
    if (missing > 0)
        flight_rows_note(rows, "By their sequence numbers, %" PRId64 " more were sent that this station did not receive or record.", missing);
    if (log->keys_in_clear > 0)
        flight_rows_note(rows, "%" PRId64 " messages carry a key in clear (SETUP_SIGNING, AUTH_KEY).",
                         log->keys_in_clear);
    if (log->traffic > 0)
        flight_rows_note(rows, "%" PRId64 " messages about other aircraft or vessels are not shown.", log->traffic);
}

static void note_clock(struct tlog *log, struct flight_rows *rows)
{
    const bool unbelievable = boot_clock_unbelievable(&log->clock, rows);

    if (log->since_start && unbelievable)
        flight_rows_note(rows, "Times count from the start of a device: when it was recorded is not known.");
    else if (log->since_start && !fact_known_int(log->clock.utc_offset_ns))
        flight_rows_note(rows, "Times count from the start of a device and no GPS time is in it: when it was recorded is not known.");
    else if (log->since_start)
        flight_rows_note(rows,
                         "Times count from the start of a device; UTC is worked out by the vehicle's first GPS time.");
    else if (fact_known_int(log->clock.newest_offset_ns))
        flight_rows_note(rows, "Times are those of the ground station's clock. The vehicle's GPS time minus these is %.3f s at first, %.3f s at last.",
                         (double)log->clock.utc_offset_ns / 1e9, (double)log->clock.newest_offset_ns / 1e9);
    else
        flight_rows_note(rows, unbelievable ? "Times are those of the ground station's clock."
                                            : "Times are those of the ground station's clock, with no GPS time to compare.");
}

static void describe_times(struct tlog *log, struct tlog_vehicle *v)
{
    struct fact_flight *row = &v->rows.row;

    if (!fact_known_int(v->first_us))
        return;
    row->duration_s = (double)(v->last_us - v->first_us) / 1e6;
    row->start = log->since_start ? boot_clock_utc_ns(&log->clock, v->first_us) : v->first_us * 1000;
    row->end = log->since_start ? boot_clock_utc_ns(&log->clock, v->last_us) : v->last_us * 1000;
    if (fact_known_int(row->start))
        row->time_basis = log->since_start ? TEXT("derived") : TEXT("device_clock");
}

static void put_flight(struct tlog *log, struct tlog_vehicle *v, struct bytes whole)
{
    struct flight_rows *rows = &v->rows;

    flight_rows_note(rows, "MAVLink telemetry log, system %u%s%.*s.", v->system, text_known(v->firmware) ? ", " : "",
                     (int)v->firmware.len, text_known(v->firmware) ? v->firmware.at : "");
    describe_times(log, v);
    path_sources_note(&v->sources, rows);
    if (v->without_fix > 0)
        flight_rows_note(rows, "%" PRId64 " of the receivers' positions are marked as no fix: last known or guessed ones.",
                         v->without_fix);
    if (v == log->first) {
        note_clock(log, rows);
        note_frames(log, rows);
        note_messages(log, rows);
    }
    log_messages_note(&v->messages, rows);
    path_home_describe(rows, v->origin_known ? &v->origin : NULL);
    flight_rows_end(rows, whole);
}

void tlog_put_flights(struct tlog *log, struct bytes whole)
{
    for (struct tlog_vehicle *v = log->vehicles; v; v = v->next)
        put_flight(log, v, whole);
}
