#include "scrub/plan_xmp.h"

#include "media/xmp.h"
#include "scrub/names.h"
#include "scrub/coordinate.h"

/* Properties whose names do not tell, or tell the wrong thing.  Names are local ones, in any case; the last column is
 * what the namespace or prefix must hold, NULL for any. */
static const struct rule {
    const char *name;
    enum scrub_kind kind; /* SCRUB_KIND_COUNT: harmless */
    const char *namespace;
} rules[] = {
    { "GPSTimeStamp", SCRUB_TIME, NULL }, { "GPSDateStamp", SCRUB_TIME, NULL }, { "GPSMapDatum", SCRUB_KIND_COUNT, NULL },
    { "GPSVersionID", SCRUB_KIND_COUNT, NULL }, { "GpsStatus", SCRUB_KIND_COUNT, NULL }, { "AltitudeType", SCRUB_KIND_COUNT, NULL },
    { "AbsoluteAltitude", SCRUB_POSITION, NULL }, { "GPSAltitude", SCRUB_POSITION, NULL }, { "RelativeAltitude", SCRUB_KIND_COUNT, NULL },
    { "GPSProcessingMethod", SCRUB_POSITION, NULL }, { "GPSAreaInformation", SCRUB_POSITION, NULL },
    { "LRFTargetAbsAlt", SCRUB_POSITION, NULL }, { "LRFTargetAlt", SCRUB_POSITION, NULL },
    { "Location", SCRUB_POSITION, NULL }, { "LocationCreated", SCRUB_POSITION, NULL }, { "LocationShown", SCRUB_POSITION, NULL },
    { "Sublocation", SCRUB_POSITION, NULL }, { "ProvinceState", SCRUB_POSITION, NULL }, { "CountryCode", SCRUB_POSITION, NULL },
    { "CountryName", SCRUB_POSITION, NULL }, { "State", SCRUB_POSITION, "photoshop" }, { "WorldRegion", SCRUB_POSITION, NULL },
    /* Of RDF nothing else: an rdf:li is known by what it lies in, and where that is not known, neither is the value. */
    { "parseType", SCRUB_KIND_COUNT, "rdf" }, { "datatype", SCRUB_KIND_COUNT, "rdf" }, { "nodeID", SCRUB_KIND_COUNT, "rdf" },
    { "about", SCRUB_SERIAL, "rdf" }, { "DocumentID", SCRUB_SERIAL, NULL }, { "InstanceID", SCRUB_SERIAL, NULL },
    { "OriginalDocumentID", SCRUB_SERIAL, NULL }, { "ImageUniqueID", SCRUB_SERIAL, NULL }, { "RawDataUniqueID", SCRUB_SERIAL, NULL },
    { "CaptureUUID", SCRUB_SERIAL, NULL }, { "DroneID", SCRUB_SERIAL, NULL }, { "SensorID", SCRUB_SERIAL, NULL },
    { "DeviceID", SCRUB_SERIAL, NULL }, { "LensID", SCRUB_KIND_COUNT, NULL }, { "Identifier", SCRUB_SERIAL, NULL },
    { "HasExtendedXMP", SCRUB_KIND_COUNT, NULL },
    { "RawFileName", SCRUB_NAME, NULL }, { "OriginalRawFileName", SCRUB_NAME, NULL }, { "PreservedFileName", SCRUB_NAME, NULL },
    { "SelfData", SCRUB_NAME, NULL }, { "rights", SCRUB_NAME, NULL }, { "title", SCRUB_NAME, NULL }, { "description", SCRUB_NAME, "purl.org/dc" },
    { "subject", SCRUB_NAME, "purl.org/dc" }, { "contributor", SCRUB_NAME, NULL }, { "publisher", SCRUB_NAME, NULL },
    { "AuthorsPosition", SCRUB_NAME, NULL }, { "CaptionWriter", SCRUB_NAME, NULL }, { "Headline", SCRUB_NAME, NULL },
    { "Instructions", SCRUB_NAME, NULL }, { "Credit", SCRUB_NAME, NULL }, { "Source", SCRUB_NAME, NULL }, { "UserComment", SCRUB_NAME, NULL },
    { "ImageDescription", SCRUB_NAME, NULL }, { "Copyright", SCRUB_NAME, NULL }, { "PersonInImage", SCRUB_NAME, NULL },
    { "Label", SCRUB_NAME, NULL }, { "LastKeywordXMP", SCRUB_NAME, NULL }, { "LastKeywordIPTC", SCRUB_NAME, NULL }, { "Nickname", SCRUB_NAME, NULL }, { "TransmissionReference", SCRUB_NAME, NULL },
    { "HostComputer", SCRUB_NAME, NULL }, { "UsageTerms", SCRUB_NAME, NULL }, { "WebStatement", SCRUB_NAME, NULL },
    { "CreateDate", SCRUB_TIME, NULL }, { "ModifyDate", SCRUB_TIME, NULL }, { "MetadataDate", SCRUB_TIME, NULL }, { "when", SCRUB_TIME, NULL },
    { "DateCreated", SCRUB_TIME, NULL }, { "DateTime", SCRUB_TIME, NULL }, { "DateTimeOriginal", SCRUB_TIME, NULL },
    { "DateTimeDigitized", SCRUB_TIME, NULL }, { "UTCAtExposure", SCRUB_TIME, NULL }, { "date", SCRUB_TIME, NULL },
    { "DroneModel", SCRUB_KIND_COUNT, NULL }, { "ModelName", SCRUB_KIND_COUNT, NULL }, { "CreatorTool", SCRUB_KIND_COUNT, NULL },
    /* Free texts of published schemas: Dublin Core, XMP parts 1 and 2, IPTC core and extension, Photoshop,
     * Lightroom. */
    { "coverage", SCRUB_POSITION, "purl.org/dc" }, { "relation", SCRUB_NAME, "purl.org/dc" }, { "History", SCRUB_NAME, "photoshop" },
    { "SupplementalCategories", SCRUB_NAME, NULL }, { "Category", SCRUB_NAME, "photoshop" }, { "LayerName", SCRUB_NAME, NULL },
    { "LayerText", SCRUB_NAME, NULL }, { "DocumentAncestors", SCRUB_SERIAL, NULL },
    { "CreatorContactInfo", SCRUB_NAME, NULL }, { "CiAdrExtadr", SCRUB_NAME, NULL }, { "CiAdrPcode", SCRUB_NAME, NULL },
    { "CiAdrRegion", SCRUB_NAME, NULL }, { "CiAdrCtry", SCRUB_NAME, NULL }, { "CiTelWork", SCRUB_NAME, NULL }, { "CiUrlWork", SCRUB_NAME, NULL },
    { "SubjectCode", SCRUB_NAME, NULL }, { "Event", SCRUB_NAME, NULL }, { "EventId", SCRUB_NAME, NULL },
    { "OrganisationInImageName", SCRUB_NAME, NULL }, { "OrganisationInImageCode", SCRUB_NAME, NULL }, { "AddlModelInfo", SCRUB_NAME, NULL },
    { "AOTitle", SCRUB_NAME, NULL }, { "AOSource", SCRUB_NAME, NULL }, { "AOSourceInvNo", SCRUB_NAME, NULL }, { "AOCopyrightNotice", SCRUB_NAME, NULL },
    { "RegItemId", SCRUB_SERIAL, NULL }, { "RegOrgId", SCRUB_SERIAL, NULL }, { "Certificate", SCRUB_NAME, NULL },
    { "filePath", SCRUB_NAME, NULL }, { "alternatePaths", SCRUB_NAME, NULL }, { "LastURL", SCRUB_NAME, NULL }, { "BaseURL", SCRUB_NAME, NULL },
    { "ManageTo", SCRUB_NAME, NULL }, { "ManageUI", SCRUB_NAME, NULL }, { "Manager", SCRUB_NAME, NULL }, { "ManagerVariant", SCRUB_NAME, NULL },
    { "changed", SCRUB_NAME, "sType/ResourceEvent" }, { "parameters", SCRUB_NAME, "sType/ResourceEvent" },
    { "name", SCRUB_NAME, "sType/Job" }, { "url", SCRUB_NAME, "sType/Job" }, { "id", SCRUB_SERIAL, "sType/Job" },
    { "shotLocation", SCRUB_POSITION, NULL }, { "logComment", SCRUB_NAME, NULL }, { "tapeName", SCRUB_NAME, NULL }, { "altTapeName", SCRUB_NAME, NULL },
    { "cameraLabel", SCRUB_NAME, NULL }, { "projectName", SCRUB_NAME, NULL }, { "shotName", SCRUB_NAME, NULL }, { "scene", SCRUB_NAME, "DynamicMedia" },
    { "client", SCRUB_NAME, NULL }, { "director", SCRUB_NAME, NULL }, { "engineer", SCRUB_NAME, NULL }, { "composer", SCRUB_NAME, NULL },
    { "album", SCRUB_NAME, NULL }, { "speakerPlacement", SCRUB_KIND_COUNT, NULL }, { "shotDate", SCRUB_TIME, NULL }, { "shotDay", SCRUB_TIME, NULL },
    { "hierarchicalSubject", SCRUB_NAME, NULL }, { "weightedFlatSubject", SCRUB_NAME, NULL }, { "privateRTKInfo", SCRUB_NAME, NULL },
    { "RelatedSoundFile", SCRUB_NAME, NULL }, { "FlightId", SCRUB_SERIAL, NULL }, { "CaptureId", SCRUB_SERIAL, NULL },
    { "NativeDigest", SCRUB_KIND_COUNT, "ns.adobe.com/" }, { "IntellectualGenre", SCRUB_NAME, "iptc.org/std" },
    /* IPTC extension and PLUS: who is in it, who sells it, what it is called in whose books. */
    { "LocationId", SCRUB_POSITION, "iptc.org/std" }, { "ArtworkContentDescription", SCRUB_NAME, "iptc.org/std" },
    { "AOContentDescription", SCRUB_NAME, "iptc.org/std" }, { "AOContributionDescription", SCRUB_NAME, "iptc.org/std" },
    { "AOPhysicalDescription", SCRUB_NAME, "iptc.org/std" }, { "AOCurrentLicensorName", SCRUB_NAME, "iptc.org/std" },
    { "AOCurrentLicensorId", SCRUB_SERIAL, "iptc.org/std" }, { "AOSourceInvURL", SCRUB_NAME, "iptc.org/std" }, { "AOCurrentCopyrightOwnerId", SCRUB_SERIAL, "iptc.org/std" },
    { "ImageSupplierName", SCRUB_NAME, "useplus" }, { "ImageSupplierID", SCRUB_SERIAL, "useplus" }, { "ImageSupplierImageID", SCRUB_SERIAL, "useplus" },
    { "LicensorID", SCRUB_SERIAL, "useplus" }, { "LicensorTelephone1", SCRUB_NAME, "useplus" }, { "LicensorTelephone2", SCRUB_NAME, "useplus" },
    { "LicensorEmail", SCRUB_NAME, "useplus" }, { "LicensorStreetAddress", SCRUB_NAME, "useplus" }, { "LicensorExtendedAddress", SCRUB_NAME, "useplus" },
    { "LicensorCity", SCRUB_NAME, "useplus" }, { "LicensorRegion", SCRUB_NAME, "useplus" }, { "LicensorPostalCode", SCRUB_NAME, "useplus" },
    { "LicensorCountry", SCRUB_NAME, "useplus" }, { "ModelReleaseID", SCRUB_SERIAL, "useplus" }, { "PropertyReleaseID", SCRUB_SERIAL, "useplus" },
    { "ModelReleaseStatus", SCRUB_KIND_COUNT, "useplus" }, { "PropertyReleaseStatus", SCRUB_KIND_COUNT, "useplus" },
    { "MinorModelAgeDisclosure", SCRUB_KIND_COUNT, "useplus" }, { "CopyrightOwnerName", SCRUB_NAME, "useplus" }, { "CopyrightOwnerID", SCRUB_SERIAL, "useplus" },
    { "ImageCreatorName", SCRUB_NAME, "useplus" }, { "ImageCreatorID", SCRUB_SERIAL, "useplus" }, { "ImageCreatorImageID", SCRUB_SERIAL, "useplus" },
    /* Parrot, developer documentation, "Embedded Photo Metadata". */
    { "SecureCn", SCRUB_SERIAL, "parrot" }, { "BootId", SCRUB_SERIAL, "parrot" }, { "CustomId", SCRUB_SERIAL, "parrot" },
    { "ModelId", SCRUB_KIND_COUNT, "parrot" }, { "SoftwareBuildId", SCRUB_KIND_COUNT, "parrot" },
    /* Google, "Photo Sphere", "Depthmap", "Motion Photo format 1.0": pictures and sound in base64, ids of series, what
     * lies behind the picture. */
    { "Data", SCRUB_PREVIEW, "ns.google.com/photos" }, { "BurstID", SCRUB_SERIAL, "ns.google.com/photos" },
    { "CameraBurstID", SCRUB_SERIAL, "ns.google.com/photos" }, { "Mime", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "Semantic", SCRUB_KIND_COUNT, "ns.google.com/photos" }, { "SpecialTypeID", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "Format", SCRUB_KIND_COUNT, "ns.google.com/photos" }, { "Units", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "MeasureType", SCRUB_KIND_COUNT, "ns.google.com/photos" }, { "Manufacturer", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "FirstPhotoDate", SCRUB_TIME, "ns.google.com/photos" }, { "LastPhotoDate", SCRUB_TIME, "ns.google.com/photos" },
    { "StitchingSoftware", SCRUB_KIND_COUNT, "ns.google.com/photos" }, { "ProjectionType", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "CaptureSoftware", SCRUB_KIND_COUNT, "ns.google.com/photos" },
    { "CorrectionName", SCRUB_NAME, "camera-raw-settings" }, { "MaskName", SCRUB_NAME, "camera-raw-settings" }, { "Name", SCRUB_NAME, "camera-raw-settings" },
    /* Faces, and what programs for collections of pictures call their words. */
    { "Name", SCRUB_NAME, "schemas/regions" }, { "Description", SCRUB_NAME, "schemas/regions" }, { "FaceID", SCRUB_SERIAL, NULL },
    { "TagsList", SCRUB_NAME, NULL }, { "CatalogSets", SCRUB_NAME, NULL }, { "Keywords", SCRUB_NAME, NULL }, { "People", SCRUB_NAME, NULL },
    { "Personality", SCRUB_NAME, NULL }, { "notes", SCRUB_NAME, NULL }, { "caption", SCRUB_NAME, NULL }, { "attributionName", SCRUB_NAME, NULL },
    { "attributionURL", SCRUB_NAME, NULL }, { "LicensorName", SCRUB_NAME, NULL }, { "LicensorURL", SCRUB_NAME, NULL }, { "PatientName", SCRUB_NAME, NULL },
};

