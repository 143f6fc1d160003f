/* Sources of the names: real exports of Airdata and of its "Standard" form of 2016; for the others what public
 * programs that read them look for (Litchi: arpanghosh8453/open-dronelog, and the heading
 * that a program by N. Danet writes for it; DatCon and CsvView:
 * AdrianEddy/telemetry-parser src/dji/csv.rs, sleuthkit/autopsy; CUSTOM.updateTime: egemose/DroneVideoMeasure;
 * DroneDeploy: its own description and the logs of dronedeploy/flight-log-parser; UgCS: ugcs/dronelogbook, its example;
 * Autel Sky and Explorer, Skydio: a public web program that reads their exports, seen without its samples;
 * dji-log-parser: its own src/exporters/csv.rs; Yuneec: the maker's GPSUpLinkData and UARTInfoMessage as
 * azvampyre/st10-v01b31c and h-elsner/SR24_decode have them; OpenTX and EdgeTX: nkozawa/OpenTX2GPX and
 * ktaliaferro/gps-viewer, their samples; drone_sn: what rwiren/autel-mission-control was sent by Autel's aircraft). */
#include "flightlog/csv_columns.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64, HEADING_LINES = 64, HEADING_LOOK_BYTES = 64 * 1024 };

#define FOOT_M 0.3048

