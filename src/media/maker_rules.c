#include "media/maker_rules.h"

static const struct maker_rule canon[] = {
    { 0x0006, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageType" },
    { 0x0007, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "CanonFirmwareVersion" },
    { 0x0009, MAIN, MAKER_OWNER, AS_TEXT, 0, 0, "OwnerName" },
    { 0x000c, MAIN, MAKER_CAMERA_SERIAL, AS_NUMBER, 0, 0, "SerialNumber" },
    { 0x0028, MAIN, MAKER_ID, AS_HEX, 0, 0, "ImageUniqueID" },
    { 0x0095, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LensModel" },
    { 0x0096, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x4019, MAIN, MAKER_LENS_SERIAL, AS_HEX, 0, 5, "LensSerialNumber" },
    { 0 },
};

static const struct maker_rule nikon[] = {
    { 0x001d, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x00a0, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0039, MAIN, MAKER_PLACE, NOT_TOLD, 0, 0, "LocationInfo" },
    { 0 },
};

static const struct maker_rule olympus[] = {
    { 0x0104, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "BodyFirmwareVersion" },
    { 0x0404, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0405, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "Firmware" },
    { 0x101a, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0101, EQUIPMENT, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0x0102, EQUIPMENT, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x0104, EQUIPMENT, MAKER_FIRMWARE, AS_HEX_VERSION, 0, 0, "BodyFirmwareVersion" },
    { 0x0202, EQUIPMENT, MAKER_LENS_SERIAL, AS_TEXT, 0, 0, "LensSerialNumber" },
    { 0x0203, EQUIPMENT, MAKER_SETTING, NOT_TOLD, 0, 0, "LensModel" },
    { 0x0302, EQUIPMENT, MAKER_PART_SERIAL, AS_TEXT | UNTESTED, 0, 0, "ExtenderSerialNumber" },
    { 0x1003, EQUIPMENT, MAKER_PART_SERIAL, AS_TEXT | UNTESTED, 0, 0, "FlashSerialNumber" },
    { 0 },
};

static const struct maker_rule panasonic[] = {
    { 0x0002, MAIN, MAKER_FIRMWARE, AS_VERSION, 0, 0, "FirmwareVersion" },
    { 0x0025, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x0033, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "BabyAge" },
    { 0x0051, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LensType" },
    { 0x0052, MAIN, MAKER_LENS_SERIAL, AS_TEXT | UNTESTED, 0, 0, "LensSerialNumber" },
    { 0x0054, MAIN, MAKER_PART_SERIAL, AS_TEXT | UNTESTED, 0, 0, "AccessorySerialNumber" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 4, 20, "RecognizedFace1Name" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 52, 20, "RecognizedFace2Name" },
    { 0x0061, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 100, 20, "RecognizedFace3Name" },
    { 0x0065, MAIN, MAKER_TEXT, AS_TEXT | UNTESTED, 0, 0, "Title" },
    { 0x0066, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 0, 0, "BabyName" },
    { 0x0067, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "Location" },
    { 0x0069, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "Country" },
    { 0x006b, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "State" },
    { 0x006d, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "City" },
    { 0x006f, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "Landmark" },
    { 0x0080, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "City2" },
    { 0 },
};

static const struct maker_rule pentax[] = {
    { 0x0006, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "Date" },
    { 0x0007, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "Time" },
    { 0x0027, MAIN, MAKER_FIRMWARE, AS_COMPLEMENT, 0, 0, "DSPFirmwareVersion" },
    { 0x0028, MAIN, MAKER_FIRMWARE, AS_COMPLEMENT, 0, 0, "CPUFirmwareVersion" },
    { 0x0215, MAIN, MAKER_PART_SERIAL, NOT_TOLD, 4, 12, "ManufactureDate, ProductionCode" },
    { 0x0215, MAIN, MAKER_CAMERA_SERIAL, AS_NUMBER, 16, 4, "InternalSerialNumber" },
    { 0x0229, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT | UNTESTED, 0, 0, "SerialNumber" },
    { 0x022e, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 0, 0, "Artist" },
    { 0x022f, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 0, 0, "Copyright" },
    { 0x0230, MAIN, MAKER_FIRMWARE, AS_TEXT | UNTESTED, 0, 0, "FirmwareVersion" },
    { 0 },
};

static const struct maker_rule sony[] = {
    { 0x2031, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT | UNTESTED, 0, 0, "SerialNumber" },
    { 0 },
};

static const struct maker_rule fujifilm[] = {
    { 0x0010, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "InternalSerialNumber" },
    { 0x1000, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "Quality" },
    { 0x1011, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "FlashExposureComp" },
    { 0x1404, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MinFocalLength" },
    { 0x1405, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxFocalLength" },
    { 0x1406, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxApertureAtMinFocal" },
    { 0x1407, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "MaxApertureAtMaxFocal" },
    { 0x1422, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageStabilization" },
    { 0 },
};

static const struct maker_rule apple[] = {
    { 0x0002, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AEMatrix" },
    { 0x0003, MAIN, MAKER_TIME, NOT_TOLD, 0, 0, "RunTime" },
    { 0x0008, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AccelerationVector" },
    { 0x000b, MAIN, MAKER_ID, AS_TEXT | UNTESTED, 0, 0, "BurstUUID" },
    { 0x000c, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "FocusDistanceRange" },
    { 0x0011, MAIN, MAKER_ID, AS_TEXT, 0, 0, "MediaGroupUUID" },
    { 0x0015, MAIN, MAKER_ID, AS_TEXT, 0, 0, "ImageUniqueID" },
    { 0x0016, MAIN, MAKER_ID, AS_TEXT | UNTESTED, 0, 0, "PhotosOriginatingSignature" },
    { 0x0017, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageCaptureFlags" },
    { 0x0018, MAIN, MAKER_ID, AS_TEXT | UNTESTED, 0, 0, "PhotosRenderOriginatingSignature" },
    { 0x0019, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageProcessingFlags" },
    { 0x001a, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "PhotoTranscodeQualityHint" },
    { 0x001d, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "LuminanceNoiseAmplitude" },
    { 0x0020, MAIN, MAKER_ID, AS_TEXT, 0, 0, "ImageCaptureRequestIdentifier" },
    { 0x0021, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "HDRHeadroom" },
    { 0x0023, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "AFPerformance" },
    { 0x0025, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "StillImageSceneFlags" },
    { 0x0027, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SignalToNoiseRatio" },
    { 0x0029, MAIN, MAKER_ID, AS_TEXT | UNTESTED, 0, 0, "SpatialOverCaptureGroupIdentifier" },
    { 0x002b, MAIN, MAKER_ID, AS_TEXT, 0, 0, "PhotoIdentifier" },
    { 0x0030, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "HDRGain" },
    { 0x003e, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ColorCorrectionMatrix" },
    { 0x0040, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStyle" },
    { 0x0041, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStyleRenderingVersion" },
    { 0x0042, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "SemanticStylePreset" },
    { 0x004d, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "TimeOfFlightSensorConfidence" },
    { 0 },
};

static const struct maker_rule ricoh[] = {
    { 0x0002, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "FirmwareVersion" },
    { 0x0005, MAIN, MAKER_CAMERA_SERIAL, AS_HEX, 0, 0, "InternalSerialNumber" },
    { 0x002c, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT | UNTESTED, 16, 16, "BodySerialNumber" },
    { 0x002c, MAIN, MAKER_LENS_SERIAL, AS_TEXT | UNTESTED, 48, 16, "LensSerialNumber" },
    { 0 },
};

static const struct maker_rule motorola[] = {
    { 0x5500, MAIN, MAKER_FIRMWARE, AS_TEXT, 0, 0, "BuildNumber" },
    { 0x5501, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT, 0, 0, "SerialNumber" },
    { 0 },
};

static const struct maker_rule flir[] = {
    { 0x0001, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageTemperatureMax" },
    { 0x0002, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "ImageTemperatureMin" },
    { 0x0003, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "Emissivity" },
    { 0x0004, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "UnknownTemperature" },
    { 0x0005, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "CameraTemperatureRangeMax" },
    { 0x0006, MAIN, MAKER_SETTING, NOT_TOLD, 0, 0, "CameraTemperatureRangeMin" },
    { 0x0007, MAIN, MAKER_ID, AS_TEXT, 0, 0, "image id" },
    { 0x0008, MAIN, MAKER_ID, AS_TEXT, 0, 0, "image id" },
    { 0 },
};

static const struct maker_rule samsung[] = {
    { 0x0030, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "LocalLocationName" },
    { 0x0031, MAIN, MAKER_PLACE, AS_TEXT | UNTESTED, 0, 0, "LocationName" },
    { 0x0123, MAIN, MAKER_PERSON, AS_TEXT | UNTESTED, 0, 0, "FaceName" },
    { 0xa001, MAIN, MAKER_FIRMWARE, AS_TEXT | UNTESTED, 0, 0, "FirmwareName" },
    { 0xa002, MAIN, MAKER_CAMERA_SERIAL, AS_TEXT | UNTESTED, 0, 0, "SerialNumber" },
    { 0xa005, MAIN, MAKER_LENS_SERIAL, AS_TEXT | UNTESTED, 0, 0, "InternalLensSerialNumber" },
    { 0 },
};

static const struct maker_rule none[] = { { 0 } };

static const struct maker_directory olympus_directories[] = {
    { 0x2010, EQUIPMENT }, { 0x2020, OTHER }, { 0x2030, OTHER }, { 0x2031, OTHER }, { 0x2040, OTHER }, { 0x2050, OTHER }, { 0x3000, OTHER },
    { 0 },
};

const struct maker makers[MAKER_COUNT] = {
    { "Apple iOS\0", 10, NULL, BASE_NOTE, 14, apple, "Apple", NULL, 0 },
    { "Nikon\0\2", 7, NULL, BASE_HEADER, 10, nikon, "Nikon", NULL, 0 },
    { "Nikon\0\1", 7, NULL, BASE_TIFF, 8, none, "Nikon", NULL, 0 },
    { "FUJIFILM", 8, NULL, BASE_POINTER, 8, fujifilm, "Fujifilm", NULL, 0 },
    { "GENERALE", 8, NULL, BASE_POINTER, 8, fujifilm, "GE", NULL, 0 },
    { "OLYMPUS\0", 8, NULL, BASE_NOTE, 12, olympus, "Olympus", olympus_directories, 0 },
    { "OM SYSTEM\0", 10, NULL, BASE_NOTE, 16, olympus, "OM System", olympus_directories, 0 },
    { "OLYMP\0", 6, NULL, BASE_TIFF, 8, olympus, "Olympus", olympus_directories, 0 },
    { "EPSON\0", 6, NULL, BASE_TIFF, 8, olympus, "Epson", olympus_directories, 0 },
    { "Panasonic\0", 10, NULL, BASE_TIFF, 12, panasonic, "Panasonic", NULL, 0 },
    { "PENTAX \0", 8, NULL, BASE_NOTE, 10, pentax, "Pentax", NULL, 0 },
    { "AOC\0", 4, NULL, BASE_TIFF, 6, pentax, "Pentax", NULL, 0 },
    { "RICOH\0II", 8, NULL, BASE_NOTE, 8, pentax, "Ricoh", NULL, 0 },
    { "RICOH\0MM", 8, NULL, BASE_NOTE, 8, pentax, "Ricoh", NULL, 0 },
    { "RICOH", 5, "RICOH", BASE_TIFF, 8, ricoh, "Ricoh", NULL, 0 },
    { "Ricoh", 5, "RICOH", BASE_TIFF, 8, ricoh, "Ricoh", NULL, 0 },
    { "SONY DSC ", 9, NULL, BASE_TIFF, 12, sony, "Sony", NULL, 0 },
    { "SONY CAM ", 9, NULL, BASE_TIFF, 12, sony, "Sony", NULL, 0 },
    { "SONY MOBILE", 11, NULL, BASE_TIFF, 12, sony, "Sony", NULL, 0 },
    { "MOT\0", 4, NULL, BASE_NOTE, 8, motorola, "Motorola", NULL, 0 },
    { "", 0, "Canon", BASE_TIFF, 0, canon, "Canon", NULL, 10 },
    { "", 0, "NIKON", BASE_TIFF, 0, nikon, "Nikon", NULL, 0 },
    { "", 0, "SONY", BASE_TIFF, 0, sony, "Sony", NULL, 0 },
    { "", 0, "FLIR Systems", BASE_TIFF, 0, flir, "FLIR", NULL, 0 },
    { "", 0, "SAMSUNG", BASE_NOTE, 0, samsung, "Samsung", NULL, 0 }, /* phones; some cameras' offsets count from elsewhere: their values lie outside then */
};
