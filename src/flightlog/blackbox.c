/* Source: betaflight/betaflight src/main/blackbox, betaflight/blackbox-tools src/parser.c (GPL-3; facts only).
 *
 *   H Product:Blackbox flight data recorder by Nicholas Sherlock      the first line of each log
 *   H Firmware revision:...   H Craft name:...   H Device UID:0x...
 *   H Log start datetime:2024-05-01T09:30:00.000+00:00
 *   H Field I name:loopIteration,time,...   H Field I predictor:0,0,...   H Field I encoding:1,1,...
 *   likewise P, G, H, S
 *   then frames: a letter and the fields, without length or check value
 *     I  all values              P  differences from the frames before (its names are those of I)
 *     G  GPS: GPS_coord in 1e-7 degrees, as differences from the home point    H  the home point: GPS_home[0], [1]
 *     S  slow values             E  an event
 *
 * A frame is believed when another letter, or the end, follows it, and its time goes on; behind damage only from the
 * next whole I frame on, because frames have no check value. */
#include "flightlog/blackbox.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "flightlog/blackbox_frame.h"
#include "flightlog/flight_rows.h"
#include "flightlog/log_clock.h"

enum { LOOK_BYTES = 64 * 1024, HEADER_LINE_MAX = 1024, PASSED_STEP = 1 << 20, TIME_STEP_MAX_US = 10 * 1000 * 1000,
       NS_PER_US = 1000,
       LOGS_MAX = 4096 };

/* Eleven days: no battery lasts as long. */
#define LOG_TIME_MAX_US INT64_C(1000000000000)

static const char first_line[] = "H Product:Blackbox flight data recorder by ";

enum { EVENT_SYNC_BEEP = 0, EVENT_ADJUSTMENT = 13, EVENT_RESUME = 14, EVENT_DISARM = 15, EVENT_MODE = 30,
       EVENT_END = 255 };

struct blackbox {
    struct reading *r;
    struct flight_rows rows;
    struct bytes log;                 /* this one */
    struct blackbox_fields I, P, G, H, S;
    unsigned data_version;
    struct text firmware, craft, uid, board, start, kind;
    struct bytes craft_at, uid_at;
    int64_t start_ns;                 /* UTC, or unknown */
    bool decimetres;                  /* GPS heights; else their unit is not known */

    bool main_valid, time_known, home_known, ended;
    int64_t time_us, before_us;       /* of the last main frame and the one before, unwrapped */
    int64_t first_us;
    int64_t home_latitude, home_longitude;
    int64_t frames, damaged, gps_frames, before_home, unplaced, doubted;
    uint64_t lost_bytes, first_lost;
};

/* Header */

static bool line_value(struct text line, const char *name, struct text *ret)
{
    const size_t n = strlen(name);

    if (line.len <= n || memcmp(line.at, name, n) != 0 || line.at[n] != ':')
        return false;
    *ret = (struct text){ .at = line.at + n + 1, .len = line.len - n - 1 };
    return true;
}

static struct blackbox_fields *fields_of(struct blackbox *b, char letter)
{
    switch (letter) {
    case 'I': return &b->I;
    case 'P': return &b->P;
    case 'G': return &b->G;
    case 'H': return &b->H;
    case 'S': return &b->S;
    default:  return NULL;
    }
}

/* "Field I name:..." */
static void take_field_line(struct blackbox *b, struct text line)
{
    struct blackbox_fields *f = line.len > 8 ? fields_of(b, line.at[6]) : NULL;
    struct text value;

    if (!f)
        return;
    line.at += 8;
    line.len -= 8;
    if (line_value(line, "name", &value))
        blackbox_fields_names(f, value);
    else if (line_value(line, "predictor", &value))
        blackbox_fields_numbers(f->predictor, &f->predictors, value);
    else if (line_value(line, "encoding", &value))
        blackbox_fields_numbers(f->encoding, &f->encodings, value);
}

