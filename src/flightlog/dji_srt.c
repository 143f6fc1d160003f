/* A subtitle is a counter, a line "00:00:01,000 --> 00:00:02,000" and lines of text; some of DJI's have
 * no such line.  Blank lines separate them, and damage may take those away: a counter or a line
 * with the arrow begins a subtitle wherever it stands. */
#include "flightlog/dji_srt.h"

#include <inttypes.h>
#include <string.h>

#include "base/timestamp.h"
#include "flightlog/dji_srt_cue.h"
#include "flightlog/dji_srt_line.h"
#include "flightlog/flight_rows.h"

enum {
    LOOK_BYTES = 16 * 1024, LOOK_LINES = 64,  /* of recognising */
    PASSED_STEP = 1 << 20,
    FIRST_COUNTER = 1,
    RECORDINGS_MAX = 64,                      /* one behind the other in one file; more are read as one */
    SHORTER = 8,                              /* numbers differ in length by less */
};

/* Longer than recordings are: then the clock is that of another one. */
#define GAP_MAX_NS (6 * 3600 * NS_PER_S)

struct srt_log {
    struct flight_rows rows;
    struct dji_srt_cue cue;
    bool cue_open;
    bool has_zero;                 /* a line "0" stands behind a subtitle's text: */
    struct dji_srt_line zero;      /* what it is the next line tells */
    uint64_t cue_from, cue_to;     /* in the evidence item */
    int64_t counter, last_counter; /* of this subtitle and of the one before, or unknown */
    int64_t from_ms, to_ms, last_from_ms, last_to_ms, last_clock_ns; /* last: of the last one that has them */
    size_t lines, last_lines;      /* of text, of this subtitle and of the one before, */
    size_t line_len, last_line_len; /* and how long the last of them is */
    uint64_t noise_at, noise_bytes; /* lines that no text has, in one run */
    int64_t first_ms, end_ms;      /* of all, or unknown */
    enum dji_srt_order proven;     /* by the numbers of any subtitle so far */
    bool order_differs;            /* the numbers prove both */
    int64_t cues, labelled, proven_pairs, assumed_pairs, lettered_pairs, made_up, by_counter, without_colon, without_position, cut, missing, restarts, strays;
    enum dji_srt_order assumed;
    const uint8_t *base;           /* of the item, for views by offset */
    uint64_t base_origin;
    const char *where;             /* the subtitles are, for the note */
    int recordings;                /* that the file may still hold behind this one */
    uint64_t from;                 /* where this one begins */
};

static struct bytes without_mark(struct bytes whole)
{
    return bytes_start_with(whole, "\xef\xbb\xbf", 3) ? bytes_part(whole, 3, UINT64_MAX) : whole;
}

bool dji_srt_recognise(struct bytes whole)
{
    struct bytes rest = bytes_part(without_mark(whole), 0, LOOK_BYTES);
    struct dji_srt_line line;
    struct dji_srt_cue cue;
    bool begun = false;

    dji_srt_cue_init(&cue);
    for (int i = 0; i < LOOK_LINES && dji_srt_line_next(&rest, &line); i++) {
        if (line.kind == LINE_SPAN || line.kind == LINE_COUNTER) {
            begun = true;
        } else if (line.kind == LINE_TEXT && begun) {
            dji_srt_cue_line(&cue, text_of_bytes(line.at));
            if (cue.telemetry)
                return true;
        }
    }
    return false;
}

/* Subtitles */

static void begin(struct srt_log *log, struct reading *r, struct bytes whole);
static void put_flight(struct srt_log *log, struct bytes whole);

static struct bytes cue_bytes(const struct srt_log *log)
{
    return (struct bytes){ .at = log->base + (log->cue_from - log->base_origin), .len = log->cue_to - log->cue_from,
                           .origin = log->cue_from };
}

/* How long subtitles are missing before this one: from the end of the one before; where that was damaged, too, from its
 * beginning; by the clock where there are no such times. */
static int64_t gap_before(const struct srt_log *log)
{
    int64_t gap_ns;

    if (fact_known_int(log->from_ms) && fact_known_int(log->last_to_ms))
        return log->from_ms > log->last_to_ms ? log->from_ms - log->last_to_ms : log->from_ms - log->last_from_ms;
    if (!fact_known_int(log->cue.clock_local_ns) || !fact_known_int(log->last_clock_ns) ||
        __builtin_sub_overflow(log->cue.clock_local_ns, log->last_clock_ns, &gap_ns))
        return 0;
    return gap_ns > GAP_MAX_NS ? 0 : gap_ns / (NS_PER_S / 1000);
}

