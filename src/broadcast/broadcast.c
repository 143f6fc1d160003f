#include "broadcast/broadcast.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "broadcast/bluetooth.h"
#include "broadcast/bluetooth_frame.h"
#include "broadcast/network.h"
#include "broadcast/wifi.h"
#include "broadcast/wifi_header.h"

static bool is_bluetooth(uint32_t link_type)
{
    return link_type == LINKTYPE_BLE_LL || link_type == LINKTYPE_BLE_LL_PHDR || link_type == LINKTYPE_NORDIC_BLE;
}

bool broadcast_link_type(uint32_t link_type)
{
    switch (link_type) {
    case LINKTYPE_IEEE802_11: case LINKTYPE_PRISM: case LINKTYPE_RADIOTAP: case LINKTYPE_AVS: case LINKTYPE_PPI:
        return true;
    default:
        return is_bluetooth(link_type);
    }
}

struct broadcasts *broadcasts_new(struct reading *r)
{
    struct broadcasts *b = memory_alloc_array(1, sizeof *b);

    b->reading = r;
    b->networks = networks_new();
    b->radios = radios_new(r);
    return b;
}

void broadcast_lost(struct broadcast_lost *lost, const struct frame *frame)
{
    if (lost->frames++ == 0)
        lost->first_offset = frame->record_offset;
    lost->bytes += frame->original_len;
}

void broadcast_announce(struct broadcasts *b, struct announcement *a, const struct frame *frame)
{
    a->at_utc_ns = frame->at_utc_ns;
    a->packet = frame->number;
    if (a->unreliable)
        announcement_odd(a, "received_with_errors");
    else
        radios_check(b->radios, a);
    if (a->signal_dbm)
        details_int(&a->details, "signal_dbm", a->signal_dbm);
    announcement_put(a, b->reading);
}

enum link_result broadcasts_frame(struct broadcasts *b, const struct frame *frame, struct link_layer *ret)
{
    if (!is_bluetooth(frame->link_type))
        return wifi_frame_read(b, frame, ret);
    bluetooth_frame_read(b, frame);
    return LINK_NOT_IP;
}

static void tell(const struct broadcasts *b, const struct broadcast_lost *lost, const char *what)
{
    if (lost->frames)
        reading_damage(b->reading, lost->first_offset, (int64_t)lost->bytes, (int64_t)lost->frames, "%llu %s",
                       (unsigned long long)lost->frames, what);
}

void broadcasts_end(struct broadcasts *b)
{
    if (!b)
        return;
    radios_put(b->radios, b->reading);
    networks_put(b->networks, b->reading);
    tell(b, &b->protected_frames, "Wi-Fi data frames are encrypted and were not read");
    tell(b, &b->bad_check, "radio frames were received with errors; nothing is taken from them");
    tell(b, &b->broken, "radio frames have broken or cut headers");
    tell(b, &b->unsupported, "radio frames are of a kind that is not read");
    tell(b, &b->fragments, "Wi-Fi data frames are fragments and were not put together");
    tell(b, &b->aggregated, "Wi-Fi data frames carry several packets, of which the first was read");
    networks_free(b->networks);
    radios_free(b->radios);
    free(b);
}
