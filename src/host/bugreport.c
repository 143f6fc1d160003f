#include "host/host.h"

#include <string.h>

/* Android's bug report, the .txt in the archive that `adb bugreport` makes: the outputs of many
 * tools one after the other, some tens of megabytes (AOSP frameworks/native/cmds/dumpstate).
 *
 *   ========================================================
 *   == dumpstate: 2024-05-14 10:00:00
 *   ========================================================
 *   ------ SYSTEM PROPERTIES (getprop) ------
 *   ...
 *   ------ 0.020s was the duration of 'SYSTEM PROPERTIES' ------
 *   -------------------------------------------------------------------------------
 *   DUMP OF SERVICE package:
 *   ...
 *   --------- 0.650s was the duration of dumpsys package, ending at: 2024-05-14 10:00:09
 *
 * A section ends at its "was the duration" line, or where the next one begins. */

struct section_kind {
    const char *title;     /* how the line goes on behind its mark */
    const char *format;
};

static const struct section_kind tools[] = {
    { "SYSTEM PROPERTIES", "getprop" },
    { "IPv4 ADDRESSES", "ip addr" },
    { "IPv6 ADDRESSES", "ip addr" },
    { "ROUTE TABLE IPv4", "ip route" },
    { "ROUTE TABLE IPv6", "ip route" },
};

static const struct section_kind services[] = {
    { "account:", "dumpsys account" },
    { "device_policy:", "dumpsys device_policy" },
    { "package:", "dumpsys package" },
    { "settings:", "settings list" },
    { "telephony.registry:", "dumpsys telephony.registry" },
};

bool bugreport_recognise(const struct host_head *head)
{
    for (size_t i = 0; i < head->count && i < 3; i++)
        if (text_starts_with(head->lines[i], TEXT("== dumpstate: ")))
            return !head->utf16;
    return false;
}

static const char *kind_of(const struct section_kind *kinds, size_t count, struct text title)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts_with(title, text_of(kinds[i].title)))
            return kinds[i].format;
    return NULL;
}

/* Whether this line begins or ends a section; `ret` is the format of one that begins, or NULL. */
static bool is_border(struct text t, const char **ret)
{
    struct text title;

    *ret = NULL;
    if (line_after(t, TEXT("DUMP OF SERVICE "), &title)) {
        static const char *const priorities[] = { "CRITICAL ", "HIGH ", "NORMAL " };
        for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++)
            (void)line_after(title, text_of(priorities[i]), &title);
        *ret = kind_of(services, sizeof services / sizeof *services, title);
        return true;
    }
    if (text_starts_with(t, TEXT("---------")))
        return true;
    if (!line_after(t, TEXT("------ "), &title))
        return false;
    *ret = kind_of(tools, sizeof tools / sizeof *tools, title);
    return true;
}

static bool read_section(struct host *h, const char *format_name, struct bytes section)
{
    const struct host_format *format = host_format_find(format_name);

    if (!format || section.len == 0)
        return true;
    /* Whatever tool it is, here it ran on the phone. */
    host_setting(h, SETTING_TOOL_OUTPUT, text_of(format->name), TEXT_UNKNOWN, section);
    return format->read(h, section) == PARSE_OK;
}

/* The sections of one format, or of all others: the device's row must come before those that
 * refer to it. */
static void read_sections(struct host *h, struct bytes part, bool properties)
{
    const char *open = NULL, *next;
    struct bytes body = part;
    struct lines l;
    struct line line;

    lines_init(&l, part);
    while (lines_next(&l, &line)) {
        if (line.text.len < 7 || (line.text.at[0] != '-' && line.text.at[0] != 'D') || !is_border(line.text, &next))
            continue;
        if (open && (strcmp(open, "getprop") == 0) == properties) {
            body = bytes_part(body, 0, line.at.origin - body.origin);
            if (!read_section(h, open, body) && !properties)
                reading_damage(h->reading, body.origin, (int64_t)body.len, FACT_UNKNOWN_INT,
                               "a section that could not be read");
        }
        open = next;
        body = l.rest;
        if (h->reading->passed && !properties)
            h->reading->passed(h->reading, line.at.origin);
    }
    /* cut off inside of a section: read as far as it goes */
    if (open && (strcmp(open, "getprop") == 0) == properties)
        reading_damage(h->reading, body.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the report ends inside a section"),
        (void)read_section(h, open, body);
}

enum parse_status bugreport_read(struct host *h, struct bytes part)
{
    read_sections(h, part, true);
    read_sections(h, part, false);
    return PARSE_OK;
}
