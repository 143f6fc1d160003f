#include "host/host.h"

#include <string.h>

/* Android's `settings list global`, `secure` and `system`: "NAME=VALUE" a line (AOSP
 * packages/SettingsProvider, SettingsService.java, list), and `dumpsys settings`, which also is in
 * a bug report: "_id:N name:NAME pkg:PACKAGE value:VALUE default:..." below a title for each
 * namespace and user.  Names and values: AOSP frameworks/base
 * core/java/android/provider/Settings.java, classes Global, Secure and System. */

enum how { HOW_SWITCH, HOW_TEXT, HOW_COMPONENTS, HOW_LOCATION, HOW_PROXY, HOW_IDENTIFIER, HOW_KNOWN };

static const struct known {
    const char *name;
    enum how how;
    enum setting_name setting;
    const char *identifier;
} known[] = {
    { "airplane_mode_on", HOW_SWITCH, SETTING_AIRPLANE_MODE, NULL },
    { "wifi_on", HOW_SWITCH, SETTING_WIFI, NULL },
    { "bluetooth_on", HOW_SWITCH, SETTING_BLUETOOTH, NULL },
    { "mobile_data", HOW_SWITCH, SETTING_MOBILE_DATA_SWITCH, NULL },
    { "mobile_data1", HOW_SWITCH, SETTING_MOBILE_DATA_SWITCH, NULL },
    { "mobile_data2", HOW_SWITCH, SETTING_MOBILE_DATA_SWITCH, NULL },
    { "adb_enabled", HOW_SWITCH, SETTING_ADB, NULL },
    { "adb_wifi_enabled", HOW_KNOWN, 0, NULL },
    { "development_settings_enabled", HOW_SWITCH, SETTING_DEVELOPER_OPTIONS, NULL },
    { "install_non_market_apps", HOW_SWITCH, SETTING_UNKNOWN_SOURCES, NULL },
    { "backup_enabled", HOW_SWITCH, SETTING_BACKUP, NULL },
    { "location_mode", HOW_LOCATION, SETTING_LOCATION, NULL },
    { "private_dns_mode", HOW_TEXT, SETTING_PRIVATE_DNS, NULL },
    { "always_on_vpn_app", HOW_TEXT, SETTING_ALWAYS_ON_VPN, NULL },
    { "http_proxy", HOW_PROXY, SETTING_HTTP_PROXY, NULL },
    { "default_input_method", HOW_TEXT, SETTING_INPUT_METHOD, NULL },
    { "enabled_accessibility_services", HOW_COMPONENTS, SETTING_ACCESSIBILITY, NULL },
    { "enabled_notification_listeners", HOW_COMPONENTS, SETTING_NOTIFICATIONS, NULL },
    { "android_id", HOW_IDENTIFIER, 0, "android_id" },
    { "bluetooth_address", HOW_IDENTIFIER, 0, "mac" },
    { "bluetooth_name", HOW_IDENTIFIER, 0, "name" },
    { "device_name", HOW_IDENTIFIER, 0, "name" },
    /* known for recognition only: in every such list */
    { "device_provisioned", HOW_KNOWN, 0, NULL },
    { "stay_on_while_plugged_in", HOW_KNOWN, 0, NULL },
    { "auto_time", HOW_KNOWN, 0, NULL },
    { "auto_time_zone", HOW_KNOWN, 0, NULL },
    { "data_roaming", HOW_KNOWN, 0, NULL },
    { "animator_duration_scale", HOW_KNOWN, 0, NULL },
    { "accessibility_enabled", HOW_KNOWN, 0, NULL },
    { "screen_brightness", HOW_KNOWN, 0, NULL },
    { "screen_off_timeout", HOW_KNOWN, 0, NULL },
    { "volume_music", HOW_KNOWN, 0, NULL },
    { "volume_ring", HOW_KNOWN, 0, NULL },
    { "user_setup_complete", HOW_KNOWN, 0, NULL },
    { "sound_effects_enabled", HOW_KNOWN, 0, NULL },
    { "haptic_feedback_enabled", HOW_KNOWN, 0, NULL },
    { "accelerometer_rotation", HOW_KNOWN, 0, NULL },
    { "assistant", HOW_KNOWN, 0, NULL },
    { "lock_screen_show_notifications", HOW_KNOWN, 0, NULL },
    { "touch_exploration_enabled", HOW_KNOWN, 0, NULL },
    { "alarm_alert", HOW_KNOWN, 0, NULL },
    { "ringtone", HOW_KNOWN, 0, NULL },
    { "dim_screen", HOW_KNOWN, 0, NULL },
    { "boot_count", HOW_KNOWN, 0, NULL },
    { "wifi_scan_always_enabled", HOW_KNOWN, 0, NULL },
    { "Phenotype_boot_count", HOW_KNOWN, 0, NULL },
};

