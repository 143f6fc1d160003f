#include "app/behaviour.h"

#include "base/hash.h"

#define TELEPHONY "Landroid/telephony/TelephonyManager;"

const struct behaviour behaviours[] = {
    { TELEPHONY, "getDeviceId", APP_DEVICE_IDENTIFIERS, "IMEI or MEID of the phone", false },
    { TELEPHONY, "getImei", APP_DEVICE_IDENTIFIERS, "IMEI of the phone", false },
    { TELEPHONY, "getMeid", APP_DEVICE_IDENTIFIERS, "MEID of the phone", false },
    { TELEPHONY, "getSubscriberId", APP_DEVICE_IDENTIFIERS, "IMSI of the card", false },
    { TELEPHONY, "getSimSerialNumber", APP_DEVICE_IDENTIFIERS, "serial number of the card", false },
    { TELEPHONY, "getLine1Number", APP_DEVICE_IDENTIFIERS, "phone number", false },
    { TELEPHONY, "getCellLocation", APP_LOCATION, "place by radio cells", false },
    { TELEPHONY, "getAllCellInfo", APP_LOCATION, "place by radio cells", false },
    { TELEPHONY, "getNeighboringCellInfo", APP_LOCATION, "place by radio cells", false },
    { "Landroid/os/Build;", "getSerial", APP_DEVICE_IDENTIFIERS, "serial number of the phone", false },
    { "Landroid/os/Build;", "SERIAL", APP_DEVICE_IDENTIFIERS, "serial number of the phone", true },
    { "Landroid/net/wifi/WifiInfo;", "getMacAddress", APP_DEVICE_IDENTIFIERS, "address of the phone's Wi-Fi", false },
    { "Landroid/net/wifi/WifiInfo;", "getBSSID", APP_LOCATION, "address of the Wi-Fi network, which tells the place", false },
    { "Landroid/net/wifi/WifiManager;", "getScanResults", APP_LOCATION, "Wi-Fi networks nearby, which tell the place", false },
    { "Landroid/bluetooth/BluetoothAdapter;", "getAddress", APP_DEVICE_IDENTIFIERS, "address of the phone's Bluetooth", false },
    { "Ljava/net/NetworkInterface;", "getHardwareAddress", APP_DEVICE_IDENTIFIERS, "address of a network interface", false },
    { "Landroid/media/MediaDrm;", "getPropertyByteArray", APP_DEVICE_IDENTIFIERS, "identifier of the content protection", false },
    { "Lcom/google/android/gms/ads/identifier/AdvertisingIdClient;", "getAdvertisingIdInfo", APP_DEVICE_IDENTIFIERS, "advertising identifier", false },
    { "Landroid/location/LocationManager;", "requestLocationUpdates", APP_LOCATION, "place of the phone, as it moves", false },
    { "Landroid/location/LocationManager;", "requestSingleUpdate", APP_LOCATION, "place of the phone", false },
    { "Landroid/location/LocationManager;", "getCurrentLocation", APP_LOCATION, "place of the phone", false },
    { "Landroid/location/LocationManager;", "getLastKnownLocation", APP_LOCATION, "last place of the phone", false },
    { "Lcom/google/android/gms/location/FusedLocationProviderClient;", "requestLocationUpdates", APP_LOCATION, "place of the phone, as it moves", false },
    { "Lcom/google/android/gms/location/FusedLocationProviderClient;", "getLastLocation", APP_LOCATION, "last place of the phone", false },
    { "Landroid/accounts/AccountManager;", "getAccounts", APP_CONTACTS, "accounts on the phone", false },
    { "Landroid/accounts/AccountManager;", "getAccountsByType", APP_CONTACTS, "accounts on the phone", false },
    { "Landroid/provider/ContactsContract$Contacts;", "CONTENT_URI", APP_CONTACTS, "contacts", true },
    { "Landroid/provider/ContactsContract$Contacts;", "getLookupUri", APP_CONTACTS, "contacts", false },
    { "Landroid/provider/ContactsContract$Contacts;", "openContactPhotoInputStream", APP_CONTACTS, "contacts", false },
    { "Landroid/provider/ContactsContract$RawContacts;", "CONTENT_URI", APP_CONTACTS, "contacts", true },
    { "Landroid/provider/ContactsContract$Data;", "CONTENT_URI", APP_CONTACTS, "what contacts hold", true },
    { "Landroid/provider/ContactsContract$PhoneLookup;", "CONTENT_FILTER_URI", APP_CONTACTS, "contacts by number", true },
    { "Landroid/provider/ContactsContract$CommonDataKinds$Phone;", "CONTENT_URI", APP_CONTACTS, "telephone numbers of contacts", true },
    { "Landroid/provider/ContactsContract$CommonDataKinds$Email;", "CONTENT_URI", APP_CONTACTS, "mail addresses of contacts", true },
    { "Landroid/provider/CallLog$Calls;", "CONTENT_URI", APP_CONTACTS, "telephone calls", true },
    { "Landroid/provider/Telephony$Sms;", "CONTENT_URI", APP_CONTACTS, "text messages", true },
    { "Landroid/provider/Telephony$Sms$Inbox;", "CONTENT_URI", APP_CONTACTS, "text messages", true },
    { "Landroid/content/pm/PackageManager;", "getInstalledPackages", APP_INSTALLED_APPS, "list of all apps", false },
    { "Landroid/content/pm/PackageManager;", "getInstalledApplications", APP_INSTALLED_APPS, "list of all apps", false },
    { "Landroid/content/pm/PackageManager;", "getPackageInstaller", APP_INSTALLER, "installation of packages", false },
    { "Landroid/content/pm/PackageManager;", "canRequestPackageInstalls", APP_INSTALLER, "asks whether it may install packages", false },
    { "Landroid/content/pm/PackageInstaller;", "createSession", APP_INSTALLER, "installation of packages", false },
    { "Landroid/content/pm/PackageInstaller$Session;", "commit", APP_INSTALLER, "installation of packages", false },
    { "Landroid/app/ActivityManager;", "getRunningTasks", APP_INSTALLED_APPS, "apps that run", false },
    { "Landroid/app/ActivityManager;", "getRunningAppProcesses", APP_INSTALLED_APPS, "apps that run", false },
    { "Landroid/app/ActivityManager;", "getRecentTasks", APP_INSTALLED_APPS, "apps that ran", false },
    { "Landroid/app/usage/UsageStatsManager;", "queryUsageStats", APP_INSTALLED_APPS, "use of apps", false },
    { "Landroid/content/ClipboardManager;", "getPrimaryClip", APP_CLIPBOARD, "clipboard", false },
    { "Landroid/content/ClipboardManager;", "getText", APP_CLIPBOARD, "clipboard", false },
    { "Landroid/text/ClipboardManager;", "getText", APP_CLIPBOARD, "clipboard", false },
    { "Landroid/media/AudioRecord;", "startRecording", APP_MICROPHONE, "sound", false },
    { "Landroid/media/MediaRecorder;", "setAudioSource", APP_MICROPHONE, "sound", false },
    { "Landroid/hardware/Camera;", "open", APP_CAMERA, "the phone's camera", false },
    { "Landroid/hardware/camera2/CameraManager;", "openCamera", APP_CAMERA, "the phone's camera", false },
    { "Ldalvik/system/DexClassLoader;", "<init>", APP_DYNAMIC_CODE, "code from a file", false },
    { "Ldalvik/system/PathClassLoader;", "<init>", APP_DYNAMIC_CODE, "code from a file", false },
    { "Ldalvik/system/BaseDexClassLoader;", "<init>", APP_DYNAMIC_CODE, "code from a file", false },
    { "Ldalvik/system/InMemoryDexClassLoader;", "<init>", APP_DYNAMIC_CODE, "code from memory", false },
    { "Ldalvik/system/DexFile;", "loadDex", APP_DYNAMIC_CODE, "code from a file", false },
    { "Ldalvik/system/DexFile;", "<init>", APP_DYNAMIC_CODE, "code from a file", false },
    { "Ljava/lang/System;", "load", APP_DYNAMIC_CODE, "native code from a file", false },
    { "Ljava/lang/Runtime;", "load", APP_DYNAMIC_CODE, "native code from a file", false },
    { "Ljava/lang/Runtime;", "exec", APP_SHELL_COMMANDS, "programs of the system", false },
    { "Ljava/lang/ProcessBuilder;", "start", APP_SHELL_COMMANDS, "programs of the system", false },
    { "Landroid/webkit/WebView;", "addJavascriptInterface", APP_WEB_INTERFACE, "web pages can call into the app", false },
    { "Landroid/os/Debug;", "isDebuggerConnected", APP_ANTI_DEBUGGING, "looks for a debugger", false },
    { "Landroid/os/Debug;", "waitingForDebugger", APP_ANTI_DEBUGGING, "looks for a debugger", false },
    { "Ldalvik/system/VMRuntime;", "setHiddenApiExemptions", APP_HIDDEN_API, "opens closed interfaces of the platform", false },
};
const size_t behaviour_count = sizeof behaviours / sizeof *behaviours;

