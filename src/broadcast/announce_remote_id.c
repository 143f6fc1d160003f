#include "broadcast/announce_remote_id.h"

/* Tables of opendroneid.h, by number. */
static const char *const id_types[] = { "other", "serial", "caa_registration", "utm_uuid", "specific_session" };
static const char *const aircraft_types[] = {
    "undeclared", "aeroplane", "helicopter_or_multirotor", "gyroplane", "hybrid_lift", "ornithopter", "glider", "kite",
    "free_balloon", "captive_balloon", "airship", "parachute", "rocket", "tethered", "ground_obstacle", "other",
};
static const char *const statuses[] = { "undeclared", "ground", "airborne", "emergency", "remote_id_failure" };
static const char *const operator_locations[] = { "takeoff", "live", "fixed" };
static const char *const categories_eu[] = { "undeclared", "open", "specific", "certified" };

/* A number without a name in the standard is shown as it is. */
static inline void details_code(struct details *d, const char *name, const char *const *words, size_t count,
                                unsigned code)
{
    if (code < count)
        details_word(d, name, words[code]);
    else
        details_int(d, name, code);
}
#define CODE(d, name, words, code) details_code(d, name, words, sizeof (words) / sizeof *(words), code)

static inline void fixed_or_null(struct details *d, const char *name, bool known, int64_t value, unsigned decimals)
{
    if (known)
        details_fixed(d, name, value, decimals);
    else
        details_null(d, name);
}

static inline void altitude(struct details *d, const char *name, uint16_t raw)
{
    int dm;
    const bool known = remote_id_altitude_dm(raw, &dm);

    fixed_or_null(d, name, known, dm, 1);
}

static bool is_printable(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.at[i] < 0x20 || b.at[i] > 0x7e)
            return false;
    return b.len > 0;
}

static struct bytes without_padding(struct bytes b)
{
    while (b.len > 0 && b.at[b.len - 1] == 0)
        b.len--;
    return b;
}

/* Ids are texts or, for the types that a UTM or ICAO gives out, bytes: those are written as digits behind
 * "0x" unless somebody put a text there.  Unknown when empty. */
static struct text id_text(const struct remote_id_basic *b, char room[ID_TEXT_MAX])
{
    static const char digits[16] = "0123456789abcdef";
    const struct bytes id = without_padding(b->id);
    size_t len = 0;

    if (b->id_type <= REMOTE_ID_CAA)
        return text_of_padded(b->id);
    if (id.len == 0)
        return TEXT_UNKNOWN;
    if (is_printable(id))
        return text_of_bytes(id);
    room[len++] = '0';
    room[len++] = 'x';
    for (size_t i = 0; i < id.len && len + 2 <= ID_TEXT_MAX; i++) {
        room[len++] = digits[id.at[i] >> 4];
        room[len++] = digits[id.at[i] & 15];
    }
    return (struct text){ .at = room, .len = len };
}

/* Of several ids, the one that stays with the aircraft goes first. */
static void identity(struct announcement *a, const struct remote_id *r)
{
    static const uint8_t order[] = { REMOTE_ID_SERIAL, REMOTE_ID_CAA, REMOTE_ID_SESSION, REMOTE_ID_UTM, 0 };

    for (size_t i = 0; i < sizeof order && !text_known(a->uas_id); i++)
        for (unsigned k = 0; k < r->basic_count && !text_known(a->uas_id); k++) {
            if (r->basic[k].id_type != order[i])
                continue;
            a->uas_id = id_text(&r->basic[k], a->id_room);
            a->id_type = id_types[order[i]];
            a->id_is_serial = order[i] == REMOTE_ID_SERIAL;
        }
    if (text_known(a->uas_id))
        a->id_source = "message";
    else
        a->id_type = NULL;
}