/* What drones write of flight, camera and calibration: numbers and words that name nothing. */
static const char *const harmless[] = {
    "Version", "RtkFlag", "RtkStdLon", "RtkStdLat", "RtkStdHgt", "RtkDiffAge", "GimbalRollDegree", "GimbalYawDegree", "GimbalPitchDegree",
    "FlightRollDegree", "FlightYawDegree", "FlightPitchDegree", "FlightXSpeed", "FlightYSpeed", "FlightZSpeed", "CamReverse",
    "GimbalReverse", "DewarpData", "DewarpFlag", "CalibratedFocalLength", "CalibratedOpticalCenterX", "CalibratedOpticalCenterY",
    "PictureQuality", "ImageSource", "SurveyingMode", "LRFStatus", "LRFTargetDistance", "ShutterCount", "ShutterType", "WhiteBalanceCCT",
    "SensorTemperature", "LensTemperature", "RigName", "RigCameraIndex", "Pitch", "Yaw", "Roll", "BandName", "CentralWavelength",
    "Rating", "CentralTemperature", "TlinearGain", "WavelengthFWHM", "PerspectiveFocalLength", "PerspectiveDistortion", "PrincipalPoint", "ModelType", "ProductName", "FileSource",
    "CameraRollDegree", "CameraPitchDegree", "CameraYawDegree", "SoftwareVersion", "UtcTsAccuracy", "PhotoMode", "PanoramaType", "SequenceNumber",
    "PhotoCount", "CaptureTsUs", "GPSXYAccuracy", "GPSZAccuracy", "PerspectiveFocalLengthUnits", "FisheyeAffineMatrix", "FisheyeAffineSymmetric",
    "FisheyePolynomial", "AboveGroundAltitude",
};