const struct text_behaviour text_behaviours[] = {
    { "application/vnd.android.package-archive", APP_INSTALLER, false },
    { "pm install", APP_INSTALLER, true },
    { "TracerPid", APP_ANTI_DEBUGGING, true },
    { "android_id", APP_DEVICE_IDENTIFIERS, false },
    { "ro.serialno", APP_DEVICE_IDENTIFIERS, false },
    { "ro.boot.serialno", APP_DEVICE_IDENTIFIERS, false },
    { "/sys/class/net/wlan0/address", APP_DEVICE_IDENTIFIERS, false },
    { "/sys/block/mmcblk0/device/cid", APP_DEVICE_IDENTIFIERS, false },
    { "content://com.android.contacts", APP_CONTACTS, true },
    { "content://icc/adn", APP_CONTACTS, false },
    { "content://call_log/calls", APP_CONTACTS, true },
    { "content://sms", APP_CONTACTS, true },
    { "dalvik.system.DexClassLoader", APP_DYNAMIC_CODE, false },
    { "dalvik.system.PathClassLoader", APP_DYNAMIC_CODE, false },
    { "dalvik.system.InMemoryDexClassLoader", APP_DYNAMIC_CODE, false },
    { "dalvik.system.VMRuntime", APP_HIDDEN_API, false },
    { "setHiddenApiExemptions", APP_HIDDEN_API, false },
    { "android.os.SystemProperties", APP_HIDDEN_API, false },
    { "android.os.ServiceManager", APP_HIDDEN_API, false },
    { "android.app.ActivityThread", APP_HIDDEN_API, false },
    { "com.android.internal.", APP_HIDDEN_API, true },
};
const size_t text_behaviour_count = sizeof text_behaviours / sizeof *text_behaviours;

