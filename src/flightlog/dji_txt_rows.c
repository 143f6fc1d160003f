#include "flightlog/dji_txt_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/timestamp.h"
#include "flightlog/dji_product.h"
#include "flightlog/dji_txt_path.h"
#include "flightlog/flight_rows.h"
#include "flightlog/flight_years.h"

enum { NOTE_MAX = 8192, FIRST_AES_VERSION = 13, KINDS_MAX = 256, SHORT_SERIAL = 10 };

#define CLOCKS_AGREE_NS (INT64_C(3600) * NS_PER_S)

static struct fact_origin details_origin(const struct dji_txt_log *log)
{
    struct fact_origin origin = FACT_ORIGIN_UNKNOWN;

    if (log->details_believed) {
        origin = fact_origin_at(log->details.at.origin, log->details.at.len);
        if (log->version >= FIRST_AES_VERSION)
            origin.steps = log->steps;
    }
    return origin;
}

/* The start stands in for a path that cannot be read, and the places of the pictures are
 * known from the summary alone. */
static void put_positions_of_details(struct dji_txt_log *log)
{
    const struct dji_txt_details *d = &log->details;
    struct dji_txt_waiting at = { .origin = details_origin(log), .subject = SUBJECT_AIRCRAFT,
                                  .attitude = FLIGHT_ATTITUDE_UNKNOWN };

    if (log->paths[SUBJECT_AIRCRAFT].points == 0 && flight_path_accepts(NULL, d->longitude_deg, d->latitude_deg)) {
        at.at = (struct flight_point){ d->longitude_deg, d->latitude_deg, FACT_UNKNOWN_REAL };
        dji_txt_put_position(log, &at, d->start_utc_ns, TEXT("utc"));
    }
    at.subject = SUBJECT_CAMERA;
    for (int i = 0; i < DJI_TXT_PICTURES; i++) {
        if (!flight_path_accepts(NULL, d->picture_longitude_deg[i], d->picture_latitude_deg[i]))
            continue;
        at.at = (struct flight_point){ d->picture_longitude_deg[i], d->picture_latitude_deg[i], FACT_UNKNOWN_REAL };
        dji_txt_put_position(log, &at, FACT_UNKNOWN_INT, TEXT_UNKNOWN);
    }
}

static void put_identifier(struct dji_txt_log *log, const char *kind, struct text value, int64_t device,
                           struct fact_origin origin)
{
    flight_identifier_put(log->r->facts, kind, value, device, origin);
}

static int64_t put_device(struct dji_txt_log *log, const char *role, struct text serial, struct fact_origin origin)
{
    const bool aircraft = text_equal(text_of(role), TEXT("aircraft"));
    struct fact_device row;

    fact_init(FACT_DEVICE, &row);
    row.head.origin = origin;
    row.role = text_of(role);
    row.vendor = TEXT("DJI");
    row.serial = serial;
    if (aircraft) {
        row.model = dji_product_name(log->details_believed ? log->details.product_type : log->product_type);
        row.name = text_known(log->details.aircraft_name) ? log->details.aircraft_name : log->aircraft_name;
    }
    for (int part = 0; part < DJI_TXT_PART_COUNT; part++)
        if (text_equal(text_of(role), text_of(dji_txt_part_role(part))))
            row.firmware = log->firmware[part];
    const int64_t number = fact_put(log->r->facts, FACT_DEVICE, &row);
    put_identifier(log, "serial", serial, number, origin);
    if (aircraft)
        put_identifier(log, "name", row.name, number, origin);
    return number;
}

/* Old records have room for ten characters of a serial and hold only its beginning. */
static bool same_serial(struct text of_details, struct text of_record)
{
    return text_equal(of_details, of_record) ||
           (of_record.len == SHORT_SERIAL && text_known(of_details) && text_starts_with(of_details, of_record));
}

/* The summary's serial first, then what records named besides.  Gives the first. */
static struct text put_devices_of(struct dji_txt_log *log, const char *role, struct text of_details)
{
    struct text first = TEXT_UNKNOWN;

