/* Makes a long log of an autopilot, the same each time: a circle over open sea, with the kinds of
 * records and the rates that such logs have.
 *
 *     autopilot ulog|dataflash|tlog|dat FILE BYTES                                                 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UTC_US UINT64_C(1715679000000000) /* 2024-05-14T09:30:00Z */
#define LATITUDE 45.5
#define LONGITUDE -5.25

static FILE *out;
static uint64_t written;
static uint64_t noise = 88172645463325252;

static void put(const void *at, size_t len)
{
    if (fwrite(at, 1, len, out) != len) {
        perror("autopilot");
        exit(1);
    }
    written += len;
}

static size_t le(uint8_t *at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> 8 * i);
    return width;
}

static void fill(uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        at[i] = (uint8_t)(noise | 1);
    }
}

static double latitude(uint64_t at_us) { return LATITUDE + 0.01 * sin((double)at_us / 6e7); }
static double longitude(uint64_t at_us) { return LONGITUDE + 0.01 * cos((double)at_us / 6e7); }
static uint64_t e7(double degrees) { return (uint64_t)(int64_t)lrint(degrees * 1e7); }
static uint64_t bits(double value)
{
    uint64_t b;

    memcpy(&b, &value, sizeof b);
    return b;
}

/* ULog */

static void ulog_record(char type, const void *content, size_t len)
{
    const uint8_t head[3] = { (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)type };

    put(head, 3);
    put(content, len);
}

static void ulog_data(unsigned id, uint64_t at_us, size_t len)
{
    uint8_t content[512];

    le(content, id, 2);
    fill(content + 2, len);
    le(content + 2, at_us, 8);
    ulog_record('D', content, 2 + len);
}

static void ulog_fix(unsigned id, uint64_t at_us)
{
    uint8_t content[2 + 45];
    size_t n = le(content, id, 2);

    n += le(content + n, at_us, 8);
    n += le(content + n, UTC_US + at_us, 8);
    n += le(content + n, bits(latitude(at_us)), 8);
    n += le(content + n, bits(longitude(at_us)), 8);
    n += le(content + n, bits(100), 8);
    n += le(content + n, 0, 4);
    n += le(content + n, 3, 1);
    ulog_record('D', content, n);
}

static void ulog(uint64_t limit)
{
    static const struct { const char *format; const char *name; size_t len; unsigned every; } topics[] = {
        { "vehicle_gps_position:uint64_t timestamp;uint64_t time_utc_usec;double latitude_deg;double longitude_deg;double altitude_msl_m;"
          "int32_t timestamp_time_relative;uint8_t fix_type;uint8_t[3] _padding0;", "vehicle_gps_position", 0, 25 },
        { "sensor_combined:uint64_t timestamp;float[9] value;", "sensor_combined", 44, 1 },
        { "vehicle_attitude:uint64_t timestamp;float[10] value;", "vehicle_attitude", 48, 1 },
        { "actuator_outputs:uint64_t timestamp;float[17] value;", "actuator_outputs", 76, 1 },
        { "vehicle_local_position_setpoint:uint64_t timestamp;float[20] value;", "vehicle_local_position_setpoint", 88, 5 },
        { "estimator_states:uint64_t timestamp;float[50] value;", "estimator_states", 208, 25 },
    };
    uint8_t header[16] = "ULog\x01\x12\x35\x01", subscription[64];
    enum { TOPICS = sizeof topics / sizeof *topics };

    put(header, sizeof header);
    for (unsigned i = 0; i < TOPICS; i++)
        ulog_record('F', topics[i].format, strlen(topics[i].format));
    for (unsigned i = 0; i < TOPICS; i++) {
        subscription[0] = 0;
        le(subscription + 1, i, 2);
        memcpy(subscription + 3, topics[i].name, strlen(topics[i].name));
        ulog_record('A', subscription, 3 + strlen(topics[i].name));
    }
    for (uint64_t step = 0; written < limit; step++)
        for (unsigned i = 0; i < TOPICS; i++) {
            if (step % topics[i].every)
                continue;
            if (topics[i].len)
                ulog_data(i, step * 4000, topics[i].len);
            else
                ulog_fix(i, step * 4000);
        }
}

/* DataFlash */

static void dataflash_fmt(unsigned type, unsigned bytes, const char *name, const char *letters, const char *columns)
{
    char record[89] = { (char)0xa3, (char)0x95, (char)0x80, (char)type, (char)bytes };

    memcpy(record + 5, name, strlen(name));
    memcpy(record + 9, letters, strlen(letters));
    memcpy(record + 25, columns, strlen(columns));
    put(record, sizeof record);
}