/* Measurements and calibration of cameras with several bands, of thermal and of multi-lens cameras: numbers with their
 * units and nothing else.  Sources: real files of DJI (P4 Multispectral), FLIR (Vue Pro) and Parrot (Sequoia); Pix4D,
 * "Specifications of camera tags"; MicaSense, "XMP tags". */
static const char *const measured[] = {
    "RelativeOpticalCenterX", "RelativeOpticalCenterY", "DewarpHMatrix", "VignettingFlag", "VignettingData", "LS_type", "Package_idx", "Cfg_cnt", "RawData",
    "BandFreq", "Irradiance", "SensorGain", "ExposureTime", "SensorGainAdjustment", "SensorIndex", "LS_status", "BlackLevel", "BlackCurrent", "SunSensor", "SunSensorExposureTime",
    "SunSensorSensitivity", "VignettingPolynomial", "VignettingCenter", "VignettingPolynomial2D", "VignettingPolynomial2DName", "IsNormalized", "IrradianceExposureTime",
    "IrradianceGain", "IrradianceYaw", "IrradiancePitch", "IrradianceRoll", "IrradianceSensitivity", "RadiometricCalibration", "LineReadoutTime",
    "BandSensitivity", "ColorTransform", "RigRelatives", "RigRelativesReferenceRigCameraIndex", "RigTranslations", "SensorBitDepth", "DetectorBitDepth", "GyroRate",
    "IMUSampleSize", "IMUTimeOffset", "IMUFrequency", "IMULinearVelocity", "Isotherms", "ImageOffsetX", "ImageOffsetY", "ImageUpsampleMode", "ImageValidStartX", "ImageValidStartY",
    "ImageValidEndX", "ImageValidEndY", "MAVComponentID", "MAVPitch", "MAVPitchRate", "MAVRateOfClimb", "MAVRateOfClimbRef", "MAVRelativeAltitude", "MAVRoll",
    "MAVRollRate", "MAVVersionID", "MAVYaw", "MAVYawRate", "CenterWavelength", "Bandwidth", "SpectralIrradiance", "HorizontalIrradiance", "DirectIrradiance",
    "ScatteredIrradiance", "SolarElevation", "SolarAzimuth", "EstimatedDirectLightVector", "ImagerTemperatureC", "DarkRowValue", "RawMeasurement", "OffMeasurement", "PressureAlt",
};

