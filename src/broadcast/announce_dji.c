#include "broadcast/announce_dji.h"

#include <math.h>

#include "broadcast/dji_wifi.h"

static void oddities(struct announcement *a, unsigned bits)
{
    static const struct { unsigned bit; const char *word; } words[] = {
        { DJI_LENGTH_ODD, "record_length" }, { DJI_TIME_IMPLAUSIBLE, "time_implausible" },
        { DJI_MISALIGNED, "record_misaligned" }, { DJI_OUI_OTHER, "oui_unusual" },
        { DJI_POSITION_RANGE, "value_out_of_range" }, { DJI_CUT, "record_cut" }, { DJI_ID_PADDING, "stale_padding" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bits & words[i].bit)
            announcement_odd(a, words[i].word);
}

static void flight(struct announcement *a, const struct dji_wifi *w)
{
    const double cm = 0.01;

    a->has_location = true;
    a->longitude_deg = w->longitude_deg;
    a->latitude_deg = w->latitude_deg;
    if (fact_known_real(w->longitude_deg)) {
        a->altitude_m = w->altitude_raw;
        a->alt_ref = "unknown";
    }
    if (w->has_motion)
        a->speed_m_s = hypot(w->velocity_north_cm_s * cm, w->velocity_east_cm_s * cm);
    if (fact_known_real(w->app_longitude_deg)) {
        a->operator_longitude_deg = w->app_longitude_deg;
        a->operator_latitude_deg = w->app_latitude_deg;
        a->operator_source = "app";
    } else if (fact_known_real(w->home_longitude_deg)) {
        a->operator_longitude_deg = w->home_longitude_deg;
        a->operator_latitude_deg = w->home_latitude_deg;
        a->operator_source = "home";
    }
    if (w->has_tail && w->version == 2 && w->time_ms != 0 && !(w->oddities & DJI_TIME_IMPLAUSIBLE))
        a->stated_utc_s = (int64_t)(w->time_ms / 1000);
    if (w->uuid.len > 0)
        a->uuid = text_of_bytes(w->uuid);
    a->sequence = w->sequence;
    a->sequence_bits = 16;
    a->sequence_counts_frames = true;
}

void announce_dji_record(struct announcement *a, const struct dji_wifi *w, struct bytes record)
{
    enum { SEQUENCE_END = 3 };

    a->is_pack = true;
    a->uas_id = w->serial;
    if (text_known(w->serial)) {
        a->id_type = "serial";
        a->id_source = "message";
        a->id_is_serial = true;
    }
    /* Without the sequence number, which must differ. */
    a->content_hash = announcement_hash(bytes_part(record, SEQUENCE_END, UINT64_MAX));
    if (w->record == DJI_FLIGHT)
        flight(a, w);
    oddities(a, w->oddities);
}

bool announce_dji(struct announcement *a, struct bytes vendor_element)
{
    enum { HEAD = 7 };
    struct dji_wifi w;

    if (dji_wifi_parse(vendor_element, &w) != PARSE_OK)
        return false;
    a->kind = ANNOUNCE_DJI_WIFI;
    announce_dji_record(a, &w, bytes_part(vendor_element, HEAD, UINT64_MAX));
    dji_wifi_details(&w, &a->details);
    return true;
}
