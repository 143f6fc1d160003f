#include "media/jpeg_kind.h"

/* The signatures are those of the makers' texts and of exiftool/exiftool lib/Image/ExifTool/JPEG.pm. */
static const struct {
    uint8_t marker;
    uint8_t signature_bytes;
    const char *signature;
    enum jpeg_kind kind;
} kinds[] = {
    { 0xe0, 5, "JFIF", JPEG_KIND_PLAIN }, { 0xe0, 5, "JFXX", JPEG_KIND_PLAIN }, { 0xe0, 4, "AVI1", JPEG_KIND_PLAIN },
    { 0xe1, 5, "Exif", JPEG_KIND_EXIF },
    { 0xe1, 29, "http://ns.adobe.com/xap/1.0/", JPEG_KIND_XMP },
    { 0xe1, 35, "http://ns.adobe.com/xmp/extension/", JPEG_KIND_XMP_EXTENSION },
    { 0xe1, 5, "FLIR", JPEG_KIND_FLIR }, { 0xe1, 7, "PARROT", JPEG_KIND_PARROT },
    { 0xe2, 12, "ICC_PROFILE", JPEG_KIND_PLAIN }, { 0xe2, 4, "MPF", JPEG_KIND_MPF },
    { 0xe2, 28, "urn:iso:std:iso:ts:21496:-1", JPEG_KIND_PLAIN }, /* gain map version */
    { 0xe3, 0, "", JPEG_KIND_APP3 },
    { 0xe4, 0, "", JPEG_KIND_APP4 },
    { 0xe6, 6, "GoPro", JPEG_KIND_GOPRO },
    { 0xe7, 8, "DJI-DBG", JPEG_KIND_DJI_DEBUG }, { 0xe7, 8, "PADDING", JPEG_KIND_PADDING },
    { 0xe8, 8, "PADDING", JPEG_KIND_PADDING }, { 0xe8, 6, "SPIFF", JPEG_KIND_PLAIN },
    { 0xec, 5, "Ducky", JPEG_KIND_PLAIN },
    { 0xed, 14, "Photoshop 3.0", JPEG_KIND_PHOTOSHOP }, { 0xed, 8, "Adobe_CM", JPEG_KIND_PLAIN },
    { 0xee, 5, "Adobe", JPEG_KIND_PLAIN },
    { 0xfe, 0, "", JPEG_KIND_COMMENT },
};

static bool is_table(uint8_t marker)
{
    return marker == JPEG_TEM || (marker >= JPEG_SOF0 && marker <= JPEG_EXP && marker != JPEG_JPG);
}

/* Tables, one behind the other: a byte that says which, for DHT 16 counts, then values (ITU-T T.81, B.2.4). */
static bool is_tables(struct bytes body, bool huffman)
{
    struct cursor c = cursor_over(body);

    while (c.rest.len > 0 && !c.failed) {
        const uint8_t which = cursor_u8(&c);
        size_t values = huffman ? 0 : which >> 4 ? 128 : 64;
        for (int i = 0; huffman && i < 16; i++)
            values += cursor_u8(&c);
        cursor_skip(&c, values);
    }
    return !c.failed;
}

/* Whether the body is as long as it may be: what is behind, or in a segment whose marker was hit, may be anything. */
static bool is_table_whole(const struct jpeg_segment *s)
{
    enum { FRAME = 6, SCAN = 4, CONDITIONS_MAX = 64 };
    const struct bytes b = s->body;

    switch (s->marker) {
    case JPEG_DHT: return is_tables(b, true);
    case JPEG_DQT: return is_tables(b, false);
    case JPEG_DAC: return b.len <= CONDITIONS_MAX && b.len % 2 == 0;
    case JPEG_DNL: case JPEG_DRI: return b.len == 2;
    case JPEG_EXP: return b.len == 1;
    case JPEG_SOS: return b.len >= SCAN && b.len == SCAN + (size_t)2 * b.at[0];
    case JPEG_TEM: return b.len == 0;
    default: return b.len >= FRAME && /* frames */ b.len == FRAME + (size_t)3 * b.at[FRAME - 1];
    }
}

/* ICC.1, annex B.4: behind the signature the number of this part and how many there are; the profile begins with its
 * size and has a mark. */
static bool is_profile(struct bytes body)
{
    enum { SIGNATURE = 12, MARK_AT = 36 };
    struct cursor c = cursor_over(bytes_part(body, SIGNATURE, UINT64_MAX));
    const uint8_t number = cursor_u8(&c), count = cursor_u8(&c);
    const struct bytes part = c.rest, size_bytes = bytes_part(part, 0, 4);
    struct cursor size = cursor_over(size_bytes);

    if (c.failed || number == 0 || number > count)
        return false;
    if (number > 1)
        return true;
    const struct bytes behind = bytes_part(part, cursor_u32be(&size), UINT64_MAX);
    return bytes_equal(bytes_part(part, MARK_AT, 4), "acsp", 4) &&
           (count > 1 || behind.len == 0 || (behind.at[0] == 0 &&
                                             memcmp(behind.at, behind.at + 1, behind.len - 1) == 0));
}

/* JFIF 1.02 with its thumbnail; Adobe's and Ducky's few settings (Ducky's may have texts behind them). */
static bool is_plain_whole(const struct jpeg_segment *s)
{
    enum { JFIF_BYTES = 14, ADOBE_BYTES = 12, DUCKY_BYTES = 15 };
    const struct bytes b = s->body;

    if (s->marker == 0xe0 && bytes_start_with(b, "JFIF", 5))
        return b.len >= JFIF_BYTES && b.len == JFIF_BYTES + (size_t)3 * b.at[JFIF_BYTES - 2] * b.at[JFIF_BYTES - 1];
    if (bytes_start_with(b, "ICC_PROFILE", 12))
        return is_profile(b);
    if (s->marker == 0xee)
        return b.len == ADOBE_BYTES;
    return s->marker != 0xec || b.len <= DUCKY_BYTES;
}

enum jpeg_kind jpeg_kind_of(const struct jpeg_segment *segment)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].marker == segment->marker && bytes_start_with(segment->body, kinds[i].signature,
                                                                   kinds[i].signature_bytes))
            return kinds[i].kind != JPEG_KIND_PLAIN || is_plain_whole(segment) ? kinds[i].kind : JPEG_KIND_UNKNOWN;
    return is_table(segment->marker) && is_table_whole(segment) ? JPEG_KIND_PLAIN : JPEG_KIND_UNKNOWN;
}

bool jpeg_is_thermal_frame(uint64_t bytes)
{
    static const uint32_t sensors[][2] = {
        { 640, 512 }, { 1280, 1024 }, { 640, 480 }, { 336, 256 }, { 320, 256 }, { 160, 120 },
    };

    for (size_t i = 0; i < sizeof sensors / sizeof sensors[0]; i++)
        if (bytes == (uint64_t)2 * sensors[i][0] * sensors[i][1])
            return true;
    return false;
}
