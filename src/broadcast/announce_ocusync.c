#include "broadcast/announce_ocusync.h"

#include <math.h>

#include "base/crc16.h"
#include "broadcast/announce_dji.h"
#include "broadcast/dji_wifi.h"

/* Not published.  Sources: D = frames of real aircraft (recordings of RUB-SysSec/DroneSecurity), C =
 * proto17/dji_droneid:matlab/calculate_crc.m; E = proto17/dji_droneid#51 and #53, which nobody here could check.
 *
 *    0 u8   number of bytes that follow, up to the CRC16      D
 *    1 u8   0x10 flight, 0x11 user or licence                 D
 *    2      the record as in Wi-Fi beacons (dji_wifi.c)       D   version 2 of 0x10; version 1 never seen
 *    n + 1  u16 CRC-16 of all before it: 0x1021 reflected, begun with 0x3692    C D
 *           old content of the sender's memory                D
 *  173 u24  CRC24A, checked where the burst was decoded       D
 *
 * Of 0x11 a licence frame was seen: the serial number, CC AA 02, and zeros; what the three bytes say is unknown.  A
 * user frame, with texts as in Wi-Fi beacons, was not.  Encrypted ones begin with AA "CRYP", 87 "INFP" or 80 10 "INFP"
 * (E). */
enum { CRC24_AT = 173, TYPE = 1, RECORD = 2, CRC_START = 0x3692, FIRST_BYTES = 16, SERIAL = 16, LICENCE_MAX = 32 };

struct mark { size_t len; uint8_t at[6]; };
static const struct mark encrypted[] = {
    { 5, { 0xaa, 'C', 'R', 'Y', 'P' } }, { 5, { 0x87, 'I', 'N', 'F', 'P' } }, { 6, { 0x80, 0x10, 'I', 'N', 'F', 'P' } },
};

static bool is_encrypted(struct bytes block)
{
    for (size_t i = 0; i < sizeof encrypted / sizeof *encrypted; i++)
        if (bytes_start_with(block, encrypted[i].at, encrypted[i].len))
            return true;
    return false;
}

/* Texts that somebody typed in: nothing but characters, and not only blanks. */
static bool is_typed(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] < 0x20 || t.at[i] == 0x7f)
            return false;
    return true;
}

static bool is_user(struct bytes record, const struct dji_wifi *w)
{
    enum { IDENTIFICATION = 10 };

    return record.len > SERIAL && record.at[SERIAL] <= IDENTIFICATION && text_known(w->purpose) &&
           w->identification.len + w->purpose.len > 0 && is_typed(w->identification) && is_typed(w->purpose);
}

static void licence(struct announcement *a, struct bytes record, const struct dji_wifi *w)
{
    struct bytes rest = bytes_part(record, SERIAL, UINT64_MAX);

    while (rest.len > 0 && rest.at[rest.len - 1] == 0)
        rest.len--;
    details_int(&a->details, "record", w->record);
    details_word(&a->details, "frame", "licence");
    details_hex(&a->details, "licence_bytes", bytes_part(rest, 0, LICENCE_MAX));
}

static bool known_record(struct announcement *a, struct bytes block)
{
    const size_t len = block.at[0];
    struct dji_wifi w;

    if (len < RECORD || len + 1 > CRC24_AT)
        return false;
    const struct bytes record = bytes_part(block, RECORD, len - 1);
    if (dji_record_parse(block.at[TYPE], record, &w) != PARSE_OK)
        return false;
    announce_dji_record(a, &w, record);
    if (w.record == DJI_PURPOSE && !is_user(record, &w)) {
        licence(a, record, &w);
    } else {
        details_word(&a->details, "frame", w.record == DJI_FLIGHT ? "flight" : "user");
        dji_wifi_details(&w, &a->details);
    }
    /* The CRC16 may be cut off by the CRC24's place; then there is none to be wrong. */
    const size_t crc_at = len + 1;
    if (crc_at + 2 <= CRC24_AT) {
        const uint16_t stored = (uint16_t)(block.at[crc_at] | block.at[crc_at + 1] << 8);
        const bool good = stored == crc16_add(CRC_START, block.at, crc_at);
        details_word(&a->details, "crc16", good ? "good" : "bad");
        if (!good)
            announcement_odd(a, "crc16_bad");
        for (size_t i = crc_at + 2; i < CRC24_AT; i++)
            if (block.at[i] != 0) {
                announcement_odd(a, "stale_padding");
                break;
            }
    }
    return true;
}

void announce_ocusync(struct announcement *a, struct bytes block, const struct ocusync_reception *reception)
{
    struct details *d = &a->details;

    a->kind = ANNOUNCE_DJI_OCUSYNC;
    a->is_pack = true;
    if (is_encrypted(block) || !known_record(a, block)) {
        const bool sealed = is_encrypted(block);
        details_word(d, "frame", sealed ? "encrypted" : "unknown");
        details_hex(d, "first_bytes", bytes_part(block, 0, FIRST_BYTES));
        announcement_odd(a, sealed ? "payload_encrypted" : "payload_unknown");
        a->content_hash = announcement_hash(block);
    }
    details_hex(d, "frame_bytes", block);
    details_fixed(d, "recording_s", llround(reception->at_s * 1e6), 6);
    details_int(d, "sample_rate_hz", llround(reception->rate_hz));
    details_int(d, "offset_khz", llround(reception->offset_hz / 1e3));
    if (fact_known_real(reception->frequency_hz) && fabs(reception->frequency_hz) < 1e15)
        details_fixed(d, "frequency_mhz", llround(reception->frequency_hz / 1e3), 3);
    if (isfinite(reception->snr_db))
        details_fixed(d, "snr_db", llround(reception->snr_db * 10), 1);
    details_int(d, "symbols", reception->symbols);
}
