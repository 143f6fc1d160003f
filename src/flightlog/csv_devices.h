#ifndef LEASH_FLIGHTLOG_CSV_DEVICES_H
#define LEASH_FLIGHTLOG_CSV_DEVICES_H

#include "flightlog/csv_time.h"

/* The devices and accounts that a table of flight data names: in its columns, and in what stands ahead of its heading,
 * a name and a value a line with a tab between them and titles with '#' over them.  DroneDeploy's logs begin so:
 *
 *   #Components
 *   Battery Serial Number<TAB>0TEST...
 *
 * Source of the lines: the logs in dronedeploy/flight-log-parser, testlog/. */

/* Of the row that was read last: aircraft, controller, camera, battery, and the version of the app. */
void csv_devices_of_row(struct csv_log *log);

/* Of such lines; also the phone, the name of its network, accounts and the session.  Nothing where there are none. */
void csv_devices_of_lines(struct csv_log *log, struct bytes lines);

#endif
