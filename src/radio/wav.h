#ifndef LEASH_RADIO_WAV_H
#define LEASH_RADIO_WAV_H

#include "radio/iq.h"

/* WAVE files that programs for radios write: RIFF or RF64 (EBU Tech 3306), two channels, I and Q, a million samples a
 * second and more (nobody hears that).  PCM of 8 or 16 bits and float32. */
struct wav {
    struct iq iq;
    double rate_hz;
    bool cut;               /* fewer samples than the header says */
};

bool wav_parse(struct bytes whole, struct wav *ret);

#endif
