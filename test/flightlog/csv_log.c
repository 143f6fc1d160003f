#include "flightlog/text_log.h"

#include <math.h>

#include "flightlog/csv_log.h"

#define READ(o, text) log_read_text(o, csv_log_read, "flight-csv", text, sizeof text - 1)

static const char airdata[] =
    "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),altitude_above_seaLevel(feet),speed(mph), xSpeed(mph),message\r\n"
    "182100,2023-10-12 22:14:49,40.5,-5.25,0,706.4,0,0,\"Home Point recorded. Height: 100 m, \"\"go\"\"\nsecond line\"\r\n"
    "182200,2023-10-12 22:14:49,40.5000000001,-5.2500000001,10,706.4,0,0,\r\n"
    "182300,2023-10-12 22:14:50,Available with any subscription,-5.25,10,706.4,0,0,\r\n"
    "182400,2023-10-12 22:14:50,0,0,10,706.4,0,0,\r\n"
    "182500,2023-10-12 22:14:50,40.6,-5.26,not yet,100,0,0,\r\n";

static void airdata_in_feet(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, airdata);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(f->points, 3);
    assert_text_equal(f->app, "Airdata UAV");
    assert_text_equal(f->time_basis, "utc");
    assert_int_equal(f->start, log_time("2023-10-12T22:14:49Z"));
    assert_int_equal(f->end, log_time("2023-10-12T22:14:49.4Z"));
    const struct fact_position *p = log_position(&o, "aircraft", 1);
    assert_place(p, -5.2500000001, 40.5000000001);
    assert_true(fabs(p->altitude_m - 3.048) < 1e-9);
    assert_text_equal(p->alt_ref, "takeoff");
    assert_text_equal(p->time_basis, "derived");
    assert_int_equal(p->time, log_time("2023-10-12T22:14:49.1Z"));
    assert_int_equal(p->head.origin.offset, strstr(airdata, "182200") - airdata);
    /* a text where the height should be: the other height counts, and is said to be another */
    p = log_position(&o, "aircraft", 2);
    assert_true(fabs(p->altitude_m - 30.48) < 1e-9);
    assert_text_equal(p->alt_ref, "msl");
    assert_text_equal(f->alt_ref, "unknown");
    assert_true(log_says(f,
                         "whoever made this table may have sent the flight there. The file itself does not show it."));
    assert_true(log_says(f, "5 rows"));
    assert_true(log_says(f, "1 rows hold something else than numbers where the position is."));
    assert_true(log_says(f, "1 positions without a fix (0/0) left out."));
    log_done(&o);
}

/* Only Airdata's own heading names that service. */
static void a_height_above_takeoff_alone_is_no_airdata(void **state)
{
    static const char text[] =
        "timestamp,latitude,longitude,height_above_takeoff\n1682933400.1,45.5,-5.25,12\n1682933400.2,45.6,-5.25,13\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_false(text_known(log_flight(&o, 0)->app));
    assert_true(log_says(log_flight(&o, 0), "It does not say what made it"));
    log_done(&o);
}

