#include "flightlog/dji_txt_path.h"

#include <inttypes.h>

#include "base/timestamp.h"

void dji_txt_put_position(struct dji_txt_log *log, const struct dji_txt_waiting *w, int64_t time_utc_ns,
                          struct text time_basis)
{
    static const struct text subjects[] = { TEXT_INIT("aircraft"), TEXT_INIT("home"), TEXT_INIT("operator"),
                                            TEXT_INIT("controller"), TEXT_INIT("camera") };
    struct fact_position *row = &log->row;
    const bool has_altitude = fact_known_real(w->at.altitude_m);

    row->head.origin = w->origin;
    row->head.number = 0;
    row->subject = subjects[w->subject];
    row->time = time_utc_ns;
    row->time_basis = fact_known_int(time_utc_ns) ? time_basis : TEXT_UNKNOWN;
    row->longitude_deg = w->at.longitude_deg;
    row->latitude_deg = w->at.latitude_deg;
    row->altitude_m = w->at.altitude_m;
    row->alt_ref = has_altitude ? TEXT("takeoff") : TEXT_UNKNOWN;
    row->pitch_deg = w->attitude.pitch_deg;
    row->roll_deg = w->attitude.roll_deg;
    row->yaw_deg = w->attitude.yaw_deg;
    fact_put(log->r->facts, FACT_POSITION, row);
    flight_path_add(&log->paths[w->subject], w->at, time_utc_ns);
    if (w->subject == SUBJECT_AIRCRAFT)
        flight_pace_take(&log->pace, log->r, time_utc_ns, (uint64_t)w->origin.offset);
}

int64_t dji_txt_time_by_counter(const struct dji_txt_log *log, uint16_t at_ds)
{
    if (!fact_known_int(log->anchor_utc_ns) || !log->anchor_ds_known || at_ds < log->anchor_ds)
        return FACT_UNKNOWN_INT;
    return log->anchor_utc_ns + (at_ds - log->anchor_ds) * (NS_PER_S / 10);
}

void dji_txt_path_settle(struct dji_txt_log *log, int64_t clock_utc_ns)
{
    for (size_t i = 0; i < log->waiting_count; i++) {
        const struct dji_txt_waiting *w = &log->waiting[i];
        const bool by_clock = fact_known_int(clock_utc_ns);
        const int64_t time = by_clock ? clock_utc_ns : dji_txt_time_by_counter(log, w->flight_time_ds);
        const struct text basis = by_clock ? TEXT("utc") : TEXT("derived");
        log->derived_times += !by_clock;
        if (w->doubted)
            log->doubts[w->subject] = (struct dji_txt_doubt){ true, *w, time, basis };
        else
            dji_txt_put_position(log, w, time, basis);
    }
    log->waiting_count = 0;
    log->aircraft_waits = false;
}

/* A damaged number may be like another one, but not like so many in turn with true ones.  Whose clock it was is not
 * known. */
static bool is_of_another_log(struct dji_txt_log *log, enum dji_txt_subject subject, const struct dji_txt_doubt *d)
{
    enum { RUN_MIN = 8, APART_MAX = 4 };
    struct dji_txt_lone *lone = &log->lone[subject];
    const int64_t points = log->paths[subject].points;
    const bool goes_on = lone->run > 0 && points - lone->after_points <= APART_MAX &&
        !flight_path_leaps(&lone->last, &d->position.at);

    *lone = (struct dji_txt_lone){ goes_on ? lone->run + 1 : 1, points, d->position.at };
    return lone->run >= RUN_MIN;
}

/* Beside the path, which goes on from where it was. */
static void put_beside(struct dji_txt_log *log, enum dji_txt_subject subject, const struct dji_txt_doubt *d)
{
    const struct flight_point last = log->paths[subject].last;
    const int64_t of_last_utc_ns = log->paths[subject].of_last_utc_ns;

    dji_txt_put_position(log, &d->position, FACT_UNKNOWN_INT, TEXT_UNKNOWN);
    log->paths[subject].last = last;
    log->paths[subject].of_last_utc_ns = of_last_utc_ns;
    log->lone[subject].after_points = log->paths[subject].points;
    if (subject == SUBJECT_AIRCRAFT && log->others_points++ == 0)
        log->others_at = (uint64_t)d->position.origin.offset;
}

/* `next` is the position of the same subject that follows, or NULL at the end. */
static void settle_doubt(struct dji_txt_log *log, enum dji_txt_subject subject, const struct flight_point *next)
{
    struct dji_txt_doubt *d = &log->doubts[subject];

    if (!d->held)
        return;
    d->held = false;
    if (next && !flight_path_leaps(&d->position.at, next))
        dji_txt_put_position(log, &d->position, d->time_utc_ns, d->time_basis);
    else if (is_of_another_log(log, subject, d))
        put_beside(log, subject, d);
    else
        log->lone_positions++;
}

struct dji_txt_waiting *dji_txt_path_wait(struct dji_txt_log *log, const struct dji_txt_record *record,
                                          enum dji_txt_subject subject, const struct flight_point *at)
{
    settle_doubt(log, subject, at);
    if (log->waiting_count == DJI_TXT_WAITING_MAX)
        dji_txt_path_settle(log, FACT_UNKNOWN_INT);
    struct dji_txt_waiting *w = &log->waiting[log->waiting_count++];
    w->origin = fact_origin_at(record->offset, record->length);
    w->origin.steps = log->steps;
    w->subject = subject;
    /* One by one: what was only just written in halves is waited for when it is loaded as a whole. */
    w->at.longitude_deg = at->longitude_deg;
    w->at.latitude_deg = at->latitude_deg;
    w->at.altitude_m = at->altitude_m;
    w->attitude = FLIGHT_ATTITUDE_UNKNOWN;
    w->flight_time_ds = log->newest_ds;
    w->doubted = log->paths[subject].points > 0 && flight_path_leaps(&log->paths[subject].last, at);
    return w;
}

void dji_txt_path_end(struct dji_txt_log *log)
{
    dji_txt_path_settle(log, FACT_UNKNOWN_INT);
    for (int i = 0; i < SUBJECT_COUNT; i++)
        settle_doubt(log, i, NULL);
    if (log->others_points > 0)
        reading_damage(log->r, log->others_at, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "records of another log stand among these: %" PRId64 " of its positions are shown "
                       "with this flight, without times", log->others_points);
}
