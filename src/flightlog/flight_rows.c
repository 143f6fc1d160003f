#include "flightlog/flight_rows.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "flightlog/flight_years.h"

enum { NOTE_MAX = 8192, NOTE_PIECE_MAX = 2048 };

void flight_rows_begin(struct flight_rows *f, struct reading *r, const char *format)
{
    memset(f, 0, sizeof *f);
    f->r = r;
    fact_init(FACT_FLIGHT, &f->row);
    f->row.head.number = fact_reserve(r->facts, FACT_FLIGHT);
    f->row.format = text_of(format);
    fact_init(FACT_POSITION, &f->position);
    f->position.flight = f->row.head.number;
    flight_path_init(&f->path);
    flight_path_init(&f->others);
    f->local_first_ns = f->local_last_ns = FACT_UNKNOWN_INT;
    flight_pace_init(&f->pace);
    buffer_init(&f->note, NOTE_MAX);
}

struct text flight_local_text(int64_t local_ns, char into[FLIGHT_LOCAL_MAX])
{
    struct text t = timestamp_text(local_ns, into);

    t.len--; /* its Z */
    return t;
}

/* What is compared here comes from a few literals, mostly the same one. */
static inline bool same_word(const char *a, const char *b)
{
    return a == b || strcmp(a, b) == 0;
}

static void set_time(struct flight_rows *f, const struct flight_time *time)
{
    struct fact_position *row = &f->position;

    row->time = time->utc_ns;
    row->time_basis = text_of(time->basis);
    row->time_local = TEXT_UNKNOWN;
    if (fact_known_int(time->local_ns)) {
        row->time_local = timestamp_text_near(&f->local_second, time->local_ns, f->time_local);
        row->time_local.len--; /* its Z */
    }
}

static void put_row(struct flight_rows *f, const char *subject, struct bytes at, struct flight_point point,
                    const char *alt_ref)
{
    struct fact_position *row = &f->position;

    row->head.origin = fact_origin_at(at.origin, at.len);
    row->head.origin.steps = f->steps;
    row->head.number = 0;
    row->subject = text_of(subject);
    row->longitude_deg = point.longitude_deg;
    row->latitude_deg = point.latitude_deg;
    row->altitude_m = point.altitude_m;
    row->alt_ref = fact_known_real(point.altitude_m) ? text_of(alt_ref) : TEXT_UNKNOWN;
    fact_put(f->r->facts, FACT_POSITION, row);
}

void flight_rows_attitude(struct flight_rows *f, struct flight_attitude attitude)
{
    f->position.pitch_deg = attitude.pitch_deg;
    f->position.roll_deg = attitude.roll_deg;
    f->position.yaw_deg = attitude.yaw_deg;
}

void flight_rows_clock(struct flight_rows *f, const struct flight_time *time)
{
    if (!f->time_basis)
        f->time_basis = time->basis;
    if (!fact_known_int(time->local_ns))
        return;
    if (!fact_known_int(f->local_first_ns) || time->local_ns < f->local_first_ns)
        f->local_first_ns = time->local_ns;
    if (!fact_known_int(f->local_last_ns) || time->local_ns > f->local_last_ns)
        f->local_last_ns = time->local_ns;
}

static void follow_aircraft(struct flight_rows *f, struct flight_point point, const char *alt_ref,
                            const struct flight_time *time)
{
    flight_path_add(&f->path, point, time->utc_ns);
    flight_rows_clock(f, time);
    if (fact_known_real(point.altitude_m)) {
        f->alt_ref_mixed |= f->alt_ref && !same_word(f->alt_ref, alt_ref);
        f->alt_ref = alt_ref;
    }
}

