#ifndef LEASH_FLIGHTLOG_BLACKBOX_FRAME_H
#define LEASH_FLIGHTLOG_BLACKBOX_FRAME_H

#include "base/cursor.h"
#include "base/text.h"

/* The frames of a Betaflight or iNav blackbox log; used by blackbox.c alone.  The encodings are in the .c. */

enum { BLACKBOX_FIELDS_MAX = 128, BLACKBOX_FRAME_MAX = 256 };

enum { BLACKBOX_PREDICT_ZERO = 0, BLACKBOX_PREDICT_PREVIOUS = 1, BLACKBOX_PREDICT_LINE = 2,
       BLACKBOX_PREDICT_INCREMENT = 6,
       BLACKBOX_PREDICT_HOME = 7, BLACKBOX_PREDICT_MAIN_TIME = 10 };

/* What the header says of one kind of frame. */
struct blackbox_fields {
    size_t count;                             /* 0: there are no such frames */
    uint8_t predictor[BLACKBOX_FIELDS_MAX], encoding[BLACKBOX_FIELDS_MAX];
    size_t predictors, encodings;             /* how many were told */
    int time, latitude, longitude, altitude;  /* numbers of fields, or -1 */
};

void blackbox_fields_init(struct blackbox_fields *f);
/* The values of the header's lines "Field X name", "... predictor" and "... encoding". */
void blackbox_fields_names(struct blackbox_fields *f, struct text names);
void blackbox_fields_numbers(uint8_t *into, size_t *count, struct text numbers);
/* Whether frames of it can be read: all fields told, in encodings that are known. */
bool blackbox_fields_readable(const struct blackbox_fields *f);

/* Reads the fields of a frame behind its letter.  `values` are as stored, before prediction; those that stand in groups
 * are only passed over and given as 0.  False: the bytes end within it. */
__attribute__((warn_unused_result))
bool blackbox_frame_read(struct cursor *c, const struct blackbox_fields *f, unsigned data_version,
                         int64_t values[BLACKBOX_FIELDS_MAX]);

uint64_t blackbox_unsigned(struct cursor *c);
int64_t blackbox_signed(struct cursor *c);

#endif
