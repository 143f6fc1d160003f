#ifndef LEASH_BROADCAST_WIFI_H
#define LEASH_BROADCAST_WIFI_H

#include "broadcast/announcement.h"
#include "broadcast/broadcast.h"
#include "broadcast/network.h"
#include "broadcast/radio.h"
#include "broadcast/remote_id.h"

/* Between broadcast.c and the two kinds of radio. */
struct broadcast_lost {
    uint64_t frames, bytes, first_offset;
};

struct bluetooth_pointer {
    uint16_t adi;
    bool known, is_random;
    uint8_t address[6];
    int64_t at_utc_ns;
};
enum { BLUETOOTH_POINTERS = 64 };

struct broadcasts {
    struct reading *reading;
    struct networks *networks;
    struct radios *radios;
    struct broadcast_lost protected_frames, bad_check, broken, unsupported, fragments, aggregated;
    uint16_t last_sequence[256];      /* of data frames, by a hash of their sender: a frame that was repeated counts once */
    struct bluetooth_pointer pointers[BLUETOOTH_POINTERS];
    struct announcement announcement; /* these two are too large to be made for every frame */
    struct remote_id remote_id;
};

void broadcast_lost(struct broadcast_lost *lost, const struct frame *frame);
/* Checks it against what was heard before, and puts its row. */
void broadcast_announce(struct broadcasts *b, struct announcement *a, const struct frame *frame);

enum link_result wifi_frame_read(struct broadcasts *b, const struct frame *frame, struct link_layer *ret);

#endif
