#include "broadcast/radio.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "broadcast/maker.h"
#include "broadcast/wifi_frame.h"
#include "packet/address.h"

enum { RADIO_SLOTS = 2 * RADIOS_MAX, AIRCRAFT_SLOTS = 2 * AIRCRAFT_MAX };

struct named {
    uint8_t mac[6];
    uint8_t ssid_len;
    char ssid[SSID_MAX];
    int64_t packet;
    uint64_t offset;
    bool is_aircraft;
};

/* A frame's content, so that the same from another radio is noticed. */
struct copy {
    uint64_t hash;
    uint8_t mac[6];
    enum announcement_carrier carrier;
    int64_t at_utc_ns;
};

struct radios {
    struct radio *radios;
    struct aircraft *aircraft;
    struct named *named;
    uint32_t radio_count, radio_room, aircraft_count, aircraft_room, named_count, named_room;
    uint16_t radio_slots[RADIO_SLOTS], aircraft_slots[AIRCRAFT_SLOTS]; /* number + 1 */
    struct copy copies[COPIES];
    uint64_t not_kept, not_kept_offset;
    struct verifier *verifier;
};

struct radios *radios_new(struct reading *reading)
{
    struct radios *r = memory_alloc_array(1, sizeof *r);

    r->verifier = verifier_new(reading->options->rid_keys, &reading->signatures_tried);
    return r;
}

void radios_free(struct radios *r)
{
    if (!r)
        return;
    for (uint32_t i = 0; i < r->radio_count; i++)
        authenticator_done(&r->radios[i].authenticator);
    verifier_free(r->verifier);
    free(r->radios);
    free(r->aircraft);
    free(r->named);
    free(r);
}

static void *grown(void *array, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room ? *room * 2 : 16;
    return memory_resize_array(array, *room, size);
}

/* What tells a radio from others: its address, or, where the carrier has none, the serial number that it sends. */
static bool radio_key(const struct announcement *a, uint8_t key[6])
{
    if (a->sender) {
        memcpy(key, a->sender, 6);
        return true;
    }
    if (a->carrier != CARRIER_OCUSYNC || !text_known(a->uas_id))
        return false;
    const uint64_t mixed = hash_mix(a->uas_id.at, a->uas_id.len, CARRIER_OCUSYNC);
    memcpy(key, &mixed, 6);
    return true;
}

static struct radio *radio_get(struct radios *r, const struct announcement *a, const uint8_t key[6])
{
    uint32_t slot = (uint32_t)(hash_mix(key, 6, (uint64_t)a->kind * 16 + a->carrier) % RADIO_SLOTS);

    for (; r->radio_slots[slot]; slot = (slot + 1) % RADIO_SLOTS) {
        struct radio *x = &r->radios[r->radio_slots[slot] - 1];
        if (x->kind == a->kind && x->carrier == a->carrier && memcmp(x->mac, key, 6) == 0)
            return x;
    }
    if (r->radio_count == RADIOS_MAX)
        return NULL;
    r->radios = grown(r->radios, r->radio_count, &r->radio_room, sizeof *r->radios);
    struct radio *x = &r->radios[r->radio_count++];
    r->radio_slots[slot] = (uint16_t)r->radio_count;
    *x = (struct radio){ .kind = a->kind, .carrier = a->carrier, .timestamp_ds = -1,
                         .first_location_utc_ns = FACT_UNKNOWN_INT,
                         .last.at_utc_ns = FACT_UNKNOWN_INT, .anchor.at_utc_ns = FACT_UNKNOWN_INT };
    for (int i = 0; i < COUNTERS; i++)
        x->counters[i].value = -1;
    memcpy(x->mac, key, 6);
    return x;
}

/* `made`: it was not there before. */
static struct aircraft *aircraft_get(struct radios *r, const struct announcement *a, bool *made)
{
    const struct text id = a->uas_id;
    uint32_t slot = (uint32_t)(hash_mix(id.at, id.len, 7) % AIRCRAFT_SLOTS);

