#include "broadcast/bluetooth.h"

#include <string.h>

#include "base/timestamp.h"
#include "broadcast/announce_remote_id.h"
#include "broadcast/bluetooth_frame.h"

enum { AD_SERVICE_DATA_16 = 0x16, REMOTE_ID_MARK = 3 /* UUID FFFA, application 0D */, POINTER_AGE_S = 1 };

/* The content of an extended advertisement may leave out the address that its pointer, on
 * another channel just before, told. */
static void address_by_pointer(struct broadcasts *b, struct bluetooth_advert *a, int64_t at_utc_ns)
{
    if (!a->extended || !a->has_adi)
        return;
    struct bluetooth_pointer *p = &b->pointers[(a->adi ^ a->adi >> 6) % BLUETOOTH_POINTERS];
    if (a->has_address) {
        *p = (struct bluetooth_pointer){ .adi = a->adi, .known = true, .is_random = a->address_is_random,
                                         .at_utc_ns = at_utc_ns };
        memcpy(p->address, a->address, sizeof p->address);
    } else if (p->known && p->adi == a->adi && at_utc_ns - p->at_utc_ns >= 0 &&
               at_utc_ns - p->at_utc_ns <= POINTER_AGE_S * NS_PER_S) {
        memcpy(a->address, p->address, sizeof a->address);
        a->has_address = true;
        a->address_is_random = p->is_random;
    }
}

static void remote_id_read(struct broadcasts *b, const struct frame *record, const struct bluetooth_advert *advert,
                           struct bytes data)
{
    struct announcement *a = &b->announcement;

    announcement_init(a, ANNOUNCE_REMOTE_ID, !advert->extended ? CARRIER_BLUETOOTH_LEGACY :
                      advert->coded ? CARRIER_BLUETOOTH_LONG_RANGE : CARRIER_BLUETOOTH_EXTENDED);
    a->sender = advert->has_address ? advert->address : NULL;
    a->unreliable = advert->bad_check;
    a->signal_dbm = advert->signal_dbm;
    a->sender_is_random = advert->address_is_random;
    a->offset = data.origin;
    a->length = data.len;
    if (announce_remote_id(a, bytes_part(data, REMOTE_ID_MARK, UINT64_MAX), &b->remote_id))
        broadcast_announce(b, a, record);
}

/* Any length before the messages may be what was received wrong: they are looked for by their mark alone, and tell
 * themselves how many they are. */
static void damaged_advert_read(struct broadcasts *b, const struct frame *record, const struct bluetooth_advert *advert)
{
    static const uint8_t mark[] = { AD_SERVICE_DATA_16, 0xfa, 0xff, 0x0d };
    const struct bytes all = advert->data;
    const uint8_t *at = all.len ? memmem(all.at, all.len, mark, sizeof mark) : NULL;

    if (at)
        remote_id_read(b, record, advert, bytes_part(all, (uint64_t)(at + 1 - all.at), UINT64_MAX));
}

static void advert_read(struct broadcasts *b, const struct frame *record, const struct bluetooth_advert *advert)
{
    static const uint8_t mark[REMOTE_ID_MARK] = { 0xfa, 0xff, 0x0d };
    struct cursor c = cursor_over(advert->data);
    struct bytes data;
    uint8_t type;

    while (bluetooth_ad_next(&c, &type, &data))
        if (type == AD_SERVICE_DATA_16 && bytes_start_with(data, mark, sizeof mark))
            remote_id_read(b, record, advert, data);
}

void bluetooth_frame_read(struct broadcasts *b, const struct frame *record)
{
    struct bluetooth_advert advert;

    switch (bluetooth_advert_parse(record->link_type, record->data, record->original_len, &advert)) {
    case PARSE_OK:
        if (advert.bad_check) {
            broadcast_lost(&b->bad_check, record);
            damaged_advert_read(b, record, &advert);
        } else {
            address_by_pointer(b, &advert, record->at_utc_ns);
            advert_read(b, record, &advert);
        }
        break;
    case PARSE_TRUNCATED: case PARSE_INVALID:
        broadcast_lost(&b->broken, record);
        break;
    case PARSE_UNSUPPORTED:
        break; /* connections and the like */
    }
}
