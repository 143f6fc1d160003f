#include "broadcast/wifi.h"

#include "broadcast/announce_dji.h"
#include "broadcast/announce_french.h"
#include "broadcast/announce_remote_id.h"
#include "broadcast/nan.h"
#include "broadcast/wifi_frame.h"
#include "broadcast/wifi_header.h"

enum { CAPABILITY_ESS = 0x01, CAPABILITY_IBSS = 0x02, CAPABILITY_PRIVACY = 0x10 };

/* What the elements of a beacon or probe response say. */
struct beacon {
    const struct frame *record;
    const struct wifi_frame *mac;
    struct bytes elements;
    struct bytes ssid, rsn, wpa;
    bool has_ssid, has_mesh_id, cut, bad_check;
    int signal_dbm;
    uint8_t channel;
    int frequency_mhz;
};

static void vendor_element(struct beacon *s, struct bytes body)
{
    static const uint8_t microsoft_wpa[] = { 0x00, 0x50, 0xf2, 0x01 };

    if (bytes_start_with(body, microsoft_wpa, sizeof microsoft_wpa))
        s->wpa = bytes_part(body, sizeof microsoft_wpa, UINT64_MAX);
}

static void elements_read(struct beacon *s)
{
    struct cursor c = cursor_over(s->elements);
    struct wifi_element e;

    while (wifi_element_next(&c, &e)) {
        switch (e.id) {
        case ELEMENT_SSID:
            if (!s->has_ssid)
                s->ssid = e.body;
            s->has_ssid = true;
            break;
        case ELEMENT_DS_PARAMETER: case ELEMENT_HT_OPERATION:
            if (e.body.len > 0 && !s->channel)
                s->channel = e.body.at[0];
            break;
        case ELEMENT_RSN:
            s->rsn = e.body;
            break;
        case ELEMENT_MESH_ID:
            s->has_mesh_id = true;
            break;
        case ELEMENT_VENDOR:
            vendor_element(s, e.body);
            break;
        default:
            break;
        }
    }
    s->cut = c.failed;
}

/* IEEE 802.11-2020, annex E: the channel's own word goes before where the receiver was tuned, which in the
 * 2.4 GHz band may be a neighbour.  Above 5.9 GHz the numbers begin anew, and the receiver decides. */
static int frequency_of(uint8_t channel, int tuned_mhz)
{
    if (channel == 0 || tuned_mhz > 5950)
        return tuned_mhz;
    if (channel <= 14)
        return channel == 14 ? 2484 : 2407 + 5 * channel;
    return channel >= 36 && channel <= 177 ? 5000 + 5 * channel : tuned_mhz;
}

/* True: it was not heard before. */
static bool network_read(struct broadcasts *b, const struct beacon *s, uint16_t capability, int tuned_mhz)
{
    const struct network_heard heard = {
        .bssid = s->mac->bssid, .ssid = s->ssid, .beacon = s->mac->subtype == WIFI_BEACON,
        .joinable = (capability & (CAPABILITY_ESS | CAPABILITY_IBSS)) || s->has_mesh_id,
        /* What comes behind the cut may have been the protection. */
        .security = s->cut && !s->rsn.at ? WIFI_SECURITY_UNKNOWN : wifi_security_of(capability & CAPABILITY_PRIVACY, s->rsn, s->wpa),
        .frequency_mhz = frequency_of(s->channel, tuned_mhz),
        .at_utc_ns = s->record->at_utc_ns, .packet = s->record->number, .offset = s->record->record_offset,
    };

    return (s->has_ssid || !s->cut) && networks_hear(b->networks, &heard);
}

/* Made ready for what a frame's `part` says. */
static struct announcement *begin(struct broadcasts *b, const struct wifi_frame *f, enum announcement_carrier carrier,
                                  struct bytes part)
{
    struct announcement *a = &b->announcement;

    announcement_init(a, ANNOUNCE_REMOTE_ID, carrier);
    a->sender = f->transmitter;
    a->offset = part.origin;
    a->length = part.len;
    return a;
}

static bool announce_remote_id_element(struct broadcasts *b, struct announcement *a, struct bytes body)
{
    static const uint8_t head[] = { 0xfa, 0x0b, 0xbc, 0x0d }; /* ASD-STAN, Open Drone ID */

    return bytes_start_with(body, head, sizeof head) &&
           announce_remote_id(a, bytes_part(body, sizeof head, UINT64_MAX), &b->remote_id);
}

static void announcements_read(struct broadcasts *b, const struct beacon *s)
{
    const enum announcement_carrier carrier =
        s->mac->subtype == WIFI_BEACON ? CARRIER_WIFI_BEACON : CARRIER_WIFI_PROBE_RESPONSE;
    struct cursor c = cursor_over(s->elements);
    struct wifi_element e;

    while (wifi_element_next(&c, &e)) {
        if (e.id != ELEMENT_VENDOR)
            continue;
        struct announcement *a = begin(b, s->mac, carrier, e.body);
        a->unreliable = s->bad_check;
        a->signal_dbm = s->signal_dbm;
        a->ssid = s->ssid.len > 0 ? text_of_bytes(s->ssid) : TEXT_UNKNOWN;
        if (announce_remote_id_element(b, a, e.body) || announce_dji(a, e.body) || announce_french(a, e.body))
            broadcast_announce(b, a, s->record);
    }
}

