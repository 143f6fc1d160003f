#ifndef LEASH_FACT_POSITION_LINE_H
#define LEASH_FACT_POSITION_LINE_H

#include <stdbool.h>

#include "base/real_text.h"
#include "base/timestamp.h"
#include "fact/fact.h"

/* Positions as JSON lines, the way fact_json_row writes them in the form FACT_JSON_FACTS.  A log has millions of them
 * that differ in their numbers only: what stays the same from one to the next is kept ready, and copied. */

enum { POSITION_LINE_MAX = 2048, POSITION_PIECE_MAX = 448 };

struct position_piece {
    char at[POSITION_PIECE_MAX];
    size_t len;
};

/* The aircraft, its home and its operator take turns in a log, each with texts of its own. */
enum { POSITION_FORMS = 4 };

struct position_form {
    /* what the pieces below were made of; the texts are copies */
    char key[12];
    int64_t flight, media;
    size_t lengths[5];
    char texts[320];
    bool made;

    struct position_piece begin, evidence, steps, basis, reference;
};

/* A number that stands as it stood in the row before, as heights and attitudes mostly do: its text is kept. */
struct position_number {
    uint64_t bits;
    uint64_t len; /* 0: none is kept */
    char at[REAL_TEXT_MAX];
};

enum position_number_of { POSITION_ALTITUDE, POSITION_PITCH, POSITION_ROLL, POSITION_YAW, POSITION_NUMBERS };

struct position_line {
    struct position_form forms[POSITION_FORMS];
    struct position_number numbers[POSITION_NUMBERS];
    unsigned newest;
    struct timestamp_second second;
};

void position_line_init(struct position_line *l);

/* Writes the row with its '\n' and gives how many characters.  `key` are the first 12 digits of its evidence's key;
 * head.evidence is a SHA-256 or unknown.  0: it is a row that takes fact_json_row, as one whose texts need escapes. */
size_t position_line_put(struct position_line *l, const struct fact_position *row, const char key[12],
                         char into[POSITION_LINE_MAX]);

#endif
