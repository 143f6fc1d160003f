/* One flight record from end to end: summary, records, pictures, rows.  The formats of
 * its parts are in dji_txt_frame.c, dji_txt_details.c and dji_txt_records.c. */
#include "flightlog/dji_txt.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/dji_product.h"
#include "flightlog/dji_txt_path.h"
#include "flightlog/dji_txt_records.h"
#include "flightlog/dji_txt_rows.h"

enum { PASSED_STEP = 1 << 20, FIRST_AES_VERSION = 13, KEY_CHANGE = 50 };

/* Where the details are, unmasked into `into` when they are masked. */
static struct bytes details_bytes(const struct dji_txt_layout *layout, const struct dji_txt_keys *keys, uint8_t *into)
{
    if (!layout->details_masked)
        return layout->details;
    return dji_txt_details_of_block(dji_txt_unmask(keys, 0, &layout->details, into));
}

bool dji_txt_recognise(struct bytes whole)
{
    struct dji_txt_layout layout;
    struct dji_txt_details details;
    struct dji_txt_keys keys;
    uint8_t block[DJI_TXT_CONTENT_MAX + 8];

    if (!dji_txt_layout_read(whole, &layout))
        return false;
    if (layout.details_masked)
        dji_txt_keys_init(&keys);
    if (layout.details.len > 0 && dji_txt_details_read(details_bytes(&layout, &keys, block), layout.version, &details))
        return true;
    return dji_txt_walk_probe(layout.records, layout.wide);
}

/* A number that all summaries of real logs have; its name among the fields says check sum, which it is not. */
static bool has_mark(struct bytes details)
{
    enum { MARK_AT = 87, MARK = 12345 };
    struct cursor c = cursor_over(bytes_part(details, MARK_AT, 4));

    return cursor_u32le(&c) == MARK;
}

/* Bytes that were put in or taken out move the summary of an old log away from where its offset says, and the end of
 * its records with it: it stands at the end of the file.  Else the records may go on to there. */
static bool find_moved_details(struct dji_txt_log *log, struct dji_txt_layout *layout, struct bytes whole)
{
    const uint64_t from = layout->records.origin - whole.origin, length = layout->details_length;

    if (layout->pictures_at_file_end || layout->unclosed ||
        layout->details.origin + length == whole.origin + whole.len) /* it is where it should be */
        return false;
    const struct bytes end = bytes_part(whole, whole.len - (length < whole.len ? length : whole.len), UINT64_MAX);
    if (length == 0 || whole.len < from + length || !has_mark(end) ||
        !dji_txt_details_read(end, log->version, &log->details)) {
        if (!layout->cut && layout->details.len == length) { /* bytes stand behind what should be the summary */
            layout->moved = true;
            layout->records = bytes_part(whole, from, UINT64_MAX);
        }
        return false;
    }
    layout->moved = true;
    layout->details = end;
    layout->records = bytes_part(whole, from, whole.len - length - from);
    layout->cut = false;
    reading_damage(log->r, end.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                   "the flight record's summary does not stand where it "
                   "should: bytes were put in ahead of it, or are missing there");
    return true;
}