/* Words of published schemas that say how, not who or where. */
static const char *const settings[] = {
    "Make", "Model", "Software", "Lens", "LensMake", "LensModel", "LensInfo", "Firmware", "SpectralSensitivity", "format", "language", "type",
    "action", "softwareAgent", "RenditionClass", "RenditionParams", "ManifestItem", "VersionID", "Marked", "xmptk", "ColorMode", "ICCProfile", "LegacyIPTCDigest",
    "SidecarForExtension", "EmbeddedXMPDigest", "DigitalSourceType", "DigitalSourcefileType", "Scene", "MinorModelAgeDisclosure", "Unit", "FocusUsage",
    "audioSampleType", "audioChannelType", "audioCompressor", "videoFieldOrder", "videoColorSpace", "videoCompressor", "videoPixelDepth", "videoFrameRate",
    "videoAlphaMode", "timeFormat", "startTimecode", "altTimecode", "projectRef", "stretchMode", "pullDown", "key", "scaleType", "trackType", "frameRate",
    "ColorSpace", "SceneType", "ComponentsConfiguration", "ExifVersion", "FlashpixVersion", "GPSMeasureMode", "GPSDifferential", "AlreadyApplied",
    "image", "swatchName", "mode", "fontType", "fontFamily", "fontFace", "versionString", "part", "specialTypes", "AuxiliaryImageType", "AuxiliaryImageSubType", "Quality", "Accuracy",
};

