/* An ArduPilot log from end to end, binary or text.
 *
 *   binary   A3 95, type u8, content; FMT (0x80, 89 bytes): type u8, length u8 of the whole record,
 *            name 4, letters 16, columns 64
 *   text     NAME, value, value ...; FMT, type, length, name, letters, columns separated by commas */
#include "flightlog/dataflash.h"

#include <string.h>

#include "flightlog/dataflash_frame.h"
#include "flightlog/dataflash_records.h"

enum { LOOK_AHEAD_BYTES = 4 << 20, PASSED_STEP = 1 << 20, LINE_MAX_BYTES = 4096, TEXT_LOOK_BYTES = 4096, NAMES = 1024,
       LOGS_MAX = 64 }; /* one behind the other in one file; more are read as one */

bool dataflash_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "\xa3\x95\x80", DATAFLASH_HEAD);
}

/* What a FMT record is, before one told so. */
static bool define_fmt(struct dataflash_log *log, struct dataflash_format *ret)
{
    memset(ret, 0, sizeof *ret);
    return dataflash_format_set(ret, log->r->arena, DATAFLASH_FMT, DATAFLASH_FMT_BYTES, TEXT("FMT"), TEXT("BBnNZ"),
                                TEXT("Type,Length,Name,Format,Columns"));
}

static void take_definition(struct dataflash_log *log, struct dataflash_walk *walk, const struct dataflash_format *fmt,
                            const struct dataflash_record *record)
{
    struct dataflash_format fmt_copy = *fmt;
    struct dataflash_record of_fmt = *record;

    of_fmt.format = &fmt_copy;
    const struct dataflash_format *defined = dataflash_records_define(log, &of_fmt);
    if (defined && defined->type != DATAFLASH_FMT)
        walk->bytes[defined->type] = defined->bytes;
    log->fmt_records++;
}

/* `record` is the same for all frames: in a binary log its values stay empty, and need not be emptied for each. */
static void take_frame(struct dataflash_log *log, struct dataflash_walk *walk, const struct dataflash_format *fmt,
                       const struct dataflash_frame *frame, struct dataflash_record *record)
{
    record->format = &log->formats[frame->type];
    record->where = frame->whole;
    record->body = bytes_part(frame->whole, DATAFLASH_HEAD, UINT64_MAX);
    if (frame->type == DATAFLASH_FMT) {
        take_definition(log, walk, fmt, record);
    } else if (record->format->known) {
        record->format->records++;
        dataflash_records_take(log, record);
    }
}

/* A gap that begins like a record of a type that no FMT told. */
static void count_unknown(struct dataflash_log *log, struct bytes whole, const struct dataflash_frame *frame)
{
    const struct bytes lost = bytes_part(whole, frame->lost_at - whole.origin, frame->lost_bytes);

    if (lost.len >= DATAFLASH_HEAD && bytes_start_with(lost, "\xa3\x95", 2) && !log->formats[lost.at[2]].known &&
        lost.at[2] != DATAFLASH_FMT)
        log->unknown[lost.at[2]]++;
}

/* A log begins with the layout of the records that tell layouts, and writes that once. */
static bool begins_log(const struct dataflash_log *log, const struct dataflash_frame *frame)
{
    return frame->type == DATAFLASH_FMT && log->splits && log->records > 0 && frame->whole.len > DATAFLASH_HEAD &&
           frame->whole.at[DATAFLASH_HEAD] == DATAFLASH_FMT;
}

/* Where another log begins within a record that was cut off, and has swallowed its first one: then the second one
 * follows, which is a layout, too.  0: nowhere. */
static size_t swallowed_log(const struct dataflash_log *log, struct bytes whole, size_t behind, struct bytes record)
{
    if (!log->splits || log->records == 0 || !bytes_start_with(bytes_part(whole, behind, DATAFLASH_HEAD),
                                                               "\xa3\x95\x80", DATAFLASH_HEAD))
        return 0;
    const uint8_t *at = memmem(record.at, record.len, "\xa3\x95\x80\x80\x59" "FMT", 8);
    return at && at > record.at ? (size_t)(at - whole.at) : 0;
}

