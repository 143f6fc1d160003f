#ifndef LEASH_PROTOCOL_STUN_H
#define LEASH_PROTOCOL_STUN_H

#include "base/cursor.h"
#include "base/text.h"

/* STUN (RFC 8489, 5 and 14) and TURN (RFC 8656): messages by which two ends find out how to
 * reach each other, directly or through a relay. */

enum { STUN_HEADER = 20, TURN_CHANNEL_HEADER = 4 };

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };
enum stun_method { STUN_BINDING = 1, STUN_ALLOCATE = 3, STUN_REFRESH = 4, STUN_SEND = 6, STUN_DATA = 7,
                   STUN_CREATE_PERMISSION = 8, STUN_CHANNEL_BIND = 9, STUN_CONNECT = 10 };

struct stun_message {
    uint16_t method;          /* enum stun_method, or another */
    enum stun_class class;
    size_t length;            /* with the header; the bytes may hold less when they were cut */
    struct text realm, software;
    struct bytes peer;        /* 4 or 16 bytes, decoded into peer_room; empty when there is none */
    uint16_t peer_port;
    uint8_t peer_room[16];
};

/* `b` begins with the message and may go on behind it.  PARSE_INVALID: it is none, by its magic
 * cookie and lengths; PARSE_TRUNCATED: it may be one.  `ret->peer` points into `ret`. */
__attribute__((warn_unused_result))
enum parse_status stun_parse(struct bytes b, struct stun_message *ret);

/* The content of TURN ChannelData (RFC 8656, 12.4); `ret_length` without padding.  False when `b` is none. */
__attribute__((warn_unused_result))
bool turn_channel_data(struct bytes b, struct bytes *ret_content, size_t *ret_length);

#endif
