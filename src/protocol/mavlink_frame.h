#ifndef LEASH_PROTOCOL_MAVLINK_FRAME_H
#define LEASH_PROTOCOL_MAVLINK_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "protocol/mavlink_messages.h"

/* Frames of MAVLink 1 and 2, wherever they are found: in logs, over UDP, over a radio.
 * Source: mavlink.io/en/guide/serialization.html.
 *
 *   1   FE, length u8, sequence u8, system u8, component u8, id u8, payload, CRC u16
 *   2   FD, length u8, incompatible flags u8, compatible flags u8, sequence u8, system u8, component u8, id u24, payload, CRC u16,
 *       13 bytes of signature when bit 0 of the incompatible flags is set
 *
 * The CRC goes over all but the first byte and then over the message's CRC_EXTRA, which follows from its
 * fields: it can be checked for messages of the table alone. */

enum {
    MAVLINK_MAGIC_1 = 0xfe, MAVLINK_MAGIC_2 = 0xfd,
    MAVLINK_PAYLOAD_MAX = 255, MAVLINK_FRAME_MIN = 8, MAVLINK_FRAME_MAX = 10 + 255 + 2 + 13,
};

struct mavlink_frame {
    struct bytes whole;
    struct bytes payload;                  /* as sent: version 2 leaves out zeros at its end */
    const struct mavlink_message *message; /* NULL: not in the table */
    uint32_t id;
    uint8_t version;                       /* 1 or 2 */
    uint8_t sequence, system, component;
    bool is_signed;
    bool good;                             /* in the table, its flags understood, its check sequence right */
};

/* Reads the frame at the start of `from`.  False, and `ret` alone, where none begins or it is cut off. */
bool mavlink_frame_read(struct bytes from, struct mavlink_frame *ret);

/* The whole payload, with the zeros that were left out, in a buffer of its own. */
struct mavlink_payload {
    uint8_t at[MAVLINK_PAYLOAD_MAX];
};
void mavlink_payload_of(const struct mavlink_frame *f, struct mavlink_payload *ret);

static inline struct cursor mavlink_field(const struct mavlink_payload *p, size_t offset)
{
    return cursor_over((struct bytes){ .at = p->at + offset, .len = sizeof p->at - offset });
}

/* NULL when it is not in the table. */
const struct mavlink_message *mavlink_message_find(uint32_t id);

#endif
