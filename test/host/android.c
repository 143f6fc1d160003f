#include "host/outcome.h"

#include <string.h>

#include "evidence/format.h"
#include "host/host.h"

static const char getprop[] =
    "* daemon not running; starting now at tcp:5037\n"
    "[gsm.sim.state]: [ABSENT,LOADED]\n"
    "[persist.radio.imei1]: [490154203237518]\n"
    "[persist.sys.boot.reason.history]: [reboot,1\nreboot,2]\n"
    "[ro.boot.serialno]: [0TESTBOOT0]\n"
    "[ro.boot.verifiedbootstate]: [orange]\n"
    "[ro.build.display.id]: [EX1.240505.001]\n"
    "[ro.build.fingerprint]: [example/phone/1]\n"
    "[ro.build.version.release]: [14]\n"
    "[ro.build.version.security_patch]: [2024-05-05]\n"
    "[ro.crypto.state]: [encrypted]\n"
    "[ro.product.manufacturer]: [Example]\n"
    "[ro.product.model]: [Phone 1]\n"
    "[ro.serialno]: [0TESTPHONE01]\n"
    "[ro.vendor.wifi.mac]: [02:00:00:00:00:01]\n"
    "[ro.vendor.wifi.machine]: [02]\n"
    "[ro.vendor.zero.mac]: [00:00:00:00:00:00]\n";

static void reads_properties(void **state)
{
    (void)state;
    expect_rows(getprop,
        "device phone Example/Phone 1/0TESTPHONE01/EX1.240505.001\n"
        "setting phone sim_state=absent [0 ABSENT]\n"
        "setting phone sim_state=present [1 LOADED]\n"
        "identifier imei=490154203237518\n"
        "identifier serial=0TESTBOOT0\n"
        "setting phone boot_state=orange\n"
        "setting phone os_version=14 [android]\n"
        "setting phone security_patch=2024-05-05\n"
        "setting phone encryption_state=encrypted\n"
        "identifier serial=0TESTPHONE01\n"
        "identifier mac=02:00:00:00:00:01\n");
    sweep(getprop);
}

static void knows_a_controller_by_its_maker(void **state)
{
    (void)state;
    expect_rows("[ro.product.manufacturer]: [DJI]\n[ro.product.model]: [rm-test]\n[gsm.sim.state]: [NOT_READY]\n",
        "device controller DJI/rm-test/?/?\nsetting phone sim_state=unknown [0 NOT_READY]\n");
    /* a broken line is said, and the rest read */
    expect_rows("[a.b]: [1]\n[ro.crypto.state]: [unencrypted]\n[gsm.sim.state]: []\nnonsense\n[a.c]: [1]\n",
        "setting phone encryption_state=unencrypted\ndamage: not a property\n");
}

static const char packages[] =
    "package:/system/framework/framework-res.apk=android  installer=null\r\r\n"
    "package:/data/app/~~a=b==/org.example.flyapp-x==/base.apk=org.example.flyapp versionCode:123  installer=com.android.vending uid:10123\r\r\n"
    "package:com.example.other\r\r\n";

static void lists_packages(void **state)
{
    (void)state;
    expect_rows(packages,
        "setting phone installed_package=android [system]\n"
        "setting phone installer=none [android]\n"
        "setting phone installed_package=org.example.flyapp [data]\n"
        "setting phone installer=com.android.vending [org.example.flyapp]\n"
        "setting phone installed_package=com.example.other\n");
    expect_rows("package:/data/app/x/base.apk=a.b\npackage:/no/name\n",
        "setting phone installed_package=a.b [data]\ndamage: not a package name\n");
    /* a cut name is no package */
    expect_rows("package:com.example.one\npackage:com.exam",
        "setting phone installed_package=com.example.one\n"
        "damage: the last line has no end and may be cut off: it was not read\n");
    sweep(packages);
}

static void finds_work_profiles_among_the_users(void **state)
{
    static const char users[] =
        "Users:\n\tUserInfo{0:Somebody: with a colon:c13} running\n\tUserInfo{10:Work:1030} running\n";

    (void)state;
    expect_rows(users, "setting phone managed_profile=10\n");
    expect_rows("Users:\n\tUserInfo{0:Owner:c13} running\n", "");
    expect_rows("Users:\n\tUserInfo{0:Owner:xyz} running\n", "damage: not a user\n");
    sweep(users);
}