static void take_header_line(struct blackbox *b, struct bytes at)
{
    const struct text line = text_of_bytes(at);
    struct text value;
    int64_t number;

    if (text_starts_with(line, TEXT("Field ")))
        take_field_line(b, line);
    else if (line_value(line, "Data version", &value) && text_to_int(value, 0, 100, &number))
        b->data_version = (unsigned)number;
    else if (line_value(line, "Firmware revision", &value))
        b->firmware = value;
    else if (line_value(line, "Firmware type", &value))
        b->kind = value;
    else if (line_value(line, "Board information", &value))
        b->board = value;
    else if (line_value(line, "Log start datetime", &value))
        b->start = value;
    else if (line_value(line, "Craft name", &b->craft))
        b->craft_at = at;
    else if (line_value(line, "Device UID", &b->uid))
        b->uid_at = at;
}

/* The header's lines; gives where the frames begin. */
static struct bytes read_header(struct blackbox *b)
{
    struct bytes rest = b->log;

    while (bytes_start_with(rest, "H ", 2)) {
        const struct bytes look = bytes_part(rest, 2, HEADER_LINE_MAX);
        const uint8_t *end = look.len ? memchr(look.at, '\n', look.len) : NULL;
        if (!end)
            break;
        struct bytes line = bytes_part(look, 0, (uint64_t)(end - look.at));
        rest = bytes_part(rest, 2 + line.len + 1, UINT64_MAX);
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        take_header_line(b, line);
    }
    return rest;
}

/* Betaflight counts GPS heights in decimetres since version 4.0; of other firmware the unit is not known. */
static bool heights_are_decimetres(struct text firmware)
{
    struct text rest = firmware;
    double version;

    if (!text_starts_with(firmware, TEXT("Betaflight ")))
        return false;
    rest.at += 11;
    rest.len -= 11;
    return text_take_real(&rest, &version) && version >= 4;
}

static void finish_header(struct blackbox *b)
{
    struct text t = b->start;
    struct log_clock clock;

    b->P.count = b->I.count;
    b->P.time = b->I.time;
    b->decimetres = heights_are_decimetres(b->firmware);
    if (log_clock_take(&t, &clock) && clock.has_date && clock.has_time && clock.zoned)
        b->start_ns = clock.ns;
}

/* Frames */

static bool is_letter(uint8_t c)
{
    return c == 'I' || c == 'P' || c == 'G' || c == 'H' || c == 'E' || c == 'S';
}

/* The controller's counter has 32 bits and wraps after 71 minutes. */
static bool follow_time(struct blackbox *b, int64_t stored)
{
    const int64_t step = (int64_t)(uint32_t)((uint32_t)stored - (uint32_t)b->time_us);

    if (b->time_known && (step >= TIME_STEP_MAX_US || b->time_us - b->first_us + step > LOG_TIME_MAX_US))
        return false;
    if (!b->time_known) {
        b->time_us = b->before_us = b->first_us = (int64_t)(uint32_t)stored;
        b->time_known = true;
        return true;
    }
    b->before_us = b->time_us;
    b->time_us += step;
    return true;
}

static void take_main(struct blackbox *b, char letter, const int64_t *values)
{
    const struct blackbox_fields *f = letter == 'I' ? &b->I : &b->P;
    uint64_t stored;

    if (f->time < 0 || (letter == 'P' && !b->main_valid)) {
        b->main_valid |= letter == 'I';
        return;
    }
    stored = (uint64_t)values[f->time];
    if (letter == 'P' && f->predictor[f->time] == BLACKBOX_PREDICT_PREVIOUS)
        stored += (uint64_t)b->time_us;
    else if (letter == 'P' && f->predictor[f->time] == BLACKBOX_PREDICT_LINE)
        stored += 2 * (uint64_t)b->time_us - (uint64_t)b->before_us;
    b->main_valid = follow_time(b, (int64_t)stored);
    if (b->main_valid && letter == 'I')
        b->before_us = b->time_us;
    b->damaged += !b->main_valid;
}