/* Tables in other forms: what each must give for its first row. */
static const struct form {
    const char *name, *text;
    int64_t points;
    double longitude, latitude, altitude;
    const char *alt_ref, *utc, *local, *basis;
} forms[] = {
    { "Standard, 2016", "latitude,longitude,altitude(feet),ascent(feet),speed(mph),time(millisecond),datetime(utc)\n"
      "41.5,-5.25,100,10,0,510700,2016-09-15 17:51:19\n41.6,-5.25,100,20,0,510800,2016-09-15 17:51:19\n",
      2, -5.25, 41.5, 3.048, "takeoff", "2016-09-15T17:51:19Z", NULL, "utc" },
    { "Litchi, two dates", "latitude,longitude,altitude(m),speed(mps),velocityX(mps),time(millisecond),datetime(utc),datetime(local)\n"
      "41.5,-5.25,12.5,0,0,0,2020-05-01 10:00:00.250,2020-05-01 12:00:00.250\n",
      1, -5.25, 41.5, 12.5, "unknown", "2020-05-01T10:00:00.250Z", NULL, "utc" },
    { "Phantomhelp", "sep=,\nCUSTOM.date [local],CUSTOM.updateTime [local],OSD.latitude,OSD.longitude,OSD.height [ft],OSD.altitude [ft],HOME.latitude,"
      "HOME.longitude,APPGPS.latitude,APPGPS.longitude,RECOVER.aircraftSn,RECOVER.aircraftName\n"
      "11/25/2025,7:05:08.97 PM,41.5,-5.25,10,500,41.4,-5.2,41.41,-5.21,0TESTEXAMPLE0001,A drone\n"
      "11/25/2025,7:05:09.07 PM,41.6,-5.25,10,500,41.4,-5.2,41.41,-5.21,0TESTEXAMPLE0001,A drone\n",
      2, -5.25, 41.5, 3.048, "takeoff", NULL, "2025-11-25T19:05:08.970", "zone_unknown" },
    { "DatCon", "Clock:Tick#,Clock:offsetTime,GPS:dateTimeStamp,IMU_ATTI(0):Longitude[degrees [-180;180]],IMU_ATTI(0):Latitude[degrees [-180;180]],"
      "General:relativeHeight[meters]\n1,100.0,2021-04-19T09:31:07Z,-5.25,41.5,10.0\n2,100.5,2021-04-19T09:31:07Z,-5.25,41.6,10.0\n",
      2, -5.25, 41.5, 10, "takeoff", "2021-04-19T09:31:07Z", NULL, "utc" },
    { "semicolons and decimal commas", "Time(UTC);Latitude;Longitude;Altitude_MSL (m)\n2021-04-19 09:31:07,5;41,5;-5,25;100,5\n",
      1, -5.25, 41.5, 100.5, "msl", "2021-04-19T09:31:07.5Z", NULL, "utc" },
    { "tabs, heading further down", "#A recorder\t2.1\nSession ID\tx\n\nDate/Time (UTC)\tElapsed Time (sec)\tDevice Latitude (Degrees)\tDevice Longitude (Degrees)\t"
      "Aircraft Latitude (Degrees)\tAircraft Longitude (Degrees)\tAircraft Barometric Altitude (ft)\n"
      "01/13/2017 20:22:54\t0\t41.4\t-5.2\t41.5\t-5.25\t10\n", 1, -5.25, 41.5, 3.048, "unknown", "2017-01-13T20:22:54Z", NULL, "utc" },
    { "quotes, byte order mark, seconds since 1970", "\xef\xbb\xbf\"timestamp\",\"lat\",\"lon\"\r\n\"1600000000.250\",\"41.5\",\"-5.25\"\r\n",
      1, -5.25, 41.5, NAN, NULL, "2020-09-13T12:26:40.250Z", NULL, "utc" },
    { "milliseconds since 1970, a zone unknown otherwise", "timestamp,lat,lon,alt\n1600000000250,41.5,-5.25,7\n", 1, -5.25, 41.5, 7, "unknown",
      "2020-09-13T12:26:40.250Z", NULL, "utc" },
    { "a date with its offset", "timestamp,lat,lon\n2020-09-13T14:26:40+02:00,41.5,-5.25\n", 1, -5.25, 41.5, NAN, NULL, "2020-09-13T12:26:40Z", NULL, "utc" },
    { "OpenTX, both numbers in one column", "Date,Time,1RSS(dB),RQly(%),GPS,GSpd(kmh),Alt(m),TxBat(V)\n2021-08-29,15:43:09.270,72,100,41.5 -5.25,0.3,4,4.1\n"
      "2021-08-29,15:43:09.770,72,100,41.6 -5.25,0.3,4,4.1\n", 2, -5.25, 41.5, 4, "unknown", NULL, "2021-08-29T15:43:09.270", "zone_unknown" },
    { "EdgeTX, few sensors", "Date,Time,Cels(V),GPS,Rud,Ele,Thr,Ail\n2024-10-10,11:30:01.850,24.61,41.5 -5.25,0,1,1024,0\n", 1, -5.25, 41.5, NAN, NULL, NULL,
      "2024-10-10T11:30:01.850", "zone_unknown" },
    { "a pair of a maker that is not known", "Date,Time,GPS,Alt(m)\n2024-10-10,11:30:01.850,,\n2024-10-10,11:30:01.950,41.5 -5.25,7\n", 1, -5.25, 41.5, 7, "unknown", NULL,
      "2024-10-10T11:30:01.950", "zone_unknown" },
    { "UgCS, whose first rows are empty", "Time,cs:altitude_agl,cs:altitude_amsl,fc:home_latitude,fc:home_longitude,fc:latitude,fc:longitude,fc:takeoff_latitude,fc:takeoff_longitude\n"
      "2018-04-19T16:01:38.252,,,,,,,,\n2018-04-19T16:01:38.394,-0.5,7.25,41.4,-5.2,41.5,-5.25,41.4,-5.2\n", 1, -5.25, 41.5, 7.25, "msl", NULL,
      "2018-04-19T16:01:38.394", "zone_unknown" },
    { "GMT in the heading", "Date/Time (GMT),Latitude,Longitude\n2021-04-19 09:31:07.5,41.5,-5.25\n", 1, -5.25, 41.5, NAN, NULL, "2021-04-19T09:31:07.5Z", NULL, "utc" },
    { "Yuneec, whose time has no name", ",fsk_rssi,voltage,current,altitude,latitude,longitude,tas\n20160815 18:26:34:590,-60,15.9,0,0.3,41.5,-5.25,0.1\n",
      1, -5.25, 41.5, 0.3, "unknown", NULL, "2016-08-15T18:26:34.590", "zone_unknown" },
    { "Skydio", "timestamp,vehicle_latitude,vehicle_longitude,altitude_msl,autonomy_mode\n2024-05-14T09:30:00.000Z,41.5,-5.25,710.2,manual\n",
      1, -5.25, 41.5, 710.2, "msl", "2024-05-14T09:30:00Z", NULL, "utc" },
    { "dji-log-parser", "CUSTOM.dateTime,OSD.flyTime,OSD.latitude,OSD.longitude,OSD.height\n2023-10-12T22:14:49.100Z,0.1,41.5,-5.25,1.5\n",
      1, -5.25, 41.5, 1.5, "takeoff", "2023-10-12T22:14:49.1Z", NULL, "utc" },
    { "units behind the names", "time_s,lat_deg,lng,alt_ft\n0.5,41.5,-5.25,10\n", 1, -5.25, 41.5, 3.048, "unknown", NULL, NULL, NULL },
    { "milliseconds since 1970 behind the name", "timestamp_ms,lat,lon\n1600000000250,41.5,-5.25\n", 1, -5.25, 41.5, NAN, NULL, "2020-09-13T12:26:40.250Z", NULL, "utc" },
    { "whole numbers, as receivers count", "timestamp,lat,lon,alt\n2021-04-19 09:31:07,415000000,-52500000,7100\n", 1, -5.25, 41.5, NAN, NULL, NULL,
      "2021-04-19T09:31:07", "zone_unknown" },
    { "microseconds since the start, as large as seconds since 1970", "timestamp,lat,lon\n1600000000,41.5,-5.25\n1600100000,41.6,-5.25\n",
      2, -5.25, 41.5, NAN, NULL, NULL, NULL, NULL },
    { "letters for the halves of the globe", "time,latitude,longitude\n2021-04-19 09:31:07,41.5 N,5.25\xc2\xb0W\n", 1, -5.25, 41.5, NAN, NULL, NULL,
      "2021-04-19T09:31:07", "zone_unknown" },
    { "headings in German", "Zeit;Breitengrad;L\xc3\xa4ngengrad;H\xc3\xb6he\n14.05.2024 09:30:00;41,5;-5,25;710,5\n", 1, -5.25, 41.5, 710.5, "unknown", NULL,
      "2024-05-14T09:30:00", "zone_unknown" },
    { "two lines of heading, the second with units", "time,lat,lon,hMSL\n,(deg),(deg),(m)\n2021-04-20T04:20:00.00Z,41.5,-5.25,15\n", 1, -5.25, 41.5, 15, "msl",
      "2021-04-20T04:20:00Z", NULL, "utc" },
    { "no place until the fifth row", "time(utc),latitude,longitude\n2021-04-19 09:31:01,,\n2021-04-19 09:31:02,,\n2021-04-19 09:31:03,,\n2021-04-19 09:31:04,,\n"
      "2021-04-19 09:31:05,41.5,-5.25\n", 1, -5.25, 41.5, NAN, NULL, "2021-04-19T09:31:05Z", NULL, "utc" },
    { "a unit that says what heights count from", "Datetime (UTC),Latitude,Longitude,GPS Altitude (ft MSL),Satellites,X Velocity (m/s)\n"
      "2024-09-25T01:34:54.762000+00:00,45.5,-5.25,100,,0.0\n2024-09-25T01:34:55.795000+00:00,45.6,-5.25,100,,0.0\n",
      2, -5.25, 45.5, 30.48, "msl", "2024-09-25T01:34:54.762Z", NULL, "utc" },
    { "seconds since 1970", "timestamp,latitude,longitude,altitude_hae,height_above_takeoff\n"
      "1682933400.1,45.5,-5.25,150,12\n1682933400.2,45.6,-5.25,151,13\n",
      2, -5.25, 45.5, 12, "takeoff", "2023-05-01T09:30:00.1Z", NULL, "utc" },
    { "DatCon, dates of a numbered receiver", "Clock:Tick#,Clock:offsetTime,IMU_ATTI(0):Longitude,IMU_ATTI(0):Latitude,GPS(0):dateTimeStamp,General:relativeHeight\n"
      "1000,0.000,-5.25,45.5,2023-05-01T09:30:00Z,7\n1020,0.100,-5.25,45.6,2023-05-01T09:30:00Z,8\n",
      2, -5.25, 45.5, 7, "takeoff", "2023-05-01T09:30:00Z", NULL, "utc" },
    { "heights and no times", "lat,lon,ele\n41.5,-5.25,36.3\n41.6,-5.25,40\n", 2, -5.25, 41.5, 36.3, "unknown", NULL, NULL, NULL },
    { "a count from an unknown beginning", "time(ms),lat,lon\n250,41.5,-5.25\n500,41.6,-5.25\n", 2, -5.25, 41.5, NAN, NULL, NULL, NULL, NULL },
};

