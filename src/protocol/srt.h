#ifndef LEASH_PROTOCOL_SRT_H
#define LEASH_PROTOCOL_SRT_H

#include "packet/conversation.h"

/* SRT, live video over UDP: draft-sharabayko-srt-01, sections 3 and 4.  Told by its handshake; the name of
 * the stream (3.2.1.3) becomes a request row.  Data is readable when its packets say that it is not
 * encrypted and it is MPEG-TS, which is what SRT carries. */
extern const struct protocol srt_protocol;

#endif