    if (dji_serial_is_known(of_details)) {
        put_device(log, role, of_details, details_origin(log));
        first = of_details;
    }
    for (size_t i = 0; i < log->serial_count; i++) {
        const struct dji_txt_serial *s = &log->serials[i];
        if (!text_equal(text_of(s->role), text_of(role)) || same_serial(of_details, s->value))
            continue;
        put_device(log, role, s->value, s->origin);
        if (!text_known(first))
            first = s->value;
    }
    return first;
}

static struct text battery_serial(struct dji_txt_log *log)
{
    const struct text serial = log->details.battery_serial;

    if (!text_known(serial) || !dji_battery_serial_is_packed(log->details.product_type))
        return serial;
    char *digits = arena_alloc(log->r->arena, serial.len, 1);
    return digits ? dji_battery_serial_unpack(serial, digits) : TEXT_UNKNOWN;
}

static struct text put_devices(struct dji_txt_log *log)
{
    const struct dji_txt_details *d = &log->details;
    const struct text aircraft = put_devices_of(log, "aircraft", d->aircraft_serial);

    if (!text_known(aircraft) && (log->details_believed || text_known(log->aircraft_name)))
        put_device(log, "aircraft", TEXT_UNKNOWN, details_origin(log));
    put_devices_of(log, "controller", d->controller_serial);
    put_devices_of(log, "camera", d->camera_serial);
    put_devices_of(log, "battery", battery_serial(log));
    return aircraft;
}

static void put_identifiers_of_details(struct dji_txt_log *log)
{
    const struct dji_txt_details *d = &log->details;
    const struct fact_origin origin = details_origin(log);

    if (dji_serial_is_known(d->account_digest))
        put_identifier(log, "account_digest", d->account_digest, FACT_UNKNOWN_INT, origin);
    put_identifier(log, "uuid", d->uuid, FACT_UNKNOWN_INT, origin);
    for (int i = 0; i < DJI_TXT_PLACES; i++) {
        bool repeated = false;
        for (int k = 0; k < i; k++)
            repeated |= text_equal(d->places[k], d->places[i]);
        if (!repeated)
            put_identifier(log, "place", d->places[i], FACT_UNKNOWN_INT, origin);
    }
}

/* Most frequent first; equal ones by their number. */
static void note_kinds(struct buffer *note, const struct dji_txt_log *log)
{
    bool told[KINDS_MAX] = { false };
    bool any = false;

    for (;;) {
        int best = -1;
        for (int i = 0; i < KINDS_MAX; i++)
            if (!told[i] && log->counts[i] > 0 && (best < 0 || log->counts[i] > log->counts[best]))
                best = i;
        if (best < 0)
            break;
        told[best] = true;
        const char *name = dji_txt_record_name((uint8_t)best);
        buffer_printf(note, "%s%" PRId64 " of type %d", any ? ", " : " Records kept: ", log->counts[best], best);
        buffer_printf(note, name ? " (%s)" : " (unknown)%s", name ? name : "");
        any = true;
    }
    if (any)
        buffer_add_text(note, TEXT("."));
}

static int64_t record_count(const struct dji_txt_log *log)
{
    int64_t sum = 0;

    for (int i = 0; i < KINDS_MAX; i++)
        sum += log->counts[i];
    return sum;
}

static void note_encryption(struct buffer *note, const struct dji_txt_log *log)
{
    if (log->opened > 0) {
        buffer_printf(note,
                      " Its records are encrypted; %" PRId64 " of them were opened with keys that the operator gave, "
                      "which is untested on real files.", log->opened);
        if (log->encrypted > 0)
            buffer_printf(note, " %" PRId64 " others could not be opened with these.", log->encrypted);
        return;
    }
    if (log->encrypted == 0)
        return;
    if (log->keys_do_not_fit)
        buffer_add_text(note, TEXT(" None of the keys that were given fits it."));
    buffer_printf(note,
                  " The flight path itself is encrypted: %" PRId64 " of %" PRId64 " records cannot be read without "
                  "a key that only the maker hands out, so decoding them elsewhere means asking the maker.",
                  log->encrypted, record_count(log));
    if (log->details_believed)
        buffer_add_text(note, TEXT(" The summary needs no key: start point and time, duration, serial numbers and "
                                   "how much of what was kept are shown."));
}

