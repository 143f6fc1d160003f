#include "host/host.h"

#include <string.h>

/* What antivirus programs report:
 *   Get-MpComputerStatus   PowerShell's list form, "AntivirusEnabled   : True" (Microsoft Learn, module Defender,
 *                          class MSFT_MpComputerStatus); often UTF-16
 *   clamscan, clamdscan    "FILE: NAME FOUND" and the summary behind "SCAN SUMMARY" (clamscan(1))
 *   MpCmdRun -Scan         "Scanning PATH found no threats." or "found N threats."
 * A scan without its summary is not recognised: it says nothing about what was not scanned. */

/* "Name   : Value" */
static bool parse_property(struct text t, struct text *name, struct text *value)
{
    if (!line_cut(t, ':', name, value))
        return false;
    *name = line_trim(*name);
    *value = line_trim(*value);
    return true;
}

bool defender_recognise(const struct host_head *head)
{
    struct text name, value;
    size_t found = 0;

    for (size_t i = 0; i < head->count; i++)
        if (parse_property(head->lines[i], &name, &value))
            found += text_equal(name, TEXT("AMEngineVersion")) || text_equal(name, TEXT("AMProductVersion")) ||
                     text_equal(name, TEXT("AMServiceEnabled")) || text_equal(name, TEXT("AntivirusEnabled")) ||
                     text_equal(name, TEXT("AntispywareEnabled")) ||
                     text_equal(name, TEXT("RealTimeProtectionEnabled"));
    return found >= 2;
}

enum parse_status defender_read(struct host *h, struct bytes part)
{
    static const char product[] = "Microsoft Defender";
    struct text name, value;
    int64_t days;
    struct lines l;
    struct line line;
    bool on;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        if (!parse_property(line.text, &name, &value))
            continue;
        if (text_equal(name, TEXT("AntivirusEnabled")) && host_boolean(value, &on))
            host_setting_switch(h, SETTING_ANTIVIRUS_STATE, on, text_of(product), line.at);
        else if (text_equal(name, TEXT("RealTimeProtectionEnabled")) && host_boolean(value, &on))
            host_setting_switch(h, SETTING_ANTIVIRUS_REALTIME, on, text_of(product), line.at);
        else if (text_equal(name, TEXT("AntivirusSignatureAge")) && text_to_int(value, 0, 65534, &days))
            host_setting_number(h, SETTING_ANTIVIRUS_AGE, days, text_of(product), line.at); /* 65535: never updated */
    }
    return PARSE_OK;
}

static bool contains(struct bytes whole, const char *mark)
{
    return whole.at && whole.len > 0 && memmem(whole.at, whole.len, mark, strlen(mark)) != NULL;
}

/* The report of a scan begins with the files, so that its mark is looked for in the first and last bytes. */
bool virus_scan_recognise(const struct host_head *head)
{
    enum { LOOK_BYTES = 1024 * 1024 };
    const uint64_t from = head->whole.len > LOOK_BYTES ? head->whole.len - LOOK_BYTES : 0;
    const struct bytes end = bytes_part(head->whole, from, LOOK_BYTES);

    if (head->utf16)
        return text_starts_with(head->lines[0], TEXT("Scan starting"));
    return (contains(end, "SCAN SUMMARY ---") && contains(end, "Infected files: ")) ||
           (text_starts_with(head->lines[0], TEXT("Scan starting")) && contains(end, "Scan finished"));
}

static void put_count(struct host *h, enum setting_name name, struct text value, const char *product,
                      const struct line *line)
{
    int64_t n;

    if (text_to_int(line_trim(value), 0, INT64_MAX, &n))
        host_setting_number(h, name, n, text_of(product), line->at);
    else
        host_damage_line(h, line, "not a number");
}

/* "Scanning C:\Users found 2 threats." */
static void put_defender_scan(struct host *h, struct text t, const struct line *line)
{
    static const char product[] = "Microsoft Defender";
    struct text rest;
    int64_t n;

    if (!line_behind(t, TEXT(" found "), &rest))
        return;
    if (text_equal(rest, TEXT("no threats.")))
        host_setting_number(h, SETTING_SCAN_INFECTED, 0, text_of(product), line->at);
    else if (line_cut(rest, ' ', &rest, NULL) && text_to_int(rest, 0, INT64_MAX, &n))
        host_setting_number(h, SETTING_SCAN_INFECTED, n, text_of(product), line->at);
}

enum parse_status virus_scan_read(struct host *h, struct bytes part)
{
    struct text rest;
    struct lines l;
    struct line line;
    bool summary = false;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line.text;
        const char *colon = t.len > 6 ? memrchr(t.at, ':', t.len - 6) : NULL;
        summary = summary || text_starts_with(t, TEXT("----------- SCAN SUMMARY"));
        if (summary && line_after(t, TEXT("Scanned files:"), &rest)) {
            put_count(h, SETTING_SCAN_FILES, rest, "ClamAV", &line);
        } else if (summary && line_after(t, TEXT("Infected files:"), &rest)) {
            put_count(h, SETTING_SCAN_INFECTED, rest, "ClamAV", &line);
        } else if (!summary && colon && text_ends_with(t, TEXT(" FOUND"))) {
            const struct text file = { .at = t.at, .len = (size_t)(colon - t.at) };
            const struct text name = { .at = colon + 1, .len = t.len - file.len - 7 };
            host_setting(h, SETTING_SCAN_FINDING, line_trim(name), file, line.at);
        } else if (text_starts_with(t, TEXT("Scanning "))) {
            put_defender_scan(h, t, &line);
        }
    }
    return PARSE_OK;
}
