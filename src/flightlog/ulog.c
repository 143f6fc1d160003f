/* ULog from end to end; little-endian.  Source: docs.px4.io, ULog File Format.
 *
 *   header (16)   55 4C 6F 67 01 12 35, version u8 (0, 1), start u64 us
 *   B flags       8 bytes compatible, 8 bytes incompatible (byte 0 bit 0: data appended), 3 offsets u64
 *   F format      "name:type field;type[n] field;..."
 *   I information key length u8, "type name", value;  M the same in parts: continued u8 before it
 *   P parameter   as I, i32 or float;  Q default: flags u8 before it
 *   A subscribe   instance u8, data id u16, name of the format;  R unsubscribe: data id u16
 *   D data        data id u16, fields in their order, filling at the end left out
 *   L message     level u8 ('0'-'7'), time u64 us, text;  C tagged: tag u16 behind the level
 *   S sync        8 fixed bytes;  O dropout: ms u16 that the logger could not write */
#include "flightlog/ulog.h"

#include <inttypes.h>

#include "flightlog/ulog_note.h"
#include "flightlog/ulog_topics.h"

enum {
    MAGIC_BYTES = 7, VERSION_OFFSET = 7, START_OFFSET = 8, VERSION_MAX = 1, COMPATIBLE = 8, INCOMPATIBLE_APPENDED = 1,
    LOOK_AHEAD_BYTES = 4 << 20, PASSED_STEP = 1 << 20, TEXT_MAX = 512,
    LOGS_MAX = 64, /* one behind the other in one file; more are read as one */
};

bool ulog_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "ULog\x01\x12\x35", MAGIC_BYTES);
}

static void bad_record(struct ulog_log *log, const struct ulog_record *record, const char *what)
{
    if (!log->looking_ahead)
        reading_damage(log->r, record->offset, (int64_t)(ULOG_HEAD + record->content.len), 1, "%s", what);
}

static void take_flags(struct ulog_log *log, const struct ulog_record *record)
{
    struct cursor c = cursor_over(record->content);
    uint64_t offsets[ULOG_APPENDED_MAX];

    cursor_skip(&c, COMPATIBLE);
    const uint64_t incompatible = cursor_u64le(&c);
    for (int i = 0; i < ULOG_APPENDED_MAX; i++)
        offsets[i] = cursor_u64le(&c);
    if (c.failed)
        return;
    if (incompatible & ~(uint64_t)INCOMPATIBLE_APPENDED && !log->looking_ahead)
        reading_damage(log->r, record->offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the log is marked as changed in a way that leash does not know (0x%" PRIx64 "): what is shown may be incomplete",
                       incompatible);
    if (!(incompatible & INCOMPATIBLE_APPENDED) || log->walk.part_count > 1)
        return;
    const unsigned left_out = ulog_walk_appended(&log->walk, offsets);
    if (left_out > 0 && !log->looking_ahead)
        reading_damage(log->r, record->offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "%u of the places where data was appended do not lie in the log: cut off or damaged", left_out);
}

static void forget_subscription(struct ulog_log *log, uint16_t id)
{
    log->subscription_of[id] = 0;
    ulog_walk_expect(&log->walk, id, 0, 0);
}

static void take_subscription(struct ulog_log *log, const struct ulog_record *record)
{
    struct cursor c = cursor_over(record->content);
    const uint8_t instance = cursor_u8(&c);
    const uint16_t id = cursor_u16le(&c);
    const struct text name = text_of_bytes(c.rest);
    struct ulog_format *format = ulog_formats_find(log->formats, name);
    const uint32_t bytes = format ? ulog_format_bytes(log->formats, format) : 0;

    if (bytes == 0 || log->subscription_count == ULOG_SUBSCRIPTIONS_MAX) {
        bad_record(log, record,
                   bytes == 0 ? "a topic is recorded whose format the log does not define: its records cannot be read"
                                           : "more topics than a log can have");
        return;
    }
    struct ulog_subscription *s = &log->subscriptions[log->subscription_count++];
    *s = (struct ulog_subscription){ .format = format, .instance = instance, .id = id };
    ulog_topics_subscribe(log, s);
    log->subscription_of[id] = (uint16_t)log->subscription_count;
    ulog_walk_expect(&log->walk, id, bytes - ulog_format_filling(log->formats, format), bytes);
}

