#ifndef LEASH_RADIO_IQ_H
#define LEASH_RADIO_IQ_H

#include "base/cursor.h"
#include "base/text.h"
#include "radio/lanes.h"

/* Samples of a radio recording: pairs of numbers, I then Q, without anything between them. */
enum iq_type { IQ_UNKNOWN, IQ_F32, IQ_F64, IQ_I16, IQ_I8, IQ_U16, IQ_U8, IQ_I32, IQ_TYPES };

struct iq {
    struct bytes samples;       /* as they lie in the item */
    enum iq_type type;
    bool big_endian;
};

size_t iq_sample_bytes(enum iq_type type);
const char *iq_type_name(enum iq_type type);
uint64_t iq_count(const struct iq *q);

/* Samples `first` to `first + count - 1` as floats; whole numbers become -1 to 1.  Silence where there are none, and
 * for what is no number; gives how many of those there were. */
size_t iq_take(const struct iq *q, uint64_t first, size_t count, struct sample *ret);

#endif
