#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "broadcast/maker.h"
#include "broadcast/radio.h"

/* What is odd about an announcement.  Each is a hint and proves nothing: receivers' clocks are
 * wrong, positions jump, radios change their address.  Limits are wide, so that a hint
 * is worth reading; doc/broadcasts.md lists them. */
#define SEQUENCE_CONSTANT_NS (2 * NS_PER_S)
#define SEQUENCE_REUSED_NS   (5 * NS_PER_S)   /* a counter of 8 bits may come round in 25 s */
#define SEQUENCE_RESTART_NS  (10 * NS_PER_S)
#define TIMESTAMP_CONSTANT_NS (5 * NS_PER_S)
#define SPEED_WINDOW_NS      (3 * NS_PER_S)
#define SPEED_WINDOW_MAX_NS  (60 * NS_PER_S)
#define OPERATOR_WAIT_NS     (10 * NS_PER_S)  /* three times what the rules allow */
#define ID_SHARED_NS         (10 * NS_PER_S)
#define CAPTURE_CLOCK_SET_NS (INT64_C(1420070400) * NS_PER_S) /* 2015: an earlier clock was never set */
enum {
    CLOCK_S = 60, TIMESTAMPS_S = 10, HOUR_S = 3600, HOUR_DS = 36000,
    JUMP_M = 200, JUMP_M_S = 150, SPEED_SLACK_M_S = 10, SPEED_MOVING_M_S = 5,
    SIGNAL_FRAMES = 20, SIGNAL_MOVED_M = 300, OPERATOR_FAR_M = 15000, ID_SHARED_M = 1000,
    ALTITUDE_MIN_M = -450, ALTITUDE_MAX_M = 12000,
};

static double distance_m(double longitude_1, double latitude_1, double longitude_2, double latitude_2)
{
    const double mean_radius_m = 6371008.8, to_rad = M_PI / 180;
    const double half_latitude = (latitude_2 - latitude_1) * to_rad / 2;
    const double half_longitude = (longitude_2 - longitude_1) * to_rad / 2;
    const double h = sin(half_latitude) * sin(half_latitude) +
                     cos(latitude_1 * to_rad) * cos(latitude_2 * to_rad) * sin(half_longitude) * sin(half_longitude);

    return 2 * mean_radius_m * asin(sqrt(fmin(1, h)));
}

/* Whether two places can be further apart than `limit_m`, without the trigonometry. */
static bool may_be_further(double longitude_1, double latitude_1, double longitude_2, double latitude_2, double limit_m)
{
    const double longest_degree_m = 111700;

    return (fabs(longitude_1 - longitude_2) + fabs(latitude_1 - latitude_2)) * longest_degree_m > limit_m;
}

static double distance_to(const struct announcement *a, const struct radio_place *p)
{
    return distance_m(a->longitude_deg, a->latitude_deg, p->longitude_deg, p->latitude_deg);
}

bool serial_is_well_formed(struct text serial)
{
    for (size_t i = 0; i < serial.len; i++) {
        const char c = serial.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z' && c != 'I' && c != 'O'))
            return false;
    }
    if (serial.len < 6 || serial.len > 20)
        return false;
    const char c = serial.at[4];
    const size_t stated = c >= '1' && c <= '9' ? (size_t)(c - '0') : c >= 'A' && c <= 'F' ? (size_t)(c - 'A' + 10) : 0;
    return stated == serial.len - 5;
}

static void check_sequence(struct announcement *a, struct radio *r)
{
    if (a->sequence < 0 || !fact_known_int(heard_ns(a)))
        return;
    struct radio_counter *c = &r->counters[a->counter];
    const bool first = c->value < 0 || heard_ns(a) < c->last_utc_ns;
    const int64_t since_last_ns = first ? 0 : heard_ns(a) - c->last_utc_ns;
    const int mask = (1 << a->sequence_bits) - 1;

    if (!first && c->value == a->sequence) {
        if (c->content_hash != a->content_hash && since_last_ns < SEQUENCE_REUSED_NS)
            announcement_odd(a, "sequence_reused");
        else if (a->sequence_counts_frames && heard_ns(a) - c->since_utc_ns >= SEQUENCE_CONSTANT_NS)
            announcement_odd(a, "sequence_constant");
    } else {
        if (!first && a->sequence_bits >= 16 && since_last_ns < SEQUENCE_RESTART_NS &&
            ((a->sequence - c->value) & mask) > mask / 2)
            announcement_odd(a, "sequence_falls");
        c->since_utc_ns = heard_ns(a);
    }
    c->value = a->sequence;
    c->content_hash = a->content_hash;
    c->last_utc_ns = heard_ns(a);
}

/* The difference of two times of an hour, -30 to 30 minutes. */
static int64_t within_the_hour(int64_t difference, int64_t hour)
{
    difference = ((difference % hour) + hour) % hour;
    return difference > hour / 2 ? difference - hour : difference;
}