/* A name without its unit, in small letters.  Of two columns for the same the earlier name counts. */
static const struct known {
    const char *name;
    enum csv_column column;
} known[] = {
    { "latitude", CSV_LATITUDE }, { "longitude", CSV_LONGITUDE },
    { "osd.latitude", CSV_LATITUDE }, { "osd.longitude", CSV_LONGITUDE },
    { "imu_atti(0):latitude", CSV_LATITUDE }, { "imu_atti(0):longitude", CSV_LONGITUDE },
    { "gps(0):lat", CSV_LATITUDE }, { "gps(0):long", CSV_LONGITUDE },
    { "gps:lat", CSV_LATITUDE }, { "gps:long", CSV_LONGITUDE },
    { "fc:latitude", CSV_LATITUDE }, { "fc:longitude", CSV_LONGITUDE },
    { "aircraft_lat", CSV_LATITUDE }, { "aircraft_lon", CSV_LONGITUDE },
    { "aircraft latitude", CSV_LATITUDE }, { "aircraft longitude", CSV_LONGITUDE },
    { "aircraftlatitude", CSV_LATITUDE }, { "aircraftlongitude", CSV_LONGITUDE },
    { "drone latitude", CSV_LATITUDE }, { "drone longitude", CSV_LONGITUDE },
    { "drone_latitude", CSV_LATITUDE }, { "drone_longitude", CSV_LONGITUDE },
    { "gps_latitude", CSV_LATITUDE }, { "gps_longitude", CSV_LONGITUDE },
    { "gps_lat", CSV_LATITUDE }, { "gps_lon", CSV_LONGITUDE },
    { "gps.latitude", CSV_LATITUDE }, { "gps.longitude", CSV_LONGITUDE },
    { "product_gps_latitude", CSV_LATITUDE }, { "product_gps_longitude", CSV_LONGITUDE },
    { "dronelatitude", CSV_LATITUDE }, { "dronelongitude", CSV_LONGITUDE },
    { "gpslatitude", CSV_LATITUDE }, { "gpslongitude", CSV_LONGITUDE },
    { "vehicle_latitude", CSV_LATITUDE }, { "vehicle_longitude", CSV_LONGITUDE },
    { "vehicle.latitude", CSV_LATITUDE }, { "vehicle.longitude", CSV_LONGITUDE },
    { "position.latitude", CSV_LATITUDE }, { "position.longitude", CSV_LONGITUDE },
    { "drone_lat", CSV_LATITUDE }, { "drone_lon", CSV_LONGITUDE }, { "gps.lat", CSV_LATITUDE }, { "gps.lon", CSV_LONGITUDE },
    { "breitengrad", CSV_LATITUDE }, { "l\xc3\xa4ngengrad", CSV_LONGITUDE }, { "laengengrad", CSV_LONGITUDE },
    { "latitud", CSV_LATITUDE }, { "longitud", CSV_LONGITUDE }, { "latitudine", CSV_LATITUDE }, { "longitudine", CSV_LONGITUDE },
    { "lat", CSV_LATITUDE }, { "lon", CSV_LONGITUDE }, { "lng", CSV_LONGITUDE }, { "long", CSV_LONGITUDE },
    { "gps", CSV_PAIR },

    { "height_above_takeoff", CSV_HEIGHT }, { "ascent", CSV_HEIGHT }, { "osd.height", CSV_HEIGHT },
    { "general:relativeheight", CSV_HEIGHT }, { "imu_atti(0):relativeheight:c", CSV_HEIGHT },
    { "imu_atti(0):relativeheight", CSV_HEIGHT },
    { "relative_altitude", CSV_HEIGHT }, { "relative altitude", CSV_HEIGHT }, { "altitude_relative", CSV_HEIGHT },
    { "altituderelative", CSV_HEIGHT }, { "relativealtitude", CSV_HEIGHT }, { "relativeheight", CSV_HEIGHT }, { "rel_alt", CSV_HEIGHT }, { "height_above_home", CSV_HEIGHT },
    { "altitude_above_sealevel", CSV_ALTITUDE_MSL }, { "gps(0):heightmsl", CSV_ALTITUDE_MSL },
    { "gps:heightmsl", CSV_ALTITUDE_MSL },
    { "altitudeamsl", CSV_ALTITUDE_MSL }, { "altitude_amsl", CSV_ALTITUDE_MSL }, { "hmsl", CSV_ALTITUDE_MSL },
    { "altitude_msl", CSV_ALTITUDE_MSL }, { "altitude msl", CSV_ALTITUDE_MSL }, { "altitude_asl", CSV_ALTITUDE_MSL },
    { "cs:altitude_amsl", CSV_ALTITUDE_MSL },
    { "alt_msl", CSV_ALTITUDE_MSL },
    { "altitude_wgs84", CSV_ALTITUDE_ELLIPSOID }, { "altitude_ellipsoid", CSV_ALTITUDE_ELLIPSOID },
    { "alt_ellipsoid", CSV_ALTITUDE_ELLIPSOID },
    { "altitude", CSV_ALTITUDE }, { "aircraft_altitude", CSV_ALTITUDE }, { "osd.altitude", CSV_ALTITUDE }, { "aircraft barometric altitude", CSV_ALTITUDE },
    { "gps_altitude", CSV_ALTITUDE }, { "gps.altitude", CSV_ALTITUDE }, { "gps altitude", CSV_ALTITUDE },
    { "absoluteheight", CSV_ALTITUDE }, { "alt", CSV_ALTITUDE },
    { "ele", CSV_ALTITUDE }, { "elevation", CSV_ALTITUDE }, { "height", CSV_ALTITUDE }, { "galt", CSV_ALTITUDE },
    { "h\xc3\xb6he", CSV_ALTITUDE }, { "altitud", CSV_ALTITUDE }, { "altura", CSV_ALTITUDE },

    { "datetime", CSV_DATETIME }, { "date/time", CSV_DATETIME }, { "gps(0):datetimestamp", CSV_DATETIME },
    { "gps:datetimestamp", CSV_DATETIME },
    { "custom.datetime", CSV_DATETIME }, { "custom.updatetime", CSV_DATETIME }, { "date_time", CSV_DATETIME }, { "timestamp", CSV_DATETIME },
    { "recordtime", CSV_DATETIME }, { "recorded_at", CSV_DATETIME }, { "time_utc_usec", CSV_DATETIME_UTC },
    { "utc", CSV_DATETIME_UTC },
    { "time_utc", CSV_DATETIME_UTC }, { "utc_time", CSV_DATETIME_UTC }, { "datetime_utc", CSV_DATETIME_UTC },
    { "gps_time", CSV_DATETIME },
    { "custom.date", CSV_DATE }, { "date", CSV_DATE }, { "datum", CSV_DATE }, { "fecha", CSV_DATE },
    { "elapsed time", CSV_ELAPSED }, { "elapsed_time", CSV_ELAPSED }, { "clock:offsettime", CSV_ELAPSED },
    { "offsettime", CSV_ELAPSED },
    { "osd.flytime", CSV_ELAPSED }, { "flytime", CSV_ELAPSED }, { "flight_time", CSV_ELAPSED }, { "time", CSV_CLOCK },
    { "zeit", CSV_CLOCK }, { "uhrzeit", CSV_CLOCK }, { "hora", CSV_CLOCK },

    { "home.latitude", CSV_HOME_LATITUDE }, { "home.longitude", CSV_HOME_LONGITUDE },
    { "home_latitude", CSV_HOME_LATITUDE }, { "home_longitude", CSV_HOME_LONGITUDE },
    { "homelatitude", CSV_HOME_LATITUDE }, { "homelongitude", CSV_HOME_LONGITUDE },
    { "hp:latitude", CSV_HOME_LATITUDE }, { "hp:longitude", CSV_HOME_LONGITUDE },
    { "home latitude", CSV_HOME_LATITUDE }, { "home longitude", CSV_HOME_LONGITUDE },
    { "fc:home_latitude", CSV_HOME_LATITUDE }, { "fc:home_longitude", CSV_HOME_LONGITUDE },
    { "appgps.latitude", CSV_OPERATOR_LATITUDE }, { "appgps.longitude", CSV_OPERATOR_LONGITUDE },
    { "app_gps.latitude", CSV_OPERATOR_LATITUDE }, { "app_gps.longitude", CSV_OPERATOR_LONGITUDE },
    { "device latitude", CSV_OPERATOR_LATITUDE }, { "device longitude", CSV_OPERATOR_LONGITUDE },
    { "controller_gps_latitude", CSV_OPERATOR_LATITUDE }, { "controller_gps_longitude", CSV_OPERATOR_LONGITUDE },
    { "operator_latitude", CSV_OPERATOR_LATITUDE }, { "operator_longitude", CSV_OPERATOR_LONGITUDE },
    { "pilot_latitude", CSV_OPERATOR_LATITUDE }, { "pilot_longitude", CSV_OPERATOR_LONGITUDE },
    { "rc latitude", CSV_OPERATOR_LATITUDE }, { "rc longitude", CSV_OPERATOR_LONGITUDE },

    { "recover.aircraftsn", CSV_AIRCRAFT_SERIAL }, { "recover.aircraftserial", CSV_AIRCRAFT_SERIAL },
    { "details.aircraftsn", CSV_AIRCRAFT_SERIAL },
    { "details.aircraftserial", CSV_AIRCRAFT_SERIAL }, { "aircraft_serial", CSV_AIRCRAFT_SERIAL },
    { "drone_serial", CSV_AIRCRAFT_SERIAL }, { "drone_sn", CSV_AIRCRAFT_SERIAL }, { "dronesn", CSV_AIRCRAFT_SERIAL },
    { "aircraft_sn", CSV_AIRCRAFT_SERIAL }, { "aircraftsn", CSV_AIRCRAFT_SERIAL }, { "vehicle_serial", CSV_AIRCRAFT_SERIAL },
    { "serialnumber", CSV_AIRCRAFT_SERIAL }, { "serial number", CSV_AIRCRAFT_SERIAL }, { "drone serial number", CSV_AIRCRAFT_SERIAL },
    { "serial_number", CSV_AIRCRAFT_SERIAL }, { "flycontrollerserialnumber", CSV_AIRCRAFT_SERIAL },
    { "flycontrollerserialnumber_legacy", CSV_AIRCRAFT_SERIAL }, { "planename", CSV_AIRCRAFT_NAME }, { "recover.aircraftname", CSV_AIRCRAFT_NAME },
    { "details.aircraftname", CSV_AIRCRAFT_NAME },
    { "details.dronetype", CSV_MODEL }, { "recover.dronetype", CSV_MODEL }, { "drone_model", CSV_MODEL },
    { "aircraft_model", CSV_MODEL }, { "dronetype", CSV_MODEL },
    { "recover.rcsn", CSV_CONTROLLER_SERIAL }, { "details.rcsn", CSV_CONTROLLER_SERIAL },
    { "recover.rcserial", CSV_CONTROLLER_SERIAL }, { "details.rcserial", CSV_CONTROLLER_SERIAL },
    { "rc_sn", CSV_CONTROLLER_SERIAL }, { "rcsn", CSV_CONTROLLER_SERIAL }, { "gateway_sn", CSV_CONTROLLER_SERIAL },
    { "remoteserialnumber", CSV_CONTROLLER_SERIAL }, { "remoteserialnumber_legacy", CSV_CONTROLLER_SERIAL },
    { "recover.camerasn", CSV_CAMERA_SERIAL }, { "details.camerasn", CSV_CAMERA_SERIAL },
    { "recover.cameraserial", CSV_CAMERA_SERIAL }, { "details.cameraserial", CSV_CAMERA_SERIAL },
    { "recover.batterysn", CSV_BATTERY_SERIAL }, { "details.batterysn", CSV_BATTERY_SERIAL },
    { "recover.batteryserial", CSV_BATTERY_SERIAL }, { "details.batteryserial", CSV_BATTERY_SERIAL },
    { "battery_sn", CSV_BATTERY_SERIAL }, { "batterysn", CSV_BATTERY_SERIAL },
    { "batteryserialnumber", CSV_BATTERY_SERIAL }, { "batteryserialnumber_legacy", CSV_BATTERY_SERIAL },
    { "recover.appversion", CSV_APP_VERSION }, { "details.appversion", CSV_APP_VERSION },
    { "appversion", CSV_APP_VERSION }, { "curvesize", CSV_MISSION },
};
enum { KNOWN_COUNT = sizeof known / sizeof *known };

