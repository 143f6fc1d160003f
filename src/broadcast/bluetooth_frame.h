#ifndef LEASH_BROADCAST_BLUETOOTH_FRAME_H
#define LEASH_BROADCAST_BLUETOOTH_FRAME_H

#include "base/cursor.h"

/* Bluetooth LE advertising as sniffers record it.  Sources: tcpdump.org/linktypes for 251
 * (link layer) and 256 (with a header of the radio); wireshark/wireshark:epan/dissectors/
 * packet-nordic_ble.c for 272 (header versions 1 to 3); Bluetooth Core 5.3, volume 6, part B, 2.1 to 2.3. */
enum { LINKTYPE_BLE_LL = 251, LINKTYPE_BLE_LL_PHDR = 256, LINKTYPE_NORDIC_BLE = 272 };

struct bluetooth_advert {
    int signal_dbm;           /* 0: unknown */
    bool bad_check;           /* the check sequence is wrong: any byte may be */
    bool extended;            /* Bluetooth 5 */
    bool coded;               /* long range */
    bool primary;             /* an extended advertisement that only points at its content */
    bool has_address, address_is_random;
    uint8_t address[6];       /* of the advertiser, as it is written */
    bool has_adi;
    uint16_t adi;             /* set and data id: ties a pointer to its content */
    struct bytes data;        /* AD structures; with bad_check all behind the PDU's header, whose lengths may be wrong */
};

/* UNSUPPORTED: not an advertisement (connections, requests), or a header of another version.
 * INVALID: lengths contradict each other. */
__attribute__((warn_unused_result))
enum parse_status bluetooth_advert_parse(uint32_t link_type, struct bytes record, uint64_t original_len,
                                         struct bluetooth_advert *ret);

/* AD structures: length, type, data.  False at the end and where one reaches past it; then c->failed. */
static inline bool bluetooth_ad_next(struct cursor *c, uint8_t *type_ret, struct bytes *data_ret)
{
    const uint8_t len = c->rest.len ? cursor_u8(c) : 0;

    if (len == 0) /* the rest is filling */
        return false;
    struct cursor body = cursor_over(cursor_take(c, len));
    *type_ret = cursor_u8(&body);
    *data_ret = body.rest;
    return !c->failed;
}

#endif
