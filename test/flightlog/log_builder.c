#include "flightlog/log_builder.h"

#include <math.h>
#include <openssl/evp.h>
#include <string.h>

#include "support/support.h"

void put_u16(struct buffer *b, uint16_t value)
{
    for (int i = 0; i < 2; i++)
        buffer_add_u8(b, (uint8_t)(value >> 8 * i));
}

void put_u32(struct buffer *b, uint32_t value)
{
    put_u16(b, (uint16_t)value);
    put_u16(b, (uint16_t)(value >> 16));
}

void put_u64(struct buffer *b, uint64_t value)
{
    put_u32(b, (uint32_t)value);
    put_u32(b, (uint32_t)(value >> 32));
}

void put_f32(struct buffer *b, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(b, bits);
}

void put_f64(struct buffer *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u64(b, bits);
}

void put_text(struct buffer *b, const char *text, size_t width)
{
    for (size_t i = 0, ended = 0; i < width; i++) {
        ended |= text[ended ? 0 : i] == 0 || ended;
        buffer_add_u8(b, ended ? 0 : (uint8_t)text[i]);
    }
}

static void zeros(struct buffer *b, size_t n)
{
    while (n-- > 0)
        buffer_add_u8(b, 0);
}

void txt_builder_init(struct txt_builder *t, unsigned version)
{
    *t = (struct txt_builder){ .version = version, .noise = 7, .aircraft_serial = "0TEST00001",
                               .battery_serial = "0000000000",
                               .product = 24, .longitude_deg = -5.25, .latitude_deg = 45.5, .start_ms = TXT_START_MS,
                               .line_count = -1 };
    buffer_init(&t->records, 1 << 24);
}

void txt_builder_done(struct txt_builder *t)
{
    buffer_done(&t->records);
}

static uint8_t noise(struct txt_builder *t)
{
    t->noise = t->noise * 1664525 + 1013904223;
    return (uint8_t)(t->noise >> 24);
}

/* Bit by bit, as the definition says. */
static void key_of(uint8_t seed, uint8_t type, uint8_t key[8])
{
    const uint64_t product = UINT64_C(0x123456789ABCDEF0) * seed;
    uint64_t crc = (uint8_t)(seed + type);

    for (int bit = 0; bit < 64; bit++) {
        const uint64_t in = product >> bit & 1;
        crc = (crc & 1) ^ in ? crc >> 1 ^ UINT64_C(0x95AC9329AC4BC9B5) : crc >> 1;
    }
    for (int i = 0; i < 8; i++)
        key[i] = (uint8_t)(crc >> 8 * i);
}

static void mask(struct txt_builder *t, struct buffer *b, uint8_t type, const uint8_t *content, size_t len)
{
    const uint8_t seed = noise(t);
    uint8_t key[8];

    key_of(seed, type, key);
    buffer_add_u8(b, seed);
    for (size_t i = 0; i < len; i++)
        buffer_add_u8(b, content[i] ^ key[i % 8]);
    buffer_add_u8(b, noise(t));
}

/* Feature points of the record types that the tests seal; 0: stays open. */
static unsigned feature_of(unsigned version, uint8_t type)
{
    switch (type) {
    case 1: case 2: case 13: case 14: case 40:
        return 1;
    case 3:
        return version == 13 ? 1 : 10;
    case 5:
        return 7;
    case 11:
        return version == 13 ? 1 : 11;
    default:
        return 0;
    }
}

static void made_up_key(unsigned seed, unsigned chain, unsigned feature, uint8_t key[32], uint8_t iv[16])
{
    for (unsigned i = 0; i < 32; i++)
        key[i] = (uint8_t)(seed * 101 + chain * 37 + feature * 11 + i);
    for (unsigned i = 0; i < 16; i++)
        iv[i] = (uint8_t)(seed * 53 + chain * 29 + feature * 7 + 3 * i);
}

