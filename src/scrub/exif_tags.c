#include "scrub/exif_tags.h"

static const struct exif_tag tags[] = {
    { 0x010e, IN_PICTURE, DROP, SCRUB_NAME, "ImageDescription" },
    { 0x010d, IN_PICTURE, DROP, SCRUB_NAME, "DocumentName" },
    { 0x011d, IN_PICTURE, DROP, SCRUB_NAME, "PageName" },
    { 0x0132, IN_PICTURE, DROP, SCRUB_TIME, "DateTime" },
    { 0x013b, IN_PICTURE, DROP, SCRUB_NAME, "Artist" },
    { 0x013c, IN_PICTURE, DROP, SCRUB_NAME, "HostComputer" },
    { 0x0151, IN_PICTURE, DROP, SCRUB_NAME, "TargetPrinter" },
    { 0x8298, IN_PICTURE, DROP, SCRUB_NAME, "Copyright" },
    { 0x83bb, IN_PICTURE, DROP, SCRUB_NAME, "IPTC" },
    { 0x8649, IN_PICTURE, DROP, SCRUB_NAME, "Photoshop" },
    { 0x9003, ANYWHERE, DROP, SCRUB_TIME, "DateTimeOriginal" },
    { 0x9004, ANYWHERE, DROP, SCRUB_TIME, "DateTimeDigitized" },
    { 0x9010, ANYWHERE, DROP, SCRUB_TIME, "OffsetTime" },
    { 0x9011, ANYWHERE, DROP, SCRUB_TIME, "OffsetTimeOriginal" },
    { 0x9012, ANYWHERE, DROP, SCRUB_TIME, "OffsetTimeDigitized" },
    { 0x9213, ANYWHERE, DROP, SCRUB_NAME, "ImageHistory" },
    { 0x9286, ANYWHERE, DROP, SCRUB_NAME, "UserComment" },
    { 0x9290, ANYWHERE, DROP, SCRUB_TIME, "SubSecTime" },
    { 0x9291, ANYWHERE, DROP, SCRUB_TIME, "SubSecTimeOriginal" },
    { 0x9292, ANYWHERE, DROP, SCRUB_TIME, "SubSecTimeDigitized" },
    { 0x9c9b, IN_PICTURE, DROP, SCRUB_NAME, "XPTitle" },
    { 0x9c9c, IN_PICTURE, DROP, SCRUB_NAME, "XPComment" },
    { 0x9c9d, IN_PICTURE, DROP, SCRUB_NAME, "XPAuthor" },
    { 0x9c9e, IN_PICTURE, DROP, SCRUB_NAME, "XPKeywords" },
    { 0x9c9f, IN_PICTURE, DROP, SCRUB_NAME, "XPSubject" },
    { 0xa004, ANYWHERE, DROP, SCRUB_NAME, "RelatedSoundFile" },
    { 0xa420, ANYWHERE, DROP, SCRUB_SERIAL, "ImageUniqueID" },
    { 0xa430, ANYWHERE, DROP, SCRUB_NAME, "CameraOwnerName" },
    { 0xa431, ANYWHERE, DROP, SCRUB_SERIAL, "BodySerialNumber" },
    { 0xa435, ANYWHERE, DROP, SCRUB_SERIAL, "LensSerialNumber" },
    { 0xa436, ANYWHERE, DROP, SCRUB_NAME, "ImageTitle" },
    { 0xa437, ANYWHERE, DROP, SCRUB_NAME, "Photographer" },
    { 0xa438, ANYWHERE, DROP, SCRUB_NAME, "ImageEditor" },
    { 0xa480, ANYWHERE, DROP, SCRUB_NAME, "GDALMetadata" },
    { 0xc62f, IN_PICTURE, DROP, SCRUB_SERIAL, "CameraSerialNumber" },
    { 0xc65d, IN_PICTURE, DROP, SCRUB_SERIAL, "RawDataUniqueID" },
    { 0xc68b, IN_PICTURE, DROP, SCRUB_NAME, "OriginalRawFileName" },
    { 0xc68c, IN_PICTURE, DROP, SCRUB_PREVIEW, "OriginalRawFileData" },
    { 0xc71b, IN_PICTURE, DROP, SCRUB_TIME, "PreviewDateTime" },
    { 0xc789, IN_PICTURE, DROP, SCRUB_NAME, "ReelName" },
    { 0xc7a1, IN_PICTURE, DROP, SCRUB_NAME, "CameraLabel" },
    { 0xea1c, ANYWHERE, DROP, SCRUB_NAME, "Padding" }, /* room that Windows leaves for itself: whatever stood there before */
    { 0x830e, IN_PICTURE, DROP, SCRUB_POSITION, "ModelPixelScale" }, /* GeoTIFF */
    { 0x8480, IN_PICTURE, DROP, SCRUB_POSITION, "IntergraphMatrix" },
    { 0x8482, IN_PICTURE, DROP, SCRUB_POSITION, "ModelTiepoint" },
    { 0x85d8, IN_PICTURE, DROP, SCRUB_POSITION, "ModelTransformation" },
    { 0x87af, IN_PICTURE, DROP, SCRUB_POSITION, "GeoKeyDirectory" },
    { 0x87b0, IN_PICTURE, DROP, SCRUB_POSITION, "GeoDoubleParams" },
    { 0x87b1, IN_PICTURE, DROP, SCRUB_POSITION, "GeoAsciiParams" },
    { 0xfde8, ANYWHERE, DROP, SCRUB_NAME, "OwnerName" },
    { 0xfde9, ANYWHERE, DROP, SCRUB_SERIAL, "SerialNumber" },
    { 0x02bc, ANYWHERE, XMP_PACKET, SCRUB_STRUCTURE, "XMP" },
    { 0x927c, ANYWHERE, MAKER_NOTE, SCRUB_NOTE, "MakerNote" },
    { 0xc634, IN_PICTURE, DNG_PRIVATE, SCRUB_UNKNOWN, "DNGPrivateData" },
    { 0x8769, IN_PICTURE, POINTER_EXIF, SCRUB_STRUCTURE, "ExifIFD" },
    { 0x8825, ANYWHERE, POINTER_GPS, SCRUB_POSITION, "GPSInfo" },
    { 0xa005, ANYWHERE, POINTER_INTEROP, SCRUB_STRUCTURE, "InteroperabilityIFD" },
    { 0x014a, IN_PICTURE, POINTER_SUB, SCRUB_STRUCTURE, "SubIFDs" },
    { 0x0111, IN_PICTURE, PICTURE_OFFSET, SCRUB_STRUCTURE, "StripOffsets" },
    { 0x0201, IN_PICTURE, PICTURE_OFFSET, SCRUB_THUMBNAIL, "JPEGInterchangeFormat" },
    { 0x0117, IN_PICTURE, PICTURE_BYTES, SCRUB_STRUCTURE, "StripByteCounts" },
    { 0x0202, IN_PICTURE, PICTURE_BYTES, SCRUB_THUMBNAIL, "JPEGInterchangeFormatLength" },
};