static const char dump[] =
    "Activity Resolver Table:\n"
    "  Non-Data Actions:\n"
    "      android.intent.action.MAIN:\n"
    "        5bd3bf1 org.example.flyapp/.Main filter 9d4ac0b\n"
    "\n"
    "Permissions:\n"
    "  Permission [org.example.READ] (2b8a6f0):\n"
    "    granted=true\n"
    "\n"
    "Packages:\n"
    "  Package [org.example.flyapp] (53ba2f5):\n"
    "    userId=10123\n"
    "    codePath=/data/app/x\n"
    "    versionCode=123 minSdk=26 targetSdk=34\n"
    "    versionName=1.2.3 beta\n"
    "    flags=[ HAS_CODE ALLOW_BACKUP ]\n"
    "    signatures=PackageSignatures{53ba2f5 version:2, signatures:[2f1cde8a, 11], past signatures:[]}\n"
    "    installerPackageName=com.android.vending\n"
    "    requested permissions:\n"
    "      android.permission.CAMERA\n"
    "      org.example.flyapp.permission.X: restricted=true\n"
    "    install permissions:\n"
    "      android.permission.INTERNET: granted=true\n"
    "    User 0: ceDataInode=1 installed=true hidden=false\n"
    "      gids=[3003]\n"
    "      runtime permissions:\n"
    "        android.permission.ACCESS_FINE_LOCATION: granted=true, flags=[ USER_SET]\n"
    "        android.permission.CAMERA: granted=false, flags=[ USER_SET]\n"
    "      disabledComponents:\n"
    "        org.example.flyapp.Thing\n"
    "    User 10: ceDataInode=0 installed=false hidden=false\n"
    "  Package [com.example.store] (aa):\n"
    "    versionName=null\n"
    "    flags=[ SYSTEM HAS_CODE UPDATED_SYSTEM_APP ]\n"
    "    installerPackageName=null\n"
    "\n"
    "Hidden system packages:\n"
    "  Package [com.example.store] (bb):\n"
    "    versionName=0.9\n"
    "\n"
    "Shared users:\n"
    "  SharedUser [android.uid.test] (cc):\n"
    "    userId=1001\n"
    "    install permissions:\n"
    "      android.permission.READ_PHONE_STATE: granted=true\n"
    "\n"
    "Queries:\n"
    "  system apps queryable: false\n";

static void dumps_packages(void **state)
{
    (void)state;
    expect_rows(dump,
        "setting phone package_version=1.2.3 beta [org.example.flyapp]\n"
        "setting phone signature_hash=2f1cde8a [org.example.flyapp]\n"
        "setting phone signature_hash=11 [org.example.flyapp]\n"
        "setting phone installer=com.android.vending [org.example.flyapp]\n"
        "setting phone granted_permission=android.permission.INTERNET [org.example.flyapp]\n"
        "setting phone installed_for_user=0 [org.example.flyapp]\n"
        "setting phone granted_permission=android.permission.ACCESS_FINE_LOCATION [org.example.flyapp]\n"
        "setting phone denied_permission=android.permission.CAMERA [org.example.flyapp]\n"
        "setting phone installed_package=org.example.flyapp [user]\n"
        "setting phone installer=none [com.example.store]\n"
        "setting phone installed_package=com.example.store [system]\n"
        "setting phone granted_permission=android.permission.READ_PHONE_STATE [shared:android.uid.test]\n");
    sweep(dump);
}

static void reads_permissions_of_old_androids(void **state)
{
    (void)state;
    expect_rows("Packages:\n  Package [a.b] (1):\n    flags=[ HAS_CODE ]\n    grantedPermissions:\n"
                "      android.permission.INTERNET\n      no permission\n    versionName=1\n",
        "setting phone granted_permission=android.permission.INTERNET [a.b]\n"
        "damage: not a permission\n"
        "setting phone package_version=1 [a.b]\n"
        "setting phone installed_package=a.b [user]\n");
}

