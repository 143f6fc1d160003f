#include "broadcast/remote_id.h"

enum { PACK_MESSAGES_MAX = 9, ID = 20, SELF_ID = 23, PAGE_0_DATA = 17, PAGE_DATA = 23 };

static bool all_zero(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.at[i])
            return false;
    return true;
}

/* Old content of the sender's memory, which it forgot to clear. */
static bool text_has_remains(struct bytes field)
{
    size_t end = 0;

    while (end < field.len && field.at[end])
        end++;
    return !all_zero(bytes_part(field, end, UINT64_MAX));
}

static void basic(struct cursor c, struct remote_id *r)
{
    const uint8_t types = cursor_u8(&c);
    const struct bytes id = cursor_take(&c, ID);

    if (!all_zero(c.rest) || (types >> 4 <= REMOTE_ID_CAA && text_has_remains(id)))
        r->oddities |= REMOTE_ID_RESERVED;
    for (unsigned i = 0; i < r->basic_count; i++)
        if (r->basic[i].id_type == types >> 4) {
            r->oddities |= REMOTE_ID_REPEATED;
            return;
        }
    if (r->basic_count < REMOTE_ID_IDS_MAX)
        r->basic[r->basic_count++] = (struct remote_id_basic){ types >> 4, types & 15, id };
}

static void location(struct cursor c, struct remote_id *r)
{
    struct remote_id_location *l = &r->location;
    const uint8_t flags = cursor_u8(&c);

    l->status = flags >> 4;
    l->height_above_ground = flags >> 2 & 1;
    l->east = flags >> 1 & 1;
    l->speed_multiplier = flags & 1;
    l->direction = cursor_u8(&c);
    l->speed = cursor_u8(&c);
    l->vertical_speed = (int8_t)cursor_u8(&c);
    l->latitude = cursor_i32le(&c);
    l->longitude = cursor_i32le(&c);
    l->altitude_pressure = cursor_u16le(&c);
    l->altitude_geodetic = cursor_u16le(&c);
    l->height = cursor_u16le(&c);
    uint8_t accuracies = cursor_u8(&c);
    l->accuracy_vertical = accuracies >> 4;
    l->accuracy_horizontal = accuracies & 15;
    accuracies = cursor_u8(&c);
    l->accuracy_pressure = accuracies >> 4;
    l->accuracy_speed = accuracies & 15;
    l->timestamp = cursor_u16le(&c);
    l->accuracy_timestamp = cursor_u8(&c) & 15;
    if (cursor_u8(&c))
        r->oddities |= REMOTE_ID_RESERVED;
    r->has_location = true;
}

static void authentication(struct cursor c, struct remote_id *r)
{
    const uint8_t kind = cursor_u8(&c);
    const unsigned page = kind & 15;

    if (r->pages_there >> page & 1) {
        r->oddities |= REMOTE_ID_REPEATED;
        return;
    }
    r->pages_there |= (uint16_t)(1u << page);
    if (page == 0) {
        r->auth_last_page = cursor_u8(&c);
        r->auth_length = cursor_u8(&c);
        r->auth_timestamp = cursor_u32le(&c);
    }
    r->pages[page] = (struct remote_id_page){ kind >> 4, cursor_take(&c, page == 0 ? PAGE_0_DATA : PAGE_DATA) };
}

static void self_id(struct cursor c, struct remote_id *r)
{
    r->self_id_type = cursor_u8(&c);
    r->self_id = cursor_take(&c, SELF_ID);
    if (text_has_remains(r->self_id))
        r->oddities |= REMOTE_ID_RESERVED;
    r->has_self_id = true;
}

static void system_message(struct cursor c, struct remote_id *r)
{
    struct remote_id_system *s = &r->system;
    const uint8_t flags = cursor_u8(&c);

    s->operator_location_type = flags & 3;
    s->classification = flags >> 2 & 7;
    s->latitude = cursor_i32le(&c);
    s->longitude = cursor_i32le(&c);
    s->area_count = cursor_u16le(&c);
    s->area_radius = cursor_u8(&c);
    s->area_ceiling = cursor_u16le(&c);
    s->area_floor = cursor_u16le(&c);
    const uint8_t eu = cursor_u8(&c);
    s->category_eu = eu >> 4;
    s->class_eu = eu & 15;
    s->altitude = cursor_u16le(&c);
    s->timestamp = cursor_u32le(&c);
    r->has_system = true;
}

static void operator_id(struct cursor c, struct remote_id *r)
{
    r->operator_id_type = cursor_u8(&c);
    r->operator_id = cursor_take(&c, ID);
    if (text_has_remains(r->operator_id))
        r->oddities |= REMOTE_ID_RESERVED;
    r->has_operator_id = true;
}

