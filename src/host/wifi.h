#ifndef LEASH_HOST_WIFI_H
#define LEASH_HOST_WIFI_H

#include "host/host.h"

/* One Wi-Fi network as a configuration describes it.  Texts are views; unknown when the
 * configuration does not say. */
struct wifi {
    struct text name;        /* the section or block it stands in, for wifi_ssid's detail */
    struct text ssid;
    struct text security;    /* open wep wpa wpa_wpa2 wpa2 wpa2_wpa3 wpa3 owe enterprise unknown; or not known */
    struct text key;         /* never put anywhere; only its class is */
    bool open;               /* there is no key because none is asked for */
    int64_t hidden, isolated;/* 0, 1 or unknown */
    struct bytes at, ssid_at, key_at;
};

/* Class of a WPA passphrase (8 to 63 characters, IEEE 802.11-2020 J.4; or 64 hex digits):
 *   none     the network is open
 *   default  a factory's or a textbook's, or the network's own name
 *   invalid  shorter than the standard allows
 *   digits   only digits, fewer than 20
 *   short    8 to 11 characters
 *   middle   12 to 19
 *   long     20 and more
 *   raw      64 hexadecimal digits: the key itself
 * It says how long, not how random it is. */
struct text wifi_key_class(struct text key, struct text ssid);

/* Puts ssid (setting and identifier), security, key class, hidden and isolation. */
void wifi_put(struct host *h, const struct wifi *w);

#endif