#define AUTEL "Its columns are those of the apps of the maker Autel."
#define SKYDIO "Its columns are those of the apps of the maker Skydio."
#define STICK "ele" /* of the elevator */
#define RADIO_CONTROL "Its columns are those of OpenTX and EdgeTX, the firmware of radio controls: what the aircraft told the one in its pilot's hands."

/* Told by a name that none of the others writes, and maybe another beside it; asked in this order. */
static const struct mark {
    const char *column;
    struct csv_exporter exporter;
    const char *beside;
} marks[] = {
    { "height_above_takeoff", { "Airdata UAV", "Its columns are those that Airdata UAV writes, a service that flight "
                                "logs are uploaded to: whoever made this "
                                "table may have sent the flight there. The file itself does not show it.", true, NULL, NULL }, "datetime" },
    { "velocityx", { "Litchi", "Its columns are those of the app Litchi, whose flight logs are also kept by the "
                     "service of that name: the file does not "
                     "show whether this one was.", false, NULL, NULL }, NULL },
    { "ascent", { NULL, "Its columns are those of a converter's \"Standard\" form, which the service Airdata UAV "
                  "wrote in 2016 and others too: whoever made "
                  "this table may have uploaded the flight. The file itself does not show it.", true, NULL, NULL }, NULL },
    { "custom.updatetime", { "Phantomhelp or TXTlogToCSVtool", "Its columns are those of the log viewer of "
                             "Phantomhelp, a service that flight logs are uploaded "
                             "to, and of the program TXTlogToCSVtool, which works offline: the file does not show "
                                 "which of them made it.", false, NULL, NULL }, NULL },
    { "clock:offsettime", { "DatCon or CsvView", "Its columns are those of DatCon and CsvView, programs that work "
                            "offline on the aircraft's own .DAT log.", false, NULL, NULL }, NULL },
    { "imu_atti(0):latitude", { "DatCon or CsvView", "Its columns are those of DatCon and CsvView, programs that work "
                                "offline on the aircraft's own .DAT log.", false, NULL, NULL }, NULL },
    { "aircraft barometric altitude", { "DroneDeploy", "It is a log of the app DroneDeploy.", true, NULL, NULL }, NULL },
    { "curvesize", { "Litchi", "It is a plan for the app Litchi, whose missions are also kept by the service of that "
                     "name.", false, NULL, NULL }, NULL },
    { "dronelatitude", { "Autel Sky or Explorer", AUTEL, false, NULL, NULL }, NULL }, { "remainpower", { "Autel Sky or Explorer", AUTEL, false, NULL, NULL }, NULL },
    { "homedistance", { "Autel Sky or Explorer", AUTEL, false, NULL, NULL }, NULL },
    { "vehicle_latitude", { "Skydio", SKYDIO, false, NULL, NULL }, NULL }, { "autonomy_mode", { "Skydio", SKYDIO, false, NULL, NULL }, NULL },
    { "custom.datetime", { "dji-log-parser", "Its columns are those of the program dji-log-parser, which asks the maker for the keys of "
                           "encrypted records: the file does not show whether it had to.", false, NULL, NULL }, NULL },
    { "fsk_rssi", { "Yuneec", "Its columns are those of the ground stations of the maker Yuneec.", false, NULL, NULL }, NULL },
    { "txbat", { "OpenTX or EdgeTX", RADIO_CONTROL, true, NULL, STICK }, NULL }, { "rqly", { "OpenTX or EdgeTX", RADIO_CONTROL, true, NULL, STICK }, NULL },
    { "rud", { "OpenTX or EdgeTX", RADIO_CONTROL, true, NULL, STICK }, NULL },
    { "fc:latitude", { "UgCS", "Its columns are those of the ground station UgCS.", true, NULL, NULL }, NULL },
};