static bool walk_binary(struct dataflash_log *log, struct bytes whole)
{
    struct dataflash_walk walk;
    struct dataflash_frame frame;
    struct dataflash_format fmt;
    struct dataflash_record record = { .is_text = false };
    size_t passed = 0;

    if (!define_fmt(log, &fmt))
        return false;
    dataflash_walk_init(&walk, whole);
    while (dataflash_walk_next(&walk, &frame)) {
        if (frame.lost_bytes > 0 && !log->looking_ahead) {
            count_unknown(log, whole, &frame);
            log_gap_begin(&log->gap, log->r, frame.lost_at, frame.lost_bytes, log->clock.last_us);
        }
        if (begins_log(log, &frame)) {
            log->next_log = frame.whole.origin - whole.origin;
            frame.lost_bytes = 0;
            break;
        }
        if ((log->next_log = swallowed_log(log, whole, walk.at, frame.whole)) > 0) {
            frame.lost_at = frame.whole.origin;
            frame.lost_bytes = whole.origin + log->next_log - frame.whole.origin;
            frame.lost_to_cut = true;
            break;
        }
        take_frame(log, &walk, &fmt, &frame, &record);
        if (log->looking_ahead && fact_known_int(log->clock.utc_offset_ns) && fact_known_int(log->sources.last_us[0]))
            return false;
        if (log->r->passed && !log->looking_ahead && walk.at - passed >= PASSED_STEP) {
            passed = walk.at;
            log->r->passed(log->r, whole.origin + passed);
        }
    }
    if (log->looking_ahead)
        return false;
    log_gap_tell(&log->gap, log->r, FACT_UNKNOWN_INT);
    if (frame.lost_bytes > 0)
        reading_damage(log->r, frame.lost_at, (int64_t)frame.lost_bytes, frame.lost_to_cut ? 1 : FACT_UNKNOWN_INT,
                       frame.lost_to_cut
                           ? "the log ends inside its last record" : "no record of the log in its last bytes");
    return frame.lost_bytes > 0 && frame.lost_to_cut;
}

/* Names of up to four characters are numbers. */
static uint32_t name_key(struct text name)
{
    uint32_t key = 0;

    for (size_t i = 0; i < name.len; i++)
        key = key << 8 | (uint8_t)name.at[i];
    return key;
}

/* Formats of a text log by name: open addressing, at most half of the places are taken. */
struct name_table {
    size_t count;
    uint32_t key[NAMES];
    struct dataflash_format *format[NAMES];
};

static struct dataflash_format **place_of(struct name_table *t, struct text name)
{
    const uint32_t key = name_key(name);
    uint32_t i = key * UINT32_C(2654435761) >> 22;

    while (t->format[i] && t->key[i] != key)
        i = (i + 1) % NAMES;
    t->key[i] = key;
    return &t->format[i];
}

/* Only a text holds commas and words: else the line goes on with another, as where it was cut off.  `behind`: what
 * stands behind the name. */
static bool ends_with_its_value(const struct dataflash_record *record, struct text behind)
{
    if (record->format->count == 0)
        return dataflash_value(&behind).len == 0 && behind.len == 0;
    const unsigned last = record->format->count - 1;
    const struct text value = record->values[last];
    const char first = value.len > 0 ? value.at[0] : '0';

    return strchr("nNZ", record->format->letters[last]) ||
           ((first <= '9' || strchr("nNiI", first)) && (value.len == 0 || !memchr(value.at, ',', value.len))); /* nan, NaN, inf */
}

/* False: no line of a log. */
static bool take_line(struct dataflash_log *log, struct name_table *names, struct dataflash_format *fmt,
                      struct bytes line)
{
    struct text rest = text_of_bytes(line);
    const struct text name = dataflash_value(&rest);
    struct dataflash_record record = { .where = line };

    if (log->fmt_records == 0 && dataflash_records_title(log, line))
        return true;
    if (name.len == 0 || name.len > DATAFLASH_NAME_MAX)
        return false;
    if (text_equal(name, TEXT("FMT"))) {
        record.format = fmt;
        dataflash_split(&record, rest);
        struct dataflash_format *defined = dataflash_records_define(log, &record);
        struct dataflash_format **place = defined ? place_of(names, defined->name) : NULL;
        if (place && (*place || names->count < NAMES / 2)) {
            names->count += !*place;
            *place = defined;
        }
        log->fmt_records++;
        return true;
    }
    record.format = *place_of(names, name);
    if (!record.format || !text_equal(record.format->name, name))
        return false;
    dataflash_split(&record, rest);
    if (record.value_count != record.format->count || !ends_with_its_value(&record, rest))
        return false;
    record.format->records++;
    dataflash_records_take(log, &record);
    return true;
}

/* The next line without its end; nothing is longer than a record can be, written out. */
static struct bytes next_line(struct bytes whole, size_t *at)
{
    const uint8_t *end = memchr(whole.at + *at, '\n', whole.len - *at);
    struct bytes line = bytes_part(whole, *at, end ? (uint64_t)(end - whole.at) - *at : UINT64_MAX);