static const char accounts[] =
    "User UserInfo{0:Owner:c13}:\n"
    "  Accounts: 2\n"
    "    Account {name=Pilot@Example.org, type=com.google}\n"
    "    Account {name=x, type=y, type=org.example.chat}\n"
    "\n"
    "  AccountId, Action_Type, timestamp, UID, TableName, Key\n"
    "    Account {name=history, type=com.old}\n"
    "User UserInfo{10:Work:1030}:\n"
    "  Accounts: 0\n";

static void counts_accounts_and_keeps_no_names(void **state)
{
    (void)state;
    expect_rows(accounts,
        "setting phone account_count=2 [user 0]\n"
        "setting phone account_type=com.google [user 0]\n"
        /* printf pilot@example.org | sha256sum */
        "identifier account_digest=47ed18fa5568b08d33d238324320776e55ae95a82ba803533e2feb896cd896c5\n"
        "setting phone account_type=org.example.chat [user 0]\n"
        "identifier account_digest=47c89943e0e641f3d8e602253a90e8c5457e2eb41bcc58a055ec752559745bb5\n"
        "setting phone account_count=0 [user 10]\n");
    sweep(accounts);
}

static const char telephony[] =
    "last known state:\n"
    "  Phone Id=0\n"
    "    mCallState=0\n"
    "    mServiceState={mVoiceRegState=1(OUT_OF_SERVICE), mDataRegState=0(IN_SERVICE), mChannelNumber=-1}\n"
    "    mDataConnectionState=2\n"
    "  Phone Id=1\n"
    "    mCallState=0\n"
    "    mServiceState=3 3 voice home data home null null\n"
    "    mDataConnectionState=-1\n"
    "local logs:\n"
    "  mServiceState={mVoiceRegState=0(IN_SERVICE)}\n";

static void reads_mobile_service(void **state)
{
    (void)state;
    expect_rows(telephony,
        "setting phone mobile_service=in_service [0]\n"
        "setting phone mobile_data=connected [0]\n"
        "setting phone mobile_service=power_off [1]\n");
    sweep(telephony);
}

static const char settings[] =
    "airplane_mode_on=1\nadb_enabled=0\nandroid_id=0123456789abcdef\ndevice_name=Somebody's phone\nhttp_proxy=:0\n"
    "install_non_market_apps=0\nlocation_mode=3\nmobile_data1=0\nprivate_dns_mode=hostname\nwifi_on=2\nmultiline=a\nb\n"
    "enabled_accessibility_services=org.example/.A:org.example/.B\nbackup_enabled=null\n";

static void lists_settings(void **state)
{
    (void)state;
    expect_rows(settings,
        "setting phone airplane_mode=on\n"
        "setting phone adb=off\n"
        "identifier android_id=0123456789abcdef\n"
        "identifier name=Somebody's phone\n"
        "setting phone http_proxy=none\n"
        "setting phone unknown_sources=off\n"
        "setting phone location=on\n"
        "setting phone mobile_data_switch=off [mobile_data1]\n"
        "setting phone private_dns=hostname\n"
        "setting phone wifi=on\n"
        "setting phone accessibility_service=org.example/.A\n"
        "setting phone accessibility_service=org.example/.B\n");
    expect_rows(
        "GLOBAL SETTINGS (user 0)\nversion: -1\n_id:7 name:adb_enabled pkg:android value:1 default:0 defaultSystemSet:true\n",
        "setting phone adb=on\n");
    sweep(settings);
}

static const char policy[] =
    "Current Device Policy Manager state:\n"
    "  Device Owner: \n"
    "    admin=ComponentInfo{org.example.mdm/org.example.mdm.Admin}\n"
    "    package=org.example.mdm\n"
    "    User ID: 0\n"
    "\n"
    "  Profile Owner (User 10): \n"
    "    admin=ComponentInfo{org.example.work/.A}\n"
    "    package=org.example.work\n"
    "  Enabled Device Admins (User 0, provisioningState: 3):\n"
    "    org.example.mdm/.Admin:\n"
    "      uid=10050\n"
    "      policies:\n"
    "        wipe-data\n";

