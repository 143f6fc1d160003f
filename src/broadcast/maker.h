#ifndef LEASH_BROADCAST_MAKER_H
#define LEASH_BROADCAST_MAKER_H

#include "base/text.h"

/* Whose a radio is: rows of data/radio_makers.csv, built in, because a reader may open no file.  The parent
 * adds what the IEEE's registry says of other addresses (destination/makers.h). */
struct radio_maker {
    const char *kind, *pattern;
    const char *name;          /* "": the pattern is not bound to one maker */
    const char *role;          /* aircraft | controller | other, or "" when the pattern leaves it open */
    const char *source;
};

/* NULL where nobody is known; always for addresses that are not globally unique. */
const struct radio_maker *radio_maker_of_address(const uint8_t mac[6]);
const struct radio_maker *radio_maker_of_serial(struct text serial);
const struct radio_maker *radio_maker_of_network_name(struct text ssid);

/* Bit 1 of the first byte: somebody made the address up (IEEE 802, 8.4). */
static inline bool address_is_made_up(const uint8_t mac[6]) { return mac[0] & 2; }

#endif