static void note_summary(struct buffer *note, const struct dji_txt_log *log)
{
    const struct dji_txt_details *d = &log->details;

    if (!log->details_believed) {
        buffer_add_text(note, TEXT(" The app's summary of the flight is missing or damaged."));
        return;
    }
    if (fact_known_int(d->line_count) && d->line_count != log->counts[1])
        buffer_printf(note, " The app counted %" PRId64 " flight state records; %" PRId64 " are here.",
                      d->line_count, log->counts[1]);
    if (fact_known_real(d->height_max_m))
        buffer_printf(note, " Highest point %.1f m above take-off.", d->height_max_m);
    if (fact_known_real(d->distance_m))
        buffer_printf(note, " Distance flown %.0f m.", d->distance_m);
    if (fact_known_int(d->photos) && d->photos > 0)
        buffer_printf(note, " Photos taken: %" PRId64 ".", d->photos);
    if (fact_known_int(d->needs_upload))
        buffer_printf(note, " The app's mark \"needs upload\" is %s.", d->needs_upload ? "set" : "not set");
}

static void note_path(struct buffer *note, const struct dji_txt_log *log)
{
    const struct flight_path *aircraft = &log->paths[SUBJECT_AIRCRAFT], *operators = &log->paths[SUBJECT_OPERATOR];
    const int64_t phone_refused = operators->null_fixes + operators->impossible_fixes;

    if (aircraft->null_fixes > 0)
        buffer_printf(note, " %" PRId64 " aircraft records without a fix (0/0) left out.", aircraft->null_fixes);
    if (aircraft->impossible_fixes > 0)
        buffer_printf(note, " %" PRId64 " aircraft positions outside the globe left out.", aircraft->impossible_fixes);
    if (log->lone_positions > 0)
        buffer_printf(note,
                      " %" PRId64 " positions that lie more than %.0f km from those before and after them left out "
                      "as damaged.", log->lone_positions, FLIGHT_LEAP_M / 1000);
    if (aircraft->leaps > 0)
        buffer_printf(note, " %" PRId64 " times the path leaps more than %.0f km from one fix to the next.",
                      aircraft->leaps, FLIGHT_LEAP_M / 1000);
    flight_pace_note(&log->pace, note);
    if (phone_refused > 0)
        buffer_printf(note, " %" PRId64 " phone positions without a fix left out.", phone_refused);
}

static void note_doubts(struct buffer *note, const struct dji_txt_log *log)
{
    if (log->paths[SUBJECT_CONTROLLER].points > 0)
        buffer_add_text(note, TEXT(" The controller's positions are shown because they lie near the aircraft; "
                                   "their scale is assumed."));
    if (log->far_controllers > 0)
        buffer_printf(note,
                      " %" PRId64 " controller positions far from the aircraft left out: their scale is not sure.",
                      log->far_controllers);
    if (log->derived_times > 0)
        buffer_printf(note, " %" PRId64 " positions have no clock of their own; their times are worked out.",
                      log->derived_times);
    if (fact_known_int(log->details.unbelievable_ns) && !fact_known_int(log->clock_utc_ns))
        flight_years_say(note, "The time of the app's clock, which is not used, is", log->details.unbelievable_ns,
                         true);
    if (log->doubted_clocks > 0)
        buffer_printf(note, " %" PRId64 " clock readings do not fit the others and were not used.",
                      log->doubted_clocks);
    if (log->unreadable > 0)
        buffer_printf(note, " %" PRId64 " records are shorter than their kind asks for.", log->unreadable);
}