static void dataflash_record(unsigned type, uint64_t at_us, size_t bytes)
{
    uint8_t record[256] = { 0xa3, 0x95, (uint8_t)type };

    fill(record + 3, bytes - 3);
    le(record + 3, at_us, 8);
    if (type == 130 || type == 131) {
        const size_t at = type == 130 ? 22 : 11;
        if (type == 130) {
            record[11] = 3;
            le(record + 12, 207018000 + at_us / 1000, 4);
            le(record + 16, 2314, 2);
        }
        le(record + at, e7(latitude(at_us)), 4);
        le(record + at + 4, e7(longitude(at_us)), 4);
        le(record + at + 8, 10000, 4);
    }
    put(record, bytes);
}

static void dataflash(uint64_t limit)
{
    static const struct { unsigned type, bytes; const char *name, *letters, *columns; unsigned every; } kinds[] = {
        { 130, 34, "GPS", "QBIHccLLe", "TimeUS,Status,GMS,GWk,HDop,NSats,Lat,Lng,Alt", 80 },
        { 131, 31, "POS", "QLLeff", "TimeUS,Lat,Lng,Alt,RelHomeAlt,RelOriginAlt", 40 },
        { 132, 35, "IMU", "Qffffff", "TimeUS,GyrX,GyrY,GyrZ,AccX,AccY,AccZ", 1 },
        { 133, 27, "ATT", "QccccCCCC", "TimeUS,DesRoll,Roll,DesPitch,Pitch,DesYaw,Yaw,ErrRP,ErrYaw", 4 },
        { 134, 59, "RATE", "Qffffffffffff", "TimeUS,RDes,R,ROut,PDes,P,POut,YDes,Y,YOut,ADes,A,AOut", 4 },
        { 135, 57, "XKF1", "QccCfffffffcccce", "TimeUS,Roll,Pitch,Yaw,VN,VE,VD,dPD,PN,PE,PD,GX,GY,GZ,OH,X", 16 },
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };

    dataflash_fmt(128, 89, "FMT", "BBnNZ", "Type,Length,Name,Format,Columns");
    for (unsigned i = 0; i < KINDS; i++)
        dataflash_fmt(kinds[i].type, kinds[i].bytes, kinds[i].name, kinds[i].letters, kinds[i].columns);
    for (uint64_t step = 0; written < limit; step++)
        for (unsigned i = 0; i < KINDS; i++)
            if (step % kinds[i].every == 0)
                dataflash_record(kinds[i].type, step * 2500, kinds[i].bytes);
}

/* Telemetry: ids, lengths and CRC_EXTRA as in src/protocol/mavlink_messages.c */

static uint16_t crc(uint16_t value, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t x = (uint8_t)(at[i] ^ (value & 255));
        x ^= (uint8_t)(x << 4);
        value = (uint16_t)(value >> 8 ^ x << 8 ^ x << 3 ^ x >> 4);
    }
    return value;
}

static void tlog_frame(uint64_t at_us, unsigned id, uint8_t extra, size_t len)
{
    static uint8_t sequence;
    uint8_t record[300];
    uint8_t *const frame = record + 8, *const payload = frame + 10;

    for (int i = 0; i < 8; i++)
        record[i] = (uint8_t)((UTC_US + at_us) >> (56 - 8 * i));
    const uint8_t head[10] = { 0xfd, (uint8_t)len, 0, 0, sequence++, 1, 1, (uint8_t)id, (uint8_t)(id >> 8), 0 };
    memcpy(frame, head, sizeof head);
    fill(payload, len);
    if (id == 33 || id == 24) {
        le(payload + (id == 33 ? 4 : 8), e7(latitude(at_us)), 4);
        le(payload + (id == 33 ? 8 : 12), e7(longitude(at_us)), 4);
    }
    if (id == 0)
        memcpy(payload, "\0\0\0\0\2\3\x51\4\3", 9);
    const uint16_t check = crc(crc(0xffff, frame + 1, 9 + len), &extra, 1);
    le(payload + len, check, 2);
    put(record, 8 + 10 + len + 2);
}

