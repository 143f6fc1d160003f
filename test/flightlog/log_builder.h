#ifndef LEASH_TEST_FLIGHTLOG_LOG_BUILDER_H
#define LEASH_TEST_FLIGHTLOG_LOG_BUILDER_H

#include "base/buffer.h"
#include "base/cursor.h"

/* Writes small DJI logs for tests, from the format's tables and without any of the
 * reader's code. */

void put_u16(struct buffer *b, uint16_t value);
void put_u32(struct buffer *b, uint32_t value);
void put_u64(struct buffer *b, uint64_t value);
void put_f32(struct buffer *b, float value);
void put_f64(struct buffer *b, double value);
void put_text(struct buffer *b, const char *text, size_t width);

struct txt_builder {
    unsigned version;
    struct buffer records;
    uint32_t noise;
    const char *aircraft_serial, *battery_serial;
    unsigned product;
    int line_count;
    double longitude_deg, latitude_deg;
    int64_t start_ms;
    struct bytes pictures[8];
    bool unclosed;         /* no details, offset 0 */
    bool sealed;           /* version 13 and later: bodies are encrypted, with made-up keys */
    unsigned chain;        /* of which keychain the keys are: txt_change_keys counts it up */
    uint8_t last_block[16][16];
    bool has_last_block[16];
};

#define TXT_START_MS INT64_C(1700000000000)

void txt_builder_init(struct txt_builder *t, unsigned version);
void txt_builder_done(struct txt_builder *t);

/* One record, masked as its version asks; version 13 and 14 bodies are left plain. */
void txt_record(struct txt_builder *t, uint8_t type, const void *content, size_t len);
void txt_osd(struct txt_builder *t, double longitude_deg, double latitude_deg, double height_m,
             unsigned flight_time_ds);
void txt_home(struct txt_builder *t, double longitude_deg, double latitude_deg);
void txt_custom(struct txt_builder *t, int64_t utc_ms);
void txt_app_gps(struct txt_builder *t, double longitude_deg, double latitude_deg);
void txt_rc_gps(struct txt_builder *t, double longitude_deg, double latitude_deg);
void txt_recover(struct txt_builder *t, size_t width, const char *aircraft, const char *camera);
void txt_encrypted(struct txt_builder *t, uint8_t type, size_t blocks);
/* From here on the bodies are under other keys. */
void txt_change_keys(struct txt_builder *t);
/* The made-up keys of `chains` keychains, as the maker's service would answer; `seed` tells one log's from
 * another's: 0 is what the builder seals with.  The caller frees it with buffer_done. */
struct buffer txt_keychains(unsigned chains, unsigned seed);
/* Frames `n` moments: flight state, clock; each 0.0001 degrees further north. */
void txt_moments(struct txt_builder *t, int n);

/* The whole log; the caller frees it with buffer_done. */
struct buffer txt_file(struct txt_builder *t);

/* A .DAT record; `whole` gets its bytes. */
void dat_header(struct buffer *b, const char *serial, bool v3);
void dat_record(struct buffer *b, uint16_t type, uint32_t tick, const void *payload, size_t len);
void dat_fix(struct buffer *b, uint32_t tick, uint32_t date, uint32_t time, double longitude_deg, double latitude_deg,
             double altitude_m);

/* NaN is near nothing. */
#define assert_near(got, want, epsilon) do { \
        const double got_ = (got), want_ = (want); \
        if (!(got_ - want_ <= (epsilon) && want_ - got_ <= (epsilon))) \
            fail_msg("%.17g is not %.17g", got_, want_); \
    } while (0)

#endif