static struct text note_text(struct dji_txt_log *log, const struct dji_txt_layout *layout)
{
    const bool tried = log->version == 4 || log->version == 7 || log->version == 8 || log->version == 14;
    const struct text department = dji_department_name(layout->department);
    struct buffer note;

    buffer_init(&note, NOTE_MAX);
    buffer_printf(&note, "DJI flight record, version %u.", log->version);
    if (log->version > DJI_TXT_VERSION_MAX)
        buffer_add_text(&note,
                        TEXT(" This version is newer than any that leash knows; what is shown may be incomplete."));
    else if (!tried)
        buffer_add_text(&note,
                        TEXT(" Records of this version are untested on real files: check it against another source."));
    note_encryption(&note, log);
    if (text_known(department))
        buffer_printf(&note, " Written by %.*s.", (int)department.len, department.at);
    note_summary(&note, log);
    note_path(&note, log);
    note_doubts(&note, log);
    note_kinds(&note, log);
    log_messages_write(&log->messages, &note);
    const struct text kept = arena_text(log->r->arena, buffer_text(&note));
    buffer_done(&note);
    return kept;
}

static void describe_times(const struct dji_txt_log *log, bool path_is_read, struct fact_flight *flight)
{
    const struct dji_txt_details *d = &log->details;
    const struct flight_path *path = &log->paths[SUBJECT_AIRCRAFT];

    flight->start = d->start_utc_ns;
    flight->duration_s = d->duration_s;
    if (path_is_read) {
        if (!fact_known_int(flight->start) ||
            (fact_known_int(path->first_utc_ns) && llabs(path->first_utc_ns - flight->start) > CLOCKS_AGREE_NS))
            flight->start = path->first_utc_ns;
        flight->end = path->last_utc_ns;
    }
    if (!fact_known_int(flight->end) && fact_known_int(flight->start) && fact_known_real(flight->duration_s))
        flight->end = flight->start + (int64_t)(flight->duration_s * 1000) * (NS_PER_S / 1000);
    if (!fact_known_real(flight->duration_s) && fact_known_int(flight->start) && fact_known_int(flight->end))
        flight->duration_s = (double)(flight->end - flight->start) / (double)NS_PER_S;
    if (fact_known_int(flight->start))
        flight->time_basis = TEXT("utc");
}

void dji_txt_put_rows(struct dji_txt_log *log, const struct dji_txt_layout *layout)
{
    const struct dji_txt_details *d = &log->details;
    const bool path_is_read = log->paths[SUBJECT_AIRCRAFT].points > 0;
    struct fact_flight flight;

    put_positions_of_details(log);
    fact_init(FACT_FLIGHT, &flight);
    flight.head.number = log->flight;
    flight.head.origin = details_origin(log);
    if (!fact_known_int(flight.head.origin.offset))
        flight.head.origin = fact_origin_at(layout->records.origin, layout->records.len);
    flight.format = TEXT("dji-txt");
    flight.aircraft_serial = put_devices(log);
    put_identifiers_of_details(log);
    describe_times(log, path_is_read, &flight);
    flight_path_describe(&log->paths[SUBJECT_AIRCRAFT], &flight);
    if (log->paths[SUBJECT_AIRCRAFT].points > 0)
        flight.alt_ref = path_is_read ? TEXT("takeoff") : TEXT_UNKNOWN;
    flight.operator_points = log->paths[SUBJECT_OPERATOR].points;
    if (log->home_known) {
        flight.home_longitude_deg = log->home.longitude_deg;
        flight.home_latitude_deg = log->home.latitude_deg;
    }
    flight.app = dji_platform_name(d->platform);
    if (d->has_app_version)
        flight.app_version = arena_printf(log->r->arena, "%u.%u.%u", d->app_version[0], d->app_version[1],
                                          d->app_version[2]);
    flight.encrypted_records = log->encrypted;
    flight.note = note_text(log, layout);
    fact_put(log->r->facts, FACT_FLIGHT, &flight);
}
