#include "flightlog/log_messages.h"

#include <inttypes.h>

enum { TEXTS_MAX = 1800, TEXT_MAX = 160 };

const char *log_message_level(unsigned severity)
{
    static const char *const levels[] = { "emergency", "alert", "critical", "error", "warning", "notice", "info",
                                          "debug" };

    return severity < sizeof levels / sizeof *levels ? levels[severity] : NULL;
}

static struct text without_end(struct text t)
{
    while (t.len > 0 && (t.at[t.len - 1] == '\t' || t.at[t.len - 1] == '\0' || t.at[t.len - 1] == '\n'))
        t.len--;
    return t;
}

static void put_row(struct fact_sink *facts, int64_t flight, const struct log_message *message)
{
    struct fact_message row;

    fact_init(FACT_MESSAGE, &row);
    row.head.origin = message->origin;
    row.flight = flight;
    row.level = text_of(message->level);
    row.text = without_end(message->text);
    row.time = message->time.utc_ns;
    row.time_basis = fact_known_int(row.time) ? text_of(message->time.basis) : TEXT_UNKNOWN;
    row.since_s = fact_known_int(message->since_us) ? (double)message->since_us / 1e6 : FACT_UNKNOWN_REAL;
    fact_put(facts, FACT_MESSAGE, &row);
}

void log_messages_add(struct log_messages *m, struct fact_sink *facts, int64_t flight,
                      const struct log_message *message)
{
    struct text last = without_end(message->text);

    if (m->count < LOG_MESSAGES_ROWS_MAX)
        put_row(facts, flight, message);
    if (m->count++ == 0)
        buffer_init(&m->texts, TEXTS_MAX);
    if (last.len > TEXT_MAX)
        last.len = TEXT_MAX;
    if (m->texts.overflowed)
        return;
    buffer_printf(&m->texts, "%s\"%.*s\"", m->count > 1 ? ", " : "", (int)last.len, last.at);
    if (fact_known_int(message->since_us))
        buffer_printf(&m->texts, " at %.1f s", (double)message->since_us / 1e6);
}

void log_messages_note(struct log_messages *m, struct flight_rows *rows)
{
    struct buffer sentence;

    buffer_init(&sentence, 2 * TEXTS_MAX);
    log_messages_write(m, &sentence);
    if (sentence.len > 1)
        flight_rows_note(rows, "%.*s", (int)sentence.len - 1, (const char *)sentence.at + 1);
    buffer_done(&sentence);
}

void log_messages_write(struct log_messages *m, struct buffer *note)
{
    if (m->count > 0)
        buffer_printf(note, " Messages: %" PRId64 ": %.*s%s", m->count, (int)m->texts.len, (const char *)m->texts.at,
                      m->texts.overflowed ? " and others." : ".");
    if (m->count > LOG_MESSAGES_ROWS_MAX)
        buffer_printf(note, " Only the first %d of them have rows of their own.", LOG_MESSAGES_ROWS_MAX);
    buffer_done(&m->texts);
}

int64_t log_messages_since(int64_t first_us, int64_t at_us)
{
    int64_t since_us;

    if (!fact_known_int(first_us) || !fact_known_int(at_us) || __builtin_sub_overflow(at_us, first_us, &since_us) ||
        since_us < 0)
        return FACT_UNKNOWN_INT;
    return since_us;
}