static void other_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct form *form = &forms[i];
        struct log_outcome o;

        print_message("# %s\n", form->name);
        log_read_text(&o, csv_log_read, "flight-csv", form->text, strlen(form->text));
        const struct fact_position *p = log_position(&o, "aircraft", 0);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(log_flight(&o, 0)->points, form->points);
        assert_place(p, form->longitude, form->latitude);
        assert_true(form->alt_ref ? fabs(p->altitude_m - form->altitude) < 1e-9 : isnan(p->altitude_m));
        assert_true(text_equal(p->alt_ref, text_of(form->alt_ref)));
        assert_int_equal(p->time, form->utc ? log_time(form->utc) : FACT_UNKNOWN_INT);
        if (form->local)
            assert_text_equal(p->time_local, form->local);
        else
            assert_false(text_known(p->time_local));
        assert_true(text_equal(p->time_basis, text_of(form->basis)));
        log_done(&o);
    }
}

static void a_path_without_times_says_so(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, "lat,lon,ele\n41.5,-5.25,36.3\n41.6,-5.25,40\n");
    assert_true(log_says(log_flight(&o, 0), "Its rows have no times."));
    assert_false(log_says(log_flight(&o, 0), "Times count from an unknown beginning."));
    log_done(&o);
}

static void others_in_the_table(void **state)
{
    struct log_outcome o;

    (void)state;
    log_read_text(&o, csv_log_read, "flight-csv", forms[2].text, strlen(forms[2].text));
    assert_int_equal(log_count(&o, "home"), 1);     /* they stand in every row */
    assert_int_equal(log_count(&o, "operator"), 1);
    assert_place(log_position(&o, "operator", 0), -5.21, 41.41);
    assert_int_equal(log_flight(&o, 0)->operator_points, 1);
    assert_text_equal(log_flight(&o, 0)->aircraft_serial, "0TESTEXAMPLE0001");
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 1);
    assert_true(log_has_identifier(&o, "serial", "0TESTEXAMPLE0001"));
    assert_true(log_has_identifier(&o, "name", "A drone"));
    log_done(&o);
}