/* Namespaces whose properties are published.  What has no rule there names nothing if it is a number or of a few
 * letters; a word whose property nobody knows is not understood: it may be a name whose property was hit. */
static const char *const published[] = {
    "ns.adobe.com/tiff", "ns.adobe.com/exif", "ns.adobe.com/xap", "ns.adobe.com/xmp",
    "ns.adobe.com/photoshop", "ns.adobe.com/hdr", "ns.adobe.com/lightroom", "purl.org/dc", "cipa.jp/exif",
    "iptc.org/std", "adobe:ns:meta", "metadataworkinggroup.com/schemas/regions", "ns.apple.com/faceinfo", "ns.apple.com/HDRGainMap",
    "ns.google.com/photos", "ns.apple.com/pixeldatainfo", "ns.apple.com/depthData", "ns.apple.com/portraitEffectsMatte", "ns.apple.com/semanticSegmentationMatte",
};
/* Hundreds of settings of development, and nothing else. */
static const char *const of_settings[] = { "ns.adobe.com/camera-raw-settings" };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds(struct text t, const char *part)
{
    return text_known(t) && t.len > 0 && memmem(t.at, t.len, part, strlen(part)) != NULL;
}

static bool is_name(struct text t, const char *name)
{
    size_t i = 0;

    while (i < t.len && name[i] && lower(t.at[i]) == lower(name[i]))
        i++;
    return i == t.len && !name[i];
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* Beside numbers, units and dates: a run of letters, longer than "True" and "False" where it is one of them. */
static bool has_a_word(struct bytes value)
{
    enum { WORD_LETTERS = 4 };
    const struct text all = text_of_bytes(value);
    size_t run = 0;

    if (is_name(all, "true") || is_name(all, "false"))
        return false;
    for (size_t i = 0; i < value.len; i++) {
        run = is_letter(value.at[i]) ? run + 1 : 0;
        if (run == WORD_LETTERS)
            return true;
    }
    return false;
}

static bool is_setting(struct text local)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (is_name(local, settings[i]))
            return true;
    return false;
}