/* Its heading has no name of its own, but it has these, behind a column without one. */
static const struct csv_exporter yuneec_station = {
    "Yuneec", "Its columns are those in which ground stations of the maker Yuneec write where they are themselves: where the operator is.",
    false, "operator", NULL
};

struct name {
    struct text base;                 /* into `letters` */
    struct text unit;                 /* what stands in brackets at the end; unknown when nothing does */
    char letters[NAME_MAX_BYTES];
};

/* The bracket that the last one closes. */
static size_t opening(struct text t)
{
    int depth = 0;

    for (size_t i = t.len; i-- > 0; ) {
        depth += (t.at[i] == ')' || t.at[i] == ']') - (t.at[i] == '(' || t.at[i] == '[');
        if (depth == 0)
            return i;
    }
    return t.len;
}

static bool read_name(struct text field, struct name *n)
{
    size_t len;

    if (field.len == 0 || field.len > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < field.len; i++)
        n->letters[i] = (char)(field.at[i] >= 'A' && field.at[i] <= 'Z' ? field.at[i] + ('a' - 'A') : field.at[i]);
    const struct text whole = { .at = n->letters, .len = field.len };
    const bool bracket = whole.at[whole.len - 1] == ')' || whole.at[whole.len - 1] == ']';
    len = bracket ? opening(whole) : whole.len;
    n->unit = len + 2 <= whole.len ? (struct text){ .at = whole.at + len + 1, .len = whole.len - len - 2 } :
        TEXT_UNKNOWN;
    while (len > 0 && whole.at[len - 1] == ' ')
        len--;
    n->base = (struct text){ .at = whole.at, .len = len };
    return len > 0;
}

