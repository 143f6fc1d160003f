/* The details block; little-endian.  "measured" on versions 4, 7, 8 and 14; names and the
 * rest from lvauvillier/dji-log-parser layout/details.rs.
 *
 *   offset  size  field                                                            certainty
 *        0  20x4  sub-street, street, city, area; "Map Loading" without an answer  measured
 *       80   1x3  favourite, new, needs upload                                     measured, meaning by name
 *       83     4  number of type 1 records                                         measured
 *       87     4  12345                                                            measured
 *       91     8  start, ms since 1970                                             measured
 *       99   8,8  start longitude, latitude, degrees                               measured
 *      115     4  distance, m; another unit in v14                                 measured
 *      119     4  flight time, ms                                                  measured
 *      123  4x3   highest m, fastest level and vertical m/s                        read
 *      135   4,8  photos; video time                                               read
 *      147  16x2  lengths of up to 4 pictures, of their 4 small versions           measured
 *      179  32x2  longitudes, latitudes where they were taken, radians             measured
 *      243     8  analysis offset                                                  read
 *      251    16  digest of the account: 16 hex characters, or zero                measured
 *   v <= 5 (measured on v4)                    v >= 6 (measured on v7, v8, v14)
 *      267    10  aircraft serial               267   4  take-off altitude, unit unsure
 *      277     1  product type                  271   1  product type
 *      278    24  aircraft name                 272   8  activation time
 *      302    16  two times                     280  32  aircraft name
 *      318 10x3   camera, controller, battery   312 16x4 aircraft, camera, controller, battery serial
 *      348     1  app platform                  376   1  app platform
 *      349     3  app version                   377   3  app version
 *                                               400  36  UUID as text, v14, or empty */
#include "flightlog/dji_txt_details.h"

#include <math.h>

#include "base/timestamp.h"
#include "fact/fact.h"
#include "flightlog/dji_product.h"
#include "flightlog/flight_path.h"
#include "flightlog/flight_years.h"

enum { UUID_LENGTH = 36, UUID_OFFSET = 400, DIGEST_LENGTH = 16, CLOSING_NUMBER = 12345 };

#define DURATION_S_MAX (7 * 86400.0)

void dji_txt_details_init(struct dji_txt_details *d)
{
    *d = (struct dji_txt_details){
        .needs_upload = FACT_UNKNOWN_INT, .line_count = FACT_UNKNOWN_INT, .start_utc_ns = FACT_UNKNOWN_INT,
        .unbelievable_ns = FACT_UNKNOWN_INT,
        .photos = FACT_UNKNOWN_INT, .longitude_deg = NAN, .latitude_deg = NAN, .distance_m = NAN,
        .duration_s = NAN, .height_max_m = NAN, .speed_max_m_s = NAN,
    };
    for (int i = 0; i < DJI_TXT_PICTURES; i++)
        d->picture_longitude_deg[i] = d->picture_latitude_deg[i] = NAN;
}

int64_t dji_time_from_ms(int64_t utc_ms, int64_t *unbelievable_ns)
{
    int64_t utc_ns;

    if (utc_ms <= 0 || __builtin_mul_overflow(utc_ms, NS_PER_S / 1000, &utc_ns))
        return FACT_UNKNOWN_INT;
    if (flight_years_hold(utc_ns))
        return utc_ns;
    *unbelievable_ns = utc_ns;
    return FACT_UNKNOWN_INT;
}

bool dji_serial_is_known(struct text serial)
{
    bool says_something = false;

    for (size_t i = 0; i < serial.len; i++) {
        if (serial.at[i] < 0x20 || serial.at[i] > 0x7e)
            return false;
        says_something |= serial.at[i] != '0' && serial.at[i] != ' ';
    }
    return says_something;
}

struct text dji_battery_serial_unpack(struct text serial, char *into)
{
    size_t len = 0;

    for (size_t i = serial.len; i-- > 0;) {
        const unsigned digit = (unsigned char)serial.at[i] & 15;
        if (digit > 9)
            return TEXT_UNKNOWN;
        if (len > 0 || digit > 0)
            into[len++] = (char)('0' + digit);
    }
    return len > 0 ? (struct text){ into, len } : TEXT_UNKNOWN;
}

static double within(double value, double min, double max)
{
    return value >= min && value <= max ? value : NAN;
}

static struct text padded(struct cursor *c, size_t width)
{
    return text_of_padded(cursor_take(c, width));
}

static struct text place(struct cursor *c)
{
    const struct text t = padded(c, 20);
    return text_equal(t, TEXT("Map Loading")) ? TEXT_UNKNOWN : t;
}

static void place_in_degrees(double *longitude, double *latitude)
{
    if (!flight_path_accepts(NULL, *longitude, *latitude))
        *longitude = *latitude = NAN;
}

