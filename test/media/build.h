#ifndef LEASH_TEST_MEDIA_BUILD_H
#define LEASH_TEST_MEDIA_BUILD_H

#include "support/support.h"

#include "base/buffer.h"

/* Makes inputs for the photo tests: JPEG segments and TIFF blocks, well-formed unless a
 * test spoils them afterwards. */

void jpeg_segment(struct buffer *b, uint8_t marker, const void *body, size_t len);
/* A segment of `signature`, its NUL included, and `body`. */
void jpeg_app(struct buffer *b, uint8_t marker, const char *signature, const void *body, size_t len);
void jpeg_xmp(struct buffer *b, const char *packet);
/* A frame, a scan with stuffed FF 00 and a restart marker, and the end of the image. */
void jpeg_picture(struct buffer *b);
/* FF D8, tables, picture: 60-odd bytes that are a whole JPEG. */
void jpeg_small(struct buffer *b);

struct tiff_value {
    uint16_t tag, type;
    uint32_t count;
    const char *bytes;      /* for ASCII, BYTE and UNDEFINED */
    uint32_t numbers[8];    /* for SHORT, LONG and RATIONAL (two each) */
};

struct tiff_input {
    bool big_endian;
    const struct tiff_value *ifd0, *exif, *gps, *sub; /* ended by tag 0; NULL for none */
    uint32_t next;          /* IFD0's link */
};

#define TIFF_TEXT(tag_, text_) { (tag_), 2, sizeof(text_), (text_), { 0 } }
#define TIFF_BYTES(tag_, type_, text_) { (tag_), (type_), sizeof(text_) - 1, (text_), { 0 } }
#define TIFF_RATIONALS(tag_, count_, ...) { (tag_), 5, (count_), NULL, { __VA_ARGS__ } }
#define TIFF_NUMBER(tag_, type_, value_) { (tag_), (type_), 1, NULL, { (value_) } }
#define TIFF_END { 0, 0, 0, NULL, { 0 } }

void tiff_build(struct buffer *b, const struct tiff_input *input);
/* The same as an APP1 segment. */
void jpeg_exif(struct buffer *b, const struct tiff_input *input);

/* 52 deg 5' 24.36" N, 5 deg 7' 12.84" W, 34.5 m. */
extern const struct tiff_value example_gps[];
#define EXAMPLE_LATITUDE (52 + 5 / 60.0 + 24.36 / 3600)
#define EXAMPLE_LONGITUDE (-(5 + 7 / 60.0 + 12.84 / 3600))

/* Reads an exact-size copy; done with photo_result_done. */
struct photo_result {
    enum parse_status status;
    struct kept_facts facts;
    struct reading reading;
    struct { char name[64]; size_t offset, length; } members[16];
    size_t member_count;
    const uint8_t *begin;
    struct bytes copy;
};

void photo_result_init(struct photo_result *x, enum parse_status (*read)(struct reading *, struct bytes),
                       struct bytes in);
void photo_result_done(struct photo_result *x);
const struct fact_media *photo_media(const struct photo_result *x);
/* The first identifier of the kind and value, or NULL. */
const struct fact_identifier *photo_identifier(const struct photo_result *x, const char *kind, const char *value);
/* The first damage row whose statement has `part` in it, or NULL. */
const struct fact_damage *photo_damage(const struct photo_result *x, const char *part);
bool photo_has_serial(const struct photo_result *x, const char *serial);

/* Every cut and some thousand bit flips of `in`: no crash, and a cut is never OK when
 * `cut_is_never_ok`. */
void sweep(enum parse_status (*read)(struct reading *, struct bytes), struct bytes in, bool cut_is_never_ok);

#endif
