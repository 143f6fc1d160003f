#include "flightlog/json_said.h"

#include <string.h>

static const struct { enum json_shape shape; enum said said; const char *path; } said_paths[] = {
    { SHAPE_GUTMA, SAID_MAKER, "exchange.message.flight_data.aircraft.manufacturer" },
    { SHAPE_GUTMA, SAID_MODEL, "exchange.message.flight_data.aircraft.model" },
    { SHAPE_GUTMA, SAID_NAME, "exchange.message.flight_data.aircraft.name" },
    { SHAPE_GUTMA, SAID_SERIAL, "exchange.message.flight_data.aircraft.serial_number" },
    { SHAPE_GUTMA, SAID_FIRMWARE, "exchange.message.flight_data.aircraft.firmware_version" },
    { SHAPE_GUTMA, SAID_GCS_MAKER, "exchange.message.flight_data.gcs.manufacturer" },
    { SHAPE_GUTMA, SAID_GCS_MODEL, "exchange.message.flight_data.gcs.model" },
    { SHAPE_GUTMA, SAID_GCS_SERIAL, "exchange.message.flight_data.gcs.serial_number" },
    { SHAPE_GUTMA, SAID_GCS_SERIAL, "exchange.message.flight_data.remote_controller.serial_number" },
    { SHAPE_GUTMA, SAID_SSID, "exchange.message.flight_data.logfile_device_origin.device_ssid" },
    { SHAPE_GUTMA, SAID_GCS_VERSION, "exchange.message.flight_data.gcs.version" },
    { SHAPE_GUTMA, SAID_PROJECT, "exchange.message.flight_data.project" },
    { SHAPE_GUTMA, SAID_HEIGHTS, "exchange.message.flight_logging.altitude_system" },
    { SHAPE_GUTMA, SAID_UNITS, "exchange.message.flight_logging.uom_system" },
    { SHAPE_GUTMA, SAID_START, "exchange.message.flight_logging.logging_start_dtg" },
    { SHAPE_PARROT, SAID_MODEL, "product_name" }, { SHAPE_PARROT, SAID_SERIAL, "serial_number" },
    { SHAPE_PARROT, SAID_FIRMWARE, "software_version" },
    { SHAPE_PARROT, SAID_UUID, "uuid" }, { SHAPE_PARROT, SAID_BOOT, "boot_id" },
    { SHAPE_PARROT, SAID_GCS_MODEL, "controller_model" },
    { SHAPE_PARROT, SAID_CONTROLLER, "controller_application" }, { SHAPE_PARROT, SAID_START, "date" },
};

void json_said_keep(struct json_said *all, enum json_shape shape, const struct json_event *e, size_t from,
                    struct arena *arena)
{
    for (size_t i = 0; i < sizeof said_paths / sizeof *said_paths; i++)
        if (said_paths[i].shape == shape && e->text.len > 0 && json_event_is(e, from, said_paths[i].path)) {
            all->text[said_paths[i].said] = arena_text(arena, e->text);
            all->at[said_paths[i].said] = e->at;
            return;
        }
}

static struct fact_origin origin_of(const struct json_said *all, enum said said)
{
    return text_known(all->text[said]) ? fact_origin_at(all->at[said].origin, all->at[said].len) : FACT_ORIGIN_UNKNOWN;
}

/* Parrot writes the controller's serial before its version, both in one text. */
static void split_controller(struct json_said *all)
{
    const struct text t = all->text[SAID_CONTROLLER];
    const char *comma = t.len > 0 ? memchr(t.at, ',', t.len) : NULL;
    const size_t n = comma ? (size_t)(comma - t.at) : 0;

    if (n < 10)
        return;
    all->text[SAID_GCS_SERIAL] = (struct text){ .at = t.at, .len = n };
    all->text[SAID_GCS_VERSION] = (struct text){ .at = comma + 1, .len = t.len - n - 1 };
    all->at[SAID_GCS_SERIAL] = all->at[SAID_CONTROLLER];
}

void json_said_put(struct json_said *all, enum json_shape shape, struct flight_rows *rows)
{
    const struct text *said = all->text;
    struct fact_device device;

    fact_init(FACT_DEVICE, &device);
    device.role = TEXT("aircraft");
    device.head.origin = origin_of(all, text_known(said[SAID_SERIAL]) ? SAID_SERIAL : SAID_MODEL);
    device.vendor = shape == SHAPE_PARROT ? TEXT("Parrot") : said[SAID_MAKER];
    device.model = said[SAID_MODEL];
    device.name = said[SAID_NAME];
    device.serial = said[SAID_SERIAL];
    device.firmware = said[SAID_FIRMWARE];
    flight_rows_device(rows, &device);
    split_controller(all);
    fact_init(FACT_DEVICE, &device);
    device.role = TEXT("controller");
    device.head.origin = origin_of(all, text_known(said[SAID_GCS_SERIAL]) ? SAID_GCS_SERIAL : SAID_GCS_MODEL);
    device.vendor = said[SAID_GCS_MAKER];
    device.model = said[SAID_GCS_MODEL];
    device.serial = said[SAID_GCS_SERIAL];
    flight_rows_device(rows, &device);
    flight_rows_identifier(rows, "uuid", said[SAID_UUID], FACT_UNKNOWN_INT, origin_of(all, SAID_UUID));
    flight_rows_identifier(rows, "ssid", said[SAID_SSID], FACT_UNKNOWN_INT, origin_of(all, SAID_SSID));
    flight_rows_identifier(rows, "boot_id", said[SAID_BOOT], FACT_UNKNOWN_INT, origin_of(all, SAID_BOOT));
    flight_rows_identifier(rows, "name", said[SAID_PROJECT], FACT_UNKNOWN_INT, origin_of(all, SAID_PROJECT));
    rows->row.app = said[SAID_GCS_MODEL];
    rows->row.app_version = said[SAID_GCS_VERSION];
}