/* SCRUB_UNKNOWN: not known what it is; SCRUB_KIND_COUNT: harmless. */
static enum scrub_kind kind_of(const struct xmp_property *property)
{
    const struct text local = property->name.local;

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (is_name(local, rules[i].name) &&
            (!rules[i].namespace || holds(property->namespace, rules[i].namespace) ||
             holds(property->name.prefix, rules[i].namespace)))
            return rules[i].kind;
    const enum scrub_kind told = scrub_kind_of_name(local);
    if (told != SCRUB_KIND_COUNT)
        return told;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (is_name(local, harmless[i]))
            return SCRUB_KIND_COUNT;
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
        if (is_name(local, measured[i]))
            return has_a_word(property->value) ? SCRUB_UNKNOWN : SCRUB_KIND_COUNT;
    for (size_t i = 0; i < sizeof of_settings / sizeof *of_settings; i++)
        if (holds(property->namespace, of_settings[i]))
            return SCRUB_KIND_COUNT;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        if (holds(property->namespace, published[i]))
            return is_setting(local) || !has_a_word(property->value) ? SCRUB_KIND_COUNT : SCRUB_UNKNOWN;
    return SCRUB_UNKNOWN;
}

/* A part of the packet, piece by piece of the file. */
static void fill(struct plan *p, const struct pieces *packet, struct bytes part, enum scrub_kind kind, const char *what)
{
    while (part.len > 0) {
        const struct bytes piece = pieces_in_file(packet, part);
        if (piece.len == 0)
            return;
        plan_fill(p, piece, ' ', kind, what);
        part = bytes_part(part, piece.len, UINT64_MAX);
    }
}

