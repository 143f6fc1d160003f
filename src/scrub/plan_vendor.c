#include "scrub/plan_vendor.h"

#include "media/flir.h"
#include "media/gpmf.h"
#include "scrub/coordinate.h"

/* FLIR */

static void fill_pieces(struct plan *p, const struct pieces *fff, struct bytes part, enum scrub_kind kind,
                        const char *what)
{
    while (part.len > 0) {
        const struct bytes piece = pieces_in_file(fff, part);
        if (piece.len == 0)
            return;
        plan_fill(p, piece, 0, kind, what);
        part = bytes_part(part, piece.len, UINT64_MAX);
    }
}

static void plan_flir_record(struct plan *p, const struct pieces *fff, uint32_t type, struct bytes record)
{
    enum { RECORD_CAMERA = 0x20, RECORD_GPS = 0x2b };

    if (type == RECORD_GPS || flir_is_gps(record))
        fill_pieces(p, fff, record, SCRUB_POSITION, "FLIR GPS record");
    if (type != RECORD_CAMERA)
        return;
    fill_pieces(p, fff, bytes_part(record, 0x104, 16), SCRUB_SERIAL, "FLIR camera serial number");
    fill_pieces(p, fff, bytes_part(record, 0x1a0, 16), SCRUB_SERIAL, "FLIR lens serial number");
    fill_pieces(p, fff, bytes_part(record, 0x21c, 16), SCRUB_SERIAL, "FLIR filter serial number");
    fill_pieces(p, fff, bytes_part(record, 0x298, 16), SCRUB_SERIAL, "FLIR part serial number");
    fill_pieces(p, fff, bytes_part(record, 0x384, 10), SCRUB_TIME, "FLIR time");
}

/* All that media/flir.c does not know by its type is told by the check of the copy. */
void plan_flir(struct plan *p, const struct pieces *fff)
{
    enum { ENTRY_BYTES = 0x20, RECORDS_MAX = 256 };
    const struct bytes file = fff->text;

    if (!bytes_start_with(file, "FFF\0", 4) && !bytes_start_with(file, "AFF\0", 4)) {
        plan_left(p, fff->items[0].source, "FLIR data of unknown kind");
        return;
    }
    struct cursor c = cursor_over(bytes_part(file, 0x14, UINT64_MAX)), again = c;
    const uint32_t version = cursor_u32be(&again);
    uint64_t (*number)(struct cursor *, size_t) = version >= 100 && version < 200 ? cursor_uint_be : cursor_uint_le;
    cursor_skip(&c, 4);
    const uint32_t directory = (uint32_t)number(&c, 4), count = (uint32_t)number(&c, 4);
    for (uint32_t i = 0; i < count && i < RECORDS_MAX; i++) {
        struct cursor e = cursor_over(bytes_part(file, directory + (uint64_t)i * ENTRY_BYTES, ENTRY_BYTES));
        const uint32_t type = (uint32_t)number(&e, 2);
        cursor_skip(&e, 10);
        const uint32_t offset = (uint32_t)number(&e, 4), length = (uint32_t)number(&e, 4);
        const struct bytes record = bytes_part(file, offset, length);
        if (e.failed || (type != 0 && record.len != length)) {
            reading_damage(p->r, fff->items[0].source.origin, FACT_UNKNOWN_INT, 1,
                           "a record of the FLIR data lies outside it");
            if (e.failed)
                return;
        }
        plan_flir_record(p, fff, type, record);
    }
}

/* GoPro */

/* Positions in structures: where latitude and longitude stand in one, as 32-bit degrees * 1e7.  Sources:
 * gopro/gpmf-parser docs (GPS5, GPS9); exiftool/exiftool GoPro.pm (GLPI, GPRI of the Karma drone); UNIT, TYPE and SCAL
 * beside them. */
static const struct {
    char key[5];
    uint8_t bytes, latitude, longitude, kind;
} places[] = {
    { "GPS5", 20, 0, 4, SCRUB_POSITION }, { "GPS9", 32, 0, 4, SCRUB_POSITION }, { "GLPI", 28, 4, 8, SCRUB_POSITION },
    { "GPRI", 30, 8, 12, SCRUB_POSITION },
    { "BPOS", 32, 0, 4, SCRUB_OPERATOR }, /* "Controller": karma.mp4 */
};

static const struct {
    char key[5];
    enum scrub_kind kind;
} names[] = {
    { "CASN", SCRUB_SERIAL }, { "LINF", SCRUB_SERIAL }, { "CINF", SCRUB_SERIAL }, { "MUID", SCRUB_SERIAL }, { "GUMI", SCRUB_SERIAL },
    { "RMRK", SCRUB_NAME }, { "CAME", SCRUB_SERIAL }, { "LENS", SCRUB_SERIAL }, { "GPSU", SCRUB_TIME }, { "SYST", SCRUB_TIME }, { "CDAT", SCRUB_TIME },
};