/* The heading that programs write for Litchi: serial numbers and the aircraft's name are in it. */
static void serials_of_litchi(void **state)
{
    static const char text[] =
        "latitude,longitude,altitude(m),time(millisecond),datetime(utc),home_latitude,home_longitude,velocityX(mps),timestamp,Dronetype,AppVersion,Planename,"
        "FlyControllerSerialNumber,RemoteSerialNumber,BatterySerialNumber,App_Tip,FlyControllerSerialNumber_legacy\n"
        "45.5,-5.25,12.5,0,2024-05-14 09:30:00.250,45.4,-5.2,0,1715679000250,A model,4.26.6,A test drone,0TESTEXAMPLE0001,0RTESTCONTROL01,0BTESTBATTERY01,,0OLD\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_text_equal(log_flight(&o, 0)->aircraft_serial, "0TESTEXAMPLE0001");
    assert_text_equal(log_flight(&o, 0)->app, "Litchi");
    assert_text_equal(log_flight(&o, 0)->app_version, "4.26.6");
    assert_true(log_has_identifier(&o, "serial", "0RTESTCONTROL01"));
    assert_true(log_has_identifier(&o, "serial", "0BTESTBATTERY01"));
    assert_true(log_has_identifier(&o, "name", "A test drone"));
    assert_place(log_position(&o, "home", 0), -5.2, 45.4);
    log_done(&o);
}