static void location(struct announcement *a, const struct remote_id_location *l)
{
    enum { UNKNOWN_TIMESTAMP = 0xffff, TIMESTAMP_MAX = 36000, UNKNOWN_DIRECTION = 361 };
    struct details *d = &a->details;
    const bool said = l->latitude || l->longitude, placed = remote_id_place(l->latitude, l->longitude);
    int direction, speed, vertical, altitude_dm;
    const bool has_direction = remote_id_direction_deg(l, &direction), has_speed = remote_id_speed_cm_s(l, &speed);
    const bool has_vertical = remote_id_vertical_speed_cm_s(l, &vertical);

    a->has_location = true;
    if (placed) {
        a->latitude_deg = l->latitude / 1e7;
        a->longitude_deg = l->longitude / 1e7;
        if (remote_id_altitude_dm(l->altitude_geodetic, &altitude_dm)) {
            a->altitude_m = altitude_dm * 0.1;
            a->alt_ref = "ellipsoid";
        }
    }
    if (has_speed)
        a->speed_m_s = speed * 0.01;
    if (l->timestamp <= TIMESTAMP_MAX)
        a->timestamp_ds = l->timestamp;
    if (said != placed || direction > UNKNOWN_DIRECTION ||
        (l->timestamp > TIMESTAMP_MAX && l->timestamp != UNKNOWN_TIMESTAMP))
        announcement_odd(a, "value_out_of_range");

    details_open(d, "location", '{');
    CODE(d, "status", statuses, l->status);
    fixed_or_null(d, "latitude_deg", said, l->latitude, 7);
    fixed_or_null(d, "longitude_deg", said, l->longitude, 7);
    altitude(d, "altitude_geodetic_m", l->altitude_geodetic);
    altitude(d, "altitude_pressure_m", l->altitude_pressure);
    altitude(d, "height_m", l->height);
    details_word(d, "height_ref", l->height_above_ground ? "ground" : "takeoff");
    if (has_direction)
        details_int(d, "direction_deg", direction);
    else
        details_null(d, "direction_deg");
    fixed_or_null(d, "speed_m_s", has_speed, speed, 2);
    fixed_or_null(d, "vertical_speed_m_s", has_vertical, vertical, 2);
    fixed_or_null(d, "timestamp_s", a->timestamp_ds >= 0, l->timestamp, 1);
    fixed_or_null(d, "timestamp_accuracy_s", l->accuracy_timestamp != 0, l->accuracy_timestamp, 1);
    details_int(d, "accuracy_horizontal", l->accuracy_horizontal);
    details_int(d, "accuracy_vertical", l->accuracy_vertical);
    details_int(d, "accuracy_pressure", l->accuracy_pressure);
    details_int(d, "accuracy_speed", l->accuracy_speed);
    details_close(d, '}');
}

static void system_message(struct announcement *a, const struct remote_id *r)
{
    const struct remote_id_system *s = &r->system;
    struct details *d = &a->details;
    const bool said = s->latitude || s->longitude, placed = remote_id_place(s->latitude, s->longitude);
    /* F3411-22a brought the timestamp; before, these bytes were reserved. */
    const bool has_timestamp = r->version >= 2 && s->timestamp != 0;

    a->has_system = true;
    if (placed) {
        a->operator_latitude_deg = s->latitude / 1e7;
        a->operator_longitude_deg = s->longitude / 1e7;
        if (s->operator_location_type < sizeof operator_locations / sizeof *operator_locations)
            a->operator_source = operator_locations[s->operator_location_type];
    } else if (said) {
        announcement_odd(a, "value_out_of_range");
    }
    if (has_timestamp)
        a->stated_utc_s = remote_id_utc_s(s->timestamp);

    details_open(d, "system", '{');
    CODE(d, "operator_location", operator_locations, s->operator_location_type);
    fixed_or_null(d, "operator_latitude_deg", said, s->latitude, 7);
    fixed_or_null(d, "operator_longitude_deg", said, s->longitude, 7);
    altitude(d, "operator_altitude_m", s->altitude);
    details_int(d, "area_count", s->area_count);
    details_int(d, "area_radius_m", s->area_radius * 10);
    altitude(d, "area_ceiling_m", s->area_ceiling);
    altitude(d, "area_floor_m", s->area_floor);
    details_int(d, "classification", s->classification);
    CODE(d, "category_eu", categories_eu, s->category_eu);
    details_int(d, "class_eu", s->class_eu);
    if (has_timestamp)
        details_int(d, "timestamp_utc_s", a->stated_utc_s);
    else
        details_null(d, "timestamp_utc_s");
    details_close(d, '}');
}

/* The number that authorities publish has 16 characters; what an operator must keep to himself follows a
 * dash (EN 4709-002).  It should never be on the air. */
