#ifndef LEASH_PHASE_PHASE_H
#define LEASH_PHASE_PHASE_H

#include "base/arena.h"
#include "phase/range.h"

struct sqlite3;

/* Which part of the test a connection fell into: flow.phase.  Worked out when all evidence is
 * read and the destinations are there.  The first rule of this table that holds, decides; every
 * one of them rests on something in the evidence, and where nothing is known the phase is unknown.
 *
 *   phase       holds when                                                     why so
 *   NAME        the connection began within a range of --phase NAME=FROM..TO   a person wrote it down; of two
 *                                                                              ranges the one named first
 *   flight      any of its time lies between start and end of a flight log     a connection that was opened before
 *                                                                              take-off can carry the flight
 *   activation  it goes to a destination of class "activation", or the same    accounts, serial numbers and places are
 *               device began it while such a connection lasted (10 minutes     exchanged with several hosts at once
 *               at most: an idle connection may stay open for hours)
 *   update      it goes to class "update" and 1,000,000 bytes or more came in, less is the question whether there
 *               or it fetched a file of software (.apk, .bin, .sig ...)        is an update
 *   sync        it began within an hour after a flight's end, and either goes  apps upload late, and when asked to;
 *               to class "flightlog" or "media" with more content out than in, TLS alone brings more in than out, so
 *               or sends 100,000 bytes or more and four times what came in     that a mere look is not an upload
 *   launch      it began within 60 s after the device's first contact with     an app tells most when it starts.  A
 *               the maker (a destination of party "vendor"), or without one    capture that begins in the middle of
 *               after its first packet; and the capture shows that it was      traffic cannot tell a start
 *               quiet before: other traffic for 30 s, or the device joining
 *               the network (DHCP from 0.0.0.0)
 *   idle        none of these, and the time in the air is known                "idle" says: not in flight
 *   (unknown)   it has no time; or none of these, and the case has no flight   whoever was in the air then, nobody
 *               log or one without times                                       wrote it down
 *
 * A device is a sender's hardware address, or where that is unknown its address, in one capture.
 * A connection stands in one phase only, since its bytes are not counted by time: notes say how
 * many of them went on into a range of --phase that they did not begin in. */

struct phase_run {
    const struct phase_range *ranges;
    size_t range_count;
    /* Sentences for the coverage notes; may be NULL. */
    void (*note)(void *user, struct text sentence);
    void *user;
};

/* Sets flow.phase in a case that is being written (case_db).  `flow`, `flight`, `destination` and
 * `request` are read, and no flow may have a phase yet.  Holds 40 bytes a connection while it runs; what is
 * kept of destinations, devices and flights has a limit (PHASE_KEYS_MAX each), and a note says
 * when it was reached.
 *
 * 0, or -EIO when the database said no (sqlite3_errmsg).  On success *ret_summary, in `arena`, is
 * JSON for the run: [{"phase":, "basis": "option" | "flight_log" | "traffic" | "remainder",
 * "from":, "to":, "flows":}], with from and to of --phase, else those of the connections. */
__attribute__((warn_unused_result))
int phase_mark(struct sqlite3 *db, const struct phase_run *run, struct arena *arena, struct text *ret_summary);

enum {
    PHASE_UPDATE_BYTES_MIN = 1000000,
    PHASE_ACTIVATION_S_MAX = 600,
    PHASE_SYNC_S = 3600,
    PHASE_SYNC_BYTES_MIN = 100000,
    PHASE_SYNC_FACTOR = 4,
    PHASE_LAUNCH_S = 60,
    PHASE_QUIET_S = 30,
    PHASE_KEYS_MAX = 1 << 16,
};

#endif