/* Where ground stations write where they are themselves. */
static void a_station_is_the_operator(void **state)
{
    static const char text[] = ",lon,lat,alt,accuracy,speed,angle\n20160815 18:26:34:590,-5.25,41.5,710,5,0,0\n20160815 18:26:35:590,-5.26,41.5,710,5,0,0\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_count(&o, "aircraft"), 0);
    assert_int_equal(log_count(&o, "operator"), 2);
    assert_place(log_position(&o, "operator", 0), -5.25, 41.5);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_int_equal(log_flight(&o, 0)->operator_points, 2);
    assert_true(log_says(log_flight(&o, 0), "where the operator is. Untested on real files."));
    log_done(&o);
}

static void a_plan_is_no_flight(void **state)
{
    static const char text[] = "latitude,longitude,altitude(m),heading(deg),curvesize(m),rotationdir\n41.5,-5.25,50,0,0,0\n41.6,-5.25,50,0,0,0\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_count(&o, "aircraft"), 0);
    assert_int_equal(log_count(&o, "target"), 2);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_true(log_says(log_flight(&o, 0), "A plan of a flight, no log"));
    log_done(&o);
}

#define LINES \
    "#DroneDeploy\t9.9.9\n#Flight Recorder\nUser ID 0123456789abcdef01234567\nSession ID\tunknown_plan_id\nSession Start\t05/14/2024 09:30:00\n#Device\nDevice Model\tA phone\n" \
    "Device Operating System\tAndroid\t14\nDevice SSID\tTEST-NETWORK-1\n#Components\nBattery Serial Number\t0BTESTBATTERY01\n" \
    "Flight Controller Serial Number\t0TESTEXAMPLE000%s\nCamera Serial Number\n" \
    "Date/Time (GMT)\tElapsed Time (sec)\tInfo\tAircraft Latitude (Degrees)\tAircraft Longitude (Degrees)\tAircraft Barometric Altitude (ft)\n" \
    "05/14/2024 09:30:01\t1.0\tDate/Time\t41.5\t-5.25\t10\n05/14/2024 09:30:01\t1.1\t\t41.6\t-5.25\t10\n%s" \
    "#Flight Recorder Session End\nDate/Time (GMT)\t05/14/2024 09:30:02\nElapsed Time (sec)\t2.0\n"

