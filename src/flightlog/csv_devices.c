#include "flightlog/csv_devices.h"

#include <string.h>

enum { LINES_MAX = 128, VALUE_MAX = 256 };

/* Columns */

static void put_device(struct csv_log *log, const char *role, enum csv_column serial, enum csv_column name,
                       enum csv_column model)
{
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.head.origin = fact_origin_at(log->row.at.origin, log->row.at.len);
    device.role = text_of(role);
    if (csv_field(log, serial).len > 0)
        device.serial = arena_text(log->rows.r->arena, csv_field(log, serial));
    if (name != CSV_COLUMN_COUNT && csv_field(log, name).len > 0)
        device.name = csv_field(log, name);
    if (model != CSV_COLUMN_COUNT && csv_field(log, model).len > 0)
        device.model = csv_field(log, model);
    log->serials_told |= fact_known_int(flight_rows_device(&log->rows, &device));
}

void csv_devices_of_row(struct csv_log *log)
{
    put_device(log, "aircraft", CSV_AIRCRAFT_SERIAL, CSV_AIRCRAFT_NAME, CSV_MODEL);
    put_device(log, "controller", CSV_CONTROLLER_SERIAL, CSV_COLUMN_COUNT, CSV_COLUMN_COUNT);
    put_device(log, "camera", CSV_CAMERA_SERIAL, CSV_COLUMN_COUNT, CSV_COLUMN_COUNT);
    put_device(log, "battery", CSV_BATTERY_SERIAL, CSV_COLUMN_COUNT, CSV_COLUMN_COUNT);
    if (csv_field(log, CSV_APP_VERSION).len > 0 && !text_known(log->rows.row.app_version))
        log->rows.row.app_version = arena_text(log->rows.r->arena, csv_field(log, CSV_APP_VERSION));
}

/* Lines */

enum about { ABOUT_AIRCRAFT, ABOUT_BATTERY, ABOUT_CONTROLLER, ABOUT_CAMERA, ABOUT_PHONE, ABOUT_COUNT };
static const char *const roles[ABOUT_COUNT] = { "aircraft", "battery", "controller", "camera", "phone" };

enum what { WHAT_SERIAL, WHAT_MODEL, WHAT_NAME, WHAT_FIRMWARE, WHAT_VENDOR, WHAT_IDENTIFIER };

/* The flight controller's number is what DJI gives as the aircraft's.  Of names that begin alike the longer one stands
 * first: what a line says is behind the whole of its name, and one without a value has no number called "Number". */
static const struct said {
    const char *name;
    enum about about;
    enum what what;
    const char *kind;              /* of an identifier */
} known[] = {
    { "Aircraft Model", ABOUT_AIRCRAFT, WHAT_MODEL, NULL }, { "Aircraft Name", ABOUT_AIRCRAFT, WHAT_NAME, NULL },
    { "Aircraft Firmware", ABOUT_AIRCRAFT, WHAT_FIRMWARE, NULL },
    { "Flight Controller Serial Number", ABOUT_AIRCRAFT, WHAT_SERIAL, NULL }, { "Flight Controller Serial", ABOUT_AIRCRAFT, WHAT_SERIAL, NULL },
    { "Battery Serial Number", ABOUT_BATTERY, WHAT_SERIAL, NULL }, { "Battery Firmware", ABOUT_BATTERY, WHAT_FIRMWARE, NULL },
    { "Remote Control Serial Number", ABOUT_CONTROLLER, WHAT_SERIAL, NULL },
    { "Remote Control Firmware", ABOUT_CONTROLLER, WHAT_FIRMWARE, NULL },
    { "Camera Serial Number", ABOUT_CAMERA, WHAT_SERIAL, NULL }, { "Camera Firmware", ABOUT_CAMERA, WHAT_FIRMWARE, NULL },
    { "Device Manufacturer", ABOUT_PHONE, WHAT_VENDOR, NULL }, { "Device Model", ABOUT_PHONE, WHAT_MODEL, NULL },
    { "Device Operating System", ABOUT_PHONE, WHAT_FIRMWARE, NULL },
    { "Device SSID", ABOUT_PHONE, WHAT_IDENTIFIER, "ssid" },
    { "User ID", ABOUT_COUNT, WHAT_IDENTIFIER, "account_id" }, { "Organization ID", ABOUT_COUNT, WHAT_IDENTIFIER, "account_id" },
    { "Session ID", ABOUT_COUNT, WHAT_IDENTIFIER, "session_id" },
};
enum { KNOWN = sizeof known / sizeof *known };

