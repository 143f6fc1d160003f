#ifndef LEASH_RADIO_RECORDING_H
#define LEASH_RADIO_RECORDING_H

#include "evidence/reading.h"

/* Recordings of a radio band, in which DJI's OcuSync DroneID is looked for (radio/burst.h).
 *
 * By content: float32 samples and WAVE files; recording_recognise_named: all that a name says (radio/iq_name.h), and
 * the .sigmf-data of SigMF. */
bool recording_recognise(struct bytes whole);
bool recording_recognise_named(struct bytes whole, struct text name);

/* Uses r->name, r->companion (the .sigmf-meta of a .sigmf-data) and the option sample_rate_hz.  Where nothing tells
 * the rate the usual ones are tried. */
enum parse_status recording_read(struct reading *r, struct bytes whole);

#endif