static void take_data(struct ulog_log *log, const struct ulog_record *record)
{
    const uint16_t id = (uint16_t)(record->content.at[0] | record->content.at[1] << 8);
    const struct bytes data = bytes_part(record->content, 2, UINT64_MAX);
    struct ulog_subscription *s = log->subscription_of[id] ? &log->subscriptions[log->subscription_of[id] - 1] : NULL;

    if (record->misfit || !s) {
        if (s) {
            log->misfits++;
            bad_record(log, record, "a data record is not as long as its format says");
        } else {
            log->unknown_ids++;
        }
        return;
    }
    s->records++;
    log->data_records++;
    const int64_t at_us = ulog_int(data, s->timestamp);
    log_gap_over(&log->gap, log->r, at_us);
    boot_clock_follow(&log->clock, at_us);
    if (s->topic)
        ulog_topics_take(log, s, data, record);
}

/* Key length u8, key "type name", value. */
static bool key_and_value(struct bytes content, struct text *ret_type, struct text *ret_name, struct bytes *ret_value)
{
    struct cursor c = cursor_over(content);
    const struct text key = text_of_bytes(cursor_take(&c, cursor_u8(&c)));
    const char *blank = key.len ? memchr(key.at, ' ', key.len) : NULL;

    if (c.failed || !blank)
        return false;
    *ret_type = (struct text){ key.at, (size_t)(blank - key.at) };
    *ret_name = (struct text){ blank + 1, key.len - ret_type->len - 1 };
    *ret_value = c.rest;
    return true;
}

static void take_information(struct ulog_log *log, const struct ulog_record *record)
{
    const struct { const char *name; struct text *kept; } wanted[] = {
        { "sys_uuid", &log->sys_uuid }, { "ver_hw", &log->hardware }, { "sys_name", &log->system }, { "ver_sw", &log->firmware },
        { "ver_sw_branch", &log->branch }, { "sys_os_name", &log->os },
    };
    struct text type, name;
    struct bytes value;

    if (!key_and_value(record->content, &type, &name, &value)) {
        bad_record(log, record, "information that makes no sense");
        return;
    }
    log->infos++;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (text_equal(name, text_of(wanted[i].name)) && !text_known(*wanted[i].kept)) {
            *wanted[i].kept = arena_text(log->r->arena, text_of_padded(bytes_part(value, 0, TEXT_MAX)));
            if (i == 0)
                log->uuid_origin = fact_origin_at(record->offset, ULOG_HEAD + record->content.len);
        }
    if (text_equal(name, TEXT("ver_sw_release")) && value.len == 4) {
        struct cursor c = cursor_over(value);
        log->release = cursor_u32le(&c);
    }
}

static void take_parameter(struct ulog_log *log, const struct ulog_record *record)
{
    struct text type, name;
    struct bytes value;

    if (!key_and_value(record->content, &type, &name, &value) || value.len != 4) {
        bad_record(log, record, "a parameter that makes no sense");
        return;
    }
    if (log->data_records > 0)
        log->parameters_changed++;
    else
        log->parameters++;
}

static void take_message(struct ulog_log *log, const struct ulog_record *record)
{
    struct cursor c = cursor_over(record->content);

    const uint8_t level = cursor_u8(&c); /* a digit */
    cursor_skip(&c, record->type == 'C' ? 2 : 0);
    const int64_t at_us = cursor_i64le(&c);
    if (c.failed)
        return;
    const struct log_message message = {
        .text = text_of_bytes(c.rest), .level = log_message_level((unsigned)level - '0'), .time =
            boot_clock_time(&log->clock, at_us),
        .since_us = log_messages_since(log->clock.first_us,
                                       at_us), .origin = fact_origin_at(record->offset,
                                                                        ULOG_HEAD + record->content.len),
    };
    log_messages_add(&log->messages, log->r->facts, log->rows.row.head.number, &message);
}

