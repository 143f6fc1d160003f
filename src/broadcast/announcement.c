#include "broadcast/announcement.h"

#include <string.h>

#include "packet/address.h"

static const struct text kinds[] = {
    [ANNOUNCE_REMOTE_ID] = TEXT_INIT("remote_id"), [ANNOUNCE_FRENCH] = TEXT_INIT("french"),
    [ANNOUNCE_DJI_WIFI] = TEXT_INIT("dji_wifi"), [ANNOUNCE_DJI_OCUSYNC] = TEXT_INIT("dji_ocusync"),
};

static const struct text carriers[] = {
    [CARRIER_WIFI_BEACON] = TEXT_INIT("wifi_beacon"), [CARRIER_WIFI_PROBE_RESPONSE] = TEXT_INIT("wifi_probe_response"),
    [CARRIER_WIFI_NAN] = TEXT_INIT("wifi_nan"), [CARRIER_BLUETOOTH_LEGACY] = TEXT_INIT("bluetooth_legacy"),
    [CARRIER_BLUETOOTH_EXTENDED] = TEXT_INIT("bluetooth_extended"),
    [CARRIER_BLUETOOTH_LONG_RANGE] = TEXT_INIT("bluetooth_long_range"),
    [CARRIER_MAVLINK] = TEXT_INIT("mavlink"), [CARRIER_OCUSYNC] = TEXT_INIT("ocusync"),
};

void announcement_init(struct announcement *a, enum announcement_kind kind, enum announcement_carrier carrier)
{
    a->kind = kind;
    a->carrier = carrier;
    a->sender = NULL;
    a->unreliable = a->sender_is_random = a->id_is_serial = a->new_to_sender = a->sequence_counts_frames =
         a->has_location = a->has_system = a->is_pack = false;
    a->ssid = a->uas_id = a->operator_id = a->uuid = TEXT_UNKNOWN;
    a->counter = a->sequence_bits = 0;
    a->id_type = a->id_source = a->alt_ref = a->operator_source = NULL;
    a->longitude_deg = a->latitude_deg = a->altitude_m = FACT_UNKNOWN_REAL;
    a->operator_longitude_deg = a->operator_latitude_deg = a->speed_m_s = FACT_UNKNOWN_REAL;
    a->sequence = a->timestamp_ds = -1;
    a->stated_utc_s = a->at_utc_ns = a->since_begin_ns = a->packet = FACT_UNKNOWN_INT;
    a->content_hash = 0;
    a->signal_dbm = 0;
    a->remote_id = NULL;
    a->verified = SIGNATURE_UNKNOWN;
    a->offset = a->length = 0;
    a->anomaly_count = a->step_count = 0;
    details_init(&a->details);
}

void announcement_odd(struct announcement *a, const char *word)
{
    const struct text t = text_of(word);

    for (size_t i = 0; i < a->anomaly_count; i++)
        if (text_equal(a->anomalies[i], t))
            return;
    if (a->anomaly_count < ANOMALIES_MAX)
        a->anomalies[a->anomaly_count++] = t;
}

/* Eight bytes at a time: this is done for every frame. */
uint64_t announcement_hash(struct bytes content)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ content.len;
    size_t i = 0;

    for (; content.len - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, content.at + i, sizeof word);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    for (; i < content.len; i++)
        h = (h ^ content.at[i]) * UINT64_C(0x100000001b3);
    return (h ^ h >> 29) | 1;
}

static void put_identity_and_places(const struct announcement *a, struct fact_broadcast *row)
{
    row->uas_id = a->uas_id;
    row->id_type = text_of(a->id_type);
    row->id_source = text_of(a->id_source);
    row->longitude_deg = a->longitude_deg;
    row->latitude_deg = a->latitude_deg;
    row->altitude_m = a->altitude_m;
    row->alt_ref = text_of(a->alt_ref);
    row->operator_longitude_deg = a->operator_longitude_deg;
    row->operator_latitude_deg = a->operator_latitude_deg;
    row->operator_source = text_of(a->operator_source);
    row->operator_id = a->operator_id;
}

void announcement_put(struct announcement *a, struct reading *r)
{
    char sender[MAC_TEXT_MAX];
    struct fact_broadcast row;

    fact_init(FACT_BROADCAST, &row);
    row.head.origin = fact_origin_at(a->offset, a->length);
    row.head.origin.packet_first = row.head.origin.packet_last = a->packet;
    row.head.origin.steps = (struct text_list){ .items = a->steps, .count = a->step_count };
    row.kind = kinds[a->kind];
    row.carrier = carriers[a->carrier];
    if (!a->unreliable)
        put_identity_and_places(a, &row);
    row.at = a->at_utc_ns;
    if (a->verified != SIGNATURE_UNKNOWN)
        row.verified = a->verified == SIGNATURE_GOOD;
    row.anomalies = (struct text_list){ .items = a->anomalies, .count = a->anomaly_count };
    if (a->sender && !a->unreliable)
        row.sender = mac_text(a->sender, sender);
    row.details = details_text(&a->details);
    fact_put(r->facts, FACT_BROADCAST, &row);
}
