#include "flightlog/board_text.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

bool board_text_parse(struct text line, struct text *ret_board, struct text *ret_number)
{
    enum { WORDS = 3, WORD = 8, NUMBER = WORDS * WORD + WORDS - 1 };

    if (line.len < NUMBER + 2 || line.at[line.len - NUMBER - 1] != ' ')
        return false;
    const struct text number = { line.at + line.len - NUMBER, NUMBER };
    for (size_t i = 0; i < NUMBER; i++)
        if (i % (WORD + 1) == WORD ? number.at[i] != ' ' : !is_hex(number.at[i]))
            return false;
    *ret_board = (struct text){ line.at, line.len - NUMBER - 1 };
    *ret_number = number;
    return true;
}

bool board_text_is_firmware(struct text line)
{
    static const struct text names[] = {
        TEXT_INIT("ArduPlane "), TEXT_INIT("ArduCopter "), TEXT_INIT("ArduRover "), TEXT_INIT("ArduSub "), TEXT_INIT("APM:"),
        TEXT_INIT("AntennaTracker "), TEXT_INIT("Blimp "), TEXT_INIT("Rover "),
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_starts_with(line, names[i]) && line.len > names[i].len + 1 &&
            (line.at[names[i].len] == 'V' || names[i].at[names[i].len - 1] == ':'))
            return true;
    return false;
}

const char *board_parameter_kind(struct text name)
{
    static const struct { const char *name, *kind; } known[] = {
        { "BRD_SERIAL_NUM", "serial" },    /* ArduPilot: number of the vehicle, given by its maker or owner */
        { "ADSB_ICAO_ID", "icao_address" }, /* both: address that its transponder sends */
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(name, text_of(known[i].name)))
            return known[i].kind;
    return NULL;
}
