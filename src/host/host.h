#ifndef LEASH_HOST_HOST_H
#define LEASH_HOST_HOST_H

#include "evidence/reading.h"
#include "host/lines.h"
#include "host/setting.h"

/* Text that a device's own tools print about it: recognised by content, one line for each
 * format in the table of host.c, one file for each (or for each tool that prints several).
 *
 * These outputs are made for people and change with versions.  So a reader takes the lines
 * that it knows and passes over others; a line that has the shape of a known one and not its
 * content is damage.  A last line without a line end may be cut off: it is not read, and is
 * damage, so that no half of a name becomes a fact.  What follows only from the whole
 * (a firewall's default) is said only when the output shows its own end. */

bool host_recognise(struct bytes whole);
__attribute__((warn_unused_result))
enum parse_status host_read(struct reading *r, struct bytes whole);

/* One output while it is read. */
struct host {
    struct reading *reading;
    struct text subject;     /* of the settings, see host/setting.h */
    int64_t device;          /* number of the device row, or unknown */
    size_t rows;
    bool cut;                /* host_line met a last line without an end */
};

enum {
    HOST_VALUE_MAX = 4096,   /* a longer value or detail is damage */
    HOST_ROWS_MAX = 200000,  /* of one output */
    HOST_HEAD_LINES = 16,    /* what recognise may look at: lines that are not blank, and so many */
    HOST_HEAD_LINE_MAX = 256,/* bytes of each */
};

/* The beginning of an output, for recognition. */
struct host_head {
    struct text lines[HOST_HEAD_LINES];
    size_t count;
    struct bytes whole;
    bool utf16;
    char text[HOST_HEAD_LINES][HOST_HEAD_LINE_MAX]; /* behind `lines`, for UTF-16 */
};

struct host_format {
    const char *name;        /* value of the setting tool_output */
    const char *subject;
    bool (*recognise)(const struct host_head *head);
    enum parse_status (*read)(struct host *h, struct bytes part);
};

extern const struct host_format host_formats[];
extern const size_t host_format_count;

/* The format of that name; NULL when there is none. */
const struct host_format *host_format_find(const char *name);

/* Puts a setting row.  `at` is where it was read.  An empty or unknown value puts nothing. */
void host_setting(struct host *h, enum setting_name name, struct text value, struct text detail, struct bytes at);
void host_setting_number(struct host *h, enum setting_name name, int64_t value, struct text detail, struct bytes at);
/* "on" and "off". */
void host_setting_switch(struct host *h, enum setting_name name, bool on, struct text detail, struct bytes at);
void host_identifier(struct host *h, const char *kind, struct text value, struct bytes at);
/* Damage for a line that is not as its format says. */
void host_damage_line(struct host *h, const struct line *line, const char *what);
/* The next line that ended, its text good until the item is done.  The unended last one
 * becomes damage and ends the loop, unless all of it is `harmless` (may be unknown). */
bool host_line(struct host *h, struct lines *l, struct line *line, struct text harmless);

/* "02:00:00:00:00:01", and not all zeros. */
bool host_is_mac(struct text t);
/* 0, 1, true, false, on, off, yes, no, in any case; false leaves `ret` alone. */
bool host_boolean(struct text t, bool *ret);

/* The formats; those of one tool or system share a file. */
#define HOST_FORMAT(NAME) \
    bool NAME##_recognise(const struct host_head *head); \
    enum parse_status NAME##_read(struct host *h, struct bytes part);
HOST_FORMAT(bugreport)
HOST_FORMAT(getprop)
HOST_FORMAT(package_list)
HOST_FORMAT(user_list)
HOST_FORMAT(package_dump)
HOST_FORMAT(account)
HOST_FORMAT(telephony)
HOST_FORMAT(device_policy)
HOST_FORMAT(settings_list)
HOST_FORMAT(iptables)
HOST_FORMAT(nftables)
HOST_FORMAT(ip_route)
HOST_FORMAT(ip_addr)
HOST_FORMAT(ip_route_json)
HOST_FORMAT(ip_addr_json)
HOST_FORMAT(ufw)
HOST_FORMAT(netsh)
HOST_FORMAT(defender)
HOST_FORMAT(systeminfo)
HOST_FORMAT(virus_scan)
HOST_FORMAT(hostapd)
HOST_FORMAT(supplicant)
HOST_FORMAT(uci)
#undef HOST_FORMAT

#endif
