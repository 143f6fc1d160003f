#ifndef LEASH_FLIGHTLOG_DJI_INDEX_H
#define LEASH_FLIGHTLOG_DJI_INDEX_H

#include "evidence/reading.h"

/* The index that DJI's cameras and goggles keep of their files on the card (MISC/dji_finfo.db, MISC/FC8885.db ...): an
 * SQLite database whose tables name every recording with its path, an identity, and the time by the camera's clock.
 * It may name what is no longer on the card.  Layout: the samples of CIRCL/Drone-Forensic (versions 4 and 12).
 *
 * Puts an `identifier` of kind media_file for each path (with the camera's time in its steps), media_uuid where
 * identities are texts, and a camera `device` for the model that the recordings name.  Read from a copy in memory,
 * read-only, with a limit on steps: nothing is opened or written, and triggers and views of the file are not used. */

__attribute__((warn_unused_result)) bool dji_index_recognise(struct bytes whole);
/* UNSUPPORTED: larger than the copy may be.  INVALID: the database cannot be read at all. */
__attribute__((warn_unused_result)) enum parse_status dji_index_read(struct reading *r, struct bytes whole);

#endif
