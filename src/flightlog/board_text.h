#ifndef LEASH_FLIGHTLOG_BOARD_TEXT_H
#define LEASH_FLIGHTLOG_BOARD_TEXT_H

#include <stdbool.h>

#include "base/text.h"

/* The line by which ArduPilot names its board in logs and status messages: "CubeOrange 0034003F 30365103
 * 31323731": a name and the 96 bits of the processor's unique number (ArduPilot, get_system_id). */
bool board_text_parse(struct text line, struct text *ret_board, struct text *ret_number);

/* The line by which it names its firmware: "ArduCopter V4.5.7 (2a3dc4b7)". */
bool board_text_is_firmware(struct text line);

/* Parameters whose value tells this one aircraft from others: the kind of identifier, or NULL. */
const char *board_parameter_kind(struct text name);

#endif