static double unit_of(struct text unit)
{
    static const struct { const char *name; double factor; } units[] = {
        { "feet", FOOT_M }, { "ft", FOOT_M }, { "foot", FOOT_M }, { "meters", 1 }, { "metres", 1 }, { "meter", 1 },
        { "m", 1 },
        { "millisecond", 1e-3 }, { "milliseconds", 1e-3 }, { "ms", 1e-3 }, { "second", 1 }, { "seconds", 1 },
        { "sec", 1 }, { "s", 1 }, { "us", 1e-6 }, { "usec", 1e-6 },
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text_equal(unit, text_of(units[i].name)))
            return units[i].factor;
    return 0;
}

/* "ft MSL": a height's unit may say what it counts from.  What then stands for the unit is its length. */
static enum csv_column refined_height(enum csv_column column, struct name *n)
{
    static const struct { const char *word; enum csv_column column; } references[] = {
        { "msl", CSV_ALTITUDE_MSL }, { "amsl", CSV_ALTITUDE_MSL }, { "asl", CSV_ALTITUDE_MSL },
        { "hae", CSV_ALTITUDE_ELLIPSOID }, { "wgs84", CSV_ALTITUDE_ELLIPSOID },
    };
    const char *blank = column == CSV_ALTITUDE && n->unit.len > 0 ? memchr(n->unit.at, ' ', n->unit.len) : NULL;

