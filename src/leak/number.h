#ifndef LEASH_LEAK_NUMBER_H
#define LEASH_LEAK_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a program may store degrees: in a fixed number of bytes, or as a varint (seven bits a
 * byte, least first, the top bit set on all but the last byte: protobuf's encoding guide)
 * of a scaled integer, as it is or in zigzag (0, -1, 1, -2 ... are 0, 1, 2, 3 ...). */
enum number_kind {
    NUMBER_DOUBLE,
    NUMBER_FLOAT,
    NUMBER_DOUBLE_RADIANS,
    NUMBER_FLOAT_RADIANS,
    NUMBER_INT32_1E7,
    NUMBER_INT32_1E6,
    NUMBER_INT32_1E5,
    NUMBER_INT32_RADIANS,   /* round(degrees * 174533), as DJI does: radians * 1e7 */
    NUMBER_INT32_SEMICIRCLE,
    NUMBER_INT64_1E9,
    NUMBER_FIXED_COUNT,
    NUMBER_ZIGZAG_1E5 = NUMBER_FIXED_COUNT,
    NUMBER_ZIGZAG_1E6,
    NUMBER_ZIGZAG_1E7,
    NUMBER_ZIGZAG_1E8,
    NUMBER_ZIGZAG_1E9,
    NUMBER_VARINT_1E5,
    NUMBER_VARINT_1E6,
    NUMBER_VARINT_1E7,
    NUMBER_VARINT_1E8,
    NUMBER_VARINT_1E9,
    NUMBER_KIND_COUNT
};

enum { VARINT_BYTES_MAX = 10 };

struct number_format {
    const char *name;  /* as in leak.decoding, without the byte order */
    uint8_t width;     /* bytes: 4 or 8; 0: a varint */
    bool floating, zigzag;
    double scale;      /* stored value per degree */
};

extern const struct number_format number_formats[NUMBER_KIND_COUNT];

/* The degrees from `low` to `high`, both of one sign and not zero, are the stored
 * values from `lo` to `hi` as unsigned integers; rounded outwards.  False when the
 * range is none of that kind.  Degrees are at most 180. */
bool number_interval(enum number_kind kind, double low_deg, double high_deg, uint64_t *lo, uint64_t *hi);

/* The stored value of an angle, and back.  `raw` has `width` significant bytes; of a varint
 * it is the value that the varint holds. */
uint64_t number_raw(enum number_kind kind, double degrees);
double number_degrees(enum number_kind kind, uint64_t raw);

/* The stored values of both ends of a range differ below so many leading bytes, which
 * only say "small number": 00 or FF.  At most width - 2. */
unsigned number_sign_bytes(enum number_kind kind, uint64_t lo, uint64_t hi);

/* The share of all stored values (of varints: of all bytes as long) that lie from lo to hi. */
double number_share(enum number_kind kind, uint64_t lo, uint64_t hi);

/* The bytes of a varint that say more than "negative": all of a value that is not, and of
 * the ten of a negative value those before the run of ff. */
unsigned number_varint_bytes(uint64_t value);
/* A varint at the start of `at`: its length, or 0 when it is cut off or too long. */
unsigned number_varint_read(const uint8_t *at, size_t len, uint64_t *value);

/* The largest error of a stored angle, in degrees, at `degrees`. */
double number_precision_deg(enum number_kind kind, double degrees);

#endif