/* AES-256-CBC with PKCS #7 padding; goes on from the last block of the feature before. */
static size_t seal(struct txt_builder *t, unsigned feature, const void *content, size_t len, uint8_t into[512])
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint8_t key[32], iv[16];
    int n = 0, rest = 0;

    made_up_key(0, t->chain, feature, key, iv);
    if (t->has_last_block[feature])
        memcpy(iv, t->last_block[feature], 16);
    assert_true(len + 16 <= 512);
    assert_int_equal(EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv), 1);
    assert_int_equal(EVP_EncryptUpdate(context, into, &n, content, (int)len), 1);
    assert_int_equal(EVP_EncryptFinal_ex(context, into + n, &rest), 1);
    EVP_CIPHER_CTX_free(context);
    memcpy(t->last_block[feature], into + n + rest - 16, 16);
    t->has_last_block[feature] = true;
    return (size_t)(n + rest);
}

void txt_change_keys(struct txt_builder *t)
{
    txt_record(t, 50, "new keys", 8);
    t->chain++;
    memset(t->has_last_block, 0, sizeof t->has_last_block);
}

static void put_base64(struct buffer *b, const uint8_t *at, int len)
{
    uint8_t text[64];

    buffer_add(b, text, (size_t)EVP_EncodeBlock(text, at, len));
}

struct buffer txt_keychains(unsigned chains, unsigned seed)
{
    static const char *const names[16] = { [1] = "Base_1", [7] = "DJIFlyCustom_7", [10] = "Gimbal_10", [11] = "RC_11" };
    struct buffer b;

    buffer_init(&b, 1 << 20);
    buffer_printf(&b, "{\"result\":{\"code\":0,\"msg\":\"success\"},\"data\":[");
    for (unsigned chain = 0; chain < chains; chain++) {
        const char *comma = "";
        buffer_printf(&b, "%s[", chain ? "," : "");
        for (unsigned feature = 1; feature < 16; feature++) {
            uint8_t key[32], iv[16];
            if (!names[feature])
                continue;
            made_up_key(seed, chain, feature, key, iv);
            buffer_printf(&b, "%s{\"featurePoint\":\"FR_Standardization_Feature_%s\",\"aesKey\":\"", comma,
                          names[feature]);
            put_base64(&b, key, 32);
            buffer_printf(&b, "\",\"aesIv\":\"");
            put_base64(&b, iv, 16);
            buffer_printf(&b, "\"}");
            comma = ",";
        }
        buffer_printf(&b, "]");
    }
    buffer_printf(&b, "]}");
    return b;
}

void txt_record(struct txt_builder *t, uint8_t type, const void *content, size_t len)
{
    uint8_t sealed[512];
    const unsigned feature = t->sealed ? feature_of(t->version, type) : 0;

    if (feature) {
        len = seal(t, feature, content, len, sealed);
        content = sealed;
    }

    const size_t body = t->version >= 7 ? len + 2 : len;
    buffer_add_u8(&t->records, type);
    if (t->version >= 13)
        put_u16(&t->records, (uint16_t)body);
    else
        buffer_add_u8(&t->records, (uint8_t)body);
    if (t->version >= 7)
        mask(t, &t->records, type, content, len);
    else
        buffer_add(&t->records, content, len);
    buffer_add_u8(&t->records, 0xff);
}

static void record_of(struct txt_builder *t, uint8_t type, struct buffer *content)
{
    txt_record(t, type, content->at, content->len);
    buffer_done(content);
}

void txt_osd(struct txt_builder *t, double longitude_deg, double latitude_deg, double height_m, unsigned flight_time_ds)
{
    struct buffer b;

    buffer_init(&b, 256);
    put_f64(&b, longitude_deg * M_PI / 180);
    put_f64(&b, latitude_deg * M_PI / 180);
    put_u16(&b, (uint16_t)(int16_t)lround(height_m * 10));
    zeros(&b, 24);
    put_u16(&b, (uint16_t)flight_time_ds);
    zeros(&b, 6);
    record_of(t, 1, &b);
}

void txt_home(struct txt_builder *t, double longitude_deg, double latitude_deg)
{
    struct buffer b;

    buffer_init(&b, 256);
    put_f64(&b, longitude_deg * M_PI / 180);
    put_f64(&b, latitude_deg * M_PI / 180);
    put_f32(&b, 0);
    buffer_add_u8(&b, 7);
    zeros(&b, 13);
    record_of(t, 2, &b);
}

void txt_custom(struct txt_builder *t, int64_t utc_ms)
{
    struct buffer b;

    buffer_init(&b, 256);
    zeros(&b, 10);
    put_u64(&b, (uint64_t)utc_ms);
    record_of(t, 5, &b);
}