static void read_pictures(struct cursor *c, struct dji_txt_details *d)
{
    for (int i = 0; i < 2 * DJI_TXT_PICTURES; i++)
        d->picture_bytes[i] = cursor_u32le(c);
    for (int i = 0; i < DJI_TXT_PICTURES; i++)
        d->picture_longitude_deg[i] = cursor_f64le(c) * (180 / M_PI);
    for (int i = 0; i < DJI_TXT_PICTURES; i++)
        d->picture_latitude_deg[i] = cursor_f64le(c) * (180 / M_PI);
    for (int i = 0; i < DJI_TXT_PICTURES; i++)
        place_in_degrees(&d->picture_longitude_deg[i], &d->picture_latitude_deg[i]);
}

static struct text hexadecimal(struct bytes field)
{
    for (size_t i = 0; i < field.len; i++)
        if (!strchr("0123456789abcdefABCDEF", field.at[i]) || field.at[i] == 0)
            return TEXT_UNKNOWN;
    return field.len > 0 ? text_of_bytes(field) : TEXT_UNKNOWN;
}

static void read_app(struct cursor *c, struct dji_txt_details *d)
{
    d->platform = cursor_u8(c);
    for (int i = 0; i < 3; i++)
        d->app_version[i] = cursor_u8(c);
    d->has_app_version = !c->failed && (d->app_version[0] | d->app_version[1] | d->app_version[2]) != 0;
}

static void read_identity_before_6(struct cursor *c, struct dji_txt_details *d)
{
    d->aircraft_serial = padded(c, 10);
    d->product_type = cursor_u8(c);
    d->aircraft_name = padded(c, 24);
    cursor_skip(c, 16);
    d->camera_serial = padded(c, 10);
    d->controller_serial = padded(c, 10);
    d->battery_serial = padded(c, 10);
    read_app(c, d);
}

static void read_identity(struct cursor *c, struct dji_txt_details *d)
{
    cursor_skip(c, 4);
    d->product_type = cursor_u8(c);
    cursor_skip(c, 8);
    d->aircraft_name = padded(c, 32);
    d->aircraft_serial = padded(c, 16);
    d->camera_serial = padded(c, 16);
    d->controller_serial = padded(c, 16);
    d->battery_serial = padded(c, 16);
    read_app(c, d);

    const struct bytes uuid = bytes_part(d->at, UUID_OFFSET, UUID_LENGTH);
    if (uuid.len == UUID_LENGTH && uuid.at[8] == '-' && uuid.at[13] == '-')
        d->uuid = text_of_padded(uuid);
}

/* What the bytes do not reach came out as zero: unknown, when zero could be a value. */
static void forget_if_cut(const struct cursor *c, int64_t *value)
{
    if (c->failed)
        *value = FACT_UNKNOWN_INT;
}

bool dji_txt_details_read(struct bytes at, uint8_t version, struct dji_txt_details *ret)
{
    struct dji_txt_details d;
    struct cursor c = cursor_over(at);

    dji_txt_details_init(&d);
    d.at = at;
    for (int i = 0; i < DJI_TXT_PLACES; i++)
        d.places[i] = place(&c);
    cursor_skip(&c, 2);
    d.needs_upload = cursor_u8(&c);
    forget_if_cut(&c, &d.needs_upload);
    if (d.needs_upload > 1)
        d.needs_upload = FACT_UNKNOWN_INT;
    d.line_count = cursor_i32le(&c);
    forget_if_cut(&c, &d.line_count);
    if (d.line_count < 0)
        d.line_count = FACT_UNKNOWN_INT;
    const bool closed = cursor_u32le(&c) == CLOSING_NUMBER;
    d.start_utc_ns = dji_time_from_ms(cursor_i64le(&c), &d.unbelievable_ns);
    d.longitude_deg = cursor_f64le(&c);
    d.latitude_deg = cursor_f64le(&c);
    const bool on_the_globe = !c.failed && fabs(d.longitude_deg) <= 180 && fabs(d.latitude_deg) <= 90;
    place_in_degrees(&d.longitude_deg, &d.latitude_deg);
    d.distance_m = version < 13 ? within(cursor_f32le(&c), 0, 1e6) : (cursor_skip(&c, 4), (double)NAN);
    d.duration_s = within(cursor_i32le(&c) / 1000.0, 0, DURATION_S_MAX);
    if (c.failed)
        d.duration_s = NAN;
    const bool believable = closed ||
        (on_the_globe && fact_known_int(d.start_utc_ns) && fact_known_real(d.duration_s));

    d.height_max_m = within(cursor_f32le(&c), -1000, 20000);
    d.speed_max_m_s = within(cursor_f32le(&c), 0, 200);
    cursor_skip(&c, 4);
    d.photos = cursor_i32le(&c);
    if (c.failed)
        d.height_max_m = d.speed_max_m_s = NAN;
    forget_if_cut(&c, &d.photos);
    if (d.photos < 0)
        d.photos = FACT_UNKNOWN_INT;
    cursor_skip(&c, 8);
    read_pictures(&c, &d);
    cursor_skip(&c, 8);
    d.account_digest = hexadecimal(cursor_take(&c, DIGEST_LENGTH));
    if (version < 6)
        read_identity_before_6(&c, &d);
    else
        read_identity(&c, &d);
    *ret = d;
    return believable;
}
