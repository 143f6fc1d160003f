#include "host/host.h"

#include <string.h>

/* Android's `dumpsys package [NAME]`, which also is the section "DUMP OF SERVICE package" of a
 * bug report.  AOSP services/core/java/com/android/server/pm/Settings.java, dumpPackageLPr,
 * dumpInstallPermissionsLPr, dumpRuntimePermissionsLPr, dumpSharedUsersLPr (Android 6 to 14):
 *
 *   Packages:
 *     Package [NAME] (hash):
 *       userId=N                                   | appId=N
 *       versionCode=N minSdk=N targetSdk=N
 *       versionName=TEXT
 *       flags=[ SYSTEM HAS_CODE UPDATED_SYSTEM_APP ... ]
 *       signatures=PackageSignatures{hash [version:N, signatures:]HASH[, HASH]..., ...}
 *       installerPackageName=NAME
 *       requested permissions:
 *         PERMISSION[: restricted=true]
 *       install permissions:
 *         PERMISSION: granted=true
 *       User 0: ceDataInode=N installed=true hidden=false ...
 *         runtime permissions:
 *           PERMISSION: granted=true, flags=[ ... ]
 *   Hidden system packages:                        the replaced copies of updated system apps
 *   Shared users:
 *     SharedUser [NAME] (hash):
 *       install permissions: / User 0: / runtime permissions:
 *
 * Android 5 and before has "grantedPermissions:" with one permission a line.  The order of
 * versionName, flags and so on differs by version; a package's rows are put in the order
 * found, but whether it is the system's is known only at its end. */

enum { SIGNATURES_MAX = 8 };

enum section { SECTION_OTHER, SECTION_PACKAGES, SECTION_SHARED_USERS };
enum list { LIST_NONE, LIST_OTHER, LIST_GRANTED, LIST_STATES };

struct dump {
    struct host *host;
    enum section section;
    struct text name;         /* of the package or "shared:" and user; a view or in the arena */
    struct bytes at;          /* the package's first line */
    bool system, flags_seen;
    enum list list;
    size_t list_indent;       /* of the list's title */
};

bool package_dump_recognise(const struct host_head *head)
{
    static const char *const titles[] = {
        "DUMP OF SERVICE package:", "Database versions:", "Verifiers:", "Required Verifier:", "Libraries:", "Features:",
        "Activity Resolver Table:", "Receiver Resolver Table:", "Service Resolver Table:", "Provider Resolver Table:",
        "Preferred Activities User 0:", "Permissions:", "AppOp Permissions:", "Registered ContentProviders:",
        "ContentProvider Authorities:", "Key Set Manager:", "Packages:", "Domain verification status:", "Queries:",
        "Dexopt state:", "Compiler stats:", "Known Packages:", "Intent Filter Verifier:", "Shared users:",
    };
    static const char mark[] = "  Package [";
    bool titled = false;

    for (size_t i = 0; i < sizeof titles / sizeof *titles && !titled; i++)
        titled = text_equal(head->lines[0], text_of(titles[i]));
    return titled && !head->utf16 && memmem(head->whole.at, head->whole.len, mark, sizeof mark - 1) != NULL;
}

static void end_package(struct dump *d)
{
    if (d->section == SECTION_PACKAGES && d->name.len > 0) {
        const struct text detail = !d->flags_seen ? TEXT_UNKNOWN : d->system ? TEXT("system") : TEXT("user");
        host_setting(d->host, SETTING_INSTALLED_PACKAGE, d->name, detail, d->at);
    }
    d->name = TEXT_UNKNOWN;
    d->list = LIST_NONE;
}

static void begin_package(struct dump *d, struct text t, const struct line *line)
{
    struct text name = TEXT_UNKNOWN;

    end_package(d);
    if (!line_cut(t, ']', &name, NULL) || name.len == 0 || name.len > 255) {
        host_damage_line(d->host, line, "a package without a name");
        return;
    }
    d->name = d->section == SECTION_SHARED_USERS
        ? arena_printf(d->host->reading->arena, "shared:%.*s", (int)name.len, name.at) : name;
    d->at = line->at;
    d->system = d->flags_seen = false;
}

static bool has_word(struct text t, const char *wanted)
{
    while (t.len > 0)
        if (text_equal(line_word(&t), text_of(wanted)))
            return true;
    return false;
}

static bool is_permission(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] <= ' ' || t.at[i] >= 0x7f || t.at[i] == '=')
            return false;
    return t.len > 0 && t.len <= 255;
}