void txt_app_gps(struct txt_builder *t, double longitude_deg, double latitude_deg)
{
    struct buffer b;

    buffer_init(&b, 256);
    put_f64(&b, latitude_deg);
    put_f64(&b, longitude_deg);
    put_f32(&b, 9);
    record_of(t, 14, &b);
}

void txt_rc_gps(struct txt_builder *t, double longitude_deg, double latitude_deg)
{
    struct buffer b;

    buffer_init(&b, 256);
    zeros(&b, 7);
    put_u32(&b, (uint32_t)(int32_t)lround(latitude_deg * 1e7));
    put_u32(&b, (uint32_t)(int32_t)lround(longitude_deg * 1e7));
    zeros(&b, 15);
    record_of(t, 11, &b);
}

void txt_recover(struct txt_builder *t, size_t width, const char *aircraft, const char *camera)
{
    struct buffer b;

    buffer_init(&b, 256);
    buffer_add_u8(&b, (uint8_t)t->product);
    zeros(&b, 4);
    put_text(&b, aircraft, width);
    put_text(&b, "Recovered name", 32);
    zeros(&b, 8);
    put_text(&b, camera, width);
    put_text(&b, "", width);
    put_text(&b, "0000000000", width);
    record_of(t, 13, &b);
}

void txt_encrypted(struct txt_builder *t, uint8_t type, size_t blocks)
{
    struct buffer b;

    buffer_init(&b, 65536);
    for (size_t i = 0; i < 16 * blocks; i++)
        buffer_add_u8(&b, noise(t));
    record_of(t, type, &b);
}

void txt_moments(struct txt_builder *t, int n)
{
    for (int i = 0; i < n; i++) {
        txt_osd(t, t->longitude_deg, t->latitude_deg + 0.0001 * i, 10 + i, 600 + (unsigned)i);
        txt_record(t, 3, "gimbalgimbal", 12);
        txt_custom(t, t->start_ms + 100 * i);
        if (t->version >= 7)
            txt_record(t, 17, "", 0);
    }
}

static struct buffer details(struct txt_builder *t, uint32_t lines)
{
    struct buffer b;

    buffer_init(&b, 1024);
    put_text(&b, "Map Loading", 20);
    put_text(&b, "Made-up Road", 20);
    put_text(&b, "", 20);
    put_text(&b, "Nowhere", 20);
    buffer_add_u8(&b, 2);
    buffer_add_u8(&b, 1);
    buffer_add_u8(&b, 1);
    put_u32(&b, lines);
    put_u32(&b, 12345);
    put_u64(&b, (uint64_t)t->start_ms);
    put_f64(&b, t->longitude_deg);
    put_f64(&b, t->latitude_deg);
    put_f32(&b, 123);
    put_u32(&b, 60000);
    put_f32(&b, 50);
    put_f32(&b, 8);
    put_f32(&b, 2);
    put_u32(&b, 1);
    put_u64(&b, 0);
    for (int i = 0; i < 8; i++)
        put_u32(&b, (uint32_t)t->pictures[i].len);
    for (int i = 0; i < 8; i++)
        put_f64(&b, (i % 4 != 0 || t->pictures[0].len == 0) ? 0
                    : (i < 4 ? t->longitude_deg : t->latitude_deg) * M_PI / 180);
    put_u64(&b, 0);
    put_text(&b, "00c0ffee00c0ffee", 16);
    if (t->version < 6) {
        put_text(&b, t->aircraft_serial, 10);
        buffer_add_u8(&b, (uint8_t)t->product);
        put_text(&b, "Test aircraft", 24);
        zeros(&b, 16);
        put_text(&b, "0CAMERA001", 10);
        put_text(&b, "0REMOTE001", 10);
        put_text(&b, t->battery_serial, 10);
    } else {
        put_f32(&b, 0);
        buffer_add_u8(&b, (uint8_t)t->product);
        put_u64(&b, 0);
        put_text(&b, "Test aircraft", 32);
        put_text(&b, t->aircraft_serial, 16);
        put_text(&b, "0CAMERA001", 16);
        put_text(&b, "0REMOTE001", 16);
        put_text(&b, t->battery_serial, 16);
    }
    buffer_add(&b, "\x02\x02\x09\x01", 4);
    zeros(&b, 400 - b.len);
    if (t->version >= 12)
        put_text(&b, "00000000-1111-2222-3333-444444444444", 36);
    return b;
}