    if (!blank)
        return column;
    const size_t before = (size_t)(blank - n->unit.at);
    const struct text word = { .at = blank + 1, .len = n->unit.len - before - 1 };
    n->unit.len = before;
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (text_equal(word, text_of(references[i].word)))
            return references[i].column;
    return column;
}

/* Times are told apart by their units too: datetime(utc), time(millisecond), CUSTOM.date [local]. */
static enum csv_column refined(enum csv_column column, const struct name *n)
{
    if (column != CSV_DATETIME && column != CSV_CLOCK)
        return column;
    if (text_equal(n->unit, TEXT("utc")) || text_equal(n->unit, TEXT("gmt")))
        return CSV_DATETIME_UTC;
    if (column == CSV_DATETIME && text_equal(n->unit, TEXT("local")))
        return CSV_DATETIME_LOCAL;
    return unit_of(n->unit) > 0 ? CSV_ELAPSED : column;
}

/* "alt_m", "time_s", "lat_deg": a unit behind the name, where nothing stands in brackets. */
static bool cut_unit(struct name *n)
{
    static const char *const others[] = { "deg", "degrees", "utc", "gmt", "local", "e7", "dege7" };
    const char *line = n->base.len > 0 ? memrchr(n->base.at, '_', n->base.len) : NULL;

    if (!line || text_known(n->unit))
        return false;
    const struct text unit = { .at = line + 1, .len = n->base.len - (size_t)(line - n->base.at) - 1 };
    bool is_one = unit_of(unit) > 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        is_one |= text_equal(unit, text_of(others[i]));
    n->unit = unit;
    n->base.len = (size_t)(line - n->base.at);
    return is_one;
}

static int rank_of(const struct name *n)
{
    for (int i = 0; i < KNOWN_COUNT; i++)
        if (text_equal(n->base, text_of(known[i].name)))
            return i;
    return -1;
}

/* ",lon,lat,alt,accuracy,speed,angle" */
static bool is_yuneec_station(const struct csv_row *heading)
{
    static const char *const names[] = { "", "lon", "lat", "alt", "accuracy", "speed", "angle" };
    bool same = heading->count == sizeof names / sizeof *names;

    for (size_t i = 0; same && i < heading->count; i++)
        same = text_equal(heading->fields[i], text_of(names[i]));
    return same;
}

static bool has_column(const struct csv_row *heading, const char *name)
{
    struct name n;

    for (size_t i = 0; i < heading->count; i++)
        if (read_name(heading->fields[i], &n) && text_equal(n.base, text_of(name)))
            return true;
    return false;
}

static const struct csv_exporter *exporter_of(const struct csv_row *heading)
{
    if (is_yuneec_station(heading))
        return &yuneec_station;
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (has_column(heading, marks[k].column) && (!marks[k].beside || has_column(heading, marks[k].beside)))
            return &marks[k].exporter;
    return NULL;
}

