#ifndef LEASH_FLIGHTLOG_ULOG_NOTE_H
#define LEASH_FLIGHTLOG_ULOG_NOTE_H

#include "flightlog/ulog_topics.h"

/* What a ULog tells about itself: its device, its identifiers, and the flight row with its note. */

/* Puts the vehicle's device and identifier rows and ends the flight. */
void ulog_note_put_flight(struct ulog_log *log, struct bytes whole);

#endif