/* Subtitles that are not there: the counter and the time both go on further than to the next. */
static void look_for_gap(struct srt_log *log)
{
    if (!fact_known_int(log->counter) || !fact_known_int(log->last_counter))
        return;
    const int64_t missing = log->counter - log->last_counter - 1, gap_ms = gap_before(log);
    if (missing < 0) {
        log->restarts++;
    } else if (missing > 0 && gap_ms > 0) {
        log->missing += missing;
        reading_damage(log->rows.r, log->cue_from, 0, missing, "subtitles %" PRId64 " to %" PRId64 " are missing: "
                       "%.3f s",
                       log->last_counter + 1, log->counter - 1, (double)gap_ms / 1000);
    }
}

/* All have a number or none has: one that lost it stands behind a cut, or where bytes are damaged. */
static void look_for_number(struct srt_log *log)
{
    if (!fact_known_int(log->counter) && fact_known_int(log->last_counter))
        reading_damage(log->rows.r, log->cue_from, 0, FACT_UNKNOWN_INT, "a subtitle without the number that others have: what stands ahead of it "
                       "is cut off or damaged");
}

/* The order in which this subtitle's unlabelled numbers are read, and on which ground. */
static enum dji_srt_order order_of(struct srt_log *log)
{
    const struct dji_srt_cue *c = &log->cue;
    enum dji_srt_order proves = dji_srt_pair_proves(&c->gps);

    if (proves == ORDER_UNKNOWN)
        proves = dji_srt_pair_proves(&c->home);
    if (proves == ORDER_LABELLED)
        return proves;
    if (proves != ORDER_UNKNOWN) {
        log->order_differs |= log->proven != ORDER_UNKNOWN && log->proven != proves;
        log->proven = proves;
    }
    return log->proven != ORDER_UNKNOWN ? log->proven : c->order_of_form == LATITUDE_FIRST ? LATITUDE_FIRST :
        LONGITUDE_FIRST;
}

/* The position, when the subtitle has one; counts on which ground it was read. */
static bool place_of(struct srt_log *log, enum dji_srt_order order, struct flight_point *ret)
{
    const struct dji_srt_cue *c = &log->cue;

    if (fact_known_real(c->latitude_deg) && fact_known_real(c->longitude_deg)) {
        *ret = (struct flight_point){ .longitude_deg = c->longitude_deg, .latitude_deg = c->latitude_deg };
        log->labelled++;
    } else if (c->gps.known) {
        *ret = dji_srt_pair_point(&c->gps, order);
        if (order == ORDER_LABELLED) {
            log->labelled++;
            log->lettered_pairs++;
        } else if (log->proven != ORDER_UNKNOWN) {
            log->proven_pairs++;
        } else {
            log->assumed_pairs++;
            log->assumed = order;
        }
    } else {
        return false;
    }
    ret->altitude_m = fact_known_real(c->height_m) ? c->height_m : c->altitude_m;
    return true;
}

/* Without the position that all before it have, and shorter than the one before: it was cut off, and what followed it is another. */
static bool says_less(const struct srt_log *log)
{
    return !log->cue.says_position && log->rows.path.points > 0 && log->without_position == 0 &&
           (log->lines < log->last_lines || (log->lines == log->last_lines && log->line_len + SHORTER < log->last_line_len));
}

static void put_cue(struct srt_log *log)
{
    const struct dji_srt_cue *c = &log->cue;
    const enum dji_srt_order order = order_of(log);
    const struct flight_time time = { FACT_UNKNOWN_INT, c->clock_local_ns,
                                      fact_known_int(c->clock_local_ns) ? "zone_unknown" : NULL };
    struct flight_point at;

    log->made_up += c->made_up;
    log->by_counter += c->clock_by_counter;
    log->without_colon += c->without_colon;
    flight_rows_clock(&log->rows, &time);
    if (place_of(log, order, &at)) {
        flight_rows_put(&log->rows, "aircraft", cue_bytes(log), at, fact_known_real(c->height_m) ? "takeoff" :
                        "unknown", &time);
    } else if (c->cut || fact_known_real(c->latitude_deg) || fact_known_real(c->longitude_deg) || says_less(log)) {
        log->cut++;
        reading_damage(log->rows.r, log->cue_from, (int64_t)(log->cue_to - log->cue_from), 1,
                       "a subtitle is cut off and its position lost");
    } else {
        log->without_position++;
    }
    if (c->home.known) {
        struct flight_point home = dji_srt_pair_point(&c->home, order);
        home.altitude_m = c->home.third;
        flight_rows_home(&log->rows, cue_bytes(log), home, "unknown");
    }
}

