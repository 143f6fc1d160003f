#ifndef LEASH_APP_SETTING_H
#define LEASH_APP_SETTING_H

#include "evidence/reading.h"

/* How an app is set up and what its code is able to do, as `setting` rows: subject "app", detail
 * the package's name (the evidence's own, when it could not be read).  Whoever judges asks for
 * these names; a name that has no row is not known, never "no".
 *
 * APP_SETTINGS(S): S(NAME, "name", "what the value says") */
#define APP_SETTINGS(S) \
    S(CLEARTEXT_TRAFFIC, "cleartext_traffic", "yes | no: unencrypted connections are allowed (declared, or the platform's default)") \
    S(CLEARTEXT_DOMAINS, "cleartext_domains", "names for which the app's own rules allow unencrypted connections") \
    S(NETWORK_SECURITY_CONFIG, "network_security_config", "yes | no: the app has rules of its own for connections") \
    S(USER_CERTIFICATES, "user_certificates", "yes | no: certificates that the user installed are trusted (by the app's rules, or the platform's default)") \
    S(CERTIFICATE_PINS, "certificate_pins", "number of pins in the app's own rules for connections") \
    S(CERTIFICATE_PINS_UNTIL, "certificate_pins_until", "the first date from which on pins count no more") \
    S(DEBUGGABLE, "debuggable", "yes | no: anybody with a cable can look into the running app") \
    S(ALLOW_BACKUP, "allow_backup", "yes | no: the app's data go into backups (declared, or the platform's default)") \
    S(BACKUP_RULES, "backup_rules", "the app's own rules: for which kind of copy, and how many places are named to be copied and left out") \
    S(TEST_ONLY, "test_only", "yes: marked as made for tests") \
    S(SHARED_USER_ID, "shared_user_id", "the name under which it shares data with other apps of the same signer") \
    S(SPLIT, "split", "the name of the split: a part of an app, not the whole") \
    S(EXPORTED_ACTIVITY, "exported_activity", "class, then the permission that others need, if any: a part that other apps may start") \
    S(EXPORTED_SERVICE, "exported_service", "the same") \
    S(EXPORTED_RECEIVER, "exported_receiver", "the same") \
    S(EXPORTED_PROVIDER, "exported_provider", "the same") \
    S(SIGNATURE_PROBLEM, "signature_problem", "why the signature is not valid, one row each") \
    S(SIGNATURE_VALID_FROM_SDK, "signature_valid_from_sdk", "platform from which on the signature would be valid, when it is not for all that the package is for") \
    S(SIGNATURE_UNPROTECTED, "signature_unprotected", "number of files below META-INF that the signature does not cover") \
    S(STRUCTURE_TRICK, "structure_trick", "duplicate_entry | overlapping_entries | encrypted_flag | unknown_method | header_mismatch | false_size | hidden_entry | bytes_before_entries | unusable_name | file_and_folder | bytes_behind_end | odd_manifest") \
    S(PACKER, "packer", "name of what hides the code, or \"unknown\"") \
    S(PACKER_SIGN, "packer_sign", "what shows that code is hidden, one row each") \
    S(OTHER_CODE, "other_code", "form of code that is neither DEX in its place nor a native library, and the first file of it") \
    S(CODE_CLASSES, "code_classes", "number of classes that could be read") \
    S(CODE_FILES, "code_files", "number of dex files that could be read") \
    S(CODE_FILES_UNREADABLE, "code_files_unreadable", "number of dex files that could not be read") \
    S(SELF_UPDATE, "self_update", "present in code: what can install another version from outside a store") \
    S(INSTALLER, "installer", "present in code or manifest: it can install packages") \
    S(DYNAMIC_CODE, "dynamic_code", "present in code: it can run code that is not in the package") \
    S(HOT_PATCH, "hot_patch", "present in code: a kit that replaces the app's own code") \
    S(SHELL_COMMANDS, "shell_commands", "present in code: it can run programs of the system") \
    S(WEB_INTERFACE, "web_interface", "present in code: web pages can call into the app") \
    S(DEVICE_IDENTIFIERS, "device_identifiers", "present in code: reads of identifiers of the phone or its card") \
    S(LOCATION, "location", "present in code: reads of the phone's place") \
    S(CONTACTS, "contacts", "present in code: reads of contacts or accounts") \
    S(INSTALLED_APPS, "installed_apps", "present in code: reads of the list of other apps or running ones") \
    S(CLIPBOARD, "clipboard", "present in code: reads of the clipboard") \
    S(MICROPHONE, "microphone", "present in code: recording of sound") \
    S(CAMERA, "camera", "present in code: use of the phone's camera") \
    S(ANTI_DEBUGGING, "anti_debugging", "present in code: it looks whether it is being watched") \
    S(NATIVE_LOADING, "native_loading", "present in native code: it loads other native code by name") \
    S(NATIVE_NETWORK, "native_network", "present in native code: connections, which the app's rules for connections do not govern") \
    S(PHONE_PROPERTIES, "phone_properties", "present in native code: reads of the phone's properties, such as model and, on old platforms, serial number") \
    S(HIDDEN_API, "hidden_api", "present in code: it reaches for interfaces of the platform that are closed to apps")

enum app_setting {
#define S(NAME, name, meaning) APP_##NAME,
    APP_SETTINGS(S)
#undef S
    APP_SETTING_COUNT
};

/* Puts one row.  `steps` as in an origin, may be empty. */
void app_setting_put(struct reading *r, enum app_setting setting, struct text value, struct text package,
                     struct fact_origin origin);

const char *app_setting_name(enum app_setting setting);

#endif