    *made = false;
    if (id.len == 0 || id.len > ID_TEXT_MAX)
        return NULL;
    for (; r->aircraft_slots[slot]; slot = (slot + 1) % AIRCRAFT_SLOTS) {
        struct aircraft *x = &r->aircraft[r->aircraft_slots[slot] - 1];
        if (x->id_len == id.len && memcmp(x->id, id.at, id.len) == 0)
            return x;
    }
    if (r->aircraft_count == AIRCRAFT_MAX)
        return NULL;
    r->aircraft = grown(r->aircraft, r->aircraft_count, &r->aircraft_room, sizeof *r->aircraft);
    struct aircraft *x = &r->aircraft[r->aircraft_count++];
    r->aircraft_slots[slot] = (uint16_t)r->aircraft_count;
    *x = (struct aircraft){ .id_len = (uint8_t)id.len, .id_type = a->id_type, .id_is_serial = a->id_is_serial,
                            .last.at_utc_ns = FACT_UNKNOWN_INT, .last_utc_ns = FACT_UNKNOWN_INT,
                            .packet_first = a->packet, .offset = a->offset,
                            .maker_by_kind = a->kind == ANNOUNCE_DJI_WIFI ||
                                a->kind == ANNOUNCE_DJI_OCUSYNC ? "DJI" : NULL };
    memcpy(x->id, id.at, id.len);
    *made = true;
    return x;
}

/* The same content from another radio on the same carrier, not long before. */
static void check_copies(struct radios *r, struct announcement *a)
{
    enum { COPY_S = 60 };

    if (!a->content_hash || !a->sender || !fact_known_int(heard_ns(a)) || !fact_known_real(a->longitude_deg))
        return;
    struct copy *c = &r->copies[a->content_hash % COPIES];
    const int64_t age_ns = heard_ns(a) - c->at_utc_ns;
    if (c->hash == a->content_hash && c->carrier == a->carrier && age_ns >= 0 &&
        age_ns < COPY_S * INT64_C(1000000000) &&
        memcmp(c->mac, a->sender, 6) != 0) {
        announcement_odd(a, "frame_copied");
        return;
    }
    *c = (struct copy){ .hash = a->content_hash, .carrier = a->carrier, .at_utc_ns = heard_ns(a) };
    memcpy(c->mac, a->sender, 6);
}

static uint8_t keep_text(char into[ID_TEXT_MAX], struct text t)
{
    const size_t len = t.len < ID_TEXT_MAX ? t.len : ID_TEXT_MAX;

    memcpy(into, t.at, len);
    return (uint8_t)len;
}

static void aircraft_remember(struct aircraft *x, const struct announcement *a)
{
    x->packet_last = a->packet;
    x->last_utc_ns = heard_ns(a);
    x->carrier = a->carrier;
    if (a->sender) {
        memcpy(x->mac, a->sender, 6);
        x->has_mac = true;
        x->mac_is_random = a->sender_is_random || address_is_made_up(a->sender);
    }
    if (fact_known_real(a->longitude_deg))
        x->last = (struct radio_place){ a->longitude_deg, a->latitude_deg, heard_ns(a) };
    if (text_known(a->operator_id) && a->operator_id.len > 0)
        x->operator_id_len = keep_text(x->operator_id, a->operator_id);
    if (text_known(a->uuid) && a->uuid.len > 0)
        x->uuid_len = keep_text(x->uuid, a->uuid);
}

void radios_check(struct radios *r, struct announcement *a)
{
    uint8_t key[6];
    const bool has_key = radio_key(a, key);
    struct radio *radio = has_key ? radio_get(r, a, key) : NULL;
    bool made;

    if (has_key && !radio && r->not_kept++ == 0)
        r->not_kept_offset = a->offset;
    if (!text_known(a->uas_id) && radio && radio->id_len) {
        a->uas_id = (struct text){ .at = radio->id, .len = radio->id_len };
        a->id_type = radio->id_type;
        a->id_is_serial = radio->id_is_serial;
        a->id_source = "sender";
    }
    struct aircraft *x = text_known(a->uas_id) ? aircraft_get(r, a, &made) : NULL;
    if (radio)
        authenticator_take(&radio->authenticator, r->verifier, a);
    check_copies(r, a);
    check_announcement(a, radio, x && !made ? x : NULL);
    if (x)
        aircraft_remember(x, a);
}

void radios_name(struct radios *r, const uint8_t bssid[6], struct text ssid, const struct frame *record)
{
    if (r->named_count == NAMED_MAX || (!radio_maker_of_network_name(ssid) && !radio_maker_of_address(bssid)))
        return;
    r->named = grown(r->named, r->named_count, &r->named_room, sizeof *r->named);
    struct named *x = &r->named[r->named_count++];
    *x = (struct named){ .packet = record->number, .offset = record->record_offset,
                         .ssid_len = (uint8_t)(ssid.len < SSID_MAX ? ssid.len : SSID_MAX) };
    memcpy(x->mac, bssid, 6);
    memcpy(x->ssid, ssid.at, x->ssid_len);
}