static const struct known *find_known(struct text name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(name, text_of(known[i].name)))
            return &known[i];
    return NULL;
}

static bool parse_pair(struct text t, struct text *name, struct text *value)
{
    if (!line_cut(t, '=', name, value) || name->len == 0)
        return false;
    for (size_t i = 0; i < name->len; i++)
        if (name->at[i] <= ' ' || name->at[i] >= 0x7f)
            return false;
    return true;
}

static bool is_dump_title(struct text t)
{
    return text_starts_with(t, TEXT("GLOBAL SETTINGS (user ")) || text_starts_with(t, TEXT("SECURE SETTINGS (user ")) ||
           text_starts_with(t, TEXT("SYSTEM SETTINGS (user ")) || text_starts_with(t, TEXT("CONFIG SETTINGS (user "));
}

/* Many files are NAME=VALUE: this one begins so, and has two names that Android has. */
bool settings_list_recognise(const struct host_head *head)
{
    struct text name, value;
    size_t found = 0;
    struct lines l;
    struct line line;

    if (is_dump_title(head->lines[0]))
        return true;
    for (size_t i = 0; i < head->count && i < 4; i++)
        if (!parse_pair(head->lines[i], &name, &value))
            return false;
    enum { LOOK_BYTES = 65536 };
    for (lines_init(&l, bytes_part(head->whole, 0, LOOK_BYTES)); lines_next(&l, &line) && found < 2; )
        if (parse_pair(line.text, &name, &value) && find_known(name))
            found++;
    return found >= 2;
}

static void put_components(struct host *h, enum setting_name setting, struct text list, struct bytes at)
{
    enum { COMPONENTS_MAX = 64 };

    for (size_t i = 0; i < COMPONENTS_MAX && list.len > 0; i++) {
        struct text one = list;
        if (!line_cut(list, ':', &one, &list))
            list.len = 0;
        host_setting(h, setting, one, TEXT_UNKNOWN, at);
    }
}

static void put_value(struct host *h, struct text name, struct text value, struct bytes at)
{
    const struct known *k = find_known(name);
    int64_t mode;
    bool on;

    if (!k || value.len == 0 || text_equal(value, TEXT("null")))
        return;
    switch (k->how) {
    case HOW_KNOWN: break;
    case HOW_SWITCH: /* airplane_mode_on=1; wifi_on=2 is "on in airplane mode", 3 "off by it" */
        if (k->setting == SETTING_WIFI && text_to_int(value, 2, 3, &mode))
            host_setting_switch(h, k->setting, mode == 2, TEXT_UNKNOWN, at);
        else if (host_boolean(value, &on))
            host_setting_switch(h, k->setting, on, k->setting == SETTING_MOBILE_DATA_SWITCH ? name : TEXT_UNKNOWN, at);
        break;
    case HOW_TEXT: host_setting(h, k->setting, value, TEXT_UNKNOWN, at); break;
    case HOW_COMPONENTS: put_components(h, k->setting, value, at); break;
    case HOW_LOCATION: /* 0 off, 1 sensors, 2 battery saving, 3 high accuracy */
        if (text_to_int(value, 0, 3, &mode))
            host_setting_switch(h, k->setting, mode != 0, TEXT_UNKNOWN, at);
        break;
    case HOW_PROXY:
        host_setting(h, k->setting, text_equal(value, TEXT(":0")) ? TEXT("none") : value, TEXT_UNKNOWN, at);
        break;
    case HOW_IDENTIFIER: host_identifier(h, k->identifier, value, at); break;
    }
}

/* "_id:12 name:adb_enabled pkg:android value:1 default:1 defaultSystemSet:true" */
static void read_dumped(struct host *h, struct text t, struct bytes at)
{
    struct text name, value;

    if (!line_behind(t, TEXT(" name:"), &name) || !line_behind(name, TEXT(" value:"), &value))
        return;
    name = line_word(&name);
    const char *end = value.len ? memmem(value.at, value.len, " default:", 9) : NULL;
    if (end)
        value.len = (size_t)(end - value.at);
    put_value(h, name, line_trim(value), at);
}

enum parse_status settings_list_read(struct host *h, struct bytes part)
{
    struct text name, value;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (text_starts_with(t, TEXT("_id:")))
            read_dumped(h, t, line.at);
        else if (parse_pair(t, &name, &value))
            put_value(h, name, value, line.at);
        /* A value may hold line ends; what stands behind one is not a setting. */
    }
    return PARSE_OK;
}