/* The clock is that of another day, and the numbers start again, or go on from others: what follows is of another recording. */
static bool is_of_another(const struct srt_log *log)
{
    const int64_t now_ns = log->cue.clock_local_ns;
    int64_t apart_ns;
    const bool again = (fact_known_int(log->counter) && fact_known_int(log->last_counter) && log->counter <= log->last_counter) ||
                       (fact_known_int(log->from_ms) && fact_known_int(log->last_from_ms) && log->from_ms < log->last_from_ms);
    return again && fact_known_int(now_ns) && fact_known_int(log->last_clock_ns) &&
           (__builtin_sub_overflow(now_ns, log->last_clock_ns, &apart_ns) || apart_ns > GAP_MAX_NS || apart_ns < -GAP_MAX_NS);
}

/* Its first subtitle: files were put one behind the other.  A later one stands among those of the other. */
static bool begins_recording(const struct srt_log *log)
{
    return log->recordings > 0 && (!fact_known_int(log->counter) || log->counter <= FIRST_COUNTER);
}

/* Puts the flight so far, and begins the next with the subtitle that is open. */
static void next_recording(struct srt_log *log)
{
    const struct srt_log before = *log;
    const struct bytes part = { .at = log->base + (log->from - log->base_origin), .len = log->cue_from - log->from, .origin = log->from };

    put_flight(log, part);
    *log = (struct srt_log){ 0 };
    begin(log, before.rows.r, (struct bytes){ .at = before.base, .origin = before.base_origin });
    log->recordings = before.recordings - 1;
    log->from = log->cue_from = before.cue_from;
    log->cue_to = before.cue_to;
    log->cue = before.cue;
    log->counter = before.counter;
    log->from_ms = before.from_ms;
    log->to_ms = before.to_ms;
    log->lines = before.lines;
    log->line_len = before.line_len;
}

static void close_cue(struct srt_log *log)
{
    if (!log->cue_open)
        return;
    log->cue_open = false;
    if (!log->cue.telemetry) {
        if (log->cues > 0 && log->lines == 0 && fact_known_int(log->counter))
            reading_damage(log->rows.r, log->cue_from, (int64_t)(log->cue_to - log->cue_from), 1, "nothing of a subtitle is there but its number");
        return;
    }
    look_for_number(log);
    if (is_of_another(log)) {
        if (begins_recording(log))
            next_recording(log);
        else
            log->strays++;
    }
    log->cues++;
    look_for_gap(log);
    put_cue(log);
    log->last_counter = log->counter;
    if (fact_known_int(log->from_ms)) { /* where damage took them, those of the one before still tell how long it was */
        log->last_from_ms = log->from_ms;
        log->last_to_ms = log->to_ms;
    }
    if (fact_known_int(log->cue.clock_local_ns))
        log->last_clock_ns = log->cue.clock_local_ns;
    log->last_lines = log->lines;
    log->last_line_len = log->line_len;
    if (!fact_known_int(log->from_ms))
        return;
    if (!fact_known_int(log->first_ms) || log->from_ms < log->first_ms)
        log->first_ms = log->from_ms;
    if (!fact_known_int(log->end_ms) || log->to_ms > log->end_ms)
        log->end_ms = log->to_ms;
}

static void open_cue(struct srt_log *log, const struct dji_srt_line *line)
{
    close_cue(log);
    dji_srt_cue_init(&log->cue);
    log->cue_open = true;
    log->cue_from = line->at.origin;
    log->cue_to = line->at.origin + line->at.len;
    log->counter = log->from_ms = log->to_ms = FACT_UNKNOWN_INT;
    log->lines = 0;
}

static void tell_noise(struct srt_log *log)
{
    if (log->noise_bytes > 0)
        reading_damage(log->rows.r, log->noise_at, (int64_t)log->noise_bytes, FACT_UNKNOWN_INT, "bytes that are no text of a subtitle");
    log->noise_bytes = 0;
}

static void take_text(struct srt_log *log, const struct dji_srt_line *line)
{
    if (!log->cue_open)
        open_cue(log, line); /* the file begins in the middle of it */
    log->lines++;
    log->line_len = line->at.len;
    dji_srt_cue_line(&log->cue, text_of_bytes(line->at));
    log->cue_to = line->at.origin + line->at.len;
}