static void action_read(struct broadcasts *b, const struct frame *record, const struct wifi_header *h,
                        const struct wifi_frame *f)
{
    struct bytes content;

    if (nan_remote_id(f->body, &content) != PARSE_OK)
        return;
    struct announcement *a = begin(b, f, CARRIER_WIFI_NAN, content);
    a->unreliable = h->bad_check;
    a->signal_dbm = h->signal_dbm;
    if (announce_remote_id(a, content, &b->remote_id))
        broadcast_announce(b, a, record);
}

static void beacon_read(struct broadcasts *b, const struct frame *record, const struct wifi_header *h,
                        const struct wifi_frame *f)
{
    struct cursor c = cursor_over(f->body);
    struct beacon s = { .record = record, .mac = f, .bad_check = h->bad_check, .signal_dbm = h->signal_dbm };

    cursor_skip(&c, 8 + 2); /* clock, interval */
    const uint16_t capability = cursor_u16le(&c);
    if (c.failed) {
        broadcast_lost(&b->broken, record);
        return;
    }
    s.elements = c.rest;
    elements_read(&s);
    if (!s.bad_check && network_read(b, &s, capability, h->frequency_mhz) && s.ssid.len > 0)
        radios_name(b->radios, f->bssid, text_of_bytes(s.ssid), record);
    announcements_read(b, &s);
}

/* A repetition that was received twice; the sender numbers its frames. */
static bool is_repetition(struct broadcasts *b, const struct wifi_frame *f)
{
    unsigned slot = 0;

    for (int i = 0; i < 6; i++)
        slot = (slot * 31 + f->transmitter[i]) & 255;
    const bool same = b->last_sequence[slot] == f->sequence_control;
    b->last_sequence[slot] = f->sequence_control;
    return same && f->retry;
}

static enum link_result data_read(struct broadcasts *b, const struct frame *record, const struct wifi_frame *f,
                                  struct link_layer *ret)
{
    enum { ANY_802_3_LENGTH = 0 }; /* LLC follows */
    struct wifi_subframe packet = { .dst = f->dst, .src = f->src, .llc = f->body };
    struct link_layer link;

    if (f->no_data || f->body.len == 0)
        return LINK_NOT_IP;
    if (f->protected_frame) {
        broadcast_lost(&b->protected_frames, record);
        return LINK_NOT_IP;
    }
    if (is_repetition(b, f))
        return LINK_NOT_IP;
    if (f->sequence_control & 15) {
        broadcast_lost(&b->fragments, record);
        return LINK_NOT_IP;
    }
    if (f->a_msdu && wifi_a_msdu_first(f->body, &packet) != PARSE_OK) {
        broadcast_lost(&b->broken, record);
        return LINK_NOT_IP;
    }
    if (packet.more)
        broadcast_lost(&b->aggregated, record);
    const enum link_result result = link_by_ethertype(ANY_802_3_LENGTH, packet.llc, &link);
    if (result == LINK_IP) {
        *ret = link;
        ret->src_mac = packet.src;
        ret->dst_mac = packet.dst;
    }
    return result;
}

enum link_result wifi_frame_read(struct broadcasts *b, const struct frame *record, struct link_layer *ret)
{
    struct wifi_header h = { .bad_check = false };
    struct wifi_frame f;
    enum parse_status status = wifi_header_parse(record->link_type, record->data, record->original_len, &h);

    if (status == PARSE_OK && h.bad_check)
        broadcast_lost(&b->bad_check, record);
    if (status == PARSE_UNSUPPORTED) {
        broadcast_lost(&b->unsupported, record);
        return LINK_NOT_IP;
    }
    if (status == PARSE_OK)
        status = wifi_frame_parse(h.frame, h.padded, &f);
    if (status == PARSE_UNSUPPORTED)
        return LINK_NOT_IP; /* acknowledgements and the like */
    if (status != PARSE_OK) {
        if (!h.bad_check)
            broadcast_lost(&b->broken, record);
        return LINK_NOT_IP;
    }
    if (f.type == WIFI_DATA)
        return h.bad_check ? LINK_NOT_IP : data_read(b, record, &f, ret);
    if ((f.subtype == WIFI_BEACON || f.subtype == WIFI_PROBE_RESPONSE) && !f.protected_frame)
        beacon_read(b, record, &h, &f);
    else if ((f.subtype == WIFI_ACTION || f.subtype == WIFI_ACTION_NO_ACK) && !f.protected_frame)
        action_read(b, record, &h, &f);
    return LINK_NOT_IP;
}