/* TIFF 6.0 and TIFF/EP, EXIF 3.0, DNG 1.7; PrintIM; how far Windows moved the maker note.  None but those above names a
 * thing, person or place. */
static const struct { uint16_t first, last; } defined[] = {
    { 0x0001, 0x0002 }, { 0x00fe, 0x0215 }, { 0x1000, 0x1002 }, { 0x4746, 0x4749 }, { 0x828d, 0x829d }, { 0x8773, 0x8773 },
    { 0x8822, 0x8833 }, { 0x9000, 0x9217 }, { 0x9400, 0x9405 }, { 0xa000, 0xa500 }, { 0xc4a5, 0xc4a5 }, { 0xc612, 0xcd4b },
    { 0xea1d, 0xea1d },
};

/* Those of them that are texts or bytes by definition, how many at most, and how bytes begin where they have a
 * beginning.  Other tags have numbers: a text there is one that was moved. */
enum { LONG = 1 << 20 };
static const struct worded {
    uint16_t first, last;
    bool text;
    uint32_t bytes_max;
    const char *begin;
    uint8_t begin_at;
} worded[] = {
    { 0x0001, 0x0001, true, 8, NULL, 0 }, { 0x010f, 0x0110, true, 128, NULL, 0 }, { 0x0131, 0x0131, true, 128, NULL, 0 }, { 0x014d, 0x014d, true, 256, NULL, 0 },
    { 0x015b, 0x015b, false, 1 << 16, "\xff\xd8\xff", 0 }, { 0x1000, 0x1000, true, 64, NULL, 0 }, { 0x828e, 0x828e, false, 36, NULL, 0 },
    { 0x8773, 0x8773, false, LONG, "acsp", 36 }, { 0x8824, 0x8824, true, 64, NULL, 0 }, { 0xa302, 0xa302, false, 40, NULL, 0 },
    { 0xa433, 0xa434, true, 128, NULL, 0 }, { 0xa439, 0xa43c, true, 128, NULL, 0 }, { 0xc4a5, 0xc4a5, false, 4096, "PrintIM", 0 },
    { 0xc612, 0xc613, false, 8, NULL, 0 }, { 0xc614, 0xc615, true, 128, NULL, 0 }, { 0xc615, 0xc616, false, 128, NULL, 0 },
    { 0xc68f, 0xc68f, false, LONG, "acsp", 36 }, { 0xc691, 0xc691, false, LONG, "acsp", 36 }, { 0xc6f3, 0xc6f4, true, 128, NULL, 0 },
    { 0xc6f6, 0xc6f6, true, 128, NULL, 0 }, { 0xc6f8, 0xc6f8, true, 128, NULL, 0 }, { 0xc6fe, 0xc6fe, true, 256, NULL, 0 }, { 0xc716, 0xc718, true, 128, NULL, 0 },
    { 0xc719, 0xc719, false, 16, NULL, 0 }, { 0xc71c, 0xc71d, false, 16, NULL, 0 }, { 0xc740, 0xc741, false, LONG, NULL, 0 }, { 0xc74e, 0xc74e, false, LONG, NULL, 0 },
    { 0xc7a7, 0xc7a7, false, 16, NULL, 0 }, { 0xcd2e, 0xcd2e, true, 128, NULL, 0 }, { 0xcd32, 0xcd34, false, LONG, NULL, 0 }, { 0xcd3a, 0xcd4b, false, LONG, NULL, 0 },
};

const struct exif_tag *exif_tag_find(uint16_t number, enum exif_place place)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i].tag == number && (tags[i].places & place))
            return &tags[i];
    return NULL;
}

bool exif_is_defined(uint16_t tag)
{
    for (size_t i = 0; i < sizeof defined / sizeof *defined; i++)
        if (tag >= defined[i].first && tag <= defined[i].last)
            return true;
    return false;
}

static bool is_worded(const struct worded *w, const struct tiff_entry *e, bool text)
{
    const size_t n = w->begin ? strlen(w->begin) : 0;

    return e->tag >= w->first && e->tag <= w->last && text == w->text && e->value.len <= w->bytes_max &&
           bytes_start_with(bytes_part(e->value, w->begin_at, UINT64_MAX), w->begin ? w->begin : "", n);
}

bool exif_is_words_of_numbers(const struct tiff_entry *e)
{
    const bool text = e->type == TIFF_ASCII || e->type == TIFF_UTF8,
        bytes = e->type == TIFF_BYTE || e->type == TIFF_SBYTE || e->type == TIFF_UNDEFINED;

    for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
        if (is_worded(&worded[i], e, text))
            return false;
    return text || bytes;
}