static void identifier_put(struct reading *reading, struct fact_origin origin, const char *kind, struct text value,
                           int64_t device)
{
    struct fact_identifier row;

    fact_init(FACT_IDENTIFIER, &row);
    row.head.origin = origin;
    row.kind = text_of(kind);
    row.value = value;
    row.device = device;
    fact_put(reading->facts, FACT_IDENTIFIER, &row);
}

static void maker_into(struct fact_device *row, const struct radio_maker *m)
{
    if (m && *m->name && !text_known(row->vendor))
        row->vendor = text_of(m->name);
}

static void aircraft_put(struct radios *r, const struct aircraft *x, struct reading *reading)
{
    const struct text id = { .at = x->id, .len = x->id_len };
    const struct radio_maker *by_serial = x->id_is_serial ? radio_maker_of_serial(id) : NULL;
    char mac[MAC_TEXT_MAX];
    struct fact_device row;

    fact_init(FACT_DEVICE, &row);
    row.head.origin.offset = (int64_t)x->offset;
    row.head.origin.packet_first = x->packet_first;
    row.head.origin.packet_last = x->packet_last;
    row.role = TEXT("aircraft");
    row.vendor = text_of(x->maker_by_kind);
    maker_into(&row, by_serial);
    if (x->has_mac && !x->mac_is_random)
        maker_into(&row, radio_maker_of_address(x->mac));
    if (x->id_is_serial)
        row.serial = id;
    if (x->has_mac)
        row.mac = mac_text(x->mac, mac);
    for (uint32_t i = 0; i < r->named_count; i++) {
        struct named *n = &r->named[i];
        if (!x->has_mac || memcmp(n->mac, x->mac, 6) != 0)
            continue;
        n->is_aircraft = true;
        if (!text_known(row.name))
            row.name = (struct text){ .at = n->ssid, .len = n->ssid_len };
    }
    const int64_t device = fact_put(reading->facts, FACT_DEVICE, &row);
    identifier_put(reading, row.head.origin, x->id_is_serial ? "serial" : "uas_id", id, device);
    if (x->operator_id_len)
        identifier_put(reading, row.head.origin, "operator_id",
                       (struct text){ .at = x->operator_id, .len = x->operator_id_len }, device);
    if (x->uuid_len)
        identifier_put(reading, row.head.origin, "uuid", (struct text){ .at = x->uuid, .len = x->uuid_len }, device);
}

/* A device that is known by the name of its network or by its address alone. */
static void named_put(const struct named *n, struct reading *reading)
{
    static const struct text serial_follows = TEXT_INIT("RID-");
    const struct text ssid = { .at = n->ssid, .len = n->ssid_len };
    const struct radio_maker *by_name = radio_maker_of_network_name(ssid), *by_address = radio_maker_of_address(n->mac);
    char mac[MAC_TEXT_MAX];
    struct fact_device row;

    fact_init(FACT_DEVICE, &row);
    row.head.origin.offset = (int64_t)n->offset;
    row.head.origin.packet_first = row.head.origin.packet_last = n->packet;
    row.role = by_name && *by_name->role ? text_of(by_name->role) : TEXT("other");
    if (text_starts_with(ssid, serial_follows))
        row.serial = (struct text){ .at = ssid.at + serial_follows.len, .len = ssid.len - serial_follows.len };
    if (text_known(row.serial) && !serial_is_well_formed(row.serial))
        row.serial = TEXT_UNKNOWN;
    maker_into(&row, text_known(row.serial) ? radio_maker_of_serial(row.serial) : NULL);
    maker_into(&row, by_address);
    maker_into(&row, by_name);
    row.mac = mac_text(n->mac, mac);
    row.name = ssid;
    const int64_t device = fact_put(reading->facts, FACT_DEVICE, &row);
    if (text_known(row.serial))
        identifier_put(reading, row.head.origin, "serial", row.serial, device);
    identifier_put(reading, row.head.origin, "ssid", ssid, device);
}

void radios_put(struct radios *r, struct reading *reading)
{
    for (uint32_t i = 0; i < r->aircraft_count; i++)
        aircraft_put(r, &r->aircraft[i], reading);
    for (uint32_t i = 0; i < r->named_count; i++)
        if (!r->named[i].is_aircraft)
            named_put(&r->named[i], reading);
    if (r->not_kept)
        reading_damage(reading, r->not_kept_offset, 0, 0,
                       "more than %d radios were heard; announcements of the others were read and not compared",
                       RADIOS_MAX);
    verifier_tell_left_out(r->verifier, reading, 0);
}
