#include "flightlog/log_messages.h"

#include <inttypes.h>

enum { TEXTS_MAX = 1800, TEXT_MAX = 160 };

void log_messages_add(struct log_messages *m, struct text message, int64_t since_us)
{
    struct text last = message;

    if (m->count++ == 0)
        buffer_init(&m->texts, TEXTS_MAX);
    while (last.len > 0 && (last.at[last.len - 1] == '\t' || last.at[last.len - 1] == '\0' || last.at[last.len - 1] == '\n'))
        last.len--;
    if (last.len > TEXT_MAX)
        last.len = TEXT_MAX;
    if (m->texts.overflowed)
        return;
    buffer_printf(&m->texts, "%s\"%.*s\"", m->count > 1 ? ", " : "", (int)last.len, last.at);
    if (fact_known_int(since_us))
        buffer_printf(&m->texts, " at %.1f s", (double)since_us / 1e6);
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
    buffer_done(&m->texts);
}

int64_t log_messages_since(int64_t first_us, int64_t at_us)
{
    int64_t since_us;

    if (!fact_known_int(first_us) || !fact_known_int(at_us) || __builtin_sub_overflow(at_us, first_us, &since_us) || since_us < 0)
        return FACT_UNKNOWN_INT;
    return since_us;
}
