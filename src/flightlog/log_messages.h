#ifndef LEASH_FLIGHTLOG_LOG_MESSAGES_H
#define LEASH_FLIGHTLOG_LOG_MESSAGES_H

#include "flightlog/flight_rows.h"

/* What an app or a vehicle said in words: a row of `message` each, up to a number that no real log reaches, and in the
 * flight's note as far as there is room. */
enum { LOG_MESSAGES_ROWS_MAX = 20000 };

struct log_messages {
    int64_t count;
    struct buffer texts;
};

struct log_message {
    struct text text;                  /* ends in blanks, line ends and zeros are left out */
    const char *level;                 /* as in fact/fact.h; NULL: not graded */
    int64_t since_us;                  /* from the log's beginning, or unknown */
    struct flight_time time;
    struct fact_origin origin;
};

/* `flight` is the number of its flight. */
void log_messages_add(struct log_messages *m, struct fact_sink *facts, int64_t flight,
                      const struct log_message *message);

/* The names that syslog (RFC 5424), MAVLink and PX4 give to the severities 0 to 7; NULL for others. */
const char *log_message_level(unsigned severity);

/* Puts them into the note and gives the memory back. */
void log_messages_note(struct log_messages *m, struct flight_rows *rows);
/* The same for a note that is put together elsewhere: a sentence with a blank in front, or nothing. */
void log_messages_write(struct log_messages *m, struct buffer *note);

/* The time from `first_us` to `at_us`; unknown where one is, or it would be negative. */
int64_t log_messages_since(int64_t first_us, int64_t at_us);

#endif
