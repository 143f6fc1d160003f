#ifndef LEASH_RADIO_IQ_NAME_H
#define LEASH_RADIO_IQ_NAME_H

#include "radio/iq.h"

/* A raw recording has no mark of its own: the ending of its name is all that programs go by.  GNU Radio, inspectrum,
 * URH and hackrf_transfer call them .fc32 .cf32 .cfile .f32 | .sc16 .cs16 .ci16 .s16 | .sc8 .cs8 .ci8 .s8 |
 * .cu8 .uc8 .cu16 | .cf64 | .cs32, all little-endian.  IQ_UNKNOWN: none of them. */
enum iq_type iq_type_of_name(struct text name);

/* The samples a second that a name seems to tell ("50msps", "15360ksps", "20MSps", "fs61.44e6",
 * "2400000Hz_30720000sps"): a hint, which may lie.  0: none. */
double iq_rate_of_name(struct text name);

/* Whether content is float32 samples, by itself: finite numbers of a receiver's range, I and Q alike, going up and down
 * like a signal.  Looks at a few places. */
bool iq_looks_like_f32(struct bytes content);

/* Whether content may be samples of that type at all, as a name says: it is not, where floats would be no numbers. */
bool iq_may_be(struct bytes content, enum iq_type type);

#endif
