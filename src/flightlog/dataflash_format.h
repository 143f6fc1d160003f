#ifndef LEASH_FLIGHTLOG_DATAFLASH_FORMAT_H
#define LEASH_FLIGHTLOG_DATAFLASH_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* How the records of an ArduPilot log are laid out, as the log itself says (records FMT), and their
 * fields.  Source: ArduPilot libraries/AP_Logger/README.md and LogStructure.h; letters also in
 * ArduPilot/pymavlink DFReader.py. */

enum { DATAFLASH_COLUMNS_MAX = 16, DATAFLASH_NAME_MAX = 4, DATAFLASH_FORMATS_MAX = 256 };

struct dataflash_format {
    bool known;
    uint8_t type;
    uint8_t bytes;                       /* of a whole record in a binary log, its head included */
    struct text name;
    char letters[DATAFLASH_COLUMNS_MAX];
    struct text columns_text;
    struct text columns[DATAFLASH_COLUMNS_MAX];
    uint8_t offset[DATAFLASH_COLUMNS_MAX]; /* in the record, behind its head */
    unsigned count;
    int64_t records;
    const void *role;                    /* the reader's */
    int8_t column[16];                   /* of the fields that the role names, -1 where there is none */
};

/* A record: its bytes behind the head, or in a text log its values. */
struct dataflash_record {
    struct dataflash_format *format;
    struct bytes where;                  /* of the whole record or line */
    struct bytes body;
    bool is_text;
    struct text values[DATAFLASH_COLUMNS_MAX];
    unsigned value_count;
};

/* Sets the format from the parts of a FMT record, with texts copied to the arena.  False, and `ret` alone, where
 * letters are unknown, columns and letters differ in number, or `bytes` is not what the letters need (0: not asked). */
bool dataflash_format_set(struct dataflash_format *ret, struct arena *arena, uint8_t type, uint8_t bytes,
                          struct text name,
                          struct text letters, struct text columns);

/* -1 when there is none. */
int dataflash_column(const struct dataflash_format *format, const char *name);

/* Values in the units that the letters imply (degrees for L, hundredths for c, C, e, E).  Unknown where
 * column is -1, the value is missing, or no number. */
double dataflash_real(const struct dataflash_record *record, int column);
int64_t dataflash_int(const struct dataflash_record *record, int column);
struct text dataflash_text(const struct dataflash_record *record, int column);

/* Cuts a line of a text log into its values; the last column has what is left of the line. */
void dataflash_split(struct dataflash_record *record, struct text behind_name);

/* The part before a comma, without the blanks around it; the comma is taken, too. */
struct text dataflash_value(struct text *rest);

#endif