static void take_dropout(struct ulog_log *log, const struct ulog_record *record)
{
    struct cursor c = cursor_over(record->content);

    log->dropouts++;
    log->dropped_ms += cursor_u16le(&c);
}

/* Everything but data records, which are nearly all. */
static void take_other(struct ulog_log *log, const struct ulog_record *record)
{
    switch (record->type) {
    case 'F':
        if (!ulog_formats_add(log->formats, record->content))
            bad_record(log, record, "a format that makes no sense");
        break;
    case 'A': take_subscription(log, record); break;
    case 'B': take_flags(log, record); break;
    case 'I': take_information(log, record); break;
    case 'M': log->info_parts++; break;
    case 'P': take_parameter(log, record); break;
    case 'Q': log->parameter_defaults++; break;
    case 'L':
    case 'C': take_message(log, record); break;
    case 'O': take_dropout(log, record); break;
    case 'R': forget_subscription(log, (uint16_t)(record->content.at[0] | record->content.at[1] << 8)); break;
    case 'S':
    case ULOG_PART_BEGINS: break;
    default:  log->unknown_types++; break;
    }
}

static bool begin(struct ulog_log *log, struct reading *r, struct bytes whole)
{
    struct cursor header = cursor_over(bytes_part(whole, START_OFFSET, 8));
    const int64_t start_us = cursor_i64le(&header);

    log->r = r;
    log->formats = ulog_formats_new(r->arena);
    log->subscriptions = arena_alloc(r->arena, ULOG_SUBSCRIPTIONS_MAX, sizeof *log->subscriptions);
    log->release = FACT_UNKNOWN_INT;
    boot_clock_init(&log->clock, start_us > 0 ? start_us : FACT_UNKNOWN_INT);
    path_sources_init(&log->sources, ulog_sources, ulog_source_count);
    ulog_walk_init(&log->walk, whole);
    return log->formats && log->subscriptions;
}

/* Which sources of positions there are, and what UTC is, shows only after the first positions: the log's
 * beginning is read twice. */
static void look_ahead(struct ulog_log *log, struct reading *r, struct bytes whole)
{
    struct ulog_log *ahead = arena_alloc(r->arena, 1, sizeof *ahead);
    struct ulog_record record;

    if (!ahead || !begin(ahead, r, bytes_part(whole, 0, LOOK_AHEAD_BYTES)))
        return;
    ahead->looking_ahead = true;
    while (ulog_walk_next(&ahead->walk, &record)) {
        if (record.type == 'D')
            take_data(ahead, &record);
        else if (record.type == 'F' || record.type == 'A' || record.type == 'R')
            take_other(ahead, &record);
        if (fact_known_int(ahead->clock.utc_offset_ns) && fact_known_int(ahead->sources.last_us[0]))
            break;
    }
    log->clock.utc_offset_ns = log->clock.newest_offset_ns = ahead->clock.utc_offset_ns;
    for (unsigned i = 0; i < ahead->sources.count; i++)
        if (fact_known_int(ahead->sources.last_us[i]))
            path_sources_expect(&log->sources, i, ahead->sources.last_us[i]);
}

/* Where the next log begins among bytes that fit no record of this one, when files were put one behind the other or
 * into one another; the length of `whole` when it is nowhere. */
static size_t next_log(struct bytes whole, size_t from, uint64_t to)
{
    const struct bytes look = bytes_part(whole, from > 0 ? from : 1, to - from + MAGIC_BYTES);

    for (const uint8_t *at = look.at; (at = memmem(at, (size_t)(look.at + look.len - at), "ULog\x01\x12\x35",
                                                   MAGIC_BYTES)); at++)
        if (whole.len - (size_t)(at - whole.at) > ULOG_HEADER && at[VERSION_OFFSET] <= VERSION_MAX)
            return (size_t)(at - whole.at);
    return whole.len;
}