static void check_timestamp_moves(struct announcement *a, struct radio *r)
{
    if (a->timestamp_ds < 0)
        return;
    if (r->timestamp_ds == a->timestamp_ds) {
        if (a->at_utc_ns - r->timestamp_since_utc_ns >= TIMESTAMP_CONSTANT_NS)
            announcement_odd(a, "timestamp_constant");
        return;
    }
    enum { BACK_DS = 10 }; /* frames of two carriers may overtake each other by less */
    if (r->timestamp_ds >= 0 && a->at_utc_ns - r->timestamp_since_utc_ns < SPEED_WINDOW_MAX_NS &&
        within_the_hour(a->timestamp_ds - r->timestamp_ds, HOUR_DS) < -BACK_DS)
        announcement_odd(a, "timestamp_falls");
    r->timestamp_ds = a->timestamp_ds;
    r->timestamp_since_utc_ns = a->at_utc_ns;
}

static void check_clock(struct announcement *a, struct radio *r)
{
    if (a->timestamp_ds >= 0 && fact_known_int(a->stated_utc_s) &&
        llabs(within_the_hour(a->stated_utc_s - a->timestamp_ds / 10, HOUR_S)) > TIMESTAMPS_S)
        announcement_odd(a, "timestamps_disagree");
    if (!fact_known_int(a->at_utc_ns) || a->at_utc_ns < CAPTURE_CLOCK_SET_NS)
        return;
    const int64_t at_s = a->at_utc_ns / NS_PER_S;
    if ((a->timestamp_ds >= 0 && llabs(within_the_hour(at_s - a->timestamp_ds / 10, HOUR_S)) > CLOCK_S) ||
        (fact_known_int(a->stated_utc_s) && llabs(at_s - a->stated_utc_s) > CLOCK_S))
        announcement_odd(a, "clock_differs");
    if (r)
        check_timestamp_moves(a, r);
}

/* Straight lines are shorter than what was flown: too slow is only said of a place that
 * does not change at all. */
static void check_speed(struct announcement *a, struct radio *r)
{
    const int64_t window_ns = fact_known_int(r->anchor.at_utc_ns) ? heard_ns(a) - r->anchor.at_utc_ns : -1;

    if (window_ns >= 0 && window_ns <= SPEED_WINDOW_MAX_NS && fact_known_real(a->speed_m_s)) {
        r->slowest_m_s = fmin(r->slowest_m_s, a->speed_m_s);
        r->fastest_m_s = fmax(r->fastest_m_s, a->speed_m_s);
        if (window_ns < SPEED_WINDOW_NS)
            return;
        const double moved_m = distance_to(a, &r->anchor), speed = moved_m / ((double)window_ns / 1e9);
        if (speed > 2 * r->fastest_m_s + SPEED_SLACK_M_S || (moved_m == 0 && r->slowest_m_s >= SPEED_MOVING_M_S))
            announcement_odd(a, "speed_disagrees");
    }
    r->anchor = (struct radio_place){ a->longitude_deg, a->latitude_deg, heard_ns(a) };
    r->slowest_m_s = r->fastest_m_s = fact_known_real(a->speed_m_s) ? a->speed_m_s : 0;
}

/* What really moves is heard now better, now worse. */
static void check_signal(struct announcement *a, struct radio *r)
{
    if (!a->signal_dbm)
        return;
    if (r->signal_dbm != a->signal_dbm || r->signal_frames == 0) {
        r->signal_dbm = a->signal_dbm;
        r->signal_frames = 1;
        r->signal_place = (struct radio_place){ a->longitude_deg, a->latitude_deg, heard_ns(a) };
    } else if (++r->signal_frames >= SIGNAL_FRAMES && distance_to(a, &r->signal_place) >= SIGNAL_MOVED_M) {
        announcement_odd(a, "signal_constant");
    }
}

static void check_motion(struct announcement *a, struct radio *r)
{
    if (!fact_known_real(a->longitude_deg) || !fact_known_int(heard_ns(a)))
        return;
    if (fact_known_int(r->last.at_utc_ns) && heard_ns(a) >= r->last.at_utc_ns) {
        const double seconds = fmax(1, (double)(heard_ns(a) - r->last.at_utc_ns) / 1e9);
        const double far_m = fmax(JUMP_M, JUMP_M_S * seconds);
        if (may_be_further(a->longitude_deg, a->latitude_deg, r->last.longitude_deg, r->last.latitude_deg, far_m) &&
            distance_to(a, &r->last) > far_m)
            announcement_odd(a, "position_jump");
    }
    check_speed(a, r);
    check_signal(a, r);
    r->last = (struct radio_place){ a->longitude_deg, a->latitude_deg, heard_ns(a) };
}

