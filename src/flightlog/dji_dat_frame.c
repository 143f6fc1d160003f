/* Records of a DJI flight controller log; little-endian.  Measured on real logs of 2023;
 * the frame check is that of DJI's wired protocol.
 *
 *   offset  size  field
 *        0     1  0x55
 *        1     2  length of the whole record in the low 10 bits
 *        3     1  CRC-8 of the three bytes before: reflected 0x8C, start 0x77
 *        4     2  type
 *        6     4  tick
 *       10  n-12  payload, each byte XORed with the low byte of the tick
 *      n-2     2  CRC-16 of all before: reflected 0x8408, start 0x3692
 *
 * In real logs one record often interrupts another: the first n bytes of A, all of B, the
 * rest of A.  What looks like damage (some 700 times in a 2 MB log) is joined again, and
 * the CRC-16 says whether that was right. */
#include "flightlog/dji_dat_frame.h"

#include "base/crc16.h"

enum { MARK = 0x55, CRC8_START = 0x77, CRC16_START = 0x3692, CRC8_POLYNOMIAL = 0x8c };

void dji_dat_walk_init(struct dji_dat_walk *w, struct bytes area)
{
    *w = (struct dji_dat_walk){ .area = area };
    for (unsigned i = 0; i < 256; i++) {
        unsigned crc8 = i;
        for (int bit = 0; bit < 8; bit++)
            crc8 = crc8 >> 1 ^ (crc8 & 1 ? CRC8_POLYNOMIAL : 0);
        w->crc8[i] = (uint8_t)crc8;
    }
}

/* The length that a head of four bytes announces, 0 when it is none. */
static inline size_t head_length(const struct dji_dat_walk *w, const uint8_t *head)
{
    if (head[0] != MARK)
        return 0;
    uint8_t crc = w->crc8[CRC8_START ^ head[0]];
    crc = w->crc8[crc ^ head[1]];
    crc = w->crc8[crc ^ head[2]];
    const size_t length = (size_t)(head[1] | (head[2] & 3) << 8);
    return crc == head[3] && length >= DJI_DAT_RECORD_MIN ? length : 0;
}

static bool body_holds(const uint8_t *record, size_t length)
{
    return crc16_add(CRC16_START, record, length - 2) == (record[length - 2] | record[length - 1] << 8);
}

static size_t record_length(const struct dji_dat_walk *w, size_t at)
{
    const size_t left = w->area.len - at;

    if (left < DJI_DAT_RECORD_MIN)
        return 0;
    const size_t length = head_length(w, w->area.at + at);
    return length > 0 && length <= left && body_holds(w->area.at + at, length) ? length : 0;
}

static void fill_record(struct bytes frame, struct dji_dat_record *ret)
{
    struct cursor c = cursor_over(frame);

    cursor_skip(&c, 4);
    ret->type = cursor_u16le(&c);
    ret->tick = cursor_u32le(&c);
    ret->payload = cursor_take(&c, c.rest.len - 2);
    ret->offset = frame.origin;
    ret->length = frame.len;
    ret->joined = false;
}

static void drop_pieces(struct dji_dat_walk *w, size_t n)
{
    w->pieces_len -= n;
    memmove(w->pieces, w->pieces + n, w->pieces_len);
    memmove(w->piece_origin, w->piece_origin + n, w->pieces_len * sizeof *w->piece_origin);
}

static void lose_pieces(struct dji_dat_walk *w, size_t n)
{
    if (n > 0 && !w->lost_known) {
        w->lost_known = true;
        w->first_lost = w->piece_origin[0];
    }
    w->lost_bytes += n;
    drop_pieces(w, n);
}

/* Only the end of a long gap can be the beginning of an interrupted record. */
static void add_pieces(struct dji_dat_walk *w, struct bytes gap)
{
    if (gap.len > DJI_DAT_RECORD_MAX) {
        lose_pieces(w, w->pieces_len);
        if (!w->lost_known) {
            w->lost_known = true;
            w->first_lost = gap.origin;
        }
        w->lost_bytes += gap.len - DJI_DAT_RECORD_MAX;
        gap = bytes_part(gap, gap.len - DJI_DAT_RECORD_MAX, UINT64_MAX);
    }
    if (gap.len > sizeof w->pieces - w->pieces_len)
        lose_pieces(w, w->pieces_len + gap.len - sizeof w->pieces);
    for (size_t i = 0; i < gap.len; i++) {
        w->pieces[w->pieces_len] = gap.at[i];
        w->piece_origin[w->pieces_len++] = gap.origin + i;
    }
}

static bool join_pieces(struct dji_dat_walk *w, struct dji_dat_record *ret)
{
    size_t length = 0, skip = 0;

    for (; skip + 4 <= w->pieces_len; skip++) {
        length = head_length(w, w->pieces + skip);
        if (length > w->pieces_len - skip) {
            length = 0; /* the rest may follow */
            break;
        }
        if (length > 0 && body_holds(w->pieces + skip, length))
            break;
        length = 0;
    }
    lose_pieces(w, skip);
    if (length == 0)
        return false;
    memcpy(w->joined, w->pieces, length);
    fill_record((struct bytes){ .at = w->joined, .len = length, .origin = w->piece_origin[0] }, ret);
    ret->length = w->piece_origin[length - 1] + 1 - ret->offset;
    ret->joined = true;
    w->joined_bytes += length;
    drop_pieces(w, length);
    return true;
}

/* Where logs were put one behind the other, the header of the next stands in a gap: the area ends there. */
static void end_at_header(struct dji_dat_walk *w, size_t from)
{
    enum { BUILD_OFFSET = 16, BUILD_LENGTH = 5 };
    const struct bytes gap = bytes_part(w->area, from, w->at - from);
    const uint8_t *build = gap.len > BUILD_OFFSET ? memmem(gap.at, gap.len, "BUILD", BUILD_LENGTH) : NULL;

    if (!build || build - gap.at < BUILD_OFFSET)
        return;
    w->ends_at_log = true;
    w->next_log = w->at = w->area.len = from + (size_t)(build - gap.at) - BUILD_OFFSET;
}

/* Takes the bytes up to the next whole record as a gap; false when there are none. */
static bool take_gap(struct dji_dat_walk *w)
{
    const size_t from = w->at;

    while (w->at < w->area.len && (w->area.at[w->at] != MARK || record_length(w, w->at) == 0))
        w->at++;
    if (w->splits)
        end_at_header(w, from);
    const struct bytes gap = bytes_part(w->area, from, w->at - from);
    if (gap.len == 0)
        return false;
    w->gap_bytes += gap.len;
    add_pieces(w, gap);
    return true;
}

bool dji_dat_walk_next(struct dji_dat_walk *w, struct dji_dat_record *ret)
{
    if (join_pieces(w, ret))
        return true;
    if (w->at < w->area.len) {
        size_t length = record_length(w, w->at);
        if (length == 0 && take_gap(w) && join_pieces(w, ret))
            return true;
        if (length == 0 && w->at < w->area.len)
            length = record_length(w, w->at);
        if (length > 0) {
            fill_record(bytes_part(w->area, w->at, length), ret);
            w->at += length;
            return true;
        }
    }
    return false;
}

uint64_t dji_dat_walk_first_lost(const struct dji_dat_walk *w)
{
    return !w->lost_known && w->pieces_len > 0 ? w->piece_origin[0] : w->first_lost;
}
