#ifndef LEASH_READER_CHANNEL_H
#define LEASH_READER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The messages between the parent and a reader, over a SOCK_SEQPACKET socket pair: one
 * message a packet, at most CHANNEL_MESSAGE_MAX bytes, sometimes with one descriptor. */

enum { CHANNEL_MESSAGE_MAX = 64 * 1024 };

enum channel_message {
    /* parent to reader */
    /* These with a descriptor, and u64 where in it the item begins, u64 how long it is (UINT64_MAX: to the end). */
    CHANNEL_IDENTIFY = 1, /* u8 hash wanted, then the item's name */
    /* u8 whether what lies in the item may be told as a part of it, u32 index of its format, u8 threads that may help,
     * u16 length of its name, the name, its companion. */
    CHANNEL_READ,
    /* The same with u8 which pass it is instead of the index, which is found out, and answered as IDENTIFY is: a format
     * of that pass or one before is then read. */
    CHANNEL_IDENTIFY_READ,
    CHANNEL_STREAM,       /* what follows are the bytes of one item, as they come */
    CHANNEL_BYTES,        /* the next of them; none: that was all */
    CHANNEL_SPOOL,        /* answer to MEMBER_OPEN, with a descriptor to write to; without one: refused */
    /* reader to parent */
    CHANNEL_HELLO,        /* u32 sandbox features */
    CHANNEL_IDENTIFIED,   /* u32 index of the format or UINT32_MAX, then the SHA-256 (32 bytes) or nothing */
    CHANNEL_FACTS,        /* bytes of the row stream (fact/wire.h); a row may go on in the next message */
    CHANNEL_PROGRESS,     /* u64 bytes of the item that are done */
    CHANNEL_MEMBER_PART,  /* something lies in the item that is one of its own: u64 where, u64 its length, its name */
    CHANNEL_MEMBER_OPEN,  /* u64 bytes that it will have, UINT64_MAX: not known yet; then its name */
    CHANNEL_MEMBER_CLOSE, /* u64 bytes written */
    CHANNEL_DONE,         /* u8 parse_status */
};

struct channel_packet {
    enum channel_message type;
    int descriptor;                 /* -1: none; the receiver owns it */
    size_t len;
    uint8_t body[CHANNEL_MESSAGE_MAX];
};

/* False when the other side is gone. */
__attribute__((warn_unused_result))
bool channel_send(int socket, enum channel_message type, const void *body, size_t len, int descriptor);

enum channel_result { CHANNEL_GOT, CHANNEL_NOTHING /* non-blocking, none waiting */, CHANNEL_CLOSED };
/* Sends without waiting.  NOTHING: there is no room now. */
__attribute__((warn_unused_result))
enum channel_result channel_offer(int socket, enum channel_message type, const void *body, size_t len);
/* `wait`: block until there is a message. */
enum channel_result channel_receive(int socket, bool wait, struct channel_packet *ret);

#endif
