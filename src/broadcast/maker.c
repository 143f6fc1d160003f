#include "broadcast/maker.h"

#include <string.h>

static const struct radio_maker rows[] = {
#include "broadcast/makers_table.h"
};

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static bool begins(struct text t, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++)
        if (i >= t.len || upper(t.at[i]) != pattern[i])
            return false;
    return true;
}

static const struct radio_maker *find(const char *kind, struct text value)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind) == 0 && begins(value, rows[i].pattern))
            return &rows[i];
    return NULL;
}

const struct radio_maker *radio_maker_of_address(const uint8_t mac[6])
{
    static const char digits[16] = "0123456789ABCDEF";
    char hex[6];

    if (address_is_made_up(mac))
        return NULL;
    for (int i = 0; i < 3; i++) {
        hex[2 * i] = digits[mac[i] >> 4];
        hex[2 * i + 1] = digits[mac[i] & 15];
    }
    return find("address", (struct text){ .at = hex, .len = sizeof hex });
}

/* The maker's code is followed by a length that fits: a serial of another kind may begin alike. */
const struct radio_maker *radio_maker_of_serial(struct text serial)
{
    if (serial.len < 6 || serial.len > 20)
        return NULL;
    const char c = serial.at[4];
    const size_t stated = c >= '1' && c <= '9' ? (size_t)(c - '0') : c >= 'A' && c <= 'F' ? (size_t)(c - 'A' + 10) : 0;
    return stated > 0 && stated == serial.len - 5 ? find("serial", serial) : NULL;
}

const struct radio_maker *radio_maker_of_network_name(struct text ssid)
{
    return find("name", ssid);
}