/* A value and what it is a difference from. */
static int64_t predicted(const struct blackbox *b, int field, const int64_t *values, int64_t home)
{
    return (int32_t)(uint32_t)((uint64_t)values[field] + (b->G.predictor[field] == BLACKBOX_PREDICT_HOME ?
                                                          (uint64_t)home : 0));
}

static struct flight_time time_of_fix(const struct blackbox *b, const int64_t *values)
{
    int64_t at_us = b->time_us;

    if (!b->time_known || !fact_known_int(b->start_ns))
        return FLIGHT_TIME_UNKNOWN;
    if (b->G.time >= 0 && b->G.predictor[b->G.time] == BLACKBOX_PREDICT_MAIN_TIME && values[b->G.time] >= 0 &&
        values[b->G.time] < TIME_STEP_MAX_US)
        at_us += values[b->G.time];
    else if (b->G.time >= 0 && b->G.predictor[b->G.time] == BLACKBOX_PREDICT_ZERO)
        at_us += (int32_t)((uint32_t)values[b->G.time] - (uint32_t)b->time_us);
    return (struct flight_time){ b->start_ns + (at_us - b->first_us) * NS_PER_US, FACT_UNKNOWN_INT, "derived" };
}

static void take_gps(struct blackbox *b, struct bytes at, const int64_t *values)
{
    const struct blackbox_fields *g = &b->G;
    struct flight_point p = { .altitude_m = FACT_UNKNOWN_REAL };

    b->gps_frames++;
    if (g->latitude < 0 || g->longitude < 0) {
        b->unplaced++;
        return;
    }
    if (!b->main_valid) {
        b->doubted++;
        return;
    }
    if (!b->home_known && g->predictor[g->latitude] == BLACKBOX_PREDICT_HOME) {
        b->before_home++;
        return;
    }
    p.latitude_deg = (double)predicted(b, g->latitude, values, b->home_latitude) / 1e7;
    p.longitude_deg = (double)predicted(b, g->longitude, values, b->home_longitude) / 1e7;
    if (g->altitude >= 0 && b->decimetres)
        p.altitude_m = (double)(int32_t)values[g->altitude] / 10;
    const struct flight_time time = time_of_fix(b, values);
    flight_rows_put(&b->rows, "aircraft", at, p, "msl", &time);
}

static void take_home(struct blackbox *b, struct bytes at, const int64_t *values)
{
    if (b->H.latitude < 0 || b->H.longitude < 0 || (!b->main_valid && b->lost_bytes > 0))
        return;
    b->home_latitude = (int32_t)values[b->H.latitude];
    b->home_longitude = (int32_t)values[b->H.longitude];
    b->home_known = true;
    flight_rows_home(&b->rows, at, (struct flight_point){ (double)b->home_longitude / 1e7,
                                                          (double)b->home_latitude / 1e7, FACT_UNKNOWN_REAL },
                     "unknown");
}

/* False: no event that is known. */
static bool read_event(struct blackbox *b, struct cursor *c)
{
    const uint8_t event = cursor_u8(c);

    switch (event) {
    case EVENT_SYNC_BEEP: case EVENT_DISARM:
        (void)blackbox_unsigned(c);
        break;
    case EVENT_ADJUSTMENT:
        if (cursor_u8(c) >= 128)
            cursor_skip(c, 4);
        else
            (void)blackbox_signed(c);
        break;
    case EVENT_MODE:
        (void)blackbox_unsigned(c);
        (void)blackbox_unsigned(c);
        break;
    case EVENT_RESUME: {
        (void)blackbox_unsigned(c);
        const uint64_t time_us = blackbox_unsigned(c);
        /* what lies between was not recorded */
        const int64_t step = (int64_t)(uint32_t)((uint32_t)time_us - (uint32_t)b->time_us);
        if (!c->failed && b->time_known && b->time_us - b->first_us + step <= LOG_TIME_MAX_US)
            b->time_us = b->before_us = b->time_us + step;
        break;
    }
    case EVENT_END: {
        const struct bytes words = cursor_take(c, 10);
        if (!bytes_equal(words, "End of log", 10))
            return false;
        cursor_skip(c, c->rest.len > 0 && c->rest.at[0] == 0);
        b->ended = true;
        break;
    }
    default:
        return false;
    }
    return !c->failed;
}