static void operator_id(struct announcement *a, const struct remote_id *r)
{
    enum { PUBLIC_LEN = 16 };
    const struct text id = text_of_padded(r->operator_id);

    a->operator_id = id;
    if (id.len > PUBLIC_LEN + 1 && id.at[PUBLIC_LEN] == '-')
        announcement_odd(a, "operator_id_secret");
    details_open(&a->details, "operator_id", '{');
    details_int(&a->details, "type", r->operator_id_type);
    details_evidence(&a->details, "id", id);
    details_close(&a->details, '}');
}

static void ids_and_texts(struct announcement *a, const struct remote_id *r)
{
    struct details *d = &a->details;
    char room[ID_TEXT_MAX];

    if (r->basic_count > 0) {
        details_open(d, "basic_ids", '[');
        for (unsigned i = 0; i < r->basic_count; i++) {
            details_open(d, NULL, '{');
            CODE(d, "id_type", id_types, r->basic[i].id_type);
            CODE(d, "aircraft_type", aircraft_types, r->basic[i].aircraft_type);
            details_evidence(d, "id", id_text(&r->basic[i], room));
            details_close(d, '}');
        }
        details_close(d, ']');
    }
    if (r->has_self_id) {
        details_open(d, "self_id", '{');
        details_int(d, "type", r->self_id_type);
        details_evidence(d, "text", text_of_padded(r->self_id));
        details_close(d, '}');
    }
}

static void authentication_pages(struct announcement *a, const struct remote_id *r)
{
    struct details *d = &a->details;

    if (!r->pages_there)
        return;
    details_open(d, "authentication_pages", '[');
    for (unsigned page = 0; page < REMOTE_ID_PAGES; page++) {
        if (!(r->pages_there >> page & 1))
            continue;
        details_open(d, NULL, '{');
        details_int(d, "page", page);
        details_int(d, "type", r->pages[page].auth_type);
        if (page == 0) {
            details_int(d, "last_page", r->auth_last_page);
            details_int(d, "length", r->auth_length);
            details_int(d, "timestamp_utc_s", remote_id_utc_s(r->auth_timestamp));
        }
        details_hex(d, "data", r->pages[page].data);
        details_close(d, '}');
    }
    details_close(d, ']');
}

static void oddities(struct announcement *a, unsigned bits)
{
    static const struct { unsigned bit; const char *word; } words[] = {
        { REMOTE_ID_CUT, "pack_cut" }, { REMOTE_ID_SIZE, "pack_message_size" }, { REMOTE_ID_COUNT, "pack_count" },
        { REMOTE_ID_EMPTY, "pack_empty" }, { REMOTE_ID_NESTED, "pack_nested" },
        { REMOTE_ID_UNKNOWN_TYPE, "message_unknown" }, { REMOTE_ID_REPEATED, "message_repeated" },
        { REMOTE_ID_RESERVED, "stale_padding" },
    };

    for (size_t i = 0; bits && i < sizeof words / sizeof *words; i++)
        if (bits & words[i].bit)
            announcement_odd(a, words[i].word);
}

bool announce_remote_id(struct announcement *a, struct bytes content, struct remote_id *room)
{
    struct remote_id *const r = room;
    struct details *d = &a->details;
    struct cursor c = cursor_over(content);
    const uint8_t counter = cursor_u8(&c);

    if (c.failed || remote_id_parse(c.rest, r) != PARSE_OK)
        return false;
    a->kind = ANNOUNCE_REMOTE_ID;
    a->remote_id = r;
    a->is_pack = r->is_pack;
    a->sequence = counter;
    a->sequence_bits = 8;
    a->counter = r->is_pack ? REMOTE_ID_PACK : r->single_type;
    a->content_hash = announcement_hash(c.rest);
    details_int(d, "version", r->version);
    details_int(d, "counter", counter);
    if (r->is_pack) {
        details_int(d, "message_size", r->message_size);
        details_int(d, "message_count", r->message_count);
    }
    identity(a, r);
    ids_and_texts(a, r);
    if (r->has_location)
        location(a, &r->location);
    if (r->has_system)
        system_message(a, r);
    if (r->has_operator_id)
        operator_id(a, r);
    authentication_pages(a, r);
    oddities(a, r->oddities);
    return true;
}
