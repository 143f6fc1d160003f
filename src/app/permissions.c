#include "app/permissions.h"

static const struct { const char *name, *purpose; } purposes[] = {
    { "ACCESS_FINE_LOCATION", "location: the phone's precise place" },
    { "ACCESS_COARSE_LOCATION", "location: the phone's rough place" },
    { "ACCESS_BACKGROUND_LOCATION", "location: the phone's place while the app is not in use" },
    { "ACCESS_MEDIA_LOCATION", "location: places in photos" },
    { "READ_PHONE_STATE", "identifier: phone state, and identifiers on older platforms" },
    { "READ_PRIVILEGED_PHONE_STATE", "identifier: identifiers of the phone and its card" },
    { "READ_PHONE_NUMBERS", "identifier: phone number" },
    { "GET_ACCOUNTS", "account: accounts on the phone" },
    { "MANAGE_ACCOUNTS", "account: accounts on the phone" },
    { "READ_CONTACTS", "contacts: address book" },
    { "WRITE_CONTACTS", "contacts: address book" },
    { "READ_CALL_LOG", "contacts: calls made" },
    { "READ_CALENDAR", "contacts: calendar" },
    { "READ_SMS", "message: text messages" },
    { "RECEIVE_SMS", "message: text messages" },
    { "SEND_SMS", "message: sends text messages" },
    { "CALL_PHONE", "call: makes calls" },
    { "RECORD_AUDIO", "microphone: records sound" },
    { "CAMERA", "camera: takes pictures" },
    { "BODY_SENSORS", "sensor: body sensors" },
    { "ACTIVITY_RECOGNITION", "sensor: what the user does" },
    { "QUERY_ALL_PACKAGES", "installed apps: list of all apps" },
    { "GET_TASKS", "installed apps: running apps" },
    { "PACKAGE_USAGE_STATS", "installed apps: use of apps" },
    { "REQUEST_INSTALL_PACKAGES", "installer: installs packages" },
    { "INSTALL_PACKAGES", "installer: installs packages without asking" },
    { "DELETE_PACKAGES", "installer: removes packages" },
    { "REQUEST_DELETE_PACKAGES", "installer: removes packages" },
    { "SYSTEM_ALERT_WINDOW", "overlay: draws over other apps" },
    { "BIND_ACCESSIBILITY_SERVICE", "overlay: sees and controls other apps" },
    { "BIND_DEVICE_ADMIN", "system: administers the phone" },
    { "WRITE_SETTINGS", "system: changes settings" },
    { "WRITE_SECURE_SETTINGS", "system: changes secure settings" },
    { "RECEIVE_BOOT_COMPLETED", "start: starts with the phone" },
    { "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS", "start: stays awake" },
    { "FOREGROUND_SERVICE", "start: works on in the background" },
    { "READ_EXTERNAL_STORAGE", "storage: files of the phone" },
    { "WRITE_EXTERNAL_STORAGE", "storage: files of the phone" },
    { "MANAGE_EXTERNAL_STORAGE", "storage: all files of the phone" },
    { "READ_MEDIA_IMAGES", "storage: pictures" },
    { "READ_MEDIA_VIDEO", "storage: videos" },
    { "READ_LOGS", "storage: logs of all apps" },
    { "INTERNET", "network: connections" },
    { "ACCESS_NETWORK_STATE", "network: which network there is" },
    { "ACCESS_WIFI_STATE", "network: names and addresses of Wi-Fi networks" },
    { "CHANGE_WIFI_STATE", "network: joins Wi-Fi networks" },
    { "CHANGE_NETWORK_STATE", "network: changes connections" },
    { "NEARBY_WIFI_DEVICES", "network: Wi-Fi devices nearby" },
    { "BIND_VPN_SERVICE", "network: carries all traffic of the phone" },
    { "BLUETOOTH", "nearby: Bluetooth" },
    { "BLUETOOTH_ADMIN", "nearby: Bluetooth" },
    { "BLUETOOTH_SCAN", "nearby: Bluetooth devices nearby" },
    { "BLUETOOTH_CONNECT", "nearby: Bluetooth" },
    { "NFC", "nearby: NFC" },
    { "POST_NOTIFICATIONS", "notification: shows notifications" },
};

struct text permission_purpose(struct text name)
{
    static const struct text platform = TEXT_INIT("android.permission.");

    if (text_equal(name, TEXT("com.google.android.gms.permission.AD_ID")))
        return TEXT("identifier: advertising identifier");
    if (!text_starts_with(name, platform))
        return TEXT_UNKNOWN;
    const struct text rest = { .at = name.at + platform.len, .len = name.len - platform.len };
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        if (text_equal(rest, text_of(purposes[i].name)))
            return text_of(purposes[i].purpose);
    return TEXT_UNKNOWN;
}

static bool declared(const struct manifest *m, const char *name)
{
    for (size_t i = 0; i < m->permission_count; i++)
        if (text_equal(m->permissions[i].name, text_of(name)))
            return true;
    return false;
}

struct text_list permissions_implied(const struct manifest *m, struct arena *arena)
{
    enum { IMPLIED_MAX = 5 };
    const char *const write = "android.permission.WRITE_EXTERNAL_STORAGE",
        *const read = "android.permission.READ_EXTERNAL_STORAGE";
    struct text *items = arena_alloc(arena, IMPLIED_MAX, sizeof *items);
    const int64_t target = fact_known_int(m->target_sdk) ? m->target_sdk
                           : text_known(m->target_codename) ? INT32_MAX : fact_known_int(m->min_sdk) ? m->min_sdk : 1;
    size_t count = 0;

    if (!items)
        return (struct text_list){ 0 };
    if (target < 4 && !declared(m, write))
        items[count++] = text_of(write);
    if (target < 4 && !declared(m, "android.permission.READ_PHONE_STATE"))
        items[count++] = TEXT("android.permission.READ_PHONE_STATE");
    if ((target < 4 || declared(m, write)) && !declared(m, read))
        items[count++] = text_of(read);
    if (target < 16 && declared(m, "android.permission.READ_CONTACTS") &&
        !declared(m, "android.permission.READ_CALL_LOG"))
        items[count++] = TEXT("android.permission.READ_CALL_LOG");
    if (target < 16 && declared(m, "android.permission.WRITE_CONTACTS") &&
        !declared(m, "android.permission.WRITE_CALL_LOG"))
        items[count++] = TEXT("android.permission.WRITE_CALL_LOG");
    return (struct text_list){ .items = items, .count = count };
}