/* A line whose name is all there is says nothing: "Number" is no number. */
static void names_without_values(void **state)
{
    char text[4096], *serial;
    struct log_outcome o;

    (void)state;
    snprintf(text, sizeof text, LINES, "1", "");
    serial = strstr(text, "\t0TESTEXAMPLE0001");
    memmove(serial, serial + 17, strlen(serial + 17) + 1);
    log_read_text(&o, csv_log_read, "flight-csv", text, strlen(text));
    assert_false(text_known(log_flight(&o, 0)->aircraft_serial));
    for (size_t i = 0; i < kept_facts_count(&o.facts, FACT_IDENTIFIER); i++)
        assert_false(text_equal(((const struct fact_identifier *)kept_facts_row(&o.facts, FACT_IDENTIFIER, i))->value, TEXT("Number")));
    log_done(&o);
}

/* Two logs, one behind the other, each with names and values around its table. */
static void lines_around_a_table(void **state)
{
    char text[4096];
    struct log_outcome o;

    (void)state;
    snprintf(text, sizeof text, LINES LINES, "1", "", "2", "");
    log_read_text(&o, csv_log_read, "flight-csv", text, strlen(text));
    assert_int_equal(o.reading.damage_count, 0);
    for (int i = 0; i < 2; i++) {
        const struct fact_flight *f = log_flight(&o, (size_t)i);
        assert_int_equal(f->points, 2);
        assert_text_equal(f->app, "DroneDeploy");
        assert_text_equal(f->app_version, "9.9.9");
        assert_true(text_equal(f->aircraft_serial, text_of(i ? "0TESTEXAMPLE0002" : "0TESTEXAMPLE0001")));
        assert_true(log_says(f, "2 rows. It is a log of the app DroneDeploy."));
        assert_false(log_says(f, "ntested"));
    }
    assert_int_equal(kept_facts_count(&o.facts, FACT_DEVICE), 6); /* aircraft, battery, phone */
    const struct fact_device *phone = kept_facts_row(&o.facts, FACT_DEVICE, 2);
    assert_text_equal(phone->role, "phone");
    assert_text_equal(phone->model, "A phone");
    assert_text_equal(phone->firmware, "Android 14");
    const struct fact_device *aircraft = kept_facts_row(&o.facts, FACT_DEVICE, 0);
    assert_int_equal(aircraft->head.origin.offset, strstr(text, "Flight Controller") - text);
    assert_true(log_has_identifier(&o, "account_id", "0123456789abcdef01234567"));
    assert_true(log_has_identifier(&o, "ssid", "TEST-NETWORK-1"));
    assert_true(log_has_identifier(&o, "serial", "0BTESTBATTERY01"));
    assert_false(log_has_identifier(&o, "session_id", "unknown_plan_id"));
    log_done(&o);
}

/* The same lines, where no title stands over them: rows that are cut off. */
static void lines_within_a_table(void **state)
{
    char text[4096];
    struct log_outcome o;

    (void)state;
    snprintf(text, sizeof text, LINES, "1", "Elapsed Time (sec)\t2.0\n05/14/2024 09:30:01\t1.2\t\n");
    log_read_text(&o, csv_log_read, "flight-csv", text, strlen(text));
    assert_int_equal(o.reading.damage_count, 2);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(text, "Elapsed Time (sec)\t2.0") - text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_true(log_says(log_flight(&o, 0), "2 rows are cut off."));
    log_done(&o);
}

/* What no log can be of is said where the file itself has such times. */
static void times_that_cannot_be(void **state)
{
    static const struct { const char *text, *says; } tables[] = {
        { "time(utc),lat,lon\n2004-09-28 09:30:00,41.5,-5.25\n2004-09-28 09:30:01,41.6,-5.25\n",
          "Its times begin at 2004-09-28T09:30:00Z, which is not believable: no such log is older than 2010. With 1024 weeks more, by which old GPS "
          "receivers are wrong, it would be of 2024-05-14." },
        { "time,lat,lon\n1970-01-01 00:00:03,41.5,-5.25\n1970-01-01 00:00:04,41.6,-5.25\n", "Its times begin at 1970-01-01T00:00:03, which is not believable: no such log is older than 2010." },
        { "time(utc),lat,lon\n2024-09-28 09:30:00,41.5,-5.25\n2124-09-28 09:30:01,41.6,-5.25\n", "Its times end at 2124-09-28T09:30:01Z, which is not believable: that is yet to come." },
    };
    struct log_outcome o;

    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        log_read_text(&o, csv_log_read, "flight-csv", tables[i].text, strlen(tables[i].text));
        assert_int_equal(log_flight(&o, 0)->points, 2);
        assert_true(log_says(log_flight(&o, 0), tables[i].says));
        log_done(&o);
    }
    READ(&o, airdata);
    assert_false(log_says(log_flight(&o, 0), "believable"));
    log_done(&o);
}

