#ifndef LEASH_FLIGHTLOG_LOG_MESSAGES_H
#define LEASH_FLIGHTLOG_LOG_MESSAGES_H

#include "flightlog/flight_rows.h"

/* What a vehicle said in words, kept for the flight's note as far as there is room. */
struct log_messages {
    int64_t count;
    struct buffer texts;
};

/* `since_us` is the time since the log's beginning, or unknown. */
void log_messages_add(struct log_messages *m, struct text message, int64_t since_us);

/* Puts them into the note and gives the memory back. */
void log_messages_note(struct log_messages *m, struct flight_rows *rows);
/* The same for a note that is put together elsewhere: a sentence with a blank in front, or nothing. */
void log_messages_write(struct log_messages *m, struct buffer *note);

/* The time from `first_us` to `at_us`; unknown where one is, or it would be negative. */
int64_t log_messages_since(int64_t first_us, int64_t at_us);

#endif