static void prefix(struct buffer *b, const struct txt_builder *t, uint64_t offset, size_t details_length)
{
    put_u64(b, offset);
    put_u16(b, (uint16_t)details_length);
    buffer_add_u8(b, (uint8_t)t->version);
    buffer_add_u8(b, 0);
    if (t->version >= 6)
        zeros(b, 88);
}

struct buffer txt_file(struct txt_builder *t)
{
    struct buffer out, block, d = details(t, (uint32_t)t->line_count);
    size_t pictures = 0;

    for (int i = 0; i < 8; i++)
        pictures += t->pictures[i].len;
    buffer_init(&out, 1 << 24);
    buffer_init(&block, 4096);
    if (t->version < 12) {
        const size_t from = t->version < 6 ? 12 : 100;
        prefix(&out, t, t->unclosed ? 0 : from + t->records.len + pictures, d.len);
        buffer_add(&out, t->records.at, t->records.len);
    } else if (t->version == 12) {
        prefix(&out, t, 0, d.len);
        buffer_add(&out, d.at, d.len);
        buffer_add(&out, t->records.at, t->records.len);
    } else {
        buffer_add_u8(&block, 0);
        put_u16(&block, (uint16_t)d.len);
        buffer_add(&block, d.at, d.len);
        put_u16(&block, 256);
        zeros(&block, 256);
        prefix(&out, t, t->unclosed ? 0 : 100 + 3 + block.len + 2 + 7, d.len);
        buffer_add_u8(&out, 0);
        put_u16(&out, (uint16_t)(block.len + 2));
        mask(t, &out, 0, block.at, block.len);
        buffer_add(&out, "\x01\x04\x00\x04\x00\x03\x00", 7);
        buffer_add(&out, t->records.at, t->records.len);
        put_u32(&out, 12345);
    }
    if (!t->unclosed)
        for (int i = 0; i < 8; i++)
            buffer_add(&out, t->pictures[i].at, t->pictures[i].len);
    if (t->version < 12 && !t->unclosed)
        buffer_add(&out, d.at, d.len);
    buffer_done(&d);
    buffer_done(&block);
    return out;
}

void dat_header(struct buffer *b, const char *serial, bool v3)
{
    zeros(b, 16);
    put_text(b, "BUILD Jan  1 2020 00:00:00", 42);
    for (size_t i = 0; i < 16; i++)
        buffer_add_u8(b, (uint8_t)(serial[i < strlen(serial) ? i : strlen(serial)] ^ 0x55));
    zeros(b, (v3 ? 242 : 128) - b->len);
    if (v3) {
        buffer_add(b, "DJI_LOG_V3", 10);
        zeros(b, 4);
    }
}

static uint32_t crc_of(const uint8_t *at, size_t len, uint32_t start, uint32_t polynomial)
{
    uint32_t crc = start;

    for (size_t i = 0; i < len; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
    }
    return crc;
}

void dat_record(struct buffer *b, uint16_t type, uint32_t tick, const void *payload, size_t len)
{
    const size_t from = b->len;

    buffer_add_u8(b, 0x55);
    put_u16(b, (uint16_t)(len + 12));
    buffer_add_u8(b, (uint8_t)crc_of(b->at + from, 3, 0x77, 0x8c));
    put_u16(b, type);
    put_u32(b, tick);
    for (size_t i = 0; i < len; i++)
        buffer_add_u8(b, ((const uint8_t *)payload)[i] ^ (uint8_t)tick);
    put_u16(b, (uint16_t)crc_of(b->at + from, len + 10, 0x3692, 0x8408));
}

void dat_fix(struct buffer *b, uint32_t tick, uint32_t date, uint32_t time, double longitude_deg, double latitude_deg,
             double altitude_m)
{
    struct buffer p;

    buffer_init(&p, 256);
    put_u32(&p, date);
    put_u32(&p, time);
    put_u32(&p, (uint32_t)(int32_t)lround(longitude_deg * 1e7));
    put_u32(&p, (uint32_t)(int32_t)lround(latitude_deg * 1e7));
    put_u32(&p, (uint32_t)(int32_t)lround(altitude_m * 1000));
    zeros(&p, 50);
    dat_record(b, 2096, tick, p.at, p.len);
    buffer_done(&p);
}