static void damage(void **state)
{
    static const char text[] = "time(ms),datetime(utc),lat,lon\n0,2021-04-19 09:31:07,41.5,-5.25\n100,2021-04-19\n"
                               "99000,2021-04-19 09:40:00,41.7,-5.25\n99100,2021-04-19 09:40:00,41.7,-5.2";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_int_equal(o.reading.damage_count, 2);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(text, "100,") - text);
    assert_int_equal(log_damage(&o, 1)->records_lost, 1); /* the last number may have lost a digit */
    assert_int_equal(log_position(&o, "aircraft", 1)->time, log_time("2021-04-19T09:40:00Z"));
    assert_true(log_says(log_flight(&o, 0), "Dates and that count part 1 times"));
    log_done(&o);
}

static void other_tables_are_none(void **state)
{
    static const char *const texts[] = {
        "name,lat,lon\nA place,41.5,-5.25\n",                                /* neither times nor heights: places of something */
        "serial,make,model\n1,DJI,Mini\n",
        "time,latitude,longitude\nsoon,here,there\n",                        /* no numbers */
        "WigleWifi-1.4\nMAC,SSID,AuthMode,FirstSeen,Channel,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters\n", "latitude longitude time\n", "",
        "The latitude, longitude and time of the flight were noted.\n",
        "Date,Time,GPS\n2024-10-10,11:30:01,locked\n2024-10-10,11:30:02,no fix\n2024-10-10,11:30:03,3 D\n",
    };

    (void)state;
    log_take_none(csv_log_read, csv_log_recognise, texts, sizeof texts / sizeof *texts);
}

static void cut_everywhere(void **state)
{
    (void)state;
    log_cut_everywhere(csv_log_read, csv_log_recognise, airdata, sizeof airdata - 1);
}

static void real_tables(void **state)
{
    static const char *const names[] = { "2016-09-15_13-51-19_Standard.csv", "2016-09-26_14-27-12_Standard.csv",
                                         "Oct-12th-2023-05-14PM-Flight-Airdata.csv", "Sep-22nd-2023-04-45PM-Flight-Airdata.csv" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct log_outcome o;
        char first[32];

        print_message("# %s\n", names[i]);
        struct bytes in = log_read_sample(&o, csv_log_read, "flight-csv", names[i]);
        struct truth t = truth_of(names[i]);
        const struct fact_flight *f = log_flight(&o, 0);
        assert_truth(&o, &t);
        assert_int_equal(o.reading.damage_count, 0);
        snprintf(first, sizeof first, "%.10sT%.8sZ", strstr(t.text, "\"utc_first\": \"") + 14,
                 strstr(t.text, "\"utc_first\": \"") + 25);
        assert_int_equal(f->start, log_time(first));
        assert_true(llabs((f->end - f->start) / 1000000 - (int64_t)truth_number(&t, "duration_ms", 0)) <= 1);
        assert_text_equal(f->alt_ref, "takeoff");
        truth_done(&t);
        log_done(&o);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(airdata_in_feet),
        cmocka_unit_test(a_height_above_takeoff_alone_is_no_airdata),
        cmocka_unit_test(other_forms),
        cmocka_unit_test(a_path_without_times_says_so),
        cmocka_unit_test(others_in_the_table),
        cmocka_unit_test(serials_of_litchi),
        cmocka_unit_test(a_station_is_the_operator),
        cmocka_unit_test(a_plan_is_no_flight),
        cmocka_unit_test(lines_around_a_table), cmocka_unit_test(names_without_values),
        cmocka_unit_test(lines_within_a_table),
        cmocka_unit_test(times_that_cannot_be),
        cmocka_unit_test(damage),
        cmocka_unit_test(other_tables_are_none),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(real_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
