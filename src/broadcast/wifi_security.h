#ifndef LEASH_BROADCAST_WIFI_SECURITY_H
#define LEASH_BROADCAST_WIFI_SECURITY_H

#include "base/cursor.h"

/* What a network's beacon says about its protection, named by the weakest that it accepts
 * from a client, because that is what an attacker will ask for:
 *
 *   open       no key: no privacy bit, or Enhanced Open (OWE), which anybody may join
 *   wep        privacy bit without RSN or WPA element, or a WEP group cipher
 *   wpa        WPA element (alone, or beside RSN)
 *   wpa2_tkip  RSN that uses TKIP for a client or for the group
 *   wpa2       RSN with CCMP or better and any key management of WPA2 (PSK, 802.1X, FT, FILS)
 *   wpa3       RSN with SAE alone, or 192-bit 802.1X, or 802.1X-SHA256 with protected management frames required
 *   unknown    an element that is cut, broken, or names only what is not in the standards
 *
 * Sources: IEEE 802.11-2020, 9.4.2.24 (RSN, tables 9-149 and 9-151); Wi-Fi Alliance WPA
 * specification 3.1 (vendor element 00:50:F2 type 1); WPA3 specification 3.3. */
enum wifi_security {
    WIFI_OPEN, WIFI_WEP, WIFI_WPA, WIFI_WPA2_TKIP, WIFI_WPA2, WIFI_WPA3, WIFI_SECURITY_UNKNOWN,
};

extern const char *const wifi_security_names[];

/* `rsn` and `wpa` are the bodies of the elements (the latter behind 00:50:F2:01); at == NULL: there was none. */
enum wifi_security wifi_security_of(bool privacy, struct bytes rsn, struct bytes wpa);

#endif