static size_t blanks(struct bytes b)
{
    size_t n = 0;

    while (n < b.len && (b.at[n] == ' ' || b.at[n] == '\t' || b.at[n] == '\r' || b.at[n] == '\n'))
        n++;
    return n;
}

static size_t blanks_before(struct bytes b)
{
    size_t n = 0;

    while (n < b.len && blanks(bytes_part(b, b.len - 1 - n, 1)) == 1)
        n++;
    return n;
}

/* `b` less what is at its start: `byte` with blanks around it; nothing where that does not stand there. */
static struct bytes behind(struct bytes b, char byte)
{
    b = bytes_part(b, blanks(b), UINT64_MAX);
    if (b.len == 0 || b.at[0] != byte)
        return bytes_part(b, b.len, 0);
    b = bytes_part(b, 1, UINT64_MAX);
    return bytes_part(b, blanks(b), UINT64_MAX);
}

static struct bytes between(struct bytes text, const uint8_t *from, const uint8_t *to)
{
    return bytes_part(text, (uint64_t)(from - text.at), (uint64_t)(to - from));
}

/* The attribute with its name and quotes, or the element when there is nothing but the value in it; else the value. */
static struct bytes whole_of(struct bytes text, const struct xmp_property *property, char *ret_quote)
{
    const struct xml_name *n = &property->name;
    const uint8_t *name = (const uint8_t *)(text_known(n->prefix) ? n->prefix.at : n->local.at),
        *value = property->value.at;
    const struct bytes head = between(text, name, value),
        rest = bytes_part(text, (uint64_t)(value - text.at) + property->value.len, UINT64_MAX);
    const size_t name_len = (size_t)(n->local.at + n->local.len - (const char *)name);

    *ret_quote = 0;
    for (const char *quote = "\"'"; *quote; quote++) {
        const struct bytes equals = behind(bytes_part(head, name_len, UINT64_MAX), '=');
        const uint8_t *end = rest.len ? memchr(rest.at, *quote, rest.len) : NULL;
        if (equals.len == 0 || equals.at[0] != *quote || behind(equals, *quote).len > 0 || !end)
            continue;
        *ret_quote = *quote;
        return between(text, name, end + 1);
    }
    const struct bytes close = bytes_part(rest, blanks(rest), UINT64_MAX);
    if (name > text.at && name[-1] == '<' && head.len > name_len &&
        behind(bytes_part(head, name_len, UINT64_MAX), '>').len == 0 &&
        head.at[head.len - 1 - blanks_before(head)] == '>' && bytes_start_with(close, "</", 2) &&
        bytes_start_with(bytes_part(close, 2, UINT64_MAX), name, name_len)) {
        const uint8_t *end = memchr(close.at, '>', close.len);
        if (end)
            return between(text, name - 1, end + 1);
    }
    return property->value;
}

static const char *what_of(struct plan *p, const struct xmp_property *property, const char *block_name)
{
    const struct xml_name *n = &property->name;
    const struct text text = arena_printf(p->r->arena, "%s %.*s%s%.*s%c", block_name, (int)n->prefix.len,
                                          n->prefix.at ? n->prefix.at : "",
                                          text_known(n->prefix) ? ":" : "", (int)n->local.len, n->local.at, 0);

    return text_known(text) ? text.at : block_name;
}

