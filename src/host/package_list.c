#include "host/host.h"

/* Android's `pm list packages [-f] [-i] [-U] [--show-versioncode]`, AOSP
 * services/core/java/com/android/server/pm/PackageManagerShellCommand.java, runListPackages:
 *   package:[PATH=]NAME[ versionCode:N][ stopped=..][  installer=PKG|null][ uid:N[,N]]
 * Older ones write "installer=" before "uid:"; words are taken in any order.  A path may
 * hold "=" (its random part is base64), a package name never does.
 *
 * and `pm list users`: a line "UserInfo{ID:NAME:FLAGS-IN-HEX} running" for each user; the
 * flag 0x20 is UserInfo.FLAG_MANAGED_PROFILE.  The user's name is not kept. */

bool package_list_recognise(const struct host_head *head)
{
    struct text rest;

    for (size_t i = 0; i < head->count && i < 4; i++)
        if (!line_after(head->lines[i], TEXT("package:"), &rest) || rest.len == 0 || *rest.at == ' ')
            return false;
    return true;
}

bool user_list_recognise(const struct host_head *head)
{
    return text_equal(head->lines[0], TEXT("Users:")) && head->count > 1 &&
           text_starts_with(line_trim(head->lines[1]), TEXT("UserInfo{"));
}

/* Letters, digits, dots and underscores (developer.android.com, manifest element, package). */
static bool is_package_name(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        const char c = t.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
              c == '-'))
            return false;
    }
    return t.len > 0 && t.len <= 255;
}

static struct text place_of(struct text path)
{
    static const char *const system[] = { "/system", "/product", "/vendor", "/apex",    "/odm",
                                          "/oem",    "/my_",     "/prism",  "/preload", "/cust" };

    if (text_starts_with(path, TEXT("/data/")) || text_starts_with(path, TEXT("/mnt/")))
        return TEXT("data");
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        if (text_starts_with(path, text_of(system[i])))
            return TEXT("system");
    return TEXT_UNKNOWN;
}

static bool last_equals_sign(struct text t, struct text *before, struct text *behind)
{
    const char *at = t.len ? memrchr(t.at, '=', t.len) : NULL;

    if (!at)
        return false;
    *before = (struct text){ .at = t.at, .len = (size_t)(at - t.at) };
    *behind = (struct text){ .at = at + 1, .len = t.len - before->len - 1 };
    return true;
}

static void put_package(struct host *h, struct text rest, const struct line *line)
{
    struct text path = TEXT_UNKNOWN, value, name = line_word(&rest);

    if (text_starts_with(name, TEXT("/")) && !last_equals_sign(name, &path, &name))
        name = TEXT(""); /* the list was printed without names */
    if (!is_package_name(name)) {
        host_damage_line(h, line, "not a package name");
        return;
    }
    host_setting(h, SETTING_INSTALLED_PACKAGE, name, place_of(path), line->at);
    while (rest.len > 0) {
        const struct text word = line_word(&rest);
        if (line_after(word, TEXT("installer="), &value))
            host_setting(h, SETTING_INSTALLER, text_equal(value, TEXT("null")) ? TEXT("none") : value, name, line->at);
    }
}

static void put_user(struct host *h, struct text t, const struct line *line)
{
    enum { MANAGED_PROFILE = 0x20 };
    struct text id, flags;
    const char *colon;
    uint64_t bits = 0;

    if (!line_cut(t, '}', &t, NULL) || !line_cut(t, ':', &id, NULL) || !(colon = memrchr(t.at, ':', t.len))) {
        host_damage_line(h, line, "not a user");
        return;
    }
    flags = (struct text){ .at = colon + 1, .len = t.len - (size_t)(colon + 1 - t.at) };
    for (size_t i = 0; i < flags.len; i++) {
        const char *digits = "0123456789abcdef", *at = memchr(digits, flags.at[i], 16);
        if (!at || flags.len > 8) {
            host_damage_line(h, line, "not a user");
            return;
        }
        bits = bits << 4 | (uint64_t)(at - digits);
    }
    if (bits & MANAGED_PROFILE)
        host_setting(h, SETTING_MANAGED_PROFILE, id, TEXT_UNKNOWN, line->at);
}

enum parse_status package_list_read(struct host *h, struct bytes part)
{
    struct text rest;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (line_after(t, TEXT("package:"), &rest))
            put_package(h, rest, &line);
        else if (t.len > 0 && !text_starts_with(t, TEXT("* daemon ")))
            host_damage_line(h, &line, "not a package");
    }
    return PARSE_OK;
}

enum parse_status user_list_read(struct host *h, struct bytes part)
{
    struct text rest;
    struct lines l;
    struct line line;

    for (lines_init(&l, part); host_line(h, &l, &line, TEXT_UNKNOWN); ) {
        const struct text t = line_trim(line.text);
        if (line_after(t, TEXT("UserInfo{"), &rest))
            put_user(h, rest, &line);
        else if (t.len > 0 && !text_equal(t, TEXT("Users:")) && !text_starts_with(t, TEXT("* daemon ")))
            host_damage_line(h, &line, "not a user");
    }
    return PARSE_OK;
}
