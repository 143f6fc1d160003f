#include "host/outcome.h"

#include "host/host.h"

static const char netsh[] =
    "\r\nDomain Profile Settings: \r\n----------------------------------------------------------------------\r\n"
    "State                                 ON\r\nFirewall Policy                       BlockInbound,AllowOutbound\r\n\r\n"
    "Public Profile Settings: \r\n----------------------------------------------------------------------\r\n"
    "State                                 OFF\r\nFirewall Policy                       AllowInbound,BlockOutbound\r\nOk.\r\n";

static void reads_the_windows_firewall(void **state)
{
    (void)state;
    expect_rows(netsh,
        "setting computer firewall_state=on [Domain]\nsetting computer ingress_default=deny [Domain]\n"
        "setting computer egress_default=allow [Domain]\nsetting computer firewall_state=off [Public]\n"
        "setting computer ingress_default=allow [Public]\nsetting computer egress_default=deny [Public]\n");
    sweep(netsh);
}

static void reads_ufw(void **state)
{
    static const char ufw[] =
        "Status: active\nLogging: on (low)\nDefault: deny (incoming), reject (outgoing), disabled (routed)\n\n"
        "To                         Action      From\n--                         ------      ----\n"
        "22/tcp                     ALLOW IN    Anywhere\n192.0.2.10 443/tcp         ALLOW OUT   Anywhere\n";

    (void)state;
    expect_rows(
        ufw,
        "setting computer firewall_state=on [ufw]\nsetting computer ingress_default=deny [ufw]\n"
        "setting computer egress_default=deny [ufw output]\nsetting computer egress_accept=192.0.2.10 443/tcp [ufw output]\n");
    expect_rows("Status: inactive\n", "setting computer firewall_state=off [ufw]\n");
    sweep(ufw);
}

static const char defender[] =
    "\n\nAMEngineVersion                 : 1.1.24040.1\nAMServiceEnabled                : True\nAntivirusEnabled                : True\n"
    "AntivirusSignatureAge           : 3\nAntivirusSignatureLastUpdated   : 5/2/2024 1:02:03 AM\nRealTimeProtectionEnabled       : False\n";
static const char defender_rows[] =
    "setting computer antivirus_state=on [Microsoft Defender]\nsetting computer antivirus_signature_age_days=3 [Microsoft Defender]\n"
    "setting computer antivirus_realtime=off [Microsoft Defender]\n";

static void reads_defender_also_in_utf16(void **state)
{
    uint8_t wide[2 + 2 * sizeof defender] = { 0xff, 0xfe }, swapped[sizeof wide] = { 0xfe, 0xff };
    struct outcome o;

    (void)state;
    expect_rows(defender, defender_rows);
    sweep(defender);
    for (size_t i = 0; i < sizeof defender - 1; i++) {
        wide[2 + 2 * i] = (uint8_t)defender[i];
        swapped[3 + 2 * i] = (uint8_t)defender[i];
    }
    for (size_t cut = 0; cut < 2 * sizeof defender; cut++) { /* also in the middle of a character */
        outcome_init(&o, host_read, wide, cut);
        outcome_done(&o);
    }
    outcome_init(&o, host_read, wide, 2 * sizeof defender);
    assert_string_equal((const char *)o.text.at, defender_rows);
    outcome_done(&o);
    outcome_init(&o, host_read, swapped, 2 * sizeof defender);
    assert_string_equal((const char *)o.text.at, defender_rows);
    outcome_done(&o);
}

static void reads_virus_scans(void **state)
{
    static const char scan[] =
        "/data/DJI/a: b.apk: Andr.Test.A-1 FOUND\n/data/ok: OK\n\n----------- SCAN SUMMARY -----------\n"
        "Known viruses: 8692514\nEngine version: 1.0.3\nScanned directories: 4\nScanned files: 120\nInfected files: 1\n"
        "Data scanned: 12.00 MB\n";

    (void)state;
    expect_rows(
        scan,
        "setting computer antivirus_finding=Andr.Test.A-1 [/data/DJI/a: b.apk]\n"
        "setting computer antivirus_scan_files=120 [ClamAV]\nsetting computer antivirus_scan_infected=1 [ClamAV]\n");
    expect_rows("Scan starting...\r\nScan finished.\r\nScanning C:\\Flights found no threats.\r\n",
        "setting computer antivirus_scan_infected=0 [Microsoft Defender]\n");
    expect_rows("Scan starting...\nScan finished.\nScanning C:\\Flights found 2 threats.\n",
        "setting computer antivirus_scan_infected=2 [Microsoft Defender]\n");
    sweep(scan);
}

static void reads_systeminfo(void **state)
{
    static const char info[] =
        "\nHost Name:                 OFFICE-7\nOS Name:                   Microsoft Windows 11 Pro\n"
        "OS Version:                10.0.22631 N/A Build 22631\nSystem Manufacturer:       Example\nSystem Model:              Desk 1\n"
        "Domain:                    WORKGROUP\n";

    (void)state;
    expect_rows(info, "device other Example/Desk 1/?/?\n"
                      "setting computer os_version=10.0.22631 N/A Build 22631 [Microsoft Windows 11 Pro]\n"
                      "setting computer domain=WORKGROUP\n");
    sweep(info);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_windows_firewall),
        cmocka_unit_test(reads_ufw),
        cmocka_unit_test(reads_defender_also_in_utf16),
        cmocka_unit_test(reads_virus_scans),
        cmocka_unit_test(reads_systeminfo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