/* The records that stand right behind a log's header, which a record that was cut off ahead of it may have
 * swallowed. */
static bool begins_definitions(const struct ulog_record *record)
{
    return record->type == 'B' || record->type == 'F';
}

/* Reads up to where the next log begins, when `others` are expected; gives that in ret_end. */
static enum parse_status read_one(struct reading *r, struct bytes whole, bool others, size_t *ret_end)
{
    struct ulog_log *log;
    struct ulog_record record;
    size_t passed = 0, before = ULOG_HEADER, behind = 0; /* where the last record begins and ends */

    *ret_end = whole.len;
    log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log || !begin(log, r, whole))
        return PARSE_UNSUPPORTED;
    look_ahead(log, r, whole);
    flight_rows_begin(&log->rows, r, "ulog");
    if (whole.len > VERSION_OFFSET && whole.at[VERSION_OFFSET] > VERSION_MAX)
        reading_damage(r, whole.origin + VERSION_OFFSET, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "version %u of the format is newer than leash knows: what is shown may be incomplete", whole.at[VERSION_OFFSET]);
    while (ulog_walk_next(&log->walk, &record)) {
        if (record.lost_bytes > 0) {
            if (others &&
                (*ret_end = next_log(whole, before, record.lost_at - whole.origin + record.lost_bytes)) < whole.len)
                break;
            log_gap_begin(&log->gap, r, record.lost_at, record.lost_bytes, log->clock.last_us);
        }
        if (others && begins_definitions(&record) && before > ULOG_HEADER && record.offset - whole.origin > before &&
            (*ret_end = next_log(whole, before, record.offset - whole.origin)) < whole.len)
            break;
        before = record.offset - whole.origin;
        behind = before + ULOG_HEAD + record.content.len;
        if (record.type == 'D')
            take_data(log, &record);
        else
            take_other(log, &record);
        if (r->passed && log->walk.at - passed >= PASSED_STEP) {
            passed = log->walk.at;
            r->passed(r, whole.origin + passed);
        }
    }
    log_gap_tell(&log->gap, r, FACT_UNKNOWN_INT);
    if (log->walk.parts_moved > 0)
        reading_damage(r, whole.origin + ULOG_HEADER, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "no record begins at %u of the places where data was appended, as the log's beginning has them: bytes "
                       "are missing or too many ahead of them; what is there was read all the same", log->walk.parts_moved);
    if (others && *ret_end == whole.len && record.lost_bytes > 0)
        *ret_end = next_log(whole, before, whole.len);
    if (*ret_end < whole.len) { /* what was lost goes no further than that, and the last record may have been cut by it */
        const uint64_t from = behind > *ret_end ? whole.origin + before : record.lost_at, end = whole.origin + *ret_end;
        record.lost_at = from;
        record.lost_bytes = from < end ? end - from : 0;
        record.lost_to_cut = record.lost_bytes > 0;
    }
    const bool cut = record.lost_bytes > 0 && record.lost_to_cut;
    if (record.lost_bytes > 0)
        reading_damage(r, record.lost_at, (int64_t)record.lost_bytes, cut ? 1 : FACT_UNKNOWN_INT,
                       cut ? "the log ends inside its last record" : "no record of the log in its last bytes");
    ulog_note_put_flight(log, bytes_part(whole, 0, *ret_end));
    return cut || whole.len < ULOG_HEADER ? PARSE_TRUNCATED : PARSE_OK;
}

enum parse_status ulog_read(struct reading *r, struct bytes whole)
{
    enum parse_status status = PARSE_OK;
    size_t end;

    if (!ulog_recognise(whole))
        return PARSE_INVALID;
    for (int logs = 1; logs == 1 || whole.len > 0; logs++, whole = bytes_part(whole, end, UINT64_MAX)) {
        const enum parse_status one = read_one(r, whole, logs < LOGS_MAX, &end);
        status = status == PARSE_OK ? one : status;
    }
    return status;
}