static void take_counter(struct srt_log *log, const struct dji_srt_line *line)
{
    open_cue(log, line);
    log->counter = line->counter;
}

/* Cameras of the Matrice write a blank line and a "0" into their subtitles, ahead of the last settings.  The number of
 * another subtitle has its times behind it. */
static void take_zero(struct srt_log *log, const struct dji_srt_line *next)
{
    log->has_zero = false;
    if (next->kind == LINE_TEXT && next->at.len > 0 && next->at.at[0] == '[')
        take_text(log, &log->zero);
    else
        take_counter(log, &log->zero);
}

static void take_line(struct srt_log *log, const struct dji_srt_line *line)
{
    if (log->has_zero)
        take_zero(log, line);
    switch (line->kind) {
    case LINE_BLANK:
        break;
    case LINE_COUNTER:
        if (line->counter == 0 && log->cue_open && log->cue.telemetry) {
            log->has_zero = true;
            log->zero = *line;
        } else {
            take_counter(log, line);
        }
        break;
    case LINE_SPAN:
        if (!log->cue_open || log->cue.telemetry || fact_known_int(log->from_ms))
            open_cue(log, line); /* its counter is lost */
        log->from_ms = line->from_ms;
        log->to_ms = line->to_ms;
        log->cue_to = line->at.origin + line->at.len;
        break;
    case LINE_NOISE:
        if (log->noise_bytes > 0 && log->noise_at + log->noise_bytes + 2 < line->at.origin)
            tell_noise(log);
        if (log->noise_bytes == 0)
            log->noise_at = line->at.origin;
        log->noise_bytes = line->at.origin + line->at.len - log->noise_at;
        break;
    case LINE_TEXT:
        take_text(log, line);
        break;
    }
}

/* What is said once */

static void note_order(struct srt_log *log)
{
    const char *first = log->assumed == LATITUDE_FIRST ? "latitude" : "longitude";

    if (log->lettered_pairs > 0)
        flight_rows_note(&log->rows, "Letters name the axis and half of the globe, a form that is untested on real files.");
    if (log->made_up > 0)
        flight_rows_note(&log->rows, "The barometer stands in brackets, as in Avata 2's subtitles, a form that is untested on real files.");
    if (log->by_counter > 0)
        flight_rows_note(&log->rows, "The clock stands beside the counter, as in subtitles of the Dock 2 and the Matrice 4E, a form that is untested on real files.");
    if (log->without_colon > 0)
        flight_rows_note(&log->rows, "Labels have no colon, a form that is untested on real files.");
    if (log->proven_pairs > 0 && log->assumed_pairs == 0)
        flight_rows_note(&log->rows, "Positions are two numbers without labels; which is the latitude is shown by "
                         "numbers beyond 90.");
    if (log->assumed_pairs > 0)
        flight_rows_note(&log->rows, "Order assumed: positions are two numbers without labels, and the %s was taken "
                         "to be the first, "
                         "as in other files of this form; check it against another log or photo of the day.", first);
    if (log->order_differs)
        flight_rows_note(&log->rows, "The numbers contradict one another about which is the latitude.");
}

static void note_rest(struct srt_log *log)
{
    struct flight_rows *f = &log->rows;

    if (log->without_position > 0)
        flight_rows_note(f, log->without_position == log->cues ? "None of them holds a position." :
                         "%" PRId64 " of them hold no position.", log->without_position);
    if (log->cut > 0)
        flight_rows_note(f, "%" PRId64 " are cut off.", log->cut);
    if (log->missing > 0)
        flight_rows_note(f, "%" PRId64 " are missing by their own numbers.", log->missing);
    if (log->strays > 0)
        reading_damage(f->r, log->from, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the subtitles of several recordings stand among one another: %" PRId64 " times the clock "
                       "is that of another day without their numbers beginning again", log->strays);
    if (log->restarts > 0)
        flight_rows_note(f, "The numbers start again %" PRId64 " times, as if files had been joined.", log->restarts);
    if (f->home_known)
        flight_rows_note(f, "They name the home point: where it took off, or where its operator set it.");
    note_order(log);
    if (!f->time_basis)
        flight_rows_note(f, "They have no clock, only the time since the recording began.");
}

