#include "host/wifi.h"

#include <string.h>

/* Keys that come with devices or stand in every guide.
 *   12341234   DJI Phantom 2 Vision+, Phantom 3 Standard (user manuals: default Wi-Fi password)
 *   goodlife   GL.iNet routers (docs.gl-inet.com, first-time setup)
 *   others     the heads of published lists of common passwords, of 8 characters and more */
static const char *const known_keys[] = {
    "12341234", "goodlife", "12345678", "123456789", "1234567890", "87654321", "11111111", "00000000", "88888888",
    "66666666", "01234567", "0123456789", "11223344", "12344321", "password", "password1", "passw0rd", "admin123",
    "adminadmin", "administrator", "changeme", "changeit", "default1", "internet", "iloveyou", "qwertyui", "qwerty123",
    "qwertyuiop", "1q2w3e4r", "1qaz2wsx", "abcd1234", "abcdefgh", "asdfghjkl", "letmein1", "wireless", "wifipassword",
    "raspberry", "ChangeMe", "dji12345", "drone123", "parrot12", "guestguest", "welcome1",
};

static bool all_of(struct text t, const char *set)
{
    for (size_t i = 0; i < t.len; i++)
        if (!memchr(set, t.at[i], strlen(set)))
            return false;
    return t.len > 0;
}

static bool is_known(struct text key, struct text ssid)
{
    bool same = true;

    for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++)
        if (text_equal_ignoring_case(key, text_of(known_keys[i])))
            return true;
    for (size_t i = 1; i < key.len; i++)
        same = same && key.at[i] == key.at[0];
    return same || text_equal_ignoring_case(key, ssid);
}

struct text wifi_key_class(struct text key, struct text ssid)
{
    enum { KEY_MIN = 8, MIDDLE_MIN = 12, LONG_MIN = 20, RAW = 64 };

    if (key.len == RAW && all_of(key, "0123456789abcdefABCDEF"))
        return TEXT("raw");
    if (key.len < KEY_MIN)
        return TEXT("invalid");
    if (is_known(key, ssid))
        return TEXT("default");
    if (key.len >= LONG_MIN)
        return TEXT("long");
    if (all_of(key, "0123456789"))
        return TEXT("digits");
    return key.len >= MIDDLE_MIN ? TEXT("middle") : TEXT("short");
}

void wifi_put(struct host *h, const struct wifi *w)
{
    const bool wep = text_equal(w->security, TEXT("wep"));

    host_setting(h, SETTING_WIFI_SSID, w->ssid, w->name, w->ssid_at);
    host_identifier(h, "ssid", w->ssid, w->ssid_at);
    host_setting(h, SETTING_WIFI_SECURITY, w->security, w->ssid, w->at);
    if (w->open)
        host_setting(h, SETTING_WIFI_KEY_CLASS, TEXT("none"), w->ssid, w->at);
    else if (w->key.len > 0 && !wep) /* a WEP key's length says nothing: it falls in minutes */
        host_setting(h, SETTING_WIFI_KEY_CLASS, wifi_key_class(w->key, w->ssid), w->ssid, w->key_at);
    if (fact_known_int(w->hidden))
        host_setting(h, SETTING_WIFI_HIDDEN, w->hidden ? TEXT("yes") : TEXT("no"), w->ssid, w->at);
    if (fact_known_int(w->isolated))
        host_setting(h, SETTING_WIFI_ISOLATION, w->isolated ? TEXT("yes") : TEXT("no"), w->ssid, w->at);
}