size_t behaviour_of_text(struct text t)
{
    if (t.len < 8 || !memchr("aTprs/cd", t.at[0], 8)) /* what the lines begin with: strings are many */
        return text_behaviour_count;
    for (size_t i = 0; i < text_behaviour_count; i++) {
        if (t.at[0] != text_behaviours[i].text[0])
            continue;
        const struct text line = text_of(text_behaviours[i].text);
        if (text_behaviours[i].prefix ? text_starts_with(t, line) : text_equal(t, line))
            return i;
    }
    return text_behaviour_count;
}

const struct native_behaviour native_behaviours[] = {
    { "dlopen", APP_NATIVE_LOADING, "native code from a file" },
    { "android_dlopen_ext", APP_NATIVE_LOADING, "native code from a file or a descriptor" },
    { "system", APP_SHELL_COMMANDS, "programs of the system" },
    { "popen", APP_SHELL_COMMANDS, "programs of the system" },
    { "execve", APP_SHELL_COMMANDS, "programs of the system" },
    { "execv", APP_SHELL_COMMANDS, "programs of the system" },
    { "execvp", APP_SHELL_COMMANDS, "programs of the system" },
    { "execl", APP_SHELL_COMMANDS, "programs of the system" },
    { "execlp", APP_SHELL_COMMANDS, "programs of the system" },
    { "posix_spawn", APP_SHELL_COMMANDS, "programs of the system" },
    { "ptrace", APP_ANTI_DEBUGGING, "looks for a debugger, or takes its place" },
    { "__system_property_get", APP_PHONE_PROPERTIES, "properties of the phone" },
    { "__system_property_read", APP_PHONE_PROPERTIES, "properties of the phone" },
    { "__system_property_read_callback", APP_PHONE_PROPERTIES, "properties of the phone" },
    { "__system_property_foreach", APP_PHONE_PROPERTIES, "all properties of the phone" },
    { "connect", APP_NATIVE_NETWORK, "connections" },
    { "sendto", APP_NATIVE_NETWORK, "datagrams" },
    { "sendmsg", APP_NATIVE_NETWORK, "datagrams" },
    { "getaddrinfo", APP_NATIVE_NETWORK, "look-ups of names" },
    { "gethostbyname", APP_NATIVE_NETWORK, "look-ups of names" },
    { "android_getaddrinfofornetwork", APP_NATIVE_NETWORK, "look-ups of names" },
    { "getifaddrs", APP_DEVICE_IDENTIFIERS, "addresses of network interfaces" },
    { "ACameraManager_openCamera", APP_CAMERA, "the phone's camera" },
    { "AMediaDrm_getPropertyByteArray", APP_DEVICE_IDENTIFIERS, "identifier of the content protection" },
};
const size_t native_behaviour_count = sizeof native_behaviours / sizeof *native_behaviours;

size_t behaviour_of_function(struct text name)
{
    for (size_t i = 0; i < native_behaviour_count; i++)
        if (text_equal(name, text_of(native_behaviours[i].function)))
            return i;
    return native_behaviour_count;
}

size_t behaviour_of_class(struct text descriptor)
{
    enum { SLOTS = 256 };
    static uint8_t slots[SLOTS]; /* index + 1 of the first line of a class */
    static bool filled;

    for (size_t i = 0; !filled && i < behaviour_count; i++) {
        if (i > 0 && strcmp(behaviours[i].class_descriptor, behaviours[i - 1].class_descriptor) == 0)
            continue;
        size_t at = (size_t)hash_mix(behaviours[i].class_descriptor, strlen(behaviours[i].class_descriptor), 0) &
            (SLOTS - 1);
        while (slots[at])
            at = (at + 1) & (SLOTS - 1);
        slots[at] = (uint8_t)(i + 1);
    }
    filled = true;
    size_t at = (size_t)hash_mix(descriptor.at, descriptor.len, 0) & (SLOTS - 1);
    while (slots[at] && !text_equal(text_of(behaviours[slots[at] - 1].class_descriptor), descriptor))
        at = (at + 1) & (SLOTS - 1);
    return slots[at] ? slots[at] - 1u : behaviour_count;
}
