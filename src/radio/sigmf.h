#ifndef LEASH_RADIO_SIGMF_H
#define LEASH_RADIO_SIGMF_H

#include "evidence/reading.h"
#include "radio/iq.h"

/* SigMF 1.x (sigmf/SigMF:sigmf-spec.md): a NAME.sigmf-meta in JSON describes the samples of a NAME.sigmf-data. */
struct sigmf {
    enum iq_type type;         /* core:datatype; IQ_UNKNOWN: not said, or not one that is read */
    bool big_endian;
    bool is_real;              /* not complex: no recording of a band */
    double rate_hz;            /* core:sample_rate; 0: not said */
    int64_t channels;          /* core:num_channels, 1 unless said */
    int64_t trailing, header;  /* bytes behind and before the samples: core:trailing_bytes, core:header_bytes */
    double frequency_hz;       /* core:frequency of the first capture; NaN: not said */
    int64_t at_utc_ns;         /* core:datetime of the first capture, or unknown */
    bool any;                  /* core:datatype was there */
};

/* OK, INVALID ...: as json_read; what stands ahead of damage is in `ret`. */
enum parse_status sigmf_parse(struct bytes json, struct sigmf *ret);

bool sigmf_meta_recognise(struct bytes whole);
enum parse_status sigmf_meta_read(struct reading *r, struct bytes whole);

#endif
