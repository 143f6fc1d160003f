#include "broadcast/announce_french.h"

#include "broadcast/french.h"

static void oddities(struct announcement *a, unsigned bits)
{
    static const struct { unsigned bit; const char *word; } words[] = {
        { FRENCH_CUT, "record_cut" }, { FRENCH_LENGTH, "record_length" }, { FRENCH_RANGE, "value_out_of_range" },
        { FRENCH_UNKNOWN_ITEM, "item_unknown" }, { FRENCH_REPEATED, "message_repeated" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bits & words[i].bit)
            announcement_odd(a, words[i].word);
}

static void details(struct details *d, const struct french *f)
{
    static const struct { enum french_item item; const char *name; unsigned decimals; } numbers[] = {
        { FRENCH_VERSION, "version", 0 },
        { FRENCH_LATITUDE, "latitude_deg", 5 }, { FRENCH_LONGITUDE, "longitude_deg", 5 },
        { FRENCH_ALTITUDE, "altitude_m", 0 }, { FRENCH_HEIGHT, "height_m", 0 },
        { FRENCH_TAKEOFF_LATITUDE, "takeoff_latitude_deg", 5 },
        { FRENCH_TAKEOFF_LONGITUDE, "takeoff_longitude_deg", 5 },
        { FRENCH_SPEED, "speed_m_s", 0 }, { FRENCH_HEADING, "heading_deg", 0 },
    };

    if (french_has(f, FRENCH_ID))
        details_evidence(d, "identifier", f->id);
    if (french_has(f, FRENCH_SERIAL))
        details_evidence(d, "serial", f->serial);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!french_has(f, numbers[i].item))
            continue;
        if (numbers[i].decimals)
            details_fixed(d, numbers[i].name, f->value[numbers[i].item], numbers[i].decimals);
        else
            details_int(d, numbers[i].name, f->value[numbers[i].item]);
    }
}

static void identity(struct announcement *a, const struct french *f)
{
    const bool serial = text_known(f->serial);

    a->uas_id = serial ? f->serial : f->id;
    if (!text_known(a->uas_id))
        return;
    a->id_type = serial ? "serial" : "french";
    a->id_is_serial = serial;
    a->id_source = "message";
}

bool announce_french(struct announcement *a, struct bytes vendor_element)
{
    const double unit_deg = 1e-5;
    struct french f;

    if (french_parse(vendor_element, &f) != PARSE_OK)
        return false;
    a->kind = ANNOUNCE_FRENCH;
    a->is_pack = true;
    identity(a, &f);
    a->has_location = french_has(&f, FRENCH_LATITUDE);
    if (french_place(&f, FRENCH_LATITUDE, FRENCH_LONGITUDE)) {
        a->latitude_deg = f.value[FRENCH_LATITUDE] * unit_deg;
        a->longitude_deg = f.value[FRENCH_LONGITUDE] * unit_deg;
        if (french_has(&f, FRENCH_ALTITUDE)) {
            a->altitude_m = f.value[FRENCH_ALTITUDE];
            a->alt_ref = "msl";
        }
    }
    if (french_place(&f, FRENCH_TAKEOFF_LATITUDE, FRENCH_TAKEOFF_LONGITUDE)) {
        a->operator_latitude_deg = f.value[FRENCH_TAKEOFF_LATITUDE] * unit_deg;
        a->operator_longitude_deg = f.value[FRENCH_TAKEOFF_LONGITUDE] * unit_deg;
        a->operator_source = "takeoff";
    }
    if (french_has(&f, FRENCH_SPEED))
        a->speed_m_s = f.value[FRENCH_SPEED];
    a->content_hash = announcement_hash(vendor_element);
    details(&a->details, &f);
    oddities(a, f.oddities);
    return true;
}
