#ifndef LEASH_FLIGHTLOG_DJI_PRODUCT_H
#define LEASH_FLIGHTLOG_DJI_PRODUCT_H

#include "base/text.h"

/* Names behind DJI's one-byte codes; TEXT_UNKNOWN for a code without a known name.
 * Source: lvauvillier/dji-log-parser layout/details.rs; 2, 4, 76 and 170 seen in real logs. */
struct text dji_product_name(unsigned product_type);

/* iOS, Android ...; likewise. */
struct text dji_platform_name(unsigned platform);

/* The maker's app or division that wrote a version 13 or 14 record; likewise. */
struct text dji_department_name(unsigned department);

/* These batteries store their serial as digits in the low halves of the bytes, last digit first. */
bool dji_battery_serial_is_packed(unsigned product_type);

#endif