/* The first of a type counts.  Flattened: calls for single bytes were a sixth of the work. */
__attribute__((flatten))
static void message(struct bytes m, struct remote_id *r)
{
    struct cursor c = cursor_over(m);
    const uint8_t head = cursor_u8(&c);
    bool repeated = false;

    r->messages++;
    switch (head >> 4) {
    case REMOTE_ID_BASIC:          basic(c, r); break;
    case REMOTE_ID_AUTHENTICATION: authentication(c, r); break;
    case REMOTE_ID_LOCATION:       repeated = r->has_location;    if (!repeated) location(c, r); break;
    case REMOTE_ID_SELF:           repeated = r->has_self_id;     if (!repeated) self_id(c, r); break;
    case REMOTE_ID_SYSTEM:         repeated = r->has_system;      if (!repeated) system_message(c, r); break;
    case REMOTE_ID_OPERATOR:       repeated = r->has_operator_id; if (!repeated) operator_id(c, r); break;
    case REMOTE_ID_PACK:           r->oddities |= REMOTE_ID_NESTED; break;
    default:                       r->oddities |= REMOTE_ID_UNKNOWN_TYPE; break;
    }
    if (repeated)
        r->oddities |= REMOTE_ID_REPEATED;
}

static enum parse_status pack(struct cursor c, struct remote_id *r)
{
    r->is_pack = true;
    r->message_size = cursor_u8(&c);
    r->message_count = cursor_u8(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (r->message_count == 0)
        r->oddities |= REMOTE_ID_EMPTY;
    if (r->message_count > PACK_MESSAGES_MAX)
        r->oddities |= REMOTE_ID_COUNT;
    if (r->message_size != REMOTE_ID_MESSAGE) {
        r->oddities |= REMOTE_ID_SIZE;
        return PARSE_OK;
    }
    r->raw = c.rest;
    for (unsigned i = 0; i < r->message_count; i++) {
        const struct bytes m = cursor_take(&c, REMOTE_ID_MESSAGE);
        if (c.failed) {
            r->oddities |= REMOTE_ID_CUT;
            break;
        }
        message(m, r);
    }
    r->raw.len = (size_t)r->messages * REMOTE_ID_MESSAGE;
    return PARSE_OK;
}

enum parse_status remote_id_parse(struct bytes content, struct remote_id *ret)
{
    struct cursor c = cursor_over(content);
    const uint8_t head = cursor_u8(&c);
    enum parse_status status = PARSE_OK;

    if (c.failed)
        return PARSE_TRUNCATED;
    /* Only what is needed is cleared: the arrays are guarded by their counts. */
    ret->is_pack = ret->has_location = ret->has_self_id = ret->has_system = ret->has_operator_id = false;
    ret->version = head & 15;
    ret->single_type = head >> 4;
    ret->message_size = ret->message_count = 0;
    ret->messages = ret->oddities = ret->basic_count = 0;
    ret->pages_there = 0;
    ret->raw = (struct bytes){ 0 };
    if (head >> 4 == REMOTE_ID_PACK) {
        status = pack(c, ret);
    } else {
        const struct bytes m = bytes_part(content, 0, REMOTE_ID_MESSAGE);
        if (m.len < REMOTE_ID_MESSAGE)
            return PARSE_TRUNCATED;
        ret->raw = m;
        message(m, ret);
    }
    return status;
}

struct text remote_id_operator(const uint8_t message[REMOTE_ID_MESSAGE])
{
    enum { ID_AT = 2 };

    return text_of_padded((struct bytes){ .at = message + ID_AT, .len = ID });
}

bool remote_id_altitude_dm(uint16_t raw, int *ret)
{
    *ret = raw * 5 - 10000;
    return raw != 0;
}

bool remote_id_direction_deg(const struct remote_id_location *l, int *ret)
{
    *ret = l->direction + (l->east ? 180 : 0);
    return *ret <= 360;
}

bool remote_id_speed_cm_s(const struct remote_id_location *l, int *ret)
{
    enum { UNKNOWN_RAW = 255 };

    *ret = l->speed_multiplier ? l->speed * 75 + 6375 : l->speed * 25;
    return !(l->speed_multiplier && l->speed == UNKNOWN_RAW);
}

bool remote_id_vertical_speed_cm_s(const struct remote_id_location *l, int *ret)
{
    enum { UNKNOWN_RAW = 126 };

    *ret = l->vertical_speed * 50;
    return l->vertical_speed != UNKNOWN_RAW;
}

bool remote_id_place(int32_t latitude, int32_t longitude)
{
    enum { DEGREE = 10000000 };

    return (latitude != 0 || longitude != 0) && latitude >= -90 * DEGREE && latitude <= 90 * DEGREE &&
           longitude >= -180 * DEGREE && longitude <= 180 * DEGREE;
}