static void check_operator(struct announcement *a, struct radio *r)
{
    const bool told = fact_known_real(a->operator_longitude_deg);
    const struct radio_place person = { a->operator_longitude_deg, a->operator_latitude_deg, heard_ns(a) };

    if (told && fact_known_real(a->longitude_deg) &&
        may_be_further(a->longitude_deg, a->latitude_deg, person.longitude_deg, person.latitude_deg, OPERATOR_FAR_M) &&
        distance_to(a, &person) > OPERATOR_FAR_M)
        announcement_odd(a, "operator_far");
    if (a->kind != ANNOUNCE_REMOTE_ID)
        return;
    if (a->is_pack && a->has_location && !told)
        announcement_odd(a, "operator_missing");
    if (!r)
        return;
    r->operator_told |= told;
    if (a->has_location && !fact_known_int(r->first_location_utc_ns))
        r->first_location_utc_ns = heard_ns(a);
    if (a->has_location && !r->operator_told && fact_known_int(heard_ns(a)) &&
        heard_ns(a) - r->first_location_utc_ns >= OPERATOR_WAIT_NS)
        announcement_odd(a, "operator_missing");
}

static bool maker_disagrees(const struct announcement *a)
{
    const struct radio_maker *by_address = a->sender && !a->sender_is_random ? radio_maker_of_address(a->sender) : NULL;
    const struct radio_maker *by_serial = a->id_is_serial ? radio_maker_of_serial(a->uas_id) : NULL;

    if (a->kind == ANNOUNCE_DJI_WIFI && a->sender)
        return address_is_made_up(a->sender) || (by_address && strcmp(by_address->name, "DJI") != 0);
    return by_address && by_serial && strcmp(by_address->name, by_serial->name) != 0;
}

/* What follows from id and address alone is worked out once for a radio. */
static void check_name_and_maker(struct announcement *a, struct radio *r)
{
    static const struct text remote_id_name = TEXT_INIT("RID-");
    struct radio once = { .id_len = 0 };

    if (a->id_is_serial && text_known(a->ssid) && text_starts_with(a->ssid, remote_id_name)) {
        const struct text told = { .at = a->ssid.at + remote_id_name.len, .len = a->ssid.len - remote_id_name.len };
        if (!text_equal(told, a->uas_id))
            announcement_odd(a, "ssid_disagrees");
    }
    if (!r)
        r = &once;
    if (a->new_to_sender) {
        r->maker_disagrees = maker_disagrees(a);
        r->serial_malformed = a->kind == ANNOUNCE_REMOTE_ID && a->id_is_serial && !serial_is_well_formed(a->uas_id);
    }
    if (r->maker_disagrees)
        announcement_odd(a, "maker_disagrees");
    if (r->serial_malformed)
        announcement_odd(a, "serial_malformed");
}

/* An id that the message itself tells. */
static void check_identity(struct announcement *a, struct radio *r, const struct aircraft *heard)
{
    if (!a->id_source || strcmp(a->id_source, "message") != 0)
        return;
    if (!r || r->id_len != a->uas_id.len || memcmp(r->id, a->uas_id.at, r->id_len) != 0)
        a->new_to_sender = true;
    if (r && a->new_to_sender && r->id_len > 0 && r->id_type == a->id_type)
        announcement_odd(a, "id_changes");
    if (heard && a->sender && heard->has_mac && heard->carrier == a->carrier && memcmp(heard->mac, a->sender, 6) != 0 &&
        fact_known_int(heard_ns(a)) && fact_known_int(heard->last_utc_ns) &&
        llabs(heard_ns(a) - heard->last_utc_ns) < ID_SHARED_NS) {
        const bool both_places = fact_known_real(a->longitude_deg) && fact_known_int(heard->last.at_utc_ns);
        const bool fixed_addresses = !heard->mac_is_random && !a->sender_is_random && !address_is_made_up(a->sender);
        if (fixed_addresses || (both_places && distance_to(a, &heard->last) > ID_SHARED_M))
            announcement_odd(a, "id_shared");
    }
    check_name_and_maker(a, r);
    if (!r || a->uas_id.len > sizeof r->id)
        return;
    memcpy(r->id, a->uas_id.at, a->uas_id.len);
    r->id_len = (uint8_t)a->uas_id.len;
    r->id_type = a->id_type;
    r->id_is_serial = a->id_is_serial;
}

void check_announcement(struct announcement *a, struct radio *radio, const struct aircraft *heard)
{
    check_identity(a, radio, heard);
    if (fact_known_real(a->altitude_m) && (a->altitude_m < ALTITUDE_MIN_M || a->altitude_m > ALTITUDE_MAX_M))
        announcement_odd(a, "altitude_implausible");
    check_clock(a, radio);
    check_operator(a, radio);
    if (!radio)
        return;
    check_sequence(a, radio);
    check_motion(a, radio);
}
