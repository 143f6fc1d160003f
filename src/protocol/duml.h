#ifndef LEASH_PROTOCOL_DUML_H
#define LEASH_PROTOCOL_DUML_H

#include "packet/conversation.h"

/* DUML, with which the parts of DJI's aircraft, controllers and apps talk: on serial lines, and inside TCP and UDP.
 * Nobody published it; layout and commands: o-gs/dji-firmware-tools, comm_mkdupc.py and
 * comm_dissector/wireshark@df0b9c6.
 *
 *   0  u8      0x55
 *   1  u16     length of the whole (10 bits), version 1 (6 bits)
 *   3  u8      CRC-8 of bytes 0-2: reflected 0x31, start 0x77
 *   4  u8 u8   sender and receiver: module (5 bits), index (3 bits)
 *   6  u16     sequence number
 *   8  u8      what kind of request or answer, and encryption in the lowest 3 bits
 *   9  u8 u8   set and number of the command
 *   11         payload
 *   -2 u16     CRC-16 of all before: reflected 0x1021, start 0x3692
 *
 * Both checks and all numbers little-endian; all of them agree in the 4651 frames of a Phantom 3 that was listened
 * to. */
enum { DUML_HEADER = 11, DUML_CHECK = 2, DUML_FRAME_MAX = 1023 };

struct duml_frame {
    uint8_t sender, receiver, kind, set, command;
    struct bytes payload, whole;
};

/* The frame at the start of `b`, whose checks are right.  TRUNCATED: its head is, and more is needed. */
__attribute__((warn_unused_result))
enum parse_status duml_frame_parse(struct bytes b, struct duml_frame *ret);

/* Where a frame says: 03/43 "OSD general" is where the aircraft is, 03/44 "OSD home" its home point. */
struct duml_position {
    const char *of; /* "aircraft", "home" */
    double longitude_deg, latitude_deg;
};
/* False for other commands, encrypted ones, and positions that are not set. */
bool duml_position(const struct duml_frame *f, struct duml_position *ret);

/* In the open, inside TCP and UDP: the first position of each kind becomes a request row. */
extern const struct protocol duml_protocol;

/* Captured on a serial line, a frame in each record, with a link type that has no meaning of its own (USER0 to USER15):
 * true when the record is a frame.  Then a device row is put once, `told` remembering that in bits. */
bool duml_record_met(struct reading *r, struct bytes record, int64_t packet, int64_t at_utc_ns, unsigned *told);

#endif