/* The next line, without its end and what it is cut off by. */
static struct bytes take_line(struct bytes *rest)
{
    const uint8_t *end = memchr(rest->at, '\n', rest->len);
    struct bytes line = bytes_part(*rest, 0, end ? (uint64_t)(end - rest->at) : rest->len);

    *rest = bytes_part(*rest, line.len + (end != NULL), UINT64_MAX);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool is_named(struct bytes line, const char *name)
{
    const size_t len = strlen(name);

    return bytes_start_with(line, name, len) && (line.len == len || line.at[len] == '\t' || line.at[len] == ' ');
}

/* What stands behind the name; unknown when it is another name, or nothing is said.  Some lines have blanks for the
 * tab. */
static struct text value_of(struct bytes line, const char *name)
{
    struct text t = text_of_bytes(bytes_part(line, strlen(name), VALUE_MAX));

    if (!is_named(line, name))
        return TEXT_UNKNOWN;
    while (t.len > 0 && (t.at[0] == '\t' || t.at[0] == ' ')) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && (t.at[t.len - 1] == '\t' || t.at[t.len - 1] == ' '))
        t.len--;
    return t.len > 0 ? t : TEXT_UNKNOWN;
}

/* "iOS<TAB>14.1": two words of one value. */
static struct text with_blanks(struct arena *arena, struct text t)
{
    char into[VALUE_MAX];
    size_t len = t.len < sizeof into ? t.len : sizeof into;

    for (size_t i = 0; i < len; i++)
        into[i] = t.at[i] == '\t' ? ' ' : t.at[i];
    return arena_text(arena, (struct text){ .at = into, .len = len });
}

static void take(struct flight_rows *f, struct fact_device devices[ABOUT_COUNT], const struct said *said,
                 struct text value, struct bytes line)
{
    const struct fact_origin origin = fact_origin_at(line.origin, line.len);
    const struct text text = with_blanks(f->r->arena, value);

    if (text_starts_with(text, TEXT("unknown")))
        return; /* "unknown_plan_id" is nobody's */
    if (said->what == WHAT_IDENTIFIER) {
        flight_rows_identifier(f, said->kind, text, FACT_UNKNOWN_INT, origin);
        return;
    }
    struct fact_device *device = &devices[said->about];
    struct text *const fields[] = { [WHAT_SERIAL] = &device->serial, [WHAT_MODEL] = &device->model,
                                    [WHAT_NAME] = &device->name,
                                    [WHAT_FIRMWARE] = &device->firmware, [WHAT_VENDOR] = &device->vendor };
    if (text_known(*fields[said->what]))
        return;
    *fields[said->what] = text;
    if (!fact_known_int(device->head.origin.offset) || said->what == WHAT_SERIAL)
        device->head.origin = origin;
}

void csv_devices_of_lines(struct csv_log *log, struct bytes lines)
{
    struct flight_rows *f = &log->rows;
    struct fact_device devices[ABOUT_COUNT];
    struct text value;

    for (int i = 0; i < ABOUT_COUNT; i++) {
        fact_init(FACT_DEVICE, &devices[i]);
        devices[i].role = text_of(roles[i]);
    }
    for (int n = 0; n < LINES_MAX && lines.len > 0; n++) {
        const struct bytes line = take_line(&lines);
        if (text_known(value = value_of(line, "#DroneDeploy")))
            f->row.app_version = arena_text(f->r->arena, value);
        size_t i = 0;
        while (i < KNOWN && !is_named(line, known[i].name))
            i++;
        if (i < KNOWN && text_known(value = value_of(line, known[i].name)))
            take(f, devices, &known[i], value, line);
    }
    for (int i = 0; i < ABOUT_COUNT; i++)
        log->serials_told |= fact_known_int(flight_rows_device(f, &devices[i])) && text_known(devices[i].serial);
}