static void take_places(struct plan *p, size_t k, uint32_t size, struct bytes value, const char *what)
{
    enum { GPS9_DAYS = 20, GPS9_SECONDS = 24 };

    const enum scrub_kind kind = (enum scrub_kind)places[k].kind;

    if (size != places[k].bytes) {
        plan_fill(p, value, 0, kind, what);
        return;
    }
    for (struct cursor c = cursor_over(value); c.rest.len >= size; ) {
        const struct bytes one = cursor_take(&c, size);
        plan_coordinate(p, bytes_part(one, places[k].latitude, 4), COORDINATE_I32_1E7, true, AXIS_LATITUDE, kind, what);
        plan_coordinate(p, bytes_part(one, places[k].longitude, 4), COORDINATE_I32_1E7, true, AXIS_LONGITUDE, kind,
                        what);
        if (memcmp(places[k].key, "GPS9", 4) == 0)
            plan_fill(p, bytes_part(one, GPS9_DAYS, GPS9_SECONDS - GPS9_DAYS + 4), 0, SCRUB_TIME, what);
    }
}

/* Settings, sensors and the frame around them; from the same sources.  All other keys are not understood. */
static const char settings[] =
    "ACCL ALLD ANGX ANGY ANGZ APTO ATTD ATTR AUDO AUPT BRID BROD CALH CALW CMOD CRTX CRTY CTRX CTRY CSEN CYTS DVID DVNM DZOM DZST EISA EISE EMPT "
    "ESCS EXPT FACE FCNM FMWR FWVS GPSA GPSF GPSP GYRO HFLG ISOE ISOG KBAT KLNS LNED MAGN MFOV MINF MTYP OREN PHDR PIMN PIMX PRAW PRES PRJT PRTN "
    "PTCL PTEV PTSH PTWB PVUL RATE SCAL SCPR SFTR SHFX SHFY SHFZ SHUT SIMU SIUN SMTR SOFF SROT STMP STNM TICK TMPC TOCK TSMP TYPE UNIT VERS VFOV "
    "VFRH VLTA VLTE WBAL WRGB ZFOV MTRX ORIN ORIO UNIF YAVG HUES SCEN GRAV CORI IORI MWET WNDM AALP DISP MSKP LSKP QUAN TIMO PFRM VRES VFPS VPTS "
    "DUST DZMX LRVO LRVS ABSC AUBT MXCF MYCF ZMPL";

static bool is_setting(uint32_t key)
{
    const char name[5] = { (char)(key >> 24), (char)(key >> 16), (char)(key >> 8), (char)key, 0 };

    for (size_t i = 0; i + 4 < sizeof settings; i += 5)
        if (memcmp(settings + i, name, 4) == 0)
            return true;
    return false;
}

static bool is_blank(struct bytes b)
{
    return b.len == 0 || (b.at[0] == 0 && memcmp(b.at, b.at + 1, b.len - 1) == 0);
}

static uint32_t key_of(const char *name)
{
    return GPMF_KEY(name[0], name[1], name[2], name[3]);
}

static void take_key(struct plan *p, const struct gpmf_item *item, const char *what)
{
    enum { NUMBER_BYTES = 4 }; /* so short a value is nobody's name */
    bool known = is_setting(item->key);

    if (known && item->type == 'c')
        plan_known_values(p, item->data, ' ', what);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (item->key == key_of(places[i].key)) {
            take_places(p, i, item->size, item->data, what);
            known = true;
        }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (item->key == key_of(names[i].key)) {
            plan_fill(p, item->data, item->type == 'U' ? '0' : 0, names[i].kind, what);
            known = true;
        }
    if (!known && item->data.len > NUMBER_BYTES && !is_blank(item->data))
        (void)plan_unknown(p, item->data, 0, what);
}

void plan_gpmf(struct plan *p, struct bytes block, const char *block_name)
{
    enum { HEADER_BYTES = 8 };
    struct cursor c = cursor_over(block);
    struct gpmf_item item;

    for (struct cursor before = c; gpmf_next(&c, &item); before = c) {
        if (item.type == 0) { /* its data are such items again */
            c = before;
            cursor_skip(&c, HEADER_BYTES);
            continue;
        }
        if (item.cut) {
            reading_damage(p->r, before.rest.origin, FACT_UNKNOWN_INT, 1, "the GoPro block in %s is cut off",
                           block_name);
            return;
        }
        take_key(p, &item, block_name);
    }
    /* It ends where zeros begin. */
    if (!is_blank(c.rest))
        (void)plan_unknown(p, c.rest, 0, block_name);
}