    *at += line.len + (end ? 1 : 0);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool is_first_line(struct bytes line)
{
    struct text rest = text_of_bytes(line);

    return line.len > 0 && line.at[0] == 'F' && text_equal(dataflash_value(&rest), TEXT("FMT")) &&
           text_equal(dataflash_value(&rest), TEXT("128")) && text_equal(dataflash_value(&rest), TEXT("89"));
}

/* Where another log begins in a line that was cut off; 0: nowhere. */
static size_t log_inside(struct bytes line)
{
    static const char first[] = "FMT, 128, 89,";
    const uint8_t *at = line.len > 0 ? memmem(line.at, line.len, first, sizeof first - 1) : NULL;

    return at ? (size_t)(at - line.at) : 0;
}

static void walk_text(struct dataflash_log *log, struct bytes whole)
{
    struct name_table *names = arena_alloc(log->r->arena, 1, sizeof *names);
    struct dataflash_format fmt;
    size_t at = 0, passed = 0;

    if (!names || !define_fmt(log, &fmt))
        return;
    while (at < whole.len) {
        const struct bytes line = next_line(whole, &at);
        if (log->splits && log->records > 0 && is_first_line(line)) {
            log->next_log = line.origin - whole.origin;
            break;
        }
        const bool good = line.len == 0 || (line.len <= LINE_MAX_BYTES && take_line(log, names, &fmt, line));
        const size_t inside = good || !log->splits || log->records == 0 ? 0 : log_inside(line);
        if (inside > 0) {
            if (!log->looking_ahead)
                log_gap_line(&log->gap, log->r, bytes_part(line, 0, inside), log->clock.last_us);
            log->next_log = line.origin + inside - whole.origin;
            break;
        }
        if (!good && !log->looking_ahead)
            log_gap_line(&log->gap, log->r, line, log->clock.last_us);
        if (log->looking_ahead && fact_known_int(log->clock.utc_offset_ns) && fact_known_int(log->sources.last_us[0]))
            return;
        if (log->r->passed && !log->looking_ahead && at - passed >= PASSED_STEP) {
            passed = at;
            log->r->passed(log->r, whole.origin + passed);
        }
    }
    if (log->looking_ahead)
        return;
    if (log->gap.bytes > 0 && at == whole.len && log->gap.at + log->gap.bytes == whole.origin + whole.len) {
        reading_damage(log->r, log->gap.at, (int64_t)log->gap.bytes, log->gap.records,
                       "no record of the log in its last bytes: it may be cut off");
        log->gap.bytes = 0;
    }
    log_gap_tell(&log->gap, log->r, FACT_UNKNOWN_INT);
}

/* Which positions there are, and what UTC is, shows only after the first ones: the log's beginning is
 * read twice. */
static void look_ahead(struct dataflash_log *log, struct bytes whole, bool is_text)
{
    struct dataflash_log *ahead = arena_alloc(log->r->arena, 1, sizeof *ahead);
    const struct bytes beginning = bytes_part(whole, 0, LOOK_AHEAD_BYTES);

    if (!ahead)
        return;
    dataflash_records_begin(ahead, log->r);
    ahead->looking_ahead = true;
    ahead->splits = log->splits;
    if (is_text)
        walk_text(ahead, beginning);
    else
        (void)walk_binary(ahead, beginning);
    log->clock.utc_offset_ns = log->clock.newest_offset_ns = ahead->clock.utc_offset_ns;
    for (unsigned i = 0; i < ahead->sources.count; i++)
        if (fact_known_int(ahead->sources.last_us[i]))
            path_sources_expect(&log->sources, i, ahead->sources.last_us[i]);
}

/* Reads up to where the next log begins, when `others` are expected; gives that in ret_end. */
static enum parse_status read_one(struct reading *r, struct bytes whole, bool is_text, bool others, size_t *ret_end)
{
    struct dataflash_log *log = arena_alloc(r->arena, 1, sizeof *log);
    bool cut = false;

    *ret_end = whole.len;

    if (!log)
        return PARSE_UNSUPPORTED;
    dataflash_records_begin(log, r);
    log->splits = others;
    look_ahead(log, whole, is_text);
    flight_rows_begin(&log->rows, r, "dataflash");
    if (is_text)
        walk_text(log, whole);
    else
        cut = walk_binary(log, whole);
    if (log->next_log > 0)
        *ret_end = log->next_log;
    dataflash_records_put_flight(log, bytes_part(whole, 0, *ret_end), is_text);
    return cut ? PARSE_TRUNCATED : PARSE_OK;
}

static enum parse_status read_log(struct reading *r, struct bytes whole, bool is_text)
{
    enum parse_status status = PARSE_OK;
    size_t end;

    for (int logs = 1; logs == 1 || whole.len > 0; logs++, whole = bytes_part(whole, end, UINT64_MAX)) {
        const enum parse_status one = read_one(r, whole, is_text, logs < LOGS_MAX, &end);
        status = status == PARSE_OK ? one : status;
    }
    return status;
}

enum parse_status dataflash_read(struct reading *r, struct bytes whole)
{
    return dataflash_recognise(whole) ? read_log(r, whole, false) : PARSE_INVALID;
}

/* Some programs put lines about themselves before the first FMT. */
bool dataflash_text_recognise(struct bytes whole)
{
    const struct bytes look = bytes_part(whole, 0, TEXT_LOOK_BYTES);
    size_t at = 0;

    while (at < look.len) {
        if (is_first_line(next_line(look, &at)))
            return true;
    }
    return false;
}

enum parse_status dataflash_text_read(struct reading *r, struct bytes whole)
{
    return dataflash_text_recognise(whole) ? read_log(r, whole, true) : PARSE_INVALID;
}
