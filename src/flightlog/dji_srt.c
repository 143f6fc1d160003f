/* A subtitle is a counter, a line "00:00:01,000 --> 00:00:02,000" and lines of text; some of DJI's have
 * no such line.  Blank lines separate them, and damage may take those away: a counter or a line
 * with the arrow begins a subtitle wherever it stands. */
#include "flightlog/dji_srt.h"

#include <string.h>

#include "flightlog/dji_srt_line.h"
#include "flightlog/dji_srt_log.h"

enum {
    LOOK_BYTES = 16 * 1024, LOOK_LINES = 64,  /* of recognising */
    PASSED_STEP = 1 << 20,
    RECORDINGS_MAX = 64,                      /* one behind the other in one file; more are read as one */
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
    struct log_clock_day day = { 0 };
    bool begun = false;

    dji_srt_cue_init(&cue);
    for (int i = 0; i < LOOK_LINES && dji_srt_line_next(&rest, &line); i++) {
        if (line.kind == LINE_SPAN || line.kind == LINE_COUNTER) {
            begun = true;
        } else if (line.kind == LINE_TEXT && begun) {
            dji_srt_cue_line(&cue, &day, text_of_bytes(line.at));
            if (cue.telemetry)
                return true;
        }
    }
    return false;
}

static void tell_noise(struct dji_srt_log *log)
{
    if (log->noise_bytes > 0)
        reading_damage(log->rows.r, log->noise_at, (int64_t)log->noise_bytes, FACT_UNKNOWN_INT,
                       "bytes that are no text of a subtitle");
    log->noise_bytes = 0;
}

static void take_text(struct dji_srt_log *log, const struct dji_srt_line *line)
{
    if (!log->cue_open)
        dji_srt_log_open(log, line); /* the file begins in the middle of it */
    log->lines++;
    log->line_len = line->at.len;
    dji_srt_cue_line(&log->cue, &log->day, text_of_bytes(line->at));
    log->cue_to = line->at.origin + line->at.len;
}

static void take_counter(struct dji_srt_log *log, const struct dji_srt_line *line)
{
    dji_srt_log_open(log, line);
    log->counter = line->counter;
}

/* Cameras of the Matrice write a blank line and a "0" into their subtitles, ahead of the last settings.  The number of
 * another subtitle has its times behind it. */
static void take_zero(struct dji_srt_log *log, const struct dji_srt_line *next)
{
    log->has_zero = false;
    if (next->kind == LINE_TEXT && next->at.len > 0 && next->at.at[0] == '[')
        take_text(log, &log->zero);
    else
        take_counter(log, &log->zero);
}

static void take_line(struct dji_srt_log *log, const struct dji_srt_line *line)
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
            dji_srt_log_open(log, line); /* its counter is lost */
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

/* A file that ends in a subtitle's first lines, where all others say more, or within its last one. */
static void look_at_end(struct dji_srt_log *log, struct bytes whole)
{
    tell_noise(log);
    if (!log->cue_open || log->cue.cut)
        return;
    const bool ended = whole.len > 0 && whole.at[whole.len - 1] == '\n';
    if (!log->cue.says_position && log->rows.path.points > 0 && log->without_position == 0)
        log->cue.cut = log->cue.telemetry = true;
    else if (log->cues > 0 && (log->lines < log->last_lines ||
                               (!ended && log->line_len + DJI_SRT_SHORTER < log->last_line_len)))
        reading_damage(log->rows.r, log->cue_from, 0, FACT_UNKNOWN_INT,
                       "the last subtitle says less than the one before it: the file may be cut off there");
}

enum parse_status dji_srt_read(struct reading *r, struct bytes whole)
{
    struct bytes rest = without_mark(whole);
    uint64_t passed = 0;
    struct dji_srt_line line;

    if (!dji_srt_recognise(whole))
        return PARSE_INVALID;
    struct dji_srt_log *log = arena_alloc(r->arena, 1, sizeof *log);
    if (!log)
        return PARSE_UNSUPPORTED;
    dji_srt_log_begin(log, r, whole);
    log->recordings = RECORDINGS_MAX;
    while (dji_srt_line_next(&rest, &line)) {
        take_line(log, &line);
        if (r->passed && rest.origin - whole.origin - passed >= PASSED_STEP) {
            passed = rest.origin - whole.origin;
            r->passed(r, log->cue_from);
        }
    }
    look_at_end(log, whole);
    dji_srt_log_close(log);
    dji_srt_log_flight(log, bytes_part(whole, log->from - whole.origin, UINT64_MAX));
    return PARSE_OK;
}

/* As a track of a video */

struct dji_srt_track {
    struct dji_srt_log log;
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
    struct dji_srt_log *log = &t->log;
    struct dji_srt_cue cue;
    struct dji_srt_line line;
    struct bytes rest = text;

    dji_srt_cue_init(&cue);
    while (dji_srt_line_next(&rest, &line))
        dji_srt_cue_line(&cue, &log->day, text_of_bytes(line.at));
    if (!cue.telemetry)
        return;
    if (!t->begun) {
        dji_srt_log_begin(log, t->r, text);
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
    dji_srt_log_close(log);
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
    dji_srt_log_flight(&t->log, whole);
    return true;
}