/* Reads the frame at `rest`; gives its length, 0 where none can be believed. */
static size_t read_frame(struct blackbox *b, struct bytes rest, int64_t *values)
{
    struct cursor c = cursor_over(bytes_part(rest, 1, BLACKBOX_FRAME_MAX));
    const char letter = (char)rest.at[0];
    const struct blackbox_fields *f = fields_of(b, letter);

    if (letter == 'E') {
        if (!read_event(b, &c))
            return 0;
    } else if (!f || !blackbox_fields_readable(f) || !blackbox_frame_read(&c, f, b->data_version, values)) {
        return 0;
    }
    const size_t len = (size_t)(c.rest.origin - rest.origin);
    return b->ended || len == rest.len || is_letter(rest.at[len]) ? len : 0;
}

static void take_frame(struct blackbox *b, struct bytes at, const int64_t *values)
{
    const char letter = (char)at.at[0];

    b->frames++;
    if (letter == 'I' || letter == 'P')
        take_main(b, letter, values);
    else if (letter == 'G')
        take_gps(b, at, values);
    else if (letter == 'H')
        take_home(b, at, values);
}

static void read_frames(struct blackbox *b, struct bytes rest)
{
    int64_t values[BLACKBOX_FIELDS_MAX];
    uint64_t passed = rest.origin;
    bool lost_before = false;

    while (rest.len > 0 && !b->ended) {
        const size_t len = is_letter(rest.at[0]) ? read_frame(b, rest, values) : 0;
        if (len > 0) {
            take_frame(b, bytes_part(rest, 0, len), values);
        } else {
            if (b->lost_bytes++ == 0)
                b->first_lost = rest.origin;
            b->damaged += !lost_before;
            b->main_valid = false;
        }
        lost_before = len == 0;
        rest = bytes_part(rest, len ? len : 1, UINT64_MAX);
        if (b->r->passed && rest.origin - passed >= PASSED_STEP) {
            passed = rest.origin;
            b->r->passed(b->r, passed);
        }
    }
    while (rest.len > 0 && (rest.at[0] == 0 || rest.at[0] == 0xff)) /* flash that holds nothing */
        rest = bytes_part(rest, 1, UINT64_MAX);
    if (rest.len > 0 && b->lost_bytes == 0)
        b->first_lost = rest.origin;
    b->lost_bytes += rest.len;
}

/* What is said once per log */

static void put_aircraft(struct blackbox *b)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.role = TEXT("aircraft");
    device.head.origin = fact_origin_at(b->log.origin, b->log.len);
    if (b->craft.len > 0) {
        device.name = b->craft;
        device.head.origin = fact_origin_at(b->craft_at.origin, b->craft_at.len);
    }
    if (b->board.len > 0)
        device.model = b->board;
    device.firmware = b->firmware;
    const int64_t number = flight_rows_device(&b->rows, &device);
    flight_rows_identifier(&b->rows, "chip_id", b->uid, number, fact_origin_at(b->uid_at.origin, b->uid_at.len));
}