/* A line of a list of permissions: "NAME", or "NAME: granted=true, flags=[...]". */
static void put_permission(struct dump *d, struct text t, const struct line *line)
{
    struct text name = t, state = TEXT_UNKNOWN;
    /* A permission's name may hold a colon of its own; the one before a blank ends it. */
    const char *end = t.len ? memmem(t.at, t.len, ": ", 2) : NULL;

    if (end) {
        name = (struct text){ .at = t.at, .len = (size_t)(end - t.at) };
        state = (struct text){ .at = end + 2, .len = t.len - name.len - 2 };
    }
    if (!is_permission(name)) {
        host_damage_line(d->host, line, "not a permission");
        return;
    }
    if (d->list == LIST_GRANTED || text_starts_with(state, TEXT("granted=true")))
        host_setting(d->host, SETTING_GRANTED_PERMISSION, name, d->name, line->at);
    else if (text_starts_with(state, TEXT("granted=false")))
        host_setting(d->host, SETTING_DENIED_PERMISSION, name, d->name, line->at);
    else
        host_damage_line(d->host, line, "a permission without a state");
}

/* "PackageSignatures{hash [HASH]}", "...{hash version:2, signatures:[HASH, HASH], past signatures:[]}". */
static void put_signatures(struct dump *d, struct text t, const struct line *line)
{
    struct text list;

    if (!line_cut(t, '[', NULL, &list) || !line_cut(list, ']', &list, NULL))
        return;
    for (size_t i = 0; i < SIGNATURES_MAX && list.len > 0; i++) {
        struct text hash = list;
        if (!line_cut(list, ',', &hash, &list))
            list.len = 0;
        host_setting(d->host, SETTING_SIGNATURE_HASH, line_trim(hash), d->name, line->at);
    }
}

/* "User 0: ceDataInode=1 installed=true hidden=false ..." */
static void put_user(struct dump *d, struct text t, const struct line *line)
{
    struct text id, rest;
    int64_t number;

    if (line_cut(t, ':', &id, &rest) && text_to_int(id, 0, INT32_MAX, &number) && has_word(rest, "installed=true"))
        host_setting_number(d->host, SETTING_INSTALLED_USER, number, d->name, line->at);
}

static bool list_title(struct dump *d, struct text t, const struct line *line)
{
    static const struct { const char *title; enum list list; } lists[] = {
        { "install permissions:", LIST_STATES },
        { "runtime permissions:", LIST_STATES },
        { "grantedPermissions:", LIST_GRANTED },
        { "requested permissions:", LIST_OTHER },
        { "declared permissions:", LIST_OTHER },
        { "disabledComponents:", LIST_OTHER },
        { "enabledComponents:", LIST_OTHER },
        { "usesLibraryFiles:", LIST_OTHER },
        { "usesLibraries:", LIST_OTHER },
        { "usesOptionalLibraries:", LIST_OTHER },
        { "overlay paths:", LIST_OTHER },
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (text_equal(t, text_of(lists[i].title))) {
            d->list = lists[i].list;
            d->list_indent = line->indent;
            return true;
        }
    return false;
}

static void put_field(struct dump *d, struct text t, const struct line *line)
{
    struct text value;

    if (line_after(t, TEXT("versionName="), &value)) {
        if (!text_equal(value, TEXT("null")))
            host_setting(d->host, SETTING_PACKAGE_VERSION, value, d->name, line->at);
    } else if (line_after(t, TEXT("installerPackageName="), &value)) {
        host_setting(d->host, SETTING_INSTALLER, text_equal(value, TEXT("null")) ? TEXT("none") : value, d->name,
                     line->at);
    } else if (line_after(t, TEXT("flags=["), &value) || line_after(t, TEXT("pkgFlags=["), &value)) {
        d->flags_seen = true;
        d->system = has_word(value, "SYSTEM");
    } else if (line_after(t, TEXT("signatures="), &value)) {
        put_signatures(d, value, line);
    } else if (line_after(t, TEXT("User "), &value)) {
        put_user(d, value, line);
    }
}

static void read_line(struct dump *d, const struct line *line)
{
    const struct text t = line_trim(line->text);
    struct text value;

    if (line->indent == 0) {
        end_package(d);
        d->section = text_equal(t, TEXT("Packages:")) ? SECTION_PACKAGES
                   : text_equal(t, TEXT("Shared users:")) ? SECTION_SHARED_USERS : SECTION_OTHER;
    } else if (d->section == SECTION_PACKAGES && line->indent == 2 && line_after(t, TEXT("Package ["), &value)) {
        begin_package(d, value, line);
    } else if (d->section == SECTION_SHARED_USERS && line->indent == 2 && line_after(t, TEXT("SharedUser ["), &value)) {
        begin_package(d, value, line);
    } else if (d->name.len > 0) {
        if (d->list != LIST_NONE && line->indent <= d->list_indent)
            d->list = LIST_NONE;
        if (list_title(d, t, line))
            return;
        if (d->list == LIST_GRANTED || d->list == LIST_STATES)
            put_permission(d, t, line);
        else if (d->list == LIST_NONE)
            put_field(d, t, line);
    }
}

enum parse_status package_dump_read(struct host *h, struct bytes part)
{
    struct dump d = { .host = h };
    struct lines l;
    struct line line;

    lines_init(&l, part);
    while (host_line(h, &l, &line, TEXT_UNKNOWN))
        if (line.text.len > 0)
            read_line(&d, &line);
    end_package(&d);
    return PARSE_OK;
}