static void put_flight(struct srt_log *log, struct bytes whole)
{
    flight_rows_note(&log->rows, "%" PRId64 " subtitles of a camera %s.", log->cues, log->where);
    note_rest(log);
    if (fact_known_int(log->first_ms) && log->restarts == 0)
        log->rows.row.duration_s = (double)(log->end_ms - log->first_ms) / 1000;
    flight_rows_end(&log->rows, whole);
}

/* A file that ends in a subtitle's first lines, where all others say more, or within its last one. */
static void look_at_end(struct srt_log *log, struct bytes whole)
{
    tell_noise(log);
    if (!log->cue_open || log->cue.cut)
        return;
    const bool ended = whole.len > 0 && whole.at[whole.len - 1] == '\n';
    if (!log->cue.says_position && log->rows.path.points > 0 && log->without_position == 0)
        log->cue.cut = log->cue.telemetry = true;
    else if (log->cues > 0 && (log->lines < log->last_lines || (!ended && log->line_len + SHORTER < log->last_line_len)))
        reading_damage(log->rows.r, log->cue_from, 0, FACT_UNKNOWN_INT,
                       "the last subtitle says less than the one before it: the file may be cut off there");
}

static void begin(struct srt_log *log, struct reading *r, struct bytes whole)
{
    flight_rows_begin(&log->rows, r, "dji-srt");
    log->where = "beside its video";
    log->from = whole.origin;
    log->base = whole.at;
    log->base_origin = whole.origin;
    log->counter = log->last_counter = log->from_ms = log->to_ms = log->last_from_ms = log->last_to_ms = FACT_UNKNOWN_INT;
    log->last_clock_ns = FACT_UNKNOWN_INT;
    log->first_ms = log->end_ms = FACT_UNKNOWN_INT;
}

enum parse_status dji_srt_read(struct reading *r, struct bytes whole)
{
    struct bytes rest = without_mark(whole);
    uint64_t passed = 0;
    struct dji_srt_line line;

    if (!dji_srt_recognise(whole))
        return PARSE_INVALID;
    struct srt_log *log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log)
        return PARSE_UNSUPPORTED;
    begin(log, r, whole);
    log->recordings = RECORDINGS_MAX;
    while (dji_srt_line_next(&rest, &line)) {
        take_line(log, &line);
        if (r->passed && rest.origin - whole.origin - passed >= PASSED_STEP) {
            passed = rest.origin - whole.origin;
            r->passed(r, log->cue_from);
        }
    }
    look_at_end(log, whole);
    close_cue(log);
    put_flight(log, bytes_part(whole, log->from - whole.origin, UINT64_MAX));
    return PARSE_OK;
}

/* As a track of a video */

struct dji_srt_track {
    struct srt_log log;
    struct reading *r;
    int64_t media;
    bool begun;
};

struct dji_srt_track *dji_srt_track_begin(struct reading *r, int64_t media)
{
    struct dji_srt_track *t = arena_alloc(r->arena, 1, sizeof *t);

    if (t) {
        t->r = r;
        t->media = media;
    }
    return t;
}

void dji_srt_track_cue(struct dji_srt_track *t, struct bytes text, int64_t from_ms, int64_t to_ms)
{
    struct srt_log *log = &t->log;
    struct dji_srt_cue cue;
    struct dji_srt_line line;
    struct bytes rest = text;

    dji_srt_cue_init(&cue);
    while (dji_srt_line_next(&rest, &line))
        dji_srt_cue_line(&cue, text_of_bytes(line.at));
    if (!cue.telemetry)
        return;
    if (!t->begun) {
        begin(log, t->r, text);
        log->rows.position.media = t->media;
        log->where = "in its video";
        t->begun = true;
    }
    log->base = text.at;
    log->base_origin = log->cue_from = text.origin;
    log->cue_to = text.origin + text.len;
    log->cue = cue;
    log->cue_open = true;
    log->counter = FACT_UNKNOWN_INT;
    log->from_ms = from_ms;
    log->to_ms = to_ms;
    close_cue(log);
}

bool dji_srt_track_end(struct dji_srt_track *t, struct bytes whole, struct dji_srt_summary *ret)
{
    const struct flight_path *path = &t->log.rows.path;

    if (!t->begun)
        return false;
    if (ret)
        *ret = (struct dji_srt_summary){ path->points, path->first.longitude_deg, path->first.latitude_deg,
                                         path->first.altitude_m,
                                         fact_known_real(path->first.altitude_m) ? t->log.rows.alt_ref : NULL,
                                         t->log.rows.local_first_ns };
    put_flight(&t->log, whole);
    return true;
}
