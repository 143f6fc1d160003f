#ifndef LEASH_HOST_SETTING_H
#define LEASH_HOST_SETTING_H

/* The names that `setting` rows about devices and documents may have: a closed vocabulary that rules are
 * written against (app/setting.h has those about apps).
 * doc/case.md has the same table; a test compares the two.
 *
 * subject (who it is about):
 *   phone     an Android device: phone, tablet, or a controller that runs Android
 *   computer  a Windows computer, or what an antivirus or ufw report is about
 *   gateway   an access point or router
 *   host      a computer or gateway: its tools print the same on both
 *   system    a document about the whole unmanned aircraft system
 *
 * S(NAME, name, what stands in value; what stands in detail)
 * Where the detail is "-" it is unknown.  Values in quotes are the only ones there are.
 * No key, password or account name is ever a value. */
#define SETTING_NAMES(S) \
    /* what was looked at: absence of a row below says nothing without the output that would have it */ \
    S(TOOL_OUTPUT,       "tool_output",       "the output that was read: its name in the table of host/host.c; -") \
    /* phone */ \
    S(OS_VERSION,        "os_version",        "version; 'android' or the system's own name") \
    S(SECURITY_PATCH,    "security_patch",    "date as printed; -") \
    S(ENCRYPTION_STATE,  "encryption_state",  "as printed: encrypted, unencrypted, unsupported; -") \
    S(BOOT_STATE,        "boot_state",        "of verified boot, as printed: green, yellow, orange, red; -") \
    S(SIM_STATE,         "sim_state",         "'absent' 'present' 'unknown'; slot from 0, and state as printed") \
    S(MOBILE_SERVICE,    "mobile_service",    "'in_service' 'out_of_service' 'emergency_only' 'power_off'; the slot") \
    S(MOBILE_DATA,       "mobile_data",       "'connected' 'connecting' 'disconnected' 'suspended'; the slot") \
    S(ACCOUNT_COUNT,     "account_count",     "number of accounts; 'user N'") \
    S(ACCOUNT_TYPE,      "account_type",      "type such as com.google; 'user N'") \
    S(INSTALLED_PACKAGE, "installed_package", "package; 'system' 'user' 'data' (below /data/app), or -") \
    S(INSTALLED_USER,    "installed_for_user","number of the Android user it is installed for; package") \
    S(PACKAGE_VERSION,   "package_version",   "version; package") \
    S(INSTALLER,         "installer",         "package that installed it, or 'none'; package") \
    S(SIGNATURE_HASH,    "signature_hash",    "32-bit hash of the signing certificate, hex, no digest; package") \
    S(GRANTED_PERMISSION,"granted_permission","permission; package, or 'shared:' and the name of a shared user") \
    S(DENIED_PERMISSION, "denied_permission", "permission asked for and not granted; likewise") \
    S(MANAGED_PROFILE,   "managed_profile",   "Android user that is a work profile, or 'none'; owner or -") \
    S(DEVICE_OWNER,      "device_owner",      "package that manages the whole device, or 'none'; -") \
    S(DEVICE_ADMIN,      "device_admin",      "package with administrator rights; -") \
    S(AIRPLANE_MODE,     "airplane_mode",     "'on' 'off'; -") \
    S(WIFI,              "wifi",              "'on' 'off'; -") \
    S(BLUETOOTH,         "bluetooth",         "'on' 'off'; -") \
    S(MOBILE_DATA_SWITCH,"mobile_data_switch","'on' 'off'; the setting's own name") \
    S(LOCATION,          "location",          "'on' 'off'; -") \
    S(ADB,               "adb",               "'on' 'off'; -") \
    S(DEVELOPER_OPTIONS, "developer_options", "'on' 'off'; -") \
    S(UNKNOWN_SOURCES,   "unknown_sources",   "'on' 'off'; -") \
    S(BACKUP,            "backup",            "'on' 'off': backup to the account's cloud; -") \
    S(PRIVATE_DNS,       "private_dns",       "as set: off, opportunistic, hostname; -") \
    S(ALWAYS_ON_VPN,     "always_on_vpn",     "package; -") \
    S(HTTP_PROXY,        "http_proxy",        "host:port or 'none'; -") \
    S(ACCESSIBILITY,     "accessibility_service", "component that may read the screen; -") \
    S(NOTIFICATIONS,     "notification_listener", "component that may read notifications; -") \
    S(INPUT_METHOD,      "input_method",      "component of the keyboard; -") \
    /* networks */ \
    S(ROUTE_DEFAULT,     "route_default",     "address of the gateway, or 'link' for none; interface") \
    S(ROUTE,             "route",             "network reached directly or through a gateway; interface") \
    S(INTERFACE_ADDRESS, "interface_address", "address/length; interface") \
    S(FIREWALL_STATE,    "firewall_state",    "'on' 'off'; profile or tool") \
    S(INGRESS_DEFAULT,   "ingress_default",   "'deny' 'allow': what no rule names; 'ipv4' 'zone wan', tool ...") \
    S(EGRESS_DEFAULT,    "egress_default",    "'deny' 'allow': likewise; 'ipv4 forward' 'ipv4 forward wlan0' ...") \
    S(EGRESS_ACCEPT,     "egress_accept",     "destination let out, or 'any'; family, hook, protocol and port") \
    /* Wi-Fi */ \
    S(WIFI_SSID,         "wifi_ssid",         "network name; section or file block") \
    S(WIFI_SECURITY,     "wifi_security",     "one of those in host/wifi.h; network name") \
    S(WIFI_KEY_CLASS,    "wifi_key_class",    "likewise; network name") \
    S(WIFI_HIDDEN,       "wifi_hidden",       "'yes' 'no'; network name") \
    S(WIFI_ISOLATION,    "wifi_isolation",    "'yes' 'no': stations cannot reach each other; network name") \
    /* computers */ \
    S(DOMAIN,            "domain",            "Windows domain or workgroup; -") \
    S(ANTIVIRUS_STATE,   "antivirus_state",   "'on' 'off'; product") \
    S(ANTIVIRUS_REALTIME,"antivirus_realtime","'on' 'off'; product") \
    S(ANTIVIRUS_AGE,     "antivirus_signature_age_days", "days; product") \
    S(SCAN_FILES,        "antivirus_scan_files", "number of files scanned; product") \
    S(SCAN_INFECTED,     "antivirus_scan_infected", "number of infected files; product") \
    S(SCAN_FINDING,      "antivirus_finding", "name of what was found; the file") \
    /* documents */ \
    S(BILL_OF_MATERIALS, "bill_of_materials", "'cyclonedx' 'spdx'; what it is about") \
    S(INVENTORY_SERIAL,  "inventory_serial",  "serial number; maker and model") \
    S(INVENTORY_ORIGIN,  "inventory_origin",  "country of origin as the list has it; the serial number")

enum setting_name {
#define S(NAME, name, meaning) SETTING_##NAME,
    SETTING_NAMES(S)
#undef S
    SETTING_NAME_COUNT
};

extern const char *const setting_names[SETTING_NAME_COUNT];

#endif