static void remove_property(struct plan *p, const struct pieces *packet, const struct xmp_property *property,
                            enum scrub_kind kind,
                            const char *what)
{
    char quote;
    const struct bytes whole = whole_of(packet->text, property, &quote);

    if (kind == SCRUB_UNKNOWN && !plan_drops(p, kind)) {
        plan_left(p, pieces_in_file(packet, property->value), what);
        return;
    }
    /* RDF wants rdf:about, be it empty. */
    if (quote && is_name(property->name.local, "about")) {
        const struct bytes end = between(packet->text, property->value.at, whole.at + whole.len),
            piece = pieces_in_file(packet, end);
        if (piece.len == end.len) {
            plan_overwrite_and_fill(p, piece, &quote, 1, ' ', kind, what);
            return;
        }
    }
    fill(p, packet, whole, kind, what);
}

static bool is_packet_mark(struct bytes inside)
{
    enum { MARK_MAX = 96 }; /* <?xpacket begin="..." id="W5M0MpCehiHzreSzNTczkc9d" bytes="..." encoding="..."?> and more room than that */

    return bytes_start_with(inside, "<?xpacket ", 10) && inside.len <= MARK_MAX &&
        !memchr(inside.at + 1, '<', inside.len - 1);
}

/* Comments, definitions and instructions are no properties, and anything may stand in them: all of the packet, when the
 * mark that opens it has lost its end. */
static void plan_markup(struct plan *p, const struct pieces *packet, const char *block_name)
{
    static const struct {
        const char *begin, *end;
    } kinds[] = { { "<!--", "-->" }, { "<![CDATA[", "" }, { "<!", ">" }, { "<?", "?>" } };
    struct bytes rest = packet->text;

    for (const uint8_t *at; rest.len && (at = memchr(rest.at, '<', rest.len)); ) {
        size_t kind = 0, len = 1;
        rest = bytes_part(rest, (uint64_t)(at - rest.at), UINT64_MAX);
        while (kind < sizeof kinds / sizeof *kinds &&
               !bytes_start_with(rest, kinds[kind].begin, strlen(kinds[kind].begin)))
            kind++;
        if (kind < sizeof kinds / sizeof *kinds && kinds[kind].end[0]) {
            const uint8_t *end = memmem(rest.at, rest.len, kinds[kind].end, strlen(kinds[kind].end));
            len = end ? (size_t)(end - rest.at) + strlen(kinds[kind].end) : rest.len;
        }
        for (struct bytes part = bytes_part(rest, 0, len), piece;
             len > 1 && !is_packet_mark(bytes_part(rest, 0, len)) && part.len > 0;
             part = bytes_part(part, piece.len, UINT64_MAX)) {
            piece = pieces_in_file(packet, part);
            if (piece.len == 0)
                break;
            plan_unknown(p, piece, ' ', arena_printf(p->r->arena, "%s comment or instruction%c", block_name, 0).at);
        }
        rest = bytes_part(rest, len, UINT64_MAX);
    }
}

void plan_xmp(struct plan *p, struct pieces packet, const char *block_name)
{
    struct xmp_property property;
    struct xmp_scan scan;

    for (xmp_scan_init(&scan, packet.text); xmp_next(&scan, &property); ) {
        const enum scrub_kind kind = kind_of(&property);
        const char *what = what_of(p, &property, block_name);
        const struct bytes piece = pieces_in_file(&packet, property.value);
        if (kind == SCRUB_KIND_COUNT) {
            plan_known_values(p, piece, ' ', what); /* another schema's property of that name may be a text */
            continue;
        }
        if (piece.len != property.value.len || !plan_move_text(p, piece, scrub_axis_of_name(property.name.local), false,
                                                               kind, what))
            remove_property(p, &packet, &property, kind, what);
    }
    plan_markup(p, &packet, block_name);
    if (scan.status == PARSE_OK)
        return;
    reading_damage(p->r, packet.text.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                   "the XMP in %s cannot be read to its end", block_name);
    fill(p, &packet, packet.text, SCRUB_POSITION, block_name);
    fill(p, &packet, packet.text, SCRUB_SERIAL, block_name);
}