static void tlog(uint64_t limit)
{
    static const struct { unsigned id; uint8_t extra; size_t len; unsigned every; } kinds[] = {
        { 0, 50, 9, 50 }, { 1, 124, 31, 5 }, { 24, 24, 30, 10 }, { 27, 144, 26, 5 }, { 30, 39, 28, 1 }, { 33, 104, 28, 5 }, { 35, 244, 22, 5 },
        { 36, 222, 21, 5 }, { 42, 28, 2, 25 }, { 62, 183, 26, 5 }, { 65, 118, 42, 5 }, { 74, 20, 20, 5 }, { 116, 76, 22, 5 }, { 241, 90, 32, 5 },
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };

    for (uint64_t step = 0; written < limit; step++)
        for (unsigned i = 0; i < KINDS; i++)
            if (step % kinds[i].every == 0)
                tlog_frame(step * 20000 + i * 100, kinds[i].id, kinds[i].extra, kinds[i].len);
}

/* DJI's flight controller log */

static uint16_t dat_crc(uint16_t value, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        value ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            value = (uint16_t)(value >> 1 ^ (value & 1 ? 0x8408 : 0));
    }
    return value;
}

static void dat_record(unsigned type, uint64_t at_us, size_t len)
{
    uint8_t r[256] = { 0x55 }, *payload = r + 10;
    const uint32_t tick = (uint32_t)(at_us * 384 / 100), second = (uint32_t)(at_us / 1000000);
    const double radian = 3.14159265358979323846 / 180;
    uint8_t head = 0x77;

    le(r + 1, len + 12, 2);
    for (int i = 0; i < 3; i++) {
        head ^= r[i];
        for (int bit = 0; bit < 8; bit++)
            head = (uint8_t)(head >> 1 ^ (head & 1 ? 0x8c : 0));
    }
    r[3] = head;
    le(r + 4, type, 2);
    le(r + 6, tick, 4);
    fill(payload, len);
    if (type == 2096) {
        le(payload, 20240514, 4);
        le(payload + 4, 90000 + second / 3600 % 14 * 10000 + second / 60 % 60 * 100 + second % 60, 4);
        le(payload + 8, e7(longitude(at_us)), 4);
        le(payload + 12, e7(latitude(at_us)), 4);
        le(payload + 16, 100000, 4);
    } else if (type == 13) {
        payload[20] = 0; /* no home yet */
    } else if (type == 2048 || type == 2049) {
        le(payload, bits(longitude(at_us) * radian), 8);
        le(payload + 8, bits(latitude(at_us) * radian), 8);
    }
    for (size_t i = 0; i < len; i++)
        payload[i] ^= (uint8_t)tick;
    le(payload + len, dat_crc(0x3692, r, len + 10), 2);
    put(r, len + 12);
}

static void dat(uint64_t limit)
{
    static const struct { unsigned type; size_t len; unsigned every; } kinds[] = {
        { 2048, 120, 20 }, { 2049, 120, 20 }, { 60804, 10, 20 }, { 10090, 156, 22 }, { 13, 83, 30 }, { 16, 4, 40 }, { 1121, 19, 40 },
        { 2096, 76, 40 }, { 2215, 124, 40 }, { 53234, 78, 40 }, { 1307, 17, 46 }, { 65533, 23, 52 }, { 10086, 4, 80 }, { 32768, 60, 80 },
        { 2064, 60, 80 }, { 2065, 60, 80 }, { 1000, 60, 80 }, { 10085, 76, 80 }, { 2211, 128, 80 }, { 61781, 110, 110 },
    };
    uint8_t header[256] = { 0 };

    memcpy(header + 16, "BUILD Jan  1 2024 00:00:00", 26);
    for (int i = 0; i < 16; i++)
        header[0x3a + i] = (uint8_t)("1581BENCHMARK001"[i] ^ 0x55);
    memcpy(header + 242, "DJI_LOG_V3", 10);
    put(header, sizeof header);
    for (uint64_t step = 0; written < limit; step++) /* of 5 ms */
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (step % kinds[i].every == i % kinds[i].every)
                dat_record(kinds[i].type, step * 5000, kinds[i].len);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*make)(uint64_t limit); } forms[] = {
        { "ulog", ulog }, { "dataflash", dataflash }, { "tlog", tlog }, { "dat", dat },
    };

    for (size_t i = 0; argc == 4 && i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(argv[1], forms[i].name) != 0)
            continue;
        out = fopen(argv[2], "wb");
        if (!out) {
            perror(argv[2]);
            return 1;
        }
        forms[i].make(strtoull(argv[3], NULL, 10));
        if (fclose(out) != 0) {
            perror(argv[2]);
            return 1;
        }
        return 0;
    }
    fprintf(stderr, "usage: autopilot ulog|dataflash|tlog|dat FILE BYTES\n");
    return 2;
}
