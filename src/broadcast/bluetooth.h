#ifndef LEASH_BROADCAST_BLUETOOTH_H
#define LEASH_BROADCAST_BLUETOOTH_H

#include "broadcast/wifi.h"

/* Reads one frame of a Bluetooth LE sniffer: Remote ID in advertisements, one message in a legacy
 * advertisement, a pack in an extended one (ASTM F3411-22a, service data of UUID 0xFFFA, code 0x0D). */
void bluetooth_frame_read(struct broadcasts *b, const struct frame *record);

#endif