bool csv_columns_read(const struct csv_row *heading, struct csv_columns *ret)
{
    int ranks[CSV_COLUMN_COUNT];
    struct name n;

    memset(ret, 0, sizeof *ret);
    ret->exporter = exporter_of(heading);
    for (int i = 0; i < CSV_COLUMN_COUNT; i++)
        ret->at[i] = -1;
    for (size_t i = 0; i < heading->count; i++) {
        if (!read_name(heading->fields[i], &n) || (ret->exporter && ret->exporter->other &&
                                                   text_equal(n.base, text_of(ret->exporter->other))))
            continue;
        int rank = rank_of(&n);
        if (rank < 0 && cut_unit(&n))
            rank = rank_of(&n);
        if (rank < 0)
            continue;
        const enum csv_column column = refined(refined_height(known[rank].column, &n), &n);
        if (ret->at[column] >= 0 && ranks[column] <= rank)
            continue;
        ret->at[column] = (int)i;
        ret->unit[column] = unit_of(n.unit);
        ranks[column] = rank;
    }
    ret->mission = ret->at[CSV_MISSION] >= 0;
    if (ret->exporter && ret->at[CSV_DATETIME] < 0 && heading->count > 0 && heading->fields[0].len == 0)
        ret->at[CSV_DATETIME] = 0; /* Yuneec's have no name */
    for (int i = 0; i < CSV_COLUMN_COUNT; i++)
        if (ret->at[i] >= (int)ret->wanted)
            ret->wanted = (size_t)ret->at[i] + 1;
    const bool time = ret->at[CSV_DATETIME_UTC] >= 0 || ret->at[CSV_DATETIME_LOCAL] >= 0 ||
        ret->at[CSV_DATETIME] >= 0 ||
                      ret->at[CSV_CLOCK] >= 0 || ret->at[CSV_ELAPSED] >= 0;
    const bool pair = ret->at[CSV_PAIR] >= 0, both = ret->at[CSV_LATITUDE] >= 0 && ret->at[CSV_LONGITUDE] >= 0;
    const bool dated = ret->at[CSV_DATE] >= 0 && ret->at[CSV_CLOCK] >= 0;
    const bool height = ret->at[CSV_HEIGHT] >= 0 || ret->at[CSV_ALTITUDE_MSL] >= 0 ||
        ret->at[CSV_ALTITUDE_ELLIPSOID] >= 0 || ret->at[CSV_ALTITUDE] >= 0;
    ret->timeless = !time && !ret->mission;
    return (both || (pair && (ret->exporter || dated))) && (time || ret->mission || height);
}

/* Quick no: most texts have no such word in their first lines. */
static bool may_name_place(struct bytes line)
{
    for (size_t i = 0; i + 1 < line.len; i++)
        if (((line.at[i] | 0x20) == 'l' && (line.at[i + 1] | 0x20) == 'a') ||
            (line.at[i] == 'G' && line.at[i + 1] == 'P') ||
            (line.at[i] == 'B' && line.at[i + 1] == 'r'))
            return true;
    return false;
}

bool csv_columns_find(struct csv *c, struct bytes whole, struct csv_row *row, struct csv_columns *ret)
{
    const struct bytes look = bytes_part(whole, 0, HEADING_LOOK_BYTES);

    csv_init(c, look, '\n'); /* whole lines first */
    for (int i = 0; i < HEADING_LINES && csv_next(c, row); i++) {
        const char separator = may_name_place(row->at) ? csv_guess_separator(text_of_bytes(row->at)) : '\0';
        if (separator == '\0')
            continue;
        struct csv again;
        csv_init(&again, whole, separator);
        again.rest = bytes_part(whole, row->at.origin - whole.origin, UINT64_MAX);
        if (csv_next(&again, row) && csv_columns_read(row, ret)) {
            *c = again;
            return true;
        }
    }
    return false;
}
