#ifndef LEASH_BROADCAST_WIFI_FRAME_H
#define LEASH_BROADCAST_WIFI_FRAME_H

#include "base/cursor.h"

/* IEEE 802.11-2020, 9.2 and 9.3: the MAC header. */
enum wifi_type { WIFI_MANAGEMENT = 0, WIFI_CONTROL = 1, WIFI_DATA = 2, WIFI_EXTENSION = 3 };
enum { WIFI_PROBE_RESPONSE = 5, WIFI_BEACON = 8, WIFI_ACTION = 13, WIFI_ACTION_NO_ACK = 14 };

struct wifi_frame {
    uint8_t type, subtype;
    bool to_ds, from_ds, more_fragments, retry, protected_frame;
    bool no_data;                  /* a data frame that only tells of power saving */
    bool a_msdu;                   /* several packets in one frame */
    uint16_t sequence_control;     /* fragment number in the low four bits */
    const uint8_t *receiver, *transmitter, *bssid;  /* 6 bytes each in the frame; bssid NULL between two access points */
    const uint8_t *src, *dst;      /* data frames: the ends, or NULL */
    struct bytes body;             /* behind the MAC header */
};

/* Management and data frames.  `padded`: struct wifi_header.  UNSUPPORTED: control frames,
 * extension frames, and another version of the protocol. */
__attribute__((warn_unused_result))
enum parse_status wifi_frame_parse(struct bytes frame, bool padded, struct wifi_frame *ret);

/* The first packet of an A-MSDU (9.3.2.2). */
struct wifi_subframe {
    const uint8_t *dst, *src;
    struct bytes llc;              /* behind its addresses */
    bool more;                     /* others follow */
};

__attribute__((warn_unused_result))
enum parse_status wifi_a_msdu_first(struct bytes body, struct wifi_subframe *ret);

/* Information elements (9.4.2): id, length, body. */
struct wifi_element {
    uint8_t id;
    struct bytes body;
};

enum {
    ELEMENT_SSID = 0, ELEMENT_DS_PARAMETER = 3, ELEMENT_RSN = 48, ELEMENT_HT_OPERATION = 61, ELEMENT_MESH_ID = 114,
     ELEMENT_VENDOR = 221,
    SSID_MAX = 32,
};

/* False at the end, and where an element reaches past the end: then c->failed. */
static inline bool wifi_element_next(struct cursor *c, struct wifi_element *ret)
{
    if (c->rest.len == 0)
        return false;
    ret->id = cursor_u8(c);
    ret->body = cursor_take(c, cursor_u8(c));
    return !c->failed;
}

#endif
