#include "flightlog/dji_srt_log.h"

#include <inttypes.h>

#include "base/timestamp.h"

enum { FIRST_COUNTER = 1 };

/* Longer than recordings are: then the clock is that of another one. */
#define GAP_MAX_NS (6 * 3600 * NS_PER_S)

void dji_srt_log_begin(struct dji_srt_log *log, struct reading *r, struct bytes whole)
{
    flight_rows_begin(&log->rows, r, "dji-srt");
    log->where = "beside its video";
    log->from = whole.origin;
    log->base = whole.at;
    log->base_origin = whole.origin;
    log->counter = log->last_counter = log->from_ms = log->to_ms = log->last_from_ms = log->last_to_ms =
        FACT_UNKNOWN_INT;
    log->last_clock_ns = FACT_UNKNOWN_INT;
    log->first_ms = log->end_ms = FACT_UNKNOWN_INT;
}

/* What is said once */

static void note_order(struct dji_srt_log *log)
{
    const char *first = log->assumed == LATITUDE_FIRST ? "latitude" : "longitude";

    if (log->lettered_pairs > 0)
        flight_rows_note(&log->rows,
                         "Letters name the axis and half of the globe, a form that is untested on real files.");
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

static void note_rest(struct dji_srt_log *log)
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
        reading_damage(f->r, log->from, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the subtitles of several recordings stand among one another: %" PRId64 " times the clock "
                       "is that of another day without their numbers beginning again", log->strays);
    if (log->restarts > 0)
        flight_rows_note(f, "The numbers start again %" PRId64 " times, as if files had been joined.", log->restarts);
    if (f->home_known)
        flight_rows_note(f, "They name the home point: where it took off, or where its operator set it.");
    note_order(log);
    if (!f->time_basis)
        flight_rows_note(f, "They have no clock, only the time since the recording began.");
}

void dji_srt_log_flight(struct dji_srt_log *log, struct bytes whole)
{
    flight_rows_note(&log->rows, "%" PRId64 " subtitles of a camera %s.", log->cues, log->where);
    note_rest(log);
    if (fact_known_int(log->first_ms) && log->restarts == 0)
        log->rows.row.duration_s = (double)(log->end_ms - log->first_ms) / 1000;
    flight_rows_end(&log->rows, whole);
}

static struct bytes cue_bytes(const struct dji_srt_log *log)
{
    return (struct bytes){ .at = log->base + (log->cue_from - log->base_origin), .len = log->cue_to - log->cue_from,
                           .origin = log->cue_from };
}

/* How long subtitles are missing before this one: from the end of the one before; where that was damaged, too, from its
 * beginning; by the clock where there are no such times. */
static int64_t gap_before(const struct dji_srt_log *log)
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
static void look_for_gap(struct dji_srt_log *log)
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
static void look_for_number(struct dji_srt_log *log)
{
    if (!fact_known_int(log->counter) && fact_known_int(log->last_counter))
        reading_damage(log->rows.r, log->cue_from, 0, FACT_UNKNOWN_INT,
                       "a subtitle without the number that others have: what stands ahead of it "
                       "is cut off or damaged");
}

/* The order in which this subtitle's unlabelled numbers are read, and on which ground. */
static enum dji_srt_order order_of(struct dji_srt_log *log)
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
static bool place_of(struct dji_srt_log *log, enum dji_srt_order order, struct flight_point *ret)
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

/* Without the position that all before it have, and shorter than the one before: it was cut off, and what followed it
 * is another. */
static bool says_less(const struct dji_srt_log *log)
{
    return !log->cue.says_position && log->rows.path.points > 0 && log->without_position == 0 &&
           (log->lines < log->last_lines || (log->lines == log->last_lines &&
                                             log->line_len + DJI_SRT_SHORTER < log->last_line_len));
}

static void put_cue(struct dji_srt_log *log)
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

/* The clock is that of another day, and the numbers start again, or go on from others: what follows is of another
 * recording. */
static bool is_of_another(const struct dji_srt_log *log)
{
    const int64_t now_ns = log->cue.clock_local_ns;
    int64_t apart_ns;
    const bool again = (fact_known_int(log->counter) && fact_known_int(log->last_counter) &&
                        log->counter <= log->last_counter) ||
                       (fact_known_int(log->from_ms) && fact_known_int(log->last_from_ms) &&
                        log->from_ms < log->last_from_ms);
    return again && fact_known_int(now_ns) && fact_known_int(log->last_clock_ns) &&
           (__builtin_sub_overflow(now_ns, log->last_clock_ns, &apart_ns) || apart_ns > GAP_MAX_NS ||
            apart_ns < -GAP_MAX_NS);
}

/* Its first subtitle: files were put one behind the other.  A later one stands among those of the other. */
static bool begins_recording(const struct dji_srt_log *log)
{
    return log->recordings > 0 && (!fact_known_int(log->counter) || log->counter <= FIRST_COUNTER);
}

/* Puts the flight so far, and begins the next with the subtitle that is open. */
static void next_recording(struct dji_srt_log *log)
{
    const struct dji_srt_log before = *log;
    const struct bytes part = { .at = log->base + (log->from - log->base_origin), .len = log->cue_from - log->from,
                                .origin = log->from };

    dji_srt_log_flight(log, part);
    *log = (struct dji_srt_log){ 0 };
    dji_srt_log_begin(log, before.rows.r, (struct bytes){ .at = before.base, .origin = before.base_origin });
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

void dji_srt_log_close(struct dji_srt_log *log)
{
    if (!log->cue_open)
        return;
    log->cue_open = false;
    if (!log->cue.telemetry) {
        if (log->cues > 0 && log->lines == 0 && fact_known_int(log->counter))
            reading_damage(log->rows.r, log->cue_from, (int64_t)(log->cue_to - log->cue_from), 1,
                           "nothing of a subtitle is there but its number");
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

void dji_srt_log_open(struct dji_srt_log *log, const struct dji_srt_line *line)
{
    dji_srt_log_close(log);
    dji_srt_cue_init(&log->cue);
    log->cue_open = true;
    log->cue_from = line->at.origin;
    log->cue_to = line->at.origin + line->at.len;
    log->counter = log->from_ms = log->to_ms = FACT_UNKNOWN_INT;
    log->lines = 0;
}
