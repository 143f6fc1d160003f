#ifndef LEASH_EVIDENCE_STREAM_H
#define LEASH_EVIDENCE_STREAM_H

#include "evidence/format.h"

/* Evidence that comes piece by piece and cannot be asked for again: a pipe, later a live source.  Captures are
 * read so, as they are or compressed with gzip, zstd, xz or bzip2; memory does not grow with what came.  The
 * reading's as_known says that rows are wanted early. */
struct stream;

enum stream_state {
    STREAM_UNDECIDED, /* too little came to tell what it is */
    STREAM_READING,
    STREAM_OTHER,     /* not a capture: it has to be read as a whole.  Nothing was put */
};

struct stream *stream_new(struct reading *r);

/* Takes in the next piece; it is only borrowed for the call.  After OTHER pieces are passed over. */
enum stream_state stream_add(struct stream *s, struct bytes piece);

/* Nothing more comes.  Decides, if it was not decided: READING or OTHER. */
enum stream_state stream_last(struct stream *s);

/* The format of what is read (while READING). */
const struct format *stream_format(const struct stream *s);

/* Writes what is still open, and frees. */
enum parse_status stream_end(struct stream *s);

#endif