static void read_details(struct dji_txt_log *log, struct dji_txt_layout *layout, struct bytes whole)
{
    uint8_t *block = NULL;

    if (layout->details_masked)
        block = arena_alloc(log->r->arena, 1, DJI_TXT_CONTENT_MAX + 8);
    if (layout->details.len > 0 && (block || !layout->details_masked)) {
        const struct bytes at = details_bytes(layout, &log->keys, block);
        log->details_believed = dji_txt_details_read(at, log->version, &log->details);
    }
    if (!log->details_believed)
        log->details_believed = find_moved_details(log, layout, whole);
    if (log->details_believed)
        return;
    dji_txt_details_init(&log->details);
    if (layout->unclosed)
        reading_damage(log->r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the app never closed this flight record: it has no summary");
    else if (layout->details.len == 0)
        reading_damage(log->r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the flight record's summary lies outside the file: cut off, or its offset is damaged");
    else
        reading_damage(log->r, layout->details.origin, (int64_t)layout->details.len, FACT_UNKNOWN_INT,
                       "the flight record's summary is damaged and was not used");
}

/* The pictures end the records of old versions and the file of new ones; their lengths
 * are believed when a JPEG begins where they say.  SIZE_MAX when it does not. */
static size_t pictures_start(const struct dji_txt_log *log, const struct dji_txt_layout *layout, struct bytes whole)
{
    const struct bytes area = layout->records;
    uint64_t sum = 0;

    for (int i = 0; i < 2 * DJI_TXT_PICTURES; i++)
        sum += log->details.picture_bytes[i];
    if (!log->details_believed || sum > area.len || (layout->unclosed && !layout->pictures_at_file_end))
        return SIZE_MAX;
    const uint64_t at = area.origin - whole.origin + area.len - sum;
    if (sum > 0 && !bytes_start_with(bytes_part(whole, at, 2), "\xff\xd8", 2))
        return SIZE_MAX;
    return at;
}

/* True when a picture is cut off. */
static bool give_pictures(struct dji_txt_log *log, struct bytes whole, uint64_t at, uint64_t end)
{
    struct bytes rest = bytes_part(whole, at, end - at);
    bool cut = false;

    for (unsigned i = 0; i < 2 * DJI_TXT_PICTURES; i++) {
        const uint32_t length = log->details.picture_bytes[i];
        const struct bytes picture = bytes_part(rest, 0, length);
        if (length == 0)
            continue;
        if (picture.len < length) {
            reading_damage(log->r, rest.origin, (int64_t)(length - picture.len), FACT_UNKNOWN_INT,
                           "a picture in the flight record is cut off");
            cut = true;
        }
        if (picture.len == 0)
            continue;
        if (!bytes_start_with(picture, "\xff\xd8", 2))
            reading_damage(log->r, picture.origin, (int64_t)picture.len, FACT_UNKNOWN_INT,
                           "no picture where the flight record's summary says one is");
        else if (log->r->member)
            log->r->member(log->r, arena_printf(log->r->arena, "%spicture-%u.jpg",
                                                i < DJI_TXT_PICTURES ? "" : "small-", i % DJI_TXT_PICTURES +
                                                    1), picture);
        rest = bytes_part(rest, length, UINT64_MAX);
    }
    return cut;
}

/* What was passed over ahead of this record, or of the end, where none follows; `records` came before. */
static void tell_lost(struct dji_txt_log *log, const struct dji_txt_walk *walk, const struct dji_txt_record *record,
                      bool follows, int64_t records)
{
    const uint64_t lost_at = record->offset - (follows ? record->lost_before : 0);
    const int64_t read_bytes =
        (int64_t)(lost_at - walk->area.origin) - (int64_t)(walk->lost_bytes - record->lost_before);
    const int64_t some = read_bytes > 0
        ? (int64_t)((double)record->lost_before * (double)records / (double)read_bytes) : 0;

    if (follows && some > 0)
        reading_damage(log->r, lost_at, (int64_t)record->lost_before, FACT_UNKNOWN_INT,
                       "no flight record in these bytes, some %" PRId64 " by the others' length; reading goes on behind them", some);
    else
        reading_damage(log->r, lost_at, (int64_t)record->lost_before, FACT_UNKNOWN_INT,
                       follows ? "no flight record in these bytes; reading goes on behind them" : "the last flight record is cut off or damaged");
}

/* True when the records end in the middle of one. */
static bool walk_records(struct dji_txt_log *log, struct dji_txt_walk *walk)
{
    struct dji_txt_record record;
    uint64_t passed = 0;
    int64_t records = 0;
    bool more;

    do {
        more = dji_txt_walk_next(walk, &record);
        if (record.lost_before > 0)
            tell_lost(log, walk, &record, more, records);
        if (more)
            dji_txt_records_take(log, &record);
        records++;
        if (log->r->passed && record.offset - passed >= PASSED_STEP) {
            passed = record.offset;
            log->r->passed(log->r, passed);
        }
    } while (more);
    dji_txt_path_end(log);
    return walk->cut;
}

/* Where an old log ends, from its own offsets; all of `whole` when they do not say. */
static size_t log_extent(struct bytes whole)
{
    struct dji_txt_layout layout;

    if (!dji_txt_layout_read(whole, &layout) || layout.pictures_at_file_end || layout.details.len == 0)
        return whole.len;
    return layout.details.origin - whole.origin + layout.details.len;
}

/* What stands behind the end of an old log: nothing, or more logs. */
static void read_behind(struct dji_txt_log *log, struct bytes whole)
{
    struct bytes behind = bytes_part(whole, log_extent(whole), UINT64_MAX);

    for (unsigned n = 1; log->details_believed && behind.len > 0; n++) {
        if (!log->r->member || !dji_txt_recognise(behind)) {
            reading_damage(log->r, behind.origin, (int64_t)behind.len, FACT_UNKNOWN_INT,
                           "bytes behind the end of the flight record");
            return;
        }
        const size_t extent = log_extent(behind);
        log->r->member(log->r, arena_printf(log->r->arena, "appended-flight-record-%u.txt", n),
                       bytes_part(behind, 0, extent));
        behind = bytes_part(behind, extent, UINT64_MAX);
    }
}

/* A log of these versions that was closed has a number behind its last record. */
static bool lacks_trailer(struct dji_txt_log *log, const struct dji_txt_layout *layout, const struct dji_txt_walk *walk)
{
    if (log->version < FIRST_AES_VERSION || layout->unclosed || walk->has_trailer)
        return false;
    reading_damage(log->r, walk->area.origin + walk->at, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                   "the number that closes the records is missing: the flight record may be cut off");
    return true;
}

/* How many of the first encrypted records open with the keys, and how many there are. */
static void try_keys(struct dji_txt_log *log, const struct dji_txt_layout *layout, struct bytes area, int *opened,
                     int *all)
{
    enum { TRIES = 64 };
    struct dji_txt_record record;
    struct dji_txt_walk walk;
    struct bytes plain;

    *opened = *all = 0;
    dji_txt_walk_init(&walk, area, layout->wide);
    while (*all < TRIES && dji_txt_walk_next(&walk, &record)) {
        const uint8_t feature = dji_cipher_feature(log->version, record.type);
        if (record.lost_before > 0)
            dji_cipher_gap(&log->cipher);
        if (record.type == KEY_CHANGE)
            dji_cipher_change(&log->cipher);
        const struct bytes sealed = dji_txt_unmask(&log->keys, record.type, &record.body, log->content);
        if (feature && sealed.len > 0 && sealed.len % DJI_IV_BYTES == 0) {
            ++*all;
            *opened += dji_cipher_open(&log->cipher, feature, sealed, log->plain, &plain);
        }
    }
}

/* An answer of the service does not say which flight record it is for: the file whose keys open most is
 * taken, unless what it opens may be chance (a wrong key gives good padding once in 250 times). */
static void choose_keys(struct dji_txt_log *log, const struct dji_txt_layout *layout, struct bytes area)
{
    const struct reading_options *options = log->r->options;
    const struct dji_keychains *best = NULL;
    int most = 0;

    if (log->version < FIRST_AES_VERSION)
        return;
    for (size_t i = 0; i < options->dji_keychain_count; i++) {
        int opened, all;
        dji_cipher_begin(&log->cipher, &options->dji_keychains[i]);
        try_keys(log, layout, area, &opened, &all);
        if (opened > most && opened * 4 >= all) {
            most = opened;
            best = &options->dji_keychains[i];
        }
    }
    dji_cipher_begin(&log->cipher, best);
    log->keys_do_not_fit = options->dji_keychain_count > 0 && !best;
}

enum parse_status dji_txt_read(struct reading *r, struct bytes whole)
{
    struct dji_txt_layout layout;
    struct dji_txt_log *log;

    if (!dji_txt_layout_read(whole, &layout))
        return PARSE_INVALID;
    log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log)
        return PARSE_UNSUPPORTED;
    log->r = r;
    log->version = layout.version;
    log->masked = layout.masked;
    dji_txt_keys_init(&log->keys);
    read_details(log, &layout, whole);
    log->flight = fact_reserve(r->facts, FACT_FLIGHT);
    dji_txt_records_begin(log);

    const size_t pictures = pictures_start(log, &layout, whole);
    const uint64_t area_end = layout.records.origin - whole.origin + layout.records.len;
    struct bytes area = layout.records;
    struct dji_txt_walk walk;
    if (pictures != SIZE_MAX)
        area.len = pictures - (layout.records.origin - whole.origin);
    choose_keys(log, &layout, area);
    dji_txt_walk_init(&walk, area, layout.wide);
    walk.stop_at_pictures = pictures == SIZE_MAX;
    bool cut = walk_records(log, &walk);
    cut = cut || lacks_trailer(log, &layout, &walk);
    dji_txt_put_rows(log, &layout);

    if (pictures != SIZE_MAX) {
        cut |= give_pictures(log, whole, pictures, area_end);
    } else if (walk.stopped_at_picture && log->details_believed) {
        cut |= give_pictures(log, whole, walk.pictures_from - whole.origin, area_end);
    } else if (log->details_believed && layout.pictures_at_file_end) {
        cut |= give_pictures(log, whole, area_end, area_end); /* says that they are missing */
    } else if (walk.stopped_at_picture) {
        reading_damage(r, walk.pictures_from, (int64_t)(whole.origin + area_end - walk.pictures_from), FACT_UNKNOWN_INT,
                       "pictures whose lengths were in the missing summary");
    }
    if (!layout.moved)
        read_behind(log, whole);
    return layout.cut || cut ? PARSE_TRUNCATED : PARSE_OK;
}