static void note(struct blackbox *b)
{
    struct flight_rows *f = &b->rows;

    flight_rows_note(f, "Blackbox log, untested on real files: %" PRId64 " frames, %" PRId64 " of them of GPS.",
                     b->frames, b->gps_frames);
    if (b->G.count == 0)
        flight_rows_note(f, "It has no GPS frames: no receiver, or it was not recorded.");
    else if (!blackbox_fields_readable(&b->I) || !blackbox_fields_readable(&b->P) || !blackbox_fields_readable(&b->G))
        flight_rows_note(f, "Its frames use fields or encodings that are not known, and were not read.");
    if (b->before_home > 0)
        flight_rows_note(f, "%" PRId64 " fixes before the first home point cannot be placed.", b->before_home);
    if (b->doubted > 0)
        flight_rows_note(f, "%" PRId64 " GPS frames between damage and the next whole frame are not believed.",
                         b->doubted);
    if (b->unplaced > 0)
        flight_rows_note(f, "%" PRId64 " GPS frames hold no place.", b->unplaced);
    if (b->G.altitude >= 0 && !b->decimetres)
        flight_rows_note(f, "Heights are left out: their unit differs by firmware and is not known for this one.");
    if (!fact_known_int(b->start_ns))
        flight_rows_note(f, "The controller had no clock: times count from its start, and are not known in UTC.");
    if (!b->ended)
        flight_rows_note(f, "The log has no end mark.");
}

static void put_flight(struct blackbox *b)
{
    put_aircraft(b);
    note(b);
    if (b->lost_bytes > 0 || b->damaged > 0)
        reading_damage(b->r, b->lost_bytes ? b->first_lost : b->log.origin, (int64_t)b->lost_bytes, b->damaged,
                       "%" PRIu64 " bytes belong to no frame, in %" PRId64 " places; this is where the first of them "
                           "lie", b->lost_bytes, b->damaged);
    b->rows.row.app = b->kind.len > 0 ? b->kind : TEXT_UNKNOWN;
    b->rows.row.app_version = b->firmware;
    if (b->time_known)
        b->rows.row.duration_s = (double)(b->time_us - b->first_us) / 1e6;
    if (fact_known_int(b->start_ns) && b->time_known) {
        b->rows.row.start = b->start_ns;
        b->rows.row.end = b->start_ns + (b->time_us - b->first_us) * NS_PER_US;
        b->rows.row.time_basis = TEXT("utc");
    }
    flight_rows_end(&b->rows, b->log);
}

static struct bytes next_log(struct reading *r, struct bytes rest)
{
    const uint8_t *at = reading_find(r, rest, (struct bytes){ (const uint8_t *)first_line, sizeof first_line - 1, 0 });

    return at ? bytes_part(rest, (uint64_t)(at - rest.at), UINT64_MAX) : (struct bytes){ 0 };
}

bool blackbox_recognise(struct bytes whole)
{
    return next_log(NULL, bytes_part(whole, 0, LOOK_BYTES)).len > 0;
}

enum parse_status blackbox_read(struct reading *r, struct bytes whole)
{
    struct bytes rest = next_log(r, whole);
    struct blackbox *b = rest.len > 0 ? arena_alloc(r->arena, 1, sizeof *b) : NULL;

    if (!b)
        return PARSE_INVALID;
    for (int logs = 0; rest.len > 0; logs++) {
        if (logs == LOGS_MAX) {
            reading_damage(r, rest.origin, (int64_t)rest.len, FACT_UNKNOWN_INT,
                           "more than %d logs in one file: the rest was not read", LOGS_MAX);
            break;
        }
        const struct bytes next = next_log(r, bytes_part(rest, 1, UINT64_MAX));
        *b = (struct blackbox){ .r = r, .log = next.len ? bytes_part(rest, 0, next.origin - rest.origin) : rest,
                                .start_ns = FACT_UNKNOWN_INT };
        for (const char *letter = "IPGHS"; *letter; letter++)
            blackbox_fields_init(fields_of(b, *letter));
        flight_rows_begin(&b->rows, r, "blackbox");
        b->rows.paced = true;
        const struct bytes frames = read_header(b);
        finish_header(b);
        read_frames(b, frames);
        put_flight(b);
        rest = next;
    }
    return PARSE_OK;
}