static void finds_who_manages_the_phone(void **state)
{
    (void)state;
    expect_rows(policy,
        "setting phone device_owner=org.example.mdm\n"
        "setting phone managed_profile=10 [org.example.work]\n"
        "setting phone device_admin=org.example.mdm\n");
    expect_rows("Current Device Policy Manager state:\n\n  Enabled Device Admins (User 0, provisioningState: 0):\n",
        "setting phone device_owner=none\nsetting phone managed_profile=none\n");
    sweep(policy);
}

static const char report[] =
    "========================================================\n"
    "== dumpstate: 2024-05-14 10:00:00\n"
    "========================================================\n"
    "\n"
    "Build: EX1\n"
    "------ IPv4 ADDRESSES (ip -4 addr show) ------\n"
    "2: wlan0: <BROADCAST,UP> mtu 1500 qdisc mq state UP qlen 1000\n"
    "    inet 192.0.2.5/24 brd 192.0.2.255 scope global wlan0\n"
    "------ 0.010s was the duration of 'IPv4 ADDRESSES' ------\n"
    "------ SYSTEM PROPERTIES (getprop) ------\n"
    "[ro.product.model]: [Phone 1]\n"
    "[gsm.sim.state]: [ABSENT]\n"
    "------ 0.020s was the duration of 'SYSTEM PROPERTIES' ------\n"
    "-------------------------------------------------------------------------------\n"
    "DUMP OF SERVICE CRITICAL package:\n"
    "Packages:\n"
    "  Package [a.b] (1):\n"
    "    flags=[ HAS_CODE ]\n"
    "--------- 0.650s was the duration of dumpsys package, ending at: 2024-05-14 10:00:09\n"
    "-------------------------------------------------------------------------------\n"
    "DUMP OF SERVICE wifi:\n"
    "Packages:\n"
    "  Package [c.d] (1):\n"
    "--------- 0.001s was the duration of dumpsys wifi\n";

static void takes_a_bug_report_apart(void **state)
{
    struct outcome o;

    (void)state;
    expect_rows(report,
        "device phone ?/Phone 1/?/?\n"
        "setting phone sim_state=absent [0 ABSENT]\n"
        "setting phone interface_address=192.0.2.5/24 [wlan0]\n"
        "setting phone installed_package=a.b [user]\n");
    outcome_init(&o, host_read, report, (size_t)(strstr(report, "--------- 0.650s") - report));
    assert_true(outcome_has(&o, "damage: the report ends inside a section"));
    assert_true(outcome_has(&o, "setting phone installed_package=a.b [user]"));
    outcome_done(&o);
    sweep(report);
}

static void leaves_other_texts_alone(void **state)
{
    static const char *const others[] = {
        "hello\nworld\n",
        "[section]\nname=value\n",
        "[a]: b\n",
        "package main\n",
        "Users:\n  - one\n",
        "Packages:\n  none\n",
        "name=value\nother=thing\n",
        "package: com.example\n",
        "# Generated by hand\n",
        "\n\n\n",
        "{\"dst\":1}\n",
        "wireless=1\n",
        "table of contents {\n",
        "Status: active or not\n",
        "default values\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct bytes copy = exact_copy(others[i], strlen(others[i]));
        const struct format *format = format_identify(copy);
        assert_false(host_recognise(copy));
        assert_non_null(format);
        assert_string_equal(format->kind, "text");
        exact_copy_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_properties),
        cmocka_unit_test(knows_a_controller_by_its_maker),
        cmocka_unit_test(lists_packages),
        cmocka_unit_test(finds_work_profiles_among_the_users),
        cmocka_unit_test(dumps_packages),
        cmocka_unit_test(reads_permissions_of_old_androids),
        cmocka_unit_test(counts_accounts_and_keeps_no_names),
        cmocka_unit_test(reads_mobile_service),
        cmocka_unit_test(lists_settings),
        cmocka_unit_test(finds_who_manages_the_phone),
        cmocka_unit_test(takes_a_bug_report_apart),
        cmocka_unit_test(leaves_other_texts_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