bool flight_rows_put(struct flight_rows *f, const char *subject, struct bytes at, struct flight_point point,
                     const char *alt_ref, const struct flight_time *time)
{
    const bool aircraft = same_word(subject, "aircraft");

    if (!flight_path_accepts(aircraft ? &f->path : &f->others, point.longitude_deg, point.latitude_deg))
        return false;
    set_time(f, time);
    put_row(f, subject, at, point, alt_ref);
    if (aircraft) {
        follow_aircraft(f, point, alt_ref, time);
        if (f->paced)
            flight_pace_take(&f->pace, f->r, fact_known_int(time->utc_ns) ? time->utc_ns : time->local_ns, at.origin);
    }
    f->operator_points += !aircraft && same_word(subject, "operator");
    return true;
}

void flight_rows_home(struct flight_rows *f, struct bytes at, struct flight_point point, const char *alt_ref)
{
    static const struct flight_time no_time = { FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, NULL };

    if (f->home_known && f->home.longitude_deg == point.longitude_deg && f->home.latitude_deg == point.latitude_deg)
        return;
    if (!flight_path_accepts(&f->others, point.longitude_deg, point.latitude_deg))
        return;
    set_time(f, &no_time);
    put_row(f, "home", at, point, alt_ref);
    if (!f->home_known) {
        f->row.home_longitude_deg = point.longitude_deg;
        f->row.home_latitude_deg = point.latitude_deg;
    }
    f->home = point;
    f->home_known = true;
}

void flight_identifier_put(struct fact_sink *facts, const char *kind, struct text value, int64_t device,
                           struct fact_origin origin)
{
    struct fact_identifier row;

    if (!text_known(value) || value.len == 0)
        return;
    fact_init(FACT_IDENTIFIER, &row);
    row.head.origin = origin;
    row.kind = text_of(kind);
    row.value = value;
    row.device = device;
    fact_put(facts, FACT_IDENTIFIER, &row);
}

void flight_rows_identifier(struct flight_rows *f, const char *kind, struct text value, int64_t device,
                            struct fact_origin origin)
{
    flight_identifier_put(f->r->facts, kind, value, device, origin);
}

int64_t flight_rows_device(struct flight_rows *f, const struct fact_device *device)
{
    if (!text_known(device->vendor) && !text_known(device->model) && !text_known(device->serial) &&
        !text_known(device->name))
        return FACT_UNKNOWN_INT;
    const int64_t number = fact_put(f->r->facts, FACT_DEVICE, device);
    flight_rows_identifier(f, "serial", device->serial, number, device->head.origin);
    flight_rows_identifier(f, "name", device->name, number, device->head.origin);
    if (text_equal(device->role, TEXT("aircraft")) && !text_known(f->row.aircraft_serial))
        f->row.aircraft_serial = device->serial;
    return number;
}

void flight_rows_note(struct flight_rows *f, const char *format, ...)
{
    char piece[NOTE_PIECE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (f->note.len > 0)
        buffer_add_u8(&f->note, ' ');
    buffer_add_text(&f->note, text_of(piece));
}

static void note_path(struct flight_rows *f)
{
    if (f->path.null_fixes > 0)
        flight_rows_note(f, "%" PRId64 " positions without a fix (0/0) left out.", f->path.null_fixes);
    if (f->path.impossible_fixes > 0)
        flight_rows_note(f, "%" PRId64 " positions outside the globe left out.", f->path.impossible_fixes);
    if (f->others.null_fixes + f->others.impossible_fixes > 0)
        flight_rows_note(f, "%" PRId64 " positions of home, operator or target that are none (0/0 or outside the "
                         "globe) left out.",
                         f->others.null_fixes + f->others.impossible_fixes);
    if (f->path.leaps > 0)
        flight_rows_note(f, "%" PRId64 " times the path leaps more than %.0f km from one fix to the next.",
                         f->path.leaps,
                         FLIGHT_LEAP_M / 1000);
    flight_pace_note(&f->pace, &f->note);
    if (f->alt_ref_mixed)
        flight_rows_note(f, "Not all altitudes of this flight have the same reference.");
}

/* Rows of several recordings that stand among one another, as where two logs were copied over each other: the path or
 * the clock leaps to and fro, and no time between explains it.  A receiver's glitch leaps there and back once, and a
 * clock is set once; what has no clock at all may be a route, or a list of places. */
static void tell_mixture(struct flight_rows *f, struct bytes whole)
{
    enum { LEAPS_MIN = 8, SHARE = 4, CLOCK_MIN = 3 };
    const bool timed = fact_known_int(f->path.first_utc_ns) || fact_known_real(f->row.duration_s);
    const bool by_place = timed && f->path.leaps_too_fast >= LEAPS_MIN && f->path.leaps_too_fast * SHARE >= f->path.points;
    const int64_t turns = f->pace.forth < f->pace.back ? f->pace.forth : f->pace.back;

    if (by_place || turns >= CLOCK_MIN)
        reading_damage(f->r, whole.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "rows of several recordings stand among one another: the path "
                       "leaps by more than %.0f km %" PRId64 " times, and %" PRId64 " times the clock goes forth and back by more than a minute. "
                       "All are read, as one flight", FLIGHT_LEAP_M / 1000, f->path.leaps_too_fast, turns);
}

/* Times of damaged logs may lie centuries apart. */
static double seconds_between(int64_t from_ns, int64_t to_ns)
{
    int64_t between_ns;

    return __builtin_sub_overflow(to_ns, from_ns, &between_ns) ? FACT_UNKNOWN_REAL :
        (double)between_ns / (double)NS_PER_S;
}

static void fill_times(struct flight_rows *f)
{
    char local[FLIGHT_LOCAL_MAX];
    struct fact_flight *row = &f->row;

    if (!fact_known_int(row->start)) {
        row->start = f->path.first_utc_ns;
        row->end = f->path.last_utc_ns;
    }
    if (fact_known_int(f->local_first_ns)) {
        row->start_local = arena_text(f->r->arena, flight_local_text(f->local_first_ns, local));
        row->end_local = arena_text(f->r->arena, flight_local_text(f->local_last_ns, local));
        flight_rows_note(f, "Its clock has no zone; by that it runs from %.*s to %.*s.", (int)row->start_local.len,
                         row->start_local.at,
                         (int)row->end_local.len, row->end_local.at);
    }
    if (!fact_known_real(row->duration_s) && fact_known_int(row->start) && fact_known_int(row->end))
        row->duration_s = seconds_between(row->start, row->end);
    else if (!fact_known_real(row->duration_s) && fact_known_int(f->local_first_ns))
        row->duration_s = seconds_between(f->local_first_ns, f->local_last_ns);
    if (!text_known(row->time_basis))
        row->time_basis = text_of(f->time_basis);
}

static void note_years(struct flight_rows *f)
{
    const bool utc = fact_known_int(f->row.start);
    const int64_t from = utc ? f->row.start : f->local_first_ns, to = utc ? f->row.end : f->local_last_ns;

    if (fact_known_int(from) && !flight_years_hold(from))
        flight_years_say(&f->note, "Its times begin at", from, utc);
    else if (fact_known_int(to) && !flight_years_hold(to))
        flight_years_say(&f->note, "Its times end at", to, utc);
}

void flight_rows_end(struct flight_rows *f, struct bytes whole)
{
    f->row.head.origin = fact_origin_at(whole.origin, whole.len);
    flight_path_describe(&f->path, &f->row);
    fill_times(f);
    if (f->path.points > 0)
        f->row.alt_ref = f->alt_ref ? f->alt_ref_mixed ? TEXT("unknown") : text_of(f->alt_ref) : TEXT_UNKNOWN;
    f->row.operator_points = f->operator_points;
    if (!fact_known_int(f->row.encrypted_records))
        f->row.encrypted_records = 0;
    note_path(f);
    note_years(f);
    tell_mixture(f, whole);
    f->row.note = arena_text(f->r->arena, buffer_text(&f->note));
    buffer_done(&f->note);
    fact_put(f->r->facts, FACT_FLIGHT, &f->row);
}
